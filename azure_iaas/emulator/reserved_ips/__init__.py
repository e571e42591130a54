"""Reserved addresses (protocol.md 12.10)."""
