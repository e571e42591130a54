"""What operations on the network configuration do at their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_iaas.emulator.effect import Effect, kept_as

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Subscription
    from azure_iaas.emulator.world import World


@kept_as("network_configured")
@dataclass(frozen=True, slots=True)
class NetworkConfigured(Effect):
    """The network configuration is in force."""

    document: str

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Put the document in the place of the one before."""
        network = subscription.networks.get("media")
        if network is not None:
            network.document = self.document
            subscription.networks.touch("media")
