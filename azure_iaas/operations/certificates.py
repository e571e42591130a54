"""Service certificates and management certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from azure_iaas.models import ServiceCertificate, SubscriptionCertificate
from azure_iaas.models.requests import CertificateFile
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import Listing, OneObject
from azure_iaas.operations.operation import OK, Document, Group, Parts, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_SERVICE = "/services/hostedservices/{service_name}/certificates"
_ONE_OF_SERVICE = f"{_OF_SERVICE}/{{algorithm}}-{{thumbprint}}"
_MANAGEMENT = "/certificates"
_ONE_MANAGEMENT = f"{_MANAGEMENT}/{{thumbprint}}"


class Certificates(Group):
    """Certificates of cloud services, and those that may manage the subscription."""

    @read(
        _OF_SERVICE,
        "List Service Certificates (jj154105)",
        Listing(ServiceCertificate, "Certificates", "Certificate"),
        since="2009-10-01",
    )
    def list_service_certificates(self, service_name: str) -> None:
        """Read the certificates of a cloud service.

        Args:
            service_name: name of the service.
        """

    @read(
        _ONE_OF_SERVICE,
        "Get Service Certificate (ee460792)",
        OneObject(ServiceCertificate, "Certificate"),
        since="2009-10-01",
    )
    def get_service_certificate(self, service_name: str, thumbprint: str, *, algorithm: str = "sha1") -> None:
        """Read one certificate of a cloud service; only ``data`` comes back.

        Args:
            service_name: name of the service.
            thumbprint: its thumbprint, hex digits.
            algorithm: of the thumbprint.
        """

    @write("POST", _OF_SERVICE, "Add Service Certificate (ee460817)", since="2009-10-01")
    def add_service_certificate(
        self,
        service_name: str,
        data: str,
        certificate_format: str = "pfx",
        password: str | SecretStr | None = None,
    ) -> Parts:
        """Add a certificate to a cloud service. May be repeated.

        Args:
            service_name: name of the service.
            data: base64 of a pfx or cer file.
            certificate_format: ``pfx`` or ``cer``.
            password: of the pfx file.
        """
        arguments.one_of("certificate_format", certificate_format, ("pfx", "cer"))
        document = CertificateFile(
            data=SecretStr(data),
            certificate_format=certificate_format,
            # A cer file has no password; the element must be there all the same, empty.
            password=SecretStr(str(password or "")),
        )
        return Parts(Document(document, "CertificateFile"))

    @write("DELETE", _ONE_OF_SERVICE, "Delete Service Certificate (ee460803)", since="2009-10-01")
    def delete_service_certificate(
        self, service_name: str, thumbprint: str, *, algorithm: str = "sha1"
    ) -> None:
        """Delete a certificate of a cloud service. May be repeated: gone is 404.

        Args:
            service_name: name of the service.
            thumbprint: its thumbprint, hex digits.
            algorithm: of the thumbprint.
        """

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

    @write("POST", _MANAGEMENT, "Add Management Certificate (jj154123)", success=frozenset({200, 201}))
    def add_management_certificate(self, certificate: Mapping[str, Any]) -> Parts:
        """Let one more certificate manage the subscription. May be repeated.

        Args:
            certificate: SubscriptionCertificatePublicKey, SubscriptionCertificateThumbprint and
                SubscriptionCertificateData, all base64 or hex text.
        """
        document = arguments.coerce("certificate", certificate, SubscriptionCertificate, closed=True)
        return Parts(Document(document, "SubscriptionCertificate", argument="certificate"))

    @write("DELETE", _ONE_MANAGEMENT, "Delete Management Certificate (jj154127)", success=OK)
    def delete_management_certificate(self, thumbprint: str) -> None:
        """Take a management certificate off the subscription. May be repeated: gone is 404.

        Args:
            thumbprint: its thumbprint, hex digits.
        """
