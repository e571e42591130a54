"""Storage accounts, the home of disks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.errors import InvalidArgumentError
from azure_iaas.models import AvailabilityResponse, StorageService
from azure_iaas.models.documents import (
    CreateStorageServiceInput,
    RegenerateKeys,
    UpdateStorageServiceInput,
)
from azure_iaas.operations import arguments
from azure_iaas.operations.operation import ACCEPTED, Call, Document, ListOf, OneObject, Operation

if TYPE_CHECKING:
    from azure_iaas.operations.tracking import AcceptedOperation

OK: Final = frozenset({200})
_ALL = "/services/storageservices"
_ONE = f"{_ALL}/{{serviceName}}"
_ANSWER = OneObject(StorageService, "StorageService")

GET_STORAGE_ACCOUNT_KEYS: Final = Operation(
    name="GetStorageAccountKeys",
    rest_name="Get Storage Account Keys",
    source="ee460785",
    method="GET",
    path=f"{_ONE}/keys",
    since="2009-10-01",
    success=OK,
    answer=_ANSWER,
)
REGENERATE_STORAGE_ACCOUNT_KEYS: Final = Operation(
    name="RegenerateStorageAccountKeys",
    rest_name="Regenerate Storage Account Keys",
    source="ee460795",
    method="POST",
    path=f"{_ONE}/keys",
    query="action=regenerate",
    since="2009-10-01",
    success=OK,
    answer=_ANSWER,
)
LIST_STORAGE_ACCOUNTS: Final = Operation(
    name="ListStorageAccounts",
    rest_name="List Storage Accounts",
    source="ee460787",
    method="GET",
    path=_ALL,
    since="2009-10-01",
    success=OK,
    answer=ListOf(StorageService, "StorageServices", "StorageService"),
)
GET_STORAGE_ACCOUNT: Final = Operation(
    name="GetStorageAccount",
    rest_name="Get Storage Account Properties",
    source="ee460802",
    method="GET",
    path=_ONE,
    since="2009-10-01",
    success=OK,
    answer=_ANSWER,
)
CREATE_STORAGE_ACCOUNT: Final = Operation(
    name="CreateStorageAccount",
    rest_name="Create Storage Account",
    source="hh264518",
    method="POST",
    path=_ALL,
    since="2011-06-01",
    success=frozenset({202}),
    answer=ACCEPTED,
)
UPDATE_STORAGE_ACCOUNT: Final = Operation(
    name="UpdateStorageAccount",
    rest_name="Update Storage Account",
    source="hh264516",
    method="PUT",
    path=_ONE,
    since="2011-06-01",
    success=OK,
    answer=ACCEPTED,
)
DELETE_STORAGE_ACCOUNT: Final = Operation(
    name="DeleteStorageAccount",
    rest_name="Delete Storage Account",
    source="hh264517",
    method="DELETE",
    path=_ONE,
    since="2011-06-01",
    success=OK,
    answer=ACCEPTED,
)
CHECK_STORAGE_ACCOUNT_NAME: Final = Operation(
    name="CheckStorageAccountName",
    rest_name="Check Storage Account Name Availability",
    source="jj154125",
    method="GET",
    path=f"{_ALL}/operations/isavailable/{{serviceName}}",
    success=OK,
    answer=OneObject(AvailabilityResponse, "AvailabilityResponse"),
)

OPERATIONS: Final = (
    GET_STORAGE_ACCOUNT_KEYS,
    REGENERATE_STORAGE_ACCOUNT_KEYS,
    LIST_STORAGE_ACCOUNTS,
    GET_STORAGE_ACCOUNT,
    CREATE_STORAGE_ACCOUNT,
    UPDATE_STORAGE_ACCOUNT,
    DELETE_STORAGE_ACCOUNT,
    CHECK_STORAGE_ACCOUNT_NAME,
)


def regenerate_storage_account_keys(service_name: str, key_type: str) -> Call[StorageService]:
    """Make a new primary or secondary key."""
    method = REGENERATE_STORAGE_ACCOUNT_KEYS.name
    kind = arguments.one_of(method, "keyType", key_type, ("Primary", "Secondary", "primary", "secondary"))
    body = Document(RegenerateKeys(key_type=kind), "RegenerateKeys")
    return Call(REGENERATE_STORAGE_ACCOUNT_KEYS, {"serviceName": service_name}, body)


def create_storage_account(
    service_name: str, options: object, *, default_location: str
) -> Call[AcceptedOperation]:
    """Create an account."""
    method = CREATE_STORAGE_ACCOUNT.name
    arguments.new_name(method, "serviceName", service_name, kind="storage_account_name")
    document = arguments.coerce(
        method, "options", options, CreateStorageServiceInput, required=False, closed=True
    )
    if document.location and document.affinity_group:
        raise InvalidArgumentError(method, "options", "give location or affinity_group, not both")
    document.service_name = service_name
    document.label = document.label or service_name
    if not document.affinity_group:
        document.location = document.location or default_location
    return Call(CREATE_STORAGE_ACCOUNT, body=Document(document, "CreateStorageServiceInput"))


def update_storage_account(service_name: str, changes: object) -> Call[AcceptedOperation]:
    """Change an account; what isn't given stays."""
    document = arguments.coerce(
        UPDATE_STORAGE_ACCOUNT.name, "changes", changes, UpdateStorageServiceInput, closed=True
    )
    body = Document(document, "UpdateStorageServiceInput")
    return Call(UPDATE_STORAGE_ACCOUNT, {"serviceName": service_name}, body)
