"""Service certificates and management certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from azure_iaas.models import ServiceCertificate, SubscriptionCertificate
from azure_iaas.models.documents import CertificateFile
from azure_iaas.operations import arguments
from azure_iaas.operations.operation import ACCEPTED, Call, Document, ListOf, OneObject, Operation

if TYPE_CHECKING:
    from azure_iaas.operations.tracking import AcceptedOperation

OK: Final = frozenset({200})
TAKEN: Final = frozenset({202})
_ALL = "/services/hostedservices/{serviceName}/certificates"
_ONE = f"{_ALL}/{{algorithm}}-{{thumbprint}}"

LIST_SERVICE_CERTIFICATES: Final = Operation(
    name="ListServiceCertificates",
    rest_name="List Service Certificates",
    source="jj154105",
    method="GET",
    path=_ALL,
    since="2009-10-01",
    success=OK,
    answer=ListOf(ServiceCertificate, "Certificates", "Certificate"),
)
GET_SERVICE_CERTIFICATE: Final = Operation(
    name="GetServiceCertificate",
    rest_name="Get Service Certificate",
    source="ee460792",
    method="GET",
    path=_ONE,
    since="2009-10-01",
    success=OK,
    answer=OneObject(ServiceCertificate, "Certificate"),
)
ADD_SERVICE_CERTIFICATE: Final = Operation(
    name="AddServiceCertificate",
    rest_name="Add Service Certificate",
    source="ee460817",
    method="POST",
    path=_ALL,
    since="2009-10-01",
    success=TAKEN,
    answer=ACCEPTED,
)
DELETE_SERVICE_CERTIFICATE: Final = Operation(
    name="DeleteServiceCertificate",
    rest_name="Delete Service Certificate",
    source="ee460803",
    method="DELETE",
    path=_ONE,
    since="2009-10-01",
    success=TAKEN,
    answer=ACCEPTED,
)
_MANAGEMENT = "/certificates"
LIST_MANAGEMENT_CERTIFICATES: Final = Operation(
    name="ListManagementCertificates",
    rest_name="List Management Certificates",
    source="jj154105",
    method="GET",
    path=_MANAGEMENT,
    success=OK,
    answer=ListOf(SubscriptionCertificate, "SubscriptionCertificates", "SubscriptionCertificate"),
)
GET_MANAGEMENT_CERTIFICATE: Final = Operation(
    name="GetManagementCertificate",
    rest_name="Get Management Certificate",
    source="jj154131",
    method="GET",
    path=f"{_MANAGEMENT}/{{thumbprint}}",
    success=OK,
    answer=OneObject(SubscriptionCertificate, "SubscriptionCertificate"),
)
ADD_MANAGEMENT_CERTIFICATE: Final = Operation(
    name="AddManagementCertificate",
    rest_name="Add Management Certificate",
    source="jj154123",
    method="POST",
    path=_MANAGEMENT,
    success=frozenset({200, 201}),
    answer=ACCEPTED,
)
DELETE_MANAGEMENT_CERTIFICATE: Final = Operation(
    name="DeleteManagementCertificate",
    rest_name="Delete Management Certificate",
    source="jj154127",
    method="DELETE",
    path=f"{_MANAGEMENT}/{{thumbprint}}",
    success=OK,
    answer=ACCEPTED,
)

OPERATIONS: Final = (
    LIST_SERVICE_CERTIFICATES,
    GET_SERVICE_CERTIFICATE,
    ADD_SERVICE_CERTIFICATE,
    DELETE_SERVICE_CERTIFICATE,
    LIST_MANAGEMENT_CERTIFICATES,
    GET_MANAGEMENT_CERTIFICATE,
    ADD_MANAGEMENT_CERTIFICATE,
    DELETE_MANAGEMENT_CERTIFICATE,
)


def add_service_certificate(
    service_name: str, data: str, certificate_format: str, password: str | SecretStr | None
) -> Call[AcceptedOperation]:
    """Add a certificate from base64 of a pfx or cer file."""
    method = ADD_SERVICE_CERTIFICATE.name
    secret = password.get_secret_value() if isinstance(password, SecretStr) else password
    document = CertificateFile(
        data=SecretStr(arguments.text(method, "data", data)),
        certificate_format=arguments.one_of(method, "certificateFormat", certificate_format, ("pfx", "cer")),
        # A cer file has no password; the element must be there all the same, empty.
        password=SecretStr(secret or ""),
    )
    return Call(ADD_SERVICE_CERTIFICATE, {"serviceName": service_name}, Document(document, "CertificateFile"))


def certificate_path(service_name: str, thumbprint: str, algorithm: str) -> dict[str, str]:
    """Path values of one service certificate."""
    return {"serviceName": service_name, "algorithm": algorithm, "thumbprint": thumbprint}


def add_management_certificate(certificate: object) -> Call[AcceptedOperation]:
    """Register a management certificate with the subscription."""
    document = arguments.coerce(
        ADD_MANAGEMENT_CERTIFICATE.name, "certificate", certificate, SubscriptionCertificate, closed=True
    )
    return Call(ADD_MANAGEMENT_CERTIFICATE, body=Document(document, "SubscriptionCertificate"))
