"""How HTTP/1.1 frames an answer: what both drivers must agree on, with and without sockets."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure_iaas.wire.messages import RawResponse

CONNECTION_HEADERS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers about the connection and the framing, which no handler sees."""

_REASONS = {status.value: status.phrase for status in HTTPStatus}


def reason(status: int) -> str:
    """Give the phrase of a status line: optional, but old clients can't read one without."""
    return _REASONS.get(status, "")


def has_body(response: RawResponse, method: str) -> bool:
    """Say whether the body of an answer to a request of this method is sent."""
    return bool(response.body) and method != "HEAD" and response.status not in (204, 304)


def wire_length(response: RawResponse, method: str) -> int:
    """Give how many bytes a complete answer to a request of this method has on a connection that goes on."""
    head = f"HTTP/1.1 {response.status} {reason(response.status)}\r\n\r\n"
    fields = sum(len(name) + len(value) + len(": \r\n") for name, value in response.headers.items())
    return len(head) + fields + (len(response.body) if has_body(response, method) else 0)
