"""What operations on roles do at their end; how they go is in `machines.removals`."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from azure_iaas.emulator import timeline
from azure_iaas.emulator.effect import RoleEffect, kept_as

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Deployment, Role, Subscription
    from azure_iaas.emulator.world import World


@dataclass(slots=True)
class RoleChanges:
    """New values of a role, under the names they have there; None leaves one as it is."""

    network: dict[str, Any] | None = None
    ip_address: str | None = None
    interface_addresses: list[str] | None = None
    size: str | None = None
    availability_set: str | None = None
    extensions: list[dict[str, Any]] | None = None
    provision_guest_agent: bool | None = None
    boot_diagnostics: bool | None = None
    debug_settings: bool | None = None


@dataclass(slots=True)
class DataDiskChange:
    """New values of a data disk."""

    caching: str
    label: str


@dataclass(slots=True)
class DiskChanges:
    """New values of a role's disks.

    Attributes:
        os_caching: caching of the OS disk; None leaves it as it is.
        luns: data disks by LUN, which JSON keeps as text.
    """

    os_caching: str | None = None
    luns: dict[str, DataDiskChange] = field(default_factory=dict)


@kept_as("role_updated")
@dataclass(frozen=True, slots=True)
class RoleUpdated(RoleEffect):
    """A role has new properties, and restarts when its size, availability set or address changed.

    Attributes:
        restart: request id that draws the lengths of a restart; empty for none.
    """

    changes: RoleChanges
    disks: DiskChanges
    restart: str

    def change_role(
        self, world: World, subscription: Subscription, at: float, deployment: Deployment, role: Role
    ) -> None:
        """Put the new values in place."""
        for each in fields(self.changes):
            value = getattr(self.changes, each.name)
            if value is not None:
                setattr(role, each.name, value)
        if self.disks.os_caching is not None:
            role.os_disk.host_caching = self.disks.os_caching
        for disk in role.data_disks:
            change = self.disks.luns.get(str(disk.lun))
            if change is not None:
                disk.host_caching, disk.label = change.caching, change.label
        deployment.promised_addresses = []
        deployment.modified_at = at
        state = role.state(at)
        if self.restart and state is not None and state[1] != "Stopped":
            rng = random.Random(int(self.restart, 16))  # noqa: S311 - lengths of time, not secrets
            role.follow(at, world.scaled(timeline.restart(rng)))
