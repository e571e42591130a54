"""Follow accepted operations to their ends: ask, sleep, ask again.

When to ask says :mod:`azure_iaas.operations.pace`, what answers mean :mod:`azure_iaas.operations.tracking`.
Rules:

1. Who waits for the same thing shares its questions: one asks when the first of them is due, the others
   listen; when it is cancelled, another takes over.
2. At its deadline a wait asks once more, so that what has ended is never said to be in progress. That
   question has ``LAST_QUESTION_SECONDS``; a wait is never longer than its time-out and those.
3. Every error that ends a wait has a ``resume_token``. Leaving a wait leaves the operation alone.
"""

from __future__ import annotations

import inspect
import logging
import math
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

import anyio

from azure_iaas.errors import AzureError, InvalidArgumentError, OperationTimeoutError
from azure_iaas.operations import tracking
from azure_iaas.operations.pace import MET_MIDWAY, UNHURRIED, WORTH, Pace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from azure_iaas.models import OperationStatus
    from azure_iaas.operations.tracking import AcceptedOperation

T = TypeVar("T")
R = TypeVar("R")

_log = logging.getLogger("azure_iaas.polling")

LAST_QUESTION_SECONDS: Final = 10.0
"""An answer takes well under a second; a question that is lost mustn't hold up who has set a deadline."""
REMEMBERED: Final = 1000
"""Accepted operations of which it is remembered when."""
JITTER: Final = 0.02
"""Pauses vary by so much, so that many waits don't ask at the same moment."""


will_ask_again: ContextVar[bool] = ContextVar("azure_iaas_will_ask_again", default=False)
"""True while a question is asked that is asked again anyway: then the call path doesn't repeat it, for its
pauses would pass the deadline of the wait."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a wait tells ``on_progress`` after each question.

    Attributes:
        operation: what is waited for.
        status: the answer, or None when the question failed.
        error: why it failed, or None.
        polls: questions asked so far, by all who wait for this operation.
        elapsed_seconds: since this wait began.
    """

    operation: AcceptedOperation
    status: OperationStatus | None
    error: AzureError | None
    polls: int
    elapsed_seconds: float


class Question(Generic[T]):
    """One question, asked again and again for all who wait for what it asks.

    Args:
        ask: asks it once.

    Attributes:
        asked: how often it was asked to an end.
        asked_at: when it was asked last, by the event loop's clock.
        answer: the last answer, or None when that question failed or none was asked yet.
        error: why it failed, or None.
    """

    __slots__ = ("_ask", "_asking", "_changed", "_dues", "_sleep", "answer", "asked", "asked_at", "error")

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self.asked: int = 0
        self.asked_at: float = -math.inf
        self.answer: T | None = None
        self.error: AzureError | None = None
        self._ask = ask
        self._dues: list[float] = []
        self._asking = False
        self._sleep: anyio.CancelScope | None = None
        # Most questions have one waiter; what others listen to is made for the first of them.
        self._changed: anyio.Event | None = None

    async def asked_again(self, due: float, before: int, until: float = math.inf) -> int:
        """Return when it was asked anew, because this or another waiter was due.

        Args:
            due: latest time to ask, by the event loop's clock.
            before: how often it had been asked when the caller looked last.
            until: when to give up on an answer, later than ``due``.

        Returns:
            How often it was asked by now: ``before`` when no answer came in time.
        """
        self._dues.append(due)
        if self._sleep is not None:
            self._sleep.cancel()
        try:
            while self.asked == before:
                if self._asking:
                    if not await self._listened(until):
                        break
                    continue
                self._asking = True
                try:
                    while (left := min(self._dues) - anyio.current_time()) > 0:
                        # Cancelled when somebody else comes, who may be due sooner.
                        with anyio.CancelScope() as self._sleep:
                            await anyio.sleep(left)
                        self._sleep = None
                    if not await self._asked_now(until):
                        break
                finally:
                    self._asking, self._sleep = False, None
                    if self._changed is not None:
                        self._changed.set()
                        self._changed = None
        finally:
            if self.asked == before:  # else all of them were taken out at once
                self._dues.remove(due)
        return self.asked

    async def _listened(self, until: float) -> bool:
        """Whether the one who asks, or was about to, came to an end in time."""
        self._changed = self._changed or anyio.Event()
        with anyio.CancelScope(deadline=until) as patience:
            await self._changed.wait()
        return not patience.cancelled_caught

    async def _asked_now(self, until: float) -> bool:
        """Whether it was asked to an end in time."""
        asked_at = anyio.current_time()
        answer: T | None = None
        failure: AzureError | None = None
        with anyio.CancelScope(deadline=until) as patience:
            token = will_ask_again.set(True)
            try:
                answer = await self._ask()
            except AzureError as error:
                failure = error
            finally:
                will_ask_again.reset(token)
        if patience.cancelled_caught:
            return False
        # Together, and not before: who was served hasn't looked yet when the next question begins.
        self.asked_at, self.answer, self.error = asked_at, answer, failure
        self.asked += 1
        self._dues.clear()  # all of them are served, though they haven't run yet
        return True


async def ask_until(
    question: Question[T],
    ended: Callable[[T], R | None],
    pace: Pace,
    kind: str,
    *,
    age: float | None = 0.0,
    at_once: bool = False,
    worth: Callable[[], float] = lambda: WORTH,
    random: Callable[[], float] = lambda: 0.5,
    interval: float | None = None,
    timeout: float | None = None,  # noqa: ASYNC109 - the deadline must tell itself from a caller's own
    on_answer: Callable[[int], Awaitable[object] | None] | None = None,
) -> R | None:
    """Ask until something has ended: the one loop of every wait.

    Args:
        question: what is asked.
        ended: what an answer means: None, not yet. What it raises ends the wait, and nothing is learnt.
        pace: when to ask.
        kind: kind of operation, for the pace.
        age: seconds since it began; None when that isn't known.
        at_once: ask the first question now.
        worth: what a question is worth; see :class:`~azure_iaas.operations.pace.Pace`.
        random: gives numbers from 0 to 1, to spread the questions.
        interval: seconds between questions instead of the pace.
        timeout: seconds until giving up; None waits without limit.
        on_answer: called after each question with how often it was asked, answered or not; what it gives is
            awaited, until the last question would be given up.

    Returns:
        What ``ended`` gave, or None when the deadline passed.

    Raises:
        AzureError: what is certain about a question, or was answered again and again.
    """
    began = anyio.current_time()
    since = began - (age or 0.0)
    deadline = math.inf if timeout is None else began + timeout
    kind = kind if age is not None else MET_MIDWAY
    running_at = 0.0
    due = began
    if not at_once and interval is None:
        due += _spread_pause(pace, kind, 0.0, worth(), random()) - (age or 0.0)
    in_time = due > began
    failures = tracking.Failures()
    asked = question.asked
    give_up_at = deadline + LAST_QUESTION_SECONDS
    while True:
        before, asked = asked, await question.asked_again(min(due, deadline), asked, give_up_at)
        if asked == before:
            return None
        asked_at, answer, error = question.asked_at, question.answer, question.error
        if on_answer is not None and (telling := on_answer(asked)) is not None:
            in_good_time = await _done_by(give_up_at, telling)
            telling = None
            if not in_good_time:
                return None
        if error is None:
            failures.clear()
            # Without an error there is an answer, which may be None itself.
            if (result := ended(cast("T", answer))) is not None:
                if running_at or in_time:
                    pace.observe(kind, asked_at - since, last_seen_running=running_at)
                return result
            running_at = asked_at - since
        elif failures.end_the_wait(error):
            raise error
        if asked_at >= deadline:
            return None
        now = anyio.current_time()
        if interval is not None:
            due = now + interval
        else:
            due = since + running_at + _spread_pause(pace, kind, running_at, worth(), random())
        pause = tracking.pause_after_failure_seconds(error, failures.in_a_row if interval is None else 0)
        due = max(due, now + pause)


async def _done_by(until: float, work: Awaitable[object]) -> bool:
    with anyio.CancelScope(deadline=until) as patience:
        await work
    return not patience.cancelled_caught


def _spread_pause(pace: Pace, kind: str, running_at: float, worth: float, random: float) -> float:
    pause = pace.next_question(kind, running_at, worth=worth) - running_at
    return pause * (1 + JITTER * (2 * random - 1))


def _hurried() -> float:
    return WORTH


def _unhurried() -> float:
    return UNHURRIED


class _Wait:
    """One wait for an operation: what it makes of an answer, and whom it tells."""

    __slots__ = ("_on_progress", "_operation", "began", "question")

    def __init__(
        self,
        operation: AcceptedOperation,
        question: Question[OperationStatus],
        on_progress: Callable[[Progress], Any] | None,
    ) -> None:
        self.began: float = anyio.current_time()
        self.question = question
        self._operation = operation
        self._on_progress = on_progress

    def tell(self, polls: int) -> Awaitable[object] | None:
        """Say how it stands; what is given is still to be awaited."""
        operation, answer, error = self._operation, self.question.answer, self.question.error
        if _log.isEnabledFor(logging.DEBUG):
            status = answer.status if answer is not None else type(error).__name__
            _log.debug("%s %s: question %d: %s", operation.operation, operation.request_id, polls, status)
        if self._on_progress is None:
            return None
        elapsed = anyio.current_time() - self.began
        result = self._on_progress(Progress(operation, answer, error, polls, elapsed))
        return result if inspect.isawaitable(result) else None

    def succeeded(self, status: OperationStatus) -> OperationStatus | None:
        """Give the answer when it says so."""
        if status.status == "Failed":
            raise tracking.failure(self._operation, status)
        return status if tracking.is_final(status) else None


class Follower:
    """All waits for operations of one client.

    Args:
        ask: asks once how an operation stands, by request id.
        random: gives numbers from 0 to 1, to spread the questions.
        pace: what is known of durations; nothing but the recorded ones when None.
        at_a_time: questions asked at a time, as many as there are connections; others wait for their turn,
            here and not in the queue for connections, where writes would stand behind them.
    """

    def __init__(
        self,
        ask: Callable[[str], Awaitable[OperationStatus]],
        random: Callable[[], float],
        pace: Pace | None = None,
        at_a_time: int = 16,
    ) -> None:
        self._pace = pace or Pace()
        self._ask_once = ask
        self._turns = anyio.Semaphore(at_a_time, fast_acquire=True)
        self._random = random
        self._questions: dict[str, tuple[Question[OperationStatus], int]] = {}
        self._accepted: dict[str, tuple[AcceptedOperation, float]] = {}

    def remember(self, operation: AcceptedOperation) -> None:
        """Keep what was accepted just now, and when; the oldest of ``REMEMBERED`` is forgotten for it."""
        if len(self._accepted) >= REMEMBERED:
            del self._accepted[next(iter(self._accepted))]
        self._accepted[operation.request_id] = operation, anyio.current_time()

    def recall(self, operation: AcceptedOperation) -> tuple[AcceptedOperation, float | None]:
        """What is remembered of an operation that may be known by its id only, and its age in seconds."""
        known = self._accepted.get(operation.request_id)
        return (known[0], anyio.current_time() - known[1]) if known is not None else (operation, None)

    async def follow(
        self,
        operation: AcceptedOperation,
        *,
        age: float | None = 0.0,
        hurried: bool = True,
        interval: float | None = None,
        timeout: float | None = tracking.DEFAULT_TIMEOUT_SECONDS,  # noqa: ASYNC109 - told apart from a caller's
        on_progress: Callable[[Progress], Any] | None = None,
    ) -> OperationStatus:
        """Wait until an operation has succeeded.

        Args:
            operation: which one.
            age: seconds since it was accepted; None when that isn't known.
            hurried: something waits for its end; False for what is somebody else's: few questions.
            interval: seconds between questions, the first at once; None asks at the pace that was learnt.
            timeout: seconds until giving up; None waits without limit.
            on_progress: called after each question; may be async.

        Raises:
            OperationFailedError: it ended as ``Failed``.
            OperationTimeoutError: the deadline passed.
            AzureError: what is certain about a question, or was answered again and again.
        """
        _check_seconds("interval", interval)
        _check_seconds("timeout", timeout)
        if on_progress is not None and not callable(on_progress):
            raise InvalidArgumentError(tracking.METHOD, "on_progress", "a function of one argument, or None")
        wait = _Wait(operation, self._joined(operation.request_id), on_progress)
        try:
            status = await ask_until(
                wait.question,
                wait.succeeded,
                self._pace,
                operation.operation,
                age=age,
                at_once=operation.completed or (age is None and hurried),
                worth=_hurried if hurried else _unhurried,
                random=self._random,
                interval=interval,
                timeout=timeout,
                on_answer=wait.tell,
            )
            if status is not None:
                return status
            raise _timeout(operation, timeout, wait.question, wait.began) from wait.question.error
        except AzureError as error:
            error.resume_token = operation.token
            raise
        finally:
            self._left(operation.request_id)

    def _joined(self, request_id: str) -> Question[OperationStatus]:
        question, waiters = self._questions.get(request_id) or (Question(partial(self._ask, request_id)), 0)
        self._questions[request_id] = question, waiters + 1
        return question

    def _left(self, request_id: str) -> None:
        question, waiters = self._questions[request_id]
        if waiters > 1:
            self._questions[request_id] = question, waiters - 1
        else:
            del self._questions[request_id]

    async def _ask(self, request_id: str) -> OperationStatus:
        async with self._turns:
            return await self._ask_once(request_id)


def _timeout(
    operation: AcceptedOperation, timeout: float | None, question: Question[OperationStatus], began: float
) -> OperationTimeoutError:
    state = f"was still in progress after {timeout} s"
    if question.answer is None or question.asked_at < began + (timeout or 0.0):
        state = f"could not be asked about after {timeout} s ({question.error or 'no answer'})"
    return OperationTimeoutError(
        f"{operation.operation} {state}; it may yet finish",
        operation=operation.operation,
        request_id=operation.request_id,
    )


def _check_seconds(argument: str, value: float | None) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise InvalidArgumentError(tracking.METHOD, argument, "a number of seconds above 0, or None")
