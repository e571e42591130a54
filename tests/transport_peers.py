"""Servers for the transport's tests: real sockets, real TLS, any misbehaviour."""

from __future__ import annotations

import socket
import ssl
import struct
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio
import trustme
from anyio.abc import ByteStream, SocketAttribute, SocketStream
from anyio.streams.tls import TLSStream

from azure_iaas.config import ClientOptions, ResolvedOptions
from azure_iaas.credentials import ManagementCertificate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Behaviour = Callable[["Peer", ByteStream], Awaitable[None]]

AUTHORITY = trustme.CA()
STRANGER = trustme.CA()
CA_PEM = AUTHORITY.cert_pem.bytes().decode()
GONE = (
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
    ssl.SSLError,
    OSError,
)


def certificate(authority: trustme.CA = AUTHORITY) -> ManagementCertificate:
    pem = authority.issue_cert("management@example.org").private_key_and_cert_chain_pem.bytes().decode()
    return ManagementCertificate(pem, pem)


CERTIFICATE = certificate()
SERVER = AUTHORITY.issue_cert("localhost", "127.0.0.1")


def server_context(identity: trustme.LeafCert = SERVER) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    identity.configure_cert(context)
    context.verify_mode = ssl.CERT_REQUIRED
    AUTHORITY.configure_trust(context)
    return context


SERVER_CONTEXT = server_context()


@dataclass
class Request:
    head: bytes
    body: bytes

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n")[0].decode()

    def header(self, name: str) -> list[str]:
        lines = [line.decode().partition(": ") for line in self.head.split(b"\r\n")[1:]]
        return [value for found, _, value in lines if found.lower() == name]


@dataclass
class Peer:
    port: int
    connections: int = 0
    requests: list[Request] = field(default_factory=list)

    async def read(self, stream: ByteStream) -> Request:
        """Read one request; EndOfStream when the client closed."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += await stream.receive()
        head, _, body = data.partition(b"\r\n\r\n")
        request = Request(head, b"")
        length = int((request.header("content-length") or ["0"])[0])
        while len(body) < length:
            body += await stream.receive()
        request.body = body
        self.requests.append(request)
        return request


def answer(body: bytes = b"<ok/>", status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def answering(peer: Peer, stream: ByteStream) -> None:
    """The well-behaved one."""
    while True:
        await peer.read(stream)
        await stream.send(answer())


async def tunnelling(peer: Peer, stream: ByteStream) -> None:
    """A CONNECT proxy: it joins the client to whatever it asks for. To be served without TLS."""
    connect = await peer.read(stream)
    _, where, _ = connect.line.split(" ")
    host, _, port = where.rpartition(":")
    async with await anyio.connect_tcp(host, int(port)) as onward, anyio.create_task_group() as tasks:
        await stream.send(b"HTTP/1.1 200 Connection established\r\n\r\n")

        async def pump(source: ByteStream, sink: ByteStream) -> None:
            with suppress(*GONE):
                async for data in source:
                    await sink.send(data)
            tasks.cancel_scope.cancel()  # what one side ends is ended for both

        tasks.start_soon(pump, stream, onward)
        tasks.start_soon(pump, onward, stream)


def reset(stream: ByteStream) -> None:
    """Make closing send RST instead of FIN."""
    raw = stream.extra(SocketAttribute.raw_socket)  # noqa: S610
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@asynccontextmanager
async def serving(
    *behaviours: Behaviour, tls: bool = True, context: ssl.SSLContext = SERVER_CONTEXT
) -> AsyncIterator[Peer]:
    """Listen on a free port; each connection takes the next behaviour, the last one for all that follow."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    peer = Peer(listener.extra(SocketAttribute.local_port))  # noqa: S610

    async def handle(stream: SocketStream) -> None:
        behaviour = behaviours[min(peer.connections, len(behaviours) - 1)]
        peer.connections += 1
        with suppress(*GONE):
            async with stream:
                if tls:
                    wrapped = await TLSStream.wrap(
                        stream, ssl_context=context, server_side=True, standard_compatible=False
                    )
                    await behaviour(peer, wrapped)
                else:
                    await behaviour(peer, stream)

    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, handle)
        try:
            yield peer
        finally:
            tasks.cancel_scope.cancel()


def options(port: int, **more: object) -> ResolvedOptions:
    return ClientOptions.resolve({"host": f"localhost:{port}", "ca": CA_PEM, **more}, {})
