"""Small numbers by default, large ones for a soak run."""

from __future__ import annotations

import os


def number(small: int, full: int) -> int:
    """Give ``full`` when ``AZURE_IAAS_SOAK`` is set to anything but an empty text or ``0``, else ``small``."""
    return full if os.environ.get("AZURE_IAAS_SOAK", "") not in ("", "0") else small
