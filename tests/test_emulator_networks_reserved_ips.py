"""The local service: reserved addresses, and the deployments that have them."""

from __future__ import annotations

import re

import pytest

from tests.emulator_driver import XMLNS, Driver, deployment, element, endpoint, network, vm_role

IPS = "services/networking/reservedips"
SERVICES = "services/hostedservices"
DEP = f"{SERVICES}/svc/deployments/dep"


@pytest.fixture
def driver() -> Driver:
    driver = Driver()
    driver.create_service()
    return driver


def reserve(driver: Driver, name: str = "rip1", location: str = "West US", more: str = "") -> str:
    """Reserve an address; returns it."""
    driver.done("POST", IPS, reserved(name, location, more))
    return element(driver.get(f"{IPS}/{name}"), "Address")


def reserved(name: str = "rip1", location: str = "West US", more: str = "") -> str:
    return f"<ReservedIP {XMLNS}><Name>{name}</Name>{more}<Location>{location}</Location></ReservedIP>"


def user(service: str = "svc", name: str = "dep", virtual_ip: str = "") -> str:
    named = f"<VirtualIPName>{virtual_ip}</VirtualIPName>" if virtual_ip else ""
    return (
        f"<ReservedIPAssociation {XMLNS}><ServiceName>{service}</ServiceName><DeploymentName>{name}"
        f"</DeploymentName>{named}</ReservedIPAssociation>"
    )


def create(name: str = "rip1", endpoints: str | None = None) -> str:
    role = vm_role("vm0", root="Role", endpoints=endpoint("ssh", 22) if endpoints is None else endpoints)
    return deployment("dep", role, after=f"<ReservedIPName>{name}</ReservedIPName>")


def virtual_ips(driver: Driver) -> list[str]:
    return re.findall("<VirtualIP>.*?</VirtualIP>", driver.get(DEP))


def move(driver: Driver, verb: str, name: str = "rip1", document: str = "") -> str:
    return driver.done("POST", f"{IPS}/{name}/operations/{verb}", document or user())


WITHOUT_ENDPOINTS = (
    "Deployment dep uses ReservedIP rip1 but does not contain any endpoints. Deployment must contain at "
    "least "
    "one endpoint in order to use a ReservedIP."
)


def test_a_deployment_has_its_reserved_address(driver: Driver) -> None:
    address = reserve(driver)
    driver.done("POST", f"{SERVICES}/svc/deployments", create())
    driver.wait(600)
    assert virtual_ips(driver) == [
        (
            f"<VirtualIP><Address>{address}</Address><IsDnsProgrammed>true</IsDnsProgrammed>"
            "<Name>svcContractContract</Name><IsReserved>true</IsReserved><ReservedIPName>rip1</ReservedI"
            "PName>"
            "</VirtualIP>"
        )
    ]
    assert f"<Vip>{address}</Vip>" in driver.get(DEP)
    assert "<InUse>true</InUse><ServiceName>svc</ServiceName><DeploymentName>dep<" in driver.get(IPS)
    driver.done("DELETE", DEP)
    assert "<InUse>" not in driver.get(IPS)


@pytest.mark.parametrize("endpoints", ["", endpoint("ssh", 22)])
def test_a_reserved_address_needs_an_endpoint(driver: Driver, endpoints: str) -> None:
    reserve(driver)
    body = create(endpoints="")
    assert driver.refused("POST", f"{SERVICES}/svc/deployments", body) == (
        400,
        "BadRequest",
        WITHOUT_ENDPOINTS,
    )
    driver.create_deployment(endpoints=endpoints)
    if not endpoints:
        answer = driver.refused("POST", f"{IPS}/rip1/operations/associate", user())
        assert answer == (400, "BadRequest", WITHOUT_ENDPOINTS)
        return
    move(driver, "associate")
    last = (
        f"<PersistentVMRole {XMLNS}><ConfigurationSets>{network('')}</ConfigurationSets></PersistentVMRole>"
    )
    assert driver.refused("PUT", f"{DEP}/roles/vm0", last)[2] == WITHOUT_ENDPOINTS


def test_unknown_and_used_addresses_are_refused(driver: Driver) -> None:
    path = f"{SERVICES}/svc/deployments"
    assert driver.refused("POST", path, create()) == (
        400,
        "BadRequest",
        "The reserved IP 'rip1' does not exist.",
    )
    reserve(driver)
    driver.done("POST", path, create())
    driver.create_service("svc2")
    used = (400, "BadRequest", "The reserved IP 'rip1' is in use.")
    assert driver.refused("POST", f"{SERVICES}/svc2/deployments", create()) == used
    driver.create_deployment("svc2", endpoints=endpoint("ssh", 22))
    assert driver.refused("POST", f"{IPS}/rip1/operations/associate", user("svc2")) == used
    assert driver.refused("DELETE", f"{IPS}/rip1") == used


def test_address_and_service_are_in_one_region(driver: Driver) -> None:
    message = "ReservedIP rip1 is not in the location of hosted service svc."
    reserve(driver, location="East US")
    assert driver.refused("POST", f"{SERVICES}/svc/deployments", create())[2] == message
    driver.create_deployment(endpoints=endpoint("ssh", 22))
    assert driver.refused("POST", f"{IPS}/rip1/operations/associate", user())[2] == message
    place = "<ServiceName>svc</ServiceName><DeploymentName>dep</DeploymentName>"
    answer = driver.refused("POST", IPS, reserved("rip2", "East US", place))
    assert answer[2] == message.replace("rip1", "rip2")


def test_addresses_come_and_go(driver: Driver) -> None:
    address = reserve(driver)
    driver.create_deployment(endpoints=endpoint("ssh", 22))
    first = element(virtual_ips(driver)[0], "Address")
    move(driver, "associate")
    assert element(virtual_ips(driver)[0], "Address") == address
    reserve(driver, "rip2")
    assert driver.refused("POST", f"{IPS}/rip2/operations/associate", user())[2] == (
        "The virtual IP 'svcContractContract' is in use."
    )
    move(driver, "disassociate")
    last = element(virtual_ips(driver)[0], "Address")
    assert len({address, first, last}) == 3
    assert "<IsReserved>" not in virtual_ips(driver)[0]
    assert driver.refused("POST", f"{IPS}/rip1/operations/disassociate", user())[0] == 404


def test_the_address_of_a_deployment_is_reserved_as_it_is(driver: Driver) -> None:
    driver.create_deployment(endpoints=endpoint("ssh", 22))
    address = element(virtual_ips(driver)[0], "Address")
    place = "<ServiceName>svc</ServiceName><DeploymentName>dep</DeploymentName>"
    assert reserve(driver, more=place) == address
    assert f"<Address>{address}</Address>" in virtual_ips(driver)[0]
    assert "<ReservedIPName>rip1</ReservedIPName>" in virtual_ips(driver)[0]
    assert driver.refused("POST", IPS, reserved("rip2", more=place))[2] == (
        "The virtual IP 'svcContractContract' is in use."
    )


def test_a_further_virtual_ip_may_be_reserved(driver: Driver) -> None:
    address = reserve(driver)
    driver.create_deployment(endpoints=endpoint("ssh", 22))
    first = virtual_ips(driver)[0]
    answer = driver.refused("POST", f"{IPS}/rip1/operations/associate", user(virtual_ip="second"))
    assert answer == (400, "BadRequest", "The virtual IP 'second' does not exist.")
    driver.done("POST", f"{DEP}/second")
    body = (
        f"<ReservedIP {XMLNS}><Name>rip2</Name><ServiceName>svc</ServiceName><DeploymentName>dep"
        "</DeploymentName><Location>West US</Location><VirtualIPName>second</VirtualIPName></ReservedIP>"
    )
    assert driver.refused("POST", IPS, body)[2] == "'second' has no address that could be reserved."
    move(driver, "associate", document=user(virtual_ip="SECOND"))
    assert virtual_ips(driver) == [
        first,
        (
            f"<VirtualIP><Address>{address}</Address><IsDnsProgrammed>false</IsDnsProgrammed><Name>second"
            f"</Name>"
            "<IsReserved>true</IsReserved><ReservedIPName>rip1</ReservedIPName></VirtualIP>"
        ),
    ]
    assert driver.refused("DELETE", f"{DEP}/virtualips/second")[2] == "The virtual IP 'second' is in use."
    assert driver.refused("POST", f"{IPS}/rip1/operations/disassociate", user())[0] == 404
    move(driver, "disassociate", document=user(virtual_ip="second"))
    assert virtual_ips(driver)[0] == first
    assert "<Address>" not in virtual_ips(driver)[1]


def test_a_deployment_that_goes_lets_go_of_all_its_addresses(driver: Driver) -> None:
    for name in ("rip1", "rip2"):
        reserve(driver, name)
    driver.create_deployment(endpoints=endpoint("ssh", 22))
    driver.done("POST", f"{DEP}/second")
    move(driver, "associate")
    move(driver, "associate", "rip2", user(virtual_ip="second"))
    driver.done("DELETE", DEP)
    assert "<InUse>" not in driver.get(IPS)
    for name in ("rip1", "rip2"):
        assert "Succeeded" in driver.done("DELETE", f"{IPS}/{name}")
