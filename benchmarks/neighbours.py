"""What others notice while the largest is worked on: median latency of small calls, alone and meanwhile.

Run from the repository's root::

    python -m benchmarks.neighbours [--rounds 7] [--calls 150]

*local service*: one client asks small questions of a local service in a process of its own, to which another
process sends the largest requests that are allowed, one after the other or ten a second. *client*: calls of
one client, while the largest answer is read by it, again and again. Rounds alone and meanwhile alternate;
printed are the medians over all calls, and the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import platform
import ssl
import statistics
import tempfile
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azure_iaas import AzureError, ManagementCertificate, ServiceManagementClient
from azure_iaas.emulator import LocalService
from benchmarks.hostile import answer, connected, costly_requests, read_answer, write_certificates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

    Meanwhile = Callable[[], AbstractAsyncContextManager[None]]

SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
STATUS = b"<Operation><ID>x</ID><Status>InProgress</Status></Operation>"
ROLE = b"<Role><RoleName>web</RoleName><RoleSize>Small</RoleSize><OsVersion>x</OsVersion></Role>"
LARGEST = b"<Deployment><RoleList>" + ROLE * 60_000 + b"</RoleList></Deployment>"
"""240,000 elements of the 250,000 allowed, in 5 MB."""
FORK = multiprocessing.get_context("fork")


# Measuring


async def latencies(ask: Callable[[], Awaitable[object]], calls: int) -> list[float]:
    taken = []
    for _ in range(calls):
        began = time.perf_counter()
        await ask()
        taken.append(time.perf_counter() - began)
    return taken


async def compared(
    label: str, ask: Callable[[], Awaitable[object]], meanwhile: Meanwhile, given: argparse.Namespace
) -> None:
    await latencies(ask, 20)
    alone: list[float] = []
    beside: list[float] = []
    ratios: list[float] = []
    for _ in range(given.rounds):
        quiet = await latencies(ask, given.calls)
        async with meanwhile():
            busy = await latencies(ask, given.calls)
        alone += quiet
        beside += busy
        ratios.append(statistics.median(busy) / statistics.median(quiet))
    print(
        f"{label}: {statistics.median(alone) * 1e3:.1f} ms alone, {statistics.median(beside) * 1e3:.1f} ms"
        f" meanwhile, {statistics.median(ratios):.1f} x (rounds {min(ratios):.1f} to {max(ratios):.1f});"
        f" the slowest {max(beside) * 1e3:.0f} ms"
    )


# The local service


def serve(folder: str, pipe: Connection) -> None:
    async def main() -> None:
        async with LocalService(subscriptions=[SUBSCRIPTION]) as service:
            (Path(folder) / "service-ca.pem").write_text(service.ca_file.read_text())
            (Path(folder) / "service-client.pem").write_text(service.pem_file.read_text())
            pipe.send(service.port)
            await asyncio.sleep(3600)

    asyncio.run(main())


def send_largest(port: int, folder: str, pause: float, go: Event) -> None:
    data, _ = costly_requests()["elements, as many as allowed"]
    connection = connected(port, folder)
    while True:
        go.wait()
        connection.sendall(data)
        read_answer(connection)
        time.sleep(pause)


async def service_way(folder: Path, given: argparse.Namespace) -> None:
    ours, theirs = FORK.Pipe()
    server = FORK.Process(target=serve, args=(str(folder), theirs), daemon=True)
    server.start()
    port = ours.recv()
    certificate = ManagementCertificate.from_pem_file(folder / "service-client.pem")
    ca = (folder / "service-ca.pem").read_text()
    async with ServiceManagementClient(SUBSCRIPTION, certificate, host=f"127.0.0.1:{port}", ca=ca) as client:
        for label, pause in (("one after the other", 0.0), ("ten a second", 0.1)):
            go = FORK.Event()
            sender = FORK.Process(target=send_largest, args=(port, str(folder), pause, go), daemon=True)
            sender.start()

            @asynccontextmanager
            async def meanwhile(go: Event = go) -> AsyncIterator[None]:
                go.set()
                await asyncio.sleep(0.2)
                try:
                    yield
                finally:
                    go.clear()
                    await asyncio.sleep(0.2)

            await compared(
                f"local service, largest requests {label}", client.list_hosted_services, meanwhile, given
            )
            sender.kill()
            sender.join()
    server.kill()
    server.join()


# The client


def serve_largest(folder: str, pipe: Connection) -> None:
    """Answer a deployment with the largest there may be, all else shortly."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/server.pem")

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(answer(LARGEST if b"/deployments/" in head else STATUS))
                await writer.drain()

    async def main() -> None:
        server = await asyncio.start_server(one, "127.0.0.1", 0, ssl=context)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def client_way(folder: Path, given: argparse.Namespace) -> None:
    ours, theirs = FORK.Pipe()
    server = FORK.Process(target=serve_largest, args=(str(folder), theirs), daemon=True)
    server.start()
    port = ours.recv()
    certificate = ManagementCertificate.from_pem_file(folder / "client.pem")
    options: dict[str, Any] = {"host": f"127.0.0.1:{port}", "ca": (folder / "ca.pem").read_text()}
    async with ServiceManagementClient(SUBSCRIPTION, certificate, options) as client:

        @asynccontextmanager
        async def meanwhile() -> AsyncIterator[None]:
            reading = asyncio.create_task(read())
            await asyncio.sleep(0.5)  # by then it is there, and read
            try:
                yield
            finally:
                reading.cancel()
                await asyncio.wait([reading])

        async def read() -> None:
            while True:
                with suppress(AzureError):
                    await client.get_deployment("svc", "dep")

        await compared(
            "client, largest answers", lambda: client.get_operation_status("ab" * 16), meanwhile, given
        )
    server.kill()
    server.join()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=150)
    given = parser.parse_args()
    print(f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_certificates(folder)
        asyncio.run(service_way(folder, given))
        asyncio.run(client_way(folder, given))


if __name__ == "__main__":
    main()
