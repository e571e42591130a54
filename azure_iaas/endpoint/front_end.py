"""What stands between a driver (sockets or memory) and the backend: faults, headers, last resorts, the log.

Both drivers use it, so both give the same transcript. It may be used from several threads: what reads or
changes the backend, the faults or the clock holds ``lock``.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self

from azure_iaas.endpoint.answer import SERVER, http_date
from azure_iaas.endpoint.backend import Disturbs, NamesOperations, ReceivedRequest, utc_now
from azure_iaas.endpoint.http_errors import internal_error
from azure_iaas.endpoint.http_framing import CONNECTION_HEADERS
from azure_iaas.endpoint.injected_faults import AnswerFault, Disturbance, FaultPlan, Refuse
from azure_iaas.endpoint.request_log import RequestLog
from azure_iaas.errors import ConfigurationError
from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from azure_iaas.endpoint.backend import Backend, Clock, Peer
    from azure_iaas.endpoint.injected_faults import Fault, Faults, HandshakeFault
    from azure_iaas.endpoint.request_log import LoggedRequest
    from azure_iaas.wire.messages import RawRequest

_log = logging.getLogger("azure_iaas.emulator")

_BROKEN = Refuse(500)
"""What requests meet whose fault can't be chosen."""


class FrontEnd:
    """Answers requests through a backend, with faults, and with the headers every answer has.

    Args:
        backend: answers requests; what it raises becomes a 500 ``InternalError`` document and a log entry.
        faults: what should go wrong; None for nothing.
        clock: the service's time: the backend's, and that of the ``date`` header.

    Attributes:
        backend: what answers.
        requests: what was asked so far.
        offset: how far the service's time is ahead of ``clock``.
        lock: held while a request is carried out; reentrant.

    Raises:
        ConfigurationError: a fault needs what the backend doesn't offer.
    """

    def __init__(self, backend: Backend, *, faults: Faults | None = None, clock: Clock = utc_now) -> None:
        self.backend = backend
        self.lock: threading.RLock = threading.RLock()
        self._names_operations = backend if isinstance(backend, NamesOperations) else None
        self.requests: Final = RequestLog()
        self.offset: timedelta = timedelta()
        self.faults = faults
        self._clock = clock

    @property
    def faults(self) -> Faults | None:
        """What should go wrong; may be replaced while the service runs."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults | None) -> None:
        rules = faults.rules if isinstance(faults, FaultPlan) else ()
        for rule in rules:
            if isinstance(rule.fault, Disturbance) and not isinstance(self.backend, Disturbs):
                raise ConfigurationError(f"{type(rule.fault).__name__}: this backend can't be disturbed")
        self._faults = faults

    def now(self) -> datetime:
        """Give the service's time."""
        return self._clock() + self.offset

    def jump_clock(self, seconds: float) -> None:
        """Move the service's time, forwards or, with a negative number, backwards.

        Raises:
            ValueError: beyond the years 1 to 9999.
        """
        with self.lock:
            try:
                offset = self.offset + timedelta(seconds=seconds)
                _ = self._clock() + offset + timedelta(days=1)
                _ = self._clock() + offset - timedelta(days=1)
            except (OverflowError, ValueError) as error:
                raise ValueError("the clock can't jump that far") from error
            self.offset = offset

    def choose_handshake_fault(self) -> HandshakeFault | None:
        """Give what goes wrong with a new connection's handshake. To be called once for each connection."""
        with self.lock:
            return self._faults.choose_for_handshake() if isinstance(self._faults, FaultPlan) else None

    def receive(self, request: RawRequest, peer: Peer) -> Exchange:
        """Take a request: note it, and choose the fault it meets. To be called once for each request."""
        logged = self.requests.begin(self.now(), request.method, request.target)
        fault: Fault | None = None
        try:
            if self._names_operations is not None:
                logged.operation = self._names_operations.operation_name(request)
            received = ReceivedRequest(
                request.method, request.target, request.headers, request.body, logged.operation
            )
            with self.lock:
                if self._faults is not None:
                    fault = self._faults.choose(received)
        except Exception:  # noqa: BLE001 - of a rule's function, most likely: said, and no connection lost
            _log.exception("no fault could be chosen for %s %s", request.method, request.target)
            return Exchange(self, ReceivedRequest(request.method, request.target), peer, _BROKEN, logged)
        if fault is not None:
            logged.fault = type(fault).__name__
        return Exchange(self, received, peer, fault, logged)

    def refuse(self, response: RawResponse, method: str, target: str) -> RawResponse:
        """Complete, and note, an answer to what never became a request.

        Args:
            response: the answer.
            method: HTTP verb, or ``-`` when there was none to be read.
            target: path and query, or ``-``.
        """
        logged = self.requests.begin(self.now(), method, target)
        logged.take(response)
        self.requests.end(logged)
        return self.complete(response)

    def complete(self, response: RawResponse) -> RawResponse:
        """Add ``content-length``, ``server`` and ``date`` to an answer."""
        headers = {name: value for name, value in response.headers.items() if name not in CONNECTION_HEADERS}
        headers["content-length"] = str(len(response.body))
        headers.setdefault("server", SERVER)
        headers.setdefault("date", http_date(int(self.now().timestamp())))
        return RawResponse(response.status, headers, response.body)


class Exchange:
    """One request on its way to an answer, or to none. Leaving its ``with`` block ends it.

    Attributes:
        request: the request.
        fault: what goes wrong, or None. A driver shows faults of the connection, `answer` the others.
    """

    def __init__(
        self,
        front_end: FrontEnd,
        request: ReceivedRequest,
        peer: Peer,
        fault: Fault | None,
        logged: LoggedRequest,
    ) -> None:
        self.request = request
        self.fault = fault
        self._front_end = front_end
        self._peer = peer
        self._logged = logged
        self._ended = False

    def answer(self) -> RawResponse:
        """Have the request carried out; gives the answer, complete but for headers about the connection.

        To be called once at most.
        """
        handling = _Handling(self._front_end, self.request, self._peer, self._logged.number)
        try:
            with self._front_end.lock:
                if isinstance(self.fault, AnswerFault):
                    response = self.fault.respond(self.request, handling)
                else:
                    response = handling()
            complete = self._front_end.complete(response)
        except Exception:  # noqa: BLE001 - a mistake in the service is an answer too, never a lost connection
            _log.exception("no answer to %s %s", self.request.method, self.request.target)
            complete = self._front_end.complete(internal_error(handling.request_id))
        self._logged.take(complete)
        # Before the answer leaves: who has it can look it up.
        self._end()
        return complete

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._front_end.requests.end(self._logged)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()


class _Handling:
    """Runs the handler, for faults; see `injected_faults.Handling`."""

    def __init__(self, front_end: FrontEnd, request: ReceivedRequest, peer: Peer, number: int) -> None:
        self._front_end = front_end
        self._request = request
        self._peer = peer
        self._number = number

    def __call__(self) -> RawResponse:
        return self.backend.handle(self._request, self._peer, self.now)

    @property
    def backend(self) -> Backend:
        return self._front_end.backend

    @property
    def now(self) -> datetime:
        return self._front_end.now()

    @property
    def request_id(self) -> str:
        return hashlib.blake2b(f"front end:{self._number}".encode(), digest_size=16).hexdigest()

    def jump_clock(self, seconds: float) -> None:
        self._front_end.jump_clock(seconds)
