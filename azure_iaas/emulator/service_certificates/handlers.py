"""Certificates of a hosted service (protocol.md 12.6): their public part is kept, and nothing else."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.service_certificates.contract import CERTIFICATE_FILE
from azure_iaas.emulator.service_certificates.effects import CertificateAdded, CertificateRemoved
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import Items, Struct, Value
from azure_iaas.endpoint.routes import SERVICE, Routes

if TYPE_CHECKING:
    from azure_iaas.emulator.state import HostedService, ServiceCertificate

_BASE: Final = f"{SERVICE}/certificates"
_ONE: Final = f"{_BASE}/{{certificate}}"

route: Final = Routes[Call]()


def _certificate(call: Call) -> tuple[HostedService, ServiceCertificate]:
    service = call.hosted_service()
    algorithm, _, thumbprint = call.names["certificate"].partition("-")
    certificate = service.certificates.get(thumbprint.lower())
    if algorithm.lower() != "sha1" or certificate is None:
        raise refusals.missing("certificate", call.names["certificate"])
    return service, certificate


@route("ListServiceCertificates", "GET", _BASE, since="2009-10-01")
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


@route("GetServiceCertificate", "GET", _ONE, since="2009-10-01")
def get_certificate(call: Call) -> Answer:
    """Get Service Certificate (ee460792)."""
    _, certificate = _certificate(call)
    return Answer(200, "Certificate", Struct([("Data", certificate.data)]))


@route("AddServiceCertificate", "POST", _BASE, since="2009-10-01")
def add_certificate(call: Call) -> Answer:
    """Add Service Certificate (ee460817).

    Of a ``cer`` the certificate itself is kept. A ``pfx`` holds a private key: only a digest of it is kept,
    in the certificate's place, and it isn't opened.
    """
    _, values = call.read(CERTIFICATE_FILE)
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
    added = CertificateAdded(service.name, thumbprint, b64encode(public).decode())
    target = ("services", "hostedservices", service.name, "certificates")
    call.accept("AddCertificate", *target, service=service, then=added)
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


@route("DeleteServiceCertificate", "DELETE", _ONE, since="2009-10-01")
def delete_certificate(call: Call) -> Answer:
    """Delete Service Certificate (ee460803)."""
    service, certificate = _certificate(call)
    call.demand_unlocked(service)
    removed = CertificateRemoved(service.name, certificate.thumbprint)
    target = ("services", "hostedservices", service.name, "certificates")
    call.accept("DeleteCertificate", *target, service=service, then=removed)
    return Answer(202)
