"""``azure-iaas service``: cloud services, which hold deployments."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli import targets
from azure_iaas.cli.calls import reading, writing
from azure_iaas.cli.certificate_files import read_certificate

if TYPE_CHECKING:
    from azure_iaas.cli.calls import Call


@click.group("service")
def group() -> None:
    """Cloud services, which hold deployments."""


@group.command("list")
@reading(
    "ServiceName",
    "HostedServiceProperties.Location",
    "HostedServiceProperties.Status",
    "HostedServiceProperties.Description",
)
def list_services() -> Call:
    """List the cloud services."""
    return lambda client: client.list_hosted_services()


@group.command()
@targets.service
@reading()
def show(service: str) -> Call:
    """Show a cloud service with its deployments."""
    return lambda client: client.get_hosted_service(service, embed_detail=True)


@group.command()
@click.argument("service")
@targets.place
@targets.label
@targets.description
@writing()
def create(service: str, **options: Any) -> Call:
    """Create a cloud service."""
    return lambda client: client.create_hosted_service(service, targets.given(options))


@group.command()
@targets.service
@click.option("--label", help="Plain text.")
@targets.description
@writing()
def update(service: str, **options: Any) -> Call:
    """Change the label or description of a cloud service; what isn't given stays."""
    changes = targets.given(options)
    if not changes:
        raise click.UsageError("--label or --description says what to change")
    return lambda client: client.update_hosted_service(service, changes)


@group.command()
@targets.service
@click.option("--delete-media", is_flag=True, help="Its deployments too, with their disks and blobs.")
@writing(asks="Delete cloud service {service}?")
def delete(service: str, delete_media: bool) -> Call:
    """Delete a cloud service."""
    return lambda client: client.delete_hosted_service(service, delete_media=delete_media)


@group.command("check-name")
@click.argument("service")
@reading()
def check_name(service: str) -> Call:
    """Say whether a name is free."""
    return lambda client: client.check_hosted_service_name(service)


@group.command()
@targets.service
@reading("Thumbprint", "ThumbprintAlgorithm", "CertificateUrl")
def certificates(service: str) -> Call:
    """List the certificates of a cloud service."""
    return lambda client: client.list_service_certificates(service)


@group.command("add-certificate")
@targets.service
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@writing()
def add_certificate(service: str, file: Path) -> Call:
    """Give a cloud service a certificate.

    FILE is PEM or DER; a key in it stays here. A machine's --ssh-key is one of these.
    """
    data = base64.b64encode(read_certificate(file)).decode()
    return lambda client: client.add_service_certificate(service, data, "cer")


@group.command("delete-certificate")
@targets.service
@click.argument("thumbprint")
@writing(asks="Delete certificate {thumbprint} of {service}?")
def delete_certificate(service: str, thumbprint: str) -> Call:
    """Delete a certificate of a cloud service."""
    return lambda client: client.delete_service_certificate(service, thumbprint)
