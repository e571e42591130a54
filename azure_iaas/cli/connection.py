"""The options that lead to the service, and the client they make. The one place that knows both."""

from __future__ import annotations

import functools
import os
import sys
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli.option_groups import Seconds, options_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.cli.option_groups import Option
    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.client.events import Watcher


@dataclass(frozen=True, kw_only=True)
class Connection:
    """What the options said; None is the library's own way to find it.

    Attributes:
        profile: name of a profile: stands above the environment, and below the options beside it.
        subscription: subscription id.
        key: path of a private key, or of a file with key and certificate.
        cert: path of a management certificate.
        host: management host, ``name`` or ``name:port``.
        ca: path of the certificate authority of the host.
        timeout: seconds that bound one call.
    """

    profile: str | None = None
    subscription: str | None = None
    key: str | None = None
    cert: str | None = None
    host: str | None = None
    ca: str | None = None
    timeout: float | None = None

    def client(
        self,
        kind: type[ServiceManagementClient] | None = None,
        *,
        watcher: Watcher | None = None,
        asking: bool = True,
        **more: Any,
    ) -> ServiceManagementClient:
        """Make the client; nothing is sent.

        Args:
            kind: class of a client that needs no certificate; None for the usual one.
            watcher: as for the client.
            asking: whoever sits at the terminal may be asked for the passphrase of an encrypted key.
            **more: further options.

        Raises:
            ConfigurationError: a profile, option, key or certificate can't be used.
        """
        from azure_iaas.accounts import find_settings  # noqa: PLC0415 - help needs none of it
        from azure_iaas.client import ServiceManagementClient  # noqa: PLC0415 - as above

        auth = {"keyfile": self.key, "certfile": self.cert}
        options = {"host": self.host, "ca": self.ca, "timeout_seconds": self.timeout, **more}
        settings = find_settings(
            self.profile,
            subscription_id=self.subscription,
            auth={name: value for name, value in auth.items() if value is not None} or None,
            options={name: value for name, value in options.items() if value is not None},
            passphrase=passphrase_prompt("the private key") if asking else None,
            profile_needed=False,
            certificate_needed=kind is None,
        )
        return (kind or ServiceManagementClient)(
            settings.subscription_id, settings.certificate, settings.options, watcher=watcher
        )

    def words(self) -> list[str]:
        """The options as they are written, for a command that goes on."""
        words = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                words += [f"--{field.name}", f"{value:g}" if isinstance(value, float) else str(value)]
        return words


def passphrase_prompt(what: str) -> Callable[[], str] | None:
    """Give what asks at the terminal; None without one, or when ``AZURE_IAAS_PASSPHRASE`` has the answer."""
    from azure_iaas.credentials import PASSPHRASE_VARIABLE  # noqa: PLC0415 - help needs none of it

    if PASSPHRASE_VARIABLE in os.environ or not sys.stdin.isatty():
        return None
    return functools.partial(click.prompt, f"Passphrase of {what}", hide_input=True, err=True)


connection_options: Option = options_as(
    "connection",
    Connection,
    (
        click.option(
            "--profile",
            metavar="NAME",
            help="Profile of 'azure-iaas account'. Default: AZURE_IAAS_PROFILE, else the current one.",
        ),
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
        click.option(
            "--timeout", type=Seconds(), metavar="SECONDS", help="Bound on each call.  [default: none]"
        ),
    ),
)
"""Gives a command the options that lead to the service; it takes them as ``connection``."""
