"""What is to be there: the plan, its name patterns, and the rules it may break."""

from __future__ import annotations

from azure_iaas.provisioning.plan.plan import (
    DeploymentPlan,
    EndpointPlan,
    Plan,
    PlannedDeployment,
    PlannedRole,
    PlannedService,
    RoleGroup,
    RoleId,
    ServicePlan,
)

__all__ = [
    "DeploymentPlan",
    "EndpointPlan",
    "Plan",
    "PlannedDeployment",
    "PlannedRole",
    "PlannedService",
    "RoleGroup",
    "RoleId",
    "ServicePlan",
]
