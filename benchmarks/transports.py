"""What sits under a call: candidates for the connection, side by side.

All send through the same workers, each of which has one connection, to the same server as above; nothing is
parsed. ``httpx2`` and ``httpx-aiohttp`` take part where they are installed. Figures are CPU of the client's
process for one exchange, with fifty at a time.
"""

from __future__ import annotations

import importlib.util
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio
import httpcore
import httpx

from azure_iaas.config import ClientOptions, ResolvedOptions
from azure_iaas.credentials import ManagementCertificate
from azure_iaas.transport import Connection, Exchanger, HTTPTransport
from azure_iaas.transport.httpx_adapter import HttpxAdapter
from azure_iaas.wire.messages import RawRequest
from benchmarks.calls import BODY, HEADERS, TARGET, in_turns, serving
from benchmarks.findings import Findings, Series
from benchmarks.measuring import interleaved, peer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from azure_iaas.addresses import Proxy
    from benchmarks.measuring import Effort

    Candidate = Callable[
        [ssl.SSLContext, ResolvedOptions, Proxy | None, ssl.SSLContext | None], httpx.AsyncBaseTransport
    ]

OWN: Final = "azure_iaas: h11 on anyio"
ASYNCIO_ONLY: Final = "httpx-aiohttp"
AT_ONCE: Final = 50
REQUEST: Final = RawRequest("GET", TARGET, HEADERS)


class HTTPCoreConnection(httpx.AsyncBaseTransport):
    """httpx's engine, without its pool: one ``httpcore.AsyncHTTPConnection``."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context
        self.connection: httpcore.AsyncHTTPConnection | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host, port = request.url.raw_host, request.url.port or 443
        if self.connection is None:
            origin = httpcore.Origin(b"https", host, port)
            self.connection = httpcore.AsyncHTTPConnection(origin, ssl_context=self.context)
        response = await self.connection.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=b"https", host=host, port=port, target=request.extensions["target"]),
                headers=request.headers.raw,
                content=await request.aread(),
                extensions={"timeout": request.extensions["timeout"]},
            )
        )
        body = await response.aread()
        await response.aclose()
        return httpx.Response(response.status, headers=response.headers, stream=httpx.ByteStream(body))

    async def aclose(self) -> None:
        if self.connection is not None:
            await self.connection.aclose()


class HTTPX2(httpx.AsyncBaseTransport):
    """httpx2's transport, its objects turned into httpx's."""

    def __init__(self, module: Any, context: ssl.SSLContext) -> None:
        self.module = module
        self.transport = module.AsyncHTTPTransport(verify=context, limits=module.Limits(max_connections=1))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.transport.handle_async_request(
            self.module.Request(
                request.method,
                self.module.URL(str(request.url)),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        body = await response.aread()
        await response.aclose()
        return httpx.Response(
            response.status_code, headers=response.headers.raw, stream=httpx.ByteStream(body)
        )

    async def aclose(self) -> None:
        await self.transport.aclose()


class Traced(httpx.AsyncHTTPTransport):
    """httpx's own, with the ``trace`` extension it needs to tell whether a request was sent."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async def trace(name: str, _info: Any) -> None:
            if name == "http11.send_request_headers.started":
                self.request_sent = None

        request.extensions["trace"] = trace
        return await super().handle_async_request(request)


def candidates() -> dict[str, Candidate | None]:
    """What makes one connection, by name; None for the library's own."""
    limits = httpx.Limits(max_connections=1)
    transports: dict[str, Candidate | None] = {
        OWN: None,
        "httpcore.AsyncHTTPConnection": lambda context, *_: HTTPCoreConnection(context),
        "httpx.AsyncHTTPTransport": lambda context, *_: httpx.AsyncHTTPTransport(
            verify=context, limits=limits
        ),
        "the same, traced": lambda context, *_: Traced(verify=context, limits=limits),
    }
    if importlib.util.find_spec("httpx2"):
        httpx2: Any = importlib.import_module("httpx2")
        transports["httpx2.AsyncHTTPTransport"] = lambda context, *_: HTTPX2(httpx2, context)
    if importlib.util.find_spec("httpx_aiohttp"):
        transports[ASYNCIO_ONLY] = over_aiohttp
    return transports


def over_aiohttp(context: ssl.SSLContext, *_: object) -> httpx.AsyncBaseTransport:
    aiohttp: Any = importlib.import_module("aiohttp")
    httpx_aiohttp: Any = importlib.import_module("httpx_aiohttp")
    connector = aiohttp.TCPConnector(limit=1, ssl=context)
    transport = httpx_aiohttp.AiohttpTransport(client=aiohttp.ClientSession(connector=connector))
    assert isinstance(transport, httpx.AsyncBaseTransport)
    return PathInURL(transport)


class PathInURL(httpx.AsyncBaseTransport):
    """For a transport that doesn't know the ``target`` extension."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self.transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        # Made anew without a stream: aiohttp would send an empty one as a chunked body.
        plain = httpx.Request(
            request.method,
            request.url.copy_with(raw_path=request.extensions["target"]),
            headers=request.headers,
            extensions={"timeout": request.extensions["timeout"]},
        )
        return await self.transport.handle_async_request(plain)

    async def aclose(self) -> None:
        await self.transport.aclose()


class Closed(HttpxAdapter):
    """An adapter that closes the transport, which was made for it."""

    async def aclose(self) -> None:
        await self._transport.aclose()


async def ask(name: str, folder: Path, port: int) -> None:
    """Take turns as a peer."""
    candidate = candidates()[name]
    certificate = ManagementCertificate.from_pem_file(folder / "client.pem")
    options = ClientOptions.resolve({"host": f"localhost:{port}", "ca": folder / "ca.pem"}, {})
    options = options.model_copy(update={"keep_alive_seconds": 600.0})

    def connect(*wiring: Any) -> Exchanger:
        return Closed(candidate(*wiring), options) if candidate else Connection(*wiring)

    async with HTTPTransport(options, certificate, connect=connect) as transport:

        async def once() -> None:
            assert (await transport.send(REQUEST)).body == BODY

        await in_turns(once)


def measure(effort: Effort) -> Findings:
    runs = [
        (name, runtime)
        for name in candidates()
        for runtime in ("asyncio", "trio")
        if (name, runtime) != (ASYNCIO_ONLY, "trio")
    ]
    with serving() as (folder, port), ExitStack() as stack:
        took = interleaved(
            {
                f"{name}, {runtime}": partial(
                    stack.enter_context(peer(__name__, name, runtime, str(folder), str(port))),
                    at_once=AT_ONCE,
                    calls=effort.number(200, 400),
                )
                for name, runtime in runs
            },
            effort.number(3, 5),
        )
        medians = {name: took.median(name) for name in took.taken}
    return Findings(
        series=[Series("CPU of an exchange", name, "", "ms", [(1, each)]) for name, each in medians.items()]
    )


def main() -> None:
    name, runtime, folder, port = sys.argv[1:]
    anyio.run(ask, name, Path(folder), int(port), backend=runtime)


if __name__ == "__main__":
    main()
