"""Every operation the simulated service has: the one place that collects the resources' registries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.handlers import (
    affinity_groups,
    data_disks,
    deployments,
    disks,
    hosted_services,
    management_certificates,
    networks,
    os_images,
    role_instances,
    roles,
    service_certificates,
    storage_accounts,
    subscriptions,
    vm_images,
)

if TYPE_CHECKING:
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.routes import Route

ROUTES: Final[tuple[Route[Call], ...]] = (
    *subscriptions.ROUTES,
    *hosted_services.ROUTES,
    *deployments.ROUTES,
    *roles.ROUTES,
    *data_disks.ROUTES,
    *role_instances.ROUTES,
    *os_images.ROUTES,
    *vm_images.ROUTES,
    *disks.ROUTES,
    *storage_accounts.ROUTES,
    *affinity_groups.ROUTES,
    *service_certificates.ROUTES,
    *management_certificates.ROUTES,
    *networks.ROUTES,
)
