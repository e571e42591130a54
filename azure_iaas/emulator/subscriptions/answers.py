"""Operations as they are answered (protocol.md 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.emulator.texts import dashed, iso
from azure_iaas.endpoint.documents import Items, Member, Struct

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Operation
    from azure_iaas.emulator.world import Call


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
