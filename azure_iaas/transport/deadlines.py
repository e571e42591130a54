"""One deadline over all a call does: waiting for a connection, attempts, the pauses between, redirects."""

from __future__ import annotations

import math
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import anyio

from azure_iaas.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

GRACE_SECONDS: Final = 0.05
"""How much later a sender that knows nothing of deadlines is left: one that does has told exactly by then."""

_until: ContextVar[float] = ContextVar("azure_iaas_deadline", default=math.inf)


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Bound every call made in this block, and in tasks started in it, to one common deadline.

    ::

        with azure_iaas.deadline(20):
            service = await client.get_hosted_service("svc")
            await client.delete_hosted_service("svc")

    A call whose deadline passes ends with RequestTimeoutError when it was a read, or a write that never left;
    with OutcomeUnknownError when a write may have left. Of nested blocks, and of the option
    ``timeout_seconds``, the earliest deadline counts. Waiting for an operation has its own ``timeout``: what
    is bounded here is each question it asks.

    Args:
        seconds: from now, by the clock of the running event loop; None sets no further bound.

    Raises:
        InvalidArgumentError: not a number above 0.
    """
    if seconds is not None and (isinstance(seconds, bool) or not seconds > 0):
        raise InvalidArgumentError("deadline", "seconds", "a number above 0, or None")
    until = math.inf if seconds is None else anyio.current_time() + seconds
    token = _until.set(min(until, _until.get()))
    try:
        yield
    finally:
        _until.reset(token)


def current_deadline() -> float:
    """Give the time at which calls made here end, by the running event loop's clock; infinity if never."""
    return _until.get()
