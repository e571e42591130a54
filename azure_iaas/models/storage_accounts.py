"""Storage accounts, the home of disks (protocol chapter 12)."""

from typing import TYPE_CHECKING

from azure_iaas.models.base import AzureModel, Secret, Timestamp, element
from azure_iaas.models.deployments import ExtendedProperty

if TYPE_CHECKING:
    from typing import Unpack

    from azure_iaas.models import mappings


class StorageServiceKeys(AzureModel):
    """Access keys of a storage account: base64, 88 characters. Read one with ``get_secret_value()``."""

    primary: Secret | None = element("Primary")
    """The first key."""
    secondary: Secret | None = element("Secondary")
    """The second key."""


class CustomDomain(AzureModel):
    """A domain name of a user's that leads to a storage account."""

    name: str | None = element("Name")
    """The domain name."""
    use_sub_domain_name: bool | None = element("UseSubDomainName")
    """Whether it is proved by a name below it."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.CustomDomainArguments]) -> None: ...


class StorageServiceProperties(AzureModel):
    """What describes a storage account; ``label`` is plain text."""

    description: str | None = element("Description")
    """Plain text."""
    affinity_group: str | None = element("AffinityGroup")
    """Affinity group, in place of a region."""
    location: str | None = element("Location")
    """Region."""
    label: str | None = element("Label", base64=True)
    """Plain text."""
    status: str | None = element("Status")
    """``Created``, ``Creating``, ``Deleting``..."""
    endpoints: list[str] = element("Endpoints", item="Endpoint")
    """URIs of blobs, queues and tables."""
    geo_replication_enabled: bool | None = element("GeoReplicationEnabled")
    """Whether it is kept in a second region."""
    geo_primary_region: str | None = element("GeoPrimaryRegion")
    """The region it is in."""
    status_of_primary: str | None = element("StatusOfPrimary")
    """``Available`` or ``Unavailable``."""
    geo_secondary_region: str | None = element("GeoSecondaryRegion")
    """The second region."""
    status_of_secondary: str | None = element("StatusOfSecondary")
    """``Available`` or ``Unavailable``."""
    last_geo_failover_time: Timestamp | None = element("LastGeoFailoverTime")
    """When it last moved to the second region."""
    creation_time: Timestamp | None = element("CreationTime")
    """When it was created."""
    custom_domains: list[CustomDomain] = element("CustomDomains", item="CustomDomain")
    """Domain names that lead to it."""
    secondary_read_enabled: bool | None = element("SecondaryReadEnabled")
    """Whether the second region can be read."""
    secondary_endpoints: list[str] = element("SecondaryEndpoints", item="Endpoint")
    """URIs in the second region."""
    account_type: str | None = element("AccountType")
    """``Standard_LRS``, ``Standard_GRS``, ``Premium_LRS``..."""


class StorageService(AzureModel):
    """A storage account ("Get Storage Account", ee460802; "Get Storage Account Keys", ee460785)."""

    url: str | None = element("Url")
    """Address of the resource."""
    service_name: str | None = element("ServiceName")
    """Name, the first part of its DNS names."""
    storage_service_properties: StorageServiceProperties | None = element("StorageServiceProperties")
    """What describes it."""
    extended_properties: list[ExtendedProperty] = element("ExtendedProperties", item="ExtendedProperty")
    """Named texts users attached."""
    storage_service_keys: StorageServiceKeys | None = element("StorageServiceKeys")
    """Its keys, where they were asked for."""
    capabilities: list[str] = element("Capabilities", item="Capability")
    """What it can be used for."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.StorageServiceArguments]) -> None: ...
