"""``azure-iaas storage``: storage accounts, which hold the blobs of disks and images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli import targets
from azure_iaas.cli.calls import reading, writing
from azure_iaas.cli.names import names
from azure_iaas.cli.output import MASKED

if TYPE_CHECKING:
    from azure_iaas.cli.calls import Call
    from azure_iaas.client import ServiceManagementClient

_account = click.argument("account", **names("account"))


@click.group("storage")
def group() -> None:
    """Storage accounts, which hold the blobs of disks and images."""


@group.command("list")
@reading(
    "ServiceName",
    "StorageServiceProperties.Location",
    "StorageServiceProperties.AccountType",
    "StorageServiceProperties.Status",
)
def list_accounts() -> Call:
    """List the storage accounts."""
    return lambda client: client.list_storage_accounts()


@group.command()
@_account
@reading()
def show(account: str) -> Call:
    """Show a storage account."""
    return lambda client: client.get_storage_account(account)


@group.command()
@click.argument("account")
@targets.place
@click.option("--type", "account_type", metavar="TYPE", help="For example Standard_LRS.")
@targets.label
@targets.description
@writing()
def create(account: str, **options: Any) -> Call:
    """Create a storage account."""
    return lambda client: client.create_storage_account(account, targets.given(options))


@group.command()
@_account
@writing(asks="Delete storage account {account} with all it holds?")
def delete(account: str) -> Call:
    """Delete a storage account."""
    return lambda client: client.delete_storage_account(account)


@group.command("check-name")
@click.argument("account")
@reading()
def check_name(account: str) -> Call:
    """Say whether a name is free."""
    return lambda client: client.check_storage_account_name(account)


@group.command()
@_account
@click.option("--reveal", is_flag=True, help="Print the keys themselves.")
@reading()
def keys(account: str, reveal: bool) -> Call:
    """Show the access keys of a storage account; they are masked unless asked for."""

    async def call(client: ServiceManagementClient) -> dict[str, str | None]:
        found = (await client.get_storage_account_keys(account)).storage_service_keys
        secrets = {"Primary": found and found.primary, "Secondary": found and found.secondary}
        return {
            name: (secret.get_secret_value() if reveal else MASKED) if secret else None
            for name, secret in secrets.items()
        }

    return call


@group.command("renew-key")
@_account
@click.argument(
    "which", type=click.Choice(["Primary", "Secondary"], case_sensitive=False), metavar="Primary|Secondary"
)
@writing(asks="Make a new {which} key of {account}? Whoever has the old one loses access.")
def renew_key(account: str, which: str) -> Call:
    """Replace an access key; storage keys --reveal prints the new one."""
    return lambda client: client.regenerate_storage_account_keys(account, which)
