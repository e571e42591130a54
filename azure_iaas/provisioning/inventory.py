"""What is there: the reads of a run, counted, and what it knows from them while it works."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from azure_iaas.errors import ResourceNotFoundError
from azure_iaas.provisioning.deployment_watch import DeploymentWatch

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import Deployment, HostedService
    from azure_iaas.operations.pace import Pace


@dataclass(slots=True)
class Inventory:
    """What a run knows of the service's side while it works, and its reads.

    Attributes:
        client: sends requests.
        requests: counts them, by operation.
        pace: what was learnt about durations.
        hurried: whether nothing else is to be done in a deployment, so that waits for it count.
        deployments: deployments that exist, by lower-case service and name.
    """

    client: ServiceManagementClient
    requests: Counter[str]
    pace: Pace
    hurried: Callable[[str, str], bool] = lambda _service, _deployment: True
    deployments: set[tuple[str, str]] = field(default_factory=set)
    _watches: dict[tuple[str, str], DeploymentWatch] = field(default_factory=dict)

    async def read_service(self, service: str) -> HostedService | None:
        """Read a cloud service with its deployments; None when it isn't there."""
        self.requests["GetHostedService"] += 1
        try:
            return await self.client.get_hosted_service(service, embed_detail=True)
        except ResourceNotFoundError:
            return None

    async def read_deployment(self, service: str, deployment: str) -> Deployment | None:
        """Read a deployment; None when it isn't there."""
        self.requests["GetDeployment"] += 1
        key = (service.lower(), deployment.lower())
        try:
            answer = await self.client.get_deployment(service, deployment)
        except ResourceNotFoundError:
            self.deployments.discard(key)
            return None
        self.deployments.add(key)
        return answer

    def exists(self, service: str, deployment: str) -> bool:
        """Whether a deployment is known to exist."""
        return (service.lower(), deployment.lower()) in self.deployments

    def watch(self, service: str, deployment: str) -> DeploymentWatch:
        """The shared watch of a deployment."""
        key = (service.lower(), deployment.lower())
        if key not in self._watches:

            async def read() -> Deployment | None:
                return await self.read_deployment(service, deployment)

            self._watches[key] = DeploymentWatch(read, self.pace, lambda: self.hurried(service, deployment))
        return self._watches[key]
