"""The management certificate: where it comes from, what is wrong with it, and the SSL context made of it.

Rules:

1. Key and certificate resolve independently of each other: text, else file, else environment, else the
   default file in the current folder.
2. What is unusable is found when the client is made, and the error names the source.
3. A private key is never written to a lasting file and never shown.
"""

from __future__ import annotations

import os
import re
import ssl
import tempfile
from base64 import b64decode
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY_VARIABLE = "CLIENT_AUTH_KEYFILE"
CERTIFICATE_VARIABLE = "CLIENT_AUTH_CERTFILE"
DEFAULT_KEY_FILE = "priv.pem"
DEFAULT_CERTIFICATE_FILE = "pub.pem"

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\r?\n.*?-----END \1-----", re.DOTALL)
_MAX_BYTES = 1024 * 1024
_AUTH_KEYS = ("keyfile", "keyvalue", "certfile", "certvalue")


@dataclass(frozen=True, slots=True)
class ManagementCertificate:
    """A private key and its certificate, checked to belong together.

    Attributes:
        key_pem: the private key, PEM; secret, so kept out of ``repr``.
        certificate_pem: the certificate, PEM, any intermediate ones after it.
        key_source: where the key came from, for people.
        certificate_source: where the certificate came from, for people.

    Raises:
        ConfigurationError: either is unusable, or they don't belong together; the source is named.
    """

    key_pem: str = field(repr=False)
    certificate_pem: str = field(repr=False)
    key_source: str = "key"
    certificate_source: str = "certificate"

    def __post_init__(self) -> None:
        """Reduce both texts to their PEM blocks and let OpenSSL try them."""
        object.__setattr__(self, "key_pem", _key_block(self.key_pem, self.key_source))
        chain = _certificate_blocks(self.certificate_pem, self.certificate_source)
        object.__setattr__(self, "certificate_pem", chain)
        self._load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    @classmethod
    def from_pem_file(cls, path: str | os.PathLike[str]) -> ManagementCertificate:
        """Read one PEM file that holds both the key and the certificate.

        Raises:
            ConfigurationError: the file can't be read, or lacks one of the two.
        """
        source = f"'{os.fspath(path)}'"
        text = _read(Path(path), source)
        return cls(text, text, source, source)

    @classmethod
    def from_publish_settings(
        cls, path: str | os.PathLike[str], subscription_id: str | None = None
    ) -> ManagementCertificate:
        """Read the certificate of one subscription from a publish settings file, of either format.

        Needs ``cryptography`` (``pip install azure-iaas[emulator]``), since the file holds PKCS#12.

        Args:
            path: the ``.publishsettings`` file.
            subscription_id: which subscription; may be None when all of them share one certificate.

        Raises:
            ConfigurationError: the file can't be read or isn't one, the subscription isn't in it, or it has
                to be told which one is meant.
        """
        source = f"'{os.fspath(path)}'"
        found = _published(_read(Path(path), source), source)
        if subscription_id is not None:
            encoded = found.get(subscription_id.lower())
            if encoded is None:
                raise ConfigurationError(
                    f"{source}: subscription {subscription_id!r} isn't in it; it has {', '.join(found)}"
                )
        else:
            if len(set(found.values())) != 1:
                raise ConfigurationError(f"{source}: say which subscription: {', '.join(found)}")
            encoded = next(iter(found.values()))
        try:
            data = b64decode(encoded, validate=False)
        except ValueError as error:
            raise ConfigurationError(f"{source}: its certificate isn't base64") from error
        return cls.from_pkcs12(data, source=source)

    @classmethod
    def from_pkcs12(
        cls, data: bytes, password: str | None = None, *, source: str = "PKCS#12"
    ) -> ManagementCertificate:
        """Read a PKCS#12 (``.pfx``) bundle. Needs ``cryptography`` (``pip install azure-iaas[emulator]``).

        Args:
            data: the bundle.
            password: its password, or None.
            source: how errors call it.

        Raises:
            ConfigurationError: damaged, wrong password, no key or certificate in it, or no ``cryptography``.
        """
        try:
            from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - optional
                Encoding,
                NoEncryption,
                PrivateFormat,
                pkcs12,
            )
        except ImportError as error:
            raise ConfigurationError(
                f"{source}: reading PKCS#12 needs the package 'cryptography': pip install cryptography"
            ) from error
        try:
            bundle = pkcs12.load_pkcs12(data, None if password is None else password.encode())
        except ValueError:
            # Not chained: the cause's text is about ASN.1, and the message below says what to do.
            raise ConfigurationError(f"{source}: not a PKCS#12 bundle, or the password is wrong") from None
        if bundle.key is None or bundle.cert is None:
            raise ConfigurationError(f"{source}: the PKCS#12 bundle lacks a private key or a certificate")
        key = bundle.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        chain = [bundle.cert, *bundle.additional_certs]
        certificates = b"".join(item.certificate.public_bytes(Encoding.PEM) for item in chain)
        return cls(key.decode("ascii"), certificates.decode("ascii"), source, source)

    def ssl_context(self, ca: str | None = None) -> ssl.SSLContext:
        """Make a client context: TLS 1.2 or newer, the server always verified, this certificate shown.

        Loading the system's CA certificates takes 10 to 100 ms of CPU, so call it off the event loop.

        Args:
            ca: PEM text of the CA certificates that vouch for the server; the system's when None.

        Raises:
            ConfigurationError: ``ca`` can't be used.
        """
        try:
            context = ssl.create_default_context(cadata=ca)
        except (ssl.SSLError, ValueError) as error:
            raise ConfigurationError("ca: the PEM text is damaged") from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # The service asks for the certificate after the handshake (protocol.md 1.2); TLS 1.3 clients must
        # announce that they allow it.
        context.post_handshake_auth = True
        self._load_into(context)
        return context

    def _load_into(self, context: ssl.SSLContext) -> None:
        try:
            with _as_file(f"{self.key_pem}\n{self.certificate_pem}\n") as path:
                # Without a password given, OpenSSL would ask for one on the terminal.
                context.load_cert_chain(path, password="")
        except (ssl.SSLError, ValueError) as error:
            raise ConfigurationError(self._diagnosis(error)) from None

    def _diagnosis(self, error: ssl.SSLError | ValueError) -> str:
        reason = getattr(error, "reason", None) or ""
        if reason in {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"}:
            return (
                f"the private key ({self.key_source}) doesn't belong to the certificate "
                f"({self.certificate_source}); the first certificate in a file counts"
            )
        if reason in {"EE_KEY_TOO_SMALL", "CA_KEY_TOO_SMALL", "CA_MD_TOO_WEAK"}:
            return f"{self.certificate_source}: the certificate is too weak ({reason}); use RSA 2048 or more"
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=self.certificate_pem)
        except (ssl.SSLError, ValueError):
            return f"{self.certificate_source}: the certificate is damaged"
        return f"{self.key_source}: the private key is damaged, or of a kind that can't be used"


Auth = Mapping[str, Any] | ManagementCertificate | str | os.PathLike[str] | None
"""What :func:`resolve` takes."""


def resolve(
    auth: Auth = None,
    environ: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> ManagementCertificate:
    """Find key and certificate as documented, each on its own: value, file, environment, default file.

    Args:
        auth: the documented mapping (``keyvalue``, ``keyfile``, ``certvalue``, ``certfile``), a ready
            :class:`ManagementCertificate`, or the path of one PEM file with both.
        environ: environment to read; that of the process when None.
        cwd: folder of the default files ``priv.pem`` and ``pub.pem``; the current one when None.

    Raises:
        ConfigurationError: either can't be found, read or used, or they don't belong together; the source
            (path, environment variable, ``auth.keyvalue``) is named.
    """
    if isinstance(auth, ManagementCertificate):
        return auth
    if isinstance(auth, str | os.PathLike):
        return ManagementCertificate.from_pem_file(auth)
    if auth is not None and not isinstance(auth, Mapping):
        raise ConfigurationError(f"auth: a mapping or a path is needed, not {type(auth).__name__}")
    given: Mapping[str, Any] = auth or {}
    if unknown := [key for key in given if key not in _AUTH_KEYS]:
        raise ConfigurationError(f"auth: unknown {unknown[0]!r}; known are {', '.join(_AUTH_KEYS)}")
    environ = os.environ if environ is None else environ
    folder = Path.cwd() if cwd is None else Path(cwd)
    key, key_source = _find(given, "key", environ, KEY_VARIABLE, folder / DEFAULT_KEY_FILE)
    certificate, certificate_source = _find(
        given, "cert", environ, CERTIFICATE_VARIABLE, folder / DEFAULT_CERTIFICATE_FILE
    )
    return ManagementCertificate(key, certificate, key_source, certificate_source)


def _find(
    auth: Mapping[str, Any], kind: str, environ: Mapping[str, str], variable: str, default: Path
) -> tuple[str, str]:
    value, file = auth.get(f"{kind}value"), auth.get(f"{kind}file")
    if value is not None:
        source = f"auth.{kind}value"
        if isinstance(value, bytes):
            return _decode(value, source), source
        if not isinstance(value, str):
            raise ConfigurationError(f"{source}: PEM text is needed, not {type(value).__name__}")
        return value, source
    if file is not None:
        if not isinstance(file, str | os.PathLike) or not os.fspath(file):
            raise ConfigurationError(f"auth.{kind}file: a path is needed")
        source = f"auth.{kind}file '{os.fspath(file)}'"
        return _read(Path(file), source), source
    if path := environ.get(variable):
        source = f"environment variable {variable} '{path}'"
        return _read(Path(path), source), source
    source = f"default file '{default}'"
    hint = f" (auth.{kind}value, auth.{kind}file and {variable} aren't given)"
    return _read(default, source, hint), source


def _read(path: Path, source: str, hint: str = "") -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        raise ConfigurationError(f"{source}: can't be read: {reason}{hint}") from error
    if len(data) > _MAX_BYTES:
        raise ConfigurationError(f"{source}: larger than 1 MiB, so neither key nor certificate")
    return _decode(data, source)


def _decode(data: bytes, source: str) -> str:
    # DER, and so PKCS#12, is a SEQUENCE: byte 0x30 and a long-form length.
    if data[:1] == b"0" and data[1:2] >= b"\x80":
        raise ConfigurationError(f"{source}: DER or PKCS#12, not PEM; convert it with openssl")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{source}: not PEM text") from None


def _blocks(text: str, source: str) -> list[tuple[str, str]]:
    if not text.strip():
        raise ConfigurationError(f"{source}: empty")
    found = [(match[1], match[0]) for match in _BLOCK.finditer(text)]
    if not found:
        problem = "its PEM is cut off" if "-----BEGIN" in text else "not PEM"
        raise ConfigurationError(f"{source}: {problem} (-----BEGIN ... ----- to -----END ... -----)")
    return found


def _key_block(text: str, source: str) -> str:
    found = _blocks(text, source)
    for label, block in found:
        if label == "ENCRYPTED PRIVATE KEY" or (label.endswith("PRIVATE KEY") and "ENCRYPTED" in block[:200]):
            raise ConfigurationError(f"{source}: the private key is encrypted; decrypt it: openssl pkey")
        if label.endswith("PRIVATE KEY"):
            return block
    raise ConfigurationError(f"{source}: holds {_article(found[0][0])}, not a private key")


def _certificate_blocks(text: str, source: str) -> str:
    found = _blocks(text, source)
    chain = [block for label, block in found if label in {"CERTIFICATE", "X509 CERTIFICATE"}]
    if not chain:
        raise ConfigurationError(f"{source}: holds {_article(found[0][0])}, not a certificate")
    return "\n".join(chain)


def _article(label: str) -> str:
    name = label.lower()
    return f"an {name}" if name[0] in "aeiou" and not name.startswith("eu") else f"a {name}"


def _published(text: str, source: str) -> dict[str, str]:
    # The file is the user's own; a DOCTYPE, which none has, is refused, so no entity is ever expanded.
    if "<!DOCTYPE" in text:
        raise ConfigurationError(f"{source}: not a publish settings file")
    try:
        root = ET.fromstring(text)  # noqa: S314
    except ET.ParseError as error:
        raise ConfigurationError(f"{source}: not a publish settings file (not XML)") from error
    found: dict[str, str] = {}
    for profile in root.iter("PublishProfile"):
        for subscription in profile.iter("Subscription"):
            # Format 2.0 has a certificate per subscription, format 1.0 one for all.
            encoded = subscription.get("ManagementCertificate") or profile.get("ManagementCertificate")
            if encoded and (identity := subscription.get("Id")):
                found[identity.lower()] = encoded
    if not found:
        raise ConfigurationError(f"{source}: no subscription with a management certificate in it")
    return found


@contextmanager
def _as_file(text: str) -> Iterator[str]:
    """Lend a path to ``text``, since ssl reads certificates from paths only.

    On Linux the file is in memory and has no name; elsewhere it is a 0600 temporary file, removed at once.
    """
    descriptor, path, temporary = _unnamed_file()
    try:
        with open(descriptor, "w", encoding="ascii", errors="replace") as file:
            file.write(text)
            file.flush()
            yield path
    finally:
        if temporary:
            Path(path).unlink(missing_ok=True)


def _unnamed_file() -> tuple[int, str, bool]:
    if hasattr(os, "memfd_create"):
        with suppress(OSError):
            descriptor = os.memfd_create("management-certificate", os.MFD_CLOEXEC)
            path = f"/proc/self/fd/{descriptor}"
            if Path(path).exists():
                return descriptor, path, False
            os.close(descriptor)
    return (*tempfile.mkstemp(suffix=".pem"), True)
