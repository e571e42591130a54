"""Names of what exists, for completion. Asked of the service, and kept for some seconds; never a secret.

Completion must never get in the way: whatever goes wrong, there are no names.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.cli.connection import Connection
from azure_iaas.errors import AzureError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    import click

    from azure_iaas.client import ServiceManagementClient

KEPT_SECONDS: Final = 20.0
ASKING_SECONDS: Final = 3.0
"""A person has pressed Tab and waits."""


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


async def _sizes(client: ServiceManagementClient) -> list[Any]:
    return [each.name for each in await client.list_role_sizes()]


_LISTS: Final[dict[str, tuple[Callable[..., Awaitable[list[Any]]], tuple[str, ...]]]] = {
    "service": (_services, ()),
    "deployment": (_deployments, ("service",)),
    "role": (_roles, ("service", "deployment")),
    "disk": (_disks, ()),
    "image": (_images, ()),
    "account": (_accounts, ()),
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
    ask, needed = _LISTS[kind]
    connection = Connection(**{field.name: given.get(field.name) for field in fields(Connection)})
    around = [str(given[name]) for name in needed]
    # The environment may lead elsewhere the next time.
    where = [
        *connection.words(),
        *(f"{k}={v}" for k, v in sorted(os.environ.items()) if k.startswith("AZURE_")),
    ]
    key = hashlib.sha256(json.dumps([kind, around, where]).encode()).hexdigest()
    file = _folder() / f"{key}.json"
    if (kept := _kept(file)) is not None:
        return kept
    import anyio  # noqa: PLC0415 - only when the service is asked

    async def asked() -> list[str]:
        with anyio.fail_after(ASKING_SECONDS):
            async with connection.client(timeout_seconds=ASKING_SECONDS, asking=False) as client:
                return sorted(str(name) for name in await ask(client, *around) if name)

    found = anyio.run(asked)
    _keep(file, found)
    return found


def _folder() -> Path:
    import platformdirs  # noqa: PLC0415 - only for completion

    return platformdirs.user_cache_path("azure-iaas") / "names"


def _kept(file: Path) -> list[str] | None:
    with suppress(OSError, ValueError):
        if 0 <= time.time() - file.stat().st_mtime < KEPT_SECONDS:
            values = json.loads(file.read_text("utf-8"))
            return [str(value) for value in values]
    return None


def _keep(file: Path, found: list[str]) -> None:
    """Write it beside and put it there whole, for its owner alone; what is old goes."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for other in file.parent.iterdir():
            if time.time() - other.stat().st_mtime > KEPT_SECONDS:
                other.unlink(missing_ok=True)
        new = file.with_suffix(f".{os.getpid()}")
        with os.fdopen(
            os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as out:
            json.dump(found, out)
        new.replace(file)
