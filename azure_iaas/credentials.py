"""The management certificate: where it comes from, what is wrong with it, and the SSL context made of it.

Rules:

1. Key and certificate resolve independently of each other: text, else file, else environment, else the
   default file in the current folder.
2. What is unusable is found when the client is made, and the error names the source.
3. What OpenSSL takes is taken; what it refuses is refused with the reason.
4. A private key is never shown, wherever it was put by mistake, and is kept in a lasting file only by
   ``azure_iaas.accounts``, when a user imports it.
"""

from __future__ import annotations

import hashlib
import os
import re
import ssl
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from azure_iaas.errors import ConfigurationError, quoted
from azure_iaas.frames import forgetful
from azure_iaas.pem import PATH_GIVEN, as_file, blocks_of, decode, is_der, with_article
from azure_iaas.publish_settings import PublishedSubscription, chosen, published_subscriptions

KEY_VARIABLE = "CLIENT_AUTH_KEYFILE"
CERTIFICATE_VARIABLE = "CLIENT_AUTH_CERTFILE"
PASSPHRASE_VARIABLE = "AZURE_IAAS_PASSPHRASE"
DEFAULT_KEY_FILE = "priv.pem"
DEFAULT_CERTIFICATE_FILE = "pub.pem"

Passphrase = str | bytes | Callable[[], str | bytes]
"""Opens an encrypted key; a callable is asked once, and only when the key is encrypted."""

_BASE64 = re.compile(r"\s*MI[A-Za-z0-9+/=\s]+")  # any DER of more than 127 bytes begins so
_CERTIFICATE_LABELS = frozenset({"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"})
_MAX_BYTES = 1024 * 1024
_AUTH_KEYS = ("keyfile", "keyvalue", "certfile", "certvalue", "passphrase")


@dataclass(frozen=True, slots=True)
class ManagementCertificate:
    """A private key and its certificate, checked to belong together.

    Attributes:
        key_pem: the private key, PEM; secret, so kept out of ``repr``.
        certificate_pem: the certificate, PEM, any intermediate ones after it.
        key_source: where the key came from, for people.
        certificate_source: where the certificate came from, for people.
        passphrase: opens the key when it is encrypted; secret. A callable is replaced by what it gives.

    Raises:
        ConfigurationError: either is unusable, or they don't belong together; the source is named.
    """

    key_pem: str = field(repr=False)
    certificate_pem: str = field(repr=False)
    key_source: str = "key"
    certificate_source: str = "certificate"
    passphrase: Passphrase | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Reduce both texts to their PEM blocks and let OpenSSL try them."""
        keys = blocks_of(self.key_pem, self.key_source, "keyfile")
        certificates = blocks_of(self.certificate_pem, self.certificate_source, "certfile")
        key = next((block for label, block in keys if label.endswith("PRIVATE KEY")), None)
        chain = [block for label, block in certificates if label in _CERTIFICATE_LABELS]
        if key is None:
            problem = f"{self.key_source}: holds {with_article(keys[0][0])}, not a private key"
            if not chain:
                problem += (
                    f"; {self.certificate_source} holds {with_article(certificates[0][0])}: are they swapped?"
                )
            raise ConfigurationError(problem)
        if not chain:
            raise ConfigurationError(
                f"{self.certificate_source}: holds {with_article(certificates[0][0])}, not a certificate"
            )
        object.__setattr__(self, "key_pem", key)
        object.__setattr__(self, "certificate_pem", "\n".join(chain))
        if self._is_encrypted:
            object.__setattr__(self, "passphrase", _secret(self.passphrase, self.key_source))
        self._load_into(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    @classmethod
    @forgetful
    def from_file(
        cls,
        path: str | os.PathLike[str],
        passphrase: Passphrase | None = None,
        subscription_id: str | None = None,
    ) -> ManagementCertificate:
        """Read key and certificate from one file: PEM with both, PKCS#12 (``.pfx``) or publish settings.

        The content tells which it is, not the name.

        Args:
            path: the file.
            passphrase: opens an encrypted key or bundle.
            subscription_id: which subscription of a publish settings file.

        Raises:
            ConfigurationError: the file can't be read or used.
        """
        source = _source("", path)
        content = _content(_read(path, source, "keyvalue and certvalue"), source, passphrase, subscription_id)
        if isinstance(content, str):
            return cls(content, content, source, source, passphrase)
        return content

    @classmethod
    @forgetful
    def from_pem_file(
        cls, path: str | os.PathLike[str], passphrase: Passphrase | None = None
    ) -> ManagementCertificate:
        """Read one PEM file that holds both the key and the certificate.

        Raises:
            ConfigurationError: the file can't be read, or lacks one of the two.
        """
        source = _source("", path)
        text = decode(_read(path, source, "keyvalue and certvalue"), source)
        return cls(text, text, source, source, passphrase)

    @classmethod
    @forgetful
    def from_publish_settings(
        cls, path: str | os.PathLike[str], subscription_id: str | None = None
    ) -> ManagementCertificate:
        """Read the certificate of one subscription from a publish settings file, of either format.

        Needs ``cryptography`` (``pip install azure-iaas[accounts]``), since the file holds PKCS#12.

        Args:
            path: the ``.publishsettings`` file, or its text.
            subscription_id: which subscription; may be None when all of them share one certificate.

        Raises:
            ConfigurationError: the file can't be read or isn't one, the subscription isn't in it, or it has
                to be told which one is meant.
        """
        if isinstance(path, str) and path.lstrip().startswith("<"):
            return _from_publish_settings(path, "publish settings", subscription_id)
        source = _source("", path)
        return _from_publish_settings(
            decode(_read(path, source, "keyvalue"), source), source, subscription_id
        )

    @classmethod
    @forgetful
    def from_pkcs12(
        cls,
        data: bytes | str | os.PathLike[str],
        password: Passphrase | None = None,
        *,
        source: str = "PKCS#12",
    ) -> ManagementCertificate:
        """Read a PKCS#12 (``.pfx``) bundle. Needs ``cryptography`` (``pip install azure-iaas[accounts]``).

        Args:
            data: the bundle, its base64 text, or the path of a file with it.
            password: its password; asked for, when it is a callable, only if the bundle has one.
            source: how errors call it.

        Raises:
            ConfigurationError: damaged, wrong password, no key or certificate in it, or no ``cryptography``.
        """
        try:
            from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - optional
            from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - optional
                BestAvailableEncryption,
                Encoding,
                NoEncryption,
                PrivateFormat,
                pkcs12,
            )
        except ImportError as error:
            raise ConfigurationError(
                f"{source}: reading PKCS#12 needs the package 'cryptography': pip install"
                " 'azure-iaas[accounts]'"
            ) from error
        bundle_bytes = _bundle_bytes(data, source)

        def opened(secret: bytes | None) -> pkcs12.PKCS12KeyAndCertificates | None:
            with suppress(ValueError, UnsupportedAlgorithm):
                return pkcs12.load_pkcs12(bundle_bytes, secret)
            return None

        secret: bytes | None = None
        if (bundle := opened(None)) is None and password is not None:
            given = _secret(password, source)
            secret = given.encode() if isinstance(given, str) else given
            bundle = opened(secret)
        if bundle is None:
            rather = (
                "the password is wrong" if secret else f"its password is needed (or {PASSPHRASE_VARIABLE})"
            )
            raise ConfigurationError(f"{source}: not a PKCS#12 bundle, or {rather}")
        if bundle.key is None or bundle.cert is None:
            raise ConfigurationError(f"{source}: the PKCS#12 bundle lacks a private key or a certificate")
        # What came under a password stays under it, wherever it goes from here.
        how = BestAvailableEncryption(secret) if secret else NoEncryption()
        key = bundle.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
        chain = [bundle.cert, *bundle.additional_certs]
        certificates = b"".join(item.certificate.public_bytes(Encoding.PEM) for item in chain)
        return cls(key.decode("ascii"), certificates.decode("ascii"), source, source, secret)

    def as_pem(self) -> str:
        """Give key and certificates as one PEM text, to be kept; secret. An encrypted key stays encrypted."""
        return f"{self.key_pem}\n{self.certificate_pem}\n"

    @property
    def thumbprint(self) -> str:
        """SHA-1 of the certificate, 40 capital hexadecimal digits, by which the service lists it."""
        first = self.certificate_pem.partition("-----END")[0] + "-----END CERTIFICATE-----"
        encoded = "".join(line for line in first.splitlines() if "-----" not in line)
        return hashlib.sha1(b64decode(encoded), usedforsecurity=False).hexdigest().upper()

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

    @property
    def _is_encrypted(self) -> bool:
        return "ENCRYPTED" in self.key_pem[:200]

    def _load_into(self, context: ssl.SSLContext) -> None:
        try:
            with as_file(f"{self.key_pem}\n{self.certificate_pem}\n") as path:
                # Without a password given, OpenSSL would ask for one on the terminal.
                context.load_cert_chain(path, password=self.passphrase or "")
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
        if self._is_encrypted:
            return f"{self.key_source}: the passphrase is wrong, or the private key is damaged"
        return f"{self.key_source}: the private key is damaged, or of a kind that can't be used"


Auth = Mapping[str, Any] | ManagementCertificate | str | os.PathLike[str] | None
"""What :func:`resolve` takes."""


# A dataclass makes it: it can't be decorated where it stands.
ManagementCertificate.__init__ = forgetful(ManagementCertificate.__init__)  # type: ignore[method-assign]


@forgetful
def resolve(
    auth: Auth = None,
    environ: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    subscription_id: str | None = None,
) -> ManagementCertificate:
    """Find key and certificate as documented, each on its own: value, file, environment, default file.

    Args:
        auth: the documented mapping (``keyvalue``, ``keyfile``, ``certvalue``, ``certfile``) with
            ``passphrase`` beside it (else ``AZURE_IAAS_PASSPHRASE``), a ready :class:`ManagementCertificate`,
            or the path of one file with both. Where the key's file is PKCS#12 or publish settings, the
            certificate is taken from it too.
        environ: environment to read; that of the process when None.
        cwd: folder of the default files ``priv.pem`` and ``pub.pem``; the current one when None.
        subscription_id: which subscription of a publish settings file.

    Raises:
        ConfigurationError: either can't be found, read or used, or they don't belong together; the source
            (path, environment variable, ``auth.keyvalue``) is named.
    """
    if isinstance(auth, ManagementCertificate):
        return auth
    environ = os.environ if environ is None else environ
    passphrase: Passphrase | None = environ.get(PASSPHRASE_VARIABLE)
    if isinstance(auth, str | os.PathLike):
        return ManagementCertificate.from_file(auth, passphrase, subscription_id)
    if auth is not None and not isinstance(auth, Mapping):
        raise ConfigurationError(f"auth: a mapping or a path is needed, not {type(auth).__name__}")
    parts: Mapping[str, Any] = auth or {}
    if unknown := [key for key in parts if key not in _AUTH_KEYS]:
        raise ConfigurationError(f"auth: unknown {quoted(unknown[0])}; known are {', '.join(_AUTH_KEYS)}")
    if parts.get("passphrase") is not None:
        passphrase = parts["passphrase"]
    folder = Path.cwd() if cwd is None else Path(cwd)
    key, key_source = _find(parts, "key", environ, KEY_VARIABLE, folder / DEFAULT_KEY_FILE)
    if isinstance(key, bytes):
        content = _content(key, key_source, passphrase, subscription_id)
        if not isinstance(content, str):
            return content
        key = content
    certificate, certificate_source = _find(
        parts, "cert", environ, CERTIFICATE_VARIABLE, folder / DEFAULT_CERTIFICATE_FILE
    )
    if isinstance(certificate, bytes):
        certificate = decode(certificate, certificate_source)
    return ManagementCertificate(key, certificate, key_source, certificate_source, passphrase)


@forgetful
def subscriptions_in(path: str | os.PathLike[str]) -> list[PublishedSubscription] | None:
    """Give the subscriptions of a publish settings file; None when it is another file.

    Raises:
        ConfigurationError: it can't be read.
    """
    source = _source("", path)
    data = _read(path, source, "keyvalue and certvalue")
    if is_der(data) or not (text := decode(data, source)).lstrip().startswith("<"):
        return None
    return published_subscriptions(text, source)


def _find(
    auth: Mapping[str, Any], kind: str, environ: Mapping[str, str], variable: str, default: Path
) -> tuple[str | bytes, str]:
    """Give what was found, text of a value or bytes of a file, and its source."""
    value, file = auth.get(f"{kind}value"), auth.get(f"{kind}file")
    if value is not None:
        source = f"auth.{kind}value"
        if isinstance(value, bytes):
            return decode(value, source), source
        if isinstance(value, os.PathLike):
            raise ConfigurationError(f"{source}: {PATH_GIVEN}; use {kind}file")
        if not isinstance(value, str):
            raise ConfigurationError(f"{source}: PEM text is needed, not {type(value).__name__}")
        return value, source
    if file is not None:
        if not isinstance(file, str | os.PathLike) or not os.fspath(file):
            raise ConfigurationError(f"auth.{kind}file: a path is needed")
        source = _source(f"auth.{kind}file", file)
        return _read(file, source, f"{kind}value"), source
    if path := environ.get(variable):
        source = _source(f"environment variable {variable}", path)
        return _read(path, source, f"{kind}value"), source
    source = f"default file '{default}'"
    hint = f" (auth.{kind}value, auth.{kind}file and {variable} aren't given)"
    return _read(default, source, f"{kind}value", hint), source


def _source(name: str, path: str | os.PathLike[str]) -> str:
    return f"{name} {quoted(path)}".strip()


def _read(path: str | os.PathLike[str], source: str, instead: str, hint: str = "") -> bytes:
    if "-----BEGIN" in os.fspath(path):
        raise ConfigurationError(f"{source}: PEM text was given where a path is needed; use {instead}")
    problem = ""
    data = b""
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        problem = error.strerror or type(error).__name__
    except ValueError:
        problem = "not a path"
    if problem:
        # Outside the handler: the cause's text would repeat what was given, which may be a key.
        raise ConfigurationError(f"{source}: can't be read: {problem}{hint}")
    if len(data) > _MAX_BYTES:
        raise ConfigurationError(f"{source}: larger than 1 MiB, so neither key nor certificate")
    return data


def _content(
    data: bytes, source: str, passphrase: Passphrase | None, subscription_id: str | None
) -> ManagementCertificate | str:
    """Give the certificate a bundle holds, or the text of a file that isn't one."""
    if is_der(data):
        return ManagementCertificate.from_pkcs12(data, passphrase, source=source)
    text = decode(data, source)
    if text.lstrip().startswith("<"):
        return _from_publish_settings(text, source, subscription_id)
    return text


def _bundle_bytes(data: bytes | str | os.PathLike[str], source: str) -> bytes:
    if isinstance(data, bytes):
        if is_der(data):
            return data
        data = data.decode("latin-1")
        if not _BASE64.fullmatch(data):
            raise ConfigurationError(f"{source}: not a PKCS#12 bundle, or the password is wrong")
    if isinstance(data, str) and _BASE64.fullmatch(data):
        try:
            return b64decode(data)
        except ValueError:
            raise ConfigurationError(f"{source}: its base64 is damaged") from None
    if not isinstance(data, str | os.PathLike):
        raise ConfigurationError(f"{source}: bytes, base64 text or a path is needed")
    return _read(data, _source(source, data), "auth.keyvalue and certvalue")


def _secret(passphrase: Passphrase | None, source: str) -> str | bytes:
    if callable(passphrase):
        passphrase = passphrase()
    if passphrase is None:
        raise ConfigurationError(
            f"{source}: the private key is encrypted; give its passphrase, or {PASSPHRASE_VARIABLE}"
        )
    if not isinstance(passphrase, str | bytes):
        raise ConfigurationError(f"{source}: the passphrase has to be text or bytes")
    return passphrase


def _from_publish_settings(text: str, source: str, subscription_id: str | None) -> ManagementCertificate:
    subscription = chosen(published_subscriptions(text, source), subscription_id, source)
    return ManagementCertificate.from_pkcs12(subscription.bundle(source), source=source)
