"""The seam between the wire and what answers: one method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from azure_iaas.wire.messages import RawRequest, RawResponse

Clock = Callable[[], datetime]
"""Gives the service's time, aware of its time zone."""


def utc_now() -> datetime:
    """Give the real time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Peer:
    """Who sent a request.

    Attributes:
        certificate_sha1: thumbprint of the client certificate, hex, or None when none was shown.
    """

    certificate_sha1: str | None = None


class Backend(Protocol):
    """Answers requests: a simulated subscription, a table, or anything else that speaks this API."""

    def handle(self, request: RawRequest, peer: Peer, now: datetime) -> RawResponse:
        """Answer one request, at once and without I/O that could take long.

        Args:
            request: as it was received; header names in lower case, none about the connection.
            peer: who sent it. Whether its certificate is acceptable is for the backend to say.
            now: the service's time, aware of its time zone.

        Returns:
            The answer. ``content-length``, and ``server`` and ``date`` where absent, are added to it.

        Raises:
            Exception: anything; the client is told 500 ``InternalError``, the log what it was.
        """
