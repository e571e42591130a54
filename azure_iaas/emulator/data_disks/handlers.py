"""Data disks of a role: get, add, update, delete (protocol.md 11.16 to 11.18, 12.4)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator import timeline
from azure_iaas.emulator.caching import data_disk_caching
from azure_iaas.emulator.data_disks.effects import DataDiskAttached, DataDiskDetached, DataDiskUpdated
from azure_iaas.emulator.machines.contract import DATA_DISK, DATA_DISK_PREVIEW
from azure_iaas.emulator.machines.disks import check_gigabytes, lun_of, plan_data_disk
from azure_iaas.emulator.machines.role_answers import data_disk_answer
from azure_iaas.emulator.machines.sizes import role_size
from azure_iaas.emulator.state import DataDisk, InstanceState, Operation, Role
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import documents, refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.contracts import Values, read_object
from azure_iaas.endpoint.routes import ROLE, Routes

_DISK: Final = f"{ROLE}/datadisks/{{lun}}"

route: Final = Routes[Call]()


def _at_lun(call: Call, role: Role) -> DataDisk:
    text = call.names["lun"]
    for disk in role.data_disks:
        if text.isascii() and text.isdecimal() and disk.lun == int(text):
            return disk
    raise refusals.data_disk_missing(text)


def _unsettle(call: Call, role: Role, operation: Operation) -> None:
    """A running instance becomes ``RoleStateUnknown`` for a while, as recorded (protocol.md 13.5)."""
    if role.state(call.now) == (InstanceState.READY_ROLE, "Started"):
        steps = timeline.disk_change(call.random(), call.seconds(operation))
        role.follow(call.now, call.scaled(steps))


@route("GetDataDisk", "GET", _DISK, since="2012-03-01")
def get_data_disk(call: Call) -> Answer:
    """Get Data Disk (jj157180)."""
    _, _, role = call.role()
    root = "DataDisk" if call.world.dialect == "preview" else "DataVirtualHardDisk"
    return Answer(200, root, data_disk_answer(call, _at_lun(call, role)))


@route("AddDataDisk", "POST", f"{ROLE}/datadisks", since="2012-03-01")
def add_data_disk(call: Call) -> Answer:
    """Add Data Disk (jj157199)."""
    values = _read_disk(call)
    service, deployment, role = call.role(write=True)
    made, disk = plan_data_disk(call, service, deployment, role, values)
    attached = DataDiskAttached(service.name, deployment.slot, role.name, made)
    below = ("roles", role.name, "datadisks", str(made.lun))
    if operation := call.accept_for("AddDataDisk", service, deployment, *below, then=attached):
        disk.attached_to = (deployment.name, service.name, role.name)
        call.subscription.disks.put(disk.name, disk)
        _unsettle(call, role, operation)
    return Answer(202)


def _read_disk(call: Call) -> Values:
    if call.json_body:
        source = documents.read_json(call.body)
        preview = "LUN" in source or not {"Lun", "HostCaching"} & set(source)
        contract = DATA_DISK_PREVIEW if preview else DATA_DISK
        return read_object(contract, source, strict=call.world.strict, path=contract.name)
    return call.read(DATA_DISK, DATA_DISK_PREVIEW)[1]


@route("UpdateDataDisk", "PUT", _DISK, since="2012-03-01")
def update_data_disk(call: Call) -> Answer:
    """Update Data Disk (jj157190): caching, label, and a new LUN."""
    values = _read_disk(call)
    service, deployment, role = call.role(write=True)
    disk = _at_lun(call, role)
    name = values.get("DiskName", "")
    if name and name.lower() != disk.disk_name.lower():
        raise refusals.invalid_value(name, "DataVirtualHardDisk.DiskName", disk.disk_name)
    lun = lun_of(values, disk.lun)
    highest = role_size(role.size).highest_lun
    if not 0 <= lun <= highest:
        raise refusals.invalid_value(lun, "DataVirtualHardDisk.Lun", f"a number between 0 to {highest}")
    if any(other.lun == lun for other in role.data_disks if other is not disk):
        raise refusals.lun_taken(lun)
    size = values.get("LogicalDiskSizeInGB", disk.size_in_gb)
    check_gigabytes(size, "DataVirtualHardDisk.LogicalDiskSizeInGB")
    updated = DataDisk(
        lun=lun,
        disk_name=disk.disk_name,
        host_caching=data_disk_caching(call, values, default=disk.host_caching),
        size_in_gb=max(size, disk.size_in_gb),
        media_link=disk.media_link,
        label=values.get("DiskLabel") or disk.label,
    )
    below = ("roles", role.name, "datadisks", str(disk.lun))
    then = DataDiskUpdated(service.name, deployment.slot, role.name, updated)
    call.accept_for("UpdateDataDisk", service, deployment, *below, then=then)
    return Answer(202)


@route("DeleteDataDisk", "DELETE", _DISK, since="2012-03-01")
def delete_data_disk(call: Call) -> Answer:
    """Delete Data Disk (jj157179); ``comp=media`` deletes the blob and the registered disk too."""
    service, deployment, role = call.role(write=True)
    disk = _at_lun(call, role)
    media = call.media("2013-08-01")
    below = ("roles", role.name, "datadisks", str(disk.lun))
    detached = DataDiskDetached(service.name, deployment.slot, role.name, disk.disk_name, media)
    if operation := call.accept_for("DeleteDataDisk", service, deployment, *below, then=detached):
        _unsettle(call, role, operation)
    return Answer(202)
