"""Disks (protocol.md 12.4)."""
