"""The local service: management certificates whose parts agree."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from azure_iaas.endpoint.certificates import make_certificates
from tests.emulator_driver import CERTIFICATE, PUBLIC_KEY, THUMBPRINT, XMLNS, Driver


def _document(key: str = PUBLIC_KEY, thumbprint: str = THUMBPRINT, data: str = CERTIFICATE) -> str:
    return (
        f"<SubscriptionCertificate {XMLNS}><SubscriptionCertificatePublicKey>{key}"
        "</SubscriptionCertificatePublicKey>"
        f"<SubscriptionCertificateThumbprint>{thumbprint}</SubscriptionCertificateThumbprint>"
        f"<SubscriptionCertificateData>{data}</SubscriptionCertificateData></SubscriptionCertificate>"
    )


def test_a_certificate_whose_parts_agree_is_added() -> None:
    driver = Driver()
    driver.ok("POST", "certificates", _document(), status=200)
    assert f"<SubscriptionCertificateThumbprint>{THUMBPRINT}<" in driver.get(f"certificates/{THUMBPRINT}")


@pytest.mark.parametrize("form", [PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1])
def test_the_public_key_comes_with_its_algorithm_or_alone(form: PublicFormat) -> None:
    certificate = x509.load_pem_x509_certificate(make_certificates()["pub.pem"])
    key = certificate.public_key().public_bytes(Encoding.DER, form)
    thumbprint = certificate.fingerprint(hashes.SHA1()).hex()  # noqa: S303 - a name
    data = certificate.public_bytes(Encoding.DER)
    body = _document(b64encode(key).decode(), thumbprint, b64encode(data).decode())
    Driver().ok("POST", "certificates", body, status=200)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            _document(thumbprint="AB" * 20),
            "The value of SubscriptionCertificateThumbprint does not match the certificate data.",
        ),
        (
            _document(key=b64encode(b64decode(PUBLIC_KEY)[:-1] + b"\0").decode()),
            "The value of SubscriptionCertificatePublicKey does not match the certificate data.",
        ),
        (
            _document(data="ZGF0YQ=="),
            "The certificate data is not valid, or its password is not correct.",
        ),
    ],
)
def test_parts_that_disagree_are_refused(body: str, message: str) -> None:
    driver = Driver()
    assert driver.refused("POST", "certificates", body) == (400, "BadRequest", message)
    assert THUMBPRINT not in driver.get("certificates")
