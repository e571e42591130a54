"""How long a run still takes: never nonsense, and right once something was seen."""

from __future__ import annotations

import math
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.provisioning import Plan
from azure_iaas.provisioning.progress.estimate import READY_SECONDS, Estimate
from azure_iaas.provisioning.progress.events import Event, EventKind
from azure_iaas.provisioning.steps import EXPECTED_SECONDS
from azure_iaas.provisioning.timetable import timetable
from tests.provisioning_fleets import fleet

events = st.builds(
    Event,
    st.sampled_from(list(EventKind)),
    st.floats(-1e12, 1e12),
    st.sampled_from("ab"),
    st.sampled_from(["web", ""]),
    st.sampled_from(["web0", "web1", ""]),
    st.sampled_from([None, 0, 1]),
)


@given(st.lists(events), st.floats(-1e12, 1e12), st.integers(1, 100), st.booleans(), st.booleans())
def test_it_is_never_negative_and_always_a_number(
    course: list[Event], now: float, max_parallel: int, ready_wanted: bool, taken_down: bool
) -> None:
    estimate = Estimate(max_parallel=max_parallel, ready_wanted=ready_wanted, taken_down=taken_down)
    for event in course:
        estimate.note(event)
        left = estimate.seconds_left(now)
        assert left is None or (left >= 0 and math.isfinite(left))
        assert estimate.factor > 0


def course_of(
    services: int, roles: int, disks: int, max_parallel: int, factor: float, *, ready_wanted: bool
) -> tuple[list[Event], float]:
    """The events of a run on a service that takes so much longer than recorded, and when it ends."""
    plan = Plan.of(fleet(services, roles, data_disks=[{"LogicalDiskSizeInGB": 1}] * disks))
    seconds = {kind: each * factor for kind, each in EXPECTED_SECONDS.items()}
    table = timetable(plan.expand(), max_parallel=max_parallel, seconds=seconds)
    course, end = [], table.seconds
    for lane in table.lanes.values():
        for slot in lane:
            step = slot.step
            where = step.service, step.deployment, step.role, step.lun if step.lun >= 0 else None
            course.append(Event(EventKind.QUEUED, -1.0, *where))
            course.append(Event(EventKind.CREATING, slot.begin, *where))
            course.append(Event(EventKind.CREATED, slot.end, *where))
            if ready_wanted and step.role and step.lun < 0:
                ready = slot.begin + READY_SECONDS * factor
                course.append(Event(EventKind.READY, ready, *where))
                end = max(end, ready)
    return sorted(course, key=lambda event: event.at), end


@given(
    st.integers(1, 6),
    st.integers(1, 6),
    st.integers(0, 2),
    st.integers(1, 8),
    st.sampled_from([0.01, 0.5, 1.0, 3.0]),
    st.booleans(),
)
def test_it_converges_on_the_end_of_the_run(
    services: int, roles: int, disks: int, max_parallel: int, factor: float, ready_wanted: bool
) -> None:
    course, end = course_of(services, roles, disks, max_parallel, factor, ready_wanted=ready_wanted)
    estimate = Estimate(max_parallel=max_parallel, ready_wanted=ready_wanted)
    left: float | None = None
    for at, group in groupby(course, key=lambda event: event.at):
        for event in group:
            estimate.note(event)
        if at < end / 2:
            continue
        left = estimate.seconds_left(at)
        assert left is not None
        # The bound is a lower one: places stay free at the end, for at most about one machine's time.
        slack = 2 * factor * EXPECTED_SECONDS["create role"] + 0.25 * end + 2.0  # type: ignore[index]
        assert abs(left - (end - at)) <= slack
    assert left == pytest.approx(0.0, abs=1e-6)


def test_nothing_is_said_before_anything_is_known() -> None:
    estimate = Estimate()
    assert estimate.seconds_left(0.0) is None
    estimate.note(Event(EventKind.QUEUED, 0.0, "fleet"))
    assert estimate.seconds_left(0.0) == 2.0


def test_what_runs_counts_down_and_then_stands_at_nothing() -> None:
    estimate = Estimate(taken_down=True)
    estimate.note(Event(EventKind.QUEUED, 0.0, "fleet", "web", "web1"))
    assert estimate.seconds_left(100.0) == 29.0
    estimate.note(Event(EventKind.DELETING, 100.0, "fleet", "web", "web1"))
    assert [estimate.seconds_left(now) for now in (100.0, 110.0, 129.0, 500.0)] == [29.0, 19.0, 0.0, 0.0]


def test_the_disks_of_a_machine_that_failed_are_not_waited_for() -> None:
    estimate = Estimate()
    for lun in (None, 0, 1):
        estimate.note(Event(EventKind.QUEUED, 0.0, "fleet", "web", "web1", lun))
    estimate.note(Event(EventKind.FAILED, 1.0, "fleet", "web", "web1"))
    assert estimate.seconds_left(1.0) == 0.0
