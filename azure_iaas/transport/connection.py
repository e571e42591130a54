"""One HTTP/1.1 connection over TLS: h11 on an anyio stream.

Why not ``httpx.AsyncHTTPTransport``: docs/decisions/0001-http-stack.md.

Rules:

1. One socket, one exchange at a time; whoever owns the connection sees to that.
2. After any doubt (error, time-out, cancellation, bytes nobody asked for) the socket is closed and the next
   request opens a new one. No request is sent a second time.
3. Until the first byte is handed to the network an error says ``request_sent=False``; then None; True once a
   byte of the answer is there.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import ssl
from io import BytesIO
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import h11
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.tls import TLSStream

from azure_iaas.addresses import join_host
from azure_iaas.errors import (
    AzureError,
    ConnectError,
    ConnectionLostError,
    ProtocolError,
    RequestTimeoutError,
    TLSError,
)
from azure_iaas.threads import clock
from azure_iaas.transport.sockets import connect
from azure_iaas.wire.messages import ClosedBytes, RawResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from azure_iaas.addresses import Proxy
    from azure_iaas.config import ResolvedOptions
    from azure_iaas.wire.messages import RawRequest

_log = logging.getLogger("azure_iaas.transport")

_READ_BYTES = 64 * 1024
# Status line and headers together; httpcore's figure, h11's own 16 KiB being tight for gateways' cookies.
_MAX_HEAD_BYTES = 100 * 1024
_CA_UNKNOWN = frozenset({18, 19, 20, 21})
"""OpenSSL's verification errors of a certificate whose issuer isn't known, itself or another."""
_MAX_PIECES = 100_000
"""Chunks of an answer: each costs some 15 µs, a server's own have some thousand bytes."""
_MAX_INTERIM = 100
"""Answers of 1xx before the answer."""
_TURN_EVENTS = 500
"""So many events out of what was received, and others have their turn."""
_SILENCE_WITHIN = 0.001
"""To what part of itself a silence is measured: a timer is moved for more only."""
_END = h11.EndOfMessage()
_BROKEN = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream, OSError)


class Connection:
    """Sends one request after another to one origin, over a socket it opens when needed.

    The answer is read whole before it is given back.

    Args:
        ssl_context: for the service.
        options: time-outs and limits.
        proxy: tunnel through it; None connects directly.
        proxy_context: speak TLS to the proxy itself, with this.
    """

    def __init__(
        self,
        ssl_context: ssl.SSLContext,
        options: ResolvedOptions,
        proxy: Proxy | None = None,
        proxy_context: ssl.SSLContext | None = None,
    ) -> None:
        self._ssl_context = ssl_context
        self._options = options
        self._proxy = proxy
        self._proxy_context = proxy_context
        self._origin: tuple[str, int] | None = None
        self._stream: ByteStream | None = None
        self._http = h11.Connection(h11.CLIENT)
        self._socket: Any = None
        self._now: Callable[[], float] = anyio.current_time
        self._used_at = 0.0
        self._answer_begun = False
        self._head: tuple[int, dict[str, str]] | None = None
        self._headers_before: Mapping[str, str] = {}
        self._checked: Any = ()

    async def exchange(self, host: str, port: int, request: RawRequest, until: float) -> RawResponse:
        """Send one request and read its whole answer.

        Args:
            host: of the service.
            port: of the service.
            request: with all its headers.
            until: when to give up, by the event loop's clock, where no time-out of the options comes first.

        Raises:
            ConnectError, TLSError, RequestTimeoutError, ConnectionLostError: no complete answer;
                ``request_sent`` tells whether the service may have acted.
            ProtocolError: what came isn't HTTP, is compressed though nobody asked, or is larger than allowed.
        """
        origin = (host, port)
        if self._stream is not None and (origin != self._origin or self._is_stale()):
            await self.aclose()
        if self._stream is None:
            self._stream = await self._open(host, port, until)
            self._origin = origin
            self._now = clock()
            _log.debug("connected to %s", join_host(host, port))
            self._socket = self._stream.extra(SocketAttribute.raw_socket)  # noqa: S610
            self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD_BYTES)
        try:
            response = await self._exchange(self._stream, request, until)
        except BaseException:
            await self.aclose()
            raise
        return response

    async def aclose(self) -> None:
        """Close the socket, if one is open; never waits for the other side."""
        stream, self._stream = self._stream, None
        if stream is not None:
            await anyio.aclose_forcefully(stream)
            _log.debug("closed a connection to %s", join_host(*self._origin) if self._origin else "?")

    def _is_stale(self) -> bool:
        """Tell whether an idle socket shouldn't be used again: too old, closed, or something came unasked."""
        if self._now() - self._used_at > self._options.keep_alive_seconds:
            return True
        descriptor = self._socket.fileno()
        if descriptor < 0:
            return True
        # An idle HTTP/1.1 connection becomes readable only by its end.
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            return bool(poll.poll(0))
        return bool(select.select([descriptor], [], [], 0)[0])

    # Connecting

    async def _open(self, host: str, port: int, until: float) -> ByteStream:
        where = join_host(host, port)
        via = "" if self._proxy is None else f" through proxy {join_host(self._proxy.host, self._proxy.port)}"
        now = anyio.current_time()
        seconds = min(self._options.connect_timeout_seconds, max(0.0, until - now))
        with anyio.CancelScope(deadline=now + seconds):
            return await self._connect(host, port, where, via)
        error = RequestTimeoutError(
            f"no connection to {where}{via} within {seconds:g} s{_retired(host)}", request_sent=False
        )
        # Cut short by the caller's own deadline it says nothing about the service.
        error.unreachable = seconds == self._options.connect_timeout_seconds
        raise error

    async def _connect(self, host: str, port: int, where: str, via: str) -> ByteStream:
        proxy = self._proxy
        first = (host, port) if proxy is None else (proxy.host, proxy.port)
        try:
            stream = await connect(*first)
        except OSError as error:
            raise ConnectError(f"can't connect to {where}{via}: {_reason(error)}{_retired(host)}") from error
        try:
            if proxy is not None:
                if self._proxy_context is not None:
                    stream = await _start_tls(stream, self._proxy_context, proxy.host, "the proxy")
                await _tunnel(stream, where, proxy)
            return await _start_tls(stream, self._ssl_context, host, where)
        except BaseException:
            await anyio.aclose_forcefully(stream)
            raise

    # One exchange

    async def _exchange(self, stream: ByteStream, request: RawRequest, until: float) -> RawResponse:
        http = self._http
        if request.headers != self._headers_before:
            self._headers_before = request.headers
            self._checked = list(request.headers.items())
        asked = h11.Request(method=request.method, target=request.target, headers=self._checked)
        self._checked = asked.headers  # h11 checks every header; those of one read are those of the next
        events: list[h11.Event] = [asked, _END]
        if request.body:
            events.insert(1, h11.Data(data=request.body))
        # In one piece: one TLS record and one packet for most requests.
        data = ClosedBytes(b"".join([http.send(event) or b"" for event in events]))
        del events  # a frame's locals have no body

        self._answer_begun = False
        self._head = None
        now = self._now()
        end = min(until, now + self._options.exchange_timeout_seconds)
        with anyio.CancelScope(deadline=min(end, now + self._options.write_timeout_seconds)) as scope:
            unsent: Exception | None = None
            try:
                await stream.send(data)
            except _BROKEN as error:
                # The service may have answered before it took the whole request, or left a TLS alert.
                unsent = error
            response = await self._receive(stream, scope, end, unsent)
            reusable = http.our_state is h11.DONE and http.their_state is h11.DONE
            if reusable and unsent is None and not http.trailing_data[0]:
                http.start_next_cycle()
                self._used_at = self._now()
            else:
                await self.aclose()
            return response
        raise self._with_facts(RequestTimeoutError("the service didn't answer completely in time"))

    async def _receive(
        self, stream: ByteStream, scope: anyio.CancelScope, end: float, unsent: Exception | None
    ) -> RawResponse:
        http = self._http
        body = BytesIO()  # pieces of one byte would take fifty each
        events = pieces = interim = 0
        silence = self._options.read_timeout_seconds
        limit = self._options.max_response_bytes
        ended = False
        event: Any = h11.NEED_DATA  # of an answer nothing can be there yet
        while True:
            if event is h11.NEED_DATA:
                until = min(end, self._now() + silence)
                if abs(until - scope.deadline) > silence * _SILENCE_WITHIN:
                    scope.deadline = until
                try:
                    data = ClosedBytes(await stream.receive(_READ_BYTES))
                except anyio.EndOfStream as error:
                    ended = True
                    data = ClosedBytes()
                    if self._head is None:
                        raise self._lost("before it answered") from (unsent or error)
                except ssl.SSLError as error:
                    raise self._with_facts(_alert(error)) from error
                except _BROKEN as error:
                    raise self._lost("by a reset") from (unsent or error)
                else:
                    self._answer_begun = True
                http.receive_data(data)
            elif isinstance(event, h11.Response):
                headers = joined_headers(event.headers.raw_items())
                self._head = event.status_code, headers
                self._check_head(headers, limit)
            elif isinstance(event, h11.Data):
                body.write(event.data)
                pieces += event.chunk_start
                del event
                if body.tell() > limit:
                    raise self._with_facts(ProtocolError(f"the answer is larger than {limit} bytes"))
                if pieces > _MAX_PIECES:
                    raise self._with_facts(ProtocolError(f"the answer has more than {_MAX_PIECES} chunks"))
            elif isinstance(event, h11.EndOfMessage) and self._head is not None:
                return RawResponse(*self._head, body.getvalue())
            elif not isinstance(event, h11.InformationalResponse) or event.status_code == 101:
                raise self._with_facts(ProtocolError("the answer leaves HTTP/1.1"))
            else:
                interim += 1
                if interim > _MAX_INTERIM:
                    raise self._with_facts(ProtocolError(f"more than {_MAX_INTERIM} interim answers came"))
            try:
                event = http.next_event()
            except h11.RemoteProtocolError as error:
                if ended:
                    raise self._lost("before its answer was complete") from error
                raise self._with_facts(ProtocolError(f"the answer isn't HTTP/1.1: {error}")) from error
            events += 1
            if events % _TURN_EVENTS == 0:
                await anyio.lowlevel.checkpoint()

    def _check_head(self, headers: Mapping[str, str], limit: int) -> None:
        # Transparent decompression would undo the bound on size; nothing compressed is asked for.
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise self._with_facts(ProtocolError("the answer is compressed though nobody asked"))
        if int(headers.get("content-length", 0)) > limit:
            raise self._with_facts(ProtocolError(f"the answer is larger than {limit} bytes"))

    def _lost(self, when: str) -> AzureError:
        return self._with_facts(ConnectionLostError(f"the service's connection was closed {when}"))

    def _with_facts(self, error: AzureError) -> AzureError:
        """Add what is known of the answer: that it began, its status and its headers."""
        if self._answer_begun:
            error.request_sent = True
        if self._head is not None:
            error.status, headers = self._head
            error.headers = dict(headers)
            error.request_id = error.headers.get("x-ms-request-id")
        return error


def joined_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Give headers by lower-case name; the values of one sent twice are joined with ``, ``."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


async def _start_tls(stream: ByteStream, context: ssl.SSLContext, host: str, where: str) -> ByteStream:
    try:
        return await TLSStream.wrap(stream, ssl_context=context, hostname=host, standard_compatible=False)
    except ssl.SSLCertVerificationError as error:
        advice = ""
        if error.verify_code in _CA_UNKNOWN:
            advice = "; name the CA that vouches for it with the option 'ca', or AZURE_IAAS_CA"
        raise TLSError(
            f"the certificate of {where} isn't trusted: {error.verify_message}{advice}", request_sent=False
        ) from error
    except ssl.SSLError as error:
        reason = error.reason or error.strerror or "no reason given"
        raise TLSError(f"the TLS handshake with {where} failed: {reason}", request_sent=False) from error
    except _BROKEN as error:
        raise ConnectError(f"{where} closed the connection during the TLS handshake") from error


async def _tunnel(stream: ByteStream, where: str, proxy: Proxy) -> None:
    name = f"proxy {join_host(proxy.host, proxy.port)}"
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD_BYTES)
    headers = [("Host", where)]
    if proxy.authorization is not None:
        headers.append(("Proxy-Authorization", proxy.authorization))
    request = http.send(h11.Request(method="CONNECT", target=where, headers=headers)) or b""
    try:
        await stream.send(request)
        while not isinstance(event := http.next_event(), h11.Response):
            if event is h11.NEED_DATA:
                http.receive_data(await stream.receive(_READ_BYTES))
    except _BROKEN as error:
        raise ConnectError(f"{name} closed the connection instead of opening a tunnel") from error
    except h11.RemoteProtocolError as error:
        raise ConnectError(f"{name} doesn't speak HTTP") from error
    if event.status_code == 407:
        complaint = "refuses the credentials given" if proxy.authorization else "asks for credentials"
        raise ConnectError(f"{name} {complaint} (407)")
    if not 200 <= event.status_code < 300:
        raise ConnectError(f"{name} refuses to open a tunnel to {where} ({event.status_code})")
    if http.trailing_data[0]:
        raise ConnectError(f"{name} sent data before the tunnel was used")


def _alert(error: ssl.SSLError) -> AzureError:
    reason = error.reason or ""
    if "ALERT" in reason:
        # Under TLS 1.3 the client's handshake ends before the service has looked at the client's certificate.
        return TLSError(f"the service broke off TLS: {reason}; is the management certificate known to it?")
    return ConnectionLostError(f"TLS failed while the answer was read: {reason or 'no reason given'}")


def _retired(host: str) -> str:
    """What to say of the clouds' own hosts ("Endpoints", protocol.md 1.1)."""
    if not host.startswith("management.core."):
        return ""
    return (
        "; that service was retired in 2024: 'azure-iaas emulator' starts a local one and says how to use it"
    )


def _reason(error: OSError) -> str:
    # anyio's text for several addresses is "All connection attempts failed"; the first cause says more.
    cause = error.__cause__
    while isinstance(cause, BaseExceptionGroup):
        cause = cause.exceptions[0]
    shown = cause if isinstance(cause, OSError) else error
    if shown.errno is not None and not isinstance(shown, socket.gaierror):
        return os.strerror(shown.errno)
    return shown.strerror or str(shown)
