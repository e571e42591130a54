"""What operations on VM images do at their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_iaas.emulator.effect import Effect, kept_as
from azure_iaas.emulator.state import VMImage

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Subscription
    from azure_iaas.emulator.world import World


@kept_as("vm_image_added")
@dataclass(frozen=True, slots=True)
class VMImageAdded(Effect):
    """A VM image made of blobs is there."""

    image: VMImage

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Put the image on its shelf."""
        subscription.vm_images.put(self.image.name, self.image)


@kept_as("vm_image_removed")
@dataclass(frozen=True, slots=True)
class VMImageRemoved(Effect):
    """A VM image is gone."""

    image: str

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Remove the image."""
        subscription.vm_images.remove(self.image)
