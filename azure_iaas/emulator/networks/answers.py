"""Parts of virtual network sites as they are answered (protocol.md 12.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.endpoint.documents import Items, Struct, Value

if TYPE_CHECKING:
    from azure_iaas.emulator.network_sites import Gateway, Site


def dns_answer(site: Site) -> Struct | None:
    """``Dns`` of a site."""
    if not site.dns_servers:
        return None
    servers: list[Value] = [
        Struct([("Name", name), ("Address", address)]) for name, address in site.dns_servers
    ]
    return Struct([("DnsServers", Items("DnsServer", servers))])


def space_answer(prefixes: tuple[str, ...]) -> Struct:
    """``AddressSpace``."""
    return Struct([("AddressPrefixes", Items("AddressPrefix", list(prefixes)))])


def gateway_answer(gateway: Gateway | None) -> Struct | None:
    """``Gateway`` of a site."""
    if gateway is None:
        return None
    sites: list[Value] = [
        Struct(
            [
                ("Name", site.name),
                ("AddressSpace", space_answer(site.prefixes)),
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
            ("VPNClientAddressPool", space_answer(gateway.pool)),
            ("VnetNames", Items("VnetName", [])),
        ]
    )
