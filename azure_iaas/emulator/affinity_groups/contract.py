"""Request documents of affinity groups (protocol.md 12.8)."""

from __future__ import annotations

from typing import Final

from azure_iaas.endpoint.contracts import Contract

CREATE_AFFINITY_GROUP: Final = Contract(
    "CreateAffinityGroup",
    {"Name": "text", "Label": "verbatim", "Description": "verbatim", "Location": "text"},
    frozenset({"Name", "Label", "Location"}),
)

UPDATE_AFFINITY_GROUP: Final = Contract(
    "UpdateAffinityGroup", {"Label": "verbatim", "Description": "verbatim"}
)
