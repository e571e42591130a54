"""What a caller may set beside the required arguments of a call.

Everything is optional; what is left out has the default its class names.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import model_validator

from azure_iaas.models.base import AzureModel, OneOrMany, Timestamp, element
from azure_iaas.models.deployments import Deployment, Dns, LoadBalancer
from azure_iaas.models.hosted_services import ExtendedProperty, HostedService, HostedServiceProperties
from azure_iaas.models.images import OSImage
from azure_iaas.models.sets import AnyConfigurationSet, name_provisioning_set


class ImageOptions(AzureModel):
    """Options of CreateOSImage.

    ``label`` defaults to the image name, ``os`` to ``Linux`` (the documented page belongs to the Linux
    documentation). ``category``, ``location`` and ``role_size`` exist in the preview dialect only; the GA
    wire has ``recommended_vm_size`` for the last.
    """

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (OSImage,)

    category: str | None = element("Category")
    label: str | None = element("Label")
    location: str | None = element("Location")
    role_size: str | None = element("RoleSize")
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


class ServiceOptions(AzureModel):
    """Options of CreateHostedService.

    ``description`` defaults to ``Service host``, ``label`` to the service name, ``location`` to the
    client's ``default_location`` unless an ``affinity_group`` is given. All texts are plain.
    """

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (HostedService, HostedServiceProperties)

    description: str | None = element("Description")
    label: str | None = element("Label")
    location: str | None = element("Location")
    affinity_group: str | None = element("AffinityGroup")
    extended_properties: Annotated[list[ExtendedProperty], OneOrMany] = element(
        "ExtendedProperties", item="ExtendedProperty"
    )
    reverse_dns_fqdn: str | None = element("ReverseDnsFqdn")


class DeployOptions(AzureModel):
    """Options of CreateDeployment.

    ``deployment_slot`` defaults to ``Production``, ``label`` to the deployment name; there is no default
    for ``upgrade_domain_count``.
    """

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (Deployment,)

    deployment_slot: str | None = element("DeploymentSlot")
    label: str | None = element("Label")
    upgrade_domain_count: int | None = element("UpgradeDomainCount")
    virtual_network_name: str | None = element("VirtualNetworkName")
    dns: Dns | None = element("Dns")
    reserved_ip_name: str | None = element("ReservedIPName")
    load_balancers: Annotated[list[LoadBalancer], OneOrMany] = element("LoadBalancers", item="LoadBalancer")


class CaptureOptions(AzureModel):
    """Options of CaptureRoleInstance, required.

    ``post_capture_actions`` is ``Delete`` or ``Reprovision``; the latter needs a
    ``provisioning_configuration``. ``supports_stateless_deployment`` exists in the preview dialect only.
    """

    post_capture_actions: str | None = element("PostCaptureActions", ga="PostCaptureAction")
    provisioning_configuration: AnyConfigurationSet | None = element("ProvisioningConfiguration")
    supports_stateless_deployment: bool | None = element("SupportsStatelessDeployment")
    target_image_label: str | None = element("TargetImageLabel")
    target_image_name: str | None = element("TargetImageName")

    @model_validator(mode="before")
    @classmethod
    def _name_the_set(cls, data: Any) -> Any:
        return name_provisioning_set(data)


__all__ = ["CaptureOptions", "DeployOptions", "ImageOptions", "ServiceOptions"]
