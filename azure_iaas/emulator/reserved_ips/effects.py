"""What operations on reserved addresses do at their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_iaas.emulator.effect import Effect, kept_as

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Subscription
    from azure_iaas.emulator.world import World


@kept_as("reserved_ip_removed")
@dataclass(frozen=True, slots=True)
class ReservedIPRemoved(Effect):
    """A reserved address is given back."""

    name: str

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Remove the address."""
        subscription.reserved_ips.remove(self.name)


@kept_as("reserved_ip_associated")
@dataclass(frozen=True, slots=True)
class ReservedIPAssociated(Effect):
    """A reserved address is a deployment's, or isn't any more (empty service).

    Attributes:
        vip: address of the deployment that loses it.
        virtual_ip: the further virtual IP whose address it is, None for the first.
    """

    name: str
    service: str
    deployment: str
    vip: str
    virtual_ip: str | None = None

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Take the address from the deployment that has it, and give it to the other."""
        ip = subscription.reserved_ips.get(self.name)
        if ip is None:
            return
        for service_name, deployment_name, virtual_ip, joined in (
            (ip.service_name, ip.deployment_name, ip.virtual_ip, False),
            (self.service, self.deployment, self.virtual_ip, True),
        ):
            service = subscription.hosted_services.get(service_name) if service_name else None
            deployment = service.deployment(deployment_name) if service is not None else None
            if service is not None and deployment is not None:
                if not virtual_ip:
                    deployment.reserved_ip = ip.name if joined else ""
                    deployment.vip = ip.address if joined else self.vip
                deployment.modified_at = at
                subscription.hosted_services.touch(service.name)
        ip.service_name, ip.deployment_name = self.service, self.deployment
        ip.virtual_ip = self.virtual_ip or ""
        subscription.reserved_ips.touch(ip.name)
