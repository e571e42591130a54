"""The endpoint without sockets: a sender that calls the front end, for virtual time and quick tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, assert_never

import anyio
import anyio.lowlevel

from azure_iaas.endpoint.http_framing import CONNECTION_HEADERS, wire_length
from azure_iaas.endpoint.injected_faults import (
    ConnectionFault,
    CutAnswer,
    DripAnswer,
    DropAfterHandler,
    DropBeforeHandler,
    Stall,
)
from azure_iaas.errors import ConnectionLostError
from azure_iaas.wire.messages import RawRequest

if TYPE_CHECKING:
    from types import TracebackType

    from azure_iaas.endpoint.backend import Peer
    from azure_iaas.endpoint.front_end import Exchange, FrontEnd
    from azure_iaas.wire.messages import RawResponse


class InMemorySender:
    """Sends requests to a front end in the same process.

    Args:
        front_end: gives the answers.
        peer: who the requests come from.
    """

    def __init__(self, front_end: FrontEnd, peer: Peer) -> None:
        self._front_end = front_end
        self._peer = peer

    async def send(self, request: RawRequest) -> RawResponse:
        """Give the answer to a request.

        Raises:
            ConnectionLostError: a fault of the connection took the answer away; ``request_sent`` is None,
                as a client on a socket can't know either.
        """
        await anyio.lowlevel.checkpoint()
        headers = {name.lower(): value for name, value in request.headers.items()}
        received = RawRequest(
            request.method,
            request.target,
            {name: value for name, value in headers.items() if name not in CONNECTION_HEADERS},
            request.body,
        )
        with self._front_end.receive(received, self._peer) as exchange:
            return await self._show(exchange)

    async def _show(self, exchange: Exchange) -> RawResponse:
        fault = exchange.fault
        if not isinstance(fault, ConnectionFault):
            return exchange.answer()
        if isinstance(fault, DropBeforeHandler):
            raise _lost("before an answer came")
        if isinstance(fault, Stall) and not fault.after_handler:
            await anyio.sleep(fault.seconds)
        response = exchange.answer()
        match fault:
            case Stall():
                if fault.after_handler:
                    await anyio.sleep(fault.seconds)
                return response
            case DripAnswer():
                return response
            case CutAnswer():
                if fault.after_bytes >= wire_length(response, exchange.request.method):
                    return response
                raise _lost("in the middle of the answer")
            case DropAfterHandler():
                raise _lost("before an answer came")
            case _:
                assert_never(fault)

    async def aclose(self) -> None:
        """Do nothing: there is no connection to close."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _lost(when: str) -> ConnectionLostError:
    return ConnectionLostError(f"the connection broke {when}")
