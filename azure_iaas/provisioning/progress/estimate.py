"""How long a run still takes, from its events and the time. Pure.

Rules:

1. What is left takes as long as no schedule can go below: the longest queue of a cloud service, or all that
   is left spread over the places, whichever is longer. The scheduler comes close to that.
2. The durations are the recorded medians the schedule is made by, times how much longer or shorter those
   took that have ended in this run.
3. The estimate is never negative, and 0 where something takes longer than it should.
"""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, Final

from azure_iaas.operations.pace import MACHINE_READY, RECORDED_SECONDS
from azure_iaas.provisioning.progress.events import EventKind
from azure_iaas.provisioning.schedule import lower_bound_seconds
from azure_iaas.provisioning.steps import EXPECTED_SECONDS, StepKind

if TYPE_CHECKING:
    from azure_iaas.provisioning.progress.events import Event

READY_SECONDS: Final = median(RECORDED_SECONDS[MACHINE_READY])
"""From a machine's acceptance to ``ReadyRole``."""
RECORDED_WEIGHT_SECONDS: Final = 1.0
"""The recorded durations count as much as one second of work that took as long as recorded."""

_Write = tuple[str, str, str, int | None]
_CREATES: Final = (StepKind.CREATE_SERVICE, StepKind.CREATE_ROLE, StepKind.ATTACH_DISK)


class Estimate:
    """What is left to do, and how fast it goes.

    Args:
        max_parallel: writes at a time.
        ready_wanted: each machine is waited for until it is ready.
        taken_down: the run deletes.
    """

    def __init__(
        self, *, max_parallel: int = 20, ready_wanted: bool = True, taken_down: bool = False
    ) -> None:
        self._max_parallel = max_parallel
        self._ready_wanted = ready_wanted
        self._taken_down = taken_down
        self._waiting: defaultdict[str, dict[_Write, float]] = defaultdict(dict)
        self._running: defaultdict[str, dict[_Write, tuple[float, float]]] = defaultdict(dict)
        self._accepted: dict[_Write, float] = {}
        self._starting: dict[_Write, float] = {}
        self._writes = _Ratio()
        self._readiness = _Ratio()

    @property
    def factor(self) -> float:
        """How much longer than recorded this run's writes took; less than 1 is faster."""
        return self._writes.of(1.0)

    def note(self, event: Event) -> None:
        """Take in the next event."""
        write = event.service.lower(), event.deployment.lower(), event.role.lower(), event.lun
        service = write[0]
        match event.kind:
            case EventKind.QUEUED:
                self._drop(write)
                self._waiting[service][write] = EXPECTED_SECONDS[self._kind(write)]
            case EventKind.CREATING | EventKind.DELETING | EventKind.ACCEPTED:
                seconds = self._drop(write) or EXPECTED_SECONDS[self._kind(write)]
                self._running[service][write] = event.at, seconds
                if self._kind(write) is StepKind.CREATE_ROLE:
                    self._accepted[write] = event.at
            case EventKind.CREATED | EventKind.DELETED:
                begun = self._running[service].get(write)
                if begun is not None:
                    self._writes.add(event.at - begun[0], begun[1])
                self._drop(write)
                if write in self._accepted and event.kind is EventKind.CREATED and self._ready_wanted:
                    self._starting[write] = self._accepted[write]
            case EventKind.READY:
                if (accepted := self._starting.pop(write, None)) is not None:
                    self._readiness.add(event.at - accepted, READY_SECONDS)
            case EventKind.EXISTED | EventKind.FAILED | EventKind.REMAINS:
                self._drop(write)
                self._starting.pop(write, None)
                if event.kind is EventKind.FAILED and event.role:
                    self._drop_disks(write)
            case _:
                pass

    def seconds_left(self, now: float) -> float | None:
        """How long it still takes.

        Args:
            now: seconds since 1970, as the events have them.

        Returns:
            Seconds; None before anything is known to be left or has ended.
        """
        factor = self.factor
        chains = [
            factor * sum(self._waiting[service].values())
            + sum(max(0.0, factor * seconds - (now - at)) for at, seconds in self._running[service].values())
            for service in self._waiting.keys() | self._running.keys()
        ]
        if not chains:
            return None
        left = lower_bound_seconds(chains, max_parallel=self._max_parallel)
        if not self._ready_wanted or self._taken_down:
            return left
        ready = self._readiness.of(factor) * READY_SECONDS
        if self._creations_left():
            left += max(0.0, ready - factor * EXPECTED_SECONDS[StepKind.CREATE_ROLE])
        newest = max(self._starting.values(), default=None)
        return left if newest is None else max(left, ready - (now - newest))

    def _creations_left(self) -> bool:
        return any(
            self._kind(write) is StepKind.CREATE_ROLE
            for group in (self._waiting, self._running)
            for writes in group.values()
            for write in writes
        )

    def _drop(self, write: _Write) -> float | None:
        """Take a write out of what is left; gives its expected duration."""
        waiting = self._waiting[write[0]].pop(write, None)
        running = self._running[write[0]].pop(write, None)
        return waiting if running is None else running[1]

    def _drop_disks(self, failed: _Write) -> None:
        """The disks of a machine that failed aren't attached, and nothing is told of them."""
        waiting = self._waiting[failed[0]]
        for write in [each for each in waiting if each[:3] == failed[:3]]:
            del waiting[write]

    def _kind(self, write: _Write) -> StepKind:
        _, deployment, role, lun = write
        if self._taken_down:
            if lun is not None:
                return StepKind.DETACH_DISK
            if role:
                return StepKind.DELETE_ROLE
            return StepKind.DELETE_DEPLOYMENT if deployment else StepKind.DELETE_SERVICE
        return _CREATES[bool(role) + (lun is not None)]


class _Ratio:
    """Seconds seen for seconds recorded."""

    def __init__(self) -> None:
        self._seen = 0.0
        self._recorded = 0.0

    def add(self, seen: float, recorded: float) -> None:
        self._seen += max(0.0, seen)
        self._recorded += recorded

    def of(self, before: float) -> float:
        """The ratio; ``before`` is what it is taken for with nothing seen."""
        weight = RECORDED_WEIGHT_SECONDS
        return (before * weight + self._seen) / (weight + self._recorded)
