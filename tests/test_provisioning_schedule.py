"""The schedule: one write at a time in a service, many across them, the longest chain first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.provisioning.schedule import Schedule
from azure_iaas.provisioning.steps import EXPECTED_SECONDS, Step, StepKind


def create(service: str, role: int, deployment: str = "web") -> Step:
    return Step(StepKind.CREATE_ROLE, service, deployment, f"role{role}")


def test_one_write_at_a_time_in_a_service_and_in_order() -> None:
    schedule = Schedule(10)
    for role in range(3):
        schedule.add(create("a", role), 0.0)
    started = []
    while not schedule.finished:
        (step,) = schedule.take(0.0)
        assert schedule.take(0.0) == []
        started.append(step.role)
        schedule.done(step, 0.0)
    assert started == ["role0", "role1", "role2"]


def test_the_longest_chain_goes_first_and_then_who_waited_longest() -> None:
    schedule = Schedule(1)
    for service, count in (("short", 1), ("long", 3), ("middle", 2)):
        for role in range(count):
            schedule.add(create(service, role), 0.0)
    order, now = [], 0.0
    while not schedule.finished:
        (step,) = schedule.take(now)
        order.append(step.service)
        now += 40.0
        schedule.done(step, now)
    # Of equally long ones that which waited longest: nobody is served twice while another waits.
    assert order == ["long", "middle", "long", "short", "middle", "long"]


def test_the_service_is_made_before_its_machines_and_deleted_after_them() -> None:
    schedule = Schedule(5)
    steps = [
        Step(StepKind.DELETE_ROLE, "a", "web", "x"),
        Step(StepKind.DELETE_SERVICE, "a"),
        Step(StepKind.DELETE_DEPLOYMENT, "a", "trial"),
    ]
    for step in steps:
        schedule.add(step, 0.0)
    order = []
    while not schedule.finished:
        (step,) = schedule.take(0.0)
        order.append(step.kind)
        schedule.done(step, 0.0)
    assert order[-1] is StepKind.DELETE_SERVICE
    schedule.add(Step(StepKind.CREATE_SERVICE, "b"), 0.0)
    schedule.add(create("b", 1), 0.0)
    assert [step.kind for step in schedule.take(0.0)] == [StepKind.CREATE_SERVICE]


def test_a_blocked_service_takes_no_place_and_keeps_its_order() -> None:
    schedule = Schedule(1)
    schedule.add(create("a", 0), 0.0)
    schedule.add(create("a", 1), 0.0)
    schedule.add(create("b", 0), 0.0)
    (blocked,) = schedule.take(0.0)
    assert blocked == create("a", 0)
    schedule.block(blocked, 1.0)
    (other,) = schedule.take(1.0)
    assert other.service == "b"
    schedule.done(other, 2.0)
    assert schedule.take(2.0) == []
    assert not schedule.finished
    schedule.unblock("a", 3.0)
    assert schedule.take(3.0) == [blocked]


def test_names_are_compared_without_case() -> None:
    schedule = Schedule(5)
    schedule.add(create("Fleet", 0), 0.0)
    schedule.add(create("fleet", 1), 0.0)
    assert len(schedule.take(0.0)) == 1


def test_dropping_takes_out_what_waits() -> None:
    schedule = Schedule(1)
    for role in range(3):
        schedule.add(create("a", role), 0.0)
    (running,) = schedule.take(0.0)
    assert [step.role for step in schedule.drop(lambda step: step.role != "role2")] == ["role1"]
    assert schedule.waiting("a", "web") == 1
    schedule.done(running, 1.0)
    assert [step.role for step in schedule.take(1.0)] == ["role2"]


def test_misuse_is_refused() -> None:
    with pytest.raises(ValueError, match="max_parallel"):
        Schedule(0)
    schedule = Schedule(1)
    schedule.add(create("a", 0), 0.0)
    with pytest.raises(ValueError, match="isn't running"):
        schedule.done(create("a", 0), 0.0)


steps = st.builds(
    create, st.sampled_from("abcdE"), st.integers(0, 5), st.sampled_from(["web", "trial"])
) | st.builds(lambda service: Step(StepKind.CREATE_SERVICE, service), st.sampled_from("abcdE"))


@given(st.lists(steps, unique=True), st.integers(1, 4), st.data())
def test_any_course_of_events_ends_with_every_write_done_once(
    planned: list[Step], max_parallel: int, data: st.DataObject
) -> None:
    schedule = Schedule(max_parallel)
    for step in planned:
        schedule.add(step, 0.0)
    running: list[Step] = []
    blocked: list[Step] = []
    done: list[Step] = []
    now = 0.0
    while not schedule.finished:
        started = schedule.take(now)
        running += started
        services = [step.service.lower() for step in (*running, *blocked)]
        assert len(running) <= max_parallel
        assert len(set(services)) == len(services), "two writes of a service overlap"
        assert schedule.running == len(running)
        # Nobody idles: a free place stays free only when every waiting service is busy or blocked.
        if len(running) < max_parallel:
            waiting = {step.service.lower() for step in planned if step not in (*done, *running, *blocked)}
            assert waiting <= set(services)
        now += 1.0
        choice = data.draw(st.sampled_from(["done", "done", "block", "unblock"]))
        if choice == "unblock" and blocked:
            schedule.unblock(blocked.pop().service, now)
        elif running:
            step = running.pop(data.draw(st.integers(0, len(running) - 1)))
            if choice == "block":
                schedule.block(step, now)
                blocked.append(step)
            else:
                schedule.done(step, now)
                done.append(step)
        elif blocked:
            schedule.unblock(blocked.pop().service, now)
    assert sorted(map(str, done)) == sorted(map(str, planned))
    for service in "abcdE":
        for deployment in ("web", "trial"):
            mine = [step for step in done if (step.service, step.deployment) == (service, deployment)]
            assert mine == [
                step for step in planned if (step.service, step.deployment) == (service, deployment)
            ]


def test_every_kind_has_an_expected_duration() -> None:
    assert set(EXPECTED_SECONDS) == set(StepKind)
