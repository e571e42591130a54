"""Carries out writes: as many at a time as the schedule lets, each to the end of its operation.

Rules:

1. Before a write is sent its ``intent`` is on disk, and what came of it before the next write of its service.
2. A write that may have been carried out is looked for before it is sent again, in this run or a later one.
3. While somebody else holds a lock, that operation is asked about; the write isn't sent again and again.
4. The end of one write, good or bad, doesn't disturb the others unless ``fail_fast`` says so.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import anyio

from azure_iaas.errors import (
    AzureError,
    OperationFailedError,
    OperationTimeoutError,
    OutcomeUnknownError,
    ResourceNotFoundError,
)
from azure_iaas.operations import tracking
from azure_iaas.operations.pace import MACHINE_LISTED
from azure_iaas.operations.retrying import RetryBudget, may_have_acted
from azure_iaas.operations.tracking import AcceptedOperation
from azure_iaas.polling import Follower, Question, ask_until
from azure_iaas.provisioning import reactions
from azure_iaas.provisioning.progress.ledger import StepState
from azure_iaas.provisioning.schedule import Schedule
from azure_iaas.provisioning.steps import Step, StepKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from anyio.abc import TaskGroup

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import OperationStatus
    from azure_iaas.operations.pace import Pace
    from azure_iaas.provisioning.progress.recorder import Recorder

UNKNOWN_HOLDER_SECONDS: Final = 5.0
"""First pause when the service doesn't say whose lock it is."""


class Seen(Enum):
    """What a look at the service showed."""

    CARRIED_OUT = "carried out"
    NOT_CARRIED_OUT = "not carried out"
    NOT_YET_SHOWN = "not yet shown"


class Write(ABC):
    """One write of a plan: how it is sent, and how it is seen that it was carried out.

    Attributes:
        step: names it.
    """

    step: Step

    @property
    @abstractmethod
    def operation(self) -> str:
        """Documented name of the operation it would be sent as now."""

    @property
    def new_disks(self) -> list[int]:
        """LUNs of the data disks it makes; those it takes were there before."""
        return []

    @abstractmethod
    async def send(self) -> AcceptedOperation:
        """Send it, once."""

    @abstractmethod
    async def look(self) -> Seen:
        """Look whether it was carried out."""

    async def settle(self) -> None:  # noqa: B027 - nothing to wait for, for most
        """Wait until the effect is there, when only a look told that it was carried out."""

    async def succeeded(self, *, found: bool) -> None:  # noqa: B027 - nothing follows, for some
        """Do what follows, still before the next write of this service.

        Args:
            found: it was there before and isn't this run's.
        """


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a run waits, in seconds.

    Attributes:
        operation: for the end of an operation of its own.
        lock: for locks of others, leases and throttling, for each write.
        ready: for a machine to become ``ReadyRole``.
    """

    operation: float = tracking.DEFAULT_TIMEOUT_SECONDS
    lock: float = 1800.0
    ready: float = 1800.0


class _BlockedError(Exception):
    def __init__(self, holder_request_id: str | None, error: AzureError) -> None:
        super().__init__(holder_request_id)
        self.holder_request_id = holder_request_id
        self.error = error


class _GivenUpError(Exception):
    def __init__(self, error: AzureError, *, unknown: bool, everything: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.unknown = unknown
        self.everything = everything


class Engine:
    """Runs a set of writes.

    Args:
        client: sends them.
        recorder: notes what happens.
        pace: what is learnt about durations, shared with later sets.
        max_parallel: writes at a time.
        patience: how long to wait.
        random: gives numbers from 0 to 1, to spread repeats.
        fail_fast: start nothing more after a failure; what runs is seen to its end.
        stop: set by who wants nothing more to be started; what runs is seen to its end.
        dropped: called with the writes that are given up because of a failure, and the failure.

    Attributes:
        schedule: the queues.
        stopped_by: what ended everything, or None.
    """

    def __init__(
        self,
        client: ServiceManagementClient,
        recorder: Recorder,
        pace: Pace,
        *,
        max_parallel: int,
        patience: Patience,
        random: Callable[[], float],
        fail_fast: bool = False,
        stop: anyio.Event | None = None,
        dropped: Callable[[Sequence[Step], Step, AzureError], Awaitable[None]] | None = None,
    ) -> None:
        self.schedule: Final = Schedule(max_parallel)
        self.stopped_by: AzureError | None = None
        self._client = client
        self._recorder = recorder
        self._pace = pace
        self._patience = patience
        self._random = random
        self._fail_fast = fail_fast
        self._stop = stop or anyio.Event()
        self._dropped = dropped
        self._budget = RetryBudget()
        self._writes: dict[Step, Write] = {}
        self._blocked_since: dict[Step, float] = {}
        self._ended_holders: set[str] = set()
        self._follower = Follower(self._ask, random, pace, client.options.max_connections)
        self._changed = anyio.Event()

    async def run(self, writes: Sequence[Write]) -> None:
        """Carry out writes; those of one deployment in the order given.

        What fails is noted, not raised.
        """
        now = anyio.current_time()
        for write in writes:
            self._writes[write.step] = write
            self.schedule.add(write.step, now)
            await self._recorder.note("queued", step=write.step)
        async with task_group() as tasks:
            tasks.start_soon(self._notice_stop)
            while True:
                if self._stop.is_set():
                    self.schedule.drop(lambda _: True)
                for step in self.schedule.take(anyio.current_time()):
                    tasks.start_soon(self._run_one, self._writes[step], tasks)
                if self.schedule.finished:
                    # Who still waits for a lock waits for a write that was dropped.
                    tasks.cancel_scope.cancel()
                    return
                await self._changed.wait()
                self._changed = anyio.Event()

    async def _notice_stop(self) -> None:
        await self._stop.wait()
        self._changed.set()

    async def _run_one(self, write: Write, tasks: TaskGroup) -> None:
        step = write.step
        try:
            await self._carry_out(write)
        except _BlockedError as blocked:
            now = anyio.current_time()
            self._blocked_since.setdefault(step, now)
            await self._recorder.note(
                "waiting", step=step, operation=write.operation, request_id=blocked.holder_request_id
            )
            self.schedule.block(step, now)
            tasks.start_soon(self._wait_for_lock, step, blocked.holder_request_id)
        except _GivenUpError as given_up:
            await self._fail(step, given_up)
        else:
            self.schedule.done(step, anyio.current_time())
            del self._writes[step]
        self._changed.set()

    async def _fail(self, step: Step, given_up: _GivenUpError) -> None:
        await self._recorder.note(
            "failed", step=step, error=given_up.error, unknown=given_up.unknown, safe=True
        )
        if given_up.everything:
            self.stopped_by = given_up.error
        if given_up.everything or self._fail_fast:
            dropped = self.schedule.drop(lambda _: True)
        elif step.kind is StepKind.CREATE_SERVICE:
            dropped = self.schedule.drop(lambda other: other.service == step.service)
        elif step.kind is StepKind.CREATE_ROLE:
            dropped = self.schedule.drop(
                lambda other: (
                    (other.service, other.deployment, other.role)
                    == (step.service, step.deployment, step.role)
                )
            )
        else:
            dropped = []
        if dropped and self._dropped is not None:
            await self._dropped(dropped, step, given_up.error)
        self.schedule.done(step, anyio.current_time())

    # --- one write --------------------------------------------------------------------------------------

    async def _carry_out(self, write: Write) -> None:
        step, recorder = write.step, self._recorder
        facts = recorder.ledger.of(step)
        if facts.state is StepState.ACCEPTED and await self._take_up(write):
            return
        uncertain = facts.state is StepState.IN_DOUBT
        if uncertain and await self._look(write) is Seen.CARRIED_OUT:
            await self._found(write)
            return
        attempts = 0
        while True:
            attempts += 1
            operation = write.operation
            made: dict[str, Any] = {"new_disks": new} if (new := write.new_disks) else {}
            await recorder.note(
                "intent", step=step, operation=operation, attempt=facts.attempts + 1, safe=True, **made
            )
            try:
                await self._send_and_follow(write, operation)
            except OperationTimeoutError as error:
                raise _GivenUpError(error, unknown=True) from error
            except AzureError as error:
                followed = facts.state is StepState.ACCEPTED and not isinstance(error, OperationFailedError)
                uncertain = uncertain or followed or may_have_acted(error)
                if not uncertain:
                    await recorder.note("refused", step=step, error=error)
                if await self._react(write, error, uncertain=uncertain, attempts=attempts):
                    return
            else:
                await self._done(write)
                return

    async def _send_and_follow(self, write: Write, operation: str) -> None:
        self._recorder.requests[operation] += 1
        accepted = await write.send()
        self._budget.refund()
        await self._recorder.note(
            "accepted", step=write.step, operation=operation, request_id=accepted.request_id, safe=True
        )
        if not accepted.completed:
            await self._follow(accepted, age=0.0)

    async def _react(self, write: Write, error: AzureError, *, uncertain: bool, attempts: int) -> bool:
        """Do what the decision says; True when the write turns out to be carried out."""
        step = write.step
        waited = anyio.current_time() - self._blocked_since.setdefault(step, anyio.current_time())
        reaction = reactions.react(
            error,
            uncertain=uncertain,
            attempts=attempts,
            patience_seconds=self._patience.lock - waited,
            budget=self._budget,
            random=self._random(),
        )
        match reaction:
            case reactions.WaitForLock():
                raise _BlockedError(reaction.holder_request_id, error)
            case reactions.Fail():
                raise _GivenUpError(error, unknown=uncertain, everything=reaction.everything)
            case reactions.Look():
                seen = await self._look(write)
                if seen is Seen.CARRIED_OUT:
                    await self._found(write, ours=uncertain)
                    return True
                if reaction.seconds is None:
                    # A look has shown that it isn't there; only what was never answered stays unknown.
                    raise _GivenUpError(error, unknown=isinstance(error, OutcomeUnknownError))
                seconds = reaction.seconds
            case _:
                seconds = reaction.seconds
        await self._recorder.note("retried", step=step, operation=write.operation, error=error)
        await anyio.sleep(seconds)
        return False

    async def _look(self, write: Write) -> Seen:
        """Look until it shows; an answer that can't tell yet is asked for again."""
        question = Question(write.look)
        try:
            seen = await ask_until(
                question,
                lambda answer: None if answer is Seen.NOT_YET_SHOWN else answer,
                self._pace,
                MACHINE_LISTED,
                at_once=True,
                timeout=self._patience.operation,
            )
        except AzureError as error:
            raise _GivenUpError(error, unknown=True) from error
        if seen is not None:
            return seen
        timeout = question.error or OperationTimeoutError(
            f"{write.operation}: what came of it didn't show in {self._patience.operation:.0f} s",
            operation=write.operation,
        )
        raise _GivenUpError(timeout, unknown=True)

    async def _take_up(self, write: Write) -> bool:
        """Wait for what an earlier run had accepted; False when it has to be sent again."""
        facts = self._recorder.ledger.of(write.step)
        if facts.request_id is None:
            await self._found(write)
            return True
        known_for = max(0.0, self._recorder.clock() - (facts.accepted_at or self._recorder.clock()))
        accepted = AcceptedOperation(facts.request_id, facts.operation, 202, self._client.subscription_id)
        try:
            await self._follow(accepted, age=known_for)
        except OperationFailedError as error:
            uncertain = may_have_acted(error)
            if not uncertain:
                await self._recorder.note("refused", step=write.step, error=error)
            return await self._react(write, error, uncertain=uncertain, attempts=1)
        except ResourceNotFoundError:
            # The service has forgotten the operation: what is there tells.
            if await self._look(write) is not Seen.CARRIED_OUT:
                return False
            await self._found(write)
            return True
        except AzureError as error:
            raise _GivenUpError(error, unknown=True) from error
        await self._done(write)
        return True

    async def _found(self, write: Write, *, ours: bool = True) -> None:
        if not ours:
            await self._recorder.note("existed", step=write.step)
            await write.succeeded(found=True)
            return
        if self._recorder.ledger.state(write.step) is not StepState.ACCEPTED:
            await self._recorder.note("found", step=write.step, operation=write.operation, safe=True)
        try:
            await write.settle()
        except AzureError as error:
            raise _GivenUpError(error, unknown=isinstance(error, OperationTimeoutError)) from error
        await self._done(write)

    async def _done(self, write: Write) -> None:
        await self._recorder.note("done", step=write.step, operation=write.operation)
        await write.succeeded(found=False)

    # --- waiting ----------------------------------------------------------------------------------------

    async def _follow(self, accepted: AcceptedOperation, *, age: float) -> None:
        await self._follower.follow(accepted, age=age, timeout=self._patience.operation)

    async def _wait_for_lock(self, step: Step, holder: str | None) -> None:
        """Wait until the lock somebody else holds is free, as far as can be told."""
        since = self._blocked_since[step]
        waited = anyio.current_time() - since
        if holder is None or holder in self._ended_holders:
            # Nothing can be asked about: the write itself is the question, at growing pauses.
            await anyio.sleep(min(max(UNKNOWN_HOLDER_SECONDS, waited / 2), reactions.LONGEST_PAUSE_SECONDS))
        else:
            foreign = AcceptedOperation(holder, "operation", 202, self._client.subscription_id)
            left = max(self._patience.lock - waited, UNKNOWN_HOLDER_SECONDS)
            with suppress(AzureError):  # failed, not ours to see, or endless: the write itself will tell
                await self._follower.follow(foreign, age=None, hurried=False, timeout=left)
            self._ended_holders.add(holder)
        self.schedule.unblock(step.service, anyio.current_time())
        self._changed.set()

    async def _ask(self, request_id: str) -> OperationStatus:
        self._recorder.requests["GetOperationStatus"] += 1
        return await self._client.get_operation_status(request_id)


@asynccontextmanager
async def task_group() -> AsyncIterator[TaskGroup]:
    """A task group whose single error is raised as it is, not inside an exception group."""
    alone: BaseException | None = None
    try:
        async with anyio.create_task_group() as tasks:
            yield tasks
    except BaseExceptionGroup as group:
        alone = _only_one(group)
        if alone is None:
            raise
    if alone is not None:
        raise alone


def _only_one(group: BaseExceptionGroup[BaseException]) -> BaseException | None:
    if len(group.exceptions) != 1:
        return None
    only = group.exceptions[0]
    return _only_one(only) if isinstance(only, BaseExceptionGroup) else only
