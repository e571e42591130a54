"""Request documents of hosted services (protocol.md 11.5, 11.6)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator.properties import EXTENDED_PROPERTIES
from azure_iaas.endpoint.contracts import Contract

CREATE_HOSTED_SERVICE: Final = Contract(
    "CreateHostedService",
    {
        "ServiceName": "text",
        "Label": "verbatim",
        "Description": "verbatim",
        "Location": "text",
        "AffinityGroup": "text",
        "ExtendedProperties": EXTENDED_PROPERTIES,
        "ReverseDnsFqdn": "text",
    },
    frozenset({"ServiceName", "Label"}),
)

UPDATE_HOSTED_SERVICE: Final = Contract(
    "UpdateHostedService",
    {
        "Label": "verbatim",
        "Description": "verbatim",
        "Location": "text",
        "AffinityGroup": "text",
        "ExtendedProperties": EXTENDED_PROPERTIES,
        "GuestAgentType": "text",
        "ReverseDnsFqdn": "text",
    },
)
