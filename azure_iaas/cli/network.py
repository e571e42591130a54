"""``azure-iaas network``: virtual networks and reserved addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli import targets
from azure_iaas.cli.calls import printing, reading, writing
from azure_iaas.cli.names import names

if TYPE_CHECKING:
    from typing import TextIO

    from azure_iaas.cli.calls import Call


@click.group("network")
def group() -> None:
    """Virtual networks and reserved addresses."""


@group.command("list")
@reading("Name", "State", "AddressSpace.AddressPrefixes", "Location")
def list_networks() -> Call:
    """List the virtual networks."""
    return lambda client: client.list_virtual_network_sites()


@group.command()
@printing
def show() -> Call:
    """Print the network configuration of the subscription, as XML."""
    return lambda client: client.get_network_configuration()


@group.command("set")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@writing(asks="Replace the network configuration of the subscription?")
def set_configuration(file: TextIO) -> Call:
    """Replace the network configuration by a file, in the form network show prints; - is standard input."""
    document = file.read()
    return lambda client: client.set_network_configuration(document)


@group.command()
@reading("Name", "Address", "State", "InUse", "ServiceName", "Location")
def addresses() -> Call:
    """List the reserved addresses."""
    return lambda client: client.list_reserved_ips()


@group.command()
@click.argument("name")
@click.option("--location", required=True, help="Region.", **names("location"))
@targets.label
@writing()
def reserve(name: str, **options: Any) -> Call:
    """Reserve a public address."""
    return lambda client: client.create_reserved_ip(name, targets.given(options))


@group.command()
@click.argument("name")
@writing(asks="Give reserved address {name} back?")
def release(name: str) -> Call:
    """Give a reserved address back."""
    return lambda client: client.delete_reserved_ip(name)
