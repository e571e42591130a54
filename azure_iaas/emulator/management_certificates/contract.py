"""Request documents of management certificates (protocol.md 12.7)."""

from __future__ import annotations

from typing import Final

from azure_iaas.endpoint.contracts import Contract

SUBSCRIPTION_CERTIFICATE: Final = Contract(
    "SubscriptionCertificate",
    {
        "SubscriptionCertificatePublicKey": "text",
        "SubscriptionCertificateThumbprint": "text",
        "SubscriptionCertificateData": "text",
    },
    frozenset({"SubscriptionCertificateThumbprint"}),
)
