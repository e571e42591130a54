"""What stands between a driver (sockets or memory) and the service's core: faults, headers, last resorts.

Both drivers use it, so both give the same transcript.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from azure_iaas.emulator.core import Peer
from azure_iaas.emulator.http_errors import internal_error
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from azure_iaas.emulator.faults import AnswerFault, Fault, Faults

Handler = Callable[[RawRequest, Peer], RawResponse]
"""Answers one request, at once and without I/O of its own that could take long."""

Clock = Callable[[], datetime]
"""Gives the service's time, aware of its time zone."""

SERVER = "1.0.6198.348 (rd_rdfe_stable.160330-1613) Microsoft-HTTPAPI/2.0"
"""A recorded ``server`` header ("Response headers", protocol.md 2.2)."""

CONNECTION_HEADERS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers about the connection and the framing, which no handler sees."""

_log = logging.getLogger("azure_iaas.emulator")


def utc_now() -> datetime:
    """Give the real time in UTC."""
    return datetime.now(UTC)


class FrontEnd:
    """Answers requests through a handler, with faults, and with the headers every answer has.

    Args:
        handler: answers requests; what it raises becomes a 500 ``InternalError`` document and a log entry.
        faults: what should go wrong; None for nothing.
        clock: the time for the ``date`` header.
    """

    def __init__(self, handler: Handler, *, faults: Faults | None = None, clock: Clock = utc_now) -> None:
        self._handler = handler
        self._faults = faults
        self._clock = clock
        self._date_second = -1
        self._date = ""

    def choose_fault(self, request: RawRequest) -> Fault | None:
        """Give the fault this request meets, or None. To be called once for each request."""
        return None if self._faults is None else self._faults.choose(request)

    def answer(self, request: RawRequest, peer: Peer, fault: AnswerFault | None = None) -> RawResponse:
        """Give the answer to a request, complete but for headers about the connection."""
        try:
            if fault is None:
                response = self._handler(request, peer)
            else:
                response = fault.respond(request, lambda: self._handler(request, peer))
        except Exception:  # noqa: BLE001 - a mistake in the service is an answer too, never a lost connection
            _log.exception("no answer to %s %s", request.method, request.target)
            response = internal_error()
        return self.complete(response)

    def complete(self, response: RawResponse) -> RawResponse:
        """Add ``content-length``, ``server`` and ``date`` to an answer."""
        headers = {name: value for name, value in response.headers.items() if name not in CONNECTION_HEADERS}
        headers["content-length"] = str(len(response.body))
        headers.setdefault("server", SERVER)
        headers.setdefault("date", self._http_date())
        return RawResponse(response.status, headers, response.body)

    def _http_date(self) -> str:
        now = self._clock()
        second = int(now.timestamp())
        if second != self._date_second:
            self._date = format_datetime(now.astimezone(UTC), usegmt=True)
            self._date_second = second
        return self._date
