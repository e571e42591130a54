"""What is known of an accepted operation, and what its answers mean."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.errors import InvalidArgumentError, ServerError, ThrottledError
from azure_iaas.models import OperationStatus
from azure_iaas.operations import tracking
from azure_iaas.operations.tracking import AcceptedOperation

ACCEPTED = AcceptedOperation("ab" * 16, "CreateDeployment", 202, "sub")


def test_a_token_is_plain_text_and_comes_back() -> None:
    assert AcceptedOperation.from_token(ACCEPTED.token) == ACCEPTED
    assert tracking.resolve(ACCEPTED.token, subscription_id="SUB") == ACCEPTED
    assert tracking.resolve(ACCEPTED, subscription_id="sub") is ACCEPTED
    assert tracking.resolve("cd" * 16, subscription_id="sub").request_id == "cd" * 16


def token(**changes: object) -> str:
    return json.dumps({**json.loads(ACCEPTED.token), **changes})


@pytest.mark.parametrize(
    "text",
    [
        *["", "   ", None, 7, "[" * 1000, "1f", "ab" * 16 + "0", "g" * 32, "ab" * 8 + "-" + "ab" * 8],
        *["{", "{}", '{"azure_iaas": 1}', '{"a":' * 100_000, '{"azure_iaas": ' + "9" * 5000 + "}"],
        *[token(azure_iaas=version) for version in (2, True, "1", None, [1], 1.5)],
        *[token(request_id=odd) for odd in (None, 7, "x", ["ab" * 16], "../roles", "")],
        *[token(operation=odd) for odd in (None, 7, "", "Add Role", "A" * 200, {"a": 1})],
        *[token(subscription_id=odd) for odd in (None, 7, ["sub"], "", "other")],
    ],
)
def test_what_is_no_token_is_refused(text: object) -> None:
    with pytest.raises(InvalidArgumentError):
        tracking.resolve(text, subscription_id="sub")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["ab" * 16, "AB" * 16, "abababab-abab-abab-abab-abababababab"])
def test_a_request_id_may_have_the_dashes_of_a_guid(text: str) -> None:
    assert tracking.resolve(f" {text} ", subscription_id="sub").request_id == "ab" * 16


def test_an_operation_of_another_subscription_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="belongs to subscription sub"):
        tracking.resolve(ACCEPTED, subscription_id="other")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InvalidArgumentError):
        AcceptedOperation.from_token(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(list(json.loads(ACCEPTED.token))) | st.text(), inner)
        ),
    )
)
def test_any_document_is_read_or_refused(document: object) -> None:
    with suppress(InvalidArgumentError):
        AcceptedOperation.from_token(json.dumps(document))


@pytest.mark.parametrize(
    ("status", "final"),
    [("InProgress", False), ("Succeeded", True), ("Failed", True), (None, False), ("New", False)],
)
def test_only_two_statuses_are_final(status: str | None, final: bool) -> None:
    assert tracking.is_final(OperationStatus(status=status)) is final


def test_pauses_after_failures_grow_to_a_cap_and_obey_retry_after() -> None:
    error = ServerError("x", status=500)
    pauses = [tracking.pause_after_failure_seconds(error, failed) for failed in range(1, 9)]
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    assert tracking.pause_after_failure_seconds(None, 0) == 0
    assert tracking.pause_after_failure_seconds(error, 10_000) == 30
    assert tracking.pause_after_failure_seconds(ThrottledError("x", retry_after=45), 1) == 45
    assert tracking.pause_after_failure_seconds(ThrottledError("x", retry_after=1e9), 1) == 120
    assert tracking.pause_after_failure_seconds(ThrottledError("x", retry_after=7), 0) == 7


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
