"""The control address: plain HTTP/1.1 that only this machine's own programs reach, on asyncio and trio.

Rules:

1. It listens on 127.0.0.1 alone: there is no certificate to tell who asks.
2. Pages in a browser on this machine are kept out: what says it comes from a page, or asks for another host
   than this machine, is refused.
3. One request a connection, bounded in size and time.
"""

from __future__ import annotations

import errno
import json
import logging
from typing import TYPE_CHECKING, cast

import anyio
import h11
from anyio.abc import SocketAttribute

from azure_iaas.endpoint.http_framing import reason
from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from anyio.abc import SocketListener, SocketStream

    from azure_iaas.endpoint.control import Control, Values

_log = logging.getLogger("azure_iaas.emulator")

_HOST = "127.0.0.1"
_LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost"})
_REQUEST_SECONDS = 10.0
_HEADER_BYTES = 16 * 1024
_BODY_BYTES = 1024 * 1024
_FROM_A_PAGE = frozenset({b"origin", b"sec-fetch-site"})
"""Headers that browsers add and pages can't leave out."""


class ControlServer:
    """Listens on loopback, and answers by a `Control`.

    Args:
        control: gives the answers.

    Attributes:
        url: where to reach it; empty before `listen`.
    """

    def __init__(self, control: Control) -> None:
        self.url = ""
        self._control = control
        self._listener: SocketListener | None = None

    async def listen(self, port: int) -> str:
        """Take the port; gives the URL.

        Args:
            port: 0 takes a free one.

        Raises:
            ConfigurationError: the port can't be had.
        """
        try:
            multi = await anyio.create_tcp_listener(local_host=_HOST, local_port=port)
        except OSError as error:
            what = "in use" if error.errno == errno.EADDRINUSE else f"not to be had: {error.strerror}"
            raise ConfigurationError(f"control address: {_HOST} port {port} is {what}") from error
        self._listener = cast("SocketListener", multi.listeners[0])
        bound = int(self._listener.extra(SocketAttribute.local_port))  # noqa: S610 - anyio's, not Django's
        self.url = f"http://{_HOST}:{bound}"
        return self.url

    async def serve(self) -> None:
        """Accept and answer until cancelled."""
        if self._listener is None:
            raise RuntimeError("listen comes first")
        await self._listener.serve(self._run)

    async def aclose(self) -> None:
        """Give the port back."""
        if self._listener is not None:
            await self._listener.aclose()

    async def _run(self, stream: SocketStream) -> None:
        try:
            async with stream:
                with anyio.move_on_after(_REQUEST_SECONDS):
                    await self._serve_one(stream)
        except (OSError, anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream) as error:
            _log.debug("the client of the control address left: %r", error)
        except Exception:  # noqa: BLE001 - one connection's trouble must not be that of all others
            _log.exception("a connection to the control address failed")

    async def _serve_one(self, stream: SocketStream) -> None:
        http = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEADER_BYTES)
        is_head = False
        try:
            head, body = await _read(http, stream)
            is_head = head.method == b"HEAD"
            status, document = self._answer(head, body)
        except h11.RemoteProtocolError as error:
            status, document = error.error_status_hint, {"error": "the request isn't valid HTTP"}
        await stream.send(_encode(status, document, is_head=is_head))
        await stream.send_eof()
        while True:  # until the client leaves: closing on unread bytes is a reset, which loses the answer
            await stream.receive()

    def _answer(self, head: h11.Request, body: bytes | None) -> tuple[int, Values]:
        names = {name for name, _ in head.headers}
        host = next((value.decode("latin-1") for name, value in head.headers if name == b"host"), "")
        if names & _FROM_A_PAGE:
            return 403, {"error": "pages in a browser can't use this address"}
        if host.rpartition(":")[0] not in _LOOPBACK_NAMES and host not in _LOOPBACK_NAMES:
            return 403, {"error": f"this address is http://{_HOST} or http://localhost, by no other name"}
        if body is None:
            return 413, {"error": f"the body is larger than {_BODY_BYTES} bytes"}
        return self._control.answer(head.method.decode("ascii"), head.target.decode("ascii"), body)


async def _read(http: h11.Connection, stream: SocketStream) -> tuple[h11.Request, bytes | None]:
    """Read a request; the body is None when it is too large."""
    head = cast("h11.Request", await _next_event(http, stream))
    body = bytearray()
    while isinstance(event := await _next_event(http, stream), h11.Data):
        body += event.data
        if len(body) > _BODY_BYTES:
            return head, None
    return head, bytes(body)


async def _next_event(http: h11.Connection, stream: SocketStream) -> object:
    while (event := http.next_event()) is h11.NEED_DATA:
        if http.they_are_waiting_for_100_continue:
            await stream.send(http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
        http.receive_data(await stream.receive())
    if isinstance(event, h11.ConnectionClosed):
        raise anyio.EndOfStream
    return event


def _encode(status: int, document: Values, *, is_head: bool) -> bytes:
    body = json.dumps(document, indent=2).encode() + b"\n"
    head = (
        f"HTTP/1.1 {status} {reason(status)}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
    )
    return head.encode("ascii") + (b"" if is_head else body)
