"""Takes machines down again: all a plan names, or what one run has made. Nothing else is touched.

Rules:

1. A deployment is deleted as a whole only when every machine in it is to go; else machine by machine.
2. A cloud service goes only when it is empty, and never with its media.
3. Only disks that are known to be new are deleted with their blobs: those a journal says a run has made, and
   without one those that can't have been there before. The others are detached first, and stay. Whether any
   is left is looked at once more before a machine goes with its media.
4. What is gone already counts as deleted; what could not be deleted, and what was kept, is named.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import anyio

from azure_iaas.errors import AzureError, ProvisioningError
from azure_iaas.provisioning.engine import Engine, Patience, Write, task_group
from azure_iaas.provisioning.inventory import Inventory
from azure_iaas.provisioning.plan.plan import is_new
from azure_iaas.provisioning.progress.ledger import Ledger, StepState
from azure_iaas.provisioning.steps import Step, StepKind
from azure_iaas.provisioning.writes import Remove

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import DataDisk, Deployment, OSDisk, VMRole
    from azure_iaas.operations.pace import Pace
    from azure_iaas.provisioning.plan import PlannedRole, PlannedService, RoleId
    from azure_iaas.provisioning.progress.recorder import Recorder

Place = tuple[str, str, str]
"""Cloud service, deployment and role, in lower case."""
OS_DISK: Final = -1
"""In place of the LUN of a data disk."""
NOT_MADE: Final = "not made by this run"


@dataclass(slots=True)
class Wanted:
    """What is to be removed, by lower-case names.

    Attributes:
        services: cloud services, once they are empty; None leaves all of them alone.
        deployments: deployments that go though they list no machine.
        roles: machines.
        disks: data disks of machines that stay, by machine and LUN.
        new_disks: disks that were made with them, by machine and LUN: their blobs may be deleted.
    """

    services: set[str] | None = field(default_factory=set)
    deployments: set[tuple[str, str]] = field(default_factory=set)
    roles: set[Place] = field(default_factory=set)
    disks: set[tuple[Place, int]] = field(default_factory=set)
    new_disks: set[tuple[Place, int]] = field(default_factory=set)


_MADE = frozenset({StepState.DONE, StepState.ACCEPTED, StepState.IN_DOUBT})


def made_by_run(ledger: Ledger) -> Wanted:
    """What a run, with those before it in its journal, has made or may have made."""
    wanted = Wanted(services := set())
    for step, facts in ledger.steps.items():
        if facts.state not in _MADE or not facts.operation:
            continue
        place = step.service.lower(), step.deployment.lower(), step.role.lower()
        made = {(place, lun) for lun in facts.new_disks}
        match step.kind:
            case StepKind.CREATE_SERVICE:
                services.add(step.service.lower())
            case StepKind.CREATE_ROLE:
                wanted.roles.add(place)
                wanted.new_disks |= {(place, OS_DISK), *made}
                if facts.operation == "CreateDeployment":
                    wanted.deployments.add(place[:2])
            case StepKind.ATTACH_DISK:
                wanted.disks.add((place, step.lun))
                wanted.new_disks |= made
            case _:
                pass
    return wanted


def named_by_plan(services: Sequence[PlannedService]) -> Wanted:
    """What a plan names, whoever made it; of its disks those that can't have been there before."""
    wanted = Wanted({service.name.lower() for service in services})
    for service in services:
        for deployment in service.deployments:
            wanted.deployments.add((service.name.lower(), deployment.name.lower()))
            for role in deployment.roles:
                place = _lower(role.id)
                wanted.roles.add(place)
                wanted.new_disks |= {(place, disk.lun) for disk in role.data_disks() if is_new(disk)}
    return wanted


def _lower(role: RoleId) -> Place:
    return role.service.lower(), role.deployment.lower(), role.role.lower()


class Removal:
    """Removes parts of a plan.

    Attributes:
        planned: whether it is known what is there.
        deletions: the write that deletes each machine of the plan that is there and to go.
        kept_roles: machines of the plan that are there and stay.
        kept: what stays because nobody knows that it was made with the plan.
        remaining: what was to go and didn't, with the reason; disks that stay with their blobs.
        stopped_by: what ended everything, or None.
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
        stop: anyio.Event | None = None,
    ) -> None:
        self.planned: bool = False
        self.deletions: dict[RoleId, Step] = {}
        self.kept_roles: set[RoleId] = set()
        self.kept: list[str] = []
        self.remaining: list[str] = []
        self.stopped_by: AzureError | None = None
        self._wanted = Wanted()
        self._services = services
        self._recorder = recorder
        self._inventory = Inventory(client, recorder.requests, pace)
        self._limiter = anyio.CapacityLimiter(max_parallel)
        self._plans = {_lower(role.id): role for service in services for role in service.roles}
        self._engine = Engine(
            client,
            recorder,
            pace,
            max_parallel=max_parallel,
            patience=patience,
            random=random,
            dropped=self._note_dropped,
            stop=stop,
        )

    async def run(self, wanted: Wanted, *, delete_media: bool) -> None:
        """Remove what is wanted and there; what fails is noted, not raised.

        Args:
            wanted: what is to go.
            delete_media: delete disks and blobs with the machines, but for those that were there before.
        """
        self._wanted = wanted
        writes: list[Write] = []

        async def plan(service: PlannedService) -> None:
            async with self._limiter:
                writes.extend(await self._plan(service, delete_media=delete_media))

        async with task_group() as tasks:
            for service in self._services:
                tasks.start_soon(plan, service)
        self.planned = True
        await self._engine.run(writes)
        self.stopped_by = self._engine.stopped_by
        for write in writes:
            facts = self._recorder.ledger.of(write.step)
            if facts.error is not None:
                await self._remains(write.step, facts.error["message"])

    async def _plan(self, service: PlannedService, *, delete_media: bool) -> list[Write]:
        hosted = await self._inventory.read_service(service.name)
        key, wanted = service.name.lower(), self._wanted
        if hosted is None:
            return []
        writes: list[Write] = []
        left = False
        for deployment in hosted.deployments:
            name = deployment.name or ""
            going = {place: role for place, role in _roles(key, deployment) if place in wanted.roles}
            whole = len(going) == len(deployment.role_list) and (
                bool(going) or (key, name.lower()) in wanted.deployments
            )
            left = left or not whole
            if going or deployment.status != "Deleting":
                writes += await self._deployment(service, deployment, going, whole, delete_media=delete_media)
            for place, role in _roles(key, deployment):
                if place in self._plans and place not in going:
                    writes += await self._staying(self._plans[place], role, delete_media=delete_media)
        step = Step(StepKind.DELETE_SERVICE, service.name)
        if wanted.services is None:
            return writes
        if key not in wanted.services:
            await self._keep(step, f"cloud service {service.name}")
        elif left:
            await self._remains(step, "it holds what this plan didn't make")
        else:
            writes.append(self._remove(step, delete_media=False))
        return writes

    async def _deployment(
        self,
        service: PlannedService,
        deployment: Deployment,
        going: Mapping[Place, VMRole],
        whole: bool,
        *,
        delete_media: bool,
    ) -> list[Write]:
        """Delete machines of a deployment, or all of it."""
        writes: list[Write] = []
        name = deployment.name or ""
        # What goes with its media, and what goes without for its OS disk must stay, can't go together.
        with_media = {
            place: delete_media and self._made(place, OS_DISK, role) for place, role in going.items()
        }
        together = whole and len(set(with_media.values())) <= 1
        end = Step(StepKind.DELETE_DEPLOYMENT, service.name, name)
        for place, role in going.items():
            media = with_media[place]
            writes += await self._part(service, name, place, role, media=media, delete_media=delete_media)
            alone = Step(StepKind.DELETE_ROLE, service.name, name, role.role_name or "")
            one_by_one = not whole or (not together and media)
            if one_by_one:
                writes.append(self._remove(alone, delete_media=media))
            if place in self._plans:
                self.deletions[self._plans[place].id] = alone if one_by_one else end
        if whole:
            writes.append(
                self._remove(end, delete_media=delete_media and together and all(with_media.values()))
            )
        return writes

    async def _part(
        self,
        service: PlannedService,
        deployment: str,
        place: Place,
        role: VMRole,
        *,
        media: bool,
        delete_media: bool,
    ) -> list[Write]:
        """Take from a machine that goes what must not share its fate; name what stays."""
        writes: list[Write] = []
        if not delete_media:
            self._stays(role, [role.os_disk, *role.data_disks])
            return writes
        step = Step(StepKind.DETACH_DISK, service.name, deployment, role.role_name or "")
        if not media and role.os_disk is not None:
            await self._keep(step, f"disk {role.os_disk.disk_name}")
        for disk in role.data_disks:
            detach = replace(step, lun=disk.lun)
            made = self._made(place, disk.lun, role)
            if made != media:
                writes.append(self._remove(detach, delete_media=made))
            if not made:
                await self._keep(detach, f"disk {disk.disk_name}")
        return writes

    async def _staying(self, plan: PlannedRole, role: VMRole, *, delete_media: bool) -> list[Write]:
        """Take from a machine that stays the data disks it was given."""
        place, writes = _lower(plan.id), list[Write]()
        self.kept_roles.add(plan.id)
        await self._keep(Step.of(StepKind.DELETE_ROLE, plan.id), f"role {plan.id}")
        for disk in role.data_disks:
            if (place, disk.lun) in self._wanted.disks:
                media = delete_media and self._made(place, disk.lun, role)
                writes.append(
                    self._remove(Step.of(StepKind.DETACH_DISK, plan.id, disk.lun), delete_media=media)
                )
        return writes

    def _made(self, place: Place, lun: int, role: VMRole) -> bool:
        """Whether a disk of a machine is known to be made with it."""
        if (place, lun) in self._wanted.new_disks:
            return True
        if lun != OS_DISK or place not in self._plans or role.os_disk is None:
            return False
        # Without a journal: what was made of the plan's image is no disk that was there before.
        image = role.vm_image_name or role.os_disk.source_image_name or ""
        return image.lower() == self._plans[place].group.image.lower()

    async def _media_too(self, step: Step, wanted: bool) -> bool:
        """Look once more before machines go: planned long ago, they may have been given to somebody else.

        Raises:
            ProvisioningError: there is a machine now that isn't to go.
        """
        deployment = await self._inventory.read_deployment(step.service, step.deployment)
        roles = _roles(step.service.lower(), deployment) if deployment is not None else []
        if step.kind is StepKind.DELETE_ROLE:
            roles = [(place, role) for place, role in roles if place[2] == step.role.lower()]
        elif strange := [role.role_name for place, role in roles if place not in self._wanted.roles]:
            raise ProvisioningError(f"role {strange[0]} was added, and is {NOT_MADE}")
        if not wanted or all(
            self._made(place, lun, role)
            for place, role in roles
            for lun in (OS_DISK, *(disk.lun for disk in role.data_disks))
        ):
            return wanted
        for _, role in roles:
            self._stays(role, [role.os_disk, *role.data_disks])
        return False

    def _remove(self, step: Step, *, delete_media: bool) -> Remove:
        return Remove(self._inventory, step, delete_media, self._media_too, self._removed)

    def _stays(self, role: VMRole, disks: Sequence[OSDisk | DataDisk | None]) -> None:
        self.remaining += [
            f"disk {disk.disk_name}: kept with its blob when {role.role_name} went"
            for disk in disks
            if disk is not None and disk.disk_name
        ]

    async def _removed(self, step: Step) -> None:
        what = "/".join(part for part in (step.service, step.deployment, step.role) if part)
        if step.lun >= 0:
            what += f" LUN {step.lun}"
        await self._recorder.note("removed", step=step, what=what)

    async def _keep(self, step: Step, what: str) -> None:
        self.kept.append(f"{what}: {NOT_MADE}")
        await self._recorder.note("kept", step=step, error=ProvisioningError(f"{what}: {NOT_MADE}"))

    async def _remains(self, step: Step, reason: str) -> None:
        self.remaining.append(f"{step}: {reason}")
        await self._recorder.note("remains", step=step, error=ProvisioningError(reason))

    async def _note_dropped(self, dropped: Sequence[Step], _cause: Step, error: AzureError) -> None:
        for step in dropped:
            await self._recorder.note("failed", step=step, error=error)


def _roles(service: str, deployment: Deployment) -> list[tuple[Place, VMRole]]:
    name = (deployment.name or "").lower()
    return [((service, name, (role.role_name or "").lower()), role) for role in deployment.role_list]
