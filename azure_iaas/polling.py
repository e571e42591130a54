"""Wait for one accepted operation: ask, sleep, obey :mod:`azure_iaas.operations.tracking`.

Rules:

1. Waiters on the same operation share its questions: one of them asks at the pace it was given, the others
   listen; when it is cancelled, another takes over.
2. Only the deadline, a final status or a refusal ends a wait; a question that failed in transit doesn't.
3. Leaving a wait leaves the operation alone.
"""

from __future__ import annotations

import inspect
import math
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio

from azure_iaas.errors import (
    InvalidArgumentError,
    OperationTimeoutError,
    ServerError,
    ThrottledError,
    TransportError,
)
from azure_iaas.operations import tracking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from azure_iaas.errors import AzureError
    from azure_iaas.models import OperationStatus
    from azure_iaas.operations.tracking import AcceptedOperation


@dataclass(frozen=True, slots=True)
class Progress:
    """What a wait tells ``on_progress`` after each question.

    Attributes:
        operation: what is waited for.
        status: the answer, or None when the question failed in transit.
        error: why it failed, or None.
        polls: questions asked so far, by all who wait for this operation.
        elapsed_seconds: since this wait began.
    """

    operation: AcceptedOperation
    status: OperationStatus | None
    error: AzureError | None
    polls: int
    elapsed_seconds: float


@dataclass(slots=True)
class _Shared:
    waiters: int = 0
    asking: bool = False
    polls: int = 0
    status: OperationStatus | None = None
    error: AzureError | None = None
    changed: anyio.Event = field(default_factory=anyio.Event)

    def wake(self) -> None:
        self.changed.set()
        self.changed = anyio.Event()


class Waits:
    """All waits of one client.

    Args:
        ask: asks once how an operation stands, by request id.
        random: gives numbers from 0 to 1, to spread the questions.
    """

    def __init__(self, ask: Callable[[str], Awaitable[OperationStatus]], random: Callable[[], float]) -> None:
        self._ask = ask
        self._random = random
        self._shared: dict[str, _Shared] = {}

    async def wait(
        self,
        operation: AcceptedOperation,
        *,
        interval: float | None,
        timeout: float | None,  # noqa: ASYNC109 - the deadline must tell itself from a caller's own
        on_progress: Callable[[Progress], Any] | None,
    ) -> OperationStatus:
        """Wait until the operation ended; see ``ServiceManagementClient.wait_for_operation``."""
        _check_seconds("interval", interval)
        _check_seconds("timeout", timeout)
        started = anyio.current_time()
        with self._joined(operation.request_id) as shared:
            with anyio.move_on_after(timeout if timeout is not None else math.inf):
                seen = 0
                while True:
                    if shared.polls == seen:
                        await self._advance(operation.request_id, shared, interval)
                        continue
                    seen = shared.polls
                    status = shared.status
                    await _tell(
                        on_progress,
                        Progress(operation, status, shared.error, seen, anyio.current_time() - started),
                    )
                    if status is not None and tracking.is_final(status):
                        if status.status == "Failed":
                            raise tracking.failure(operation, status)
                        return status
            error = OperationTimeoutError(
                f"{operation.operation} was still in progress after {timeout} s; it may yet finish",
                operation=operation.operation,
                request_id=operation.request_id,
            )
            error.resume_token = operation.token
            raise error

    @contextmanager
    def _joined(self, request_id: str) -> Iterator[_Shared]:
        shared = self._shared.setdefault(request_id, _Shared())
        shared.waiters += 1
        try:
            yield shared
        finally:
            shared.waiters -= 1
            if not shared.waiters:
                del self._shared[request_id]

    async def _advance(self, request_id: str, shared: _Shared, interval: float | None) -> None:
        """Ask the next question, or listen to the waiter who is about to."""
        if shared.asking:
            await shared.changed.wait()
            return
        shared.asking = True
        try:
            await anyio.sleep(
                tracking.pause_seconds(
                    shared.polls,
                    interval=interval,
                    retry_after=shared.error.retry_after if shared.error else None,
                    random=self._random(),
                )
            )
            try:
                shared.status, shared.error = await self._ask(request_id), None
            except (TransportError, ThrottledError, ServerError) as exc:
                shared.status, shared.error = None, exc
            shared.polls += 1
        finally:
            shared.asking = False
            shared.wake()


def _check_seconds(argument: str, value: float | None) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise InvalidArgumentError("WaitForOperation", argument, "a number of seconds above 0, or None")


async def _tell(on_progress: Callable[[Progress], Any] | None, progress: Progress) -> None:
    if on_progress is not None:
        result = on_progress(progress)
        if inspect.isawaitable(result):
            await result
