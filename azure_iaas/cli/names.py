"""Names of what exists, for completion. Asked of the service, and kept for some seconds; never a secret.

Completion must never get in the way: whatever goes wrong, there are no names.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.cli.connection import Connection
from azure_iaas.errors import AzureError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import click

    from azure_iaas.client import ServiceManagementClient

ASKING_SECONDS: Final = 3.0
"""A person has pressed Tab and waits."""
_LEADING: Final = (
    "AZURE_IAAS_SUBSCRIPTION_ID",
    "AZURE_IAAS_HOST",
    "AZURE_IAAS_PROFILE",
    "AZURE_IAAS_CONFIG_DIR",
)
"""Variables that say where names come from."""


async def _services(client: ServiceManagementClient) -> list[Any]:
    return [each.service_name for each in await client.list_hosted_services()]


async def _deployments(client: ServiceManagementClient, service: str) -> list[Any]:
    detail = await client.get_hosted_service(service, embed_detail=True)
    return [each.name for each in detail.deployments]


async def _roles(client: ServiceManagementClient, service: str, deployment: str) -> list[Any]:
    return [each.role_name for each in (await client.get_deployment(service, deployment)).role_list]


async def _disks(client: ServiceManagementClient) -> list[Any]:
    return [each.name for each in await client.list_disks()]


async def _images(client: ServiceManagementClient) -> list[Any]:
    return [each.name for each in await client.list_os_images()]


async def _accounts(client: ServiceManagementClient) -> list[Any]:
    return [each.service_name for each in await client.list_storage_accounts()]


async def _locations(client: ServiceManagementClient) -> list[Any]:
    return [each.name for each in await client.list_locations()]


async def _affinity_groups(client: ServiceManagementClient) -> list[Any]:
    return [each.name for each in await client.list_affinity_groups()]


async def _sizes(client: ServiceManagementClient) -> list[Any]:
    return [each.name for each in await client.list_role_sizes()]


_LISTS: Final[dict[str, tuple[Callable[..., Awaitable[list[Any]]], tuple[str, ...]]]] = {
    "service": (_services, ()),
    "deployment": (_deployments, ("service",)),
    "role": (_roles, ("service", "deployment")),
    "disk": (_disks, ()),
    "image": (_images, ()),
    "account": (_accounts, ()),
    "affinity-group": (_affinity_groups, ()),
    "location": (_locations, ()),
    "size": (_sizes, ()),
}
"""For each kind of name what lists it, and the arguments before it that it needs."""


def names(kind: str) -> dict[str, Any]:
    """What an argument or an option of click needs to complete names of a kind."""

    def complete(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
        with suppress(AzureError, OSError, ValueError, KeyError, TimeoutError, ImportError):
            return [name for name in _names(kind, context.params) if name.startswith(incomplete)]
        return []

    return {"shell_complete": complete}


def _names(kind: str, given: dict[str, Any]) -> list[str]:
    import anyio  # noqa: PLC0415 - only for completion

    from azure_iaas.cli import name_cache  # noqa: PLC0415 - as above

    ask, needed = _LISTS[kind]
    connection = Connection(**{field.name: given.get(field.name) for field in fields(Connection)})
    around = [str(given[name]) for name in needed]
    # The environment may lead elsewhere the next time.
    place = [kind, *around, *connection.words(), *(f"{name}={os.environ.get(name)}" for name in _LEADING)]
    if (kept := name_cache.kept(place)) is not None:
        return kept

    async def asked() -> list[str]:
        with anyio.fail_after(ASKING_SECONDS):
            async with connection.client(timeout_seconds=ASKING_SECONDS, asking=False) as client:
                return sorted(str(name) for name in await ask(client, *around) if name)

    found = anyio.run(asked)
    name_cache.keep(place, found)
    return found
