"""OS images, VM images and the subscription's disks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.models import Disk, ImageOptions, OSImage, VMImage
from azure_iaas.models.documents import AddDisk, AddOSImage, CreateVMImage
from azure_iaas.operations import arguments
from azure_iaas.operations.operation import ACCEPTED, Call, Document, ListOf, OneObject, Operation

if TYPE_CHECKING:
    from azure_iaas.operations.tracking import AcceptedOperation
    from azure_iaas.wire.messages import Dialect

OK: Final = frozenset({200})
_IMAGES = "/services/images"
_IMAGE = f"{_IMAGES}/{{imageName}}"
_PREVIEW_IMAGE = "/images/{imageName}"
_DISKS = "/services/disks"
_DISK = f"{_DISKS}/{{diskName}}"
_PREVIEW_DISK = "/disks/{diskName}"
_VM_IMAGES = "/services/vmimages"
_VM_IMAGE = f"{_VM_IMAGES}/{{imageName}}"

LIST_OS_IMAGES: Final = Operation(
    name="ListOSImages",
    rest_name="List OS Images",
    source="jj157191",
    method="GET",
    path=_IMAGES,
    preview_path="/images",
    success=OK,
    answer=ListOf(OSImage, "Images", "OSImage"),
)
GET_OS_IMAGE: Final = Operation(
    name="GetOSImage",
    rest_name="Get OS Image",
    source="protocol 11.2",
    method="GET",
    path=_IMAGE,
    preview_path=_PREVIEW_IMAGE,
    success=OK,
    answer=OneObject(OSImage, "OSImage"),
)
CREATE_OS_IMAGE: Final = Operation(
    name="CreateOSImage",
    rest_name="Add OS Image",
    source="jj157192",
    method="POST",
    path=_IMAGES,
    preview_path="/images",
    success=OK,
    answer=OneObject(OSImage, "OSImage"),
)
UPDATE_OS_IMAGE: Final = Operation(
    name="UpdateOSImage",
    rest_name="Update OS Image",
    source="jj157198",
    method="PUT",
    path=_IMAGE,
    preview_path=_PREVIEW_IMAGE,
    success=OK,
    answer=OneObject(OSImage, "OSImage"),
)
DELETE_OS_IMAGE: Final = Operation(
    name="DeleteOSImage",
    rest_name="Delete OS Image",
    source="jj157203",
    method="DELETE",
    path=_IMAGE,
    preview_path=_PREVIEW_IMAGE,
    success=OK,
    answer=ACCEPTED,
)
LIST_DISKS: Final = Operation(
    name="ListDisks",
    rest_name="List Disks",
    source="jj157176",
    method="GET",
    path=_DISKS,
    preview_path="/disks",
    success=OK,
    answer=ListOf(Disk, "Disks", "Disk"),
)
GET_DISK: Final = Operation(
    name="GetDisk",
    rest_name="Get Disk",
    source="jj157178",
    method="GET",
    path=_DISK,
    preview_path=_PREVIEW_DISK,
    success=OK,
    answer=OneObject(Disk, "Disk"),
)
CREATE_DISK: Final = Operation(
    name="CreateDisk",
    rest_name="Add Disk",
    source="jj157188",
    method="POST",
    path=_DISKS,
    preview_path="/disks",
    success=OK,
    answer=OneObject(Disk, "Disk"),
)
UPDATE_DISK: Final = Operation(
    name="UpdateDisk",
    rest_name="Update Disk",
    source="jj157205",
    method="PUT",
    path=_DISK,
    preview_path=_PREVIEW_DISK,
    success=frozenset({200, 202}),
    answer=ACCEPTED,
)
DELETE_DISK: Final = Operation(
    name="DeleteDisk",
    rest_name="Delete Disk",
    source="jj157200",
    method="DELETE",
    path=_DISK,
    preview_path=_PREVIEW_DISK,
    success=OK,
    answer=ACCEPTED,
)
LIST_VM_IMAGES: Final = Operation(
    name="ListVMImages",
    rest_name="List VM Images",
    source="protocol 12.4",
    method="GET",
    path=_VM_IMAGES,
    since="2014-05-01",
    success=OK,
    answer=ListOf(VMImage, "VMImages", "VMImage"),
)
CREATE_VM_IMAGE: Final = Operation(
    name="CreateVMImage",
    rest_name="Create VM Image",
    source="dn775054",
    method="POST",
    path=_VM_IMAGES,
    since="2014-05-01",
    success=frozenset({202}),
    answer=ACCEPTED,
)
UPDATE_VM_IMAGE: Final = Operation(
    name="UpdateVMImage",
    rest_name="Update VM Image",
    source="protocol 12.4",
    method="PUT",
    path=_VM_IMAGE,
    since="2014-05-01",
    success=OK,
    answer=ACCEPTED,
)
DELETE_VM_IMAGE: Final = Operation(
    name="DeleteVMImage",
    rest_name="Delete VM Image",
    source="protocol 12.4",
    method="DELETE",
    path=_VM_IMAGE,
    since="2014-05-01",
    success=frozenset({200, 202}),
    answer=ACCEPTED,
)

OPERATIONS: Final = (
    LIST_OS_IMAGES,
    GET_OS_IMAGE,
    CREATE_OS_IMAGE,
    UPDATE_OS_IMAGE,
    DELETE_OS_IMAGE,
    LIST_DISKS,
    GET_DISK,
    CREATE_DISK,
    UPDATE_DISK,
    DELETE_DISK,
    LIST_VM_IMAGES,
    CREATE_VM_IMAGE,
    UPDATE_VM_IMAGE,
    DELETE_VM_IMAGE,
)

DEFAULT_OS: Final = "Linux"
_PREVIEW_ONLY = {"category", "location", "role_size"}
_MEDIA: Final = {"comp": "media"}


def create_os_image(image_name: str, media_link: str, options: object, *, dialect: Dialect) -> Call[OSImage]:
    """Register an image; options and their defaults are those of :class:`ImageOptions`."""
    method = CREATE_OS_IMAGE.name
    arguments.new_name(method, "imageName", image_name, kind="image_name")
    arguments.text(method, "mediaLink", media_link)
    given = arguments.coerce(method, "imageOptions", options, ImageOptions, required=False, closed=True)
    if given.os is not None:
        arguments.one_of(method, "imageOptions.os", given.os, ("Linux", "Windows"))
    document = AddOSImage(label=given.label or image_name, media_link=media_link, name=image_name)
    wanted = given.model_fields_set - {"label"}
    if dialect == "ga":
        document.os = given.os or DEFAULT_OS
        if given.role_size and not given.recommended_vm_size:
            document.recommended_vm_size = given.role_size
        wanted -= _PREVIEW_ONLY
    for attribute in wanted:
        if (value := getattr(given, attribute)) is not None:
            setattr(document, attribute, value)
    return Call(CREATE_OS_IMAGE, body=Document(document, "OSImage"))


def update_os_image(image_name: str, changes: object) -> Call[OSImage]:
    """Change an image's description; its label is required."""
    document = arguments.coerce(UPDATE_OS_IMAGE.name, "changes", changes, AddOSImage, closed=True)
    arguments.text(UPDATE_OS_IMAGE.name, "changes.label", document.label)
    return Call(UPDATE_OS_IMAGE, {"imageName": image_name}, Document(document, "OSImage"))


def delete_os_image(image_name: str, *, delete_media: bool) -> Call[AcceptedOperation]:
    """Unregister an image; with media, delete its blob too."""
    return Call(DELETE_OS_IMAGE, {"imageName": image_name}, query=_MEDIA if delete_media else {})


def create_disk(disk: object) -> Call[Disk]:
    """Register a disk from a blob; an operating system makes it an OS disk."""
    method = CREATE_DISK.name
    document = arguments.coerce(method, "disk", disk, AddDisk, closed=True)
    arguments.new_name(method, "disk.name", document.name, kind="disk_name")
    arguments.text(method, "disk.media_link", document.media_link)
    if not document.label:
        document.label = document.name
    return Call(CREATE_DISK, body=Document(document, "Disk"))


def update_disk(disk_name: str, changes: object) -> Call[AcceptedOperation]:
    """Change a disk's label, or grow it."""
    document = arguments.coerce(UPDATE_DISK.name, "changes", changes, AddDisk, closed=True)
    return Call(UPDATE_DISK, {"diskName": disk_name}, Document(document, "Disk"))


def delete_disk(disk_name: str, *, delete_media: bool) -> Call[AcceptedOperation]:
    """Unregister a free disk; with media, delete its blob too."""
    return Call(DELETE_DISK, {"diskName": disk_name}, query=_MEDIA if delete_media else {})


def list_vm_images(location: str | None, publisher: str | None, category: str | None) -> Call[list[VMImage]]:
    """Read the VM images, all or by region, publisher, category."""
    filters = {"location": location, "publisher": publisher, "category": category}
    return Call(LIST_VM_IMAGES, query={name: value for name, value in filters.items() if value is not None})


def create_vm_image(image: object) -> Call[AcceptedOperation]:
    """Make a VM image from blobs."""
    document = arguments.coerce(CREATE_VM_IMAGE.name, "image", image, CreateVMImage, closed=True)
    arguments.new_name(CREATE_VM_IMAGE.name, "image.name", document.name, kind="image_name")
    arguments.text(CREATE_VM_IMAGE.name, "image.label", document.label)
    return Call(CREATE_VM_IMAGE, body=Document(document, "VMImage"))


def update_vm_image(image_name: str, changes: object) -> Call[AcceptedOperation]:
    """Change a VM image's description."""
    document = arguments.coerce(UPDATE_VM_IMAGE.name, "changes", changes, CreateVMImage, closed=True)
    return Call(UPDATE_VM_IMAGE, {"imageName": image_name}, Document(document, "VMImage"))


def delete_vm_image(image_name: str, *, delete_media: bool) -> Call[AcceptedOperation]:
    """Delete a VM image; with media, its blobs too."""
    return Call(DELETE_VM_IMAGE, {"imageName": image_name}, query=_MEDIA if delete_media else {})
