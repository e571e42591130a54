"""Times and identifiers as the service writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(seconds: float) -> str:
    """A time as the service writes it: ``YYYY-MM-DDTHH:MM:SSZ``."""
    # Not strftime, which is slower: long lists have two or three in each item.
    return f"{datetime.fromtimestamp(int(seconds), UTC).isoformat()[:19]}Z"


def dashed(request_id: str) -> str:
    """A request id as a GUID with dashes, as ``Operation/ID`` has it."""
    return "-".join((request_id[:8], request_id[8:12], request_id[12:16], request_id[16:20], request_id[20:]))
