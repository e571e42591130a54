"""The network configuration, and the virtual network sites it makes (protocol.md 12.10)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Final

from azure_iaas.emulator.networks.answers import dns_answer, gateway_answer
from azure_iaas.emulator.networks.configuration import Site, read_sites
from azure_iaas.emulator.networks.effects import NetworkConfigured
from azure_iaas.emulator.state import NetworkConfiguration
from azure_iaas.emulator.texts import dashed
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import Items, Struct, Value
from azure_iaas.endpoint.routes import Routes

route: Final = Routes[Call]()


def _sites(call: Call) -> list[Site]:
    network = call.subscription.networks.get("media")
    return read_sites(network.document) if network is not None and network.document else []


@route("ListVirtualNetworkSites", "GET", "services/networking/virtualnetwork", since="2012-03-01")
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
        identity = dashed(call.world.network_id(call.subscription.id, site.name))
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
                    ("Dns", dns_answer(site)),
                    ("Gateway", gateway_answer(site.gateway)),
                    ("Location", site.location or None),
                ]
            )
        )
    return Answer(200, "VirtualNetworkSites", Items("VirtualNetworkSite", shown))


@route("GetNetworkConfiguration", "GET", "services/networking/media", since="2012-03-01")
def get_configuration(call: Call) -> Answer:
    """Get Network Configuration (jj157196): text with a byte order mark, as recorded."""
    network = call.subscription.networks.get("media")
    if network is None or not network.document:
        # Unverified: the text and that it is a 404.
        raise refusals.not_found("The network configuration does not exist.")
    return Answer(200, raw=b"\xef\xbb\xbf" + network.document.encode(), content_type="text/plain")


@route("SetNetworkConfiguration", "PUT", "services/networking/media", since="2012-03-01")
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


@route("CheckNetworkAddress", "GET", "services/networking/{network}", since="2013-11-01")
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
