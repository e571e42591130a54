"""VM images (protocol.md 12.4)."""
