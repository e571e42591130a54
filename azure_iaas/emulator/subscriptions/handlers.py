"""The subscription itself, its operations, locations and role sizes (protocol.md 11.1, 12.5)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from azure_iaas.emulator.catalogue import LOCATIONS, ROLE_SIZES
from azure_iaas.emulator.state import RegisteredResource
from azure_iaas.emulator.subscriptions.answers import (
    LOCATION,
    SUBSCRIPTION,
    operation_answer,
    subscription_operation,
)
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import Items, Struct, Value
from azure_iaas.endpoint.routes import Routes

KEPT_SECONDS: Final = 90 * 86400.0
"""How far back List Subscription Operations looks (gg715318)."""
RESOURCE_TYPES: Final = ("website", "mobileservice", "store")

route: Final = Routes[Call]()


@route("GetOperationStatus", "GET", "operations/{request_id}", since="2009-10-01")
def get_operation_status(call: Call) -> Answer:
    """Get Operation Status (ee460783): 200 also when the operation has failed."""
    operation = call.subscription.operations.get(call.names["request_id"].replace("-", ""))
    if operation is None:
        raise refusals.unknown_operation()
    return Answer(200, "Operation", operation_answer(operation, call.now))


@route("ListSubscriptionOperations", "GET", "operations", since="2010-10-28")
def list_operations(call: Call) -> Answer:
    """List Subscription Operations (gg715318)."""
    start, end = _time(call, "starttime"), _time(call, "endtime")
    start = max(start, call.now - KEPT_SECONDS)
    wanted_object = call.query.get("objectidfilter", "").lower()
    wanted_result = call.query.get("operationresultfilter", "").lower()
    shown: list[Value] = []
    for operation in call.subscription.operations.values():
        if not start <= operation.started_at <= end:
            continue
        if wanted_object and not operation.target.lower().startswith(wanted_object):
            continue
        if wanted_result and operation.status(call.now).lower() != wanted_result:
            continue
        shown.append(subscription_operation(call, operation))
    document = Struct([("SubscriptionOperations", Items("SubscriptionOperation", shown))])
    return Answer(200, "SubscriptionOperationCollection", document)


def _time(call: Call, parameter: str) -> float:
    try:
        moment = datetime.fromisoformat(call.query[parameter].strip())
    except (KeyError, ValueError):
        raise refusals.wrong_query() from None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()


@route("GetSubscription", "GET", "", since="2011-10-01")
def get_subscription(call: Call) -> Answer:
    """Get Subscription (hh403995)."""
    return Answer(200, "Subscription", Struct(SUBSCRIPTION.members(call, call.subscription)))


@route("ListLocations", "GET", "locations", since="2009-10-01")
def list_locations(call: Call) -> Answer:
    """List Locations (gg441293)."""
    shown: list[Value] = [Struct(LOCATION.members(call, name)) for name in LOCATIONS]
    return Answer(200, "Locations", Items("Location", shown))


# Publisher, name, version, label, system; as recorded in 2016 (protocol.md 12.5).
_EXTENSIONS: Final = (
    ("Microsoft.Azure.Extensions", "DockerExtension", "1.0", "Docker Extension", "Linux"),
    ("Microsoft.Compute", "BGInfo", "2.1", "Windows Azure Json-Versioned BGInfo Extension", None),
    ("Microsoft.Compute", "CustomScriptExtension", "1.8", "Custom Script", None),
    ("Microsoft.Compute", "VMAccessAgent", "2.3", "Windows Azure Json VMAccess Extension", None),
    ("Microsoft.OSTCExtensions", "CustomScriptForLinux", "1.5", "Custom Script for Linux", "Linux"),
    ("Microsoft.OSTCExtensions", "VMAccessForLinux", "1.4", "VMAccess for Linux", "Linux"),
)


@route("ListResourceExtensions", "GET", "services/resourceextensions", since="2013-11-01")
def list_resource_extensions(_: Call) -> Answer:
    """List Resource Extensions (dn495441)."""
    shown: list[Value] = [
        Struct(
            [
                ("Publisher", publisher),
                ("Name", name),
                ("Version", version),
                ("Label", label),
                ("Description", label),
                ("ReplicationCompleted", True),
                ("IsJsonExtension", True),
                ("SupportedOS", system),
                ("CompanyName", "Microsoft"),
                ("PublishedDate", "2016-04-28T20:47:54.4473412Z"),
            ]
        )
        for publisher, name, version, label, system in _EXTENSIONS
    ]
    return Answer(200, "ResourceExtensions", Items("ResourceExtension", shown))


@route("ListRoleSizes", "GET", "rolesizes", since="2013-08-01")
def list_role_sizes(_: Call) -> Answer:
    """List Role Sizes."""
    shown: list[Value] = [
        Struct(
            [
                ("Name", size.name),
                ("Label", size.label),
                ("Cores", size.cores),
                ("MemoryInMb", size.memory_mb),
                ("SupportedByWebWorkerRoles", size.web_worker),
                ("SupportedByVirtualMachines", True),
                ("MaxDataDiskCount", size.data_disks),
                ("WebWorkerResourceDiskSizeInMb", size.resource_disk_mb if size.web_worker else 0),
                ("VirtualMachineResourceDiskSizeInMb", size.resource_disk_mb),
            ]
        )
        for size in sorted(ROLE_SIZES.values(), key=lambda size: size.name)
    ]
    return Answer(200, "RoleSizes", Items("RoleSize", shown))


@route("RegisterResource", "PUT", "services", since="2012-03-01")
def register_resource(call: Call) -> Answer:
    """Register or unregister a resource provider: ``PUT services?service=<name>&action=register``."""
    name = call.query.get("service", "").lower().partition(".")[0]
    action = call.query.get("action", "").lower()
    if not name or action not in {"register", "unregister"}:
        raise refusals.wrong_query()
    if name not in RESOURCE_TYPES:
        raise refusals.resource_type_unknown()
    registered = call.subscription.resources.get(name) is not None
    if action == "register":
        if registered:
            raise refusals.already_registered(name)
        call.subscription.resources.put(name, RegisteredResource(name))
    else:
        call.subscription.resources.remove(name)
    call.record(f"{action.capitalize()}Resource", "services")
    return Answer(200)
