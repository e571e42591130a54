"""Storage accounts, the home of disks (protocol chapter 12)."""

from __future__ import annotations

from azure_iaas.models.base import AzureModel, Secret, Timestamp, element
from azure_iaas.models.hosted_services import ExtendedProperty


class StorageServiceKeys(AzureModel):
    """Access keys of a storage account: base64, 88 characters. Read one with ``get_secret_value()``."""

    primary: Secret | None = element("Primary")
    secondary: Secret | None = element("Secondary")


class CustomDomain(AzureModel):
    """A domain name of a user's that leads to a storage account."""

    name: str | None = element("Name")
    use_sub_domain_name: bool | None = element("UseSubDomainName")


class StorageServiceProperties(AzureModel):
    """What describes a storage account; ``label`` is plain text."""

    description: str | None = element("Description")
    affinity_group: str | None = element("AffinityGroup")
    location: str | None = element("Location")
    label: str | None = element("Label", base64=True)
    status: str | None = element("Status")
    endpoints: list[str] = element("Endpoints", item="Endpoint")
    geo_replication_enabled: bool | None = element("GeoReplicationEnabled")
    geo_primary_region: str | None = element("GeoPrimaryRegion")
    status_of_primary: str | None = element("StatusOfPrimary")
    geo_secondary_region: str | None = element("GeoSecondaryRegion")
    status_of_secondary: str | None = element("StatusOfSecondary")
    last_geo_failover_time: Timestamp | None = element("LastGeoFailoverTime")
    creation_time: Timestamp | None = element("CreationTime")
    custom_domains: list[CustomDomain] = element("CustomDomains", item="CustomDomain")
    secondary_read_enabled: bool | None = element("SecondaryReadEnabled")
    secondary_endpoints: list[str] = element("SecondaryEndpoints", item="Endpoint")
    account_type: str | None = element("AccountType")


class StorageService(AzureModel):
    """A storage account ("Get Storage Account", ee460802; "Get Storage Account Keys", ee460785)."""

    url: str | None = element("Url")
    service_name: str | None = element("ServiceName")
    storage_service_properties: StorageServiceProperties | None = element("StorageServiceProperties")
    extended_properties: list[ExtendedProperty] = element("ExtendedProperties", item="ExtendedProperty")
    storage_service_keys: StorageServiceKeys | None = element("StorageServiceKeys")
    capabilities: list[str] = element("Capabilities", item="Capability")
