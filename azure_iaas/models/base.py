"""What every data object has in common, and how a field says its names.

Rules:

1. An attribute is the documented name in snake case, word by word; the documented name is the alias.
2. Fields stand in the order in which the general-availability (GA) wire writes them: element order is
   part of the protocol ("XML", protocol chapter 3).
3. Names of the GA wire that differ from the documented one are accepted as input as well.
4. Elements a model doesn't know are kept, as extra attributes under their wire name. What a caller makes may
   hold an unknown element too, but no unknown attribute, and no name that nearly is a known one.
5. Only what was set is written: an absent list isn't an empty one, though both read as ``[]``.
6. What is assigned later is checked and converted as at construction.
7. An answer is read as far as it can be: a field whose element can't be read is None (an item of a list is
   an empty text or object in its place), the element stands in :attr:`AzureModel.oddities` as it was
   received, and is written back so. Of an element that stands repeated where one belongs the first that
   says anything counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from inspect import Signature
from types import UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
)

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidationError,
    WrapSerializer,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

READING: Final = {"reading": True}
"""Validation context of what the service said: unknown elements are kept, unreadable ones come aside."""
KEEP_SECRETS: Final = {"keep_secrets": True}
"""Context of ``model_dump_json`` with which secrets are written in clear, so that they can be read back:
``role.model_dump_json(by_alias=True, exclude_unset=True, context=KEEP_SECRETS)``. Without it each is a mask,
which is never sent."""
ODD: Final = "#odd"
"""Key under which a mapping being read carries what can't be read, as :class:`Raw`; no element has it."""

_WHOLE: Final = "a whole number is required"
_SENTENCES: Final = {
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _WHOLE),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false is required"),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"),
        "a date is required, for example 2014-05-06T07:08:09Z",
    ),
    "string_type": "a text is required",
    "string_too_long": "at most {max_length} characters",
    "literal_error": "{expected} is required",
    "greater_than_equal": "at least {ge} is required",
    "less_than_equal": "at most {le} is allowed",
    "list_type": "a list is required",
    "model_type": "a mapping or {class_name} is required",
    "model_attributes_type": "a mapping is required",
    "dict_type": "a mapping is required",
}
"""The rule a value breaks, by the kind of pydantic's error."""
_SIGNATURE: Final = re.compile(r"(?i)([?&]sig=)[^&\s]+")
_ELEMENT_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9_.-]*")
_NUMBER: Final = re.compile(r"\s*[+-]?[0-9.]+\s*")


def _stamp(value: Any) -> Any:
    # Pydantic would take a number for seconds since 1970; no date of the service is one.
    if isinstance(value, (int, float)) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        msg = "a date is required, for example 2014-05-06T07:08:09Z"
        raise ValueError(msg)
    return value


def _aware(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


Timestamp = Annotated[datetime, BeforeValidator(_stamp), AfterValidator(_aware)]
"""An aware date; one given without a zone is taken as UTC, for the service knows no other."""


def _dump_secret(value: Any, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:
    kept = isinstance(info.context, dict) and info.context.get("keep_secrets")
    return value.get_secret_value() if kept and isinstance(value, SecretStr) else handler(value)


Secret = Annotated[SecretStr, WrapSerializer(_dump_secret, when_used="json")]
"""A text that is never shown; dumped to JSON in clear with :data:`KEEP_SECRETS` alone."""


def _as_list(value: Any) -> Any:
    """Take one object where a list is documented, as code written for one machine gives it."""
    return value if value is None or isinstance(value, (list, tuple)) else [value]


OneOrMany: Final = BeforeValidator(_as_list)


@dataclass(frozen=True, slots=True)
class Oddity:
    """What stood in an answer where something else belongs.

    Attributes:
        path: where it stood, by attributes: ``role_instance_list[0].instance_fault_domain``; empty for the
            object itself.
        raw: the element as received: text, None when empty, a dict of its children, a list where they are
            repeated. It may be a secret, so it is kept out of ``repr``.
    """

    path: str
    raw: Any = field(repr=False)


class Raw(NamedTuple):
    """One element that can't be read, on its way into the model.

    Attributes:
        name: documented name of its field; empty when it is the object itself.
        value: the element, as :attr:`Oddity.raw`.
        place: its index when it is an item of a list of texts.
        replaces: False when it stands beside what could be read.
    """

    name: str
    value: Any
    place: int | None = None
    replaces: bool = True


M = TypeVar("M", bound="AzureModel")


class _Signature:
    """The signature of a class that wasn't used yet: it is built, and then says it itself."""

    def __get__(self, model: BaseModel | None, cls: type[BaseModel]) -> Signature:
        if model is not None:
            raise AttributeError(name="__signature__", obj=model)
        cls.model_rebuild()
        return cls.__signature__


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
        defer_build=True,
        validate_assignment=True,
    )

    xml_type: ClassVar[str | None] = None
    """Value of the ``i:type`` attribute the service puts on this object, or None."""

    made_from: ClassVar[tuple[type[BaseModel], ...]] = ()
    """What a request document can be made from: the same resource, as an answer describes it."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        type.__setattr__(cls, "__signature__", _Signature())  # to type checkers no attribute of ours

    def model_post_init(self, context: Any, /) -> None:
        """Refuse unknown names a caller gave; set aside what can't be read of an answer."""
        extra = self.__pydantic_extra__
        if not extra:
            return
        if context is not READING:
            for name in extra:
                _refuse_unknown(type(self), name)
        elif ODD in extra:
            self.__pydantic_fields_set__.discard(ODD)
            for raw in extra.pop(ODD):
                self._set_aside(raw)

    def _set_aside(self, raw: Raw) -> None:
        attribute = _known(type(self)).get(raw.name, "")
        if attribute and raw.replaces and not isinstance(self.__dict__[attribute], list):
            self.__dict__[attribute] = None
            self.__pydantic_fields_set__.discard(attribute)
        key = attribute if raw.place is None else f"{attribute}[{raw.place}]"
        odd = unread(self)
        _keep_unread(self, odd | {key: [*odd.get(key, ()), raw.value]})

    def __setattr__(self, name: str, value: Any) -> None:
        cls = type(self)
        if name in cls.model_fields:
            super().__setattr__(name, value)
            self._settle(name)
            return
        if name[0] != "_" and not hasattr(cls, name) and name not in (self.__pydantic_extra__ or {}):
            _refuse_unknown(cls, name)
        super().__setattr__(name, value)

    def _settle(self, *attributes: str) -> None:
        """Forget what couldn't be read of attributes, as they are said anew."""
        if odd := unread(self):
            kept = {key: raw for key, raw in odd.items() if key.partition("[")[0] not in attributes}
            kept.pop("", None)
            _keep_unread(self, kept)

    @property
    def oddities(self) -> list[Oddity]:
        """All that couldn't be read of the answer this was read from, here and in what this holds."""
        oddities = [Oddity(key, raw) for key, raws in unread(self).items() for raw in raws]
        for path, part in parts(self):
            oddities += [
                Oddity(f"{path}.{each.path}" if each.path else path, each.raw) for each in part.oddities
            ]
        return oddities

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        # Only what was set, and of unknown elements the names alone: their values may be secrets.
        for name, info in type(self).model_fields.items():
            value = self.__dict__[name]
            if info.repr and name in self.model_fields_set and value is not None:
                yield name, _without_signature(value) if isinstance(value, str) else value
        if self.model_extra:
            yield "unknown", sorted(self.model_extra)
        if odd := unread(self):
            yield "odd", sorted(odd)


def unread(model: AzureModel) -> dict[str, list[Any]]:
    """What couldn't be read, by attribute or ``attribute[index]``; under an empty text the object itself."""
    # Where Pydantic keeps private attributes, as copies and pickles take it along; but none is declared: that
    # would cost every object as much as the rest of making it, and hardly any has this.
    private: dict[str, dict[str, list[Any]]] | None = model.__pydantic_private__
    return private["odd"] if private else {}


def _keep_unread(model: AzureModel, odd: dict[str, list[Any]]) -> None:
    object.__setattr__(model, "__pydantic_private__", {"odd": odd} if odd else None)


def parts(model: AzureModel) -> Iterator[tuple[str, AzureModel]]:
    """The objects a model holds, each with its path."""
    for attribute, value in model.__dict__.items():
        if isinstance(value, AzureModel):
            yield attribute, value
        elif isinstance(value, list):
            yield from (
                (f"{attribute}[{index}]", item)
                for index, item in enumerate(value)
                if isinstance(item, AzureModel)
            )


def for_request(kind: type[M], value: AzureModel) -> M | None:
    """The object of a request that says what an object of an answer says, so that it can be given back.

    What the request has no element for is left out: the service alone says it. The elements of an answer
    that stand a level deeper, as in ``HostedServiceProperties``, are found there.

    Args:
        kind: class of the request document, or of the part of it.
        value: what was read, and perhaps changed since.

    Returns:
        ``value`` itself where it is of that class, a new object where that can be made from it, else None.
    """
    if isinstance(value, kind):
        return value
    if not isinstance(value, kind.made_from):
        return None
    inside = [part for path, part in parts(value) if path.endswith("_properties")]
    values: dict[str, Any] = {}
    for source in (value, *inside):
        for attribute in kind.model_fields:
            each = source.__dict__.get(attribute)
            if each is not None and (attribute in source.model_fields_set or each):
                values.setdefault(attribute, _part_for_request(kind, attribute, each))
    return kind.model_validate(values)


def _part_for_request(kind: type[AzureModel], attribute: str, value: Any) -> Any:
    part = _part_kinds(kind).get(attribute)
    if part is None:
        return value
    if isinstance(value, list):
        return [for_request(part, item) or item if isinstance(item, AzureModel) else item for item in value]
    return for_request(part, value) or value if isinstance(value, AzureModel) else value


def check_again(model: AzureModel) -> None:
    """Check and convert what was put into a model in place, or beside its checks, as assigning it would.

    Mappings in a list become the objects they describe.

    Raises:
        ValidationError: something there is wrong.
    """
    values = model.__dict__
    for attribute, kinds in _kinds(type(model)).items():
        value = values.get(attribute)
        # Nearly all are of the very class that is wanted, which takes no call to see.
        if value is not None and type(value) not in kinds and not isinstance(value, kinds):
            BaseModel.__setattr__(model, attribute, value)
            values = model.__dict__
    for attribute, kind in _lists(type(model)):
        value = model.__dict__[attribute]
        if value == []:
            continue
        if not isinstance(value, list) or not all(isinstance(item, kind) for item in value):
            # Not by the model's own way, which would forget what couldn't be read there.
            BaseModel.__setattr__(model, attribute, value)
    for path, part in parts(model):
        try:
            check_again(part)
            continue
        except ValidationError as exc:
            problems = [
                InitErrorDetails(
                    type=PydanticCustomError("checked_again", "{message}", {"message": sentence(problem)}),
                    loc=(path, *problem["loc"]),
                    input=None,
                )
                for problem in exc.errors(include_url=False, include_input=False)
            ]
        # Raised outside: the inner error holds the values, and they may be secrets.
        raise ValidationError.from_exception_data(type(model).__name__, problems, hide_input=True)


def sentence(problem: ErrorDetails) -> str:
    """Say the rule a value breaks in our words, never the value: it may be a secret."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in _SENTENCES:
        return _SENTENCES[kind].format_map(context)
    return problem["msg"].removeprefix("Value error, ")


@cache
def _lists(cls: type[AzureModel]) -> tuple[tuple[str, type], ...]:
    """The lists of a class, with what their items are."""
    lists: list[tuple[str, type]] = []
    for attribute, info in cls.model_fields.items():
        if get_origin(info.annotation) is list:
            (item,) = get_args(info.annotation)
            lists.append((attribute, get_args(item)[0] if get_origin(item) is Annotated else item))
    return tuple(lists)


@cache
def _kinds(cls: type[AzureModel]) -> dict[str, tuple[type, ...]]:
    """What the value of each attribute may be, apart from None."""
    return {attribute: tuple(_classes(info.annotation)) for attribute, info in cls.model_fields.items()}


def _classes(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        yield annotation
    elif annotation is Any:
        yield object
    elif get_origin(annotation) is Annotated:
        yield from _classes(get_args(annotation)[0])
    elif get_origin(annotation) is Literal:
        yield from map(type, get_args(annotation))
    elif isinstance(origin := get_origin(annotation), type) and origin is not UnionType:
        yield origin
    else:
        for each in get_args(annotation):
            yield from _classes(each)


@cache
def _part_kinds(cls: type[AzureModel]) -> dict[str, type[AzureModel]]:
    """The classes of a class's parts, alone or in lists, that can be made from another."""
    kinds: dict[str, type[AzureModel]] = {}
    for attribute, info in cls.model_fields.items():
        for each in (*get_args(info.annotation), dict(_lists(cls)).get(attribute)):
            if isinstance(each, type) and issubclass(each, AzureModel) and each.made_from:
                kinds[attribute] = each
    return kinds


@cache
def _known(cls: type[AzureModel]) -> dict[str, str]:
    """Attributes by every name they are known by."""
    known: dict[str, str] = {}
    for attribute, info in cls.model_fields.items():
        known.update(dict.fromkeys((attribute, *names_of(info)), attribute))
    return known


def names_of(info: FieldInfo) -> list[str]:
    """Every name an element is read by, the documented one first."""
    return [str(each) for each in getattr(info.validation_alias, "choices", ())]


def _refuse_unknown(cls: type[AzureModel], name: str) -> None:
    """Refuse what a caller gave under a name that is no element's, or nearly a known one's."""
    known = _known(cls)
    if attribute := known.get(name):
        msg = f"{name!r} is the same as {attribute}: give it once, under that name"
        raise ValueError(msg)
    documented = name[:1].isupper()
    spellings = {each.lower().replace("_", ""): each for each in known if each[:1].isupper() is documented}
    near = get_close_matches(name.lower().replace("_", ""), spellings, n=1, cutoff=0.85)
    if near:
        msg = f"{name!r} is unknown; {spellings[near[0]]!r} is meant?"
        raise ValueError(msg)
    if not _ELEMENT_NAME.fullmatch(name):
        msg = f"{name[:80]!r} is no attribute of {cls.__name__}; an element's name begins with a capital"
        raise ValueError(msg)


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
    output_only: bool = False,
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
        output_only: the service alone says it: read, and left out of requests.
        default: value when absent; lists are empty when absent.
        **rules: passed on to :func:`pydantic.Field` (``ge``, ``max_length``, ``repr``...).
    """
    wire = {
        "ga": ga or name,
        "item": item,
        "ga_item": ga_item or item,
        "base64": base64,
        "output_only": output_only,
    }
    names = (name, *((ga,) if ga else ()), *also)
    given: dict[str, Any] = {
        # Not as an alias for both, of which the signature would have the name in place of the attribute's.
        "validation_alias": AliasChoices(*names),
        "serialization_alias": name,
        "json_schema_extra": {"wire": wire},
        **rules,
    }
    if item is not None and default is None:
        return Field(default_factory=list, **given)
    return Field(default, **given)
