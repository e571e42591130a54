"""What is known of an accepted operation, and what its answers mean for a wait. Pure.

Rules ("Asynchronous operations", protocol chapter 6):

1. ``InProgress`` means ask again; ``Succeeded`` and ``Failed`` are final; an unknown status isn't final.
2. A failure in passing never ends a wait. What is certain does: the service says in a document of its own
   that it doesn't know the operation, or doesn't let the caller in; the client can't send at all.
3. Any other answer is odd: a page, half a body, a redirect. None alone ends a wait, ten of a kind in a row
   do.
4. A request id is 32 hexadecimal digits; dashes are allowed where a GUID has them, and sent without.
"""

from __future__ import annotations

import inspect
import json
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.errors import (
    AuthenticationError,
    AzureError,
    InvalidArgumentError,
    OperationFailedError,
    ProtocolError,
    ResourceNotFoundError,
    ServiceError,
    TransportError,
)
from azure_iaas.operations.retrying import LONGEST_RETRY_AFTER_SECONDS, is_transient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from azure_iaas.models import OperationStatus

METHOD: Final = "wait_for_operation"
DEFAULT_TIMEOUT_SECONDS: Final = 1800.0
"""The slowest recorded operation took 692 s."""
ODD_ANSWERS: Final = 10
"""So many odd answers of one kind in a row end a wait: with their pauses that is two and a half minutes."""
FIRST_REPEAT_SECONDS: Final = 1.0
LONGEST_REPEAT_SECONDS: Final = 30.0
"""Pauses after questions that failed: 1 s, doubling to this."""
LONGEST_TOKEN: Final = 1000

_REQUEST_ID: Final = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NAME: Final = re.compile(r"[A-Za-z]{1,100}")


class _Bound:
    """Knows what waits. Not a field: it is no part of equality, of copies, of pickles or of a token."""

    __slots__ = ("_wait",)

    _wait: Callable[..., Awaitable[OperationStatus]]


@dataclass(frozen=True, slots=True)
class AcceptedOperation(_Bound):
    """A write the service has accepted, or (201, 200) carried out at once.

    ``await accepted.wait()`` waits for its end, where a client returned it.

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

    def bound_to(self, wait: Callable[..., Awaitable[OperationStatus]]) -> AcceptedOperation:
        """Give the same operation, whose `wait` calls a client's ``wait_for_operation``."""
        bound = replace(self)
        object.__setattr__(bound, "_wait", wait)  # nobody else has it yet
        return bound

    async def wait(
        self,
        *,
        interval: float | None = None,
        timeout: float | None = DEFAULT_TIMEOUT_SECONDS,  # noqa: ASYNC109 - handed on
        on_progress: Callable[[Any], Any] | None = None,
    ) -> OperationStatus:
        """Wait until it has succeeded, as the ``wait_for_operation`` of the client that returned it.

        Args:
            interval: seconds between questions; None: when operations of its kind have ended so far.
            timeout: seconds until giving up; None waits without limit.
            on_progress: called with a ``Progress`` after each question; may be async.

        Returns:
            The final status, ``Succeeded``.

        Raises:
            InvalidArgumentError: it is a copy, or was read from a pickle or a token: it knows no client.
            AzureError: as ``wait_for_operation``.
        """
        wait = getattr(self, "_wait", None)
        if wait is None:
            rule = "this one knows no client, as a copy, a pickle or a token doesn't: use wait_for_operation"
            raise InvalidArgumentError("wait", "operation", rule)
        status: OperationStatus = await wait(
            self, interval=interval, timeout=timeout, on_progress=on_progress
        )
        return status

    @classmethod
    def from_token(cls, token: str) -> AcceptedOperation:
        """Read a token back.

        Raises:
            InvalidArgumentError: not a token of this library.
        """
        values: object = None
        if isinstance(token, str) and len(token) <= LONGEST_TOKEN:
            with suppress(ValueError, RecursionError):  # refused below, as any other that is no token
                values = json.loads(token)
        match values:
            case {
                "azure_iaas": int(version),
                "request_id": str(request_id),
                "operation": str(operation),
                "subscription_id": str(subscription_id),
            } if version is not True and version == 1 and _NAME.fullmatch(operation):
                return cls(check_request_id(METHOD, "operation", request_id), operation, 202, subscription_id)
        raise InvalidArgumentError(METHOD, "operation", "a resume token of this library is needed")


def check_request_id(method: str, argument: str, value: str) -> str:
    """A request id as headers have it: without dashes, in lower case.

    Raises:
        InvalidArgumentError: not 32 hexadecimal digits, with or without the dashes of a GUID.
    """
    if not isinstance(value, str) or not _REQUEST_ID.fullmatch(value):
        rule = "a request id is needed: 32 hexadecimal digits, with or without the dashes of a GUID"
        raise InvalidArgumentError(method, argument, rule)
    return value.replace("-", "").lower()


def resolve(operation: AcceptedOperation | str, *, subscription_id: str) -> AcceptedOperation:
    """What to wait for, from an accepted operation, its token, or a bare request id.

    Raises:
        InvalidArgumentError: none of these, or of another subscription.
    """
    if inspect.iscoroutine(operation):
        operation.close()  # it was never sent; Python would warn that nobody awaited it
        raise InvalidArgumentError(METHOD, "operation", "await the write first, and give what it returns")
    if isinstance(operation, str):
        text = operation.strip()
        if text.startswith("{"):
            operation = AcceptedOperation.from_token(text)
        else:
            request_id = check_request_id(METHOD, "operation", text)
            operation = AcceptedOperation(request_id, "operation", 202, subscription_id)
    if not isinstance(operation, AcceptedOperation) or not operation.request_id:
        raise InvalidArgumentError(
            METHOD, "operation", "an AcceptedOperation, its token or a request id is needed"
        )
    if operation.subscription_id.lower() != subscription_id.lower():
        rule = f"it belongs to subscription {operation.subscription_id}, the client to {subscription_id}"
        raise InvalidArgumentError(METHOD, "operation", rule)
    return operation


def is_final(status: OperationStatus) -> bool:
    """Whether the operation ended."""
    return status.status in ("Succeeded", "Failed")


@dataclass(slots=True)
class Failures:
    """Questions of one wait that failed, one after the other.

    Attributes:
        in_a_row: how many since the last answer.
    """

    in_a_row: int = 0
    _kind: tuple[type[AzureError], int | None] | None = None
    _of_that_kind: int = 0

    def clear(self) -> None:
        """Take in an answer."""
        self.in_a_row = self._of_that_kind = 0

    def end_the_wait(self, error: AzureError) -> bool:
        """Take in a failed question, and say whether it is the last one (rules 2 and 3)."""
        self.in_a_row += 1
        if is_transient(error):
            self._of_that_kind = 0
            return False
        if isinstance(error, (ResourceNotFoundError, AuthenticationError)) and error.code is not None:
            return True
        if not isinstance(error, (TransportError, ServiceError, ProtocolError)):
            return True
        kind = type(error), error.status
        self._of_that_kind = self._of_that_kind + 1 if kind == self._kind else 1
        self._kind = kind
        return self._of_that_kind >= ODD_ANSWERS


def pause_after_failure_seconds(error: AzureError | None, in_a_row: int) -> float:
    """Seconds that must pass before the next question; 0.0 after one that was answered.

    Args:
        error: how the last question failed.
        in_a_row: how many failed one after the other; 0 leaves out the growing pause.
    """
    if error is None:
        return 0.0
    grown = FIRST_REPEAT_SECONDS * 2.0 ** min(in_a_row - 1, 16) if in_a_row else 0.0
    return max(min(grown, LONGEST_REPEAT_SECONDS), min(error.retry_after or 0.0, LONGEST_RETRY_AFTER_SECONDS))


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
