"""The endpoint on sockets: HTTP/1.1 over mutual TLS, on asyncio and trio.

Rules:

1. Nothing a client sends ends the server, keeps a connection for ever, or shows a client a traceback.
2. Requests are answered one after the other on a connection, in the order they came; a handler runs in one
   go, so no request sees another one half done.
3. An answer is one write: head and body travel in the same TLS records.
4. Whether a certificate is acceptable is the handler's decision, not that of TLS.
"""

from __future__ import annotations

import logging
import math
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never, cast

import anyio
import h11
from anyio.abc import SocketAttribute

from azure_iaas.endpoint.backend import Peer
from azure_iaas.endpoint.http_errors import error_answer, internal_error
from azure_iaas.endpoint.http_framing import CONNECTION_HEADERS, has_body, reason
from azure_iaas.endpoint.injected_faults import (
    ConnectionFault,
    CutAnswer,
    DripAnswer,
    DropAfterHandler,
    DropBeforeHandler,
    Stall,
)
from azure_iaas.endpoint.tls import TLSBrokenError, TLSChannel
from azure_iaas.wire.messages import Method, RawRequest, RawResponse

if TYPE_CHECKING:
    from anyio.abc import SocketListener, SocketStream, TaskGroup
    from OpenSSL import SSL

    from azure_iaas.endpoint.front_end import Exchange, FrontEnd

_log = logging.getLogger("azure_iaas.emulator")

_BACKLOG = 4096
"""Connections the system may keep waiting; it takes less where its own limit is lower."""

_TLS_HANDSHAKE = 0x16
"""First byte of every connection that speaks TLS (RFC 8446, 5.1)."""

_GOODBYE_SECONDS = 2.0
"""How long a client may take to notice that its connection ends."""

_PLAIN_HTTP_ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: 41\r\nconnection: close\r\n\r\n"
    b"This port speaks HTTPS, and HTTPS alone.\n"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may use up.

    Attributes:
        handshake_seconds: for the TLS handshake.
        idle_seconds: between two requests of a connection.
        request_seconds: for a request to arrive whole, and for an answer to be taken.
        header_bytes: request line and headers together.
        header_count: headers of a request.
        body_bytes: body of a request.
        chunk_count: pieces a chunked body may come in; each costs about as much as a small request.
    """

    handshake_seconds: float = 20.0
    idle_seconds: float = 120.0
    request_seconds: float = 60.0
    header_bytes: int = 32 * 1024
    header_count: int = 100
    body_bytes: int = 4 * 1024 * 1024
    chunk_count: int = 4096


class Server:
    """Listens, and answers requests through a front end.

    Args:
        front_end: gives the answers.
        context: from `azure_iaas.endpoint.tls.server_context`.
        limits: what a client may use up.
        expired_context: as ``context``, with a certificate that has expired: for `ExpiredServerCertificate`,
            which without it shows nothing.

    Attributes:
        connections: how many connections were accepted.
        requests: how many requests arrived whole.
        closing: True once it was told to end.
        port: the port it listens on; None before `listen`.
    """

    def __init__(
        self,
        front_end: FrontEnd,
        context: SSL.Context,
        *,
        limits: Limits | None = None,
        expired_context: SSL.Context | None = None,
    ) -> None:
        self.front_end = front_end
        self.context = context
        self.expired_context = expired_context
        self.limits = limits or Limits()
        self.connections = 0
        self.requests = 0
        self.closing = False
        self.port: int | None = None
        self._listeners: list[SocketListener] = []
        self._open: set[_Connection] = set()
        self._accepting: list[anyio.CancelScope] = []

    @property
    def open_connections(self) -> int:
        """How many connections are open."""
        return len(self._open)

    async def listen(self, host: str, port: int) -> int:
        """Take the port; clients can connect from now on, and are served once `serve` runs.

        Args:
            host: address or name to listen on; all its addresses are taken.
            port: 0 takes a free one.

        Returns:
            The port.

        Raises:
            OSError: the port is in use, or the host isn't one of this machine.
        """
        multi = await anyio.create_tcp_listener(local_host=host, local_port=port, backlog=_BACKLOG)
        self._listeners = [cast("SocketListener", listener) for listener in multi.listeners]
        self.port = int(self._listeners[0].extra(SocketAttribute.local_port))  # noqa: S610 - anyio's, not Django's
        return self.port

    async def serve(self) -> None:
        """Accept and answer until cancelled or closed."""
        async with anyio.create_task_group() as tasks:
            for listener in self._listeners:
                tasks.start_soon(self._accept, listener, tasks)

    async def aclose(self, *, grace_seconds: float = 2.0) -> None:
        """Stop accepting, end idle connections, and let requests under way finish.

        Args:
            grace_seconds: how long these may take.
        """
        self.closing = True
        for scope in self._accepting:
            scope.cancel()
        for listener in self._listeners:
            await listener.aclose()
        for connection in list(self._open):
            connection.end_if_idle()
        with anyio.move_on_after(grace_seconds):
            while self._open:
                await next(iter(self._open)).ended.wait()

    async def _accept(self, listener: SocketListener, tasks: TaskGroup) -> None:
        with anyio.CancelScope() as scope:
            self._accepting.append(scope)
            while True:
                try:
                    stream = await listener.accept()
                except anyio.ClosedResourceError:
                    return  # by `aclose`
                except (OSError, anyio.BrokenResourceError) as error:
                    # The client left before it was accepted, or this process has too many files open,
                    # which ends when connections do; without a pause this would spin.
                    _log.warning("no connection accepted: %s", error.__cause__ or error)
                    await anyio.sleep(0.1)
                    continue
                self.connections += 1
                connection = _Connection(self, stream)
                self._open.add(connection)
                tasks.start_soon(self._run, connection)

    async def _run(self, connection: _Connection) -> None:
        try:
            await connection.run()
        except (OSError, anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream) as error:
            _log.debug("the client left: %r", error)
        except TLSBrokenError as error:
            _log.info("TLS: %s", error)
        except Exception:  # noqa: BLE001 - one connection's trouble must not be that of all others
            _log.exception("a connection failed")
        finally:
            self._open.discard(connection)
            connection.ended.set()
            with anyio.move_on_after(1.0, shield=True):
                await connection.stream.aclose()


class _RefusedError(Exception):
    """The request can't be passed on; it is answered with ``response`` and the connection ends."""

    def __init__(self, response: RawResponse) -> None:
        super().__init__(response.status)
        self.response = response


class _Connection:
    """One connection: TLS around HTTP/1.1."""

    def __init__(self, server: Server, stream: SocketStream) -> None:
        self.stream = stream
        self.ended = anyio.Event()
        self._server = server
        self._limits = server.limits
        self._front_end = server.front_end
        is_faulty = server.front_end.choose_handshake_fault() is not None
        self._tls = TLSChannel((server.expired_context if is_faulty else None) or server.context)
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.header_bytes)
        self._peer = Peer(None)
        self._method = self._target = "-"  # of the request that is being read or answered
        self._ambiguous = False
        self._scope = anyio.CancelScope()
        self._idle = True  # nothing of a request has come: the connection may end without a word

    def end_if_idle(self) -> None:
        """End the connection when it only waits for a next request."""
        if self._idle:
            self._scope.cancel()

    async def run(self) -> None:
        """Serve the connection to its end."""
        with self._scope:
            self._allow(self._limits.handshake_seconds)
            if await self._handshake():
                while await self._serve_one():
                    pass
        if self._scope.cancelled_caught:
            with anyio.move_on_after(_GOODBYE_SECONDS):
                await self._part()

    def _allow(self, seconds: float) -> None:
        self._scope.deadline = anyio.current_time() + seconds

    async def _handshake(self) -> bool:
        first = True
        while True:
            data = await self.stream.receive()
            if first and data[0] != _TLS_HANDSHAKE:
                await self.stream.send(_PLAIN_HTTP_ANSWER)
                await self._linger()
                return False
            first = False
            self._tls.receive(data)
            try:
                done = self._tls.handshake()
            finally:
                if outgoing := self._tls.outgoing():  # also the alert that tells why it failed
                    await self.stream.send(outgoing)
            if done:
                self._peer = Peer(self._tls.peer_sha1())
                return True

    async def _serve_one(self) -> bool:
        """Answer the next request; False when there is none, or the connection ends after it."""
        try:
            request = await self._read_request()
        except _RefusedError as refused:
            return await self._refuse(refused.response)
        except h11.RemoteProtocolError as error:
            return await self._refuse(_not_http(error.error_status_hint))
        if request is None:
            await self.stream.send(self._tls.close())
            return False
        self._server.requests += 1
        with self._front_end.receive(request, self._peer) as exchange:
            if isinstance(exchange.fault, ConnectionFault):
                if not await self._show(exchange.fault, exchange):
                    return False
            else:
                await self._send(self._encode(exchange.answer(), close=self._ambiguous))
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return await self._end()
        self._http.start_next_cycle()
        return True

    async def _read_request(self) -> RawRequest | None:
        """Read a whole request; None when the client has no more, or the server no time."""
        self._idle = not self._http.trailing_data[0]
        if self._idle and self._server.closing:
            return None
        self._allow(self._limits.idle_seconds if self._idle else self._limits.request_seconds)
        self._method = self._target = "-"
        event = await self._next_event()
        if isinstance(event, h11.ConnectionClosed):
            return None
        head = cast("h11.Request", event)
        self._method, self._target = head.method.decode("ascii"), head.target.decode("ascii")
        if len(head.headers) > self._limits.header_count:
            raise _RefusedError(_not_http(431))
        framing = {name for name, _ in head.headers} & {b"content-length", b"transfer-encoding"}
        # Another server may have taken the other one, and what follows for part of this body: it isn't to
        # be answered ("Message Body Length", RFC 9112, 6.3).
        self._ambiguous = len(framing) == 2
        limit = self._limits.body_bytes
        headers: dict[str, str] = {}
        head_size = len(head.target)
        for raw_name, raw_value in head.headers:
            head_size += len(raw_name) + len(raw_value) + 4  # ": " and the line's end
            name = raw_name.decode("ascii")
            value = raw_value.decode("latin-1")
            if name == "content-length" and int(value) > limit:
                raise _RefusedError(_too_large(limit))
            if name not in CONNECTION_HEADERS:
                headers[name] = f"{headers[name]}, {value}" if name in headers else value
        if head_size > self._limits.header_bytes:  # h11 looks only while the head is incomplete
            raise _RefusedError(_not_http(431))
        target = _origin_form(self._target)
        body: list[bytes] = []
        size = chunks = 0
        while isinstance(event := await self._next_event(), h11.Data):
            size += len(event.data)
            chunks += event.chunk_start
            if size > limit:
                raise _RefusedError(_too_large(limit))
            if chunks > self._limits.chunk_count:
                raise _RefusedError(_too_many_chunks(self._limits.chunk_count))
            body.append(bytes(event.data))
        # Any method is passed on: the service says itself which ones a resource knows.
        return RawRequest(cast("Method", self._method), target, headers, b"".join(body))

    async def _next_event(self) -> h11.Event:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return cast("h11.Event", event)
            if self._http.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                await self._send(self._http.send(go_on) or b"")
            data = self._tls.read()
            while data is None:
                try:
                    self._tls.receive(await self.stream.receive())
                except anyio.EndOfStream:
                    data = b""  # without a goodbye, as many clients leave
                else:
                    data = self._tls.read()
            if self._idle and data:
                self._idle = False
                self._allow(self._limits.request_seconds)
            self._http.receive_data(data)

    async def _show(self, fault: ConnectionFault, exchange: Exchange) -> bool:
        """Let a fault happen; False when the connection is to end, abruptly, with it."""

        def encoded_answer() -> bytes:
            return self._encode(exchange.answer(), close=self._ambiguous)

        match fault:
            case DropBeforeHandler():
                self._close_with(reset=fault.reset)
                return False
            case DropAfterHandler():
                exchange.answer()
                self._close_with(reset=fault.reset)
                return False
            case Stall():
                response = exchange.answer() if fault.after_handler else None
                await self._stall(fault.seconds)
                await self._send(self._encode(response or exchange.answer(), close=self._ambiguous))
                return True
            case CutAnswer():
                await self._send(encoded_answer()[: fault.after_bytes])
                self._close_with(reset=fault.reset)
                return False
            case DripAnswer():
                encoded = encoded_answer()
                for start in range(0, len(encoded), fault.piece_bytes):
                    # However long the whole takes, the client has to take each piece in time.
                    self._allow(self._limits.request_seconds)
                    await self._send(encoded[start : start + fault.piece_bytes])
                    self._scope.deadline = math.inf
                    await anyio.sleep(fault.pause_seconds)
                return True
            case _:
                assert_never(fault)

    async def _stall(self, seconds: float) -> None:
        self._scope.deadline = math.inf
        with anyio.move_on_after(seconds):
            while True:  # reading, so that a client that leaves ends the stall
                self._tls.receive(await self.stream.receive())
        self._allow(self._limits.request_seconds)

    def _close_with(self, *, reset: bool) -> None:
        if reset:
            raw = self.stream.extra(SocketAttribute.raw_socket)  # noqa: S610 - anyio's, not Django's
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async def _refuse(self, response: RawResponse) -> bool:
        """Answer without the service, and end the connection: what follows on it can't be understood."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return False
        refusal = self._front_end.refuse(response, self._method, self._target)
        await self._send(self._encode(refusal, close=True))
        return await self._end()

    async def _end(self) -> Literal[False]:
        await self.stream.send(self._tls.close())
        await self._linger()
        return False

    async def _linger(self) -> None:
        """Wait until the client leaves: closing on unread bytes is a reset, which loses the answer."""
        await self.stream.send_eof()
        with anyio.move_on_after(_GOODBYE_SECONDS):
            while True:
                await self.stream.receive()

    async def _part(self) -> None:
        """End a connection whose time is over, saying so if the client waits for an answer."""
        if self._idle:
            await self.stream.send(self._tls.close())
        elif self._http.their_state in (h11.IDLE, h11.SEND_BODY):
            await self._refuse(error_answer(408, "BadRequest", "The request took too long to arrive."))

    def _encode(self, response: RawResponse, *, close: bool = False) -> bytes:
        try:
            head = self._head(response, close=close)
        except (h11.LocalProtocolError, UnicodeEncodeError):
            _log.exception("HTTP can't carry the answer to a request")
            response = self._front_end.complete(internal_error())
            head = self._head(response, close=close)
        http = self._http
        encoded = http.send(head) or b""
        if has_body(response, self._method):
            encoded += http.send(h11.Data(data=response.body)) or b""
        return encoded + (http.send(h11.EndOfMessage()) or b"")

    def _head(self, response: RawResponse, *, close: bool) -> h11.Response:
        headers = [
            (name.encode("ascii"), value.encode("latin-1")) for name, value in response.headers.items()
        ]
        if close or self._server.closing:
            headers.append((b"connection", b"close"))
        phrase = reason(response.status).encode("ascii")
        return h11.Response(status_code=response.status, headers=headers, reason=phrase)

    async def _send(self, data: bytes) -> None:
        if data:
            await self.stream.send(self._tls.write(data))


def _origin_form(target: str) -> str:
    """Reduce ``https://host/path`` to ``/path``, which servers must accept too (RFC 9112, 3.2.2)."""
    if target.startswith("/"):
        return target
    scheme, separator, rest = target.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        raise _RefusedError(error_answer(400, "BadRequest", "The request target isn't a path."))
    return "/" + rest.partition("/")[2]


def _too_large(limit: int) -> RawResponse:
    # Unverified: no recording shows the limit of the real service, or its answer.
    return error_answer(413, "BadRequest", f"The request body is larger than {limit} bytes.")


def _too_many_chunks(limit: int) -> RawResponse:
    # Unverified: as above.
    return error_answer(413, "BadRequest", f"The request body comes in more than {limit} chunks.")


def _not_http(status: int) -> RawResponse:
    what = "has too many headers, or too large ones" if status == 431 else "isn't valid HTTP"
    return error_answer(status, "BadRequest", f"The request {what}.")
