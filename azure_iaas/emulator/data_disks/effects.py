"""What operations on data disks of roles do at their end."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from azure_iaas.emulator.effect import RoleEffect, kept_as
from azure_iaas.emulator.machines.removals import DiskReleased
from azure_iaas.emulator.state import DataDisk

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Deployment, Role, Subscription
    from azure_iaas.emulator.world import World


@kept_as("data_disk_attached")
@dataclass(frozen=True, slots=True)
class DataDiskAttached(RoleEffect):
    """A data disk is there."""

    disk: DataDisk

    def change_role(
        self, world: World, subscription: Subscription, at: float, deployment: Deployment, role: Role
    ) -> None:
        """Add the disk at its LUN."""
        role.data_disks = sorted([*role.data_disks, self.disk], key=attrgetter("lun"))
        deployment.modified_at = at


@kept_as("data_disk_updated")
@dataclass(frozen=True, slots=True)
class DataDiskUpdated(RoleEffect):
    """A data disk has other caching, another label, size or LUN."""

    disk: DataDisk

    def change_role(
        self, world: World, subscription: Subscription, at: float, deployment: Deployment, role: Role
    ) -> None:
        """Put the disk in the place of what it was, here and where it is registered."""
        updated = self.disk
        disks = (updated if disk.disk_name == updated.disk_name else disk for disk in role.data_disks)
        role.data_disks = sorted(disks, key=attrgetter("lun"))
        registered = subscription.disks.get(updated.disk_name)
        if registered is not None:
            registered.size_in_gb = updated.size_in_gb
            subscription.disks.touch(registered.name)
        deployment.modified_at = at


@kept_as("data_disk_detached")
@dataclass(frozen=True, slots=True)
class DataDiskDetached(RoleEffect):
    """A data disk is gone from its role; it stays registered, or is deleted (``media``)."""

    disk: str
    media: bool

    def change_role(
        self, world: World, subscription: Subscription, at: float, deployment: Deployment, role: Role
    ) -> None:
        """Remove the disk from the role."""
        role.data_disks = [disk for disk in role.data_disks if disk.disk_name != self.disk]
        deployment.modified_at = at
        if self.media:
            subscription.disks.remove(self.disk)
        else:
            DiskReleased(self.disk).apply(world, subscription, at)
