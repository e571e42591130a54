"""A client others wrote drives the local service over TLS, unchanged.

``azure-servicemanagement-legacy`` is the last release of the Python client of this API, made for the real
service. Only its public interface is used: a ``requests`` session that trusts the local service's authority.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

import anyio
import pytest
import requests

from azure_iaas.emulator import LocalService
from tests.emulator_driver import CERTIFICATE
from tools.coverage_page import FOREIGN, LEGACY, operation_of

with catch_warnings():
    # It is older than the warnings of today's Python.
    simplefilter("ignore")
    from azure.common import AzureConflictHttpError, AzureHttpError, AzureMissingResourceHttpError
    from azure.servicemanagement import (
        AzureAsyncOperationHttpError,
        CaptureRoleAsVMImage,
        ConfigurationSet,
        ConfigurationSetInputEndpoint,
        LinuxConfigurationSet,
        OSVirtualHardDisk,
        ServiceManagementService,
        WindowsConfigurationSet,
    )

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from azure_iaas.wire.messages import RawRequest

pytestmark = [
    pytest.mark.filterwarnings("ignore:::azure"),
    pytest.mark.timeout(180),
]

SPEED = 400.0
LINUX_IMAGE = "5112500ae3b842c8b9c604889f8753c3__OpenLogic-CentOS-63APR20130415"
WINDOWS_IMAGE = "Win2K8SP1.110809-2000.201108-01.en.us.30GB.vhd"


@contextmanager
def refused(status: int, text: str) -> Iterator[None]:
    """Expect the client's own error class for an HTTP status, with the service's wording."""
    kinds = {404: AzureMissingResourceHttpError, 409: AzureConflictHttpError}
    with pytest.raises(kinds.get(status, AzureHttpError)) as caught:
        yield
    assert caught.value.status_code == status
    assert text in str(caught.value)


class Foreign:
    """The foreign client at the local service, and how its users waited."""

    def __init__(self, service: LocalService) -> None:
        session = requests.Session()
        session.cert = str(service.pem_file)
        # An environment may name authorities of its own, which would go first.
        session.trust_env = False
        session.verify = str(service.ca_file)
        self.session = session
        self.sms = ServiceManagementService(
            subscription_id=service.subscription_id,
            cert_file=str(service.pem_file),
            host=f"{service.host}:{service.port}",
            request_session=session,
        )

    def wait(self, accepted: Any, status: str = "Succeeded") -> Any:
        """Wait as its documentation says; a failure or the end of patience raises."""
        done = self.sms.wait_for_operation_status(
            accepted.request_id,
            timeout=30,
            sleep_interval=0.05,
            progress_callback=None,
            success_callback=None,
        )
        assert done.status == status
        return done

    def until(self, condition: Callable[[], bool]) -> None:
        """Ask until something is so."""
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "it never came"
            time.sleep(0.02)

    def instance(self, role: str) -> Any:
        instances = self.sms.get_deployment_by_name("svc", "dep").role_instance_list
        return next(each for each in instances if each.role_name == role)

    def until_ready(self, role: str) -> None:
        self.until(lambda: self.instance(role).instance_status == "ReadyRole")


@contextmanager
def opened(service: LocalService) -> Iterator[Foreign]:
    foreign = Foreign(service)
    try:
        yield foreign
    finally:
        foreign.session.close()


def endpoint(name: str, port: int, local_port: int) -> Any:
    return ConfigurationSetInputEndpoint(name, "tcp", str(port), str(local_port))


def network(*endpoints: Any) -> Any:
    configuration = ConfigurationSet()
    configuration.configuration_set_type = "NetworkConfiguration"
    for each in endpoints:
        configuration.input_endpoints.input_endpoints.append(each)
    return configuration


def linux_disk(blob: str) -> Any:
    return OSVirtualHardDisk(LINUX_IMAGE, f"http://account1.blob.core.windows.net/vhds/{blob}.vhd")


def catalogue(foreign: Foreign) -> None:
    sms = foreign.sms
    assert "West US" in [each.name for each in sms.list_locations()]
    assert "Small" in [each.name for each in sms.list_role_sizes()]
    images = {each.name: each for each in sms.list_os_images()}
    assert images[LINUX_IMAGE].os == "Linux"
    assert sms.get_os_image(LINUX_IMAGE).logical_size_in_gb == 30
    assert sms.get_subscription().subscription_status == "Active"
    now = datetime.now(UTC)
    sms.list_subscription_operations(now.strftime("%Y-%m-%d"), now.strftime("%Y-%m-%dT23:59:59Z"))


def storage_and_groups(foreign: Foreign) -> None:
    sms = foreign.sms
    assert sms.check_storage_account_name_availability("account1").result
    foreign.wait(sms.create_storage_account("account1", "made by a test", "label 1", location="West US"))
    account = sms.get_storage_account_properties("account1").storage_service_properties
    assert (account.label, account.location) == ("label 1", "West US")
    foreign.until(
        lambda: sms.get_storage_account_properties("account1").storage_service_properties.status == "Created"
    )
    keys = sms.get_storage_account_keys("account1").storage_service_keys
    renewed = sms.regenerate_storage_account_keys("account1", "Secondary").storage_service_keys
    assert renewed.primary == keys.primary
    assert renewed.secondary != keys.secondary
    sms.update_storage_account("account1", "changed", "label 2")
    assert "account1" in [each.service_name for each in sms.list_storage_accounts()]
    assert not sms.check_storage_account_name_availability("account1").result

    sms.create_affinity_group("group1", "a group", "West US", "for tests")
    sms.update_affinity_group("group1", "another label", "still for tests")
    assert sms.get_affinity_group_properties("group1").label == "another label"
    assert [each.name for each in sms.list_affinity_groups()] == ["group1"]
    sms.delete_affinity_group("group1")


def service_and_certificate(foreign: Foreign) -> None:
    sms = foreign.sms
    assert sms.check_hosted_service_name_availability("svc").result
    sms.create_hosted_service("svc", "svc label", "a service", "West US")
    assert not sms.check_hosted_service_name_availability("svc").result
    sms.update_hosted_service("svc", "new label", "still a service")
    service = sms.get_hosted_service_properties("svc")
    assert service.hosted_service_properties.label == "new label"
    assert service.hosted_service_properties.description == "still a service"
    assert [each.service_name for each in sms.list_hosted_services()] == ["svc"]
    foreign.wait(sms.add_service_certificate("svc", CERTIFICATE, "cer", ""))
    (certificate,) = sms.list_service_certificates("svc")
    found = sms.get_service_certificate("svc", certificate.thumbprint_algorithm, certificate.thumbprint)
    assert found.data == CERTIFICATE


def deploy(foreign: Foreign) -> None:
    sms = foreign.sms
    system = LinuxConfigurationSet(
        "vm-one", "azureuser", "Password-1", disable_ssh_password_authentication=False
    )
    accepted = sms.create_virtual_machine_deployment(
        "svc",
        "dep",
        "production",
        "the label",
        "one",
        system,
        linux_disk("one"),
        network(endpoint("ssh", 22, 22)),
        role_size="Medium",
    )
    foreign.wait(accepted)
    foreign.until_ready("one")
    deployment = sms.get_deployment_by_name("svc", "dep")
    assert (deployment.label, deployment.status) == ("the label", "Running")
    assert sms.get_deployment_by_slot("svc", "Production").name == "dep"
    detail = sms.get_hosted_service_properties("svc", embed_detail=True)
    assert [each.name for each in detail.deployments] == ["dep"]
    (role,) = deployment.role_list
    assert role.role_size == "Medium"
    assert role.os_virtual_hard_disk.source_image_name == LINUX_IMAGE
    (opened_port,) = deployment.role_instance_list[0].instance_endpoints
    assert (opened_port.name, opened_port.public_port, opened_port.protocol) == ("ssh", "22", "tcp")

    second = WindowsConfigurationSet(
        "vm-two", "Password-1", False, True, "Pacific Standard Time", "azureuser"
    )
    second.domain_join = None
    second.win_rm = None
    disk = OSVirtualHardDisk(WINDOWS_IMAGE, "http://account1.blob.core.windows.net/vhds/two.vhd")
    foreign.wait(sms.add_role("svc", "dep", "two", second, disk, network(endpoint("rdp", 3389, 3389))))
    foreign.until_ready("two")
    assert sms.get_role("svc", "dep", "two").os_virtual_hard_disk.source_image_name == WINDOWS_IMAGE


def change(foreign: Foreign) -> None:
    sms = foreign.sms
    more = network(endpoint("ssh", 22, 22), endpoint("web", 80, 8080))
    foreign.wait(sms.update_role("svc", "dep", "one", network_config=more))
    endpoints = sms.get_role("svc", "dep", "one").configuration_sets[0].input_endpoints
    assert sorted((each.name, each.port, each.local_port) for each in endpoints) == [
        ("ssh", "22", "22"),
        ("web", "80", "8080"),
    ]
    # The client sends nothing but the endpoints; the rest of the role is as it was.
    role = sms.get_role("svc", "dep", "one")
    assert role.role_size == "Medium"
    assert role.os_virtual_hard_disk.source_image_name == LINUX_IMAGE
    foreign.wait(sms.add_dns_server("svc", "dep", "dns1", "10.0.0.4"))
    foreign.wait(sms.update_dns_server("svc", "dep", "dns1", "10.0.0.5"))
    foreign.wait(sms.delete_dns_server("svc", "dep", "dns1"))


def data_disks(foreign: Foreign) -> None:
    sms = foreign.sms
    link = "http://account1.blob.core.windows.net/vhds/data.vhd"
    foreign.wait(
        sms.add_data_disk(
            "svc", "dep", "one", 2, "ReadOnly", link, disk_label="data", logical_disk_size_in_gb=10
        )
    )
    disk = sms.get_data_disk("svc", "dep", "one", 2)
    assert (disk.host_caching, disk.lun, disk.logical_disk_size_in_gb) == ("ReadOnly", 2, 10)
    assert sms.get_disk(disk.disk_name).attached_to.role_name == "one"
    foreign.wait(sms.update_data_disk("svc", "dep", "one", 2, "ReadWrite", link, 3, "data", disk.disk_name))
    assert sms.get_data_disk("svc", "dep", "one", 3).host_caching == "ReadWrite"
    with refused(404, "LUN 2"):
        sms.get_data_disk("svc", "dep", "one", 2)
    foreign.wait(sms.delete_data_disk("svc", "dep", "one", 3))
    assert disk.disk_name in [each.name for each in sms.list_disks()]
    sms.delete_disk(disk.disk_name, delete_vhd=True)


def power(foreign: Foreign) -> None:
    sms = foreign.sms
    foreign.wait(sms.restart_role("svc", "dep", "one"))
    foreign.until_ready("one")
    foreign.wait(sms.shutdown_role("svc", "dep", "one"))
    foreign.until(lambda: foreign.instance("one").instance_status == "StoppedVM")
    foreign.wait(sms.start_role("svc", "dep", "one"))
    foreign.until_ready("one")
    foreign.wait(sms.shutdown_roles("svc", "dep", ["one", "two"], "StoppedDeallocated"))
    foreign.until(lambda: foreign.instance("two").instance_status == "StoppedDeallocated")
    assert sms.get_deployment_by_name("svc", "dep").status == "Suspended"
    foreign.wait(sms.start_roles("svc", "dep", ["one", "two"]))
    foreign.until_ready("one")
    foreign.until_ready("two")
    foreign.wait(sms.reboot_role_instance("svc", "dep", "two"))
    foreign.until_ready("two")


def images_and_disks(foreign: Foreign) -> None:
    sms = foreign.sms
    foreign.wait(sms.shutdown_role("svc", "dep", "two"))
    foreign.until(lambda: foreign.instance("two").instance_status == "StoppedVM")
    foreign.wait(sms.capture_role("svc", "dep", "two", "Delete", "captured", "captured image"))
    assert [each.role_name for each in sms.get_deployment_by_name("svc", "dep").role_list] == ["one"]
    assert sms.get_os_image("captured").label == "captured image"
    blob = "http://account1.blob.core.windows.net/vhds/two.vhd"
    foreign.wait(sms.update_os_image("captured", "better label", blob, "captured", "Windows"))
    assert sms.get_os_image("captured").label == "better label"
    sms.delete_os_image("captured")

    link = "http://account1.blob.core.windows.net/vhds/own.vhd"
    foreign.wait(sms.add_os_image("own image", link, "own", "Linux"))
    assert sms.get_os_image("own").media_link == link
    sms.delete_os_image("own", delete_vhd=True)

    sms.add_disk(False, "a disk", "http://account1.blob.core.windows.net/vhds/d.vhd", "disk1", "Linux")
    sms.update_disk("disk1", False, "its label", None, "disk1", "Linux")
    assert sms.get_disk("disk1").label == "its label"
    sms.delete_disk("disk1")


def vm_images_and_addresses(foreign: Foreign) -> None:
    sms = foreign.sms
    foreign.wait(sms.create_reserved_ip_address("address1", "a label", "West US"))
    assert sms.get_reserved_ip_address("address1").state == "Created"
    foreign.wait(sms.associate_reserved_ip_address("address1", "svc", "dep"))
    assert [each.in_use for each in sms.list_reserved_ip_addresses()] == [True]
    foreign.wait(sms.disassociate_reserved_ip_address("address1", "svc", "dep"))
    foreign.wait(sms.delete_reserved_ip_address("address1"))
    assert len(sms.list_virtual_network_sites()) == 0

    options = CaptureRoleAsVMImage(
        "Specialized", "vmimage1", "a machine", "described", "en", "family", "Small"
    )
    foreign.wait(sms.capture_vm_image("svc", "dep", "one", options))
    (image,) = [each for each in sms.list_vm_images() if each.category == "User"]
    assert (image.name, image.os_disk_configuration.os_state) == ("vmimage1", "Specialized")
    image.label = "other label"
    sms.update_vm_image("vmimage1", image)
    foreign.wait(sms.delete_vm_image("vmimage1"))


def failures(foreign: Foreign, service: LocalService) -> None:
    sms = foreign.sms
    system = LinuxConfigurationSet("h", "azureuser", "Password-1", disable_ssh_password_authentication=False)
    with refused(404, "The hosted service does not exist."):
        sms.get_hosted_service_properties("absent")
    with refused(404, "The deployment name 'absent' does not exist."):
        sms.get_deployment_by_name("svc", "absent")
    with refused(404, "No deployments were found."):
        sms.get_deployment_by_slot("svc", "Staging")
    with refused(404, "The image with the specified name does not exist."):
        sms.get_os_image("absent")
    with refused(409, "The specified DNS name is already taken."):
        sms.create_hosted_service("svc", "again", location="West US")
    with refused(409, "The specified deployment slot Production is occupied."):
        sms.create_virtual_machine_deployment(
            "svc", "dep2", "production", "again", "x", system, linux_disk("x")
        )
    with refused(400, "The hosted service name is invalid."):
        sms.create_hosted_service("not_a_name", "bad", location="West US")
    with refused(400, "The location constraint is not valid."):
        sms.create_hosted_service("svc9", "bad", location="Atlantis")
    with refused(400, "is the only role present in the deployment"):
        sms.delete_role("svc", "dep", "one")
    holder = service.service.hold_lock("svc", 600.0, datetime.now(UTC))
    with refused(409, f"an operation with x-ms-requestid {holder} on this deployment"):
        sms.restart_role("svc", "dep", "one")
    with refused(409, "exclusive access"):
        sms.update_hosted_service("svc", "no")


def a_failed_operation(foreign: Foreign) -> None:
    sms = foreign.sms
    system = LinuxConfigurationSet("h", "azureuser", "Password-1", disable_ssh_password_authentication=False)
    accepted = sms.add_role(
        "svc", "dep", "clash", system, linux_disk("clash"), network(endpoint("ssh", 22, 22))
    )
    with pytest.raises(AzureAsyncOperationHttpError) as caught:
        foreign.wait(accepted)
    assert "Port 22 is already in use" in caught.value.result.error.message
    assert caught.value.result.http_status_code == "400"


def take_down(foreign: Foreign) -> None:
    sms = foreign.sms
    system = LinuxConfigurationSet("h", "azureuser", "Password-1", disable_ssh_password_authentication=False)
    foreign.wait(sms.add_role("svc", "dep", "three", system, linux_disk("three")))
    foreign.wait(sms.delete_role("svc", "dep", "three", complete=True))
    foreign.wait(sms.delete_deployment("svc", "dep", delete_vhd=True))
    with refused(404, "No deployments were found."):
        sms.get_deployment_by_slot("svc", "Production")
    thumbprint = next(iter(sms.list_service_certificates("svc"))).thumbprint
    foreign.wait(sms.delete_service_certificate("svc", "sha1", thumbprint))
    sms.delete_hosted_service("svc")
    sms.delete_storage_account("account1")
    assert len(sms.list_hosted_services()) == 0
    assert "account1" not in [each.service_name for each in sms.list_storage_accounts()]


class Seen:
    """Keeps every request, and lets none go wrong."""

    def __init__(self) -> None:
        self.requests: list[RawRequest] = []

    def choose(self, request: RawRequest) -> None:
        self.requests.append(request)


def live(service: LocalService) -> None:
    with opened(service) as foreign:
        catalogue(foreign)
        storage_and_groups(foreign)
        service_and_certificate(foreign)
        deploy(foreign)
        change(foreign)
        data_disks(foreign)
        power(foreign)
        images_and_disks(foreign)
        vm_images_and_addresses(foreign)
        a_failed_operation(foreign)
        take_down(foreign)


def fail(service: LocalService) -> None:
    with opened(service) as foreign:
        storage_and_groups(foreign)
        service_and_certificate(foreign)
        deploy_one(foreign)
        failures(foreign, service)


def deploy_one(foreign: Foreign) -> None:
    system = LinuxConfigurationSet("h", "azureuser", "Password-1", disable_ssh_password_authentication=False)
    accepted = foreign.sms.create_virtual_machine_deployment(
        "svc", "dep", "production", "the label", "one", system, linux_disk("one")
    )
    foreign.wait(accepted)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_the_legacy_python_client_lives_a_whole_life_cycle(tell: Callable[[str], None]) -> None:
    seen = Seen()
    async with LocalService(speed=SPEED, strict=True, faults=seen) as service:
        await anyio.to_thread.run_sync(live, service)
    called = {operation_of(request) for request in seen.requests}
    assert called == FOREIGN[LEGACY]
    tell(f"{LEGACY}: {len(called)} operations in {len(seen.requests)} requests")


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_the_legacy_python_client_reads_every_refusal() -> None:
    async with LocalService(speed=SPEED, strict=True) as service:
        await anyio.to_thread.run_sync(fail, service)
