"""VM images as they are answered (protocol.md 12.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator.state import VMImage
from azure_iaas.emulator.texts import iso
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint.documents import Items, Struct
from azure_iaas.endpoint.versions import Row, Rows

if TYPE_CHECKING:
    from collections.abc import Mapping


def _kept(name: str) -> Row[Call, Mapping[str, Any]]:
    """An element of a disk's configuration as it is kept."""
    return Row(name, lambda _, disk: disk.get(name))


def _said(name: str) -> Row[Call, VMImage]:
    """An optional element as it was sent."""
    return Row(name, lambda _, image: image.metadata.get(name))


_IO_TYPE: Final[Row[Call, Mapping[str, Any]]] = Row("IOType", lambda *_: "Standard", "2014-10-01")
_OS_DISK: Final = Rows(
    *map(_kept, ("Name", "HostCaching", "OSState", "OS", "MediaLink", "LogicalDiskSizeInGB")),
    _IO_TYPE,
)
_DATA_DISK: Final = Rows(
    *map(_kept, ("Name", "HostCaching", "Lun", "MediaLink", "LogicalDiskSizeInGB")),
    _IO_TYPE,
)


def _data_disks(call: Call, image: VMImage) -> Items:
    return Items(
        "DataDiskConfiguration", [Struct(_DATA_DISK.members(call, disk)) for disk in image.data_disks]
    )


def _state(_: Call, image: VMImage) -> str:
    return "VMImageDeleting" if image.deleting else "VMImageReadyForUse"


_IMAGE: Final = Rows[Call, VMImage](
    Row("Name", lambda _, image: image.name),
    Row("Label", lambda _, image: image.label),
    Row("Category", lambda *_: "User"),
    _said("Description"),
    Row("OSDiskConfiguration", lambda call, image: Struct(_OS_DISK.members(call, image.os_disk))),
    Row("DataDiskConfigurations", _data_disks),
    Row("ServiceName", lambda _, image: image.service_name or None),
    Row("DeploymentName", lambda _, image: image.deployment_name or None),
    Row("RoleName", lambda _, image: image.role_name or None),
    Row("Location", lambda _, image: image.location),
    Row("CreatedTime", lambda _, image: iso(image.created_at)),
    Row("ModifiedTime", lambda _, image: iso(image.modified_at)),
    _said("Language"),
    _said("ImageFamily"),
    _said("RecommendedVMSize"),
    Row("IsPremium", lambda *_: False),
    _said("Eula"),
    _said("IconUri"),
    _said("SmallIconUri"),
    _said("PrivacyUri"),
    _said("PublishedDate"),
    _said("ShowInGui"),
    Row("VMImageState", _state, "2014-10-01"),
    Row("RoleStateOnCapture", lambda _, image: image.role_state_on_capture or None, "2014-10-01"),
    Row("RoleSizeOnCapture", lambda _, image: image.role_size_on_capture or None, "2014-10-01"),
)


def image_answer(call: Call, image: VMImage) -> Struct:
    """``VMImage``."""
    return Struct(_IMAGE.members(call, image))
