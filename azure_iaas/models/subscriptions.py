"""Regions, sizes, affinity groups and the subscription itself (protocol chapter 12)."""

from __future__ import annotations

from azure_iaas.models.base import AzureModel, Timestamp, element
from azure_iaas.models.hosted_services import ComputeCapabilities, HostedService
from azure_iaas.models.operations import OperationStatus
from azure_iaas.models.storage_accounts import StorageService


class StorageCapabilities(AzureModel):
    """Kinds of storage account that can be had."""

    storage_account_types: list[str] = element("StorageAccountTypes", item="StorageAccountType")


class Location(AzureModel):
    """A region ("List Locations", gg441293)."""

    name: str | None = element("Name")
    display_name: str | None = element("DisplayName")
    available_services: list[str] = element("AvailableServices", item="AvailableService")
    compute_capabilities: ComputeCapabilities | None = element("ComputeCapabilities")
    storage_capabilities: StorageCapabilities | None = element("StorageCapabilities")


class RoleSize(AzureModel):
    """A size of machine ("List Role Sizes"); memory and disks are megabytes."""

    name: str | None = element("Name")
    label: str | None = element("Label")
    cores: int | None = element("Cores")
    memory_in_mb: int | None = element("MemoryInMb")
    supported_by_web_worker_roles: bool | None = element("SupportedByWebWorkerRoles")
    supported_by_virtual_machines: bool | None = element("SupportedByVirtualMachines")
    max_data_disk_count: int | None = element("MaxDataDiskCount")
    web_worker_resource_disk_size_in_mb: int | None = element("WebWorkerResourceDiskSizeInMb")
    virtual_machine_resource_disk_size_in_mb: int | None = element("VirtualMachineResourceDiskSizeInMb")


class AffinityGroup(AzureModel):
    """Services kept near each other ("Get Affinity Group"); ``label`` is plain text."""

    name: str | None = element("Name")
    label: str | None = element("Label", base64=True)
    description: str | None = element("Description")
    location: str | None = element("Location")
    hosted_services: list[HostedService] = element("HostedServices", item="HostedService")
    storage_services: list[StorageService] = element("StorageServices", item="StorageService")
    capabilities: list[str] = element("Capabilities", item="Capability")
    created_time: Timestamp | None = element("CreatedTime")
    compute_capabilities: ComputeCapabilities | None = element("ComputeCapabilities")


class Subscription(AzureModel):
    """The subscription with its quotas ("Get Subscription", hh403995)."""

    subscription_id: str | None = element("SubscriptionID")
    subscription_name: str | None = element("SubscriptionName")
    subscription_status: str | None = element("SubscriptionStatus")
    account_admin_live_email_id: str | None = element("AccountAdminLiveEmailId")
    service_admin_live_email_id: str | None = element("ServiceAdminLiveEmailId")
    max_core_count: int | None = element("MaxCoreCount")
    max_storage_accounts: int | None = element("MaxStorageAccounts")
    max_hosted_services: int | None = element("MaxHostedServices")
    current_core_count: int | None = element("CurrentCoreCount")
    current_hosted_services: int | None = element("CurrentHostedServices")
    current_storage_accounts: int | None = element("CurrentStorageAccounts")
    max_virtual_network_sites: int | None = element("MaxVirtualNetworkSites")
    current_virtual_network_sites: int | None = element("CurrentVirtualNetworkSites")
    max_local_network_sites: int | None = element("MaxLocalNetworkSites")
    current_local_network_sites: int | None = element("CurrentLocalNetworkSites")
    max_dns_servers: int | None = element("MaxDnsServers")
    current_dns_servers: int | None = element("CurrentDnsServers")
    offer_categories: str | None = element("OfferCategories")
    current_extra_vip_count: int | None = element("CurrentExtraVIPCount")
    max_extra_vip_count: int | None = element("MaxExtraVIPCount")
    aad_tenant_id: str | None = element("AADTenantID")
    created_time: Timestamp | None = element("CreatedTime")
    max_reserved_ips: int | None = element("MaxReservedIPs")
    current_reserved_ips: int | None = element("CurrentReservedIPs")
    current_public_ip_count: int | None = element("CurrentPublicIPCount")
    max_public_ip_count: int | None = element("MaxPublicIPCount")


class OperationParameter(AzureModel):
    """A parameter of a recorded operation."""

    name: str | None = element("Name")
    value: str | None = element("Value", repr=False)


class OperationCaller(AzureModel):
    """Who asked for a recorded operation."""

    used_service_management_api: bool | None = element("UsedServiceManagementApi")
    user_email_address: str | None = element("UserEmailAddress")
    subscription_certificate_thumbprint: str | None = element("SubscriptionCertificateThumbprint")
    client_ip: str | None = element("ClientIP")


class SubscriptionOperation(AzureModel):
    """One operation of the subscription's history ("List Subscription Operations", gg715318)."""

    operation_id: str | None = element("OperationId")
    operation_object_id: str | None = element("OperationObjectId")
    operation_name: str | None = element("OperationName")
    operation_parameters: list[OperationParameter] = element("OperationParameters", item="OperationParameter")
    operation_caller: OperationCaller | None = element("OperationCaller")
    operation_status: OperationStatus | None = element("OperationStatus")
    operation_started_time: Timestamp | None = element("OperationStartedTime")
    operation_completed_time: Timestamp | None = element("OperationCompletedTime")
    operation_kind: str | None = element("OperationKind")


class SubscriptionOperationCollection(AzureModel):
    """A page of the history; ``continuation_token`` is there when more follows."""

    subscription_operations: list[SubscriptionOperation] = element(
        "SubscriptionOperations", item="SubscriptionOperation"
    )
    continuation_token: str | None = element("ContinuationToken")
