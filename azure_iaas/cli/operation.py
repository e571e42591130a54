"""``azure-iaas operation``: what was asked of the service, and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli.calls import awaiting, reading
from azure_iaas.cli.waiting import wait_for

if TYPE_CHECKING:
    from azure_iaas.cli.calls import Call
    from azure_iaas.cli.waiting import Patience
    from azure_iaas.client import ServiceManagementClient


@click.group("operation")
def group() -> None:
    """What was asked of the service, and how it stands."""


@group.command("list")
@click.option(
    "--hours", type=click.FloatRange(0, 90 * 24), default=24.0, show_default=True, help="How far back."
)
@reading("OperationName", "OperationId", "OperationStatus.Status", "OperationStartedTime")
def list_operations(hours: float) -> Call:
    """List what was done in the subscription."""
    end = datetime.now(UTC)

    async def call(client: ServiceManagementClient) -> list[Any]:
        operations: list[Any] = []
        token: str | None = None
        while True:
            page = await client.list_subscription_operations(
                end - timedelta(hours=hours), end, continuation_token=token
            )
            operations += page.subscription_operations
            token = page.continuation_token
            if not token:
                return operations

    return call


@group.command()
@click.argument("request_id")
@reading()
def show(request_id: str) -> Call:
    """Say how an operation stands, by its request id."""
    return lambda client: client.get_operation_status(request_id)


@group.command()
@click.argument("token")
@awaiting
def wait(token: str, patience: Patience) -> Call:
    """Wait for an operation, by the token that --no-wait printed, or by its request id."""
    from azure_iaas.operations import tracking  # noqa: PLC0415 - help needs none of it

    async def call(client: ServiceManagementClient) -> dict[str, Any]:
        operation = tracking.resolve(token, subscription_id=client.subscription_id)
        status = await wait_for(client, operation, patience)
        return {"Operation": operation.operation, "RequestId": operation.request_id, "Status": status.status}

    return call
