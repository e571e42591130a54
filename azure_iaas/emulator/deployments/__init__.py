"""Deployments, with their DNS servers, load balancers and virtual IPs (protocol.md 11.9 to 11.11, 12.2)."""
