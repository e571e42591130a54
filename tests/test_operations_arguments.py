"""What is refused before anything is sent, and what goes out when it isn't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.errors import InvalidArgumentError
from azure_iaas.models import DataDisk, DeployOptions, VMRole
from azure_iaas.operations import data_disks, deployments, hosted_services, images, roles, storage_accounts
from azure_iaas.operations.operation import Terms

if TYPE_CHECKING:
    from collections.abc import Callable

TERMS = Terms("sub", "2014-10-01")
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


def deploy(vm_role: object, options: object = None, name: object = "dep") -> object:
    return deployments.create_deployment("svc", name, vm_role, options)  # type: ignore[arg-type]


def service(name: object, options: object = None) -> object:
    return hosted_services.create_hosted_service(name, options, default_location="West US")  # type: ignore[arg-type]


CAPTURE = {"PostCaptureActions": "Delete", "TargetImageLabel": "l", "TargetImageName": "n"}


def capture(options: object) -> object:
    return roles.capture_role_instance("s", "d", "r", options, dialect="ga")


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "service name with underscore": (lambda: service("a_b"), "CreateHostedService", "serviceName"),
    "service name too long": (lambda: service("a" * 64), "CreateHostedService", "serviceName"),
    "service name ends in hyphen": (lambda: service("ab-"), "CreateHostedService", "serviceName"),
    "service name begins with digit": (lambda: service("1ab"), "CreateHostedService", "serviceName"),
    "service name None": (lambda: service(None), "CreateHostedService", "serviceName"),
    "label too long": (
        lambda: service("a", {"Label": "x" * 101}),
        "CreateHostedService",
        "serviceOptions.label",
    ),
    "description too long": (
        lambda: service("a", {"Description": "x" * 1025}),
        "CreateHostedService",
        "serviceOptions.description",
    ),
    "location and affinity group": (
        lambda: service("a", {"Location": "West US", "AffinityGroup": "g"}),
        "CreateHostedService",
        "serviceOptions",
    ),
    "misspelt option": (
        lambda: service("a", {"Locaton": "West US"}),
        "CreateHostedService",
        "serviceOptions",
    ),
    "unknown option": (lambda: service("a", {"Colour": "red"}), "CreateHostedService", "serviceOptions"),
    "options of a wrong kind": (lambda: service("a", "West US"), "CreateHostedService", "serviceOptions"),
    "deployment name": (lambda: deploy(role(), name="instance_B"), "CreateDeployment", "deploymentName"),
    "no role": (lambda: deploy(None), "CreateDeployment", "VMRole"),
    "no role name": (lambda: deploy({"OSDisk": {}}), "CreateDeployment", "VMRole.role_name"),
    "no disk": (lambda: deploy({"RoleName": "r"}), "CreateDeployment", "VMRole.os_disk"),
    "disk without image": (
        lambda: deploy({"RoleName": "r", "OSDisk": {}}),
        "CreateDeployment",
        "VMRole.os_disk",
    ),
    "slot": (
        lambda: deploy(role(), {"DeploymentSlot": "Middle"}),
        "CreateDeployment",
        "deployOptions.deployment_slot",
    ),
    "slot empty": (
        lambda: deploy(role(), {"DeploymentSlot": ""}),
        "CreateDeployment",
        "deployOptions.deployment_slot",
    ),
    "misspelt role property": (lambda: deploy(role(RoleSzie="Small")), "CreateDeployment", "VMRole"),
    "nested misspelling": (
        lambda: deploy(network({**ENDPOINT, "LoclPort": 1})),
        "CreateDeployment",
        "VMRole.ConfigurationSets[0].InputEndpoints[0]",
    ),
    "number that is none": (
        lambda: deploy(network({**ENDPOINT, "Port": "http"})),
        "CreateDeployment",
        "VMRole.ConfigurationSets[0].InputEndpoints[0].Port",
    ),
    "port too high": (
        lambda: deploy(network({**ENDPOINT, "LocalPort": "166535"})),
        "CreateDeployment",
        "VMRole.configuration_sets[0].input_endpoints[0].local_port",
    ),
    "port zero": (
        lambda: deploy(network({**ENDPOINT, "Port": 0})),
        "CreateDeployment",
        "VMRole.configuration_sets[0].input_endpoints[0].port",
    ),
    "no local port": (
        lambda: deploy(network({"Name": "a", "Protocol": "tcp"})),
        "CreateDeployment",
        "VMRole.configuration_sets[0].input_endpoints[0].local_port",
    ),
    "protocol": (
        lambda: deploy(network({**ENDPOINT, "Protocol": "icmp"})),
        "CreateDeployment",
        "VMRole.configuration_sets[0].input_endpoints[0].protocol",
    ),
    "endpoint twice": (
        lambda: deploy(network(ENDPOINT, {**ENDPOINT, "Port": 81})),
        "CreateDeployment",
        "VMRole.configuration_sets[0].input_endpoints[1].name",
    ),
    "port twice": (
        lambda: deploy(network(ENDPOINT, {**ENDPOINT, "Name": "b"})),
        "CreateDeployment",
        "VMRole.configuration_sets[0].input_endpoints[1].port",
    ),
    "two network sets": (
        lambda: deploy(role(ConfigurationSets=[{"ConfigurationSetType": "NetworkConfiguration"}] * 2)),
        "CreateDeployment",
        "VMRole.configuration_sets",
    ),
    "computer name too long": (
        lambda: deploy(windows(MachineName="x" * 16)),
        "CreateDeployment",
        "VMRole.configuration_sets[0].machine_name",
    ),
    "computer name all digits": (
        lambda: deploy(windows(ComputerName="12345")),
        "CreateDeployment",
        "VMRole.configuration_sets[0].machine_name",
    ),
    "computer name with a dot": (
        lambda: deploy(windows(MachineName="a.b")),
        "CreateDeployment",
        "VMRole.configuration_sets[0].machine_name",
    ),
    "password too short": (
        lambda: deploy(windows(AdminPassword="aB3")),
        "CreateDeployment",
        "VMRole.configuration_sets[0].admin_password",
    ),
    "user name too long": (
        lambda: deploy(linux(UserName="x" * 33)),
        "CreateDeployment",
        "VMRole.configuration_sets[0].user_name",
    ),
    "LUN twice": (
        lambda: deploy(role(DataDisks=[{"LogicalDiskSizeInGB": 1}, {"LogicalDiskSizeInGB": 1}])),
        "CreateDeployment",
        "VMRole.data_disks[1].lun",
    ),
    "LUN out of range": (
        lambda: deploy(role(DataDisks=[{"LogicalDiskSizeInGB": 1, "LUN": 32}])),
        "CreateDeployment",
        "VMRole.data_disks[0].lun",
    ),
    "no way to name a disk": (
        lambda: deploy(role(DataDisks=[{"LUN": 1}])),
        "CreateDeployment",
        "VMRole.data_disks[0]",
    ),
    "disk too large": (
        lambda: deploy(role(DataDisks=[{"LogicalDiskSizeInGB": 1024}])),
        "CreateDeployment",
        "VMRole.data_disks[0].logical_disk_size_in_gb",
    ),
    "IO type": (
        lambda: data_disks.add_data_disk("s", "d", "r", {"LogicalDiskSizeInGB": 1, "IOType": "Standard"}),
        "AddDataDisk",
        "datadisk.io_type",
    ),
    "contradicting caches": (
        lambda: data_disks.add_data_disk("s", "d", "r", {"DisableReadCache": True, "EnableWriteCache": True}),
        "AddDataDisk",
        "datadisk",
    ),
    "LUN of another kind": (
        lambda: data_disks.remove_data_disk("s", "d", "r", True, delete_media=False),
        "RemoveDataDisk",
        "LUN",
    ),
    "LUN that is a word": (
        lambda: data_disks.modify_data_disk("s", "d", "r", "first", {}),
        "ModifyDataDisk",
        "LUN",
    ),
    "another role": (
        lambda: roles.modify_role("s", "d", "r2", role()),
        "ModifyRole",
        "VMRole.role_name",
    ),
    "provisioning again": (
        lambda: roles.modify_role("s", "d", "r1", windows()),
        "ModifyRole",
        "VMRole.configuration_sets",
    ),
    "shutdown action": (
        lambda: roles.shutdown_role_instance("s", "d", "r", "Off", dialect="ga"),
        "ShutdownRoleInstance",
        "postShutdownAction",
    ),
    "no capture options": (lambda: capture(None), "CaptureRoleInstance", "captOptions"),
    "capture action": (
        lambda: capture({**CAPTURE, "PostCaptureActions": "Keep"}),
        "CaptureRoleInstance",
        "captOptions.post_capture_actions",
    ),
    "reprovision without configuration": (
        lambda: capture({**CAPTURE, "PostCaptureActions": "Reprovision"}),
        "CaptureRoleInstance",
        "captOptions.provisioning_configuration",
    ),
    "capture without name": (
        lambda: capture({"PostCaptureActions": "Delete", "TargetImageLabel": "l"}),
        "CaptureRoleInstance",
        "captOptions.target_image_name",
    ),
    "image name": (
        lambda: images.create_os_image("a b", "http://x/y.vhd", None, dialect="ga"),
        "CreateOSImage",
        "imageName",
    ),
    "no media link": (
        lambda: images.create_os_image("a", "", None, dialect="ga"),
        "CreateOSImage",
        "mediaLink",
    ),
    "image OS": (
        lambda: images.create_os_image("a", "http://x", {"OS": "BeOS"}, dialect="ga"),
        "CreateOSImage",
        "imageOptions.os",
    ),
    "storage account name": (
        lambda: storage_accounts.create_storage_account("Ab", None, default_location="West US"),
        "CreateStorageAccount",
        "serviceName",
    ),
    "slot to read": (
        lambda: deployments.get_deployment_by_slot("s", "Middle"),
        "GetDeploymentBySlot",
        "deploymentSlot",
    ),
    "one name where a list belongs": (
        lambda: roles.start_roles("s", "d", "role1"),
        "StartRoles",
        "roleNames",
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
    call = hosted_services.create_hosted_service("svc", None, default_location="West US")
    body = call.build(TERMS).body
    assert (
        b"<ServiceName>svc</ServiceName><Label>c3Zj</Label><Description>Service host</Description>"
        b"<Location>West US</Location>"
    ) in body


def test_an_affinity_group_replaces_the_default_location() -> None:
    call = hosted_services.create_hosted_service("svc", {"AffinityGroup": "g"}, default_location="West US")
    body = call.build(TERMS).body
    assert b"<AffinityGroup>g</AffinityGroup>" in body
    assert b"Location" not in body


def test_defaults_of_a_deployment_are_the_documented_ones() -> None:
    body = deployments.create_deployment("svc", "dep", role(), None).build(TERMS).body
    assert b"<Name>dep</Name><DeploymentSlot>Production</DeploymentSlot><Label>dep</Label><RoleList>" in body
    assert b"<RoleType>PersistentVMRole</RoleType>" in body
    assert b"UpgradeDomainCount" not in body


def test_options_as_an_object_and_in_any_case() -> None:
    options = DeployOptions(deployment_slot="staging", upgrade_domain_count=2)
    body = deployments.create_deployment("svc", "dep", role(), options).build(TERMS).body
    assert b"<DeploymentSlot>Staging</DeploymentSlot>" in body
    assert b"<UpgradeDomainCount>2</UpgradeDomainCount><RoleList>" in body


def test_a_disk_stays_at_its_lun_unless_moved() -> None:
    caching = data_disks.modify_data_disk("s", "d", "r", "3", {"HostCaching": "None"}).build(TERMS)
    assert caching.target.endswith("/DataDisks/3")
    assert b"<Lun>3</Lun>" in caching.body
    moved = data_disks.modify_data_disk("s", "d", "r", 3, DataDisk(lun=5)).build(TERMS)
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
    body = roles.modify_role("s", "d", "r1", read).build(TERMS).body
    assert b"IOType" not in body
    assert read.os_disk is not None
    assert read.os_disk.io_type == "Standard"


def test_an_image_is_linux_unless_said_and_drops_what_ga_lacks() -> None:
    options = {"Category": "c", "Location": "l", "RoleSize": "Small"}
    ga = images.create_os_image("img", "http://x/y.vhd", options, dialect="ga").build(TERMS).body
    assert (
        b"<Label>img</Label><MediaLink>http://x/y.vhd</MediaLink><Name>img</Name><OS>Linux</OS>"
        b"<RecommendedVMSize>Small</RecommendedVMSize></OSImage>"
    ) in ga
    preview_terms = Terms("sub", "2012-03-01", dialect="preview")
    call = images.create_os_image("img", "http://x/y.vhd", options, dialect="preview")
    assert (
        b"<Category>c</Category><Label>img</Label><Location>l</Location><MediaLink>http://x/y.vhd</MediaLink>"
        b"<Name>img</Name><RoleSize>Small</RoleSize></OSImage>"
    ) in call.build(preview_terms).body


def test_role_operations_name_themselves_in_ga_only() -> None:
    ga = roles.restart_role_instance("s", "d", "r", dialect="ga").build(TERMS)
    assert b"<OperationType>RestartRoleOperation</OperationType>" in ga.body
    preview = roles.restart_role_instance("s", "d", "r", dialect="preview")
    body = preview.build(Terms("sub", "2012-03-01", dialect="preview")).body
    assert body.startswith(b"<RestartRoleOperation ")
    assert b"OperationType" not in body
