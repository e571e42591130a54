"""OS images, the subscription's own and the service's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.catalogue import PLATFORM_IMAGES, PlatformImage
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from azure_iaas.emulator.state import OSImage
    from azure_iaas.emulator.world import Call

PLATFORM: Final = {image.name.lower(): image for image in PLATFORM_IMAGES}


def find_image(call: Call, name: str) -> OSImage | PlatformImage | None:
    """An OS image by name, the subscription's own or the service's."""
    return call.subscription.os_images.get(name) or PLATFORM.get(name.lower())


def operating_system(text: str) -> str:
    """``Windows`` or ``Linux``, in its exact case.

    Raises:
        Refusal: 400 for anything else.
    """
    word = text.strip().capitalize()
    if word not in {"Windows", "Linux"}:
        raise refusals.invalid_value(text, "OS", "Linux, Windows")
    return word
