"""Service certificates: what the machines of a cloud service may install."""

from __future__ import annotations

from pydantic import SecretStr

from azure_iaas.models import ServiceCertificate
from azure_iaas.models.documents import CertificateFile
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import Listing, OneObject
from azure_iaas.operations.operation import Document, Group, Parts, read, write

_OF_SERVICE = "/services/hostedservices/{service_name}/certificates"
_ONE_OF_SERVICE = f"{_OF_SERVICE}/{{algorithm}}-{{thumbprint}}"


class ServiceCertificates(Group):
    """Certificates of cloud services."""

    @read(
        _OF_SERVICE,
        "List Service Certificates (protocol 12.6)",
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

    @write(
        "POST",
        _OF_SERVICE,
        "Add Service Certificate (ee460817)",
        since="2009-10-01",
        shown_by="list_service_certificates(service_name)",
    )
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
            password=password if isinstance(password, SecretStr) else SecretStr(password or ""),
        )
        return Parts(Document(document, "CertificateFile"))

    @write(
        "DELETE",
        _ONE_OF_SERVICE,
        "Delete Service Certificate (ee460803)",
        since="2009-10-01",
        shown_by="get_service_certificate(service_name, thumbprint)",
    )
    def delete_service_certificate(
        self, service_name: str, thumbprint: str, *, algorithm: str = "sha1"
    ) -> None:
        """Delete a certificate of a cloud service. May be repeated: gone is 404.

        Args:
            service_name: name of the service.
            thumbprint: its thumbprint, hex digits.
            algorithm: of the thumbprint.
        """
