"""OS images as they are answered (protocol.md 10.8)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from azure_iaas.endpoint.documents import Fragment, Member, Struct

if TYPE_CHECKING:
    from azure_iaas.emulator.catalogue import PlatformImage
    from azure_iaas.emulator.state import OSImage
    from azure_iaas.emulator.world import Call, Dialect


def os_image_answer(call: Call, image: OSImage) -> Struct:
    """``OSImage`` (10.8) of the subscription itself."""
    if call.world.dialect == "preview":
        return _preview_image(
            image.category,
            image.label,
            image.location,
            image.media_link,
            image.name,
            role_size=image.role_size,
            stateless=image.supports_stateless_deployment,
        )
    # The service set this itself; what a request said didn't come back.
    data = {**image.metadata, "IsPremium": False}
    members: list[Member] = [
        ("AffinityGroup", image.affinity_group or None),
        ("Category", image.category),
        ("Label", image.label),
        ("Location", image.location or None),
        ("LogicalSizeInGB", image.size_in_gb),
        ("MediaLink", image.media_link),
        ("Name", image.name),
        ("OS", image.os),
    ]
    if call.version >= "2012-08-01":
        members += [
            (name, data.get(name))
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
            )
            if name != "IsPremium" or call.version >= "2013-06-01"
        ]
    if "2013-06-01" <= call.version < "2014-05-01":
        members.append(("PublisherName", "User"))
    if call.version >= "2013-03-01":
        members += [("SmallIconUri", data.get("SmallIconUri")), ("Language", data.get("Language"))]
    if call.version >= "2014-05-01":
        members.append(("OSState", "Generalized"))
    if call.version >= "2014-10-01":
        members.append(("IOType", "Standard"))
    return Struct(members)


def platform_image_answer(call: Call, image: PlatformImage) -> Fragment:
    """``OSImage`` (10.8) of the service's own."""
    return _platform_image(
        image,
        call.world.dialect,
        metadata=call.version >= "2012-08-01",
        premium=call.version >= "2013-06-01",
        io_type=call.version >= "2014-10-01",
    )


@cache
def _platform_image(
    image: PlatformImage, dialect: Dialect, *, metadata: bool, premium: bool, io_type: bool
) -> Fragment:
    # Written once for each form: a list holds them all.
    locations = ";".join(_IMAGE_LOCATIONS)
    if dialect == "preview":
        return Fragment.of(_preview_image("Public", image.label, locations, None, image.name))
    members: list[Member] = [
        ("Category", "Public"),
        ("Label", image.label),
        ("Location", locations if metadata else None),
        ("LogicalSizeInGB", image.size_in_gb),
        ("Name", image.name),
        ("OS", image.os),
    ]
    if metadata:
        members += [
            ("ImageFamily", image.family or None),
            ("PublishedDate", f"{image.published}T00:00:00Z" if image.published else None),
            ("IsPremium", False if premium else None),
            ("PublisherName", (image.publisher or None) if premium else None),
        ]
    if io_type:
        members.append(("IOType", "Standard_LRS"))
    return Fragment.of(Struct(members))


_IMAGE_LOCATIONS: Final = (
    "East Asia",
    "Southeast Asia",
    "North Europe",
    "West Europe",
    "Central US",
    "East US",
    "East US 2",
    "North Central US",
    "South Central US",
    "West US",
)


def _preview_image(
    category: str,
    label: str,
    location: str,
    media_link: str | None,
    name: str,
    *,
    role_size: str = "",
    stateless: bool | None = None,
) -> Struct:
    return Struct(
        [
            ("Category", category),
            ("Label", label),
            ("Location", location),
            ("MediaLink", media_link),
            ("Name", name),
            ("RoleSize", role_size or None),
            ("SupportsStatelessDeployment", stateless),
        ]
    )
