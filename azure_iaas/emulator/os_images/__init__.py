"""OS images (protocol.md 11.2 to 11.4, 12.4)."""
