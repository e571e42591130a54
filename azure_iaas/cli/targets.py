"""The arguments and options that several groups have: which resource, and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from azure_iaas.cli.names import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.cli.option_groups import Option

R = TypeVar("R")

service: Option = click.argument("service", **names("service"))
_deployment = click.argument("deployment", **names("deployment"))
_role = click.argument("role", **names("role"))
_role_if_any = click.argument("role", required=False, **names("role"))

delete_media: Option = click.option(
    "--delete-media", is_flag=True, help="Delete disks and their blobs too; otherwise they stay."
)
os: Option = click.option("--os", type=click.Choice(["Linux", "Windows"]), help="Operating system on it.")
label: Option = click.option("--label", help="Plain text.  [default: the name]")
description: Option = click.option("--description", help="Plain text.")


def deployment(command: Callable[..., R]) -> Callable[..., R]:
    """A deployment: SERVICE DEPLOYMENT."""
    return service(_deployment(command))


def role(command: Callable[..., R]) -> Callable[..., R]:
    """A role, or its instance, which has its name: SERVICE DEPLOYMENT ROLE."""
    return deployment(_role(command))


def role_if_any(command: Callable[..., R]) -> Callable[..., R]:
    """A role, or all of a deployment: SERVICE DEPLOYMENT [ROLE]."""
    return deployment(_role_if_any(command))


def place(command: Callable[..., R]) -> Callable[..., R]:
    """Where something new goes."""
    location = click.option("--location", help="Region.  [default: West US]", **names("location"))
    group = click.option(
        "--affinity-group",
        metavar="NAME",
        help="Affinity group, in place of a region.",
        **names("affinity-group"),
    )
    return location(group(command))


def given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given; the client has its own defaults for the others."""
    return {name: value for name, value in options.items() if value is not None}
