"""What a call costs: a typed ``get_operation_status`` over mutual TLS, side by side with other clients.

The server is a process of its own, which answers each request with the same document, a thousand a second:
with a faster one, answers come in bundles, which no service at a distance gives.
Figures are CPU of the client's process for one call. The legacy SDK parses too, with a thread for each call
at a time; aiohttp and httpx are bare: they send the request and read the bytes, and look at nothing.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio

from benchmarks.findings import Findings, Goal, Series
from benchmarks.measuring import OURS, command, interleaved, peer, tell, turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from benchmarks.measuring import Effort, Peer

LEGACY: Final = "azure-servicemanagement-legacy"
BARE: Final = ("aiohttp, bare", "httpx, bare")

SUBSCRIPTION: Final = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
REQUEST_ID: Final = "fa0e457857e09af680010da949e982dd"
TARGET: Final = f"/{SUBSCRIPTION}/operations/{REQUEST_ID}"
HEADERS: Final = {"x-ms-version": "2014-10-01", "accept": "application/xml"}
BODY: Final = (
    b'<Operation xmlns="http://schemas.microsoft.com/windowsazure"'
    b' xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
    b"<ID>fa0e4578-57e0-9af6-8001-0da949e982dd</ID><Status>InProgress</Status></Operation>"
)
ANSWER: Final = (
    b"HTTP/1.1 200 OK\r\ncache-control: no-cache\r\ncontent-length: %d\r\n"
    b"content-type: application/xml; charset=utf-8\r\n"
    b"server: 1.0.6198.348 (rd_rdfe_stable.160330-1613) Microsoft-HTTPAPI/2.0\r\n"
    b"x-ms-servedbyregion: ussouth2\r\nx-ms-request-id: %b\r\ndate: Mon, 18 Apr 2016 21:15:31 GMT\r\n\r\n"
) % (len(BODY), REQUEST_ID.encode()) + BODY
SECONDS_AN_ANSWER: Final = 0.001

# The server's side


class Answering(asyncio.Protocol):
    """Answers each request head with the same document: one after the other, each in its time."""

    free_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.received = b""
        self.loop = asyncio.get_running_loop()

    def data_received(self, data: bytes) -> None:
        *heads, self.received = (self.received + data).split(b"\r\n\r\n")
        for _ in heads:
            Answering.free_at = max(Answering.free_at, self.loop.time()) + SECONDS_AN_ANSWER
            self.loop.call_at(Answering.free_at, self.transport.write, ANSWER)


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


def write_certificates(folder: Path) -> None:
    import trustme

    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    for name, hosts in (("server", ("localhost", "127.0.0.1")), ("client", ("management@example.org",))):
        pem = authority.issue_cert(*hosts).private_key_and_cert_chain_pem
        pem.write_to_path(folder / f"{name}.pem")


@contextmanager
def serving() -> Iterator[tuple[Path, int]]:
    """Give the folder of the certificates, and the port."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_certificates(folder)
        arguments = command(__name__, "serve", name)
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                yield folder, int(server.stdout.readline())
            finally:
                server.terminate()


# The clients' side: each is a process, and takes its turns


async def in_turns(ask: Callable[[], Awaitable[None]]) -> None:
    """Measure calls of an async client, so many at a time, each time asked to."""

    async def all_of(calls: int, at_once: int) -> None:
        left = iter(range(calls))

        async def one() -> None:
            for _ in left:
                await ask()

        async with anyio.create_task_group() as tasks:
            for _ in range(at_once):
                tasks.start_soon(one)

    for turn in turns():
        calls, at_once = turn["calls"], turn["at_once"]
        await all_of(max(at_once, 32), at_once)  # connections open, caches warm
        began = time.process_time()
        await all_of(calls, at_once)
        tell((time.process_time() - began) / calls * 1e3)


def client_context(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.load_cert_chain(folder / "client.pem")
    return context


async def ask_ours(folder: Path, port: int) -> None:
    from azure_iaas import ServiceManagementClient

    options = {"host": f"localhost:{port}", "ca": str(folder / "ca.pem"), "keep_alive_seconds": 600.0}
    async with ServiceManagementClient(SUBSCRIPTION, str(folder / "client.pem"), options) as client:

        async def ask() -> None:
            assert (await client.get_operation_status(REQUEST_ID)).status == "InProgress"

        await in_turns(ask)


async def ask_aiohttp(folder: Path, port: int) -> None:
    import aiohttp

    connector = aiohttp.TCPConnector(ssl=client_context(folder), keepalive_timeout=600)
    async with aiohttp.ClientSession(f"https://localhost:{port}", connector=connector) as session:

        async def ask() -> None:
            async with session.get(TARGET, headers=HEADERS) as response:
                assert await response.read() == BODY

        await in_turns(ask)


async def ask_httpx(folder: Path, port: int) -> None:
    import httpx

    limits = httpx.Limits(keepalive_expiry=600)
    async with httpx.AsyncClient(
        base_url=f"https://localhost:{port}", verify=client_context(folder), limits=limits, timeout=60
    ) as client:

        async def ask() -> None:
            assert (await client.get(TARGET, headers=HEADERS)).content == BODY

        await in_turns(ask)


def ask_legacy(folder: Path, port: int) -> None:
    warnings.simplefilter("ignore")
    from concurrent.futures import ThreadPoolExecutor

    import requests
    from azure.servicemanagement import ServiceManagementService
    from requests.adapters import HTTPAdapter

    # Not session.verify: the environment would win over it.
    os.environ["REQUESTS_CA_BUNDLE"] = str(folder / "ca.pem")
    session = requests.Session()
    session.cert = str(folder / "client.pem")
    session.mount("https://", HTTPAdapter(pool_connections=1, pool_maxsize=400))
    service = ServiceManagementService(
        SUBSCRIPTION, request_session=session, host=f"localhost:{port}", timeout=60
    )

    def ask(_: int) -> None:
        assert service.get_operation_status(REQUEST_ID).status == "InProgress"

    for turn in turns():
        with ThreadPoolExecutor(turn["at_once"]) as threads:
            list(threads.map(ask, range(max(turn["at_once"], 32))))
            began = time.process_time()
            list(threads.map(ask, range(turn["calls"])))
            tell((time.process_time() - began) / turn["calls"] * 1e3)


CLIENTS: Final[dict[str, Any]] = {
    OURS: ask_ours,
    LEGACY: ask_legacy,
    "aiohttp, bare": ask_aiohttp,
    "httpx, bare": ask_httpx,
}


def measure(effort: Effort) -> Findings:
    sizes = (1, 50) if effort.quick else (1, 10, 50, 150, 400)
    found = Findings()
    points: dict[str, list[tuple[float, float]]] = {name: [] for name in CLIENTS}
    with serving() as (folder, port), ExitStack() as stack:
        clients: dict[str, Peer] = {
            name: stack.enter_context(peer(__name__, name, str(folder), str(port))) for name in CLIENTS
        }
        for at_once in sizes:
            calls = max(effort.number(200, 400), 2 * at_once)
            shares = {"httpx, bare": 4}  # its pool takes several ms a call, of many at a time
            took = interleaved(
                {
                    name: partial(client, at_once=at_once, calls=calls // shares.get(name, 1))
                    for name, client in clients.items()
                },
                effort.number(3, 5),
            )
            for name in clients:
                points[name].append((at_once, took.median(name)))
            goals = {50: (0.25, 1.4), 1: (0.38, 1.8)}.get(at_once)
            if goals is not None:
                what = f"CPU of a typed get_operation_status, {at_once} at a time, against "
                found.goals += [
                    Goal(what + "the legacy SDK", "x", goals[0], took.ratio(OURS, LEGACY)),
                    Goal(what + "bare aiohttp", "x", goals[1], took.ratio(OURS, "aiohttp, bare")),
                ]
    found.series = [Series("CPU of a call", name, "calls at a time", "ms", points[name]) for name in CLIENTS]
    return found


def main() -> None:
    who, folder, *port = sys.argv[1:]
    if who == "serve":
        asyncio.run(serve(Path(folder)))
        return
    work = CLIENTS[who](Path(folder), int(port[0]))
    if asyncio.iscoroutine(work):
        asyncio.run(work)


if __name__ == "__main__":
    main()
