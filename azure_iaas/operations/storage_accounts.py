"""Storage accounts, the home of disks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure_iaas.models import AvailabilityResponse, StorageService
from azure_iaas.models.documents import CreateStorageServiceInput, RegenerateKeys, UpdateStorageServiceInput
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import Listing, OneObject
from azure_iaas.operations.operation import OK, Document, Group, Parts, operation, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models.mappings import CreateStorageServiceInputDict, UpdateStorageServiceInputDict

_ALL = "/services/storageservices"
_ONE = f"{_ALL}/{{service_name}}"
_ACCOUNT = OneObject(StorageService, "StorageService")


class StorageAccounts(Group):
    """Storage accounts. The documentation calls the name of an account ``serviceName``."""

    @read(f"{_ONE}/keys", "Get Storage Account Keys (ee460785)", _ACCOUNT, since="2009-10-01")
    def get_storage_account_keys(self, service_name: str) -> None:
        """Read the access keys of a storage account.

        Args:
            service_name: name of the storage account.

        Returns:
            The account with its keys in ``storage_service_keys``.
        """

    @operation(
        "POST",
        f"{_ONE}/keys",
        "Regenerate Storage Account Keys (ee460795)",
        _ACCOUNT,
        query="action=regenerate",
        since="2009-10-01",
        shown_by="get_storage_account_keys(service_name)",
    )
    def regenerate_storage_account_keys(self, service_name: str, key_type: str) -> Parts:
        """Make a new key; the old one is dead at once. Repeating it makes yet another.

        Args:
            service_name: name of the storage account.
            key_type: ``Primary`` or ``Secondary``.

        Returns:
            The account with both keys in ``storage_service_keys``.
        """
        arguments.one_of("key_type", key_type, ("Primary", "Secondary", "primary", "secondary"))
        return Parts(Document(RegenerateKeys(key_type=key_type), "RegenerateKeys"))

    @read(
        _ALL,
        "List Storage Accounts (ee460787)",
        Listing(StorageService, "StorageServices", "StorageService"),
        since="2009-10-01",
    )
    def list_storage_accounts(self) -> None:
        """Read all storage accounts, without keys."""

    @read(_ONE, "Get Storage Account Properties (ee460802)", _ACCOUNT, since="2009-10-01")
    def get_storage_account(self, service_name: str) -> None:
        """Read one storage account, without keys.

        Args:
            service_name: name of the storage account.
        """

    @write(
        "POST",
        _ALL,
        "Create Storage Account (hh264518)",
        since="2011-06-01",
        shown_by="get_storage_account(service_name)",
    )
    def create_storage_account(
        self,
        service_name: str,
        options: StorageService | CreateStorageServiceInputDict | Mapping[str, Any] | None = None,
    ) -> Parts:
        """Create a storage account. Look for it before repeating it.

        Args:
            service_name: 3 to 24 lower-case letters and digits, unique in the whole cloud.
            options: Label (default: the name), Description, Location (default: the client's
                ``default_location``) or AffinityGroup, AccountType, GeoReplicationEnabled,
                SecondaryReadEnabled, ExtendedProperties; or an account as read, of which the service's own
                elements are left out.

        Raises:
            ConflictError: kind ``NAME_TAKEN``: the name is in use, maybe by an earlier request of yours.
        """
        arguments.new_name("service_name", service_name, kind="storage_account_name")
        document = arguments.coerce(
            "options", options, CreateStorageServiceInput, required=False, closed=True
        )
        if document.location and document.affinity_group:
            raise arguments.refused("options", "give location or affinity_group, not both")
        document.service_name = service_name
        document.label = document.label or service_name
        if not document.affinity_group:
            document.location = document.location or self.terms.default_location
        return Parts(Document(document, "CreateStorageServiceInput", argument="options"))

    @write(
        "PUT",
        _ONE,
        "Update Storage Account (hh264516)",
        since="2011-06-01",
        success=OK,
        shown_by="get_storage_account(service_name)",
    )
    def update_storage_account(
        self, service_name: str, changes: StorageService | UpdateStorageServiceInputDict | Mapping[str, Any]
    ) -> Parts:
        """Change a storage account; done when this returns. May be repeated.

        Args:
            service_name: name of the storage account.
            changes: Description, Label, AccountType, GeoReplicationEnabled, SecondaryReadEnabled,
                CustomDomains, ExtendedProperties; what isn't given stays. Or the account as read, of which
                the service's own elements are left out.
        """
        document = arguments.coerce("changes", changes, UpdateStorageServiceInput, closed=True)
        return Parts(Document(document, "UpdateStorageServiceInput", argument="changes"))

    @write(
        "DELETE",
        _ONE,
        "Delete Storage Account (hh264517)",
        since="2011-06-01",
        success=OK,
        shown_by="get_storage_account(service_name)",
    )
    def delete_storage_account(self, service_name: str) -> None:
        """Delete a storage account and all that is in it; done when this returns. May be repeated.

        Args:
            service_name: name of the storage account.

        Raises:
            BadRequestError: disks or images are in it.
        """

    @read(
        f"{_ALL}/operations/isavailable/{{service_name}}",
        "Check Storage Account Name Availability (jj154125)",
        OneObject(AvailabilityResponse, "AvailabilityResponse"),
    )
    def check_storage_account_name(self, service_name: str) -> None:
        """Ask whether a storage account may have this name.

        Args:
            service_name: the name wished for.

        Returns:
            ``result``, and when it is False the ``reason``.

        Raises:
            BadRequestError: no storage account can have such a name.
        """
