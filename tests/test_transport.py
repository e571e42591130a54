"""The transport on real sockets: three outcomes, redirects, limits, life and end."""

from __future__ import annotations

import os
import pickle
import socket
import ssl
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from azure_iaas.errors import (
    AzureError,
    ConnectError,
    ConnectionLostError,
    InvalidArgumentError,
    ProtocolError,
    RequestTimeoutError,
    TLSError,
    TransportError,
)
from azure_iaas.transport import HTTPTransport, connection
from azure_iaas.wire.messages import RawRequest, RawResponse
from tests.transport_peers import (
    AUTHORITY,
    CERTIFICATE,
    STRANGER,
    Peer,
    answer,
    answering,
    certificate,
    options,
    reset,
    server_context,
    serving,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import trustme
    from anyio.abc import ByteStream

pytestmark = pytest.mark.anyio

GET = RawRequest("GET", "/sub/operations/1", {"x-ms-version": "2014-10-01"})
POST = RawRequest("POST", "/sub/services/hostedservices", {"content-type": "application/xml"}, b"<secret/>")


@asynccontextmanager
async def opened(port: int, **more: object) -> AsyncIterator[HTTPTransport]:
    with anyio.fail_after(30):
        async with HTTPTransport(options(port, **more), CERTIFICATE) as transport:
            yield transport


# What goes out and what comes back


async def test_requests_carry_what_the_service_needs() -> None:
    async with serving(answering) as peer, opened(peer.port) as transport:
        for request in (GET, POST, RawRequest("PUT", "/p"), RawRequest("DELETE", "/d?comp=media")):
            response = await transport.send(request)
            assert (response.status, response.body) == (200, b"<ok/>")
    assert [request.line for request in peer.requests] == [
        "GET /sub/operations/1 HTTP/1.1",
        "POST /sub/services/hostedservices HTTP/1.1",
        "PUT /p HTTP/1.1",
        "DELETE /d?comp=media HTTP/1.1",
    ]
    assert [request.header("content-length") for request in peer.requests] == [[], ["9"], ["0"], ["0"]]
    assert all(request.header("host") == [f"localhost:{peer.port}"] for request in peer.requests)
    assert peer.requests[0].header("x-ms-version") == ["2014-10-01"]
    assert peer.requests[1].body == b"<secret/>"
    assert peer.connections == 1


async def test_response_headers_are_lower_case_and_joined() -> None:
    async def twice(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await stream.send(answer(b"", "202 Accepted", "X-Ms-Request-Id: abc", "Warning: one", "warning: two"))

    async with serving(twice) as peer, opened(peer.port) as transport:
        response = await transport.send(POST)
    assert response == RawResponse(
        202, {"content-length": "0", "x-ms-request-id": "abc", "warning": "one, two"}, b""
    )


async def test_pieces_and_interim_answers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_MAX_PIECES", 50)
    monkeypatch.setattr(connection, "_MAX_INTERIM", 5)
    sent: list[bytes] = []

    async def pieces(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await stream.send(sent.pop())

    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    interim = b"HTTP/1.1 102 Processing\r\n\r\n"
    async with serving(pieces) as peer, opened(peer.port) as transport:
        sent.append(chunked + b"1\r\nx\r\n" * 50 + b"0\r\n\r\n")
        assert (await transport.send(GET)).body == b"x" * 50
        sent.append(interim * 5 + answer())
        assert (await transport.send(GET)).body == b"<ok/>"
        sent.append(chunked + b"1\r\nx\r\n" * 51 + b"0\r\n\r\n")
        with pytest.raises(ProtocolError, match="more than 50 chunks"):
            await transport.send(GET)
        sent.append(interim * 6 + answer())
        with pytest.raises(ProtocolError, match="more than 5 interim answers"):
            await transport.send(GET)


async def test_others_have_their_turn_while_many_pieces_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = 0
    checkpoint = anyio.lowlevel.checkpoint

    async def counted() -> None:
        nonlocal turns
        turns += 1
        await checkpoint()

    async def pieces(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await stream.send(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 5000 + b"0\r\n\r\n"
        )

    async with serving(pieces) as peer, opened(peer.port) as transport:
        monkeypatch.setattr(anyio.lowlevel, "checkpoint", counted)
        assert (await transport.send(GET)).body == b"x" * 5000
        monkeypatch.undo()
    assert turns >= 5000 // connection._TURN_EVENTS


async def test_chunked_and_close_delimited_bodies_and_interim_responses() -> None:
    async def chunked(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await stream.send(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        await stream.send(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        await peer.read(stream)
        await stream.send(b"HTTP/1.1 200 OK\r\n\r\nuntil the end")

    async with serving(chunked, answering) as peer, opened(peer.port) as transport:
        assert (await transport.send(GET)).body == b"abcde"
        assert (await transport.send(GET)).body == b"until the end"
        assert (await transport.send(GET)).body == b"<ok/>"
    assert peer.connections == 2


# Never sent


async def closes_at_once(_peer: Peer, _stream: ByteStream) -> None:
    pass


async def resets_at_once(_peer: Peer, stream: ByteStream) -> None:
    reset(stream)


async def speaks_no_tls(_peer: Peer, stream: ByteStream) -> None:
    await stream.receive()
    await stream.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")


async def says_nothing(_peer: Peer, _stream: ByteStream) -> None:
    await anyio.sleep_forever()


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (closes_at_once, ConnectError),
        (resets_at_once, ConnectError),
        (speaks_no_tls, TLSError),
        (says_nothing, RequestTimeoutError),
    ],
)
async def test_failed_handshake_means_never_sent(behaviour: Any, error: type[AzureError]) -> None:
    async with (
        serving(behaviour, tls=False) as peer,
        opened(peer.port, connect_timeout_seconds=0.3) as transport,
    ):
        with pytest.raises(error) as caught:
            await transport.send(POST)
    assert caught.value.request_sent is False
    assert caught.value.retry_safe
    assert peer.requests == []
    assert pickle.loads(pickle.dumps(caught.value)).request_sent is False  # noqa: S301


async def test_refused_connection_means_never_sent() -> None:
    async with serving(answering) as peer:
        port = peer.port
    async with opened(port) as transport:
        with pytest.raises(ConnectError, match=f"can't connect to localhost:{port}: .*refused") as caught:
            await transport.send(GET)
    assert caught.value.request_sent is False


async def test_unknown_name_means_never_sent() -> None:
    async with HTTPTransport(options(1, host="no-such-host.invalid"), CERTIFICATE) as transport:
        with pytest.raises(ConnectError, match=r"no-such-host\.invalid") as caught:
            await transport.send(GET)
    assert caught.value.request_sent is False


@pytest.mark.parametrize(("ca", "name"), [(STRANGER, "localhost"), (AUTHORITY, "elsewhere.example")])
async def test_server_is_verified_by_authority_and_by_name(ca: trustme.CA, name: str) -> None:
    context = server_context(AUTHORITY.issue_cert(name))
    async with (
        serving(answering, context=context) as peer,
        opened(peer.port, ca=ca.cert_pem.bytes()) as transport,
    ):
        with pytest.raises(TLSError, match="isn't trusted") as caught:
            await transport.send(GET)
    assert caught.value.request_sent is False
    assert peer.requests == []


async def test_a_server_is_reached_by_address() -> None:
    async with serving(answering) as peer, opened(peer.port, host=f"127.0.0.1:{peer.port}") as transport:
        assert (await transport.send(GET)).status == 200


@pytest.mark.parametrize(
    ("version", "sent"), [(ssl.TLSVersion.TLSv1_2, False), (ssl.TLSVersion.TLSv1_3, None)]
)
async def test_refused_client_certificate(version: ssl.TLSVersion, sent: bool | None) -> None:
    context = server_context()
    context.minimum_version = context.maximum_version = version
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        # The standard library's blocking server sends the alert; anyio's TLS stream doesn't.
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(anyio.to_thread.run_sync, refuse_one, listener, context)
            async with HTTPTransport(options(port), certificate(STRANGER)) as transport:
                with pytest.raises(TLSError, match="ALERT") as caught:
                    await transport.send(GET)
    assert caught.value.request_sent is sent


def refuse_one(listener: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listener.accept()
    connection.settimeout(5)
    descriptor = os.dup(connection.fileno())
    with socket.socket(fileno=descriptor) as kept:
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(connection, server_side=True)
        # Reading to the end keeps a reset from overtaking the alert.
        kept.settimeout(5)
        with suppress(OSError):
            while kept.recv(65536):
                pass


async def test_no_worker_free_in_time_means_never_sent() -> None:
    async def silent(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await anyio.sleep_forever()

    async with serving(silent) as peer:
        more = {"max_connections": 1, "queue_timeout_seconds": 0.2, "close_timeout_seconds": 0.01}
        async with opened(peer.port, **more) as transport, anyio.create_task_group() as tasks:

            async def stuck() -> None:
                with pytest.raises(ConnectionLostError):
                    await transport.send(GET)

            tasks.start_soon(stuck)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(RequestTimeoutError) as caught:
                await transport.send(POST)
            assert caught.value.request_sent is False
            await transport.aclose()
    assert len(peer.requests) == 1


# Sent and unknown


async def closes_after_request(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)


async def resets_after_request(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    reset(stream)


async def stalls(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    await anyio.sleep_forever()


async def cuts_head(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    await stream.send(b"HTTP/1.1 202 Acc")


async def cuts_body(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    await stream.send(answer(b"<operation", "202 Accepted", "x-ms-request-id: 0af")[:-4])


async def cuts_chunk(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    await stream.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<a>")


async def stalls_in_body(peer: Peer, stream: ByteStream) -> None:
    await cuts_body(peer, stream)
    await anyio.sleep_forever()


async def drips(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    for byte in answer(b"x" * 1000):
        await stream.send(bytes([byte]))
        await anyio.sleep(0.05)


@pytest.mark.parametrize(
    ("behaviour", "error", "sent"),
    [
        (closes_after_request, ConnectionLostError, None),
        (resets_after_request, ConnectionLostError, None),
        (stalls, RequestTimeoutError, None),
        (cuts_head, ConnectionLostError, True),
        (cuts_body, ConnectionLostError, True),
        (cuts_chunk, ConnectionLostError, True),
        (stalls_in_body, RequestTimeoutError, True),
        (drips, RequestTimeoutError, True),
    ],
)
async def test_lost_answer_means_unknown_and_is_never_sent_again(
    behaviour: Any, error: type[AzureError], sent: bool | None
) -> None:
    more = {"read_timeout_seconds": 0.3, "exchange_timeout_seconds": 0.6}
    async with serving(behaviour, answering) as peer, opened(peer.port, **more) as transport:
        with pytest.raises(error) as caught:
            await transport.send(POST)
        assert caught.value.request_sent is sent
        assert not caught.value.retry_safe
        assert "secret" not in f"{caught.value!r} {caught.value}"
        assert len(peer.requests) == 1
        assert (await transport.send(GET)).status == 200
    assert peer.connections == 2


async def test_what_is_known_of_a_cut_answer_is_kept() -> None:
    async with serving(cuts_body) as peer, opened(peer.port) as transport:
        with pytest.raises(ConnectionLostError) as caught:
            await transport.send(POST)
    assert caught.value.status == 202
    assert caught.value.request_id == "0af"
    assert caught.value.headers["content-length"] == "10"


async def test_write_time_out_means_unknown() -> None:
    async def reads_nothing(_peer: Peer, _stream: ByteStream) -> None:
        await anyio.sleep_forever()

    async with serving(reads_nothing) as peer, opened(peer.port, write_timeout_seconds=0.3) as transport:
        with pytest.raises(RequestTimeoutError) as caught:
            await transport.send(RawRequest("POST", "/big", {}, bytes(64 * 1024 * 1024)))
    assert caught.value.request_sent is None


async def test_an_answer_before_the_whole_request_was_read_arrives() -> None:
    async def refuses_early(_peer: Peer, stream: ByteStream) -> None:
        await stream.receive()
        await stream.send(answer(b"too large", "413 Too Large", "Connection: close"))
        with anyio.move_on_after(0.5):
            while True:
                await stream.receive()

    async with serving(refuses_early) as peer, opened(peer.port) as transport:
        response = await transport.send(RawRequest("POST", "/big", {}, bytes(4 * 1024 * 1024)))
    assert (response.status, response.body) == (413, b"too large")


# Answers HTTP doesn't allow


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + b"x" * 1000 + b"\r\n1\r\nx\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001,
    ],
)
async def test_unusable_answers_give_protocol_errors(raw: bytes) -> None:
    async def sends(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await stream.send(raw)
        await anyio.sleep_forever()

    more = {"max_response_bytes": 1000, "read_timeout_seconds": 5}
    async with serving(sends, answering) as peer, opened(peer.port, **more) as transport:
        with pytest.raises(ProtocolError) as caught:
            await transport.send(GET)
        assert caught.value.request_sent is True
        assert (await transport.send(GET)).status == 200


# Idle connections


async def test_a_connection_closed_while_idle_is_replaced_before_sending() -> None:
    async def answers_once(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await stream.send(answer())

    async with serving(answers_once) as peer, opened(peer.port, max_connections=1) as transport:
        for _ in range(5):
            assert (await transport.send(POST)).status == 200
            await anyio.wait_all_tasks_blocked()
            await anyio.sleep(0.02)  # the close has to cross the loopback
    assert (len(peer.requests), peer.connections) == (5, 5)


async def test_a_write_on_a_connection_that_closes_under_it_is_not_repeated() -> None:
    async def closes_on_second(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await stream.send(answer())
        await peer.read(stream)

    async with serving(closes_on_second) as peer, opened(peer.port, max_connections=1) as transport:
        await transport.send(GET)
        with pytest.raises(ConnectionLostError) as caught:
            await transport.send(POST)
    assert caught.value.request_sent is None
    assert [request.line[:4] for request in peer.requests] == ["GET ", "POST"]


async def test_bytes_after_an_answer_never_become_the_next_answer() -> None:
    async def says_too_much(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await stream.send(answer() + answer(b"forged"))
        await anyio.sleep_forever()

    async with serving(says_too_much, answering) as peer, opened(peer.port, max_connections=1) as transport:
        for _ in range(3):
            assert (await transport.send(GET)).body == b"<ok/>"
    assert peer.connections == 2


async def test_an_old_idle_connection_is_not_used_again() -> None:
    async with serving(answering) as peer, opened(peer.port, keep_alive_seconds=0.05) as transport:
        await transport.send(GET)
        await anyio.sleep(0.1)
        await transport.send(GET)
    assert peer.connections == 2


# Gate and cancellation


async def test_no_more_connections_than_allowed() -> None:
    open_now = most = 0

    async def counting(peer: Peer, stream: ByteStream) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        try:
            await answering(peer, stream)
        finally:
            open_now -= 1

    async with serving(counting) as peer, opened(peer.port, max_connections=3) as transport:
        async with anyio.create_task_group() as tasks:
            for _ in range(60):
                tasks.start_soon(transport.send, GET)
    assert most == 3
    assert len(peer.requests) == 60


async def test_one_caller_uses_one_connection() -> None:
    async with serving(answering) as peer, opened(peer.port) as transport:
        for _ in range(10):
            await transport.send(GET)
    assert peer.connections == 1


async def test_a_caller_cancelled_while_queued_has_sent_nothing() -> None:
    release = anyio.Event()

    async def waits(peer: Peer, stream: ByteStream) -> None:
        while True:
            await peer.read(stream)
            await release.wait()
            await stream.send(answer())

    async with serving(waits) as peer, opened(peer.port, max_connections=1) as transport:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(transport.send, GET)
            await anyio.wait_all_tasks_blocked()
            with anyio.move_on_after(0.05) as scope:
                await transport.send(POST)
            assert scope.cancelled_caught
            release.set()
        await transport.send(GET)
    assert [request.line[:3] for request in peer.requests] == ["GET", "GET"]


async def test_a_caller_cancelled_in_an_exchange_leaves_it_to_the_client() -> None:
    arrived, release = anyio.Event(), anyio.Event()

    async def waits(peer: Peer, stream: ByteStream) -> None:
        while True:
            await peer.read(stream)
            arrived.set()
            await release.wait()
            await stream.send(answer(str(len(peer.requests)).encode()))

    async with serving(waits) as peer, opened(peer.port, max_connections=1) as transport:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(transport.send, POST)
            await arrived.wait()
            begun = anyio.current_time()
            tasks.cancel_scope.cancel()
        assert anyio.current_time() - begun < 0.15
        release.set()
        assert (await transport.send(GET)).body == b"2"
    assert peer.connections == 1


# Life and end


async def test_not_open_says_what_to_do() -> None:
    transport = HTTPTransport(options(1), CERTIFICATE)
    with pytest.raises(RuntimeError, match="async with"):
        await transport.send(GET)
    await transport.aclose()


async def test_closing_twice_and_sending_after_it() -> None:
    async with serving(answering) as peer, opened(peer.port) as transport:
        await transport.send(GET)
        await transport.aclose()
        await transport.aclose()
        with pytest.raises(RuntimeError, match="closed"):
            await transport.send(GET)
    with pytest.raises(RuntimeError, match="once"):
        await transport.__aenter__()


async def test_closing_is_bounded_and_tells_the_callers() -> None:
    caught: list[TransportError] = []
    async with serving(stalls) as peer:
        async with opened(peer.port, max_connections=1, close_timeout_seconds=0.2) as transport:
            async with anyio.create_task_group() as tasks:

                async def caller() -> None:
                    with pytest.raises(TransportError) as error:
                        await transport.send(POST)
                    caught.append(error.value)

                tasks.start_soon(caller)
                await anyio.wait_all_tasks_blocked()
                tasks.start_soon(caller)
                await anyio.wait_all_tasks_blocked()
                begun = anyio.current_time()
                await transport.aclose()
                assert 0.15 < anyio.current_time() - begun < 1
    assert [error.request_sent for error in caught] == [False, None]


async def test_closing_lets_an_exchange_end() -> None:
    async def slow(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await anyio.sleep(0.1)
        await stream.send(answer())

    bodies: list[bytes] = []
    async with serving(slow) as peer, anyio.create_task_group() as tasks:
        async with opened(peer.port) as transport:

            async def caller() -> None:
                bodies.append((await transport.send(GET)).body)

            tasks.start_soon(caller)
            await anyio.wait_all_tasks_blocked()
    assert bodies == [b"<ok/>"]


async def test_an_error_in_the_block_arrives_as_it_is() -> None:
    async with serving(stalls) as peer:
        begun = anyio.current_time()
        with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the block is what is tested
            async with opened(peer.port) as transport:
                with anyio.move_on_after(0.1):
                    await transport.send(GET)
                raise ZeroDivisionError
        assert anyio.current_time() - begun < 2


async def test_cancelling_the_block_ends_it() -> None:
    async with serving(stalls) as peer:
        with anyio.move_on_after(0.2) as scope:
            async with opened(peer.port) as transport:
                await transport.send(GET)
        assert scope.cancelled_caught


# Injection


@pytest.mark.parametrize(
    "change",
    [
        {"headers": {"x": "a\r\nevil: 1"}},
        {"headers": {"x": "a\nb"}},
        {"headers": {"x": "a\0b"}},
        {"headers": {"x\r\nevil": "1"}},
        {"headers": {"x y": "1"}},
        {"headers": {"": "1"}},
        {"headers": {"x": "ü"}},
        {"headers": {"x": " a"}},
        {"headers": {"Host": "elsewhere"}},
        {"headers": {"Content-Length": "3"}},
        {"headers": {"transfer-encoding": "chunked"}},
        {"target": "/a b"},
        {"target": "/a\r\nevil: 1"},
        {"target": "https://elsewhere/"},
        {"target": "/a#b"},
        {"target": "/ü"},
        {"method": "TRACE"},
        {"method": "GET /x HTTP/1.1\r\n"},
    ],
)
async def test_what_would_change_the_message_is_refused(change: dict[str, Any]) -> None:
    request = RawRequest(**{"method": "GET", "target": "/", **change})
    async with HTTPTransport(options(1), CERTIFICATE) as transport:
        with pytest.raises(InvalidArgumentError) as caught:
            await transport.send(request)
    assert caught.value.request_sent is False


# Redirects


def redirecting(respond: Callable[[httpx.Request], httpx.Response], **more: object) -> HTTPTransport:
    settings = options(443, host="management.core.windows.net", **more)
    return HTTPTransport.through(settings, httpx.MockTransport(respond))


async def test_a_redirect_repeats_method_and_body_at_the_regional_host() -> None:
    seen: list[tuple[str, str, str, bytes, bytes]] = []

    def respond(request: httpx.Request) -> httpx.Response:
        target = request.extensions["target"]
        seen.append((request.url.host, request.headers["host"], request.method, target, request.content))
        if request.url.host == "management.core.windows.net":
            location = f"https://ussouth.management.core.windows.net{target.decode()}"
            return httpx.Response(307, headers={"Location": location})
        return httpx.Response(202, headers={"X-Ms-Request-Id": "1"})

    async with redirecting(respond) as transport:
        response = await transport.send(RawRequest("POST", "/sub/a%2Fb?comp=x", {}, b"body"))
    assert response.status == 202
    assert seen == [
        (host, host, "POST", b"/sub/a%2Fb?comp=x", b"body")
        for host in ("management.core.windows.net", "ussouth.management.core.windows.net")
    ]


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "/relative",
        "http://ussouth.management.core.windows.net/x",
        "https://evil.example/x",
        "https://management.core.windows.net.evil.example/x",
        "https://evilmanagement.core.windows.net/x",
        "https://ussouth.management.core.windows.net:8443/x",
        "https://user:pw@ussouth.management.core.windows.net/x",
        "https://ussouth.management.core.windows.net:port/x",
        "https://",
        "::::",
    ],
)
async def test_a_redirect_elsewhere_is_refused(location: str | None) -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(307, headers={} if location is None else {"location": location})

    async with redirecting(respond) as transport:
        with pytest.raises(ProtocolError, match="redirect refused") as caught:
            await transport.send(POST)
    assert (caught.value.status, asked) == (307, ["management.core.windows.net"])


async def test_redirects_end() -> None:
    asked = 0

    def respond(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(307, headers={"location": f"https://n{asked}.management.core.windows.net/"})

    async with redirecting(respond) as transport:
        with pytest.raises(ProtocolError, match="more than 5 redirects"):
            await transport.send(GET)
    assert asked == 6


async def test_a_redirect_over_tls_to_a_host_that_was_allowed() -> None:
    async with serving(answering) as second:

        async def redirects(peer: Peer, stream: ByteStream) -> None:
            while True:
                await peer.read(stream)
                location = f"Location: https://127.0.0.1:{second.port}/elsewhere"
                await stream.send(answer(b"", "307 Temporary Redirect", location))

        async with serving(redirects) as first:
            allowed = [f"127.0.0.1:{second.port}"]
            async with opened(first.port, redirect_hosts=allowed) as transport:
                for _ in range(3):
                    assert (await transport.send(POST)).body == b"<ok/>"
            async with opened(first.port) as transport:
                with pytest.raises(ProtocolError, match="redirect_hosts"):
                    await transport.send(POST)
    assert [(request.line, request.body) for request in second.requests] == [
        ("POST /elsewhere HTTP/1.1", b"<secret/>")
    ] * 3
    assert (first.connections, second.connections) == (2, 1)
