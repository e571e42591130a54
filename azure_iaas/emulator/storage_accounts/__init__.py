"""Storage accounts and their keys (protocol.md 11.8, 12.9)."""
