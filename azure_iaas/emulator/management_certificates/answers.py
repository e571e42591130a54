"""Management certificates as they are answered (protocol.md 12.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.emulator.texts import iso
from azure_iaas.endpoint.documents import Struct

if TYPE_CHECKING:
    from azure_iaas.emulator.state import ManagementCertificate


def certificate_answer(certificate: ManagementCertificate) -> Struct:
    """``SubscriptionCertificate``."""
    return Struct(
        [
            ("SubscriptionCertificatePublicKey", certificate.public_key),
            ("SubscriptionCertificateThumbprint", certificate.thumbprint),
            ("SubscriptionCertificateData", certificate.data),
            ("Created", iso(certificate.created_at)),
        ]
    )
