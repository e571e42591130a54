"""Request documents of storage accounts (protocol.md 12.9)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator.properties import EXTENDED_PROPERTIES
from azure_iaas.endpoint.contracts import Contract, ListOf

CREATE_STORAGE_ACCOUNT: Final = Contract(
    "CreateStorageServiceInput",
    {
        "ServiceName": "text",
        "Description": "verbatim",
        "Label": "verbatim",
        "AffinityGroup": "text",
        "Location": "text",
        "GeoReplicationEnabled": "bool",
        "ExtendedProperties": EXTENDED_PROPERTIES,
        "SecondaryReadEnabled": "bool",
        "AccountType": "text",
    },
    frozenset({"ServiceName", "Label"}),
)

UPDATE_STORAGE_ACCOUNT: Final = Contract(
    "UpdateStorageServiceInput",
    {
        "Description": "verbatim",
        "Label": "verbatim",
        "GeoReplicationEnabled": "bool",
        "ExtendedProperties": EXTENDED_PROPERTIES,
        "CustomDomains": ListOf(
            ("CustomDomain",), Contract("CustomDomain", {"Name": "text", "UseSubDomainName": "bool"})
        ),
        "SecondaryReadEnabled": "bool",
        "AccountType": "text",
    },
)

REGENERATE_KEYS: Final = Contract("RegenerateKeys", {"KeyType": "text"}, frozenset({"KeyType"}))
