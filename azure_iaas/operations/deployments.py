"""Deployments of virtual machines: create, read, delete, and what changes them as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.models import Deployment, DeployOptions
from azure_iaas.models.documents import (
    ChangeConfiguration,
    CreateDeployment,
    LoadBalancedEndpointList,
    RoleInstances,
    Swap,
    UpdateDeploymentStatus,
)
from azure_iaas.operations import arguments
from azure_iaas.operations.operation import ACCEPTED, Call, Document, OneObject, Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from azure_iaas.operations.tracking import AcceptedOperation

OK: Final = frozenset({200})
TAKEN: Final = frozenset({202})
_SERVICE = "/services/hostedservices/{serviceName}"
_ONE = f"{_SERVICE}/deployments/{{deploymentName}}"
_BY_SLOT = f"{_SERVICE}/deploymentslots/{{deploymentSlot}}"

GET_DEPLOYMENT: Final = Operation(
    name="GetDeployment",
    rest_name="Get Deployment",
    source="ee460804",
    method="GET",
    path=_ONE,
    since="2009-10-01",
    success=OK,
    answer=OneObject(Deployment, "Deployment"),
)
GET_DEPLOYMENT_BY_SLOT: Final = Operation(
    name="GetDeploymentBySlot",
    rest_name="Get Deployment",
    source="ee460804",
    method="GET",
    path=_BY_SLOT,
    since="2009-10-01",
    success=OK,
    answer=OneObject(Deployment, "Deployment"),
)
CREATE_DEPLOYMENT: Final = Operation(
    name="CreateDeployment",
    rest_name="Create Virtual Machine Deployment",
    source="jj157194",
    method="POST",
    path=f"{_SERVICE}/deployments",
    success=TAKEN,
    answer=ACCEPTED,
)
DELETE_DEPLOYMENT: Final = Operation(
    name="DeleteDeployment",
    rest_name="Delete Deployment",
    source="ee460815",
    method="DELETE",
    path=_ONE,
    since="2009-10-01",
    success=TAKEN,
    answer=ACCEPTED,
)
DELETE_DEPLOYMENT_BY_SLOT: Final = Operation(
    name="DeleteDeploymentBySlot",
    rest_name="Delete Deployment",
    source="ee460815",
    method="DELETE",
    path=_BY_SLOT,
    since="2009-10-01",
    success=TAKEN,
    answer=ACCEPTED,
)
SWAP_DEPLOYMENT: Final = Operation(
    name="SwapDeployment",
    rest_name="Swap Deployment",
    source="ee460814",
    method="POST",
    path=_SERVICE,
    since="2009-10-01",
    success=TAKEN,
    answer=ACCEPTED,
)
UPDATE_DEPLOYMENT_STATUS: Final = Operation(
    name="UpdateDeploymentStatus",
    rest_name="Update Deployment Status",
    source="ee460808",
    method="POST",
    path=f"{_ONE}/",
    query="comp=status",
    since="2009-10-01",
    success=TAKEN,
    answer=ACCEPTED,
)
CHANGE_DEPLOYMENT_CONFIGURATION: Final = Operation(
    name="ChangeDeploymentConfiguration",
    rest_name="Change Deployment Configuration",
    source="protocol 12.2",
    method="POST",
    path=f"{_ONE}/",
    query="comp=config",
    since="2009-10-01",
    success=TAKEN,
    answer=ACCEPTED,
)
UPDATE_LOAD_BALANCED_SET: Final = Operation(
    name="UpdateLoadBalancedSet",
    rest_name="Update Load Balanced Endpoint Set",
    source="dn469417",
    method="POST",
    path=_ONE,
    query="comp=UpdateLbSet",
    since="2013-06-01",
    success=TAKEN,
    answer=ACCEPTED,
)
DELETE_ROLE_INSTANCES: Final = Operation(
    name="DeleteRoleInstances",
    rest_name="Delete Role Instances",
    source="dn469418",
    method="POST",
    path=f"{_ONE}/roleinstances/",
    query="comp=delete",
    since="2013-08-01",
    success=TAKEN,
    answer=ACCEPTED,
)

OPERATIONS: Final = (
    GET_DEPLOYMENT,
    GET_DEPLOYMENT_BY_SLOT,
    CREATE_DEPLOYMENT,
    DELETE_DEPLOYMENT,
    DELETE_DEPLOYMENT_BY_SLOT,
    SWAP_DEPLOYMENT,
    UPDATE_DEPLOYMENT_STATUS,
    CHANGE_DEPLOYMENT_CONFIGURATION,
    UPDATE_LOAD_BALANCED_SET,
    DELETE_ROLE_INSTANCES,
)


def place(service_name: str, deployment_name: str) -> dict[str, str]:
    """Path values of one deployment."""
    return {"serviceName": service_name, "deploymentName": deployment_name}


def get_deployment_by_slot(service_name: str, deployment_slot: str) -> Call[Deployment]:
    """Read the deployment in a slot."""
    slot = arguments.slot(GET_DEPLOYMENT_BY_SLOT.name, "deploymentSlot", deployment_slot)
    return Call(GET_DEPLOYMENT_BY_SLOT, {"serviceName": service_name, "deploymentSlot": slot})


def create_deployment(
    service_name: str, deployment_name: str, role: object, options: object
) -> Call[AcceptedOperation]:
    """Create a deployment with its first role; options are those of :class:`DeployOptions`."""
    method = CREATE_DEPLOYMENT.name
    arguments.new_name(method, "deploymentName", deployment_name, kind="deployment_name")
    checked_role = arguments.new_role(method, role)
    given = arguments.coerce(method, "deployOptions", options, DeployOptions, required=False, closed=True)
    arguments.length(method, "deployOptions.label", given.label, arguments.LABEL_LENGTH)
    slot = given.deployment_slot
    document = CreateDeployment(
        name=deployment_name,
        deployment_slot=arguments.slot(
            method, "deployOptions.deployment_slot", "Production" if slot is None else slot
        ),
        label=given.label or deployment_name,
        role_list=[checked_role],
    )
    for attribute in ("upgrade_domain_count", "virtual_network_name", "dns", "reserved_ip_name"):
        if (value := getattr(given, attribute)) is not None:
            setattr(document, attribute, value)
    if given.load_balancers:
        document.load_balancers = given.load_balancers
    return Call(CREATE_DEPLOYMENT, {"serviceName": service_name}, Document(document, "Deployment"))


def delete_deployment(
    service_name: str, deployment_name: str, *, delete_media: bool
) -> Call[AcceptedOperation]:
    """Delete a deployment; with media, its disks and blobs too."""
    query = {"comp": "media"} if delete_media else {}
    return Call(DELETE_DEPLOYMENT, place(service_name, deployment_name), query=query)


def delete_deployment_by_slot(service_name: str, deployment_slot: str) -> Call[AcceptedOperation]:
    """Delete the deployment in a slot; its disks stay."""
    slot = arguments.slot(DELETE_DEPLOYMENT_BY_SLOT.name, "deploymentSlot", deployment_slot)
    return Call(DELETE_DEPLOYMENT_BY_SLOT, {"serviceName": service_name, "deploymentSlot": slot})


def swap_deployment(service_name: str, production: str, staging: str) -> Call[AcceptedOperation]:
    """Exchange the deployments of the two slots."""
    method = SWAP_DEPLOYMENT.name
    document = Swap(
        production=arguments.text(method, "production", production),
        source_deployment=arguments.text(method, "sourceDeployment", staging),
    )
    return Call(SWAP_DEPLOYMENT, {"serviceName": service_name}, Document(document, "Swap"))


def update_deployment_status(service_name: str, deployment_name: str, status: str) -> Call[AcceptedOperation]:
    """Run or suspend a deployment."""
    method = UPDATE_DEPLOYMENT_STATUS.name
    wanted = arguments.one_of(method, "status", status, ("Running", "Suspended"))
    document = Document(UpdateDeploymentStatus(status=wanted), "UpdateDeploymentStatus")
    return Call(UPDATE_DEPLOYMENT_STATUS, place(service_name, deployment_name), document)


def change_deployment_configuration(
    service_name: str, deployment_name: str, change: object
) -> Call[AcceptedOperation]:
    """Change a service configuration (web and worker roles)."""
    method = CHANGE_DEPLOYMENT_CONFIGURATION.name
    document = arguments.coerce(method, "change", change, ChangeConfiguration, closed=True)
    body = Document(document, "ChangeConfiguration")
    return Call(CHANGE_DEPLOYMENT_CONFIGURATION, place(service_name, deployment_name), body)


def update_load_balanced_set(
    service_name: str, deployment_name: str, endpoints: object
) -> Call[AcceptedOperation]:
    """Change the endpoints of load balanced sets in all roles at once."""
    method = UPDATE_LOAD_BALANCED_SET.name
    given = {"InputEndpoint": endpoints} if isinstance(endpoints, (list, tuple)) else endpoints
    document = arguments.coerce(method, "endpoints", given, LoadBalancedEndpointList)
    body = Document(document, "LoadBalancedEndpointList")
    return Call(UPDATE_LOAD_BALANCED_SET, place(service_name, deployment_name), body)


def delete_role_instances(
    service_name: str, deployment_name: str, names: Sequence[str]
) -> Call[AcceptedOperation]:
    """Delete several role instances in one operation."""
    method = DELETE_ROLE_INSTANCES.name
    document = RoleInstances(names=arguments.names(method, "names", names))
    body = Document(document, "RoleInstances")
    return Call(DELETE_ROLE_INSTANCES, place(service_name, deployment_name), body)
