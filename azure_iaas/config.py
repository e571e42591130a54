"""Options of a client: what the user wishes, and what comes of it with the environment and the defaults.

Everything is checked here, when the client is made, so that nothing below has to ask again.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
    model_validator,
)

from azure_iaas.addresses import Proxy, checked_host, join_host, split_url
from azure_iaas.errors import ConfigurationError, quoted
from azure_iaas.frames import forgetful
from azure_iaas.wire.messages import Dialect, Serialization

PUBLIC_HOST: Final = "management.core.windows.net"
"""Management host of the public cloud ("Endpoints", protocol.md 1.1)."""

CLOUD_HOSTS: Final[Mapping[str, str]] = {
    "AzureCloud": PUBLIC_HOST,
    "AzureChinaCloud": "management.core.chinacloudapi.cn",
    "AzureUSGovernment": "management.core.usgovcloudapi.net",
    "AzureGermanCloud": "management.core.cloudapi.de",
}
"""Management hosts of the clouds, by the names the service's own command lines gave these."""
_CLOUDS: Final = {name.lower(): host for name, host in CLOUD_HOSTS.items()}

HOST_VARIABLE: Final = "AZURE_IAAS_HOST"
CA_VARIABLE: Final = "AZURE_IAAS_CA"
SUBSCRIPTION_VARIABLE: Final = "AZURE_IAAS_SUBSCRIPTION_ID"

# 2014-10-01 is the default of the Python and Go clients: every element this library knows exists at it, and
# nothing it doesn't know was added to the answers before it. The preview dialect was spoken at 2012-03-01
# only ("Known values of x-ms-version", protocol.md 2.3).
DEFAULT_API_VERSIONS: Mapping[Dialect, str] = {"ga": "2014-10-01", "preview": "2012-03-01"}

_API_VERSION = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_SUBSCRIPTION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_MAX_CA_BYTES = 16 * 1024 * 1024

_OTHER_NAMES: Mapping[str, str] = {
    "timeout": "did you mean 'timeout_seconds'?",
    "verify": "the server's certificate is always verified; name the CA that vouches for it with 'ca'",
    "cert": "the management certificate is given as auth, not as an option",
    "proxy": "did you mean 'proxy_url'?",
    "proxies": "did you mean 'proxy_url'?",
    "version": "did you mean 'api_version'?",
}


def _no_truth_value(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a number is needed")  # noqa: TRY004 - pydantic reports ValueError alone
    return value


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("control characters aren't allowed")
    return value


def _redirect_host(value: str) -> str:
    source = "redirect_hosts"
    parts = split_url(f"https://{value}", source)
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        raise ConfigurationError(f"{source}: give host or host:port, no more")
    host = checked_host(parts.hostname, source)
    return host if parts.port is None else join_host(host, parts.port)


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, strict=True), AfterValidator(_one_line)
]
Seconds = Annotated[float, BeforeValidator(_no_truth_value), Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, BeforeValidator(_no_truth_value), Field(ge=1)]
Port = Annotated[int, BeforeValidator(_no_truth_value), Field(ge=1, le=65535)]


class _Behaviour(BaseModel):
    """The options whose wish is their result."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    serialize_type: Serialization = "XML"
    dialect: Dialect = "ga"
    default_location: Text = "West US"
    timeout_seconds: Seconds | None = None
    connect_timeout_seconds: Seconds = 30.0
    read_timeout_seconds: Seconds = 60.0
    write_timeout_seconds: Seconds = 60.0
    exchange_timeout_seconds: Seconds = 300.0
    queue_timeout_seconds: Seconds | None = None
    close_timeout_seconds: Seconds = 5.0
    keep_alive_seconds: Seconds = 60.0
    max_connections: Count = 16
    max_response_bytes: Count = 64 * 1024 * 1024
    fail_fast: StrictBool = True
    redirect_hosts: tuple[Annotated[Text, AfterValidator(_redirect_host)], ...] = ()


class ResolvedOptions(_Behaviour):
    """What a client works with: the wishes, the environment and the defaults put together.

    Attributes:
        host: management host, a name or an address.
        port: its TCP port.
        ca: PEM text of the CA certificates that vouch for the server; None: the system's own.
        chosen_version: the ``x-ms-version`` the user chose; None when it is left to the library.
        proxy: tunnels the connections; None connects directly.
    """

    host: str
    port: int
    ca: str | None = Field(default=None, repr=False)
    chosen_version: str | None = None
    proxy: Proxy | None = None

    @property
    def api_version(self) -> str | None:
        """The wish of this name: the version chosen."""
        return self.chosen_version

    @property
    def version(self) -> str:
        """The value ``x-ms-version`` has: the version chosen, or the default of the dialect."""
        return self.chosen_version or DEFAULT_API_VERSIONS[self.dialect]


class ClientOptions(_Behaviour):
    """Everything a client can be told. None stands for the default. Wrong values are refused at once.

    Attributes:
        host: management host: ``host``, ``host:port``, ``https://host:port``, or the name of a cloud in
            :data:`CLOUD_HOSTS`. None: the environment variable ``AZURE_IAAS_HOST``, else the public cloud's.
        port: TCP port of the management host; 443 when neither it nor the host says one.
        ca: CA certificates that vouch for the server, as PEM text or the path of a file with it. None: the
            environment variable ``AZURE_IAAS_CA``, else the system's own.
        api_version: value of ``x-ms-version``; None leaves it to the library.
        serialize_type: ``XML`` or ``JSON``, the form of request and answer documents.
        dialect: element names to write, ``ga`` or ``preview``; both are read.
        default_location: where a hosted service goes when neither location nor affinity group is given.
        timeout_seconds: bound on one call as a whole: waiting for a connection, every attempt, the pauses
            between them, redirects. None bounds the parts alone. :func:`azure_iaas.deadline` bounds it too.
        connect_timeout_seconds: bound on name look-up, TCP, proxy and TLS handshake together.
        read_timeout_seconds: longest silence of the service while an answer is awaited.
        write_timeout_seconds: bound on handing one request to the network.
        exchange_timeout_seconds: bound on one request and its whole answer, on an open connection.
        queue_timeout_seconds: longest wait for a free connection; None waits without limit.
        close_timeout_seconds: how long closing waits for exchanges in flight.
        keep_alive_seconds: an idle connection older than this isn't used again.
        max_connections: connections, and so requests at a time, per client.
        max_response_bytes: largest answer body accepted.
        proxy_url: ``http://[user:password@]host[:port]``; empty means no proxy, whatever the
            environment says; None takes ``HTTPS_PROXY``. Secret.
        fail_fast: after ten failed connections in a row calls raise OutageError at once, but for one every
            half second that tries again. False: every call tries.
        redirect_hosts: ``host`` or ``host:port`` a 307 may lead to, beside the management host's subdomains.

    Raises:
        ConfigurationError: an option is unknown or has an unusable value; it is named.
    """

    host: Text | None = None
    port: Port | None = None
    ca: str | bytes | Path | None = Field(default=None, repr=False)
    api_version: Annotated[str, StringConstraints(strict=True)] | None = Field(
        default=None, pattern=_API_VERSION
    )
    proxy_url: str | None = Field(default=None, repr=False)

    if not TYPE_CHECKING:  # type checkers see the fields as arguments

        def __init__(self, **wishes: Any) -> None:
            try:
                super().__init__(**wishes)
            except ValidationError as error:
                raise _refusal(error) from None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, wishes: Mapping[str, Any]) -> dict[str, Any]:
        """Find the options meant: capitals and underscores in names don't matter, None is the default."""
        known = {name.replace("_", ""): name for name in cls.model_fields}
        named: dict[str, Any] = {}
        for key, value in wishes.items():
            name = known.get(key.replace("_", "").lower())
            if name is None:
                raise _unknown(key, sorted(known.values()))
            if name in named:
                raise ConfigurationError(f"option {quoted(key)} is given twice, in different spellings")
            if value is not None:
                named[name] = value
        return named

    @classmethod
    @forgetful
    def of(cls, options: Mapping[str, Any] | ClientOptions | None) -> ClientOptions:
        """Give options as an object of this class, checked.

        Raises:
            ConfigurationError: an option is unknown or has an unusable value; it is named.
        """
        if isinstance(options, cls):
            return options
        if not (options is None or isinstance(options, Mapping)):
            raise ConfigurationError(f"options: a mapping is needed, not {type(options).__name__}")
        return cls(**{str(name): value for name, value in (options or {}).items()})

    @classmethod
    @forgetful
    def resolve(
        cls,
        options: Mapping[str, Any] | ClientOptions | ResolvedOptions | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> ResolvedOptions:
        """Check options and fill in what the environment says.

        Args:
            options: the documented mapping (``host``, ``apiversion``, ``serializetype``), any attribute of
                this class beside them, or an object of this class; what is resolved already is left alone.
            environ: environment to read; that of the process when None.

        Raises:
            ConfigurationError: an option is unknown or has an unusable value; it is named.
        """
        if isinstance(options, ResolvedOptions):
            return options
        options = cls.of(options)
        environ = os.environ if environ is None else environ
        host, port = options._address(environ)
        ca, ca_source = options.ca, "ca"
        if ca is None and (variable := environ.get(CA_VARIABLE, "").strip()):
            ca, ca_source = variable, f"environment variable {CA_VARIABLE}"
        url = None if options.proxy_url is None else options.proxy_url.strip()
        return ResolvedOptions(
            host=host,
            port=port,
            ca=None if ca is None else _pem(ca, ca_source),
            chosen_version=options.api_version,
            proxy=(
                Proxy.from_environment(environ, host, port)
                if url is None
                else Proxy.from_url(url)
                if url
                else None
            ),
            **{name: getattr(options, name) for name in _Behaviour.model_fields},
        )

    def _address(self, environ: Mapping[str, str]) -> tuple[str, int]:
        source, host = "host", self.host
        if host is None and (host := environ.get(HOST_VARIABLE, "").strip()):
            source = f"environment variable {HOST_VARIABLE}"
        host = host or PUBLIC_HOST
        host = _CLOUDS.get(host.lower(), host)
        parts = split_url(host if "://" in host else f"https://{host}", source)
        if parts.scheme != "https":
            raise ConfigurationError(f"{source}: only https is spoken")
        if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None:
            raise ConfigurationError(f"{source}: give a name, name:port or https://name:port, no more")
        if None not in (parts.port, self.port) and parts.port != self.port:
            raise ConfigurationError(f"port: {source} says {parts.port}, port says {self.port}")
        return checked_host(parts.hostname, source), parts.port or self.port or 443


def check_subscription_id(subscription_id: object, environ: Mapping[str, str] | None = None) -> str:
    """Give back a usable subscription id.

    The service's ids are GUIDs; any text that is safe as a path segment is let through, so that a
    local service may use short ones.

    Args:
        subscription_id: the id; None takes the environment variable ``AZURE_IAAS_SUBSCRIPTION_ID``.
        environ: environment to read; that of the process when None.

    Raises:
        ConfigurationError: not text, empty, or with characters other than letters, digits and ``-_.``.
    """
    source = "subscription_id"
    if subscription_id is None:
        subscription_id = (os.environ if environ is None else environ).get(SUBSCRIPTION_VARIABLE)
        if not subscription_id:
            raise ConfigurationError(f"{source}: not given, nor is {SUBSCRIPTION_VARIABLE} set")
        source = f"environment variable {SUBSCRIPTION_VARIABLE}"
    if not isinstance(subscription_id, str):
        raise ConfigurationError(f"{source}: a text is needed, not {type(subscription_id).__name__}")
    if not _SUBSCRIPTION_ID.fullmatch(subscription_id) or len(subscription_id) > 128:
        raise ConfigurationError(f"{source}: 1 to 128 letters, digits, '-', '_' and '.' are needed")
    return subscription_id


def _refusal(error: ValidationError) -> ConfigurationError:
    """Say what pydantic found in our words; its own would repeat the value, which may be a secret."""
    first = error.errors(include_url=False, include_input=False)[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, ConfigurationError):
        return cause
    name = str(first["loc"][0]) if first["loc"] else "options"
    if name == "api_version":
        return ConfigurationError(
            f"{name}: a date YYYY-MM-DD is needed, such as {DEFAULT_API_VERSIONS['ga']}"
        )
    rule = str(cause) if cause else first["msg"].removeprefix("Input ").removeprefix("String ")
    return ConfigurationError(f"{name}: {rule}")


def _unknown(key: str, known: list[str]) -> ConfigurationError:
    hint = _OTHER_NAMES.get(key.lower())
    if hint is None and (near := difflib.get_close_matches(key.lower(), known, 1)):
        hint = f"did you mean {near[0]!r}?"
    listed = f"known are {', '.join(known)}"
    return ConfigurationError(f"unknown option {quoted(key)}; " + (f"{hint}; {listed}" if hint else listed))


def _pem(ca: str | bytes | Path, source: str) -> str:
    if isinstance(ca, bytes):
        ca = ca.decode("utf-8", "replace")
    if isinstance(ca, Path) or "-----BEGIN" not in ca:
        source = f"{source} {quoted(ca)}"
        try:
            with Path(ca).open("rb") as file:
                ca = file.read(_MAX_CA_BYTES).decode("utf-8-sig", "replace")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not a path"
            # Not chained: the cause's text would repeat what was given.
            raise ConfigurationError(f"{source}: can't be read: {reason}") from None
    if "-----BEGIN CERTIFICATE-----" not in ca:
        raise ConfigurationError(f"{source}: no PEM certificate in it")
    return ca
