"""What happens in a call, as event objects for whoever watches.

::

    def watch(event: Event) -> None:
        if isinstance(event, AttemptEnded):
            print(event.call.operation, event.number, event.response and event.response.status)

    with azure_iaas.watched(watch):
        await client.list_locations()

A call is one ``CallStarted``, then for each attempt ``AttemptStarted`` and ``AttemptEnded``, between two
attempts ``RetryScheduled``, at last ``CallEnded``; the ends come also when a call is cancelled. The events of
one call have the same ``call`` object. Their bodies aren't in their ``repr``.

What a watcher raises is logged to ``azure_iaas.client`` and changes nothing: it mustn't decide what becomes
of a write.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_iaas.errors import AzureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.wire.messages import RawRequest, RawResponse

_log = logging.getLogger("azure_iaas.client")


@dataclass(frozen=True, slots=True, eq=False)
class CallFacts:
    """One call, told from all others by its identity.

    Attributes:
        operation: documented name of the operation.
        request: what is sent.
        path_template: the path with ``{placeholders}``, below the subscription.
        host: management host, or None when the client doesn't send over HTTP.
        port: its port, or None.
    """

    operation: str
    request: RawRequest
    path_template: str
    host: str | None
    port: int | None


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call begins; its arguments were checked."""

    call: CallFacts


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A request is about to be sent.

    Attributes:
        call: the call.
        number: 1 for the first attempt.
    """

    call: CallFacts
    number: int


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """A request was answered, or not.

    Attributes:
        call: the call.
        number: 1 for the first attempt.
        seconds: how long it took.
        response: the answer, whatever its status, or None.
        error: why there is no answer, or None.
    """

    call: CallFacts
    number: int
    seconds: float
    response: RawResponse | None
    error: BaseException | None


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """An attempt failed, and the request is sent again.

    Attributes:
        call: the call.
        number: of the attempt that failed.
        pause_seconds: until the next one.
        error: why it failed.
    """

    call: CallFacts
    number: int
    pause_seconds: float
    error: AzureError


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call ends.

    Attributes:
        call: the call.
        attempts: how many were made; 0 when an outage or the deadline left none.
        seconds: how long all of it took.
        error: what it raises, or None when it succeeded.
    """

    call: CallFacts
    attempts: int
    seconds: float
    error: BaseException | None


Event = CallStarted | AttemptStarted | AttemptEnded | RetryScheduled | CallEnded
"""What a watcher is called with."""
Watcher = Callable[[Event], object]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it was sent and its answer; both hide their bodies in ``repr``."""

    operation: str
    request: RawRequest
    response: RawResponse | None


_watchers: ContextVar[tuple[Watcher, ...]] = ContextVar("azure_iaas_watchers", default=())


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Call ``watcher`` with every event of the calls made in this block, and in tasks started in it."""
    token = _watchers.set((*_watchers.get(), watcher))
    try:
        yield
    finally:
        _watchers.reset(token)


@contextmanager
def observed(observer: Callable[[Exchange], object]) -> Iterator[None]:
    """Call ``observer`` with every exchange made in this block, answered or not."""

    def watch(event: Event) -> None:
        if isinstance(event, AttemptEnded) and (event.error is None or isinstance(event.error, AzureError)):
            observer(Exchange(event.call.operation, event.call.request, event.response))

    with watched(watch):
        yield


def current_watchers() -> tuple[Watcher, ...]:
    """Give who watches here, the outermost first."""
    return _watchers.get()


def tell(watchers: tuple[Watcher, ...], event: Event) -> None:
    """Call all watchers."""
    for watcher in watchers:
        try:
            watcher(event)
        except Exception:  # noqa: BLE001 - it is a stranger's, and the call isn't its business
            _log.exception("a watcher failed at %s of %s", type(event).__name__, event.call.operation)
