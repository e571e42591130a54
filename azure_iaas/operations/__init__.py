"""Every operation of the service, said once, and pure decisions about them. No I/O.

A module a resource: its group of operations is both the table's entries and the client's methods.

What every method raises:

- ``InvalidArgumentError``: an argument breaks a rule, or needs a newer ``x-ms-version`` than was chosen;
  nothing was sent.
- ``ServiceError``: the service refused, by status ``BadRequestError``, ``AuthenticationError``,
  ``ResourceNotFoundError``, ``ConflictError``, ``ThrottledError``, ``ServerError``.
- ``TransportError``: no complete answer to a read, or a write that provably never left.
- ``OutcomeUnknownError``: a write was sent and its answer was lost. Look before repeating it.
- ``ProtocolError``: an answer the protocol doesn't allow.

Reads repeat themselves after a passing failure; writes only when the request never left. Whether a caller may
repeat a write whose outcome is unknown stands with the write.
"""

from azure_iaas.operations.affinity_groups import AffinityGroups
from azure_iaas.operations.data_disks import DataDisks
from azure_iaas.operations.deployments import Deployments
from azure_iaas.operations.disks import Disks
from azure_iaas.operations.hosted_services import HostedServices
from azure_iaas.operations.management_certificates import ManagementCertificates
from azure_iaas.operations.naming import DOCUMENTED
from azure_iaas.operations.networks import Networks
from azure_iaas.operations.operation import REGISTRY
from azure_iaas.operations.os_images import OSImages
from azure_iaas.operations.reserved_ips import ReservedIPs
from azure_iaas.operations.role_instances import RoleInstances
from azure_iaas.operations.roles import Roles
from azure_iaas.operations.service_certificates import ServiceCertificates
from azure_iaas.operations.storage_accounts import StorageAccounts
from azure_iaas.operations.subscriptions import Subscriptions
from azure_iaas.operations.vm_images import VMImages

__all__ = [
    "DOCUMENTED",
    "REGISTRY",
    "AffinityGroups",
    "DataDisks",
    "Deployments",
    "Disks",
    "HostedServices",
    "ManagementCertificates",
    "Networks",
    "OSImages",
    "ReservedIPs",
    "RoleInstances",
    "Roles",
    "ServiceCertificates",
    "StorageAccounts",
    "Subscriptions",
    "VMImages",
]
