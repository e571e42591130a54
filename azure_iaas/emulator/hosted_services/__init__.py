"""Hosted services (protocol.md 11.5 to 11.7, 12.1)."""
