"""What ``docs/porting.md`` says an old call becomes does the same.

Two local services begin alike. One is driven by the old Python client, the other by ours, each call of ours
made from the old one's by the mapping of ``tools/porting.py``; after each step both must hold the same.
"""

from __future__ import annotations

import inspect
import json
import os
import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

import anyio
import pytest

import azure_iaas
from azure_iaas import (
    OperationFailedError,
    OperationTimeoutError,
    ServiceError,
    ServiceManagementClient,
)
from azure_iaas.callback import ServiceManagementService
from azure_iaas.emulator import LocalService
from tests.emulator_driver import CERTIFICATE, PUBLIC_KEY, THUMBPRINT
from tests.test_foreign_clients import LINUX_IMAGE, Foreign, endpoint, linux_disk, network, opened
from tools import porting

with catch_warnings():
    # It is older than the warnings of today's Python.
    simplefilter("ignore")
    import azure.servicemanagement as legacy
    from azure.common import AzureHttpError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.filterwarnings("ignore:::azure"), pytest.mark.timeout(180)]

NOW = datetime(2016, 4, 1, 21, 43, 13, tzinfo=UTC)
FOREIGN = Path(os.environ.get("FOREIGN_CLIENTS", Path(__file__).parent / "foreign"))


def parameters(function: Any) -> set[str]:
    return set(inspect.signature(function).parameters) - {"self"}


def test_the_tables_are_current() -> None:
    page = porting.PAGE.read_text(encoding="utf-8")
    assert porting.render(page) == page
    assert page.count("python -m tools.porting") == len(porting.TABLES)


def test_every_method_of_the_old_client_is_named() -> None:
    theirs = legacy.ServiceManagementService
    public = {name for name, _ in inspect.getmembers(theirs, inspect.isfunction) if not name.startswith("_")}
    # Functions that stand where methods do.
    public -= {"should_use_requests"} | {name for name in public if name.endswith("_default_callback")}
    assert public == porting.LEGACY.keys()


@pytest.mark.parametrize("name", [name for name, port in porting.LEGACY.items() if port.ours])
def test_every_argument_has_its_place(name: str) -> None:
    port = porting.LEGACY[name]
    theirs = parameters(getattr(legacy.ServiceManagementService, name))
    ours = parameters(getattr(ServiceManagementClient, port.ours))
    assert port.arguments.keys() <= theirs
    places = {port.arguments.get(argument, argument) for argument in theirs}
    assert {place.partition(".")[0] for place in places if place} <= ours


def test_what_is_not_there_says_why() -> None:
    assert all(port.note for port in porting.LEGACY.values() if not port.ours)
    assert all(name in porting.NODE_NOTES for name, ours in porting.NODE.items() if not ours)


def test_every_exception_exists() -> None:
    for theirs, ours, _ in porting.EXCEPTIONS:
        module, _, name = theirs.rpartition(".")
        if module:
            assert hasattr(pytest.importorskip(module), name)
        else:
            with catch_warnings():
                simplefilter("ignore")
                common = __import__("azure.common").common
            assert hasattr(legacy, name) or hasattr(common, name) or name == "ValueError"
        assert hasattr(azure_iaas, ours)


def test_every_method_of_the_node_clients_has_one_here() -> None:
    for name in filter(None, porting.NODE.values()):
        assert hasattr(ServiceManagementService, name), name
    for methods in porting.GENERATED.values():
        for name in methods.values():
            assert hasattr(ServiceManagementClient, name), name


def test_the_published_node_client_is_named_whole() -> None:
    package = FOREIGN / "early" / "node_modules" / "azure"
    if not package.is_dir():
        pytest.skip("the Node client isn't installed: tests/foreign/README.md")
    source = package / "lib/services/serviceManagement/servicemanagementservice.js"
    found = re.findall(r"ServiceManagementService\.prototype\.([a-z]\w*) =", source.read_text("utf-8"))
    assert set(found) == porting.NODE.keys()


def test_the_generated_node_clients_have_these_methods() -> None:
    packages = FOREIGN / "generated" / "node_modules"
    if not packages.is_dir():
        pytest.skip("the Node clients aren't installed: tests/foreign/README.md")
    for group, methods in porting.GENERATED.items():
        client, _, member = group.partition(".")
        source = "".join(
            file.read_text("utf-8") for file in (packages / f"azure-asm-{client}" / "lib").glob("*.js")
        )
        made = re.search(rf"this\.{member} = new (\w+)\(", source)
        assert made is not None, group
        assert set(methods) <= set(re.findall(rf"{made[1]}\.prototype\.(\w+) =", source)), group


@dataclass(frozen=True)
class Both:
    """An argument that is an object of the old client's, and what it is here."""

    theirs: Any
    ours: Any


def converted(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Arguments of our method, by the mapping alone."""
    arguments: dict[str, Any] = {}
    for argument, value in given.items():
        place = porting.LEGACY[name].arguments.get(argument, argument)
        if place is None:
            continue
        ours = value.ours if isinstance(value, Both) else value
        holder, _, attribute = place.partition(".")
        if not attribute:
            arguments[holder] = ours
        elif attribute in arguments.setdefault(holder, {}):
            arguments[holder][attribute] += ours
        else:
            arguments[holder][attribute] = ours
    return arguments


def linux(host: str) -> Both:
    return Both(
        legacy.LinuxConfigurationSet(
            host, "azureuser", "Password-1", disable_ssh_password_authentication=False
        ),
        [
            {
                "configuration_set_type": "LinuxProvisioningConfiguration",
                "host_name": host,
                "user_name": "azureuser",
                "user_password": "Password-1",
                "disable_ssh_password_authentication": False,
            }
        ],
    )


def ports(*endpoints: tuple[str, int, int]) -> Both:
    return Both(
        network(*(endpoint(*each) for each in endpoints)),
        [
            {
                "configuration_set_type": "NetworkConfiguration",
                "input_endpoints": [
                    # The old client names its default.
                    {
                        "name": name,
                        "protocol": "tcp",
                        "port": port,
                        "local_port": local,
                        "idle_timeout_in_minutes": 4,
                    }
                    for name, port, local in endpoints
                ],
            }
        ],
    )


def disk(blob: str) -> Both:
    link = f"http://account1.blob.core.windows.net/vhds/{blob}.vhd"
    return Both(linux_disk(blob), {"source_image_name": LINUX_IMAGE, "media_link": link})


def name_server(name: str, address: str) -> Any:
    server = legacy.DnsServer()
    server.name, server.address = name, address
    return server


def image_of_blob() -> Both:
    link = "http://account1.blob.core.windows.net/vhds/image.vhd"
    image = legacy.VMImage("vmimage2", "from a blob", "described")
    image.os_disk_configuration.os_state = "Specialized"
    image.os_disk_configuration.os = "Linux"
    image.os_disk_configuration.media_link = link
    ours = {
        "name": "vmimage2",
        "label": "from a blob",
        "description": "described",
        "show_in_gui": False,
        "os_disk_configuration": {"os_state": "Specialized", "os": "Linux", "media_link": link},
    }
    return Both(image, ours)


BLOBS = "http://account1.blob.core.windows.net/vhds"
AT = {"service_name": "svc", "deployment_name": "dep"}
ONE = {**AT, "role_name": "one"}
TWO = {**AT, "role_name": "two"}


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """One life cycle: each method, and what the old client is called with."""
    yield "list_locations", {}
    yield "list_role_sizes", {}
    yield "list_os_images", {}
    yield "list_resource_extensions", {}
    yield "get_os_image", {"image_name": LINUX_IMAGE}
    yield "get_subscription", {}
    yield "check_storage_account_name_availability", {"service_name": "account1"}
    account = {"service_name": "account1", "description": "made by a test", "label": "label 1"}
    yield "create_storage_account", {**account, "location": "West US", "account_type": "Standard_LRS"}
    yield "create_storage_account", {**account, "service_name": "account2", "location": "West US"}
    yield "delete_storage_account", {"service_name": "account2"}
    yield "get_storage_account_properties", {"service_name": "account1"}
    yield "list_storage_accounts", {}
    yield "get_storage_account_keys", {"service_name": "account1"}
    yield "regenerate_storage_account_keys", {"service_name": "account1", "key_type": "Secondary"}
    yield "update_storage_account", {**account, "label": "label 2", "account_type": "Standard_GRS"}
    group = {"label": "a group", "description": "for tests"}
    yield "create_affinity_group", {"name": "group1", "location": "West US", **group}
    yield "update_affinity_group", {"affinity_group_name": "group1", **group, "label": "other"}
    yield "get_affinity_group_properties", {"affinity_group_name": "group1"}
    yield "list_affinity_groups", {}
    yield "delete_affinity_group", {"affinity_group_name": "group1"}
    certificate = {"public_key": PUBLIC_KEY, "thumbprint": THUMBPRINT, "data": CERTIFICATE}
    yield "add_management_certificate", certificate
    yield "list_management_certificates", {}
    yield "get_management_certificate", {"thumbprint": THUMBPRINT}
    yield "delete_management_certificate", {"thumbprint": THUMBPRINT}
    yield "check_hosted_service_name_availability", {"service_name": "svc"}
    service = {"service_name": "svc", "label": "svc label", "description": "a service"}
    yield "create_hosted_service", {**service, "location": "West US"}
    yield "update_hosted_service", {**service, "label": "new label"}
    pem = {"data": CERTIFICATE, "certificate_format": "cer", "password": ""}
    yield "add_service_certificate", {"service_name": "svc", **pem}
    yield "list_service_certificates", {"service_name": "svc"}
    thumb = {"thumbalgorithm": "sha1", "thumbprint": THUMBPRINT}
    yield "get_service_certificate", {"service_name": "svc", **thumb}
    yield (
        "create_virtual_machine_deployment",
        {
            **ONE,
            "deployment_slot": "production",
            "label": "the label",
            "system_config": linux("vm-one"),
            "os_virtual_hard_disk": disk("one"),
            "network_config": ports(("ssh", 22, 22)),
            "role_size": "Medium",
            "availability_set_name": "set1",
            "dns_servers": Both(
                [name_server("dns0", "10.0.0.3")],
                {"dns_servers": [{"name": "dns0", "address": "10.0.0.3"}]},
            ),
        },
    )
    yield (
        "add_role",
        {
            **TWO,
            "system_config": linux("vm-two"),
            "os_virtual_hard_disk": disk("two"),
            "network_config": ports(("ssh2", 2222, 22)),
            "role_size": "Small",
        },
    )
    yield "list_hosted_services", {}
    yield "get_hosted_service_properties", {"service_name": "svc", "embed_detail": True}
    yield "get_deployment_by_name", AT
    yield "get_deployment_by_slot", {"service_name": "svc", "deployment_slot": "Production"}
    yield "get_role", ONE
    yield "update_role", {**ONE, "network_config": ports(("ssh", 22, 22), ("web", 80, 8080))}
    yield "add_dns_server", {**AT, "dns_server_name": "dns1", "address": "10.0.0.4"}
    yield "update_dns_server", {**AT, "dns_server_name": "dns1", "address": "10.0.0.5"}
    yield "delete_dns_server", {**AT, "dns_server_name": "dns1"}
    data = {"media_link": f"{BLOBS}/data.vhd", "disk_label": "data", "host_caching": "ReadOnly"}
    yield "add_data_disk", {**ONE, "lun": 2, **data, "logical_disk_size_in_gb": 10}
    yield "get_data_disk", {**ONE, "lun": 2}
    yield "update_data_disk", {**ONE, "lun": 2, **data, "host_caching": "ReadWrite", "updated_lun": 3}
    yield "delete_data_disk", {**ONE, "lun": 3, "delete_vhd": True}
    yield "list_disks", {}
    yield "reboot_role_instance", {**AT, "role_instance_name": "two"}
    yield "restart_role", ONE
    yield "shutdown_role", {**ONE, "post_shutdown_action": "StoppedDeallocated"}
    yield "start_role", ONE
    yield "shutdown_roles", {**AT, "role_names": ["one", "two"], "post_shutdown_action": "Stopped"}
    yield "start_roles", {**AT, "role_names": ["one", "two"]}
    yield "create_reserved_ip_address", {"name": "ip1", "label": "a label", "location": "West US"}
    yield "get_reserved_ip_address", {"name": "ip1"}
    yield "associate_reserved_ip_address", {"name": "ip1", **AT}
    yield "list_reserved_ip_addresses", {}
    yield "disassociate_reserved_ip_address", {"name": "ip1", **AT}
    yield "delete_reserved_ip_address", {"name": "ip1"}
    yield "list_virtual_network_sites", {}
    vm_image = {
        "os_state": "Specialized",
        "vm_image_name": "vmimage1",
        "vm_image_label": "a machine",
        "description": "described",
        "language": "en",
        "image_family": "family",
        "recommended_vm_size": "Small",
    }
    options = Both(legacy.CaptureRoleAsVMImage(**vm_image), vm_image)
    yield "capture_vm_image", {**ONE, "options": options}
    yield "create_vm_image", {"vm_image": image_of_blob()}
    changes = {"label": "other label", "description": "described otherwise", "show_in_gui": False}
    image = Both(legacy.VMImage("vmimage1", "other label", "described otherwise"), changes)
    yield "update_vm_image", {"vm_image_name": "vmimage1", "vm_image": image}
    yield "list_vm_images", {"category": "User"}
    yield "delete_vm_image", {"vm_image_name": "vmimage1"}
    yield "shutdown_role", {**TWO, "post_shutdown_action": "Stopped"}
    captured = {"target_image_name": "captured", "target_image_label": "captured image"}
    yield "capture_role", {**TWO, "post_capture_action": "Delete", **captured}
    own = {"name": "own", "label": "own image", "media_link": f"{BLOBS}/own.vhd", "os": "Linux"}
    yield "add_os_image", own
    yield "update_os_image", {"image_name": "own", **own, "label": "better label"}
    reference = legacy.OSImage()
    described: dict[str, Any] = {
        **own,
        "label": "best label",
        "description": "described",
        "eula": "none",
        "image_family": "family",
        "published_date": "2016-04-01T00:00:00Z",
        "show_in_gui": True,
        "is_premium": False,
        "icon_uri": "icon",
        "small_icon_uri": "small",
        "privacy_uri": "http://privacy",
        "recommended_vm_size": "Small",
        "language": "en",
    }
    vars(reference).update(described)
    referred = Both(reference, described)
    yield "update_os_image_from_image_reference", {"image_name": "own", "os_image": referred}
    yield "delete_os_image", {"image_name": "own", "delete_vhd": True}
    registered = {"name": "disk1", "media_link": f"{BLOBS}/d.vhd", "os": "Linux"}
    yield "add_disk", {**registered, "label": "a disk", "has_operating_system": True}
    yield "update_disk", {"disk_name": "disk1", **registered, "label": "its label"}
    yield "get_disk", {"disk_name": "disk1"}
    yield "delete_disk", {"disk_name": "disk1", "delete_vhd": True}
    yield "add_role", {**TWO, "system_config": linux("vm-two"), "os_virtual_hard_disk": disk("again")}
    yield "delete_role", {**TWO, "complete": True}
    yield (
        "add_role",
        {
            **AT,
            "role_name": "three",
            "system_config": linux("vm-three"),
            "os_virtual_hard_disk": disk("three"),
        },
    )
    yield "delete_role_instances", {**AT, "role_instance_names": ["three"]}
    yield "delete_deployment", {**AT, "delete_vhd": True}
    yield "delete_service_certificate", {"service_name": "svc", **thumb}
    yield "delete_hosted_service", {"service_name": "svc", "complete": True}


NOT_FOR_MACHINES: dict[str, dict[str, Any]] = {
    "swap_deployment": {"service_name": "svc", "production": "dep", "source_deployment": "dep2"},
    "update_deployment_status": {**AT, "status": "Running"},
    "change_deployment_configuration": {**AT, "configuration": "PHgvPg=="},
    "reimage_role_instance": {**AT, "role_instance_name": "one"},
    "rebuild_role_instance": {**AT, "role_instance_name": "one"},
}
"""Refused by the local service, as operations for web and worker roles."""

NAMED = {(theirs, ours) for theirs, ours, _ in porting.EXCEPTIONS}

IN_THEIR_OWN_WAY = {
    "wait_for_operation_status",
    "get_operation_status",
    "list_subscription_operations",
    "set_proxy",  # makes no request
}


async def holdings(client: ServiceManagementClient) -> list[str]:
    """All a service holds, but for what is drawn by lot."""
    services = [
        await client.get_hosted_service(str(each.service_name), embed_detail=True)
        for each in await client.list_hosted_services()
    ]
    certificates = [await client.list_service_certificates(str(each.service_name)) for each in services]
    lists: list[Any] = [
        services,
        *certificates,
        await client.list_storage_accounts(),
        await client.list_affinity_groups(),
        await client.list_disks(),
        [each for each in await client.list_os_images() if each.category == "User"],
        await client.list_vm_images(category="User"),
        await client.list_reserved_ips(),
        await client.list_management_certificates(),
    ]
    text = json.dumps([[each.model_dump(mode="json") for each in some] for some in lists], indent=1)
    guid = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    when = r"\d{4}-\d\d-\d\dT[\d:.]+Z"
    for drawn in (when, r"\b[0-9a-f]{32}\b", guid, r"\d{18}", r"\b(?!10\.0\.0\.)\d+\.\d+\.\d+\.\d+\b"):
        text = re.sub(drawn, "(drawn)", text)
    return text.splitlines()


def same(theirs: Any, ours: Any, place: str) -> None:
    """What the old client read stands in our answer, under the name the page gives it."""
    if isinstance(theirs, dict):
        for name, value in theirs.items():
            assert {each.name: each.value for each in ours}[name] == value, place
    elif hasattr(theirs, "__iter__") and not isinstance(theirs, str):
        assert len(list(theirs)) == len(ours), place
        for index, (their, our) in enumerate(zip(theirs, ours, strict=True)):
            same(their, our, f"{place}[{index}]")
    elif hasattr(theirs, "__dict__"):
        at_first = vars(type(theirs)())
        for attribute, value in vars(theirs).items():
            # It has values of its own for what the answer hadn't.
            if value is not None and _plain(value) != _plain(at_first.get(attribute)):
                found = getattr(ours, str(porting.RESULTS.get(attribute, attribute)))
                found = b64decode(found).decode() if attribute in porting.ENCODED else found
                same(value, found, f"{place}.{attribute}")
    else:
        assert _plain(theirs) == _plain(ours), place


def _plain(value: Any) -> Any:
    """A value as text, whatever either client makes of it."""
    if isinstance(value, dict):
        return value
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dt%H:%M:%S")
    if hasattr(value, "get_secret_value"):
        return value.get_secret_value().lower()
    if hasattr(value, "__dict__"):
        return {name: _plain(each) for name, each in vars(value).items()}
    return re.sub(r"(?<=\dt\d\d:\d\d:\d\d)[.\d]*z$", "", str(value).lower())


def call(foreign: Foreign, name: str, given: dict[str, Any]) -> Any:
    theirs = {name: value.theirs if isinstance(value, Both) else value for name, value in given.items()}
    return getattr(foreign.sms, name)(**theirs)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_both_clients_live_the_same_life(tell: Callable[[str], None]) -> None:
    called = set()
    async with (
        LocalService(clock=lambda: NOW) as old,
        LocalService(clock=lambda: NOW) as new,
        old.client() as onlooker,
        new.client() as client,
    ):
        with opened(old) as foreign:
            for name, given in steps():
                called.add(name)
                theirs = await anyio.to_thread.run_sync(call, foreign, name, given)
                method, arguments = porting.LEGACY[name].ours, converted(name, given)
                if name.startswith(("get_", "list_", "check_")):
                    same(theirs, await getattr(onlooker, method)(**arguments), name)
                    continue
                await getattr(client, method)(**arguments)
                for service in (old, new):
                    service.advance(3600)
                differences = unified_diff(await holdings(onlooker), await holdings(client), n=1)
                assert "\n".join(differences) == "", name
    ported = {name for name, port in porting.LEGACY.items() if port.ours}
    assert ported - called == NOT_FOR_MACHINES.keys() | IN_THEIR_OWN_WAY
    tell(f"porting: {len(called)} of the old client's methods give the same by either client")


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_both_clients_are_refused_alike() -> None:
    created = ("create_hosted_service", {"service_name": "svc", "label": "a", "location": "West US"})
    refused = [
        ("get_deployment_by_name", {**AT, "deployment_name": "absent"}),
        ("get_role", {**AT, "role_name": "absent"}),
        created,
        *NOT_FOR_MACHINES.items(),
    ]
    async with LocalService(clock=lambda: NOW) as service, service.client() as client:
        with opened(service) as foreign:
            made = [created, *((name, given) for name, given in steps() if name.startswith("create_virtual"))]
            for name, given in made:
                await getattr(client, porting.LEGACY[name].ours)(**converted(name, given))
                service.advance(3600)
            for name, given in refused:
                with pytest.raises(AzureHttpError) as theirs:
                    await anyio.to_thread.run_sync(call, foreign, name, given)
                with pytest.raises(ServiceError) as ours:
                    await getattr(client, porting.LEGACY[name].ours)(**converted(name, given))
                assert theirs.value.status_code == ours.value.status, name
                assert str(ours.value.service_message) in str(theirs.value), name
                pair = (type(theirs.value).__name__, type(ours.value).__name__)
                assert pair in NAMED or pair == ("AzureHttpError", "BadRequestError"), name


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_both_clients_wait_alike() -> None:
    account = {"service_name": "account1", "description": "d", "label": "l", "location": "West US"}
    async with LocalService(clock=lambda: NOW) as service, service.client() as client:
        with opened(service) as foreign:
            accepted = await anyio.to_thread.run_sync(call, foreign, "create_storage_account", account)
            asked = {"request_id": accepted.request_id}
            same(
                await anyio.to_thread.run_sync(call, foreign, "get_operation_status", asked),
                await client.get_operation_status(accepted.request_id),
                "in progress",
            )
            late = {**asked, "timeout": 0, "sleep_interval": 0.01, "progress_callback": None}
            with pytest.raises(legacy.AzureAsyncOperationHttpError):
                await anyio.to_thread.run_sync(call, foreign, "wait_for_operation_status", late)
            with pytest.raises(OperationTimeoutError):
                await client.wait_for_operation(accepted.request_id, timeout=0.01)
            service.advance(3600)
            theirs = await anyio.to_thread.run_sync(call, foreign, "wait_for_operation_status", asked)
            same(theirs, await client.wait_for_operation(accepted.request_id), "done")
            days = {"start_time": "2016-04-01", "end_time": "2016-04-03"}
            listed = await anyio.to_thread.run_sync(call, foreign, "list_subscription_operations", days)
            here = await client.list_subscription_operations(NOW - timedelta(days=1), NOW + timedelta(days=1))
            same(listed, here, "operations")

            service.fail_next_write(400, "BadRequest", "No.")
            account["service_name"] = "account3"
            accepted = await anyio.to_thread.run_sync(call, foreign, "create_storage_account", account)
            service.advance(3600)
            failing = {**asked, "request_id": accepted.request_id}
            with pytest.raises(legacy.AzureAsyncOperationHttpError) as failed:
                await anyio.to_thread.run_sync(call, foreign, "wait_for_operation_status", failing)
            with pytest.raises(OperationFailedError) as ours:
                await client.wait_for_operation(accepted.request_id)
            assert failed.value.result.error.code == ours.value.code == "BadRequest"
