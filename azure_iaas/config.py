"""Options of a client: names, defaults, environment, and the errors for what is wrong.

Everything is checked here, when the client is made, so that nothing below has to ask again.
"""

from __future__ import annotations

import ipaddress
import math
import os
import re
from base64 import b64encode
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit

from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.wire.messages import Dialect, Serialization

PUBLIC_HOST = "management.core.windows.net"
"""Management host of the public cloud ("Endpoints", protocol.md 1.1)."""

# 2014-10-01 is the default of the Python and Go clients: every element this library knows exists at it, and
# nothing it doesn't know was added to the answers before it. The preview dialect was spoken at 2012-03-01
# only ("Known values of x-ms-version", protocol.md 2.3).
DEFAULT_API_VERSIONS: Mapping[Dialect, str] = {"ga": "2014-10-01", "preview": "2012-03-01"}

_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?", re.ASCII)
_API_VERSION = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
_SUBSCRIPTION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_NAME_AND_PORT = re.compile(r"(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?", re.ASCII)
_MAX_CA_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that tunnels the HTTPS connections (``CONNECT``).

    Attributes:
        host: name or address.
        port: TCP port.
        tls: True when the proxy itself is spoken to over TLS (``https://`` in its URL).
        authorization: value of ``Proxy-Authorization``, or None; secret, so kept out of ``repr``.
    """

    host: str
    port: int
    tls: bool = False
    authorization: str | None = field(default=None, repr=False)

    @classmethod
    def from_url(cls, url: str, *, source: str = "proxy_url") -> Proxy:
        """Read ``http://[user:password@]host[:port]``; without a scheme, ``http`` is meant.

        The port defaults to 80, or 443 for ``https``. User and password may be percent-encoded.

        Args:
            url: the URL of the proxy.
            source: how the error calls it, for example the name of an environment variable.

        Raises:
            ConfigurationError: not such a URL. The text doesn't repeat the URL, which may hold a password.
        """
        parts = _split_url(url if "://" in url else f"http://{url}", source)
        if parts.scheme not in {"http", "https"}:
            raise ConfigurationError(f"{source}: a proxy URL begins with http:// or https://")
        if parts.path not in {"", "/"} or parts.query or parts.fragment:
            raise ConfigurationError(f"{source}: a proxy URL is http://[user:password@]host[:port], no more")
        authorization = None
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            authorization = "Basic " + b64encode(pair.encode()).decode("ascii")
        tls = parts.scheme == "https"
        port = parts.port if parts.port is not None else (443 if tls else 80)
        return cls(_checked_host(parts.hostname, source), port, tls, authorization)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], host: str, port: int) -> Proxy | None:
        """Take the proxy from ``HTTPS_PROXY`` or ``https_proxy``, unless ``NO_PROXY`` names the host.

        ``NO_PROXY`` (or ``no_proxy``) isn't part of the documented API; it is obeyed as other
        programs that read ``HTTPS_PROXY`` obey it: comma separated, ``*`` for all, else a host name (which
        covers its subdomains) or address, with or without ``:port``.

        Raises:
            ConfigurationError: the variable holds something that isn't a proxy URL.
        """
        for name in ("HTTPS_PROXY", "https_proxy"):
            if url := environ.get(name, "").strip():
                break
        else:
            return None
        exceptions = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
        if any(_covers(entry.strip().lower(), host.lower(), port) for entry in exceptions.split(",")):
            return None
        return cls.from_url(url, source=f"environment variable {name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """Everything a client can be told, checked.

    Attributes:
        host: management host; ``host:port`` and ``https://host:port`` are understood by :meth:`resolve`.
        port: TCP port of the management host.
        ca: CA certificates that vouch for the server, as PEM text (:meth:`resolve` also takes a path). None:
            the system's own.
        api_version: value of ``x-ms-version``; None means the default of the dialect.
        serialize_type: ``XML`` or ``JSON``, the form of request and answer documents.
        dialect: element names to write, ``ga`` or ``preview``; both are read.
        default_location: where a hosted service goes when neither location nor affinity group is given.
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
        redirect_hosts: ``host`` or ``host:port`` a 307 may lead to, beside the management host's subdomains.
        proxy: the proxy found in proxy_url or the environment; :meth:`resolve` sets it.
    """

    host: str = PUBLIC_HOST
    port: int = 443
    ca: str | None = field(default=None, repr=False)
    api_version: str | None = None
    serialize_type: Serialization = "XML"
    dialect: Dialect = "ga"
    default_location: str = "West US"
    connect_timeout_seconds: float = 30.0
    read_timeout_seconds: float = 60.0
    write_timeout_seconds: float = 60.0
    exchange_timeout_seconds: float = 300.0
    queue_timeout_seconds: float | None = None
    close_timeout_seconds: float = 5.0
    keep_alive_seconds: float = 60.0
    max_connections: int = 16
    max_response_bytes: int = 64 * 1024 * 1024
    proxy_url: str | None = field(default=None, repr=False)
    redirect_hosts: tuple[str, ...] = ()
    proxy: Proxy | None = None

    @property
    def version(self) -> str:
        """The value ``x-ms-version`` has: ``api_version``, or the default of the dialect."""
        return self.api_version or DEFAULT_API_VERSIONS[self.dialect]

    @classmethod
    def resolve(
        cls,
        options: Mapping[str, Any] | ClientOptions | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> ClientOptions:
        """Check options and fill in what the environment says.

        Args:
            options: the documented mapping (``host``, ``apiversion``, ``serializetype``), any attribute of
                this class beside them, or an object of this class. Capitals and underscores in names don't
                matter.
            environ: environment to read; that of the process when None.

        Raises:
            ConfigurationError: an option is unknown or has an unusable value; it is named.
        """
        given = _as_mapping(options)
        checked = cls(**{name: _CHECKS[name](name, value) for name, value in given.items()})
        parts = _split_url(checked.host if "://" in checked.host else f"https://{checked.host}", "host")
        if parts.scheme != "https":
            raise ConfigurationError("host: only https is spoken")
        if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None:
            raise ConfigurationError("host: give a name, name:port or https://name:port, no more")
        host = _checked_host(parts.hostname, "host")
        if parts.port is not None and "port" in given and parts.port != checked.port:
            raise ConfigurationError(f"port: host says {parts.port}, port says {checked.port}")
        port = parts.port if parts.port is not None else checked.port
        if checked.proxy_url:
            proxy = Proxy.from_url(checked.proxy_url)
        elif checked.proxy_url == "":
            proxy = None
        else:
            proxy = checked.proxy or Proxy.from_environment(
                os.environ if environ is None else environ, host, port
            )
        return replace(checked, host=host, port=port, proxy=proxy)


def check_subscription_id(subscription_id: object) -> str:
    """Give back a usable subscription id.

    The service's ids are GUIDs; any text that is safe as a path segment is let through, so that a
    local service may use short ones.

    Raises:
        ConfigurationError: not text, empty, or with characters other than letters, digits and ``-_.``.
    """
    if not isinstance(subscription_id, str) or not subscription_id:
        raise ConfigurationError("subscription_id: a non-empty text is required")
    if not _SUBSCRIPTION_ID.fullmatch(subscription_id) or len(subscription_id) > 128:
        raise ConfigurationError("subscription_id: at most 128 letters, digits, '-', '_' and '.' are allowed")
    return subscription_id


def _as_mapping(options: Mapping[str, Any] | ClientOptions | None) -> dict[str, Any]:
    if options is None:
        return {}
    if isinstance(options, ClientOptions):
        default = ClientOptions()
        names = (item.name for item in fields(options))
        return {name: value for name in names if (value := getattr(options, name)) != getattr(default, name)}
    if not hasattr(options, "items"):
        raise ConfigurationError(f"options: a mapping is needed, not {type(options).__name__}")
    known = {name.replace("_", ""): name for name in _CHECKS}
    given: dict[str, Any] = {}
    for key, value in options.items():
        name = known.get(str(key).replace("_", "").lower())
        if name is None or name == "proxy":
            listed = ", ".join(sorted(_CHECKS.keys() - {"proxy"}))
            raise ConfigurationError(f"unknown option {key!r}; known are {listed}")
        if name in given:
            raise ConfigurationError(f"option {key!r} is given twice, in different spellings")
        if value is not None:
            given[name] = value
    return given


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"{name}: a non-empty text is needed")
    if not value.isprintable():
        raise ConfigurationError(f"{name}: control characters aren't allowed")
    return value.strip()


def _proxy_text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ConfigurationError(f"{name}: a text is needed")
    return value.strip()


def _port(name: str, value: object) -> int:
    number = _number(name, value)
    if number != int(number) or not 1 <= number <= 65535:
        raise ConfigurationError(f"{name}: a whole number from 1 to 65535 is needed")
    return int(number)


def _count(name: str, value: object) -> int:
    number = _number(name, value)
    if number != int(number) or number < 1:
        raise ConfigurationError(f"{name}: a whole number, at least 1, is needed")
    return int(number)


def _seconds(name: str, value: object) -> float:
    number = _number(name, value)
    if number <= 0:
        raise ConfigurationError(f"{name}: a number of seconds above 0 is needed")
    return number


def _number(name: str, value: object) -> float:
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise TypeError
        number = float(value)
        if not math.isfinite(number):
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise ConfigurationError(f"{name}: a finite number is needed") from None
    return number


def _one_of(*allowed: str) -> Any:
    def check(name: str, value: object) -> str:
        if value not in allowed:
            raise ConfigurationError(f"{name}: {' or '.join(allowed)} is needed, not {value!r}")
        return str(value)

    return check


def _version(name: str, value: object) -> str:
    if not isinstance(value, str) or not _API_VERSION.fullmatch(value):
        raise ConfigurationError(f"{name}: a date YYYY-MM-DD is needed, such as {DEFAULT_API_VERSIONS['ga']}")
    return value


def _ca(name: str, value: object) -> str:
    source = name
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, os.PathLike) or (isinstance(value, str) and "-----BEGIN" not in value):
        path = Path(value)
        source = f"{name} '{path}'"
        try:
            with path.open("rb") as file:
                value = file.read(_MAX_CA_BYTES).decode("utf-8-sig", "replace")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not a path"
            raise ConfigurationError(f"{source}: can't be read: {reason}") from error
    if not isinstance(value, str) or "-----BEGIN CERTIFICATE-----" not in value:
        raise ConfigurationError(f"{source}: no PEM certificate in it")
    return value


def _hosts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise ConfigurationError(f"{name}: a list of hosts is needed")
    hosts = []
    for entry in value:
        parts = _split_url(f"https://{_text(name, entry)}", name)
        if parts.path or parts.query or parts.fragment or parts.username is not None:
            raise ConfigurationError(f"{name}: give host or host:port, no more")
        host = _checked_host(parts.hostname, name)
        hosts.append(host if parts.port is None else join_host(host, parts.port))
    return tuple(hosts)


def _proxy(name: str, value: object) -> Proxy:
    if not isinstance(value, Proxy):
        raise ConfigurationError(f"{name}: a Proxy is needed; give proxy_url instead")
    return value


_CHECKS: dict[str, Any] = {
    "host": _text,
    "port": _port,
    "ca": _ca,
    "api_version": _version,
    "serialize_type": _one_of("XML", "JSON"),
    "dialect": _one_of("ga", "preview"),
    "default_location": _text,
    "connect_timeout_seconds": _seconds,
    "read_timeout_seconds": _seconds,
    "write_timeout_seconds": _seconds,
    "exchange_timeout_seconds": _seconds,
    "queue_timeout_seconds": _seconds,
    "close_timeout_seconds": _seconds,
    "keep_alive_seconds": _seconds,
    "max_connections": _count,
    "max_response_bytes": _count,
    "proxy_url": _proxy_text,
    "redirect_hosts": _hosts,
    "proxy": _proxy,
}


def join_host(host: str, port: int, *, default_port: int | None = None) -> str:
    """Write ``host:port`` as URLs and ``Host`` headers have it, leaving out the default port."""
    name = f"[{host}]" if ":" in host else host
    return name if port == default_port else f"{name}:{port}"


def _split_url(url: str, source: str) -> SplitResult:
    # urlsplit drops tabs and line ends silently, so they are looked for first.
    if not url.isprintable() or " " in url or "\\" in url:
        raise ConfigurationError(f"{source}: blanks and control characters aren't allowed")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigurationError(f"{source}: not a usable host or URL") from None
    if port == 0:
        raise ConfigurationError(f"{source}: port 0 can't be connected to")
    return parts


def _checked_host(host: str | None, source: str) -> str:
    if not host:
        raise ConfigurationError(f"{source}: a host is missing")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if not _HOST_NAME.fullmatch(host) or len(host) > 253:
        raise ConfigurationError(f"{source}: not a usable host name")
    return host.lower().removesuffix(".")


def _covers(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    if (match := _NAME_AND_PORT.fullmatch(entry)) is not None:
        if match[2] is not None and int(match[2]) != port:
            return False
        entry = match[1]
    name = entry.strip("[]").removeprefix("*").removeprefix(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))
