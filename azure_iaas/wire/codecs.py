"""Models to bytes and back: XML in both dialects, and JSON.

Writing follows the documented element order; reading takes any order and either dialect's names, and keeps
what it doesn't know. One plan per model class, worked out once from its fields, drives both directions.

Reading refuses what isn't a document, or is another one. What else isn't as expected is set aside on the
model (rule 7 of :mod:`azure_iaas.models.base`). Writing refuses whatever has no form on the wire.
"""

from __future__ import annotations

import binascii
import types
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import SecretStr, ValidationError

from azure_iaas.errors import ProtocolError
from azure_iaas.models import AzureModel, ConfigurationSet, OSDisk
from azure_iaas.models.base import ODD, READING, Raw, check_again, names_of, sentence, unread
from azure_iaas.models.sets import class_of
from azure_iaas.wire import dialects, json, xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic_core import ErrorDetails

    from azure_iaas.wire.messages import Dialect, Serialization

M = TypeVar("M", bound=AzureModel)


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """How one field of a model stands on the wire; a plain one is text that is read as it stands."""

    attribute: str
    documented: str
    ga: str
    preview: str
    names: tuple[str, ...]
    is_list: bool
    is_text: bool
    is_plain: bool
    base64: bool
    output_only: bool
    model: type[AzureModel] | None
    item: str | None
    ga_item: str | None

    def name(self, dialect: Dialect) -> str:
        """The element's name in a dialect."""
        return self.ga if dialect == "ga" else self.preview

    def item_name(self, dialect: Dialect) -> str | None:
        """Name of a list's items; empty when they stand without a container, None when it is no list."""
        return self.ga_item if dialect == "ga" else self.item


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """All fields of a model, in the order of each dialect, and by every name they are read under."""

    orders: dict[Dialect, tuple[FieldPlan, ...]]
    by_name: dict[str, FieldPlan]


def _unwrap(annotation: Any) -> tuple[Any, bool]:
    """The type inside ``Annotated``, ``X | None`` and ``list``, and whether there was a list."""
    if get_origin(annotation) is Annotated:
        return _unwrap(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        return _unwrap(inner[0])
    if get_origin(annotation) is list:
        return _unwrap(get_args(annotation)[0])[0], True
    return annotation, False


@cache
def plan(cls: type[AzureModel]) -> ModelPlan:
    """How a model stands on the wire."""
    fields: dict[str, FieldPlan] = {}
    for attribute, info in cls.model_fields.items():
        extra = info.json_schema_extra
        wire: Any = extra["wire"] if isinstance(extra, dict) else {}
        inner, is_list = _unwrap(info.annotation)
        is_model = isinstance(inner, type) and issubclass(inner, AzureModel)
        documented = str(info.serialization_alias)
        preview = dialects.PREVIEW_NAMES.get((cls, attribute), documented)
        fields[attribute] = FieldPlan(
            attribute=attribute,
            documented=documented,
            ga=wire["ga"],
            preview=preview,
            names=(*names_of(info), preview),
            is_list=is_list,
            is_text=inner in (str, SecretStr),
            is_plain=inner in (str, SecretStr) and not wire["base64"],
            base64=wire["base64"],
            output_only=wire["output_only"],
            model=inner if is_model else None,
            item=wire["item"],
            ga_item=wire["ga_item"],
        )
    ga_skips = dialects.GA_SKIPS.get(cls, frozenset())
    preview_skips = dialects.PREVIEW_SKIPS.get(cls, frozenset())
    first = dialects.PREVIEW_ORDER.get(cls, ())
    preview_order = (*first, *(name for name in fields if name not in first))
    return ModelPlan(
        orders={
            "ga": tuple(field for name, field in fields.items() if name not in ga_skips),
            "preview": tuple(fields[name] for name in preview_order if name not in preview_skips),
        },
        by_name={name: field for field in fields.values() for name in field.names},
    )


# --- labels --------------------------------------------------------------------------------------------


def encode_label(label: str) -> str:
    """Base64 of the text, where the service has labels so ("Base64 labels", protocol chapter 4)."""
    return b64encode(label.encode()).decode("ascii")


def decode_label(label: str) -> str:
    """The text of a label; what isn't base64 of text is given back as it is.

    Line breaks inside the base64 text are accepted: some clients wrap it.
    """
    packed = "".join(label.split())
    try:
        return b64decode(packed, validate=True).decode()
    except (binascii.Error, ValueError):
        return label


# --- writing -------------------------------------------------------------------------------------------

_MASK: Final = str(SecretStr("secret"))
_SAID_OTHERWISE: Final = frozenset({"configuration_set_type", "host_caching"})
"""Attributes whose value isn't the same in both dialects."""


class _UnwritableError(ValueError):
    """Something can't be written; the message is the path to it and the problem."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem

    @classmethod
    def at(cls, step: str, error: ValueError) -> _UnwritableError:
        """The same one level further out."""
        if not isinstance(error, cls):
            return cls(step, str(error))
        return cls(f"{step}{error.path}" if error.path[0] == "[" else f"{step}.{error.path}", error.problem)


def write_scalar(value: object) -> str:
    """A text, number, boolean, date or secret as the wire has it, in a document or a query.

    Raises:
        ValueError: it is something else, or the mask of a secret instead of the secret.
    """
    if isinstance(value, SecretStr):
        secret = value.get_secret_value()
        if secret == _MASK:
            msg = "this is the mask of a secret, not the secret; KEEP_SECRETS dumps secrets as they are"
            raise ValueError(msg)
        return secret
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str.__str__(value)  # of a word of an enumeration the word, not its name
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float) and isfinite(value):
        return float.__repr__(value)
    if isinstance(value, datetime):
        return write_date(value)
    msg = f"a {type(value).__name__} has no form on the wire: give text, a number, a boolean or a date"
    raise ValueError(msg)


def write_date(value: datetime) -> str:
    """A date as the service writes it: UTC, with ``Z``, without a fraction where there is none.

    Raises:
        ValueError: its zone takes it out of the years 1 to 9999.
    """
    try:
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        msg = "the date isn't within the years 1 to 9999 in UTC"
        raise ValueError(msg) from None
    stamp = aware.replace(tzinfo=None).isoformat(timespec="microseconds" if aware.microsecond else "seconds")
    return f"{stamp}Z"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes in one dialect; ``whole`` also what the service alone says."""

    dialect: Dialect
    whole: bool

    def fields(self, model: AzureModel) -> Iterator[tuple[FieldPlan, Any, list[Any]]]:
        """What goes out, in order: each field with its value and what stood there and couldn't be read."""
        odd, values, fields_set = unread(model), model.__dict__, model.model_fields_set
        for field in plan(type(model)).orders[self.dialect]:
            if field.output_only and not self.whole:
                continue
            attribute = field.attribute
            value, raws = values[attribute], odd.get(attribute, [])
            if attribute not in fields_set and not (field.is_list and value):
                value = None  # only what was set goes out
            elif attribute in _SAID_OTHERWISE:
                value = self.said(model, attribute, value)
            if value is not None or raws:
                yield field, value, raws

    def said(self, model: AzureModel, attribute: str, value: Any) -> Any:
        """A value in the words of the dialect."""
        if self.dialect == "ga":
            return model.ga_type if isinstance(model, ConfigurationSet) else value
        if attribute == "host_caching" and isinstance(model, OSDisk) and value != "None":
            return None  # said by DisableWriteCache, which can't tell None from ReadOnly
        return value

    # --- XML ---

    def content(self, model: AzureModel) -> str:
        for raw in unread(model).get("", ()):
            return _unknown_content(raw)
        written: list[str] = []
        for field, value, raws in self.fields(model):
            try:
                written.append(self.element(model, field, value, raws))
            except ValueError as exc:
                raise _UnwritableError.at(field.documented, exc) from None
        known = plan(type(model))
        for name, value in (model.model_extra or {}).items():
            try:
                written.append(_unknown(_once(name, known), value))
            except ValueError as exc:
                raise _UnwritableError.at(name[:80], exc) from None
        return "".join(written)

    def element(self, model: AzureModel, field: FieldPlan, value: Any, raws: list[Any]) -> str:
        name = field.name(self.dialect)
        if not field.is_list:
            first = "" if value is None else self.one(name, value, field)
            return first + "".join(_unknown(name, raw) for raw in raws)
        item = field.item_name(self.dialect)
        items = "".join(
            self.item(model, field, item or name, index, each) for index, each in enumerate(value or ())
        )
        if not item:
            return items + "".join(_unknown(name, raw) for raw in raws)
        return xml.render(name, items + "".join(map(_unknown_content, raws)))

    def item(self, model: AzureModel, field: FieldPlan, name: str, index: int, value: Any) -> str:
        try:
            raws = unread(model).get(f"{field.attribute}[{index}]", []) if value == "" else []
            return _unknown(name, raws[0]) if raws else self.one(name, value, field)
        except ValueError as exc:
            raise _UnwritableError.at(f"[{index}]", exc) from None

    def one(self, name: str, value: Any, field: FieldPlan) -> str:
        _check_kind(value, field)
        if isinstance(value, AzureModel):
            typed = value.xml_type is not None and self.dialect == "ga"
            attributes = xml.attribute("i:type", str(value.xml_type)) if typed else ""
            return xml.render(name, self.content(value), attributes)
        scalar = write_scalar(value)
        return xml.render(name, xml.text(encode_label(scalar) if field.base64 else scalar))

    # --- JSON ---

    def json(self, model: AzureModel) -> Any:
        for raw in unread(model).get("", ()):
            return raw
        out: dict[str, Any] = {}
        for field, value, raws in self.fields(model):
            try:
                out[field.documented] = self.json_field(model, field, value, raws)
            except ValueError as exc:
                raise _UnwritableError.at(field.documented, exc) from None
        known = plan(type(model))
        for name, value in (model.model_extra or {}).items():
            try:
                out[_once(name, known)] = _unknown_json(value)
            except ValueError as exc:
                raise _UnwritableError.at(name[:80], exc) from None
        return out

    def json_field(self, model: AzureModel, field: FieldPlan, value: Any, raws: list[Any]) -> Any:
        if field.is_list:
            items = [self.json_item(model, field, index, each) for index, each in enumerate(value or ())]
            return raws[0] if raws and not items else items + raws
        if value is None:
            return raws[0] if len(raws) == 1 else raws
        first = self.json_one(value, field)
        return [first, *raws] if raws else first

    def json_item(self, model: AzureModel, field: FieldPlan, index: int, value: Any) -> Any:
        try:
            raws = unread(model).get(f"{field.attribute}[{index}]", []) if value == "" else []
            return raws[0] if raws else self.json_one(value, field)
        except ValueError as exc:
            raise _UnwritableError.at(f"[{index}]", exc) from None

    def json_one(self, value: Any, field: FieldPlan) -> Any:
        _check_kind(value, field)
        if isinstance(value, AzureModel):
            return self.json(value)
        if isinstance(value, (bool, int, float)):
            write_scalar(value)  # refuses what is no number
            return value
        scalar = write_scalar(value)
        return encode_label(scalar) if field.base64 else scalar


def _check_kind(value: Any, field: FieldPlan) -> None:
    if field.model is not None and not isinstance(value, field.model):
        msg = f"a {field.model.__name__} is required, not a {type(value).__name__}"
        raise ValueError(msg)


def _once(name: str, known: ModelPlan) -> str:
    """The name of an unknown element; one that is a second name of a known element would stand twice."""
    if field := known.by_name.get(name):
        msg = f"given beside {field.documented}, which is the same"
        raise ValueError(msg)
    return name


def _unknown(name: str, value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "".join(_unknown(name, item) for item in value)
    return xml.render(xml.name(name), _unknown_content(value))


def _unknown_content(value: Any) -> str:
    if isinstance(value, AzureModel):
        return _Writer("ga", whole=True).content(value)
    if isinstance(value, Mapping):
        return "".join(
            xml.text(write_scalar(item)) if key == "#text" else _unknown(key, item)
            for key, item in value.items()
        )
    return "" if value is None else xml.text(write_scalar(value))


def _unknown_json(value: Any) -> Any:
    if isinstance(value, AzureModel):
        return _Writer("ga", whole=True).json(value)
    if isinstance(value, Mapping):
        return {_name_in_json(key): _unknown_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_unknown_json(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    scalar = write_scalar(value)
    return value if isinstance(value, (int, float)) else scalar


def _name_in_json(key: object) -> str:
    if not isinstance(key, str):
        msg = "what is no text is no name of an element"
        raise ValueError(msg)  # noqa: TRY004 - as all that has no form on the wire
    return key


def _writer(model: AzureModel, dialect: Dialect, serialization: Serialization, *, whole: bool) -> _Writer:
    try:
        check_again(model)
    except ValidationError as exc:
        problem = describe(exc)
    else:
        return _Writer("preview" if serialization == "JSON" else dialect, whole)
    # Raised outside: the validation error holds the values, and they may be secrets.
    raise ValueError(problem)


def encode(
    model: AzureModel,
    *,
    root: str,
    dialect: Dialect = "ga",
    serialization: Serialization = "XML",
    whole: bool = False,
) -> bytes:
    """Write one object as a document.

    Args:
        model: what to write; only what was set goes out. It is checked again first: mappings that were put
            into its lists become the objects they describe.
        root: name of the root element; JSON has none.
        dialect: whose names and order to write. JSON always has the documented names.
        serialization: ``XML`` or ``JSON``.
        whole: also write what the service alone says (``output_only``), as its answers have it.

    Raises:
        ValueError: a value breaks a rule of its field or has no form on the wire: a character XML can't
            carry, the mask of a secret, a name that is no element's. The message names the element.
    """
    try:
        writer = _writer(model, dialect, serialization, whole=whole)
        if serialization == "JSON":
            return json.write(writer.json(model))
        return xml.write(root, writer.content(model))
    except RecursionError:
        msg = "it is nested too deep"
    raise ValueError(msg)


def encode_list(
    models: Iterable[AzureModel],
    *,
    root: str,
    item: str,
    dialect: Dialect = "ga",
    serialization: Serialization = "XML",
    whole: bool = False,
) -> bytes:
    """Write a document that is a list, for example ``Images`` of ``OSImage``; in JSON an array."""
    written = [(model, _writer(model, dialect, serialization, whole=whole)) for model in models]
    if serialization == "JSON":
        return json.write([writer.json(model) for model, writer in written])
    return xml.write(root, "".join(xml.render(item, writer.content(model)) for model, writer in written))


# --- reading -------------------------------------------------------------------------------------------


def _is_nil(tree: Any) -> bool:
    """Whether an element says that it is none; one that nevertheless holds something isn't."""
    nil = isinstance(tree, dict) and tree.get("@i:nil") in ("true", "1")
    return nil and all(key[0] == "@" for key in tree)


def _untyped(tree: Any) -> Any:
    """An element as plain values: text, a dict of its children, a list where one is repeated.

    Text beside children stands under ``#text``.
    """
    if not isinstance(tree, dict):
        return tree
    if _is_nil(tree):
        return None
    children = {key: _untyped_all(value) for key, value in tree.items() if key[0] not in "@#"}
    text: str | None = tree.get("#text")
    if not children:
        return text
    return {**children, "#text": text} if text and text.strip() else children


def _untyped_all(trees: list[Any]) -> Any:
    values = [_untyped(tree) for tree in trees]
    return values[0] if len(values) == 1 else values


def _read_scalar(tree: Any, field: FieldPlan) -> Any:
    if isinstance(tree, dict):
        if _is_nil(tree):
            return None
        tree = _untyped(tree)
    if tree is None:
        return "" if field.is_text else None
    if not isinstance(tree, str):
        return tree
    if field.base64:
        return decode_label(tree)
    return tree if field.is_text else (tree.strip() or None)


def set_class(tree: dict[str, Any]) -> type[ConfigurationSet]:
    """The model of a configuration set's tree, by its ConfigurationSetType or else its ``i:type``."""
    (named,) = tree.get("ConfigurationSetType", [None])[:1]
    known = class_of(named.strip()) if isinstance(named, str) else ConfigurationSet
    if known is not ConfigurationSet:
        return known
    # The type may carry a prefix of its own: d2p1:NetworkConfigurationSet.
    return class_of(str(tree.get("@i:type", "")).rpartition(":")[2].removesuffix("Set"))


def _read_value(tree: Any, field: FieldPlan) -> Any:
    if field.model is None:
        return _read_scalar(tree, field)
    if _is_nil(tree):
        return None
    if isinstance(tree, str) and tree.strip():
        return tree  # text where an object belongs: it is set aside
    return _read_object(field.model, tree if isinstance(tree, dict) else {})


def _read_object(cls: type[AzureModel], node: dict[str, Any]) -> dict[str, Any]:
    if cls is not ConfigurationSet:
        return _read(cls, node)
    cls = set_class(node)
    values = _read(cls, node)
    if cls is not ConfigurationSet:
        wire_type = values.get("ConfigurationSetType")
        values["ConfigurationSetType"] = cls.type_names[0]
        if not isinstance(wire_type, str | None) or (wire_type or "").strip() not in ("", *cls.type_names):
            values.setdefault(ODD, []).append(Raw("ConfigurationSetType", wire_type))
    return values


def _read_list(trees: list[Any], field: FieldPlan, odd: list[Raw]) -> list[Any]:
    items: list[Any] = []
    for container in trees:
        if not field.item:
            items.append(container)
        elif isinstance(container, dict):
            strays = {}
            for key, each in container.items():
                if key in (field.item, field.ga_item):
                    items += each
                elif key[0] not in "@#":
                    strays[key] = _untyped_all(each)
            text = container.get("#text") or ""
            if text.strip():
                strays["#text"] = text
            if strays:
                odd.append(Raw(field.documented, strays, replaces=False))
        elif isinstance(container, str) and container.strip():
            odd.append(Raw(field.documented, container, replaces=False))
    plain = field.is_plain
    return [
        item if plain and type(item) is str else _instead(_read_value(item, field), field, index, odd)
        for index, item in enumerate(items)
    ]


def _instead(value: Any, field: FieldPlan, index: int, odd: list[Raw]) -> Any:
    """An item of a list, and an empty one in the place of nothing: no item is lost."""
    if value is not None:
        return value
    if field.model is not None:
        return {ODD: [Raw("", None)]}
    odd.append(Raw(field.documented, None, index))
    return ""


def _read(cls: type[AzureModel], node: dict[str, Any]) -> dict[str, Any]:
    known = plan(cls)
    out: dict[str, Any] = {}
    lists: dict[str, list[Any]] = {}
    odd: list[Raw] = []
    for name, trees in node.items():
        if name[0] in "@#":
            continue
        field = known.by_name.get(name)
        if field is None:
            out[name] = _untyped_all(trees)
        elif field.is_list:
            lists.setdefault(field.documented, []).extend(trees)
        else:
            for tree in trees:
                if out.get(field.documented) is None:
                    plain = field.is_plain and type(tree) is str
                    out[field.documented] = tree if plain else _read_value(tree, field)
                else:
                    odd.append(Raw(field.documented, _untyped(tree), replaces=False))
    for documented, trees in lists.items():
        out[documented] = _read_list(trees, known.by_name[documented], odd)
    if odd:
        out[ODD] = odd
    return out


def _from_json(cls: type[AzureModel], value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    by_name = plan(cls).by_name
    out: dict[str, Any] = {}
    odd: list[Raw] = []
    for name, each in value.items():
        field = by_name.get(name)
        if field is None:
            if name != ODD:
                out[name] = each
        elif field.documented in out:
            odd.append(Raw(field.documented, each, replaces=False))
        elif not field.is_list:
            out[field.documented] = _read_json(each, field)
        elif each is not None:
            items = [each] if isinstance(each, dict) else each
            out[field.documented] = _read_items(items, field, odd) if isinstance(items, list) else items
    if odd:
        out[ODD] = odd
    return out


def _read_items(values: list[Any], field: FieldPlan, odd: list[Raw]) -> list[Any]:
    return [_instead(_read_json(item, field), field, index, odd) for index, item in enumerate(values)]


def _read_json(value: Any, field: FieldPlan) -> Any:
    if field.model is None:
        return decode_label(value) if field.base64 and isinstance(value, str) else value
    cls = field.model
    if cls is ConfigurationSet and isinstance(value, dict):
        cls = class_of(value.get("ConfigurationSetType"))
    return _from_json(cls, value)


def _validate(cls: type[M], values: Any, body: bytes) -> M:
    while True:
        try:
            return cls.model_validate(values, context=READING)
        except ValidationError as exc:
            problem, problems = describe(exc), exc.errors(include_input=False, include_url=False)
        except RecursionError:
            problem, problems = "nested too deep", []
        if not _set_aside(values, problems):
            break
    # Raised outside: the validation error holds the values, and they may be secrets.
    msg = f"the body is no {cls.__name__}: {problem}"
    raise ProtocolError(msg, body=body)


def _set_aside(values: Any, problems: list[ErrorDetails]) -> bool:
    """Take what can't be read out of the values, keeping it under :data:`ODD`; whether there was any."""
    found = False
    for problem in problems:
        elements = problem.get("ctx", {}).get("elements", ()) if problem["type"] == "contradiction" else ()
        for location in [(*problem["loc"], element) for element in elements] or [problem["loc"]]:
            found |= _take_out(values, location, problem["type"])
    return found


def _take_out(values: Any, location: tuple[int | str, ...], kind: str) -> bool:
    """Take the value at a place out, or the nearest that holds the place; whether there is any."""
    node: Any = values
    trail: list[tuple[Any, int | str]] = []
    for step in location:
        inside = step in node if isinstance(node, dict) else isinstance(node, list) and isinstance(step, int)
        if not inside:
            break
        trail.append((node, step))
        node = node[step]
    if not trail:
        return False
    holder, step = trail[-1]
    if isinstance(holder, dict):
        holder.setdefault(ODD, []).append(Raw(str(step), holder.pop(step)))
    elif kind.startswith("string"):
        (owner, name), index = trail[-2], int(step)
        owner.setdefault(ODD, []).append(Raw(str(name), holder[index], index))
        holder[index] = ""
    else:
        holder[int(step)] = {ODD: [Raw("", holder[int(step)])]}
    return True


def describe(error: ValidationError) -> str:
    """Say where a value breaks which rule, without the value: it may be a secret."""
    return "; ".join(
        f"{place(problem['loc'])}: {sentence(problem)}"
        for problem in error.errors(include_input=False, include_url=False)
    )


def place(location: tuple[int | str, ...]) -> str:
    """A path inside an object, for example ``DataDisks[0].LUN``."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{step}" if path else step
    return path


def decode(
    cls: type[M],
    body: bytes,
    *,
    root: str | tuple[str, ...],
    serialization: Serialization = "XML",
    max_bytes: int = xml.MAX_BYTES,
) -> M:
    """Read one object from a document, as far as it can be read.

    Args:
        cls: what to read.
        body: the document.
        root: name, or names, the root element may have; JSON has none.
        serialization: ``XML`` or ``JSON``.
        max_bytes: the largest body that is read.

    Returns:
        The object; what couldn't be read of it is in its ``oddities``.

    Raises:
        ProtocolError: no document, another one, or one too large; ``body`` is kept on it.
    """
    if serialization == "JSON":
        return from_json(cls, json.parse(body, max_bytes=max_bytes), body=body)
    return from_tree(cls, _rooted(body, root, max_bytes), body=body)


def decode_list(
    cls: type[M],
    body: bytes,
    *,
    root: str,
    item: str,
    serialization: Serialization = "XML",
    max_bytes: int = xml.MAX_BYTES,
) -> list[M]:
    """Read a document that is a list; see :func:`decode`."""
    if serialization == "JSON":
        values = json.parse(body, max_bytes=max_bytes)
        if not isinstance(values, list):
            msg = "the body isn't an array"
            raise ProtocolError(msg, body=body)
        return [
            from_json(cls, value if isinstance(value, dict) else {ODD: [Raw("", value)]}, body=body)
            for value in values
        ]
    tree = _rooted(body, root, max_bytes)
    if isinstance(tree, str) and tree.strip():
        msg = "the body holds text where elements belong"
        raise ProtocolError(msg, body=body)
    items = tree.get(item, []) if isinstance(tree, dict) else []
    return [from_tree(cls, each, body=body) for each in items]


def _rooted(body: bytes, root: str | tuple[str, ...], max_bytes: int) -> xml.Tree:
    name, tree = xml.parse(body, max_bytes=max_bytes)
    allowed = (root,) if isinstance(root, str) else root
    if name not in allowed:
        msg = f"the root element is {name[:80]!r}, not {' or '.join(allowed)}"
        raise ProtocolError(msg, body=body)
    return tree


def from_tree(cls: type[M], tree: xml.Tree, *, body: bytes) -> M:
    """Read one object from a tree, as :func:`decode` does from a document."""
    if isinstance(tree, str) and tree.strip():
        return _validate(cls, {ODD: [Raw("", tree)]}, body)
    return _validate(cls, _read_object(cls, tree if isinstance(tree, dict) else {}), body)


def from_json(cls: type[M], value: Any, *, body: bytes) -> M:
    """Read one object from a parsed JSON value, as :func:`decode` does from a document."""
    return _validate(cls, _from_json(cls, value), body)
