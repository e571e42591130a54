"""A plain HTTP/1.1 server that only this machine's own programs reach, on asyncio and trio.

Rules:

1. It listens on 127.0.0.1 alone: there is no certificate to tell who asks.
2. What asks for another host than this machine is refused: a name of somebody else's that leads here would
   let pages in a browser read the answers.
3. One request a connection, bounded in size and time.
"""

from __future__ import annotations

import errno
import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self, cast

import anyio
import h11
from anyio.abc import SocketAttribute

from azure_iaas.endpoint.http_framing import reason
from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from anyio.abc import SocketListener, SocketStream

_log = logging.getLogger("azure_iaas.emulator")

_HOST: Final = "127.0.0.1"
_LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost"})
_REQUEST_SECONDS: Final = 10.0
_HEADER_BYTES: Final = 16 * 1024
_BODY_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LoopbackRequest:
    """A request as it came.

    Attributes:
        method: HTTP verb.
        target: path and query.
        headers: by lower-case name; of a repeated one the last.
        body: what came with it.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class LoopbackAnswer:
    """What is answered.

    Attributes:
        status: HTTP status.
        body: the document.
        content_type: of the document.
        headers: further ones.
    """

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, status: int, document: Mapping[str, Any]) -> Self:
        """Give an answer that is a JSON object, laid out for people too."""
        return cls(status, json.dumps(document, indent=2).encode() + b"\n")


class LoopbackServer:
    """Listens on loopback, and answers by a function.

    Args:
        name: what it is, in errors and logs: ``control address``.
        answer: gives the answer to a request; it must not take long.

    Attributes:
        url: where to reach it; empty before `listen`.
    """

    def __init__(self, name: str, answer: Callable[[LoopbackRequest], LoopbackAnswer]) -> None:
        self.url: str = ""
        self._name = name
        self._answer = answer
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
            raise ConfigurationError(f"{self._name}: {_HOST} port {port} is {what}") from error
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
            _log.debug("the client of the %s left: %r", self._name, error)
        except Exception:  # noqa: BLE001 - one connection's trouble must not be that of all others
            _log.exception("a connection to the %s failed", self._name)

    async def _serve_one(self, stream: SocketStream) -> None:
        http = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEADER_BYTES)
        is_head = False
        try:
            head, body = await _read(http, stream)
            is_head = head.method == b"HEAD"
            answer = self._respond(head, body)
        except h11.RemoteProtocolError as error:
            answer = LoopbackAnswer.json(error.error_status_hint, {"error": "the request isn't valid HTTP"})
        await stream.send(_encode(answer, is_head=is_head))
        await stream.send_eof()
        while True:  # until the client leaves: closing on unread bytes is a reset, which loses the answer
            await stream.receive()

    def _respond(self, head: h11.Request, body: bytes | None) -> LoopbackAnswer:
        headers = {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers}
        host = headers.get("host", "")
        if host.rpartition(":")[0] not in _LOOPBACK_NAMES and host not in _LOOPBACK_NAMES:
            why = f"this address is http://{_HOST} or http://localhost, by no other name"
            return LoopbackAnswer.json(403, {"error": why})
        if body is None:
            return LoopbackAnswer.json(413, {"error": f"the body is larger than {_BODY_BYTES} bytes"})
        method, target = head.method.decode("ascii"), head.target.decode("ascii")
        return self._answer(LoopbackRequest(method, target, headers, body))


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


def _encode(answer: LoopbackAnswer, *, is_head: bool) -> bytes:
    further = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    head = (
        f"HTTP/1.1 {answer.status} {reason(answer.status)}\r\ncontent-type: {answer.content_type}\r\n"
        f"content-length: {len(answer.body)}\r\ncache-control: no-store\r\n{further}connection: close\r\n\r\n"
    )
    return head.encode("ascii") + (b"" if is_head else answer.body)
