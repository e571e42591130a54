"""Virtual networks of the subscription."""

from __future__ import annotations

from azure_iaas.models import AddressAvailabilityResponse, VirtualNetworkSite
from azure_iaas.operations.answers import Listing, OneObject, PlainText
from azure_iaas.operations.operation import OK_OR_TAKEN, Group, Parts, read, write

_NETWORKING = "/services/networking"
_CONFIGURATION = f"{_NETWORKING}/media"


class Networks(Group):
    """Virtual networks and their configuration."""

    @read(
        f"{_NETWORKING}/virtualnetwork",
        "List Virtual Network Sites (jj157185)",
        Listing(VirtualNetworkSite, "VirtualNetworkSites", "VirtualNetworkSite"),
    )
    def list_virtual_network_sites(self) -> None:
        """Read the virtual networks."""

    @read(_CONFIGURATION, "Get Network Configuration (jj157196)", PlainText())
    def get_network_configuration(self) -> None:
        """Read the network configuration, an XML text of its own namespace."""

    @write(
        "PUT",
        _CONFIGURATION,
        "Set Network Configuration (jj157181)",
        content_type="text/plain",
        success=OK_OR_TAKEN,
        shown_by="get_network_configuration()",
    )
    def set_network_configuration(self, document: str) -> Parts:
        """Replace the whole network configuration: what isn't in the text is deleted. May be repeated.

        Args:
            document: an XML text of its own namespace, as ``get_network_configuration`` gives it.
        """
        return Parts(document.encode())

    @read(
        f"{_NETWORKING}/{{network_name}}",
        "Check Virtual Network IP Address Availability (protocol 12.10)",
        OneObject(AddressAvailabilityResponse, "AddressAvailabilityResponse"),
        query="op=checkavailability",
        since="2013-11-01",
    )
    def check_address_availability(self, network_name: str, address: str) -> Parts:
        """Ask whether an address of a virtual network is free.

        Args:
            network_name: name of the virtual network.
            address: the address, for example ``10.0.0.5``.

        Returns:
            ``is_available``, and when it is False some ``available_addresses``.
        """
        return Parts(query={"address": address})
