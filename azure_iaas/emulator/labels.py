"""Checks of labels and descriptions."""

from __future__ import annotations

import binascii
from base64 import b64decode

from azure_iaas.emulator.limits import DESCRIPTION_CHARACTERS, LABEL_CHARACTERS
from azure_iaas.endpoint import refusals


def check_label(label: str) -> str:
    """A base64 label as it is kept: without the line breaks some clients put in.

    Raises:
        Refusal: 400: its text is too long.
    """
    packed = "".join(label.split())
    try:
        text = b64decode(packed, validate=True).decode()
    except (binascii.Error, ValueError):
        # What isn't base64 of text is kept as it is: no recording tells how the service took it.
        return label
    if len(text) > LABEL_CHARACTERS:
        raise refusals.invalid_value(label, "Label", f"a text of 1 to {LABEL_CHARACTERS} characters")
    return packed


def check_description(description: str | None) -> str | None:
    """A description of at most 1024 characters.

    Raises:
        Refusal: 400: it is longer.
    """
    if description is not None and len(description) > DESCRIPTION_CHARACTERS:
        raise refusals.invalid_value(
            description[:50], "Description", f"at most {DESCRIPTION_CHARACTERS} characters"
        )
    return description
