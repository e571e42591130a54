"""What operations on hosted services do at their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_iaas.emulator.effect import Effect, kept_as
from azure_iaas.emulator.machines.removals import remove_deployment

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Subscription
    from azure_iaas.emulator.world import World


@kept_as("service_removed")
@dataclass(frozen=True, slots=True)
class ServiceRemoved(Effect):
    """A hosted service is gone, with its deployments, disks and blobs."""

    service: str

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Remove the service."""
        service = subscription.hosted_services.get(self.service)
        if service is None:
            return
        for deployment in list(service.deployments.values()):
            remove_deployment(world, subscription, at, service, deployment, media=True)
        subscription.hosted_services.remove(service.name)
        world.service_names.pop(service.name.lower(), None)
