"""OS images, VM images and the subscription's disks (protocol chapter 10 and 12)."""

from typing import TYPE_CHECKING, Annotated

from azure_iaas.models.base import AzureModel, OneOrMany, Timestamp, element

if TYPE_CHECKING:
    from typing import Unpack

    from azure_iaas.models import mappings


class OSImage(AzureModel):
    """An image machines are made from ("OSImage").

    ``location`` of a platform image names several regions, separated by ``;``. ``media_link`` is there for
    own images only. Sizes are gigabytes.
    """

    affinity_group: str | None = element("AffinityGroup")
    """Affinity group of its storage account."""
    category: str | None = element("Category")
    """``User`` for own images, else ``Public`` or the publisher."""
    label: str | None = element("Label")
    """Plain text."""
    location: str | None = element("Location")
    """Region, or several separated by ``;``."""
    logical_size_in_gb: int | None = element("LogicalSizeInGB")
    """Gigabytes."""
    media_link: str | None = element("MediaLink")
    """URI of the blob, for own images."""
    name: str | None = element("Name")
    """Name of the image."""
    os: str | None = element("OS")
    """``Windows`` or ``Linux``."""
    eula: str | None = element("Eula")
    """Text or URI of the licence."""
    description: str | None = element("Description")
    """Plain text."""
    image_family: str | None = element("ImageFamily")
    """Images of one family are versions of each other."""
    show_in_gui: bool | None = element("ShowInGui")
    """Whether portals list it."""
    published_date: Timestamp | None = element("PublishedDate")
    """Of a family the latest is the newest version."""
    is_premium: bool | None = element("IsPremium")
    """Whether it costs extra."""
    icon_uri: str | None = element("IconUri")
    """Name of its icon."""
    privacy_uri: str | None = element("PrivacyUri")
    """URI of the privacy policy."""
    recommended_vm_size: str | None = element("RecommendedVMSize")
    """Size of machine it is meant for."""
    publisher_name: str | None = element("PublisherName")
    """Who publishes it."""
    pricing_detail_link: str | None = element("PricingDetailLink")
    """URI of its prices."""
    small_icon_uri: str | None = element("SmallIconUri")
    """Name of its small icon."""
    language: str | None = element("Language")
    """Language of the image."""
    os_state: str | None = element("OSState")
    """``Generalized`` or ``Specialized``."""
    io_type: str | None = element("IOType", output_only=True)
    """Kind of storage, said by the service."""
    role_size: str | None = element("RoleSize")
    """Preview only."""
    supports_stateless_deployment: bool | None = element("SupportsStatelessDeployment")
    """Preview only."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.OSImageArguments]) -> None: ...


class OSDiskConfiguration(AzureModel):
    """The system disk of a VM image."""

    name: str | None = element("Name")
    """Name of the disk."""
    host_caching: str | None = element("HostCaching")
    """``ReadOnly`` or ``ReadWrite``."""
    os_state: str | None = element("OSState")
    """``Generalized`` or ``Specialized``."""
    os: str | None = element("OS")
    """``Windows`` or ``Linux``."""
    media_link: str | None = element("MediaLink")
    """URI of the blob."""
    logical_disk_size_in_gb: int | None = element("LogicalDiskSizeInGB")
    """Gigabytes."""
    io_type: str | None = element("IOType", output_only=True)
    """Kind of storage, said by the service."""


class DataDiskConfiguration(AzureModel):
    """A data disk of a VM image; ``lun`` is always there."""

    name: str | None = element("Name")
    """Name of the disk."""
    host_caching: str | None = element("HostCaching")
    """``None``, ``ReadOnly`` or ``ReadWrite``."""
    lun: int | None = element("LUN", ga="Lun")
    """Number of the disk at the machine."""
    media_link: str | None = element("MediaLink")
    """URI of the blob."""
    logical_disk_size_in_gb: int | None = element("LogicalDiskSizeInGB")
    """Gigabytes."""
    io_type: str | None = element("IOType", output_only=True)
    """Kind of storage, said by the service."""


class VMImage(AzureModel):
    """An image of a whole machine with its data disks ("VMImage")."""

    name: str | None = element("Name")
    """Name of the image."""
    label: str | None = element("Label")
    """Plain text."""
    category: str | None = element("Category")
    """``User`` for own images, else ``Public`` or the publisher."""
    description: str | None = element("Description")
    """Plain text."""
    os_disk_configuration: OSDiskConfiguration | None = element("OSDiskConfiguration")
    """Its system disk."""
    data_disk_configurations: Annotated[list[DataDiskConfiguration], OneOrMany] = element(
        "DataDiskConfigurations", item="DataDiskConfiguration"
    )
    """Its data disks."""
    service_name: str | None = element("ServiceName")
    """Cloud service of the machine it was captured from."""
    deployment_name: str | None = element("DeploymentName")
    """Deployment of that machine."""
    role_name: str | None = element("RoleName")
    """Name of that machine."""
    affinity_group: str | None = element("AffinityGroup")
    """Affinity group of its storage account."""
    location: str | None = element("Location")
    """Region, or several separated by ``;``."""
    created_time: Timestamp | None = element("CreatedTime")
    """When it was created."""
    modified_time: Timestamp | None = element("ModifiedTime")
    """When it last changed."""
    language: str | None = element("Language")
    """Language of the image."""
    image_family: str | None = element("ImageFamily")
    """Images of one family are versions of each other."""
    recommended_vm_size: str | None = element("RecommendedVMSize")
    """Size of machine it is meant for."""
    is_premium: bool | None = element("IsPremium")
    """Whether it costs extra."""
    eula: str | None = element("Eula")
    """Text or URI of the licence."""
    icon_uri: str | None = element("IconUri")
    """Name of its icon."""
    small_icon_uri: str | None = element("SmallIconUri")
    """Name of its small icon."""
    privacy_uri: str | None = element("PrivacyUri")
    """URI of the privacy policy."""
    publisher_name: str | None = element("PublisherName")
    """Who publishes it."""
    published_date: Timestamp | None = element("PublishedDate")
    """Of a family the latest is the newest version."""
    show_in_gui: bool | None = element("ShowInGui")
    """Whether portals list it."""
    pricing_detail_link: str | None = element("PricingDetailLink")
    """URI of its prices."""
    vm_image_state: str | None = element("VMImageState")
    """How the image stands."""
    role_state_on_capture: str | None = element("RoleStateOnCapture")
    """State of the machine when it was captured."""
    role_size_on_capture: str | None = element("RoleSizeOnCapture")
    """Size of the machine when it was captured."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.VMImageArguments]) -> None: ...


class AttachedTo(AzureModel):
    """The machine a disk is attached to."""

    deployment_name: str | None = element("DeploymentName")
    """Deployment of the machine."""
    hosted_service_name: str | None = element("HostedServiceName")
    """Cloud service of the machine."""
    role_name: str | None = element("RoleName")
    """Name of the machine."""


class Disk(AzureModel):
    """A disk of the subscription ("Disk"); ``attached_to`` is None when it is free."""

    affinity_group: str | None = element("AffinityGroup")
    """Affinity group of its storage account."""
    attached_to: AttachedTo | None = element("AttachedTo")
    """The machine it is attached to, None when it is free."""
    has_operating_system: bool | None = element("HasOperatingSystem")
    """Preview only: whether it is a system disk."""
    os: str | None = element("OS")
    """``Windows`` or ``Linux`` for system disks, None for data disks."""
    is_corrupted: bool | None = element("IsCorrupted")
    """True when the service found it so."""
    label: str | None = element("Label")
    """Plain text."""
    location: str | None = element("Location")
    """Region of its storage account."""
    logical_disk_size_in_gb: int | None = element("LogicalDiskSizeInGB", also=("LogicalSizeInGB",))
    """Gigabytes."""
    media_link: str | None = element("MediaLink")
    """URI of the blob."""
    name: str | None = element("Name")
    """Name of the disk."""
    source_image_name: str | None = element("SourceImageName")
    """Image a system disk was made from."""
    is_premium: bool | None = element("IsPremium")
    """Whether its image costs extra."""
    created_time: Timestamp | None = element("CreatedTime")
    """When it was created."""
    remote_source_image_link: str | None = element("RemoteSourceImageLink")
    """URI it was copied from."""
    io_type: str | None = element("IOType", output_only=True)
    """Kind of storage, said by the service."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DiskArguments]) -> None: ...
