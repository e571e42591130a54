"""``azure-iaas image``: what machines are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli import targets
from azure_iaas.cli.calls import reading, writing
from azure_iaas.cli.names import names

if TYPE_CHECKING:
    from azure_iaas.cli.calls import Call

_image = click.argument("image", **names("image"))


@click.group("image")
def group() -> None:
    """Images, which machines are made from."""


@group.command("list")
@click.option("--vm", is_flag=True, help="VM images, which have data disks too, instead of OS images.")
@reading("Name", "OS", "OSDiskConfiguration.OS", "Category", "Label")
def list_images(vm: bool) -> Call:
    """List the images."""
    return lambda client: client.list_vm_images() if vm else client.list_os_images()


@group.command()
@_image
@reading()
def show(image: str) -> Call:
    """Show an OS image."""
    return lambda client: client.get_os_image(image)


@group.command()
@click.argument("image")
@click.argument("media", metavar="URI")
@targets.os
@targets.label
@targets.description
@writing()
def create(image: str, media: str, **options: Any) -> Call:
    """Register the blob at a URI as an OS image; of Linux unless --os says Windows."""
    return lambda client: client.create_os_image(image, media, targets.given(options))


@group.command()
@_image
@click.option("--vm", is_flag=True, help="It is a VM image.")
@targets.delete_media
@writing(asks="Delete image {image}?")
def delete(image: str, vm: bool, delete_media: bool) -> Call:
    """Delete an OS image, or a VM image."""
    return lambda client: (client.delete_vm_image if vm else client.delete_os_image)(
        image, delete_media=delete_media
    )
