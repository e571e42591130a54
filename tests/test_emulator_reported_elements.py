"""What guests and the platform tell of a machine, and when: each rule here, and beside the recordings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from tests.emulator_driver import (
    BOTH,
    PASSWORD,
    WINDOWS_IMAGE,
    XMLNS,
    Driver,
    data_disk,
    deployment,
    element,
    linux,
    vm_role,
    windows,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Exchange = dict[str, Any]
NAMESPACE = "{http://schemas.microsoft.com/windowsazure}"
DEPLOYMENTS = "services/hostedservices/svc/deployments"
DEP = f"{DEPLOYMENTS}/dep"
WINDOWS = f"<SourceImageName>{WINDOWS_IMAGE}</SourceImageName>"
AGENT = "<ProvisionGuestAgent>true</ProvisionGuestAgent></"
SEEDS = range(12)


def _role(name: str = "vm0", *, root: str = "Role", extensions: str = "", **more: Any) -> str:
    """A role with an agent."""
    references = f"<ResourceExtensionReferences>{extensions}</ResourceExtensionReferences>"
    role = vm_role(name, root=root, **more).replace(
        "</ConfigurationSets>", "</ConfigurationSets>" + (references if extensions else "")
    )
    return role.replace(f"</{root}>", AGENT + root + ">")


def _reference(name: str, publisher: str = "Microsoft.Compute", *, value: str = "") -> str:
    values = (
        "<ResourceExtensionParameterValues><ResourceExtensionParameterValue><Key>k</Key>"
        f"<Value>{value}</Value><Type>Public</Type></ResourceExtensionParameterValue>"
        "</ResourceExtensionParameterValues>"
        if value
        else ""
    )
    return (
        f"<ResourceExtensionReference><ReferenceName>{name}</ReferenceName><Publisher>{publisher}</Publisher>"
        f"<Name>{name}</Name><Version>1.*</Version>{values}<State>Enable</State></ResourceExtensionReference>"
    )


def _begin(driver: Driver, role: str, after: str = "") -> str:
    driver.create_service()
    return driver.ok("POST", DEPLOYMENTS, deployment("dep", role, after=after))


def _course(role: str, seed: int, seconds: int = 900) -> Iterator[str]:
    """The one instance of a new deployment, second by second."""
    driver = Driver(seed=seed)
    _begin(driver, role)
    for _ in range(seconds):
        yield element(driver.get(DEP), "RoleInstance")
        driver.wait(1)


def test_roles_are_listed_before_they_have_instances_and_addresses() -> None:
    driver = Driver()
    _begin(driver, vm_role("vm0", root="Role"))
    stages = []
    for _ in range(60):
        text = driver.get(DEP)
        names = (
            "Configuration",
            "UpgradeDomainCount",
            "RoleName",
            "RoleInstance",
            "VirtualIP",
            "InternalDnsSuffix",
        )
        stage = tuple(name for name in names if f"<{name}>" in text)
        if stage not in stages:
            stages.append(stage)
        driver.wait(1)
    assert stages == [(), names[:3], names]


def test_deallocated_instances_come_last_in_the_order_they_went() -> None:
    driver = Driver()
    _begin(driver, vm_role("vm0", root="Role"))
    driver.wait(600)
    for name in ("vm1", "vm2", "vm3"):
        driver.done("POST", f"{DEP}/roles", vm_role(name))
        driver.wait(600)

    def operate(kind: str, role: str, more: str = "") -> None:
        body = f"<{kind} {XMLNS}><OperationType>{kind}</OperationType>{more}</{kind}>"
        driver.done("POST", f"{DEP}/roleinstances/{role}/Operations", body)
        driver.wait(600)

    def stop(role: str) -> None:
        action = "<PostShutdownAction>StoppedDeallocated</PostShutdownAction>"
        operate("ShutdownRoleOperation", role, action)

    for name in ("vm2", "vm0", "vm3"):
        stop(name)
    assert list(driver.states()) == ["vm1", "vm2", "vm0", "vm3"]
    operate("StartRoleOperation", "vm2")
    assert list(driver.states()) == ["vm1", "vm2", "vm0", "vm3"]
    stop("vm2")
    assert list(driver.states()) == ["vm1", "vm0", "vm3", "vm2"]
    assert re.findall(r"<RoleName>(.*?)</RoleName>", element(driver.get(DEP), "RoleList")) == [
        "vm0",
        "vm1",
        "vm2",
        "vm3",
    ]


def test_a_provisioned_guest_starts_anew_before_it_is_ready() -> None:
    states = [(element(each, "InstanceStatus"), element(each, "PowerState")) for each in _course(_role(), 0)]
    order = [b for a, b in zip([("", ""), *states], states, strict=False) if a != b]
    place = order.index(("Provisioning", "Started"))
    assert order[place + 1 :] == [("RoleStateUnknown", "Started"), ("ReadyRole", "Started")]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("system", ["Linux", "Windows"])
def test_a_guest_reports_its_name_then_its_certificate_and_only_while_it_runs(system: str, seed: int) -> None:
    role = _role() if system == "Linux" else _role(os_disk=WINDOWS, provisioning=windows())
    told = ""
    for instance in _course(role, seed):
        name, certificate = "<HostName>" in instance, "<RemoteAccessCertificateThumbprint>" in instance
        told += f"{name:d}{certificate:d} "
        assert name or not certificate
        assert element(instance, "PowerState") == "Started" or not name
        if system == "Windows" and element(instance, "InstanceStatus") == "ReadyRole":
            assert name
    assert re.fullmatch("(00 )+(10 )+(11 )+", told)


def test_names_and_agents_come_before_and_after_the_guest_is_ready() -> None:
    seen = set()
    for seed in SEEDS:
        for instance in _course(_role(), seed):
            agent = "<Status>Ready</Status>" in element(instance, "GuestAgentStatus")
            assert agent == ("<ResourceExtensionStatusList" in instance)
            seen.add((element(instance, "InstanceStatus"), "<HostName>" in instance, agent))
    started = {each for each in seen if each[0] in {"Provisioning", "ReadyRole"}}
    assert {("Provisioning", True, False), ("Provisioning", False, False)} <= started
    assert {("ReadyRole", True, False), ("ReadyRole", True, True), ("ReadyRole", False, False)} <= started
    assert any(agent and not name for _, name, agent in seen)


def test_what_an_agent_said_is_kept_while_the_instance_is_unknown() -> None:
    driver = Driver()
    _begin(driver, _role(extensions=_reference("BGInfo")))
    driver.wait(900)
    driver.ok("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(1))
    seen = set()
    for _ in range(60):
        instance = element(driver.get(DEP), "RoleInstance")
        if element(instance, "InstanceStatus") == "RoleStateUnknown":
            seen.add(element(instance, "HandlerName"))
        driver.wait(1)
    assert seen == {"Microsoft.Compute.BGInfo"}


@pytest.mark.parametrize(
    ("publisher", "name", "reported"),
    [
        ("Microsoft.Azure.Extensions", "DockerExtension", False),
        ("Microsoft.OSTCExtensions", "LinuxDiagnostic", True),
        ("Microsoft.Compute", "CustomScriptExtension", True),
    ],
)
def test_settings_are_reported_under_a_name_by_most_extensions(
    publisher: str, name: str, *, reported: bool
) -> None:
    driver = Driver()
    _begin(driver, _role(extensions=_reference(name, publisher, value="e30=")))
    driver.wait(900)
    status = element(driver.get(DEP), "ExtensionSettingStatus")
    assert status.startswith("<Timestamp>")
    assert ("</Timestamp><Name>" in status) is reported


NETWORK_SITE = (
    '<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">'
    "<VirtualNetworkConfiguration><Dns/><VirtualNetworkSites>"
    '<VirtualNetworkSite name="net" Location="West US"><AddressSpace><AddressPrefix>'
    '10.0.0.0/8</AddressPrefix></AddressSpace><Subnets><Subnet name="front">'
    "<AddressPrefix>10.0.0.0/24</AddressPrefix></Subnet></Subnets></VirtualNetworkSite></VirtualNetworkSites>"
    "</VirtualNetworkConfiguration></NetworkConfiguration>"
)


def _networked(inside: str) -> Driver:
    driver = Driver()
    driver.done("PUT", "services/networking/media", NETWORK_SITE)
    sets = (
        linux(PASSWORD)
        + "<ConfigurationSet><ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>"
        + f"<SubnetNames><SubnetName>front</SubnetName></SubnetNames>{inside}</ConfigurationSet>"
    )
    role = vm_role("vm0", root="Role", provisioning=sets, size="ExtraLarge")
    _begin(driver, role, "<VirtualNetworkName>net</VirtualNetworkName>")
    driver.wait(900)
    return driver


def test_interfaces_beside_the_first_have_addresses_of_their_own() -> None:
    driver = _networked(
        "<NetworkInterfaces>"
        + "".join(
            f"<NetworkInterface><Name>nic{number}</Name><IPConfigurations><IPConfiguration><SubnetName>front"
            f"</SubnetName>{static}</IPConfiguration></IPConfigurations></NetworkInterface>"
            for number, static in (
                (1, ""),
                (2, "<StaticVirtualNetworkIPAddress>10.0.0.77</StaticVirtualNetworkIPAddress>"),
            )
        )
        + "</NetworkInterfaces>"
    )
    instance = element(driver.get(DEP), "RoleInstance")
    shown = re.findall(r"<NetworkInterface>(.*?)</NetworkInterface>", instance)
    assert [element(each, "Name") for each in shown] == ["nic1", "nic2"]
    for each in shown:
        assert re.fullmatch(
            r"<Name>nic.</Name><MacAddress>000D3A[0-9A-F]{6}</MacAddress><IPConfigurations><IPConfiguration>"
            r"<SubnetName>front</SubnetName><Address>[0-9.]+</Address></IPConfiguration></IPConfigurations>",
            each,
        )
    assert element(shown[1], "Address") == "10.0.0.77"
    assert len({element(each, "MacAddress") for each in shown}) == 2
    assert "MacAddress" not in element(driver.get(DEP, x_ms_version="2014-06-01"), "RoleInstance")


def test_public_addresses_of_instances_by_version() -> None:
    driver = _networked("<PublicIPs><PublicIP><Name>pub</Name></PublicIP></PublicIPs>")

    def shown(version: str) -> str:
        text = element(element(driver.get(DEP, x_ms_version=version), "RoleInstance"), "PublicIPs")
        return re.sub(r"<Address>[0-9.]+</Address>", "<Address/>", text)

    assert shown("2014-05-01") == "<PublicIP><Address/></PublicIP>"
    assert shown("2014-10-01") == "<PublicIP><Name>pub</Name><Address/></PublicIP>"
    assert shown("2015-04-01") == (
        '<PublicIP><Name>pub</Name><Address/><DomainNameLabel i:nil="true"/></PublicIP>'
    )
    labelled = _networked(
        "<PublicIPs><PublicIP><Name>pub</Name><DomainNameLabel>me</DomainNameLabel></PublicIP></PublicIPs>"
    )
    assert "<DomainNameLabel>me</DomainNameLabel>" in element(labelled.get(DEP), "RoleInstance")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_writes_refuse_the_name_of_a_group_before_they_look_for_it(method: str) -> None:
    driver = Driver()
    body = f"<UpdateAffinityGroup {BOTH}><Label>bA==</Label></UpdateAffinityGroup>" if method == "PUT" else ""
    invalid = (400, "BadRequest", "The affinity group name is invalid.")
    missing = (404, "ResourceNotFound", "The affinity group does not exist.")
    assert driver.refused(method, "affinitygroups/!NotValid$", body) == invalid
    assert driver.refused(method, "affinitygroups/unknown", body) == missing
    assert driver.refused("GET", "affinitygroups/!NotValid$") == missing


# The same rules in the recordings. Each counts what it held for, so that none holds for nothing.


@pytest.fixture(scope="module")
def instances(corpus: list[Exchange]) -> list[tuple[ET.Element, ET.Element]]:
    """Instances of machines with their roles."""
    found = []
    for each in corpus:
        if each["operation"] != "deployment.get_by_slot" or each["status"] != 200:
            continue
        if each["kind"] != "recorded" or each.get("hand_edited"):
            continue
        try:
            root = ET.fromstring(each["response_body"])  # noqa: S314 - our own files
        except ET.ParseError:
            continue
        roles = {
            role.findtext(f"{NAMESPACE}RoleName"): role
            for role in root.iter(f"{NAMESPACE}Role")
            if role.find(f"{NAMESPACE}OSVirtualHardDisk") is not None
        }
        for instance in root.iter(f"{NAMESPACE}RoleInstance"):
            role = roles.get(instance.findtext(f"{NAMESPACE}RoleName"))
            if role is not None:
                found.append((instance, role))
    return found


def _has(instance: ET.Element, name: str) -> bool:
    return instance.find(f"{NAMESPACE}{name}") is not None


@pytest.mark.corpus
def test_names_are_of_running_guests(instances: list[tuple[ET.Element, ET.Element]]) -> None:
    named = [each for each, _ in instances if _has(each, "HostName")]
    assert len(named) > 500
    assert {each.findtext(f"{NAMESPACE}PowerState") for each in named} == {"Started"}


@pytest.mark.corpus
def test_ready_windows_guests_have_names(instances: list[tuple[ET.Element, ET.Element]]) -> None:
    ready = [
        each
        for each, role in instances
        if each.findtext(f"{NAMESPACE}InstanceStatus") == "ReadyRole"
        and role.findtext(f"{NAMESPACE}OSVirtualHardDisk/{NAMESPACE}OS") == "Windows"
    ]
    assert len(ready) > 300
    assert all(_has(each, "HostName") for each in ready)


@pytest.mark.corpus
def test_certificates_come_after_names(instances: list[tuple[ET.Element, ET.Element]]) -> None:
    certified = [each for each, _ in instances if _has(each, "RemoteAccessCertificateThumbprint")]
    assert len(certified) > 300
    assert {
        each.findtext(f"{NAMESPACE}InstanceStatus") for each in certified if not _has(each, "HostName")
    } == {"StoppedDeallocated"}


@pytest.mark.corpus
def test_extensions_are_listed_by_ready_agents_only(instances: list[tuple[ET.Element, ET.Element]]) -> None:
    listed = [
        each.findtext(f"{NAMESPACE}GuestAgentStatus/{NAMESPACE}Status")
        for each, _ in instances
        if _has(each, "ResourceExtensionStatusList")
    ]
    assert len(listed) > 300
    assert set(listed) == {"Ready"}
    silent = [
        role
        for each, role in instances
        if each.findtext(f"{NAMESPACE}GuestAgentStatus/{NAMESPACE}Status") == "Ready"
        and not _has(each, "ResourceExtensionStatusList")
    ]
    # Only Windows agents without anything to report.
    assert all(not _has(role, "ResourceExtensionReferences") for role in silent)
