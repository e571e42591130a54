"""Certificates from files: never the key that stands beside one."""

from __future__ import annotations

import ssl

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_pem_x509_certificate

from azure_iaas.cli.certificate_files import certificate_in

ISSUED = trustme.CA().issue_cert("me")
PEM = ISSUED.cert_chain_pems[0].bytes()
KEY = ISSUED.private_key_pem.bytes()
DER = ssl.PEM_cert_to_DER_cert(PEM.decode())


def key_as(encoding: serialization.Encoding, form: serialization.PrivateFormat) -> bytes:
    key = serialization.load_pem_private_key(KEY, None)
    return key.private_bytes(encoding, form, serialization.NoEncryption())


@pytest.mark.parametrize("content", [PEM, KEY + PEM, PEM + KEY, b"# mine\n" + PEM + PEM, DER], ids=range(5))
def test_the_certificate_alone(content: bytes) -> None:
    assert certificate_in(content) == DER


KEYS = [
    KEY,
    key_as(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8),
    key_as(serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL),
    pkcs12.serialize_key_and_certificates(
        b"me",
        serialization.load_pem_private_key(KEY, None),  # type: ignore[arg-type]
        load_pem_x509_certificate(PEM),
        None,
        serialization.NoEncryption(),
    ),
]


@pytest.mark.parametrize("content", [b"", b"\x30", b"\x30\x84", b"text", PEM[:40], *KEYS], ids=range(9))
def test_what_is_none(content: bytes) -> None:
    with pytest.raises(ValueError, match="no certificate in it"):
        certificate_in(content)
