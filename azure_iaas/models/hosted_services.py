"""Cloud services, the containers of deployments ("HostedService", protocol chapter 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.models.base import AzureModel, Timestamp, element

if TYPE_CHECKING:
    from azure_iaas.models.deployments import Deployment  # noqa: TC004 - a circle, closed in __init__


class ExtendedProperty(AzureModel):
    """A named text a user attaches to a resource."""

    name: str | None = element("Name")
    value: str | None = element("Value")


class ComputeCapabilities(AzureModel):
    """Role sizes that can be had."""

    web_worker_role_sizes: list[str] = element("WebWorkerRoleSizes", item="RoleSize")
    virtual_machines_role_sizes: list[str] = element(
        "VirtualMachinesRoleSizes", also=("VirtualMachineRoleSizes",), item="RoleSize"
    )


class HostedServiceProperties(AzureModel):
    """What describes a cloud service; ``label`` is plain text."""

    description: str | None = element("Description")
    location: str | None = element("Location")
    affinity_group: str | None = element("AffinityGroup")
    label: str | None = element("Label", base64=True)
    status: str | None = element("Status")
    date_created: Timestamp | None = element("DateCreated")
    date_last_modified: Timestamp | None = element("DateLastModified")
    extended_properties: list[ExtendedProperty] = element("ExtendedProperties", item="ExtendedProperty")
    guest_agent_type: str | None = element("GuestAgentType")
    reverse_dns_fqdn: str | None = element("ReverseDnsFqdn")


class HostedService(AzureModel):
    """A cloud service ("Get Cloud Service Properties", ee460806).

    ``deployments`` is filled only when details were asked for.
    """

    url: str | None = element("Url")
    service_name: str | None = element("ServiceName")
    hosted_service_properties: HostedServiceProperties | None = element("HostedServiceProperties")
    deployments: list[Deployment] = element("Deployments", item="Deployment")
    is_complete: bool | None = element("IsComplete")
    default_win_rm_certificate_thumbprint: str | None = element(
        "DefaultWinRmCertificateThumbprint", also=("DefaultWinRMCertificateThumbprint",)
    )
    compute_capabilities: ComputeCapabilities | None = element("ComputeCapabilities")


class AvailabilityResponse(AzureModel):
    """Whether a name is free; ``reason`` says why not."""

    result: bool | None = element("Result")
    reason: str | None = element("Reason")


__all__ = [
    "AvailabilityResponse",
    "ComputeCapabilities",
    "ExtendedProperty",
    "HostedService",
    "HostedServiceProperties",
]
