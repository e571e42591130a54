"""Any httpx transport in the place of our own connection: mocks, recorders, instrumented or proxying ones."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import anyio
import httpx

from azure_iaas.addresses import join_host
from azure_iaas.errors import (
    AzureError,
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    ProtocolError,
    RequestTimeoutError,
)
from azure_iaas.transport.connection import joined_headers
from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.config import ResolvedOptions
    from azure_iaas.wire.messages import RawRequest

# Raised before a connection is there, so before anything is sent. A ProxyError is a refused tunnel.
_NEVER_SENT = (
    *(httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout),
    *(httpx.ProxyError, httpx.UnsupportedProtocol),
)


class HttpxAdapter:
    """Sends through an ``httpx.AsyncBaseTransport``, which it neither opens nor closes: it isn't ours.

    Args:
        transport: what sends; it may be shared by any number of adapters.
        options: time-outs and limits.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, options: ResolvedOptions) -> None:
        self._transport = transport
        self._options = options

    async def exchange(self, host: str, port: int, request: RawRequest, until: float) -> RawResponse:
        """Send one request and read its whole answer.

        Raises:
            ConnectError, RequestTimeoutError, ConnectionLostError: no complete answer; ``request_sent`` is
                False when no connection was made, True when the answer had begun, else None.
            ProtocolError: the answer is compressed though nobody asked, or larger than allowed.
        """
        answer: httpx.Response | None = None
        end = min(until, anyio.current_time() + self._options.exchange_timeout_seconds)
        try:
            with anyio.CancelScope(deadline=end):
                answer = await self._transport.handle_async_request(self._outgoing(host, port, request, end))
                try:
                    body = await self._body(answer)
                finally:
                    await answer.aclose()
                return RawResponse(answer.status_code, joined_headers(answer.headers.raw), body)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise _ours(error, answer) from error
        raise _with_facts(RequestTimeoutError("the service didn't answer completely in time"), answer)

    async def aclose(self) -> None:
        """Do nothing: whoever made the transport closes it."""

    def _outgoing(self, host: str, port: int, request: RawRequest, end: float) -> httpx.Request:
        options, left = self._options, end - anyio.current_time()
        timeouts = {
            "connect": min(left, options.connect_timeout_seconds),
            "read": min(left, options.read_timeout_seconds),
            "write": min(left, options.write_timeout_seconds),
            "pool": left,
        }
        return httpx.Request(
            request.method,
            f"https://{join_host(host, port, default_port=443)}{request.target}",
            headers=list(request.headers.items()),
            content=request.body,
            # httpx rewrites paths; the target is sent as it is.
            extensions={"target": request.target.encode("ascii"), "timeout": timeouts},
        )

    async def _body(self, answer: httpx.Response) -> bytes:
        if answer.headers.get("content-encoding", "identity").lower() != "identity":
            # Decompressing would undo the bound on size.
            raise _with_facts(ProtocolError("the answer is compressed though nobody asked"), answer)
        body = BytesIO()
        # Not aiter_raw: that refuses an answer made with its content, as mocks make theirs.
        parts = aiter(answer.stream)  # type: ignore[arg-type]
        try:
            async for part in parts:
                body.write(part)
                del part  # a frame's locals have no body
                if body.tell() > (limit := self._options.max_response_bytes):
                    raise _with_facts(ProtocolError(f"the answer is larger than {limit} bytes"), answer)
        finally:
            if (close := getattr(parts, "aclose", None)) is not None:  # a generator left in the middle
                await close()
        return body.getvalue()


def adapting(transport: object, options: ResolvedOptions) -> Callable[..., HttpxAdapter]:
    """Give what makes an adapter for each worker, whatever that tells of TLS and proxies.

    Raises:
        ConfigurationError: it is no httpx transport.
    """
    if not isinstance(transport, httpx.AsyncBaseTransport):
        raise ConfigurationError(
            "transport: an httpx.AsyncBaseTransport is needed, or an object with an async method 'send',"
            f" not {type(transport).__name__}"
        )
    return lambda *_: HttpxAdapter(transport, options)


def _ours(error: Exception, answer: httpx.Response | None) -> AzureError:
    # The type alone is told: texts of httpx may repeat a proxy's URL, which may hold a password.
    kind = type(error).__name__
    sent = False if isinstance(error, _NEVER_SENT) else None
    if isinstance(error, httpx.TimeoutException):
        timeout = RequestTimeoutError(f"a time-out passed ({kind})", request_sent=sent)
        timeout.unreachable = isinstance(error, httpx.ConnectTimeout)
        return _with_facts(timeout, answer)
    if sent is False:
        return ConnectError(f"no connection could be made ({kind})")
    return _with_facts(ConnectionLostError(f"the connection failed ({kind})"), answer)


def _with_facts(error: AzureError, answer: httpx.Response | None) -> AzureError:
    if answer is not None:
        error.request_sent = True
        error.status = answer.status_code
        error.headers = joined_headers(answer.headers.raw)
        error.request_id = error.headers.get("x-ms-request-id")
    return error
