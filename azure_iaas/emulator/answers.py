"""State into answers: which elements, in which order, version and dialect (protocol.md chapter 10)."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import quoteattr

from azure_iaas.emulator import contracts, timeline
from azure_iaas.emulator.catalogue import ROLE_SIZES
from azure_iaas.emulator.documents import NIL, Fragment, Items, Struct, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from azure_iaas.emulator.catalogue import PlatformImage
    from azure_iaas.emulator.state import (
        DataDisk,
        Deployment,
        Disk,
        HostedService,
        Operation,
        OSImage,
        Role,
    )
    from azure_iaas.emulator.world import Call
    from azure_iaas.wire.messages import Dialect

Member = tuple[str, Value]


def iso(seconds: float) -> str:
    """A time as the service writes it: ``YYYY-MM-DDTHH:MM:SSZ``."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def dashed(request_id: str) -> str:
    """A request id as a GUID with dashes, as ``Operation/ID`` has it."""
    return "-".join((request_id[:8], request_id[8:12], request_id[12:16], request_id[16:20], request_id[20:]))


def by_contract(contract: contracts.Contract, values: Mapping[str, Any]) -> Struct:
    """Kept values of a request as an answer, in the contract's order."""
    return Struct([(name, _kept(kind, values.get(name))) for name, kind in contract.members.items()])


def _kept(kind: contracts.Kind, value: Any) -> Value:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(kind, contracts.ListOf):
        return Items(kind.names[0], [_kept(kind.kind, item) for item in value])
    if isinstance(kind, contracts.Contract):
        return by_contract(kind, value)
    return None


def operation(record: Operation, now: float) -> Struct:
    """``Operation`` (protocol.md 6.2)."""
    status = record.status(now)
    members: list[Member] = [("ID", dashed(record.request_id)), ("Status", status)]
    if status != "InProgress":
        members.append(("HttpStatusCode", record.status_code))
        if record.error_code:
            error = Struct([("Code", record.error_code), ("Message", record.error_message)])
            members.append(("Error", error))
    return Struct(members)


def properties(pairs: Iterable[Mapping[str, str]]) -> Items:
    """``ExtendedProperties``."""
    return Items(
        "ExtendedProperty",
        [Struct([("Name", pair.get("Name", "")), ("Value", pair.get("Value", ""))]) for pair in pairs],
    )


@cache
def compute_capabilities() -> Fragment:
    """``ComputeCapabilities``: the same everywhere, so it is written once."""
    sizes = sorted(ROLE_SIZES.values(), key=lambda size: size.name)
    web_worker: list[Value] = [size.name for size in sizes if size.web_worker]
    machines: list[Value] = [size.name for size in sizes]
    return Fragment.of(
        Struct(
            [
                ("WebWorkerRoleSizes", Items("RoleSize", web_worker)),
                ("VirtualMachinesRoleSizes", Items("RoleSize", machines)),
            ]
        )
    )


# Hosted services and deployments


def hosted_service(
    call: Call, service: HostedService, *, deployments: bool = False, listed: bool = False
) -> Struct:
    """``HostedService`` (10.12); with its deployments when ``embed-detail`` asks for them.

    Role sizes were recorded in lists only.
    """
    members: list[Member] = [
        ("Url", call.url("services", "hostedservices", service.name)),
        ("ServiceName", service.name),
    ]
    if call.version >= "2012-03-01" or "service" in call.names:
        inner: list[Member] = [("Description", NIL if service.description is None else service.description)]
        if service.affinity_group:
            inner.append(("AffinityGroup", service.affinity_group))
        else:
            inner.append(("Location", service.location))
        inner += [
            ("Label", service.label),
            ("Status", "Deleting" if service.deleting else "Created"),
            ("DateCreated", iso(service.created_at)),
            ("DateLastModified", iso(service.modified_at)),
        ]
        if call.version >= "2012-03-01":
            inner.append(("ExtendedProperties", properties(service.extended_properties)))
        if call.version >= "2014-06-01" and service.reverse_dns_fqdn:
            inner.append(("ReverseDnsFqdn", service.reverse_dns_fqdn))
        members.append(("HostedServiceProperties", Struct(inner)))
    if deployments:
        shown = [
            deployment(call, service, each) for each in service.deployments.values() if visible(call, each)
        ]
        members.append(("Deployments", Items("Deployment", list(shown))))
    if call.version >= "2013-11-01":
        roles = (role for each in service.deployments.values() for role in each.roles.values())
        thumbprint = next((role.winrm_thumbprint for role in roles if role.winrm_thumbprint), None)
        members.append(("DefaultWinRmCertificateThumbprint", thumbprint))
    if listed and call.version >= "2014-05-01":
        members.append(("ComputeCapabilities", compute_capabilities()))
    return Struct(members)


def visible(call: Call, each: Deployment) -> bool:
    """Whether a version sees a deployment: below 2013-06-01 nothing deallocated is shown (10.10)."""
    return call.version >= "2013-06-01" or each.status(call.now) != "Suspended"


def deployment(call: Call, service: HostedService, each: Deployment) -> Struct:
    """``Deployment`` (10.10)."""
    now, version, dialect = call.now, call.version, call.world.dialect
    status = each.status(now)
    listed = call.listed(each)
    roles = sorted(each.roles.values(), key=lambda role: role.name.lower()) if listed else []
    vip = each.vip if listed and (status != "Suspended" or each.reserved_ip) else ""
    members: list[Member] = [
        ("Name", each.name),
        ("DeploymentSlot", each.slot),
        ("PrivateID", each.private_id),
        ("Status", status),
        ("Label", each.label),
    ]
    if status != "Deploying":
        host = service.name.lower() if each.slot == "Production" else each.private_id
        members.append(("Url", f"http://{host}.cloudapp.net/"))
    if listed:
        members.append(("Configuration", _configuration(roles)))
    instances = [
        (role.deallocated(now), role_instance(call, role, vip, suspended=status == "Suspended"))
        for role in roles
        if version >= "2013-06-01" or not role.deallocated(now)
    ]
    # Deallocated instances were listed last.
    instances.sort(key=lambda pair: pair[0])
    members.append(("RoleInstanceList", Items("RoleInstance", [instance for _, instance in instances])))
    if listed:
        members.append(("UpgradeDomainCount", _upgrade_domains(each)))
    shown: list[Value] = [role_in_list(call, role, vip) for role in roles]
    members += [
        ("RoleList", Items("Role", shown)),
        ("SdkVersion", ""),
        ("Locked", now < service.lock_until and service.lock_deployment == each.name),
        ("RollbackAllowed", False),
    ]
    if each.virtual_network:
        members.append(("VirtualNetworkName", each.virtual_network))
    if version >= "2012-03-01":
        members += [
            ("CreatedTime", iso(each.created_at)),
            ("LastModifiedTime", iso(each.modified_at)),
            ("ExtendedProperties", properties(each.extended_properties)),
        ]
        if each.dns_servers:
            members.append(("Dns", Struct([("DnsServers", dns_servers(each.dns_servers))])))
        if call.world.maintenance_announced:
            members.append(("PersistentVMDowntime", _downtime(now)))
    if version >= "2013-06-01":
        members.append(("VirtualIPs", _virtual_ips(call, service, each, vip)))
    if each.reserved_ip and version >= "2014-05-01":
        members.append(("ReservedIPName", each.reserved_ip))
    if listed and version >= "2013-11-01":
        suffix = f"{service.name}.{each.internal_domain}.internal.cloudapp.net"
        members.append(("InternalDnsSuffix", suffix))
    if version >= "2014-05-01":
        balancers: list[Value] = [
            by_contract(contracts.LOAD_BALANCER, balancer) for balancer in each.load_balancers
        ]
        members.append(("LoadBalancers", Items("LoadBalancer", balancers)))
    if each.virtual_network and version >= "2014-10-01":
        identity = call.world.network_id(call.subscription.id, each.virtual_network)
        members.append(("VirtualNetworkId", dashed(identity)))
    if dialect == "preview":
        members = [member for member in members if member[0] not in _AFTER_PREVIEW]
    return Struct(members)


def _downtime(now: float) -> Struct:
    """``PersistentVMDowntime``: the maintenance of the hosts that is announced, or is over."""
    start, end = timeline.maintenance_window(now)
    completed = now >= end
    return Struct(
        [
            ("StartTime", iso(start)),
            ("EndTime", iso(end)),
            ("Status", "PersistentVMUpdateCompleted" if completed else "PersistentVMUpdateScheduled"),
        ]
    )


_AFTER_PREVIEW: Final = frozenset(
    {"InternalDnsSuffix", "LoadBalancers", "ReservedIPName", "VirtualNetworkId"}
)
"""Elements newer than the preview."""


def _upgrade_domains(each: Deployment) -> int:
    return max(each.upgrade_domain_count, 1 + max((r.upgrade_domain for r in each.roles.values()), default=0))


_CONFIGURATION: Final = (
    '<ServiceConfiguration xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">'
)


def _configuration(roles: list[Role]) -> str:
    lines = [_CONFIGURATION]
    for role in roles:
        lines += [f"  <Role name={quoteattr(role.name)}>", '    <Instances count="1" />', "  </Role>"]
    lines.append("</ServiceConfiguration>")
    return b64encode("\r\n".join(lines).encode()).decode()


def dns_servers(servers: Iterable[Mapping[str, str]]) -> Items:
    """``DnsServers``."""
    return Items("DnsServer", [by_contract(contracts.DNS_SERVER, server) for server in servers])


def _virtual_ips(call: Call, service: HostedService, each: Deployment, vip: str) -> Items:
    if not vip:
        return Items("VirtualIP", [])
    endpoints = any(role.network.get("InputEndpoints") for role in each.roles.values())
    members: list[Member] = [
        ("Address", vip),
        ("IsDnsProgrammed", True),
        ("Name", f"{service.name}ContractContract" if endpoints else "__PseudoBackEndContractVip"),
    ]
    if each.reserved_ip and call.version >= "2014-05-01":
        members += [("IsReserved", True), ("ReservedIPName", each.reserved_ip)]
    addresses: list[Value] = [Struct(members)]
    addresses += [
        Struct([("Address", address(call, each.name, name)), ("IsDnsProgrammed", False), ("Name", name)])
        for name in each.virtual_ips
    ]
    return Items("VirtualIP", addresses)


def address(call: Call, *parts: str) -> str:
    """A public address that depends on ``parts`` only."""
    third, fourth = call.world.digest("virtual IP", *parts, size=2)
    return f"104.43.{third}.{fourth}"


def role_instance(call: Call, role: Role, vip: str, *, suspended: bool) -> Struct:
    """``RoleInstance`` (10.11); agents of deallocated ones are shown while others of the deployment run."""
    now, version = call.now, call.version
    status, power = role.state(now) or ("StoppedVM", "Stopped")
    preview = call.world.dialect == "preview"
    reported = now >= role.reported_at
    members: list[Member] = [
        ("RoleName", role.name),
        ("InstanceName", f"{role.name}_IN_0" if preview else role.name),
        ("InstanceStatus", status),
    ]
    if status == "StoppedDeallocated":
        members.append(("PowerState", power))
    else:
        if version >= "2011-06-01":
            members += [
                ("InstanceUpgradeDomain", role.upgrade_domain),
                ("InstanceFaultDomain", role.fault_domain),
                ("InstanceSize", role.size),
            ]
        if version >= "2011-10-01":
            details = _FIRST_USE if status == "Provisioning" and role.os_disk.os == "Windows" else ""
            members.append(("InstanceStateDetails", details))
        members.append(("IpAddress", role.ip_address))
        endpoints = role.network.get("InputEndpoints")
        if endpoints:
            members.append(
                (
                    "InstanceEndpoints",
                    Items("InstanceEndpoint", [_instance_endpoint(e, vip) for e in endpoints]),
                )
            )
        members.append(("PowerState", power))
        if reported:
            members.append(("HostName", role.host_name))
    if now >= role.certificate_at and version >= "2012-08-01":
        thumbprint = call.world.digest("remote access", role.name, role.created_at).hex().upper()
        members.append(("RemoteAccessCertificateThumbprint", thumbprint))
    silent = status == "StoppedDeallocated" and (suspended or role.extensions is None)
    if role.provision_guest_agent and version >= "2014-04-01" and not silent:
        agent = status == "ReadyRole" and now >= role.agent_at
        members.append(("GuestAgentStatus", _guest_agent(call, role, ready=agent)))
        if agent and (role.extensions is not None or role.os_disk.os == "Linux"):
            members.append(("ResourceExtensionStatusList", _extension_statuses(call, role)))
    if role.maintained and version >= "2017-01-01":
        members.append(("MaintenanceStatus", _MAINTAINED))
    public = role.network.get("PublicIPs")
    if public and status != "StoppedDeallocated" and version >= "2014-05-01":
        addresses: list[Value] = [
            Struct(
                [
                    ("Name", each.get("Name")),
                    ("Address", address(call, role.name, "public", str(each.get("Name")))),
                    ("IdleTimeoutInMinutes", each.get("IdleTimeoutInMinutes")),
                    ("DomainNameLabel", each.get("DomainNameLabel")),
                ]
            )
            for each in public
        ]
        members.append(("PublicIPs", Items("PublicIP", addresses)))
    return Struct(members)


_MAINTAINED: Final = Struct(
    [
        ("IsCustomerInitiatedMaintenanceAllowed", False),
        ("LastOperationResultCode", "MaintenanceCompleted"),
        (
            "LastOperationResultString",
            "User initiated maintenance on the Virtual Machine was successfully completed. ",
        ),
    ]
)

_FIRST_USE: Final = "Windows is preparing your computer for first use..."


def _instance_endpoint(endpoint: Mapping[str, Any], vip: str) -> Struct:
    return Struct(
        [
            ("Name", endpoint.get("Name")),
            ("Vip", vip or None),
            ("PublicPort", endpoint.get("Port")),
            ("LocalPort", endpoint.get("LocalPort")),
            ("Protocol", endpoint.get("Protocol")),
            ("IdleTimeoutInMinutes", endpoint.get("IdleTimeoutInMinutes")),
        ]
    )


def _guest_agent(call: Call, role: Role, *, ready: bool) -> Struct:
    message = (
        "GuestAgent is running and accepting new configurations."
        if ready
        else f"Status not available for role {role.name}."
    )
    return Struct(
        [
            ("ProtocolVersion", "1.0"),
            ("Timestamp", iso(call.now)),
            ("GuestAgentVersion", "2.7.1198.735" if ready else "Unknown"),
            ("Status", "Ready" if ready else "NotReady"),
            ("FormattedMessage", Struct([("Language", "en-US"), ("Message", message)])),
        ]
    )


def _message(text: str) -> Struct:
    return Struct([("Language", "en-US"), ("Message", text)])


def _setting_status(call: Call, handler: str) -> Struct:
    """What an extension with settings says of them; a script adds what it printed."""
    printed: list[Value] = [
        Struct([("Name", name), ("Status", "Success"), ("FormattedMessage", _message(""))])
        for name in ("StdOut", "StdErr")
    ]
    script = handler.endswith("CustomScriptExtension")
    return Struct(
        [
            ("Timestamp", iso(call.now)),
            ("Name", handler),
            ("Operation", "Enable"),
            ("Status", "Success"),
            ("FormattedMessage", _message("Enable succeeded")),
            ("SubStatusList", Items("SubStatus", printed) if script else None),
        ]
    )


def _extension_statuses(call: Call, role: Role) -> Items:
    statuses: list[Value] = []
    for extension in role.extensions or ():
        if extension.get("State", "Enable").lower() != "enable":
            continue
        handler = f"{extension.get('Publisher', '')}.{extension.get('Name', '')}"
        version = str(extension.get("Version", "1.*")).replace("*", "0")
        members: list[Member] = [("HandlerName", handler), ("Version", version), ("Status", "Ready")]
        if extension.get("ResourceExtensionParameterValues"):
            members.append(("ExtensionSettingStatus", _setting_status(call, handler)))
        else:
            text = f"Plugin enabled (name: {handler}, version: {version})."
            members.append(("FormattedMessage", _message(text)))
        statuses.append(Struct(members))
    return Items("ResourceExtensionStatus", statuses)


# Roles and their disks


def role_in_list(call: Call, role: Role, vip: str) -> Struct:
    """``Role`` in a deployment: the type is said by ``i:type``."""
    answer = role_root(call, role, vip)
    if call.world.dialect == "ga":
        answer.i_type = "PersistentVMRole"
    return answer


def role_root(call: Call, role: Role, vip: str = "", *, alone: bool = False) -> Struct:
    """``PersistentVMRole`` (10.2, what is returned): never a provisioning set, never the label.

    Read alone, a role shows no addresses, and no list of subnets where it has none.
    """
    version = call.version
    vip = "" if role.deallocated(call.now) else vip
    if call.world.dialect == "preview":
        return _preview_role(role, vip)
    disks: list[Value] = [data_disk(call, disk) for disk in role.data_disks]
    members: list[Member] = [
        ("RoleName", role.name),
        ("OsVersion", ""),
        ("RoleType", "PersistentVMRole"),
        ("ConfigurationSets", Items("ConfigurationSet", [_network(role, vip, version, alone=alone)])),
    ]
    if role.extensions is not None and version >= "2013-11-01":
        members.append(("ResourceExtensionReferences", _extensions(role)))
    if role.availability_set:
        members.append(("AvailabilitySetName", role.availability_set))
    os_disk: list[Member] = [
        ("HostCaching", role.os_disk.host_caching),
        ("DiskLabel", role.os_disk.label or None),
        ("DiskName", role.os_disk.disk_name),
        ("MediaLink", role.os_disk.media_link),
        ("SourceImageName", role.os_disk.source_image_name or None),
        ("OS", role.os_disk.os),
    ]
    if version >= "2014-10-01":
        os_disk.append(("IOType", "Standard"))
    members += [
        ("DataVirtualHardDisks", Items("DataVirtualHardDisk", disks)),
        ("OSVirtualHardDisk", Struct(os_disk)),
        ("RoleSize", role.size),
    ]
    if role.winrm_thumbprint:
        members.append(("DefaultWinRmCertificateThumbprint", role.winrm_thumbprint))
    if role.provision_guest_agent is not None and version >= "2014-04-01":
        members.append(("ProvisionGuestAgent", role.provision_guest_agent))
    if role.debug_settings and version >= "2016-03-01":
        members.append(("DebugSettings", _debug_settings(role)))
    return Struct(members)


def _debug_settings(role: Role) -> Struct:
    """Boot diagnostics, with the blobs they are written to: a serial log of Linux only."""
    if not role.boot_diagnostics:
        return Struct([("BootDiagnosticsEnabled", role.boot_diagnostics)])
    folder = role.os_disk.media_link.rpartition("/")[0]
    blob = f"{folder}/bootdiagnostics-{role.name.lower()}"
    serial = f"{blob}.serialconsole.log" if role.os_disk.os == "Linux" else None
    return Struct(
        [
            ("BootDiagnosticsEnabled", True),
            ("ConsoleScreenshotBlobUri", f"{blob}.screenshot.bmp"),
            ("SerialOutputBlobUri", serial),
        ]
    )


def _extensions(role: Role) -> Items:
    references: list[Value] = []
    for extension in role.extensions or ():
        shown: list[Member] = [
            (name, extension.get(name)) for name in ("ReferenceName", "Publisher", "Name", "Version")
        ]
        public = [
            Struct([("Key", value.get("Key")), ("Value", value.get("Value")), ("Type", value.get("Type"))])
            for value in extension.get("ResourceExtensionParameterValues") or ()
        ]
        if "ResourceExtensionParameterValues" in extension:
            shown.append(
                ("ResourceExtensionParameterValues", Items("ResourceExtensionParameterValue", list(public)))
            )
        shown.append(("State", extension.get("State") or "Enable"))
        references.append(Struct(shown))
    return Items("ResourceExtensionReference", references)


def _network(role: Role, vip: str, version: str, *, alone: bool) -> Struct:
    network = role.network
    members: list[Member] = [("ConfigurationSetType", "NetworkConfiguration")]
    endpoints = network.get("InputEndpoints")
    if endpoints:
        members.append(
            (
                "InputEndpoints",
                Items("InputEndpoint", [input_endpoint(each, vip, version) for each in endpoints]),
            )
        )
    subnets: list[Value] = list(network.get("SubnetNames") or ())
    if subnets or not alone:
        members.append(("SubnetNames", Items("SubnetName", subnets)))
    shown = by_contract(contracts.NETWORK, network).members
    for name, since in _NETWORK_SINCE.items():
        if version >= since:
            members += [member for member in shown if member[0] == name]
    return Struct(members, "NetworkConfigurationSet")


_NETWORK_SINCE: Final = {
    "StaticVirtualNetworkIPAddress": "2013-11-01",
    "PublicIPs": "2014-05-01",
    "NetworkInterfaces": "2014-08-01",
    "NetworkSecurityGroup": "2014-08-01",
    "IPForwarding": "2014-08-01",
}


def input_endpoint(endpoint: Mapping[str, Any], vip: str, version: str) -> Struct:
    """``InputEndpoint`` (10.6), in the recorded order."""
    probe = endpoint.get("LoadBalancerProbe")
    acl = endpoint.get("EndpointAcl")
    return Struct(
        [
            ("LoadBalancedEndpointSetName", endpoint.get("LoadBalancedEndpointSetName") or None),
            ("LocalPort", endpoint.get("LocalPort")),
            ("Name", endpoint.get("Name")),
            ("Port", endpoint.get("Port")),
            ("LoadBalancerProbe", _probe(probe, version) if probe else None),
            ("Protocol", endpoint.get("Protocol")),
            ("Vip", vip or None),
            (
                "EnableDirectServerReturn",
                bool(endpoint.get("EnableDirectServerReturn")) if version >= "2013-06-01" else None,
            ),
            ("LoadBalancerName", endpoint.get("LoadBalancerName")),
            ("VirtualIPName", endpoint.get("VirtualIPName")),
            ("EndpointAcl", _kept(contracts.INPUT_ENDPOINT.members["EndpointAcl"], acl) if acl else None),
            ("IdleTimeoutInMinutes", endpoint.get("IdleTimeoutInMinutes")),
            ("LoadBalancerDistribution", endpoint.get("LoadBalancerDistribution")),
        ]
    )


def _probe(probe: Mapping[str, Any], version: str) -> Struct:
    times: list[Member] = [
        ("IntervalInSeconds", probe.get("IntervalInSeconds", 15)),
        ("TimeoutInSeconds", probe.get("TimeoutInSeconds", 31)),
    ]
    return Struct(
        [
            ("Path", probe.get("Path")),
            ("Port", probe.get("Port")),
            ("Protocol", probe.get("Protocol")),
            *(times if version >= "2013-06-01" else ()),
        ]
    )


def data_disk(call: Call, disk: DataDisk) -> Struct:
    """``DataVirtualHardDisk`` (10.3): LUN 0 is left out."""
    if call.world.dialect == "preview":
        return _preview_data_disk(disk)
    members: list[Member] = [
        ("HostCaching", disk.host_caching),
        ("DiskLabel", disk.label or None),
        ("DiskName", disk.disk_name),
        ("Lun", disk.lun or None),
        ("LogicalDiskSizeInGB", disk.size_in_gb),
        ("MediaLink", disk.media_link),
    ]
    if call.version >= "2014-10-01":
        members.append(("IOType", "Standard"))
    return Struct(members)


def _preview_data_disk(disk: DataDisk) -> Struct:
    return Struct(
        [
            ("DiskName", disk.disk_name),
            ("LUN", disk.lun),
            ("DisableReadCache", disk.host_caching == "None"),
            ("DiskLabel", disk.label or None),
            ("EnableWriteCache", disk.host_caching == "ReadWrite"),
            ("LogicalDiskSizeInGB", disk.size_in_gb),
            ("MediaLink", disk.media_link),
        ]
    )


def _preview_role(role: Role, vip: str) -> Struct:
    endpoints: list[Value] = [
        Struct(
            [
                ("LoadBalancedEndpointSetName", each.get("LoadBalancedEndpointSetName") or None),
                ("LoadBalancerProbe", _preview_probe(each.get("LoadBalancerProbe"))),
                ("LocalPort", each.get("LocalPort")),
                ("Name", each.get("Name")),
                ("Port", each.get("Port")),
                ("Protocol", each.get("Protocol")),
                ("Vip", vip or None),
            ]
        )
        for each in role.network.get("InputEndpoints") or ()
    ]
    network = Struct(
        [
            ("ConfigurationSetType", "NetworkConfiguration"),
            ("InputEndpoints", Items("ExternalEndpoint", endpoints)),
        ]
    )
    return Struct(
        [
            ("RoleName", role.name),
            ("RoleType", "PersistentVMRole"),
            ("AvailabilitySetName", role.availability_set or None),
            ("ConfigurationSets", Items("ConfigurationSet", [network])),
            (
                "OSDisk",
                Struct(
                    [
                        ("DisableWriteCache", role.os_disk.host_caching != "ReadWrite"),
                        ("DiskName", role.os_disk.disk_name),
                        ("MediaLink", role.os_disk.media_link),
                        ("SourceImageName", role.os_disk.source_image_name or None),
                    ]
                ),
            ),
            ("DataDisks", Items("DataDisk", [_preview_data_disk(disk) for disk in role.data_disks])),
            ("RoleSize", role.size),
        ]
    )


def _preview_probe(probe: Mapping[str, Any] | None) -> Struct | None:
    if not probe:
        return None
    return Struct(
        [
            ("Port", probe.get("Port")),
            ("Protocol", probe.get("Protocol")),
            ("RelativeUri", probe.get("Path") or None),
        ]
    )


# Images and disks


def os_image(call: Call, image: OSImage) -> Struct:
    """``OSImage`` (10.8) of the subscription itself."""
    if call.world.dialect == "preview":
        return _preview_image(
            image.category,
            image.label,
            image.location,
            image.media_link,
            image.name,
            role_size=image.role_size,
            stateless=image.supports_stateless_deployment,
        )
    # The service set this itself; what a request said didn't come back.
    data = {**image.metadata, "IsPremium": False}
    members: list[Member] = [
        ("AffinityGroup", image.affinity_group or None),
        ("Category", image.category),
        ("Label", image.label),
        ("Location", image.location or None),
        ("LogicalSizeInGB", image.size_in_gb),
        ("MediaLink", image.media_link),
        ("Name", image.name),
        ("OS", image.os),
    ]
    if call.version >= "2012-08-01":
        members += [
            (name, data.get(name))
            for name in (
                "Eula",
                "Description",
                "ImageFamily",
                "ShowInGui",
                "PublishedDate",
                "IsPremium",
                "IconUri",
                "PrivacyUri",
                "RecommendedVMSize",
            )
            if name != "IsPremium" or call.version >= "2013-06-01"
        ]
    if "2013-06-01" <= call.version < "2014-05-01":
        members.append(("PublisherName", "User"))
    if call.version >= "2013-03-01":
        members += [("SmallIconUri", data.get("SmallIconUri")), ("Language", data.get("Language"))]
    if call.version >= "2014-05-01":
        members.append(("OSState", "Generalized"))
    if call.version >= "2014-10-01":
        members.append(("IOType", "Standard"))
    return Struct(members)


def platform_image(call: Call, image: PlatformImage) -> Fragment:
    """``OSImage`` (10.8) of the service's own."""
    return _platform_image(
        image,
        call.world.dialect,
        metadata=call.version >= "2012-08-01",
        premium=call.version >= "2013-06-01",
        io_type=call.version >= "2014-10-01",
    )


@cache
def _platform_image(
    image: PlatformImage, dialect: Dialect, *, metadata: bool, premium: bool, io_type: bool
) -> Fragment:
    # Written once for each form: a list holds them all.
    locations = ";".join(_IMAGE_LOCATIONS)
    if dialect == "preview":
        return Fragment.of(_preview_image("Public", image.label, locations, None, image.name))
    members: list[Member] = [
        ("Category", "Public"),
        ("Label", image.label),
        ("Location", locations if metadata else None),
        ("LogicalSizeInGB", image.size_in_gb),
        ("Name", image.name),
        ("OS", image.os),
    ]
    if metadata:
        members += [
            ("ImageFamily", image.family or None),
            ("PublishedDate", f"{image.published}T00:00:00Z" if image.published else None),
            ("IsPremium", False if premium else None),
            ("PublisherName", (image.publisher or None) if premium else None),
        ]
    if io_type:
        members.append(("IOType", "Standard_LRS"))
    return Fragment.of(Struct(members))


_IMAGE_LOCATIONS: Final = (
    "East Asia",
    "Southeast Asia",
    "North Europe",
    "West Europe",
    "Central US",
    "East US",
    "East US 2",
    "North Central US",
    "South Central US",
    "West US",
)


def _preview_image(
    category: str,
    label: str,
    location: str,
    media_link: str | None,
    name: str,
    *,
    role_size: str = "",
    stateless: bool | None = None,
) -> Struct:
    return Struct(
        [
            ("Category", category),
            ("Label", label),
            ("Location", location),
            ("MediaLink", media_link),
            ("Name", name),
            ("RoleSize", role_size or None),
            ("SupportsStatelessDeployment", stateless),
        ]
    )


def disk(call: Call, each: Disk) -> Struct:
    """``Disk`` (10.9)."""
    attached: Struct | None = None
    if each.attached_to is not None:
        deployment_name, service_name, role_name = each.attached_to
        attached = Struct(
            [
                ("DeploymentName", deployment_name),
                ("HostedServiceName", service_name),
                ("RoleName", role_name),
            ]
        )
    if call.world.dialect == "preview":
        return Struct(
            [
                ("AttachedTo", attached),
                ("HasOperatingSystem", bool(each.os)),
                ("Location", each.location or None),
                ("MediaLink", each.media_link),
                ("Name", each.name),
                ("SourceImageName", each.source_image_name or None),
            ]
        )
    members: list[Member] = [
        ("AffinityGroup", each.affinity_group or None),
        ("AttachedTo", attached),
        ("OS", each.os or None),
        # No recorded disk has both: the label of a disk made from an image isn't shown here.
        ("Label", None if each.source_image_name else each.label or None),
        ("Location", each.location or None),
        ("LogicalDiskSizeInGB", each.size_in_gb),
        ("MediaLink", each.media_link),
        ("Name", each.name),
        ("SourceImageName", each.source_image_name or None),
        ("IsPremium", False),
    ]
    if call.version >= "2014-05-01":
        members.append(("CreatedTime", iso(each.created_at)))
    if call.version >= "2014-10-01":
        members.append(("IOType", "Standard"))
    return Struct(members)
