"""What an older client's call becomes: ``python -m tools.porting`` writes the tables of ``docs/porting.md``.

The mapping is here and nowhere else. ``tests/test_porting.py`` holds it: every method, argument and attribute
exists on both sides, and the old Python client's calls and ours, made by this mapping, give the same service.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from azure_iaas.operations import DOCUMENTED, REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "porting.md"


@dataclass(frozen=True, slots=True)
class Port:
    """One method of an older client.

    Attributes:
        ours: the client's method; empty when there is none.
        arguments: where an argument goes whose name changes; ``options.label`` is an attribute of
            ``options``, None that nothing takes its place. One that isn't named here keeps its name.
        note: what else changes, or why there is no method.
    """

    ours: str
    arguments: Mapping[str, str | None] = field(default_factory=dict)
    note: str = ""


def _into(argument: str, *names: str, **renamed: str) -> dict[str, str | None]:
    """Arguments that became attributes of one object."""
    return {name: f"{argument}.{renamed.get(name, name)}" for name in (*names, *renamed)}


_ROLE: Final = _into(
    "role",
    "role_name",
    "availability_set_name",
    "role_size",
    "role_type",
    "resource_extension_references",
    "provision_guest_agent",
    "vm_image_name",
    "media_location",
    system_config="configuration_sets",
    network_config="configuration_sets",
    os_virtual_hard_disk="os_disk",
    data_virtual_hard_disks="data_disks",
)
_NEW_ROLE_ONLY: Final = ("role_name", "system_config", "vm_image_name", "media_location")
_NO_PACKAGES: Final = "packages of web and worker roles; the local service runs virtual machines only"
_NO_REPLICATION: Final = "for publishers of platform images"
_RAW: Final = "no raw requests; a `transport` of your own sees each one"
_DNS: Final = {"dns_server_name": "name"}
_MEDIA: Final = {"delete_vhd": "delete_media"}

LEGACY: Final[dict[str, Port]] = {
    "list_role_sizes": Port("list_role_sizes"),
    "list_subscriptions": Port("", note="needs a token of the portal, not a certificate"),
    "list_storage_accounts": Port("list_storage_accounts"),
    "get_storage_account_properties": Port("get_storage_account"),
    "get_storage_account_keys": Port("get_storage_account_keys"),
    "regenerate_storage_account_keys": Port("regenerate_storage_account_keys"),
    "create_storage_account": Port(
        "create_storage_account",
        _into("options", "description", "label", "affinity_group", "location", "geo_replication_enabled")
        | _into("options", "extended_properties", "account_type"),
        note="without an account type the service takes its own default; theirs sends `Standard_GRS`",
    ),
    "update_storage_account": Port(
        "update_storage_account",
        _into("changes", "description", "label", "geo_replication_enabled")
        | _into("changes", "extended_properties", "account_type"),
        note="theirs sends `Standard_GRS` when no account type is named",
    ),
    "delete_storage_account": Port("delete_storage_account"),
    "check_storage_account_name_availability": Port("check_storage_account_name"),
    "list_hosted_services": Port("list_hosted_services"),
    "get_hosted_service_properties": Port("get_hosted_service"),
    "create_hosted_service": Port(
        "create_hosted_service",
        _into("options", "label", "description", "location", "affinity_group", "extended_properties"),
    ),
    "update_hosted_service": Port(
        "update_hosted_service", _into("changes", "label", "description", "extended_properties")
    ),
    "delete_hosted_service": Port("delete_hosted_service", {"complete": "delete_media"}),
    "check_hosted_service_name_availability": Port("check_hosted_service_name"),
    "get_deployment_by_slot": Port("get_deployment_by_slot"),
    "get_deployment_by_name": Port("get_deployment"),
    "create_deployment": Port("", note=_NO_PACKAGES),
    "delete_deployment": Port("delete_deployment", _MEDIA),
    "swap_deployment": Port("swap_deployment"),
    "change_deployment_configuration": Port(
        "change_deployment_configuration",
        _into("change", "configuration", "mode", "extended_properties")
        | _into("change", treat_warnings_as_error="treat_warnings_as_error"),
    ),
    "update_deployment_status": Port("update_deployment_status"),
    "upgrade_deployment": Port("", note=_NO_PACKAGES),
    "walk_upgrade_domain": Port("", note=_NO_PACKAGES),
    "rollback_update_or_upgrade": Port("", note=_NO_PACKAGES),
    "reboot_role_instance": Port("reboot_role_instance", {"role_instance_name": "role_instance"}),
    "reimage_role_instance": Port("reimage_role_instance", {"role_instance_name": "role_instance"}),
    "rebuild_role_instance": Port("rebuild_role_instance", {"role_instance_name": "role_instance"}),
    "delete_role_instances": Port("delete_role_instances", {"role_instance_names": "names"}),
    "list_service_certificates": Port("list_service_certificates"),
    "get_service_certificate": Port("get_service_certificate", {"thumbalgorithm": "algorithm"}),
    "add_service_certificate": Port("add_service_certificate"),
    "delete_service_certificate": Port("delete_service_certificate", {"thumbalgorithm": "algorithm"}),
    "list_management_certificates": Port("list_management_certificates"),
    "get_management_certificate": Port("get_management_certificate"),
    "add_management_certificate": Port(
        "add_management_certificate",
        _into(
            "certificate",
            public_key="subscription_certificate_public_key",
            thumbprint="subscription_certificate_thumbprint",
            data="subscription_certificate_data",
        ),
    ),
    "delete_management_certificate": Port("delete_management_certificate"),
    "list_affinity_groups": Port("list_affinity_groups"),
    "get_affinity_group_properties": Port("get_affinity_group", {"affinity_group_name": "name"}),
    "create_affinity_group": Port("create_affinity_group"),
    "update_affinity_group": Port("update_affinity_group", {"affinity_group_name": "name"}),
    "delete_affinity_group": Port("delete_affinity_group", {"affinity_group_name": "name"}),
    "list_locations": Port("list_locations"),
    "list_operating_systems": Port("", note="guest systems of web and worker roles"),
    "list_operating_system_families": Port("", note="guest systems of web and worker roles"),
    "get_subscription": Port("get_subscription"),
    "list_subscription_operations": Port(
        "list_subscription_operations", note="times are `datetime`, not text"
    ),
    "create_reserved_ip_address": Port("create_reserved_ip", _into("options", "label", "location")),
    "delete_reserved_ip_address": Port("delete_reserved_ip"),
    "associate_reserved_ip_address": Port("associate_reserved_ip"),
    "disassociate_reserved_ip_address": Port("disassociate_reserved_ip"),
    "get_reserved_ip_address": Port("get_reserved_ip"),
    "list_reserved_ip_addresses": Port("list_reserved_ips"),
    "get_role": Port("get_role"),
    "create_virtual_machine_deployment": Port(
        "create_deployment",
        _ROLE
        | _into("options", "deployment_slot", "label", "virtual_network_name", "reserved_ip_name")
        | {"dns_servers": "options.dns"},
    ),
    "add_role": Port("add_role", _ROLE),
    "update_role": Port(
        "modify_role",
        {name: place for name, place in _ROLE.items() if name not in _NEW_ROLE_ONLY},
        note="either leaves as it was what isn't named",
    ),
    "delete_role": Port("delete_role", {"complete": "delete_media"}),
    "capture_role": Port(
        "capture_role_instance",
        {"role_name": "role_instance", "post_capture_action": "options.post_capture_actions"}
        | _into("options", "target_image_name", "target_image_label", "provisioning_configuration"),
    ),
    "start_role": Port("start_role_instance", {"role_name": "role_instance"}),
    "start_roles": Port("start_roles"),
    "restart_role": Port("restart_role_instance", {"role_name": "role_instance"}),
    "shutdown_role": Port("shutdown_role_instance", {"role_name": "role_instance"}),
    "shutdown_roles": Port("shutdown_roles"),
    "add_dns_server": Port("add_dns_server", _DNS),
    "update_dns_server": Port("update_dns_server", _DNS),
    "delete_dns_server": Port("delete_dns_server", _DNS),
    "list_resource_extensions": Port("list_resource_extensions"),
    "list_resource_extension_versions": Port("", note="`list_resource_extensions` has the current versions"),
    "replicate_vm_image": Port("", note=_NO_REPLICATION),
    "unreplicate_vm_image": Port("", note=_NO_REPLICATION),
    "share_vm_image": Port("", note=_NO_REPLICATION),
    "capture_vm_image": Port("capture_role_as_vm_image", {"role_name": "role_instance"}),
    "create_vm_image": Port("create_vm_image", {"vm_image": "image"}, note="theirs sends `ShowInGui` false"),
    "delete_vm_image": Port("delete_vm_image", _MEDIA | {"vm_image_name": "image_name"}),
    "list_vm_images": Port("list_vm_images"),
    "update_vm_image": Port(
        "update_vm_image",
        {"vm_image_name": "image_name", "vm_image": "changes"},
        note="theirs sends `ShowInGui` false",
    ),
    "list_os_images": Port("list_os_images"),
    "get_os_image": Port("get_os_image"),
    "get_os_image_details": Port("", note=_NO_REPLICATION),
    "add_os_image": Port(
        "create_os_image",
        {"name": "image_name"} | _into("options", "label", "os"),
        note="gives back the image; there is nothing to wait for",
    ),
    "update_os_image": Port(
        "update_os_image",
        _into("changes", "label", "media_link", "name", "os"),
        note="gives back the image",
    ),
    "update_os_image_from_image_reference": Port("update_os_image", {"os_image": "changes"}),
    "delete_os_image": Port("delete_os_image", _MEDIA),
    "get_data_disk": Port("get_data_disk"),
    "add_data_disk": Port(
        "add_data_disk",
        _into("data_disk", "lun", "host_caching", "media_link", "disk_label", "disk_name")
        | _into("data_disk", "logical_disk_size_in_gb", "source_media_link"),
    ),
    "update_data_disk": Port(
        "modify_data_disk",
        _into("data_disk", "host_caching", "media_link", "disk_label", "disk_name")
        | _into("data_disk", "logical_disk_size_in_gb", updated_lun="lun"),
    ),
    "delete_data_disk": Port("remove_data_disk", _MEDIA),
    "list_disks": Port("list_disks"),
    "get_disk": Port("get_disk"),
    "add_disk": Port(
        "create_disk",
        _into("disk", "has_operating_system", "label", "media_link", "name", "os"),
        note="gives back the disk",
    ),
    "update_disk": Port(
        "update_disk", _into("changes", "has_operating_system", "label", "media_link", "name", "os")
    ),
    "delete_disk": Port("delete_disk", _MEDIA),
    "list_virtual_network_sites": Port("list_virtual_network_sites"),
    "get_operation_status": Port("get_operation_status"),
    "wait_for_operation_status": Port(
        "wait_for_operation",
        {
            "request_id": "operation",
            "wait_for_status": None,
            "sleep_interval": "interval",
            "progress_callback": "on_progress",
            "success_callback": None,
            "failure_callback": None,
        },
        note="half an hour, not half a minute; `Succeeded` returns, all else raises",
    ),
    "set_proxy": Port(
        "set_proxy_url",
        dict.fromkeys(("host", "port", "user", "password"), "proxy_url"),
        note="one URL, `http://user:password@host:port`",
    ),
    "with_filter": Port("", note="`watched` shows every call; a `transport` of your own may change them"),
    "perform_get": Port("", note=_RAW),
    "perform_put": Port("", note=_RAW),
    "perform_post": Port("", note=_RAW),
    "perform_delete": Port("", note=_RAW),
}
"""Every public method of ``ServiceManagementService`` of azure-servicemanagement-legacy 0.20.8."""

RESULTS: Final = {
    "status_id": "id",
    "os_virtual_hard_disk": "os_disk",
    "data_virtual_hard_disks": "data_disks",
}
"""Attributes of results whose names change; all others keep theirs."""

ENCODED: Final = frozenset({"configuration"})
"""Attributes of results that the old client decodes, and that are here as they came: base64."""

EXCEPTIONS: Final = (
    ("AzureMissingResourceHttpError", "ResourceNotFoundError", "404"),
    ("AzureConflictHttpError", "ConflictError", "409; `kind` tells the four situations apart"),
    ("AzureHttpError", "ServiceError", "any other status; `status_code` is `status`"),
    ("AzureAsyncOperationHttpError", "OperationFailedError", "an accepted operation failed"),
    (
        "AzureAsyncOperationHttpError",
        "OperationTimeoutError",
        "it wasn't over in time; `resume_token` goes on",
    ),
    ("requests.ConnectionError", "TransportError", "no complete answer to a read, or nothing was sent"),
    ("requests.ConnectionError", "OutcomeUnknownError", "no complete answer to a write that may have left"),
    ("ValueError", "InvalidArgumentError", "which is a `ValueError` too"),
)
"""What the old Python client raises, what we do, and when."""

NODE: Final[dict[str, str]] = {
    "getOperationStatus": "GetOperationStatus",
    "getSubscription": "GetSubscription",
    "listLocations": "ListLocations",
    "listAffinityGroups": "ListAffinityGroups",
    "createAffinityGroup": "CreateAffinityGroup",
    "getAffinityGroup": "GetAffinityGroup",
    "deleteAffinityGroup": "DeleteAffinityGroup",
    "listStorageAccounts": "ListStorageAccounts",
    "getOSImage": "GetOSImage",
    "listOSImage": "ListOSImages",
    "createOSImage": "CreateOSImage",
    "deleteOSImage": "DeleteOSImage",
    "addDisk": "CreateDisk",
    "listDisks": "ListDisks",
    "getDisk": "GetDisk",
    "deleteDisk": "DeleteDisk",
    "listHostedServices": "ListHostedServices",
    "getHostedService": "GetHostedService",
    "createHostedService": "CreateHostedService",
    "getHostedServiceProperties": "GetHostedService",
    "deleteHostedService": "DeleteHostedService",
    "createStorageAccount": "CreateStorageAccount",
    "updateStorageAccount": "UpdateStorageAccount",
    "getStorageAccountKeys": "GetStorageAccountKeys",
    "getStorageAccountProperties": "GetStorageAccount",
    "regenerateStorageAccountKeys": "RegenerateStorageAccountKeys",
    "deleteStorageAccount": "DeleteStorageAccount",
    "getDeployment": "GetDeployment",
    "getDeploymentBySlot": "GetDeploymentBySlot",
    "createDeployment": "CreateDeployment",
    "createDeploymentBySlot": "",
    "upgradeDeploymentBySlot": "",
    "deleteDeployment": "DeleteDeployment",
    "getRole": "GetRole",
    "addRole": "AddRole",
    "modifyRole": "ModifyRole",
    "deleteRole": "DeleteRole",
    "addDataDisk": "AddDataDisk",
    "modifyDataDisk": "ModifyDataDisk",
    "removeDataDisk": "RemoveDataDisk",
    "shutdownRole": "ShutdownRoleInstance",
    "startRole": "StartRoleInstance",
    "rebootRole": "RebootRoleInstance",
    "reimageRole": "ReimageRoleInstance",
    "restartRole": "RestartRoleInstance",
    "captureRole": "CaptureRoleInstance",
    "addCertificate": "AddServiceCertificate",
    "deleteCertificate": "DeleteServiceCertificate",
    "listCertificates": "ListServiceCertificates",
    "setProxyUrl": "SetProxyUrl",
    "setProxy": "SetProxyUrl",
    "registerResourceProvider": "RegisterResourceProvider",
    "unregisterResourceProvider": "UnregisterResourceProvider",
    "listResourceTypes": "",
    "listVirtualNetworkSites": "ListVirtualNetworkSites",
    "getNetworkConfig": "GetNetworkConfiguration",
    "setNetworkConfig": "SetNetworkConfiguration",
    "updateLoadBalancedEndpointSet": "UpdateLoadBalancedSet",
}
"""Every method of the published Node client, ``azure`` 0.7.16, and the documented or added one."""

NODE_NOTES: Final = {
    "createOSImage": "the system, its first argument, is `OS` in `imageOptions`",
    "addDisk": "name, media link and options are one object, `disk`",
    "createAffinityGroup": "label, description and location are keywords",
    "createDeploymentBySlot": _NO_PACKAGES,
    "upgradeDeploymentBySlot": _NO_PACKAGES,
    "shutdownRole": "`stoppedDeallocated` is the keyword `postShutdownAction='StoppedDeallocated'`",
    "rebootRole": "the deployment by its name, not its slot",
    "reimageRole": "the deployment by its name, not its slot",
    "deleteCertificate": "the thumbprint first; the algorithm is a keyword",
    "setProxy": "the protocol is part of the URL",
    "listResourceTypes": "of websites and the like, not of machines",
}

GENERATED: Final[dict[str, dict[str, str]]] = {
    "compute.hostedServices": {
        "checkNameAvailability": "check_hosted_service_name",
        "create": "create_hosted_service",
        "deleteMethod": "delete_hosted_service",
        "deleteAll": "delete_hosted_service",
        "get": "get_hosted_service",
        "getDetailed": "get_hosted_service",
        "list": "list_hosted_services",
        "update": "update_hosted_service",
    },
    "compute.deployments": {
        "changeConfigurationByName": "change_deployment_configuration",
        "deleteByName": "delete_deployment",
        "deleteBySlot": "delete_deployment_by_slot",
        "deleteRoleInstanceByDeploymentName": "delete_role_instances",
        "getByName": "get_deployment",
        "getBySlot": "get_deployment_by_slot",
        "rebootRoleInstanceByDeploymentName": "reboot_role_instance",
        "rebuildRoleInstanceByDeploymentName": "rebuild_role_instance",
        "reimageRoleInstanceByDeploymentName": "reimage_role_instance",
        "swap": "swap_deployment",
        "updateStatusByDeploymentName": "update_deployment_status",
    },
    "compute.virtualMachines": {
        "captureOSImage": "capture_role_instance",
        "captureVMImage": "capture_role_as_vm_image",
        "create": "add_role",
        "createDeployment": "create_deployment",
        "deleteMethod": "delete_role",
        "get": "get_role",
        "getRemoteDesktopFile": "get_remote_desktop_file",
        "initiateMaintenance": "perform_maintenance_on_role_instance",
        "redeploy": "redeploy_role_instance",
        "restart": "restart_role_instance",
        "shutdown": "shutdown_role_instance",
        "shutdownRoles": "shutdown_roles",
        "start": "start_role_instance",
        "startRoles": "start_roles",
        "update": "modify_role",
        "updateLoadBalancedEndpointSet": "update_load_balanced_set",
    },
    "compute.virtualMachineDisks": {
        "createDataDisk": "add_data_disk",
        "createDisk": "create_disk",
        "deleteDataDisk": "remove_data_disk",
        "deleteDisk": "delete_disk",
        "getDataDisk": "get_data_disk",
        "getDisk": "get_disk",
        "listDisks": "list_disks",
        "updateDataDisk": "modify_data_disk",
        "updateDisk": "update_disk",
        "updateDiskSize": "update_disk",
    },
    "compute.virtualMachineOSImages": {
        "create": "create_os_image",
        "deleteMethod": "delete_os_image",
        "get": "get_os_image",
        "list": "list_os_images",
        "update": "update_os_image",
    },
    "compute.virtualMachineVMImages": {
        "create": "create_vm_image",
        "deleteMethod": "delete_vm_image",
        "list": "list_vm_images",
        "update": "update_vm_image",
    },
    "compute.virtualMachineExtensions": {"list": "list_resource_extensions"},
    "compute.serviceCertificates": {
        "create": "add_service_certificate",
        "deleteMethod": "delete_service_certificate",
        "get": "get_service_certificate",
        "list": "list_service_certificates",
    },
    "compute.dnsServer": {
        "addDNSServer": "add_dns_server",
        "deleteDNSServer": "delete_dns_server",
        "updateDNSServer": "update_dns_server",
    },
    "compute.loadBalancers": {
        "create": "add_load_balancer",
        "deleteMethod": "delete_load_balancer",
        "update": "update_load_balancer",
    },
    "mgmt.affinityGroups": {
        "create": "create_affinity_group",
        "deleteMethod": "delete_affinity_group",
        "get": "get_affinity_group",
        "list": "list_affinity_groups",
        "update": "update_affinity_group",
    },
    "mgmt.locations": {"list": "list_locations"},
    "mgmt.managementCertificates": {
        "create": "add_management_certificate",
        "deleteMethod": "delete_management_certificate",
        "get": "get_management_certificate",
        "list": "list_management_certificates",
    },
    "mgmt.roleSizes": {"list": "list_role_sizes"},
    "mgmt.subscriptions": {
        "get": "get_subscription",
        "listOperations": "list_subscription_operations",
        "registerResource": "register_resource_provider",
        "unregisterResource": "unregister_resource_provider",
    },
    "network.networks": {
        "getConfiguration": "get_network_configuration",
        "list": "list_virtual_network_sites",
        "setConfiguration": "set_network_configuration",
    },
    "network.reservedIPs": {
        "associate": "associate_reserved_ip",
        "create": "create_reserved_ip",
        "deleteMethod": "delete_reserved_ip",
        "disassociate": "disassociate_reserved_ip",
        "get": "get_reserved_ip",
        "list": "list_reserved_ips",
    },
    "network.staticIPs": {"check": "check_address_availability"},
    "network.virtualIPs": {"add": "add_virtual_ip", "remove": "delete_virtual_ip"},
    "storage.storageAccounts": {
        "checkNameAvailability": "check_storage_account_name",
        "create": "create_storage_account",
        "deleteMethod": "delete_storage_account",
        "get": "get_storage_account",
        "getKeys": "get_storage_account_keys",
        "list": "list_storage_accounts",
        "regenerateKeys": "regenerate_storage_account_keys",
        "update": "update_storage_account",
    },
}
"""Groups of the generated Node clients ``azure-asm-*``, each method with the client's."""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _method(name: str) -> str:
    return f"`{name}`" if name else "-"


def _arguments(port: Port) -> str:
    """What changes of the arguments, those that share an object together."""
    places: dict[str, list[str]] = {}
    for theirs, ours in port.arguments.items():
        holder, _, attribute = (ours or "").partition(".")
        if not ours:
            places.setdefault("gone", []).append(f"`{theirs}`")
        elif attribute:
            changed = f"`{theirs}`" if theirs == attribute else f"`{theirs}` as `{attribute}`"
            places.setdefault(f"in `{holder}`", []).append(changed)
        else:
            places.setdefault(f"`{ours}`", []).append(f"`{theirs}`")
    return "; ".join(
        f"{', '.join(names)} {place if place.startswith('in ') else 'is ' + place}"
        for place, names in places.items()
    )


def legacy_methods() -> Iterable[str]:
    """The table of the old Python client's methods."""
    yield _row("azure-servicemanagement-legacy", "azure_iaas", "arguments", "and")
    yield _row("---", "---", "---", "---")
    for theirs, port in LEGACY.items():
        yield _row(f"`{theirs}`", _method(port.ours), _arguments(port), port.note)


def exceptions() -> Iterable[str]:
    """The table of exceptions."""
    yield _row("azure-servicemanagement-legacy", "azure_iaas", "when")
    yield _row("---", "---", "---")
    for theirs, ours, when in EXCEPTIONS:
        yield _row(f"`{theirs}`", f"`{ours}`", when)


def node_methods() -> Iterable[str]:
    """The table of Node's methods."""
    yield _row("documented", "published (`azure` 0.7.16)", "callback API", "async client", "what changes")
    yield _row("---", "---", "---", "---", "---")
    for theirs, ours in NODE.items():
        documented = ours if ours in (*DOCUMENTED, "SetProxyUrl") else ""
        client = "set_proxy_url" if ours == "SetProxyUrl" else REGISTRY[ours].method_name if ours else ""
        yield _row(
            _method(documented), f"`{theirs}`", _method(ours), _method(client), NODE_NOTES.get(theirs, "")
        )


def generated_methods() -> Iterable[str]:
    """The table of the generated Node clients' methods."""
    yield _row("client and group", "method", "async client")
    yield _row("---", "---", "---")
    for group, methods in GENERATED.items():
        for theirs, ours in methods.items():
            yield _row(f"`{group}`", f"`{theirs}`", f"`{ours}`")


TABLES: Final = {
    "legacy methods": legacy_methods,
    "exceptions": exceptions,
    "node methods": node_methods,
    "generated methods": generated_methods,
}


def render(page: str) -> str:
    """The page with its tables made anew."""
    for name, table in TABLES.items():
        before, _, rest = page.partition(f"<!-- {name}: python -m tools.porting -->\n")
        _, end, after = rest.partition(f"\n<!-- end of {name} -->")
        lines = "\n".join(table())
        page = f"{before}<!-- {name}: python -m tools.porting -->\n\n{lines}\n{end}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
