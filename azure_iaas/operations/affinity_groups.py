"""Affinity groups: services kept near each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.models import AffinityGroup
from azure_iaas.models.documents import CreateAffinityGroup, UpdateAffinityGroup
from azure_iaas.operations import arguments
from azure_iaas.operations.operation import ACCEPTED, Call, Document, ListOf, OneObject, Operation

if TYPE_CHECKING:
    from azure_iaas.operations.tracking import AcceptedOperation

OK: Final = frozenset({200})
_ALL = "/affinitygroups"
_ONE = f"{_ALL}/{{name}}"

LIST_AFFINITY_GROUPS: Final = Operation(
    name="ListAffinityGroups",
    rest_name="List Affinity Groups",
    source="ee460797",
    method="GET",
    path=_ALL,
    since="2009-10-01",
    success=OK,
    answer=ListOf(AffinityGroup, "AffinityGroups", "AffinityGroup"),
)
GET_AFFINITY_GROUP: Final = Operation(
    name="GetAffinityGroup",
    rest_name="Get Affinity Group Properties",
    source="ee460789",
    method="GET",
    path=_ONE,
    since="2009-10-01",
    success=OK,
    answer=OneObject(AffinityGroup, "AffinityGroup"),
)
CREATE_AFFINITY_GROUP: Final = Operation(
    name="CreateAffinityGroup",
    rest_name="Create Affinity Group",
    source="gg715317",
    method="POST",
    path=_ALL,
    since="2011-02-25",
    success=frozenset({200, 201}),
    answer=ACCEPTED,
)
UPDATE_AFFINITY_GROUP: Final = Operation(
    name="UpdateAffinityGroup",
    rest_name="Update Affinity Group",
    source="gg715316",
    method="PUT",
    path=_ONE,
    since="2011-02-25",
    success=OK,
    answer=ACCEPTED,
)
DELETE_AFFINITY_GROUP: Final = Operation(
    name="DeleteAffinityGroup",
    rest_name="Delete Affinity Group",
    source="gg715314",
    method="DELETE",
    path=_ONE,
    since="2011-02-25",
    success=OK,
    answer=ACCEPTED,
)

OPERATIONS: Final = (
    LIST_AFFINITY_GROUPS,
    GET_AFFINITY_GROUP,
    CREATE_AFFINITY_GROUP,
    UPDATE_AFFINITY_GROUP,
    DELETE_AFFINITY_GROUP,
)


def create_affinity_group(
    name: str, location: str, label: str | None, description: str | None
) -> Call[AcceptedOperation]:
    """Create a group; the label defaults to the name."""
    method = CREATE_AFFINITY_GROUP.name
    arguments.text(method, "name", name)
    arguments.text(method, "location", location)
    arguments.length(method, "label", label, arguments.LABEL_LENGTH)
    arguments.length(method, "description", description, arguments.DESCRIPTION_LENGTH)
    document = CreateAffinityGroup(name=name, label=label or name, location=location)
    if description is not None:
        document.description = description
    return Call(CREATE_AFFINITY_GROUP, body=Document(document, "CreateAffinityGroup"))


def update_affinity_group(name: str, label: str, description: str | None) -> Call[AcceptedOperation]:
    """Change a group's label and description."""
    method = UPDATE_AFFINITY_GROUP.name
    arguments.length(method, "label", arguments.text(method, "label", label), arguments.LABEL_LENGTH)
    arguments.length(method, "description", description, arguments.DESCRIPTION_LENGTH)
    document = UpdateAffinityGroup(label=label)
    if description is not None:
        document.description = description
    return Call(UPDATE_AFFINITY_GROUP, {"name": name}, Document(document, "UpdateAffinityGroup"))
