"""Takes machines down again: all a plan names, or what one run has made. Nothing else is touched.

Rules:

1. A deployment is deleted as a whole only when every machine in it is to go; else machine by machine.
2. A cloud service goes only when it is empty, and never with its media.
3. Disks that were there before a plan attached them keep their blobs, whatever is asked for.
4. What is gone already counts as removed; what could not be removed is named.
"""

from __future__ import annotations

import random as random_numbers
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio

from azure_iaas.errors import AzureError, ConfigurationError, ProvisioningError
from azure_iaas.operations.pace import Pace
from azure_iaas.provisioning.engine import Engine, Patience, Write, task_group
from azure_iaas.provisioning.inventory import Inventory
from azure_iaas.provisioning.plan import Plan, PlannedRole, PlannedService, RoleId
from azure_iaas.provisioning.progress.ledger import Ledger, StepState
from azure_iaas.provisioning.progress.recorder import Recorder
from azure_iaas.provisioning.progress.report import Report, make_report
from azure_iaas.provisioning.steps import Step, StepKind
from azure_iaas.provisioning.writes import Remove

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import Deployment
    from azure_iaas.provisioning.progress.events import Event


@dataclass(slots=True)
class Wanted:
    """What is to be removed, by lower-case names.

    Attributes:
        services: cloud services, once they are empty.
        deployments: deployments that may be deleted as a whole.
        roles: machines.
        disks: data disks of machines that stay, by machine and LUN.
    """

    services: set[str] = field(default_factory=set)
    deployments: set[tuple[str, str]] = field(default_factory=set)
    roles: set[tuple[str, str, str]] = field(default_factory=set)
    disks: set[tuple[str, str, str, int]] = field(default_factory=set)


_MADE = frozenset({StepState.DONE, StepState.ACCEPTED, StepState.IN_DOUBT})


def made_by_run(ledger: Ledger) -> Wanted:
    """What a run, with those before it in its journal, has made or may have made."""
    wanted = Wanted()
    for step, facts in ledger.steps.items():
        if facts.state not in _MADE or not facts.operation:
            continue
        service, deployment, role = step.service.lower(), step.deployment.lower(), step.role.lower()
        match step.kind:
            case StepKind.CREATE_SERVICE:
                wanted.services.add(service)
            case StepKind.CREATE_ROLE:
                wanted.roles.add((service, deployment, role))
                if facts.operation == "CreateDeployment":
                    wanted.deployments.add((service, deployment))
            case StepKind.ATTACH_DISK:
                wanted.disks.add((service, deployment, role, step.lun))
            case _:
                pass
    return wanted


class Removal:
    """Removes parts of a plan.

    Attributes:
        remaining: what was to go and didn't, with the reason; disks that were kept on purpose.
    """

    def __init__(
        self,
        client: ServiceManagementClient,
        services: Sequence[PlannedService],
        recorder: Recorder,
        pace: Pace,
        *,
        max_parallel: int,
        patience: Patience,
        random: Callable[[], float],
    ) -> None:
        self.remaining: list[str] = []
        self.stopped_by: AzureError | None = None
        self._services = services
        self._recorder = recorder
        self._inventory = Inventory(client, recorder.requests, pace)
        self._limiter = anyio.CapacityLimiter(max_parallel)
        self._engine = Engine(
            client,
            recorder,
            pace,
            max_parallel=max_parallel,
            patience=patience,
            random=random,
            dropped=self._note_dropped,
        )

    async def run(self, wanted: Wanted, *, delete_media: bool) -> None:
        """Remove what is wanted and there; what fails is noted, not raised.

        Args:
            wanted: what is to go.
            delete_media: delete disks and blobs with the machines, but for those that were there before.
        """
        writes: list[Write] = []

        async def plan(service: PlannedService) -> None:
            async with self._limiter:
                writes.extend(await self._plan(service, wanted, delete_media=delete_media))

        async with task_group() as tasks:
            for service in self._services:
                tasks.start_soon(plan, service)
        await self._engine.run(writes)
        self.stopped_by = self._engine.stopped_by
        for write in writes:
            facts = self._recorder.ledger.of(write.step)
            if facts.error is not None:
                await self._remains(write.step, facts.error["message"])

    async def _plan(self, service: PlannedService, wanted: Wanted, *, delete_media: bool) -> list[Write]:
        hosted = await self._inventory.read_service(service.name)
        key = service.name.lower()
        if hosted is None:
            return []
        planned = {tuple(part.lower() for part in role.id): role for role in service.roles}
        writes: list[Write] = []
        left = False
        for deployment in hosted.deployments:
            name = deployment.name or ""
            listed = [role.role_name or "" for role in deployment.role_list]
            going = [role for role in listed if (key, name.lower(), role.lower()) in wanted.roles]
            plans = {role.lower(): planned.get((key, name.lower(), role.lower())) for role in going}
            whole = len(going) == len(listed) and (key, name.lower()) in wanted.deployments
            if whole and (listed or deployment.status != "Deleting"):
                media = delete_media and not any(
                    role and role.group.takes_existing_disks for role in plans.values()
                )
                step = Step(StepKind.DELETE_DEPLOYMENT, service.name, name)
                writes.append(self._remove(step, delete_media=media))
                self._keep_disks(service.name, deployment, going, delete_media=media)
            else:
                left = left or len(going) < len(listed) or not listed
                for role in going:
                    plan = plans[role.lower()]
                    media = delete_media and not (plan is not None and plan.group.takes_existing_disks)
                    step = Step(StepKind.DELETE_ROLE, service.name, name, role)
                    writes.append(self._remove(step, delete_media=media))
                    self._keep_disks(service.name, deployment, [role], delete_media=media)
            writes += self._disks(service, deployment, wanted, planned, delete_media=delete_media)
        if key in wanted.services and not left:
            writes.append(self._remove(Step(StepKind.DELETE_SERVICE, service.name), delete_media=False))
        elif key in wanted.services:
            await self._remains(
                Step(StepKind.DELETE_SERVICE, service.name), "it holds what this plan didn't make"
            )
        return writes

    def _disks(
        self,
        service: PlannedService,
        deployment: Deployment,
        wanted: Wanted,
        planned: Mapping[tuple[str, ...], PlannedRole],
        *,
        delete_media: bool,
    ) -> list[Write]:
        """Data disks to take from machines that stay."""
        writes: list[Write] = []
        key, name = service.name.lower(), (deployment.name or "").lower()
        for role in deployment.role_list:
            place = (key, name, (role.role_name or "").lower())
            if place in wanted.roles or place not in planned:
                continue
            for disk in role.data_disks:
                if (*place, disk.lun) in wanted.disks:
                    plan = planned[place]
                    media = delete_media and plan.data_disk(disk.lun).logical_disk_size_in_gb is not None
                    step = Step.of(StepKind.DETACH_DISK, plan.id, disk.lun)
                    writes.append(self._remove(step, delete_media=media))
        return writes

    def _remove(self, step: Step, *, delete_media: bool) -> Remove:
        return Remove(self._inventory, step, delete_media, self._removed)

    def _keep_disks(
        self, service: str, deployment: Deployment, roles: Sequence[str], *, delete_media: bool
    ) -> None:
        if delete_media:
            return
        going = {role.lower() for role in roles}
        for role in deployment.role_list:
            if (role.role_name or "").lower() in going:
                names = [role.os_disk.disk_name] if role.os_disk else []
                names += [disk.disk_name for disk in role.data_disks]
                self.remaining += [
                    f"disk {name}: kept with its blob when {service}/{role.role_name} went"
                    for name in names
                    if name
                ]

    async def _removed(self, step: Step) -> None:
        what = "/".join(part for part in (step.service, step.deployment, step.role) if part)
        if step.lun >= 0:
            what += f" LUN {step.lun}"
        await self._recorder.note("removed", step=step, what=what)

    async def _remains(self, step: Step, reason: str) -> None:
        self.remaining.append(f"{step}: {reason}")
        await self._recorder.note("remains", step=step, error=ProvisioningError(reason))

    async def _note_dropped(self, dropped: Sequence[Step], _cause: Step, error: AzureError) -> None:
        for step in dropped:
            await self._recorder.note("failed", step=step, error=error)


async def deprovision(
    client: ServiceManagementClient,
    plan: Plan | Mapping[str, Any],
    *,
    delete_media: bool = False,
    delete_services: bool = True,
    max_parallel: int = 20,
    patience: Patience | None = None,
    on_event: Callable[[Event], Any] | None = None,
    clock: Callable[[], float] = time.time,
    random: Callable[[], float] = random_numbers.random,
) -> Report:
    """Delete the machines a plan names, whoever made them. May be repeated: what is gone is gone.

    Args:
        client: an open client.
        plan: a :class:`~azure_iaas.provisioning.plan.Plan`, or plain values for one.
        delete_media: delete disks and blobs too; otherwise they stay, are billed, and ``remaining`` names
            them. Disks the plan attached by name or media always stay.
        delete_services: delete the plan's cloud services as well, once they are empty.
        max_parallel: writes under way at a time.
        patience: how long to wait for what.
        on_event: told each event; may be async.
        clock: seconds since 1970.
        random: gives numbers from 0 to 1, to spread repeats.

    Returns:
        A report whose ``removed`` and ``remaining`` say what was done.

    Raises:
        ConfigurationError: the plan's values can't be read, or ``max_parallel`` is less than 1.
        ProvisioningError: something that was to go is still there; ``report`` says what.
        ServiceError, TransportError: the services could not be read; nothing was deleted.
    """
    services = Plan.of(plan).expand()
    if max_parallel < 1:
        raise ConfigurationError(f"max_parallel: at least 1, not {max_parallel}")
    recorder = Recorder(clock, on_event=on_event)
    removal = Removal(
        client,
        services,
        recorder,
        Pace(),
        max_parallel=max_parallel,
        patience=patience or Patience(),
        random=random,
    )
    await recorder.note("begin")
    await removal.run(_everything(services, delete_services=delete_services), delete_media=delete_media)
    await recorder.note("end")
    failed = [
        f"{step}: {facts.error['message']}" for step, facts in recorder.ledger.steps.items() if facts.error
    ]
    report = make_report(
        services, recorder.ledger, ready_wanted=False, requests=recorder.requests, remaining=removal.remaining
    )
    if failed:
        error = ProvisioningError(f"{len(failed)} deletions failed; first: {failed[0]}")
        error.report = report
        raise error
    return report


def _everything(services: Sequence[PlannedService], *, delete_services: bool) -> Wanted:
    wanted = Wanted()
    for service in services:
        if delete_services:
            wanted.services.add(service.name.lower())
        for deployment in service.deployments:
            wanted.deployments.add((service.name.lower(), deployment.name.lower()))
            wanted.roles |= {_lower(role.id) for role in deployment.roles}
    return wanted


def _lower(role: RoleId) -> tuple[str, str, str]:
    return role.service.lower(), role.deployment.lower(), role.role.lower()
