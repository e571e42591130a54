"""Networks and reserved addresses (protocol.md 12.10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator import answers, contracts
from azure_iaas.emulator.catalogue import LOCATION_KEYS
from azure_iaas.emulator.networks.effects import NetworkConfigured
from azure_iaas.emulator.reserved_ips.effects import ReservedIPAssociated, ReservedIPRemoved
from azure_iaas.emulator.state import NetworkConfiguration, ReservedIP
from azure_iaas.endpoint import documents, refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import Element, Items, Struct, Value
from azure_iaas.endpoint.refusals import Refusal
from azure_iaas.endpoint.routes import Route

if TYPE_CHECKING:
    from azure_iaas.emulator.world import Call

NETWORK_NAMESPACE: Final = "http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration"
_EMPTY_SPACE: Final = re.compile(r"<(AddressSpace)\s*(?:/>|>\s*</AddressSpace\s*>)")
"""An address space without a prefix is all that recordings show the schema to refuse."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", re.ASCII)


@dataclass(frozen=True, slots=True)
class LocalSite:
    """A network at the user's own place, which a gateway connects to."""

    name: str
    prefixes: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway of a virtual network site.

    Attributes:
        sites: the local sites it connects to, each with the kind of its connection.
        pool: address prefixes of single computers that connect.
    """

    profile: str
    sites: tuple[tuple[LocalSite, str], ...]
    pool: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A virtual network site of the network configuration."""

    name: str
    location: str
    affinity_group: str
    prefixes: tuple[str, ...]
    subnets: tuple[tuple[str, str], ...]
    dns_servers: tuple[tuple[str, str], ...]
    gateway: Gateway | None


def read_sites(document: str) -> list[Site]:
    """The virtual network sites in a network configuration document.

    Raises:
        Refusal: 400, recorded form: it isn't one.
    """
    invalid = refusals.network_configuration_invalid(1, 1)
    try:
        root = documents.read_xml(document.encode())
    except Refusal:
        raise invalid from None
    if root.name != "NetworkConfiguration" or root.namespace != NETWORK_NAMESPACE:
        raise invalid
    if empty := _EMPTY_SPACE.search(document):
        # The service counted to the element's name.
        lines = document[: empty.start(1)].split("\n")
        raise refusals.network_configuration_invalid(len(lines), len(lines[-1]) + 1)
    servers = {
        each.attributes.get("name", ""): each.attributes.get("IPAddress", "")
        for each in _walk(root, "DnsServer")
    }
    local_sites = {
        each.attributes.get("name", ""): _local_site(each) for each in _walk(root, "LocalNetworkSite")
    }
    sites: list[Site] = []
    for element in _walk(root, "VirtualNetworkSite"):
        attributes = element.attributes
        if not attributes.get("name"):
            raise invalid
        space = element.child("AddressSpace")
        sites.append(
            Site(
                name=attributes["name"],
                location=attributes.get("Location", ""),
                affinity_group=attributes.get("AffinityGroup", ""),
                prefixes=tuple(_prefix(each.text) for each in (space.children if space is not None else ())),
                subnets=tuple(
                    (subnet.attributes.get("name", ""), _prefix(each.text))
                    for subnet in _walk(element, "Subnet")
                    for each in subnet.children
                    if each.name == "AddressPrefix"
                ),
                dns_servers=tuple(
                    (name, servers[name])
                    for each in _walk(element, "DnsServerRef")
                    if (name := each.attributes.get("name", "")) in servers
                ),
                gateway=_gateway(element.child("Gateway"), local_sites),
            )
        )
    return sites


def _prefixes(element: Element | None) -> tuple[str, ...]:
    return tuple(_prefix(each.text) for each in (element.children if element is not None else ()))


def _local_site(element: Element) -> LocalSite:
    address = element.child("VPNGatewayAddress")
    return LocalSite(
        name=element.attributes.get("name", ""),
        prefixes=_prefixes(element.child("AddressSpace")),
        address=address.text.strip() if address is not None else "",
    )


def _gateway(element: Element | None, local_sites: dict[str, LocalSite]) -> Gateway | None:
    if element is None:
        return None
    joined = []
    for each in _walk(element, "LocalNetworkSiteRef"):
        name = each.attributes.get("name", "")
        if name not in local_sites:
            raise refusals.network_configuration_invalid(1, 1)
        connection = each.child("Connection")
        kind = connection.attributes.get("type", "IPsec") if connection is not None else "IPsec"
        joined.append((local_sites[name], kind))
    pool = _prefixes(element.child("VPNClientAddressPool"))
    return Gateway(element.attributes.get("profile", "Small"), tuple(joined), pool)


def _prefix(text: str) -> str:
    try:
        IPv4Network(text.strip(), strict=False)
    except ValueError:
        raise refusals.network_configuration_invalid(1, 1) from None
    return text.strip()


def _walk(element: Element, name: str) -> list[Element]:
    found = []
    for child in element.children:
        if child.name == name:
            found.append(child)
        found += _walk(child, name)
    return found


def _sites(call: Call) -> list[Site]:
    network = call.subscription.networks.get("media")
    return read_sites(network.document) if network is not None and network.document else []


def list_sites(call: Call) -> Answer:
    """List Virtual Network Sites (jj157185)."""
    used = {
        deployment.virtual_network.lower()
        for service in call.subscription.hosted_services.values()
        for deployment in service.deployments.values()
    }
    shown: list[Value] = []
    for site in _sites(call):
        prefixes: list[Value] = list(site.prefixes)
        subnets: list[Value] = [
            Struct([("Name", name), ("AddressPrefix", prefix)]) for name, prefix in site.subnets
        ]
        identity = answers.dashed(call.world.network_id(call.subscription.id, site.name))
        shown.append(
            Struct(
                [
                    ("Name", site.name),
                    ("Id", identity),
                    ("AffinityGroup", site.affinity_group or None),
                    ("State", "Created"),
                    ("InUse", True if site.name.lower() in used else None),
                    ("AddressSpace", Struct([("AddressPrefixes", Items("AddressPrefix", prefixes))])),
                    ("Subnets", Items("Subnet", subnets)),
                    ("Dns", _dns(site)),
                    ("Gateway", _gateway_answer(site.gateway)),
                    ("Location", site.location or None),
                ]
            )
        )
    return Answer(200, "VirtualNetworkSites", Items("VirtualNetworkSite", shown))


def _dns(site: Site) -> Struct | None:
    if not site.dns_servers:
        return None
    servers: list[Value] = [
        Struct([("Name", name), ("Address", address)]) for name, address in site.dns_servers
    ]
    return Struct([("DnsServers", Items("DnsServer", servers))])


def _space(prefixes: tuple[str, ...]) -> Struct:
    return Struct([("AddressPrefixes", Items("AddressPrefix", list(prefixes)))])


def _gateway_answer(gateway: Gateway | None) -> Struct | None:
    if gateway is None:
        return None
    sites: list[Value] = [
        Struct(
            [
                ("Name", site.name),
                ("AddressSpace", _space(site.prefixes)),
                ("VpnGatewayAddress", site.address or None),
                ("Connections", Items("Connection", [Struct([("Type", kind)])])),
            ]
        )
        for site, kind in gateway.sites
    ]
    return Struct(
        [
            ("Profile", gateway.profile),
            ("Sites", Items("LocalNetworkSite", sites)),
            ("VPNClientAddressPool", _space(gateway.pool)),
            ("VnetNames", Items("VnetName", [])),
        ]
    )


def get_configuration(call: Call) -> Answer:
    """Get Network Configuration (jj157196): text with a byte order mark, as recorded."""
    network = call.subscription.networks.get("media")
    if network is None or not network.document:
        # Unverified: the text and that it is a 404.
        raise refusals.not_found("The network configuration does not exist.")
    return Answer(200, raw=b"\xef\xbb\xbf" + network.document.encode(), content_type="text/plain")


def set_configuration(call: Call) -> Answer:
    """Set Network Configuration (jj157181): one at a time in a subscription."""
    try:
        document = call.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refusals.network_configuration_invalid(1, 1) from None
    read_sites(document)
    network = call.subscription.networks.get("media")
    if network is not None and call.now < network.lock_until:
        raise refusals.network_configuration_busy()
    operation = call.open_operation("SetNetworkConfiguration", "services", "networking", "media")
    kept = network.document if network is not None else ""
    call.subscription.networks.put("media", NetworkConfiguration(kept, operation.ends_at))
    if not operation.error_code:
        call.later(operation.ends_at, NetworkConfigured(document))
    return Answer(202)


def check_address(call: Call) -> Answer:
    """Check whether an address of a virtual network is free."""
    if not call.flag("op", "checkavailability"):
        raise refusals.wrong_query()
    name = call.names["network"]
    site = next((each for each in _sites(call) if each.name.lower() == name.lower()), None)
    if site is None:
        raise refusals.missing("virtual network", name)
    try:
        address = IPv4Address(call.query.get("address", ""))
    except ValueError:
        raise refusals.wrong_query() from None
    used = {
        role.network.get("StaticVirtualNetworkIPAddress")
        for service in call.subscription.hosted_services.values()
        for deployment in service.deployments.values()
        if deployment.virtual_network.lower() == name.lower()
        for role in deployment.roles.values()
    }
    inside = [IPv4Network(prefix, strict=False) for _, prefix in site.subnets]
    # The first four addresses of a subnet and its last are the service's own.
    free = str(address) not in used and any(
        network.network_address + 3 < address < network.broadcast_address for network in inside
    )
    others: list[Value] = []
    if not free and inside:
        candidates = (
            str(inside[0].network_address + offset) for offset in range(4, inside[0].num_addresses - 1)
        )
        for candidate in candidates:
            if len(others) == 5:
                break
            if candidate not in used:
                others.append(candidate)
    answer = Struct([("IsAvailable", free), ("AvailableAddresses", Items("AvailableAddress", others))])
    return Answer(200, "AddressAvailabilityResponse", answer)


# Reserved addresses


def _ip_answer(ip: ReservedIP) -> Struct:
    in_use = bool(ip.service_name)
    return Struct(
        [
            ("Name", ip.name),
            ("Address", ip.address),
            ("Id", ip.id),
            ("Label", ip.label or None),
            ("State", "Created"),
            ("InUse", True if in_use else None),
            ("ServiceName", ip.service_name or None),
            ("DeploymentName", ip.deployment_name or None),
            ("Location", ip.location),
        ]
    )


def _reserved_ip(call: Call) -> ReservedIP:
    ip = call.subscription.reserved_ips.get(call.names["ip"])
    if ip is None:
        raise refusals.missing("reserved IP", call.names["ip"])
    return ip


def list_reserved_ips(call: Call) -> Answer:
    """List Reserved IP Addresses."""
    shown: list[Value] = [_ip_answer(ip) for ip in call.subscription.reserved_ips.values()]
    return Answer(200, "ReservedIPs", Items("ReservedIP", shown))


def get_reserved_ip(call: Call) -> Answer:
    """Get Reserved IP Address."""
    return Answer(200, "ReservedIP", _ip_answer(_reserved_ip(call)))


def create_reserved_ip(call: Call) -> Answer:
    """Create Reserved IP Address; for a running deployment it takes the deployment's own address."""
    _, values = call.read(contracts.RESERVED_IP)
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
    address = answers.address(call, "reserved", call.request_id)
    service = deployment = None
    if values.get("ServiceName"):
        service = call.subscription.hosted_services.get(values["ServiceName"])
        if service is None:
            raise refusals.service_missing()
        deployment = service.deployment(values.get("DeploymentName", ""))
        if deployment is None:
            raise refusals.deployment_missing(values.get("DeploymentName", ""))
        call.demand_unlocked(service, deployment)
        address = deployment.vip
    operation = call.accept(
        "CreateReservedIP", "services", "networking", "reservedips", name, seconds="ReservedIP"
    )
    if operation is None:
        return Answer(202)
    identity = answers.dashed(call.world.digest("reserved id", call.request_id, size=16).hex())
    ip = ReservedIP(name, address, identity, values.get("Label", ""), location)
    if service is not None and deployment is not None:
        ip.service_name, ip.deployment_name = service.name, deployment.name
        deployment.reserved_ip = name
        call.subscription.hosted_services.touch(service.name)
    shelf.put(name, ip)
    return Answer(202)


def delete_reserved_ip(call: Call) -> Answer:
    """Delete Reserved IP Address: not while a deployment has it."""
    ip = _reserved_ip(call)
    if ip.service_name:
        # Unverified: the text.
        raise refusals.bad_request(f"The reserved IP {ip.name} is in use by deployment {ip.deployment_name}.")
    removed = ReservedIPRemoved(ip.name)
    target = ("services", "networking", "reservedips", ip.name)
    call.accept("DeleteReservedIP", *target, seconds="ReservedIP", then=removed)
    return Answer(202)


def associate_reserved_ip(call: Call) -> Answer:
    """Associate Reserved IP."""
    return _associate(call, join=True)


def disassociate_reserved_ip(call: Call) -> Answer:
    """Disassociate Reserved IP."""
    return _associate(call, join=False)


def _associate(call: Call, *, join: bool) -> Answer:
    _, values = call.read(contracts.RESERVED_IP_ASSOCIATION)
    ip = _reserved_ip(call)
    service = call.subscription.hosted_services.get(values["ServiceName"])
    if service is None:
        raise refusals.service_missing()
    deployment = service.deployment(values["DeploymentName"])
    if deployment is None:
        raise refusals.deployment_missing(values["DeploymentName"])
    call.demand_unlocked(service, deployment)
    holds_it = ip.service_name.lower() == service.name.lower()
    if join and ip.service_name:
        raise refusals.taken("use of the reserved IP", ip.name)
    if not join and not holds_it:
        raise refusals.missing("association of the reserved IP", ip.name)
    name = "AssociateReservedIP" if join else "DisassociateReservedIP"
    associated = ReservedIPAssociated(
        name=ip.name,
        service=service.name if join else "",
        deployment=deployment.name if join else "",
        vip=answers.address(call, "vip", call.request_id),
    )
    call.accept_for(name, service, deployment, seconds="ReservedIP", then=associated)
    return Answer(202)


_IPS: Final = "services/networking/reservedips"

ROUTES: Final = (
    Route("ListVirtualNetworkSites", "GET", "services/networking/virtualnetwork", "2012-03-01", list_sites),
    Route("GetNetworkConfiguration", "GET", "services/networking/media", "2012-03-01", get_configuration),
    Route("SetNetworkConfiguration", "PUT", "services/networking/media", "2012-03-01", set_configuration),
    Route("CheckNetworkAddress", "GET", "services/networking/{network}", "2013-11-01", check_address),
    Route("ListReservedIPs", "GET", _IPS, "2014-05-01", list_reserved_ips),
    Route("CreateReservedIP", "POST", _IPS, "2014-05-01", create_reserved_ip),
    Route("GetReservedIP", "GET", f"{_IPS}/{{ip}}", "2014-05-01", get_reserved_ip),
    Route("DeleteReservedIP", "DELETE", f"{_IPS}/{{ip}}", "2014-05-01", delete_reserved_ip),
    Route(
        "AssociateReservedIP",
        "POST",
        f"{_IPS}/{{ip}}/operations/associate",
        "2015-02-01",
        associate_reserved_ip,
    ),
    Route(
        "DisassociateReservedIP",
        "POST",
        f"{_IPS}/{{ip}}/operations/disassociate",
        "2015-02-01",
        disassociate_reserved_ip,
    ),
)
