"""Request documents of VM images (protocol.md 12.4)."""

from __future__ import annotations

from typing import Final

from azure_iaas.endpoint.contracts import Contract, ListOf

VM_IMAGE: Final = Contract(
    "VMImage",
    {
        "Name": "text",
        "Label": "verbatim",
        "Description": "verbatim",
        "OSDiskConfiguration": Contract(
            "OSDiskConfiguration",
            {"HostCaching": "text", "OSState": "text", "OS": "text", "MediaLink": "text"},
            frozenset({"OSState", "OS", "MediaLink"}),
        ),
        "DataDiskConfigurations": ListOf(
            ("DataDiskConfiguration",),
            Contract("DataDiskConfiguration", {"HostCaching": "text", "Lun": "int", "MediaLink": "text"}),
        ),
        "Language": "text",
        "ImageFamily": "verbatim",
        "RecommendedVMSize": "text",
        "Eula": "verbatim",
        "IconUri": "text",
        "SmallIconUri": "text",
        "PrivacyUri": "text",
        "PublishedDate": "text",
        "ShowInGui": "bool",
    },
    frozenset({"Name", "Label", "OSDiskConfiguration"}),
)

VM_IMAGE_UPDATE: Final = Contract(
    "VMImage",
    {
        "Name": "text",
        "Label": "verbatim",
        "Description": "verbatim",
        "OSDiskConfiguration": Contract("OSDiskConfiguration", {"HostCaching": "text"}),
        "DataDiskConfigurations": ListOf(
            ("DataDiskConfiguration",),
            Contract("DataDiskConfiguration", {"Name": "text", "HostCaching": "text", "Lun": "int"}),
        ),
        "Language": "text",
        "ImageFamily": "verbatim",
        "RecommendedVMSize": "text",
        "Eula": "verbatim",
        "IconUri": "text",
        "SmallIconUri": "text",
        "PrivacyUri": "text",
        "PublishedDate": "text",
        "ShowInGui": "bool",
    },
    frozenset({"Label"}),
)
