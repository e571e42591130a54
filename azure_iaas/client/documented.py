"""The documented operations, one awaitable method each.

What every method raises:

- ``InvalidArgumentError``: an argument breaks a rule; nothing was sent.
- ``ServiceError``: the service refused, by status ``BadRequestError``, ``AuthenticationError``,
  ``ResourceNotFoundError``, ``ConflictError``, ``ThrottledError``, ``ServerError``.
- ``TransportError``: no complete answer to a read, or a write that provably never left.
- ``OutcomeUnknownError``: a write was sent and its answer was lost. Look before repeating it.
- ``ProtocolError``: an answer the protocol doesn't allow.

Reads repeat themselves after a passing failure; writes only when the request never left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure_iaas.client.calling import Caller
from azure_iaas.operations import (
    data_disks,
    deployments,
    hosted_services,
    images,
    roles,
    storage_accounts,
    subscriptions,
)
from azure_iaas.operations.operation import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models import (
        CaptureOptions,
        DataDisk,
        Deployment,
        DeployOptions,
        HostedService,
        ImageOptions,
        OperationStatus,
        OSImage,
        ServiceOptions,
        StorageService,
        VMRole,
    )
    from azure_iaas.operations.tracking import AcceptedOperation


class DocumentedOperations(Caller):
    """The 21 methods of the documented API under their async names."""

    async def get_operation_status(self, request_id: str) -> OperationStatus:
        """Ask once how an accepted operation stands; does not wait.

        Args:
            request_id: the ``x-ms-request-id`` of the response that accepted it.

        Raises:
            ResourceNotFoundError: the id is unknown.

        Source: "Get Operation Status" (ee460783).
        """
        return await self._call(subscriptions.get_operation_status(request_id))

    async def get_os_image(self, image_name: str) -> OSImage:
        """Read one image, the subscription's own or a platform image.

        Source: "Get OS Image" (protocol 11.2).
        """
        return await self._call(Call(images.GET_OS_IMAGE, {"imageName": image_name}))

    async def list_os_images(self) -> list[OSImage]:
        """Read all images, own and platform ones, in the service's order; there may be a thousand.

        Source: "List OS Images" (jj157191).
        """
        return await self._call(Call(images.LIST_OS_IMAGES))

    async def create_os_image(
        self, image_name: str, media_link: str, options: ImageOptions | Mapping[str, Any] | None = None
    ) -> OSImage:
        """Register an image from a page blob of a generalised, fixed-size VHD.

        Args:
            image_name: unique among the subscription's images.
            media_link: URL of the blob, in a storage account of the subscription.
            options: Label (default: the name), OS (default: Linux), and see
                :class:`~azure_iaas.models.ImageOptions`.

        Source: "Add OS Image" (jj157192).
        """
        call = images.create_os_image(image_name, media_link, options, dialect=self.terms.dialect)
        return await self._call(call)

    async def list_hosted_services(self) -> list[HostedService]:
        """Read all cloud services, without their deployments.

        Source: "List Cloud Services" (ee460781).
        """
        return await self._call(Call(hosted_services.LIST_HOSTED_SERVICES))

    async def get_hosted_service(self, service_name: str, *, embed_detail: bool = False) -> HostedService:
        """Read one cloud service.

        Args:
            service_name: name of the service.
            embed_detail: give its deployments too.

        Source: "Get Cloud Service Properties" (ee460806).
        """
        call = hosted_services.get_hosted_service(service_name, embed_detail=embed_detail)
        return await self._call(call)

    async def create_hosted_service(
        self, service_name: str, options: ServiceOptions | Mapping[str, Any] | None = None
    ) -> AcceptedOperation:
        """Create a cloud service; it exists when this returns.

        Args:
            service_name: becomes ``<name>.cloudapp.net``, unique in the whole cloud.
            options: Description (default ``Service host``), Label (default: the name), Location (default:
                the client's ``default_location``) or AffinityGroup, and see
                :class:`~azure_iaas.models.ServiceOptions`.

        Raises:
            ConflictError: kind ``NAME_TAKEN``: the name is in use, maybe by an earlier request of yours.

        Source: "Create Cloud Service" (gg441304).
        """
        call = hosted_services.create_hosted_service(
            service_name, options, default_location=self.options.default_location
        )
        return await self._call(call)

    async def get_storage_account_keys(self, service_name: str) -> StorageService:
        """Read the access keys of a storage account, in ``storage_service_keys``.

        Args:
            service_name: name of the storage account (the documentation calls it so).

        Source: "Get Storage Account Keys" (ee460785).
        """
        return await self._call(
            Call(storage_accounts.GET_STORAGE_ACCOUNT_KEYS, {"serviceName": service_name})
        )

    async def get_deployment(self, service_name: str, deployment_name: str) -> Deployment:
        """Read a deployment with its roles and instances.

        Source: "Get Deployment" (ee460804).
        """
        path = deployments.place(service_name, deployment_name)
        return await self._call(Call(deployments.GET_DEPLOYMENT, path))

    async def get_deployment_by_slot(self, service_name: str, deployment_slot: str) -> Deployment:
        """Read the deployment in a slot.

        Args:
            service_name: name of the service.
            deployment_slot: ``Production`` or ``Staging``, in any case.

        Source: "Get Deployment" (ee460804).
        """
        return await self._call(deployments.get_deployment_by_slot(service_name, deployment_slot))

    async def create_deployment(
        self,
        service_name: str,
        deployment_name: str,
        role: VMRole | Mapping[str, Any],
        options: DeployOptions | Mapping[str, Any] | None = None,
    ) -> AcceptedOperation:
        """Create a deployment with its first virtual machine. Never repeat it blindly.

        Its operation succeeds before the machine is ready: that is when the instance in
        ``get_deployment`` is ``ReadyRole``.

        Args:
            service_name: an existing service.
            deployment_name: unique in the service.
            role: the machine; ``role_name`` and ``os_disk`` are required.
            options: DeploymentSlot (default ``Production``), Label (default: the name),
                UpgradeDomainCount, and see :class:`~azure_iaas.models.DeployOptions`.

        Raises:
            ConflictError: kind ``SLOT_OCCUPIED``: there is a deployment already, add the role to it; or
                ``EXCLUSIVE_ACCESS``: another write is under way.

        Source: "Create Virtual Machine Deployment" (jj157194).
        """
        call = deployments.create_deployment(service_name, deployment_name, role, options)
        return await self._call(call)

    async def get_role(self, service_name: str, deployment_name: str, role_name: str) -> VMRole:
        """Read one role; its provisioning configuration never comes back.

        Source: "Get Role" (jj157193).
        """
        return await self._call(roles.get_role(service_name, deployment_name, role_name))

    async def add_role(
        self, service_name: str, deployment_name: str, role: VMRole | Mapping[str, Any]
    ) -> AcceptedOperation:
        """Add a virtual machine to a deployment. One write per deployment runs at a time.

        Source: "Add Role" (jj157186).
        """
        return await self._call(roles.add_role(service_name, deployment_name, role))

    async def modify_role(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        role: VMRole | Mapping[str, Any],
    ) -> AcceptedOperation:
        """Change a role. Its network configuration replaces the old one: an endpoint left out is removed.

        The safe way is to read the role, change it and give it back whole.

        Source: "Update Role" (jj157187).
        """
        return await self._call(roles.modify_role(service_name, deployment_name, role_name, role))

    async def delete_role(
        self, service_name: str, deployment_name: str, role_name: str, *, delete_media: bool = False
    ) -> AcceptedOperation:
        """Delete a role. The last one goes only with its deployment.

        Args:
            service_name: name of the service.
            deployment_name: name of the deployment.
            role_name: name of the role.
            delete_media: delete its disks and their blobs too; otherwise they stay, and are billed.

        Source: "Delete Role" (jj157184).
        """
        call = roles.delete_role(service_name, deployment_name, role_name, delete_media=delete_media)
        return await self._call(call)

    async def add_data_disk(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        data_disk: DataDisk | Mapping[str, Any],
    ) -> AcceptedOperation:
        """Attach a data disk: by name, by media or by size.

        Source: "Add Data Disk" (jj157199).
        """
        call = data_disks.add_data_disk(service_name, deployment_name, role_name, data_disk)
        return await self._call(call)

    async def modify_data_disk(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        lun: int | str,
        data_disk: DataDisk | Mapping[str, Any],
    ) -> AcceptedOperation:
        """Change a data disk's caching, or move it to another LUN.

        Args:
            service_name: name of the service.
            deployment_name: name of the deployment.
            role_name: name of the role.
            lun: the disk's logical unit number now, 0 to 31.
            data_disk: what changes; without a LUN in it the disk stays where it is.

        Source: "Update Data Disk" (jj157190).
        """
        call = data_disks.modify_data_disk(service_name, deployment_name, role_name, lun, data_disk)
        return await self._call(call)

    async def remove_data_disk(
        self,
        service_name: str,
        deployment_name: str,
        role_name: str,
        lun: int | str,
        *,
        delete_media: bool = False,
    ) -> AcceptedOperation:
        """Detach a data disk; with ``delete_media`` delete its blob too.

        Source: "Delete Data Disk" (jj157179).
        """
        call = data_disks.remove_data_disk(
            service_name, deployment_name, role_name, lun, delete_media=delete_media
        )
        return await self._call(call)

    async def shutdown_role_instance(
        self,
        service_name: str,
        deployment_name: str,
        role_instance: str,
        *,
        post_shutdown_action: str | None = None,
    ) -> AcceptedOperation:
        """Stop a virtual machine.

        Args:
            service_name: name of the service.
            deployment_name: name of the deployment.
            role_instance: name of the instance, which is that of its role.
            post_shutdown_action: ``Stopped`` (the service's default: still billed, keeps its address) or
                ``StoppedDeallocated`` (not billed, loses it).

        Source: "Shutdown Role" (jj157195).
        """
        call = roles.shutdown_role_instance(
            service_name,
            deployment_name,
            role_instance,
            post_shutdown_action,
            dialect=self.terms.dialect,
        )
        return await self._call(call)

    async def restart_role_instance(
        self, service_name: str, deployment_name: str, role_instance: str
    ) -> AcceptedOperation:
        """Restart a virtual machine.

        Source: "Restart Role" (jj157197).
        """
        call = roles.restart_role_instance(
            service_name, deployment_name, role_instance, dialect=self.terms.dialect
        )
        return await self._call(call)

    async def capture_role_instance(
        self,
        service_name: str,
        deployment_name: str,
        role_instance: str,
        options: CaptureOptions | Mapping[str, Any],
    ) -> AcceptedOperation:
        """Make an OS image of a stopped, generalised virtual machine; data disks aren't captured.

        Args:
            service_name: name of the service.
            deployment_name: name of the deployment.
            role_instance: name of the instance.
            options: PostCaptureActions (``Delete`` removes the machine, ``Reprovision`` sets it up anew and
                needs ProvisioningConfiguration), TargetImageLabel, TargetImageName.

        Source: "Capture Role" (jj157201).
        """
        call = roles.capture_role_instance(
            service_name, deployment_name, role_instance, options, dialect=self.terms.dialect
        )
        return await self._call(call)
