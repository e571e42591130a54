"""Many roles at once: plan, schedule, run, journal, report.

::

    from azure_iaas.provisioning import Plan, Provisioner

    async with ServiceManagementClient(subscription_id, auth) as client:
        report = await Provisioner(client, Plan.load("fleet.yaml"), journal="fleet.journal").run()
"""

from __future__ import annotations

from azure_iaas.provisioning.engine import Patience
from azure_iaas.provisioning.plan import (
    DeploymentPlan,
    EndpointPlan,
    Plan,
    RoleGroup,
    RoleId,
    ServicePlan,
)
from azure_iaas.provisioning.plan.checks import InvalidPlanError, PlanLimits, Problem
from azure_iaas.provisioning.progress.events import Event, EventKind
from azure_iaas.provisioning.progress.report import ErrorFacts, Outcome, Report, RoleReport
from azure_iaas.provisioning.run import Provisioner, provision
from azure_iaas.provisioning.takedown import Deprovisioner, deprovision
from azure_iaas.provisioning.waiting import wait_until_ready

__all__ = [
    "DeploymentPlan",
    "Deprovisioner",
    "EndpointPlan",
    "ErrorFacts",
    "Event",
    "EventKind",
    "InvalidPlanError",
    "Outcome",
    "Patience",
    "Plan",
    "PlanLimits",
    "Problem",
    "Provisioner",
    "Report",
    "RoleGroup",
    "RoleId",
    "RoleReport",
    "ServicePlan",
    "deprovision",
    "provision",
    "wait_until_ready",
]
