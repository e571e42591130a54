"""Disks as they are answered (protocol.md 10.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.emulator.texts import iso
from azure_iaas.endpoint.documents import Member, Struct

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Disk
    from azure_iaas.emulator.world import Call


def disk_answer(call: Call, each: Disk) -> Struct:
    """``Disk`` (10.9)."""
    attached: Struct | None = None
    if each.attached_to is not None:
        deployment_name, service_name, role_name = each.attached_to
        attached = Struct(
            [
                ("DeploymentName", deployment_name),
                ("HostedServiceName", service_name),
                ("RoleName", role_name),
            ]
        )
    if call.world.dialect == "preview":
        return Struct(
            [
                ("AttachedTo", attached),
                ("HasOperatingSystem", bool(each.os)),
                ("Location", each.location or None),
                ("MediaLink", each.media_link),
                ("Name", each.name),
                ("SourceImageName", each.source_image_name or None),
            ]
        )
    members: list[Member] = [
        ("AffinityGroup", each.affinity_group or None),
        ("AttachedTo", attached),
        ("OS", each.os or None),
        # No recorded disk has both: the label of a disk made from an image isn't shown here.
        ("Label", None if each.source_image_name else each.label or None),
        ("Location", each.location or None),
        ("LogicalDiskSizeInGB", each.size_in_gb),
        ("MediaLink", each.media_link),
        ("Name", each.name),
        ("SourceImageName", each.source_image_name or None),
        ("IsPremium", False),
    ]
    if call.version >= "2014-05-01":
        members.append(("CreatedTime", iso(each.created_at)))
    if call.version >= "2014-10-01":
        members.append(("IOType", "Standard"))
    return Struct(members)
