"""Operation status, locations, sizes, and the subscription itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.models import (
    Location,
    OperationStatus,
    RoleSize,
    Subscription,
    SubscriptionOperationCollection,
)
from azure_iaas.operations import arguments
from azure_iaas.operations.operation import ACCEPTED, Call, ListOf, OneObject, Operation
from azure_iaas.wire.codecs import write_date

if TYPE_CHECKING:
    from datetime import datetime

    from azure_iaas.operations.tracking import AcceptedOperation

OK: Final = frozenset({200})

GET_OPERATION_STATUS: Final = Operation(
    name="GetOperationStatus",
    rest_name="Get Operation Status",
    source="ee460783",
    method="GET",
    path="/operations/{requestid}",
    since="2009-10-01",
    success=OK,
    answer=OneObject(OperationStatus, "Operation"),
)
LIST_LOCATIONS: Final = Operation(
    name="ListLocations",
    rest_name="List Locations",
    source="gg441293",
    method="GET",
    path="/locations",
    since="2009-10-01",
    success=OK,
    answer=ListOf(Location, "Locations", "Location"),
)
LIST_ROLE_SIZES: Final = Operation(
    name="ListRoleSizes",
    rest_name="List Role Sizes",
    source="protocol 12.5",
    method="GET",
    path="/rolesizes",
    since="2013-08-01",
    success=OK,
    answer=ListOf(RoleSize, "RoleSizes", "RoleSize"),
)
GET_SUBSCRIPTION: Final = Operation(
    name="GetSubscription",
    rest_name="Get Subscription",
    source="hh403995",
    method="GET",
    path="",
    since="2011-10-01",
    success=OK,
    answer=OneObject(Subscription, "Subscription"),
)
LIST_SUBSCRIPTION_OPERATIONS: Final = Operation(
    name="ListSubscriptionOperations",
    rest_name="List Subscription Operations",
    source="gg715318",
    method="GET",
    path="/operations",
    since="2010-10-28",
    success=OK,
    answer=OneObject(SubscriptionOperationCollection, "SubscriptionOperationCollection"),
)


def _registration(name: str, rest_name: str, action: str) -> Operation[AcceptedOperation]:
    return Operation(
        name=name,
        rest_name=rest_name,
        source="protocol 12.5",
        method="PUT",
        path="/services",
        query=f"action={action}",
        success=frozenset({200, 202}),
        answer=ACCEPTED,
    )


REGISTER: Final = _registration("RegisterResourceProvider", "Register Resource Provider", "register")
UNREGISTER: Final = _registration("UnregisterResourceProvider", "Unregister Resource Provider", "unregister")

OPERATIONS: Final = (
    GET_OPERATION_STATUS,
    LIST_LOCATIONS,
    LIST_ROLE_SIZES,
    GET_SUBSCRIPTION,
    LIST_SUBSCRIPTION_OPERATIONS,
    REGISTER,
    UNREGISTER,
)


def get_operation_status(request_id: str) -> Call[OperationStatus]:
    """Ask once how an accepted operation stands."""
    return Call(GET_OPERATION_STATUS, {"requestid": request_id})


def list_subscription_operations(
    start_time: datetime,
    end_time: datetime,
    object_id_filter: str | None,
    operation_result_filter: str | None,
    continuation_token: str | None,
) -> Call[SubscriptionOperationCollection]:
    """Read the history of the last 90 days."""
    query = {"StartTime": write_date(start_time), "EndTime": write_date(end_time)}
    filters = {
        "ObjectIdFilter": object_id_filter,
        "OperationResultFilter": operation_result_filter,
        "ContinuationToken": continuation_token,
    }
    query |= {name: value for name, value in filters.items() if value is not None}
    return Call(LIST_SUBSCRIPTION_OPERATIONS, query=query)


def resource_provider(operation: Operation[AcceptedOperation], resource_type: str) -> Call[AcceptedOperation]:
    """Register a kind of resource for the subscription, or undo it."""
    return Call(operation, query={"service": arguments.text(operation.name, "resourceType", resource_type)})
