"""``azure-iaas deployment``: the machines of a cloud service, in one of its two slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli import targets
from azure_iaas.cli.calls import awaiting, reading, writing
from azure_iaas.cli.role_documents import Machine, role_options

if TYPE_CHECKING:
    from azure_iaas.cli.calls import Call
    from azure_iaas.cli.waiting import Patience
    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import Deployment


@click.group("deployment")
def group() -> None:
    """The machines of a cloud service, in one of its two slots."""


@group.command("list")
@targets.service
@reading("Name", "DeploymentSlot", "Status", "Url")
def list_deployments(service: str) -> Call:
    """List the deployments of a cloud service."""

    async def call(client: ServiceManagementClient) -> list[Deployment]:
        return (await client.get_hosted_service(service, embed_detail=True)).deployments

    return call


@group.command()
@targets.deployment
@reading()
def show(service: str, deployment: str) -> Call:
    """Show a deployment with its roles and instances."""
    return lambda client: client.get_deployment(service, deployment)


@group.command()
@targets.service
@click.argument("deployment")
@click.option("--role", metavar="NAME", help="Name of its first machine.  [default: the file's]")
@role_options
@click.option("--slot", type=click.Choice(["Production", "Staging"], case_sensitive=False))
@targets.label
@click.option("--network", "virtual_network_name", metavar="NAME", help="Virtual network of its machines.")
@click.option("--reserved-ip", "reserved_ip_name", metavar="NAME", help="Reserved address it gets.")
@writing()
def create(
    service: str, deployment: str, role: str | None, machine: Machine, slot: str | None, **options: Any
) -> Call:
    """Create a deployment with its first machine.

    Further ones come with role create. The operation ends before the machine is ready: deployment wait.
    """
    document = machine.role(role)
    given = targets.given({"deployment_slot": slot, **options})
    return lambda client: client.create_deployment(service, deployment, document, given)


@group.command()
@targets.deployment
@targets.delete_media
@writing(asks="Delete deployment {deployment} of {service} with all its machines?")
def delete(service: str, deployment: str, delete_media: bool) -> Call:
    """Delete a deployment with all its machines."""
    return lambda client: client.delete_deployment(service, deployment, delete_media=delete_media)


@group.command()
@targets.role_if_any
@awaiting
def wait(service: str, deployment: str, role: str | None, patience: Patience) -> Call:
    """Wait until all machines of a deployment, or one, are ready; prints the deployment."""

    async def call(client: ServiceManagementClient) -> Deployment:
        with patience.shown("/".join(filter(None, (service, deployment, role)))) as tell:
            return await client.wait_until_ready(
                service,
                deployment,
                role,
                timeout=patience.wait_seconds,
                on_progress=lambda seen: tell(_states(seen)),
            )

    return call


def _states(deployment: Deployment) -> str:
    states = [f"{each.role_name} {each.instance_status}" for each in deployment.role_instance_list]
    return ", ".join(states[:10]) or "no machine is listed yet"
