"""Cloud services: create, read, change, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from azure_iaas.models import AvailabilityResponse, HostedService, ServiceOptions
from azure_iaas.models.documents import CreateHostedService, UpdateHostedService
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import Listing, OneObject
from azure_iaas.operations.operation import OK, OK_OR_TAKEN, Document, Group, Parts, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models.mappings import ServiceOptionsDict, UpdateHostedServiceDict

_ALL = "/services/hostedservices"
_ONE = f"{_ALL}/{{service_name}}"

DEFAULT_DESCRIPTION: Final = "Service host"


class HostedServices(Group):
    """Cloud services."""

    @read(
        _ALL,
        "List Cloud Services (ee460781)",
        Listing(HostedService, "HostedServices", "HostedService"),
        since="2009-10-01",
    )
    def list_hosted_services(self) -> None:
        """Read all cloud services, without their deployments."""

    @read(
        _ONE,
        "Get Cloud Service Properties (ee460806)",
        OneObject(HostedService, "HostedService"),
        since="2009-10-01",
    )
    def get_hosted_service(self, service_name: str, *, embed_detail: bool = False) -> Parts:
        """Read one cloud service.

        Args:
            service_name: name of the service.
            embed_detail: give its deployments too.
        """
        return Parts(query={"embed-detail": "true"} if embed_detail else {})

    @write(
        "POST",
        _ALL,
        "Create Cloud Service (gg441304)",
        since="2010-10-28",
        success=frozenset({200, 201, 202}),
        shown_by="get_hosted_service(service_name)",
    )
    def create_hosted_service(
        self,
        service_name: str,
        options: ServiceOptions | HostedService | ServiceOptionsDict | Mapping[str, Any] | None = None,
    ) -> Parts:
        """Create a cloud service; it exists when this returns. Look for it before repeating it.

        Args:
            service_name: becomes ``<name>.cloudapp.net``, unique in the whole cloud.
            options: Description (default ``Service host``), Label (default: the name), Location (default:
                the client's ``default_location``) or AffinityGroup, and the others of
                :class:`~azure_iaas.models.ServiceOptions`; or a service as read, of which the service's own
                elements are left out.

        Raises:
            ConflictError: kind ``NAME_TAKEN``: the name is in use, maybe by an earlier request of yours.
        """
        arguments.new_name("service_name", service_name)
        given = arguments.coerce("options", options, ServiceOptions, required=False, closed=True)
        if given.location and given.affinity_group:
            raise arguments.refused("options", "give location or affinity_group, not both")
        document = CreateHostedService(
            service_name=service_name,
            label=given.label or service_name,
            description=DEFAULT_DESCRIPTION if given.description is None else given.description,
        )
        if given.affinity_group:
            document.affinity_group = given.affinity_group
        else:
            document.location = given.location or self.terms.default_location
        if given.extended_properties:
            document.extended_properties = given.extended_properties
        if given.reverse_dns_fqdn is not None:
            document.reverse_dns_fqdn = given.reverse_dns_fqdn
        return Parts(Document(document, "CreateHostedService", argument="options"))

    @write(
        "PUT",
        _ONE,
        "Update Cloud Service (gg441303)",
        since="2010-10-28",
        success=OK,
        shown_by="get_hosted_service(service_name)",
    )
    def update_hosted_service(
        self, service_name: str, changes: HostedService | UpdateHostedServiceDict | Mapping[str, Any]
    ) -> Parts:
        """Change a cloud service; done when this returns. May be repeated.

        Args:
            service_name: name of the service.
            changes: Label, Description, ExtendedProperties, ReverseDnsFqdn; what isn't given stays. Or the
                service as read, of which the service's own elements are left out.
        """
        document = arguments.coerce("changes", changes, UpdateHostedService, closed=True)
        return Parts(Document(document, "UpdateHostedService", argument="changes"))

    @write(
        "DELETE",
        _ONE,
        "Delete Cloud Service (gg441305)",
        since="2010-10-28",
        success=OK_OR_TAKEN,
        shown_by="get_hosted_service(service_name)",
    )
    def delete_hosted_service(self, service_name: str, *, delete_media: bool = False) -> Parts:
        """Delete a cloud service, which must hold no deployment. May be repeated: gone is 404.

        Args:
            service_name: name of the service.
            delete_media: delete its deployments, disks and blobs too, as a long-running operation
                (x-ms-version 2013-08-01).
        """
        return Parts.media(delete_media)

    @read(
        f"{_ALL}/operations/isavailable/{{service_name}}",
        "Check Cloud Service Name Availability (jj154116)",
        OneObject(AvailabilityResponse, "AvailabilityResponse"),
    )
    def check_hosted_service_name(self, service_name: str) -> None:
        """Ask whether a cloud service may have this name.

        Args:
            service_name: the name wished for.

        Returns:
            ``result``, and when it is False the ``reason``.
        """
