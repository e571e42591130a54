"""Hostile answers and requests over TLS: what leaves, how long the event loop stands still, how much memory.

Run from the repository's root::

    python -m benchmarks.hostile             # 5,000 changed messages each way, then those made to be costly
    python -m benchmarks.hostile 100000

*answers*: a server in a process of its own answers the client. *requests*: a client in a process of its own
sends to the local service. Messages are mutations of the golden vectors', of every tenth the framing too, and
those below, which are as costly as they are allowed to be. Printed are the findings (an error that isn't
documented, an answer of 500), the most CPU time the event loop's thread spent between two of its turns, and
the most memory beyond what there was before, of costly ones alone, with ``tracemalloc``, in a run of its own:
over the size of the body where that is half a MiB or more, and in all. Ends with 1 when there are findings.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import multiprocessing
import platform
import selectors
import socket
import ssl
import tempfile
import time
import tracemalloc
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import trustme

from azure_iaas import AzureError, ManagementCertificate, ServiceManagementClient
from azure_iaas.emulator import LocalService
from azure_iaas.operations import REGISTRY
from azure_iaas.operations.operation import Call
from azure_iaas.wire.messages import RawRequest
from tools.fuzz.harnesses import SUBSCRIPTION, seeds
from tools.fuzz.mutation import mutations

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from multiprocessing.connection import Connection

KIBI = 1024
MEBI = 1024 * 1024
LARGE_BYTES = MEBI // 2
"""Of what is smaller, a few objects are many times its size."""
RESTORED_EVERY = 1000
XMLNS = "http://schemas.microsoft.com/windowsazure"


# What is sent


def answer(body: bytes, status: bytes = b"200", kind: bytes = b"application/xml") -> bytes:
    length = len(body)
    return b"HTTP/1.1 %b OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (
        status,
        kind,
        length,
        body,
    )


def filled(before: bytes, each: bytes, after: bytes, size: int) -> bytes:
    return before + each * ((size - len(before) - len(after)) // len(each)) + after


def numbered(before: bytes, each: bytes, after: bytes, count: int) -> bytes:
    return before + b"".join(each % index for index in range(count)) + after


def chunked(body: bytes, size: int) -> bytes:
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def costly_answers() -> dict[str, tuple[str, bytes, int]]:
    """Name: the operation it answers, the whole answer, and the size of its body."""
    found: dict[str, tuple[str, bytes, int]] = {}

    def add(name: str, operation: str, body: bytes, *more: bytes) -> None:
        found[name] = operation, answer(body, *more), len(body)

    for size, label in ((28 * KIBI, "28 KiB"), (64 * KIBI - 64, "64 KiB"), (1 * MEBI, "1 MiB")):
        roles = b"<Deployment><RoleList>", b"</RoleList></Deployment>"
        role = roles[0] + b"<Role>", b"</Role>" + roles[1]
        sized = {
            "empty roles": (roles[0], b"<Role/>", roles[1]),
            "roles that are texts": (roles[0], b"<Role>x</Role>", roles[1]),
            "unknown elements": (role[0], b"<a/>", role[1]),
            "one element again and again": (role[0], b"<RoleName/>", role[1]),
            "references": (role[0] + b"<RoleName>", b"&#1;", b"</RoleName>" + role[1]),
            "text": (role[0] + b"<RoleName>", b"x", b"</RoleName>" + role[1]),
        }
        for name, (before, each, after) in sized.items():
            add(f"{name}, {label}", "GetDeployment", filled(before, each, after, size))
        add(f"an error, {label}", "GetDeployment", filled(b"<Error>", b"<Code/>", b"</Error>", size), b"409")
        images = filled(b"<Images>", b"<OSImage/>", b"</Images>", size)
        add(f"empty images, {label}", "ListOSImages", images)
    add("roles, as many as allowed", "GetDeployment", roles[0] + b"<Role/>" * 249_000 + roles[1])
    add("elements, as many as allowed", "GetDeployment", filled(role[0], b"<a>x</a>", role[1], 8 * 249_000))
    add("attributes, as many as allowed", "GetDeployment", numbered(b"<a ", b'a%d="" ', b"/>", 49_999))
    add("unclosed", "GetDeployment", b"<a>" * 400_000)
    add("text, as much as allowed", "GetDeployment", filled(role[0], b"x", role[1], 16 * MEBI))
    add("larger than is read", "GetDeployment", filled(role[0], b"x", role[1], 63 * MEBI))
    many = filled(b"<Deployment><Name>", b"x", b"</Name></Deployment>", 1 * MEBI)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    found["chunks of one byte"] = "GetDeployment", head + chunked(many, 1), len(many)
    small = answer(b"<Deployment/>")
    interim = b"HTTP/1.1 100 \r\n\r\n" * 20_000
    found["interim answers"] = "GetDeployment", interim + small, len(interim)
    fields = b"HTTP/1.1 200 OK\r\n" + b"a:\r\n" * 20_000 + b"Content-Length: 0\r\n\r\n"
    found["header fields"] = "GetDeployment", fields, len(fields)
    return found


def request(method: bytes, target: bytes, body: bytes, kind: bytes = b"application/xml") -> bytes:
    head = b"%b %b HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2014-10-01\r\n" % (method, target)
    return head + b"Content-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (kind, len(body), body)


def costly_requests() -> dict[str, tuple[bytes, int]]:
    """Name: the whole request, and the size of its body."""
    target = f"/{SUBSCRIPTION}/services/hostedservices".encode()
    root = b'<CreateHostedService xmlns="%b">' % XMLNS.encode(), b"</CreateHostedService>"
    largest, json_kind = MEBI - 200, b"application/json"
    deployments = target + b"/svc/deployments"
    role = b'<Deployment xmlns="%b"><RoleList><Role>' % XMLNS.encode(), b"</Role></RoleList></Deployment>"
    bodies = {
        "elements, as many as allowed": (target, root[0] + b"<a>x</a>" * 4_999 + root[1], b"application/xml"),
        "text, as much as allowed": (target, filled(root[0], b"x", root[1], largest), b"application/xml"),
        "references": (target, filled(root[0], b"&#65;", root[1], largest), b"application/xml"),
        "more elements than allowed": (target, root[0] + b"<a/>" * 200_000 + root[1], b"application/xml"),
        "attributes": (target, numbered(b"<a ", b'a%d="" ', b"/>", 4_999), b"application/xml"),
        "unclosed": (target, b"<a>" * 300_000, b"application/xml"),
        "roles": (deployments, role[0] + b"</Role><Role>" * 2_490 + role[1], b"application/xml"),
        "configuration sets": (
            deployments,
            role[0]
            + b"<ConfigurationSets>"
            + b"<ConfigurationSet/>" * 4_900
            + b"</ConfigurationSets>"
            + role[1],
            b"application/xml",
        ),
        "JSON values": (target, b'{"a":[' + b"1," * 4_990 + b"1]}", json_kind),
        "JSON text": (target, b'{"a":"' + b"x" * largest + b'"}', json_kind),
        "larger than is read": (target, b"x" * (4 * MEBI - 1), b"application/xml"),
        "a query": (target + b"?" + b"&".join(b"a%d=1" % each for each in range(3_500)), b"", b""),
    }
    found = {
        name: (request(b"POST", where, body, kind), len(body)) for name, (where, body, kind) in bodies.items()
    }
    head = b"POST " + target + b" HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2014-10-01\r\n"
    some = b"x" * 4096
    found["chunks of one byte"] = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(some, 1), 6 * 4096
    fields = head + b"a:\r\n" * 7_000 + b"\r\n"
    found["header fields"] = fields, len(fields)
    return found


# What is measured


class Watching(selectors.DefaultSelector):
    """Notes the most CPU time the loop's thread took between two of its turns."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._since = time.thread_time()

    def select(self, timeout: float | None = None) -> Any:
        self.longest = max(self.longest, time.thread_time() - self._since)
        ready = super().select(timeout)
        self._since = time.thread_time()
        return ready


@dataclass
class Worst:
    """The largest of some figures, and what it was of."""

    value: float = 0.0
    of: str = "nothing"

    def take(self, value: float, of: str) -> None:
        if value > self.value:
            self.value, self.of = value, of


@dataclass
class Figures:
    """What one direction showed."""

    count: int = 0
    blocked: Worst = field(default_factory=Worst)
    costly: Worst = field(default_factory=Worst)
    ratio: Worst = field(default_factory=Worst)
    memory: Worst = field(default_factory=Worst)
    findings: list[str] = field(default_factory=list)

    def take_memory(self, used: int, size: int, of: str) -> str:
        """Take in a peak; gives what to print."""
        self.memory.take(used / MEBI, of)
        if size >= LARGE_BYTES:
            self.ratio.take(used / size, of)
        return f"{of}: {used / MEBI:.1f} MiB for its {size / MEBI:.2f}"


def on_watched_loop(main: Callable[[Watching], Awaitable[None]]) -> None:
    selector = Watching()
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:

        async def run() -> None:
            await main(selector)

        runner.run(run())


# Answers


def messages(name: str, count: int) -> Iterator[tuple[bytes, bytes]]:
    """The first line of a mutation, and its body."""
    for data in mutations(seeds(name), Random(2012), count):
        line, _, body = data.partition(b"\n")
        yield line, body


def mutated_answers(count: int) -> Iterator[bytes]:
    random = Random(2013)
    for number, (line, body) in enumerate(messages("answers", count)):
        _, status, kind = (*line.split(b" ", 2), b"", b"", b"")[:3]
        known = status if status.isdigit() and len(status) == 3 and b"200" <= status < b"600" else b"200"
        clean = kind if kind.isalnum() or kind in {b"application/json", b"application/xml"} else b"text/html"
        data = answer(body, known, clean)
        yield next(mutations([data], random, 1)) if number % 10 == 0 else data


def serve_answers(answers: list[bytes] | int, folder: str, pipe: Connection) -> None:
    """Answer every request with the next one; so many mutations, or those given."""
    following = iter(mutated_answers(answers) if isinstance(answers, int) else answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/server.pem")
    framing = iter(range(10**9))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, asyncio.IncompleteReadError):
            while data := next(following, b""):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(data)
                await writer.drain()
                if isinstance(answers, int) and next(framing) % 10 == 0:
                    break  # its framing may promise more than there is
        with suppress(OSError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context, limit=MEBI)
        pipe.send(server.sockets[0].getsockname()[1])
        async with server:
            await server.serve_forever()

    asyncio.run(main())


async def ask(client: ServiceManagementClient, operation: str) -> str | None:
    """Call an operation; gives what is no documented outcome."""
    entry = REGISTRY[operation]
    try:
        await client._call(Call(entry, RawRequest("GET", f"/{SUBSCRIPTION}/x")))
    except AzureError:
        return None
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"{operation}: {error!r}"
    return None


def answers_way(count: int, folder: Path) -> Figures:
    figures = Figures()
    options: dict[str, Any] = {
        "ca": (folder / "ca.pem").read_text(),
        "read_timeout_seconds": 5.0,
        "fail_fast": False,
    }
    certificate = ManagementCertificate.from_pem_file(folder / "client.pem")

    def client(port: int) -> ServiceManagementClient:
        return ServiceManagementClient(
            SUBSCRIPTION, certificate, host=f"127.0.0.1:{port}", random=lambda: 0.0, **options
        )

    async def mutated(watching: Watching) -> None:
        names = [line.split(b" ", 1)[0].decode("latin-1") for line, _ in messages("answers", count)]
        with server(count, folder) as port:
            async with client(port) as caller:
                await ask(caller, "ListLocations")
                watching.longest = 0.0
                for name in names:
                    operation = name if name in REGISTRY else "GetDeployment"
                    if finding := await ask(caller, operation):
                        figures.findings.append(finding)
                    figures.blocked.take(watching.longest, operation)
                    watching.longest = 0.0
                    figures.count += 1

    async def costly(watching: Watching) -> None:
        found = costly_answers()
        tracing = tracemalloc.is_tracing()
        for name, (operation, data, size) in found.items():
            if tracing and size < MEBI // 4:
                continue  # what costs memory does so in proportion
            with server([answer(b"<Locations/>"), data], folder) as port:
                async with client(port) as caller:
                    await ask(caller, "ListLocations")
                    gc.collect()
                    before = tracemalloc.get_traced_memory()[0]
                    if tracing:
                        tracemalloc.reset_peak()
                    await asyncio.sleep(0)
                    watching.longest = 0.0
                    if finding := await ask(caller, operation):
                        figures.findings.append(f"{name}: {finding}")
                    await asyncio.sleep(0)
                    if tracing:
                        used = tracemalloc.get_traced_memory()[1] - before
                        print(f"  answer: {figures.take_memory(used, size, name)}")
                    else:
                        figures.costly.take(watching.longest, name)
                        print(f"  answer: {name}: {watching.longest * 1000:.0f} ms")

    on_watched_loop(mutated)
    on_watched_loop(costly)
    tracemalloc.start()
    on_watched_loop(costly)
    tracemalloc.stop()
    return figures


class server:  # noqa: N801 - used as a context
    """The answering process."""

    def __init__(self, answers: list[bytes] | int, folder: Path) -> None:
        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=serve_answers, args=(answers, str(folder), theirs), daemon=True
        )

    def __enter__(self) -> int:
        self._process.start()
        return int(self._pipe.recv())

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()


# Requests


def connected(port: int, folder: str) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=f"{folder}/service-ca.pem")
    context.load_cert_chain(f"{folder}/service-client.pem")
    plain = socket.create_connection(("127.0.0.1", port), timeout=30)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(plain, server_hostname="127.0.0.1")


def read_answer(connection: ssl.SSLSocket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    while len(body) < length and (more := connection.recv(65536)):
        body += more
    return head + b"\r\n\r\n" + body


def finding_in(received: bytes) -> bool:
    return b"InternalError" in received or b"Traceback" in received


def attack(port: int, folder: str, count: int, pipe: Connection) -> None:
    """Send so many mutations, and say after each thousand what was found; go on when told to."""
    random = Random(2014)
    connection: ssl.SSLSocket | None = None
    findings: list[str] = []
    for sent, (line, body) in enumerate(messages("requests", count)):
        method, target, kind = (*line.split(b" ", 2), b"", b"", b"")[:3]
        data = request(method, target, body, kind)
        # What isn't one request on one line may promise more than there is, and so may a changed framing.
        odd = sent % 10 == 0 or not (method + target + kind).isascii() or b"\n" in kind or b"\r" in line
        odd = odd or not (method and target) or b"\0" in line
        if sent % 10 == 0:
            data = next(mutations([data], random, 1))
        try:
            if odd:
                with closing(connected(port, folder)) as once:
                    once.sendall(data)
                    socket.socket.shutdown(once, socket.SHUT_WR)
                    received = read_answer(once)
            else:
                connection = connection or connected(port, folder)
                connection.sendall(data)
                received = read_answer(connection)
                if not received or b"connection: close" in received.lower():
                    connection = None
        except (OSError, ValueError) as error:
            received, connection = b"", None
            if isinstance(error, TimeoutError):
                findings.append(f"no answer to {line!r}")
        if finding_in(received):
            findings.append(f"{line!r}: {received[-300:]!r}")
        if (sent + 1) % RESTORED_EVERY == 0 or sent + 1 == count:
            pipe.send((sent + 1, findings))
            pipe.recv()


def attack_once(port: int, folder: str, requests: list[bytes], pipe: Connection) -> None:
    """Send each one when told to, on a connection of its own."""
    for data in requests:
        pipe.recv()
        received = b""
        with suppress(OSError), closing(connected(port, folder)) as connection:
            with suppress(OSError):
                connection.sendall(data)
            received = read_answer(connection)
        pipe.send(received)


async def told(pipe: Connection) -> Any:
    """What the other process says, without standing still."""
    ready = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(pipe.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(pipe.fileno())
    return pipe.recv()


def requests_way(count: int, folder: Path) -> Figures:
    figures = Figures()
    context = multiprocessing.get_context("fork")

    async def prepared(service: LocalService) -> None:
        (folder / "service-ca.pem").write_text(service.ca_file.read_text())
        (folder / "service-client.pem").write_text(service.pem_file.read_text())
        sender = service.sender()
        for seed in seeds("requests"):
            line, _, body = seed.partition(b"\n")
            method, target, kind = line.decode().split(" ", 2)
            headers = {"x-ms-version": "2014-10-01", "content-type": kind}
            with suppress(AzureError):
                await sender.send(RawRequest(method, target, headers, body))  # type: ignore[arg-type]

    async def mutated(watching: Watching) -> None:
        async with LocalService(subscriptions=[SUBSCRIPTION]) as service:
            await prepared(service)
            begun = service.snapshot()
            ours, theirs = context.Pipe()
            process = context.Process(
                target=attack, args=(service.port, str(folder), count, theirs), daemon=True
            )
            process.start()
            await asyncio.sleep(0)
            watching.longest = 0.0
            while figures.count < count:
                figures.count, figures.findings = await told(ours)
                figures.blocked.take(watching.longest, f"among the first {figures.count}")
                service.restore(begun)
                await asyncio.sleep(0)
                watching.longest = 0.0
                ours.send("go on")
            process.join()

    async def costly(watching: Watching) -> None:
        found = costly_requests()
        async with LocalService(subscriptions=[SUBSCRIPTION]) as service:
            await prepared(service)
            ours, theirs = context.Pipe()
            all_of_them = [data for data, _ in found.values()]
            process = context.Process(
                target=attack_once, args=(service.port, str(folder), all_of_them, theirs), daemon=True
            )
            process.start()
            for name, (data, size) in found.items():
                gc.collect()
                tracing = tracemalloc.is_tracing()
                before = tracemalloc.get_traced_memory()[0]
                if tracing:
                    tracemalloc.reset_peak()
                await asyncio.sleep(0)
                watching.longest = 0.0
                ours.send("go on")
                received = await told(ours)
                if finding_in(received) or not received:
                    figures.findings.append(f"{name}: {received[:300]!r}")
                await asyncio.sleep(0)
                if tracing:
                    used = tracemalloc.get_traced_memory()[1] - before
                    print(f"  request: {figures.take_memory(used, max(size, len(data)), name)}")
                else:
                    figures.costly.take(watching.longest, name)
                    print(f"  request: {name}: {watching.longest * 1000:.0f} ms, {received[9:12].decode()}")
            process.join()

    on_watched_loop(mutated)
    on_watched_loop(costly)
    tracemalloc.start()
    on_watched_loop(costly)
    tracemalloc.stop()
    return figures


def write_certificates(folder: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    authority.issue_cert("client@x.org").private_key_and_cert_chain_pem.write_to_path(folder / "client.pem")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", nargs="?", type=int, default=5000, help="changed messages each way")
    parser.add_argument("--way", choices=("answers", "requests", "both"), default="both")
    given = parser.parse_args()
    print(f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}")
    found = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_certificates(folder)
        for way, run in (("answers", answers_way), ("requests", requests_way)):
            if given.way not in (way, "both"):
                continue
            began = time.monotonic()
            figures = run(given.count, folder)
            found += len(figures.findings)
            print(f"{way}: {figures.count} changed ones over TLS in {time.monotonic() - began:.0f} s")
            print(f"  findings: {len(figures.findings)}")
            for finding in figures.findings[:20]:
                print(f"    {finding}")
            print(
                f"  loop blocked at most {figures.blocked.value * 1000:.0f} ms of CPU ({figures.blocked.of})"
            )
            print(f"  by costly ones {figures.costly.value * 1000:.0f} ms ({figures.costly.of})")
            print(f"  memory at most {figures.ratio.value:.1f} x a large body ({figures.ratio.of})")
            print(f"  and {figures.memory.value:.1f} MiB in all ({figures.memory.of})")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
