"""The subscription, its operations and its locations as they are answered (protocol.md 6.2, 11.1, 12.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.capabilities import compute_capabilities
from azure_iaas.emulator.catalogue import AVAILABLE_SERVICES
from azure_iaas.emulator.state import Subscription
from azure_iaas.emulator.texts import dashed, iso
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint.documents import Items, Member, Struct, Value
from azure_iaas.endpoint.versions import Row, Rows

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Operation


def operation_answer(record: Operation, now: float) -> Struct:
    """``Operation`` (protocol.md 6.2)."""
    status = record.status(now)
    members: list[Member] = [("ID", dashed(record.request_id)), ("Status", status)]
    if status != "InProgress":
        members.append(("HttpStatusCode", record.status_code))
        if record.error_code:
            error = Struct([("Code", record.error_code), ("Message", record.error_message)])
            members.append(("Error", error))
    return Struct(members)


def subscription_operation(call: Call, operation: Operation) -> Struct:
    """``SubscriptionOperation``."""
    caller = Struct(
        [
            ("UsedServiceManagementApi", True),
            ("SubscriptionCertificateThumbprint", operation.thumbprint or None),
        ]
    )
    finished = operation.status(call.now) != "InProgress"
    return Struct(
        [
            ("OperationId", operation.request_id),
            ("OperationObjectId", operation.target),
            ("OperationName", operation.name),
            ("OperationParameters", Items("OperationParameter", [])),
            ("OperationCaller", caller),
            ("OperationStatus", operation_answer(operation, call.now)),
            ("OperationStartedTime", iso(operation.started_at)),
            ("OperationCompletedTime", iso(operation.ends_at) if finished else None),
        ]
    )


def _available_services(*_: object) -> Items:
    return Items("AvailableService", list(AVAILABLE_SERVICES))


def _storage_capabilities(*_: object) -> Struct:
    types: list[Value] = ["Standard_GRS", "Standard_LRS", "Standard_RAGRS", "Standard_ZRS"]
    return Struct([("StorageAccountTypes", Items("StorageAccountType", types))])


LOCATION: Final = Rows[Call, str](
    Row("Name", lambda _, name: name),
    Row("DisplayName", lambda _, name: name, "2010-10-28"),
    Row("AvailableServices", _available_services, "2010-10-28"),
    Row("ComputeCapabilities", lambda *_: compute_capabilities(), "2014-05-01"),
    Row("StorageCapabilities", _storage_capabilities, "2014-10-01"),
)
"""``Location``, from its name."""

SUBSCRIPTION: Final = Rows[Call, Subscription](
    Row("SubscriptionID", lambda _, subscription: subscription.id),
    Row("SubscriptionName", lambda *_: "Local service"),
    Row("SubscriptionStatus", lambda *_: "Active"),
    Row("AccountAdminLiveEmailId", lambda *_: "admin@example.com"),
    Row("ServiceAdminLiveEmailId", lambda *_: "admin@example.com"),
    Row("MaxCoreCount", lambda call, _: call.world.quotas.cores),
    Row("MaxStorageAccounts", lambda call, _: call.world.quotas.storage_accounts),
    Row("MaxHostedServices", lambda call, _: call.world.quotas.hosted_services),
    Row("CurrentCoreCount", lambda _, subscription: subscription.cores_in_use),
    Row("CurrentHostedServices", lambda _, subscription: len(subscription.hosted_services)),
    Row("CurrentStorageAccounts", lambda _, subscription: len(subscription.storage_accounts)),
    Row("MaxVirtualNetworkSites", lambda *_: 50, "2012-03-01"),
    Row("CurrentVirtualNetworkSites", lambda *_: 0, "2012-03-01"),
    Row("MaxLocalNetworkSites", lambda *_: 20, "2012-03-01"),
    Row("MaxDnsServers", lambda *_: 20, "2012-03-01"),
    Row("CurrentDnsServers", lambda *_: 0, "2012-03-01"),
    Row("MaxReservedIPs", lambda call, _: call.world.quotas.reserved_ips, "2014-05-01"),
    Row("CurrentReservedIPs", lambda _, subscription: len(subscription.reserved_ips), "2014-05-01"),
)
"""``Subscription``."""
