"""Data disks of roles (protocol.md 11.16 to 11.18, 12.4)."""
