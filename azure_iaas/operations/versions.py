"""Which ``x-ms-version`` an element needs ("Known values of x-ms-version", protocol.md 2.3). Pure.

Operations say theirs in their declaration. What isn't here needs no more than its operation. Where the
reference doubts a date, it is taken as said: a version too low makes the service ignore the element silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.models import (
    AzureModel,
    DataDisk,
    ExternalEndpoint,
    LoadBalancer,
    NetworkConfiguration,
    OSDisk,
    PublicIP,
    VMRole,
)
from azure_iaas.models.documents import (
    AddDisk,
    AddOSImage,
    CreateDeployment,
    CreateHostedService,
    CreateStorageServiceInput,
    ShutdownRoleOperation,
    ShutdownRolesOperation,
    UpdateHostedService,
    UpdateStorageServiceInput,
)
from azure_iaas.wire import codecs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.wire.messages import Dialect

DELETE_MEDIA: Final = "2013-08-01"
"""``comp=media`` when a role, data disk, deployment or cloud service is deleted."""
DELETE_REGISTERED_MEDIA: Final = "2012-08-01"
"""``comp=media`` when a disk or an image is deleted."""

_IMAGE_TEXTS: Final = (
    "eula",
    "description",
    "image_family",
    "published_date",
    "is_premium",
    "show_in_gui",
    "privacy_uri",
    "icon_uri",
    "recommended_vm_size",
)
_STORAGE: Final = {"geo_replication_enabled": "2011-12-01", "extended_properties": "2012-03-01"}

ELEMENTS: Final[dict[type[AzureModel], dict[str, str]]] = {
    VMRole: {
        "resource_extension_references": "2013-11-01",
        "vm_image_name": "2014-02-01",
        "vm_image_input": "2014-10-01",
    },
    OSDisk: {
        "remote_source_image_link": "2014-05-01",
        "io_type": "2014-10-01",
        "resized_size_in_gb": "2014-10-01",
    },
    DataDisk: {"io_type": "2014-10-01"},
    ExternalEndpoint: {
        "endpoint_acl": "2013-06-01",
        "load_balancer_name": "2014-05-01",
        "idle_timeout_in_minutes": "2014-06-01",
    },
    NetworkConfiguration: {
        "static_virtual_network_ip_address": "2013-11-01",
        "public_ips": "2014-05-01",
        "network_interfaces": "2014-08-01",
    },
    PublicIP: {"idle_timeout_in_minutes": "2014-06-01", "domain_name_label": "2015-03-01"},
    LoadBalancer: {"name": "2014-05-01"},
    CreateDeployment: {"reserved_ip_name": "2014-05-01", "load_balancers": "2014-05-01"},
    CreateHostedService: {"extended_properties": "2012-03-01", "reverse_dns_fqdn": "2014-06-01"},
    UpdateHostedService: {"extended_properties": "2012-03-01", "reverse_dns_fqdn": "2014-06-01"},
    ShutdownRoleOperation: {"post_shutdown_action": "2013-06-01"},
    ShutdownRolesOperation: {"post_shutdown_action": "2013-06-01"},
    AddOSImage: {
        **dict.fromkeys(_IMAGE_TEXTS, "2012-08-01"),
        **dict.fromkeys(("small_icon_uri", "language"), "2013-03-01"),
    },
    AddDisk: {"resized_size_in_gb": "2014-10-01"},
    CreateStorageServiceInput: _STORAGE,
    UpdateStorageServiceInput: _STORAGE,
}


def needs(model: AzureModel, dialect: Dialect, path: str = "") -> Iterator[tuple[str, str]]:
    """The elements of a document that need a version of their own.

    Args:
        model: the document, or a part of it.
        dialect: which elements go out.
        path: where the part is.

    Yields:
        Version and path of each, for example ``2014-05-01``, ``RoleList[0].VMImageName``.
    """
    since, values, fields_set = ELEMENTS.get(type(model), {}), model.__dict__, model.model_fields_set
    for field in codecs.plan(type(model)).orders[dialect]:
        if field.attribute not in fields_set or field.output_only:
            continue
        value = values.get(field.attribute)
        if value is None or value == []:
            continue
        place = f"{path}.{field.documented}" if path else field.documented
        if field.attribute in since:
            yield since[field.attribute], place
        if isinstance(value, AzureModel):
            yield from needs(value, dialect, place)
        elif field.model is not None and isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, AzureModel):
                    yield from needs(item, dialect, f"{place}[{index}]")
