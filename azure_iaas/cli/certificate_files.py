"""Certificates from files, without the keys that may stand beside them."""

from __future__ import annotations

import base64
import hashlib
import ssl
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from pathlib import Path

_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"
_SEQUENCE: Final = 0x30


def certificate_in(content: bytes) -> bytes:
    """The certificate in a file, DER: of PEM the first one, of DER the whole.

    Raises:
        ValueError: there is none. A file with a key alone, or PKCS#12, is none either: it would send a key.
    """
    text = content.decode("latin-1")
    begin, end = text.find(_BEGIN), text.find(_END)
    if 0 <= begin < end:
        return ssl.PEM_cert_to_DER_cert(text[begin : end + len(_END)])
    if content[:1] == bytes([_SEQUENCE]) and content[_header_length(content) :][:1] == bytes([_SEQUENCE]):
        return content  # keys and PKCS#12 begin with a number inside
    msg = "no certificate in it, PEM or DER"
    raise ValueError(msg)


def read_certificate(file: Path) -> bytes:
    """The certificate in a file, DER.

    Raises:
        click.UsageError: there is none.
        OSError: it can't be read.
    """
    try:
        return certificate_in(file.read_bytes())
    except ValueError as error:
        problem = error
    raise click.UsageError(f"{file}: {problem}")


def thumbprint_of(der: bytes) -> str:
    """How the service names a certificate; nothing is secured by it."""
    return hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()


def as_management_certificate(der: bytes) -> dict[str, str]:
    """What the service is told of a management certificate.

    Raises:
        click.UsageError: it isn't one of an RSA key, which management certificates are.
    """
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - only here
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415 - as above
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - as above

    try:
        key = load_der_x509_certificate(der).public_key()
    except ValueError:
        key = None
    if not isinstance(key, rsa.RSAPublicKey):
        raise click.UsageError("a management certificate is X.509, of an RSA key")
    public_key = key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    return {
        "SubscriptionCertificatePublicKey": base64.b64encode(public_key).decode(),
        "SubscriptionCertificateThumbprint": thumbprint_of(der),
        "SubscriptionCertificateData": base64.b64encode(der).decode(),
    }


def _header_length(der: bytes) -> int:
    """Bytes before the content of the outermost DER element."""
    length = der[1] if len(der) > 1 else 0
    return 2 + (length & 0x7F if length & 0x80 else 0)
