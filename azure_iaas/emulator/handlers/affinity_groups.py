"""Affinity groups (protocol.md 12.8)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator import answers, contracts
from azure_iaas.emulator.catalogue import LOCATION_KEYS
from azure_iaas.emulator.handlers.hosted_services import check_description, check_label
from azure_iaas.emulator.state import AffinityGroup, StorageAccount
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import NIL, Items, Struct, Value
from azure_iaas.endpoint.routes import Route

if TYPE_CHECKING:
    from azure_iaas.emulator.world import Call

# Unverified: letters, digits, "-", "_" (protocol.md 14.1).
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", re.ASCII)


def _group(call: Call) -> AffinityGroup:
    group = call.subscription.affinity_groups.get(call.names["group"])
    if group is None:
        raise refusals.affinity_group_missing()
    return group


def _answer(call: Call, group: AffinityGroup, *, members: bool) -> Struct:
    shown: list[answers.Member] = [
        ("Name", group.name),
        ("Label", group.label),
        ("Description", NIL if group.description is None else group.description),
        ("Location", group.location),
    ]
    if members:
        services: list[Value] = [
            answers.hosted_service(call, service)
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
        shown.append(("CreatedTime", answers.iso(group.created_at)))
    if not members and call.version >= "2014-05-01":
        shown.append(("ComputeCapabilities", answers.compute_capabilities()))
    return Struct(shown)


def _member_account(call: Call, account: StorageAccount) -> Struct:
    """A storage account as an affinity group lists it: without its properties."""
    return Struct(
        [
            ("Url", call.url("services", "storageservices", account.name)),
            ("ServiceName", account.name),
            ("ExtendedProperties", answers.properties(account.extended_properties)),
        ]
    )


def list_groups(call: Call) -> Answer:
    """List Affinity Groups (ee460797)."""
    shown: list[Value] = [
        _answer(call, group, members=False) for group in call.subscription.affinity_groups.values()
    ]
    return Answer(200, "AffinityGroups", Items("AffinityGroup", shown))


def get_group(call: Call) -> Answer:
    """Get Affinity Group Properties (ee460789), with its members."""
    return Answer(200, "AffinityGroup", _answer(call, _group(call), members=True))


def create_group(call: Call) -> Answer:
    """Create Affinity Group (gg715317)."""
    _, values = call.read(contracts.CREATE_AFFINITY_GROUP)
    name = values["Name"]
    if not NAME.fullmatch(name):
        raise refusals.affinity_group_name_invalid()
    label = check_label(values["Label"])
    description = check_description(values.get("Description"))
    location = LOCATION_KEYS.get(values["Location"].lower())
    if location is None:
        raise refusals.location_invalid()
    if call.subscription.affinity_groups.get(name) is not None:
        raise refusals.affinity_group_taken(name)
    group = AffinityGroup(name, label, description, location, call.now)
    call.subscription.affinity_groups.put(name, group)
    call.record("CreateAffinityGroup", "affinitygroups", name)
    return Answer(201, location=call.location("affinitygroup", name))


def update_group(call: Call) -> Answer:
    """Update Affinity Group (gg715316): a name that can't be one is refused before it is looked for."""
    if not NAME.fullmatch(call.names["group"]):
        raise refusals.affinity_group_name_invalid()
    _, values = call.read(contracts.UPDATE_AFFINITY_GROUP)
    group = _group(call)
    label = check_label(values["Label"]) if values.get("Label") else group.label
    description = check_description(values.get("Description", group.description))
    group.label, group.description = label, description
    call.subscription.affinity_groups.touch(group.name)
    call.record("UpdateAffinityGroup", "affinitygroups", group.name)
    return Answer(200)


def delete_group(call: Call) -> Answer:
    """Delete Affinity Group (gg715314): only when nothing is in it."""
    name = call.names["group"]
    if not NAME.fullmatch(name):
        raise refusals.affinity_group_name_invalid()
    group = _group(call)
    wanted = group.name.lower()
    used = {each.affinity_group.lower() for each in call.subscription.hosted_services.values()}
    used |= {each.affinity_group.lower() for each in call.subscription.storage_accounts.values()}
    if wanted in used:
        raise refusals.affinity_group_in_use(group.name)
    call.subscription.affinity_groups.remove(group.name)
    call.record("DeleteAffinityGroup", "affinitygroups", group.name)
    return Answer(200)


ROUTES: Final = (
    Route("ListAffinityGroups", "GET", "affinitygroups", "2009-10-01", list_groups),
    Route("CreateAffinityGroup", "POST", "affinitygroups", "2011-02-25", create_group),
    Route("GetAffinityGroup", "GET", "affinitygroups/{group}", "2009-10-01", get_group),
    Route("UpdateAffinityGroup", "PUT", "affinitygroups/{group}", "2011-02-25", update_group),
    Route("DeleteAffinityGroup", "DELETE", "affinitygroups/{group}", "2011-02-25", delete_group),
)
