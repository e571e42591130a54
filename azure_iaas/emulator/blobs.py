"""Links to blobs, and the storage accounts they are in."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from azure_iaas.emulator.places import name_of_place, region_of_place
from azure_iaas.emulator.state import StorageAccount
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from azure_iaas.emulator.state import HostedService
    from azure_iaas.emulator.world import Call

DEFAULT_REGION: Final = "West US"

DISK_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{0,255}[A-Za-z0-9_]", re.ASCII)
"""At most 256; letters, digits, ``_ . -``, not ending in ``.`` or ``-`` (protocol.md 10.3)."""


def check_media_link(link: str) -> str:
    """Check that a media link is the address of a blob.

    Raises:
        Refusal: 400.
    """
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        raise refusals.incorrect_parameter() from None
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc or len(parts.path) < 2:
        raise refusals.incorrect_parameter()
    return link.strip()


def account_of(link: str) -> str:
    """Storage account in a blob's address."""
    return host_of(link).partition(".")[0]


def host_of(link: str) -> str:
    """Host in a blob's address."""
    return urlsplit(link).hostname or ""


def region_of(call: Call, link: str, default: str = DEFAULT_REGION) -> str:
    """Location of the storage account of a blob; ``default`` when it isn't the subscription's."""
    account = call.subscription.storage_accounts.get(account_of(link))
    return (region_of_place(call, account) if account is not None else "") or default


def place_of(call: Call, link: str, default: str = DEFAULT_REGION) -> tuple[str, str]:
    """Where a blob is: a location, or the affinity group of its storage account; one of them is empty."""
    account = call.subscription.storage_accounts.get(account_of(link))
    if account is not None and account.affinity_group:
        return "", account.affinity_group
    return region_of(call, link, default), ""


def account_elsewhere(call: Call, service: HostedService, link: str) -> StorageAccount | None:
    """The storage account of a blob, when it is known to be in another region than a hosted service.

    Blobs, and accounts that weren't made here, aren't known: their region isn't compared.
    """
    account = call.subscription.storage_accounts.get(account_of(link))
    if account is None or region_of_place(call, account) == region_of_place(call, service):
        return None
    return account


def demand_own_account(call: Call, link: str) -> None:
    """Refuse a blob in a storage account that is known to be another subscription's.

    Raises:
        Refusal: 400.
    """
    name = account_of(link)
    if call.world.account_names.get(name, call.subscription.id) != call.subscription.id:
        raise refusals.account_of_others(name)


def demand_account(call: Call, service: HostedService, link: str) -> None:
    """Refuse a new blob in another subscription's storage account, or one in another region.

    Raises:
        Refusal: 400.
    """
    demand_own_account(call, link)
    account = account_elsewhere(call, service, link)
    if account is not None:
        raise refusals.account_elsewhere(account.name, name_of_place(account), name_of_place(service))


def default_account(call: Call, region: str) -> StorageAccount:
    """The account of a region that takes disks without a media link, made when it isn't there."""
    place = () if region == DEFAULT_REGION else (region,)
    name = "portalvhds" + call.world.digest("default account", call.subscription.id, *place, size=6).hex()
    account = call.subscription.storage_accounts.get(name)
    if account is None:
        account = StorageAccount(
            name=name,
            label=b64encode(name.encode()).decode(),
            description="Implicitly created storage service",
            location=region,
            affinity_group="",
            account_type="Standard_GRS",
            created_at=call.now,
            created_by=call.now,
            resolved_at=call.now,
        )
        call.subscription.storage_accounts.put(name, account)
        call.world.account_names[name] = call.subscription.id
    return account
