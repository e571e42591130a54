"""The stream over a socket of our own: all of it arrives, ends are told, waiting can be left."""

from __future__ import annotations

import socket
from contextlib import closing

import anyio
import pytest
from anyio.abc import SocketAttribute

from azure_iaas.transport.sockets import SocketStream, connect

pytestmark = pytest.mark.anyio


def pair() -> tuple[SocketStream, SocketStream]:
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    theirs.settimeout(0)
    return SocketStream(ours), SocketStream(theirs)


async def test_what_no_buffer_takes_at_once_arrives_whole() -> None:
    one, other = pair()
    sent = bytes(range(256)) * 16_384
    received = bytearray()

    async def send() -> None:
        await one.send(sent)
        await one.aclose()

    async with other, anyio.create_task_group() as tasks:
        tasks.start_soon(send)
        async for piece in other:
            received += piece
    assert received == sent


async def test_who_leaves_a_wait_loses_nothing() -> None:
    one, other = pair()
    async with one, other:
        with anyio.CancelScope() as scope:
            scope.cancel()
            await one.receive()
        assert scope.cancelled_caught
        await other.send(b"later")
        assert await one.receive() == b"later"


async def test_what_the_system_says_is_raised() -> None:
    one, other = pair()
    await other.aclose()
    async with one:
        with pytest.raises(OSError):
            await one.send(b"to nobody")


async def test_a_connection_outlives_the_stream_that_made_it() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        async with await connect("127.0.0.1", server.getsockname()[1]) as stream:
            peer, _ = server.accept()
            with peer:
                await anyio.wait_all_tasks_blocked()
                peer.sendall(b"there")
                assert await stream.receive() == b"there"
                assert stream.extra(SocketAttribute.raw_socket).getpeername() == server.getsockname()  # noqa: S610
                await stream.send(b"here")
                assert peer.recv(10) == b"here"
            with pytest.raises(anyio.EndOfStream):
                await stream.receive()


async def test_a_refusal_is_raised() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    with pytest.raises(OSError):
        await connect("127.0.0.1", port)
