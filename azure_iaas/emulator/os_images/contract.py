"""Request documents of OS images (protocol.md 10.8), in the orders their sources give."""

from __future__ import annotations

from typing import Final

from azure_iaas.endpoint.contracts import Contract, Kind

_IMAGE_METADATA: Final[dict[str, Kind]] = {
    "Eula": "verbatim",
    "Description": "verbatim",
    "ImageFamily": "verbatim",
    "PublishedDate": "text",
    "IsPremium": "bool",
    "ShowInGui": "bool",
    "PrivacyUri": "text",
    "IconUri": "text",
    "RecommendedVMSize": "text",
    "SmallIconUri": "text",
    "Language": "text",
}

_AS_ANSWERED: Final = {
    name: _IMAGE_METADATA[name]
    for name in (
        "Eula",
        "Description",
        "ImageFamily",
        "ShowInGui",
        "PublishedDate",
        "IsPremium",
        "IconUri",
        "PrivacyUri",
        "RecommendedVMSize",
        "SmallIconUri",
        "Language",
    )
}
"""The contract classes' order; the reference and the generated clients have that of ``_IMAGE_METADATA``."""

_IMAGE_BASE: Final[dict[str, Kind]] = {"Label": "verbatim", "MediaLink": "text", "Name": "text", "OS": "text"}

_IMAGE_NEEDS: Final = frozenset(_IMAGE_BASE)

OS_IMAGE: Final = Contract("OSImage", {**_IMAGE_BASE, **_IMAGE_METADATA}, _IMAGE_NEEDS)

OS_IMAGE_AS_ANSWERED: Final = Contract("OSImage", {**_IMAGE_BASE, **_AS_ANSWERED}, _IMAGE_NEEDS)

OS_IMAGE_PREVIEW: Final = Contract(
    "OSImage",
    {
        "Category": "text",
        "Label": "verbatim",
        "Location": "text",
        "MediaLink": "text",
        "Name": "text",
        "RoleSize": "text",
    },
    frozenset({"Label", "MediaLink", "Name"}),
)

OS_IMAGE_UPDATE: Final = Contract("OSImage", OS_IMAGE.members, frozenset({"Label"}))

OS_IMAGE_UPDATE_AS_ANSWERED: Final = Contract("OSImage", OS_IMAGE_AS_ANSWERED.members, frozenset({"Label"}))
