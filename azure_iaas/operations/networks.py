"""Virtual networks and reserved addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.models import AddressAvailabilityResponse, ReservedIP, VirtualNetworkSite
from azure_iaas.models.documents import CreateReservedIP, ReservedIPAssociation
from azure_iaas.operations import arguments
from azure_iaas.operations.operation import (
    ACCEPTED,
    Call,
    Document,
    ListOf,
    OneObject,
    Operation,
    PlainText,
)

if TYPE_CHECKING:
    from azure_iaas.operations.tracking import AcceptedOperation

OK: Final = frozenset({200})
TAKEN: Final = frozenset({200, 202})
"""202 on the wire; recordings of some of these hold 200, edited or not."""
_NETWORKING = "/services/networking"
_RESERVED = f"{_NETWORKING}/reservedips"
_RESERVED_ONE = f"{_RESERVED}/{{reservedIPName}}"

LIST_VIRTUAL_NETWORK_SITES: Final = Operation(
    name="ListVirtualNetworkSites",
    rest_name="List Virtual Network Sites",
    source="jj157185",
    method="GET",
    path=f"{_NETWORKING}/virtualnetwork",
    success=OK,
    answer=ListOf(VirtualNetworkSite, "VirtualNetworkSites", "VirtualNetworkSite"),
)
GET_NETWORK_CONFIGURATION: Final = Operation(
    name="GetNetworkConfiguration",
    rest_name="Get Network Configuration",
    source="jj157196",
    method="GET",
    path=f"{_NETWORKING}/media",
    success=OK,
    answer=PlainText(),
)
SET_NETWORK_CONFIGURATION: Final = Operation(
    name="SetNetworkConfiguration",
    rest_name="Set Network Configuration",
    source="jj157181",
    method="PUT",
    path=f"{_NETWORKING}/media",
    success=TAKEN,
    answer=ACCEPTED,
    content_type="text/plain",
)
CHECK_ADDRESS_AVAILABILITY: Final = Operation(
    name="CheckAddressAvailability",
    rest_name="Check Virtual Network IP Address Availability",
    source="protocol 12.10",
    method="GET",
    path=f"{_NETWORKING}/{{networkName}}",
    query="op=checkavailability",
    since="2013-11-01",
    success=OK,
    answer=OneObject(AddressAvailabilityResponse, "AddressAvailabilityResponse"),
)
LIST_RESERVED_IPS: Final = Operation(
    name="ListReservedIPs",
    rest_name="List Reserved IP Addresses",
    source="protocol 12.10",
    method="GET",
    path=_RESERVED,
    since="2014-05-01",
    success=OK,
    answer=ListOf(ReservedIP, "ReservedIPs", "ReservedIP"),
)
GET_RESERVED_IP: Final = Operation(
    name="GetReservedIP",
    rest_name="Get Reserved IP Address",
    source="protocol 12.10",
    method="GET",
    path=_RESERVED_ONE,
    since="2014-05-01",
    success=OK,
    answer=OneObject(ReservedIP, "ReservedIP"),
)
CREATE_RESERVED_IP: Final = Operation(
    name="CreateReservedIP",
    rest_name="Create Reserved IP Address",
    source="protocol 12.10",
    method="POST",
    path=_RESERVED,
    since="2014-05-01",
    success=TAKEN,
    answer=ACCEPTED,
)
DELETE_RESERVED_IP: Final = Operation(
    name="DeleteReservedIP",
    rest_name="Delete Reserved IP Address",
    source="protocol 12.10",
    method="DELETE",
    path=_RESERVED_ONE,
    since="2014-05-01",
    success=TAKEN,
    answer=ACCEPTED,
)


def _association(name: str, rest_name: str, verb: str) -> Operation[AcceptedOperation]:
    return Operation(
        name=name,
        rest_name=rest_name,
        source="protocol 12.10",
        method="POST",
        path=f"{_RESERVED_ONE}/operations/{verb}",
        since="2015-02-01",
        success=TAKEN,
        answer=ACCEPTED,
    )


ASSOCIATE_RESERVED_IP: Final = _association(
    "AssociateReservedIP", "Associate Reserved IP Address", "associate"
)
DISASSOCIATE_RESERVED_IP: Final = _association(
    "DisassociateReservedIP", "Disassociate Reserved IP Address", "disassociate"
)

OPERATIONS: Final = (
    LIST_VIRTUAL_NETWORK_SITES,
    GET_NETWORK_CONFIGURATION,
    SET_NETWORK_CONFIGURATION,
    CHECK_ADDRESS_AVAILABILITY,
    LIST_RESERVED_IPS,
    GET_RESERVED_IP,
    CREATE_RESERVED_IP,
    DELETE_RESERVED_IP,
    ASSOCIATE_RESERVED_IP,
    DISASSOCIATE_RESERVED_IP,
)


def set_network_configuration(document: str) -> Call[AcceptedOperation]:
    """Replace the subscription's whole network configuration, an XML text of its own namespace."""
    text = arguments.text(SET_NETWORK_CONFIGURATION.name, "document", document)
    return Call(SET_NETWORK_CONFIGURATION, body=text.encode())


def check_address_availability(network_name: str, address: str) -> Call[AddressAvailabilityResponse]:
    """Ask whether an address of a virtual network is free."""
    text = arguments.text(CHECK_ADDRESS_AVAILABILITY.name, "address", address)
    return Call(CHECK_ADDRESS_AVAILABILITY, {"networkName": network_name}, query={"address": text})


def create_reserved_ip(name: str, options: object) -> Call[AcceptedOperation]:
    """Reserve a public address in a region."""
    method = CREATE_RESERVED_IP.name
    arguments.text(method, "name", name)
    document = arguments.coerce(method, "options", options, CreateReservedIP, closed=True)
    document.name = name
    return Call(CREATE_RESERVED_IP, body=Document(document, "ReservedIP"))


def associate_reserved_ip(
    operation: Operation[AcceptedOperation],
    name: str,
    service_name: str,
    deployment_name: str,
    virtual_ip_name: str | None,
) -> Call[AcceptedOperation]:
    """Give a reserved address to a deployment, or take it away."""
    document = ReservedIPAssociation(
        service_name=arguments.text(operation.name, "serviceName", service_name),
        deployment_name=arguments.text(operation.name, "deploymentName", deployment_name),
    )
    if virtual_ip_name is not None:
        document.virtual_ip_name = virtual_ip_name
    return Call(operation, {"reservedIPName": name}, Document(document, "ReservedIPAssociation"))
