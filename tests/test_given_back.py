"""What was read from the local service, strict, can be given to every call that takes its kind."""

from __future__ import annotations

from base64 import b64encode
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from azure_iaas.emulator.local_service import LocalService
from azure_iaas.models import AclRule, EndpointAcl, VMRole
from azure_iaas.operations import REGISTRY
from azure_iaas.operations.tracking import AcceptedOperation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from azure_iaas import ServiceManagementClient

pytestmark = pytest.mark.anyio

STORE = "https://store1.blob.core.windows.net/vhds"
CONFIGURATION = """<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">
<VirtualNetworkConfiguration><VirtualNetworkSites><VirtualNetworkSite name="net1" Location="West US">
<AddressSpace><AddressPrefix>10.1.0.0/16</AddressPrefix></AddressSpace>
<Subnets><Subnet name="front"><AddressPrefix>10.1.1.0/24</AddressPrefix></Subnet></Subnets>
</VirtualNetworkSite></VirtualNetworkSites></VirtualNetworkConfiguration></NetworkConfiguration>"""


async def done(client: ServiceManagementClient, write: Awaitable[Any]) -> Any:
    """Wait for a write, where there is something to wait for."""
    answer = await write
    if isinstance(answer, AcceptedOperation):
        await client.wait_for_operation(answer, interval=0.01)
    return answer


@asynccontextmanager
async def furnished() -> AsyncIterator[ServiceManagementClient]:
    """A client of a service that has one of each."""
    async with (
        LocalService(sockets=False, strict=True, speed=10000.0) as service,
        service.client(api_version="2014-10-01") as client,
    ):
        image = next(each.name for each in await client.list_os_images() if each.os == "Linux")
        await done(client, client.create_storage_account("store1", {"Description": "disks"}))
        await done(client, client.create_affinity_group("group1", "West US", description="near"))
        await done(client, client.set_network_configuration(CONFIGURATION))
        await done(client, client.create_reserved_ip("address1", {"Location": "West US", "Label": "web"}))
        await client.create_hosted_service(
            "svc1", {"Label": "Shop", "ExtendedProperties": [{"Name": "Team", "Value": "web"}]}
        )
        role = {
            "RoleName": "web1",
            "OSDisk": {"SourceImageName": image, "MediaLink": f"{STORE}/web1.vhd"},
            "DataDisks": [{"LUN": 1, "LogicalDiskSizeInGB": 10, "MediaLink": f"{STORE}/data1.vhd"}],
            "ConfigurationSets": [
                {
                    "ConfigurationSetType": "LinuxProvisioningConfiguration",
                    "HostName": "web1",
                    "UserName": "someone",
                    "UserPassword": "Corr3ct-Horse",
                },
                {
                    "ConfigurationSetType": "NetworkConfiguration",
                    "SubnetNames": ["front"],
                    "InputEndpoints": [{"Name": "ssh", "LocalPort": 22, "Port": 22, "Protocol": "tcp"}],
                },
            ],
        }
        options = {"VirtualNetworkName": "net1"}
        await done(client, client.create_deployment("svc1", "dep1", role, options))
        balancer = {"Name": "inside", "FrontendIpConfiguration": {"Type": "Private", "SubnetName": "front"}}
        await done(client, client.add_load_balancer("svc1", "dep1", balancer))
        await client.create_os_image("image1", f"{STORE}/image1.vhd", {"Label": "one", "Description": "mine"})
        await client.create_disk({"Name": "disk1", "MediaLink": f"{STORE}/disk1.vhd"})
        yield client


async def change_role(client: ServiceManagementClient) -> None:
    role = await client.get_role("svc1", "dep1", "web1")
    assert role.network_configuration is not None
    rules: list[Any] = [{"Order": 1, "Action": "deny", "RemoteSubnet": "0.0.0.0/0"}]
    role.network_configuration.input_endpoints[0].endpoint_acl = EndpointAcl()
    role.network_configuration.input_endpoints[0].endpoint_acl.rules += rules
    await done(client, client.modify_role("svc1", "dep1", "web1", role))
    after = await client.get_role("svc1", "dep1", "web1")
    assert after.network_configuration is not None
    acl = after.network_configuration.input_endpoints[0].endpoint_acl
    assert acl is not None
    assert [(each.order, each.action) for each in acl.rules] == [(1, "deny")]
    assert isinstance(acl.rules[0], AclRule)


async def add_role_as_read(client: ServiceManagementClient) -> None:
    role = await client.get_role("svc1", "dep1", "web1")
    await done(client, client.remove_data_disk("svc1", "dep1", "web1", 1))
    copy = VMRole.model_validate({"RoleName": "web2", "RoleSize": role.role_size})
    copy.configuration_sets = role.configuration_sets
    assert role.network_configuration is not None
    role.network_configuration.input_endpoints[0].port = 2222
    assert role.os_disk is not None
    copy.os_disk = role.os_disk
    copy.os_disk.disk_name = None
    copy.os_disk.media_link = f"{STORE}/web2.vhd"
    copy.data_disks = role.data_disks
    copy.data_disks[0].media_link = None
    await done(client, client.add_role("svc1", "dep1", copy))
    assert (await client.get_data_disk("svc1", "dep1", "web2", 1)).logical_disk_size_in_gb == 10


async def attach_disk_as_read(client: ServiceManagementClient) -> None:
    disk = await client.get_data_disk("svc1", "dep1", "web1", 1)
    assert disk.io_type is not None
    await done(client, client.remove_data_disk("svc1", "dep1", "web1", 1))
    await done(client, client.add_data_disk("svc1", "dep1", "web1", disk))
    assert await client.get_data_disk("svc1", "dep1", "web1", 1) == disk


async def change_data_disk(client: ServiceManagementClient) -> None:
    disk = await client.get_data_disk("svc1", "dep1", "web1", 1)
    disk.host_caching = "ReadOnly"
    await done(client, client.modify_data_disk("svc1", "dep1", "web1", 1, disk))
    assert (await client.get_data_disk("svc1", "dep1", "web1", 1)).host_caching == "ReadOnly"


async def change_os_image(client: ServiceManagementClient) -> None:
    image = await client.get_os_image("image1")
    image.description = "ours"
    await done(client, client.update_os_image("image1", image))
    assert (await client.get_os_image("image1")).description == "ours"


async def create_os_image_as_read(client: ServiceManagementClient) -> None:
    image = await client.get_os_image("image1")
    again = await client.create_os_image("image2", f"{STORE}/image2.vhd", image)
    assert (again.name, again.description, again.label) == ("image2", "mine", "one")


async def change_vm_image(client: ServiceManagementClient) -> None:
    await done(client, client.create_vm_image(_VM_IMAGE))
    (image,) = [each for each in await client.list_vm_images() if each.name == "whole1"]
    image.description = "ours"
    await done(client, client.update_vm_image("whole1", image))
    (after,) = [each for each in await client.list_vm_images() if each.name == "whole1"]
    assert after.description == "ours"


_VM_IMAGE: dict[str, Any] = {
    "Name": "whole1",
    "Label": "whole",
    "OSDiskConfiguration": {"OSState": "Generalized", "OS": "Linux", "MediaLink": f"{STORE}/whole1.vhd"},
}


async def create_vm_image_as_read(client: ServiceManagementClient) -> None:
    await done(client, client.create_vm_image(_VM_IMAGE))
    (image,) = [each for each in await client.list_vm_images() if each.name == "whole1"]
    image.name = "whole2"
    assert image.os_disk_configuration is not None
    image.os_disk_configuration.media_link = f"{STORE}/whole2.vhd"
    await done(client, client.create_vm_image(image))
    assert "whole2" in [each.name for each in await client.list_vm_images()]


async def change_disk(client: ServiceManagementClient) -> None:
    disk = await client.get_disk("disk1")
    disk.label = "ours"
    await done(client, client.update_disk("disk1", disk))
    assert (await client.get_disk("disk1")).label == "ours"


async def register_disk_as_read(client: ServiceManagementClient) -> None:
    disk = await client.get_disk("disk1")
    await client.delete_disk("disk1")
    await client.create_disk(disk)
    assert (await client.get_disk("disk1")).media_link == disk.media_link


async def change_hosted_service(client: ServiceManagementClient) -> None:
    service = await client.get_hosted_service("svc1")
    assert service.hosted_service_properties is not None
    service.hosted_service_properties.description = "ours"
    await client.update_hosted_service("svc1", service)
    after = (await client.get_hosted_service("svc1")).hosted_service_properties
    assert after is not None
    assert (after.description, after.label) == ("ours", "Shop")


async def create_hosted_service_as_read(client: ServiceManagementClient) -> None:
    service = await client.get_hosted_service("svc1")
    await client.create_hosted_service("svc2", service)
    after = (await client.get_hosted_service("svc2")).hosted_service_properties
    assert after is not None
    assert (after.label, after.location) == ("Shop", "West US")
    assert [(each.name, each.value) for each in after.extended_properties][:1] == [("Team", "web")]


async def change_storage_account(client: ServiceManagementClient) -> None:
    account = await client.get_storage_account("store1")
    assert account.storage_service_properties is not None
    account.storage_service_properties.description = "ours"
    await client.update_storage_account("store1", account)
    after = (await client.get_storage_account("store1")).storage_service_properties
    assert after is not None
    assert after.description == "ours"


async def create_storage_account_as_read(client: ServiceManagementClient) -> None:
    account = await client.get_storage_account("store1")
    await done(client, client.create_storage_account("store2", account))
    after = (await client.get_storage_account("store2")).storage_service_properties
    assert after is not None
    assert after.description == "disks"


async def reserve_as_read(client: ServiceManagementClient) -> None:
    address = await client.get_reserved_ip("address1")
    await done(client, client.create_reserved_ip("address2", address))
    assert (await client.get_reserved_ip("address2")).label == "web"


async def change_load_balancer(client: ServiceManagementClient) -> None:
    (balancer,) = (await client.get_deployment("svc1", "dep1")).load_balancers
    await done(client, client.update_load_balancer("svc1", "dep1", balancer))
    assert (await client.get_deployment("svc1", "dep1")).load_balancers == [balancer]


async def add_load_balancer_as_read(client: ServiceManagementClient) -> None:
    (balancer,) = (await client.get_deployment("svc1", "dep1")).load_balancers
    await done(client, client.delete_load_balancer("svc1", "dep1", "inside"))
    await done(client, client.add_load_balancer("svc1", "dep1", balancer))
    assert [each.name for each in (await client.get_deployment("svc1", "dep1")).load_balancers] == ["inside"]


async def deploy_with_options_as_read(client: ServiceManagementClient) -> None:
    deployment = await client.get_deployment("svc1", "dep1")
    await client.create_hosted_service("svc2")
    role = VMRole(role_name="web1")
    role.os_disk = deployment.role_list[0].os_disk
    assert role.os_disk is not None
    role.os_disk.disk_name = None
    role.os_disk.media_link = f"{STORE}/other.vhd"
    role.configuration_sets = deployment.role_list[0].configuration_sets
    deployment.load_balancers = []
    await done(client, client.create_deployment("svc2", "dep2", role, deployment))
    assert (await client.get_deployment("svc2", "dep2")).virtual_network_name == "net1"


async def change_load_balanced_set(client: ServiceManagementClient) -> None:
    role = await client.get_role("svc1", "dep1", "web1")
    assert role.network_configuration is not None
    (endpoint,) = role.network_configuration.input_endpoints
    endpoint.load_balanced_endpoint_set_name = "web"
    await done(client, client.modify_role("svc1", "dep1", "web1", role))
    role = await client.get_role("svc1", "dep1", "web1")
    assert role.network_configuration is not None
    (endpoint,) = role.network_configuration.input_endpoints
    endpoint.idle_timeout_in_minutes = 10
    await done(client, client.update_load_balanced_set("svc1", "dep1", [endpoint]))
    role = await client.get_role("svc1", "dep1", "web1")
    assert role.network_configuration is not None
    assert role.network_configuration.input_endpoints[0].idle_timeout_in_minutes == 10


async def admit_as_read(client: ServiceManagementClient) -> None:
    issued = trustme.CA().issue_cert("somebody@example.org").cert_chain_pems[0].bytes()
    x509 = load_pem_x509_certificate(issued)
    public = x509.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    thumbprint = x509.fingerprint(SHA1()).hex().upper()  # noqa: S303 - the service's own name for it
    await client.add_management_certificate(
        {
            "SubscriptionCertificatePublicKey": b64encode(public).decode(),
            "SubscriptionCertificateThumbprint": thumbprint,
            "SubscriptionCertificateData": b64encode(x509.public_bytes(Encoding.DER)).decode(),
        }
    )
    certificate = await client.get_management_certificate(thumbprint)
    assert certificate.created is not None
    await client.add_management_certificate(certificate)
    # Not the whole: it was made anew, perhaps a second later.
    listed = await client.list_management_certificates()
    assert thumbprint in [each.subscription_certificate_thumbprint for each in listed]


GIVEN_BACK: dict[str, Callable[[ServiceManagementClient], Awaitable[None]]] = {
    "ModifyRole": change_role,
    "AddRole": add_role_as_read,
    "AddDataDisk": attach_disk_as_read,
    "ModifyDataDisk": change_data_disk,
    "UpdateOSImage": change_os_image,
    "CreateOSImage": create_os_image_as_read,
    "UpdateVMImage": change_vm_image,
    "CreateVMImage": create_vm_image_as_read,
    "UpdateDisk": change_disk,
    "CreateDisk": register_disk_as_read,
    "UpdateHostedService": change_hosted_service,
    "CreateHostedService": create_hosted_service_as_read,
    "UpdateStorageAccount": change_storage_account,
    "CreateStorageAccount": create_storage_account_as_read,
    "CreateReservedIP": reserve_as_read,
    "UpdateLoadBalancer": change_load_balancer,
    "AddLoadBalancer": add_load_balancer_as_read,
    "CreateDeployment": deploy_with_options_as_read,
    "UpdateLoadBalancedSet": change_load_balanced_set,
    "AddManagementCertificate": admit_as_read,
}


@pytest.mark.parametrize("name", GIVEN_BACK)
async def test_what_was_read_can_be_given_back(name: str) -> None:
    async with furnished() as client:
        await GIVEN_BACK[name](client)


def test_every_call_that_takes_an_object_is_tried() -> None:
    # Options of a capture and a configuration's change are no resource that can be read.
    takes = {
        name
        for name, operation in REGISTRY.items()
        if any(
            "Mapping[str, Any]" in str(each.annotation) for each in operation.signature.parameters.values()
        )
    }
    assert takes - GIVEN_BACK.keys() == {
        "CaptureRoleInstance",
        "CaptureRoleAsVMImage",
        "ChangeDeploymentConfiguration",
    }
