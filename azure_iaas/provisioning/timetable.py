"""What a run of a plan will do, and when: the scheduler's own choices, by the recorded durations. Pure.

Nothing is sent and nothing is asked: it is the run of a subscription that has none of the plan yet, in which
every write takes the recorded median and none fails.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from azure_iaas.operations.pace import Pace
from azure_iaas.provisioning.progress.estimate import READY_SECONDS
from azure_iaas.provisioning.progress.ledger import Ledger
from azure_iaas.provisioning.schedule import Schedule, lower_bound_seconds
from azure_iaas.provisioning.steps import EXPECTED_SECONDS, StepKind
from azure_iaas.provisioning.todo import plan_writes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from azure_iaas.provisioning.plan import PlannedService
    from azure_iaas.provisioning.steps import Step

BASIS: Final = (
    "Durations: recorded medians of the real service ("
    + ", ".join(
        f"{kind} {EXPECTED_SECONDS[kind]:g} s"
        for kind in (StepKind.CREATE_SERVICE, StepKind.CREATE_ROLE, StepKind.ATTACH_DISK)
    )
    + f"; {READY_SECONDS:g} s from acceptance to ReadyRole)."
)
"""What the times are based on, in a sentence."""

_OPERATIONS: Final = {
    StepKind.CREATE_SERVICE: "CreateHostedService",
    StepKind.CREATE_ROLE: "AddRole",
    StepKind.ATTACH_DISK: "AddDataDisk",
}
_SEEN: Final = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """One write and its time, in seconds since the run began."""

    step: Step
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Timetable:
    """When each write of a run begins and ends.

    Attributes:
        lanes: writes in their order, by cloud service; a cloud service has one lock, so they never overlap.
        machines: how many machines are made.
        seconds: until the last write has ended.
        lower_bound_seconds: no schedule takes less.
        ready_seconds: until the last machine is ready; ``seconds`` when that isn't waited for.
        max_parallel: writes that may run at a time.
        peak_parallel: most that run at a time.
        questions: how often an operation is asked about, nearly; waiting for machines to be ready comes on
            top, and depends on how long that takes.
    """

    lanes: Mapping[str, tuple[Slot, ...]]
    machines: int
    seconds: float
    lower_bound_seconds: float
    ready_seconds: float
    max_parallel: int
    peak_parallel: int
    questions: int

    @property
    def writes(self) -> int:
        """How many requests that write are sent."""
        return sum(map(len, self.lanes.values()))

    def summary(self) -> list[str]:
        """What a person wants to know of it, line by line."""
        where = f"{self.machines} machines in {len(self.lanes)} cloud services"
        made, least = spell(self.seconds), spell(self.lower_bound_seconds)
        ready = f", all ready after {spell(self.ready_seconds)}" if self.ready_seconds > self.seconds else ""
        return [
            f"{where}: {self.writes} writes, about {self.questions} questions about them",
            f"made after {made}{ready}; no schedule makes them in less than {least}",
            f"at most {self.peak_parallel} at a time, of {self.max_parallel} allowed",
            BASIS,
        ]


def timetable(
    services: Sequence[PlannedService],
    *,
    max_parallel: int,
    wait_until_ready: bool = True,
    seconds: Mapping[StepKind, float] = EXPECTED_SECONDS,
) -> Timetable:
    """Work out the run of a plan.

    Args:
        services: the expanded plan.
        max_parallel: writes at a time, over all cloud services.
        wait_until_ready: machines are waited for until they are ready.
        seconds: how long each kind of write takes; default the recorded medians.

    Raises:
        ValueError: ``max_parallel`` is less than 1.
    """
    schedule = Schedule(max_parallel)
    lanes: dict[str, list[Slot]] = {service.name: [] for service in services}
    for step in plan_writes(Ledger(), {}, services).writes:
        schedule.add(step, 0.0)
    running: list[tuple[float, int, Step]] = []
    order = itertools.count()
    now, peak = 0.0, 0
    while not schedule.finished:
        for step in schedule.take(now):
            end = now + seconds[step.kind]
            lanes[step.service].append(Slot(step, now, end))
            heapq.heappush(running, (end, next(order), step))
        peak = max(peak, schedule.running)
        now = running[0][0]
        while running and running[0][0] <= now:
            schedule.done(heapq.heappop(running)[2], now)
    slots = [slot for lane in lanes.values() for slot in lane]
    made = [slot.begin for slot in slots if slot.step.kind is StepKind.CREATE_ROLE]
    ready = max(made, default=0.0) + READY_SECONDS if wait_until_ready and made else 0.0
    return Timetable(
        {name: tuple(lane) for name, lane in lanes.items()},
        len(made),
        now,
        lower_bound_seconds(
            (sum(slot.end - slot.begin for slot in lane) for lane in lanes.values()),
            max_parallel=max_parallel,
        ),
        max(now, ready),
        max_parallel,
        peak,
        sum(_questions(slot.step.kind, slot.end - slot.begin) for slot in slots),
    )


@cache
def _questions(kind: StepKind, seconds: float) -> int:
    """How often an operation that takes so long is asked about, by who has seen a few of them."""
    operation = _OPERATIONS.get(kind)
    if operation is None or kind is StepKind.CREATE_SERVICE:
        return 0  # its answer says that it was carried out
    pace, asked, at = Pace(), 0, 0.0
    for _ in range(_SEEN):
        pace.observe(operation, seconds, last_seen_running=0.9 * seconds)
    while at < seconds:
        at = pace.next_question(operation, at)
        asked += 1
    return asked


def spell(seconds: float) -> str:
    """A duration as people say it: ``2 h 05 min``, ``4 min 20 s``, ``12 s``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"
