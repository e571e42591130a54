"""Bytes to models and back: no I/O."""
