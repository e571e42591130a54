"""Recorded exchanges of the real service, compared with this client and this local service.

``python -m tools.fidelity`` runs all comparisons and writes ``docs/fidelity.md``.
"""
