"""Request documents: the bodies of the calls that write, as the service reads them.

Element order of every document is the documented one (protocol chapters 11 and 12).
"""

from typing import Annotated, ClassVar

from azure_iaas.models.base import AzureModel, OneOrMany, Secret, Timestamp, element
from azure_iaas.models.deployments import Deployment, Dns, ExtendedProperty, LoadBalancer
from azure_iaas.models.hosted_services import HostedService, HostedServiceProperties
from azure_iaas.models.images import DataDiskConfiguration, Disk, OSDiskConfiguration, OSImage, VMImage
from azure_iaas.models.networks import ReservedIP
from azure_iaas.models.roles import VMRole
from azure_iaas.models.sets import AnyConfigurationSet, ExternalEndpoint
from azure_iaas.models.storage_accounts import CustomDomain, StorageService, StorageServiceProperties
from azure_iaas.models.subscriptions import AffinityGroup


class CreateHostedService(AzureModel):
    """Body of Create Cloud Service (gg441304)."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (HostedService,)

    service_name: str | None = element("ServiceName")
    label: str | None = element("Label", base64=True)
    description: str | None = element("Description")
    location: str | None = element("Location")
    affinity_group: str | None = element("AffinityGroup")
    extended_properties: list[ExtendedProperty] = element("ExtendedProperties", item="ExtendedProperty")
    reverse_dns_fqdn: str | None = element("ReverseDnsFqdn")


class UpdateHostedService(AzureModel):
    """Body of Update Cloud Service (gg441303)."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (HostedService, HostedServiceProperties)

    label: str | None = element("Label", base64=True)
    description: str | None = element("Description")
    location: str | None = element("Location")
    affinity_group: str | None = element("AffinityGroup")
    extended_properties: list[ExtendedProperty] = element("ExtendedProperties", item="ExtendedProperty")
    guest_agent_type: str | None = element("GuestAgentType")
    reverse_dns_fqdn: str | None = element("ReverseDnsFqdn")


class CreateDeployment(AzureModel):
    """Body of Create Virtual Machine Deployment (jj157194), root ``Deployment``.

    The label goes out plain: the service encodes it itself.
    """

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (Deployment,)

    name: str | None = element("Name")
    deployment_slot: str | None = element("DeploymentSlot")
    label: str | None = element("Label")
    upgrade_domain_count: int | None = element("UpgradeDomainCount")
    role_list: list[VMRole] = element("RoleList", item="Role")
    virtual_network_name: str | None = element("VirtualNetworkName")
    dns: Dns | None = element("Dns")
    reserved_ip_name: str | None = element("ReservedIPName")
    load_balancers: list[LoadBalancer] = element("LoadBalancers", item="LoadBalancer")


class RoleOperation(AzureModel):
    """Body of Start Role (jj157189), Restart Role (jj157197), Redeploy: only the kind of operation."""

    operation_type: str | None = element("OperationType")


class ShutdownRoleOperation(RoleOperation):
    """Body of Shutdown Role (jj157195).

    ``post_shutdown_action`` is ``Stopped`` (billed, address kept; the default) or ``StoppedDeallocated``.
    """

    post_shutdown_action: str | None = element("PostShutdownAction")


class CaptureRoleOperation(RoleOperation):
    """Body of Capture Role (jj157201)."""

    post_capture_action: str | None = element("PostCaptureAction")
    provisioning_configuration: AnyConfigurationSet | None = element("ProvisioningConfiguration")
    supports_stateless_deployment: bool | None = element("SupportsStatelessDeployment")
    target_image_label: str | None = element("TargetImageLabel")
    target_image_name: str | None = element("TargetImageName")


class CaptureRoleAsVMImageOperation(RoleOperation):
    """Body of Capture Role as VM image; ``os_state`` Generalized removes the machine."""

    os_state: str | None = element("OSState")
    vm_image_name: str | None = element("VMImageName")
    vm_image_label: str | None = element("VMImageLabel")
    description: str | None = element("Description")
    language: str | None = element("Language")
    image_family: str | None = element("ImageFamily")
    recommended_vm_size: str | None = element("RecommendedVMSize")


class StartRolesOperation(RoleOperation):
    """Body of Start Roles (dn469419)."""

    roles: list[str] = element("Roles", item="Name")


class ShutdownRolesOperation(StartRolesOperation):
    """Body of Shutdown Roles (dn469421)."""

    post_shutdown_action: str | None = element("PostShutdownAction")


class RoleInstanceNames(AzureModel):
    """Body of Delete Role Instances (dn469418), root ``RoleInstances``: the names themselves."""

    names: list[str] = element("Name", item="")


class AddOSImage(AzureModel):
    """Body of Add OS Image (jj157192) and Update OS Image (jj157198), root ``OSImage``."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (OSImage,)

    label: str | None = element("Label")
    media_link: str | None = element("MediaLink")
    name: str | None = element("Name")
    os: str | None = element("OS")
    eula: str | None = element("Eula")
    description: str | None = element("Description")
    image_family: str | None = element("ImageFamily")
    published_date: Timestamp | None = element("PublishedDate")
    is_premium: bool | None = element("IsPremium")
    show_in_gui: bool | None = element("ShowInGui")
    privacy_uri: str | None = element("PrivacyUri")
    icon_uri: str | None = element("IconUri")
    recommended_vm_size: str | None = element("RecommendedVMSize")
    small_icon_uri: str | None = element("SmallIconUri")
    language: str | None = element("Language")
    category: str | None = element("Category")
    location: str | None = element("Location")
    role_size: str | None = element("RoleSize")


class AddDisk(AzureModel):
    """Body of Add Disk (jj157188) and Update Disk (jj157205), root ``Disk``."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (Disk,)

    has_operating_system: bool | None = element("HasOperatingSystem")
    os: str | None = element("OS")
    label: str | None = element("Label")
    media_link: str | None = element("MediaLink")
    name: str | None = element("Name")
    resized_size_in_gb: int | None = element("ResizedSizeInGB")


class NewOSDiskConfiguration(AzureModel):
    """System disk of a VM image that is made."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (OSDiskConfiguration,)

    host_caching: str | None = element("HostCaching")
    os_state: str | None = element("OSState")
    os: str | None = element("OS")
    media_link: str | None = element("MediaLink")


class NewDataDiskConfiguration(AzureModel):
    """Data disk of a VM image that is made."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (DataDiskConfiguration,)

    host_caching: str | None = element("HostCaching")
    lun: int | None = element("LUN", ga="Lun")
    media_link: str | None = element("MediaLink")


class ChangedOSDiskConfiguration(AzureModel):
    """What can be changed of a VM image's system disk."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (OSDiskConfiguration,)

    host_caching: str | None = element("HostCaching")


class ChangedDataDiskConfiguration(AzureModel):
    """What can be changed of a VM image's data disk; name or LUN says which."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (DataDiskConfiguration,)

    name: str | None = element("Name")
    host_caching: str | None = element("HostCaching")
    lun: int | None = element("LUN", ga="Lun")


class CreateVMImage(AzureModel):
    """Body of Create VM Image (dn775054), root ``VMImage``."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (VMImage,)

    name: str | None = element("Name")
    label: str | None = element("Label")
    description: str | None = element("Description")
    os_disk_configuration: NewOSDiskConfiguration | None = element("OSDiskConfiguration")
    data_disk_configurations: list[NewDataDiskConfiguration] = element(
        "DataDiskConfigurations", item="DataDiskConfiguration"
    )
    language: str | None = element("Language")
    image_family: str | None = element("ImageFamily")
    recommended_vm_size: str | None = element("RecommendedVMSize")
    eula: str | None = element("Eula")
    icon_uri: str | None = element("IconUri")
    small_icon_uri: str | None = element("SmallIconUri")
    privacy_uri: str | None = element("PrivacyUri")
    published_date: Timestamp | None = element("PublishedDate")
    show_in_gui: bool | None = element("ShowInGui")


class UpdateVMImage(AzureModel):
    """Body of Update VM Image, root ``VMImage``."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (VMImage,)

    name: str | None = element("Name")
    label: str | None = element("Label")
    description: str | None = element("Description")
    os_disk_configuration: ChangedOSDiskConfiguration | None = element("OSDiskConfiguration")
    data_disk_configurations: list[ChangedDataDiskConfiguration] = element(
        "DataDiskConfigurations", item="DataDiskConfiguration"
    )
    language: str | None = element("Language")
    image_family: str | None = element("ImageFamily")
    recommended_vm_size: str | None = element("RecommendedVMSize")
    eula: str | None = element("Eula")
    icon_uri: str | None = element("IconUri")
    small_icon_uri: str | None = element("SmallIconUri")
    privacy_uri: str | None = element("PrivacyUri")
    published_date: Timestamp | None = element("PublishedDate")
    show_in_gui: bool | None = element("ShowInGui")


class Swap(AzureModel):
    """Body of Swap Deployment (ee460814): names in production and in staging."""

    production: str | None = element("Production")
    source_deployment: str | None = element("SourceDeployment")


class UpdateDeploymentStatus(AzureModel):
    """Body of Update Deployment Status (ee460808): ``Running`` or ``Suspended``."""

    status: str | None = element("Status")


class ChangeConfiguration(AzureModel):
    """Body of Change Deployment Configuration; ``configuration`` is base64 of a service configuration."""

    configuration: str | None = element("Configuration", repr=False)
    treat_warnings_as_error: bool | None = element("TreatWarningsAsError")
    mode: str | None = element("Mode")
    extended_properties: list[ExtendedProperty] = element("ExtendedProperties", item="ExtendedProperty")


class LoadBalancedEndpointList(AzureModel):
    """Body of Update Load Balanced Endpoint Set (dn469417): the endpoints themselves."""

    input_endpoints: Annotated[list[ExternalEndpoint], OneOrMany] = element(
        "InputEndpoint", item="", also=("InputEndpoints",)
    )


class CertificateFile(AzureModel):
    """Body of Add Service Certificate (ee460817): base64 of a pfx or cer, and the password of a pfx."""

    data: Secret | None = element("Data")
    certificate_format: str | None = element("CertificateFormat")
    password: Secret | None = element("Password")


class CreateAffinityGroup(AzureModel):
    """Body of Create Affinity Group (gg715317)."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (AffinityGroup,)

    name: str | None = element("Name")
    label: str | None = element("Label", base64=True)
    description: str | None = element("Description")
    location: str | None = element("Location")


class UpdateAffinityGroup(AzureModel):
    """Body of Update Affinity Group (gg715316)."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (AffinityGroup,)

    label: str | None = element("Label", base64=True)
    description: str | None = element("Description")


class CreateStorageServiceInput(AzureModel):
    """Body of Create Storage Account (hh264518)."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (StorageService,)

    service_name: str | None = element("ServiceName")
    description: str | None = element("Description")
    label: str | None = element("Label", base64=True)
    affinity_group: str | None = element("AffinityGroup")
    location: str | None = element("Location")
    geo_replication_enabled: bool | None = element("GeoReplicationEnabled")
    extended_properties: list[ExtendedProperty] = element("ExtendedProperties", item="ExtendedProperty")
    secondary_read_enabled: bool | None = element("SecondaryReadEnabled")
    account_type: str | None = element("AccountType")


class UpdateStorageServiceInput(AzureModel):
    """Body of Update Storage Account (hh264516)."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (StorageService, StorageServiceProperties)

    description: str | None = element("Description")
    label: str | None = element("Label", base64=True)
    geo_replication_enabled: bool | None = element("GeoReplicationEnabled")
    extended_properties: list[ExtendedProperty] = element("ExtendedProperties", item="ExtendedProperty")
    custom_domains: list[CustomDomain] = element("CustomDomains", item="CustomDomain")
    secondary_read_enabled: bool | None = element("SecondaryReadEnabled")
    account_type: str | None = element("AccountType")


class RegenerateKeys(AzureModel):
    """Body of Regenerate Storage Account Keys (ee460795): ``Primary`` or ``Secondary``."""

    key_type: str | None = element("KeyType")


class CreateReservedIP(AzureModel):
    """Body of Create Reserved IP Address, root ``ReservedIP``."""

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (ReservedIP,)

    name: str | None = element("Name")
    label: str | None = element("Label")
    service_name: str | None = element("ServiceName")
    deployment_name: str | None = element("DeploymentName")
    location: str | None = element("Location")
    virtual_ip_name: str | None = element("VirtualIPName")


class ReservedIPAssociation(AzureModel):
    """Body of Associate and Disassociate Reserved IP Address."""

    service_name: str | None = element("ServiceName")
    deployment_name: str | None = element("DeploymentName")
    virtual_ip_name: str | None = element("VirtualIPName")


__all__ = [
    "AddDisk",
    "AddOSImage",
    "CaptureRoleAsVMImageOperation",
    "CaptureRoleOperation",
    "CertificateFile",
    "ChangeConfiguration",
    "ChangedDataDiskConfiguration",
    "ChangedOSDiskConfiguration",
    "CreateAffinityGroup",
    "CreateDeployment",
    "CreateHostedService",
    "CreateReservedIP",
    "CreateStorageServiceInput",
    "CreateVMImage",
    "LoadBalancedEndpointList",
    "NewDataDiskConfiguration",
    "NewOSDiskConfiguration",
    "RegenerateKeys",
    "ReservedIPAssociation",
    "RoleInstanceNames",
    "RoleOperation",
    "ShutdownRoleOperation",
    "ShutdownRolesOperation",
    "StartRolesOperation",
    "Swap",
    "UpdateAffinityGroup",
    "UpdateDeploymentStatus",
    "UpdateHostedService",
    "UpdateStorageServiceInput",
    "UpdateVMImage",
]
