"""Every documented operation over real mutual TLS: success, and each way to be refused.

The local service runs strict here: a document it would skip a part of is a failure of ours.
"""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas import (
    AcceptedOperation,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ConflictKind,
    InvalidArgumentError,
    OperationFailedError,
    ResourceNotFoundError,
    ServiceManagementClient,
    TLSError,
)
from azure_iaas.emulator import LocalService
from azure_iaas.endpoint.certificates import ensure_certificates
from azure_iaas.models import NetworkConfiguration, VMRole
from azure_iaas.operations import DOCUMENTED, REGISTRY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

IMAGE = "Win2K8SP1.110809-2000.201108-01.en.us.30GB.vhd"


def role(name: str, port: int = 59919, **more: Any) -> dict[str, Any]:
    """The role of the documented sample, under another name and public port."""
    return {
        "RoleName": name,
        "RoleSize": "Small",
        "OSDisk": {"SourceImageName": IMAGE},
        "DataDisks": [{"LogicalDiskSizeInGB": 10, "LUN": "0"}],
        "ConfigurationSets": [
            {
                "ConfigurationSetType": "ProvisioningConfiguration",
                "AdminPassword": "myAdminPwd1",
                "MachineName": name,
                "ResetPasswordOnFirstLogon": False,
            },
            {
                "ConfigurationSetType": "NetworkConfiguration",
                "InputEndpoints": [
                    {"Name": "endpname1", "Protocol": "tcp", "Port": str(port), "LocalPort": "3395"}
                ],
            },
        ],
        **more,
    }


@asynccontextmanager
async def local(**options: Any) -> AsyncIterator[tuple[LocalService, ServiceManagementClient]]:
    settings = {"speed": 2000, "strict": True, **options}
    async with LocalService(**settings) as service, service.client() as client:
        yield service, client


async def finish(client: ServiceManagementClient, accepted: AcceptedOperation) -> None:
    done = await client.wait_for_operation(accepted, interval=0.005, timeout=30)
    assert (done.status, done.http_status_code) == ("Succeeded", 200)


async def until(client: ServiceManagementClient, status: str, *names: str) -> None:
    """Wait until instances have a status."""
    with anyio.fail_after(30):
        while True:
            deployment = await client.get_deployment("svc", "dep")
            found = {each.role_name: each.instance_status for each in deployment.role_instance_list}
            if all(found.get(name) == status for name in names):
                return
            await anyio.sleep(0.005)


async def deploy(client: ServiceManagementClient, *names: str) -> None:
    await client.create_hosted_service("svc")
    await finish(client, await client.create_deployment("svc", "dep", role(names[0])))
    for index, name in enumerate(names[1:], 1):
        await finish(client, await client.add_role("svc", "dep", role(name, 59919 + index)))


@pytest.mark.parametrize("dialect", ["ga", "preview"])
async def test_the_whole_life_of_a_deployment(dialect: str) -> None:
    async with local(dialect=dialect) as (service, ga_client):
        async with service.client(dialect=dialect, apiversion="2014-10-01") as client:
            assert ga_client.subscription_id == client.subscription_id
            await walk_through_a_life(client)


async def walk_through_a_life(client: ServiceManagementClient) -> None:
    created = await client.create_hosted_service("svc", {"Label": "a läbel", "Location": "West US"})
    assert created.completed
    await finish(client, created)
    hosted = await client.get_hosted_service("svc")
    assert hosted.hosted_service_properties is not None
    assert hosted.hosted_service_properties.label == "a läbel"
    assert hosted.hosted_service_properties.description == "Service host"
    assert [each.service_name for each in await client.list_hosted_services()] == ["svc"]

    options = {"DeploymentSlot": "Staging", "Label": "Deployment Label"}
    await finish(client, await client.create_deployment("svc", "dep", role("r1"), options))
    await until(client, "ReadyRole", "r1")
    deployment = await client.get_deployment_by_slot("svc", "staging")
    assert (deployment.name, deployment.label, deployment.status) == ("dep", "Deployment Label", "Running")

    await finish(client, await client.add_role("svc", "dep", role("r2", 60000)))
    await until(client, "ReadyRole", "r2")
    read = await client.get_role("svc", "dep", "r2")
    assert read.role_size == "Small"
    assert read.provisioning_configuration is None
    assert read.network_configuration is not None
    assert read.network_configuration.input_endpoints[0].port == 60000
    assert [disk.lun for disk in read.data_disks] == [0]

    read.network_configuration.input_endpoints[0].port = 60001
    await finish(client, await client.modify_role("svc", "dep", "r2", read))
    changed = (await client.get_role("svc", "dep", "r2")).network_configuration
    assert isinstance(changed, NetworkConfiguration)
    assert [endpoint.port for endpoint in changed.input_endpoints] == [60001]

    new_disk = {"LUN": 1, "LogicalDiskSizeInGB": 5, "DisableReadCache": True}
    await finish(client, await client.add_data_disk("svc", "dep", "r2", new_disk))
    disk_name = (await client.get_data_disk("svc", "dep", "r2", 1)).disk_name
    change = {"DiskName": disk_name, "EnableWriteCache": True, "LUN": "1"}
    await finish(client, await client.modify_data_disk("svc", "dep", "r2", 1, change))
    assert (await client.get_data_disk("svc", "dep", "r2", 1)).host_caching == "ReadWrite"
    await finish(client, await client.remove_data_disk("svc", "dep", "r2", "1"))
    assert [disk.lun for disk in (await client.get_role("svc", "dep", "r2")).data_disks] == [0]

    await until(client, "ReadyRole", "r2")
    await finish(client, await client.restart_role_instance("svc", "dep", "r2"))
    await until(client, "ReadyRole", "r2")
    deallocate = "StoppedDeallocated"
    await finish(
        client, await client.shutdown_role_instance("svc", "dep", "r1", post_shutdown_action=deallocate)
    )
    await until(client, deallocate, "r1")
    await finish(client, await client.start_role_instance("svc", "dep", "r1"))
    await until(client, "ReadyRole", "r1")

    await finish(client, await client.shutdown_role_instance("svc", "dep", "r2"))
    await until(client, "StoppedVM", "r2")
    capture = {"PostCaptureActions": "Delete", "TargetImageLabel": "Mine", "TargetImageName": "mine"}
    await finish(client, await client.capture_role_instance("svc", "dep", "r2", capture))
    image = await client.get_os_image("mine")
    assert (image.label, image.category) == ("Mine", "User")
    await client.delete_os_image("mine")

    await finish(client, await client.add_role("svc", "dep", role("r3", 60002)))
    await finish(client, await client.delete_role("svc", "dep", "r3"))
    await finish(client, await client.delete_deployment("svc", "dep"))
    with pytest.raises(ResourceNotFoundError):
        await client.get_deployment("svc", "dep")
    await client.delete_hosted_service("svc")
    assert await client.list_hosted_services() == []


async def test_images_and_storage_keys() -> None:
    async with local() as (_, client):
        images = await client.list_os_images()
        assert IMAGE in {image.name for image in images}
        assert (await client.get_os_image(IMAGE)).os == "Windows"
        assert {location.name for location in await client.list_locations()} >= {"West US"}
        await finish(client, await client.create_storage_account("mystore"))
        keys = (await client.get_storage_account_keys("mystore")).storage_service_keys
        assert keys is not None
        assert keys.primary is not None
        assert len(keys.primary.get_secret_value()) == 88
        assert keys.primary.get_secret_value() not in repr(keys)
        created = await client.create_os_image("own", "http://mystore.blob.core.windows.net/vhds/own.vhd")
        assert (created.name, created.label, created.os, created.category) == ("own", "own", "Linux", "User")


CAPTURE = {"PostCaptureActions": "Delete", "TargetImageLabel": "l", "TargetImageName": "n"}
UNKNOWN = {
    "GetOperationStatus": ("0" * 32,),
    "GetOSImage": ("nothere",),
    "GetHostedService": ("nothere",),
    "GetStorageAccountKeys": ("nothere",),
    "GetDeployment": ("nothere", "dep"),
    "GetDeploymentBySlot": ("nothere", "Production"),
    "CreateDeployment": ("nothere", "dep", role("r1")),
    "GetRole": ("svc", "dep", "nothere"),
    "AddRole": ("svc", "nothere", role("r9", 1)),
    "ModifyRole": ("svc", "dep", "nothere", {"RoleSize": "Small"}),
    "DeleteRole": ("svc", "dep", "nothere"),
    "AddDataDisk": ("svc", "dep", "nothere", {"LogicalDiskSizeInGB": 1}),
    "ModifyDataDisk": ("svc", "dep", "r1", 7, {"HostCaching": "None", "DiskName": "x"}),
    "RemoveDataDisk": ("svc", "dep", "r1", 7),
    "ShutdownRoleInstance": ("svc", "dep", "nothere"),
    "RestartRoleInstance": ("svc", "dep", "nothere"),
    "CaptureRoleInstance": ("svc", "dep", "nothere", CAPTURE),
}
NOT_ABOUT_ONE = {"ListOSImages", "ListHostedServices", "CreateHostedService", "CreateOSImage"}


def method(client: ServiceManagementClient, documented: str) -> Any:
    return getattr(client, REGISTRY[documented].method_name)


async def test_an_unknown_name_is_404_for_every_operation_that_takes_one() -> None:
    assert UNKNOWN.keys() | NOT_ABOUT_ONE == set(DOCUMENTED)
    async with local() as (_, client):
        await deploy(client, "r1")
        await until(client, "ReadyRole", "r1")
        for documented, arguments in UNKNOWN.items():
            with pytest.raises(ResourceNotFoundError) as caught:
                await method(client, documented)(*arguments)
            assert (caught.value.status, caught.value.code) == (404, "ResourceNotFound"), documented
            assert caught.value.operation == documented
            assert caught.value.request_id is not None
            assert len(caught.value.request_id) == 32


async def test_a_duplicate_is_a_conflict() -> None:
    async with local() as (_, client):
        await deploy(client, "r1")
        with pytest.raises(ConflictError) as name_taken:
            await client.create_hosted_service("SVC")
        assert name_taken.value.kind is ConflictKind.NAME_TAKEN
        with pytest.raises(ConflictError) as occupied:
            await client.create_deployment("svc", "dep2", role("r2"))
        assert occupied.value.kind is ConflictKind.SLOT_OCCUPIED
        media = "http://portalvhds.blob.core.windows.net/vhds/own.vhd"
        await client.create_os_image("own", media)
        with pytest.raises((ConflictError, BadRequestError)):
            await client.create_os_image("own", media)
        with pytest.raises((ConflictError, BadRequestError)):
            await client.add_role("svc", "dep", role("r1", 7))


async def test_a_second_write_meets_the_lock_and_learns_its_holder() -> None:
    async with local() as (service, client):
        await deploy(client, "r1")
        await until(client, "ReadyRole", "r1")
        holder = service.service.hold_lock("svc", 3600, datetime.now(UTC))
        writes: dict[str, tuple[Any, ...]] = {
            "AddRole": ("svc", "dep", role("r2", 7)),
            "ModifyRole": ("svc", "dep", "r1", {"RoleSize": "Small"}),
            "DeleteRole": ("svc", "dep", "r1"),
            "AddDataDisk": ("svc", "dep", "r1", {"LogicalDiskSizeInGB": 1, "LUN": 1}),
            "ModifyDataDisk": ("svc", "dep", "r1", 0, {"HostCaching": "None", "DiskName": "x"}),
            "RemoveDataDisk": ("svc", "dep", "r1", 0),
            "ShutdownRoleInstance": ("svc", "dep", "r1"),
            "RestartRoleInstance": ("svc", "dep", "r1"),
            "CaptureRoleInstance": ("svc", "dep", "r1", CAPTURE),
            "DeleteDeployment": ("svc", "dep"),
            "StartRoleInstance": ("svc", "dep", "r1"),
        }
        for documented, arguments in writes.items():
            with pytest.raises(ConflictError) as caught:
                await method(client, documented)(*arguments)
            assert caught.value.kind is ConflictKind.EXCLUSIVE_ACCESS, documented
            assert caught.value.holder_request_id == holder, documented
            assert f"x-ms-requestid {holder} on this deployment" in str(caught.value)
        assert (await client.get_operation_status(holder)).status == "InProgress"


async def test_a_bad_value_is_400() -> None:
    async with local() as (_, client):
        with pytest.raises(BadRequestError, match="location"):
            await client.create_hosted_service("svc", {"Location": "Atlantis"})
        await client.create_hosted_service("svc")
        unknown_image = {**role("r1"), "OSDisk": {"SourceImageName": "nothere"}}
        with pytest.raises((BadRequestError, OperationFailedError)):
            await finish(client, await client.create_deployment("svc", "dep", unknown_image))
        odd_size = {**role("r1"), "RoleSize": "Gigantic"}
        with pytest.raises((BadRequestError, OperationFailedError)):
            await finish(client, await client.create_deployment("svc", "dep", odd_size))
        with pytest.raises(InvalidArgumentError):
            await client.create_deployment("svc", "dep", role("r1", 70000))


async def test_a_port_clash_fails_the_operation() -> None:
    async with local() as (_, client):
        await deploy(client, "r1")
        accepted = await client.add_role("svc", "dep", role("r2"))
        with pytest.raises(OperationFailedError, match="Port 59919 is already in use") as caught:
            await finish(client, accepted)
        assert (caught.value.status, caught.value.code) == (400, "BadRequest")


async def test_a_foreign_certificate_is_refused(tmp_path: Path) -> None:
    foreign = ensure_certificates(tmp_path / "foreign")
    async with local() as (service, _):
        options = {"host": f"{service.host}:{service.port}", "ca": str(service.ca_file)}
        auth = {"keyfile": str(foreign.key_file), "certfile": str(foreign.cert_file)}
        async with ServiceManagementClient(service.subscription_id, auth, options) as client:
            with pytest.raises(AuthenticationError, match="failed to authenticate") as caught:
                await client.list_hosted_services()
            assert (caught.value.status, caught.value.code) == (403, "ForbiddenError")
            with pytest.raises(AuthenticationError):
                await client.create_hosted_service("svc")


async def test_another_subscription_is_refused() -> None:
    async with local() as (service, _):
        auth = {"keyfile": str(service.key_file), "certfile": str(service.cert_file)}
        options = {"host": f"{service.host}:{service.port}", "ca": str(service.ca_file)}
        other = "00000000-0000-0000-0000-000000000000"
        async with ServiceManagementClient(other, auth, options) as client:
            with pytest.raises(AuthenticationError):
                await client.list_hosted_services()


async def test_an_untrusted_server_is_never_spoken_to(tmp_path: Path) -> None:
    other = ensure_certificates(tmp_path / "other")
    async with local() as (service, _):
        auth = {"keyfile": str(service.key_file), "certfile": str(service.cert_file)}
        options = {"host": f"{service.host}:{service.port}", "ca": str(other.ca_file)}
        async with ServiceManagementClient(service.subscription_id, auth, options) as client:
            with pytest.raises(TLSError) as caught:
                await client.create_hosted_service("svc")
            assert caught.value.request_sent is False
            assert isinstance(caught.value.__cause__, (ssl.SSLError, type(None)))


async def test_json_is_spoken_both_ways() -> None:
    async with local() as (service, _):
        async with service.client(serializetype="JSON") as client:
            await client.create_hosted_service("svc", {"Label": "plain"})
            hosted = await client.get_hosted_service("svc")
            assert hosted.hosted_service_properties is not None
            assert hosted.hosted_service_properties.label == "plain"
            await finish(client, await client.create_deployment("svc", "dep", role("r1")))
            read = await client.get_role("svc", "dep", "r1")
            assert isinstance(read, VMRole)
            assert [disk.logical_disk_size_in_gb for disk in read.data_disks] == [10]
            with pytest.raises(ResourceNotFoundError) as caught:
                await client.get_hosted_service("nothere")
            assert caught.value.code == "ResourceNotFound"
