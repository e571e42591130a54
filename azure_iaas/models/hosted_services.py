"""Cloud services, the containers of deployments ("HostedService", protocol chapter 10)."""

from typing import TYPE_CHECKING

from azure_iaas.models.base import AzureModel, Timestamp, element
from azure_iaas.models.deployments import Deployment, ExtendedProperty

if TYPE_CHECKING:
    from typing import Unpack

    from azure_iaas.models import mappings


class ComputeCapabilities(AzureModel):
    """Role sizes that can be had."""

    web_worker_role_sizes: list[str] = element("WebWorkerRoleSizes", item="RoleSize")
    """Sizes of web and worker roles."""
    virtual_machines_role_sizes: list[str] = element(
        "VirtualMachinesRoleSizes", also=("VirtualMachineRoleSizes",), item="RoleSize"
    )
    """Sizes of machines."""


class HostedServiceProperties(AzureModel):
    """What describes a cloud service; ``label`` is plain text."""

    description: str | None = element("Description")
    """Plain text."""
    location: str | None = element("Location")
    """Region."""
    affinity_group: str | None = element("AffinityGroup")
    """Affinity group, in place of a region."""
    label: str | None = element("Label", base64=True)
    """Plain text."""
    status: str | None = element("Status")
    """``Created``, ``Creating``, ``Deleting``..."""
    date_created: Timestamp | None = element("DateCreated")
    """When it was created."""
    date_last_modified: Timestamp | None = element("DateLastModified")
    """When it last changed."""
    extended_properties: list[ExtendedProperty] = element("ExtendedProperties", item="ExtendedProperty")
    """Named texts users attached."""
    guest_agent_type: str | None = element("GuestAgentType")
    """Kind of guest agent."""
    reverse_dns_fqdn: str | None = element("ReverseDnsFqdn")
    """Name its address resolves to."""


class HostedService(AzureModel):
    """A cloud service ("Get Cloud Service Properties", ee460806).

    ``deployments`` is filled only when details were asked for.
    """

    url: str | None = element("Url")
    """Address of the resource."""
    service_name: str | None = element("ServiceName")
    """Name, the first part of its DNS name."""
    hosted_service_properties: HostedServiceProperties | None = element("HostedServiceProperties")
    """What describes it."""
    deployments: list[Deployment] = element("Deployments", item="Deployment")
    """Its deployments, when details were asked for."""
    is_complete: bool | None = element("IsComplete")
    """False when not all deployments are listed."""
    default_win_rm_certificate_thumbprint: str | None = element(
        "DefaultWinRmCertificateThumbprint", also=("DefaultWinRMCertificateThumbprint",)
    )
    """Certificate of remote management."""
    compute_capabilities: ComputeCapabilities | None = element("ComputeCapabilities")
    """Sizes that can be had."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.HostedServiceArguments]) -> None: ...


class AvailabilityResponse(AzureModel):
    """Whether a name is free; ``reason`` says why not."""

    result: bool | None = element("Result")
    """True when the name is free."""
    reason: str | None = element("Reason")
    """Why it is not."""
