"""Disks that roles make or take."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from azure_iaas.emulator.blobs import (
    DISK_NAME,
    account_elsewhere,
    check_media_link,
    default_account,
    demand_account,
    host_of,
    place_of,
)
from azure_iaas.emulator.caching import caching_of, data_disk_caching
from azure_iaas.emulator.images import find_image, operating_system
from azure_iaas.emulator.limits import DISK_GIGABYTES
from azure_iaas.emulator.machines.sizes import role_size
from azure_iaas.emulator.places import name_of_place, region_of_place
from azure_iaas.emulator.state import (
    DataDisk,
    Deployment,
    Disk,
    HostedService,
    OSDisk,
    OSImage,
    Role,
    VMImage,
    same_blob,
)
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from azure_iaas.emulator.catalogue import RoleSize
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.contracts import Values


def disk_name(call: Call, deployment: str, role: str, number: int) -> str:
    """A generated name: ``<deployment>-<role>-<n>-<YYYYMMDDhhmmss and 4 digits>``, as recorded."""
    stamp = datetime.fromtimestamp(call.now, UTC).strftime("%Y%m%d%H%M%S")
    digits = int(call.request_id[:4], 16)
    while True:
        name = f"{deployment}-{role}-{number}-{stamp}{digits % 10000:04d}"
        if call.subscription.disks.get(name) is None:
            return name
        digits += 1


class DiskMaker:
    """Makes the disks of one role."""

    def __init__(self, call: Call, service: HostedService, deployment: str, role: str) -> None:
        self.call = call
        self.service = service
        self.deployment = deployment
        self.role = role
        self.new: list[Disk] = []
        self.taken: list[Disk] = []
        self.image_disks: list[DataDisk] = []

    def os_disk(self, values: Values) -> OSDisk:
        """The OS disk of a role document.

        Raises:
            Refusal: 400 or 409: what it names isn't there, or can't be taken.
        """
        document = values.get("OSVirtualHardDisk", values.get("OSDisk"))
        vm_image_name = values.get("VMImageName", "")
        if vm_image_name:
            vm_image = self.call.subscription.vm_images.get(vm_image_name)
            if vm_image is not None:
                return self._from_vm_image(vm_image, values.get("MediaLocation", ""), document or {})
            document = {**(document or {}), "SourceImageName": vm_image_name}
        if document is None:
            raise refusals.incorrect_parameter()
        if "IOType" in document:
            raise refusals.io_type_given()
        default = "ReadOnly" if document.get("DisableWriteCache") else "ReadWrite"
        host_caching = caching_of(document.get("HostCaching"), default)
        source = document.get("SourceImageName", "")
        link = check_media_link(document["MediaLink"]) if document.get("MediaLink") else ""
        name = document.get("DiskName", "")
        registered = self._free(name, link)
        if registered is not None:
            # Roles exported by clients of the time name their disk and, beside it, what it was made of.
            disk = self._take(registered.name)
            if not disk.os:
                raise refusals.image_source_invalid()
        elif source:
            image = find_image(self.call, source)
            if image is None:
                raise refusals.image_source_invalid()
            near = image.media_link if isinstance(image, OSImage) else ""
            self._demand_image(image.name, near, link)
            disk = self._make(0, name, link, image.size_in_gb, os=image.os, source=image.name, near=near)
        elif document.get("RemoteSourceImageLink"):
            check_media_link(document["RemoteSourceImageLink"])
            disk = self._make(0, name, link, 30, os=operating_system(document.get("OS", "")))
        elif name and not link:
            disk = self._take(name)
            if not disk.os:
                raise refusals.image_source_invalid()
        elif link:
            known = self.call.subscription.disks.in_blob(link)
            if known is not None:
                disk = self._take(known.name)
            else:
                disk = self._make(0, name, link, 30, os=operating_system(document.get("OS", "")))
        else:
            raise refusals.incorrect_parameter()
        resized = document.get("ResizedSizeInGB")
        if resized is not None:
            check_gigabytes(resized, "OSVirtualHardDisk.ResizedSizeInGB")
            if disk in self.new:
                # What is grown is the copy: a registered disk is resized by Update Disk.
                disk.size_in_gb = max(disk.size_in_gb, resized)
        return OSDisk(
            disk_name=disk.name,
            host_caching=host_caching,
            media_link=disk.media_link,
            os=disk.os,
            source_image_name=disk.source_image_name,
            label=document.get("DiskLabel", ""),
        )

    def _from_vm_image(self, image: VMImage, container: str, document: Values) -> OSDisk:
        config = image.os_disk
        base = container.rstrip("/") if container else ""
        source = str(config["MediaLink"])
        self._demand_image(image.name, source, base)
        link = f"{base}/{self.deployment}-{self.role}.vhd" if base else ""
        size = int(config.get("LogicalDiskSizeInGB", 30))
        disk = self._make(0, "", link, size, os=config["OS"], source=image.name, near=source)
        for number, data in enumerate(image.data_disks):
            data_size = int(data.get("LogicalDiskSizeInGB", 10))
            data_link = f"{base}/{self.deployment}-{self.role}-data-{number}.vhd" if base else ""
            copy = self._make(int(data.get("Lun", number)), "", data_link, data_size, near=source)
            self.image_disks.append(
                DataDisk(
                    lun=int(data.get("Lun", number)),
                    disk_name=copy.name,
                    host_caching=data.get("HostCaching", "None"),
                    size_in_gb=data_size,
                    media_link=copy.media_link,
                )
            )
        return OSDisk(
            disk_name=disk.name,
            host_caching=caching_of(document.get("HostCaching"), config.get("HostCaching", "ReadWrite")),
            media_link=disk.media_link,
            os=disk.os,
            source_image_name=image.name,
        )

    def data_disk(self, values: Values, role: Role, size: RoleSize) -> DataDisk:
        """Check a data disk document; see protocol.md 10.3 for the three ways to say which disk."""
        if "IOType" in values:
            raise refusals.io_type_given()
        lun = lun_of(values, 0)
        if not 0 <= lun <= size.highest_lun:
            raise refusals.invalid_value(
                lun, "DataVirtualHardDisk.Lun", f"a number between 0 to {size.highest_lun}"
            )
        if any(disk.lun == lun for disk in role.data_disks):
            raise refusals.lun_taken(lun)
        if len(role.data_disks) >= size.data_disks:
            raise refusals.too_many_data_disks(size.name, size.data_disks)
        host_caching = data_disk_caching(self.call, values)
        name = values.get("DiskName", "")
        link = check_media_link(values["MediaLink"]) if values.get("MediaLink") else ""
        gigabytes = values.get("LogicalDiskSizeInGB")
        if gigabytes is not None:
            check_gigabytes(gigabytes, "DataVirtualHardDisk.LogicalDiskSizeInGB")
        source = values.get("SourceMediaLink", "")
        registered = self._free(name, link)
        near = role.os_disk.media_link
        if registered is not None:
            # Roles exported by clients of the time name their disk and, beside it, its size.
            disk = self._take(registered.name)
        elif source:
            disk = self._make(lun, name, link or check_media_link(source), gigabytes or 10)
        elif gigabytes is not None:
            disk = self._make(lun, name, link, gigabytes, near=near)
        elif link:
            known = self.call.subscription.disks.in_blob(link)
            disk = self._take(known.name) if known is not None else self._make(lun, name, link, 10)
        elif name:
            disk = self._take(name)
        else:
            raise refusals.incorrect_parameter()
        label = values.get("DiskLabel") or f"{self.service.name}-{self.deployment}-{self.role}-{lun}"
        if disk in self.new:
            disk.label = label
        return DataDisk(
            lun=lun,
            disk_name=disk.name,
            host_caching=host_caching,
            size_in_gb=disk.size_in_gb,
            media_link=disk.media_link,
            label=label,
        )

    def _free(self, name: str, link: str) -> Disk | None:
        """The registered disk of this name that can be attached, unless another blob is named beside it."""
        disk = self.call.subscription.disks.get(name) if name else None
        if disk is None or disk.attached_to is not None or disk in self.taken:
            return None
        return disk if not link or same_blob(link) == same_blob(disk.media_link) else None

    def _demand_image(self, name: str, source: str, target: str) -> None:
        """Refuse an image of the subscription's own in another region, or in another account than the disk.

        The service's own images, which have no link, are in every region.
        """
        if not source:
            return
        account = account_elsewhere(self.call, self.service, source)
        if account is not None:
            raise refusals.image_elsewhere(name, name_of_place(account), name_of_place(self.service))
        if target and host_of(target) != host_of(source):
            raise refusals.image_in_other_account(host_of(source), host_of(target))

    def _take(self, name: str) -> Disk:
        disk = self.call.subscription.disks.get(name)
        if disk is None:
            raise refusals.disk_missing()
        account = account_elsewhere(self.call, self.service, disk.media_link)
        if account is not None:
            raise refusals.disk_elsewhere(disk.name, name_of_place(account), name_of_place(self.service))
        if disk in self.taken:
            raise refusals.disk_in_use(disk.name, self.role, self.service.name, self.deployment)
        demand_free(self.call, disk)
        self.taken.append(disk)
        return disk

    def _make(
        self,
        number: int,
        name: str,
        link: str,
        gigabytes: int,
        *,
        os: str = "",
        source: str = "",
        near: str = "",
    ) -> Disk:
        """A new disk; without a ``link`` its blob is beside that of ``near``, or in the default account."""
        if name:
            if not DISK_NAME.fullmatch(name):
                raise refusals.invalid_value(name, "DiskName", "letters, digits, '_', '.', '-'")
            if self.call.subscription.disks.get(name) is not None or any(
                disk.name.lower() == name.lower() for disk in self.new
            ):
                raise refusals.disk_name_taken(name)
        else:
            name = disk_name(self.call, self.deployment, self.role, number)
            while any(disk.name == name for disk in self.new):
                name = f"{name[:-4]}{(int(name[-4:]) + 1) % 10000:04d}"
        region = region_of_place(self.call, self.service)
        if link:
            demand_account(self.call, self.service, link)
            blob = same_blob(link)
            new = any(same_blob(disk.media_link) == blob for disk in self.new)
            if new or self.call.subscription.disks.in_blob(link) is not None:
                raise refusals.vhd_exists(link)
        elif near:
            link = f"{near.rpartition('/')[0]}/{name}.vhd"
        else:
            account = default_account(self.call, region)
            link = f"https://{account.name}.blob.core.windows.net/vhds/{name}.vhd"
        location, group = place_of(self.call, link, region)
        disk = Disk(
            name=name,
            media_link=link,
            size_in_gb=gigabytes,
            created_at=self.call.now,
            location=location,
            affinity_group=group,
            os=os,
            source_image_name=source,
        )
        self.new.append(disk)
        return disk


def plan_data_disk(
    call: Call, service: HostedService, deployment: Deployment, role: Role, values: Values
) -> tuple[DataDisk, Disk]:
    """Check an Add Data Disk document; returns the data disk and the disk to register or attach.

    Raises:
        Refusal: what the service checks at once.
    """
    maker = DiskMaker(call, service, deployment.name, role.name)
    made = maker.data_disk(values, role, role_size(role.size))
    return made, (maker.new or maker.taken)[0]


def check_gigabytes(gigabytes: int, parameter: str) -> None:
    """Check the size of a disk.

    Raises:
        Refusal: 400.
    """
    smallest, largest = DISK_GIGABYTES
    if not smallest <= gigabytes <= largest:
        raise refusals.invalid_value(gigabytes, parameter, f"a number between {smallest} to {largest}")


def lun_of(values: Values, default: int) -> int:
    """LUN of a data disk document in either dialect; an absent one reads as ``default``."""
    lun: int = values["Lun"] if "Lun" in values else values.get("LUN", default)
    return lun


def data_disk_documents(values: Values) -> list[Values]:
    """Data disks of a role document in either dialect."""
    found: list[Values] = values.get("DataVirtualHardDisks") or values.get("DataDisks") or []
    return found


def os_disk_document(values: Values) -> Values:
    """OS disk of a role document in either dialect, empty when absent."""
    found: Values = values.get("OSVirtualHardDisk") or values.get("OSDisk") or {}
    return found


def demand_free(call: Call, disk: Disk) -> None:
    """Refuse a disk that is attached or not yet released.

    Raises:
        Refusal: 409 while an operation runs on the deployment that has it, else 400.
    """
    if disk.attached_to is None:
        return
    deployment, service_name, role = disk.attached_to
    service = call.subscription.hosted_services.get(service_name)
    if service is not None and service.lock_deployment == deployment and call.now < service.lock_until:
        raise refusals.disk_busy(deployment, disk.name)
    raise refusals.disk_in_use(disk.name, role, service_name, deployment)
