"""Virtual networks and reserved addresses; a deployment's DNS servers, load balancers and virtual IPs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from azure_iaas.models import (
    AddressAvailabilityResponse,
    DnsServer,
    LoadBalancer,
    ReservedIP,
    VirtualNetworkSite,
)
from azure_iaas.models.requests import CreateReservedIP, ReservedIPAssociation
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import Listing, OneObject, PlainText
from azure_iaas.operations.operation import OK_OR_TAKEN, Document, Group, Parts, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

_NETWORKING = "/services/networking"
_CONFIGURATION = f"{_NETWORKING}/media"
_RESERVED_IPS = f"{_NETWORKING}/reservedips"
_RESERVED_IP = f"{_RESERVED_IPS}/{{name}}"
_DEPLOYMENT = "/services/hostedservices/{service_name}/deployments/{deployment_name}"
_DNS_SERVERS = f"{_DEPLOYMENT}/dnsservers"
_DNS_SERVER = f"{_DNS_SERVERS}/{{name}}"
_LOAD_BALANCERS = f"{_DEPLOYMENT}/loadbalancers"
_LOAD_BALANCER = f"{_LOAD_BALANCERS}/{{name}}"
_SINCE: Final = "2014-05-01"


def _association(service_name: str, deployment_name: str, virtual_ip_name: str | None) -> Parts:
    document = ReservedIPAssociation(service_name=service_name, deployment_name=deployment_name)
    if virtual_ip_name is not None:
        document.virtual_ip_name = virtual_ip_name
    return Parts(Document(document, "ReservedIPAssociation"))


class Networks(Group):
    """Virtual networks, reserved addresses, and what a deployment's network has beside its roles."""

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

    # --- reserved addresses -----------------------------------------------------------------------------

    @read(
        _RESERVED_IPS,
        "List Reserved IP Addresses (protocol 12.10)",
        Listing(ReservedIP, "ReservedIPs", "ReservedIP"),
        since=_SINCE,
    )
    def list_reserved_ips(self) -> None:
        """Read the reserved addresses."""

    @read(
        _RESERVED_IP,
        "Get Reserved IP Address (protocol 12.10)",
        OneObject(ReservedIP, "ReservedIP"),
        since=_SINCE,
    )
    def get_reserved_ip(self, name: str) -> None:
        """Read one reserved address.

        Args:
            name: its name.
        """

    @write(
        "POST",
        _RESERVED_IPS,
        "Create Reserved IP Address (protocol 12.10)",
        since=_SINCE,
        success=OK_OR_TAKEN,
    )
    def create_reserved_ip(self, name: str, options: Mapping[str, Any]) -> Parts:
        """Reserve a public address. Look for it before repeating it.

        Args:
            name: its name.
            options: Location (required), Label; ServiceName and DeploymentName of the deployment whose
                address to keep, VirtualIPName.
        """
        document = arguments.coerce("options", options, CreateReservedIP, closed=True)
        document.name = name
        return Parts(Document(document, "ReservedIP", argument="options"))

    @write(
        "DELETE",
        _RESERVED_IP,
        "Delete Reserved IP Address (protocol 12.10)",
        since=_SINCE,
        success=OK_OR_TAKEN,
    )
    def delete_reserved_ip(self, name: str) -> None:
        """Give a reserved address back. May be repeated: gone is 404.

        Args:
            name: its name.
        """

    @write(
        "POST",
        f"{_RESERVED_IP}/operations/associate",
        "Associate Reserved IP Address (protocol 12.10)",
        since="2015-02-01",
        success=OK_OR_TAKEN,
    )
    def associate_reserved_ip(
        self, name: str, service_name: str, deployment_name: str, *, virtual_ip_name: str | None = None
    ) -> Parts:
        """Give a deployment a reserved address. Look who has it before repeating it.

        Args:
            name: name of the reserved address.
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            virtual_ip_name: which of the deployment's addresses; None for its first.
        """
        return _association(service_name, deployment_name, virtual_ip_name)

    @write(
        "POST",
        f"{_RESERVED_IP}/operations/disassociate",
        "Disassociate Reserved IP Address (protocol 12.10)",
        since="2015-02-01",
        success=OK_OR_TAKEN,
    )
    def disassociate_reserved_ip(
        self, name: str, service_name: str, deployment_name: str, *, virtual_ip_name: str | None = None
    ) -> Parts:
        """Take a reserved address from a deployment. Look who has it before repeating it.

        Args:
            name: name of the reserved address.
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            virtual_ip_name: which of the deployment's addresses; None for its first.
        """
        return _association(service_name, deployment_name, virtual_ip_name)

    # --- of a deployment --------------------------------------------------------------------------------

    @write("POST", _DNS_SERVERS, "Add DNS Server (protocol 12.2)")
    def add_dns_server(self, service_name: str, deployment_name: str, name: str, address: str) -> Parts:
        """Give a deployment a further name server. Look for it before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the name server, unique in the deployment.
            address: its address.
        """
        return Parts(Document(DnsServer(name=name, address=address), "DnsServer"))

    @write("PUT", _DNS_SERVER, "Update DNS Server (protocol 12.2)")
    def update_dns_server(self, service_name: str, deployment_name: str, name: str, address: str) -> Parts:
        """Change a name server's address. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the name server.
            address: its new address.
        """
        return Parts(Document(DnsServer(name=name, address=address), "DnsServer"))

    @write("DELETE", _DNS_SERVER, "Delete DNS Server (protocol 12.2)")
    def delete_dns_server(self, service_name: str, deployment_name: str, name: str) -> None:
        """Take a name server away. May be repeated: gone is 404.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the name server.
        """

    @write("POST", _LOAD_BALANCERS, "Add Internal Load Balancer (protocol 12.2)", since=_SINCE)
    def add_load_balancer(
        self, service_name: str, deployment_name: str, load_balancer: LoadBalancer | Mapping[str, Any]
    ) -> Parts:
        """Give a deployment an internal load balancer; it can have one. Look for it before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            load_balancer: Name, and FrontendIpConfiguration with Type ``Private``, SubnetName and
                StaticVirtualNetworkIPAddress.
        """
        balancer = arguments.coerce("load_balancer", load_balancer, LoadBalancer, closed=True)
        arguments.text("load_balancer.name", balancer.name)
        return Parts(Document(balancer, "LoadBalancer", argument="load_balancer"))

    @write("PUT", _LOAD_BALANCER, "Update Internal Load Balancer (protocol 12.2)", since=_SINCE)
    def update_load_balancer(
        self, service_name: str, deployment_name: str, load_balancer: LoadBalancer | Mapping[str, Any]
    ) -> Parts:
        """Change the internal load balancer of this name. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            load_balancer: Name, and FrontendIpConfiguration with Type ``Private``, SubnetName and
                StaticVirtualNetworkIPAddress.
        """
        balancer = arguments.coerce("load_balancer", load_balancer, LoadBalancer, closed=True)
        name = arguments.segment("load_balancer.name", balancer.name)
        body = Document(balancer, "LoadBalancer", argument="load_balancer")
        return Parts(body, path={"name": name})

    @write("DELETE", _LOAD_BALANCER, "Delete Internal Load Balancer (protocol 12.2)", since=_SINCE)
    def delete_load_balancer(self, service_name: str, deployment_name: str, name: str) -> None:
        """Take the internal load balancer away. May be repeated: gone is 404.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the load balancer.
        """

    @write("POST", f"{_DEPLOYMENT}/{{name}}", "Add Virtual IP (protocol 12.10)", since=_SINCE)
    def add_virtual_ip(self, service_name: str, deployment_name: str, name: str) -> None:
        """Give a deployment a further public address, as the generated client does.

        Look for it before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the address.
        """

    @write("DELETE", f"{_DEPLOYMENT}/virtualIPs/{{name}}", "Delete Virtual IP (protocol 12.10)", since=_SINCE)
    def delete_virtual_ip(self, service_name: str, deployment_name: str, name: str) -> None:
        """Give a further public address back, as the generated client does. May be repeated: gone is 404.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the address.
        """
