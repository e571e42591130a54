"""Certificates of a hosted service (protocol.md 12.6): their public part is kept, and nothing else."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator import contracts, refusals
from azure_iaas.emulator.documents import Items, Struct, Value
from azure_iaas.emulator.routes import SERVICE, Route
from azure_iaas.emulator.world import Answer, Call

if TYPE_CHECKING:
    from azure_iaas.emulator.state import HostedService, ServiceCertificate

_BASE: Final = f"{SERVICE}/certificates"
_ONE: Final = f"{_BASE}/{{certificate}}"


def _certificate(call: Call) -> tuple[HostedService, ServiceCertificate]:
    service = call.hosted_service()
    algorithm, _, thumbprint = call.names["certificate"].partition("-")
    certificate = service.certificates.get(thumbprint.lower())
    if algorithm.lower() != "sha1" or certificate is None:
        raise refusals.missing("certificate", call.names["certificate"])
    return service, certificate


def list_certificates(call: Call) -> Answer:
    """List Service Certificates (protocol.md 12.6)."""
    service = call.hosted_service()
    base = ("services", "hostedservices", service.name, "certificates")
    shown: list[Value] = [
        Struct(
            [
                ("CertificateUrl", call.url(*base, f"sha1-{each.thumbprint}")),
                ("Thumbprint", each.thumbprint),
                ("ThumbprintAlgorithm", "sha1"),
                ("Data", each.data),
            ]
        )
        for each in service.certificates.values()
    ]
    return Answer(200, "Certificates", Items("Certificate", shown))


def get_certificate(call: Call) -> Answer:
    """Get Service Certificate (ee460792)."""
    _, certificate = _certificate(call)
    return Answer(200, "Certificate", Struct([("Data", certificate.data)]))


def add_certificate(call: Call) -> Answer:
    """Add Service Certificate (ee460817).

    Of a ``cer`` the certificate itself is kept. A ``pfx`` holds a private key: only a digest of it is kept,
    in the certificate's place, and it isn't opened.
    """
    _, values = call.read(contracts.CERTIFICATE_FILE)
    service = call.hosted_service()
    call.demand_unlocked(service)
    kind = values["CertificateFormat"].strip().lower()
    if kind not in {"pfx", "cer"}:
        raise refusals.invalid_value(values["CertificateFormat"], "CertificateFormat", "pfx, cer")
    try:
        data = b64decode("".join(values["Data"].split()), validate=True)
    except (binascii.Error, ValueError):
        raise refusals.incorrect_parameter() from None
    public = _der(data) if kind == "cer" else hashlib.sha256(data).digest()
    thumbprint = hashlib.sha1(public, usedforsecurity=False).hexdigest().upper()
    operation = call.accept(
        "AddCertificate", "services", "hostedservices", service.name, "certificates", service=service
    )
    if not operation.error_code:
        call.later(
            operation.ends_at,
            "certificate_added",
            service=service.name,
            thumbprint=thumbprint,
            data=b64encode(public).decode(),
        )
    return Answer(202)


def _der(data: bytes) -> bytes:
    """A ``cer`` is DER, or PEM text around it; the thumbprint is that of the DER."""
    begin, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    if begin not in data:
        return data
    try:
        return b64decode(data.partition(begin)[2].partition(end)[0])
    except (binascii.Error, ValueError):
        raise refusals.incorrect_parameter() from None


def delete_certificate(call: Call) -> Answer:
    """Delete Service Certificate (ee460803)."""
    service, certificate = _certificate(call)
    call.demand_unlocked(service)
    operation = call.accept(
        "DeleteCertificate", "services", "hostedservices", service.name, "certificates", service=service
    )
    if not operation.error_code:
        call.later(
            operation.ends_at, "certificate_removed", service=service.name, thumbprint=certificate.thumbprint
        )
    return Answer(202)


ROUTES: Final = (
    Route("ListServiceCertificates", "GET", _BASE, "2009-10-01", list_certificates),
    Route("AddServiceCertificate", "POST", _BASE, "2009-10-01", add_certificate),
    Route("GetServiceCertificate", "GET", _ONE, "2009-10-01", get_certificate),
    Route("DeleteServiceCertificate", "DELETE", _ONE, "2009-10-01", delete_certificate),
)
