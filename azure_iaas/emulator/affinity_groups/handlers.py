"""Affinity groups (protocol.md 12.8)."""

from __future__ import annotations

import re
from typing import Final

from azure_iaas.emulator.affinity_groups.answers import group_answer
from azure_iaas.emulator.affinity_groups.contract import CREATE_AFFINITY_GROUP, UPDATE_AFFINITY_GROUP
from azure_iaas.emulator.catalogue import LOCATION_KEYS
from azure_iaas.emulator.labels import check_description, check_label
from azure_iaas.emulator.state import AffinityGroup
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import Items, Value
from azure_iaas.endpoint.routes import Routes

# Unverified: letters, digits, "-", "_" (protocol.md 14.1).
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", re.ASCII)

route: Final = Routes[Call]()


def _group(call: Call) -> AffinityGroup:
    group = call.subscription.affinity_groups.get(call.names["group"])
    if group is None:
        raise refusals.affinity_group_missing()
    return group


@route("ListAffinityGroups", "GET", "affinitygroups", since="2009-10-01")
def list_groups(call: Call) -> Answer:
    """List Affinity Groups (ee460797)."""
    shown: list[Value] = [
        group_answer(call, group, listed=True) for group in call.subscription.affinity_groups.values()
    ]
    return Answer(200, "AffinityGroups", Items("AffinityGroup", shown))


@route("GetAffinityGroup", "GET", "affinitygroups/{group}", since="2009-10-01")
def get_group(call: Call) -> Answer:
    """Get Affinity Group Properties (ee460789), with its members."""
    return Answer(200, "AffinityGroup", group_answer(call, _group(call), listed=False))


@route("CreateAffinityGroup", "POST", "affinitygroups", since="2011-02-25")
def create_group(call: Call) -> Answer:
    """Create Affinity Group (gg715317)."""
    _, values = call.read(CREATE_AFFINITY_GROUP)
    name = values["Name"]
    if not NAME.fullmatch(name):
        raise refusals.affinity_group_name_invalid()
    label = check_label(values["Label"])
    description = check_description(values.get("Description"))
    location = LOCATION_KEYS.get(values["Location"].strip().lower())
    if location is None:
        raise refusals.location_invalid()
    if call.subscription.affinity_groups.get(name) is not None:
        raise refusals.affinity_group_taken(name)
    group = AffinityGroup(name, label, description, location, call.now)
    call.subscription.affinity_groups.put(name, group)
    call.record("CreateAffinityGroup", "affinitygroups", name)
    return Answer(201, location=call.location("affinitygroup", name))


@route("UpdateAffinityGroup", "PUT", "affinitygroups/{group}", since="2011-02-25")
def update_group(call: Call) -> Answer:
    """Update Affinity Group (gg715316): a name that can't be one is refused before it is looked for."""
    if not NAME.fullmatch(call.names["group"]):
        raise refusals.affinity_group_name_invalid()
    _, values = call.read(UPDATE_AFFINITY_GROUP)
    group = _group(call)
    label = check_label(values["Label"]) if values.get("Label") else group.label
    description = check_description(values.get("Description", group.description))
    group.label, group.description = label, description
    call.subscription.affinity_groups.touch(group.name)
    call.record("UpdateAffinityGroup", "affinitygroups", group.name)
    return Answer(200)


@route("DeleteAffinityGroup", "DELETE", "affinitygroups/{group}", since="2011-02-25")
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
