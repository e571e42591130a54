"""Affinity groups: services kept near each other."""

from __future__ import annotations

from azure_iaas.models import AffinityGroup
from azure_iaas.models.documents import CreateAffinityGroup, UpdateAffinityGroup
from azure_iaas.operations.answers import Listing, OneObject
from azure_iaas.operations.operation import OK, Document, Group, Parts, read, write

_ALL = "/affinitygroups"
_ONE = f"{_ALL}/{{name}}"


class AffinityGroups(Group):
    """Affinity groups."""

    @read(
        _ALL,
        "List Affinity Groups (ee460797)",
        Listing(AffinityGroup, "AffinityGroups", "AffinityGroup"),
        since="2009-10-01",
    )
    def list_affinity_groups(self) -> None:
        """Read all affinity groups."""

    @read(
        _ONE,
        "Get Affinity Group Properties (ee460789)",
        OneObject(AffinityGroup, "AffinityGroup"),
        since="2009-10-01",
    )
    def get_affinity_group(self, name: str) -> None:
        """Read one affinity group with its services and storage accounts.

        Args:
            name: name of the group.
        """

    @write(
        "POST",
        _ALL,
        "Create Affinity Group (gg715317)",
        since="2011-02-25",
        success=frozenset({200, 201}),
        shown_by="get_affinity_group(name)",
    )
    def create_affinity_group(
        self, name: str, location: str, *, label: str | None = None, description: str | None = None
    ) -> Parts:
        """Create an affinity group; it exists when this returns. Look for it before repeating it.

        Args:
            name: name of the group.
            location: its region.
            label: at most 100 characters; defaults to the name.
            description: at most 1024 characters.
        """
        document = CreateAffinityGroup(name=name, label=label or name, location=location)
        if description is not None:
            document.description = description
        return Parts(Document(document, "CreateAffinityGroup"))

    @write(
        "PUT",
        _ONE,
        "Update Affinity Group (gg715316)",
        since="2011-02-25",
        success=OK,
        shown_by="get_affinity_group(name)",
    )
    def update_affinity_group(self, name: str, label: str, *, description: str | None = None) -> Parts:
        """Change an affinity group; done when this returns. May be repeated.

        Args:
            name: name of the group.
            label: at most 100 characters.
            description: at most 1024 characters; None leaves it.
        """
        document = UpdateAffinityGroup(label=label)
        if description is not None:
            document.description = description
        return Parts(Document(document, "UpdateAffinityGroup"))

    @write(
        "DELETE",
        _ONE,
        "Delete Affinity Group (gg715314)",
        since="2011-02-25",
        success=OK,
        shown_by="get_affinity_group(name)",
    )
    def delete_affinity_group(self, name: str) -> None:
        """Delete an empty affinity group; done when this returns. May be repeated: gone is 404.

        Args:
            name: name of the group.
        """
