"""The async client: one awaitable method per operation, and a poller."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from azure_iaas.client.caller import Caller, Exchange, observed
from azure_iaas.operations import (
    AffinityGroups,
    DataDisks,
    Deployments,
    Disks,
    HostedServices,
    ManagementCertificates,
    Networks,
    OSImages,
    ReservedIPs,
    RoleInstances,
    Roles,
    ServiceCertificates,
    StorageAccounts,
    Subscriptions,
    VMImages,
    tracking,
)
from azure_iaas.polling import Progress, Waits

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.models import OperationStatus
    from azure_iaas.operations.tracking import AcceptedOperation

__all__ = ["Exchange", "Progress", "ServiceManagementClient", "observed"]


class ServiceManagementClient(
    Subscriptions,
    HostedServices,
    Deployments,
    Roles,
    RoleInstances,
    DataDisks,
    Disks,
    OSImages,
    VMImages,
    StorageAccounts,
    Networks,
    ReservedIPs,
    ServiceCertificates,
    ManagementCertificates,
    AffinityGroups,
    Caller,
):
    """An asyncio or trio client of one subscription.

    ::

        async with ServiceManagementClient(subscription_id, auth) as client:
            await client.create_hosted_service("sampleService2")
            accepted = await client.create_deployment("sampleService2", "sampleDeployment", role)
            await client.wait_for_operation(accepted)

    A cancelled call gives control back at once; a request already on its way is still carried out by the
    service. Safe for many tasks of one event loop; ``max_connections`` requests run at a time, more wait.

    Its arguments are those of :class:`~azure_iaas.client.caller.Caller`. What every method raises, and what
    repeats itself, stands at :mod:`azure_iaas.operations`.
    """

    @cached_property
    def _waits(self) -> Waits:
        return Waits(self.get_operation_status, self._random)

    async def wait_for_operation(
        self,
        operation: AcceptedOperation | str,
        *,
        interval: float | None = None,
        timeout: float | None = tracking.DEFAULT_TIMEOUT_SECONDS,  # noqa: ASYNC109 - see Waits.wait
        on_progress: Callable[[Progress], Any] | None = None,
    ) -> OperationStatus:
        """Wait until an accepted operation has succeeded.

        Several waits for one operation share its questions. Cancelling a wait leaves the operation alone.

        Args:
            operation: what a write returned, its ``token`` (also from another process), or a request id.
            interval: seconds between questions, the first at once (the documented sample has 10). None: the
                first after 0.25 s, then pauses growing by half to 10 s.
            timeout: seconds until giving up; None waits without limit.
            on_progress: called with a :class:`Progress` after each question; may be async.

        Returns:
            The final status, ``Succeeded``.

        Raises:
            OperationFailedError: it ended as ``Failed``; code and message are the service's.
            OperationTimeoutError: the deadline passed; ``resume_token`` goes on waiting.
            ResourceNotFoundError: the service doesn't know the request id.
            InvalidArgumentError: not an operation of this client's subscription.
        """
        accepted = tracking.resolve(operation, subscription_id=self.subscription_id)
        return await self._waits.wait(accepted, interval=interval, timeout=timeout, on_progress=on_progress)
