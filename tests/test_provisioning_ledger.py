"""How far a write has come: the table of facts, and what a ledger sums up."""

from __future__ import annotations

import itertools
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.provisioning.plan import RoleId
from azure_iaas.provisioning.progress.ledger import (
    LASTING,
    TRANSITIONS,
    FactKind,
    ImpossibleFactError,
    Ledger,
    StepState,
)
from azure_iaas.provisioning.steps import DELETIONS, Step, StepKind

STEP = Step(StepKind.CREATE_ROLE, "fleet", "web", "web01")
DISK = Step(StepKind.ATTACH_DISK, "fleet", "web", "web01", 0)
ERROR = {"type": "BadRequestError", "message": "No."}
TO = {
    StepState.NEW: (),
    StepState.IN_DOUBT: ("intent",),
    StepState.ACCEPTED: ("intent", "accepted"),
    StepState.DONE: ("intent", "accepted", "done"),
    StepState.EXISTED: ("existed",),
    StepState.FAILED: ("intent", "refused", "failed"),
}


def fact(kind: str, step: Step = STEP, **more: Any) -> dict[str, Any]:
    """Make a fact with all that belongs to any kind."""
    return {
        "fact": kind,
        "at": 7.0,
        "step": step.fields,
        "role": [step.service, step.deployment, step.role],
        "operation": "AddRole",
        "request_id": "1f",
        "error": ERROR,
        "what": "fleet/web/web01",
        **more,
    }


def ledger_in(state: StepState, step: Step = STEP) -> Ledger:
    ledger = Ledger()
    for kind in TO[state]:
        ledger.note(fact(kind, step))
    assert ledger.state(step) is state
    return ledger


@pytest.mark.parametrize(
    ("kind", "state"),
    [(kind, state) for kind, state in itertools.product(TRANSITIONS, StepState) if kind != "removed"],
)
def test_each_fact_moves_a_write_or_is_impossible(kind: str, state: StepState) -> None:
    ledger = ledger_in(state)
    named, _, unknown = kind.partition(", ")
    noted = fact(named, unknown=bool(unknown))
    if state in TRANSITIONS[kind]:
        ledger.note(noted)
        assert ledger.state(STEP) is TRANSITIONS[kind][state]
    else:
        with pytest.raises(ImpossibleFactError, match=f"'{kind}' can't follow '{state.value}'"):
            ledger.note(noted)
        assert ledger.state(STEP) is state


def test_the_table_knows_real_kinds_only() -> None:
    kinds = set(get_args(FactKind))
    assert {kind.partition(", ")[0] for kind in TRANSITIONS} <= kinds
    assert kinds > LASTING


@pytest.mark.parametrize("state", StepState)
@pytest.mark.parametrize("kind", ["waiting", "retried", "remains", "never heard of"])
def test_other_facts_change_nothing(kind: str, state: StepState) -> None:
    ledger = ledger_in(state)
    ledger.note(fact(kind))
    assert ledger.state(STEP) is state


def test_what_is_deleted_is_as_if_it_had_never_been() -> None:
    ledger = ledger_in(StepState.DONE)
    ledger.note(fact("ready"))
    for kind in TO[StepState.DONE]:
        ledger.note(fact(kind, DISK))
    ledger.note(fact("removed", Step(StepKind.DETACH_DISK, "FLEET", "web", "web01", 0)))
    assert (ledger.state(DISK), ledger.state(STEP)) == (StepState.NEW, StepState.DONE)
    assert ledger.ready
    ledger.note(fact("removed", Step(StepKind.DELETE_SERVICE, "FLEET")))
    assert ledger.state(STEP) is StepState.NEW
    assert not ledger.ready
    assert ledger.of(STEP).request_ids == ["1f"]


def test_a_later_run_makes_what_somebody_else_deleted() -> None:
    ledger = ledger_in(StepState.DONE)
    ledger.note(fact("ready"))
    ledger.note(fact("gone"))
    assert RoleId("fleet", "web", "web01") not in ledger.ready
    ledger.note(fact("intent"))
    assert ledger.of(STEP).attempts == 2


def test_a_new_run_knows_nothing_of_deletions_before() -> None:
    step = Step(StepKind.DELETE_ROLE, "fleet", "web", "web01")
    ledger = ledger_in(StepState.ACCEPTED, step)
    assert step.kind in DELETIONS
    ledger.note({"fact": "begin", "at": 8.0})
    assert ledger.state(step) is StepState.NEW
    assert (ledger.runs, ledger.started_at) == (1, 8.0)


def test_a_step_comes_back_from_its_fields() -> None:
    assert Step.read(DISK.fields) == DISK
    for odd in ([], ["create role"], ["fly", "a", "b", "c", -1]):
        with pytest.raises(ValueError, match=r"."):
            Step.read(odd)


@given(st.lists(st.sampled_from([*get_args(FactKind), "never heard of"]), max_size=30))
def test_whatever_is_noted_a_write_is_in_one_known_state(kinds: list[str]) -> None:
    ledger = Ledger()
    for kind in kinds:
        before = ledger.state(STEP)
        try:
            ledger.note(fact(kind))
        except ImpossibleFactError:
            assert ledger.state(STEP) is before
    assert ledger.state(STEP) in StepState
