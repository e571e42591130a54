"""Role instances (protocol.md 11.19 to 11.21, 12.3)."""
