"""Regions, sizes, affinity groups and the subscription itself (protocol chapter 12)."""

from azure_iaas.models.base import AzureModel, Timestamp, element
from azure_iaas.models.hosted_services import ComputeCapabilities, HostedService
from azure_iaas.models.operations import OperationStatus
from azure_iaas.models.storage_accounts import StorageService


class StorageCapabilities(AzureModel):
    """Kinds of storage account that can be had."""

    storage_account_types: list[str] = element("StorageAccountTypes", item="StorageAccountType")
    """For example ``Standard_LRS``."""


class Location(AzureModel):
    """A region ("List Locations", gg441293)."""

    name: str | None = element("Name")
    """Name, for example ``West US``."""
    display_name: str | None = element("DisplayName")
    """The same for people."""
    available_services: list[str] = element("AvailableServices", item="AvailableService")
    """What can be had, for example ``PersistentVMRole``."""
    compute_capabilities: ComputeCapabilities | None = element("ComputeCapabilities")
    """Sizes that can be had."""
    storage_capabilities: StorageCapabilities | None = element("StorageCapabilities")
    """Kinds of storage account that can be had."""


class RoleSize(AzureModel):
    """A size of machine ("List Role Sizes"); memory and disks are megabytes."""

    name: str | None = element("Name")
    """Name, for example ``Small``."""
    label: str | None = element("Label")
    """The same for people."""
    cores: int | None = element("Cores")
    """Number of cores."""
    memory_in_mb: int | None = element("MemoryInMb")
    """Megabytes of memory."""
    supported_by_web_worker_roles: bool | None = element("SupportedByWebWorkerRoles")
    """Whether web and worker roles can have it."""
    supported_by_virtual_machines: bool | None = element("SupportedByVirtualMachines")
    """Whether machines can have it."""
    max_data_disk_count: int | None = element("MaxDataDiskCount")
    """Data disks a machine can have."""
    web_worker_resource_disk_size_in_mb: int | None = element("WebWorkerResourceDiskSizeInMb")
    """Megabytes of the temporary disk of a web or worker role."""
    virtual_machine_resource_disk_size_in_mb: int | None = element("VirtualMachineResourceDiskSizeInMb")
    """Megabytes of the temporary disk of a machine."""


class ResourceExtension(AzureModel):
    """The newest version of an extension a machine can have ("List Resource Extensions", dn495441)."""

    publisher: str | None = element("Publisher")
    """Who publishes it, for example ``Microsoft.Compute``."""
    name: str | None = element("Name")
    """Name, unique among the publisher's."""
    version: str | None = element("Version")
    """Major and minor version; a role asks for ``1.*`` or for this."""
    label: str | None = element("Label")
    """Name for people."""
    description: str | None = element("Description")
    """What it does."""
    public_configuration_schema: str | None = element("PublicConfigurationSchema")
    """Schema of its public settings, base64; often empty."""
    private_configuration_schema: str | None = element("PrivateConfigurationSchema")
    """Schema of its private settings, base64; often empty."""
    sample_config: str | None = element("SampleConfig")
    """An example of its settings, base64."""
    replication_completed: bool | None = element("ReplicationCompleted")
    """Whether every region has it."""
    eula: str | None = element("Eula")
    """Where its licence is."""
    privacy_uri: str | None = element("PrivacyUri")
    """Where its privacy statement is."""
    homepage_uri: str | None = element("HomepageUri")
    """Where more is said of it."""
    is_json_extension: bool | None = element("IsJsonExtension")
    """Whether its settings are JSON; None means XML."""
    disallow_major_version_upgrade: bool | None = element("DisallowMajorVersionUpgrade")
    """Whether a machine keeps the major version it began with."""
    supported_os: str | None = element("SupportedOS")
    """``Windows`` or ``Linux``."""
    company_name: str | None = element("CompanyName")
    """Who made it."""
    published_date: Timestamp | None = element("PublishedDate")
    """When this version came."""
    regions: str | None = element("Regions")
    """Regions that have it, where not all do."""


class AffinityGroup(AzureModel):
    """Services kept near each other ("Get Affinity Group"); ``label`` is plain text."""

    name: str | None = element("Name")
    """Name, unique in the subscription."""
    label: str | None = element("Label", base64=True)
    """Plain text."""
    description: str | None = element("Description")
    """Plain text."""
    location: str | None = element("Location")
    """Region."""
    hosted_services: list[HostedService] = element("HostedServices", item="HostedService")
    """Cloud services in it."""
    storage_services: list[StorageService] = element("StorageServices", item="StorageService")
    """Storage accounts in it."""
    capabilities: list[str] = element("Capabilities", item="Capability")
    """What it can be used for."""
    created_time: Timestamp | None = element("CreatedTime")
    """When it was created."""
    compute_capabilities: ComputeCapabilities | None = element("ComputeCapabilities")
    """Sizes that can be had."""


class Subscription(AzureModel):
    """The subscription with its quotas ("Get Subscription", hh403995)."""

    subscription_id: str | None = element("SubscriptionID")
    """Its id."""
    subscription_name: str | None = element("SubscriptionName")
    """Its name."""
    subscription_status: str | None = element("SubscriptionStatus")
    """``Active``, ``Disabled``..."""
    account_admin_live_email_id: str | None = element("AccountAdminLiveEmailId")
    """Who pays."""
    service_admin_live_email_id: str | None = element("ServiceAdminLiveEmailId")
    """Who administers."""
    max_core_count: int | None = element("MaxCoreCount")
    """Cores it may use."""
    max_storage_accounts: int | None = element("MaxStorageAccounts")
    """Storage accounts it may have."""
    max_hosted_services: int | None = element("MaxHostedServices")
    """Cloud services it may have."""
    current_core_count: int | None = element("CurrentCoreCount")
    """Cores it uses."""
    current_hosted_services: int | None = element("CurrentHostedServices")
    """Cloud services it has."""
    current_storage_accounts: int | None = element("CurrentStorageAccounts")
    """Storage accounts it has."""
    max_virtual_network_sites: int | None = element("MaxVirtualNetworkSites")
    """Virtual networks it may have."""
    current_virtual_network_sites: int | None = element("CurrentVirtualNetworkSites")
    """Virtual networks it has."""
    max_local_network_sites: int | None = element("MaxLocalNetworkSites")
    """Local networks it may have."""
    current_local_network_sites: int | None = element("CurrentLocalNetworkSites")
    """Local networks it has."""
    max_dns_servers: int | None = element("MaxDnsServers")
    """Name servers it may have."""
    current_dns_servers: int | None = element("CurrentDnsServers")
    """Name servers it has."""
    offer_categories: str | None = element("OfferCategories")
    """What it was bought as."""
    current_extra_vip_count: int | None = element("CurrentExtraVIPCount")
    """Further virtual IPs it has."""
    max_extra_vip_count: int | None = element("MaxExtraVIPCount")
    """Further virtual IPs it may have."""
    aad_tenant_id: str | None = element("AADTenantID")
    """Directory it belongs to."""
    created_time: Timestamp | None = element("CreatedTime")
    """When it was created."""
    max_reserved_ips: int | None = element("MaxReservedIPs")
    """Reserved addresses it may have."""
    current_reserved_ips: int | None = element("CurrentReservedIPs")
    """Reserved addresses it has."""
    current_public_ip_count: int | None = element("CurrentPublicIPCount")
    """Public addresses of single machines it has."""
    max_public_ip_count: int | None = element("MaxPublicIPCount")
    """Public addresses of single machines it may have."""


class OperationParameter(AzureModel):
    """A parameter of a recorded operation."""

    name: str | None = element("Name")
    """Name of the parameter."""
    value: str | None = element("Value", repr=False)
    """Its value."""


class OperationCaller(AzureModel):
    """Who asked for a recorded operation."""

    used_service_management_api: bool | None = element("UsedServiceManagementApi")
    """False when a portal asked."""
    user_email_address: str | None = element("UserEmailAddress")
    """Who asked, in a portal."""
    subscription_certificate_thumbprint: str | None = element("SubscriptionCertificateThumbprint")
    """Management certificate it was asked with."""
    client_ip: str | None = element("ClientIP")
    """Address it was asked from."""


class SubscriptionOperation(AzureModel):
    """One operation of the subscription's history ("List Subscription Operations", gg715318)."""

    operation_id: str | None = element("OperationId")
    """Request id."""
    operation_object_id: str | None = element("OperationObjectId")
    """What it was about."""
    operation_name: str | None = element("OperationName")
    """Name of the operation."""
    operation_parameters: list[OperationParameter] = element("OperationParameters", item="OperationParameter")
    """What it was asked with."""
    operation_caller: OperationCaller | None = element("OperationCaller")
    """Who asked."""
    operation_status: OperationStatus | None = element("OperationStatus")
    """How it ended."""
    operation_started_time: Timestamp | None = element("OperationStartedTime")
    """When it began."""
    operation_completed_time: Timestamp | None = element("OperationCompletedTime")
    """When it ended."""
    operation_kind: str | None = element("OperationKind")
    """Kind of operation."""


class SubscriptionOperationCollection(AzureModel):
    """A page of the history; ``continuation_token`` is there when more follows."""

    subscription_operations: list[SubscriptionOperation] = element(
        "SubscriptionOperations", item="SubscriptionOperation"
    )
    """This page of it."""
    continuation_token: str | None = element("ContinuationToken")
    """With it the next page can be asked for."""
