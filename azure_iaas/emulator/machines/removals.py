"""How roles and deployments go, with what they hold: disks, blobs, cores, addresses.

Shared by the deletes of hosted services, deployments, roles and role instances, and by capture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_iaas.emulator import timeline
from azure_iaas.emulator.catalogue import ROLE_SIZES
from azure_iaas.emulator.effect import Effect, RoleEffect, kept_as
from azure_iaas.emulator.machines.front_ends import reserved_for
from azure_iaas.emulator.state import Deployment, HostedService, InstanceState, Operation, Role, Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azure_iaas.emulator.world import Call, World


@kept_as("disk_released")
@dataclass(frozen=True, slots=True)
class DiskReleased(Effect):
    """A disk whose virtual machine went is free."""

    disk: str

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """End the lease."""
        disk = subscription.disks.get(self.disk)
        if disk is not None:
            disk.attached_to = None
            subscription.disks.touch(disk.name)


@kept_as("role_removed")
@dataclass(frozen=True, slots=True)
class RoleRemoved(RoleEffect):
    """A role is gone; its disks go too (``media``), or become free later."""

    media: bool

    def change_role(
        self, world: World, subscription: Subscription, at: float, deployment: Deployment, role: Role
    ) -> None:
        """Take the role away."""
        take_away(world, subscription, at, deployment, role, media=self.media)
        deployment.modified_at = at


def remove_role(
    call: Call, operation: Operation, service: HostedService, deployment: Deployment, role: Role
) -> None:
    """Take a role away when an accepted operation ends; ``comp=media`` takes its disks and blobs too.

    Its instance goes down meanwhile; a deallocated one just stays so.
    """
    if not role.deallocated(call.now):
        down = (call.seconds(operation) * 0.3, InstanceState.DELETING_VM, "Stopping")
        role.follow(call.now, call.scaled([down]))
    media = call.media("2013-08-01")
    call.later(operation.ends_at, RoleRemoved(service.name, deployment.slot, role.name, media))


def take_away(
    world: World, subscription: Subscription, at: float, deployment: Deployment, role: Role, *, media: bool
) -> None:
    """Remove a role at ``at``, giving back its cores; its disks go too (``media``), or become free later."""
    deployment.roles.pop(role.name.lower(), None)
    if not role.ends_deallocated():
        subscription.cores_in_use -= ROLE_SIZES[role.size.lower()].cores
    _give_up_disks(world, subscription, at, disks_of(role), media=media)


def remove_deployment(
    world: World,
    subscription: Subscription,
    at: float,
    service: HostedService,
    deployment: Deployment,
    *,
    media: bool,
) -> None:
    """Remove a deployment with its roles at ``at``, and let go of its reserved addresses."""
    for role in list(deployment.roles.values()):
        take_away(world, subscription, at, deployment, role, media=media)
    service.deployments.pop(deployment.slot.lower(), None)
    service.modified_at = at
    for ip in reserved_for(subscription, service, deployment):
        ip.service_name = ip.deployment_name = ip.virtual_ip = ""
        subscription.reserved_ips.touch(ip.name)


def disks_of(role: Role) -> list[str]:
    """Names of all disks of a role, the OS disk first."""
    return [role.os_disk.disk_name, *(disk.disk_name for disk in role.data_disks)]


def _give_up_disks(
    world: World, subscription: Subscription, at: float, names: Iterable[str], *, media: bool
) -> None:
    """Remove disks with their blobs, or let them go: they stay leased for a while."""
    for name in names:
        if subscription.disks.get(name) is None:
            continue
        if media:
            subscription.disks.remove(name)
        else:
            low, high = timeline.DISK_RELEASE_SECONDS
            share = world.digest("release", name, at, size=1)[0] / 255
            released = at + (low + (high - low) * share) * world.duration_factor
            world.later(released, DiskReleased(name), subscription)
