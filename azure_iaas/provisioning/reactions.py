"""What to do about a write that failed. Pure: times and random numbers are passed in.

Rules ("What may be repeated", protocol chapter 9; "Conflicts and locks", chapter 8):

1. A write whose outcome is unknown is looked for before it is repeated; names make a repeat harmless, but
   never its success: a refusal of the repeat may mean that the first one was carried out, so look again.
2. A foreign lock is waited for, throttling is waited out, a disk still leased is waited for: all three within
   the caller's patience. Repeats of what never left come out of a budget, as the client's own do; repeats
   after a look come at growing pauses, so that what an earlier attempt began has time to show.
3. Who isn't let in won't be let in with the next machine either: everything stops.
4. What the service refuses for a reason of its own is final for this machine, not for the others; but it is
   looked for first: somebody else, another run of the same plan, may have made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from azure_iaas.errors import (
    AuthenticationError,
    AzureError,
    BadRequestError,
    ConflictError,
    ConflictKind,
    OperationFailedError,
    ResourceNotFoundError,
    ThrottledError,
    TransportError,
)
from azure_iaas.operations.retrying import delay_seconds, may_have_acted
from azure_iaas.wire.error_documents import conflict_kind

if TYPE_CHECKING:
    from azure_iaas.operations.retrying import RetryBudget

THROTTLED_SECONDS: Final = 5.0
IN_USE_SECONDS: Final = 10.0
LOST_SECONDS: Final = 1.0
MAX_LOOKS: Final = 7
"""Pauses of 1 s, doubling: two minutes in all, more than the writes of a plan take."""
LONGEST_PAUSE_SECONDS: Final = 120.0
"""Pauses of the most patient client of this API: 5 s, doubling to 2 minutes."""


@dataclass(frozen=True, slots=True)
class WaitForLock:
    """Somebody else's write is under way.

    Attributes:
        holder_request_id: the operation that holds the lock, when the service named it.
    """

    holder_request_id: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """See whether it was carried out (or is there for another reason).

    Attributes:
        seconds: pause before it is sent again, if it wasn't; None: then it has failed.
    """

    seconds: float | None


@dataclass(frozen=True, slots=True)
class Again:
    """Nothing was carried out: send it again.

    Attributes:
        seconds: pause before.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class Fail:
    """It has failed for good.

    Attributes:
        everything: no other write has a chance either.
    """

    everything: bool = False


Reaction = WaitForLock | Look | Again | Fail


def react(
    error: AzureError,
    *,
    uncertain: bool,
    attempts: int,
    patience_seconds: float,
    budget: RetryBudget,
    random: float,
) -> Reaction:
    """Decide about a failed write.

    Args:
        error: how it failed.
        uncertain: an earlier attempt may have been carried out.
        attempts: how often it was sent, refusals because of locks not counted.
        patience_seconds: how long it may still wait for locks, leases and throttling.
        budget: what repeats are paid from.
        random: a number from 0 to 1 that spreads pauses.
    """
    conflict = _conflict(error)
    if conflict is ConflictKind.EXCLUSIVE_ACCESS:
        holder = error.holder_request_id if isinstance(error, ConflictError) else None
        return WaitForLock(holder) if patience_seconds > 0 else Fail()
    if conflict is ConflictKind.IN_USE:
        return _patient(error, IN_USE_SECONDS, attempts, patience_seconds, random)
    if conflict in (ConflictKind.SLOT_OCCUPIED, ConflictKind.NAME_TAKEN):
        # There is something: ours, or a deployment the machine can be added to.
        return Look(0.0 if attempts <= 1 or uncertain else None)
    lost = may_have_acted(error) or (uncertain and isinstance(error, TransportError))
    match error:
        case AuthenticationError():
            return Fail(everything=True)
        case ThrottledError():
            return _patient(error, THROTTLED_SECONDS, attempts, patience_seconds, random)
        case _ if lost:
            return Look(_after_a_look(error, attempts, random))
        case TransportError():
            seconds = delay_seconds(error, repeatable=False, attempts=attempts, budget=budget, random=random)
            return Fail() if seconds is None else Again(seconds)
        case ResourceNotFoundError():
            # The deployment (or service) went away under us; a look tells what to do instead.
            return Look(0.0 if attempts <= 1 else None)
        case BadRequestError() | ConflictError():
            return Look(None)
        case _:
            # What failed after it was accepted may be there in part: that isn't what was planned.
            return Look(None) if uncertain else Fail()


def _conflict(error: AzureError) -> ConflictKind | None:
    if isinstance(error, ConflictError):
        return error.kind
    if isinstance(error, OperationFailedError) and error.code == "ConflictError":
        return conflict_kind(error.message)
    # A disk still leased is refused with 400 as well (protocol chapter 8).
    if isinstance(error, (BadRequestError, OperationFailedError)):
        kind = conflict_kind(error.message)
        return kind if kind is ConflictKind.IN_USE else None
    return None


def _patient(
    error: AzureError, first_seconds: float, attempts: int, patience_seconds: float, random: float
) -> Again | Fail:
    pause = min(first_seconds * 2.0 ** min(max(attempts - 1, 0), 16), LONGEST_PAUSE_SECONDS)
    pause = max(pause * (0.75 + random / 2), error.retry_after or 0.0)
    return Again(pause) if pause <= patience_seconds else Fail()


def _after_a_look(error: AzureError, attempts: int, random: float) -> float | None:
    """The pause before a repeat that can't do anything twice, for its outcome is looked at first."""
    if attempts > MAX_LOOKS:
        return None
    pause = LOST_SECONDS * 2.0 ** (attempts - 1) * (0.75 + random / 2)
    return max(pause, min(error.retry_after or 0.0, LONGEST_PAUSE_SECONDS))
