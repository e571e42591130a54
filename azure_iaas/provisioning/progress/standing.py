"""How far each machine has come, from the events of a run. Pure.

What a person follows: one state for each machine, whatever is written about it, and how many have each.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from azure_iaas.provisioning.plan import RoleId
from azure_iaas.provisioning.progress.events import EventKind
from azure_iaas.provisioning.progress.report import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azure_iaas.provisioning.progress.events import Event
    from azure_iaas.provisioning.progress.report import Report

LATEST: Final = 100
"""Machines that ended last are remembered, so many."""


class MachineState(StrEnum):
    """How far a machine has come."""

    QUEUED = "queued"
    CREATING = "creating"
    WAITING = "waiting"
    """For a lock held by somebody else, or for a lost answer to show its effect."""
    STARTING = "starting"
    """It was created, and isn't ready yet."""
    DISKS_QUEUED = "disks queued"
    """It was created, and its data disks are yet to be attached."""
    ATTACHING = "attaching"
    """A data disk is being attached."""
    DELETING = "deleting"
    READY = "ready"
    CREATED = "created"
    EXISTED = "existed"
    DELETED = "deleted"
    KEPT = "kept"
    FAILED = "failed"


_KNOWN: Final = {Outcome.CREATED: MachineState.CREATED, Outcome.EXISTED: MachineState.EXISTED}

ENDED: Final = frozenset(
    {
        MachineState.READY,
        MachineState.CREATED,
        MachineState.EXISTED,
        MachineState.DELETED,
        MachineState.KEPT,
        MachineState.FAILED,
    }
)
"""Nothing more is to happen to the machine."""
_QUEUED: Final = frozenset({MachineState.QUEUED, MachineState.DISKS_QUEUED})


@dataclass(slots=True)
class Machine:
    """One machine.

    Attributes:
        id: which.
        state: how far it has come.
        since: seconds since 1970; when it came there, None before anything happened.
        detail: what is done about it, or why it failed; may be empty.
    """

    id: RoleId
    state: MachineState = MachineState.QUEUED
    since: float | None = None
    detail: str = ""
    _there: bool = False
    _ready: bool = False
    _disks: int = 0


class Standing:
    """The machines of a run.

    Args:
        roles: the plan's machines.
        ready_wanted: each is waited for until it is ready.
        taken_down: the run deletes them. Then those count that there is something to do about, for which
            machines are there is found out by the run.

    Attributes:
        counts: how many have each state.
        failures: what failed besides machines, by its name: why.
    """

    def __init__(
        self, roles: Iterable[RoleId], *, ready_wanted: bool = True, taken_down: bool = False
    ) -> None:
        self.counts: Final = Counter[MachineState]()
        self.failures: Final[dict[str, str]] = {}
        self._ready_wanted = ready_wanted
        self._machines: dict[tuple[str, ...], Machine] = {}
        self._deployments: dict[tuple[str, ...], list[RoleId]] = {}
        self._active: dict[RoleId, Machine] = {}
        self._failed: dict[RoleId, Machine] = {}
        self._latest: deque[Machine] = deque(maxlen=LATEST)
        for role in roles:
            self._deployments.setdefault(_key(role[:2]), []).append(role)
            if not taken_down:
                self._machine(role)

    @property
    def total(self) -> int:
        """How many machines there are."""
        return len(self._machines)

    @property
    def done(self) -> int:
        """How many of them nothing more is to happen to, failed ones included."""
        return sum(self.counts[state] for state in ENDED)

    @property
    def active(self) -> list[Machine]:
        """Machines something is being done about, those first that have been so for longest."""
        return list(self._active.values())

    @property
    def failed(self) -> list[Machine]:
        """Machines that failed, in the order in which they did."""
        return list(self._failed.values())

    @property
    def latest(self) -> list[Machine]:
        """Machines that ended well, the latest first."""
        return [each for each in reversed(self._latest) if each.state is not MachineState.FAILED]

    def note(self, event: Event) -> None:
        """Take in the next event."""
        if event.role:
            self._note(self._machine(RoleId(event.service, event.deployment, event.role)), event)
            return
        if event.kind is EventKind.FAILED:
            name = "/".join(part for part in (event.service, event.deployment) if part)
            self.failures[name] = event.error or ""
        for role in self._deployments.get(_key((event.service, event.deployment)), ()):
            if (machine := self._machine(role)).state not in ENDED:
                self._note(machine, event)

    def know(self, report: Report) -> None:
        """Take in what earlier runs came to, of which no event tells."""
        for told in report.roles:
            machine = self._machines.get(_key((told.service, told.deployment, told.role)))
            state = _KNOWN.get(told.outcome)
            if machine is None or state is None or machine.state is not MachineState.QUEUED:
                continue
            self._move(machine, state, told.ready_at or told.created_at, "")

    def _machine(self, role: RoleId) -> Machine:
        key = _key(role)
        machine = self._machines.get(key)
        if machine is None:
            machine = self._machines[key] = Machine(role)
            self.counts[machine.state] += 1
        return machine

    def _note(self, machine: Machine, event: Event) -> None:
        disk = "" if event.lun is None else f"disk LUN {event.lun}"
        match event.kind:
            case EventKind.QUEUED if disk:
                machine._disks += 1
            case EventKind.CREATING | EventKind.DELETING | EventKind.WAITING:
                state = MachineState(event.kind.value)
                if disk and event.kind is EventKind.CREATING:
                    state = MachineState.ATTACHING
                self._move(machine, state, event.at, disk or event.operation)
            case EventKind.CREATED | EventKind.EXISTED if disk:
                machine._disks -= 1
                self._rest(machine, event)
            case EventKind.CREATED | EventKind.EXISTED:
                machine._there = True
                machine._ready = machine._ready or event.kind is EventKind.EXISTED
                self._rest(machine, event)
            case EventKind.READY:
                machine._there = machine._ready = True
                self._rest(machine, event)
            case EventKind.RETRIED:
                machine.detail = f"again: {event.error}" if event.error else "again"
            case EventKind.FAILED | EventKind.REMAINS:
                why = f"{disk}: " if disk else ""
                self._move(machine, MachineState.FAILED, event.at, f"{why}{event.error or ''}")
            case EventKind.DELETED | EventKind.KEPT if not disk:
                self._move(machine, MachineState(event.kind.value), event.at, "")
            case _:
                pass

    def _rest(self, machine: Machine, event: Event) -> None:
        """What a machine waits for that is there."""
        if machine.state is MachineState.FAILED or not machine._there:
            return
        if machine._disks > 0:
            if machine.state is MachineState.ATTACHING and event.lun is None:
                return
            state = MachineState.DISKS_QUEUED
        elif self._ready_wanted and not machine._ready:
            state = MachineState.STARTING
        elif event.kind is EventKind.EXISTED:
            state = MachineState.EXISTED
        else:
            state = MachineState.READY if self._ready_wanted else MachineState.CREATED
        self._move(machine, state, event.at, "")

    def _move(self, machine: Machine, state: MachineState, at: float | None, detail: str) -> None:
        machine.detail = detail
        if state is machine.state:
            return
        self.counts[machine.state] -= 1
        self.counts[state] += 1
        machine.state, machine.since = state, at
        self._active.pop(machine.id, None)
        self._failed.pop(machine.id, None)
        if state is MachineState.FAILED:
            self._failed[machine.id] = machine
        elif state in ENDED:
            self._latest.append(machine)
        elif state not in _QUEUED:
            self._active[machine.id] = machine


def _key(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names)
