"""Serves the page: its files, and ``/state`` with what is there at this moment. It only reads.

A page of somebody else's in the same browser learns nothing: browsers say where a request comes from, and
such are refused; and the page itself loads nothing from elsewhere, by its Content-Security-Policy.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.page.overview import REQUESTS_LIMIT, logged
from azure_iaas.endpoint.loopback_server import LoopbackAnswer, LoopbackServer

if TYPE_CHECKING:
    from azure_iaas.emulator.service import Service
    from azure_iaas.endpoint.front_end import FrontEnd
    from azure_iaas.endpoint.loopback_server import LoopbackRequest

_FILES: Final = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
_OWN: Final = frozenset({"", "none", "same-origin"})
"""Values of Sec-Fetch-Site of what the user, the page itself or no browser asks for."""
_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def page_server(service: Service, front_end: FrontEnd) -> LoopbackServer:
    """Give the server of the page.

    Args:
        service: what is shown.
        front_end: has its requests, its time and its lock.
    """

    def answer(request: LoopbackRequest) -> LoopbackAnswer:
        path = request.target.partition("?")[0]
        if request.headers.get("sec-fetch-site", "") not in _OWN:
            return LoopbackAnswer.json(403, {"error": "other pages can't read this one"})
        if path != "/state" and path not in _FILES:
            return LoopbackAnswer.json(404, {"error": f"there are {', '.join(_FILES)} and /state"})
        if request.method not in {"GET", "HEAD"}:
            return LoopbackAnswer.json(405, {"error": "this page only shows"})
        if path == "/state":
            return LoopbackAnswer(200, _state(service, front_end), headers=_HEADERS)
        name, content_type = _FILES[path]
        body = files(__package__).joinpath(name).read_bytes()
        return LoopbackAnswer(200, body, content_type, _HEADERS)

    return LoopbackServer("page", answer)


def _state(service: Service, front_end: FrontEnd) -> bytes:
    with front_end.lock:
        now = front_end.now()
        document = {
            "now": now.isoformat(),
            "total_requests": front_end.requests.total,
            "requests": [logged(each) for each in front_end.requests[-REQUESTS_LIMIT:]],
            "subscriptions": service.overview(now),
        }
    return json.dumps(document).encode()
