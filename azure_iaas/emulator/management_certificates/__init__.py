"""Management certificates (protocol.md 12.7)."""
