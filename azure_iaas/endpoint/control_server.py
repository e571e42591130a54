"""The control address: `Control` behind a loopback server that pages in a browser can't use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.endpoint.loopback_server import LoopbackAnswer, LoopbackServer

if TYPE_CHECKING:
    from azure_iaas.endpoint.control import Control
    from azure_iaas.endpoint.loopback_server import LoopbackRequest

_FROM_A_PAGE: Final = frozenset({"origin", "sec-fetch-site"})
"""Headers that browsers add and pages can't leave out."""


def control_server(control: Control) -> LoopbackServer:
    """Give the server of the control address.

    Args:
        control: gives the answers.
    """

    def answer(request: LoopbackRequest) -> LoopbackAnswer:
        if request.headers.keys() & _FROM_A_PAGE:
            return LoopbackAnswer.json(403, {"error": "pages in a browser can't use this address"})
        return LoopbackAnswer.json(*control.answer(request.method, request.target, request.body))

    return LoopbackServer("control address", answer)
