"""Requests and responses as bytes and text, not interpreted yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Method = Literal["GET", "POST", "PUT", "DELETE"]
Dialect = Literal["ga", "preview"]
"""Whose names and order the wire has: the general-availability service's, or the preview's of spring 2012."""
Serialization = Literal["XML", "JSON"]
"""Form of the documents."""


class ClosedBytes(bytes):
    """Bytes that may hold secrets: tools that collect the locals of frames learn only how many they are."""

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


@dataclass(frozen=True, slots=True)
class RawRequest:
    """One request, ready to send.

    Attributes:
        method: the HTTP verb.
        target: path and query, already quoted, beginning with ``/``.
        headers: by lower-case name; without ``host`` and ``content-length``, which the transport writes.
        body: may hold passwords, so it is kept out of ``repr``.
    """

    method: Method
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class RawResponse:
    """One complete response.

    Attributes:
        status: HTTP status code.
        headers: by lower-case name; of a header sent twice the values are joined with a comma.
        body: may hold storage keys, so it is kept out of ``repr``.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
