"""Service and management certificates (protocol chapter 12)."""

from typing import TYPE_CHECKING

from azure_iaas.models.base import AzureModel, Timestamp, element

if TYPE_CHECKING:
    from typing import Unpack

    from azure_iaas.models import mappings


class ServiceCertificate(AzureModel):
    """A certificate of a cloud service ("List Service Certificates").

    ``data`` is base64 of the public part.
    """

    certificate_url: str | None = element("CertificateUrl")
    """Address of the resource."""
    thumbprint: str | None = element("Thumbprint")
    """SHA-1 in hex."""
    thumbprint_algorithm: str | None = element("ThumbprintAlgorithm")
    """``sha1``."""
    data: str | None = element("Data", repr=False)
    """Base64 of the public part."""


class SubscriptionCertificate(AzureModel):
    """A management certificate of the subscription ("List Management Certificates")."""

    subscription_certificate_public_key: str | None = element("SubscriptionCertificatePublicKey", repr=False)
    """Base64 of the public key."""
    subscription_certificate_thumbprint: str | None = element("SubscriptionCertificateThumbprint")
    """SHA-1 in hex."""
    subscription_certificate_data: str | None = element("SubscriptionCertificateData", repr=False)
    """Base64 of the certificate."""
    created: Timestamp | None = element("Created", output_only=True)
    """When it was added."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.SubscriptionCertificateArguments]) -> None: ...
