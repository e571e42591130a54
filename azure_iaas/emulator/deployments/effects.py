"""What operations on deployments do at their end."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from azure_iaas.emulator.effect import DeploymentEffect, kept_as
from azure_iaas.emulator.machines.removals import remove_deployment

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Deployment, HostedService, Subscription
    from azure_iaas.emulator.world import World


@kept_as("deployment_removed")
@dataclass(frozen=True, slots=True)
class DeploymentRemoved(DeploymentEffect):
    """A deployment is gone; its disks and blobs go too (``media``), or become free later."""

    media: bool

    def change_deployment(
        self,
        world: World,
        subscription: Subscription,
        at: float,
        service: HostedService,
        deployment: Deployment,
    ) -> None:
        """Remove the deployment."""
        remove_deployment(world, subscription, at, service, deployment, media=self.media)


@dataclass(frozen=True, slots=True)
class DeploymentChanges:
    """New values of a deployment, under the names they have there; None leaves one as it is."""

    dns_servers: list[dict[str, str]] | None = None
    load_balancers: list[dict[str, Any]] | None = None
    load_balancer_address: str | None = None
    virtual_ips: list[str] | None = None


@kept_as("deployment_changed")
@dataclass(frozen=True, slots=True)
class DeploymentChanged(DeploymentEffect):
    """DNS servers, load balancers or virtual IPs of a deployment have changed."""

    changes: DeploymentChanges

    def change_deployment(
        self,
        world: World,
        subscription: Subscription,
        at: float,
        service: HostedService,
        deployment: Deployment,
    ) -> None:
        """Put the new values in place."""
        for each in fields(self.changes):
            value = getattr(self.changes, each.name)
            if value is not None:
                setattr(deployment, each.name, value)
        deployment.promised_addresses = []
        deployment.modified_at = at


@kept_as("load_balanced_sets_updated")
@dataclass(frozen=True, slots=True)
class LoadBalancedSetsUpdated(DeploymentEffect):
    """Endpoints of load balanced sets have changed, in every role.

    Attributes:
        sets: new elements of the endpoints, by the set's name in lower case.
    """

    sets: dict[str, dict[str, Any]]

    def change_deployment(
        self,
        world: World,
        subscription: Subscription,
        at: float,
        service: HostedService,
        deployment: Deployment,
    ) -> None:
        """Change every endpoint of the sets."""
        for role in deployment.roles.values():
            for endpoint in role.network.get("InputEndpoints", ()):
                endpoint.update(self.sets.get(endpoint.get("LoadBalancedEndpointSetName", "").lower(), {}))
        deployment.modified_at = at
