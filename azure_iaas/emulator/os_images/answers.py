"""OS images as they are answered (protocol.md 10.8)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.state import OSImage
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint.documents import Fragment, Member, Struct
from azure_iaas.endpoint.versions import Row, Rows

if TYPE_CHECKING:
    from azure_iaas.emulator.catalogue import PlatformImage
    from azure_iaas.wire.messages import Dialect


def _metadata(name: str, since: str) -> Row[Call, OSImage]:
    return Row(name, lambda _, image: image.metadata.get(name), since)


_OWN: Final = Rows[Call, OSImage](
    Row("AffinityGroup", lambda _, image: image.affinity_group or None),
    Row("Category", lambda _, image: image.category),
    Row("Label", lambda _, image: image.label),
    Row("Location", lambda _, image: image.location or None),
    Row("LogicalSizeInGB", lambda _, image: image.size_in_gb),
    Row("MediaLink", lambda _, image: image.media_link),
    Row("Name", lambda _, image: image.name),
    Row("OS", lambda _, image: image.os),
    _metadata("Eula", "2012-08-01"),
    _metadata("Description", "2012-08-01"),
    _metadata("ImageFamily", "2012-08-01"),
    _metadata("ShowInGui", "2012-08-01"),
    _metadata("PublishedDate", "2012-08-01"),
    # The service set this itself; what a request said didn't come back.
    Row("IsPremium", lambda *_: False, "2013-06-01"),
    _metadata("IconUri", "2012-08-01"),
    _metadata("PrivacyUri", "2012-08-01"),
    _metadata("RecommendedVMSize", "2012-08-01"),
    Row("PublisherName", lambda *_: "User", "2013-06-01", "2014-05-01"),
    _metadata("SmallIconUri", "2013-03-01"),
    _metadata("Language", "2013-03-01"),
    Row("OSState", lambda *_: "Generalized", "2014-05-01"),
    Row("IOType", lambda *_: "Standard", "2014-10-01"),
)


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
    return Struct(_OWN.members(call, image))


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
    shown: list[Member] = [
        ("Category", "Public"),
        ("Label", image.label),
        ("Location", locations if metadata else None),
        ("LogicalSizeInGB", image.size_in_gb),
        ("Name", image.name),
        ("OS", image.os),
    ]
    if metadata:
        shown += [
            ("ImageFamily", image.family or None),
            ("PublishedDate", f"{image.published}T00:00:00Z" if image.published else None),
            ("IsPremium", False if premium else None),
            ("PublisherName", (image.publisher or None) if premium else None),
        ]
    if io_type:
        shown.append(("IOType", "Standard_LRS"))
    return Fragment.of(Struct(shown))


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
