"""What is done about each failure of a write: the table, row by row."""

from __future__ import annotations

from typing import Any

import pytest

from azure_iaas.errors import (
    AuthenticationError,
    AzureError,
    BadRequestError,
    ConflictError,
    ConflictKind,
    ConnectError,
    OperationFailedError,
    OutcomeUnknownError,
    ProtocolError,
    ResourceNotFoundError,
    ServerError,
    ServiceError,
    ThrottledError,
    TLSError,
)
from azure_iaas.operations.retrying import RetryBudget
from azure_iaas.provisioning.reactions import MAX_LOOKS, Again, Fail, Look, Reaction, WaitForLock, react

HOLDER = "0123456789abcdef0123456789abcdef"


def conflict(kind: ConflictKind, holder: str | None = None) -> ConflictError:
    error = ConflictError("conflict")
    error.kind, error.holder_request_id = kind, holder
    return error


def failed(message: str, code: str, status: int) -> OperationFailedError:
    return OperationFailedError(message, code=code, status=status)


def decide(error: AzureError, **more: Any) -> Reaction:
    given = {"uncertain": False, "attempts": 1, "patience_seconds": 1800.0, "random": 0.5, **more}
    return react(error, budget=RetryBudget(), **given)


LEASED = "A disk with name X is currently in use by virtual machine R running within hosted service S."
LOCKED = "AddRole failed: HTTP 409 ConflictError: ... on this deployment that requires exclusive access."


@pytest.mark.parametrize(
    ("error", "reaction"),
    [
        (conflict(ConflictKind.EXCLUSIVE_ACCESS, HOLDER), WaitForLock(HOLDER)),
        (conflict(ConflictKind.EXCLUSIVE_ACCESS), WaitForLock(None)),
        (failed(LOCKED, "ConflictError", 409), WaitForLock(None)),
        (conflict(ConflictKind.SLOT_OCCUPIED), Look(0.0)),
        (conflict(ConflictKind.NAME_TAKEN), Look(0.0)),
        (conflict(ConflictKind.OTHER), Look(None)),
        (conflict(ConflictKind.IN_USE), Again(10.0)),
        (BadRequestError(LEASED), Again(10.0)),
        (BadRequestError("A parameter was incorrect"), Look(None)),
        (AuthenticationError("no"), Fail(everything=True)),
        (ThrottledError("later"), Again(5.0)),
        (ThrottledError("later", retry_after=30.0), Again(30.0)),
        (ThrottledError("later", retry_after=3600.0), Fail()),
        (OutcomeUnknownError("lost"), Look(1.0)),
        (ServerError("500", status=500), Look(1.0)),
        (ServiceError("late", status=408), Look(1.0)),
        (ServiceError("moved", status=302), Fail()),
        (TLSError("handshake"), Fail()),
        (ProtocolError("odd"), Look(1.0)),
        (failed("The operation took too long", "OperationTimedOut", 500), Look(1.0)),
        (failed("Port 22 is already in use", "BadRequest", 400), Fail()),
        (ResourceNotFoundError("The deployment is gone"), Look(0.0)),
    ],
)
def test_each_failure_has_its_reaction(error: AzureError, reaction: Reaction) -> None:
    assert decide(error) == reaction


def test_what_never_left_is_sent_again_within_the_budget() -> None:
    error = ConnectError("refused")
    assert isinstance(decide(error), Again)
    assert decide(error, attempts=4) == Fail()
    empty = RetryBudget(tokens=0.0)
    assert react(error, uncertain=False, attempts=1, patience_seconds=1.0, budget=empty, random=0.0) == Fail()


@pytest.mark.parametrize(
    "error",
    [
        BadRequestError("LUN is taken"),
        conflict(ConflictKind.OTHER),
        conflict(ConflictKind.NAME_TAKEN),
        failed("Port 22 is already in use", "BadRequest", 400),
        ServiceError("moved", status=302),
    ],
)
def test_a_refusal_of_a_repeat_may_mean_that_the_first_was_carried_out(error: AzureError) -> None:
    assert isinstance(decide(error, uncertain=True, attempts=3), Look)


def test_patience_ends() -> None:
    locked = conflict(ConflictKind.EXCLUSIVE_ACCESS, HOLDER)
    assert decide(locked, patience_seconds=0.0) == Fail()
    assert decide(ThrottledError("later"), patience_seconds=1.0) == Fail()
    assert decide(OutcomeUnknownError("lost"), attempts=MAX_LOOKS + 1) == Look(None)
    assert decide(conflict(ConflictKind.NAME_TAKEN), attempts=2) == Look(None)


def test_pauses_grow() -> None:
    pauses = [
        reaction.seconds
        for n in range(1, 9)
        if isinstance(reaction := decide(ThrottledError("x"), attempts=n), Again)
    ]
    assert pauses == [5.0, 10.0, 20.0, 40.0, 80.0, 120.0, 120.0, 120.0]
