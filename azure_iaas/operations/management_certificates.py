"""Management certificates: who may manage the subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure_iaas.models import SubscriptionCertificate
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import Listing, OneObject
from azure_iaas.operations.operation import OK, Document, Group, Parts, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models.mappings import SubscriptionCertificateDict

_MANAGEMENT = "/certificates"
_ONE_MANAGEMENT = f"{_MANAGEMENT}/{{thumbprint}}"


class ManagementCertificates(Group):
    """Certificates that may manage the subscription."""

    @read(
        _MANAGEMENT,
        "List Management Certificates (jj154105)",
        Listing(SubscriptionCertificate, "SubscriptionCertificates", "SubscriptionCertificate"),
    )
    def list_management_certificates(self) -> None:
        """Read the certificates that may manage the subscription."""

    @read(
        _ONE_MANAGEMENT,
        "Get Management Certificate (jj154131)",
        OneObject(SubscriptionCertificate, "SubscriptionCertificate"),
    )
    def get_management_certificate(self, thumbprint: str) -> None:
        """Read one management certificate.

        Args:
            thumbprint: its thumbprint, hex digits.
        """

    @write(
        "POST",
        _MANAGEMENT,
        "Add Management Certificate (jj154123)",
        success=frozenset({200, 201}),
        shown_by="list_management_certificates()",
    )
    def add_management_certificate(
        self, certificate: SubscriptionCertificate | SubscriptionCertificateDict | Mapping[str, Any]
    ) -> Parts:
        """Let one more certificate manage the subscription. May be repeated.

        Args:
            certificate: SubscriptionCertificatePublicKey, SubscriptionCertificateThumbprint and
                SubscriptionCertificateData, all base64 or hex text; or one as read.
        """
        document = arguments.coerce("certificate", certificate, SubscriptionCertificate, closed=True)
        return Parts(Document(document, "SubscriptionCertificate", argument="certificate"))

    @write(
        "DELETE",
        _ONE_MANAGEMENT,
        "Delete Management Certificate (jj154127)",
        success=OK,
        shown_by="get_management_certificate(thumbprint)",
    )
    def delete_management_certificate(self, thumbprint: str) -> None:
        """Take a management certificate off the subscription. May be repeated: gone is 404.

        Args:
            thumbprint: its thumbprint, hex digits.
        """
