"""Virtual networks and reserved addresses (protocol chapter 12)."""

from __future__ import annotations

from azure_iaas.models.base import AzureModel, element
from azure_iaas.models.deployments import Dns


class AddressSpace(AzureModel):
    """Address prefixes of a network, in CIDR notation."""

    address_prefixes: list[str] = element("AddressPrefixes", item="AddressPrefix")


class Subnet(AzureModel):
    """A subnet of a virtual network."""

    name: str | None = element("Name")
    address_prefix: str | None = element("AddressPrefix")
    network_security_group: str | None = element("NetworkSecurityGroup")
    route_table_name: str | None = element("RouteTableName")


class Connection(AzureModel):
    """How a local network is connected, for example ``IPsec``."""

    type: str | None = element("Type")


class LocalNetworkSite(AzureModel):
    """A network outside the service that a gateway leads to."""

    name: str | None = element("Name")
    address_space: AddressSpace | None = element("AddressSpace")
    vpn_gateway_address: str | None = element("VpnGatewayAddress")
    connections: list[Connection] = element("Connections", item="Connection")


class Gateway(AzureModel):
    """The gateway of a virtual network."""

    profile: str | None = element("Profile")
    sites: list[LocalNetworkSite] = element("Sites", item="LocalNetworkSite")
    vpn_client_address_pool: AddressSpace | None = element("VPNClientAddressPool")
    vnet_names: list[str] = element("VnetNames", item="VnetName")


class VirtualNetworkSite(AzureModel):
    """A virtual network ("List Virtual Network Sites")."""

    name: str | None = element("Name")
    id: str | None = element("Id")
    label: str | None = element("Label")
    affinity_group: str | None = element("AffinityGroup")
    state: str | None = element("State")
    in_use: bool | None = element("InUse")
    address_space: AddressSpace | None = element("AddressSpace")
    subnets: list[Subnet] = element("Subnets", item="Subnet")
    dns: Dns | None = element("Dns")
    gateway: Gateway | None = element("Gateway")
    location: str | None = element("Location")


class ReservedIP(AzureModel):
    """A reserved public address ("Get Reserved IP Address")."""

    name: str | None = element("Name")
    address: str | None = element("Address")
    id: str | None = element("Id")
    label: str | None = element("Label")
    state: str | None = element("State")
    in_use: bool | None = element("InUse")
    service_name: str | None = element("ServiceName")
    deployment_name: str | None = element("DeploymentName")
    location: str | None = element("Location")


class AddressAvailabilityResponse(AzureModel):
    """Whether an address of a virtual network is free, and which ones are."""

    is_available: bool | None = element("IsAvailable")
    available_addresses: list[str] = element("AvailableAddresses", item="AvailableAddress")
