"""``azure-iaas instance``: machines as they run. An instance has the name of its role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from azure_iaas.cli import targets
from azure_iaas.cli.calls import printing, reading, writing

if TYPE_CHECKING:
    from azure_iaas.cli.calls import Call
    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import RoleInstance


@click.group("instance")
def group() -> None:
    """Machines as they run: start, stop, restart, capture, snapshot."""


@group.command("list")
@targets.deployment
@reading("RoleName", "InstanceStatus", "PowerState", "InstanceSize", "IpAddress")
def list_instances(service: str, deployment: str) -> Call:
    """List the instances of a deployment and how they stand."""

    async def call(client: ServiceManagementClient) -> list[RoleInstance]:
        return (await client.get_deployment(service, deployment)).role_instance_list

    return call


@group.command()
@targets.role
@writing()
def start(service: str, deployment: str, role: str) -> Call:
    """Start a machine."""
    return lambda client: client.start_role_instance(service, deployment, role)


@group.command()
@targets.role
@click.option(
    "--deallocate", is_flag=True, help="Give its place back: not billed, and its address may change."
)
@writing()
def stop(service: str, deployment: str, role: str, deallocate: bool) -> Call:
    """Stop a machine."""
    action = "StoppedDeallocated" if deallocate else "Stopped"
    return lambda client: client.shutdown_role_instance(
        service, deployment, role, post_shutdown_action=action
    )


@group.command()
@targets.role
@writing()
def restart(service: str, deployment: str, role: str) -> Call:
    """Restart a machine."""
    return lambda client: client.restart_role_instance(service, deployment, role)


@group.command()
@targets.role
@writing()
def redeploy(service: str, deployment: str, role: str) -> Call:
    """Move a machine to another host, restarting it."""
    return lambda client: client.redeploy_role_instance(service, deployment, role)


@group.command()
@targets.role
@click.argument("image")
@targets.label
@writing(asks="Make image {image} of {role}, which deletes the machine?")
def capture(service: str, deployment: str, role: str, image: str, label: str | None) -> Call:
    """Make an OS image of a stopped, generalised machine, and delete the machine."""
    options = {
        "TargetImageName": image,
        "TargetImageLabel": label or image,
        "PostCaptureActions": "Delete",
    }
    return lambda client: client.capture_role_instance(service, deployment, role, options)


@group.command()
@targets.role
@click.argument("image")
@targets.label
@writing()
def snapshot(service: str, deployment: str, role: str, image: str, label: str | None) -> Call:
    """Make a VM image of a machine as it is, data disks included; the machine stays."""
    options = {"OSState": "Specialized", "VMImageName": image, "VMImageLabel": label or image}
    return lambda client: client.capture_role_as_vm_image(service, deployment, role, options)


@group.command()
@targets.role
@printing
def rdp(service: str, deployment: str, role: str) -> Call:
    """Print the file by which Remote Desktop connects to a machine."""
    return lambda client: client.get_remote_desktop_file(service, deployment, role)
