"""The local service's pure core: requests in, answers out, with the clock passed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from azure_iaas.wire.messages import RawRequest


@dataclass(frozen=True, slots=True)
class Peer:
    """Who sent a request.

    Attributes:
        certificate_sha1: thumbprint of the client certificate, hex, or None when none was shown.
    """

    certificate_sha1: str | None = None


class Service:
    """All subscriptions, resources and operations of one local service."""

    def __init__(
        self,
        *,
        subscriptions: Sequence[str],
        dialect: Literal["ga", "preview"] = "ga",
        strict: bool = False,
        seed: int = 0,
        thumbprints: Collection[str] | None = None,
        duration_factor: float = 1.0,
    ) -> None:
        self.subscriptions = tuple(subscriptions)
        self.dialect = dialect
        self.strict = strict
        self.seed = seed
        self.thumbprints = thumbprints
        self.duration_factor = duration_factor

    def handle(self, request: RawRequest, peer: Peer, now: datetime) -> RawResponse:
        """Answer one request at the time ``now``; never raises for anything a request can hold."""
        return RawResponse(
            404,
            {"content-type": "application/xml; charset=utf-8"},
            b'<Error xmlns="http://schemas.microsoft.com/windowsazure"'
            b' xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Code>ResourceNotFound</Code>'
            b"<Message>The resource was not found.</Message></Error>",
        )
