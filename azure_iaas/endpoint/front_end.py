"""What stands between a driver (sockets or memory) and the backend: faults, headers, last resorts.

Both drivers use it, so both give the same transcript.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from azure_iaas.endpoint.answer import SERVER, http_date
from azure_iaas.endpoint.backend import utc_now
from azure_iaas.endpoint.http_errors import internal_error
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from azure_iaas.endpoint.backend import Backend, Clock, Peer
    from azure_iaas.endpoint.injected_faults import AnswerFault, Fault, Faults

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


class FrontEnd:
    """Answers requests through a backend, with faults, and with the headers every answer has.

    Args:
        backend: answers requests; what it raises becomes a 500 ``InternalError`` document and a log entry.
        faults: what should go wrong; None for nothing.
        clock: the service's time: the backend's, and that of the ``date`` header.
    """

    def __init__(self, backend: Backend, *, faults: Faults | None = None, clock: Clock = utc_now) -> None:
        self._backend = backend
        self._faults = faults
        self._clock = clock

    def choose_fault(self, request: RawRequest) -> Fault | None:
        """Give the fault this request meets, or None. To be called once for each request."""
        return None if self._faults is None else self._faults.choose(request)

    def answer(self, request: RawRequest, peer: Peer, fault: AnswerFault | None = None) -> RawResponse:
        """Give the answer to a request, complete but for headers about the connection."""

        def handle() -> RawResponse:
            return self._backend.handle(request, peer, self._clock())

        try:
            response = handle() if fault is None else fault.respond(request, handle)
        except Exception:  # noqa: BLE001 - a mistake in the service is an answer too, never a lost connection
            _log.exception("no answer to %s %s", request.method, request.target)
            response = internal_error()
        return self.complete(response)

    def complete(self, response: RawResponse) -> RawResponse:
        """Add ``content-length``, ``server`` and ``date`` to an answer."""
        headers = {name: value for name, value in response.headers.items() if name not in CONNECTION_HEADERS}
        headers["content-length"] = str(len(response.body))
        headers.setdefault("server", SERVER)
        headers.setdefault("date", http_date(int(self._clock().timestamp())))
        return RawResponse(response.status, headers, response.body)
