"""VM images: whole machines with their data disks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from azure_iaas.models import VMImage
from azure_iaas.models.documents import CreateVMImage, UpdateVMImage
from azure_iaas.operations import arguments, versions
from azure_iaas.operations.answers import Listing
from azure_iaas.operations.operation import OK, OK_OR_TAKEN, Document, Group, Parts, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models.mappings import CreateVMImageDict, UpdateVMImageDict

_ALL = "/services/vmimages"
_ONE = f"{_ALL}/{{image_name}}"
_SINCE: Final = "2014-05-01"


class VMImages(Group):
    """VM images."""

    @read(_ALL, "List VM Images (protocol 12.4)", Listing(VMImage, "VMImages", "VMImage"), since=_SINCE)
    def list_vm_images(
        self, *, location: str | None = None, publisher: str | None = None, category: str | None = None
    ) -> Parts:
        """Read the VM images.

        Args:
            location: only those of a region.
            publisher: only those of a publisher.
            category: only those of a category, for example ``User``.
        """
        filters = {"location": location, "publisher": publisher, "category": category}
        return Parts(query={name: value for name, value in filters.items() if value is not None})

    @write("POST", _ALL, "Create VM Image (dn775054)", since=_SINCE, shown_by="list_vm_images()")
    def create_vm_image(self, image: VMImage | CreateVMImageDict | Mapping[str, Any]) -> Parts:
        """Make a VM image from blobs. Look for it before repeating it.

        Args:
            image: Name, Label, OSDiskConfiguration, all required; DataDiskConfigurations, Description and the
                like.
        """
        document = arguments.coerce("image", image, CreateVMImage, closed=True)
        arguments.new_name("image.name", document.name, kind="image_name")
        arguments.text("image.label", document.label)
        return Parts(Document(document, "VMImage", argument="image"))

    @write(
        "PUT", _ONE, "Update VM Image (protocol 12.4)", since=_SINCE, success=OK, shown_by="list_vm_images()"
    )
    def update_vm_image(
        self, image_name: str, changes: VMImage | UpdateVMImageDict | Mapping[str, Any]
    ) -> Parts:
        """Change a VM image's description; done when this returns. May be repeated.

        Args:
            image_name: name of the image.
            changes: Label, Description, ImageFamily and the like; or the image as read, of which the
                service's own elements are left out.
        """
        document = arguments.coerce("changes", changes, UpdateVMImage, closed=True)
        return Parts(Document(document, "VMImage", argument="changes"))

    @write(
        "DELETE",
        _ONE,
        "Delete VM Image (protocol 12.4)",
        since=_SINCE,
        success=OK_OR_TAKEN,
        shown_by="list_vm_images()",
    )
    def delete_vm_image(self, image_name: str, *, delete_media: bool = False) -> Parts:
        """Delete a VM image. May be repeated: gone is 404.

        Args:
            image_name: name of the image.
            delete_media: delete its blobs too.
        """
        return Parts.media(delete_media, versions.DELETE_REGISTERED_MEDIA)
