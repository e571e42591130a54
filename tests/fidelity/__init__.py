"""Recorded exchanges of the real service, compared with this client and this local service.

``python -m tests.fidelity`` runs all comparisons and writes ``docs/fidelity.md``.
"""
