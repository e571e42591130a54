"""The network configuration and its sites (protocol.md 12.10)."""
