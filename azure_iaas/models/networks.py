"""Virtual networks and reserved addresses (protocol chapter 12)."""

from typing import TYPE_CHECKING

from azure_iaas.models.base import AzureModel, element
from azure_iaas.models.deployments import Dns

if TYPE_CHECKING:
    from typing import Unpack

    from azure_iaas.models import mappings


class AddressSpace(AzureModel):
    """Address prefixes of a network, in CIDR notation."""

    address_prefixes: list[str] = element("AddressPrefixes", item="AddressPrefix")
    """For example ``10.0.0.0/8``."""


class Subnet(AzureModel):
    """A subnet of a virtual network."""

    name: str | None = element("Name")
    """Name, unique in its network."""
    address_prefix: str | None = element("AddressPrefix")
    """Its addresses, in CIDR notation."""
    network_security_group: str | None = element("NetworkSecurityGroup")
    """Name of its security group."""
    route_table_name: str | None = element("RouteTableName")
    """Name of its route table."""


class Connection(AzureModel):
    """How a local network is connected, for example ``IPsec``."""

    type: str | None = element("Type")
    """Kind of connection."""


class LocalNetworkSite(AzureModel):
    """A network outside the service that a gateway leads to."""

    name: str | None = element("Name")
    """Name of the site."""
    address_space: AddressSpace | None = element("AddressSpace")
    """Its addresses."""
    vpn_gateway_address: str | None = element("VpnGatewayAddress")
    """Public address of its gateway."""
    connections: list[Connection] = element("Connections", item="Connection")
    """How it is connected."""


class Gateway(AzureModel):
    """The gateway of a virtual network."""

    profile: str | None = element("Profile")
    """Size of the gateway."""
    sites: list[LocalNetworkSite] = element("Sites", item="LocalNetworkSite")
    """Networks it leads to."""
    vpn_client_address_pool: AddressSpace | None = element("VPNClientAddressPool")
    """Addresses of single computers that connect."""
    vnet_names: list[str] = element("VnetNames", item="VnetName")
    """Virtual networks it leads to."""


class VirtualNetworkSite(AzureModel):
    """A virtual network ("List Virtual Network Sites")."""

    name: str | None = element("Name")
    """Name of the network."""
    id: str | None = element("Id")
    """Its id."""
    label: str | None = element("Label")
    """Plain text."""
    affinity_group: str | None = element("AffinityGroup")
    """Affinity group, in place of a region."""
    state: str | None = element("State")
    """``Created``, ``Creating``..."""
    in_use: bool | None = element("InUse")
    """Whether deployments are in it."""
    address_space: AddressSpace | None = element("AddressSpace")
    """Its addresses."""
    subnets: list[Subnet] = element("Subnets", item="Subnet")
    """Its subnets."""
    dns: Dns | None = element("Dns")
    """Name servers."""
    gateway: Gateway | None = element("Gateway")
    """Its gateway."""
    location: str | None = element("Location")
    """Region."""


class ReservedIP(AzureModel):
    """A reserved public address ("Get Reserved IP Address")."""

    name: str | None = element("Name")
    """Name of the address."""
    address: str | None = element("Address")
    """The address."""
    id: str | None = element("Id")
    """Its id."""
    label: str | None = element("Label")
    """Plain text."""
    state: str | None = element("State")
    """``Created``, ``Creating``..."""
    in_use: bool | None = element("InUse")
    """Whether a deployment has it."""
    service_name: str | None = element("ServiceName")
    """Cloud service of that deployment."""
    deployment_name: str | None = element("DeploymentName")
    """That deployment."""
    location: str | None = element("Location")
    """Region."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.ReservedIPArguments]) -> None: ...


class AddressAvailabilityResponse(AzureModel):
    """Whether an address of a virtual network is free, and which ones are."""

    is_available: bool | None = element("IsAvailable")
    """True when the address is free."""
    available_addresses: list[str] = element("AvailableAddresses", item="AvailableAddress")
    """Free ones, when it is not."""
