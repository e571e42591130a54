"""VM images as they are answered (protocol.md 12.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.texts import iso
from azure_iaas.endpoint.documents import Items, Member, Struct, Value

if TYPE_CHECKING:
    from azure_iaas.emulator.state import VMImage
    from azure_iaas.emulator.world import Call


def image_answer(call: Call, image: VMImage) -> Struct:
    """``VMImage``."""
    data = image.metadata
    late = call.version >= "2014-10-01"
    io_type: list[Member] = [("IOType", "Standard")] if late else []
    os_disk: list[Member] = [(name, image.os_disk.get(name)) for name in _OS_DISK]
    data_disks: list[Value] = [
        Struct([*((name, disk.get(name)) for name in _DATA_DISK), *io_type]) for disk in image.data_disks
    ]
    return Struct(
        [
            ("Name", image.name),
            ("Label", image.label),
            ("Category", "User"),
            ("Description", data.get("Description")),
            ("OSDiskConfiguration", Struct([*os_disk, *io_type])),
            ("DataDiskConfigurations", Items("DataDiskConfiguration", data_disks)),
            ("ServiceName", image.service_name or None),
            ("DeploymentName", image.deployment_name or None),
            ("RoleName", image.role_name or None),
            ("Location", image.location),
            ("CreatedTime", iso(image.created_at)),
            ("ModifiedTime", iso(image.modified_at)),
            ("Language", data.get("Language")),
            ("ImageFamily", data.get("ImageFamily")),
            ("RecommendedVMSize", data.get("RecommendedVMSize")),
            ("IsPremium", False),
            ("Eula", data.get("Eula")),
            ("IconUri", data.get("IconUri")),
            ("SmallIconUri", data.get("SmallIconUri")),
            ("PrivacyUri", data.get("PrivacyUri")),
            ("PublishedDate", data.get("PublishedDate")),
            ("ShowInGui", data.get("ShowInGui")),
        ]
        + (_state(image) if late else [])
    )


def _state(image: VMImage) -> list[Member]:
    return [
        ("VMImageState", "VMImageDeleting" if image.deleting else "VMImageReadyForUse"),
        ("RoleStateOnCapture", image.role_state_on_capture or None),
        ("RoleSizeOnCapture", image.role_size_on_capture or None),
    ]


_OS_DISK: Final = ("Name", "HostCaching", "OSState", "OS", "MediaLink", "LogicalDiskSizeInGB")

_DATA_DISK: Final = ("Name", "HostCaching", "Lun", "MediaLink", "LogicalDiskSizeInGB")
