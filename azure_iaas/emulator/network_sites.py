"""Virtual network sites, and the network configuration document that makes them (protocol.md 12.10)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network
from itertools import combinations
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.catalogue import LOCATION_KEYS
from azure_iaas.endpoint import documents, refusals
from azure_iaas.endpoint.refusals import Refusal

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Subscription
    from azure_iaas.endpoint.documents import Element

NETWORK_NAMESPACE: Final = "http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration"

_EMPTY_SPACE: Final = re.compile(r"<(AddressSpace)\s*(?:/>|>\s*</AddressSpace\s*>)")
"""An address space without a prefix is all that recordings show the schema to refuse."""


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

    def subnet(self, name: str) -> IPv4Network | None:
        """Addresses of the subnet of this name, compared without case."""
        for each, prefix in self.subnets:
            if each.lower() == name.lower():
                return IPv4Network(prefix, strict=False)
        return None


def sites_of(subscription: Subscription) -> tuple[Site, ...]:
    """The virtual network sites a subscription has."""
    network = subscription.networks.get("media")
    return _read_once(network.document) if network is not None and network.document else ()


def site_named(subscription: Subscription, name: str) -> Site | None:
    """The virtual network site of this name, compared without case."""
    return next((site for site in sites_of(subscription) if site.name.lower() == name.lower()), None)


@lru_cache(maxsize=32)
def _read_once(document: str) -> tuple[Site, ...]:
    return tuple(read_sites(document))


def check_sites(subscription: Subscription, sites: list[Site]) -> None:
    """Check the sites of a new network configuration.

    Raises:
        Refusal: 400: a name is used twice, a place is missing or unknown, subnets overlap or are outside of
            their network.
    """
    _demand_unique("virtual network site", [site.name for site in sites])
    for site in sites:
        if not site.location and not site.affinity_group:
            raise refusals.network_without_place(site.name)
        if site.location and site.location.lower() not in LOCATION_KEYS:
            raise refusals.location_invalid()
        if site.affinity_group and subscription.affinity_groups.get(site.affinity_group) is None:
            raise refusals.affinity_group_not_usable()
        _demand_unique("subnet", [name for name, _ in site.subnets])
        space = [IPv4Network(prefix, strict=False) for prefix in site.prefixes]
        subnets = [(name, IPv4Network(prefix, strict=False)) for name, prefix in site.subnets]
        for name, subnet in subnets:
            if not any(subnet.subnet_of(each) for each in space):
                raise refusals.subnet_outside(name, site.name)
        for (_, one), (name, other) in combinations(subnets, 2):
            if one.overlaps(other):
                raise refusals.subnet_overlaps(name, site.name)


def _demand_unique(what: str, names: list[str]) -> None:
    for name, count in Counter(name.lower() for name in names).items():
        if count > 1:
            raise refusals.network_name_twice(what, name)


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
