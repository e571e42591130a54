"""OS images, VM images and the subscription's disks (protocol chapter 10 and 12)."""

from __future__ import annotations

from typing import Annotated

from azure_iaas.models.base import AzureModel, OneOrMany, Timestamp, element


class OSImage(AzureModel):
    """An image machines are made from ("OSImage").

    ``location`` of a platform image names several regions, separated by ``;``. ``media_link`` is there for
    own images only. Sizes are gigabytes.
    """

    affinity_group: str | None = element("AffinityGroup")
    category: str | None = element("Category")
    label: str | None = element("Label")
    location: str | None = element("Location")
    logical_size_in_gb: int | None = element("LogicalSizeInGB")
    media_link: str | None = element("MediaLink")
    name: str | None = element("Name")
    os: str | None = element("OS")
    eula: str | None = element("Eula")
    description: str | None = element("Description")
    image_family: str | None = element("ImageFamily")
    show_in_gui: bool | None = element("ShowInGui")
    published_date: Timestamp | None = element("PublishedDate")
    is_premium: bool | None = element("IsPremium")
    icon_uri: str | None = element("IconUri")
    privacy_uri: str | None = element("PrivacyUri")
    recommended_vm_size: str | None = element("RecommendedVMSize")
    publisher_name: str | None = element("PublisherName")
    pricing_detail_link: str | None = element("PricingDetailLink")
    small_icon_uri: str | None = element("SmallIconUri")
    language: str | None = element("Language")
    os_state: str | None = element("OSState")
    io_type: str | None = element("IOType", output_only=True)
    role_size: str | None = element("RoleSize")
    supports_stateless_deployment: bool | None = element("SupportsStatelessDeployment")


class OSDiskConfiguration(AzureModel):
    """The system disk of a VM image."""

    name: str | None = element("Name")
    host_caching: str | None = element("HostCaching")
    os_state: str | None = element("OSState")
    os: str | None = element("OS")
    media_link: str | None = element("MediaLink")
    logical_disk_size_in_gb: int | None = element("LogicalDiskSizeInGB")
    io_type: str | None = element("IOType", output_only=True)


class DataDiskConfiguration(AzureModel):
    """A data disk of a VM image; ``lun`` is always there."""

    name: str | None = element("Name")
    host_caching: str | None = element("HostCaching")
    lun: int | None = element("LUN", ga="Lun")
    media_link: str | None = element("MediaLink")
    logical_disk_size_in_gb: int | None = element("LogicalDiskSizeInGB")
    io_type: str | None = element("IOType", output_only=True)


class VMImage(AzureModel):
    """An image of a whole machine with its data disks ("VMImage")."""

    name: str | None = element("Name")
    label: str | None = element("Label")
    category: str | None = element("Category")
    description: str | None = element("Description")
    os_disk_configuration: OSDiskConfiguration | None = element("OSDiskConfiguration")
    data_disk_configurations: Annotated[list[DataDiskConfiguration], OneOrMany] = element(
        "DataDiskConfigurations", item="DataDiskConfiguration"
    )
    service_name: str | None = element("ServiceName")
    deployment_name: str | None = element("DeploymentName")
    role_name: str | None = element("RoleName")
    affinity_group: str | None = element("AffinityGroup")
    location: str | None = element("Location")
    created_time: Timestamp | None = element("CreatedTime")
    modified_time: Timestamp | None = element("ModifiedTime")
    language: str | None = element("Language")
    image_family: str | None = element("ImageFamily")
    recommended_vm_size: str | None = element("RecommendedVMSize")
    is_premium: bool | None = element("IsPremium")
    eula: str | None = element("Eula")
    icon_uri: str | None = element("IconUri")
    small_icon_uri: str | None = element("SmallIconUri")
    privacy_uri: str | None = element("PrivacyUri")
    publisher_name: str | None = element("PublisherName")
    published_date: Timestamp | None = element("PublishedDate")
    show_in_gui: bool | None = element("ShowInGui")
    pricing_detail_link: str | None = element("PricingDetailLink")
    vm_image_state: str | None = element("VMImageState")
    role_state_on_capture: str | None = element("RoleStateOnCapture")
    role_size_on_capture: str | None = element("RoleSizeOnCapture")


class AttachedTo(AzureModel):
    """The machine a disk is attached to."""

    deployment_name: str | None = element("DeploymentName")
    hosted_service_name: str | None = element("HostedServiceName")
    role_name: str | None = element("RoleName")


class Disk(AzureModel):
    """A disk of the subscription ("Disk"); ``attached_to`` is None when it is free."""

    affinity_group: str | None = element("AffinityGroup")
    attached_to: AttachedTo | None = element("AttachedTo")
    has_operating_system: bool | None = element("HasOperatingSystem")
    os: str | None = element("OS")
    is_corrupted: bool | None = element("IsCorrupted")
    label: str | None = element("Label")
    location: str | None = element("Location")
    logical_disk_size_in_gb: int | None = element("LogicalDiskSizeInGB", also=("LogicalSizeInGB",))
    media_link: str | None = element("MediaLink")
    name: str | None = element("Name")
    source_image_name: str | None = element("SourceImageName")
    is_premium: bool | None = element("IsPremium")
    created_time: Timestamp | None = element("CreatedTime")
    remote_source_image_link: str | None = element("RemoteSourceImageLink")
    io_type: str | None = element("IOType", output_only=True)
