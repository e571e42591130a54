"""Certificates of a hosted service (protocol.md 12.6): their public part is kept, and nothing else."""

from __future__ import annotations

from base64 import b64encode
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

    The certificate itself is kept, and nothing of the private key a ``pfx`` holds. One that is there already
    stays one.
    """
    from azure_iaas.emulator.certificates import (  # noqa: PLC0415 - needs the extra
        decoded,
        der_of,
        read_cer,
        read_pfx,
        thumbprint_of,
    )

    _, values = call.read(CERTIFICATE_FILE)
    service = call.hosted_service()
    call.demand_unlocked(service)
    kind = values["CertificateFormat"].strip().lower()
    if kind not in {"pfx", "cer"}:
        raise refusals.invalid_value(values["CertificateFormat"], "CertificateFormat", "pfx, cer")
    data = decoded(values["Data"])
    certificate = read_cer(data) if kind == "cer" else read_pfx(data, values.get("Password", ""))
    public = b64encode(der_of(certificate)).decode()
    added = CertificateAdded(service.name, thumbprint_of(certificate), public)
    target = ("services", "hostedservices", service.name, "certificates")
    call.accept("AddCertificate", *target, service=service, then=added)
    return Answer(202)


@route("DeleteServiceCertificate", "DELETE", _ONE, since="2009-10-01")
def delete_certificate(call: Call) -> Answer:
    """Delete Service Certificate (ee460803)."""
    service, certificate = _certificate(call)
    call.demand_unlocked(service)
    removed = CertificateRemoved(service.name, certificate.thumbprint)
    target = ("services", "hostedservices", service.name, "certificates")
    call.accept("DeleteCertificate", *target, service=service, then=removed)
    return Answer(202)
