"""``azure-iaas location``: the regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from azure_iaas.cli.calls import reading

if TYPE_CHECKING:
    from azure_iaas.cli.calls import Call


@click.group("location")
def group() -> None:
    """The regions, and what each offers."""


@group.command("list")
@reading("Name", "DisplayName", "AvailableServices")
def list_locations() -> Call:
    """List the regions."""
    return lambda client: client.list_locations()
