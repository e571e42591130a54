"""The transport of a client: callers queue, a fixed set of workers sends.

Why not a connection pool: with callers cancelled at random moments httpcore's pool loses slots for good
(encode/httpcore#1093, #961), and neither a semaphore nor a shielded scope holds back ``task.cancel()``. Here
a caller touches nothing but its own job.

Rules:

1. A worker owns its connections. Nobody else reads, writes or closes them.
2. A job is in the queue, or with exactly one worker, or done. A caller that leaves takes its job out of the
   queue; it was then never sent. A job already with a worker is finished without its caller.
3. Workers end when the client closes, for no other reason.
"""

from __future__ import annotations

import functools
import ipaddress
import logging
import math
import re
import ssl
import sys
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

import anyio
import anyio.abc

from azure_iaas.addresses import Proxy, checked_host, join_host, split_url
from azure_iaas.errors import (
    AzureError,
    ConfigurationError,
    ConnectionLostError,
    InvalidArgumentError,
    ProtocolError,
    RequestTimeoutError,
    TransportError,
)
from azure_iaas.threads import clock, event_class, in_thread, running_loop
from azure_iaas.transport.connection import Connection
from azure_iaas.transport.deadlines import current_deadline
from azure_iaas.transport.hosting import HostedBlock
from azure_iaas.version import __version__
from azure_iaas.wire.messages import RawRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    import httpx

    from azure_iaas.config import ResolvedOptions
    from azure_iaas.credentials import ManagementCertificate
    from azure_iaas.threads import Wakeup
    from azure_iaas.wire.messages import RawResponse

    Connect = Callable[[ssl.SSLContext, ResolvedOptions, Proxy | None, ssl.SSLContext | None], "Exchanger"]

MAX_REDIRECTS = 5
USER_AGENT = f"azure-iaas/{__version__} python/{sys.version_info.major}.{sys.version_info.minor}"
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE"})
_log = logging.getLogger("azure_iaas.transport")

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"([!-~]([ \t!-~]*[!-~])?)?", re.ASCII)
_TARGET = re.compile(r"/[!\"$-~]*", re.ASCII)
_OWN_HEADERS = frozenset(
    {
        *("host", "user-agent", "content-length", "transfer-encoding", "connection", "accept-encoding"),
        "proxy-authorization",
    }
)


@runtime_checkable
class Sender(Protocol):
    """Anything that answers requests: :class:`HTTPTransport`, a local service in memory, a test."""

    async def send(self, request: RawRequest) -> RawResponse:
        """Send one request and give back its answer, whatever its status.

        Raises:
            TransportError: no complete answer; ``request_sent`` False says it may be repeated.
            ProtocolError: an answer the protocol doesn't allow.
        """
        ...


class Exchanger(Protocol):
    """What a worker sends through, one exchange at a time: a connection of ours, or an httpx transport."""

    async def exchange(self, host: str, port: int, request: RawRequest, until: float) -> RawResponse:
        """Send one request, complete with its headers, and give back the whole answer.

        Raises:
            TransportError: no complete answer; ``request_sent`` False says it may be repeated.
            ProtocolError: an answer the protocol doesn't allow.
        """
        ...

    async def aclose(self) -> None:
        """Let go of what it holds; it may be used again."""
        ...


class _Job:
    """A request on its way, and the one caller that waits for it."""

    __slots__ = ("done", "error", "request", "response", "until")

    def __init__(self, request: RawRequest, until: float, done: Wakeup) -> None:
        self.request = request
        self.until = until
        self.done = done
        self.response: RawResponse | None = None
        self.error: Exception | None = None


class HTTPTransport:
    """Sends raw requests to the management host over mutual TLS, at most ``max_connections`` at a time.

    Use it with ``async with``, on asyncio or trio, from tasks of the event loop it was entered on.

    Args:
        options: as :meth:`ClientOptions.resolve` gives them.
        certificate: shown to the service; None where ``connect`` has no use for it.
        connect: makes what each worker sends through; :class:`Connection` by default.
    """

    def __init__(
        self,
        options: ResolvedOptions,
        certificate: ManagementCertificate | None,
        *,
        connect: Connect = Connection,
    ) -> None:
        self._options = options
        self._certificate = certificate
        self._connect = connect
        self._proxy = options.proxy
        self._proxy_changes = 0
        self._proxy_context: ssl.SSLContext | None = None
        self._ssl_context: ssl.SSLContext
        self._tasks: anyio.abc.TaskGroup | None = None
        self._loop: object = None
        self._hosted: HostedBlock | None = None
        self._closing = False
        self._queue: OrderedDict[_Job, None] = OrderedDict()
        self._idle: list[Wakeup] = []
        self._event: Callable[[], Wakeup] = anyio.Event
        self._now: Callable[[], float] = anyio.current_time
        self._headers_checked: dict[str, str] = {}
        self._workers = 0
        self._worker_scopes: set[anyio.CancelScope] = set()
        self._all_ended = anyio.Event()

    @classmethod
    def through(cls, options: ResolvedOptions, transport: httpx.AsyncBaseTransport) -> Self:
        """Send through an httpx transport, which stays the caller's: it is neither opened nor closed here.

        TLS, certificates and proxies are that transport's business; redirects, limits, time-outs stay ours.

        Raises:
            ConfigurationError: it is none.
        """
        # Not at the top: importing httpx takes as long as all else a client needs, and only this needs it.
        from azure_iaas.transport.httpx_adapter import adapting  # noqa: PLC0415

        return cls(options, None, connect=adapting(transport, options))

    async def __aenter__(self) -> Self:
        """Build the SSL context, off the event loop, and open for requests.

        Raises:
            ConfigurationError: the ``ca`` option can't be used.
            RuntimeError: entered a second time.
        """
        if self._tasks is not None or self._closing:
            raise RuntimeError("a client is opened once; make a new one")
        self._loop = running_loop()
        self._event, self._now = event_class(), clock()
        if self._certificate is None:
            self._ssl_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        else:
            make = functools.partial(self._certificate.ssl_context, self._options.ca)
            self._ssl_context = await in_thread(make)
            self._ssl_context.set_alpn_protocols(["http/1.1"])
        tasks = anyio.create_task_group()
        await tasks.__aenter__()
        self._tasks = tasks
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close; after an error or a cancellation without waiting for exchanges in flight."""
        tasks = self._tasks
        if tasks is None:
            return
        self._check_loop()
        try:
            await self._close(0.0 if kind else self._options.close_timeout_seconds)
        finally:
            self._tasks = None
            self._cancel_workers()
            # The block's own error isn't the group's: given to it, it would come back in an ExceptionGroup.
            await tasks.__aexit__(None, None, None)

    async def open(self) -> None:
        """Open for requests without ``async with``; any task of the loop may close it by :meth:`aclose`.

        Raises:
            ConfigurationError: the ``ca`` option can't be used.
            RuntimeError: opened a second time.
        """
        hosted = HostedBlock(self)
        await hosted.enter()
        self._hosted = hosted

    async def aclose(self) -> None:
        """Refuse new requests, wait ``close_timeout_seconds`` for exchanges in flight, then end them.

        Closing twice is fine. Callers that are cut off get ConnectionLostError, ``request_sent`` None.

        Raises:
            RuntimeError: it was opened on another event loop.
        """
        if self._tasks is not None:
            self._check_loop()
        if self._hosted is not None:
            await self._hosted.leave()
        else:
            await self._close(self._options.close_timeout_seconds)

    def _check_loop(self) -> None:
        if running_loop() is not self._loop:
            raise RuntimeError(
                "the client belongs to another event loop: use it on the loop, and in the thread, it was"
                " opened on, and make a client of its own for each asyncio.run"
            )

    def set_proxy_url(self, url: str | None) -> None:
        """Tunnel later requests through another proxy, or through none.

        Exchanges in flight end where they are; idle connections are closed.

        Args:
            url: ``http://[user:password@]host[:port]``; None or empty for no proxy. Overrides the
                environment.

        Raises:
            ConfigurationError: not a proxy URL, or the connections aren't ours.
        """
        if self._certificate is None:
            raise ConfigurationError("set_proxy_url: the proxy of this transport is its own business")
        self._proxy = Proxy.from_url(url) if url else None
        self._proxy_changes += 1
        while self._idle:
            self._idle.pop().set()

    async def send(self, request: RawRequest) -> RawResponse:
        """Send one request and give back the answer, whatever its status; a 307 is followed.

        A :func:`~azure_iaas.transport.deadlines.deadline` around the call is kept, redirects included. May
        be called from any number of tasks. A caller cancelled while its request is queued has sent nothing;
        cancelled later, the exchange is finished without it.

        Raises:
            InvalidArgumentError: method, target or a header isn't fit to be sent.
            ConnectError, TLSError, RequestTimeoutError, ConnectionLostError: no complete answer;
                ``request_sent`` False says that it was never sent and may be repeated.
            ProtocolError: an answer HTTP doesn't allow, too large, or a redirect to a host that isn't
                allowed.
            RuntimeError: the client isn't open, or belongs to another event loop.
        """
        if self._tasks is None or self._closing:
            raise RuntimeError(
                "the client is closed: make a new one"
                if self._closing
                else "the client isn't open: use 'async with client:' around its use, or 'await"
                " client.open()'"
            )
        self._check_loop()
        _check_line(request)
        if request.headers != self._headers_checked:
            _check_headers(request.headers)
            self._headers_checked = dict(request.headers)
        until = current_deadline()
        job = _Job(request, until, self._event())
        self._queue[job] = None
        if self._idle:
            # The one that was used last: its connection is the least likely to be stale.
            self._idle.pop().set()
        elif self._workers < self._options.max_connections:
            self._workers += 1
            self._tasks.start_soon(self._work)
        try:
            if (patience := self._options.queue_timeout_seconds) is not None:
                until = min(until, self._now() + patience)
            if until < math.inf:
                with anyio.CancelScope(deadline=until):
                    await job.done.wait()
                if job in self._queue:
                    raise RequestTimeoutError("no connection became free in time", request_sent=False)
            await job.done.wait()  # its worker keeps the deadline
        finally:
            self._queue.pop(job, None)
        if job.response is None:
            raise job.error or TransportError("the exchange ended without an answer")
        return job.response

    # Workers

    def _cancel_workers(self) -> None:
        # Not the task group's scope: the caller's own block is inside that one.
        for scope in self._worker_scopes:
            scope.cancel()

    async def _work(self) -> None:
        with anyio.CancelScope() as scope:
            self._worker_scopes.add(scope)
            try:
                await self._serve_queue()
            finally:
                self._worker_scopes.discard(scope)
                self._workers -= 1
                if not self._workers:
                    self._all_ended.set()

    async def _serve_queue(self) -> None:
        connections: dict[tuple[str, int], Exchanger] = {}
        proxy_changes = self._proxy_changes
        try:
            while True:
                if proxy_changes != self._proxy_changes:
                    proxy_changes = self._proxy_changes
                    await _close_all(connections)
                elif self._queue:
                    job, _ = self._queue.popitem(last=False)
                    await self._carry_out(job, connections)
                elif self._closing:
                    return
                else:
                    wake = self._event()
                    self._idle.append(wake)
                    await wake.wait()
        finally:
            await _close_all(connections)

    async def _carry_out(self, job: _Job, connections: dict[tuple[str, int], Exchanger]) -> None:
        try:
            job.response = await self._exchange(job, connections)
        except (AzureError, AssertionError) as error:  # the latter is the verdict of a test's own transport
            job.error = error
        except Exception as error:  # noqa: BLE001 - a worker must outlive whatever a foreign transport raises
            await _close_all(connections)
            job.error = TransportError(f"the exchange failed: {type(error).__name__}")
            job.error.__cause__ = error
        except BaseException:
            job.error = ConnectionLostError("the client was closed before the answer was complete")
            raise
        finally:
            job.done.set()

    async def _exchange(self, job: _Job, connections: dict[tuple[str, int], Exchanger]) -> RawResponse:
        host, port, target = self._options.host, self._options.port, job.request.target
        for _ in range(MAX_REDIRECTS + 1):
            connection = connections.get((host, port))
            if connection is None:
                if len(connections) > 1:  # the management host's own, and the one it redirected to last
                    await _close_all(connections)
                connection = connections[host, port] = await self._new_connection()
            if self._now() >= job.until:
                raise RequestTimeoutError("the deadline passed before it was sent", request_sent=False)
            request = _complete(job.request, host, port, target)
            response = await connection.exchange(host, port, request, job.until)
            if response.status != 307:
                return response
            host, port, target = self._redirected(response)
            _log.debug("redirected to %s", join_host(host, port))
        raise ProtocolError(
            f"more than {MAX_REDIRECTS} redirects",
            status=307,
            headers=dict(response.headers),
            request_sent=True,
        )

    async def _new_connection(self) -> Exchanger:
        proxy = self._proxy
        if proxy is not None and proxy.tls and self._proxy_context is None:
            # Not the service's context: a proxy has no business with the management certificate.
            make = functools.partial(ssl.create_default_context, cadata=self._options.ca)
            self._proxy_context = await in_thread(make)
        context = self._proxy_context if proxy is not None and proxy.tls else None
        return self._connect(self._ssl_context, self._options, proxy, context)

    def _redirected(self, response: RawResponse) -> tuple[str, int, str]:
        """Give host, port and target of a 307 that may be followed ("Redirects", protocol.md 9.2).

        The request is repeated there with its body, which may hold passwords, and the redirecting host hasn't
        carried it out.
        """

        def refused(why: str) -> ProtocolError:
            return ProtocolError(
                f"redirect refused: {why}", status=307, headers=dict(response.headers), request_sent=True
            )

        try:
            url = split_url(response.headers.get("location", ""), "Location")
            if url.scheme != "https":
                raise refused("its Location isn't an https URL")
            host, port = checked_host(url.hostname, "Location"), url.port or 443
        except ConfigurationError:
            raise refused("its Location isn't a URL") from None
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        if "@" in url.netloc or not _TARGET.fullmatch(target):
            raise refused("its Location holds what no URL of the service holds")
        if not self._allows(host, port):
            raise refused(f"{join_host(host, port)} isn't an allowed host; see the option redirect_hosts")
        return host, port, target

    def _allows(self, host: str, port: int) -> bool:
        options = self._options
        if join_host(host, port) in options.redirect_hosts:
            return True
        if port not in {443, options.port}:
            return False
        below = host == options.host or (host.endswith(f".{options.host}") and not _is_address(options.host))
        return below or host in options.redirect_hosts

    async def _close(self, grace_seconds: float) -> None:
        self._closing = True
        while self._queue:
            job, _ = self._queue.popitem(last=False)
            job.error = TransportError("the client was closed before this was sent", request_sent=False)
            job.done.set()
        while self._idle:
            self._idle.pop().set()
        if self._workers:
            with anyio.move_on_after(grace_seconds):
                await self._all_ended.wait()
        if self._workers:
            self._cancel_workers()
            # Closing a connection doesn't wait for the other side, so this is short.
            with anyio.move_on_after(5, shield=True):
                await self._all_ended.wait()


async def _close_all(connections: dict[tuple[str, int], Exchanger]) -> None:
    """Close without fail: shielded, bounded, and whatever goes wrong is of no more interest."""
    with anyio.move_on_after(1, shield=True):
        while connections:
            _, connection = connections.popitem()
            try:
                await connection.aclose()
            except Exception:  # noqa: BLE001, S112 - the connection is given up anyway
                continue


def _complete(request: RawRequest, host: str, port: int, target: str) -> RawRequest:
    """Give the request as it goes to one host, with all its headers."""
    headers = {
        "Host": join_host(host, port, default_port=443),
        "User-Agent": USER_AGENT,
        **request.headers,
        "Accept-Encoding": "identity",
    }
    if request.body or request.method != "GET":
        headers["Content-Length"] = str(len(request.body))
    return RawRequest(request.method, target, headers, request.body)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _check_line(request: RawRequest) -> None:
    """Refuse what would change the meaning of the message on the wire."""
    if request.method not in _METHODS:
        raise InvalidArgumentError("send", "method", "GET, POST, PUT or DELETE")
    if not _TARGET.fullmatch(request.target):
        raise InvalidArgumentError("send", "target", "a quoted path that begins with '/'")


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise InvalidArgumentError("send", f"headers[{name!r}]", "letters, digits and '-'")
        if name.lower() in _OWN_HEADERS:
            raise InvalidArgumentError("send", f"headers[{name!r}]", "the transport writes it itself")
        if not _HEADER_VALUE.fullmatch(value):
            raise InvalidArgumentError(
                "send", f"headers[{name!r}]", "printable ASCII without line ends, nor blanks at either end"
            )
