"""Reserved addresses (protocol.md 12.10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.addresses import public_address
from azure_iaas.emulator.catalogue import LOCATION_KEYS
from azure_iaas.emulator.machines.front_ends import addresses, first_name, reserved_for, virtual_ip
from azure_iaas.emulator.places import region_of
from azure_iaas.emulator.reserved_ips.answers import ip_answer
from azure_iaas.emulator.reserved_ips.contract import RESERVED_IP, RESERVED_IP_ASSOCIATION
from azure_iaas.emulator.reserved_ips.effects import ReservedIPAssociated, ReservedIPRemoved
from azure_iaas.emulator.state import ReservedIP
from azure_iaas.emulator.texts import dashed
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import Items, Value
from azure_iaas.endpoint.routes import Routes

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Deployment, HostedService
    from azure_iaas.endpoint.contracts import Values

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", re.ASCII)
_IPS: Final = "services/networking/reservedips"

route: Final = Routes[Call]()


def _reserved_ip(call: Call) -> ReservedIP:
    ip = call.subscription.reserved_ips.get(call.names["ip"])
    if ip is None:
        raise refusals.missing("reserved IP", call.names["ip"])
    return ip


@route("ListReservedIPs", "GET", _IPS, since="2014-05-01")
def list_reserved_ips(call: Call) -> Answer:
    """List Reserved IP Addresses."""
    shown: list[Value] = [ip_answer(ip) for ip in call.subscription.reserved_ips.values()]
    return Answer(200, "ReservedIPs", Items("ReservedIP", shown))


@route("GetReservedIP", "GET", f"{_IPS}/{{ip}}", since="2014-05-01")
def get_reserved_ip(call: Call) -> Answer:
    """Get Reserved IP Address."""
    return Answer(200, "ReservedIP", ip_answer(_reserved_ip(call)))


@route("CreateReservedIP", "POST", _IPS, since="2014-05-01")
def create_reserved_ip(call: Call) -> Answer:
    """Create Reserved IP Address; for a running deployment it takes the deployment's own address."""
    _, values = call.read(RESERVED_IP)
    name = values["Name"]
    if not _NAME.fullmatch(name):
        raise refusals.incorrect_parameter()
    location = LOCATION_KEYS.get(values.get("Location", "").lower())
    if location is None:
        raise refusals.location_invalid()
    shelf = call.subscription.reserved_ips
    if shelf.get(name) is not None:
        raise refusals.taken("reserved IP", name)
    limit = call.world.quotas.reserved_ips
    if len(shelf) >= limit:
        raise refusals.quota_exceeded("reserved IP count", limit, len(shelf), 1)
    address = public_address(call, "reserved", call.request_id)
    service = deployment = None
    virtual = ""
    if values.get("ServiceName"):
        service, deployment, virtual = _new_user(call, values, location)
        address = addresses(call, service, deployment).get(virtual_ip(service, virtual), "")
        if not address or (not virtual and deployment.status(call.now) == "Suspended"):
            raise refusals.no_address_to_reserve(virtual or deployment.name)
    operation = call.accept(
        "CreateReservedIP", "services", "networking", "reservedips", name, seconds="ReservedIP"
    )
    if operation is None:
        return Answer(202)
    identity = dashed(call.world.digest("reserved id", call.request_id, size=16).hex())
    ip = ReservedIP(name, address, identity, values.get("Label", ""), location)
    if service is not None and deployment is not None:
        ip.service_name, ip.deployment_name, ip.virtual_ip = service.name, deployment.name, virtual
        if not virtual:
            deployment.reserved_ip = name
        call.subscription.hosted_services.touch(service.name)
    shelf.put(name, ip)
    return Answer(202)


def _user(call: Call, values: Values) -> tuple[HostedService, Deployment, str]:
    """Service and deployment of a request, and the further virtual IP, empty for the first."""
    service = call.subscription.hosted_services.get(values["ServiceName"])
    if service is None:
        raise refusals.service_missing()
    deployment = service.deployment(values.get("DeploymentName", ""))
    if deployment is None:
        raise refusals.deployment_missing(values.get("DeploymentName", ""))
    call.demand_unlocked(service, deployment)
    _, name = virtual_ip(service, values.get("VirtualIPName", ""))
    if name and name not in map(str.lower, deployment.virtual_ips):
        raise refusals.unknown_name("virtual IP", values["VirtualIPName"])
    return service, deployment, next((each for each in deployment.virtual_ips if each.lower() == name), "")


def _new_user(call: Call, values: Values, location: str) -> tuple[HostedService, Deployment, str]:
    """As :func:`_user`, for a deployment that is to have a reserved address of this location."""
    service, deployment, virtual = _user(call, values)
    name = values.get("Name") or call.names["ip"]
    if location != region_of(call.subscription, service):
        raise refusals.reserved_ip_elsewhere(name, service.name)
    for ip in reserved_for(call.subscription, service, deployment):
        if ip.virtual_ip.lower() == virtual.lower():
            raise refusals.in_use("virtual IP", virtual or first_name(service))
    if not any(role.network.get("InputEndpoints") for role in deployment.roles.values()):
        raise refusals.reserved_ip_without_endpoints(deployment.name, name)
    return service, deployment, virtual


@route("DeleteReservedIP", "DELETE", f"{_IPS}/{{ip}}", since="2014-05-01")
def delete_reserved_ip(call: Call) -> Answer:
    """Delete Reserved IP Address: not while a deployment has it."""
    ip = _reserved_ip(call)
    if ip.service_name:
        raise refusals.in_use("reserved IP", ip.name)
    removed = ReservedIPRemoved(ip.name)
    target = ("services", "networking", "reservedips", ip.name)
    call.accept("DeleteReservedIP", *target, seconds="ReservedIP", then=removed)
    return Answer(202)


@route("AssociateReservedIP", "POST", f"{_IPS}/{{ip}}/operations/associate", since="2015-02-01")
def associate_reserved_ip(call: Call) -> Answer:
    """Associate Reserved IP."""
    return _associate(call, join=True)


@route("DisassociateReservedIP", "POST", f"{_IPS}/{{ip}}/operations/disassociate", since="2015-02-01")
def disassociate_reserved_ip(call: Call) -> Answer:
    """Disassociate Reserved IP."""
    return _associate(call, join=False)


def _associate(call: Call, *, join: bool) -> Answer:
    _, values = call.read(RESERVED_IP_ASSOCIATION)
    ip = _reserved_ip(call)
    if join:
        if ip.service_name:
            raise refusals.in_use("reserved IP", ip.name)
        service, deployment, virtual = _new_user(call, values, ip.location)
    else:
        service, deployment, virtual = _user(call, values)
        if (
            ip not in reserved_for(call.subscription, service, deployment)
            or ip.virtual_ip.lower() != virtual.lower()
        ):
            raise refusals.missing("association of the reserved IP", ip.name)
    name = "AssociateReservedIP" if join else "DisassociateReservedIP"
    associated = ReservedIPAssociated(
        name=ip.name,
        service=service.name if join else "",
        deployment=deployment.name if join else "",
        vip=public_address(call, "vip", call.request_id),
        virtual_ip=(virtual or None) if join else None,
    )
    call.accept_for(name, service, deployment, seconds="ReservedIP", then=associated)
    return Answer(202)
