"""Addresses of machines and balancers inside virtual networks.

Machines get the first free address of their subnet, from its fourth on, as recordings show. Those that name
no subnet get one of a new, small subnet that their deployment has for itself in the space outside of all
subnets: recorded were 10.0.0.36 behind a subnet of 32 addresses, and 10.4.32.12 and 10.4.32.20 of two
deployments behind one that ends with 10.4.32.7. A dynamic address is given back when its machine is
deallocated; a static one is kept as long as the role has it.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator.network_sites import site_named
from azure_iaas.emulator.places import region_of
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from azure_iaas.emulator.network_sites import Site
    from azure_iaas.emulator.state import Deployment, HostedService, Role, Subscription
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.contracts import Values
    from azure_iaas.endpoint.refusals import Refusal

FIRST: Final = 4
"""The network's own address and the three after it are the service's."""
NEW_SUBNET: Final = 8
"""Addresses of a subnet made for a deployment that names none."""


def check_network_of(call: Call, service: HostedService, name: str) -> str:
    """The virtual network a deployment is to be in, under its own name; empty for none.

    Raises:
        Refusal: 400: unknown, or in another place than the hosted service.
    """
    if not name:
        return ""
    site = site_named(call.subscription, name)
    if site is None:
        raise refusals.network_unknown(name)
    if site.affinity_group:
        fits = site.affinity_group.lower() == service.affinity_group.lower()
    else:
        fits = site.location.lower() == region_of(call.subscription, service).lower()
    if not fits:
        raise refusals.network_elsewhere(site.name, service.name)
    return site.name


def check_subnets(call: Call, deployment: Deployment, values: Values) -> None:
    """Check what a network set says of subnets and addresses.

    Raises:
        Refusal: 400: no network, an unknown subnet, or a static address outside of it.
    """
    site = _site_of(call, deployment)
    if site is None:
        for element in ("SubnetNames", "StaticVirtualNetworkIPAddress", "NetworkInterfaces"):
            if values.get(element):
                raise refusals.network_required(element)
        return
    for subnets, static in _wanted(values):
        _check_place(site, subnets, static)


def _check_place(site: Site, subnets: list[str], static: str) -> None:
    for name in subnets:
        if site.subnet(name) is None:
            raise refusals.subnet_unknown(name, site.name)
    if not static:
        return
    if not subnets:
        raise refusals.subnet_required()
    address = _address(static)
    if address is None:
        raise refusals.invalid_value(static, "StaticVirtualNetworkIPAddress", "an IPv4 address")
    if not any(_gives(site.subnet(name), address) for name in subnets):
        raise refusals.address_outside(static, subnets[0])


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except ValueError:
        return None


def _gives(subnet: IPv4Network | None, address: IPv4Address) -> bool:
    """Whether a subnet gives this address to machines."""
    return subnet is not None and subnet[0] + FIRST <= address < subnet[-1]


def assign_addresses(
    call: Call,
    deployment: Deployment,
    role: Role,
    *,
    before: Role | None = None,
    given: set[str] | None = None,
) -> Refusal | None:
    """Give a role its addresses; say so where there is none to be had.

    Args:
        call: the request.
        deployment: where the role is, or will be.
        role: the role, its ``network`` being what it is to have.
        before: the role as it is now; what fits of its addresses is kept.
        given: addresses given to other roles by this request; this role's are added.
    """
    site = _site_of(call, deployment)
    if site is None:
        if before is None:
            role.ip_address = _outside_networks(call, "address", call.request_id, role.name)
        else:
            role.ip_address = before.ip_address
        return None
    given = given if given is not None else set()
    taken = taken_addresses(call.subscription, site.name, call.now, without=before or role)
    # The deployment may not be one of the subscription's yet.
    taken |= dict.fromkeys((deployment.load_balancer_address, *given), deployment.private_id)
    held = [before.ip_address, *before.interface_addresses] if before is not None else []
    chosen: list[str] = []
    for place, (subnets, static) in enumerate(_wanted(role.network)):
        kept = held[place] if place < len(held) else ""
        address = static or _choose(site, deployment, subnets, kept=kept, taken=taken)
        if not address or address in taken:
            return refusals.addresses_unavailable()
        taken[address] = deployment.private_id
        chosen.append(address)
    given.update(chosen)
    role.ip_address, *role.interface_addresses = chosen
    return None


def _site_of(call: Call, deployment: Deployment) -> Site | None:
    """The network of a deployment; a state file of before networks were checked may name one that isn't."""
    return site_named(call.subscription, deployment.virtual_network) if deployment.virtual_network else None


def _outside_networks(call: Call, *parts: str) -> str:
    """An address of a deployment that is in no virtual network."""
    first, second, third = call.world.digest(*parts, size=3)
    return f"10.{64 + first % 64}.{second}.{4 + third % 250}"


def _wanted(network: Mapping[str, Any]) -> Iterator[tuple[list[str], str]]:
    """Subnets and static address of each interface, the machine's own first."""
    yield network.get("SubnetNames") or [], network.get("StaticVirtualNetworkIPAddress", "")
    for each in network.get("NetworkInterfaces") or ():
        for place in each.get("IPConfigurations") or ():
            yield (
                [place[name] for name in ("SubnetName",) if name in place],
                place.get("StaticVirtualNetworkIPAddress", ""),
            )


def _choose(
    site: Site, deployment: Deployment, subnets: list[str], *, kept: str, taken: Mapping[str, str]
) -> str:
    """A free address, empty for none: the one held if it fits, or the first there is."""
    networks = [network for name in subnets if (network := site.subnet(name)) is not None]
    held = _address(kept)
    if (
        held is not None
        and kept not in taken
        and (not subnets or any(_gives(each, held) for each in networks))
    ):
        return kept
    if not subnets:
        # Unverified: that a network without space outside of its subnets gives addresses of the first.
        networks = [*_new_subnets(site, deployment, taken), *networks_of(site)[:1]]
    return next((address for each in networks for address in _free(each, taken)), "")


def _new_subnets(site: Site, deployment: Deployment, taken: Mapping[str, str]) -> Iterator[IPv4Network]:
    """Small subnets a deployment may have for itself, outside of the site's subnets."""
    # One that is full gives way to the next, so that as many are needed as addresses are taken.
    foreign = {
        int(IPv4Address(address)) // NEW_SUBNET
        for address, owner in taken.items()
        if owner != deployment.private_id and address
    }
    subnets = sorted(networks_of(site))
    for prefix in site.prefixes:
        space = IPv4Network(prefix, strict=False)
        at, end = int(space[0]), int(space[-1])
        for _ in range(len(taken) + len(subnets) + 1):
            behind = [
                int(each[-1]) + 1
                for each in subnets
                if int(each[0]) < at + NEW_SUBNET and at <= int(each[-1])
            ]
            if behind:
                at = -(-max(behind) // NEW_SUBNET) * NEW_SUBNET
            if at + NEW_SUBNET - 1 > end:
                break
            if not behind and at // NEW_SUBNET not in foreign:
                yield IPv4Network((at, 32 - (NEW_SUBNET - 1).bit_length()))
            if not behind:
                at += NEW_SUBNET


def networks_of(site: Site) -> list[IPv4Network]:
    """The subnets of a site."""
    return [IPv4Network(prefix, strict=False) for _, prefix in site.subnets]


def _free(subnet: IPv4Network, taken: Mapping[str, str]) -> Iterator[str]:
    for offset in range(FIRST, subnet.num_addresses - 1):
        address = str(subnet[offset])
        if address not in taken:
            yield address


def taken_addresses(
    subscription: Subscription, network: str, now: float, *, without: Role | None = None
) -> dict[str, str]:
    """Addresses of a virtual network that machines and balancers hold, with their deployment's private id.

    Args:
        subscription: the subscription.
        network: name of the virtual network.
        now: the time.
        without: a role whose addresses don't count.
    """
    taken: dict[str, str] = {}
    for service in subscription.hosted_services.values():
        for deployment in service.deployments.values():
            if deployment.virtual_network.lower() != network.lower():
                continue
            others = (deployment.load_balancer_address, *deployment.promised_addresses)
            taken |= dict.fromkeys(others, deployment.private_id)
            for role in deployment.roles.values():
                if role is not without:
                    taken |= dict.fromkeys(_held(role, now), deployment.private_id)
    taken.pop("", None)
    return taken


def _held(role: Role, now: float) -> Iterator[str]:
    if not (role.deallocated(now) and role.ends_deallocated()):
        yield role.ip_address
        yield from role.interface_addresses
    for _, static in _wanted(role.network):
        if _address(static) is not None:
            yield static


def static_addresses(role: Values) -> list[str]:
    """Static addresses a role document asks for, unchecked."""
    places = list(role.get("ConfigurationSets", []))
    for network in list(places):
        for interface in network.get("NetworkInterfaces", []):
            places += interface.get("IPConfigurations", [])
    return [
        each["StaticVirtualNetworkIPAddress"] for each in places if "StaticVirtualNetworkIPAddress" in each
    ]


def available(
    subscription: Subscription, site: Site, address: IPv4Address, now: float
) -> tuple[bool, list[str]]:
    """Whether an address of a network is free; if not, up to five that are, of its subnet or the first."""
    taken = taken_addresses(subscription, site.name, now)
    subnets = networks_of(site)
    around = [subnet for subnet in subnets if address in subnet]
    if str(address) not in taken and any(_gives(subnet, address) for subnet in around):
        return True, []
    return False, list(islice((free for each in (around or subnets)[:1] for free in _free(each, taken)), 5))


def balancer_address(
    call: Call, deployment: Deployment, balancer: Values, *, without: Iterable[str] = ()
) -> tuple[str, Refusal | None]:
    """Check an internal load balancer's front end and give it an address; what fits of its old one is kept.

    Args:
        call: the request.
        deployment: where the balancer is, or will be.
        balancer: its document.
        without: addresses that others are about to have.

    Returns:
        The address, and how the operation fails where there is none to be had.

    Raises:
        Refusal: 400: not private, no network, an unknown subnet, a static address outside of it.
    """
    front = balancer.get("FrontendIpConfiguration", {})
    if front.get("Type", "Private").lower() != "private":
        raise refusals.invalid_value(front["Type"], "FrontendIpConfiguration.Type", "Private")
    subnets = [front["SubnetName"]] if front.get("SubnetName") else []
    static = front.get("StaticVirtualNetworkIPAddress", "")
    site = _site_of(call, deployment)
    if site is None:
        for element in ("SubnetName", "StaticVirtualNetworkIPAddress"):
            if front.get(element):
                raise refusals.network_required(element)
        return _outside_networks(call, "balancer", deployment.private_id), None
    _check_place(site, subnets, static)
    held = deployment.load_balancer_address
    taken = taken_addresses(call.subscription, site.name, call.now)
    taken.pop(held, None)
    taken |= dict.fromkeys(without, deployment.private_id)
    address = static or _choose(site, deployment, subnets, kept=held, taken=taken)
    if not address or address in taken:
        return "", refusals.addresses_unavailable()
    return address, None
