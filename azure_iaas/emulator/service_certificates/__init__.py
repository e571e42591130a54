"""Certificates of hosted services (protocol.md 12.6)."""
