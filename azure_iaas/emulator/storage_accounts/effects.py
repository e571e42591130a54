"""What operations on storage accounts do at their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_iaas.emulator.effect import Effect, kept_as

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Subscription
    from azure_iaas.emulator.world import World


@kept_as("storage_account_removed")
@dataclass(frozen=True, slots=True)
class StorageAccountRemoved(Effect):
    """A storage account whose creation failed is gone."""

    account: str

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Remove the account, and free its name."""
        subscription.storage_accounts.remove(self.account)
        world.account_names.pop(self.account, None)
