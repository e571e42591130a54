"""Disks of the subscription, attached and free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure_iaas.models import Disk
from azure_iaas.models.documents import AddDisk
from azure_iaas.operations import arguments, versions
from azure_iaas.operations.answers import Listing, OneObject
from azure_iaas.operations.operation import OK, OK_OR_TAKEN, Document, Group, Parts, operation, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models.mappings import AddDiskDict

_ALL = "/services/disks"
_ONE = f"{_ALL}/{{disk_name}}"
_PREVIEW_ALL = "/disks"
_PREVIEW_ONE = "/disks/{disk_name}"
_DISK = OneObject(Disk, "Disk")


class Disks(Group):
    """Disks of the subscription."""

    @read(_ALL, "List Disks (jj157176)", Listing(Disk, "Disks", "Disk"), preview=_PREVIEW_ALL)
    def list_disks(self) -> None:
        """Read all disks of the subscription, attached and free."""

    @read(_ONE, "Get Disk (jj157178)", _DISK, preview=_PREVIEW_ONE)
    def get_disk(self, disk_name: str) -> None:
        """Read one disk of the subscription.

        Args:
            disk_name: name of the disk.
        """

    @operation(
        "POST", _ALL, "Add Disk (jj157188)", _DISK, preview=_PREVIEW_ALL, shown_by="get_disk(disk.name)"
    )
    def create_disk(self, disk: Disk | AddDiskDict | Mapping[str, Any]) -> Parts:
        """Register a disk from a blob. Look for it before repeating it: a second one is refused.

        Args:
            disk: Name and MediaLink (required), Label (default: the name), OS for an OS disk.
        """
        document = arguments.coerce("disk", disk, AddDisk, closed=True)
        arguments.new_name("disk.name", document.name, kind="disk_name")
        arguments.text("disk.media_link", document.media_link)
        document.label = document.label or document.name
        return Parts(Document(document, "Disk", argument="disk"))

    @write(
        "PUT",
        _ONE,
        "Update Disk (jj157205)",
        preview=_PREVIEW_ONE,
        success=OK_OR_TAKEN,
        shown_by="get_disk(disk_name)",
    )
    def update_disk(self, disk_name: str, changes: Disk | AddDiskDict | Mapping[str, Any]) -> Parts:
        """Change a disk. May be repeated.

        Args:
            disk_name: name of the disk.
            changes: Label, or ResizedSizeInGB to grow it (long-running then; x-ms-version 2014-10-01);
                or the disk as read, of which the service's own elements are left out.
        """
        document = arguments.coerce("changes", changes, AddDisk, closed=True)
        return Parts(Document(document, "Disk", argument="changes"))

    @write(
        "DELETE",
        _ONE,
        "Delete Disk (jj157200)",
        preview=_PREVIEW_ONE,
        success=OK,
        shown_by="get_disk(disk_name)",
    )
    def delete_disk(self, disk_name: str, *, delete_media: bool = False) -> Parts:
        """Unregister a free disk; done when this returns. May be repeated: gone is 404.

        Args:
            disk_name: name of the disk.
            delete_media: delete its blob too (x-ms-version 2012-08-01).

        Raises:
            BadRequestError: it is still in use; after its machine is deleted that may last some minutes.
        """
        return Parts.media(delete_media, versions.DELETE_REGISTERED_MEDIA)
