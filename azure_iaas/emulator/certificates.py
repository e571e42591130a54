"""How certificates that clients upload are read. It needs the extra, and is imported when one comes."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Final

# Why cryptography: certificates and PKCS#12 bundles are read by it, never by code of our own.
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12

from azure_iaas.endpoint import refusals

_PEM: Final = b"-----BEGIN CERTIFICATE-----"


def decoded(text: str) -> bytes:
    """Content of a base64 element, whose lines may be broken.

    Raises:
        Refusal: 400.
    """
    try:
        return b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise refusals.incorrect_parameter() from None


def read_cer(data: bytes) -> x509.Certificate:
    """Read a ``cer`` file: DER, or PEM text around it.

    Raises:
        Refusal: 400: it holds no certificate.
    """
    try:
        if _PEM in data:
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except (ValueError, UnsupportedAlgorithm):
        raise refusals.certificate_invalid() from None


def read_pfx(data: bytes, password: str) -> x509.Certificate:
    """Read the certificate of a ``pfx`` file; its private key isn't kept.

    Args:
        data: the file.
        password: its password; empty for a file without one, and for one whose password is empty.

    Raises:
        Refusal: 400: it isn't PKCS#12, the password is wrong, or no certificate is in it.
    """
    # PKCS#12 tells no password from an empty one.
    for secret in (password.encode(),) if password else (None, b""):
        try:
            bundle = pkcs12.load_pkcs12(data, secret)
        except (ValueError, UnsupportedAlgorithm):
            continue
        if bundle.cert is not None:
            return bundle.cert.certificate
        if bundle.additional_certs:
            return bundle.additional_certs[0].certificate
    raise refusals.certificate_invalid()


def thumbprint_of(certificate: x509.Certificate) -> str:
    """SHA-1 of a certificate in upper-case hex: how the service names certificates."""
    return certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a name, not a proof


def der_of(certificate: x509.Certificate) -> bytes:
    """The certificate itself, as it is handed out again."""
    return certificate.public_bytes(Encoding.DER)


def public_keys_of(certificate: x509.Certificate) -> set[bytes]:
    """The public key in both forms that clients send: with its algorithm, and an RSA key alone."""
    key = certificate.public_key()
    forms = {key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)}
    if isinstance(key, rsa.RSAPublicKey):
        forms.add(key.public_bytes(Encoding.DER, PublicFormat.PKCS1))
    return forms
