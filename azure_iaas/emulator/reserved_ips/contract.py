"""Request documents of reserved addresses (protocol.md 12.10)."""

from __future__ import annotations

from typing import Final

from azure_iaas.endpoint.contracts import Contract

RESERVED_IP: Final = Contract(
    "ReservedIP",
    {
        "Name": "text",
        "Label": "verbatim",
        "ServiceName": "text",
        "DeploymentName": "text",
        "Location": "text",
        "VirtualIPName": "text",
    },
    frozenset({"Name"}),
)

RESERVED_IP_ASSOCIATION: Final = Contract(
    "ReservedIPAssociation",
    {"ServiceName": "text", "DeploymentName": "text", "VirtualIPName": "text"},
    frozenset({"ServiceName", "DeploymentName"}),
)
