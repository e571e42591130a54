"""What a caller may set beside the required arguments of a call.

Everything is optional; what is left out has the default its class names.
"""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import model_validator

from azure_iaas.models.base import AzureModel, OneOrMany, Timestamp, element
from azure_iaas.models.deployments import Deployment, Dns, ExtendedProperty, LoadBalancer
from azure_iaas.models.hosted_services import HostedService, HostedServiceProperties
from azure_iaas.models.images import OSImage
from azure_iaas.models.sets import AnyConfigurationSet, name_provisioning_set

if TYPE_CHECKING:
    from typing import Unpack

    from azure_iaas.models import mappings


class ImageOptions(AzureModel):
    """Options of CreateOSImage.

    ``label`` defaults to the image name, ``os`` to ``Linux`` (the documented page belongs to the Linux
    documentation). ``category``, ``location`` and ``role_size`` exist in the preview dialect only; the GA
    wire has ``recommended_vm_size`` for the last.
    """

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (OSImage,)

    category: str | None = element("Category")
    """Preview only."""
    label: str | None = element("Label")
    """Plain text; the image name by default."""
    location: str | None = element("Location")
    """Preview only."""
    role_size: str | None = element("RoleSize")
    """Preview only."""
    os: str | None = element("OS")
    """``Linux`` by default, or ``Windows``."""
    eula: str | None = element("Eula")
    """Text or URI of the licence."""
    description: str | None = element("Description")
    """Plain text."""
    image_family: str | None = element("ImageFamily")
    """Images of one family are versions of each other."""
    published_date: Timestamp | None = element("PublishedDate")
    """Of a family the latest is the newest version."""
    is_premium: bool | None = element("IsPremium")
    """Whether it costs extra."""
    show_in_gui: bool | None = element("ShowInGui")
    """Whether portals list it."""
    privacy_uri: str | None = element("PrivacyUri")
    """URI of the privacy policy."""
    icon_uri: str | None = element("IconUri")
    """Name of its icon."""
    recommended_vm_size: str | None = element("RecommendedVMSize")
    """Size of machine it is meant for."""
    small_icon_uri: str | None = element("SmallIconUri")
    """Name of its small icon."""
    language: str | None = element("Language")
    """Language of the image."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.ImageOptionsArguments]) -> None: ...


class ServiceOptions(AzureModel):
    """Options of CreateHostedService.

    ``description`` defaults to ``Service host``, ``label`` to the service name, ``location`` to the
    client's ``default_location`` unless an ``affinity_group`` is given. All texts are plain.
    """

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (HostedService, HostedServiceProperties)

    description: str | None = element("Description")
    """``Service host`` by default; at most 1,024 characters."""
    label: str | None = element("Label")
    """Plain text, at most 100 characters; the service name by default."""
    location: str | None = element("Location")
    """Region; the client's ``default_location`` unless an affinity group is given."""
    affinity_group: str | None = element("AffinityGroup")
    """Affinity group, in place of a region."""
    extended_properties: Annotated[list[ExtendedProperty], OneOrMany] = element(
        "ExtendedProperties", item="ExtendedProperty"
    )
    """Named texts to attach."""
    reverse_dns_fqdn: str | None = element("ReverseDnsFqdn")
    """Name its address resolves to."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.ServiceOptionsArguments]) -> None: ...


class DeployOptions(AzureModel):
    """Options of CreateDeployment.

    ``deployment_slot`` defaults to ``Production``, ``label`` to the deployment name; there is no default
    for ``upgrade_domain_count``.
    """

    made_from: ClassVar[tuple[type[AzureModel], ...]] = (Deployment,)

    deployment_slot: str | None = element("DeploymentSlot")
    """``Production`` (default) or ``Staging``."""
    label: str | None = element("Label")
    """Plain text; the deployment name by default."""
    upgrade_domain_count: int | None = element("UpgradeDomainCount")
    """For web and worker roles."""
    virtual_network_name: str | None = element("VirtualNetworkName")
    """Virtual network of the machines."""
    dns: Dns | None = element("Dns")
    """Name servers of the machines."""
    reserved_ip_name: str | None = element("ReservedIPName")
    """Reserved address it gets."""
    load_balancers: Annotated[list[LoadBalancer], OneOrMany] = element("LoadBalancers", item="LoadBalancer")
    """Internal load balancers."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DeployOptionsArguments]) -> None: ...


class CaptureOptions(AzureModel):
    """Options of CaptureRoleInstance, required.

    ``post_capture_actions`` is ``Delete`` or ``Reprovision``; the latter needs a
    ``provisioning_configuration``. ``supports_stateless_deployment`` exists in the preview dialect only.
    """

    post_capture_actions: str | None = element("PostCaptureActions", ga="PostCaptureAction")
    """``Delete`` or ``Reprovision``."""
    provisioning_configuration: AnyConfigurationSet | None = element("ProvisioningConfiguration")
    """How the machine is set up anew, with ``Reprovision``."""
    supports_stateless_deployment: bool | None = element("SupportsStatelessDeployment")
    """Preview only."""
    target_image_label: str | None = element("TargetImageLabel")
    """Label of the new image."""
    target_image_name: str | None = element("TargetImageName")
    """Name of the new image."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.CaptureOptionsArguments]) -> None: ...

    @model_validator(mode="before")
    @classmethod
    def _name_the_set(cls, data: Any) -> Any:
        return name_provisioning_set(data)


__all__ = ["CaptureOptions", "DeployOptions", "ImageOptions", "ServiceOptions"]
