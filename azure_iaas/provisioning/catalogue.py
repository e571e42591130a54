"""Reads what a plan is checked against: one request a list, and one for each cloud service that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from azure_iaas.provisioning.engine import task_group
from azure_iaas.provisioning.plan.checks import Catalogue, lower_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anyio.abc import TaskGroup

    from azure_iaas.provisioning.inventory import Inventory
    from azure_iaas.provisioning.plan import PlannedService


async def read_catalogue(
    inventory: Inventory, services: Sequence[PlannedService], *, max_parallel: int
) -> Catalogue:
    """Read the lists.

    Args:
        inventory: reads and counts.
        services: the expanded plan.
        max_parallel: how many cloud services are read at a time.

    Raises:
        ServiceError, TransportError: a list could not be read.
    """
    client, count = inventory.client, inventory.requests
    groups = {id(role.group): role.group for service in services for role in service.roles}.values()
    catalogue = Catalogue(default_location=client.options.default_location)
    names = {service.name.lower(): service.name for service in services}

    async def images() -> None:
        if any(not group.vm_image for group in groups):
            count["ListOSImages"] += 1
            catalogue.images = lower_names(await client.list_os_images())

    async def vm_images() -> None:
        if any(group.vm_image for group in groups):
            count["ListVMImages"] += 1
            listed = await client.list_vm_images()
            inventory.know_images(listed)
            catalogue.vm_images = lower_names(listed)

    async def disks() -> None:
        if any(group.takes_existing_disks for group in groups):
            await inventory.read_disks()

    async def sizes() -> None:
        count["ListRoleSizes"] += 1
        catalogue.role_sizes = {(size.name or "").lower(): size for size in await client.list_role_sizes()}

    async def places() -> None:
        count["ListLocations"] += 1
        catalogue.locations = lower_names(await client.list_locations())
        if any(service.plan.affinity_group for service in services):
            count["ListAffinityGroups"] += 1
            catalogue.affinity_groups = lower_names(await client.list_affinity_groups())

    async def quotas() -> None:
        count["GetSubscription"] += 1
        catalogue.subscription = await client.get_subscription()

    async def existing(limiter: anyio.CapacityLimiter, tasks: TaskGroup) -> None:
        count["ListHostedServices"] += 1
        for service in await client.list_hosted_services():
            name = (service.service_name or "").lower()
            if name in names:
                tasks.start_soon(details, names[name], limiter)

    async def details(name: str, limiter: anyio.CapacityLimiter) -> None:
        async with limiter:
            service = await inventory.read_service(name)
        if service is not None:
            catalogue.services[name.lower()] = service

    async with task_group() as tasks:
        for read in (images, vm_images, disks, sizes, places, quotas):
            tasks.start_soon(read)
        tasks.start_soon(existing, anyio.CapacityLimiter(max_parallel), tasks)
    return catalogue
