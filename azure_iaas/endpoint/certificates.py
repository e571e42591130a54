"""The endpoint's certificates: made once per data folder, checked at every start.

Files in the folder, PEM:

=================  =======  ==================================================================
``ca.pem``                  certificate authority to trust; its key is thrown away once used
``server.pem``              server certificate for localhost, 127.0.0.1 and ::1
``server-key.pem``  0600    its key
``expired.pem``             the same that expired long ago, for a fault; folders of before have none
``pub.pem``                 management certificate, self-signed as customers' certificates were
``priv.pem``        0600    its key
``client.pem``      0600    key and management certificate together, as Python clients want it
=================  =======  ==================================================================

Rules:

1. A private file is created with its final mode; there is no moment at which others can read it.
2. A set is made beside its place and put there under a lock, so processes that start at once agree on one
   set, and a process that is killed half way leaves nothing that the next one can't finish.
3. A file that is there is never overwritten: what is damaged or expired is said, not repaired.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_KEY_BITS = 2048
"""Smallest size the service took ("Authentication", protocol.md 1.2), and the quickest to make."""

_LIFETIME = timedelta(days=3650)
_BACKDATED = timedelta(days=1)
"""So that a client whose clock is behind accepts a certificate made just now."""

_PRIVATE = frozenset({"server-key.pem", "priv.pem", "client.pem"})
_NAMES = ("ca.pem", "server.pem", "server-key.pem", "pub.pem", "priv.pem", "client.pem")
_EXPIRED_NAME = "expired.pem"
"""Not one of the above: folders made before there was one go on without."""
_STAGING = ".certificates"


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """A folder's certificates.

    Attributes:
        ca_file: certificate authority that clients trust.
        server_cert_file: server certificate.
        server_key_file: its key.
        expired_cert_file: a server certificate of the same key that has expired; it may be missing.
        cert_file: management certificate.
        key_file: its key.
        pem_file: key and management certificate in one file.
        thumbprint: SHA-1 of the management certificate, upper-case hex, as the service names certificates.
    """

    ca_file: Path
    server_cert_file: Path
    server_key_file: Path
    expired_cert_file: Path
    cert_file: Path
    key_file: Path
    pem_file: Path
    thumbprint: str


def ensure_certificates(
    folder: Path, *, reuse: bool = False, now: datetime | None = None
) -> CertificateFiles:
    """Make the folder's certificates when it has none, check them when it has.

    May be repeated, also by several processes at the same time: all get the same set.

    Args:
        folder: made with mode 0700 when absent; a folder that is there keeps its mode.
        reuse: take the set already made in this process, for throw-away folders: making keys takes
            about 0.1 s.
        now: the time to judge and date certificates by; default the real one.

    Raises:
        ConfigurationError: a file is missing, damaged, expired or doesn't fit the others, or the folder
            can't be written; the message names the file and what to do.
    """
    now = now or datetime.now(UTC)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(folder / ".lock"):
            if (folder / _STAGING).exists():
                _publish(folder)
            if not any((folder / name).exists() for name in _NAMES):
                _stage(folder, _made_once() if reuse else make_certificates(now))
                _publish(folder)
    except OSError as error:
        raise ConfigurationError(f"certificates can't be kept in {folder}: {error.strerror}") from error
    return _checked(folder, now)


def make_certificates(now: datetime | None = None) -> dict[str, bytes]:
    """Make a new set: an authority, two server certificates and a management certificate.

    The authority's key is EC P-256, which takes no time to make; the others are RSA 2048.

    Args:
        now: first day of their ten years; default the real time.

    Returns:
        PEM by file name.
    """
    now = now or datetime.now(UTC)
    ca_key = ec.generate_private_key(ec.SECP256R1())
    with ThreadPoolExecutor(2) as threads:
        server_key, key = threads.map(lambda _: _new_key(), range(2))
    ca_name = _name("azure_iaas local service CA")
    ca = (
        _builder(ca_name, ca_name, ca_key, ca_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(key_cert_sign=True), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    management = make_management_certificate(key, now=now)
    key_pem = _key_pem(key)
    return {
        "ca.pem": _cert_pem(ca),
        "server.pem": _cert_pem(_server_certificate(server_key, ca_name, ca_key, now)),
        _EXPIRED_NAME: _cert_pem(_server_certificate(server_key, ca_name, ca_key, now - 2 * _LIFETIME)),
        "server-key.pem": _key_pem(server_key),
        "pub.pem": _cert_pem(management),
        "priv.pem": key_pem,
        "client.pem": key_pem + _cert_pem(management),
    }


def _server_certificate(
    key: rsa.RSAPrivateKey, ca_name: x509.Name, ca_key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    return (
        _builder(_name("localhost"), ca_name, key, ca_key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(key_cert_sign=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("localhost"),
                    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
                    x509.IPAddress(ipaddress.ip_address("::1")),
                ]
            ),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )


def make_management_certificate(
    key: rsa.RSAPrivateKey, *, name: str = "azure_iaas local management", now: datetime | None = None
) -> x509.Certificate:
    """Make a self-signed certificate of the kind customers uploaded as a management certificate.

    Args:
        key: its private key.
        name: common name.
        now: first day of its ten years; default the real time.
    """
    subject = _name(name)
    return (
        _builder(subject, subject, key, key, now or datetime.now(UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(key_cert_sign=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def thumbprint(certificate: x509.Certificate) -> str:
    """Give a certificate's SHA-1 in upper-case hex: how the service names certificates."""
    return certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a name, not a proof


@lru_cache(maxsize=1)
def _made_once() -> Mapping[str, bytes]:
    return make_certificates()


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    issuer_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.CertificateBuilder:
    # Key identifiers and usages are what X.509 strict checking, Python's default since 3.13, asks for.
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )


def _key_usage(*, key_cert_sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not key_cert_sign,
        content_commitment=False,
        key_encipherment=not key_cert_sign,  # clients of the time may negotiate RSA key exchange
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=key_cert_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _cert_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: rsa.RSAPrivateKey) -> bytes:
    # The traditional form: runtimes of the time read it, and so does everything since.
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def _stage(folder: Path, made: Mapping[str, bytes]) -> None:
    """Write the whole set beside its place; it counts only once the folder has its name."""
    partial = folder / f"{_STAGING}.partial"
    partial.mkdir(mode=0o700, exist_ok=True)
    for leftover in partial.iterdir():
        leftover.unlink()
    for name, pem in made.items():
        mode = 0o600 if name in _PRIVATE else 0o644
        descriptor = os.open(partial / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "wb") as file:
            file.write(pem)
    partial.rename(folder / _STAGING)


def _publish(folder: Path) -> None:
    staging = folder / _STAGING
    for file in staging.iterdir():
        file.rename(folder / file.name)
    staging.rmdir()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the operating system releases when this process dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - exists elsewhere only

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _checked(folder: Path, now: datetime) -> CertificateFiles:
    ca = _read_certificate(folder, "ca.pem", now)
    server = _read_certificate(folder, "server.pem", now)
    management = _read_certificate(folder, "pub.pem", now)
    _require_pair(folder, "server-key.pem", "server.pem", server)
    if (folder / _EXPIRED_NAME).exists():
        expired = _load_certificate(folder / _EXPIRED_NAME)
        _require_pair(folder, "server-key.pem", _EXPIRED_NAME, expired)
    _require_pair(folder, "priv.pem", "pub.pem", management)
    _require_pair(folder, "client.pem", "pub.pem", management)
    if _read_certificate(folder, "client.pem", now) != management:
        raise _unusable(folder / "client.pem", "holds another certificate than pub.pem")
    try:
        server.verify_directly_issued_by(ca)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise _unusable(folder / "server.pem", "was not signed by ca.pem") from error
    return CertificateFiles(
        ca_file=folder / "ca.pem",
        server_cert_file=folder / "server.pem",
        server_key_file=folder / "server-key.pem",
        expired_cert_file=folder / _EXPIRED_NAME,
        cert_file=folder / "pub.pem",
        key_file=folder / "priv.pem",
        pem_file=folder / "client.pem",
        thumbprint=thumbprint(management),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _unusable(path, "is missing, though other certificate files are there") from error
    except OSError as error:
        raise _unusable(path, f"can't be read ({error.strerror})") from error


def _read_certificate(folder: Path, name: str, now: datetime) -> x509.Certificate:
    path = folder / name
    certificate = _load_certificate(path)
    if now > certificate.not_valid_after_utc:
        raise _unusable(path, f"expired on {certificate.not_valid_after_utc:%Y-%m-%d}")
    if now < certificate.not_valid_before_utc:
        raise _unusable(path, f"is valid only from {certificate.not_valid_before_utc:%Y-%m-%d}")
    return certificate


def _load_certificate(path: Path) -> x509.Certificate:
    pem = _read(path)
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise _unusable(path, "is damaged: it holds no certificate") from error


def _require_pair(folder: Path, key_name: str, cert_name: str, certificate: x509.Certificate) -> None:
    path = folder / key_name
    pem = _read(path)
    try:
        # A signature proves the pair in 1 ms; the validation it replaces takes 65 ms for each key.
        key = serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unusable(path, "is damaged: it holds no private key") from error
    public = certificate.public_key()
    if not isinstance(key, rsa.RSAPrivateKey) or not isinstance(public, rsa.RSAPublicKey):
        raise _unusable(path, "is not an RSA key")
    try:
        signature = key.sign(b"pair", padding.PKCS1v15(), hashes.SHA256())
        public.verify(signature, b"pair", padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, InternalError, InvalidSignature) as error:
        raise _unusable(path, f"is not the key of {cert_name}") from error


def _unusable(path: Path, what: str) -> ConfigurationError:
    names = ", ".join((*_NAMES, _EXPIRED_NAME))
    return ConfigurationError(
        f"{path} {what}. To have a new set made, remove {names} from {path.parent} and start again."
    )
