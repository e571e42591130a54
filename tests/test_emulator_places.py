"""The local service: disks, images and services that must be in one region or account."""

from __future__ import annotations

import pytest

from tests.emulator_driver import (
    BOTH,
    LINUX_IMAGE,
    SUBSCRIPTION,
    XMLNS,
    Driver,
    data_disk,
    deployment,
    element,
    vm_role,
)

DEPLOYMENTS = "services/hostedservices/svc/deployments"
DEP = f"{DEPLOYMENTS}/dep"
OTHER = "267a0c69-cb6f-4522-ba3e-d3bdc9c504e1"


def _account(name: str, place: str) -> str:
    return (
        f"<CreateStorageServiceInput {XMLNS}><ServiceName>{name}</ServiceName><Label>bA==</Label>{place}"
        "</CreateStorageServiceInput>"
    )


@pytest.fixture
def driver() -> Driver:
    """A service in West US, and accounts in West US, in East US and in a group of East US."""
    driver = Driver(subscriptions=[SUBSCRIPTION, OTHER])
    driver.create_service()
    group = (
        f"<CreateAffinityGroup {XMLNS}><Name>eastern</Name><Label>bGFi</Label><Location>East US</Location>"
        "</CreateAffinityGroup>"
    )
    driver.ok("POST", "affinitygroups", group, status=201)
    for name, place in (
        ("west", "<Location>West US</Location>"),
        ("east", "<Location>East US</Location>"),
        ("grouped", "<AffinityGroup>eastern</AffinityGroup>"),
    ):
        driver.done("POST", "services/storageservices", _account(name, place))
    return driver


def _link(account: str, name: str = "x") -> str:
    return f"https://{account}.blob.core.windows.net/vhds/{name}.vhd"


def _image(driver: Driver, account: str) -> None:
    body = (
        f"<OSImage {XMLNS}><Label>l</Label><MediaLink>{_link(account, 'image')}</MediaLink><Name>own</Name>"
        "<OS>Linux</OS></OSImage>"
    )
    driver.ok("POST", "services/images", body, status=200)


def _create(os_disk: str) -> str:
    return deployment("dep", vm_role("vm0", root="Role", os_disk=os_disk))


OWN = "<SourceImageName>own</SourceImageName>"


@pytest.mark.parametrize(("account", "place"), [("east", "East US"), ("grouped", "eastern")])
def test_an_own_image_must_be_in_the_services_region(driver: Driver, account: str, place: str) -> None:
    _image(driver, account)
    assert driver.refused("POST", DEPLOYMENTS, _create(OWN)) == (
        400,
        "BadRequest",
        (
            f"The location or affinity group {place} of the storage account where the source image own "
            "resides is not in the same location or affinity group as the specified cloud service. The "
            "source image must reside in a storage account that has the same affinity group or location as "
            "the cloud service West US."
        ),
    )


@pytest.mark.parametrize("account", ["east", "grouped"])
def test_a_group_is_in_the_region_of_its_location(driver: Driver, account: str) -> None:
    driver.create_service("eastern", "East US")
    _image(driver, account)
    assert "<Location>East US</Location>" in driver.get("services/images/own")
    driver.done("POST", "services/hostedservices/eastern/deployments", _create(OWN))


def test_a_disk_is_made_in_the_account_of_the_own_image(driver: Driver) -> None:
    _image(driver, "west")
    body = _create(f"<MediaLink>{_link('elsewhere')}</MediaLink>{OWN}")
    assert driver.refused("POST", DEPLOYMENTS, body) == (
        400,
        "BadRequest",
        (
            "The disk's VHD must be in the same account as the VHD of the source image (source account: "
            "west.blob.core.windows.net, target account: elsewhere.blob.core.windows.net)."
        ),
    )
    driver.done("POST", DEPLOYMENTS, _create(OWN))
    assert element(driver.get(f"{DEP}/roles/vm0"), "MediaLink").startswith(
        "https://west.blob.core.windows.net/vhds/dep-vm0-0-"
    )


def test_a_vm_image_is_as_an_own_image(driver: Driver) -> None:
    body = (
        f"<VMImage {XMLNS}><Name>vmimage</Name><Label>l</Label><OSDiskConfiguration>"
        f"<OSState>Generalized</OSState><OS>Linux</OS><MediaLink>{_link('east')}</MediaLink></OSDiskConfiguration></VMImage>"
    )
    driver.done("POST", "services/vmimages", body)
    role = vm_role("vm0", root="Role").replace(
        f"<OSVirtualHardDisk><SourceImageName>{LINUX_IMAGE}</SourceImageName></OSVirtualHardDisk>", ""
    )
    role = role.replace("</ConfigurationSets>", "</ConfigurationSets><VMImageName>vmimage</VMImageName>")
    assert (
        "where the source image vmimage resides"
        in driver.refused("POST", DEPLOYMENTS, deployment("dep", role))[2]
    )
    driver.create_service("eastern", "East US")
    there = "services/hostedservices/eastern/deployments"
    elsewhere = role.replace(
        "</VMImageName>", f"</VMImageName><MediaLocation>{_link('grouped')}</MediaLocation>"
    )
    assert "must be in the same account" in driver.refused("POST", there, deployment("dep", elsewhere))[2]
    driver.done("POST", there, deployment("dep", role))


def test_a_new_disk_is_in_an_account_of_the_services_region(driver: Driver) -> None:
    source = f"<SourceImageName>{LINUX_IMAGE}</SourceImageName>"
    message = (
        "The location or affinity group {} of the storage account {} is not in the same location or affinity "
        "group as the specified cloud service West US."
    )
    for account, place in (("east", "East US"), ("grouped", "eastern")):
        body = _create(f"<MediaLink>{_link(account)}</MediaLink>{source}")
        refused = (400, "BadRequest", message.format(place, account))
        assert driver.refused("POST", DEPLOYMENTS, body) == refused
    driver.done("POST", DEPLOYMENTS, _create(f"<MediaLink>{_link('west')}</MediaLink>{source}"))
    disks = f"{DEP}/roles/vm0/DataDisks"
    assert (
        "storage account east is not"
        in driver.refused("POST", disks, data_disk(0, MediaLink=_link("east")))[2]
    )
    # An account that wasn't made here isn't known: its region isn't compared.
    driver.done("POST", disks, data_disk(0, MediaLink=_link("unknown")))


def test_a_new_disk_is_not_in_another_subscriptions_account(driver: Driver) -> None:
    theirs = _account("theirs", "<Location>West US</Location>")
    assert driver.send("POST", "services/storageservices", theirs, subscription=OTHER).status == 202
    body = _create(
        f"<MediaLink>{_link('theirs')}</MediaLink><SourceImageName>{LINUX_IMAGE}</SourceImageName>"
    )
    message = "The storage account theirs does not belong to this subscription."
    assert driver.refused("POST", DEPLOYMENTS, body) == (400, "BadRequest", message)
    image = (
        f"<OSImage {XMLNS}><Label>l</Label><MediaLink>{_link('theirs')}</MediaLink><Name>i</Name>"
        "<OS>Linux</OS></OSImage>"
    )
    assert driver.refused("POST", "services/images", image)[2] == message
    disk = f"<Disk {XMLNS}><Label>l</Label><MediaLink>{_link('theirs')}</MediaLink><Name>d</Name></Disk>"
    assert driver.refused("POST", "services/disks", disk)[2] == message


def test_a_registered_disk_must_be_in_the_services_region(driver: Driver) -> None:
    for name, system in (("boot", "<OS>Linux</OS>"), ("data", "")):
        body = (
            f"<Disk {XMLNS}>{system}<Label>l</Label><MediaLink>{_link('east', name)}</MediaLink>"
            f"<Name>{name}</Name></Disk>"
        )
        driver.ok("POST", "services/disks", body, status=200)
    attach = deployment(
        "dep", vm_role("vm0", root="Role", provisioning="", os_disk="<DiskName>boot</DiskName>")
    )
    assert driver.refused("POST", DEPLOYMENTS, attach) == (
        400,
        "BadRequest",
        (
            "The location or affinity group East US of the storage account where the disk boot resides is "
            "not in the same location or affinity group as the specified cloud service West US."
        ),
    )
    driver.create_deployment()
    disk = data_disk(0, None, DiskName="data")
    assert "where the disk data resides" in driver.refused("POST", f"{DEP}/roles/vm0/DataDisks", disk)[2]


def test_disks_without_a_link_are_in_an_account_of_the_region() -> None:
    driver = Driver()
    driver.create_service("svc", "East US")
    driver.create_deployment()
    driver.done("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(0))
    assert driver.get("services/storageservices").count("<Location>East US</Location>") == 1
    disks = driver.get("services/disks")
    assert disks.count("<Location>East US</Location>") == disks.count("<Disk>") == 2


def test_a_new_disk_is_not_where_a_disk_is(driver: Driver) -> None:
    source = f"<SourceImageName>{LINUX_IMAGE}</SourceImageName>"
    driver.done("POST", DEPLOYMENTS, _create(f"<MediaLink>{_link('west')}</MediaLink>{source}"))
    exists = (400, "BadRequest", f"The VHD already exists: {_link('west')}")
    second = vm_role("vm1", os_disk=f"<MediaLink>{_link('west')}</MediaLink>{source}")
    assert driver.refused("POST", f"{DEP}/roles", second) == exists
    disk = data_disk(0, MediaLink=_link("west"))
    assert driver.refused("POST", f"{DEP}/roles/vm0/DataDisks", disk) == exists
    twice = data_disk(0, MediaLink=_link("west", "y"), inner="yes") + data_disk(
        1, MediaLink=_link("west", "y"), inner="yes"
    )
    body = vm_role("vm1", size="Medium", data_disks=twice)
    assert "The VHD already exists" in driver.refused("POST", f"{DEP}/roles", body)[2]


def test_neither_location_nor_group() -> None:
    driver = Driver()
    body = (
        f"<CreateHostedService {BOTH}><ServiceName>svc</ServiceName><Label>bGFiZWw=</Label>{{}}"
        "</CreateHostedService>"
    )
    missing = (400, "BadRequest", "Location constraint name is empty or not specified")
    assert driver.refused("POST", "services/hostedservices", body.format("")) == missing
    assert driver.refused("POST", "services/hostedservices", body.format("<Location> </Location>")) == missing


def test_a_service_with_a_deployment_stays() -> None:
    driver = Driver()
    driver.create_service()
    driver.create_deployment()
    assert driver.refused("DELETE", "services/hostedservices/svc") == (
        400,
        "BadRequest",
        "A hosted service cannot be deleted while it still contains deployments.",
    )
