"""What the local service does for each operation, a module per REST group; each lists its own routes."""
