"""Data disks of a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.models import DataDisk
from azure_iaas.operations import arguments
from azure_iaas.operations.operation import ACCEPTED, Call, Document, OneObject, Operation

if TYPE_CHECKING:
    from azure_iaas.operations.tracking import AcceptedOperation

OK: Final = frozenset({200})
TAKEN: Final = frozenset({200, 202})
"""Old recordings answer 200 to a delete, one generation of clients expected it of an update."""
_ROLE = "/services/hostedservices/{serviceName}/deployments/{deploymentName}/roles/{roleName}"
_PREVIEW_ROLE = "/services/hostedservices/{serviceName}/deployments/{deploymentName}/Roles/{roleName}"
_ALL = f"{_ROLE}/DataDisks"
_ONE = f"{_ALL}/{{LUN}}"
_PREVIEW_ONE = f"{_PREVIEW_ROLE}/DataDisks/{{LUN}}"

GET_DATA_DISK: Final = Operation(
    name="GetDataDisk",
    rest_name="Get Data Disk",
    source="jj157180",
    method="GET",
    path=_ONE,
    preview_path=_PREVIEW_ONE,
    success=OK,
    answer=OneObject(DataDisk, ("DataVirtualHardDisk", "DataDisk")),
)
ADD_DATA_DISK: Final = Operation(
    name="AddDataDisk",
    rest_name="Add Data Disk",
    source="jj157199",
    method="POST",
    path=_ALL,
    preview_path=f"{_PREVIEW_ROLE}/DataDisks",
    success=frozenset({202}),
    answer=ACCEPTED,
)
MODIFY_DATA_DISK: Final = Operation(
    name="ModifyDataDisk",
    rest_name="Update Data Disk",
    source="jj157190",
    method="PUT",
    path=_ONE,
    preview_path=_PREVIEW_ONE,
    success=TAKEN,
    answer=ACCEPTED,
)
REMOVE_DATA_DISK: Final = Operation(
    name="RemoveDataDisk",
    rest_name="Delete Data Disk",
    source="jj157179",
    method="DELETE",
    path=_ONE,
    preview_path=_PREVIEW_ONE,
    success=TAKEN,
    answer=ACCEPTED,
)

OPERATIONS: Final = (GET_DATA_DISK, ADD_DATA_DISK, MODIFY_DATA_DISK, REMOVE_DATA_DISK)


def _role(service_name: str, deployment_name: str, role_name: str) -> dict[str, str]:
    return {"serviceName": service_name, "deploymentName": deployment_name, "roleName": role_name}


def _disk(
    method: str, service_name: str, deployment_name: str, role_name: str, lun: int | str
) -> dict[str, str]:
    unit = arguments.lun(method, "LUN", lun)
    return {**_role(service_name, deployment_name, role_name), "LUN": unit}


def get_data_disk(service_name: str, deployment_name: str, role_name: str, lun: int | str) -> Call[DataDisk]:
    """Read one data disk."""
    return Call(GET_DATA_DISK, _disk(GET_DATA_DISK.name, service_name, deployment_name, role_name, lun))


def add_data_disk(
    service_name: str, deployment_name: str, role_name: str, data_disk: object
) -> Call[AcceptedOperation]:
    """Attach a disk: by name, by media or by size."""
    disk = arguments.coerce(ADD_DATA_DISK.name, "datadisk", data_disk, DataDisk)
    arguments.check_new_disk(ADD_DATA_DISK.name, "datadisk", disk)
    body = Document(disk, "DataVirtualHardDisk", "DataDisk")
    return Call(ADD_DATA_DISK, _role(service_name, deployment_name, role_name), body)


def modify_data_disk(
    service_name: str, deployment_name: str, role_name: str, lun: int | str, data_disk: object
) -> Call[AcceptedOperation]:
    """Change a disk's caching, label or LUN; the LUN stays unless the disk names another."""
    method = MODIFY_DATA_DISK.name
    path = _disk(method, service_name, deployment_name, role_name, lun)
    disk = arguments.coerce(method, "datadisk", data_disk, DataDisk)
    # The service reads an absent number as 0, which would move the disk.
    if "lun" not in disk.model_fields_set:
        disk.lun = int(path["LUN"])
    arguments.lun(method, "datadisk.lun", disk.lun)
    disk.io_type = None
    return Call(MODIFY_DATA_DISK, path, Document(disk, "DataVirtualHardDisk", "DataDisk"))


def remove_data_disk(
    service_name: str, deployment_name: str, role_name: str, lun: int | str, *, delete_media: bool
) -> Call[AcceptedOperation]:
    """Detach a disk; with media, delete its blob too."""
    path = _disk(REMOVE_DATA_DISK.name, service_name, deployment_name, role_name, lun)
    return Call(REMOVE_DATA_DISK, path, query={"comp": "media"} if delete_media else {})
