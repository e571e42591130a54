"""Every operation the simulated service has: the one place that collects the resources' registries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.affinity_groups import handlers as affinity_groups
from azure_iaas.emulator.data_disks import handlers as data_disks
from azure_iaas.emulator.deployments import handlers as deployments
from azure_iaas.emulator.disks import handlers as disks
from azure_iaas.emulator.hosted_services import handlers as hosted_services
from azure_iaas.emulator.management_certificates import handlers as management_certificates
from azure_iaas.emulator.networks import handlers as networks
from azure_iaas.emulator.os_images import handlers as os_images
from azure_iaas.emulator.reserved_ips import handlers as reserved_ips
from azure_iaas.emulator.role_instances import handlers as role_instances
from azure_iaas.emulator.roles import handlers as roles
from azure_iaas.emulator.service_certificates import handlers as service_certificates
from azure_iaas.emulator.storage_accounts import handlers as storage_accounts
from azure_iaas.emulator.subscriptions import handlers as subscriptions
from azure_iaas.emulator.vm_images import handlers as vm_images

if TYPE_CHECKING:
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.routes import Route

ROUTES: Final[tuple[Route[Call], ...]] = (
    *subscriptions.route,
    *hosted_services.route,
    *deployments.route,
    *roles.route,
    *data_disks.route,
    *role_instances.route,
    *os_images.route,
    *vm_images.route,
    *disks.route,
    *storage_accounts.route,
    *affinity_groups.route,
    *service_certificates.route,
    *management_certificates.route,
    *networks.route,
    *reserved_ips.route,
)
