"""Measurements, each a program of its own; run from the repository's root."""
