"""Reserved addresses: public addresses that outlive a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from azure_iaas.models import ReservedIP
from azure_iaas.models.documents import CreateReservedIP, ReservedIPAssociation
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import Listing, OneObject
from azure_iaas.operations.operation import OK_OR_TAKEN, Document, Group, Parts, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models.mappings import CreateReservedIPDict

_NETWORKING = "/services/networking"
_RESERVED_IPS = f"{_NETWORKING}/reservedips"
_RESERVED_IP = f"{_RESERVED_IPS}/{{name}}"
_SINCE: Final = "2014-05-01"


def _association(service_name: str, deployment_name: str, virtual_ip_name: str | None) -> Parts:
    document = ReservedIPAssociation(service_name=service_name, deployment_name=deployment_name)
    if virtual_ip_name is not None:
        document.virtual_ip_name = virtual_ip_name
    return Parts(Document(document, "ReservedIPAssociation"))


class ReservedIPs(Group):
    """Reserved addresses."""

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
        shown_by="get_reserved_ip(name)",
    )
    def create_reserved_ip(
        self, name: str, options: ReservedIP | CreateReservedIPDict | Mapping[str, Any]
    ) -> Parts:
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
        shown_by="get_reserved_ip(name)",
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
        shown_by="get_reserved_ip(name)",
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
        shown_by="get_reserved_ip(name)",
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
