"""Data objects: names, both vocabularies, strings for numbers, caching, secrets."""

from __future__ import annotations

import ast
import copy
import inspect
import logging
import pickle
import re
import textwrap
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from azure_iaas import models
from azure_iaas.errors import ProtocolError
from azure_iaas.models import documents, options
from azure_iaas.models.base import element, names_of
from azure_iaas.wire import codecs
from azure_iaas.wire.messages import Dialect
from tests import strategies

ALL = strategies.all_models()
SECRET = "hunter2-the-secret"


# --- names -------------------------------------------------------------------------------------------------


def snake_case(documented: str) -> str:
    """The rule: a word is a capital and its small letters, or a run of capitals; a plural keeps its s."""
    words = re.findall(
        r"WinRm|WinRM|(?:VM|IP|OS)s?(?=[A-Z]|$)|[A-Z]+(?=[A-Z][a-z]|$)|[A-Z][a-z0-9]*|[a-z0-9]+",
        documented,
    )
    return "_".join("win_rm" if word.lower() == "winrm" else word.lower() for word in words)


@pytest.mark.parametrize(
    ("documented", "attribute"),
    [
        ("LogicalDiskSizeInGB", "logical_disk_size_in_gb"),
        ("OSDisk", "os_disk"),
        ("LUN", "lun"),
        ("ID", "id"),
        ("VMImageName", "vm_image_name"),
        ("DataDisks", "data_disks"),
        ("IpAddress", "ip_address"),
        ("PublicIPs", "public_ips"),
        ("StaticVirtualNetworkIPAddress", "static_virtual_network_ip_address"),
        ("PersistentVMDowntime", "persistent_vm_downtime"),
        ("HttpStatusCode", "http_status_code"),
        ("ResetPasswordOnFirstLogon", "reset_password_on_first_logon"),
    ],
)
def test_the_rule_for_names(documented: str, attribute: str) -> None:
    assert snake_case(documented) == attribute


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_attributes_are_the_documented_names_in_snake_case(cls: type[models.AzureModel]) -> None:
    # Two documents are lists: an attribute for all items, an alias for each.
    flat = {
        ("RoleInstanceNames", "names"): "Name",
        ("LoadBalancedEndpointList", "input_endpoints"): "InputEndpoint",
    }
    for attribute, info in cls.model_fields.items():
        assert info.serialization_alias is not None
        if (cls.__name__, attribute) in flat:
            assert info.serialization_alias == flat[cls.__name__, attribute]
        else:
            assert attribute == snake_case(info.serialization_alias)
        assert names_of(info)[0] == info.serialization_alias


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_every_object_is_public_and_documented(cls: type[models.AzureModel]) -> None:
    module = documents if cls.__module__ == documents.__name__ else models
    assert cls.__doc__
    assert cls.__name__ in module.__all__


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
@settings(max_examples=10)
@given(data=st.data())
def test_dump_and_validate_give_the_same_object(cls: type[models.AzureModel], data: st.DataObject) -> None:
    model = data.draw(strategies.models(cls))
    for by_alias in (True, False):
        assert cls.model_validate(model.model_dump(by_alias=by_alias, exclude_unset=True)) == model
    assert set(model.model_dump(by_alias=True)) == {
        str(info.serialization_alias) for info in cls.model_fields.values()
    } | set(model.model_extra or {})
    assert pickle.loads(pickle.dumps(model)) == model == copy.deepcopy(model)  # noqa: S301 - our own bytes


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_the_signature_is_what_type_checkers_see(cls: type[models.AzureModel]) -> None:
    *named, others = inspect.signature(cls).parameters.values()
    assert [each.name for each in named] == list(cls.model_fields)
    assert others.kind is others.VAR_KEYWORD  # documented names, and elements unknown here


def test_the_signature_is_there_before_a_model_is_used() -> None:
    class Later(models.VMRole):
        more: str | None = element("More")

    assert not Later.__pydantic_complete__
    assert "more" in inspect.signature(Later).parameters


# --- the documented objects (contract, section 4) ----------------------------------------------------------

OBJECTS: list[tuple[type[models.AzureModel], dict[str, Any]]] = [
    (
        models.Deployment,
        {
            "Name": "d",
            "DeploymentSlot": "Staging",
            "Status": "Running",
            "PrivateID": "ab",
            "Label": "l",
            "UpgradeDomainCount": 1,
            "SdkVersion": "",
            "Locked": False,
            "RollbackAllowed": False,
        },
    ),
    (
        models.VMRole,
        {
            "RoleName": "r",
            "RoleSize": "Small",
            "RoleType": "PersistentVMRole",
            "OSDisk": {"SourceImageName": "i"},
            "DataDisks": [{"LUN": 0}],
            "ConfigurationSets": [{"ConfigurationSetType": "NetworkConfiguration"}],
        },
    ),
    (
        models.RoleInstance,
        {
            "RoleName": "r",
            "InstanceName": "r",
            "InstanceStatus": "ReadyRole",
            "InstanceUpgradeDomain": 0,
            "InstanceFaultDomain": 0,
            "InstanceSize": "Small",
            "IpAddress": "10.0.0.4",
        },
    ),
    (
        models.OSDisk,
        {"SourceImageName": "i", "DisableWriteCache": True, "DiskName": "n", "MediaLink": "http://a/b"},
    ),
    (
        models.DataDisk,
        {
            "DisableReadCache": False,
            "EnableWriteCache": True,
            "DiskName": "n",
            "MediaLink": "http://a/b",
            "LUN": 15,
            "LogicalDiskSizeInGB": 10,
            "SourceMediaLink": "http://a/c",
        },
    ),
    (
        models.ProvisioningConfiguration,
        {
            "ConfigurationSetType": "ProvisioningConfiguration",
            "AdminPassword": SecretStr("p"),
            "MachineName": "m",
            "ResetPasswordOnFirstLogon": False,
        },
    ),
    (
        models.NetworkConfiguration,
        {"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": [{"Name": "ssh"}]},
    ),
    (models.InputEndpoint, {"RoleName": "r", "Vip": "1.2.3.4", "Port": 80}),
    (models.ExternalEndpoint, {"LocalPort": 22, "Name": "ssh", "Port": 59919, "Protocol": "tcp"}),
    (
        options.CaptureOptions,
        {
            "PostCaptureActions": "Delete",
            "SupportsStatelessDeployment": True,
            "TargetImageLabel": "l",
            "TargetImageName": "n",
        },
    ),
    (options.ImageOptions, {"Category": "c", "Label": "l", "Location": "West US", "RoleSize": "Small"}),
    (options.ServiceOptions, {"Description": "d", "Label": "l", "Location": "West US"}),
    (options.DeployOptions, {"DeploymentSlot": "Staging", "Label": "l", "UpgradeDomainCount": 1}),
    (models.OperationStatus, {"ID": "i", "Status": "Failed", "HttpStatusCode": 400}),
    (models.StorageServiceKeys, {"Primary": SecretStr("p"), "Secondary": SecretStr("s")}),
]


@pytest.mark.parametrize(("cls", "given_names"), OBJECTS, ids=lambda value: getattr(value, "__name__", ""))
def test_documented_objects(cls: type[models.AzureModel], given_names: dict[str, Any]) -> None:
    model = cls.model_validate(given_names)
    assert not model.model_extra
    dumped = model.model_dump(by_alias=True, exclude_unset=True)
    for name, value in given_names.items():
        read = getattr(model, snake_case(name))
        if not isinstance(value, (dict, list)):
            assert read == value
            assert dumped[name] == value
    by_attribute = {snake_case(name): value for name, value in given_names.items()}
    assert cls.model_validate(by_attribute) == model


def test_numbers_and_booleans_given_as_strings() -> None:
    disk = models.DataDisk.model_validate(
        {"LUN": "0", "LogicalDiskSizeInGB": "10", "DisableReadCache": "false"}
    )
    assert (disk.lun, disk.logical_disk_size_in_gb, disk.disable_read_cache) == (0, 10, False)
    endpoint = models.ExternalEndpoint.model_validate({"Port": "59919", "LocalPort": "3395"})
    assert (endpoint.port, endpoint.local_port) == (59919, 3395)
    windows = models.ProvisioningConfiguration.model_validate({"ResetPasswordOnFirstLogon": "false"})
    assert windows.reset_password_on_first_logon is False
    deploy = options.DeployOptions.model_validate({"UpgradeDomainCount": "1", "Label": 5})
    assert (deploy.upgrade_domain_count, deploy.label) == (1, "5")


GA_ROLE: dict[str, Any] = {
    "RoleName": "r",
    "DataVirtualHardDisks": [{"Lun": "1", "HostCaching": "ReadWrite"}],
    "OSVirtualHardDisk": {"HostCaching": "ReadOnly", "SourceImageName": "i"},
    "ConfigurationSets": [
        {
            "ConfigurationSetType": "WindowsProvisioningConfiguration",
            "ComputerName": "m",
            "AdminPassword": "p",
        },
        {"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": [{"Name": "ssh"}]},
    ],
}
DOCUMENTED_ROLE: dict[str, Any] = {
    "RoleName": "r",
    "DataDisks": [{"LUN": 1, "EnableWriteCache": True}],
    "OSDisk": {"DisableWriteCache": True, "SourceImageName": "i"},
    "ConfigurationSets": [
        {"ConfigurationSetType": "ProvisioningConfiguration", "MachineName": "m", "AdminPassword": "p"},
        {"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": {"Name": "ssh"}},
    ],
}
SNAKE_ROLE: dict[str, Any] = {
    "role_name": "r",
    "data_disks": [{"lun": 1, "enable_write_cache": True}],
    "os_disk": {"disable_write_cache": True, "source_image_name": "i"},
    "configuration_sets": [
        {
            "configuration_set_type": "ProvisioningConfiguration",
            "machine_name": "m",
            "admin_password": "p",
        },
        {"configuration_set_type": "NetworkConfiguration", "input_endpoints": [{"name": "ssh"}]},
    ],
}


@pytest.mark.parametrize("vocabulary", [GA_ROLE, DOCUMENTED_ROLE, SNAKE_ROLE])
def test_the_vocabularies_give_the_same_object(vocabulary: dict[str, Any]) -> None:
    role = models.VMRole.model_validate(vocabulary)
    assert role == models.VMRole.model_validate(GA_ROLE)
    assert not role.model_extra
    dumped = role.model_dump(by_alias=True, exclude_unset=True)
    assert set(dumped) == {"RoleName", "DataDisks", "OSDisk", "ConfigurationSets"}
    assert dumped["DataDisks"][0]["LUN"] == 1
    assert dumped["ConfigurationSets"][0]["MachineName"] == "m"
    assert role.provisioning_configuration == role.configuration_sets[0]
    assert role.network_configuration == role.configuration_sets[1]


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_every_name_of_a_field_is_accepted(cls: type[models.AzureModel]) -> None:
    for field in codecs.plan(cls).by_name.values():
        if field.is_list:
            value: Any = []
        elif field.model is not None:
            value = {"ConfigurationSetType": "X"} if field.model is models.ConfigurationSet else {}
        elif field.attribute == "configuration_set_type":
            value = cls.model_fields[field.attribute].default
        elif field.attribute == "host_caching":
            value = "None"
        else:
            value = "2014-01-01T00:00:00Z" if _is_date(cls, field.attribute) else "1"
        for name in (field.attribute, *field.names):
            model = cls.model_validate({name: value})
            assert field.attribute in model.model_fields_set, name
            assert not model.model_extra, name


def _is_date(cls: type[models.AzureModel], attribute: str) -> bool:
    return "datetime" in str(cls.model_fields[attribute].annotation)


def test_unknown_elements_are_kept_under_their_names() -> None:
    role = models.VMRole.model_validate({"RoleName": "r", "Novel": {"A": ["1", "2"]}})
    assert role.model_extra == {"Novel": {"A": ["1", "2"]}}
    assert role.model_dump(by_alias=True, exclude_unset=True)["Novel"] == {"A": ["1", "2"]}


def test_one_object_stands_for_a_list_of_one() -> None:
    role = models.VMRole.model_validate(
        {"DataDisks": {"LUN": 3}, "ConfigurationSets": {"ConfigurationSetType": "X"}}
    )
    assert [disk.lun for disk in role.data_disks] == [3]
    deployment = models.Deployment.model_validate(
        {"Role": {"RoleName": "r"}, "RoleInstance": {"RoleName": "r"}}
    )
    assert deployment.role == deployment.role_list[0]
    assert deployment.role_instance == deployment.role_instance_list[0]
    assert (models.Deployment().role, models.Deployment().role_instance) == (None, None)


def test_a_role_without_sets_has_none() -> None:
    role = models.VMRole()
    assert (role.network_configuration, role.provisioning_configuration) == (None, None)


def test_lists_arent_shared_between_objects() -> None:
    first, second = models.VMRole(), models.VMRole()
    first.data_disks.append(models.DataDisk())
    assert second.data_disks == []


def test_a_capture_names_its_provisioning_set() -> None:
    windows = options.CaptureOptions.model_validate({"ProvisioningConfiguration": {"MachineName": "m"}})
    assert windows.provisioning_configuration == models.ProvisioningConfiguration(MachineName="m")
    linux = options.CaptureOptions.model_validate({"provisioning_configuration": {"host_name": "h"}})
    assert linux.provisioning_configuration == models.LinuxProvisioningConfiguration(HostName="h")


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"LUN": -1}, "LUN"),
        ({"LUN": "x"}, "LUN"),
        ({"LUN": None}, "LUN"),
        ({"LogicalDiskSizeInGB": 0}, "LogicalDiskSizeInGB"),
        ({"HostCaching": "Some"}, "HostCaching"),
        ({"DiskName": "x" * 257}, "DiskName"),
        ({"DisableReadCache": "maybe"}, "DisableReadCache"),
    ],
)
def test_wrong_values_are_refused_by_place(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(ValidationError) as caught:
        models.VMRole.model_validate({"DataDisks": [{}, wrong]})
    assert codecs.describe(caught.value).startswith(f"DataDisks[1].{place}: ")


def test_a_place_inside_a_configuration_set_shows_no_tags() -> None:
    wrong = {"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": [{"Port": "x"}]}
    with pytest.raises(ValidationError) as caught:
        models.VMRole.model_validate({"ConfigurationSets": [wrong]})
    assert codecs.describe(caught.value).startswith("ConfigurationSets[0].InputEndpoints[0].Port: ")


@pytest.mark.parametrize(
    ("cls", "names"),
    [
        (models.ProvisioningConfiguration, ["ProvisioningConfiguration", "WindowsProvisioningConfiguration"]),
        (models.LinuxProvisioningConfiguration, ["LinuxProvisioningConfiguration"]),
        (models.NetworkConfiguration, ["NetworkConfiguration"]),
    ],
)
def test_a_configuration_set_has_the_type_of_its_class(
    cls: type[models.ConfigurationSet], names: list[str]
) -> None:
    for name in (*names, None):
        assert cls.model_validate({"ConfigurationSetType": name}).configuration_set_type == names[0]
    with pytest.raises(ValidationError, match=f"is {names[0]} on this object"):
        cls.model_validate({"ConfigurationSetType": "Other"})


def test_a_set_of_any_kind_becomes_the_class_its_type_names() -> None:
    made = models.ConfigurationSet(configuration_set_type="LinuxProvisioningConfiguration", host_name="h")
    assert type(made) is models.LinuxProvisioningConfiguration
    assert made.host_name == "h"


def test_a_misspelt_name_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValidationError, match="'role_nme' is unknown; 'role_name' is meant"):
        models.VMRole(role_nme="x")  # type: ignore[call-arg]
    role = models.VMRole()
    with pytest.raises(ValueError, match="'role_nmae' is unknown; 'role_name' is meant"):
        role.role_nmae = "x"


# --- assignment --------------------------------------------------------------------------------------------


def test_what_is_assigned_is_converted_and_checked() -> None:
    role = models.VMRole()
    role.os_disk = {"SourceImageName": "i"}  # type: ignore[assignment]
    role.data_disks = [{"LUN": "1"}]  # type: ignore[list-item]
    role.data_disks[0].lun = "2"  # type: ignore[assignment]
    assert role == models.VMRole(OSDisk={"SourceImageName": "i"}, DataDisks=[{"LUN": 2}])
    with pytest.raises(ValidationError):
        role.data_disks[0].lun = -1
    assert role.data_disks[0].lun == 2
    role.model_dump()


CACHING = st.sampled_from(
    [
        *(("host_caching", value) for value in ("None", "ReadOnly", "ReadWrite")),
        *((flag, value) for flag in ("disable_read_cache", "enable_write_cache") for value in (True, False)),
    ]
)


@given(steps=st.lists(CACHING, min_size=1, max_size=5))
def test_caching_of_a_data_disk_follows_the_last_assignment(steps: list[tuple[str, Any]]) -> None:
    disk = models.DataDisk()
    for name, value in steps:
        setattr(disk, name, value)
        assert getattr(disk, name) == value
        assert (disk.host_caching, disk.disable_read_cache, disk.enable_write_cache) in (
            ("None", True, False),
            ("ReadOnly", False, False),
            ("ReadWrite", False, True),
        )
    for dialect in get_args(Dialect):
        body = codecs.encode(disk, root="D", dialect=dialect)
        assert codecs.decode(models.DataDisk, body, root="D") == disk


@pytest.mark.parametrize(
    ("steps", "caching", "flag"),
    [
        ([("disable_write_cache", True)], "ReadOnly", True),
        ([("disable_write_cache", False)], "ReadWrite", False),
        ([("host_caching", "None")], "None", True),
        ([("host_caching", "None"), ("disable_write_cache", True)], "None", True),
        ([("host_caching", "ReadWrite"), ("disable_write_cache", True)], "ReadOnly", True),
        ([("disable_write_cache", True), ("host_caching", "ReadWrite")], "ReadWrite", False),
        ([("host_caching", "ReadOnly"), ("host_caching", None)], None, None),
    ],
)
def test_caching_of_an_os_disk_follows_the_last_assignment(
    steps: list[tuple[str, Any]], caching: str | None, flag: bool | None
) -> None:
    disk = models.OSDisk()
    for name, value in steps:
        setattr(disk, name, value)
    assert (disk.host_caching, disk.disable_write_cache) == (caching, flag)


def test_a_refused_assignment_changes_nothing() -> None:
    disk = models.DataDisk(HostCaching="ReadWrite")
    for name in ("host_caching", "disable_read_cache"):
        with pytest.raises(ValidationError):
            setattr(disk, name, "neither")
    assert disk == models.DataDisk(HostCaching="ReadWrite")


@pytest.mark.parametrize(
    "contradiction",
    [
        {"DisableReadCache": True, "EnableWriteCache": True},
        {"DisableReadCache": True, "HostCaching": "ReadOnly"},
        {"EnableWriteCache": False, "HostCaching": "ReadWrite"},
        {"DisableReadCache": False, "HostCaching": "None"},
    ],
)
def test_contradictory_caching_is_refused(contradiction: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"exclude|contradict"):
        models.DataDisk.model_validate(contradiction)


def test_contradictory_caching_of_an_os_disk_is_refused() -> None:
    with pytest.raises(ValidationError, match="contradicts"):
        models.OSDisk(DisableWriteCache=True, HostCaching="ReadWrite")
    assert models.OSDisk(DisableWriteCache=True, HostCaching="None").host_caching == "None"


def test_caching_said_in_part() -> None:
    assert models.DataDisk(DisableReadCache=False).host_caching == "ReadOnly"
    assert models.DataDisk(EnableWriteCache=True, DisableReadCache=None).host_caching == "ReadWrite"
    assert models.DataDisk().host_caching is None
    assert models.DataDisk(EnableWriteCache=True, HostCaching="ReadWrite").disable_read_cache is False


# --- dates -------------------------------------------------------------------------------------------------


def test_dates_are_always_aware() -> None:
    for given_date in (datetime(2014, 5, 6), "2014-05-06T00:00:00", "2014-05-06T00:00:00Z"):
        assert models.Disk.model_validate({"CreatedTime": given_date}).created_time == datetime(
            2014, 5, 6, tzinfo=UTC
        )
    disk = models.Disk()
    disk.created_time = datetime(2014, 5, 6)
    assert disk.created_time.tzinfo is UTC


# --- secrets -----------------------------------------------------------------------------------------------

SECRETIVE = [
    models.VMRole(
        ConfigurationSets=[
            {
                "ConfigurationSetType": "ProvisioningConfiguration",
                "AdminPassword": SECRET,
                "CustomData": SECRET,
                "DomainJoin": {"Credentials": {"Password": SECRET}, "Provisioning": {"AccountData": SECRET}},
                "AdditionalUnattendContent": {
                    "Passes": [{"Components": [{"ComponentSettings": [{"Content": SECRET}]}]}]
                },
                "Novel": SECRET,
            },
            {"ConfigurationSetType": "LinuxProvisioningConfiguration", "UserPassword": SECRET},
            {"ConfigurationSetType": "Strange", "Password": SECRET},
        ],
        ResourceExtensionReferences=[{"ResourceExtensionParameterValues": [{"Value": SECRET}]}],
        Unknown={"Deep": [{"Password": SECRET}]},  # type: ignore[call-arg]
    ),
    models.StorageServiceKeys(Primary=SECRET, Secondary=SECRET),
    models.StorageService(StorageServiceKeys={"Primary": SECRET}),
    documents.CertificateFile(Data=SECRET, Password=SECRET),
    options.CaptureOptions(ProvisioningConfiguration={"AdminPassword": SECRET}),
    models.OSDisk(
        RemoteSourceImageLink=f"https://a.blob/v/x.vhd?sv=2014&sig={SECRET}&se=1", MediaLink=f"x?SIG={SECRET}"
    ),
    models.Deployment(Configuration=SECRET),
    models.OperationParameter(Name="Body", Value=SECRET),
    models.SubscriptionOperation(OperationParameters=[{"Name": "Body", "Value": SECRET}]),
]


@pytest.mark.parametrize("model", SECRETIVE, ids=lambda model: type(model).__name__)
def test_secrets_arent_shown(model: models.AzureModel, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").debug("%s %r %s", model, model, [model])
    shown = [repr(model), str(model), f"{model}", repr([model]), repr({"m": model}), caplog.text]
    assert all(SECRET not in text for text in shown)
    assert all(type(model).__name__ in text for text in (repr(model), caplog.text))
    assert SECRET.encode() in codecs.encode(model, root="R")  # it is there


def test_secrets_are_read_on_purpose() -> None:
    keys = models.StorageServiceKeys(Primary=SECRET)
    assert keys.primary is not None
    assert keys.primary.get_secret_value() == SECRET


@pytest.mark.parametrize(
    "wrong",
    [
        {
            "ConfigurationSets": [
                {"ConfigurationSetType": "ProvisioningConfiguration", "AdminPassword": [SECRET]}
            ]
        },
        {"ConfigurationSets": [SECRET]},
        {"OSDisk": SECRET},
        {"OSDisk": {"ResizedSizeInGB": SECRET}},
        {"DataDisks": [{"HostCaching": SECRET}]},
        {"RoleName": {"Password": SECRET}},
        {"ProvisionGuestAgent": SECRET},
        {"ConfigurationSets": [{"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": SECRET}]},
        SECRET,
    ],
)
def test_refusals_dont_show_what_they_refuse(wrong: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        models.VMRole.model_validate(wrong)
    assert SECRET not in str(caught.value) + repr(caught.value) + codecs.describe(caught.value)
    if wrong != SECRET:
        role = codecs.from_json(models.VMRole, wrong, body=b"")
        assert SECRET not in repr(role) + repr(role.oddities)
        assert SECRET in str([each.raw for each in role.oddities])
        return
    with pytest.raises(ProtocolError) as protocol:
        codecs.from_json(models.VMRole, wrong, body=b"")
    assert SECRET not in str(protocol.value) + repr(protocol.value)
    assert protocol.value.__cause__ is None
    assert protocol.value.__context__ is None


def test_repr_shows_what_was_set_alone() -> None:
    role = models.VMRole(RoleName="r", DataDisks=[], Label=None)
    role.Novel = SECRET
    assert repr(role) == "VMRole(role_name='r', data_disks=[], unknown=['Novel'])"


@pytest.mark.corpus
def test_every_recorded_state_of_an_instance_is_known(corpus: list[dict[str, Any]]) -> None:
    words = {
        word
        for exchange in corpus
        for word in re.findall("<InstanceStatus>(.*?)<", exchange["response_body"] or "")
    }
    assert len(words) > 5
    assert words <= {str(state) for state in models.InstanceState}


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_every_field_says_what_it_is(cls: type[models.AzureModel]) -> None:
    if cls.__module__ == documents.__name__:
        return  # a request document has the elements of the resource, which says what they are
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(node, ast.ClassDef)
    for field, text in zip(node.body, [*node.body[1:], None], strict=True):
        target = field.target if isinstance(field, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id in cls.model_fields:
            assert isinstance(text, ast.Expr), target.id
            assert isinstance(text.value, ast.Constant), target.id
