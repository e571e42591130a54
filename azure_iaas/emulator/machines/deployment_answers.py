"""Hosted services and deployments as they are answered (protocol.md 10.10, 10.12)."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from azure_iaas.emulator import timeline
from azure_iaas.emulator.addresses import public_address
from azure_iaas.emulator.capabilities import compute_capabilities
from azure_iaas.emulator.machines.contract import DNS_SERVER, LOAD_BALANCER
from azure_iaas.emulator.machines.instance_answers import role_instance_answer
from azure_iaas.emulator.machines.role_answers import role_in_list
from azure_iaas.emulator.properties import properties_answer
from azure_iaas.emulator.texts import dashed, iso
from azure_iaas.endpoint.contracts import by_contract
from azure_iaas.endpoint.documents import NIL, Items, Member, Struct, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from azure_iaas.emulator.state import Deployment, HostedService, Role
    from azure_iaas.emulator.world import Call


def hosted_service_answer(
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
            inner.append(("ExtendedProperties", properties_answer(service.extended_properties)))
        if call.version >= "2014-06-01" and service.reverse_dns_fqdn:
            inner.append(("ReverseDnsFqdn", service.reverse_dns_fqdn))
        members.append(("HostedServiceProperties", Struct(inner)))
    if deployments:
        shown = [
            deployment_answer(call, service, each)
            for each in service.deployments.values()
            if visible(call, each)
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


def deployment_answer(call: Call, service: HostedService, each: Deployment) -> Struct:
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
        (role.deallocated(now), role_instance_answer(call, role, vip, suspended=status == "Suspended"))
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
            ("ExtendedProperties", properties_answer(each.extended_properties)),
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
        balancers: list[Value] = [by_contract(LOAD_BALANCER, balancer) for balancer in each.load_balancers]
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
    return Items("DnsServer", [by_contract(DNS_SERVER, server) for server in servers])


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
        Struct(
            [("Address", public_address(call, each.name, name)), ("IsDnsProgrammed", False), ("Name", name)]
        )
        for name in each.virtual_ips
    ]
    return Items("VirtualIP", addresses)
