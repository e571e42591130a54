"""How fast it is and what it takes, side by side with its peers: ``python -m benchmarks``, from the root."""
