"""Host names, ports and proxies: how they are written, and what is refused."""

from __future__ import annotations

import ipaddress
import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?", re.ASCII)
_NAME_AND_PORT = re.compile(r"(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?", re.ASCII)


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
        parts = split_url(url if "://" in url else f"http://{url}", source)
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
        return cls(checked_host(parts.hostname, source), port, tls, authorization)

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


def join_host(host: str, port: int, *, default_port: int | None = None) -> str:
    """Write ``host:port`` as URLs and ``Host`` headers have it, leaving out the default port."""
    name = f"[{host}]" if ":" in host else host
    return name if port == default_port else f"{name}:{port}"


def split_url(url: str, source: str) -> SplitResult:
    """Take a URL apart.

    Raises:
        ConfigurationError: it isn't one; ``source`` is named, the URL isn't repeated.
    """
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


def checked_host(host: str | None, source: str) -> str:
    """Give back a host name in small letters, or an address.

    Raises:
        ConfigurationError: it is neither.
    """
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
