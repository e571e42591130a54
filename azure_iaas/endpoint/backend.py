"""The seam between the wire and what answers: one method, and what a backend may offer beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from azure_iaas.wire.messages import RawRequest

if TYPE_CHECKING:
    from azure_iaas.wire.messages import RawResponse

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


@dataclass(frozen=True, slots=True)
class ReceivedRequest(RawRequest):
    """A request as the service got it.

    Attributes:
        operation: title of the operation it asks for, run together, for example ``AddRole``; empty when it
            asks for none, or when the backend doesn't say.
    """

    operation: str = ""


class Backend(Protocol):
    """Answers requests: a simulated subscription, a table, or anything else that speaks this API.

    It may also offer what `NamesOperations`, `Disturbs` and `KeepsSnapshots` describe.
    """

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


@runtime_checkable
class NamesOperations(Protocol):
    """A backend that knows which operation a request asks for: for rules of faults, and for the log."""

    def operation_name(self, request: RawRequest) -> str:
        """Give the operation's title, run together, for example ``AddRole``; empty for none."""


@runtime_checkable
class Disturbs(Protocol):
    """A backend in which others' doings and late failures can be staged."""

    def hold_lock(
        self, service_name: str, seconds: float, now: datetime, *, subscription_id: str | None = None
    ) -> str:
        """Let another client's operation hold a hosted service for a while; gives that operation's id.

        Raises:
            LookupError: there is no such subscription or service.
        """

    def fail_next_write(self, status: int, code: str, message: str) -> None:
        """Let the next write that is accepted (202) end as ``Failed``, without effect."""

    def forget_operation(self, request_id: str) -> None:
        """Know nothing of an operation any more: its status is answered with 404.

        Raises:
            LookupError: it wasn't known before.
        """


@runtime_checkable
class KeepsSnapshots(Protocol):
    """A backend whose state can be kept and put back."""

    def snapshot(self) -> object:
        """Give a copy of the state, for `restore` of the same backend alone."""

    def restore(self, state: object) -> None:
        """Put a copy of a state in place of the present one. It may be put back any number of times.

        Raises:
            OSError: it couldn't be written; the present state stays.
        """
