"""Registered disks (protocol.md 12.4)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator.blobs import DISK_NAME, check_media_link, demand_own_account, place_of
from azure_iaas.emulator.disks.answers import disk_answer
from azure_iaas.emulator.disks.contract import DISK, DISK_UPDATE
from azure_iaas.emulator.disks.effects import DiskResized
from azure_iaas.emulator.images import operating_system
from azure_iaas.emulator.limits import DISK_GIGABYTES
from azure_iaas.emulator.machines.disks import demand_free
from azure_iaas.emulator.state import Disk
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import Items
from azure_iaas.endpoint.routes import Routes

route: Final = Routes[Call]()


def _disk(call: Call) -> Disk:
    disk = call.subscription.disks.get(call.names["disk"])
    if disk is None:
        raise refusals.disk_missing()
    return disk


@route("ListDisks", "GET", "services/disks", since="2012-03-01")
@route("ListDisks", "GET", "disks", since="2012-03-01")
def list_disks(call: Call) -> Answer:
    """List Disks (jj157176)."""
    shown = [disk_answer(call, disk) for disk in call.subscription.disks.values()]
    return Answer(200, "Disks", Items("Disk", list(shown)))


@route("GetDisk", "GET", "services/disks/{disk}", since="2012-03-01")
@route("GetDisk", "GET", "disks/{disk}", since="2012-03-01")
def get_disk(call: Call) -> Answer:
    """Get Disk (jj157178)."""
    return Answer(200, "Disk", disk_answer(call, _disk(call)))


@route("AddDisk", "POST", "services/disks", since="2012-03-01")
@route("AddDisk", "POST", "disks", since="2012-03-01")
def add_disk(call: Call) -> Answer:
    """Add Disk (jj157188): with ``OS`` a disk to boot from, without a data disk."""
    _, values = call.read(DISK)
    name = values["Name"]
    if not DISK_NAME.fullmatch(name):
        raise refusals.invalid_value(name, "Name", "letters, digits, '_', '.', '-'")
    link = check_media_link(values["MediaLink"])
    demand_own_account(call, link)
    system = operating_system(values["OS"]) if values.get("OS") else ""
    if not system and values.get("HasOperatingSystem"):
        system = "Windows"
    if call.subscription.disks.get(name) is not None:
        raise refusals.disk_name_taken(name)
    location, group = place_of(call, link)
    # The blob's length isn't known here.
    disk = Disk(
        name=name,
        media_link=link,
        size_in_gb=30 if system else 10,
        created_at=call.now,
        location=location,
        affinity_group=group,
        label=values["Label"],
        os=system,
    )
    call.subscription.disks.put(name, disk)
    call.record("AddDisk", "services", "disks", name)
    return Answer(200, "Disk", disk_answer(call, disk))


@route("UpdateDisk", "PUT", "services/disks/{disk}", since="2012-03-01")
@route("UpdateDisk", "PUT", "disks/{disk}", since="2012-03-01")
def update_disk(call: Call) -> Answer:
    """Update Disk (jj157205): the label; growing the disk takes a while (202)."""
    _, values = call.read(DISK_UPDATE)
    disk = _disk(call)
    size = values.get("ResizedSizeInGB")
    if size is not None and not disk.size_in_gb <= size <= DISK_GIGABYTES[1]:
        allowed = f"a number between {disk.size_in_gb} to {DISK_GIGABYTES[1]}"
        raise refusals.invalid_value(size, "ResizedSizeInGB", allowed)
    if size is not None:
        demand_free(call, disk)
    if values.get("Label"):
        disk.label = values["Label"]
    call.subscription.disks.touch(disk.name)
    if size is None:
        call.record("UpdateDisk", "services", "disks", disk.name)
        return Answer(200, "Disk", disk_answer(call, disk))
    resized = DiskResized(disk.name, size)
    call.accept("UpdateDisk", "services", "disks", disk.name, seconds="ResizeDisk", then=resized)
    return Answer(202)


@route("DeleteDisk", "DELETE", "services/disks/{disk}", since="2012-03-01")
@route("DeleteDisk", "DELETE", "disks/{disk}", since="2012-03-01")
def delete_disk(call: Call) -> Answer:
    """Delete Disk (jj157200); whether its blob goes too can't be seen here."""
    disk = _disk(call)
    demand_free(call, disk)
    call.subscription.disks.remove(disk.name)
    call.record("DeleteDisk", "services", "disks", disk.name)
    return Answer(200)
