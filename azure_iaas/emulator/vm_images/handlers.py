"""VM images (protocol.md 12.4)."""

from __future__ import annotations

from typing import Any, Final

from azure_iaas.emulator.blobs import DISK_NAME, check_media_link, demand_own_account, region_of
from azure_iaas.emulator.caching import caching_of
from azure_iaas.emulator.images import find_image, operating_system
from azure_iaas.emulator.state import VMImage
from azure_iaas.emulator.vm_images.answers import image_answer
from azure_iaas.emulator.vm_images.contract import VM_IMAGE, VM_IMAGE_UPDATE
from azure_iaas.emulator.vm_images.effects import VMImageAdded, VMImageRemoved
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import Items, Value
from azure_iaas.endpoint.routes import Routes

_METADATA: Final = tuple(
    name
    for name in VM_IMAGE.members
    if name not in {"Name", "Label", "OSDiskConfiguration", "DataDiskConfigurations"}
)
_BASE: Final = "services/vmimages"

route: Final = Routes[Call]()


@route("ListVMImages", "GET", _BASE, since="2014-05-01")
def list_images(call: Call) -> Answer:
    """List VM Images; ``location``, ``publisher`` and ``category`` filter, without regard to case."""
    location = call.query.get("location", "").lower()
    category = call.query.get("category", "").lower()
    shown: list[Value] = [
        image_answer(call, image)
        for image in call.subscription.vm_images.values()
        if location in {"", image.location.lower()}
        and category in {"", "user"}
        and not call.query.get("publisher")
    ]
    return Answer(200, "VMImages", Items("VMImage", shown))


@route("CreateVMImage", "POST", _BASE, since="2014-05-01")
def create_image(call: Call) -> Answer:
    """Create VM Image (dn775054), of blobs."""
    _, values = call.read(VM_IMAGE)
    name = values["Name"]
    if not DISK_NAME.fullmatch(name):
        raise refusals.invalid_value(name, "Name", "letters, digits, '_', '.', '-'")
    config = values["OSDiskConfiguration"]
    link = check_media_link(config["MediaLink"])
    demand_own_account(call, link)
    state = config["OSState"].strip()
    if state not in {"Generalized", "Specialized"}:
        raise refusals.invalid_value(state, "OSState", "Generalized, Specialized")
    os_disk: dict[str, Any] = {
        "Name": f"{name}-os",
        "HostCaching": caching_of(config.get("HostCaching"), "ReadWrite"),
        "OSState": state,
        "OS": operating_system(config["OS"]),
        "MediaLink": link,
        "LogicalDiskSizeInGB": 30,
    }
    data_disks = [
        {
            "Name": f"{name}-datadisk-{number}",
            "HostCaching": caching_of(disk.get("HostCaching"), "None"),
            "Lun": disk.get("Lun", number),
            "MediaLink": check_media_link(disk.get("MediaLink", "")),
            "LogicalDiskSizeInGB": 10,
        }
        for number, disk in enumerate(values.get("DataDiskConfigurations", []))
    ]
    if call.subscription.vm_images.get(name) is not None or find_image(call, name) is not None:
        raise refusals.image_name_taken(name)
    operation = call.accept("CreateVMImage", "services", "vmimages", name, seconds="VMImage")
    if operation is None:
        return Answer(202)
    image = VMImage(
        name=name,
        label=values["Label"],
        os_disk=os_disk,
        data_disks=data_disks,
        location=region_of(call, link),
        created_at=operation.ends_at,
        modified_at=operation.ends_at,
        ready_at=operation.ends_at,
        metadata={key: values[key] for key in _METADATA if key in values},
    )
    call.later(operation.ends_at, VMImageAdded(image))
    return Answer(202)


def _image(call: Call) -> VMImage:
    image = call.subscription.vm_images.get(call.names["image"])
    if image is None:
        raise refusals.image_missing()
    return image


@route("UpdateVMImage", "PUT", f"{_BASE}/{{image}}", since="2014-05-01")
def update_image(call: Call) -> Answer:
    """Update VM Image: label, caching and metadata."""
    _, values = call.read(VM_IMAGE_UPDATE)
    image = _image(call)
    os_caching = values.get("OSDiskConfiguration", {}).get("HostCaching")
    checked = caching_of(os_caching, image.os_disk["HostCaching"])
    for config in values.get("DataDiskConfigurations", []):
        caching_of(config.get("HostCaching"), "None")
    image.label = values["Label"]
    image.os_disk["HostCaching"] = checked
    for config in values.get("DataDiskConfigurations", []):
        for disk in image.data_disks:
            if config.get("Name", "").lower() == disk["Name"].lower() or config.get("Lun") == disk["Lun"]:
                disk["HostCaching"] = caching_of(config.get("HostCaching"), disk["HostCaching"])
    image.metadata |= {key: values[key] for key in _METADATA if key in values}
    image.modified_at = call.now
    call.subscription.vm_images.touch(image.name)
    call.record("UpdateVMImage", "services", "vmimages", image.name)
    return Answer(200)


@route("DeleteVMImage", "DELETE", f"{_BASE}/{{image}}", since="2014-05-01")
def delete_image(call: Call) -> Answer:
    """Delete VM Image."""
    image = _image(call)
    removed = VMImageRemoved(image.name)
    if call.accept("DeleteVMImage", "services", "vmimages", image.name, seconds="VMImage", then=removed):
        image.deleting = True
        call.subscription.vm_images.touch(image.name)
    return Answer(202)
