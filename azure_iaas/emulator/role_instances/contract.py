"""Request documents of role instance operations (protocol.md 11.19 to 11.21)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator.machines.contract import CONFIGURATION_SET
from azure_iaas.endpoint.contracts import Contract, ListOf

_ROLES: Final = ListOf(("Name",), "text")

SHUTDOWN_ROLE: Final = Contract(
    "ShutdownRoleOperation", {"OperationType": "text", "PostShutdownAction": "text"}
)

START_ROLE: Final = Contract("StartRoleOperation", {"OperationType": "text"})

RESTART_ROLE: Final = Contract("RestartRoleOperation", {"OperationType": "text"})

CAPTURE_ROLE: Final = Contract(
    "CaptureRoleOperation",
    {
        "OperationType": "text",
        "PostCaptureAction": "text",
        "ProvisioningConfiguration": CONFIGURATION_SET,
        "SupportsStatelessDeployment": "bool",
        "TargetImageLabel": "verbatim",
        "TargetImageName": "text",
    },
    frozenset({"PostCaptureAction", "TargetImageLabel", "TargetImageName"}),
)

CAPTURE_VM_IMAGE: Final = Contract(
    "CaptureRoleAsVMImageOperation",
    {
        "OperationType": "text",
        "OSState": "text",
        "VMImageName": "text",
        "VMImageLabel": "verbatim",
        "Description": "verbatim",
        "Language": "text",
        "ImageFamily": "verbatim",
        "RecommendedVMSize": "text",
    },
    frozenset({"OSState", "VMImageName", "VMImageLabel"}),
)

REDEPLOY_ROLE: Final = Contract("RedeployRoleOperation", {"OperationType": "text"})

MAINTAIN_ROLE: Final = Contract("PerformMaintenanceOnRoleOperation", {"OperationType": "text"})

SHUTDOWN_ROLES: Final = Contract(
    "ShutdownRolesOperation",
    {"OperationType": "text", "Roles": _ROLES, "PostShutdownAction": "text"},
    frozenset({"Roles"}),
)

START_ROLES: Final = Contract(
    "StartRolesOperation", {"OperationType": "text", "Roles": _ROLES}, frozenset({"Roles"})
)
