"""The subscription itself: operation status, history, locations, sizes, resource providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.models import (
    Location,
    OperationStatus,
    ResourceExtension,
    RoleSize,
    Subscription,
    SubscriptionOperationCollection,
)
from azure_iaas.operations import tracking
from azure_iaas.operations.answers import Listing, OneObject
from azure_iaas.operations.operation import OK_OR_TAKEN, Group, Parts, read, write

if TYPE_CHECKING:
    from datetime import datetime


class Subscriptions(Group):
    """The subscription, and what the service offers it."""

    @read(
        "/operations/{request_id}",
        "Get Operation Status (ee460783)",
        OneObject(OperationStatus, "Operation"),
        since="2009-10-01",
    )
    def get_operation_status(self, request_id: str) -> Parts:
        """Ask once how an accepted operation stands; does not wait.

        Args:
            request_id: the ``x-ms-request-id`` of the response that accepted it: 32 hexadecimal digits, with
                or without the dashes of a GUID.

        Raises:
            ResourceNotFoundError: the id is unknown.
        """
        return Parts(path={"request_id": tracking.check_request_id("", "request_id", request_id)})

    @read(
        "/locations",
        "List Locations (gg441293)",
        Listing(Location, "Locations", "Location"),
        since="2009-10-01",
    )
    def list_locations(self) -> None:
        """Read the regions."""

    @read(
        "/rolesizes",
        "List Role Sizes (protocol 12.5)",
        Listing(RoleSize, "RoleSizes", "RoleSize"),
        since="2013-08-01",
    )
    def list_role_sizes(self) -> None:
        """Read the sizes of machines."""

    @read(
        "/services/resourceextensions",
        "List Resource Extensions (dn495441)",
        Listing(ResourceExtension, "ResourceExtensions", "ResourceExtension"),
        since="2013-11-01",
    )
    def list_resource_extensions(self) -> None:
        """Read the extensions machines can have, each in its newest version."""

    @read("", "Get Subscription (hh403995)", OneObject(Subscription, "Subscription"), since="2011-10-01")
    def get_subscription(self) -> None:
        """Read the subscription with its quotas."""

    @read(
        "/operations",
        "List Subscription Operations (gg715318)",
        OneObject(SubscriptionOperationCollection, "SubscriptionOperationCollection"),
        since="2010-10-28",
    )
    def list_subscription_operations(
        self,
        start_time: datetime,
        end_time: datetime,
        *,
        object_id_filter: str | None = None,
        operation_result_filter: str | None = None,
        continuation_token: str | None = None,
    ) -> Parts:
        """Read what was done in the subscription, a page at a time.

        Args:
            start_time: from when, at most 90 days back; without a zone UTC is meant.
            end_time: until when.
            object_id_filter: only operations on this object.
            operation_result_filter: only operations that ended so.
            continuation_token: that of the page before; None for the first one.

        Returns:
            The operations, and a ``continuation_token`` when there are more.
        """
        query = {
            "StartTime": start_time,
            "EndTime": end_time,
            "ObjectIdFilter": object_id_filter,
            "OperationResultFilter": operation_result_filter,
            "ContinuationToken": continuation_token,
        }
        return Parts(query={name: value for name, value in query.items() if value is not None})

    @write(
        "PUT",
        "/services",
        "Register Resource Provider (protocol 12.5)",
        query="action=register",
        success=OK_OR_TAKEN,
        shown_by=None,  # no read says which providers are registered
    )
    def register_resource_provider(self, resource_type: str) -> Parts:
        """Let the subscription use a kind of resource; once is enough. May be repeated.

        Args:
            resource_type: for example ``website``.

        Raises:
            ConflictError: kind ``NAME_TAKEN``: it is registered already; treat it as done.
        """
        return Parts(query={"service": resource_type})

    @write(
        "PUT",
        "/services",
        "Unregister Resource Provider (protocol 12.5)",
        query="action=unregister",
        success=OK_OR_TAKEN,
        shown_by=None,  # no read says which providers are registered
    )
    def unregister_resource_provider(self, resource_type: str) -> Parts:
        """Undo a registration. May be repeated.

        Args:
            resource_type: for example ``website``.
        """
        return Parts(query={"service": resource_type})
