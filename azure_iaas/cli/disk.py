"""``azure-iaas disk``: registered disks, and the data disks of machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli import targets
from azure_iaas.cli.calls import reading, writing
from azure_iaas.cli.names import names

if TYPE_CHECKING:
    from azure_iaas.cli.calls import Call

_disk = click.argument("disk", **names("disk"))
_lun = click.argument("lun", type=click.IntRange(0, 31))


@click.group("disk")
def group() -> None:
    """Disks, and which machine has them."""


@group.command("list")
@reading("Name", "OS", "LogicalDiskSizeInGB", "AttachedTo.RoleName", "Location")
def list_disks() -> Call:
    """List the registered disks."""
    return lambda client: client.list_disks()


@group.command()
@_disk
@reading()
def show(disk: str) -> Call:
    """Show a disk."""
    return lambda client: client.get_disk(disk)


@group.command()
@click.argument("disk")
@click.argument("media", metavar="URI")
@targets.os
@targets.label
@writing()
def create(disk: str, media: str, os: str | None, label: str | None) -> Call:
    """Register the blob at a URI as a disk; with --os a machine can start from it."""
    document = targets.given({"name": disk, "media_link": media, "os": os, "label": label})
    return lambda client: client.create_disk(document)


@group.command()
@_disk
@targets.delete_media
@writing(asks="Delete disk {disk}?")
def delete(disk: str, delete_media: bool) -> Call:
    """Delete a disk that no machine has."""
    return lambda client: client.delete_disk(disk, delete_media=delete_media)


@group.command()
@targets.role
@click.option("--disk", "disk_name", metavar="NAME", help="A registered disk.", **names("disk"))
@click.option("--blob", "source_media_link", metavar="URI", help="An existing blob.")
@click.option(
    "--size", "logical_disk_size_in_gb", type=click.IntRange(1), metavar="GB", help="A new, empty disk."
)
@click.option("--media", "media_link", metavar="URI", help="Where a new disk's blob goes.")
@click.option("--lun", type=click.IntRange(0, 31), default=0, show_default=True, help="Its number there.")
@click.option(
    "--caching", "host_caching", type=click.Choice(["None", "ReadOnly", "ReadWrite"], case_sensitive=False)
)
@targets.label
@writing()
def attach(service: str, deployment: str, role: str, label: str | None, **options: Any) -> Call:
    """Give a machine a data disk: --disk, --blob or --size says which."""
    document = targets.given({**options, "disk_label": label})
    return lambda client: client.add_data_disk(service, deployment, role, document)


@group.command()
@targets.role
@_lun
@reading()
def attached(service: str, deployment: str, role: str, lun: int) -> Call:
    """Show a machine's data disk."""
    return lambda client: client.get_data_disk(service, deployment, role, lun)


@group.command()
@targets.role
@_lun
@targets.delete_media
@writing(asks="Take disk {lun} from {role}?")
def detach(service: str, deployment: str, role: str, lun: int, delete_media: bool) -> Call:
    """Take a data disk from a machine; it stays registered, but with --delete-media."""
    return lambda client: client.remove_data_disk(service, deployment, role, lun, delete_media=delete_media)
