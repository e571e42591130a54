"""The async client as type checkers see it. Never run: `test_typing` has it checked.

A use that is wrong carries an ignore comment; the checkers report one that isn't needed, so that a wrong use
they let pass is an error. ``unused-ignore`` is beside it where mypy's pydantic plugin, unlike pyright, lets
pass what pydantic might convert.
"""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_type

import httpx
from pydantic import SecretStr

import azure_iaas
from azure_iaas import (
    AcceptedOperation,
    AzureError,
    ClientOptions,
    ConflictError,
    ConflictKind,
    ManagementCertificate,
    Progress,
    ServiceManagementClient,
    deadline,
)
from azure_iaas.models import (
    AvailabilityResponse,
    ConfigurationSet,
    DataDisk,
    Deployment,
    DeployOptions,
    HostedService,
    LinuxProvisioningConfiguration,
    NetworkConfiguration,
    OperationStatus,
    OSDisk,
    OSImage,
    ServiceOptions,
    VMRole,
)
from azure_iaas.models.mappings import DataDiskDict, VMRoleDict

SUBSCRIPTION_ID = "00000000-0000-0000-0000-000000000000"


def named() -> None:
    assert_type(azure_iaas.ServiceManagementClient, type[ServiceManagementClient])
    azure_iaas.ServiceManagmentClient  # type: ignore[attr-defined]  # noqa: B018


def made() -> None:
    ServiceManagementClient(SUBSCRIPTION_ID)
    ServiceManagementClient(SUBSCRIPTION_ID, {"keyfile": "priv.pem", "certfile": "pub.pem"})
    ServiceManagementClient(SUBSCRIPTION_ID, ManagementCertificate.from_file("both.pem"))
    ServiceManagementClient(SUBSCRIPTION_ID, None, {"host": "localhost", "port": 8443})
    ServiceManagementClient(SUBSCRIPTION_ID, options=ClientOptions(host="localhost", max_connections=4))
    ServiceManagementClient(SUBSCRIPTION_ID, transport=httpx.AsyncHTTPTransport())

    ServiceManagementClient(1)  # type: ignore[arg-type]
    ServiceManagementClient(SUBSCRIPTION_ID, 8443)  # type: ignore[arg-type]
    ServiceManagementClient(SUBSCRIPTION_ID, transport="https")  # type: ignore[arg-type]
    ClientOptions(max_connections="many")  # type: ignore[arg-type, unused-ignore]
    ClientOptions(retries=3)  # type: ignore[call-arg]
    ClientOptions(dialect="latest")  # type: ignore[arg-type, unused-ignore]


async def reads(client: ServiceManagementClient) -> None:
    assert_type(await client.list_os_images(), list[OSImage])
    assert_type(await client.get_hosted_service("web"), HostedService)
    assert_type(await client.get_deployment("web", "blue"), Deployment)
    assert_type(await client.get_deployment_by_slot("web", "Production"), Deployment)
    assert_type(await client.get_role("web", "blue", "web1"), VMRole)
    assert_type(await client.check_hosted_service_name("web"), AvailabilityResponse)
    deployment = await client.get_deployment(service_name="web", deployment_name="blue")
    assert_type(deployment.name, str | None)
    assert_type((await client.list_os_images())[0].name, str | None)

    await client.get_deployment("web")  # type: ignore[call-arg]
    await client.get_deployment("web", 1)  # type: ignore[arg-type]
    await client.get_deployment("web", name="blue")  # type: ignore[call-arg]
    await client.get_deploymnet("web", "blue")  # type: ignore[attr-defined]
    (await client.list_os_images()).name  # type: ignore[attr-defined]  # noqa: B018
    client.get_deployment("web", "blue").name  # type: ignore[attr-defined]  # noqa: B018


async def writes(client: ServiceManagementClient) -> None:
    role = VMRole(role_name="web1", os_disk=OSDisk(source_image_name="ubuntu"))
    assert_type(await client.create_hosted_service("web"), AcceptedOperation)
    assert_type(
        await client.create_hosted_service("web", ServiceOptions(location="West US")), AcceptedOperation
    )
    assert_type(await client.create_deployment("web", "blue", role), AcceptedOperation)
    await client.create_deployment("web", "blue", {"RoleName": "web1"}, {"DeploymentSlot": "Staging"})
    await client.create_deployment("web", "blue", role, options=DeployOptions(deployment_slot="Staging"))
    await client.delete_deployment("web", "blue", delete_media=True)
    await client.remove_data_disk("web", "blue", "web1", 0)

    await client.create_deployment("web", "blue")  # type: ignore[call-arg]
    await client.create_deployment("web", "blue", "web1")  # type: ignore[arg-type]
    await client.create_deployment("web", "blue", role, ServiceOptions())  # type: ignore[arg-type]
    await client.delete_deployment("web", "blue", True)  # type: ignore[call-arg]
    await client.delete_deployment("web", "blue", delete_media="yes")  # type: ignore[arg-type]
    await client.remove_data_disk("web", "blue", "web1", [0])  # type: ignore[arg-type]
    await client.add_data_disk("web", "blue", "web1", ("LUN", "0"))  # type: ignore[arg-type]


def objects(values: dict[str, Any], others: list[dict[str, str]]) -> None:
    VMRole(role_name="web1", os_disk=OSDisk(source_image_name="ubuntu"), data_disks=[DataDisk(lun=0)])
    VMRole(RoleName="web1", OSDisk={"SourceImageName": "ubuntu"}, DataDisks=[{"LUN": "0"}, DataDisk(LUN=1)])
    VMRole(RoleName="web1", OSVirtualHardDisk=OSDisk(), DataVirtualHardDisks={"Lun": 0})
    VMRole(role_name="web1", data_disks=others, configuration_sets=LinuxProvisioningConfiguration())
    VMRole(configuration_sets=ConfigurationSet(ConfigurationSetType="Strange", Unknown=1))
    VMRole(**values)
    DataDisk(lun="0", logical_disk_size_in_gb="10", enable_write_cache="false")
    LinuxProvisioningConfiguration(user_password="secret")
    LinuxProvisioningConfiguration(
        UserPassword=SecretStr("secret"), disable_ssh_password_authentication="true"
    )
    NetworkConfiguration(input_endpoints=[{"Name": "ssh", "Port": "22"}], subnet_names=("a",))
    assert_type(DataDisk(lun="0").lun, int)

    VMRole(role_name=["web1"])  # type: ignore[arg-type]
    VMRole(role_nme="web1")  # type: ignore[call-arg]
    VMRole(data_disks=[1])  # type: ignore[list-item]
    VMRole(os_disk=DataDisk())  # type: ignore[arg-type]
    DataDisk(lun=[0])  # type: ignore[arg-type]
    DataDisk(host_caching="Always")  # type: ignore[arg-type]
    NetworkConfiguration(subnet_names="a")  # type: ignore[arg-type]


def mappings(disk: DataDiskDict) -> None:
    role: VMRoleDict = {
        "RoleName": "web1",
        "RoleSize": "Small",
        "OSDisk": {"SourceImageName": "ubuntu"},
        "DataDisks": [disk, {"LUN": "1", "LogicalDiskSizeInGB": "10"}],
        "ConfigurationSets": [
            {"ConfigurationSetType": "LinuxProvisioningConfiguration", "UserPassword": "secret"},
            {"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": [{"Port": "59919"}]},
            {"ConfigurationSetType": "Strange", "Unknown": 1},
        ],
    }
    role["RoleSize"] = "Large"
    role["RoleSiz"] = "Large"  # type: ignore[typeddict-unknown-key]
    role["DataDisks"] = 1  # type: ignore[typeddict-item]


async def given(client: ServiceManagementClient, role: VMRoleDict, unknown: Mapping[str, int]) -> None:
    await client.create_deployment("web", "blue", role, {"DeploymentSlot": "Staging"})
    await client.add_role("web", "blue", {"RoleName": "web2", "OSVirtualHardDisk": {}, "Unknown": 1})
    await client.add_role("web", "blue", unknown)
    await client.update_load_balanced_set("web", "blue", [{"Name": "http", "Port": "80"}])


async def waits(client: ServiceManagementClient) -> None:
    def show(progress: Progress) -> None:
        assert_type(progress.status, OperationStatus | None)

    async def show_slowly(progress: Progress) -> None:
        show(progress)

    def show_text(progress: str) -> None:
        print(progress)

    accepted = await client.delete_role("web", "blue", "web1")
    assert_type(accepted.request_id, str)
    assert_type(await client.wait_for_operation(accepted), OperationStatus)
    await client.wait_for_operation(accepted.token, timeout=None, on_progress=show)
    await client.wait_for_operation(accepted, interval=2, on_progress=show_slowly)

    await client.wait_for_operation(accepted, 30)  # type: ignore[call-arg]
    await client.wait_for_operation(accepted, timeout="30 s")  # type: ignore[arg-type]
    await client.wait_for_operation(accepted, on_progress=show_text)  # type: ignore[arg-type]
    await client.wait_for_operation(client.delete_role("web", "blue", "web1"))  # type: ignore[arg-type]


async def errors(client: ServiceManagementClient) -> None:
    try:
        with deadline(30):
            await client.create_hosted_service("web")
    except ConflictError as error:
        assert_type(error.kind, ConflictKind)
        assert_type(error.request_sent, bool | None)
    except AzureError as error:
        assert_type(error.operation, str | None)
        error.kind  # type: ignore[attr-defined]  # noqa: B018
