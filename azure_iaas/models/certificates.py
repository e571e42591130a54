"""Service and management certificates (protocol chapter 12)."""

from __future__ import annotations

from azure_iaas.models.base import AzureModel, Timestamp, element


class ServiceCertificate(AzureModel):
    """A certificate of a cloud service ("List Service Certificates").

    ``data`` is base64 of the public part.
    """

    certificate_url: str | None = element("CertificateUrl")
    thumbprint: str | None = element("Thumbprint")
    thumbprint_algorithm: str | None = element("ThumbprintAlgorithm")
    data: str | None = element("Data", repr=False)


class SubscriptionCertificate(AzureModel):
    """A management certificate of the subscription ("List Management Certificates")."""

    subscription_certificate_public_key: str | None = element("SubscriptionCertificatePublicKey", repr=False)
    subscription_certificate_thumbprint: str | None = element("SubscriptionCertificateThumbprint")
    subscription_certificate_data: str | None = element("SubscriptionCertificateData", repr=False)
    created: Timestamp | None = element("Created")
