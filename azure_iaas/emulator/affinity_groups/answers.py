"""Affinity groups as they are answered (protocol.md 12.8)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator.capabilities import compute_capabilities
from azure_iaas.emulator.machines.deployment_answers import hosted_service_answer
from azure_iaas.emulator.properties import properties_answer
from azure_iaas.emulator.state import AffinityGroup, StorageAccount
from azure_iaas.emulator.texts import iso
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint.documents import NIL, Items, Struct
from azure_iaas.endpoint.versions import Row, Rows

_Rows = Rows[Call, AffinityGroup]


def _services(call: Call, group: AffinityGroup) -> Items:
    services = call.subscription.hosted_services.values()
    name = group.name.lower()
    inside = [each for each in services if each.affinity_group.lower() == name]
    return Items("HostedService", [hosted_service_answer(call, each) for each in inside])


def _accounts(call: Call, group: AffinityGroup) -> Items:
    accounts = call.subscription.storage_accounts.values()
    name = group.name.lower()
    inside = [each for each in accounts if each.affinity_group.lower() == name]
    return Items("StorageService", [_account(call, each) for each in inside])


def _account(call: Call, account: StorageAccount) -> Struct:
    """A storage account as an affinity group lists it: without its properties."""
    return Struct(
        [
            ("Url", call.url("services", "storageservices", account.name)),
            ("ServiceName", account.name),
            ("ExtendedProperties", properties_answer(account.extended_properties)),
        ]
    )


_FIRST: Final = _Rows(
    Row("Name", lambda _, group: group.name),
    Row("Label", lambda _, group: group.label),
    Row("Description", lambda _, group: NIL if group.description is None else group.description),
    Row("Location", lambda _, group: group.location),
)
_THEN: Final = _Rows(
    Row("Capabilities", lambda *_: Items("Capability", ["PersistentVMRole", "HighMemory"]), "2012-03-01"),
    Row("CreatedTime", lambda _, group: iso(group.created_at), "2013-11-01"),
)
_ALONE: Final = _Rows(
    *_FIRST,
    Row("HostedServices", _services),
    Row("StorageServices", _accounts),
    *_THEN,
)
_LISTED: Final = _Rows(
    *_FIRST,
    *_THEN,
    Row("ComputeCapabilities", lambda *_: compute_capabilities(), "2014-05-01"),
)


def group_answer(call: Call, group: AffinityGroup, *, listed: bool) -> Struct:
    """``AffinityGroup``: alone with its members, in a list with the sizes it can hold."""
    return Struct((_LISTED if listed else _ALONE).members(call, group))
