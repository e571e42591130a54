"""A connected socket as an anyio stream, for as few turns of the event loop as one exchange can have.

anyio's own stream makes a cancel scope and gives up its turn for each piece that is sent, and has the event
loop begin and stop reading, by way of its transport, for each piece that is received: a tenth of a call.
"""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING, Any

import anyio
from anyio.abc import ByteStream, SocketAttribute

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class SocketStream(ByteStream):
    """One socket that doesn't block; one task at a time may send or receive.

    What the system says against it is raised as it is: an OSError.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    async def send(self, item: bytes) -> None:
        """Send all of it."""
        left = memoryview(item)
        while left:
            try:
                left = left[self._socket.send(left) :]
            except BlockingIOError:
                await anyio.wait_writable(self._socket)

    async def receive(self, max_bytes: int = 65536) -> bytes:
        """Wait for something, and give what there is; EndOfStream when the other side has closed."""
        while True:
            await anyio.wait_readable(self._socket)
            try:
                received = self._socket.recv(max_bytes)
            except BlockingIOError:
                continue
            if not received:
                raise anyio.EndOfStream
            return received

    async def send_eof(self) -> None:
        """Not needed: a connection is closed as a whole."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Close it; waits for nothing."""
        self._socket.close()

    @property
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        """The socket."""
        return {SocketAttribute.raw_socket: lambda: self._socket}


async def connect(host: str, port: int) -> ByteStream:
    """Connect to the first address of a host that answers.

    Raises:
        OSError: none does.
    """
    stream = await anyio.connect_tcp(host, port)
    if sys.platform == "win32":  # there an event loop waits for sockets in a thread, which costs more
        return stream
    theirs = stream.extra(SocketAttribute.raw_socket)  # noqa: S610 - anyio's, not Django's
    connected = socket.fromfd(theirs.fileno(), theirs.family, theirs.type)
    try:
        await anyio.aclose_forcefully(stream)  # its own descriptor, not the connection
        connected.settimeout(0)
    except BaseException:
        connected.close()
        raise
    return SocketStream(connected)
