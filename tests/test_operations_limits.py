"""Each row of the table of limits holds for what goes out, and names element and rule."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.errors import InvalidArgumentError
from azure_iaas.models import NetworkConfiguration, VMRole
from azure_iaas.operations import REGISTRY, limits
from azure_iaas.operations.limits import LIMITS, Base64, Between, Length, Matching, OneOf
from azure_iaas.operations.naming import as_documented
from azure_iaas.operations.operation import Terms
from azure_iaas.wire import codecs

if TYPE_CHECKING:
    from azure_iaas.models import AzureModel

TERMS = Terms("sub", "2015-10-01", default_location="West US")


def body(name: str, *args: Any, **named: Any) -> bytes:
    return REGISTRY[name].build(TERMS, *args, **named).request.body


def role(*, data_disks: Any = (), size: str | None = None, **elements: Any) -> dict[str, Any]:
    made = {"RoleName": "r1", "OSDisk": {"SourceImageName": "i"}, "DataDisks": list(data_disks), **elements}
    return {**made, "RoleSize": size} if size else made


def endpoint(**elements: Any) -> dict[str, Any]:
    return {"Name": "web", "LocalPort": 80, "Port": 80, "Protocol": "tcp", **elements}


def network(*endpoints: Any, **elements: Any) -> dict[str, Any]:
    made = {"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": list(endpoints), **elements}
    return role(ConfigurationSets=[made])


def linux(**elements: Any) -> dict[str, Any]:
    return role(ConfigurationSets=[{"ConfigurationSetType": "LinuxProvisioningConfiguration", **elements}])


def windows(**elements: Any) -> dict[str, Any]:
    return role(ConfigurationSets=[{"ConfigurationSetType": "WindowsProvisioningConfiguration", **elements}])


def disks(*luns: int) -> list[dict[str, int]]:
    return [{"LUN": lun, "LogicalDiskSizeInGB": 1} for lun in luns]


SET = "role.configuration_sets[0]"
ENDPOINT = f"{SET}.input_endpoints[0]"
PROBE = {"Protocol": "tcp", "Port": 80}
RULE = {"Order": 0, "Action": "permit", "RemoteSubnet": "10.0.0.0/8"}
LONG = b64encode(bytes(65_536)).decode()

REFUSED: dict[str, tuple[Any, str, str]] = {
    "custom data as it is": (
        linux(CustomData="#!/bin/sh\necho hi"),
        f"{SET}.custom_data",
        "base64 of at most 65,535",
    ),
    "custom data too long": (
        windows(CustomData=LONG),
        f"{SET}.custom_data",
        "base64 of at most 65,535 bytes",
    ),
    "user name": (linux(UserName=""), f"{SET}.user_name", "1 to 32 characters"),
    "host name": (linux(HostName="h" * 65), f"{SET}.host_name", "1 to 64 characters"),
    "password": (windows(AdminPassword="short"), f"{SET}.admin_password", "6 to 72"),
    "computer name": (windows(ComputerName="123"), f"{SET}.machine_name", "not only digits"),
    "listener": (
        windows(WinRM={"Listeners": [{"Protocol": "ssh"}]}),
        f"{SET}.win_rm.listeners[0].protocol",
        "'Http' or 'Https' is required",
    ),
    "no local port": (network({"Name": "a", "Protocol": "tcp"}), f"{ENDPOINT}.local_port", "missing"),
    "no protocol": (network({"Name": "a", "LocalPort": 1}), f"{ENDPOINT}.protocol", "missing"),
    "idle time-out": (
        network(endpoint(IdleTimeoutInMinutes=3)),
        f"{ENDPOINT}.idle_timeout_in_minutes",
        "4 to 30",
    ),
    "distribution": (
        network(endpoint(LoadBalancerDistribution="random")),
        f"{ENDPOINT}.load_balancer_distribution",
        "'sourceIP'",
    ),
    "probe without a port": (
        network(endpoint(LoadBalancerProbe={"Protocol": "tcp", "IntervalInSeconds": 20})),
        f"{ENDPOINT}.load_balancer_probe.port",
        "it is missing",
    ),
    "probe by udp": (
        network(endpoint(LoadBalancerProbe={**PROBE, "Protocol": "udp"})),
        f"{ENDPOINT}.load_balancer_probe.protocol",
        "'http' or 'tcp' is required",
    ),
    "rule without an order": (
        network(endpoint(EndpointAcl={"Rules": [{"Action": "deny", "RemoteSubnet": "0.0.0.0/0"}]})),
        f"{ENDPOINT}.endpoint_acl.rules[0].order",
        "it is missing",
    ),
    "rule of no action": (
        network(endpoint(EndpointAcl={"Rules": [{**RULE, "Action": "drop"}]})),
        f"{ENDPOINT}.endpoint_acl.rules[0].action",
        "'permit' or 'deny' is required",
    ),
    "rule about no subnet": (
        network(endpoint(EndpointAcl={"Rules": [{**RULE, "RemoteSubnet": "everyone"}]})),
        f"{ENDPOINT}.endpoint_acl.rules[0].remote_subnet",
        "CIDR",
    ),
    "static address": (
        network(StaticVirtualNetworkIPAddress="10.0.0"),
        f"{SET}.static_virtual_network_ip_address",
        "an IP address is required",
    ),
    "two public addresses": (
        network(PublicIPs=[{"Name": "a"}, {"Name": "b"}]),
        f"{SET}.public_ips",
        "at most one public address",
    ),
    "LUN of a small size": (
        role(data_disks=disks(16)),
        "role.data_disks[0].lun",
        "0 to 15 is required: size Small",
    ),
    "LUN of a large size": (
        role(data_disks=disks(32), size="Standard_D14"),
        "role.data_disks[0].lun",
        "0 to 15 is required, or to 31 for sizes with more than 16 data disks",
    ),
    "more disks than the size takes": (
        role(data_disks=disks(0, 1, 2)),
        "role.data_disks",
        "size Small takes at most 2 data disks",
    ),
    "LUN that is a word": (
        role(data_disks=[{"LUN": "abc"}]),
        "role.data_disks[0].lun",
        "a whole number is required",
    ),
    "size with a unit": (
        role(data_disks=[{"LogicalDiskSizeInGB": "10GB"}]),
        "role.data_disks[0].logical_disk_size_in_gb",
        "a whole number is required",
    ),
    "no name": ({"OSDisk": {"SourceImageName": "i"}}, "role.role_name", "it is missing: 1 to 64 letters"),
    "disk name": (role(OSDisk={"DiskName": "a b"}), "role.os_disk.disk_name", "1 to 256 letters"),
    "operating system": (
        role(OSDisk={"MediaLink": "http://x", "OS": "BeOS"}),
        "role.os_disk.os",
        "'Linux' or 'Windows' is required",
    ),
    "port of one address twice": (
        network(endpoint(LoadBalancerName="in"), endpoint(Name="b", LoadBalancerName="IN")),
        f"{SET}.input_endpoints[1].port",
        "used twice at one address",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_service_certainly_refuses_is_refused_before_it_is_sent(case: str) -> None:
    given, argument, rule = REFUSED[case]
    with pytest.raises(InvalidArgumentError) as caught:
        body("AddRole", "s", "d", given)
    assert caught.value.argument == argument
    assert rule in caught.value.rule


TAKEN: dict[str, Any] = {
    "custom data of 65,535 bytes": linux(CustomData=b64encode(bytes(65_535)).decode()),
    "custom data, wrapped": linux(CustomData="YWJj\nZGVm\n"),
    "a port of two addresses": network(endpoint(), endpoint(Name="b", VirtualIPName="second")),
    "a port outside and inside": network(endpoint(), endpoint(Name="b", LoadBalancerName="inside")),
    "a port of two protocols": network(endpoint(), endpoint(Name="b", Protocol="UDP")),
    "LUN 31 of a large size": role(data_disks=disks(31), size="Standard_D14"),
    "LUN 31 of an unknown size": role(data_disks=disks(*range(20), 31), size="Standard_X1"),
    "probe and rules": network(endpoint(LoadBalancerProbe=PROBE, EndpointAcl={"Rules": [RULE]})),
    "address without a mask": network(
        endpoint(EndpointAcl={"Rules": [{**RULE, "RemoteSubnet": "10.0.0.1"}]})
    ),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_the_service_may_take_is_sent(case: str) -> None:
    assert body("AddRole", "s", "d", TAKEN[case])


@pytest.mark.parametrize(
    ("name", "args", "argument"),
    [
        (
            "CreateHostedService",
            ("s", {"ExtendedProperties": [{"Value": "v"}]}),
            "options.extended_properties[0].name",
        ),
        (
            "UpdateHostedService",
            ("s", {"ExtendedProperties": [{"Name": "n", "Value": "v" * 256}]}),
            "changes.extended_properties[0].value",
        ),
        ("UpdateStorageAccount", ("s", {"Description": "d" * 1025}), "changes.description"),
        ("CreateAffinityGroup", ("a", "West US"), "label"),
        ("AddDNSServer", ("s", "d", "dns1", "nowhere"), "address"),
        ("CreateDisk", ({"Name": "n", "MediaLink": "http://x", "OS": "BeOS"},), "disk.os"),
        ("UpdateLoadBalancedSet", ("s", "d", [endpoint(Port=0)]), "endpoints[0].port"),
    ],
)
def test_every_document_is_held_to_the_table(name: str, args: tuple[Any, ...], argument: str) -> None:
    more = {"label": "l" * 101} if argument == "label" else {}
    known = {each.lower(): each for each in REGISTRY}
    with pytest.raises(InvalidArgumentError) as caught:
        body(known[name.lower()], *args, **more)
    assert caught.value.argument == argument


def test_a_callback_s_caller_reads_documented_names() -> None:
    operation = REGISTRY["AddRole"]
    values = {"service_name": "s", "deployment_name": "d", "role": linux(CustomData="#")}
    with pytest.raises(InvalidArgumentError) as caught:
        operation.build_from(TERMS, values, as_documented)
    assert caught.value.argument == "VMRole.ConfigurationSets[0].CustomData"
    assert "#" not in caught.value.rule


def every_row() -> list[tuple[type[AzureModel], str]]:
    return [(model, attribute) for model, rows in LIMITS.items() for attribute in rows]


@pytest.mark.parametrize(("model", "attribute"), every_row())
def test_a_row_is_about_an_element_that_goes_out(model: type[AzureModel], attribute: str) -> None:
    fields = {each.attribute: each for each in codecs.plan(model).by_name.values()}
    assert not fields[attribute].output_only
    limit = LIMITS[model][attribute]
    assert str(limit.rule)
    assert limit.source.split(".")[0] in {"10", "12", "14"}


@pytest.mark.parametrize(
    ("rule", "kept", "not_kept"),
    [
        (Length(1, 3), ["a", "abc"], ["", "abcd"]),
        (Length(0, 1, "item"), [[], [1]], [[1, 2]]),
        (Between(4, 30), [4, 30], [3, 31, "4", None]),
        (OneOf(("tcp",)), ["tcp", "TCP", " tcp "], ["", "tcpx"]),
        (Base64(3), ["YWJj", "", "YW\nJj"], ["YWJjZA==", "YWJ", "a b!"]),
        (limits.Address(), ["10.0.0.1", "::1"], ["10.0.0", "10.0.0.0/8", ""]),
        (limits.Network(), ["10.0.0.0/8", "10.0.0.1", "10.0.0.1/8"], ["10", "10.0.0.0/33", "x"]),
    ],
)
def test_rules_at_their_edges(rule: limits.Rule, kept: list[object], not_kept: list[object]) -> None:
    assert all(rule.allows(each) for each in kept)
    assert not any(rule.allows(each) for each in not_kept)


def test_what_an_answer_said_oddly_is_no_limit_s_business() -> None:
    odd = b"<InputEndpoint><LocalPort>many</LocalPort><Name>a</Name><Protocol>tcp</Protocol></InputEndpoint>"
    answer = b"<PersistentVMRole><RoleName>r</RoleName><ConfigurationSets><ConfigurationSet>"
    answer += b"<ConfigurationSetType>NetworkConfiguration</ConfigurationSetType><InputEndpoints>"
    answer += odd + b"</InputEndpoints></ConfigurationSet></ConfigurationSets></PersistentVMRole>"
    read = codecs.decode(VMRole, answer, root="PersistentVMRole")
    assert isinstance(read.configuration_sets[0], NetworkConfiguration)
    assert b"<LocalPort>many</LocalPort>" in body("ModifyRole", "s", "d", "r", read)


def test_names_have_rules() -> None:
    assert all(isinstance(each, Matching) for each in limits.NAMES.values())


@pytest.mark.parametrize("lun", [32, 99, 2**40])
def test_a_lun_too_high_is_told_the_rule_of_the_size(lun: int) -> None:
    rule = "a number from 0 to 15 is required, or to 31 for sizes with more than 16 data disks"
    for call, args in (
        ("AddRole", (role(data_disks=disks(lun)),)),
        ("AddDataDisk", ("r", disks(lun)[0])),
        ("ModifyDataDisk", ("r", 0, disks(lun)[0])),
        ("RemoveDataDisk", ("r", lun)),
    ):
        with pytest.raises(InvalidArgumentError) as caught:
            body(call, "s", "d", *args)
        assert caught.value.rule == rule
        assert caught.value.argument.endswith("lun")
