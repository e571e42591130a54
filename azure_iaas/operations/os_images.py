"""OS images: disks that machines are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from azure_iaas.models import ImageOptions, OSImage
from azure_iaas.models.documents import AddOSImage
from azure_iaas.operations import arguments, versions
from azure_iaas.operations.answers import Listing, OneObject
from azure_iaas.operations.operation import OK, Document, Group, Parts, operation, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models.mappings import AddOSImageDict, ImageOptionsDict
    from azure_iaas.operations.operation import Terms

_ALL = "/services/images"
_ONE = f"{_ALL}/{{image_name}}"
_PREVIEW_ALL = "/images"
_PREVIEW_ONE = "/images/{image_name}"
_IMAGE = OneObject(OSImage, "OSImage")

DEFAULT_OS: Final = "Linux"
_PREVIEW_ONLY: Final = ("category", "location", "role_size")


def _image(argument: str, document: AddOSImage, terms: Terms) -> Parts:
    if terms.dialect == "ga":
        for attribute in _PREVIEW_ONLY:
            setattr(document, attribute, None)
    return Parts(Document(document, "OSImage", argument=argument))


class OSImages(Group):
    """OS images."""

    @read(_ALL, "List OS Images (jj157191)", Listing(OSImage, "Images", "OSImage"), preview=_PREVIEW_ALL)
    def list_os_images(self) -> None:
        """Read all images, own and platform ones, in the service's order; there may be a thousand."""

    @read(_ONE, "Get OS Image (protocol 11.2)", _IMAGE, preview=_PREVIEW_ONE)
    def get_os_image(self, image_name: str) -> None:
        """Read one image, the subscription's own or a platform image.

        Args:
            image_name: name of the image.
        """

    @operation(
        "POST",
        _ALL,
        "Add OS Image (jj157192)",
        _IMAGE,
        preview=_PREVIEW_ALL,
        shown_by="get_os_image(image_name)",
    )
    def create_os_image(
        self,
        image_name: str,
        media_link: str,
        options: ImageOptions | OSImage | ImageOptionsDict | Mapping[str, Any] | None = None,
    ) -> Parts:
        """Register an image from a page blob of a generalised, fixed-size VHD.

        Look for it before repeating it: a second one of the name is refused.

        Args:
            image_name: unique among the subscription's images.
            media_link: URL of the blob, in a storage account of the subscription.
            options: Label (default: the name), OS (default: Linux), and the others of
                :class:`~azure_iaas.models.ImageOptions`.
        """
        arguments.new_name("image_name", image_name)
        given = arguments.coerce("options", options, ImageOptions, required=False, closed=True)
        document = AddOSImage(label=given.label or image_name, media_link=media_link, name=image_name)
        wanted = given.model_fields_set - {"label"}
        if self.terms.dialect == "ga":
            document.os = given.os or DEFAULT_OS
            if given.role_size and not given.recommended_vm_size:
                document.recommended_vm_size = given.role_size
        for attribute in wanted:
            if (value := getattr(given, attribute)) is not None:
                setattr(document, attribute, value)
        return _image("options", document, self.terms)

    @operation(
        "PUT",
        _ONE,
        "Update OS Image (jj157198)",
        _IMAGE,
        preview=_PREVIEW_ONE,
        shown_by="get_os_image(image_name)",
    )
    def update_os_image(
        self, image_name: str, changes: OSImage | AddOSImageDict | Mapping[str, Any]
    ) -> Parts:
        """Change an image's description; done when this returns. May be repeated.

        Args:
            image_name: name of the image.
            changes: Label (required), Description, Eula, ImageFamily, PublishedDate and the like; or the
                image as read, of which the service's own elements are left out.

        Returns:
            The image as it is now.
        """
        document = arguments.coerce("changes", changes, AddOSImage, closed=True)
        arguments.text("changes.label", document.label)
        return _image("changes", document, self.terms)

    @write(
        "DELETE",
        _ONE,
        "Delete OS Image (jj157203)",
        preview=_PREVIEW_ONE,
        success=OK,
        shown_by="get_os_image(image_name)",
    )
    def delete_os_image(self, image_name: str, *, delete_media: bool = False) -> Parts:
        """Unregister an image; done when this returns. May be repeated: gone is 404.

        Args:
            image_name: name of the image.
            delete_media: delete its blob too (x-ms-version 2012-08-01).
        """
        return Parts.media(delete_media, versions.DELETE_REGISTERED_MEDIA)
