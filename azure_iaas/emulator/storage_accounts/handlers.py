"""Storage accounts and their keys (protocol.md 11.8, 12.9)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator import timeline
from azure_iaas.emulator.blobs import account_of
from azure_iaas.emulator.labels import check_description, check_label
from azure_iaas.emulator.places import check_place
from azure_iaas.emulator.properties import check_properties
from azure_iaas.emulator.state import StorageAccount
from azure_iaas.emulator.storage_accounts.answers import account_answer
from azure_iaas.emulator.storage_accounts.contract import (
    CREATE_STORAGE_ACCOUNT,
    REGENERATE_KEYS,
    UPDATE_STORAGE_ACCOUNT,
)
from azure_iaas.emulator.storage_accounts.effects import StorageAccountRemoved
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import NIL, Items, Struct
from azure_iaas.endpoint.routes import Routes

if TYPE_CHECKING:
    from azure_iaas.endpoint.contracts import Values

NAME: Final = re.compile(r"[a-z0-9]{3,24}", re.ASCII)
ACCOUNT_TYPES: Final = ("Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS", "Premium_LRS")
_BASE: Final = "services/storageservices"
_ONE: Final = f"{_BASE}/{{account}}"

route: Final = Routes[Call]()


def _account(call: Call) -> StorageAccount:
    account = call.subscription.storage_accounts.get(call.names["account"])
    if account is None:
        raise refusals.storage_account_missing(call.names["account"])
    return account


def _unlocked(call: Call) -> StorageAccount:
    account = _account(call)
    if call.now < account.lock_until:
        raise refusals.storage_account_busy()
    return account


@route("ListStorageAccounts", "GET", _BASE, since="2009-10-01")
def list_accounts(call: Call) -> Answer:
    """List Storage Accounts (ee460787)."""
    shown = [
        account_answer(call, account, listed=True) for account in call.subscription.storage_accounts.values()
    ]
    return Answer(200, "StorageServices", Items("StorageService", list(shown)))


@route("GetStorageAccount", "GET", _ONE, since="2009-10-01")
def get_account(call: Call) -> Answer:
    """Get Storage Account Properties (ee460802)."""
    return Answer(200, "StorageService", account_answer(call, _account(call)))


@route("CreateStorageAccount", "POST", _BASE, since="2011-06-01")
def create_account(call: Call) -> Answer:
    """Create Storage Account (hh264518)."""
    _, values = call.read(CREATE_STORAGE_ACCOUNT)
    name = values["ServiceName"]
    if not NAME.fullmatch(name):
        raise refusals.storage_account_name_invalid()
    label = check_label(values["Label"])
    description = check_description(values.get("Description"))
    properties = check_properties(values)
    location, group = check_place(call, values)
    account_type = _account_type(values, "Standard_GRS")
    if name in call.world.account_names:
        raise refusals.storage_account_taken(name)
    limit, current = call.world.quotas.storage_accounts, len(call.subscription.storage_accounts)
    if current >= limit:
        raise refusals.quota_exceeded("storage account count", limit, current, 1)
    operation = call.open_operation("CreateStorageAccount", "services", "storageservices", name)
    account = StorageAccount(
        name=name,
        label=label,
        description=description,
        location=location,
        affinity_group=group,
        account_type=account_type,
        created_at=call.now,
        created_by=operation.ends_at,
        resolved_at=operation.ends_at + timeline.DNS_SECONDS * call.world.duration_factor,
        lock_until=operation.ends_at,
        extended_properties=properties,
    )
    call.subscription.storage_accounts.put(name, account)
    call.world.account_names[name] = call.subscription.id
    if operation.error_code:
        call.later(operation.ends_at, StorageAccountRemoved(name))
    return Answer(202, location=call.location("storage", name))


def _account_type(values: Values, default: str) -> str:
    given = values.get("AccountType", "").strip()
    if given:
        if given not in ACCOUNT_TYPES:
            raise refusals.invalid_value(given, "AccountType", ", ".join(ACCOUNT_TYPES))
        return str(given)
    if values.get("SecondaryReadEnabled"):
        return "Standard_RAGRS"
    if "GeoReplicationEnabled" in values:
        return "Standard_GRS" if values["GeoReplicationEnabled"] else "Standard_LRS"
    return default


@route("UpdateStorageAccount", "PUT", _ONE, since="2011-06-01")
def update_account(call: Call) -> Answer:
    """Update Storage Account (hh264516)."""
    _, values = call.read(UPDATE_STORAGE_ACCOUNT)
    account = _unlocked(call)
    label = check_label(values["Label"]) if values.get("Label") else account.label
    description = check_description(values.get("Description", account.description))
    properties = check_properties(values)
    account.account_type = _account_type(values, account.account_type)
    account.label, account.description = label, description
    if "ExtendedProperties" in values:
        account.extended_properties = properties
    if "CustomDomains" in values:
        account.custom_domains = values["CustomDomains"]
    call.subscription.storage_accounts.touch(account.name)
    call.record("UpdateStorageAccount", "services", "storageservices", account.name)
    return Answer(200)


@route("DeleteStorageAccount", "DELETE", _ONE, since="2011-06-01")
def delete_account(call: Call) -> Answer:
    """Delete Storage Account (hh264517): not while a disk or image is in it."""
    account = _unlocked(call)
    links = [(disk.media_link, disk.name) for disk in call.subscription.disks.values()]
    links += [(image.media_link, image.name) for image in call.subscription.os_images.values()]
    links += [(str(image.os_disk["MediaLink"]), image.name) for image in call.subscription.vm_images.values()]
    for link, name in links:
        if account_of(link) == account.name:
            raise refusals.storage_account_in_use(account.name, name)
    call.subscription.storage_accounts.remove(account.name)
    call.world.account_names.pop(account.name, None)
    call.record("DeleteStorageAccount", "services", "storageservices", account.name)
    return Answer(200)


def _keys(call: Call, account: StorageAccount) -> Answer:
    key = call.world.storage_key
    keys = Struct(
        [
            ("Primary", key(account.name, "primary", account.primary_generation)),
            ("Secondary", key(account.name, "secondary", account.secondary_generation)),
        ]
    )
    url = call.url("services", "storageservices", account.name)
    return Answer(200, "StorageService", Struct([("Url", url), ("StorageServiceKeys", keys)]))


def _account_for_keys(call: Call) -> StorageAccount:
    account = call.subscription.storage_accounts.get(call.names["account"])
    if account is None:
        raise refusals.storage_keys_missing(call.names["account"])
    return account


@route("GetStorageAccountKeys", "GET", f"{_ONE}/keys", since="2009-10-01")
def get_keys(call: Call) -> Answer:
    """Get Storage Account Keys (ee460785)."""
    return _keys(call, _account_for_keys(call))


@route("RegenerateStorageAccountKeys", "POST", f"{_ONE}/keys", since="2009-10-01")
def regenerate_keys(call: Call) -> Answer:
    """Regenerate Storage Account Keys (ee460795)."""
    if not call.flag("action", "regenerate"):
        raise refusals.wrong_query()
    _, values = call.read(REGENERATE_KEYS)
    account = _account_for_keys(call)
    which = values["KeyType"].strip().lower()
    if which == "primary":
        account.primary_generation += 1
    elif which == "secondary":
        account.secondary_generation += 1
    else:
        raise refusals.invalid_value(values["KeyType"], "KeyType", "Primary, Secondary")
    call.subscription.storage_accounts.touch(account.name)
    call.record("RegenerateStorageAccountKeys", "services", "storageservices", account.name, "keys")
    return _keys(call, account)


@route("CheckStorageAccountName", "GET", f"{_BASE}/operations/isavailable/{{name}}", since="2012-03-01")
def check_name(call: Call) -> Answer:
    """Check Storage Account Name Availability (jj154125); a badly formed name is a 400."""
    name = call.names["name"]
    if not NAME.fullmatch(name):
        raise refusals.storage_account_name_invalid()
    taken = name in call.world.account_names
    reason = refusals.storage_account_taken(name).message if taken else NIL
    return Answer(200, "AvailabilityResponse", Struct([("Result", not taken), ("Reason", reason)]))
