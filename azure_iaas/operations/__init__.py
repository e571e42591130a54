"""The operation table: every call of the service as data, and pure decisions about them. No I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.operations import (
    affinity_groups,
    certificates,
    data_disks,
    deployment_networking,
    deployments,
    hosted_services,
    images,
    networks,
    roles,
    storage_accounts,
    subscriptions,
)

if TYPE_CHECKING:
    from azure_iaas.operations.operation import Operation

DOCUMENTED: Final = (
    "GetOperationStatus",
    "GetOSImage",
    "ListOSImages",
    "CreateOSImage",
    "ListHostedServices",
    "GetHostedService",
    "CreateHostedService",
    "GetStorageAccountKeys",
    "GetDeployment",
    "GetDeploymentBySlot",
    "CreateDeployment",
    "GetRole",
    "AddRole",
    "ModifyRole",
    "DeleteRole",
    "AddDataDisk",
    "ModifyDataDisk",
    "RemoveDataDisk",
    "ShutdownRoleInstance",
    "RestartRoleInstance",
    "CaptureRoleInstance",
)
"""The documented methods, in the order of the documentation; all other operations are extensions."""

REGISTRY: Final[dict[str, Operation[Any]]] = {
    operation.name: operation
    for module in (
        subscriptions,
        images,
        hosted_services,
        storage_accounts,
        deployments,
        deployment_networking,
        roles,
        data_disks,
        certificates,
        affinity_groups,
        networks,
    )
    for operation in module.OPERATIONS
}
"""Every operation by its documented name."""


def method_name(documented: str) -> str:
    """The async method for a documented name: snake case, word by word."""
    words = re.sub(r"IPs\b", "Ips", documented)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", words).lower()
