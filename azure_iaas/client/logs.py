"""The log of calls and attempts, written by a watcher as any other. Neither bodies nor other headers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from azure_iaas.client.events import AttemptEnded, CallEnded, Event, RetryScheduled, Watcher

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logging.getLogger("azure_iaas.client")
_retrying = logging.getLogger("azure_iaas.retrying")

LOGGED_HEADERS: Final = frozenset(
    {
        *("accept", "content-type", "content-length", "date", "retry-after", "server"),
        *("x-ms-request-id", "x-ms-servedbyregion", "x-ms-version"),
    }
)
"""The only headers whose values are logged; of all others there is the name."""


def log(event: Event) -> None:
    """Write an event to ``azure_iaas.client`` (DEBUG), a repeat to ``azure_iaas.retrying`` (INFO)."""
    call = event.call
    match event:
        case AttemptEnded(number=number, seconds=seconds, response=response, error=error):
            if not _log.isEnabledFor(logging.DEBUG):
                return
            request = call.request
            _log.debug(
                "%s: attempt %d: %s %s (%s) -> %s in %.3f s",
                call.operation,
                number,
                request.method,
                request.target,
                headers(request.headers),
                f"{response.status} ({headers(response.headers)})" if response else type(error).__name__,
                seconds,
            )
        case RetryScheduled(number=number, pause_seconds=pause, error=reason):
            _retrying.info("%s: attempt %d failed, next in %.2f s: %s", call.operation, number, pause, reason)
        case CallEnded(attempts=attempts, seconds=seconds, error=failure):
            ended = "done" if failure is None else type(failure).__name__
            _log.debug("%s: %s after %d attempts, %.3f s", call.operation, ended, attempts, seconds)
        case _:
            pass


def logging_watchers() -> tuple[Watcher, ...]:
    """Give `log` where a level is on at which it writes."""
    on = _log.isEnabledFor(logging.DEBUG) or _retrying.isEnabledFor(logging.INFO)
    return (log,) if on else ()


def headers(values: Mapping[str, str]) -> str:
    """Headers as the log has them: those of the list with their values, of the others the names."""
    return ", ".join(
        f"{name}: {value}" if name.lower() in LOGGED_HEADERS else name for name, value in values.items()
    )
