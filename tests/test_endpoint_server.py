"""The local service's server, on real sockets with real TLS."""

from __future__ import annotations

import http.client
import json
import math
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from anyio import create_task_group
from anyio.from_thread import start_blocking_portal
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from azure_iaas.endpoint.certificates import (
    CertificateFiles,
    ensure_certificates,
    make_management_certificate,
    thumbprint,
)
from azure_iaas.endpoint.front_end import FrontEnd
from azure_iaas.endpoint.server import Limits, Server
from azure_iaas.endpoint.tls import server_context
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from anyio.from_thread import BlockingPortal
    from cryptography import x509

    from azure_iaas.endpoint.backend import Peer

    Handler = Callable[[RawRequest, Peer], RawResponse]

TIMEOUT = 10.0  # seconds; a server that needs it has hung
# A limit is short only where it is what a test waits for: a busy machine must not meet another one.
SHORT = 0.3
HOST = b" HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /sub/x" + HOST + b"\r\n"
POST = b"POST /sub/x" + HOST


def echo(request: RawRequest, peer: Peer) -> RawResponse:
    """Answer with what arrived."""
    seen = {
        "method": request.method,
        "target": request.target,
        "headers": dict(request.headers),
        "body": request.body.decode("latin-1"),
        "sha1": peer.certificate_sha1,
    }
    return RawResponse(200, {"content-type": "application/json"}, json.dumps(seen).encode())


@dataclass
class Running:
    """A server under test."""

    server: Server
    port: int
    files: CertificateFiles
    portal: BlockingPortal

    def context(
        self, pem_file: Path | None = None, *, version: ssl.TLSVersion | None = None
    ) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.files.ca_file))
        if pem_file is not None:
            context.load_cert_chain(str(pem_file))
        if version is not None:
            context.minimum_version = context.maximum_version = version
        return context

    def tcp(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)

    @contextmanager
    def connected(
        self, context: ssl.SSLContext | None = None, *, session: ssl.SSLSession | None = None
    ) -> Iterator[ssl.SSLSocket]:
        with (
            self.tcp() as plain,
            (context or self.context(self.files.pem_file)).wrap_socket(
                plain, server_hostname="127.0.0.1", session=session
            ) as connection,
        ):
            yield connection

    def is_alive(self) -> bool:
        with self.connected() as connection:
            return exchange(connection, GET).status == 200


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def seen(self) -> dict[str, Any]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


def read_answer(connection: socket.socket, *, method: str = "GET") -> Answer:
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    return Answer(response.status, response.headers, response.read())


def exchange(connection: socket.socket, request: bytes, *, method: str = "GET") -> Answer:
    connection.sendall(request)
    return read_answer(connection, method=method)


def read_to_end(connection: socket.socket) -> bytes:
    received = b""
    while True:
        try:
            data = connection.recv(65536)
        except (ConnectionResetError, ssl.SSLEOFError, BrokenPipeError):
            return received
        if not data:
            return received
        received += data


@dataclass
class Handled:
    """A backend that is one function."""

    handler: Handler

    def handle(self, request: RawRequest, peer: Peer, now: datetime) -> RawResponse:
        return self.handler(request, peer)


@asynccontextmanager
async def serving(handler: Handler, files: CertificateFiles, limits: Limits | None) -> AsyncIterator[Server]:
    context = server_context(files.server_cert_file, files.server_key_file)
    server = Server(FrontEnd(Handled(handler)), context, limits=limits)
    async with create_task_group() as tasks:
        port = await server.listen("127.0.0.1", 0)
        assert port
        tasks.start_soon(server.serve)
        yield server
        await server.aclose()
        tasks.cancel_scope.cancel()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    return ensure_certificates(tmp_path_factory.mktemp("emulator"), reuse=True)


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def portal(request: pytest.FixtureRequest) -> Iterator[BlockingPortal]:
    with start_blocking_portal(request.param) as portal:
        yield portal


@contextmanager
def started(
    portal: BlockingPortal, files: CertificateFiles, handler: Handler = echo, limits: Limits | None = None
) -> Iterator[Running]:
    with portal.wrap_async_context_manager(serving(handler, files, limits)) as server:
        yield Running(server, port_of(server), files, portal)


def port_of(server: Server) -> int:
    assert server.port is not None
    return server.port


@pytest.fixture
def running(portal: BlockingPortal, files: CertificateFiles) -> Iterator[Running]:
    with started(portal, files) as running:
        yield running


@pytest.fixture
def narrow(portal: BlockingPortal, files: CertificateFiles) -> Iterator[Running]:
    with started(portal, files, limits=Limits(header_bytes=4096, body_bytes=8192)) as running:
        yield running


def foreign_pem(folder: Path, *, now: datetime | None = None) -> tuple[Path, x509.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = make_management_certificate(key, name="somebody else", now=now)
    path = folder / "foreign.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path, certificate


# Certificates: admitted all, passed on


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_passes_on_whose_certificate_it_is(running: Running, version: ssl.TLSVersion) -> None:
    with running.connected(running.context(running.files.pem_file, version=version)) as connection:
        assert connection.version() == version.name.replace("_", ".")
        assert exchange(connection, GET).seen["sha1"] == running.files.thumbprint


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_admits_clients_without_certificate(running: Running, version: ssl.TLSVersion) -> None:
    with running.connected(running.context(version=version)) as connection:
        assert exchange(connection, GET).seen["sha1"] is None


def test_admits_a_foreign_certificate_under_its_own_name(running: Running, tmp_path: Path) -> None:
    pem, certificate = foreign_pem(tmp_path)
    with running.connected(running.context(pem)) as connection:
        assert exchange(connection, GET).seen["sha1"] == thumbprint(certificate)
    assert thumbprint(certificate) != running.files.thumbprint


def test_an_expired_certificate_is_none(running: Running, tmp_path: Path) -> None:
    pem, _ = foreign_pem(tmp_path, now=datetime.now(UTC) - timedelta(days=4000))
    with running.connected(running.context(pem)) as connection:
        assert exchange(connection, GET).seen["sha1"] is None


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_resumed_sessions_keep_the_certificate(running: Running, version: ssl.TLSVersion) -> None:
    context = running.context(running.files.pem_file, version=version)
    with running.connected(context) as connection:
        exchange(connection, GET)
        session = connection.session
    with running.connected(context, session=session) as connection:
        assert connection.session_reused
        assert exchange(connection, GET).seen["sha1"] == running.files.thumbprint


def test_refuses_tls_1_1_and_goes_on(running: Running) -> None:
    # A client hello of TLS 1.1: today's client libraries won't send one.
    body = b"\x03\x02" + b"\x00" * 32 + b"\x00" + b"\x00\x02\x00\x2f" + b"\x01\x00"
    hello = b"\x01" + len(body).to_bytes(3, "big") + body
    with running.tcp() as plain:
        plain.sendall(b"\x16\x03\x01" + len(hello).to_bytes(2, "big") + hello)
        assert read_to_end(plain)[:1] == b"\x15"  # an alert
    assert running.is_alive()


# Requests as they come


def test_keeps_connections_alive(running: Running) -> None:
    with running.connected() as connection:
        for number in range(5):
            request = b"GET /sub/%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % number
            assert exchange(connection, request).seen["target"] == f"/sub/{number}"
    assert running.server.connections == 1
    assert running.server.requests == 5


def test_answers_pipelined_requests_in_order(running: Running) -> None:
    requests = [
        b"POST /sub/%d HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc" % number
        for number in range(4)
    ]
    with running.connected() as connection:
        connection.sendall(b"".join(requests) + GET.replace(b"Host", b"Connection: close\r\nHost"))
        received = read_to_end(connection)
    assert received.count(b"HTTP/1.1 200 OK\r\n") == 5
    places = [received.index(b'"/sub/%d"' % number) for number in range(4)]
    assert places == sorted(places)


def test_reads_a_request_byte_by_byte(running: Running) -> None:
    request = b"PUT /sub/x?comp=y" + HOST + b"Content-Length: 5\r\nX-A: 1\r\nX-A: 2\r\n\r\nhello"
    with running.connected() as connection:
        for byte in request:
            connection.sendall(bytes([byte]))
        seen = read_answer(connection).seen
    assert (seen["method"], seen["target"], seen["body"]) == ("PUT", "/sub/x?comp=y", "hello")
    assert seen["headers"] == {"x-a": "1, 2"}


def test_reads_tls_records_split_on_the_way(running: Running) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = running.context(running.files.pem_file).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with running.tcp() as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                plain.sendall(outgoing.read())
                incoming.write(plain.recv(65536))
            else:
                break
        tls.write(GET)
        for byte in outgoing.read():
            plain.sendall(bytes([byte]))
        while True:
            try:
                assert tls.read().startswith(b"HTTP/1.1 200 OK\r\n")
            except ssl.SSLWantReadError:
                incoming.write(plain.recv(65536))
            else:
                break


def test_says_go_on_to_clients_that_wait_for_it(running: Running) -> None:
    with running.connected() as connection:
        connection.sendall(POST + b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 100")
        assert exchange(connection, b"body").seen["body"] == "body"


def test_head_has_the_headers_and_no_body(running: Running) -> None:
    with running.connected() as connection:
        answer = exchange(connection, GET.replace(b"GET", b"HEAD"), method="HEAD")
        assert answer.body == b""
        assert int(answer.headers["content-length"]) > 0
        assert exchange(connection, GET).status == 200


@pytest.mark.parametrize("method", ["DELETE", "POST", "OPTIONS", "PATCH", "PROPFIND"])
def test_any_method_without_content_length_reaches_the_handler(running: Running, method: str) -> None:
    with running.connected() as connection:
        for _ in range(2):
            seen = exchange(connection, GET.replace(b"GET", method.encode())).seen
            assert (seen["method"], seen["body"]) == (method, "")


def test_http_1_0_and_connection_close_end_the_connection(running: Running) -> None:
    for request in (b"GET /sub/x HTTP/1.0\r\n\r\n", GET.replace(b"Host", b"Connection: close\r\nHost")):
        with running.connected() as connection:
            assert exchange(connection, request).headers["connection"] == "close"
            assert connection.recv(1) == b""


def test_reads_chunked_bodies_and_absolute_targets(running: Running) -> None:
    with running.connected() as connection:
        seen = exchange(
            connection,
            b"POST https://management.core.windows.net/sub/x?a=b HTTP/1.1\r\n"
            b"Host: management.core.windows.net\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        ).seen
    assert (seen["target"], seen["body"]) == ("/sub/x?a=b", "abcde")


def test_every_answer_has_date_server_and_length(running: Running) -> None:
    with running.connected() as connection:
        headers = exchange(connection, GET).headers
    assert headers["date"].endswith(" GMT")
    assert "Microsoft-HTTPAPI/2.0" in headers["server"]
    assert int(headers["content-length"]) > 0


def test_large_bodies_both_ways(portal: BlockingPortal, files: CertificateFiles) -> None:
    def mirror(request: RawRequest, peer: Peer) -> RawResponse:
        return RawResponse(200, {}, request.body)

    body = bytes(range(256)) * 8192  # 2 MiB
    with started(portal, files, mirror) as running, running.connected() as connection:
        head = POST + b"Content-Length: %d\r\n\r\n" % len(body)
        assert exchange(connection, head + body).body == body


# What no client should send


def assert_refused(answer: Answer, status: int) -> None:
    assert answer.status == status
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert answer.headers["connection"] == "close"
    assert len(answer.headers["x-ms-request-id"]) == 32
    assert b"<Code>BadRequest</Code>" in answer.body
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /sub/x HTTP/1.1\r\n\r\n", 400),
        (b"GET /sub/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /sub/x" + HOST + b"Bad Name: 1\r\n\r\n", 400),
        (b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (POST + b"Content-Length: -1\r\n\r\n", 400),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"GET /sub/x" + HOST + b"X-Big: " + b"x" * 9000 + b"\r\n\r\n", 431),
        (POST + b"Content-Length: 8193\r\n\r\n", 413),
        (
            POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1000\r\n%b\r\n" % (b"x" * 4096) * 3,
            413,
        ),
    ],
)
def test_refuses_what_it_cannot_take(narrow: Running, request_bytes: bytes, status: int) -> None:
    with narrow.connected() as connection:
        assert_refused(exchange(connection, request_bytes), status)
        assert read_to_end(connection) == b""
    assert narrow.server.requests == 0
    assert narrow.is_alive()


def test_the_refusal_of_a_large_body_arrives_while_the_client_still_sends(narrow: Running) -> None:
    with narrow.connected() as connection:
        head = POST + b"Content-Length: 1000000\r\n\r\n"
        assert_refused(exchange(connection, head + b"x" * 1_000_000), 413)


def test_plain_http_is_told_so(running: Running) -> None:
    with running.tcp() as plain:
        answer = exchange(plain, GET)
        assert answer.status == 400
        assert b"HTTPS" in answer.body
        assert read_to_end(plain) == b""


def test_a_mistake_in_the_handler_is_an_error_document(
    portal: BlockingPortal, files: CertificateFiles
) -> None:
    def broken(request: RawRequest, peer: Peer) -> RawResponse:
        raise RuntimeError("secret detail")

    with started(portal, files, broken) as running, running.connected() as connection:
        for _ in range(2):
            answer = exchange(connection, GET)
            assert answer.status == 500
            assert b"<Code>InternalError</Code>" in answer.body
            assert b"secret" not in answer.body


@pytest.mark.parametrize("answer", [RawResponse(200, {"x-bad": "a\r\nb: c"}), RawResponse(42)])
def test_an_answer_http_cannot_carry_is_a_500(
    portal: BlockingPortal, files: CertificateFiles, answer: RawResponse
) -> None:
    with started(portal, files, lambda request, peer: answer) as running, running.connected() as connection:
        assert exchange(connection, GET).status == 500


# Clients that say nothing, and the end


def test_ends_connections_without_handshake(portal: BlockingPortal, files: CertificateFiles) -> None:
    limits = Limits(handshake_seconds=SHORT)
    with started(portal, files, limits=limits) as running, running.tcp() as plain:
        plain.sendall(b"\x16\x03\x01")
        assert read_to_end(plain) == b""


def test_ends_idle_connections_with_a_goodbye(portal: BlockingPortal, files: CertificateFiles) -> None:
    # Longer than the others: the first request has to come within it.
    limits = Limits(idle_seconds=3 * SHORT)
    with started(portal, files, limits=limits) as running, running.connected() as connection:
        assert exchange(connection, GET).status == 200
        assert connection.recv(1) == b""  # without the goodbye this raises


@pytest.mark.parametrize(
    "part",
    [
        b"GET /sub/x HTTP/1.1\r\nHost: loc",
        POST + b"Content-Length: 9\r\n\r\nabc",
    ],
)
def test_half_a_request_is_told_that_it_took_too_long(
    portal: BlockingPortal, files: CertificateFiles, part: bytes
) -> None:
    limits = Limits(request_seconds=SHORT)
    with started(portal, files, limits=limits) as running, running.connected() as connection:
        assert_refused(exchange(connection, part), 408)


def test_a_client_that_does_not_read_is_left(portal: BlockingPortal, files: CertificateFiles) -> None:
    def large(request: RawRequest, peer: Peer) -> RawResponse:
        return RawResponse(200, {}, b"x" * 30_000_000)

    limits = Limits(request_seconds=SHORT)
    with started(portal, files, large, limits) as running, running.connected() as connection:
        connection.sendall(GET)
        deadline = time.monotonic() + TIMEOUT
        while running.server.open_connections and time.monotonic() < deadline:
            time.sleep(0.02)
        assert running.server.open_connections == 0


def test_closing_ends_idle_connections_at_once(portal: BlockingPortal, files: CertificateFiles) -> None:
    with started(portal, files) as running:
        with running.connected() as connection, running.tcp() as silent:
            exchange(connection, GET)
            # They are no requests under way, which it would wait for.
            portal.call(partial(running.server.aclose, grace_seconds=math.inf))
            assert connection.recv(1) == b""
            assert silent.recv(1) == b""
        with pytest.raises(OSError):
            running.tcp()


def test_serves_many_connections_at_once(running: Running) -> None:
    context = running.context(running.files.pem_file)
    waiting = [running.tcp() for _ in range(400)]
    try:
        for number in (0, 399):
            with context.wrap_socket(waiting[number], server_hostname="localhost") as connection:
                assert exchange(connection, GET).status == 200
    finally:
        for plain in waiting:
            plain.close()
    assert running.is_alive()


# Clients of other kinds


def test_requests_library(running: Running) -> None:
    requests = pytest.importorskip("requests")
    with requests.Session() as session:
        session.trust_env = False
        session.verify, session.cert = str(running.files.ca_file), str(running.files.pem_file)
        for host in ("localhost", "127.0.0.1"):
            answer = session.post(f"https://{host}:{running.port}/sub/x", data=b"body", timeout=TIMEOUT)
            assert answer.json()["body"] == "body"
            assert answer.json()["sha1"] == running.files.thumbprint


def test_curl(running: Running) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl on this machine")
    url = f"https://localhost:{running.port}/sub/x"
    files = running.files
    command = [curl, "-sS", "--noproxy", "*", "--max-time", "10", "--cacert", str(files.ca_file)]
    command += ["--cert", str(files.cert_file), "--key", str(files.key_file), "-X", "DELETE", url, url]
    done = subprocess.run(command, capture_output=True, check=True, timeout=TIMEOUT * 2)
    assert done.stdout.count(b'"method": "DELETE"') == 2
    assert running.server.connections == 1


# Anything at all


@pytest.fixture(scope="module")
def fuzzed(portal: BlockingPortal, files: CertificateFiles) -> Iterator[Running]:
    limits = Limits(idle_seconds=0.1, request_seconds=0.1)
    with started(portal, files, limits=limits) as running:
        yield running


VALID = POST + b"Content-Length: 5\r\nX-Ms-Version: 2014-10-01\r\n\r\nhello"


@st.composite
def almost_http(draw: st.DrawFn) -> bytes:
    data = bytearray(VALID * draw(st.integers(1, 2)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 20)))
        data[start:end] = draw(
            st.binary(max_size=8) | st.sampled_from([b"\r\n", b"\0", b":", b" ", b"chunked"])
        )
    return bytes(data)


@settings(max_examples=60)
@given(data=st.binary(max_size=300) | almost_http())
def test_any_bytes_over_tls_are_answered_or_left(fuzzed: Running, data: bytes) -> None:
    with fuzzed.connected() as connection:
        connection.sendall(data)
        received = read_to_end(connection)
    assert received == b"" or received.startswith(b"HTTP/1.1 ")
    assert b"Traceback" not in received
    assert fuzzed.server.open_connections <= 1


@settings(max_examples=60)
@given(data=st.binary(min_size=1, max_size=300), as_tls=st.booleans())
def test_any_bytes_in_place_of_tls_are_left(fuzzed: Running, data: bytes, as_tls: bool) -> None:
    if as_tls:
        data = b"\x16\x03\x01" + len(data).to_bytes(2, "big") + data
    with fuzzed.tcp() as plain:
        plain.sendall(data)
        plain.shutdown(socket.SHUT_WR)
        assert b"Traceback" not in read_to_end(plain)


def test_still_serves_after_all_that(fuzzed: Running) -> None:
    fuzzed.server.limits = Limits()
    assert fuzzed.is_alive()
