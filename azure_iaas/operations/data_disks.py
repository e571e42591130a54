"""Data disks of a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure_iaas.models import DataDisk
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import OneObject
from azure_iaas.operations.operation import OK_OR_TAKEN, Document, Group, Parts, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models.mappings import DataDiskDict

_ROLE = "/services/hostedservices/{service_name}/deployments/{deployment_name}/roles/{role_name}"
_PREVIEW_ROLE = "/services/hostedservices/{service_name}/deployments/{deployment_name}/Roles/{role_name}"
_ALL = f"{_ROLE}/DataDisks"
_ONE = f"{_ALL}/{{lun}}"
_PREVIEW_ONE = f"{_PREVIEW_ROLE}/DataDisks/{{lun}}"


class DataDisks(Group):
    """Data disks of a role."""

    @read(
        _ONE,
        "Get Data Disk (jj157180)",
        OneObject(DataDisk, ("DataVirtualHardDisk", "DataDisk")),
        preview=_PREVIEW_ONE,
    )
    def get_data_disk(self, service_name: str, deployment_name: str, role_name: str, lun: int | str) -> None:
        """Read one data disk of a role.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_name: name of the role.
            lun: the disk's logical unit number: 0 to 15, to 31 for sizes with more than 16 disks.
        """

    @write(
        "POST",
        _ALL,
        "Add Data Disk (jj157199)",
        preview=f"{_PREVIEW_ROLE}/DataDisks",
        shown_by="get_data_disk(service_name, deployment_name, role_name, data_disk.lun)",
    )
    def add_data_disk(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        data_disk: DataDisk | DataDiskDict | Mapping[str, Any],
    ) -> Parts:
        """Attach a data disk: by name, by media or by size. Look for it before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_name: name of the role.
            data_disk: ``disk_name`` of a registered disk, ``media_link`` or ``source_media_link`` of a blob,
                or ``logical_disk_size_in_gb`` (1 to 1023) of a new one; ``lun`` defaults to 0. Or a disk as
                read: a registered one of its name is attached.
        """
        disk = arguments.coerce("data_disk", data_disk, DataDisk)
        arguments.check_new_disk("data_disk", disk)
        return Parts(Document(disk, "DataVirtualHardDisk", "DataDisk", argument="data_disk"))

    @write(
        "PUT",
        _ONE,
        "Update Data Disk (jj157190)",
        preview=_PREVIEW_ONE,
        success=OK_OR_TAKEN,
        shown_by="get_data_disk(service_name, deployment_name, role_name, lun)",
    )
    def modify_data_disk(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        lun: int | str,
        data_disk: DataDisk | DataDiskDict | Mapping[str, Any],
    ) -> Parts:
        """Change a data disk's caching, or move it to another LUN. May be repeated, unless it moves.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_name: name of the role.
            lun: the disk's logical unit number now: 0 to 15, to 31 for sizes with more than 16 disks.
            data_disk: what changes, or the disk as read; without a LUN in it the disk stays where it is.
        """
        disk = arguments.coerce("data_disk", data_disk, DataDisk)
        # The service reads an absent number as 0, which would move the disk.
        if "lun" not in disk.model_fields_set:
            disk.lun = int(lun)
        arguments.lun("data_disk.lun", disk.lun)
        return Parts(Document(disk, "DataVirtualHardDisk", "DataDisk", argument="data_disk"))

    @write(
        "DELETE",
        _ONE,
        "Delete Data Disk (jj157179)",
        preview=_PREVIEW_ONE,
        success=OK_OR_TAKEN,
        shown_by="get_data_disk(service_name, deployment_name, role_name, lun)",
    )
    def remove_data_disk(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        lun: int | str,
        *,
        delete_media: bool = False,
    ) -> Parts:
        """Detach a data disk. May be repeated: gone is 404.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_name: name of the role.
            lun: the disk's logical unit number: 0 to 15, to 31 for sizes with more than 16 disks.
            delete_media: delete its blob too (x-ms-version 2013-08-01); otherwise the disk stays registered.
        """
        return Parts.media(delete_media)
