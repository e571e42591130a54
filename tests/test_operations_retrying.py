"""Whether to try a request again, and whether a write that failed may have been carried out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.errors import (
    AzureError,
    BadRequestError,
    ConflictError,
    ConnectError,
    ConnectionLostError,
    InvalidArgumentError,
    OperationFailedError,
    OutcomeUnknownError,
    ProtocolError,
    RequestTimeoutError,
    ResourceNotFoundError,
    ServerError,
    ServiceError,
    ThrottledError,
    TLSError,
)
from azure_iaas.operations import retrying
from azure_iaas.operations.retrying import RetryBudget, delay_seconds, is_transient, may_have_acted

NEVER_SENT = [ConnectError("x"), RequestTimeoutError("x", request_sent=False), ThrottledError("x")]
UNKNOWN = [
    ConnectionLostError("x"),
    RequestTimeoutError("x"),
    ServerError("x"),
    ServiceError("x", status=408),
]
FINAL = [BadRequestError("x"), ConflictError("x"), TLSError("x", request_sent=False), AzureError("x")]


@pytest.mark.parametrize("error", NEVER_SENT, ids=repr)
@pytest.mark.parametrize("repeatable", [True, False])
def test_what_never_left_may_be_sent_again(error: AzureError, repeatable: bool) -> None:
    delay = delay_seconds(error, repeatable=repeatable, attempts=1, budget=RetryBudget(), random=1.0)
    assert delay == pytest.approx(0.4)


@pytest.mark.parametrize("error", UNKNOWN, ids=repr)
def test_an_unknown_outcome_is_repeated_for_reads_only(error: AzureError) -> None:
    def decide(*, repeatable: bool) -> float | None:
        return delay_seconds(error, repeatable=repeatable, attempts=1, budget=RetryBudget(), random=0.5)

    assert decide(repeatable=True) is not None
    assert decide(repeatable=False) is None


@pytest.mark.parametrize("error", FINAL, ids=repr)
def test_a_refusal_is_never_repeated(error: AzureError) -> None:
    assert delay_seconds(error, repeatable=True, attempts=1, budget=RetryBudget(), random=0.5) is None


def test_attempts_end() -> None:
    budget = RetryBudget()
    error = ConnectError("x")
    last = retrying.MAX_ATTEMPTS
    assert delay_seconds(error, repeatable=True, attempts=last - 1, budget=budget, random=0) is not None
    assert delay_seconds(error, repeatable=True, attempts=last, budget=budget, random=0) is None


def test_the_budget_ends_repeats_in_an_outage_and_recovers() -> None:
    budget = RetryBudget()
    decisions = [
        delay_seconds(ConnectError("x"), repeatable=True, attempts=1, budget=budget, random=0)
        for _ in range(30)
    ]
    assert decisions == [0.0] * 20 + [None] * 10
    for _ in range(5):
        budget.refund()
    assert delay_seconds(ConnectError("x"), repeatable=True, attempts=1, budget=budget, random=0) == 0.0


def test_retry_after_is_obeyed_up_to_a_bound() -> None:
    def decide(seconds: float) -> float | None:
        error = ThrottledError("x", retry_after=seconds)
        return delay_seconds(error, repeatable=True, attempts=1, budget=RetryBudget(), random=0.5)

    assert decide(7) == 7
    assert decide(3600) is None


@given(st.integers(1, 3), st.floats(0, 1))
def test_delays_are_bounded(attempts: int, random: float) -> None:
    delay = delay_seconds(
        ConnectError("x"), repeatable=False, attempts=attempts, budget=RetryBudget(), random=random
    )
    assert delay is not None
    assert 0 <= delay <= retrying.LONGEST_DELAY_SECONDS


@pytest.mark.parametrize(
    ("error", "transient", "acted"),
    [
        (ConnectError("refused"), True, False),
        (RequestTimeoutError("x", request_sent=False), True, False),
        (RequestTimeoutError("x"), True, True),
        (ConnectionLostError("x"), True, True),
        (TLSError("x"), False, False),
        (ThrottledError("x", status=503), True, False),
        (ServerError("x", status=500), True, True),
        (ServiceError("x", status=408), True, True),
        (ServiceError("x", status=302), False, False),
        (ProtocolError("half a body"), False, True),
        (OutcomeUnknownError("x"), False, True),
        (OperationFailedError("x", status=500), False, True),
        (OperationFailedError("x"), False, True),
        (OperationFailedError("x", status=400), False, False),
        (BadRequestError("x", status=400), False, False),
        (ConflictError("x", status=409), False, False),
        (ResourceNotFoundError("x", status=404), False, False),
        (InvalidArgumentError("AddRole", "role", "x"), False, False),
    ],
    ids=repr,
)
def test_what_passes_and_what_may_have_acted(error: AzureError, transient: bool, acted: bool) -> None:
    assert is_transient(error) is transient
    assert may_have_acted(error) is acted
