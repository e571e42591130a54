"""What a run will do: the schedule's own rules, and what the simulated service makes of the same plan."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.emulator import LocalService
from azure_iaas.provisioning import Plan
from azure_iaas.provisioning.simulation import simulate
from azure_iaas.provisioning.timetable import BASIS, spell, timetable
from tests.provisioning_fleets import fleet

DISK = [{"LogicalDiskSizeInGB": 10}]


@given(st.integers(1, 6), st.integers(1, 5), st.booleans(), st.integers(1, 8))
def test_no_lane_overlaps_and_no_more_run_than_may(
    services: int, roles: int, disk: bool, max_parallel: int
) -> None:
    plan = Plan.of(fleet(services, roles, data_disks=DISK if disk else []))
    table = timetable(plan.expand(), max_parallel=max_parallel)
    slots = [slot for lane in table.lanes.values() for slot in lane]
    for lane in table.lanes.values():
        assert all(one.end <= next_one.begin for one, next_one in pairwise(lane))
    at_a_time = [sum(each.begin <= slot.begin < each.end for each in slots) for slot in slots]
    assert max(at_a_time) == table.peak_parallel <= max_parallel
    assert table.writes == len(slots) == services * (1 + roles * (1 + disk))
    assert table.machines == services * roles
    assert table.seconds == max(slot.end for slot in slots)
    # Graham: with any work-conserving order, twice the bound at most.
    assert table.lower_bound_seconds - 1e-6 <= table.seconds <= 2 * table.lower_bound_seconds
    assert table.ready_seconds >= table.seconds


def test_it_says_what_the_run_then_does() -> None:
    plan = Plan.of(fleet(10, 4, data_disks=DISK))
    table = timetable(plan.expand(), max_parallel=20, wait_until_ready=False)
    done = simulate(
        plan,
        lambda clock: LocalService(sockets=False, clock=clock),
        wait_until_ready=False,
        random=lambda: 0.5,
    )
    requests = done.report.requests
    writes = sum(count for name, count in requests.items() if name.startswith(("Create", "Add")))
    assert writes == table.writes
    # The service draws its durations from the recorded ones, so the run isn't the median to the second.
    assert table.seconds == pytest.approx(done.seconds, rel=0.5)
    assert table.questions == pytest.approx(requests["GetOperationStatus"], rel=0.5)


def test_the_summary_says_what_it_is_based_on() -> None:
    table = timetable(Plan.of(fleet(2, 3)).expand(), max_parallel=1)
    said = table.summary()
    assert said[0].startswith("6 machines in 2 cloud services: 8 writes, about ")
    assert said[1:] == [
        "made after 4 min 04 s, all ready after 6 min 04 s; no schedule makes them in less than 4 min 04 s",
        "at most 1 at a time, of 1 allowed",
        BASIS,
    ]
    assert "create role 40 s" in BASIS


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.6, "1 min 00 s"), (3599.6, "1 h 00 min"), (15000, "4 h 10 min")]
)
def test_a_duration_as_people_say_it(seconds: float, text: str) -> None:
    assert spell(seconds) == text
