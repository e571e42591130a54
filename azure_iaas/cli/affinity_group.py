"""``azure-iaas affinity-group``: what is to stand close together, in one region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli import targets
from azure_iaas.cli.calls import reading, writing
from azure_iaas.cli.names import names

if TYPE_CHECKING:
    from azure_iaas.cli.calls import Call

_name = click.argument("name", **names("affinity-group"))


@click.group("affinity-group")
def group() -> None:
    """What is to stand close together, in one region."""


@group.command("list")
@reading("Name", "Location", "Label", "Description")
def list_affinity_groups() -> Call:
    """List the affinity groups."""
    return lambda client: client.list_affinity_groups()


@group.command()
@_name
@reading()
def show(name: str) -> Call:
    """Show an affinity group with its cloud services and storage accounts."""
    return lambda client: client.get_affinity_group(name)


@group.command()
@click.argument("name")
@click.option("--location", required=True, help="Region.", **names("location"))
@targets.label
@targets.description
@writing()
def create(name: str, location: str, **options: Any) -> Call:
    """Create an affinity group."""
    return lambda client: client.create_affinity_group(name, location, **targets.given(options))


@group.command()
@_name
@writing(asks="Delete affinity group {name}?")
def delete(name: str) -> Call:
    """Delete an affinity group that nothing is in."""
    return lambda client: client.delete_affinity_group(name)
