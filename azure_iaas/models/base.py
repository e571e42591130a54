"""What every data object has in common, and how a field says its names.

Rules:

1. An attribute is the documented name in snake case, word by word; the documented name is the alias.
2. Fields stand in the order in which the general-availability (GA) wire writes them: element order is
   part of the protocol ("XML", protocol chapter 3).
3. Names of the GA wire that differ from the documented one are accepted as input as well.
4. Elements a model doesn't know are kept, as extra attributes under their wire name.
5. Only what was set is written: an absent list isn't an empty one, though both read as ``[]``.
6. What is assigned later is checked and converted as at construction.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE: Final = re.compile(r"(?i)([?&]sig=)[^&\s]+")


def _aware(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


Timestamp = Annotated[datetime, AfterValidator(_aware)]
"""An aware date; one given without a zone is taken as UTC, for the service knows no other."""


class AzureModel(BaseModel):
    """Base of all data objects: mutable, comparable, keeps unknown elements, hides secrets in ``repr``.

    ``model_dump(by_alias=True)`` gives the documented names back.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow",
        populate_by_name=True,
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
        validate_default=False,
        validate_assignment=True,
    )

    xml_type: ClassVar[str | None] = None
    """Value of the ``i:type`` attribute the service puts on this object, or None."""

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        # Only what was set, and of unknown elements the names alone: their values may be secrets.
        for name, info in type(self).model_fields.items():
            value = self.__dict__[name]
            if info.repr and name in self.model_fields_set and value is not None:
                yield name, _without_signature(value) if isinstance(value, str) else value
        if self.model_extra:
            yield "unknown", sorted(self.model_extra)


def _without_signature(text: str) -> str:
    # Whoever has the signature of a shared-access URI can read the blob.
    return _SIGNATURE.sub(r"\1**********", text)


def element(
    name: str,
    *,
    ga: str | None = None,
    also: tuple[str, ...] = (),
    item: str | None = None,
    ga_item: str | None = None,
    base64: bool = False,
    default: Any = None,
    **rules: Any,
) -> Any:
    """Declare a field by its documented name.

    Args:
        name: the documented name; the alias.
        ga: the element's name on the GA wire, where it differs.
        also: further names accepted as input.
        item: for lists, the documented name of one item's element; empty where items have no container.
        ga_item: the same on the GA wire, where it differs.
        base64: the service has this text base64-encoded on the wire ("Base64 labels", protocol chapter 4).
        default: value when absent; lists are empty when absent.
        **rules: passed on to :func:`pydantic.Field` (``ge``, ``max_length``, ``repr``...).
    """
    wire = {"ga": ga or name, "item": item, "ga_item": ga_item or item, "base64": base64}
    names = (name, *((ga,) if ga else ()), *also)
    given: dict[str, Any] = {
        "alias": name,
        "validation_alias": AliasChoices(*names) if len(names) > 1 else name,
        "serialization_alias": name,
        "json_schema_extra": {"wire": wire},
        **rules,
    }
    if item is not None and default is None:
        return Field(default_factory=list, **given)
    return Field(default, **given)
