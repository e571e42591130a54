"""Role instances: what running machines can be told to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from azure_iaas.models import CaptureOptions
from azure_iaas.models.documents import (
    CaptureRoleAsVMImageOperation,
    CaptureRoleOperation,
    RoleInstanceNames,
    RoleOperation,
    ShutdownRoleOperation,
    ShutdownRolesOperation,
    StartRolesOperation,
)
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import PlainText
from azure_iaas.operations.operation import Document, Group, Parts, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from azure_iaas.models.mappings import CaptureOptionsDict, CaptureRoleAsVMImageOperationDict
    from azure_iaas.wire.messages import Dialect

_DEPLOYMENT = "/services/hostedservices/{service_name}/deployments/{deployment_name}"
_INSTANCE = f"{_DEPLOYMENT}/roleinstances/{{role_instance}}"
_ON_INSTANCE = f"{_INSTANCE}/Operations"
_PREVIEW_ON_INSTANCE = f"{_DEPLOYMENT}/RoleInstances/{{role_instance}}/Operations"
_ON_ROLES = f"{_DEPLOYMENT}/Roles/Operations"

POST_SHUTDOWN_ACTIONS: Final = ("Stopped", "StoppedDeallocated")
POST_CAPTURE_ACTIONS: Final = ("Delete", "Reprovision")


def _told(document: RoleOperation, kind: str, dialect: Dialect, argument: str = "") -> Parts:
    # The preview's bodies have no OperationType: the root says it.
    if dialect == "ga":
        document.operation_type = kind
    return Parts(Document(document, kind, argument=argument))


class RoleInstances(Group):
    """Instances of roles."""

    @write(
        "POST",
        _ON_INSTANCE,
        "Shutdown Role (jj157195)",
        preview=_PREVIEW_ON_INSTANCE,
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def shutdown_role_instance(
        self,
        service_name: str,
        deployment_name: str,
        role_instance: str,
        *,
        post_shutdown_action: str | None = None,
    ) -> Parts:
        """Stop a virtual machine. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance, which is that of its role.
            post_shutdown_action: ``Stopped`` (the service's default: still billed, keeps its address) or
                ``StoppedDeallocated`` (not billed, loses it); x-ms-version 2013-06-01.
        """
        document = ShutdownRoleOperation()
        if post_shutdown_action is not None:
            document.post_shutdown_action = arguments.one_of(
                "post_shutdown_action", post_shutdown_action, POST_SHUTDOWN_ACTIONS
            )
        return _told(document, "ShutdownRoleOperation", self.terms.dialect)

    @write(
        "POST",
        _ON_INSTANCE,
        "Start Role (jj157189)",
        preview=_PREVIEW_ON_INSTANCE,
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def start_role_instance(self, service_name: str, deployment_name: str, role_instance: str) -> Parts:
        """Start a stopped virtual machine. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance, which is that of its role.
        """
        return _told(RoleOperation(), "StartRoleOperation", self.terms.dialect)

    @write(
        "POST",
        _ON_INSTANCE,
        "Restart Role (jj157197)",
        preview=_PREVIEW_ON_INSTANCE,
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def restart_role_instance(self, service_name: str, deployment_name: str, role_instance: str) -> Parts:
        """Restart a virtual machine. Repeating it restarts it again.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance, which is that of its role.
        """
        return _told(RoleOperation(), "RestartRoleOperation", self.terms.dialect)

    @write(
        "POST",
        _ON_INSTANCE,
        "Capture Role (jj157201)",
        preview=_PREVIEW_ON_INSTANCE,
        shown_by="get_os_image(options.target_image_name)",
    )
    def capture_role_instance(
        self,
        service_name: str,
        deployment_name: str,
        role_instance: str,
        options: CaptureOptions | CaptureOptionsDict | Mapping[str, Any],
    ) -> Parts:
        """Make an OS image of a stopped, generalised virtual machine; data disks aren't captured.

        Look for the image before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance, which is that of its role.
            options: PostCaptureActions (``Delete`` removes the machine, ``Reprovision`` sets it up anew and
                needs ProvisioningConfiguration), TargetImageLabel, TargetImageName; all required.
        """
        given = arguments.coerce("options", options, CaptureOptions, closed=True)
        action = arguments.one_of(
            "options.post_capture_actions", given.post_capture_actions, POST_CAPTURE_ACTIONS
        )
        provisioning = given.provisioning_configuration
        if action == "Reprovision" and provisioning is None:
            raise arguments.refused("options.provisioning_configuration", "required to reprovision")
        document = CaptureRoleOperation(
            post_capture_action=action,
            target_image_label=arguments.text("options.target_image_label", given.target_image_label),
            target_image_name=arguments.new_name(
                "options.target_image_name", given.target_image_name, kind="image_name"
            ),
        )
        if provisioning is not None:
            document.provisioning_configuration = provisioning
        if given.supports_stateless_deployment is not None and self.terms.dialect == "preview":
            document.supports_stateless_deployment = given.supports_stateless_deployment
        return _told(document, "CaptureRoleOperation", self.terms.dialect, "options")

    @write(
        "POST",
        _ON_INSTANCE,
        "Capture Role as VM Image (protocol 12.3)",
        preview=_PREVIEW_ON_INSTANCE,
        shown_by="list_vm_images()",
    )
    def capture_role_as_vm_image(
        self,
        service_name: str,
        deployment_name: str,
        role_instance: str,
        options: CaptureRoleAsVMImageOperationDict | Mapping[str, Any],
    ) -> Parts:
        """Make a VM image of a machine, data disks included. Look for the image before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance, which is that of its role.
            options: OSState (``Generalized`` removes the machine, ``Specialized`` keeps it), VMImageName,
                VMImageLabel, all required; Description, Language, ImageFamily, RecommendedVMSize.
        """
        document = arguments.coerce("options", options, CaptureRoleAsVMImageOperation, closed=True)
        arguments.one_of("options.os_state", document.os_state, ("Generalized", "Specialized"))
        arguments.new_name("options.vm_image_name", document.vm_image_name, kind="image_name")
        arguments.text("options.vm_image_label", document.vm_image_label)
        return _told(document, "CaptureRoleAsVMImageOperation", "ga", "options")

    @write(
        "POST",
        _ON_INSTANCE,
        "Redeploy Role (protocol 12.3)",
        preview=_PREVIEW_ON_INSTANCE,
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def redeploy_role_instance(self, service_name: str, deployment_name: str, role_instance: str) -> Parts:
        """Move a virtual machine to another host. Repeating it moves it again.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance, which is that of its role.
        """
        return _told(RoleOperation(), "RedeployRoleOperation", self.terms.dialect)

    @write(
        "POST",
        _ON_INSTANCE,
        "Perform Maintenance on Role (protocol 12.3)",
        preview=_PREVIEW_ON_INSTANCE,
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def perform_maintenance_on_role_instance(
        self, service_name: str, deployment_name: str, role_instance: str
    ) -> Parts:
        """Have announced maintenance done now; the virtual machine restarts. Repeating it restarts it again.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance, which is that of its role.
        """
        return _told(RoleOperation(), "PerformMaintenanceOnRoleOperation", self.terms.dialect)

    @write(
        "POST",
        _ON_ROLES,
        "Shutdown Roles (dn469421)",
        since="2013-06-01",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def shutdown_roles(
        self,
        service_name: str,
        deployment_name: str,
        role_names: Sequence[str],
        *,
        post_shutdown_action: str | None = None,
    ) -> Parts:
        """Stop several machines in one operation. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_names: names of the roles, at least one.
            post_shutdown_action: ``Stopped`` (the service's default: still billed, keeps its address) or
                ``StoppedDeallocated`` (not billed, loses it).
        """
        document = ShutdownRolesOperation(operation_type="ShutdownRolesOperation", roles=list(role_names))
        if post_shutdown_action is not None:
            document.post_shutdown_action = arguments.one_of(
                "post_shutdown_action", post_shutdown_action, POST_SHUTDOWN_ACTIONS
            )
        return Parts(Document(document, "ShutdownRolesOperation"))

    @write(
        "POST",
        _ON_ROLES,
        "Start Roles (dn469419)",
        since="2013-06-01",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def start_roles(self, service_name: str, deployment_name: str, role_names: Sequence[str]) -> Parts:
        """Start several machines in one operation. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_names: names of the roles, at least one.
        """
        document = StartRolesOperation(operation_type="StartRolesOperation", roles=list(role_names))
        return Parts(Document(document, "StartRolesOperation"))

    @write(
        "POST",
        f"{_DEPLOYMENT}/roleinstances/",
        "Delete Role Instances (dn469418)",
        query="comp=delete",
        since="2013-08-01",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def delete_role_instances(self, service_name: str, deployment_name: str, names: Sequence[str]) -> Parts:
        """Delete several role instances in one operation. Look which are left before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            names: names of the instances, at least one.
        """
        return Parts(Document(RoleInstanceNames(names=list(names)), "RoleInstances"))

    @write(
        "POST",
        _INSTANCE,
        "Reboot Role Instance (gg441298)",
        query="comp=reboot",
        since="2010-10-28",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def reboot_role_instance(self, service_name: str, deployment_name: str, role_instance: str) -> None:
        """Reboot an instance. Repeating it reboots it again.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance.
        """

    @write(
        "POST",
        _INSTANCE,
        "Reimage Role Instance (gg441292)",
        query="comp=reimage",
        since="2010-10-28",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def reimage_role_instance(self, service_name: str, deployment_name: str, role_instance: str) -> None:
        """Reimage a web or worker instance. Repeating it does so again.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance.
        """

    @write(
        "POST",
        _INSTANCE,
        "Rebuild Role Instance (dn627518)",
        query="comp=rebuild&resources=allLocalDrives",
        since="2013-08-01",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def rebuild_role_instance(self, service_name: str, deployment_name: str, role_instance: str) -> None:
        """Rebuild a web or worker instance with new local disks. Repeating it does so again.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance.
        """

    @read(f"{_INSTANCE}/ModelFile", "Download RDP File (jj157183)", PlainText(), query="FileType=RDP")
    def get_remote_desktop_file(self, service_name: str, deployment_name: str, role_instance: str) -> None:
        """Read the text of an RDP file for a machine; it needs an endpoint to port 3389.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_instance: name of the instance, which is that of its role.
        """
