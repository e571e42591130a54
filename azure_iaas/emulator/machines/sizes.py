"""Role sizes, and the cores they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.emulator.catalogue import DEFAULT_ROLE_SIZE, ROLE_SIZES
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from azure_iaas.emulator.catalogue import RoleSize
    from azure_iaas.emulator.world import Call


def role_size(name: str) -> RoleSize:
    """The size of this name; ``Small`` for an empty one.

    Raises:
        Refusal: 400: there is no such size.
    """
    size = ROLE_SIZES.get((name.strip() or DEFAULT_ROLE_SIZE).lower())
    if size is None:
        raise refusals.invalid_value(name, "RoleSize", "a name of a role size")
    return size


def demand_cores(call: Call, size: RoleSize) -> None:
    """Check the subscription's core quota.

    Raises:
        Refusal: 400, recorded text.
    """
    limit, current = call.world.quotas.cores, call.subscription.cores_in_use
    if current + size.cores > limit:
        raise refusals.quota_exceeded("cores count", limit, current, size.cores)
