"""The subscription itself, its operations, locations and role sizes (protocol.md 11.1, 12.5)."""
