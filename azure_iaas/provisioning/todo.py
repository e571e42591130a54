"""What a run has left to do, from what is known and what is there. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from azure_iaas.provisioning.deployment_watch import is_stopped
from azure_iaas.provisioning.progress.ledger import StepState
from azure_iaas.provisioning.steps import Step, StepKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from azure_iaas.models import Deployment, HostedService
    from azure_iaas.provisioning.plan import PlannedDeployment, PlannedRole, PlannedService, RoleId
    from azure_iaas.provisioning.progress.ledger import FactKind, Ledger

_NEW, _IN_DOUBT, _ACCEPTED, _DONE, _EXISTED, _FAILED = StepState
_UNDER_WAY: Final = frozenset({_ACCEPTED, _IN_DOUBT})

_THERE: Final[Mapping[StepState, tuple[FactKind, ...]]] = {
    _NEW: ("existed",),
    _FAILED: ("existed",),
    _IN_DOUBT: ("found", "done"),
    _ACCEPTED: ("done",),
    _DONE: (),
    _EXISTED: (),
}
_NOT_THERE: Final[Mapping[StepState, tuple[FactKind, ...]]] = {_DONE: ("gone",), _EXISTED: ("gone",)}


@dataclass(slots=True)
class Todo:
    """What a run notes, writes and waits for.

    Attributes:
        facts: what is to be noted first, in order: what a step turned out to be.
        writes: in the order in which they may run; those of one deployment in a row.
        waits: machines that are there, to be waited for.
        deployments: those that exist, by lower-case cloud service and name.
    """

    facts: list[tuple[FactKind, Step]] = field(default_factory=list)
    writes: list[Step] = field(default_factory=list)
    waits: list[RoleId] = field(default_factory=list)
    deployments: set[tuple[str, str]] = field(default_factory=set)

    def settle(self, step: Step, state: StepState, *, there: bool) -> bool:
        """Note what a step turned out to be; True when it is left to do."""
        facts = _THERE[state] if there else _NOT_THERE.get(state, ())
        self.facts += [(fact, step) for fact in facts]
        return not there


def plan_writes(
    ledger: Ledger, existing: Mapping[str, HostedService], services: Sequence[PlannedService]
) -> Todo:
    """Decide what is left to do: what earlier runs began comes first, for it holds the locks.

    Args:
        ledger: what earlier runs with this journal noted.
        existing: cloud services that are there, with their deployments, by lower-case name.
        services: the expanded plan.
    """
    todo = Todo()
    for service in services:
        hosted = existing.get(service.name.lower())
        step = Step(StepKind.CREATE_SERVICE, service.name)
        if todo.settle(step, ledger.state(step), there=hosted is not None):
            todo.writes.append(step)
        deployments = {(each.name or "").lower(): each for each in hosted.deployments} if hosted else {}
        for planned in service.deployments:
            _plan_deployment(todo, ledger, planned, deployments.get(planned.name.lower()))
    return todo


def _plan_deployment(
    todo: Todo, ledger: Ledger, planned: PlannedDeployment, deployment: Deployment | None
) -> None:
    roles = {}
    if deployment is not None:
        todo.deployments.add((planned.service.lower(), planned.name.lower()))
        roles = {(role.role_name or "").lower(): role for role in deployment.role_list}
    creations: list[Step] = []
    disks: list[Step] = []
    for role in planned.roles:
        step = Step.of(StepKind.CREATE_ROLE, role.id)
        listed = roles.get(role.id.role.lower())
        state = ledger.state(step)
        if state in _UNDER_WAY:
            # That it is listed doesn't say that its operation has ended: it is followed to its end.
            creations.append(step)
        elif todo.settle(step, state, there=listed is not None):
            creations.append(step)
        elif deployment is not None and not is_stopped(deployment, role.id.role):
            todo.waits.append(role.id)
        if role.group.attach == "after":
            attached = {disk.lun for disk in listed.data_disks} if listed is not None else set()
            disks += _missing_disks(todo, ledger, role, attached)
    todo.writes += sorted((*creations, *disks), key=lambda step: ledger.state(step) not in _UNDER_WAY)


def _missing_disks(todo: Todo, ledger: Ledger, role: PlannedRole, attached: set[int]) -> list[Step]:
    steps = [Step.of(StepKind.ATTACH_DISK, role.id, disk.lun) for disk in role.data_disks()]
    return [step for step in steps if todo.settle(step, ledger.state(step), there=step.lun in attached)]
