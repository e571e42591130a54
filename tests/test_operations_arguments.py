"""What is refused before anything is sent, and what goes out when it isn't."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from azure_iaas.errors import InvalidArgumentError
from azure_iaas.models import DataDisk, DeployOptions, VMRole
from azure_iaas.operations import REGISTRY, arguments
from azure_iaas.operations.naming import as_documented, as_python
from azure_iaas.operations.operation import Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.operations.naming import Names
    from azure_iaas.wire.messages import RawRequest

TERMS = Terms("sub", "2014-10-01", default_location="West US")
JSON = Terms("sub", "2014-10-01", serialization="JSON")
PREVIEW = Terms("sub", "2012-03-01", dialect="preview")
ENDPOINT = {"Name": "web", "Protocol": "tcp", "Port": "80", "LocalPort": "8080"}


def role(**changes: Any) -> dict[str, Any]:
    return {"RoleName": "r1", "OSDisk": {"SourceImageName": "image"}, **changes}


def windows(**changes: Any) -> dict[str, Any]:
    given = {"ConfigurationSetType": "ProvisioningConfiguration", "AdminPassword": "myAdminPwd1", **changes}
    return role(ConfigurationSets=[given])


def linux(**changes: Any) -> dict[str, Any]:
    given = {"ConfigurationSetType": "LinuxProvisioningConfiguration", "HostName": "h", **changes}
    return role(ConfigurationSets=[given])


def network(*endpoints: dict[str, Any]) -> dict[str, Any]:
    given = {"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": list(endpoints)}
    return role(ConfigurationSets=[given])


def build(name: str, *args: Any, terms: Terms = TERMS, **named: Any) -> RawRequest:
    return REGISTRY[name].build(terms, *args, **named).request


def deploy(vm_role: object, options: object = None, name: object = "dep") -> RawRequest:
    return build("CreateDeployment", "svc", name, vm_role, options)


def service(name: object, options: object = None) -> RawRequest:
    return build("CreateHostedService", name, options)


CAPTURE = {"PostCaptureActions": "Delete", "TargetImageLabel": "l", "TargetImageName": "n"}


def capture(options: object) -> RawRequest:
    return build("CaptureRoleInstance", "s", "d", "r", options)


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "service name with underscore": (lambda: service("a_b"), "create_hosted_service", "service_name"),
    "service name too long": (lambda: service("a" * 64), "create_hosted_service", "service_name"),
    "service name ends in hyphen": (lambda: service("ab-"), "create_hosted_service", "service_name"),
    "service name begins with digit": (lambda: service("1ab"), "create_hosted_service", "service_name"),
    "service name None": (lambda: service(None), "create_hosted_service", "service_name"),
    "label too long": (
        lambda: service("a", {"Label": "x" * 101}),
        "create_hosted_service",
        "options.label",
    ),
    "description too long": (
        lambda: service("a", {"Description": "x" * 1025}),
        "create_hosted_service",
        "options.description",
    ),
    "location and affinity group": (
        lambda: service("a", {"Location": "West US", "AffinityGroup": "g"}),
        "create_hosted_service",
        "options",
    ),
    "misspelt option": (
        lambda: service("a", {"Locaton": "West US"}),
        "create_hosted_service",
        "options",
    ),
    "unknown option": (lambda: service("a", {"Colour": "red"}), "create_hosted_service", "options"),
    "options of a wrong kind": (lambda: service("a", "West US"), "create_hosted_service", "options"),
    "deployment name": (lambda: deploy(role(), name="instance_B"), "create_deployment", "deployment_name"),
    "no role": (lambda: deploy(None), "create_deployment", "role"),
    "no role name": (lambda: deploy({"OSDisk": {}}), "create_deployment", "role.role_name"),
    "no disk": (lambda: deploy({"RoleName": "r"}), "create_deployment", "role.os_disk"),
    "disk without image": (
        lambda: deploy({"RoleName": "r", "OSDisk": {}}),
        "create_deployment",
        "role.os_disk",
    ),
    "slot": (
        lambda: deploy(role(), {"DeploymentSlot": "Middle"}),
        "create_deployment",
        "options.deployment_slot",
    ),
    "slot empty": (
        lambda: deploy(role(), {"DeploymentSlot": ""}),
        "create_deployment",
        "options.deployment_slot",
    ),
    "misspelt role property": (lambda: deploy(role(RoleSzie="Small")), "create_deployment", "role"),
    "nested misspelling": (
        lambda: deploy(network({**ENDPOINT, "LoclPort": 1})),
        "create_deployment",
        "role.configuration_sets[0].input_endpoints[0]",
    ),
    "number that is none": (
        lambda: deploy(network({**ENDPOINT, "Port": "http"})),
        "create_deployment",
        "role.configuration_sets[0].input_endpoints[0].port",
    ),
    "port too high": (
        lambda: deploy(network({**ENDPOINT, "LocalPort": "166535"})),
        "create_deployment",
        "role.configuration_sets[0].input_endpoints[0].local_port",
    ),
    "port zero": (
        lambda: deploy(network({**ENDPOINT, "Port": 0})),
        "create_deployment",
        "role.configuration_sets[0].input_endpoints[0].port",
    ),
    "no local port": (
        lambda: deploy(network({"Name": "a", "Protocol": "tcp"})),
        "create_deployment",
        "role.configuration_sets[0].input_endpoints[0].local_port",
    ),
    "protocol": (
        lambda: deploy(network({**ENDPOINT, "Protocol": "icmp"})),
        "create_deployment",
        "role.configuration_sets[0].input_endpoints[0].protocol",
    ),
    "endpoint twice": (
        lambda: deploy(network(ENDPOINT, {**ENDPOINT, "Port": 81})),
        "create_deployment",
        "role.configuration_sets[0].input_endpoints[1].name",
    ),
    "port twice": (
        lambda: deploy(network(ENDPOINT, {**ENDPOINT, "Name": "b"})),
        "create_deployment",
        "role.configuration_sets[0].input_endpoints[1].port",
    ),
    "two network sets": (
        lambda: deploy(role(ConfigurationSets=[{"ConfigurationSetType": "NetworkConfiguration"}] * 2)),
        "create_deployment",
        "role.configuration_sets",
    ),
    "computer name too long": (
        lambda: deploy(windows(MachineName="x" * 16)),
        "create_deployment",
        "role.configuration_sets[0].machine_name",
    ),
    "computer name all digits": (
        lambda: deploy(windows(ComputerName="12345")),
        "create_deployment",
        "role.configuration_sets[0].machine_name",
    ),
    "computer name with a dot": (
        lambda: deploy(windows(MachineName="a.b")),
        "create_deployment",
        "role.configuration_sets[0].machine_name",
    ),
    "password too short": (
        lambda: deploy(windows(AdminPassword="aB3")),
        "create_deployment",
        "role.configuration_sets[0].admin_password",
    ),
    "user name too long": (
        lambda: deploy(linux(UserName="x" * 33)),
        "create_deployment",
        "role.configuration_sets[0].user_name",
    ),
    "LUN twice": (
        lambda: deploy(role(DataDisks=[{"LogicalDiskSizeInGB": 1}, {"LogicalDiskSizeInGB": 1}])),
        "create_deployment",
        "role.data_disks[1].lun",
    ),
    "LUN out of range": (
        lambda: deploy(role(DataDisks=[{"LogicalDiskSizeInGB": 1, "LUN": 32}])),
        "create_deployment",
        "role.data_disks[0].lun",
    ),
    "no way to name a disk": (
        lambda: deploy(role(DataDisks=[{"LUN": 1}])),
        "create_deployment",
        "role.data_disks[0]",
    ),
    "disk too large": (
        lambda: deploy(role(DataDisks=[{"LogicalDiskSizeInGB": 1024}])),
        "create_deployment",
        "role.data_disks[0].logical_disk_size_in_gb",
    ),
    "contradicting caches": (
        lambda: build("AddDataDisk", "s", "d", "r", {"DisableReadCache": True, "EnableWriteCache": True}),
        "add_data_disk",
        "data_disk",
    ),
    "LUN of another kind": (
        lambda: build("RemoveDataDisk", "s", "d", "r", True, delete_media=False),
        "remove_data_disk",
        "lun",
    ),
    "LUN that is a word": (
        lambda: build("ModifyDataDisk", "s", "d", "r", "first", {}),
        "modify_data_disk",
        "lun",
    ),
    "another role": (
        lambda: build("ModifyRole", "s", "d", "r2", role()),
        "modify_role",
        "role.role_name",
    ),
    "provisioning again": (
        lambda: build("ModifyRole", "s", "d", "r1", windows()),
        "modify_role",
        "role.configuration_sets",
    ),
    "shutdown action": (
        lambda: build("ShutdownRoleInstance", "s", "d", "r", post_shutdown_action="Off"),
        "shutdown_role_instance",
        "post_shutdown_action",
    ),
    "no capture options": (lambda: capture(None), "capture_role_instance", "options"),
    "capture action": (
        lambda: capture({**CAPTURE, "PostCaptureActions": "Keep"}),
        "capture_role_instance",
        "options.post_capture_actions",
    ),
    "reprovision without configuration": (
        lambda: capture({**CAPTURE, "PostCaptureActions": "Reprovision"}),
        "capture_role_instance",
        "options.provisioning_configuration",
    ),
    "capture without name": (
        lambda: capture({"PostCaptureActions": "Delete", "TargetImageLabel": "l"}),
        "capture_role_instance",
        "options.target_image_name",
    ),
    "image name": (
        lambda: build("CreateOSImage", "a b", "http://x/y.vhd", None),
        "create_os_image",
        "image_name",
    ),
    "no media link": (
        lambda: build("CreateOSImage", "a", "", None),
        "create_os_image",
        "media_link",
    ),
    "image OS": (
        lambda: build("CreateOSImage", "a", "http://x", {"OS": "BeOS"}),
        "create_os_image",
        "options.os",
    ),
    "storage account name": (
        lambda: build("CreateStorageAccount", "Ab", None),
        "create_storage_account",
        "service_name",
    ),
    "slot to read": (
        lambda: build("GetDeploymentBySlot", "s", "Middle"),
        "get_deployment_by_slot",
        "deployment_slot",
    ),
    "one name where a list belongs": (
        lambda: build("StartRoles", "s", "d", "role1"),
        "start_roles",
        "role_names",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_argument_is_refused_naming_method_and_argument(case: str) -> None:
    call, method, argument = REFUSED[case]
    with pytest.raises(InvalidArgumentError) as caught:
        call()
    assert (caught.value.method, caught.value.argument) == (method, argument)
    assert caught.value.rule
    assert str(caught.value) == f"{method}: {argument}: {caught.value.rule}"


def test_a_refused_password_is_never_repeated() -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        deploy(windows(AdminPassword="pw1"))
    assert "pw1" not in str(caught.value)
    with pytest.raises(InvalidArgumentError) as nested:
        deploy(windows(AdminPassword={"a": "Sup3rSecret"}))
    assert "Sup3rSecret" not in str(nested.value)
    assert nested.value.__cause__ is None
    assert nested.value.__context__ is None


def test_defaults_of_a_hosted_service_are_the_documented_ones() -> None:
    call = build("CreateHostedService", "svc", None)
    body = call.body
    assert (
        b"<ServiceName>svc</ServiceName><Label>c3Zj</Label><Description>Service host</Description>"
        b"<Location>West US</Location>"
    ) in body


def test_an_affinity_group_replaces_the_default_location() -> None:
    call = build("CreateHostedService", "svc", {"AffinityGroup": "g"})
    body = call.body
    assert b"<AffinityGroup>g</AffinityGroup>" in body
    assert b"Location" not in body


def test_defaults_of_a_deployment_are_the_documented_ones() -> None:
    body = build("CreateDeployment", "svc", "dep", role(), None).body
    assert b"<Name>dep</Name><DeploymentSlot>Production</DeploymentSlot><Label>dep</Label><RoleList>" in body
    assert b"<RoleType>PersistentVMRole</RoleType>" in body
    assert b"UpgradeDomainCount" not in body


def test_options_as_an_object_and_in_any_case() -> None:
    options = DeployOptions(deployment_slot="staging", upgrade_domain_count=2)
    body = build("CreateDeployment", "svc", "dep", role(), options).body
    assert b"<DeploymentSlot>Staging</DeploymentSlot>" in body
    assert b"<UpgradeDomainCount>2</UpgradeDomainCount><RoleList>" in body


def test_a_disk_stays_at_its_lun_unless_moved() -> None:
    caching = build("ModifyDataDisk", "s", "d", "r", "3", {"HostCaching": "None"})
    assert caching.target.endswith("/DataDisks/3")
    assert b"<Lun>3</Lun>" in caching.body
    moved = build("ModifyDataDisk", "s", "d", "r", 3, DataDisk(lun=5))
    assert moved.target.endswith("/DataDisks/3")
    assert b"<Lun>5</Lun>" in moved.body


def test_a_role_read_and_written_back_leaves_out_what_only_the_service_says() -> None:
    read = VMRole.model_validate(
        {
            "RoleName": "r1",
            "OSVirtualHardDisk": {"DiskName": "d", "IOType": "Standard"},
            "DataVirtualHardDisks": [{"DiskName": "e", "IOType": "Standard", "Lun": 1}],
        }
    )
    body = build("ModifyRole", "s", "d", "r1", read).body
    assert b"IOType" not in body
    assert read.os_disk is not None
    assert read.os_disk.io_type == "Standard"


def test_an_image_is_linux_unless_said_and_drops_what_ga_lacks() -> None:
    options = {"Category": "c", "Location": "l", "RoleSize": "Small"}
    ga = build("CreateOSImage", "img", "http://x/y.vhd", options).body
    assert (
        b"<Label>img</Label><MediaLink>http://x/y.vhd</MediaLink><Name>img</Name><OS>Linux</OS>"
        b"<RecommendedVMSize>Small</RecommendedVMSize></OSImage>"
    ) in ga
    assert (
        b"<Category>c</Category><Label>img</Label><Location>l</Location><MediaLink>http://x/y.vhd</MediaLink>"
        b"<Name>img</Name><RoleSize>Small</RoleSize></OSImage>"
    ) in build("CreateOSImage", "img", "http://x/y.vhd", options, terms=PREVIEW).body


def test_role_operations_name_themselves_in_ga_only() -> None:
    ga = build("RestartRoleInstance", "s", "d", "r")
    assert b"<OperationType>RestartRoleOperation</OperationType>" in ga.body
    preview = build("RestartRoleInstance", "s", "d", "r", terms=PREVIEW)
    assert preview.body.startswith(b"<RestartRoleOperation ")
    assert b"OperationType" not in preview.body


# --- one place for all arguments ------------------------------------------------------------------------

ROLE_WITH_A_BAD_LINK = {"RoleName": "r", "OSVirtualHardDisk": {"SourceImageName": "i", "MediaLink": "\x07"}}


@pytest.mark.parametrize(
    ("names", "method", "argument"),
    [
        (as_python, "create_deployment", "role.os_disk.media_link"),
        (as_documented, "CreateDeployment", "VMRole.OSDisk.MediaLink"),
    ],
)
def test_an_error_spells_the_whole_path_as_its_caller_does(names: Names, method: str, argument: str) -> None:
    role = VMRole.model_validate(ROLE_WITH_A_BAD_LINK)
    for given in (ROLE_WITH_A_BAD_LINK, role, role.model_dump()):
        values = {"service_name": "s", "deployment_name": "d", "role": given, "options": None}
        with pytest.raises(InvalidArgumentError, match=r"U\+0007") as caught:
            REGISTRY["CreateDeployment"].build_from(TERMS, values, names)
        assert (caught.value.method, caught.value.argument) == (method, argument)
        assert caught.value.operation == "CreateDeployment"


def test_what_only_writing_shows_is_named_too() -> None:
    options = {"PublishedDate": datetime.max.replace(tzinfo=timezone(-timedelta(hours=9)))}
    with pytest.raises(InvalidArgumentError, match="years 1 to 9999") as caught:
        build("CreateOSImage", "img", "http://x/y.vhd", options)
    assert caught.value.argument == "options.published_date"


def test_every_parameter_is_checked_by_its_annotation() -> None:
    kinds = set(arguments._KINDS)
    for operation in REGISTRY.values():
        for parameter in operation.signature.parameters.values():
            assert parameter.annotation in kinds or "Mapping[str, Any]" in parameter.annotation, (
                operation.name
            )


def deep() -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(500):
        value = {"Unknown": value, "Label": [value]}
    return value


def appended() -> VMRole:
    role_ = VMRole.model_validate(role())
    role_.data_disks.append("text")  # type: ignore[arg-type]
    return role_


class Odd:
    def __str__(self) -> str:
        raise RuntimeError


ODD_DISKS: list[Any] = ["x", 7, [None], [7], [{"LUN": 10**30}], {"LUN": "x"}, [{}, {}]]
ODD_LABELS: list[Any] = [{}, [], Odd(), b"x", "\ud800", 10**5000, float("nan"), SecretStr("\x00")]
ODD_VALUES: list[Any] = [{"a b": 1}, [Odd()], b"x", "\ud800", deep(), {1: {2: 3}}, Decimal(1)]
UNCHECKED: dict[str, Any] = {"role_name": 7, "data_disks": None, "label": 3}
ODD_SETS: list[Any] = [
    "x",
    [None],
    [7],
    [{}],
    [{"ConfigurationSetType": 7}],
    [{"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": "x"}],
    [{"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": [{"Name": 7, "LocalPort": -1}]}],
    [{"ConfigurationSetType": "NetworkConfiguration", "SubnetNames": [None, 7]}],
    [{"ConfigurationSetType": "ProvisioningConfiguration", "AdminPassword": {}}],
]
ROLE_PARTS: list[dict[str, Any]] = [
    *({"DataDisks": value} for value in ODD_DISKS),
    *({"ConfigurationSets": value} for value in ODD_SETS),
]

WRONG: list[Any] = [
    *(
        None,
        "",
        " ",
        "..",
        "a/b",
        "\x07",
        "\ud800",
        "a\u2028",
        "x" * 5000,
        "9" * 5000,
        b"bytes",
        object(),
        Odd(),
    ),
    *(
        True,
        -1,
        0,
        1,
        10**5000,
        1.5,
        float("nan"),
        float("inf"),
        1j,
        {},
        [],
        (),
        set(),
        deep,
        deep(),
        appended(),
    ),
    *(
        [""],
        [None],
        ["\ud800"],
        [Odd()],
        {"a": 1},
        {1: 2},
        {"Name": "a", "name": "b"},
        [{}],
        [[]],
        [{"Name": {}}],
    ),
    *(datetime.min, datetime.max, datetime.max.replace(tzinfo=timezone(-timedelta(hours=9))), date.min),
    *(SecretStr(""), SecretStr("\x00"), Decimal("NaN"), DataDisk(), VMRole(), DeployOptions(label="\x01")),
    *({"Label": value} for value in ODD_LABELS),
    *({"Unknown": value} for value in ODD_VALUES),
    *({"a b": 1}, {"": 1}, {"<x>": 1}, {"Label": "l", "Name": "n", "DataDisks": [appended()]}, appended),
    *(VMRole.model_construct(**{name: value}) for name, value in UNCHECKED.items()),
    *({"RoleName": "r", "OSDisk": {"SourceImageName": "i"}, **each} for each in ROLE_PARTS),
]

USABLE: dict[str, Any] = {
    "str": "Production",
    "str | None": "text",
    "str | SecretStr | None": "pw",
    "bool": True,
    "int | str": 3,
    "datetime": datetime(2013, 1, 1, tzinfo=UTC),
    "Sequence[str]": ["a"],
}


@pytest.mark.parametrize("terms", [TERMS, PREVIEW, JSON], ids=["ga", "preview", "json"])
@pytest.mark.parametrize("name", REGISTRY)
def test_any_wrong_value_is_refused_as_such(name: str, terms: Terms) -> None:
    operation = REGISTRY[name]
    parameters = operation.signature.parameters.values()
    usable = {each.name: USABLE.get(each.annotation, role()) for each in parameters}
    refused: list[InvalidArgumentError] = []
    for parameter in parameters:
        for value in WRONG:
            try:
                operation.build_from(terms, {**usable, parameter.name: value})
            except InvalidArgumentError as error:
                refused.append(error)
    assert len(refused) >= 10 * len(parameters)
    for each in refused:
        assert each.method == operation.method_name
        assert each.rule
        assert each.__context__ is None
    with pytest.raises(TypeError, match=operation.method_name):
        operation.build(terms, *usable.values(), "one more", "and another")
    with pytest.raises(TypeError, match=operation.method_name):
        operation.build(terms, colour="red")


def test_too_many_arguments_are_told_which_there_are() -> None:
    rule = r"create_hosted_service: too many positional arguments; it takes \(service_name, options=None\)"
    with pytest.raises(TypeError, match=rule):
        REGISTRY["CreateHostedService"].build(TERMS, "svc", None, "more")


@pytest.mark.parametrize("key", [1, None, b"Label", Odd()])
def test_a_name_of_an_element_is_a_text(key: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="names of elements are texts"):
        build("CreateHostedService", "svc", {key: "x"})
    changed = VMRole.model_validate(role())
    changed.Later = {key: "x"}
    with pytest.raises(InvalidArgumentError, match="no name of an element"):
        build("AddRole", "s", "d", changed)


def test_a_query_is_written_as_documents_are() -> None:
    start = datetime(2013, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    target = build("ListSubscriptionOperations", start, start + timedelta(days=1)).target
    assert "StartTime=2012-12-31T23%3A00%3A00Z&EndTime=2013-01-01T23%3A00%3A00Z" in target
    for wrong in (object(), 7, ["a"], {"a": 1}, b"x"):
        with pytest.raises(InvalidArgumentError, match="object_id_filter: a string or None"):
            build("ListSubscriptionOperations", start, start, object_id_filter=wrong)


@pytest.mark.parametrize("value", [{"a": 1}, ["x"], {"x"}, object()], ids=["dict", "list", "set", "object"])
@pytest.mark.parametrize("attribute", list(VMRole.model_fields))
def test_what_was_put_beside_a_models_checks_is_checked_before_it_is_written(
    attribute: str, value: object
) -> None:
    role = VMRole.model_validate({"RoleName": "r", "OSDisk": {"SourceImageName": "i"}})
    role = role.model_copy(update={attribute: value})
    with pytest.raises(InvalidArgumentError):
        REGISTRY["AddRole"].build(Terms("s", "2014-10-01"), "s", "d", role)
