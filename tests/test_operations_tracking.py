"""What to do next about an accepted operation, and whether to try a request again."""

from __future__ import annotations

from contextlib import suppress

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
    RequestTimeoutError,
    ServerError,
    ThrottledError,
    TLSError,
)
from azure_iaas.models import OperationStatus
from azure_iaas.operations import retrying, tracking
from azure_iaas.operations.retrying import RetryBudget, delay_seconds
from azure_iaas.operations.tracking import AcceptedOperation, pause_seconds

ACCEPTED = AcceptedOperation("ab" * 16, "CreateDeployment", 202, "sub")


def test_a_token_is_plain_text_and_comes_back() -> None:
    assert AcceptedOperation.from_token(ACCEPTED.token) == ACCEPTED
    assert tracking.resolve(ACCEPTED.token, subscription_id="SUB") == ACCEPTED
    assert tracking.resolve(ACCEPTED, subscription_id="sub") is ACCEPTED
    assert tracking.resolve("cd" * 16, subscription_id="sub").request_id == "cd" * 16


@pytest.mark.parametrize(
    "token", ["{", "{}", '{"azure_iaas": 2}', "", "   ", None, 7, '{"azure_iaas": 1}', "[" * 9]
)
def test_what_is_no_token_is_refused(token: object) -> None:
    if token == "[" * 9:
        assert tracking.resolve(token, subscription_id="sub").request_id == token
        return
    with pytest.raises(InvalidArgumentError):
        tracking.resolve(token, subscription_id="sub")  # type: ignore[arg-type]


def test_an_operation_of_another_subscription_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="belongs to subscription sub"):
        tracking.resolve(ACCEPTED, subscription_id="other")


@given(st.text())
def test_any_token_is_read_or_refused(token: str) -> None:
    with suppress(InvalidArgumentError):
        AcceptedOperation.from_token(token)


@pytest.mark.parametrize(
    ("status", "final"),
    [("InProgress", False), ("Succeeded", True), ("Failed", True), (None, False), ("New", False)],
)
def test_only_two_statuses_are_final(status: str | None, final: bool) -> None:
    assert tracking.is_final(OperationStatus(status=status)) is final


def test_pauses_grow_to_a_cap() -> None:
    pauses = [pause_seconds(polls) for polls in range(20)]
    assert pauses[0] == 0.25
    assert pauses == sorted(pauses)
    assert pauses[-1] == tracking.LONGEST_PAUSE_SECONDS


def test_a_recorded_deployment_costs_twelve_questions() -> None:
    elapsed, polls = 0.0, 0
    while elapsed < 45:
        elapsed += pause_seconds(polls)
        polls += 1
    assert polls == 12


@given(
    st.integers(0, 10_000),
    st.none() | st.floats(0.001, 1e6),
    st.none() | st.floats(0, 1e6),
    st.floats(0, 1),
)
def test_any_pause_is_bounded_and_obeys_retry_after(
    polls: int, interval: float | None, retry_after: float | None, random: float
) -> None:
    pause = pause_seconds(polls, interval=interval, retry_after=retry_after, random=random)
    longest = interval if interval is not None else tracking.LONGEST_PAUSE_SECONDS * (1 + tracking.JITTER)
    assert (retry_after or 0) <= pause <= max(longest, retry_after or 0)


def test_a_fixed_interval_asks_at_once_and_then_at_that_period() -> None:
    assert [pause_seconds(polls, interval=10) for polls in range(3)] == [0, 10, 10]


def test_a_failure_carries_the_services_reason() -> None:
    status = OperationStatus.model_validate(
        {
            "Status": "Failed",
            "HttpStatusCode": 400,
            "Error": {"Code": "BadRequest", "Message": "Port 22 is taken"},
        }
    )
    error = tracking.failure(ACCEPTED, status)
    assert (error.status, error.code, error.request_id) == (400, "BadRequest", "ab" * 16)
    assert str(error) == "CreateDeployment failed: HTTP 400 BadRequest: Port 22 is taken"
    assert "no reason" in str(tracking.failure(ACCEPTED, OperationStatus(status="Failed")))


# --- retrying ------------------------------------------------------------------------------------------

NEVER_SENT = [ConnectError("x"), RequestTimeoutError("x", request_sent=False)]
UNKNOWN = [ConnectionLostError("x"), RequestTimeoutError("x"), ServerError("x"), ThrottledError("x")]
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
