"""The async client: one awaitable method per operation, and a poller."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from azure_iaas.client.caller import Caller
from azure_iaas.client.events import (
    AttemptEnded,
    AttemptStarted,
    CallEnded,
    CallFacts,
    CallStarted,
    Event,
    Exchange,
    RetryScheduled,
    observed,
    watched,
)
from azure_iaas.client.readiness import DEFAULT_TIMEOUT_SECONDS, wait_until_ready
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
from azure_iaas.operations.tracking import AcceptedOperation
from azure_iaas.polling import Follower, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.models import Deployment, OperationStatus
    from azure_iaas.operations.operation import Call

Out = TypeVar("Out")

__all__ = [
    "AttemptEnded",
    "AttemptStarted",
    "CallEnded",
    "CallFacts",
    "CallStarted",
    "Event",
    "Exchange",
    "Progress",
    "RetryScheduled",
    "ServiceManagementClient",
    "observed",
    "watched",
]


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
            await accepted.wait()
            await client.wait_until_ready("sampleService2", "sampleDeployment")

    A cancelled call gives control back at once; a request already on its way is still carried out by the
    service. Safe for many tasks of one event loop; ``max_connections`` requests run at a time, more wait.

    Its arguments are those of :class:`~azure_iaas.client.caller.Caller`. What every method raises, and what
    repeats itself, stands at :mod:`azure_iaas.operations`.
    """

    async def _call(self, call: Call[Out]) -> Out:
        answer = await super()._call(call)
        if isinstance(answer, AcceptedOperation):
            self._follower.remember(answer)
            return cast("Out", answer.bound_to(self.wait_for_operation))
        return answer

    def within(self, timeout_seconds: float) -> Self:  # noqa: D102 - as it stands there
        self._follower  # noqa: B018 - made before the copy is, which shares it
        return super().within(timeout_seconds)

    @cached_property
    def _follower(self) -> Follower:
        return Follower(self.get_operation_status, self._random, at_a_time=self.options.max_connections)

    async def wait_for_operation(
        self,
        operation: AcceptedOperation | str,
        *,
        interval: float | None = None,
        timeout: float | None = tracking.DEFAULT_TIMEOUT_SECONDS,  # noqa: ASYNC109 - see Follower.follow
        on_progress: Callable[[Progress], Any] | None = None,
    ) -> OperationStatus:
        """Wait until an accepted operation has succeeded.

        Several waits for one operation share its questions. Cancelling a wait leaves the operation alone.

        Args:
            operation: what a write returned, its ``token`` (also from another process), or a request id.
            interval: seconds between questions, the first at once (the documented sample has 10). None: when
                operations of its kind have ended so far, at first the recorded ones; what another client
                began, nobody knows when, is asked about at once.
            timeout: seconds until giving up; None waits without limit. At the deadline it is asked once more,
                which takes up to 10 s when there is no answer.
            on_progress: called with a :class:`Progress` after each question; may be async.

        Returns:
            The final status, ``Succeeded``.

        Raises:
            OperationFailedError: it ended as ``Failed``; code and message are the service's.
            OperationTimeoutError: the deadline passed.
            ResourceNotFoundError: the service doesn't know the request id.
            AuthenticationError: the service doesn't let this client in.
            ServiceError, TLSError, ProtocolError: ten questions in a row were answered by the same thing that
                is no answer: a page, half a document, a redirect. Throttling, lost connections, 408 and 5xx
                never end a wait.
            InvalidArgumentError: not an operation of this client's subscription; nothing was sent.

        Every error that ends a wait has a ``resume_token`` to go on with, but for InvalidArgumentError.
        """
        accepted = tracking.resolve(operation, subscription_id=self.subscription_id)
        accepted, age = self._follower.recall(accepted)
        return await self._follower.follow(
            accepted,
            age=age,
            interval=interval,
            timeout=timeout,
            on_progress=on_progress,
        )

    async def wait_until_ready(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str | None = None,
        *,
        timeout: float | None = DEFAULT_TIMEOUT_SECONDS,  # noqa: ASYNC109 - told apart from a caller's
        on_progress: Callable[[Deployment], Any] | None = None,
    ) -> Deployment:
        """Wait until machines are ``ReadyRole``, which they become some minutes after their operation ended.

        Cancelling a wait changes nothing.

        Args:
            service_name: their hosted service.
            deployment_name: their deployment.
            role_name: one of them; None: all roles of the deployment.
            timeout: seconds until giving up; None waits without limit.
            on_progress: called with each answer; may be async.

        Returns:
            The deployment as it was then; ``role_instance_list`` has the machines' addresses.

        Raises:
            OperationFailedError: one failed to start or to be set up; code and message say how.
            ResourceNotFoundError: there is no such deployment or role, or it went meanwhile.
            OperationTimeoutError: the deadline passed.
            ServiceError, TLSError, ProtocolError: as for `wait_for_operation`.
            InvalidArgumentError: a name can't be one; nothing was sent.
        """
        return await wait_until_ready(
            lambda: self.get_deployment(service_name, deployment_name),
            role_name,
            random=self._random,
            timeout=timeout,
            on_progress=on_progress,
        )
