"""VM images (protocol.md 12.4)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from azure_iaas.emulator import answers, contracts, refusals
from azure_iaas.emulator.documents import Items, Struct, Value
from azure_iaas.emulator.handlers import machines
from azure_iaas.emulator.routes import Route
from azure_iaas.emulator.state import VMImage
from azure_iaas.emulator.world import Answer, Call

_METADATA: Final = tuple(
    name
    for name in contracts.VM_IMAGE.members
    if name not in {"Name", "Label", "OSDiskConfiguration", "DataDiskConfigurations"}
)


def _answer(call: Call, image: VMImage) -> Struct:
    data = image.metadata
    late = call.version >= "2014-10-01"
    io_type: list[answers.Member] = [("IOType", "Standard")] if late else []
    os_disk: list[answers.Member] = [(name, image.os_disk.get(name)) for name in _OS_DISK]
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
            ("CreatedTime", answers.iso(image.created_at)),
            ("ModifiedTime", answers.iso(image.modified_at)),
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


def _state(image: VMImage) -> list[answers.Member]:
    return [
        ("VMImageState", "VMImageDeleting" if image.deleting else "VMImageReadyForUse"),
        ("RoleStateOnCapture", image.role_state_on_capture or None),
        ("RoleSizeOnCapture", image.role_size_on_capture or None),
    ]


_OS_DISK: Final = ("Name", "HostCaching", "OSState", "OS", "MediaLink", "LogicalDiskSizeInGB")
_DATA_DISK: Final = ("Name", "HostCaching", "Lun", "MediaLink", "LogicalDiskSizeInGB")


def list_images(call: Call) -> Answer:
    """List VM Images; ``location``, ``publisher`` and ``category`` filter, without regard to case."""
    location = call.query.get("location", "").lower()
    category = call.query.get("category", "").lower()
    shown: list[Value] = [
        _answer(call, image)
        for image in call.subscription.vm_images.values()
        if location in {"", image.location.lower()}
        and category in {"", "user"}
        and not call.query.get("publisher")
    ]
    return Answer(200, "VMImages", Items("VMImage", shown))


def create_image(call: Call) -> Answer:
    """Create VM Image (dn775054), of blobs."""
    _, values = call.read(contracts.VM_IMAGE)
    name = values["Name"]
    if not machines.DISK_NAME.fullmatch(name):
        raise refusals.invalid_value(name, "Name", "letters, digits, '_', '.', '-'")
    config = values["OSDiskConfiguration"]
    link = machines.check_media_link(config["MediaLink"])
    if config["OSState"] not in {"Generalized", "Specialized"}:
        raise refusals.invalid_value(config["OSState"], "OSState", "Generalized, Specialized")
    os_disk: dict[str, Any] = {
        "Name": f"{name}-os",
        "HostCaching": machines.caching(config.get("HostCaching"), "ReadWrite"),
        "OSState": config["OSState"],
        "OS": machines.operating_system(config["OS"]),
        "MediaLink": link,
        "LogicalDiskSizeInGB": 30,
    }
    data_disks = [
        {
            "Name": f"{name}-datadisk-{number}",
            "HostCaching": machines.caching(disk.get("HostCaching"), "None"),
            "Lun": disk.get("Lun", number),
            "MediaLink": machines.check_media_link(disk.get("MediaLink", "")),
            "LogicalDiskSizeInGB": 10,
        }
        for number, disk in enumerate(values.get("DataDiskConfigurations", []))
    ]
    if call.subscription.vm_images.get(name) is not None or machines.find_image(call, name) is not None:
        raise refusals.image_name_taken(name)
    operation = call.accept("CreateVMImage", "services", "vmimages", name, seconds="VMImage")
    image = VMImage(
        name=name,
        label=values["Label"],
        os_disk=os_disk,
        data_disks=data_disks,
        location=machines.region_of(call, link),
        created_at=operation.ends_at,
        modified_at=operation.ends_at,
        ready_at=operation.ends_at,
        metadata={key: values[key] for key in _METADATA if key in values},
    )
    if not operation.error_code:
        call.later(operation.ends_at, "vm_image_added", image=asdict(image))
    return Answer(202)


def _image(call: Call) -> VMImage:
    image = call.subscription.vm_images.get(call.names["image"])
    if image is None:
        raise refusals.image_missing()
    return image


def update_image(call: Call) -> Answer:
    """Update VM Image: label, caching and metadata."""
    _, values = call.read(contracts.VM_IMAGE_UPDATE)
    image = _image(call)
    os_caching = values.get("OSDiskConfiguration", {}).get("HostCaching")
    checked = machines.caching(os_caching, image.os_disk["HostCaching"])
    for config in values.get("DataDiskConfigurations", []):
        machines.caching(config.get("HostCaching"), "None")
    image.label = values["Label"]
    image.os_disk["HostCaching"] = checked
    for config in values.get("DataDiskConfigurations", []):
        for disk in image.data_disks:
            if config.get("Name", "").lower() == disk["Name"].lower() or config.get("Lun") == disk["Lun"]:
                disk["HostCaching"] = machines.caching(config.get("HostCaching"), disk["HostCaching"])
    image.metadata |= {key: values[key] for key in _METADATA if key in values}
    image.modified_at = call.now
    call.subscription.vm_images.touch(image.name)
    call.record("UpdateVMImage", "services", "vmimages", image.name)
    return Answer(200)


def delete_image(call: Call) -> Answer:
    """Delete VM Image."""
    image = _image(call)
    operation = call.accept("DeleteVMImage", "services", "vmimages", image.name, seconds="VMImage")
    if not operation.error_code:
        image.deleting = True
        call.subscription.vm_images.touch(image.name)
        call.later(operation.ends_at, "vm_image_removed", image=image.name)
    return Answer(202)


_BASE: Final = "services/vmimages"

ROUTES: Final = (
    Route("ListVMImages", "GET", _BASE, "2014-05-01", list_images),
    Route("CreateVMImage", "POST", _BASE, "2014-05-01", create_image),
    Route("UpdateVMImage", "PUT", f"{_BASE}/{{image}}", "2014-05-01", update_image),
    Route("DeleteVMImage", "DELETE", f"{_BASE}/{{image}}", "2014-05-01", delete_image),
)
