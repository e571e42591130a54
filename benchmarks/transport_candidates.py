"""What sits under httpx's API: candidates side by side, with the legacy SDK as yardstick.

Every candidate sends through the same ``HTTPTransport`` (workers, queue), each worker with one connection, to
the same mutual-TLS server in another process, which answers the operation status document. Figures are of the
client process: CPU (user and system) per request, and requests per second. Candidates that aren't installed
are skipped.

    python benchmarks/transport_candidates.py [--requests 3000] [--at-once 1,50,400] [--rounds 2]

Needs ``trustme`` and ``azure-servicemanagement-legacy``; takes ``httpx2`` and ``httpx-aiohttp`` along if
present.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import platform
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpcore
import httpx
import trustme

from azure_iaas.config import ClientOptions, ResolvedOptions
from azure_iaas.credentials import ManagementCertificate
from azure_iaas.transport import Connection, Exchanger, HTTPTransport
from azure_iaas.transport.httpx_adapter import HttpxAdapter
from azure_iaas.wire.messages import RawRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from azure_iaas.addresses import Proxy

    Candidate = Callable[
        [ssl.SSLContext, ResolvedOptions, Proxy | None, ssl.SSLContext | None], httpx.AsyncBaseTransport
    ]

SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
REQUEST_ID = "fa0e457857e09af680010da949e982dd"
REQUEST = RawRequest("GET", f"/{SUBSCRIPTION}/operations/{REQUEST_ID}", {"x-ms-version": "2014-10-01"})
BODY = (
    b'<Operation xmlns="http://schemas.microsoft.com/windowsazure"'
    b' xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
    b"<ID>fa0e4578-57e0-9af6-8001-0da949e982dd</ID><Status>InProgress</Status></Operation>"
)
ANSWER = (
    b"HTTP/1.1 200 OK\r\ncache-control: no-cache\r\ncontent-length: %d\r\n"
    b"content-type: application/xml; charset=utf-8\r\n"
    b"server: 1.0.6198.348 (rd_rdfe_stable.160330-1613) Microsoft-HTTPAPI/2.0\r\n"
    b"x-ms-servedbyregion: ussouth2\r\nx-ms-request-id: %b\r\ndate: Mon, 18 Apr 2016 21:15:31 GMT\r\n\r\n"
) % (len(BODY), REQUEST_ID.encode()) + BODY


class Answering(asyncio.Protocol):
    """Answers each request head with the same document: as little work as a server can do."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.received = b""

    def data_received(self, data: bytes) -> None:
        *heads, self.received = (self.received + data).split(b"\r\n\r\n")
        self.transport.write(ANSWER * len(heads))


async def serve(folder: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(folder / "ca.pem")
    server = await asyncio.get_running_loop().create_server(
        Answering, "127.0.0.1", 0, ssl=context, backlog=1024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


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


def candidates() -> dict[str, tuple[Candidate | None, tuple[str, ...]]]:
    limits = httpx.Limits(max_connections=1)
    both, one = ("asyncio", "trio"), ("asyncio",)
    transports: dict[str, tuple[Candidate | None, tuple[str, ...]]] = {
        "Connection (ours: h11 on anyio)": (None, both),
        "httpcore.AsyncHTTPConnection": (lambda context, *_: HTTPCoreConnection(context), both),
        "httpx.AsyncHTTPTransport": (
            lambda context, *_: httpx.AsyncHTTPTransport(verify=context, limits=limits),
            both,
        ),
        "the same, traced": (lambda context, *_: Traced(verify=context, limits=limits), both),
    }
    if importlib.util.find_spec("httpx2"):
        httpx2: Any = importlib.import_module("httpx2")
        transports["httpx2.AsyncHTTPTransport"] = (lambda context, *_: HTTPX2(httpx2, context), both)
    if importlib.util.find_spec("httpx_aiohttp"):
        aiohttp: Any = importlib.import_module("aiohttp")
        httpx_aiohttp: Any = importlib.import_module("httpx_aiohttp")

        def connect(context: ssl.SSLContext, *_: object) -> httpx.AsyncBaseTransport:
            connector = aiohttp.TCPConnector(limit=1, ssl=context)
            transport = httpx_aiohttp.AiohttpTransport(client=aiohttp.ClientSession(connector=connector))
            assert isinstance(transport, httpx.AsyncBaseTransport)
            return PathInURL(transport)

        transports["httpx-aiohttp"] = (connect, one)
    return transports


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


async def measure(
    candidate: Candidate | None,
    options: ResolvedOptions,
    certificate: ManagementCertificate,
    at_once: int,
    requests: int,
) -> tuple[float, float]:
    def connect(*wiring: Any) -> Exchanger:
        return Closed(candidate(*wiring), options) if candidate else Connection(*wiring)

    async with HTTPTransport(options, certificate, connect=connect) as transport:

        async def caller(share: Iterator[int]) -> None:
            for _ in share:
                assert (await transport.send(REQUEST)).body == BODY

        async def all_callers(total: int) -> None:
            share = iter(range(total))
            async with anyio.create_task_group() as tasks:
                for _ in range(at_once):
                    tasks.start_soon(caller, share)

        await all_callers(max(at_once, 32))  # connections open, caches warm
        cpu, clock = time.process_time(), time.perf_counter()
        await all_callers(requests)
        return time.process_time() - cpu, time.perf_counter() - clock


def measure_legacy(folder: Path, port: int, at_once: int, requests: int) -> tuple[float, float]:
    import requests as requests_library
    from azure.servicemanagement import ServiceManagementService

    os.environ["REQUESTS_CA_BUNDLE"] = str(folder / "ca.pem")
    session = requests_library.Session()
    session.cert = str(folder / "client.pem")
    service = ServiceManagementService(
        SUBSCRIPTION, request_session=session, host=f"localhost:{port}", timeout=60
    )
    for _ in range(10):
        service.get_operation_status(REQUEST_ID)
    share, lock = iter(range(requests)), threading.Lock()

    def caller() -> None:
        while True:
            with lock:
                if next(share, None) is None:
                    return
            service.get_operation_status(REQUEST_ID)

    threads = [threading.Thread(target=caller) for _ in range(at_once)]
    cpu, clock = time.process_time(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.process_time() - cpu, time.perf_counter() - clock


def write_certificates(folder: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        folder / "server.pem"
    )
    authority.issue_cert("management@example.org").private_key_and_cert_chain_pem.write_to_path(
        folder / "client.pem"
    )


def show(name: str, runtime: str, at_once: int, requests: int, figures: tuple[float, float]) -> None:
    cpu, clock = figures
    print(
        f"{at_once:4} {name:34} {runtime:8} {cpu / requests * 1000:7.3f} ms {requests / clock:7.0f}/s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--at-once", default="1,50,400")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(serve(arguments.serve))
        return
    print(f"Python {platform.python_version()}, {ssl.OPENSSL_VERSION}, {os.cpu_count()} cores")
    print("  at once, candidate, runtime, client CPU per request, requests per second")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_certificates(folder)
        command = [sys.executable, __file__, "--serve", name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                port = int(server.stdout.readline())
                certificate = ManagementCertificate.from_pem_file(folder / "client.pem")
                options = ClientOptions.resolve({"host": f"localhost:{port}", "ca": folder / "ca.pem"}, {})
                options = options.model_copy(update={"keep_alive_seconds": 600.0})
                for at_once in map(int, arguments.at_once.split(",")):
                    for _ in range(arguments.rounds):
                        requests = arguments.requests
                        for candidate, (connect, runtimes) in candidates().items():
                            for runtime in runtimes:
                                figures = anyio.run(
                                    measure, connect, options, certificate, at_once, requests, backend=runtime
                                )
                                show(candidate, runtime, at_once, requests, figures)
                        figures = measure_legacy(folder, port, at_once, requests)
                        show("azure-servicemanagement-legacy", "threads", at_once, requests, figures)
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
