"""The options that lead to the service, and the client they make. The one place that knows both."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.client import ServiceManagementClient

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Connection:
    """What the options said; None is the library's own way to find it.

    Attributes:
        subscription: subscription id.
        key: path of a private key, or of a file with key and certificate.
        cert: path of a management certificate.
        host: management host, ``name`` or ``name:port``.
        ca: path of the certificate authority of the host.
        timeout: seconds that bound one call.
    """

    subscription: str | None = None
    key: str | None = None
    cert: str | None = None
    host: str | None = None
    ca: str | None = None
    timeout: float | None = None

    def client(self, **more: Any) -> ServiceManagementClient:
        """Make the client; nothing is sent. Options of the client may be given beside.

        Raises:
            ConfigurationError: an option, key or certificate can't be used.
        """
        from azure_iaas.client import ServiceManagementClient  # noqa: PLC0415 - help needs none of it

        auth = {"keyfile": self.key, "certfile": self.cert}
        options = {"host": self.host, "ca": self.ca, "timeout_seconds": self.timeout, **more}
        return ServiceManagementClient(
            self.subscription,
            {name: value for name, value in auth.items() if value is not None} or None,
            {name: value for name, value in options.items() if value is not None},
        )

    def words(self) -> list[str]:
        """The options as they are written, for a command that goes on."""
        words = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                words += [f"--{field.name}", f"{value:g}" if isinstance(value, float) else str(value)]
        return words


_OPTIONS = (
    click.option("--subscription", metavar="ID", help="Default: AZURE_IAAS_SUBSCRIPTION_ID."),
    click.option(
        "--key",
        metavar="FILE",
        help="Private key: PEM, or PKCS#12 or publish settings with both. Default: as the library finds it.",
    ),
    click.option("--cert", metavar="FILE", help="Management certificate, PEM."),
    click.option("--host", metavar="HOST[:PORT]", help="Management host."),
    click.option("--ca", metavar="FILE", help="Certificate authority of the host, PEM."),
    click.option("--timeout", type=float, metavar="SECONDS", help="Bound on each call.  [default: none]"),
)


def connection_options(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the options that lead to the service; it takes them as ``connection``."""

    @functools.wraps(command)
    def with_connection(*args: Any, **named: Any) -> R:
        given = {field.name: named.pop(field.name) for field in fields(Connection)}
        return command(*args, **named, connection=Connection(**given))

    for option in reversed(_OPTIONS):
        with_connection = option(with_connection)
    return with_connection
