"""The writes that build a plan and take it down again, each with the look that tells whether it was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anyio

from azure_iaas.provisioning.deployment_watch import Goal
from azure_iaas.provisioning.engine import Seen, Write
from azure_iaas.provisioning.steps import Step, StepKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from azure_iaas.models import Deployment
    from azure_iaas.operations.tracking import AcceptedOperation
    from azure_iaas.provisioning.inventory import Inventory
    from azure_iaas.provisioning.plan import PlannedDeployment, PlannedRole, PlannedService, RoleId


def _role_names(deployment: Deployment) -> set[str]:
    names = {role.role_name for role in deployment.role_list}
    names |= {instance.role_name for instance in deployment.role_instance_list}
    return {name.lower() for name in names if name}


# --- building -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class CreateService(Write):
    """Creates a cloud service."""

    inventory: Inventory
    planned: PlannedService
    step: Step

    @property
    def operation(self) -> str:
        """See :class:`Write`."""
        return "CreateHostedService"

    async def send(self) -> AcceptedOperation:
        """See :class:`Write`."""
        return await self.inventory.client.create_hosted_service(self.planned.name, self.planned.options())

    async def look(self) -> Seen:
        """See :class:`Write`."""
        service = await self.inventory.read_service(self.planned.name)
        return Seen.NOT_CARRIED_OUT if service is None else Seen.CARRIED_OUT


@dataclass(slots=True)
class CreateRole(Write):
    """Creates a machine: with its deployment when that doesn't exist, else added to it."""

    inventory: Inventory
    planned: PlannedRole
    deployment: PlannedDeployment
    step: Step
    created: Callable[[RoleId, bool], Awaitable[None]]
    _sent_at: float | None = None

    @property
    def operation(self) -> str:
        """See :class:`Write`."""
        exists = self.inventory.exists(self.step.service, self.step.deployment)
        return "AddRole" if exists else "CreateDeployment"

    @property
    def new_disks(self) -> list[int]:
        """See :class:`Write`."""
        group = self.planned.group
        disks = self.planned.data_disks() if group.attach == "with_role" else []
        brought = self.inventory.image_luns.get(group.image.lower(), []) if group.vm_image else []
        return [*brought, *(disk.lun for disk in disks if self.inventory.makes(disk))]

    async def send(self) -> AcceptedOperation:
        """See :class:`Write`."""
        client, (service, deployment, _) = self.inventory.client, self.planned.id
        self._sent_at = anyio.current_time()
        document = self.planned.vm_role()
        document.data_disks = [self.inventory.as_it_is_there(disk) for disk in document.data_disks]
        if self.operation == "AddRole":
            return await client.add_role(service, deployment, document)
        plan = self.deployment.plan
        options: dict[str, Any] = {
            "DeploymentSlot": plan.slot,
            "Label": plan.label,
            "VirtualNetworkName": plan.virtual_network,
            "ReservedIPName": plan.reserved_ip,
        }
        options = {name: value for name, value in options.items() if value is not None}
        return await client.create_deployment(service, deployment, document, options)

    async def look(self) -> Seen:
        """See :class:`Write`."""
        deployment = await self.inventory.read_deployment(self.step.service, self.step.deployment)
        if deployment is None:
            return Seen.NOT_CARRIED_OUT
        names = _role_names(deployment)
        if self.step.role.lower() in names:
            return Seen.CARRIED_OUT
        # A new deployment lists its first machine after some seconds ("Usual sequences", protocol 13.5).
        return Seen.NOT_CARRIED_OUT if names else Seen.NOT_YET_SHOWN

    async def settle(self) -> None:
        """See :class:`Write`."""
        watch = self.inventory.watch(self.step.service, self.step.deployment)
        await watch.wait(self.step.role, Goal.STARTED, began=self._sent_at)

    async def succeeded(self, *, found: bool) -> None:
        """See :class:`Write`."""
        self.inventory.deployments.add((self.step.service.lower(), self.step.deployment.lower()))
        await self.created(self.planned.id, found)


@dataclass(slots=True)
class AttachDisk(Write):
    """Attaches a data disk."""

    inventory: Inventory
    planned: PlannedRole
    step: Step

    @property
    def operation(self) -> str:
        """See :class:`Write`."""
        return "AddDataDisk"

    @property
    def new_disks(self) -> list[int]:
        """See :class:`Write`."""
        disk = self.planned.data_disk(self.step.lun)
        return [disk.lun] if self.inventory.makes(disk) else []

    async def send(self) -> AcceptedOperation:
        """See :class:`Write`."""
        disk = self.inventory.as_it_is_there(self.planned.data_disk(self.step.lun))
        return await self.inventory.client.add_data_disk(*self.planned.id, disk)

    async def look(self) -> Seen:
        """See :class:`Write`."""
        deployment = await self.inventory.read_deployment(self.step.service, self.step.deployment)
        return (
            Seen.CARRIED_OUT
            if deployment is not None and _has_disk(deployment, self.step)
            else Seen.NOT_CARRIED_OUT
        )


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
        media_too: asked once more, before a machine goes: whether its disks may go with it.
        removed: told when it is gone.
    """

    inventory: Inventory
    step: Step
    delete_media: bool
    media_too: Callable[[Step, bool], Awaitable[bool]]
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
        client, step = self.inventory.client, self.step
        media = self.delete_media
        if step.kind in (StepKind.DELETE_ROLE, StepKind.DELETE_DEPLOYMENT):
            media = await self.media_too(step, media)
        match step.kind:
            case StepKind.DETACH_DISK:
                return await client.remove_data_disk(
                    step.service, step.deployment, step.role, step.lun, delete_media=media
                )
            case StepKind.DELETE_ROLE:
                return await client.delete_role(step.service, step.deployment, step.role, delete_media=media)
            case StepKind.DELETE_DEPLOYMENT:
                return await client.delete_deployment(step.service, step.deployment, delete_media=media)
            case _:
                # Never with its media: that would take deployments with it that aren't ours.
                return await client.delete_hosted_service(step.service)

    async def look(self) -> Seen:
        """See :class:`Write`: it was carried out when the thing is gone."""
        step = self.step
        if step.kind is StepKind.DELETE_SERVICE:
            gone = await self.inventory.read_service(step.service) is None
            return Seen.CARRIED_OUT if gone else Seen.NOT_CARRIED_OUT
        deployment = await self.inventory.read_deployment(step.service, step.deployment)
        if deployment is None:
            return Seen.CARRIED_OUT
        match step.kind:
            case StepKind.DELETE_DEPLOYMENT:
                return Seen.NOT_YET_SHOWN if deployment.status == "Deleting" else Seen.NOT_CARRIED_OUT
            case StepKind.DELETE_ROLE:
                listed = step.role.lower() in _role_names(deployment)
            case _:
                listed = _has_disk(deployment, step)
        return Seen.NOT_CARRIED_OUT if listed else Seen.CARRIED_OUT

    async def succeeded(self, *, found: bool) -> None:
        """See :class:`Write`."""
        await self.removed(self.step)
