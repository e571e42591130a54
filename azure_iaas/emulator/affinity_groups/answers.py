"""Affinity groups as they are answered (protocol.md 12.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.emulator.capabilities import compute_capabilities
from azure_iaas.emulator.machines.deployment_answers import hosted_service_answer
from azure_iaas.emulator.properties import properties_answer
from azure_iaas.emulator.texts import iso
from azure_iaas.endpoint.documents import NIL, Items, Member, Struct, Value

if TYPE_CHECKING:
    from azure_iaas.emulator.state import AffinityGroup, StorageAccount
    from azure_iaas.emulator.world import Call


def group_answer(call: Call, group: AffinityGroup, *, members: bool) -> Struct:
    """``AffinityGroup``, with its members where it is asked for alone."""
    shown: list[Member] = [
        ("Name", group.name),
        ("Label", group.label),
        ("Description", NIL if group.description is None else group.description),
        ("Location", group.location),
    ]
    if members:
        services: list[Value] = [
            hosted_service_answer(call, service)
            for service in call.subscription.hosted_services.values()
            if service.affinity_group.lower() == group.name.lower()
        ]
        accounts: list[Value] = [
            _member_account(call, account)
            for account in call.subscription.storage_accounts.values()
            if account.affinity_group.lower() == group.name.lower()
        ]
        shown += [
            ("HostedServices", Items("HostedService", services)),
            ("StorageServices", Items("StorageService", accounts)),
        ]
    if call.version >= "2012-03-01":
        shown.append(("Capabilities", Items("Capability", ["PersistentVMRole", "HighMemory"])))
    if call.version >= "2013-11-01":
        shown.append(("CreatedTime", iso(group.created_at)))
    if not members and call.version >= "2014-05-01":
        shown.append(("ComputeCapabilities", compute_capabilities()))
    return Struct(shown)


def _member_account(call: Call, account: StorageAccount) -> Struct:
    """A storage account as an affinity group lists it: without its properties."""
    return Struct(
        [
            ("Url", call.url("services", "storageservices", account.name)),
            ("ServiceName", account.name),
            ("ExtendedProperties", properties_answer(account.extended_properties)),
        ]
    )
