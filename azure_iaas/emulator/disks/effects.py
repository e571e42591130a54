"""What operations on disks do at their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_iaas.emulator.effect import Effect, kept_as

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Subscription
    from azure_iaas.emulator.world import World


@kept_as("disk_resized")
@dataclass(frozen=True, slots=True)
class DiskResized(Effect):
    """A disk has grown to ``size`` GB."""

    disk: str
    size: int

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Set the size."""
        disk = subscription.disks.get(self.disk)
        if disk is not None:
            disk.size_in_gb = self.size
            subscription.disks.touch(disk.name)
