"""Models to bytes and back: XML in both dialects, and JSON.

Writing follows the documented element order; reading takes any order and either dialect's names, and keeps
what it doesn't know. One plan per model class, worked out once from its fields, drives both directions.
"""

from __future__ import annotations

import binascii
import types
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import SecretStr, ValidationError

from azure_iaas.errors import ProtocolError
from azure_iaas.models import AzureModel, ConfigurationSet, OSDisk
from azure_iaas.models.sets import class_of
from azure_iaas.wire import dialects, json, xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azure_iaas.wire.messages import Dialect, Serialization

M = TypeVar("M", bound=AzureModel)


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """How one field of a model stands on the wire."""

    attribute: str
    documented: str
    ga: str
    preview: str
    names: tuple[str, ...]
    is_list: bool
    is_text: bool
    base64: bool
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
class Plan:
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
def plan(cls: type[AzureModel]) -> Plan:
    """How a model stands on the wire."""
    fields: dict[str, FieldPlan] = {}
    for attribute, info in cls.model_fields.items():
        extra = info.json_schema_extra
        wire: Any = extra["wire"] if isinstance(extra, dict) else {}
        inner, is_list = _unwrap(info.annotation)
        is_model = isinstance(inner, type) and issubclass(inner, AzureModel)
        documented = str(info.alias)
        choices = getattr(info.validation_alias, "choices", [documented])
        preview = dialects.PREVIEW_NAMES.get((cls, attribute), documented)
        fields[attribute] = FieldPlan(
            attribute=attribute,
            documented=documented,
            ga=wire["ga"],
            preview=preview,
            names=(*map(str, choices), preview),
            is_list=is_list,
            is_text=inner in (str, SecretStr),
            base64=wire["base64"],
            model=inner if is_model else None,
            item=wire["item"],
            ga_item=wire["ga_item"],
        )
    ga_skips = dialects.GA_SKIPS.get(cls, frozenset())
    preview_skips = dialects.PREVIEW_SKIPS.get(cls, frozenset())
    first = dialects.PREVIEW_ORDER.get(cls, ())
    preview_order = (*first, *(name for name in fields if name not in first))
    return Plan(
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


def _scalar(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return write_date(value)
    return str(value)


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


def _present(model: AzureModel, field: FieldPlan, dialect: Dialect) -> Any:
    """The value to write, or None: only what was set goes out."""
    if field.attribute not in model.model_fields_set:
        return None
    if (
        dialect == "preview"
        and isinstance(model, OSDisk)
        and field.attribute == "host_caching"
        and model.host_caching != "None"
    ):
        return None  # said by DisableWriteCache, which can't tell None from ReadOnly
    value = model.__dict__[field.attribute]
    if (
        dialect == "ga"
        and field.attribute == "configuration_set_type"
        and isinstance(model, ConfigurationSet)
    ):
        return model.ga_type
    return value


def _content(model: AzureModel, dialect: Dialect) -> str:
    parts: list[str] = []
    known = plan(type(model))
    for field in known.orders[dialect]:
        value = _present(model, field, dialect)
        if value is None:
            continue
        name = field.name(dialect)
        try:
            if field.is_list:
                item = field.item_name(dialect)
                items = _items(value, item or name, dialect, field)
                parts.append(xml.render(name, items) if item else items)
            else:
                parts.append(_element(name, value, dialect, field))
        except ValueError as exc:
            raise _UnwritableError.at(field.documented, exc) from None
    for name, value in (model.model_extra or {}).items():
        try:
            parts.append(_unknown(_once(name, known), value))
        except ValueError as exc:
            raise _UnwritableError.at(name[:80], exc) from None
    return "".join(parts)


def _items(values: list[Any], name: str, dialect: Dialect, field: FieldPlan) -> str:
    parts: list[str] = []
    for index, value in enumerate(values):
        try:
            parts.append(_element(name, value, dialect, field))
        except ValueError as exc:
            raise _UnwritableError.at(f"[{index}]", exc) from None
    return "".join(parts)


def _element(name: str, value: Any, dialect: Dialect, field: FieldPlan) -> str:
    if isinstance(value, AzureModel):
        typed = value.xml_type is not None and dialect == "ga"
        attributes = xml.attribute("i:type", str(value.xml_type)) if typed else ""
        return xml.render(name, _content(value, dialect), attributes)
    scalar = _scalar(value)
    return xml.render(name, xml.text(encode_label(scalar) if field.base64 else scalar))


def _once(name: str, known: Plan) -> str:
    """The name of an unknown element; one that is a second name of a known element would stand twice."""
    if field := known.by_name.get(name):
        msg = f"given beside {field.documented}, which is the same"
        raise ValueError(msg)
    return name


def _unknown(name: str, value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "".join(_unknown(name, item) for item in value)
    xml.name(name)
    if isinstance(value, AzureModel):
        return xml.render(name, _content(value, "ga"))
    if isinstance(value, dict):
        return xml.render(name, "".join(_unknown(str(key), item) for key, item in value.items()))
    return xml.render(name, "" if value is None else xml.text(_scalar(value)))


def encode(
    model: AzureModel,
    *,
    root: str,
    dialect: Dialect = "ga",
    serialization: Serialization = "XML",
) -> bytes:
    """Write one object as a document.

    Args:
        model: what to write; only what was set goes out.
        root: name of the root element; JSON has none.
        dialect: whose names and order to write. JSON always has the documented names.
        serialization: ``XML`` or ``JSON``.

    Raises:
        ValueError: a text holds a character XML can't carry, or an unknown element's name is none; the
            message names the element.
    """
    if serialization == "JSON":
        return json.write(_to_json(model))
    return xml.write(root, _content(model, dialect))


def encode_list(
    models: Iterable[AzureModel],
    *,
    root: str,
    item: str,
    dialect: Dialect = "ga",
    serialization: Serialization = "XML",
) -> bytes:
    """Write a document that is a list, for example ``Images`` of ``OSImage``; in JSON an array."""
    if serialization == "JSON":
        return json.write([_to_json(model) for model in models])
    return xml.write(root, "".join(xml.render(item, _content(model, dialect)) for model in models))


def _to_json(model: AzureModel) -> dict[str, Any]:
    out: dict[str, Any] = {}
    known = plan(type(model))
    for field in known.orders["preview"]:
        value = _present(model, field, "preview")
        if value is None:
            continue
        try:
            out[field.documented] = _json_value(value, base64=field.base64)
        except ValueError as exc:
            raise _UnwritableError.at(field.documented, exc) from None
    for name, value in (model.model_extra or {}).items():
        try:
            out[_once(name, known)] = _json_value(value)
        except ValueError as exc:
            raise _UnwritableError.at(name[:80], exc) from None
    return out


def _json_value(value: Any, *, base64: bool = False) -> Any:
    if isinstance(value, AzureModel):
        return _to_json(value)
    if isinstance(value, dict):
        return {str(key): _json_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_value(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return encode_label(value) if base64 else _scalar(value)


# --- reading -------------------------------------------------------------------------------------------


def _is_nil(tree: Any) -> bool:
    return isinstance(tree, dict) and tree.get("@i:nil") in ("true", "1")


def _untyped(tree: Any) -> Any:
    """An unknown element as plain values: text, a dict of its children, a list where it is repeated."""
    if not isinstance(tree, dict):
        return tree
    if _is_nil(tree):
        return None
    children = {key: _untyped_all(value) for key, value in tree.items() if key[0] not in "@#"}
    return children or tree.get("#text")


def _untyped_all(trees: list[Any]) -> Any:
    values = [_untyped(tree) for tree in trees]
    return values[0] if len(values) == 1 else values


def _read_scalar(tree: Any, field: FieldPlan) -> Any:
    if isinstance(tree, dict):
        if _is_nil(tree):
            return None
        children = any(key[0] not in "@#" for key in tree)
        tree = _untyped(tree) if children else tree.get("#text")
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
    if not isinstance(named, str):
        # The type may carry a prefix of its own: d2p1:NetworkConfigurationSet.
        named = str(tree.get("@i:type", "")).rpartition(":")[2].removesuffix("Set")
    return class_of(named.strip())


def _read_value(tree: Any, field: FieldPlan) -> Any:
    if field.model is None:
        return _read_scalar(tree, field)
    if _is_nil(tree):
        return None
    if isinstance(tree, str) and tree.strip():
        return tree  # text where an object belongs: the model says so
    node = tree if isinstance(tree, dict) else {}
    cls = set_class(node) if field.model is ConfigurationSet else field.model
    values = _read(cls, node)
    if issubclass(cls, ConfigurationSet) and cls is not ConfigurationSet:
        values["ConfigurationSetType"] = cls.model_fields["configuration_set_type"].default
    return values


def _read_list(trees: list[Any], field: FieldPlan) -> list[Any]:
    if not field.item:
        items = trees
    else:
        items = []
        for container in trees:
            if isinstance(container, dict):
                items += [
                    item
                    for key, values in container.items()
                    if key[0] not in "@#"
                    for item in (values if key in (field.item, field.ga_item) else ())
                ]
    return [value for value in (_read_value(item, field) for item in items) if value is not None]


def _read(cls: type[AzureModel], node: dict[str, Any]) -> dict[str, Any]:
    known = plan(cls)
    out: dict[str, Any] = {}
    for name, trees in node.items():
        if name[0] in "@#":
            continue
        field = known.by_name.get(name)
        if field is None:
            out[name] = _untyped_all(trees)
        elif field.is_list:
            out[field.documented] = _read_list(trees, field)
        else:
            out[field.documented] = _read_value(trees[0], field)
    return out


def _from_json(cls: type[AzureModel], value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    by_name = plan(cls).by_name
    out: dict[str, Any] = {}
    for name, each in value.items():
        field = by_name.get(name)
        if field is None:
            out[name] = each
        elif field.is_list and isinstance(each, list):
            out[field.documented] = [_read_json(item, field) for item in each]
        elif each is not None or not field.is_list:
            out[field.documented] = _read_json(each, field)
    return out


def _read_json(value: Any, field: FieldPlan) -> Any:
    if field.model is None:
        return decode_label(value) if field.base64 and isinstance(value, str) else value
    cls = field.model
    if cls is ConfigurationSet and isinstance(value, dict):
        cls = class_of(value.get("ConfigurationSetType"))
    return _from_json(cls, value)


def _validate(cls: type[M], values: Any, body: bytes) -> M:
    try:
        return cls.model_validate(values)
    except ValidationError as exc:
        msg = f"the body is no {cls.__name__}: {describe(exc)}"
    except RecursionError:
        msg = f"the body is no {cls.__name__}: nested too deep"
    # Raised outside: the validation error holds the values, and they may be secrets.
    raise ProtocolError(msg, body=body)


def describe(error: ValidationError) -> str:
    """Say where a value breaks which rule, without the value: it may be a secret."""
    return "; ".join(
        f"{place(problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors(include_input=False, include_url=False, include_context=False)
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
) -> M:
    """Read one object from a document.

    Args:
        cls: what to read.
        body: the document.
        root: name, or names, the root element may have; JSON has none.
        serialization: ``XML`` or ``JSON``.

    Raises:
        ProtocolError: not such a document; ``body`` is kept on it.
    """
    if serialization == "JSON":
        return from_json(cls, json.parse(body), body=body)
    tree = _rooted(body, root)
    return _validate(cls, _read(cls, tree), body)


def decode_list(
    cls: type[M],
    body: bytes,
    *,
    root: str,
    item: str,
    serialization: Serialization = "XML",
) -> list[M]:
    """Read a document that is a list; see :func:`decode`."""
    if serialization == "JSON":
        values = json.parse(body)
        if not isinstance(values, list):
            msg = "the body isn't an array"
            raise ProtocolError(msg, body=body)
        return [from_json(cls, value, body=body) for value in values]
    return [from_tree(cls, tree, body=body) for tree in _rooted(body, root).get(item, [])]


def _rooted(body: bytes, root: str | tuple[str, ...]) -> dict[str, Any]:
    name, tree = xml.parse(body)
    allowed = (root,) if isinstance(root, str) else root
    if name not in allowed:
        msg = f"the root element is {name[:80]!r}, not {' or '.join(allowed)}"
        raise ProtocolError(msg, body=body)
    return _node(tree, body)


def _node(tree: Any, body: bytes) -> dict[str, Any]:
    if isinstance(tree, str) and tree.strip():
        msg = "the body holds text where elements belong"
        raise ProtocolError(msg, body=body)
    return tree if isinstance(tree, dict) else {}


def from_tree(cls: type[M], tree: Any, *, body: bytes) -> M:
    """Read one object from a tree, as :func:`decode` does from a document."""
    return _validate(cls, _read(cls, _node(tree, body)), body)


def from_json(cls: type[M], value: Any, *, body: bytes) -> M:
    """Read one object from a parsed JSON value, as :func:`decode` does from a document."""
    return _validate(cls, _from_json(cls, value), body)
