"""What to do next about an accepted operation. Pure: times and random numbers are passed in.

Rules ("Asynchronous operations", protocol chapter 6):

1. ``InProgress`` means ask again; ``Succeeded`` and ``Failed`` are final; an unknown status isn't final.
2. The first question comes soon, then the pause grows to a cap; with a fixed interval it stays.
3. ``Retry-After`` is obeyed when it is longer than the pause.
4. A failed question doesn't end the wait; only the deadline does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from azure_iaas.errors import InvalidArgumentError, OperationFailedError

if TYPE_CHECKING:
    from azure_iaas.models import OperationStatus

DEFAULT_TIMEOUT_SECONDS: Final = 1800.0
"""The slowest recorded operation took 692 s."""
FIRST_PAUSE_SECONDS: Final = 0.25
GROWTH: Final = 1.5
LONGEST_PAUSE_SECONDS: Final = 10.0
"""Period of the documented sample. A 45 s operation, the recorded median, costs 12 questions."""
JITTER: Final = 0.1
"""Pauses vary by a tenth, so that many waiters don't ask at the same moment."""


@dataclass(frozen=True, slots=True)
class AcceptedOperation:
    """A write the service has accepted, or (201, 200) carried out at once.

    Attributes:
        request_id: ``x-ms-request-id`` of the answer: 32 hex digits.
        operation: documented name of the operation.
        status_code: 202 accepted; 200 or 201 done.
        subscription_id: subscription it belongs to.
    """

    request_id: str
    operation: str
    status_code: int
    subscription_id: str

    @property
    def completed(self) -> bool:
        """True when nothing remains to wait for."""
        return self.status_code != 202

    @property
    def token(self) -> str:
        """Plain text by which another process can go on waiting; holds no secret."""
        return json.dumps(
            {
                "azure_iaas": 1,
                "operation": self.operation,
                "request_id": self.request_id,
                "subscription_id": self.subscription_id,
            }
        )

    @classmethod
    def from_token(cls, token: str) -> AcceptedOperation:
        """Read a token back.

        Raises:
            InvalidArgumentError: not a token of this library.
        """
        try:
            values = json.loads(token)
            if values["azure_iaas"] != 1:
                msg = "unknown version"
                raise ValueError(msg)
            names = ("request_id", "operation", "subscription_id")
            request_id, operation, subscription_id = (str(values[name]) for name in names)
        except (ValueError, TypeError, KeyError, RecursionError) as exc:
            rule = "a resume token of this library is needed"
            raise InvalidArgumentError("WaitForOperation", "operation", rule) from exc
        return cls(request_id, operation, 202, subscription_id)


def resolve(operation: AcceptedOperation | str, *, subscription_id: str) -> AcceptedOperation:
    """What to wait for, from an accepted operation, its token, or a bare request id.

    Raises:
        InvalidArgumentError: none of these, or of another subscription.
    """
    if isinstance(operation, str):
        given = operation.strip()
        if given.startswith("{"):
            operation = AcceptedOperation.from_token(given)
        else:
            operation = AcceptedOperation(given, "operation", 202, subscription_id)
    if not isinstance(operation, AcceptedOperation) or not operation.request_id:
        rule = "an AcceptedOperation, its token or a request id is needed"
        raise InvalidArgumentError("WaitForOperation", "operation", rule)
    if operation.subscription_id.lower() != subscription_id.lower():
        rule = f"it belongs to subscription {operation.subscription_id}, the client to {subscription_id}"
        raise InvalidArgumentError("WaitForOperation", "operation", rule)
    return operation


def is_final(status: OperationStatus) -> bool:
    """Whether the operation ended."""
    return status.status in ("Succeeded", "Failed")


def pause_seconds(
    polls: int,
    *,
    interval: float | None = None,
    retry_after: float | None = None,
    random: float = 0.5,
) -> float:
    """Seconds to wait before the next question.

    Args:
        polls: how many questions were asked so far.
        interval: fixed period in seconds, or None for the growing pause.
        retry_after: seconds the service asked to wait, or None.
        random: a number from 0 to 1 that spreads the growing pauses.

    Returns:
        ``interval``, or ``min(0.25 * 1.5**polls, 10)`` times 0.9 to 1.1; never less than ``retry_after``.
        With an interval the first question comes at once, so that progress shows from the start.
    """
    if interval is not None:
        pause = interval if polls else 0.0
    else:
        grown = FIRST_PAUSE_SECONDS * GROWTH ** min(polls, 32)
        pause = min(grown, LONGEST_PAUSE_SECONDS) * (1 + JITTER * (2 * random - 1))
    return max(pause, retry_after or 0.0)


def failure(operation: AcceptedOperation, status: OperationStatus) -> OperationFailedError:
    """The exception for an operation that ended as ``Failed``."""
    error = status.error
    code = error.code if error else None
    message = (error.message if error else None) or "the service gives no reason"
    number = status.http_status_code
    return OperationFailedError(
        f"{operation.operation} failed: {f'HTTP {number} ' if number else ''}{code or ''}: {message}",
        operation=operation.operation,
        request_id=operation.request_id,
        status=number,
        code=code,
    )
