"""Roles (protocol.md 11.12 to 11.15)."""
