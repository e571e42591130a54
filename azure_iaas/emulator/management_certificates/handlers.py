"""Management certificates (protocol.md 12.7): one that is added here is admitted from then on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.limits import MANAGEMENT_CERTIFICATES
from azure_iaas.emulator.management_certificates.answers import certificate_answer
from azure_iaas.emulator.management_certificates.contract import SUBSCRIPTION_CERTIFICATE
from azure_iaas.emulator.state import ManagementCertificate
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import Items, Value
from azure_iaas.endpoint.routes import Routes

if TYPE_CHECKING:
    from azure_iaas.endpoint.contracts import Values

_THUMBPRINT: Final = re.compile(r"[0-9A-Fa-f]{40}", re.ASCII)

route: Final = Routes[Call]()


def _certificate(call: Call) -> ManagementCertificate:
    certificate = call.subscription.certificates.get(call.names["thumbprint"])
    if certificate is None:
        raise refusals.missing("subscription certificate", call.names["thumbprint"])
    return certificate


@route("ListManagementCertificates", "GET", "certificates", since="2012-03-01")
def list_certificates(call: Call) -> Answer:
    """List Management Certificates (jj154105): those added through the API."""
    shown: list[Value] = [certificate_answer(each) for each in call.subscription.certificates.values()]
    return Answer(200, "SubscriptionCertificates", Items("SubscriptionCertificate", shown))


@route("GetManagementCertificate", "GET", "certificates/{thumbprint}", since="2012-03-01")
def get_certificate(call: Call) -> Answer:
    """Get Management Certificate (jj154131)."""
    return Answer(200, "SubscriptionCertificate", certificate_answer(_certificate(call)))


@route("AddManagementCertificate", "POST", "certificates", since="2012-03-01")
def add_certificate(call: Call) -> Answer:
    """Add Management Certificate (jj154123): its thumbprint and public key must be those of its data."""
    _, values = call.read(SUBSCRIPTION_CERTIFICATE)
    thumbprint = values["SubscriptionCertificateThumbprint"].strip()
    if not _THUMBPRINT.fullmatch(thumbprint):
        raise refusals.incorrect_parameter()
    _demand_agreement(values, thumbprint)
    shelf = call.subscription.certificates
    if shelf.get(thumbprint) is None and len(shelf) >= MANAGEMENT_CERTIFICATES:
        raise refusals.quota_exceeded(
            "subscription certificate count", MANAGEMENT_CERTIFICATES, len(shelf), 1
        )
    certificate = ManagementCertificate(
        thumbprint.upper(),
        values.get("SubscriptionCertificatePublicKey", ""),
        values.get("SubscriptionCertificateData", ""),
        call.now,
    )
    shelf.put(thumbprint, certificate)
    call.record("AddSubscriptionCertificate", "certificates")
    return Answer(200)


def _demand_agreement(values: Values, thumbprint: str) -> None:
    if not values.get("SubscriptionCertificateData"):
        # The thumbprint alone admits: nothing else of a management certificate is used.
        return
    from azure_iaas.emulator.certificates import (  # noqa: PLC0415 - needs the extra
        decoded,
        public_keys_of,
        read_cer,
        thumbprint_of,
    )

    certificate = read_cer(decoded(values["SubscriptionCertificateData"]))
    if thumbprint_of(certificate) != thumbprint.upper():
        raise refusals.certificate_disagrees("SubscriptionCertificateThumbprint")
    key = values.get("SubscriptionCertificatePublicKey", "")
    if key and decoded(key) not in public_keys_of(certificate):
        raise refusals.certificate_disagrees("SubscriptionCertificatePublicKey")


@route("DeleteManagementCertificate", "DELETE", "certificates/{thumbprint}", since="2012-03-01")
def delete_certificate(call: Call) -> Answer:
    """Delete Management Certificate (jj154127)."""
    certificate = _certificate(call)
    call.subscription.certificates.remove(certificate.thumbprint)
    call.record("DeleteSubscriptionCertificate", "certificates", certificate.thumbprint)
    return Answer(200)
