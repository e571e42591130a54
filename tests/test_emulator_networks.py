"""The local service: virtual networks, their subnets, and the addresses they give to machines."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from azure_iaas.emulator.store import Store
from tests.emulator_driver import (
    XMLNS,
    Driver,
    deployment,
    element,
    endpoint,
    linux,
    network_configuration,
    network_set,
    network_site,
    operation,
    vm_role,
)

MEDIA = "services/networking/media"
SERVICES = "services/hostedservices"
SUBNETS = {"front": "10.1.1.0/24", "back": "10.1.2.0/29"}
UNAVAILABLE = (
    "<Status>Failed</Status><HttpStatusCode>400</HttpStatusCode><Error>"
    "<Code>Networking.DeploymentVNetAddressAllocationFailure</Code><Message>Unable to allocate the required "
    "address spaces for the deployment in a new or predefined subnet that is contained within the specified "
    "virtual network.</Message></Error>"
)
"""Its length is that of a reported answer."""


@pytest.fixture
def driver() -> Driver:
    driver = Driver()
    driver.done("PUT", MEDIA, network_configuration(network_site("net1", SUBNETS)))
    for name in ("svc", "svc2"):
        driver.create_service(name)
    return driver


def role(name: str = "vm0", *, root: str = "Role", **places: Any) -> str:
    return vm_role(name, root=root, provisioning=linux() + network_set(**places))


def create(driver: Driver, document: str, service: str = "svc", network: str = "net1") -> str:
    """Create a deployment in a network; returns the operation's document."""
    named = f"<VirtualNetworkName>{network}</VirtualNetworkName>" if network else ""
    body = deployment("dep", document, after=named)
    result = driver.done("POST", f"{SERVICES}/{service}/deployments", body)
    driver.wait(600)
    return result


def add(driver: Driver, name: str, service: str = "svc", **places: Any) -> str:
    path = f"{SERVICES}/{service}/deployments/dep/roles"
    result = driver.done("POST", path, role(name, root="PersistentVMRole", **places))
    driver.wait(600)
    return result


def addresses(driver: Driver, service: str = "svc") -> dict[str, str]:
    text = driver.get(f"{SERVICES}/{service}/deployments/dep")
    instances = re.findall(r"<RoleInstance>.*?</RoleInstance>", text)
    return {element(each, "RoleName"): element(each, "IpAddress") for each in instances}


def refused(driver: Driver, document: str, network: str = "net1", service: str = "svc") -> str:
    named = f"<VirtualNetworkName>{network}</VirtualNetworkName>" if network else ""
    body = deployment("dep", document, after=named)
    status, code, message = driver.refused("POST", f"{SERVICES}/{service}/deployments", body)
    assert (status, code) == (400, "BadRequest")
    return message


def available(driver: Driver, address: str) -> tuple[bool, list[str]]:
    text = driver.get(f"services/networking/NET1?op=checkavailability&address={address}")
    return "<IsAvailable>true<" in text, re.findall("<AvailableAddress>(.*?)<", text)


def shut_down(driver: Driver, name: str, action: str = "StoppedDeallocated") -> None:
    body = operation("ShutdownRoleOperation", f"<PostShutdownAction>{action}</PostShutdownAction>")
    driver.done("POST", f"{SERVICES}/svc/deployments/dep/roleinstances/{name}/Operations", body)
    driver.wait(600)


def start(driver: Driver, name: str) -> str:
    path = f"{SERVICES}/svc/deployments/dep/roleinstances/{name}/Operations"
    result = driver.done("POST", path, operation("StartRoleOperation"))
    driver.wait(600)
    return result


def update(driver: Driver, name: str, **places: Any) -> str:
    sets = network_set(**places)
    body = f"<PersistentVMRole {XMLNS}><ConfigurationSets>{sets}</ConfigurationSets></PersistentVMRole>"
    result = driver.done("PUT", f"{SERVICES}/svc/deployments/dep/roles/{name}", body)
    driver.wait(600)
    return result


def interface(name: str, subnet: str = "front", static: str = "", more: str = "") -> str:
    address = f"<StaticVirtualNetworkIPAddress>{static}</StaticVirtualNetworkIPAddress>" if static else ""
    return (
        f"<NetworkInterface><Name>{name}</Name><IPConfigurations><IPConfiguration><SubnetName>{subnet}"
        f"</SubnetName>{address}</IPConfiguration></IPConfigurations>{more}</NetworkInterface>"
    )


def interfaces(*each: str) -> str:
    return f"<NetworkInterfaces>{''.join(each)}</NetworkInterfaces>"


# Addresses


def test_a_static_address_is_the_machines(driver: Driver) -> None:
    create(driver, role(subnets=("front",), static="10.1.1.10"), network="NET1")
    assert addresses(driver) == {"vm0": "10.1.1.10"}
    assert "<VirtualNetworkName>net1</VirtualNetworkName>" in driver.get(f"{SERVICES}/svc/deployments/dep")


def test_without_a_static_address_the_first_free_one_of_the_subnet_is_given(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    add(driver, "vm1", subnets=("FRONT",), static="10.1.1.5")
    add(driver, "vm2", subnets=("front",))
    add(driver, "vm3", subnets=("back",))
    assert addresses(driver) == {
        "vm0": "10.1.1.4",
        "vm1": "10.1.1.5",
        "vm2": "10.1.1.6",
        "vm3": "10.1.2.4",
    }


def test_addresses_are_the_networks_not_the_deployments(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    create(driver, role(subnets=("front",)), service="svc2")
    assert addresses(driver, "svc2") == {"vm0": "10.1.1.5"}


@pytest.mark.parametrize(
    ("space", "subnets", "first", "second"),
    [
        ("10.0.0.0/8", {"subnet-1": "10.0.0.0/27"}, "10.0.0.36", "10.0.0.44"),
        ("10.0.0.0/8", {"Subnet-1": "10.0.0.0/11"}, "10.32.0.4", "10.32.0.12"),
        (
            "10.4.0.0/16",
            {"Subnet-1": "10.4.0.0/19", "GatewaySubnet": "10.4.32.0/29"},
            "10.4.32.12",
            "10.4.32.20",
        ),
        ("192.168.0.0/16", {"backend": "192.168.2.0/24"}, "192.168.0.4", "192.168.0.12"),
        ("10.1.0.0/16", {}, "10.1.0.4", "10.1.0.12"),
        ("10.1.0.0/24", {"all": "10.1.0.0/24"}, "10.1.0.4", "10.1.0.5"),
    ],
)
def test_a_deployment_that_names_no_subnet_gets_one_of_its_own(
    driver: Driver, space: str, subnets: dict[str, str], first: str, second: str
) -> None:
    """The first four are recorded, the first addresses to the digit."""
    driver.done("PUT", MEDIA, network_configuration(network_site("net2", subnets, space=space)))
    create(driver, role(), network="net2")
    create(driver, role(), network="net2", service="svc2")
    assert addresses(driver) == {"vm0": first}
    assert addresses(driver, "svc2") == {"vm0": second}


def test_a_subnet_of_its_own_grows_with_the_deployment(driver: Driver) -> None:
    driver.done("PUT", MEDIA, network_configuration(network_site("net2", {}, space="10.1.0.0/16")))
    create(driver, role(), network="net2")
    for name in ("vm1", "vm2", "vm3"):
        add(driver, name)
    assert list(addresses(driver).values()) == ["10.1.0.4", "10.1.0.5", "10.1.0.6", "10.1.0.12"]


def test_outside_of_networks_addresses_are_the_services_own(driver: Driver) -> None:
    create(driver, role(), network="")
    assert re.fullmatch(r"10\.\d+\.\d+\.\d+", addresses(driver)["vm0"])


@pytest.mark.parametrize("static", ["10.1.1.10", ""])
def test_a_deallocated_machine_keeps_its_static_address_only(driver: Driver, static: str) -> None:
    create(driver, role(subnets=("front",), static=static))
    held = addresses(driver)["vm0"]
    shut_down(driver, "vm0", "Stopped")
    assert not available(driver, held)[0]
    start(driver, "vm0")
    shut_down(driver, "vm0")
    assert addresses(driver) == {"vm0": ""}
    assert available(driver, held)[0] is not bool(static)
    create(driver, role(subnets=("front",)), service="svc2")
    assert addresses(driver, "svc2") == {"vm0": "10.1.1.4"}
    assert "Succeeded" in start(driver, "vm0")
    assert addresses(driver) == {"vm0": static or "10.1.1.5"}


def test_roles_started_together_get_addresses_of_their_own(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    add(driver, "vm1", subnets=("front",))
    for name in ("vm0", "vm1"):
        shut_down(driver, name)
    names = "<Roles><Name>vm1</Name><Name>vm0</Name></Roles>"
    path = f"{SERVICES}/svc/deployments/dep/Roles/Operations"
    driver.done("POST", path, operation("StartRolesOperation", names))
    driver.wait(600)
    assert set(addresses(driver).values()) == {"10.1.1.4", "10.1.1.5"}


def test_a_deleted_machine_gives_its_address_back(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    add(driver, "vm1", subnets=("front",), static="10.1.1.9")
    assert not available(driver, "10.1.1.9")[0]
    driver.done("DELETE", f"{SERVICES}/svc/deployments/dep/roles/vm1")
    assert available(driver, "10.1.1.9")[0]
    driver.done("DELETE", f"{SERVICES}/svc/deployments/dep")
    assert available(driver, "10.1.1.4")[0]


def test_a_taken_static_address_fails_the_operation(driver: Driver) -> None:
    create(driver, role(subnets=("front",), static="10.1.1.10"))
    assert UNAVAILABLE in create(driver, role(subnets=("front",), static="10.1.1.10"), service="svc2")
    assert UNAVAILABLE in add(driver, "vm1", subnets=("front",), static="10.1.1.10")
    assert list(addresses(driver)) == ["vm0"]
    assert driver.refused("GET", f"{SERVICES}/svc2/deploymentslots/Production")[0] == 404
    assert not available(driver, "10.1.1.10")[0]


def test_a_full_subnet_fails_the_operation(driver: Driver) -> None:
    create(driver, role(subnets=("back",)))
    for name in ("vm1", "vm2"):
        assert "Succeeded" in add(driver, name, subnets=("back",))
    assert UNAVAILABLE in add(driver, "vm3", subnets=("back",))
    assert list(addresses(driver).values()) == ["10.1.2.4", "10.1.2.5", "10.1.2.6"]


def test_an_update_moves_a_machine_to_its_new_address_and_restarts_it(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    sets = network_set(subnets=("front",), static="10.1.1.7")
    body = f"<PersistentVMRole {XMLNS}><ConfigurationSets>{sets}</ConfigurationSets></PersistentVMRole>"
    driver.done("PUT", f"{SERVICES}/svc/deployments/dep/roles/vm0", body)
    assert driver.states()["vm0"][0] != "ReadyRole"
    driver.wait(600)
    assert addresses(driver) == {"vm0": "10.1.1.7"}
    assert available(driver, "10.1.1.4")[0]
    update(driver, "vm0", subnets=("back",))
    assert addresses(driver) == {"vm0": "10.1.2.4"}


def test_an_update_that_keeps_the_address_keeps_the_machine_running(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    for places in ({"static": "10.1.1.4"}, {}):
        sets = network_set(subnets=("front",), **places)
        body = f"<PersistentVMRole {XMLNS}><ConfigurationSets>{sets}</ConfigurationSets></PersistentVMRole>"
        driver.done("PUT", f"{SERVICES}/svc/deployments/dep/roles/vm0", body)
        assert driver.states()["vm0"][0] == "ReadyRole"
        assert addresses(driver) == {"vm0": "10.1.1.4"}


def test_an_update_to_a_taken_address_fails(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    add(driver, "vm1", subnets=("front",))
    assert UNAVAILABLE in update(driver, "vm0", subnets=("front",), static="10.1.1.5")
    assert addresses(driver)["vm0"] == "10.1.1.4"


@pytest.mark.parametrize("what", ["an update", "a balancer"])
def test_an_address_is_taken_from_the_moment_it_is_promised(driver: Driver, what: str) -> None:
    create(driver, role(subnets=("front",)))
    if what == "an update":
        sets = network_set(subnets=("front",), static="10.1.1.7")
        body = f"<PersistentVMRole {XMLNS}><ConfigurationSets>{sets}</ConfigurationSets></PersistentVMRole>"
        driver.ok("PUT", f"{SERVICES}/svc/deployments/dep/roles/vm0", body)
    else:
        driver.ok("POST", BALANCERS, balancer("front", "10.1.1.7"))
    assert not available(driver, "10.1.1.7")[0]
    assert UNAVAILABLE in create(driver, role(subnets=("front",), static="10.1.1.7"), service="svc2")
    driver.wait(600)
    assert not available(driver, "10.1.1.7")[0]
    driver.done("DELETE", f"{SERVICES}/svc/deployments/dep")
    assert available(driver, "10.1.1.7")[0]


# What is refused


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ({"subnets": ("attic",)}, "The subnet 'attic' does not exist in virtual network 'net1'."),
        (
            {"static": "10.1.1.10"},
            "SubnetNames must be specified when StaticVirtualNetworkIPAddress is specified.",
        ),
        *(
            (
                {"subnets": ("front",), "static": static},
                f"The static address '{static}' is not an address of subnet 'front'.",
            )
            for static in ("10.1.2.4", "10.1.1.0", "10.1.1.3", "10.1.1.255", "192.168.0.1")
        ),
        *(
            (
                {"subnets": ("front",), "static": static},
                (
                    f"Value '{static}' specified for parameter 'StaticVirtualNetworkIPAddress' is "
                    f"invalid. Allowed "
                    "values are 'an IPv4 address'."
                ),
            )
            for static in ("10.1.1", "ten", "10.1.1.256", "fe80::1")
        ),
    ],
)
def test_places_that_are_not_there(driver: Driver, places: dict[str, Any], message: str) -> None:
    assert refused(driver, role(**places)) == message
    create(driver, role())
    path = f"{SERVICES}/svc/deployments/dep/roles"
    body = role("vm1", root="PersistentVMRole", **places)
    assert driver.refused("POST", path, body) == (400, "BadRequest", message)
    sets = network_set(**places)
    body = f"<PersistentVMRole {XMLNS}><ConfigurationSets>{sets}</ConfigurationSets></PersistentVMRole>"
    assert driver.refused("PUT", f"{path}/vm0", body) == (400, "BadRequest", message)


def test_a_network_that_is_not_there(driver: Driver) -> None:
    assert refused(driver, role(), network="nowhere") == "The virtual network 'nowhere' does not exist."


@pytest.mark.parametrize(
    ("places", "element"),
    [
        ({"subnets": ("front",)}, "SubnetNames"),
        ({"static": "10.1.1.10"}, "StaticVirtualNetworkIPAddress"),
        (
            {"more": interfaces(interface("nic1"))},
            "NetworkInterfaces",
        ),
    ],
)
def test_places_without_a_network(driver: Driver, places: dict[str, Any], element: str) -> None:
    message = f"{element} cannot be specified for a deployment that is not in a virtual network."
    assert refused(driver, role(**places), network="") == message


def test_service_and_network_are_in_one_place(driver: Driver) -> None:
    group = f"<CreateAffinityGroup {XMLNS}><Name>group</Name><Label>bA==</Label><Location>West US</Location>"
    driver.ok("POST", "affinitygroups", f"{group}</CreateAffinityGroup>", status=201)
    driver.create_service("far", "East US")
    for name in ("near", "near2"):
        driver.ok(
            "POST",
            SERVICES,
            f"<CreateHostedService {XMLNS}><ServiceName>{name}</ServiceName><Label>bA==</Label>"
            "<AffinityGroup>group</AffinityGroup></CreateHostedService>",
            status=201,
        )
    message = (
        "The location or affinity group of hosted service '{}' is not that of virtual network '{}'."
    ).format
    assert refused(driver, role(), service="far") == message("far", "net1")
    create(driver, role(), service="near")
    grouped = network_site("net2", {}, place='AffinityGroup="group"', space="10.2.0.0/16")
    driver.done("PUT", MEDIA, network_configuration(network_site("net1", SUBNETS), grouped))
    assert refused(driver, role(), network="net2") == message("svc", "net2")
    create(driver, role(), network="net2", service="near2")


# The network configuration


@pytest.mark.parametrize(
    ("sites", "message"),
    [
        (
            [network_site("n", {}, place="")],
            (
                "Neither Affinity Group nor Location elemet is specified in virtual network site 'n'. Either "
                "Affinity Group or Location must be specified for every virtual network."
            ),
        ),
        ([network_site("n", {}, place='Location="The Moon"')], "The location constraint is not valid."),
        ([network_site("n", {}, place='AffinityGroup="nobody"')], "The affinity group does not exist."),
        (
            [network_site("n", {}), network_site("N", {})],
            "The network configuration contains more than one virtual network site named 'n'.",
        ),
        (
            [network_site("n", {"a": "10.1.0.0/24", "A": "10.1.1.0/24"})],
            "The network configuration contains more than one subnet named 'a'.",
        ),
        (
            [network_site("n", {"a": "10.2.0.0/24"})],
            "Subnet 'a' is outside the address space of virtual network 'n'.",
        ),
        (
            [network_site("n", {"a": "10.1.0.0/24", "b": "10.1.0.128/25"})],
            "Subnet 'b' overlaps another subnet of virtual network 'n'.",
        ),
    ],
)
def test_network_configurations_that_contradict_themselves(
    driver: Driver, sites: list[str], message: str
) -> None:
    assert driver.refused("PUT", MEDIA, network_configuration(*sites)) == (400, "BadRequest", message)


IN_USE = (
    "<Status>Failed</Status><HttpStatusCode>400</HttpStatusCode><Error><Code>BadRequest</Code>"
    "<Message>Cannot delete or modify virtual network while in use 'net1'.</Message></Error>"
)


@pytest.mark.parametrize(
    "sites",
    [
        [],
        [network_site("net1", {"back": "10.1.2.0/29"})],
        [network_site("net1", {**SUBNETS, "front": "10.1.1.0/25"})],
        [network_site("net1", SUBNETS, place='Location="East US"')],
    ],
)
def test_a_network_in_use_stays_as_it_is(driver: Driver, sites: list[str]) -> None:
    create(driver, role(subnets=("front",)))
    before = driver.get(MEDIA)
    assert IN_USE in driver.done("PUT", MEDIA, network_configuration(*sites))
    assert driver.get(MEDIA) == before
    shut_down(driver, "vm0")
    assert IN_USE in driver.done("PUT", MEDIA, network_configuration(*sites))
    driver.done("DELETE", f"{SERVICES}/svc/deployments/dep")
    assert "Succeeded" in driver.done("PUT", MEDIA, network_configuration(*sites))


def test_a_network_in_use_may_grow_and_lose_what_nothing_uses(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    site = network_site("net1", {"front": "10.1.1.0/24", "more": "10.1.3.0/24"})
    assert "Succeeded" in driver.done("PUT", MEDIA, network_configuration(site))
    assert "Succeeded" in add(driver, "vm1", subnets=("more",))


def test_the_space_of_a_subnet_of_its_own_stays(driver: Driver) -> None:
    create(driver, role())
    assert addresses(driver) == {"vm0": "10.1.0.4"}
    site = network_site("net1", {"front": "10.1.1.0/24"}, space="10.1.1.0/24")
    assert IN_USE in driver.done("PUT", MEDIA, network_configuration(site))


# Checking addresses


def test_available_addresses_leave_out_those_in_use(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    add(driver, "vm1", subnets=("front",), static="10.1.1.6")
    free = ["10.1.1.5", "10.1.1.7", "10.1.1.8", "10.1.1.9", "10.1.1.10"]
    for address in ("10.1.1.4", "10.1.1.6", "10.1.1.3", "10.1.1.255", "192.168.0.1"):
        assert available(driver, address) == (False, free)
    assert available(driver, "10.1.1.5") == (True, [])


def test_available_addresses_are_of_the_subnet_that_was_asked_for(driver: Driver) -> None:
    create(driver, role(subnets=("back",)))
    assert available(driver, "10.1.2.4") == (False, ["10.1.2.5", "10.1.2.6"])


# State of before networks were checked


def test_a_deployment_in_a_network_that_never_was_goes_on(tmp_path: Path) -> None:
    before = json.loads((Path(__file__).parent / "states" / "before_typed_effects.json").read_text())
    rows = [(owner, kind, key, json.dumps(document)) for owner, kind, key, document in before["rows"]]
    unchecked = (
        '"network": {"SubnetNames": ["front"], "StaticVirtualNetworkIPAddress": "ten", "NetworkInterfaces": '
        '[{"Name": "nic"}]}'
    )
    store = Store(tmp_path / "state.sqlite3")
    store.commit(
        [
            (
                owner,
                kind,
                key,
                document.replace('"virtual_network": ""', '"virtual_network": "net1"').replace(
                    '"network": {}', unchecked
                ),
            )
            for owner, kind, key, document in rows
        ]
    )
    driver = Driver(store=store)
    driver.now = datetime.fromisoformat(before["at"]) + timedelta(hours=1)
    assert "<VirtualNetworkName>net1<" in driver.get(f"{SERVICES}/svc/deployments/dep")
    assert "<SubnetName>front<" in driver.get(f"{SERVICES}/svc/deployments/dep")
    assert addresses(driver)["vm0"]
    shut_down(driver, "vm0")
    assert "Succeeded" in start(driver, "vm0")
    assert addresses(driver)["vm0"]
    driver.done("PUT", MEDIA, network_configuration(network_site("net1", SUBNETS)))
    assert "Succeeded" in add(driver, "another", subnets=("front",))
    assert addresses(driver)["another"] == "10.1.1.4"
    assert available(driver, "10.1.1.5") == (True, [])
    store.close()


# Interfaces


def test_interfaces_are_kept_answered_and_given_addresses(driver: Driver) -> None:
    more = interfaces(interface("nic1"), interface("nic2", "back", "10.1.2.6"))
    create(driver, role(subnets=("front",), more=more))
    text = driver.get(f"{SERVICES}/svc/deployments/dep")
    assert more in text
    assert addresses(driver) == {"vm0": "10.1.1.4"}
    assert re.search(
        "<NetworkInterfaces><NetworkInterface><Name>nic1</Name><MacAddress>000D3A[0-9A-F]{6}</MacAddress>"
        "<IPConfigurations><IPConfiguration><SubnetName>front</SubnetName><Address>10.1.1.5</Address>"
        "</IPConfiguration></IPConfigurations></NetworkInterface><NetworkInterface><Name>nic2</Name>"
        "<MacAddress>000D3A[0-9A-F]{6}</MacAddress><IPConfigurations><IPConfiguration><SubnetName>back"
        "</SubnetName><Address>10.1.2.6</Address></IPConfiguration></IPConfigurations></NetworkInterface>"
        "</NetworkInterfaces></RoleInstance>",
        text,
    )
    for address in ("10.1.1.5", "10.1.2.6"):
        assert not available(driver, address)[0]
    shut_down(driver, "vm0")
    assert available(driver, "10.1.1.5")[0]
    assert not available(driver, "10.1.2.6")[0]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            interfaces(interface("nic1", "attic")),
            "The subnet 'attic' does not exist in virtual network 'net1'.",
        ),
        (
            interfaces(interface("nic1", "back", "10.1.1.9")),
            "The static address '10.1.1.9' is not an address of subnet 'back'.",
        ),
        (
            interfaces(interface("nic1"), interface("NIC1")),
            "The network interface name 'NIC1' is used more than once.",
        ),
        (
            interfaces(interface("")),
            "NetworkInterface has a missing, misspelled or out of order element.",
        ),
        (
            interfaces("<NetworkInterface><Name>nic1</Name></NetworkInterface>"),
            "NetworkInterface has a missing, misspelled or out of order element.",
        ),
        (
            interfaces(interface("nic1", more="<IPForwarding>maybe</IPForwarding>")),
            (
                "Value 'maybe' specified for parameter 'IPForwarding' is invalid. Allowed values are "
                "'Enabled, "
                "Disabled'."
            ),
        ),
    ],
)
def test_interfaces_that_cannot_be(driver: Driver, more: str, message: str) -> None:
    assert refused(driver, role(more=more)) == message


# Public addresses of instances


@pytest.mark.parametrize(
    ("public", "message"),
    [
        (
            "<PublicIP><Name>a</Name></PublicIP><PublicIP><Name>b</Name></PublicIP>",
            "No more than 1 public IPs of a role are allowed.",
        ),
        (
            "<PublicIP><IdleTimeoutInMinutes>4</IdleTimeoutInMinutes></PublicIP>",
            "PublicIP has a missing, misspelled or out of order element.",
        ),
        (
            "<PublicIP><Name>a</Name><IdleTimeoutInMinutes>31</IdleTimeoutInMinutes></PublicIP>",
            (
                "Value '31' specified for parameter 'PublicIP.IdleTimeoutInMinutes' is invalid. Allowed "
                "values "
                "are 'a number between 4 to 30'."
            ),
        ),
        (
            "<PublicIP><Name>a</Name><DomainNameLabel>-no-</DomainNameLabel></PublicIP>",
            (
                "Value '-no-' specified for parameter 'PublicIP.DomainNameLabel' is invalid. Allowed "
                "values are "
                "'letters, digits and '-', beginning with a letter'."
            ),
        ),
    ],
)
def test_public_ips_that_cannot_be(driver: Driver, public: str, message: str) -> None:
    more = f"<PublicIPs>{public}</PublicIPs>"
    assert refused(driver, role(more=more), network="") == message


# Internal load balancers


def balancer(subnet: str = "", static: str = "", kind: str = "Private", name: str = "inner") -> str:
    inner = f"<SubnetName>{subnet}</SubnetName>" if subnet else ""
    inner += f"<StaticVirtualNetworkIPAddress>{static}</StaticVirtualNetworkIPAddress>" if static else ""
    return (
        f"<LoadBalancer {XMLNS}><Name>{name}</Name><FrontendIpConfiguration><Type>{kind}</Type>{inner}"
        "</FrontendIpConfiguration></LoadBalancer>"
    )


BALANCERS = f"{SERVICES}/svc/deployments/dep/loadbalancers"
BEHIND = endpoint("in", 80).replace(
    "</InputEndpoint>", "<LoadBalancerName>inner</LoadBalancerName></InputEndpoint>"
)


def test_an_internal_load_balancer_has_an_address_of_its_subnet(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    driver.done("POST", BALANCERS, balancer("front"))
    update(driver, "vm0", endpoints=BEHIND, subnets=("front",))
    text = driver.get(f"{SERVICES}/svc/deployments/dep")
    assert "<Vip>10.1.1.5</Vip><EnableDirectServerReturn>false</EnableDirectServerReturn>" in text
    assert "<Name>in</Name><Vip>10.1.1.5</Vip><PublicPort>80</PublicPort>" in text
    assert not available(driver, "10.1.1.5")[0]
    driver.done("PUT", f"{BALANCERS}/INNER", balancer("back", "10.1.2.6"))
    assert "<Vip>10.1.2.6</Vip>" in driver.get(f"{SERVICES}/svc/deployments/dep")
    assert available(driver, "10.1.1.5")[0]
    update(driver, "vm0", subnets=("front",))
    driver.done("DELETE", f"{BALANCERS}/inner")
    assert available(driver, "10.1.2.6")[0]


def test_machine_and_balancer_created_together_do_not_collide(driver: Driver) -> None:
    document = balancer("front").replace(f" {XMLNS}", "")
    after = f"<VirtualNetworkName>net1</VirtualNetworkName><LoadBalancers>{document}</LoadBalancers>"
    first = role(subnets=("front",), static="10.1.1.4", endpoints=BEHIND)
    driver.done("POST", f"{SERVICES}/svc/deployments", deployment("dep", first, after=after))
    driver.wait(600)
    assert addresses(driver) == {"vm0": "10.1.1.4"}
    assert "<Vip>10.1.1.5</Vip>" in driver.get(f"{SERVICES}/svc/deployments/dep")
    after = after.replace(
        "</SubnetName>",
        "</SubnetName><StaticVirtualNetworkIPAddress>10.1.1.6</StaticVirtualNetworkIPAddress>",
    )
    second = role(subnets=("front",))
    driver.done("POST", f"{SERVICES}/svc2/deployments", deployment("dep", second, after=after))
    driver.wait(600)
    assert addresses(driver, "svc2") == {"vm0": "10.1.1.7"}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (balancer("attic"), "The subnet 'attic' does not exist in virtual network 'net1'."),
        (
            balancer("back", "10.1.1.9"),
            "The static address '10.1.1.9' is not an address of subnet 'back'.",
        ),
        (
            balancer("", "10.1.1.9"),
            "SubnetNames must be specified when StaticVirtualNetworkIPAddress is specified.",
        ),
        (
            balancer(kind="Public"),
            (
                "Value 'Public' specified for parameter 'FrontendIpConfiguration.Type' is invalid. "
                "Allowed values "
                "are 'Private'."
            ),
        ),
    ],
)
def test_internal_load_balancers_that_cannot_be(driver: Driver, document: str, message: str) -> None:
    create(driver, role())
    assert driver.refused("POST", BALANCERS, document) == (400, "BadRequest", message)
    driver.done("POST", BALANCERS, balancer())
    assert driver.refused("PUT", f"{BALANCERS}/inner", document) == (400, "BadRequest", message)


def test_a_balancers_name_stays(driver: Driver) -> None:
    create(driver, role())
    driver.done("POST", BALANCERS, balancer())
    message = driver.refused("PUT", f"{BALANCERS}/inner", balancer(name="other"))[2]
    assert message == (
        "Value 'other' specified for parameter 'LoadBalancer.Name' is invalid. Allowed values are 'inner'."
    )


def test_a_balancer_at_a_taken_address_fails(driver: Driver) -> None:
    create(driver, role(subnets=("front",)))
    assert UNAVAILABLE in driver.done("POST", BALANCERS, balancer("front", "10.1.1.4"))
    assert "<LoadBalancers/>" in driver.get(f"{SERVICES}/svc/deployments/dep")


# DNS servers


def test_dns_servers_have_addresses_and_names_of_their_own(driver: Driver) -> None:
    def dns(*servers: tuple[str, str]) -> str:
        inner = "".join(f"<DnsServer><Name>{n}</Name><Address>{a}</Address></DnsServer>" for n, a in servers)
        return deployment("dep", role(), after=f"<Dns><DnsServers>{inner}</DnsServers></Dns>")

    path = f"{SERVICES}/svc/deployments"
    assert driver.refused("POST", path, dns(("a", "10.0.0.1"), ("A", "10.0.0.2")))[2] == (
        "The DNS server name 'A' is used more than once."
    )
    wrong = (
        "Value 'here' specified for parameter 'DnsServer.Address' is invalid. Allowed values are 'an IPv4 "
        "address'."
    )
    assert driver.refused("POST", path, dns(("a", "here")))[2] == wrong
    driver.done("POST", path, dns(("a", "10.0.0.1")))
    server = f"<DnsServer {XMLNS}><Name>a</Name><Address>here</Address></DnsServer>"
    assert driver.refused("PUT", f"{path}/dep/dnsservers/a", server)[2] == wrong
    assert driver.refused("POST", f"{path}/dep/dnsservers", server.replace(">a<", ">b<"))[2] == wrong
    assert driver.refused("PUT", f"{path}/dep/dnsservers/a", server.replace(">a<", ">b<"))[2] == (
        "Value 'b' specified for parameter 'DnsServer.Name' is invalid. Allowed values are 'a'."
    )
