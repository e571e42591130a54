"""Request documents of disks (protocol.md 10.9)."""

from __future__ import annotations

from typing import Final

from azure_iaas.endpoint.contracts import Contract

DISK: Final = Contract(
    "Disk",
    {"HasOperatingSystem": "bool", "OS": "text", "Label": "verbatim", "MediaLink": "text", "Name": "text"},
    frozenset({"Label", "MediaLink", "Name"}),
)

DISK_UPDATE: Final = Contract(
    "Disk",
    {
        "HasOperatingSystem": "bool",
        "OS": "text",
        "Label": "verbatim",
        "MediaLink": "text",
        "Name": "text",
        "ResizedSizeInGB": "int",
    },
)
