"""Storage accounts as they are answered (protocol.md 12.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.properties import properties_answer
from azure_iaas.emulator.texts import iso
from azure_iaas.endpoint.documents import NIL, Items, Member, Struct, Value

if TYPE_CHECKING:
    from azure_iaas.emulator.state import StorageAccount
    from azure_iaas.emulator.world import Call

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


def account_answer(call: Call, account: StorageAccount, *, listed: bool = False) -> Struct:
    """``StorageService`` without keys.

    Regions are shown when it is created; capabilities aren't shown in lists.
    """
    region = account.location
    if account.affinity_group:
        group = call.subscription.affinity_groups.get(account.affinity_group)
        region = group.location if group is not None else ""
    status = "Created"
    if call.now < account.created_by:
        status = "Creating"
    elif call.now < account.resolved_at:
        status = "ResolvingDns"
    kinds: tuple[str, ...] = ("blob", "queue", "table")
    if account.account_type == "Premium_LRS":
        kinds = ("blob",)
    elif call.version >= "2015-04-01":
        kinds = (*kinds, "file")
    endpoints: list[Value] = [f"https://{account.name}.{kind}.core.windows.net/" for kind in kinds]
    secondary = _PAIRS.get(region, "") if "GRS" in account.account_type else ""
    inner: list[Member] = [
        ("Description", NIL if account.description is None else account.description),
        ("AffinityGroup", account.affinity_group or None),
        ("Location", account.location or None),
        ("Label", account.label),
        ("Status", status),
        ("Endpoints", Items("Endpoint", endpoints)),
    ]
    created = status == "Created"
    if created and "2011-12-01" <= call.version < "2014-06-01":
        inner.append(("GeoReplicationEnabled", "GRS" in account.account_type))
    if created and call.version >= "2011-12-01":
        inner += [("GeoPrimaryRegion", region), ("StatusOfPrimary", "Available")]
        if account.account_type != "Premium_LRS":
            inner += [
                ("GeoSecondaryRegion", secondary),
                ("StatusOfSecondary", "Available" if secondary else ""),
            ]
        if call.version < "2013-06-01":
            inner.append(("LastGeoFailoverTime", ""))
    if created and call.version >= "2013-06-01":
        inner.append(("CreationTime", iso(account.created_at)))
        domains: list[Value] = [Struct([("Name", each.get("Name", ""))]) for each in account.custom_domains]
        inner.append(("CustomDomains", Items("CustomDomain", domains)))
    if created and "2013-11-01" <= call.version < "2014-06-01":
        inner.append(("SecondaryReadEnabled", account.account_type == "Standard_RAGRS"))
    if created and account.account_type == "Standard_RAGRS" and call.version >= "2013-11-01":
        secondaries: list[Value] = [
            f"https://{account.name}-secondary.{kind}.core.windows.net/"
            for kind in ("blob", "queue", "table")
        ]
        inner.append(("SecondaryEndpoints", Items("Endpoint", secondaries)))
    if created and call.version >= "2014-06-01":
        inner.append(("AccountType", account.account_type))
    members: list[Member] = [
        ("Url", call.url("services", "storageservices", account.name)),
        ("ServiceName", account.name),
        ("StorageServiceProperties", Struct(inner)),
    ]
    if call.version >= "2012-03-01":
        members.append(("ExtendedProperties", properties_answer(account.extended_properties)))
        if created and not listed:
            members.append(("Capabilities", Items("Capability", ["PersistentVMRole"])))
    return Struct(members)
