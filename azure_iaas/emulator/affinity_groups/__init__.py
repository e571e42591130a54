"""Affinity groups (protocol.md 12.8)."""
