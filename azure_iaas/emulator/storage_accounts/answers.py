"""Storage accounts as they are answered (protocol.md 12.9)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator.properties import properties_answer
from azure_iaas.emulator.state import StorageAccount
from azure_iaas.emulator.texts import iso
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint.documents import NIL, Items, Struct, Value
from azure_iaas.endpoint.versions import Row, Rows

_Rows = Rows[Call, StorageAccount]

_PAIRS: Final = {
    "West US": "East US",
    "East US": "West US",
    "North Europe": "West Europe",
    "West Europe": "North Europe",
    "Southeast Asia": "East Asia",
    "East Asia": "Southeast Asia",
    "North Central US": "South Central US",
    "South Central US": "North Central US",
    "Central US": "East US 2",
    "East US 2": "Central US",
    "Japan East": "Japan West",
    "Japan West": "Japan East",
}
"""Secondary region of geo-replicated accounts."""


def _status(call: Call, account: StorageAccount) -> str:
    if call.now < account.created_by:
        return "Creating"
    return "ResolvingDns" if call.now < account.resolved_at else "Created"


def _endpoints(call: Call, account: StorageAccount) -> Items:
    kinds: tuple[str, ...] = ("blob", "queue", "table")
    if account.account_type == "Premium_LRS":
        kinds = ("blob",)
    elif call.version >= "2015-04-01":
        kinds = (*kinds, "file")
    addresses: list[Value] = [f"https://{account.name}.{kind}.core.windows.net/" for kind in kinds]
    return Items("Endpoint", addresses)


def _region(call: Call, account: StorageAccount) -> str:
    if not account.affinity_group:
        return account.location
    group = call.subscription.affinity_groups.get(account.affinity_group)
    return group.location if group is not None else ""


def _secondary_region(call: Call, account: StorageAccount) -> str | None:
    """None for premium accounts, which say nothing of it; empty where nothing is replicated."""
    if account.account_type == "Premium_LRS":
        return None
    return _PAIRS.get(_region(call, account), "") if _replicated(account) else ""


def _status_of_secondary(call: Call, account: StorageAccount) -> str | None:
    region = _secondary_region(call, account)
    return "Available" if region else region


def _secondary_endpoints(_: Call, account: StorageAccount) -> Items | None:
    if account.account_type != "Standard_RAGRS":
        return None
    name = f"{account.name}-secondary"
    kinds = ("blob", "queue", "table")
    return Items("Endpoint", [f"https://{name}.{kind}.core.windows.net/" for kind in kinds])


def _domains(_: Call, account: StorageAccount) -> Items:
    domains = account.custom_domains
    return Items("CustomDomain", [Struct([("Name", each.get("Name", ""))]) for each in domains])


def _replicated(account: StorageAccount) -> bool:
    return "GRS" in account.account_type


_PROPERTIES: Final = _Rows(
    Row("Description", lambda _, account: NIL if account.description is None else account.description),
    Row("AffinityGroup", lambda _, account: account.affinity_group or None),
    Row("Location", lambda _, account: account.location or None),
    Row("Label", lambda _, account: account.label),
    Row("Status", _status),
    Row("Endpoints", _endpoints),
)
_CREATED_PROPERTIES: Final = _Rows(
    *_PROPERTIES,
    Row("GeoReplicationEnabled", lambda _, account: _replicated(account), "2011-12-01", "2014-06-01"),
    Row("GeoPrimaryRegion", _region, "2011-12-01"),
    Row("StatusOfPrimary", lambda *_: "Available", "2011-12-01"),
    Row("GeoSecondaryRegion", _secondary_region, "2011-12-01"),
    Row("StatusOfSecondary", _status_of_secondary, "2011-12-01"),
    Row("LastGeoFailoverTime", lambda *_: "", "2011-12-01", "2013-06-01"),
    Row("CreationTime", lambda _, account: iso(account.created_at), "2013-06-01"),
    Row("CustomDomains", _domains, "2013-06-01"),
    Row(
        "SecondaryReadEnabled",
        lambda _, account: account.account_type == "Standard_RAGRS",
        "2013-11-01",
        "2014-06-01",
    ),
    Row("SecondaryEndpoints", _secondary_endpoints, "2013-11-01"),
    Row("AccountType", lambda _, account: account.account_type, "2014-06-01"),
)
"""Regions and kind are shown once it is created."""


def _properties(call: Call, account: StorageAccount) -> Struct:
    created = _status(call, account) == "Created"
    return Struct((_CREATED_PROPERTIES if created else _PROPERTIES).members(call, account))


def _capabilities(call: Call, account: StorageAccount) -> Items | None:
    return Items("Capability", ["PersistentVMRole"]) if _status(call, account) == "Created" else None


_LISTED: Final = _Rows(
    Row("Url", lambda call, account: call.url("services", "storageservices", account.name)),
    Row("ServiceName", lambda _, account: account.name),
    Row("StorageServiceProperties", _properties),
    Row(
        "ExtendedProperties", lambda _, account: properties_answer(account.extended_properties), "2012-03-01"
    ),
)
_ALONE: Final = _Rows(
    *_LISTED,
    Row("Capabilities", _capabilities, "2012-03-01"),
)


def account_answer(call: Call, account: StorageAccount, *, listed: bool = False) -> Struct:
    """``StorageService`` without keys; capabilities aren't shown in lists."""
    return Struct((_LISTED if listed else _ALONE).members(call, account))
