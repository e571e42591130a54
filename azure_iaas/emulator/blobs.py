"""Links to blobs, and the storage accounts they are in."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from azure_iaas.emulator.state import StorageAccount
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from azure_iaas.emulator.world import Call

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
    return (urlsplit(link).hostname or "").partition(".")[0]


def region_of(call: Call, link: str) -> str:
    """Location of the storage account of a blob; that of the default account when it isn't ours."""
    account = call.subscription.storage_accounts.get(account_of(link))
    return account.location if account is not None and account.location else "West US"


def place_of(call: Call, link: str) -> tuple[str, str]:
    """Where a blob is: a location, or the affinity group of its storage account; one of them is empty."""
    account = call.subscription.storage_accounts.get(account_of(link))
    if account is not None and account.affinity_group:
        return "", account.affinity_group
    return region_of(call, link), ""


def default_account(call: Call) -> StorageAccount:
    """The account that takes disks without a media link, made when it isn't there."""
    name = "portalvhds" + call.world.digest("default account", call.subscription.id, size=6).hex()
    account = call.subscription.storage_accounts.get(name)
    if account is None:
        account = StorageAccount(
            name=name,
            label=b64encode(name.encode()).decode(),
            description="Implicitly created storage service",
            location="West US",
            affinity_group="",
            account_type="Standard_GRS",
            created_at=call.now,
            created_by=call.now,
            resolved_at=call.now,
        )
        call.subscription.storage_accounts.put(name, account)
        call.world.account_names[name] = call.subscription.id
    return account


def same_blob(link: str) -> str:
    """What two links to one blob have in common."""
    return link.partition("://")[2].lower()
