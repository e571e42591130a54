"""The network configuration, and the virtual network sites it makes (protocol.md 12.10)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.machines.private_addresses import available, taken_addresses
from azure_iaas.emulator.network_sites import check_sites, read_sites, site_named, sites_of
from azure_iaas.emulator.networks.answers import dns_answer, gateway_answer
from azure_iaas.emulator.networks.effects import NetworkConfigured
from azure_iaas.emulator.state import NetworkConfiguration
from azure_iaas.emulator.texts import dashed
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import Items, Struct, Value
from azure_iaas.endpoint.routes import Routes

if TYPE_CHECKING:
    from azure_iaas.emulator.network_sites import Site
    from azure_iaas.endpoint.refusals import Refusal

route: Final = Routes[Call]()


@route("ListVirtualNetworkSites", "GET", "services/networking/virtualnetwork", since="2012-03-01")
def list_sites(call: Call) -> Answer:
    """List Virtual Network Sites (jj157185)."""
    used = {
        deployment.virtual_network.lower()
        for service in call.subscription.hosted_services.values()
        for deployment in service.deployments.values()
    }
    shown: list[Value] = []
    for site in sites_of(call.subscription):
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
    sites = read_sites(document)
    check_sites(call.subscription, sites)
    network = call.subscription.networks.get("media")
    if network is not None and call.now < network.lock_until:
        raise refusals.network_configuration_busy()
    operation = call.open_operation(
        "SetNetworkConfiguration", "services", "networking", "media", failure=_taken_away(call, sites)
    )
    kept = network.document if network is not None else ""
    call.subscription.networks.put("media", NetworkConfiguration(kept, operation.ends_at))
    if not operation.error_code:
        call.later(operation.ends_at, NetworkConfigured(document))
    return Answer(202)


def _taken_away(call: Call, sites: list[Site]) -> Refusal | None:
    """How the operation fails when a site that deployments use is gone or isn't what it was."""
    wanted = {site.name.lower(): site for site in sites}
    for site in sites_of(call.subscription):
        deployments = [
            deployment
            for service in call.subscription.hosted_services.values()
            for deployment in service.deployments.values()
            if deployment.virtual_network.lower() == site.name.lower()
        ]
        new = wanted.get(site.name.lower())
        if not deployments:
            continue
        if new is None or (new.location, new.affinity_group) != (site.location, site.affinity_group):
            return refusals.network_in_use(site.name)
        addresses = [IPv4Address(each) for each in taken_addresses(call.subscription, site.name, call.now)]
        named = {
            name.lower()
            for deployment in deployments
            for role in deployment.roles.values()
            for name in role.network.get("SubnetNames", ())
        }
        space = [IPv4Network(prefix, strict=False) for prefix in new.prefixes]
        if not all(any(each in prefix for prefix in space) for each in addresses):
            return refusals.network_in_use(site.name)
        for name, _ in site.subnets:
            subnet = site.subnet(name)
            used = name.lower() in named or any(subnet and each in subnet for each in addresses)
            if used and new.subnet(name) != subnet:
                return refusals.network_in_use(site.name)
    return None


@route("CheckNetworkAddress", "GET", "services/networking/{network}", since="2013-11-01")
def check_address(call: Call) -> Answer:
    """Check whether an address of a virtual network is free."""
    if not call.flag("op", "checkavailability"):
        raise refusals.wrong_query()
    name = call.names["network"]
    site = site_named(call.subscription, name)
    if site is None:
        raise refusals.missing("virtual network", name)
    try:
        address = IPv4Address(call.query.get("address", ""))
    except ValueError:
        raise refusals.wrong_query() from None
    free, others = available(call.subscription, site, address, call.now)
    answer = Struct([("IsAvailable", free), ("AvailableAddresses", Items("AvailableAddress", list(others)))])
    return Answer(200, "AddressAvailabilityResponse", answer)
