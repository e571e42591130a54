"""What operations on deployments do at their end."""

from __future__ import annotations

from dataclasses import dataclass
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
    """New values of a deployment; None leaves one as it is."""

    dns_servers: list[dict[str, str]] | None = None
    load_balancers: list[dict[str, Any]] | None = None
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
        changes = self.changes
        if changes.dns_servers is not None:
            deployment.dns_servers = changes.dns_servers
        if changes.load_balancers is not None:
            deployment.load_balancers = changes.load_balancers
        if changes.virtual_ips is not None:
            deployment.virtual_ips = changes.virtual_ips
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
