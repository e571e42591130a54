"""Certificates that clients upload, and the ones that role documents name."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import TYPE_CHECKING, Final

# Why cryptography: certificates and PKCS#12 bundles are read by it, never by code of our own.
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12

from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from azure_iaas.emulator.state import HostedService
    from azure_iaas.endpoint.contracts import Values

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


def demand_certificates(service: HostedService, provisioning: Values) -> None:
    """Refuse a provisioning set that names a certificate the hosted service doesn't have.

    Keys for SSH, certificates to be stored and listeners of WinRM name one by its thumbprint (protocol.md
    10.4, 10.5). A listener without a thumbprint has a certificate made for it.

    Raises:
        Refusal: 400.
    """
    ssh = provisioning.get("SSH", {})
    keys = [*ssh.get("PublicKeys", []), *ssh.get("KeyPairs", [])]
    settings = provisioning.get("StoredCertificateSettings", [])
    thumbprints: list[str] = [key.get("Fingerprint", "") for key in keys]
    thumbprints += [setting.get("Thumbprint", "") for setting in settings]
    if not all(thumbprints):
        raise refusals.incorrect_parameter()
    listeners = provisioning.get("WinRM", {}).get("Listeners", [])
    thumbprints += [
        listener["CertificateThumbprint"] for listener in listeners if listener.get("CertificateThumbprint")
    ]
    for thumbprint in thumbprints:
        if thumbprint.strip().lower() not in service.certificates:
            raise refusals.certificate_not_found(thumbprint.strip())
