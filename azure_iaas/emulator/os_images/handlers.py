"""OS images (protocol.md 11.2 to 11.4, 12.4)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator.blobs import DISK_NAME, check_media_link, demand_own_account, region_of
from azure_iaas.emulator.catalogue import PLATFORM_IMAGES
from azure_iaas.emulator.images import PLATFORM, find_image, operating_system
from azure_iaas.emulator.os_images.answers import os_image_answer, platform_image_answer
from azure_iaas.emulator.os_images.contract import (
    OS_IMAGE,
    OS_IMAGE_AS_ANSWERED,
    OS_IMAGE_PREVIEW,
    OS_IMAGE_UPDATE,
    OS_IMAGE_UPDATE_AS_ANSWERED,
)
from azure_iaas.emulator.state import OSImage
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import documents, refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.contracts import Values, fitting, names_in
from azure_iaas.endpoint.documents import Items, Value
from azure_iaas.endpoint.routes import Routes

_METADATA: Final = tuple(
    name for name in OS_IMAGE.members if name not in {"Label", "MediaLink", "Name", "OS"}
)

route: Final = Routes[Call]()


@route("ListOSImages", "GET", "services/images", since="2012-03-01")
@route("ListOSImages", "GET", "images", since="2012-03-01")
def list_images(call: Call) -> Answer:
    """List OS Images (jj157191): the subscription's own and the service's, unpaged."""
    images: list[Value] = [platform_image_answer(call, image) for image in PLATFORM_IMAGES]
    images += [os_image_answer(call, image) for image in call.subscription.os_images.values()]
    return Answer(200, "Images", Items("OSImage", images))


@route("GetOSImage", "GET", "services/images/{image}", since="2012-03-01")
@route("GetOSImage", "GET", "images/{image}", since="2012-03-01")
def get_image(call: Call) -> Answer:
    """Get OS Image."""
    name = call.names["image"]
    own = call.subscription.os_images.get(name)
    if own is not None:
        return Answer(200, "OSImage", os_image_answer(call, own))
    platform = PLATFORM.get(name.lower())
    if platform is None:
        raise refusals.image_missing()
    return Answer(200, "OSImage", platform_image_answer(call, platform))


def _read_image(call: Call) -> Values:
    """An image document of either dialect; the preview's has no ``OS``: Windows was assumed (10.1)."""
    contract = OS_IMAGE
    if call.json_body:
        names = set(documents.read_json(call.body))
    else:
        element = documents.read_xml(call.body)
        names = names_in(element)
        contract = fitting(element, (contract, OS_IMAGE_AS_ANSWERED))
    preview = "OS" not in names and bool(names & {"Category", "Location", "RoleSize"})
    _, values = call.read(OS_IMAGE_PREVIEW if preview else contract)
    if preview:
        values.setdefault("OS", "Windows")
    return values


@route("AddOSImage", "POST", "services/images", since="2012-03-01")
@route("AddOSImage", "POST", "images", since="2012-03-01")
def add_image(call: Call) -> Answer:
    """Add OS Image (jj157192): done at once."""
    values = _read_image(call)
    name = values["Name"]
    if not DISK_NAME.fullmatch(name):
        raise refusals.invalid_value(name, "Name", "letters, digits, '_', '.', '-'")
    link = check_media_link(values["MediaLink"])
    demand_own_account(call, link)
    system = operating_system(values["OS"])
    if find_image(call, name) is not None or call.subscription.vm_images.get(name) is not None:
        raise refusals.image_name_taken(name)
    # The blob's length isn't known here; 30 GB is what nearly all recorded images have.
    image = OSImage(
        name=name,
        label=values["Label"],
        os=system,
        location=region_of(call, link),
        size_in_gb=30,
        media_link=link,
        role_size=values.get("RoleSize", ""),
        metadata={key: values[key] for key in _METADATA if key in values},
    )
    call.subscription.os_images.put(name, image)
    call.record("AddOSImage", "services", "images", name)
    return Answer(200, "OSImage", os_image_answer(call, image))


def _own_image(call: Call) -> OSImage:
    name = call.names["image"]
    image = call.subscription.os_images.get(name)
    if image is None:
        platform = PLATFORM.get(name.lower())
        raise refusals.platform_image(platform.name) if platform is not None else refusals.image_missing()
    return image


@route("UpdateOSImage", "PUT", "services/images/{image}", since="2012-03-01")
@route("UpdateOSImage", "PUT", "images/{image}", since="2012-03-01")
def update_image(call: Call) -> Answer:
    """Update OS Image (jj157198)."""
    contract = OS_IMAGE_UPDATE
    if not call.json_body:
        orders = (contract, OS_IMAGE_UPDATE_AS_ANSWERED)
        contract = fitting(documents.read_xml(call.body), orders)
    _, values = call.read(contract)
    image = _own_image(call)
    image.label = values["Label"]
    image.metadata |= {key: values[key] for key in _METADATA if key in values}
    call.subscription.os_images.touch(image.name)
    call.record("UpdateOSImage", "services", "images", image.name)
    return Answer(200, "OSImage", os_image_answer(call, image))


@route("DeleteOSImage", "DELETE", "services/images/{image}", since="2012-03-01")
@route("DeleteOSImage", "DELETE", "images/{image}", since="2012-03-01")
def delete_image(call: Call) -> Answer:
    """Delete OS Image (jj157203); whether its blob goes too can't be seen here."""
    image = _own_image(call)
    call.subscription.os_images.remove(image.name)
    call.record("DeleteOSImage", "services", "images", image.name)
    return Answer(200)
