"""Requests made to wear the endpoint out, or to be taken for two: refused, cheaply, and nobody else waits."""

from __future__ import annotations

import http.client
import socket
import ssl
import sys
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio
import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import given, settings
from hypothesis import strategies as st

from azure_iaas.emulator import LocalService
from azure_iaas.endpoint import documents
from azure_iaas.endpoint.documents import NAMESPACE, Element, read_json, read_xml
from azure_iaas.endpoint.injected_faults import DripAnswer, FaultPlan, Rule
from azure_iaas.endpoint.refusals import Refusal
from azure_iaas.endpoint.server import Limits
from tests.soak import number

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from anyio.from_thread import BlockingPortal

TIMEOUT = 20.0  # seconds; a server that needs it has hung
TARGET = b"/167a0c69-cb6f-4522-ba3e-d3bdc9c504e1/services/hostedservices"
HOST = b" HTTP/1.1\r\nHost: localhost\r\nx-ms-version: 2014-10-01\r\n"
GET = b"GET " + TARGET + HOST + b"\r\n"
POST = b"POST " + TARGET + HOST


@dataclass
class Running:
    """A local service under attack."""

    service: LocalService

    @contextmanager
    def connected(self) -> Iterator[ssl.SSLSocket]:
        service = self.service
        context = ssl.create_default_context(cafile=str(service.ca_file))
        context.load_cert_chain(str(service.pem_file))
        assert service.port is not None
        with socket.create_connection(("127.0.0.1", service.port), timeout=TIMEOUT) as plain:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
                yield connection

    def exchange(self, request: bytes) -> bytes:
        with self.connected() as connection:
            with suppress(OSError):  # refused while it was sent: the answer is there all the same
                connection.sendall(request)
                # No more will come; the method of SSLSocket would end TLS as well.
                socket.socket.shutdown(connection, socket.SHUT_WR)
            return read_to_end(connection)

    def is_alive(self) -> bool:
        return b"HTTP/1.1 200 OK" in self.exchange(GET.replace(b"Host", b"Connection: close\r\nHost"))

    @property
    def open_connections(self) -> int:
        assert self.service.server is not None
        return self.service.server.open_connections


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


@asynccontextmanager
async def serving(limits: Limits, faults: FaultPlan | None = None) -> AsyncIterator[LocalService]:
    async with LocalService(limits=limits, faults=faults) as service:
        yield service


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def portal(request: pytest.FixtureRequest) -> Iterator[BlockingPortal]:
    with start_blocking_portal(request.param) as portal:
        yield portal


@pytest.fixture(scope="module")
def running(portal: BlockingPortal) -> Iterator[Running]:
    with portal.wrap_async_context_manager(serving(Limits())) as service:
        yield Running(service)


# Requests that could be taken for two


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        b"content-length: 5\r\ntransfer-encoding: CHUNKED\r\n",
    ],
)
def test_two_lengths_end_the_connection_after_the_answer(running: Running, framing: bytes) -> None:
    before = running.service.requests.total
    hidden = GET.replace(TARGET, TARGET + b"/hidden")
    received = running.exchange(POST + framing + b"\r\n0\r\n\r\n" + hidden)
    assert received.count(b"HTTP/1.1 ") == 1
    assert b"connection: close\r\n" in received.lower()
    assert running.service.requests.total == before + 1
    assert running.is_alive()


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 4\r\nContent-Length: 5\r\n",
        b"Content-Length: +4\r\n",
        b"Content-Length: " + b"9" * 5000 + b"\r\n",
        b"Content-Length: 4, 4\r\nContent-Length: 5\r\n",
        b"Content-Length: 0x4\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 9999999999999999999\r\n",
    ],
)
def test_lengths_that_are_none_are_refused(running: Running, framing: bytes) -> None:
    received = running.exchange(POST + framing + b"\r\n0\r\n\r\n" + GET)
    assert received.count(b"HTTP/1.1 ") == 1
    assert received.split(b" ")[1] in (b"400", b"413", b"501")


# Requests that are too much


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (POST + b"".join(b"X-%d: 1\r\n" % each for each in range(200)) + b"\r\n", b"431"),
        (POST + b"X: " + b"x" * 40_000 + b"\r\n\r\n", b"431"),
        (POST + b"Content-Length: 4194305\r\n\r\n", b"413"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 5000 + b"0\r\n\r\n", b"413"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"100000\r\n%b\r\n" % (b"x" * 2**20) * 5, b"413"),
    ],
)
def test_too_much_is_refused_and_logged(running: Running, request_bytes: bytes, status: bytes) -> None:
    assert running.exchange(request_bytes).split(b" ")[1] == status
    logged = running.service.requests[-1]
    assert (logged.method, logged.target, logged.status) == ("POST", TARGET.decode(), int(status))
    assert running.is_alive()


def test_what_is_no_request_is_logged_without_one(running: Running) -> None:
    running.exchange(b"nonsense\r\n\r\n")
    logged = running.service.requests[-1]
    assert (logged.method, logged.target, logged.status, logged.code) == ("-", "-", 400, "BadRequest")


# Documents: bounded in work, whatever is in them

R = b'<R xmlns="%b">' % NAMESPACE.encode()
LARGEST = documents.BODY_LIMIT - 200
COSTLY = {
    "elements": R + b"<a>x</a>" * 100_000 + b"</R>",
    "empty elements": R + b"<a/>" * 100_000 + b"</R>",
    "unclosed": b"<a>" * 200_000,
    "attributes": b"<R " + b" ".join(b'a%d=""' % each for each in range(90_000)) + b"/>",
    "namespaces": b"<R " + b" ".join(b'xmlns:a%d="u"' % each for each in range(60_000)) + b"/>",
    "bad references": R + b"&#1;" * (LARGEST // 4) + b"</R>",
    "a document type": b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 9000 + b'">]><a>' + b"&b;" * 9000 + b"</a>",
    "another encoding": b'<?xml version="1.0" encoding="cp037"?>' + b"\x4c\xc1\x61\x6e" * 200_000,
    "too large": R + b"x" * documents.BODY_LIMIT + b"</R>",
}
COSTLY_JSON = {
    "values": b'{"a":[' + b"1," * 100_000 + b"1]}",
    "depth": b'{"a":' * 90_000,
    "lists": b"[" * 90_000,
    "a number": b'{"a":' + b"1" * LARGEST + b"}",
    "too large": b'{"a":"' + b"x" * documents.BODY_LIMIT + b'"}',
}


@pytest.mark.parametrize("name", COSTLY)
def test_a_costly_document_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_xml(COSTLY[name])
    assert (caught.value.status, caught.value.code) == (400, "InvalidXmlRequest")


@pytest.mark.parametrize("name", COSTLY_JSON)
def test_a_costly_json_document_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_json(COSTLY_JSON[name])
    assert (caught.value.status, caught.value.code) == (400, "InvalidXmlRequest")


def test_the_bounds_themselves_are_allowed() -> None:
    elements = documents.ELEMENT_LIMIT - 1
    assert len(read_xml(R + b"<a>x</a>" * elements + b"</R>").children) == elements
    with pytest.raises(Refusal):
        read_xml(R + b"<a/>" * (elements + 1) + b"</R>")
    deepest = documents.DEPTH_LIMIT
    read_xml(b"<a>" * deepest + b"</a>" * deepest)
    with pytest.raises(Refusal):
        read_xml(b"<a>" * (deepest + 1) + b"</a>" * (deepest + 1))
    text = b"x" * (documents.BODY_LIMIT - 7)
    assert read_xml(b"<R>" + text + b"</R>").text == text.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "us-ascii"])
def test_usual_encodings_are_read(encoding: str) -> None:
    text = "a" if encoding == "us-ascii" else "\xe9"
    document = f'<?xml version="1.0" encoding="{encoding}"?><R>{text}</R>'
    assert read_xml(document.encode(encoding)).text == text


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
NAMES = st.sampled_from(["A", "B", "Name", "RoleList"])
TREES = st.recursive(
    st.builds(lambda name, text: Element(name, NAMESPACE, text=text), NAMES, TEXTS),
    lambda inner: st.builds(
        lambda name, children: Element(name, NAMESPACE, children=children), NAMES, st.lists(inner, max_size=4)
    ),
    max_leaves=20,
)


def written(element: Element) -> str:
    text = element.text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")
    inner = text + "".join(map(written, element.children))
    return f'<{element.name} xmlns="{NAMESPACE}">{inner}</{element.name}>'


@given(tree=TREES)
def test_what_is_within_the_bounds_is_read_whole(tree: Element) -> None:
    assert read_xml(written(tree).encode()) == tree


@pytest.mark.timeout(number(120, 3600))
@settings(max_examples=number(300, 100_000), deadline=None)
@given(tree=TREES, data=st.data())
def test_any_document_is_read_or_refused(tree: Element, data: st.DataObject) -> None:
    body = bytearray(written(tree).encode())
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 10)))
        pieces = st.binary(max_size=6) | st.sampled_from(
            [b"<!DOCTYPE a>", b"&#0;", b"<![CDATA[", b"<?a", b"&a;"]
        )
        body[start:end] = data.draw(pieces)
    for read in (read_xml, read_json):
        with suppress(Refusal):
            read(bytes(body))


# Others meanwhile


def test_the_work_for_the_largest_requests_is_bounded() -> None:
    # In calls of functions, not in seconds: the same on any machine.
    largest = R + b"<a>x</a>" * (documents.ELEMENT_LIMIT - 1) + b"</R>"
    allowed = calls_in(lambda: read_xml(largest))
    for name, body in COSTLY.items():
        assert calls_in(lambda body=body: read_xml(body)) <= allowed, name  # type: ignore[misc]
    for name, body in COSTLY_JSON.items():
        assert calls_in(lambda body=body: read_json(body)) <= allowed, name  # type: ignore[misc]
    assert allowed < 20 * documents.ELEMENT_LIMIT


def calls_in(work: Callable[[], object]) -> int:
    """How many functions are called meanwhile."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    except Refusal:
        pass
    finally:
        sys.setprofile(before)
    return count


def test_others_are_answered_during_the_largest_requests(running: Running, portal: BlockingPortal) -> None:
    bodies = [*COSTLY.values(), R + b"<a>x</a>" * (documents.ELEMENT_LIMIT - 1) + b"</R>"]
    with running.connected() as busy:
        for body in bodies:
            busy.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert running.is_alive()
            response = http.client.HTTPResponse(busy)
            response.begin()
            assert b"<Code>InvalidXmlRequest</Code>" in response.read()


# Clients that don't take what they asked for


def test_a_client_that_does_not_read_a_dripped_answer_is_left(portal: BlockingPortal) -> None:
    limits = Limits(request_seconds=0.3, idle_seconds=0.3)
    plan = FaultPlan(Rule(DripAnswer(2**20, 0.0), times=None))
    with portal.wrap_async_context_manager(serving(limits, plan)) as service:
        running = Running(service)
        assert service.server is not None
        images = GET.replace(b"hostedservices", b"images")
        with running.connected() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            with suppress(OSError):  # it left already
                for _ in range(2000):  # more answers than the buffers on the way hold
                    connection.sendall(images)
            portal.call(until_none_is_open, running)


async def until_none_is_open(running: Running) -> None:
    with anyio.fail_after(TIMEOUT):
        while running.open_connections:  # noqa: ASYNC110 - seen from outside only
            await anyio.sleep(0.01)


# Anything at all, at the whole service

CREATE = (
    f'<CreateHostedService xmlns="{NAMESPACE}"><ServiceName>web</ServiceName><Label>YQ==</Label>'
    "<Location>West US</Location></CreateHostedService>"
).encode()
VALID = POST + b"Content-Length: %d\r\nContent-Type: application/xml\r\n\r\n" % len(CREATE) + CREATE
PIECES = [
    b"\r\n",
    b"\0",
    b":",
    b" ",
    b"chunked",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Length: 3\r\n",
    b"Expect: 100-continue\r\n",
    b"Upgrade: h2c\r\nConnection: Upgrade\r\n",
    b"HTTP/1.0",
    b"HTTP/2.0",
    b"?comp=",
    b"%00",
    b"/../",
    b"<!--",
    b"\xff",
]


@st.composite
def almost_requests(draw: st.DrawFn) -> bytes:
    data = bytearray(VALID * draw(st.integers(1, 2)))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 20)))
        data[start:end] = draw(st.binary(max_size=8) | st.sampled_from(PIECES))
    return bytes(data)


@pytest.mark.timeout(number(120, 3600))
@settings(max_examples=number(60, 20_000), deadline=None)
@given(data=st.binary(max_size=300) | almost_requests())
def test_any_bytes_get_an_answer_or_an_end(running: Running, data: bytes) -> None:
    received = running.exchange(data)  # which ends: the socket has a time limit
    assert received == b"" or received.startswith(b"HTTP/1.1 ")
    assert b"Traceback" not in received
    assert b"InternalError" not in received
    for line in (each.line() for each in running.service.requests[-3:]):
        assert line.isprintable()


def test_nothing_is_left_of_all_that(running: Running, portal: BlockingPortal) -> None:
    portal.call(until_none_is_open, running)
    assert running.is_alive()
