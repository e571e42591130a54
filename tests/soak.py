"""How much the long tests do: a sample of it by default, all of it when ``AZURE_IAAS_SOAK`` is set."""

from __future__ import annotations

import os


def number(small: int, full: int) -> int:
    """Give the count a test runs with.

    Args:
        small: The count of an everyday run: every path is taken, rare meetings of them are left to chance.
        full: The count of a soak run (``nox -s soak``), which looks for what happens rarely.

    Returns:
        ``full`` when the environment's ``AZURE_IAAS_SOAK`` is neither empty nor ``0``, else ``small``.
    """
    return full if os.environ.get("AZURE_IAAS_SOAK", "") not in {"", "0"} else small
