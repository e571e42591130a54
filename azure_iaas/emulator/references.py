"""What follows for others when a resource is missing from a state file.

=====================================  ==============================================================
missing                                what follows
=====================================  ==============================================================
the role a disk is attached to         the disk is free
the deployment of a reserved address   the address is free
the reserved address of a deployment   the deployment keeps the address, as an ordinary one
a disk of a role                       the role goes on; the disk isn't listed
what an effect changes                 the effect does nothing (:mod:`azure_iaas.emulator.effect`)
an effect                              what it would have changed stays; locks pass by the clock
an operation                           404 when it is asked for
=====================================  ==============================================================

All else refers to others by name only, and is answered as it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.emulator.machines.removals import DiskReleased

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.emulator.state import Deployment, Subscription
    from azure_iaas.emulator.world import World


def mend(world: World) -> Iterator[str]:
    """Undo references to what isn't there; each is told as a sentence. Without any, nothing changes."""
    released = {
        (each.subscription, each.effect.disk.lower())
        for each in world.effects
        if isinstance(each.effect, DiskReleased)
    }
    for subscription in world.subscriptions.values():
        for key, disk in subscription.disks.items.items():
            # The lease of a role that went ends later, by an effect.
            if disk.attached_to is None or (subscription.id, key) in released:
                continue
            deployment_name, service_name, role = disk.attached_to
            deployment = _deployment(subscription, service_name, deployment_name)
            if deployment is None or deployment.role(role) is None:
                disk.attached_to = None
                subscription.disks.touch(disk.name)
                yield f"disk {disk.name} is free: role {role} is missing"
        for ip in subscription.reserved_ips.values():
            if ip.service_name and _deployment(subscription, ip.service_name, ip.deployment_name) is None:
                yield f"reserved IP {ip.name} is free: deployment {ip.deployment_name} is missing"
                ip.service_name = ip.deployment_name = ""
                subscription.reserved_ips.touch(ip.name)
        for service in subscription.hosted_services.values():
            for deployment in service.deployments.values():
                name = deployment.reserved_ip
                if name and subscription.reserved_ips.get(name) is None:
                    deployment.reserved_ip = ""
                    subscription.hosted_services.touch(service.name)
                    yield f"deployment {deployment.name} keeps its address: reserved IP {name} is missing"


def _deployment(subscription: Subscription, service_name: str, name: str) -> Deployment | None:
    service = subscription.hosted_services.get(service_name)
    return None if service is None else service.deployment(name)
