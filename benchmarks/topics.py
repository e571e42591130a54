"""What is measured: each topic is the module of its name beside this one, with a `measure`."""

from __future__ import annotations

from typing import Final

TOPICS: Final = {
    "calls": "A call",
    "transports": "What sits under a call",
    "reading": "Reading an answer",
    "starting": "Starting a program",
    "waiting": "Waiting for an operation",
    "many_waits": "Many waits",
    "listing": "A long list",
    "local_service": "The local service",
    "provisioning": "Provisioning",
    "suite": "The tests",
}
"""Topics and their headings, in the order of the page."""
