"""The writes that build a plan and take it down again, each with the look that tells whether it was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio

from azure_iaas.errors import ResourceNotFoundError
from azure_iaas.provisioning.engine import Seen, Write
from azure_iaas.provisioning.schedule import Step, StepKind
from azure_iaas.provisioning.watching import DeploymentWatch, Goal

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Awaitable, Callable

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import Deployment, HostedService
    from azure_iaas.operations.tracking import AcceptedOperation
    from azure_iaas.provisioning.pace import Pace
    from azure_iaas.provisioning.plan import PlannedDeployment, PlannedRole, PlannedService, RoleId


@dataclass(slots=True)
class Site:
    """What a run knows of the service's side while it works, and its reads.

    Attributes:
        client: sends requests.
        requests: counts them, by operation.
        pace: what was learnt about durations.
        hurried: whether nothing else is to be done in a deployment, so that waits for it count.
        deployments: deployments that exist, by lower-case service and name.
    """

    client: ServiceManagementClient
    requests: Counter[str]
    pace: Pace
    hurried: Callable[[str, str], bool] = lambda _service, _deployment: True
    deployments: set[tuple[str, str]] = field(default_factory=set)
    _watches: dict[tuple[str, str], DeploymentWatch] = field(default_factory=dict)

    async def read_service(self, service: str) -> HostedService | None:
        """Read a cloud service with its deployments; None when it isn't there."""
        self.requests["GetHostedService"] += 1
        try:
            return await self.client.get_hosted_service(service, embed_detail=True)
        except ResourceNotFoundError:
            return None

    async def read_deployment(self, service: str, deployment: str) -> Deployment | None:
        """Read a deployment; None when it isn't there."""
        self.requests["GetDeployment"] += 1
        key = (service.lower(), deployment.lower())
        try:
            found = await self.client.get_deployment(service, deployment)
        except ResourceNotFoundError:
            self.deployments.discard(key)
            return None
        self.deployments.add(key)
        return found

    def exists(self, service: str, deployment: str) -> bool:
        """Whether a deployment is known to exist."""
        return (service.lower(), deployment.lower()) in self.deployments

    def watch(self, service: str, deployment: str) -> DeploymentWatch:
        """The shared watch of a deployment."""
        key = (service.lower(), deployment.lower())
        if key not in self._watches:

            async def read() -> Deployment | None:
                return await self.read_deployment(service, deployment)

            self._watches[key] = DeploymentWatch(read, self.pace, lambda: self.hurried(service, deployment))
        return self._watches[key]


def _role_names(deployment: Deployment) -> set[str]:
    names = {role.role_name for role in deployment.role_list}
    names |= {instance.role_name for instance in deployment.role_instance_list}
    return {name.lower() for name in names if name}


# --- building -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class CreateService(Write):
    """Creates a cloud service."""

    site: Site
    planned: PlannedService
    step: Step

    @property
    def operation(self) -> str:
        """See :class:`Write`."""
        return "CreateHostedService"

    async def send(self) -> AcceptedOperation:
        """See :class:`Write`."""
        return await self.site.client.create_hosted_service(self.planned.name, self.planned.options())

    async def look(self) -> Seen:
        """See :class:`Write`."""
        found = await self.site.read_service(self.planned.name)
        return Seen.NOT_CARRIED_OUT if found is None else Seen.CARRIED_OUT


@dataclass(slots=True)
class CreateRole(Write):
    """Creates a machine: with its deployment when that doesn't exist, else added to it."""

    site: Site
    planned: PlannedRole
    deployment: PlannedDeployment
    step: Step
    created: Callable[[RoleId, bool], Awaitable[None]]
    _sent_at: float | None = None

    @property
    def operation(self) -> str:
        """See :class:`Write`."""
        there = self.site.exists(self.step.service, self.step.deployment)
        return "AddRole" if there else "CreateDeployment"

    async def send(self) -> AcceptedOperation:
        """See :class:`Write`."""
        client, (service, deployment, _) = self.site.client, self.planned.id
        self._sent_at = anyio.current_time()
        document = self.planned.vm_role()
        if self.operation == "AddRole":
            return await client.add_role(service, deployment, document)
        plan = self.deployment.plan
        given: dict[str, Any] = {
            "DeploymentSlot": plan.slot,
            "Label": plan.label,
            "VirtualNetworkName": plan.virtual_network,
            "ReservedIPName": plan.reserved_ip,
        }
        options = {name: value for name, value in given.items() if value is not None}
        return await client.create_deployment(service, deployment, document, options)

    async def look(self) -> Seen:
        """See :class:`Write`."""
        found = await self.site.read_deployment(self.step.service, self.step.deployment)
        if found is None:
            return Seen.NOT_CARRIED_OUT
        names = _role_names(found)
        if self.step.role.lower() in names:
            return Seen.CARRIED_OUT
        # A new deployment lists its first machine after some seconds ("Usual sequences", protocol 13.5).
        return Seen.NOT_CARRIED_OUT if names else Seen.NOT_YET_SHOWN

    async def settle(self) -> None:
        """See :class:`Write`."""
        watch = self.site.watch(self.step.service, self.step.deployment)
        await watch.wait(self.step.role, Goal.STARTED, began=self._sent_at)

    async def succeeded(self, *, found: bool) -> None:
        """See :class:`Write`."""
        self.site.deployments.add((self.step.service.lower(), self.step.deployment.lower()))
        await self.created(self.planned.id, found)


@dataclass(slots=True)
class AttachDisk(Write):
    """Attaches a data disk."""

    site: Site
    planned: PlannedRole
    step: Step

    @property
    def operation(self) -> str:
        """See :class:`Write`."""
        return "AddDataDisk"

    async def send(self) -> AcceptedOperation:
        """See :class:`Write`."""
        disk = self.planned.data_disk(self.step.lun)
        return await self.site.client.add_data_disk(*self.planned.id, disk)

    async def look(self) -> Seen:
        """See :class:`Write`."""
        found = await self.site.read_deployment(self.step.service, self.step.deployment)
        return Seen.CARRIED_OUT if found is not None and _has_disk(found, self.step) else Seen.NOT_CARRIED_OUT


def _has_disk(deployment: Deployment, step: Step) -> bool:
    return any(
        disk.lun == step.lun
        for role in deployment.role_list
        if (role.role_name or "").lower() == step.role.lower()
        for disk in role.data_disks
    )


# --- taking down ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Remove(Write):
    """Deletes something: a data disk of a machine, a machine, a deployment or a cloud service.

    Attributes:
        delete_media: delete the disks and their blobs too.
        removed: told when it is gone.
    """

    site: Site
    step: Step
    delete_media: bool
    removed: Callable[[Step], Awaitable[None]]

    @property
    def operation(self) -> str:
        """See :class:`Write`."""
        return {
            StepKind.DETACH_DISK: "RemoveDataDisk",
            StepKind.DELETE_ROLE: "DeleteRole",
            StepKind.DELETE_DEPLOYMENT: "DeleteDeployment",
            StepKind.DELETE_SERVICE: "DeleteHostedService",
        }[self.step.kind]

    async def send(self) -> AcceptedOperation:
        """See :class:`Write`."""
        client, step = self.site.client, self.step
        match step.kind:
            case StepKind.DETACH_DISK:
                return await client.remove_data_disk(
                    step.service, step.deployment, step.role, step.lun, delete_media=self.delete_media
                )
            case StepKind.DELETE_ROLE:
                return await client.delete_role(
                    step.service, step.deployment, step.role, delete_media=self.delete_media
                )
            case StepKind.DELETE_DEPLOYMENT:
                return await client.delete_deployment(
                    step.service, step.deployment, delete_media=self.delete_media
                )
            case _:
                # Never with its media: that would take deployments with it that aren't ours.
                return await client.delete_hosted_service(step.service)

    async def look(self) -> Seen:
        """See :class:`Write`: it was carried out when the thing is gone."""
        step = self.step
        if step.kind is StepKind.DELETE_SERVICE:
            gone = await self.site.read_service(step.service) is None
            return Seen.CARRIED_OUT if gone else Seen.NOT_CARRIED_OUT
        found = await self.site.read_deployment(step.service, step.deployment)
        if found is None:
            return Seen.CARRIED_OUT
        match step.kind:
            case StepKind.DELETE_DEPLOYMENT:
                return Seen.NOT_YET_SHOWN if found.status == "Deleting" else Seen.NOT_CARRIED_OUT
            case StepKind.DELETE_ROLE:
                there = step.role.lower() in _role_names(found)
            case _:
                there = _has_disk(found, step)
        return Seen.NOT_CARRIED_OUT if there else Seen.CARRIED_OUT

    async def succeeded(self, *, found: bool) -> None:
        """See :class:`Write`."""
        await self.removed(self.step)
