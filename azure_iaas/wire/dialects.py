"""Where the preview's wire differs from the general-availability (GA) one.

Source: "Two dialects", protocol chapter 10.

The GA dialect needs no table: a model's fields stand in GA order and carry GA names. Here is what the
preview of spring 2012 wrote otherwise. It wrote the documented names; what it didn't know goes out under
its GA name, after all else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.models import (
    DataDisk,
    Disk,
    ExternalEndpoint,
    LoadBalancerProbe,
    OSDisk,
    ProvisioningConfiguration,
    VMRole,
)
from azure_iaas.models.documents import AddOSImage, CaptureRoleOperation

if TYPE_CHECKING:
    from azure_iaas.models import AzureModel

PREVIEW_ORDER: Final[dict[type[AzureModel], tuple[str, ...]]] = {
    VMRole: (
        "role_name",
        "role_type",
        "availability_set_name",
        "configuration_sets",
        "os_disk",
        "data_disks",
        "role_size",
    ),
    DataDisk: (
        "disk_name",
        "lun",
        "disable_read_cache",
        "disk_label",
        "enable_write_cache",
        "logical_disk_size_in_gb",
        "media_link",
        "source_media_link",
    ),
    # Unverified: no source gives the order of OSDisk; alphabetical, as the other preview objects are.
    OSDisk: ("disable_write_cache", "disk_name", "media_link", "source_image_name"),
    ProvisioningConfiguration: (
        "configuration_set_type",
        "admin_password",
        "machine_name",
        "provisioning_media_link",
        "reset_password_on_first_logon",
        "stored_certificate_settings",
    ),
    ExternalEndpoint: (
        "load_balanced_endpoint_set_name",
        "load_balancer_probe",
        "local_port",
        "name",
        "port",
        "protocol",
    ),
    LoadBalancerProbe: ("port", "protocol", "path"),
    AddOSImage: ("category", "label", "location", "media_link", "name", "role_size"),
    CaptureRoleOperation: (
        "post_capture_action",
        "provisioning_configuration",
        "supports_stateless_deployment",
        "target_image_label",
        "target_image_name",
    ),
    Disk: ("attached_to", "has_operating_system", "location", "media_link", "name", "source_image_name"),
}

PREVIEW_NAMES: Final[dict[tuple[type[AzureModel], str], str]] = {(LoadBalancerProbe, "path"): "RelativeUri"}

GA_SKIPS: Final[dict[type[AzureModel], frozenset[str]]] = {
    OSDisk: frozenset({"disable_write_cache"}),
    DataDisk: frozenset({"disable_read_cache", "enable_write_cache"}),
}
"""Said by HostCaching on the GA wire."""

PREVIEW_SKIPS: Final[dict[type[AzureModel], frozenset[str]]] = {
    DataDisk: frozenset({"host_caching"}),
}
"""Said by the cache flags on the preview wire."""
