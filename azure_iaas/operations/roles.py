"""Roles, the virtual machines of a deployment, and what their instances can be told to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.errors import InvalidArgumentError
from azure_iaas.models import CaptureOptions, ProvisioningConfiguration, VMRole
from azure_iaas.models.documents import (
    CaptureRoleAsVMImageOperation,
    CaptureRoleOperation,
    RoleOperation,
    ShutdownRoleOperation,
    ShutdownRolesOperation,
    StartRolesOperation,
)
from azure_iaas.operations import arguments
from azure_iaas.operations.deployments import place
from azure_iaas.operations.operation import ACCEPTED, Call, Document, OneObject, Operation, PlainText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from azure_iaas.operations.tracking import AcceptedOperation
    from azure_iaas.wire.messages import Dialect

OK: Final = frozenset({200})
TAKEN: Final = frozenset({202})
_DEPLOYMENT = "/services/hostedservices/{serviceName}/deployments/{deploymentName}"
_ROLES = f"{_DEPLOYMENT}/roles"
_ROLE = f"{_ROLES}/{{roleName}}"
_PREVIEW_ROLES = f"{_DEPLOYMENT}/Roles"
_INSTANCE = f"{_DEPLOYMENT}/roleinstances/{{roleInstance}}"
_INSTANCE_OPERATIONS = f"{_INSTANCE}/Operations"
_PREVIEW_INSTANCE_OPERATIONS = f"{_DEPLOYMENT}/RoleInstances/{{roleInstance}}/Operations"

POST_SHUTDOWN_ACTIONS: Final = ("Stopped", "StoppedDeallocated")
POST_CAPTURE_ACTIONS: Final = ("Delete", "Reprovision")

GET_ROLE: Final = Operation(
    name="GetRole",
    rest_name="Get Role",
    source="jj157193",
    method="GET",
    path=_ROLE,
    preview_path=f"{_PREVIEW_ROLES}/{{roleName}}",
    success=OK,
    answer=OneObject(VMRole, ("PersistentVMRole", "Role")),
)
ADD_ROLE: Final = Operation(
    name="AddRole",
    rest_name="Add Role",
    source="jj157186",
    method="POST",
    path=_ROLES,
    preview_path=_PREVIEW_ROLES,
    success=TAKEN,
    answer=ACCEPTED,
)
MODIFY_ROLE: Final = Operation(
    name="ModifyRole",
    rest_name="Update Role",
    source="jj157187",
    method="PUT",
    path=_ROLE,
    preview_path=f"{_PREVIEW_ROLES}/{{roleName}}",
    success=TAKEN,
    answer=ACCEPTED,
)
DELETE_ROLE: Final = Operation(
    name="DeleteRole",
    rest_name="Delete Role",
    source="jj157184",
    method="DELETE",
    path=_ROLE,
    preview_path=f"{_PREVIEW_ROLES}/{{roleName}}",
    success=TAKEN,
    answer=ACCEPTED,
)


def _on_instance(name: str, rest_name: str, source: str) -> Operation[AcceptedOperation]:
    return Operation(
        name=name,
        rest_name=rest_name,
        source=source,
        method="POST",
        path=_INSTANCE_OPERATIONS,
        preview_path=_PREVIEW_INSTANCE_OPERATIONS,
        success=TAKEN,
        answer=ACCEPTED,
    )


SHUTDOWN_ROLE_INSTANCE: Final = _on_instance("ShutdownRoleInstance", "Shutdown Role", "jj157195")
START_ROLE_INSTANCE: Final = _on_instance("StartRoleInstance", "Start Role", "jj157189")
RESTART_ROLE_INSTANCE: Final = _on_instance("RestartRoleInstance", "Restart Role", "jj157197")
CAPTURE_ROLE_INSTANCE: Final = _on_instance("CaptureRoleInstance", "Capture Role", "jj157201")
CAPTURE_ROLE_AS_VM_IMAGE: Final = _on_instance(
    "CaptureRoleAsVMImage", "Capture Role as VM Image", "protocol 12.3"
)
REDEPLOY_ROLE_INSTANCE: Final = _on_instance("RedeployRoleInstance", "Redeploy Role", "protocol 12.3")
PERFORM_MAINTENANCE_ON_ROLE_INSTANCE: Final = _on_instance(
    "PerformMaintenanceOnRoleInstance", "Perform Maintenance on Role", "protocol 12.3"
)


def _on_roles(name: str, rest_name: str, source: str) -> Operation[AcceptedOperation]:
    return Operation(
        name=name,
        rest_name=rest_name,
        source=source,
        method="POST",
        path=f"{_DEPLOYMENT}/Roles/Operations",
        since="2013-06-01",
        success=TAKEN,
        answer=ACCEPTED,
    )


SHUTDOWN_ROLES: Final = _on_roles("ShutdownRoles", "Shutdown Roles", "dn469421")
START_ROLES: Final = _on_roles("StartRoles", "Start Roles", "dn469419")


def _by_query(name: str, rest_name: str, source: str, query: str, since: str) -> Operation[AcceptedOperation]:
    return Operation(
        name=name,
        rest_name=rest_name,
        source=source,
        method="POST",
        path=_INSTANCE,
        query=query,
        since=since,
        success=TAKEN,
        answer=ACCEPTED,
    )


REBOOT_ROLE_INSTANCE: Final = _by_query(
    "RebootRoleInstance", "Reboot Role Instance", "gg441298", "comp=reboot", "2010-10-28"
)
REIMAGE_ROLE_INSTANCE: Final = _by_query(
    "ReimageRoleInstance", "Reimage Role Instance", "gg441292", "comp=reimage", "2010-10-28"
)
REBUILD_ROLE_INSTANCE: Final = _by_query(
    "RebuildRoleInstance",
    "Rebuild Role Instance",
    "dn627518",
    "comp=rebuild&resources=allLocalDrives",
    "2013-08-01",
)
GET_REMOTE_DESKTOP_FILE: Final = Operation(
    name="GetRemoteDesktopFile",
    rest_name="Download RDP File",
    source="jj157183",
    method="GET",
    path=f"{_INSTANCE}/ModelFile",
    query="FileType=RDP",
    success=OK,
    answer=PlainText(),
)

OPERATIONS: Final = (
    GET_ROLE,
    ADD_ROLE,
    MODIFY_ROLE,
    DELETE_ROLE,
    SHUTDOWN_ROLE_INSTANCE,
    START_ROLE_INSTANCE,
    RESTART_ROLE_INSTANCE,
    CAPTURE_ROLE_INSTANCE,
    CAPTURE_ROLE_AS_VM_IMAGE,
    REDEPLOY_ROLE_INSTANCE,
    PERFORM_MAINTENANCE_ON_ROLE_INSTANCE,
    SHUTDOWN_ROLES,
    START_ROLES,
    REBOOT_ROLE_INSTANCE,
    REIMAGE_ROLE_INSTANCE,
    REBUILD_ROLE_INSTANCE,
    GET_REMOTE_DESKTOP_FILE,
)


def _role(service_name: str, deployment_name: str, role_name: str) -> dict[str, str]:
    return {**place(service_name, deployment_name), "roleName": role_name}


def _instance(service_name: str, deployment_name: str, role_instance: str) -> dict[str, str]:
    return {**place(service_name, deployment_name), "roleInstance": role_instance}


def get_role(service_name: str, deployment_name: str, role_name: str) -> Call[VMRole]:
    """Read one role."""
    return Call(GET_ROLE, _role(service_name, deployment_name, role_name))


def add_role(service_name: str, deployment_name: str, role: object) -> Call[AcceptedOperation]:
    """Add a role to an existing deployment."""
    checked = arguments.new_role(ADD_ROLE.name, role)
    body = Document(checked, "PersistentVMRole", "Role")
    return Call(ADD_ROLE, place(service_name, deployment_name), body)


def modify_role(
    service_name: str, deployment_name: str, role_name: str, role: object
) -> Call[AcceptedOperation]:
    """Change a role; its network set replaces the old one."""
    arguments.text(MODIFY_ROLE.name, "roleName", role_name)
    checked = arguments.changed_role(MODIFY_ROLE.name, role_name, role)
    body = Document(checked, "PersistentVMRole", "Role")
    return Call(MODIFY_ROLE, _role(service_name, deployment_name, role_name), body)


def delete_role(
    service_name: str, deployment_name: str, role_name: str, *, delete_media: bool
) -> Call[AcceptedOperation]:
    """Delete a role; with media, its disks and blobs too."""
    query = {"comp": "media"} if delete_media else {}
    return Call(DELETE_ROLE, _role(service_name, deployment_name, role_name), query=query)


def _instance_operation(
    operation: Operation[AcceptedOperation],
    path: dict[str, str],
    document: RoleOperation,
    kind: str,
    dialect: Dialect,
) -> Call[AcceptedOperation]:
    # The preview's bodies have no OperationType: the root says it.
    if dialect == "ga":
        document.operation_type = kind
    return Call(operation, path, Document(document, kind))


def shutdown_role_instance(
    service_name: str,
    deployment_name: str,
    role_instance: str,
    post_shutdown_action: str | None,
    *,
    dialect: Dialect,
) -> Call[AcceptedOperation]:
    """Stop an instance."""
    document = ShutdownRoleOperation()
    if post_shutdown_action is not None:
        document.post_shutdown_action = arguments.one_of(
            SHUTDOWN_ROLE_INSTANCE.name, "postShutdownAction", post_shutdown_action, POST_SHUTDOWN_ACTIONS
        )
    path = _instance(service_name, deployment_name, role_instance)
    return _instance_operation(SHUTDOWN_ROLE_INSTANCE, path, document, "ShutdownRoleOperation", dialect)


def start_role_instance(
    service_name: str, deployment_name: str, role_instance: str, *, dialect: Dialect
) -> Call[AcceptedOperation]:
    """Start a stopped instance."""
    path = _instance(service_name, deployment_name, role_instance)
    return _instance_operation(START_ROLE_INSTANCE, path, RoleOperation(), "StartRoleOperation", dialect)


def restart_role_instance(
    service_name: str, deployment_name: str, role_instance: str, *, dialect: Dialect
) -> Call[AcceptedOperation]:
    """Restart an instance."""
    path = _instance(service_name, deployment_name, role_instance)
    return _instance_operation(RESTART_ROLE_INSTANCE, path, RoleOperation(), "RestartRoleOperation", dialect)


def redeploy_role_instance(
    service_name: str, deployment_name: str, role_instance: str, *, dialect: Dialect
) -> Call[AcceptedOperation]:
    """Move an instance to another host."""
    path = _instance(service_name, deployment_name, role_instance)
    return _instance_operation(
        REDEPLOY_ROLE_INSTANCE, path, RoleOperation(), "RedeployRoleOperation", dialect
    )


def perform_maintenance_on_role_instance(
    service_name: str, deployment_name: str, role_instance: str, *, dialect: Dialect
) -> Call[AcceptedOperation]:
    """Have announced maintenance of an instance's host done now."""
    operation = PERFORM_MAINTENANCE_ON_ROLE_INSTANCE
    path = _instance(service_name, deployment_name, role_instance)
    root = "PerformMaintenanceOnRoleOperation"
    return _instance_operation(operation, path, RoleOperation(), root, dialect)


def capture_role_instance(
    service_name: str,
    deployment_name: str,
    role_instance: str,
    options: object,
    *,
    dialect: Dialect,
) -> Call[AcceptedOperation]:
    """Make an OS image of a stopped, generalised instance."""
    method = CAPTURE_ROLE_INSTANCE.name
    given = arguments.coerce(method, "captOptions", options, CaptureOptions, closed=True)
    action = arguments.one_of(
        method, "captOptions.post_capture_actions", given.post_capture_actions, POST_CAPTURE_ACTIONS
    )
    provisioning = given.provisioning_configuration
    if action == "Reprovision" and provisioning is None:
        raise InvalidArgumentError(
            method, "captOptions.provisioning_configuration", "required to reprovision"
        )
    if isinstance(provisioning, ProvisioningConfiguration):
        arguments.check_windows(method, "captOptions.provisioning_configuration", provisioning)
    label = arguments.text(method, "captOptions.target_image_label", given.target_image_label)
    name = arguments.new_name(
        method, "captOptions.target_image_name", given.target_image_name, kind="image_name"
    )
    document = CaptureRoleOperation(
        post_capture_action=action, target_image_label=label, target_image_name=name
    )
    if provisioning is not None:
        document.provisioning_configuration = provisioning
    if given.supports_stateless_deployment is not None and dialect == "preview":
        document.supports_stateless_deployment = given.supports_stateless_deployment
    path = _instance(service_name, deployment_name, role_instance)
    return _instance_operation(CAPTURE_ROLE_INSTANCE, path, document, "CaptureRoleOperation", dialect)


def capture_role_as_vm_image(
    service_name: str, deployment_name: str, role_instance: str, options: object
) -> Call[AcceptedOperation]:
    """Make a VM image, data disks included."""
    method = CAPTURE_ROLE_AS_VM_IMAGE.name
    document = arguments.coerce(method, "options", options, CaptureRoleAsVMImageOperation, closed=True)
    arguments.one_of(method, "options.os_state", document.os_state, ("Generalized", "Specialized"))
    arguments.new_name(method, "options.vm_image_name", document.vm_image_name, kind="image_name")
    arguments.text(method, "options.vm_image_label", document.vm_image_label)
    path = _instance(service_name, deployment_name, role_instance)
    kind = "CaptureRoleAsVMImageOperation"
    return _instance_operation(CAPTURE_ROLE_AS_VM_IMAGE, path, document, kind, "ga")


def shutdown_roles(
    service_name: str, deployment_name: str, role_names: Sequence[str], post_shutdown_action: str | None
) -> Call[AcceptedOperation]:
    """Stop several roles in one operation."""
    method = SHUTDOWN_ROLES.name
    document = ShutdownRolesOperation(
        operation_type="ShutdownRolesOperation", roles=arguments.names(method, "roleNames", role_names)
    )
    if post_shutdown_action is not None:
        document.post_shutdown_action = arguments.one_of(
            method, "postShutdownAction", post_shutdown_action, POST_SHUTDOWN_ACTIONS
        )
    body = Document(document, "ShutdownRolesOperation")
    return Call(SHUTDOWN_ROLES, place(service_name, deployment_name), body)


def start_roles(
    service_name: str, deployment_name: str, role_names: Sequence[str]
) -> Call[AcceptedOperation]:
    """Start several roles in one operation."""
    document = StartRolesOperation(
        operation_type="StartRolesOperation",
        roles=arguments.names(START_ROLES.name, "roleNames", role_names),
    )
    body = Document(document, "StartRolesOperation")
    return Call(START_ROLES, place(service_name, deployment_name), body)


def on_instance(
    operation: Operation[AcceptedOperation], service_name: str, deployment_name: str, role_instance: str
) -> Call[AcceptedOperation]:
    """Reboot, reimage or rebuild an instance: no body, the query says it."""
    return Call(operation, _instance(service_name, deployment_name, role_instance))


def get_remote_desktop_file(service_name: str, deployment_name: str, role_instance: str) -> Call[str]:
    """Read the file that opens a remote desktop on an instance."""
    return Call(GET_REMOTE_DESKTOP_FILE, _instance(service_name, deployment_name, role_instance))
