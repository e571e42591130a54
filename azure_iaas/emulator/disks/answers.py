"""Disks as they are answered (protocol.md 10.9)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator.state import Disk
from azure_iaas.emulator.texts import iso
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint.documents import Struct
from azure_iaas.endpoint.versions import Row, Rows

_Rows = Rows[Call, Disk]


def _attached_to(_: Call, disk: Disk) -> Struct | None:
    if disk.attached_to is None:
        return None
    names = ("DeploymentName", "HostedServiceName", "RoleName")
    return Struct(list(zip(names, disk.attached_to, strict=True)))


_PREVIEW: Final = _Rows(
    Row("AttachedTo", _attached_to),
    Row("HasOperatingSystem", lambda _, disk: bool(disk.os)),
    Row("Location", lambda _, disk: disk.location or None),
    Row("MediaLink", lambda _, disk: disk.media_link),
    Row("Name", lambda _, disk: disk.name),
    Row("SourceImageName", lambda _, disk: disk.source_image_name or None),
)
_GA: Final = _Rows(
    Row("AffinityGroup", lambda _, disk: disk.affinity_group or None),
    Row("AttachedTo", _attached_to),
    Row("OS", lambda _, disk: disk.os or None),
    # No recorded disk has both: the label of a disk made from an image isn't shown here.
    Row("Label", lambda _, disk: None if disk.source_image_name else disk.label or None),
    Row("Location", lambda _, disk: disk.location or None),
    Row("LogicalDiskSizeInGB", lambda _, disk: disk.size_in_gb),
    Row("MediaLink", lambda _, disk: disk.media_link),
    Row("Name", lambda _, disk: disk.name),
    Row("SourceImageName", lambda _, disk: disk.source_image_name or None),
    Row("IsPremium", lambda *_: False),
    Row("CreatedTime", lambda _, disk: iso(disk.created_at), "2014-05-01"),
    Row("IOType", lambda *_: "Standard", "2014-10-01"),
)


def disk_answer(call: Call, disk: Disk) -> Struct:
    """``Disk``, in the service's dialect."""
    return Struct((_PREVIEW if call.world.dialect == "preview" else _GA).members(call, disk))
