"""Hosted services and deployments as they are answered (protocol.md 10.10, 10.12)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from azure_iaas.emulator import timeline
from azure_iaas.emulator.addresses import public_address
from azure_iaas.emulator.capabilities import compute_capabilities
from azure_iaas.emulator.machines.contract import DNS_SERVER, LOAD_BALANCER
from azure_iaas.emulator.machines.instance_answers import role_instance_answer
from azure_iaas.emulator.machines.role_answers import role_in_list
from azure_iaas.emulator.properties import properties_answer
from azure_iaas.emulator.state import Deployment, HostedService, Role
from azure_iaas.emulator.texts import dashed, iso
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint.contracts import by_contract
from azure_iaas.endpoint.documents import NIL, Items, Struct, Value
from azure_iaas.endpoint.versions import Row, Rows

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Deployment, Role


@dataclass(frozen=True, slots=True)
class _ShownService:
    service: HostedService
    deployments: bool
    listed: bool


def hosted_service_answer(
    call: Call, service: HostedService, *, deployments: bool = False, listed: bool = False
) -> Struct:
    """``HostedService`` (10.12); with its deployments when ``embed-detail`` asks for them.

    Role sizes were recorded in lists only.
    """
    return Struct(_SERVICE.members(call, _ShownService(service, deployments, listed)))


def _service_properties(call: Call, shown: _ShownService) -> Struct | None:
    # Before 2012-03-01 lists had none.
    if call.version < "2012-03-01" and "service" not in call.names:
        return None
    return Struct(_SERVICE_PROPERTIES.members(call, shown.service))


def _deployments(call: Call, shown: _ShownService) -> Items | None:
    if not shown.deployments:
        return None
    service = shown.service
    visible_ones = [each for each in service.deployments.values() if visible(call, each)]
    return Items("Deployment", [deployment_answer(call, service, each) for each in visible_ones])


def _winrm_thumbprint(_: Call, shown: _ShownService) -> str | None:
    roles = (role for each in shown.service.deployments.values() for role in each.roles.values())
    return next((role.winrm_thumbprint for role in roles if role.winrm_thumbprint), None)


_SERVICE_PROPERTIES: Final = Rows[Call, HostedService](
    Row("Description", lambda _, service: NIL if service.description is None else service.description),
    Row("AffinityGroup", lambda _, service: service.affinity_group or None),
    Row("Location", lambda _, service: None if service.affinity_group else service.location),
    Row("Label", lambda _, service: service.label),
    Row("Status", lambda _, service: "Deleting" if service.deleting else "Created"),
    Row("DateCreated", lambda _, service: iso(service.created_at)),
    Row("DateLastModified", lambda _, service: iso(service.modified_at)),
    Row(
        "ExtendedProperties", lambda _, service: properties_answer(service.extended_properties), "2012-03-01"
    ),
    Row("ReverseDnsFqdn", lambda _, service: service.reverse_dns_fqdn or None, "2014-06-01"),
)
_SERVICE: Final = Rows[Call, _ShownService](
    Row("Url", lambda call, shown: call.url("services", "hostedservices", shown.service.name)),
    Row("ServiceName", lambda _, shown: shown.service.name),
    Row("HostedServiceProperties", _service_properties),
    Row("Deployments", _deployments),
    Row("DefaultWinRmCertificateThumbprint", _winrm_thumbprint, "2013-11-01"),
    Row(
        "ComputeCapabilities", lambda _, shown: compute_capabilities() if shown.listed else None, "2014-05-01"
    ),
)


def visible(call: Call, deployment: Deployment) -> bool:
    """Whether a version sees a deployment: below 2013-06-01 nothing deallocated is shown (10.10)."""
    return call.version >= "2013-06-01" or deployment.status(call.now) != "Suspended"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A deployment, and what of it there is to show.

    Attributes:
        listed: roles are listed yet.
        placed: instances are listed yet, some seconds after the roles, and with them addresses.
        roles: by name; none before they are listed.
        vip: public address, empty while there is none.
    """

    service: HostedService
    deployment: Deployment
    status: str
    listed: bool
    placed: bool
    roles: list[Role]
    vip: str


def deployment_answer(call: Call, service: HostedService, deployment: Deployment) -> Struct:
    """``Deployment`` (10.10)."""
    status = deployment.status(call.now)
    listed = call.listed(deployment)
    roles = sorted(deployment.roles.values(), key=lambda role: role.name.lower()) if listed else []
    placed = any(role.state(call.now) for role in roles)
    vip = deployment.vip if placed and (status != "Suspended" or deployment.reserved_ip) else ""
    rows = _PREVIEW_DEPLOYMENT if call.world.dialect == "preview" else _DEPLOYMENT
    return Struct(rows.members(call, _Shown(service, deployment, status, listed, placed, roles, vip)))


def _url(_: Call, shown: _Shown) -> str | None:
    if shown.status == "Deploying":
        return None
    deployment = shown.deployment
    host = shown.service.name.lower() if deployment.slot == "Production" else deployment.private_id
    return f"http://{host}.cloudapp.net/"


def _instances(call: Call, shown: _Shown) -> Items:
    # Deallocated instances were listed last, in the order in which they went.
    roles = sorted(shown.roles, key=lambda role: role.deallocated_since(call.now) or 0.0)
    if not shown.placed:
        roles = []
    if call.version < "2013-06-01":
        roles = [role for role in roles if not role.deallocated(call.now)]
    suspended = shown.status == "Suspended"
    answers = [role_instance_answer(call, role, shown.vip, suspended=suspended) for role in roles]
    return Items("RoleInstance", list(answers))


def _roles(call: Call, shown: _Shown) -> Items:
    return Items("Role", [role_in_list(call, role, shown.vip) for role in shown.roles])


def _locked(call: Call, shown: _Shown) -> bool:
    service = shown.service
    return call.now < service.lock_until and service.lock_deployment == shown.deployment.name


def _dns(_: Call, shown: _Shown) -> Struct | None:
    servers = shown.deployment.dns_servers
    if not servers:
        return None
    answers = [by_contract(DNS_SERVER, server) for server in servers]
    return Struct([("DnsServers", Items("DnsServer", list(answers)))])


def _dns_suffix(_: Call, shown: _Shown) -> str | None:
    domain = shown.deployment.internal_domain
    return f"{shown.service.name}.{domain}.internal.cloudapp.net" if shown.placed else None


def _load_balancers(_: Call, shown: _Shown) -> Items:
    balancers = shown.deployment.load_balancers
    return Items("LoadBalancer", [by_contract(LOAD_BALANCER, balancer) for balancer in balancers])


def _network_id(call: Call, shown: _Shown) -> str | None:
    network = shown.deployment.virtual_network
    return dashed(call.world.network_id(call.subscription.id, network)) if network else None


def _downtime(call: Call, _: _Shown) -> Struct | None:
    """``PersistentVMDowntime``: the maintenance of the hosts that is announced, or is over."""
    if not call.world.maintenance_announced:
        return None
    start, end = timeline.maintenance_window(call.now)
    completed = call.now >= end
    return Struct(
        [
            ("StartTime", iso(start)),
            ("EndTime", iso(end)),
            ("Status", "PersistentVMUpdateCompleted" if completed else "PersistentVMUpdateScheduled"),
        ]
    )


def _upgrade_domains(_: Call, shown: _Shown) -> int | None:
    if not shown.listed:
        return None
    highest = max((role.upgrade_domain for role in shown.roles), default=0)
    return max(shown.deployment.upgrade_domain_count, 1 + highest)


_CONFIGURATION: Final = (
    '<ServiceConfiguration xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">'
)


def _configuration(_: Call, shown: _Shown) -> str | None:
    if not shown.listed:
        return None
    lines = [_CONFIGURATION]
    for role in shown.roles:
        lines += [f"  <Role name={quoteattr(role.name)}>", '    <Instances count="1" />', "  </Role>"]
    lines.append("</ServiceConfiguration>")
    return b64encode("\r\n".join(lines).encode()).decode()


def _virtual_ips(call: Call, shown: _Shown) -> Items:
    if not shown.vip:
        return Items("VirtualIP", [])
    addresses: list[Value] = [Struct(_VIRTUAL_IP.members(call, shown))]
    for name in shown.deployment.virtual_ips:
        address = public_address(call, shown.deployment.name, name)
        addresses.append(Struct([("Address", address), ("IsDnsProgrammed", False), ("Name", name)]))
    return Items("VirtualIP", addresses)


def _vip_name(_: Call, shown: _Shown) -> str:
    endpoints = any(role.network.get("InputEndpoints") for role in shown.roles)
    return f"{shown.service.name}ContractContract" if endpoints else "__PseudoBackEndContractVip"


_VIRTUAL_IP: Final = Rows[Call, _Shown](
    Row("Address", lambda _, shown: shown.vip),
    Row("IsDnsProgrammed", lambda *_: True),
    Row("Name", _vip_name),
    Row("IsReserved", lambda _, shown: bool(shown.deployment.reserved_ip) or None, "2014-05-01"),
    Row("ReservedIPName", lambda _, shown: shown.deployment.reserved_ip or None, "2014-05-01"),
)
_DEPLOYMENT: Final = Rows[Call, _Shown](
    Row("Name", lambda _, shown: shown.deployment.name),
    Row("DeploymentSlot", lambda _, shown: shown.deployment.slot),
    Row("PrivateID", lambda _, shown: shown.deployment.private_id),
    Row("Status", lambda _, shown: shown.status),
    Row("Label", lambda _, shown: shown.deployment.label),
    Row("Url", _url),
    Row("Configuration", _configuration),
    Row("RoleInstanceList", _instances),
    Row("UpgradeDomainCount", _upgrade_domains),
    Row("RoleList", _roles),
    Row("SdkVersion", lambda *_: ""),
    Row("Locked", _locked),
    Row("RollbackAllowed", lambda *_: False),
    Row("VirtualNetworkName", lambda _, shown: shown.deployment.virtual_network or None),
    Row("CreatedTime", lambda _, shown: iso(shown.deployment.created_at), "2012-03-01"),
    Row("LastModifiedTime", lambda _, shown: iso(shown.deployment.modified_at), "2012-03-01"),
    Row(
        "ExtendedProperties",
        lambda _, shown: properties_answer(shown.deployment.extended_properties),
        "2012-03-01",
    ),
    Row("Dns", _dns, "2012-03-01"),
    Row("PersistentVMDowntime", _downtime, "2012-03-01"),
    Row("VirtualIPs", _virtual_ips, "2013-06-01"),
    Row("ReservedIPName", lambda _, shown: shown.deployment.reserved_ip or None, "2014-05-01"),
    Row("InternalDnsSuffix", _dns_suffix, "2013-11-01"),
    Row("LoadBalancers", _load_balancers, "2014-05-01"),
    Row("VirtualNetworkId", _network_id, "2014-10-01"),
)
_AFTER_PREVIEW: Final = frozenset(
    {"InternalDnsSuffix", "LoadBalancers", "ReservedIPName", "VirtualNetworkId"}
)
"""Elements newer than the preview."""
_PREVIEW_DEPLOYMENT: Final = Rows(*(row for row in _DEPLOYMENT if row.element not in _AFTER_PREVIEW))
