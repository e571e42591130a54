"""The options that lead to the service, and the client they make. The one place that knows both."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli.option_groups import options_as

if TYPE_CHECKING:
    from azure_iaas.client import ServiceManagementClient


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

    def client(
        self, kind: type[ServiceManagementClient] | None = None, **more: Any
    ) -> ServiceManagementClient:
        """Make the client; nothing is sent.

        Args:
            kind: class of the client; None for the usual one.
            **more: further arguments of the client, and options.

        Raises:
            ConfigurationError: an option, key or certificate can't be used.
        """
        from azure_iaas.client import ServiceManagementClient  # noqa: PLC0415 - help needs none of it

        auth = {"keyfile": self.key, "certfile": self.cert}
        options = {"host": self.host, "ca": self.ca, "timeout_seconds": self.timeout}
        return (kind or ServiceManagementClient)(
            self.subscription,
            {name: value for name, value in auth.items() if value is not None} or None,
            {name: value for name, value in options.items() if value is not None},
            **more,
        )

    def words(self) -> list[str]:
        """The options as they are written, for a command that goes on."""
        words = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                words += [f"--{field.name}", f"{value:g}" if isinstance(value, float) else str(value)]
        return words


connection_options = options_as(
    "connection",
    Connection,
    (
        click.option("--subscription", metavar="ID", help="Default: AZURE_IAAS_SUBSCRIPTION_ID."),
        click.option(
            "--key",
            metavar="FILE",
            help="Private key: PEM, or PKCS#12 or publish settings with both. Default: as the library"
            " finds it.",
        ),
        click.option("--cert", metavar="FILE", help="Management certificate, PEM."),
        click.option("--host", metavar="HOST[:PORT]", help="Management host."),
        click.option("--ca", metavar="FILE", help="Certificate authority of the host, PEM."),
        click.option("--timeout", type=float, metavar="SECONDS", help="Bound on each call.  [default: none]"),
    ),
)
"""Gives a command the options that lead to the service; it takes them as ``connection``."""
