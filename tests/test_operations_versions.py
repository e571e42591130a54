"""Which ``x-ms-version`` a request goes out with, and what is refused because another was chosen."""

from __future__ import annotations

from typing import Any

import pytest

from azure_iaas import InvalidArgumentError, ServiceManagementClient
from azure_iaas.callback import createServiceManagementService
from azure_iaas.operations import REGISTRY, versions
from azure_iaas.operations.naming import as_documented
from azure_iaas.operations.operation import Terms
from azure_iaas.wire import codecs
from azure_iaas.wire.messages import RawRequest, RawResponse
from tools import coverage_page

ROLE: dict[str, Any] = {"RoleName": "r", "OSDisk": {"SourceImageName": "i"}}


def network(**changes: Any) -> dict[str, Any]:
    return {**ROLE, "ConfigurationSets": [{"ConfigurationSetType": "NetworkConfiguration", **changes}]}


SET = "configuration_sets[0]"
# Operation, its arguments, the version they need by "Known values of x-ms-version" (protocol.md 2.3), and
# which argument needs it; none when the operation itself does.
NEEDS: list[tuple[str, tuple[Any, ...], dict[str, Any], str, str]] = [
    ("GetDeployment", ("s", "d"), {}, "2009-10-01", ""),
    ("GetRole", ("s", "d", "r"), {}, "2012-03-01", ""),
    ("ListRoleSizes", (), {}, "2013-08-01", ""),
    ("ListVMImages", (), {}, "2014-05-01", ""),
    ("ShutdownRoles", ("s", "d", ["r"]), {}, "2013-06-01", ""),
    ("AssociateReservedIP", ("n", "s", "d"), {}, "2015-02-01", ""),
    (
        "ShutdownRoleInstance",
        ("s", "d", "r"),
        {"post_shutdown_action": "StoppedDeallocated"},
        "2013-06-01",
        "post_shutdown_action",
    ),
    ("DeleteRole", ("s", "d", "r"), {"delete_media": True}, "2013-08-01", "delete_media"),
    ("DeleteHostedService", ("s",), {"delete_media": True}, "2013-08-01", "delete_media"),
    ("DeleteDisk", ("d",), {"delete_media": True}, "2012-08-01", "delete_media"),
    ("UpdateDisk", ("d", {"ResizedSizeInGB": 50}), {}, "2014-10-01", "changes.resized_size_in_gb"),
    ("CreateOSImage", ("i", "http://x/y", {"Eula": "e"}), {}, "2012-08-01", "options.eula"),
    ("CreateOSImage", ("i", "http://x/y", {"Language": "l"}), {}, "2013-03-01", "options.language"),
    ("CreateHostedService", ("s", {"ReverseDnsFqdn": "x."}), {}, "2014-06-01", "options.reverse_dns_fqdn"),
    ("AddRole", ("s", "d", {"RoleName": "r", "VMImageName": "v"}), {}, "2014-02-01", "role.vm_image_name"),
    (
        "AddRole",
        ("s", "d", network(PublicIPs=[{"Name": "p", "DomainNameLabel": "l"}])),
        {},
        "2015-03-01",
        f"role.{SET}.public_ips[0].domain_name_label",
    ),
    (
        "CreateDeployment",
        ("s", "d", network(StaticVirtualNetworkIPAddress="10.0.0.4")),
        {},
        "2013-11-01",
        f"role.{SET}.static_virtual_network_ip_address",
    ),
    (
        "CreateDeployment",
        ("s", "d", ROLE, {"ReservedIPName": "ip"}),
        {},
        "2014-05-01",
        "options.reserved_ip_name",
    ),
    (
        "CreateDeployment",
        ("s", "d", {"RoleName": "r", "OSDisk": {"RemoteSourceImageLink": "http://x"}}),
        {},
        "2014-05-01",
        "role.os_disk.remote_source_image_link",
    ),
]


def day_before(version: str) -> str:
    year, month, day = version.split("-")
    return f"{year}-{month}-{int(day) - 1:02}" if int(day) > 1 else f"{int(year) - 1}-{month}-28"


@pytest.mark.parametrize(("name", "args", "named", "version", "argument"), NEEDS)
def test_a_request_says_the_version_it_needs(
    name: str, args: tuple[Any, ...], named: dict[str, Any], version: str, argument: str
) -> None:
    for default in ("2009-10-01", "2012-03-01", "2014-10-01", "2017-01-01"):
        request = REGISTRY[name].build(Terms("sub", default), *args, **named).request
        assert request.headers["x-ms-version"] == max(default, version)
    chosen = Terms("sub", version, version_chosen=True)
    assert REGISTRY[name].build(chosen, *args, **named).request.headers["x-ms-version"] == version
    older = Terms("sub", day_before(version), version_chosen=True)
    with pytest.raises(InvalidArgumentError) as caught:
        REGISTRY[name].build(older, *args, **named)
    assert caught.value.argument == argument
    rule = f"needs apiversion {version} or newer, this client sends {day_before(version)}"
    assert caught.value.rule == rule
    place = f"{argument}: " if argument else ""
    assert str(caught.value) == f"{REGISTRY[name].method_name}: {place}{rule}"
    values = REGISTRY[name].signature.bind(*args, **named)
    values.apply_defaults()
    with pytest.raises(InvalidArgumentError, match=f"{name}: .*{version}"):
        REGISTRY[name].build_from(older, values.arguments, as_documented)


class Recorder:
    def __init__(self) -> None:
        self.requests: list[RawRequest] = []

    async def send(self, request: RawRequest) -> RawResponse:
        self.requests.append(request)
        return RawResponse(202, {"x-ms-request-id": "1" * 32})


@pytest.mark.anyio
async def test_the_client_refuses_before_sending_only_when_a_version_was_chosen() -> None:
    recorder = Recorder()
    client = ServiceManagementClient("sub", transport=recorder)
    await client.associate_reserved_ip("ip", "s", "d")
    await client.delete_role("s", "d", "r")
    assert [request.headers["x-ms-version"] for request in recorder.requests] == ["2015-02-01", "2014-10-01"]
    chosen = ServiceManagementClient("sub", transport=recorder, api_version="2014-10-01")
    with pytest.raises(
        InvalidArgumentError, match="needs apiversion 2015-02-01 or newer, this client sends 2014"
    ):
        await chosen.associate_reserved_ip("ip", "s", "d")
    assert len(recorder.requests) == 2


def test_a_callback_method_refuses_at_the_call() -> None:
    with createServiceManagementService(
        "sub", None, {"apiversion": "2012-03-01"}, transport=Recorder()
    ) as iaas:
        with pytest.raises(InvalidArgumentError, match="ShutdownRoles: needs apiversion 2013-06-01 or newer"):
            iaas.ShutdownRoles("s", "d", ["r"], lambda rsp: None)


def test_client_and_local_service_know_an_operation_from_the_same_version() -> None:
    for name, operation in REGISTRY.items():
        route = coverage_page.route_of(operation)
        assert route is not None
        assert route.version == operation.since, name


def test_every_element_of_the_table_is_a_field() -> None:
    for cls, elements in versions.ELEMENTS.items():
        known = {field.attribute for field in codecs.plan(cls).by_name.values()}
        assert elements.keys() <= known, cls
