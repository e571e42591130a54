"""``azure-iaas role``: the machines of a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from azure_iaas.cli import targets
from azure_iaas.cli.calls import reading, writing
from azure_iaas.cli.role_documents import Machine, read_role, role_options

if TYPE_CHECKING:
    from typing import BinaryIO

    from azure_iaas.cli.calls import Call
    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import VMRole


@click.group("role")
def group() -> None:
    """The machines of a deployment."""


@group.command("list")
@targets.deployment
@reading("RoleName", "RoleSize", "OSDisk.DiskName", "OSDisk.OS")
def list_roles(service: str, deployment: str) -> Call:
    """List the roles of a deployment."""

    async def call(client: ServiceManagementClient) -> list[VMRole]:
        return (await client.get_deployment(service, deployment)).role_list

    return call


@group.command()
@targets.role
@reading()
def show(service: str, deployment: str, role: str) -> Call:
    """Show a role: its disks, size and endpoints."""
    return lambda client: client.get_role(service, deployment, role)


@group.command()
@targets.deployment
@click.argument("role", required=False)
@role_options
@writing()
def create(service: str, deployment: str, role: str | None, machine: Machine) -> Call:
    """Add a machine to a deployment; without ROLE the file has its name."""
    document = machine.role(role)
    return lambda client: client.add_role(service, deployment, document)


@group.command()
@targets.role
@click.option(
    "--file", "-f", "role_file", type=click.File("rb"), required=True, help="The role as it is to be."
)
@writing()
def update(service: str, deployment: str, role: str, role_file: BinaryIO) -> Call:
    """Change a role to what a file says: YAML, JSON, or XML. What it leaves out is removed.

    Begin with what role show --output json prints.
    """
    document = read_role(role_file.read())
    return lambda client: client.modify_role(service, deployment, role, document)


@group.command()
@targets.role
@targets.delete_media
@writing(asks="Delete role {role} of {service}/{deployment}?")
def delete(service: str, deployment: str, role: str, delete_media: bool) -> Call:
    """Delete a machine; a deployment's last one goes with deployment delete."""
    return lambda client: client.delete_role(service, deployment, role, delete_media=delete_media)


@group.command()
@reading("Name", "Cores", "MemoryInMb", "MaxDataDiskCount")
def sizes() -> Call:
    """List the sizes a machine can have."""
    return lambda client: client.list_role_sizes()
