"""Extended properties of hosted services, storage accounts and deployments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.limits import PROPERTIES, PROPERTY_VALUE_CHARACTERS
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.contracts import Contract, ListOf, Values
from azure_iaas.endpoint.documents import Items, Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EXTENDED_PROPERTIES: Final = ListOf(
    ("ExtendedProperty",),
    Contract("ExtendedProperty", {"Name": "text", "Value": "text"}, frozenset({"Name"})),
)


def properties_answer(pairs: Iterable[Mapping[str, str]]) -> Items:
    """``ExtendedProperties``."""
    return Items(
        "ExtendedProperty",
        [Struct([("Name", pair.get("Name", "")), ("Value", pair.get("Value", ""))]) for pair in pairs],
    )


_PROPERTY_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)


def check_properties(values: Values) -> list[dict[str, str]]:
    """``ExtendedProperties`` of a request.

    Raises:
        Refusal: 400: too many, or a name or value that isn't allowed (gg441304).
    """
    given = values.get("ExtendedProperties", [])
    for each in given:
        if (
            not _PROPERTY_NAME.fullmatch(each["Name"])
            or len(each.get("Value", "")) > PROPERTY_VALUE_CHARACTERS
        ):
            raise refusals.incorrect_parameter()
    if len(given) > PROPERTIES:
        raise refusals.incorrect_parameter()
    return [{"Name": each["Name"], "Value": each.get("Value", "")} for each in given]
