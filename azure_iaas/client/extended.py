"""Operations beyond the documented ones: what a whole life cycle needs.

Errors are those of :mod:`azure_iaas.client.documented`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure_iaas.client.networking import DeploymentNetworkingOperations
from azure_iaas.operations import (
    affinity_groups,
    certificates,
    data_disks,
    deployments,
    hosted_services,
    images,
    networks,
    roles,
    storage_accounts,
    subscriptions,
)
from azure_iaas.operations.operation import Call

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pydantic import SecretStr

    from azure_iaas.models import (
        AddressAvailabilityResponse,
        AffinityGroup,
        AvailabilityResponse,
        DataDisk,
        Disk,
        ExternalEndpoint,
        Location,
        OSImage,
        ReservedIP,
        RoleSize,
        ServiceCertificate,
        StorageService,
        Subscription,
        SubscriptionCertificate,
        SubscriptionOperationCollection,
        VirtualNetworkSite,
        VMImage,
    )
    from azure_iaas.operations.tracking import AcceptedOperation


class ExtendedOperations(DeploymentNetworkingOperations):
    """Second-tier operations under names made by the same rule."""

    # --- cloud services ---------------------------------------------------------------------------------

    async def update_hosted_service(self, service_name: str, changes: Mapping[str, Any]) -> AcceptedOperation:
        """Change a cloud service's Label, Description or ExtendedProperties; done when this returns.

        Source: "Update Cloud Service" (gg441303).
        """
        return await self._call(hosted_services.update_hosted_service(service_name, changes))

    async def delete_hosted_service(
        self, service_name: str, *, delete_media: bool = False
    ) -> AcceptedOperation:
        """Delete a cloud service, which must hold no deployment.

        Args:
            service_name: name of the service.
            delete_media: delete its deployments, disks and blobs too, as a long-running operation.

        Source: "Delete Cloud Service" (gg441305).
        """
        call = hosted_services.delete_hosted_service(service_name, delete_media=delete_media)
        return await self._call(call)

    async def check_hosted_service_name(self, service_name: str) -> AvailabilityResponse:
        """Ask whether a cloud service may have this name.

        Source: "Check Cloud Service Name Availability" (jj154116).
        """
        path = {"serviceName": service_name}
        return await self._call(Call(hosted_services.CHECK_HOSTED_SERVICE_NAME, path))

    # --- deployments ------------------------------------------------------------------------------------

    async def delete_deployment(
        self, service_name: str, deployment_name: str, *, delete_media: bool = False
    ) -> AcceptedOperation:
        """Delete a deployment with all its machines.

        Args:
            service_name: name of the service.
            deployment_name: name of the deployment.
            delete_media: delete the disks and their blobs too; otherwise they stay, and are billed.

        Source: "Delete Deployment" (ee460815).
        """
        call = deployments.delete_deployment(service_name, deployment_name, delete_media=delete_media)
        return await self._call(call)

    async def delete_deployment_by_slot(self, service_name: str, deployment_slot: str) -> AcceptedOperation:
        """Delete the deployment in a slot; its disks stay.

        Source: "Delete Deployment" (ee460815).
        """
        return await self._call(deployments.delete_deployment_by_slot(service_name, deployment_slot))

    async def swap_deployment(
        self, service_name: str, production: str, source_deployment: str
    ) -> AcceptedOperation:
        """Exchange two deployments: names in production and in staging. Not for virtual machines.

        Source: "Swap Deployment" (ee460814).
        """
        return await self._call(deployments.swap_deployment(service_name, production, source_deployment))

    async def update_deployment_status(
        self, service_name: str, deployment_name: str, status: str
    ) -> AcceptedOperation:
        """Set a web or worker deployment ``Running`` or ``Suspended``.

        Source: "Update Deployment Status" (ee460808).
        """
        return await self._call(deployments.update_deployment_status(service_name, deployment_name, status))

    async def change_deployment_configuration(
        self, service_name: str, deployment_name: str, change: Mapping[str, Any]
    ) -> AcceptedOperation:
        """Change the service configuration of a web or worker deployment; Configuration is base64.

        Source: "Change Deployment Configuration" (protocol 12.2).
        """
        call = deployments.change_deployment_configuration(service_name, deployment_name, change)
        return await self._call(call)

    async def update_load_balanced_set(
        self,
        service_name: str,
        deployment_name: str,
        endpoints: Sequence[ExternalEndpoint | Mapping[str, Any]],
    ) -> AcceptedOperation:
        """Change the endpoints of load balanced sets in all roles at once.

        Source: "Update Load Balanced Endpoint Set" (dn469417).
        """
        call = deployments.update_load_balanced_set(service_name, deployment_name, list(endpoints))
        return await self._call(call)

    async def delete_role_instances(
        self, service_name: str, deployment_name: str, names: Sequence[str]
    ) -> AcceptedOperation:
        """Delete several role instances in one operation.

        Source: "Delete Role Instances" (dn469418).
        """
        return await self._call(deployments.delete_role_instances(service_name, deployment_name, names))

    # --- role instances ---------------------------------------------------------------------------------

    async def start_role_instance(
        self, service_name: str, deployment_name: str, role_instance: str
    ) -> AcceptedOperation:
        """Start a stopped virtual machine.

        Source: "Start Role" (jj157189).
        """
        call = roles.start_role_instance(
            service_name, deployment_name, role_instance, dialect=self.terms.dialect
        )
        return await self._call(call)

    async def redeploy_role_instance(
        self, service_name: str, deployment_name: str, role_instance: str
    ) -> AcceptedOperation:
        """Move a virtual machine to another host.

        Source: "Redeploy Role" (protocol 12.3).
        """
        call = roles.redeploy_role_instance(
            service_name, deployment_name, role_instance, dialect=self.terms.dialect
        )
        return await self._call(call)

    async def perform_maintenance_on_role_instance(
        self, service_name: str, deployment_name: str, role_instance: str
    ) -> AcceptedOperation:
        """Have announced maintenance done now; the virtual machine restarts.

        Source: "Perform Maintenance on Role" (protocol 12.3).
        """
        call = roles.perform_maintenance_on_role_instance(
            service_name, deployment_name, role_instance, dialect=self.terms.dialect
        )
        return await self._call(call)

    async def capture_role_as_vm_image(
        self,
        service_name: str,
        deployment_name: str,
        role_instance: str,
        options: Mapping[str, Any],
    ) -> AcceptedOperation:
        """Make a VM image of a machine, data disks included; ``OSState`` Generalized removes the machine.

        Args:
            service_name: name of the service.
            deployment_name: name of the deployment.
            role_instance: name of the instance.
            options: OSState (``Generalized`` or ``Specialized``), VMImageName, VMImageLabel, Description...

        Source: "Capture Role as VM Image" (protocol 12.3).
        """
        call = roles.capture_role_as_vm_image(service_name, deployment_name, role_instance, options)
        return await self._call(call)

    async def shutdown_roles(
        self,
        service_name: str,
        deployment_name: str,
        role_names: Sequence[str],
        *,
        post_shutdown_action: str | None = None,
    ) -> AcceptedOperation:
        """Stop several machines in one operation; see ``shutdown_role_instance``.

        Source: "Shutdown Roles" (dn469421).
        """
        call = roles.shutdown_roles(service_name, deployment_name, role_names, post_shutdown_action)
        return await self._call(call)

    async def start_roles(
        self, service_name: str, deployment_name: str, role_names: Sequence[str]
    ) -> AcceptedOperation:
        """Start several machines in one operation.

        Source: "Start Roles" (dn469419).
        """
        return await self._call(roles.start_roles(service_name, deployment_name, role_names))

    async def reboot_role_instance(
        self, service_name: str, deployment_name: str, role_instance: str
    ) -> AcceptedOperation:
        """Reboot an instance.

        Source: "Reboot Role Instance" (gg441298).
        """
        call = roles.on_instance(roles.REBOOT_ROLE_INSTANCE, service_name, deployment_name, role_instance)
        return await self._call(call)

    async def reimage_role_instance(
        self, service_name: str, deployment_name: str, role_instance: str
    ) -> AcceptedOperation:
        """Reimage a web or worker instance.

        Source: "Reimage Role Instance" (gg441292).
        """
        call = roles.on_instance(roles.REIMAGE_ROLE_INSTANCE, service_name, deployment_name, role_instance)
        return await self._call(call)

    async def rebuild_role_instance(
        self, service_name: str, deployment_name: str, role_instance: str
    ) -> AcceptedOperation:
        """Rebuild a web or worker instance with new local disks.

        Source: "Rebuild Role Instance" (dn627518).
        """
        call = roles.on_instance(roles.REBUILD_ROLE_INSTANCE, service_name, deployment_name, role_instance)
        return await self._call(call)

    async def get_remote_desktop_file(
        self, service_name: str, deployment_name: str, role_instance: str
    ) -> str:
        """Read the text of an RDP file for a machine; it needs an endpoint to port 3389.

        Source: "Download RDP File" (jj157183).
        """
        call = roles.get_remote_desktop_file(service_name, deployment_name, role_instance)
        return await self._call(call)

    # --- disks and images -------------------------------------------------------------------------------

    async def get_data_disk(
        self, service_name: str, deployment_name: str, role_name: str, lun: int | str
    ) -> DataDisk:
        """Read one data disk of a role.

        Source: "Get Data Disk" (jj157180).
        """
        return await self._call(data_disks.get_data_disk(service_name, deployment_name, role_name, lun))

    async def update_os_image(self, image_name: str, changes: Mapping[str, Any]) -> OSImage:
        """Change an image's Label (required), Description, ImageFamily...; done when this returns.

        Source: "Update OS Image" (jj157198).
        """
        return await self._call(images.update_os_image(image_name, changes))

    async def delete_os_image(self, image_name: str, *, delete_media: bool = False) -> AcceptedOperation:
        """Unregister an image; with ``delete_media`` delete its blob too. Done when this returns.

        Source: "Delete OS Image" (jj157203).
        """
        return await self._call(images.delete_os_image(image_name, delete_media=delete_media))

    async def list_disks(self) -> list[Disk]:
        """Read all disks of the subscription, attached and free.

        Source: "List Disks" (jj157176).
        """
        return await self._call(Call(images.LIST_DISKS))

    async def get_disk(self, disk_name: str) -> Disk:
        """Read one disk of the subscription.

        Source: "Get Disk" (jj157178).
        """
        return await self._call(Call(images.GET_DISK, {"diskName": disk_name}))

    async def create_disk(self, disk: Mapping[str, Any]) -> Disk:
        """Register a disk from a blob: Name, MediaLink, Label (default: the name), OS for an OS disk.

        Source: "Add Disk" (jj157188).
        """
        return await self._call(images.create_disk(disk))

    async def update_disk(self, disk_name: str, changes: Mapping[str, Any]) -> AcceptedOperation:
        """Change a disk's Label, or grow it by ResizedSizeInGB (long-running then).

        Source: "Update Disk" (jj157205).
        """
        return await self._call(images.update_disk(disk_name, changes))

    async def delete_disk(self, disk_name: str, *, delete_media: bool = False) -> AcceptedOperation:
        """Unregister a free disk; with ``delete_media`` delete its blob too. Done when this returns.

        Raises:
            BadRequestError: it is still in use; after its machine is deleted that may last some minutes.

        Source: "Delete Disk" (jj157200).
        """
        return await self._call(images.delete_disk(disk_name, delete_media=delete_media))

    async def list_vm_images(
        self, *, location: str | None = None, publisher: str | None = None, category: str | None = None
    ) -> list[VMImage]:
        """Read the VM images, all or by region, publisher, category.

        Source: "List VM Images" (protocol 12.4).
        """
        return await self._call(images.list_vm_images(location, publisher, category))

    async def create_vm_image(self, image: Mapping[str, Any]) -> AcceptedOperation:
        """Make a VM image from blobs: Name, Label, OSDiskConfiguration, DataDiskConfigurations...

        Source: "Create VM Image" (dn775054).
        """
        return await self._call(images.create_vm_image(image))

    async def update_vm_image(self, image_name: str, changes: Mapping[str, Any]) -> AcceptedOperation:
        """Change a VM image's description; done when this returns.

        Source: "Update VM Image" (protocol 12.4).
        """
        return await self._call(images.update_vm_image(image_name, changes))

    async def delete_vm_image(self, image_name: str, *, delete_media: bool = False) -> AcceptedOperation:
        """Delete a VM image; with ``delete_media`` its blobs too.

        Source: "Delete VM Image" (protocol 12.4).
        """
        return await self._call(images.delete_vm_image(image_name, delete_media=delete_media))

    # --- storage accounts -------------------------------------------------------------------------------

    async def list_storage_accounts(self) -> list[StorageService]:
        """Read all storage accounts, without keys.

        Source: "List Storage Accounts" (ee460787).
        """
        return await self._call(Call(storage_accounts.LIST_STORAGE_ACCOUNTS))

    async def get_storage_account(self, service_name: str) -> StorageService:
        """Read one storage account, without keys.

        Source: "Get Storage Account Properties" (ee460802).
        """
        path = {"serviceName": service_name}
        return await self._call(Call(storage_accounts.GET_STORAGE_ACCOUNT, path))

    async def create_storage_account(
        self, service_name: str, options: Mapping[str, Any] | None = None
    ) -> AcceptedOperation:
        """Create a storage account.

        Args:
            service_name: 3 to 24 lower-case letters and digits, unique in the whole cloud.
            options: Label (default: the name), Description, Location (default: the client's
                ``default_location``) or AffinityGroup, AccountType...

        Source: "Create Storage Account" (hh264518).
        """
        call = storage_accounts.create_storage_account(
            service_name, options, default_location=self.options.default_location
        )
        return await self._call(call)

    async def update_storage_account(
        self, service_name: str, changes: Mapping[str, Any]
    ) -> AcceptedOperation:
        """Change a storage account; done when this returns.

        Source: "Update Storage Account" (hh264516).
        """
        return await self._call(storage_accounts.update_storage_account(service_name, changes))

    async def delete_storage_account(self, service_name: str) -> AcceptedOperation:
        """Delete a storage account and all that is in it; done when this returns.

        Raises:
            BadRequestError: disks or images are in it.

        Source: "Delete Storage Account" (hh264517).
        """
        path = {"serviceName": service_name}
        return await self._call(Call(storage_accounts.DELETE_STORAGE_ACCOUNT, path))

    async def regenerate_storage_account_keys(self, service_name: str, key_type: str) -> StorageService:
        """Make a new ``Primary`` or ``Secondary`` key; both come back. The old one is dead at once.

        Source: "Regenerate Storage Account Keys" (ee460795).
        """
        return await self._call(storage_accounts.regenerate_storage_account_keys(service_name, key_type))

    async def check_storage_account_name(self, service_name: str) -> AvailabilityResponse:
        """Ask whether a storage account may have this name.

        Source: "Check Storage Account Name Availability" (jj154125).
        """
        path = {"serviceName": service_name}
        return await self._call(Call(storage_accounts.CHECK_STORAGE_ACCOUNT_NAME, path))

    # --- subscription -----------------------------------------------------------------------------------

    async def list_locations(self) -> list[Location]:
        """Read the regions.

        Source: "List Locations" (gg441293).
        """
        return await self._call(Call(subscriptions.LIST_LOCATIONS))

    async def list_role_sizes(self) -> list[RoleSize]:
        """Read the sizes of machines.

        Source: "List Role Sizes" (protocol 12.5).
        """
        return await self._call(Call(subscriptions.LIST_ROLE_SIZES))

    async def get_subscription(self) -> Subscription:
        """Read the subscription with its quotas.

        Source: "Get Subscription" (hh403995).
        """
        return await self._call(Call(subscriptions.GET_SUBSCRIPTION))

    async def list_subscription_operations(
        self,
        start_time: datetime,
        end_time: datetime,
        *,
        object_id_filter: str | None = None,
        operation_result_filter: str | None = None,
        continuation_token: str | None = None,
    ) -> SubscriptionOperationCollection:
        """Read what was done in the subscription, at most 90 days back; a page at a time.

        Source: "List Subscription Operations" (gg715318).
        """
        call = subscriptions.list_subscription_operations(
            start_time, end_time, object_id_filter, operation_result_filter, continuation_token
        )
        return await self._call(call)

    # --- certificates -----------------------------------------------------------------------------------

    async def list_service_certificates(self, service_name: str) -> list[ServiceCertificate]:
        """Read the certificates of a cloud service.

        Source: "List Service Certificates" (protocol 12.6).
        """
        path = {"serviceName": service_name}
        return await self._call(Call(certificates.LIST_SERVICE_CERTIFICATES, path))

    async def get_service_certificate(
        self, service_name: str, thumbprint: str, *, algorithm: str = "sha1"
    ) -> ServiceCertificate:
        """Read one certificate of a cloud service; only ``data`` comes back.

        Source: "Get Service Certificate" (protocol 12.6).
        """
        path = certificates.certificate_path(service_name, thumbprint, algorithm)
        return await self._call(Call(certificates.GET_SERVICE_CERTIFICATE, path))

    async def add_service_certificate(
        self,
        service_name: str,
        data: str,
        certificate_format: str = "pfx",
        password: str | SecretStr | None = None,
    ) -> AcceptedOperation:
        """Add a certificate to a cloud service.

        Args:
            service_name: name of the service.
            data: base64 of a pfx or cer file.
            certificate_format: ``pfx`` or ``cer``.
            password: of the pfx file.

        Source: "Add Service Certificate" (ee460817).
        """
        call = certificates.add_service_certificate(service_name, data, certificate_format, password)
        return await self._call(call)

    async def delete_service_certificate(
        self, service_name: str, thumbprint: str, *, algorithm: str = "sha1"
    ) -> AcceptedOperation:
        """Delete a certificate of a cloud service.

        Source: "Delete Service Certificate" (protocol 12.6).
        """
        path = certificates.certificate_path(service_name, thumbprint, algorithm)
        return await self._call(Call(certificates.DELETE_SERVICE_CERTIFICATE, path))

    async def list_management_certificates(self) -> list[SubscriptionCertificate]:
        """Read the certificates that may manage the subscription.

        Source: "List Management Certificates" (protocol 12.7).
        """
        return await self._call(Call(certificates.LIST_MANAGEMENT_CERTIFICATES))

    async def get_management_certificate(self, thumbprint: str) -> SubscriptionCertificate:
        """Read one management certificate.

        Source: "Get Management Certificate" (protocol 12.7).
        """
        path = {"thumbprint": thumbprint}
        return await self._call(Call(certificates.GET_MANAGEMENT_CERTIFICATE, path))

    async def add_management_certificate(self, certificate: Mapping[str, Any]) -> AcceptedOperation:
        """Let one more certificate manage the subscription.

        Args:
            certificate: SubscriptionCertificatePublicKey, SubscriptionCertificateThumbprint and
                SubscriptionCertificateData, all base64 or hex text.

        Source: "Add Management Certificate" (protocol 12.7).
        """
        return await self._call(certificates.add_management_certificate(certificate))

    async def delete_management_certificate(self, thumbprint: str) -> AcceptedOperation:
        """Take a management certificate off the subscription.

        Source: "Delete Management Certificate" (protocol 12.7).
        """
        path = {"thumbprint": thumbprint}
        return await self._call(Call(certificates.DELETE_MANAGEMENT_CERTIFICATE, path))

    # --- affinity groups --------------------------------------------------------------------------------

    async def list_affinity_groups(self) -> list[AffinityGroup]:
        """Read all affinity groups.

        Source: "List Affinity Groups" (ee460797).
        """
        return await self._call(Call(affinity_groups.LIST_AFFINITY_GROUPS))

    async def get_affinity_group(self, name: str) -> AffinityGroup:
        """Read one affinity group with its services and storage accounts.

        Source: "Get Affinity Group Properties" (ee460789).
        """
        return await self._call(Call(affinity_groups.GET_AFFINITY_GROUP, {"name": name}))

    async def create_affinity_group(
        self, name: str, location: str, *, label: str | None = None, description: str | None = None
    ) -> AcceptedOperation:
        """Create an affinity group; it exists when this returns. The label defaults to the name.

        Source: "Create Affinity Group" (gg715317).
        """
        call = affinity_groups.create_affinity_group(name, location, label, description)
        return await self._call(call)

    async def update_affinity_group(
        self, name: str, label: str, *, description: str | None = None
    ) -> AcceptedOperation:
        """Change an affinity group; done when this returns.

        Source: "Update Affinity Group" (gg715316).
        """
        return await self._call(affinity_groups.update_affinity_group(name, label, description))

    async def delete_affinity_group(self, name: str) -> AcceptedOperation:
        """Delete an empty affinity group; done when this returns.

        Source: "Delete Affinity Group" (gg715314).
        """
        return await self._call(Call(affinity_groups.DELETE_AFFINITY_GROUP, {"name": name}))

    # --- networks ---------------------------------------------------------------------------------------

    async def list_virtual_network_sites(self) -> list[VirtualNetworkSite]:
        """Read the virtual networks.

        Source: "List Virtual Network Sites" (jj157185).
        """
        return await self._call(Call(networks.LIST_VIRTUAL_NETWORK_SITES))

    async def get_network_configuration(self) -> str:
        """Read the network configuration, an XML text of its own namespace.

        Source: "Get Network Configuration" (jj157196).
        """
        return await self._call(Call(networks.GET_NETWORK_CONFIGURATION))

    async def set_network_configuration(self, document: str) -> AcceptedOperation:
        """Replace the whole network configuration: what isn't in the text is deleted.

        Source: "Set Network Configuration" (jj157181).
        """
        return await self._call(networks.set_network_configuration(document))

    async def check_address_availability(
        self, network_name: str, address: str
    ) -> AddressAvailabilityResponse:
        """Ask whether an address of a virtual network is free.

        Source: "Check Virtual Network IP Address Availability" (protocol 12.10).
        """
        return await self._call(networks.check_address_availability(network_name, address))

    async def list_reserved_ips(self) -> list[ReservedIP]:
        """Read the reserved addresses.

        Source: "List Reserved IP Addresses" (protocol 12.10).
        """
        return await self._call(Call(networks.LIST_RESERVED_IPS))

    async def get_reserved_ip(self, name: str) -> ReservedIP:
        """Read one reserved address.

        Source: "Get Reserved IP Address" (protocol 12.10).
        """
        return await self._call(Call(networks.GET_RESERVED_IP, {"reservedIPName": name}))

    async def create_reserved_ip(self, name: str, options: Mapping[str, Any]) -> AcceptedOperation:
        """Reserve a public address: Location (required), Label, or the deployment whose address to keep.

        Source: "Create Reserved IP Address" (protocol 12.10).
        """
        return await self._call(networks.create_reserved_ip(name, options))

    async def delete_reserved_ip(self, name: str) -> AcceptedOperation:
        """Give a reserved address back.

        Source: "Delete Reserved IP Address" (protocol 12.10).
        """
        return await self._call(Call(networks.DELETE_RESERVED_IP, {"reservedIPName": name}))

    async def associate_reserved_ip(
        self, name: str, service_name: str, deployment_name: str, *, virtual_ip_name: str | None = None
    ) -> AcceptedOperation:
        """Give a deployment a reserved address.

        Source: "Associate Reserved IP Address" (protocol 12.10).
        """
        call = networks.associate_reserved_ip(
            networks.ASSOCIATE_RESERVED_IP, name, service_name, deployment_name, virtual_ip_name
        )
        return await self._call(call)

    async def disassociate_reserved_ip(
        self, name: str, service_name: str, deployment_name: str, *, virtual_ip_name: str | None = None
    ) -> AcceptedOperation:
        """Take a reserved address from a deployment.

        Source: "Disassociate Reserved IP Address" (protocol 12.10).
        """
        call = networks.associate_reserved_ip(
            networks.DISASSOCIATE_RESERVED_IP, name, service_name, deployment_name, virtual_ip_name
        )
        return await self._call(call)

    # --- resource providers -----------------------------------------------------------------------------

    async def register_resource_provider(self, resource_type: str) -> AcceptedOperation:
        """Let the subscription use a kind of resource, such as ``website``; once is enough.

        Raises:
            ConflictError: it is registered already (``kind`` is ``NAME_TAKEN``); treat it as done.

        Source: "Register Resource Provider" (protocol 12.5).
        """
        return await self._call(subscriptions.resource_provider(subscriptions.REGISTER, resource_type))

    async def unregister_resource_provider(self, resource_type: str) -> AcceptedOperation:
        """Undo a registration.

        Source: "Unregister Resource Provider" (protocol 12.5).
        """
        return await self._call(subscriptions.resource_provider(subscriptions.UNREGISTER, resource_type))
