"""Cloud services: create, read, change, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.errors import InvalidArgumentError
from azure_iaas.models import AvailabilityResponse, HostedService, ServiceOptions
from azure_iaas.models.documents import CreateHostedService, UpdateHostedService
from azure_iaas.operations import arguments
from azure_iaas.operations.operation import ACCEPTED, Call, Document, ListOf, OneObject, Operation

if TYPE_CHECKING:
    from azure_iaas.operations.tracking import AcceptedOperation

OK: Final = frozenset({200})
_ALL = "/services/hostedservices"
_ONE = f"{_ALL}/{{serviceName}}"

LIST_HOSTED_SERVICES: Final = Operation(
    name="ListHostedServices",
    rest_name="List Cloud Services",
    source="ee460781",
    method="GET",
    path=_ALL,
    since="2009-10-01",
    success=OK,
    answer=ListOf(HostedService, "HostedServices", "HostedService"),
)
GET_HOSTED_SERVICE: Final = Operation(
    name="GetHostedService",
    rest_name="Get Cloud Service Properties",
    source="ee460806",
    method="GET",
    path=_ONE,
    since="2009-10-01",
    success=OK,
    answer=OneObject(HostedService, "HostedService"),
)
CREATE_HOSTED_SERVICE: Final = Operation(
    name="CreateHostedService",
    rest_name="Create Cloud Service",
    source="gg441304",
    method="POST",
    path=_ALL,
    since="2010-10-28",
    success=frozenset({200, 201, 202}),
    answer=ACCEPTED,
)
UPDATE_HOSTED_SERVICE: Final = Operation(
    name="UpdateHostedService",
    rest_name="Update Cloud Service",
    source="gg441303",
    method="PUT",
    path=_ONE,
    since="2010-10-28",
    success=OK,
    answer=ACCEPTED,
)
DELETE_HOSTED_SERVICE: Final = Operation(
    name="DeleteHostedService",
    rest_name="Delete Cloud Service",
    source="gg441305",
    method="DELETE",
    path=_ONE,
    since="2010-10-28",
    success=frozenset({200, 202}),
    answer=ACCEPTED,
)
CHECK_HOSTED_SERVICE_NAME: Final = Operation(
    name="CheckHostedServiceName",
    rest_name="Check Cloud Service Name Availability",
    source="jj154116",
    method="GET",
    path=f"{_ALL}/operations/isavailable/{{serviceName}}",
    success=OK,
    answer=OneObject(AvailabilityResponse, "AvailabilityResponse"),
)

OPERATIONS: Final = (
    LIST_HOSTED_SERVICES,
    GET_HOSTED_SERVICE,
    CREATE_HOSTED_SERVICE,
    UPDATE_HOSTED_SERVICE,
    DELETE_HOSTED_SERVICE,
    CHECK_HOSTED_SERVICE_NAME,
)

DEFAULT_DESCRIPTION: Final = "Service host"


def get_hosted_service(service_name: str, *, embed_detail: bool) -> Call[HostedService]:
    """Read one service, with its deployments when asked for."""
    query = {"embed-detail": "true"} if embed_detail else {}
    return Call(GET_HOSTED_SERVICE, {"serviceName": service_name}, query=query)


def create_hosted_service(
    service_name: str, options: object, *, default_location: str
) -> Call[AcceptedOperation]:
    """Create a service; options and their defaults are those of :class:`ServiceOptions`."""
    method = CREATE_HOSTED_SERVICE.name
    arguments.new_name(method, "serviceName", service_name, kind="service_name")
    given = arguments.coerce(method, "serviceOptions", options, ServiceOptions, required=False, closed=True)
    if given.location and given.affinity_group:
        rule = "give location or affinity_group, not both"
        raise InvalidArgumentError(method, "serviceOptions", rule)
    arguments.length(method, "serviceOptions.label", given.label, arguments.LABEL_LENGTH)
    arguments.length(method, "serviceOptions.description", given.description, arguments.DESCRIPTION_LENGTH)
    document = CreateHostedService(
        service_name=service_name,
        label=given.label or service_name,
        description=DEFAULT_DESCRIPTION if given.description is None else given.description,
    )
    if given.affinity_group:
        document.affinity_group = given.affinity_group
    else:
        document.location = given.location or default_location
    if given.extended_properties:
        document.extended_properties = given.extended_properties
    if given.reverse_dns_fqdn is not None:
        document.reverse_dns_fqdn = given.reverse_dns_fqdn
    return Call(CREATE_HOSTED_SERVICE, body=Document(document, "CreateHostedService"))


def update_hosted_service(service_name: str, changes: object) -> Call[AcceptedOperation]:
    """Change a service; what isn't given stays."""
    method = UPDATE_HOSTED_SERVICE.name
    document = arguments.coerce(method, "changes", changes, UpdateHostedService, closed=True)
    arguments.length(method, "changes.label", document.label, arguments.LABEL_LENGTH)
    arguments.length(method, "changes.description", document.description, arguments.DESCRIPTION_LENGTH)
    body = Document(document, "UpdateHostedService")
    return Call(UPDATE_HOSTED_SERVICE, {"serviceName": service_name}, body)


def delete_hosted_service(service_name: str, *, delete_media: bool) -> Call[AcceptedOperation]:
    """Delete a service; with media, its deployments, disks and blobs too."""
    query = {"comp": "media"} if delete_media else {}
    return Call(DELETE_HOSTED_SERVICE, {"serviceName": service_name}, query=query)
