"""The local service: a registered, free disk that is named is attached, whatever else is said of it."""

from __future__ import annotations

import pytest

from tests.emulator_driver import LINUX_IMAGE, XMLNS, Driver, data_disk, deployment, element, vm_role

DEP = "services/hostedservices/svc/deployments/dep"
DATA_DISKS = f"{DEP}/roles/vm0/DataDisks"


@pytest.fixture
def running() -> Driver:
    driver = Driver()
    driver.create_service()
    driver.create_deployment()
    return driver


def _register(driver: Driver, name: str, system: str = "") -> str:
    link = f"https://a.blob.core.windows.net/v/{name}.vhd"
    told = f"<OS>{system}</OS>" if system else ""
    body = f"<Disk {XMLNS}>{told}<Label>l</Label><MediaLink>{link}</MediaLink><Name>{name}</Name></Disk>"
    driver.ok("POST", "services/disks", body, status=200)
    return link


def test_a_data_disk_that_was_detached_is_attached_again_with_its_size(running: Driver) -> None:
    running.done("POST", DATA_DISKS, data_disk(0, 20))
    name = element(running.get(f"{DATA_DISKS}/0"), "DiskName")
    running.done("DELETE", f"{DATA_DISKS}/0")
    running.wait(60)
    running.done("POST", DATA_DISKS, data_disk(0, 5, DiskName=name))
    attached = running.get(f"{DATA_DISKS}/0")
    assert (element(attached, "DiskName"), element(attached, "LogicalDiskSizeInGB")) == (name, "20")
    assert running.get("services/disks").count("<Disk>") == 2


@pytest.mark.parametrize("linked", [False, True])
def test_a_role_is_made_anew_from_its_exported_document(running: Driver, linked: bool) -> None:
    links = {name: _register(running, name, system) for name, system in (("boot", "Linux"), ("data", ""))}
    os_disk = "<DiskName>boot</DiskName>"
    os_disk += f"<MediaLink>{links['boot']}</MediaLink>" if linked else ""
    more = {"MediaLink": links["data"]} if linked else {}
    role = vm_role(
        "vm1",
        provisioning="",
        os_disk=f"{os_disk}<SourceImageName>{LINUX_IMAGE}</SourceImageName><OS>Linux</OS>",
        data_disks=data_disk(0, 10, DiskName="data", inner="yes", **more),
    )
    running.done("POST", f"{DEP}/roles", role)
    text = running.get(f"{DEP}/roles/vm1")
    assert "<DiskName>boot</DiskName>" in text
    assert "<DiskName>data</DiskName>" in text
    for name in ("boot", "data"):
        assert "<RoleName>vm1</RoleName></AttachedTo>" in running.get(f"services/disks/{name}")


def test_a_disk_without_a_system_is_not_booted_from(running: Driver) -> None:
    _register(running, "data")
    source = f"<DiskName>data</DiskName><SourceImageName>{LINUX_IMAGE}</SourceImageName>"
    refused = running.refused("POST", f"{DEP}/roles", vm_role("vm1", os_disk=source))
    assert refused[2] == "The virtual machine image source is not valid."


def test_a_name_that_is_used_or_for_another_blob_is_taken(running: Driver) -> None:
    running.done("POST", DATA_DISKS, data_disk(0, 20, DiskName="used"))
    assert running.refused("POST", DATA_DISKS, data_disk(1, 5, DiskName="used"))[:2] == (409, "ConflictError")
    _register(running, "free")
    elsewhere = data_disk(1, 5, DiskName="free", MediaLink="https://a.blob.core.windows.net/v/new.vhd")
    assert running.refused("POST", DATA_DISKS, elsewhere)[:2] == (409, "ConflictError")
    twice = data_disk(0, 5, DiskName="free", inner="yes") + data_disk(1, 5, DiskName="free", inner="yes")
    body = vm_role("vm1", size="Medium", data_disks=twice)
    assert running.refused("POST", f"{DEP}/roles", body)[:2] == (409, "ConflictError")


def test_a_refused_create_leaves_registered_disks_free(running: Driver) -> None:
    _register(running, "data")
    running.create_service("other")
    role = vm_role(
        "vm0", root="Role", size="Small", data_disks=data_disk(99, 5, DiskName="data", inner="yes")
    )
    running.refused("POST", "services/hostedservices/other/deployments", deployment("dep", role))
    assert "AttachedTo" not in running.get("services/disks/data")


def test_a_registered_disk_is_not_resized_by_a_role(running: Driver) -> None:
    _register(running, "boot", "Linux")
    os_disk = "<DiskName>boot</DiskName><ResizedSizeInGB>100</ResizedSizeInGB>"
    running.done("POST", f"{DEP}/roles", vm_role("vm1", provisioning="", os_disk=os_disk))
    assert "<LogicalDiskSizeInGB>30</LogicalDiskSizeInGB>" in running.get("services/disks/boot")
