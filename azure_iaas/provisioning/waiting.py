"""Waits for machines that exist, without a plan."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from azure_iaas.errors import AzureError, ProvisioningError
from azure_iaas.operations.pace import Pace
from azure_iaas.provisioning.deployment_watch import Goal
from azure_iaas.provisioning.engine import task_group
from azure_iaas.provisioning.inventory import Inventory
from azure_iaas.provisioning.plan import RoleId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import RoleInstance


async def wait_until_ready(
    client: ServiceManagementClient,
    roles: Iterable[RoleId | tuple[str, str, str]],
    *,
    timeout: float | None = 1800.0,  # noqa: ASYNC109 - the deadline must tell itself from a caller's own
) -> dict[RoleId, RoleInstance]:
    """Wait until machines are ``ReadyRole``; one question about a deployment answers for all its machines.

    Args:
        client: an open client.
        roles: cloud service, deployment and role of each.
        timeout: seconds for all of them; None waits without limit.

    Returns:
        The instance of each, as it was when it was ready.

    Raises:
        ProvisioningError: some didn't become ready; the message names them, ``not_ready`` has the error of
            each.
    """
    # Nothing else waits for the answers: fewer questions, a little later.
    inventory = Inventory(client, Counter(), Pace(), hurried=lambda _service, _deployment: False)
    ready: dict[RoleId, RoleInstance] = {}
    failed: dict[RoleId, AzureError] = {}

    async def wait(role: RoleId) -> None:
        try:
            watch = inventory.watch(role.service, role.deployment)
            ready[role] = await watch.wait(role.role, Goal.READY, timeout=timeout)
        except AzureError as error:
            failed[role] = error

    async with task_group() as tasks:
        for role in dict.fromkeys(RoleId(*each) for each in roles):
            tasks.start_soon(wait, role)
    if failed:
        reasons = "; ".join(f"{role}: {error.message}" for role, error in list(failed.items())[:10])
        error = ProvisioningError(
            f"{len(failed)} of {len(ready) + len(failed)} roles are not ready: {reasons}"
        )
        error.not_ready = failed
        raise error
    return ready
