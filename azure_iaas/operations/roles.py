"""Roles, the virtual machines of a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure_iaas.models import VMRole
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import OneObject
from azure_iaas.operations.operation import Document, Group, Parts, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models.mappings import VMRoleDict


_DEPLOYMENT = "/services/hostedservices/{service_name}/deployments/{deployment_name}"
_ROLES = f"{_DEPLOYMENT}/roles"
_ROLE = f"{_ROLES}/{{role_name}}"
_PREVIEW_ROLES = f"{_DEPLOYMENT}/Roles"
_PREVIEW_ROLE = f"{_PREVIEW_ROLES}/{{role_name}}"


class Roles(Group):
    """Roles: virtual machines as they are defined."""

    @read(
        _ROLE, "Get Role (jj157193)", OneObject(VMRole, ("PersistentVMRole", "Role")), preview=_PREVIEW_ROLE
    )
    def get_role(self, service_name: str, deployment_name: str, role_name: str) -> None:
        """Read one role; its provisioning configuration never comes back.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_name: name of the role.
        """

    @write(
        "POST",
        _ROLES,
        "Add Role (jj157186)",
        preview=_PREVIEW_ROLES,
        shown_by="get_role(service_name, deployment_name, role.role_name)",
    )
    def add_role(
        self, service_name: str, deployment_name: str, role: VMRole | VMRoleDict | Mapping[str, Any]
    ) -> Parts:
        """Add a virtual machine to a deployment. One write per deployment runs at a time.

        Look for the role before repeating it: a second one of the name is refused.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of a deployment that exists.
            role: the machine; ``role_name``, and ``os_disk`` or ``vm_image_name``, are required. What the
                service alone says of a role as read is left out.

        Raises:
            ConflictError: kind ``EXCLUSIVE_ACCESS``: another write is under way.
        """
        return Parts(Document(arguments.new_role(role), "PersistentVMRole", "Role", argument="role"))

    @write(
        "PUT",
        _ROLE,
        "Update Role (jj157187)",
        preview=_PREVIEW_ROLE,
        shown_by="get_role(service_name, deployment_name, role_name)",
    )
    def modify_role(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        role: VMRole | VMRoleDict | Mapping[str, Any],
    ) -> Parts:
        """Change a role. Its network configuration replaces the old one: an endpoint left out is removed.

        The safe way is to read the role, change it and give it back whole. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_name: name of the role.
            role: what it is to be; no provisioning configuration. Another size restarts the machine. What
                the service alone says of it is left out.

        Raises:
            ConflictError: kind ``EXCLUSIVE_ACCESS``: another write is under way.
        """
        checked = arguments.changed_role(role_name, role)
        return Parts(Document(checked, "PersistentVMRole", "Role", argument="role"))

    @write(
        "DELETE",
        _ROLE,
        "Delete Role (jj157184)",
        preview=_PREVIEW_ROLE,
        shown_by="get_role(service_name, deployment_name, role_name)",
    )
    def delete_role(
        self, service_name: str, deployment_name: str, role_name: str, *, delete_media: bool = False
    ) -> Parts:
        """Delete a role. The last one goes only with its deployment. May be repeated: gone is 404.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            role_name: name of the role.
            delete_media: delete its disks and their blobs too (x-ms-version 2013-08-01); otherwise they stay,
                and are billed.

        Raises:
            BadRequestError: it is the deployment's only role.
        """
        return Parts.media(delete_media)
