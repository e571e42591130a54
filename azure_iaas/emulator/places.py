"""Where a resource is: a location, or an affinity group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.emulator.catalogue import LOCATION_KEYS
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from azure_iaas.emulator.state import HostedService, StorageAccount
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.contracts import Values


def check_place(call: Call, values: Values) -> tuple[str, str]:
    """Location and affinity group of a create: exactly one is given, the other is empty.

    Raises:
        Refusal: 400.
    """
    location, group_name = values.get("Location", "").strip(), values.get("AffinityGroup", "").strip()
    if not location and not group_name:
        raise refusals.location_not_given()
    if location and group_name:
        raise refusals.location_and_affinity_group()
    if location:
        if location.lower() not in LOCATION_KEYS:
            raise refusals.location_invalid()
        return LOCATION_KEYS[location.lower()], ""
    group = call.subscription.affinity_groups.get(group_name)
    if group is None:
        raise refusals.affinity_group_not_usable()
    return "", group.name


def region_of_place(call: Call, place: HostedService | StorageAccount) -> str:
    """Location of a hosted service or storage account: its own, or that of its affinity group."""
    group = call.subscription.affinity_groups.get(place.affinity_group) if place.affinity_group else None
    return group.location if group is not None else place.location


def name_of_place(place: HostedService | StorageAccount) -> str:
    """The affinity group or location of a hosted service or storage account, as messages name it."""
    return place.affinity_group or place.location
