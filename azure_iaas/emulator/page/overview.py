"""What the page shows, as one document. Nothing secret is in it: the state holds no passwords and no keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azure_iaas.emulator.state import Deployment, HostedService, Operation, Role, Subscription
    from azure_iaas.emulator.world import World
    from azure_iaas.endpoint.request_log import LoggedRequest

Document = dict[str, Any]

OPERATIONS_LIMIT: Final = 100
"""The latest operations of a subscription that are shown; those in progress are always."""
REQUESTS_LIMIT: Final = 200
"""The latest requests that are shown."""


def overview(world: World, now: float) -> list[Document]:
    """Describe all subscriptions at a time up to which all effects have been applied."""
    return [_subscription(each, now) for each in world.subscriptions.values()]


def logged(request: LoggedRequest) -> Document:
    """Describe a request."""
    return {
        "number": request.number,
        "time": request.time.isoformat(),
        "method": request.method,
        "target": request.target,
        "operation": request.operation,
        "status": request.status,
        "code": request.code,
        "message": request.message,
        "fault": request.fault,
    }


def _subscription(subscription: Subscription, now: float) -> Document:
    return {
        "id": subscription.id,
        "cores": subscription.cores_in_use,
        "services": [_service(each, now) for each in subscription.hosted_services.values()],
        "storage_accounts": [
            {"name": each.name, "place": each.location or each.affinity_group, "type": each.account_type}
            for each in subscription.storage_accounts.values()
        ],
        "disks": [
            {
                "name": each.name,
                "size_in_gb": each.size_in_gb,
                "attached_to": " / ".join(each.attached_to) if each.attached_to else "",
            }
            for each in subscription.disks.values()
        ],
        "images": [
            {"name": each.name, "kind": kind}
            for kind, shelf in (("OS image", subscription.os_images), ("VM image", subscription.vm_images))
            for each in shelf.values()
        ],
        "reserved_ips": [
            {"name": each.name, "address": each.address, "service": each.service_name}
            for each in subscription.reserved_ips.values()
        ],
        "operations": _operations(subscription.operations.values(), now),
    }


def _service(service: HostedService, now: float) -> Document:
    locked = now < service.lock_until
    return {
        "name": service.name,
        "place": service.location or service.affinity_group,
        "deleting": service.deleting,
        "locked_by": service.lock_operation if locked else "",
        "locked_seconds": round(service.lock_until - now, 1) if locked else 0.0,
        "certificates": len(service.certificates),
        "deployments": [_deployment(each, now) for each in service.deployments.values()],
    }


def _deployment(deployment: Deployment, now: float) -> Document:
    listed = now >= deployment.placed_at
    return {
        "name": deployment.name,
        "slot": deployment.slot,
        "status": deployment.status(now),
        "address": deployment.vip,
        "network": deployment.virtual_network,
        "roles": [_role(each, now) for each in deployment.roles.values()] if listed else [],
    }


def _role(role: Role, now: float) -> Document:
    state = role.state(now)
    since = max((at for at, *_ in role.phases if at <= now), default=None)
    status, power = state if state is not None else ("", "")
    return {
        "name": role.name,
        "size": role.size,
        "state": str(status),
        "power": power,
        "since": None if since is None else _time(since),
        "address": role.ip_address if status else "",
        "disks": len(role.data_disks),
        "image": role.os_disk.source_image_name,
    }


def _operations(operations: Iterable[Operation], now: float) -> list[Document]:
    """Describe those in progress and the latest others, newest first."""
    newest = sorted(operations, key=lambda each: each.started_at, reverse=True)
    running = [each for each in newest if now < each.ends_at]
    ended = [each for each in newest if now >= each.ends_at]
    return [_operation(each, now) for each in (*running, *ended[:OPERATIONS_LIMIT])]


def _operation(operation: Operation, now: float) -> Document:
    return {
        "id": operation.request_id,
        "name": operation.name,
        "target": operation.target,
        "status": operation.status(now),
        "started": _time(operation.started_at),
        "seconds": round(min(now, operation.ends_at) - operation.started_at, 1),
        "takes_seconds": round(operation.ends_at - operation.started_at, 1),
        "error": operation.error_code if now >= operation.ends_at else "",
        "message": operation.error_message if now >= operation.ends_at else "",
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
