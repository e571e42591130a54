"""Models to bytes and back: XML in both dialects, and JSON.

Writing follows the documented element order; reading takes any order and either dialect's names, and keeps
what it doesn't know. One plan per model class, worked out once from its fields, drives both directions.
"""

from __future__ import annotations

import binascii
import json
import types
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError

from azure_iaas.errors import ProtocolError
from azure_iaas.models import AzureModel, ConfigurationSet, OSDisk
from azure_iaas.models.roles import (
    LinuxProvisioningConfiguration,
    NetworkConfiguration,
    ProvisioningConfiguration,
)
from azure_iaas.wire import dialects, xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from azure_iaas.wire.dialects import Dialect

Serialization = Literal["XML", "JSON"]
M = TypeVar("M", bound=AzureModel)

_SET_CLASSES: Final[dict[str, type[ConfigurationSet]]] = {
    "ProvisioningConfiguration": ProvisioningConfiguration,
    "WindowsProvisioningConfiguration": ProvisioningConfiguration,
    "LinuxProvisioningConfiguration": LinuxProvisioningConfiguration,
    "NetworkConfiguration": NetworkConfiguration,
}


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
        if len(inner) == 1:
            return _unwrap(inner[0])
        return ConfigurationSet, False  # the only union of models: AnyConfigurationSet
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
            is_text=inner in (str, SecretStr) or get_origin(inner) is Literal,
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


def _scalar(value: Any, field: FieldPlan | None = None) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _write_date(value)
    written = str(value)
    if field is None:
        return written
    if field.base64:
        return encode_label(written)
    if field.attribute == "configuration_set_type":
        return dialects.GA_SET_TYPES.get(written, written)
    return written


def _write_date(value: datetime) -> str:
    # A date without a zone is taken as UTC: the service knows no other.
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    stamp = aware.replace(tzinfo=None).isoformat(timespec="microseconds" if aware.microsecond else "seconds")
    return f"{stamp}Z"


class _Path(ValueError):  # noqa: N818 - private carrier of a place, never seen outside this module
    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


def _present(model: AzureModel, field: FieldPlan) -> Any:
    """The value to write, or None: only what was set goes out, and the type of a configuration set."""
    if field.attribute in model.model_fields_set or field.attribute == "configuration_set_type":
        return model.__dict__.get(field.attribute)
    return None


def _said_by_flags(model: AzureModel, field: FieldPlan, dialect: Dialect) -> bool:
    """Whether the preview says an OS disk's caching by its flag, which can't tell None from ReadOnly."""
    return (
        dialect == "preview"
        and isinstance(model, OSDisk)
        and field.attribute == "host_caching"
        and model.host_caching != "None"
    )


def _content(model: AzureModel, dialect: Dialect) -> str:
    parts: list[str] = []
    for field in plan(type(model)).orders[dialect]:
        value = _present(model, field)
        if value is None or _said_by_flags(model, field, dialect):
            continue
        name = field.name(dialect)
        try:
            if field.is_list:
                item = field.item_name(dialect)
                items = "".join(_element(item or name, each, dialect, field) for each in value)
                parts.append(xml.render(name, items) if item else items)
            else:
                parts.append(_element(name, value, dialect, field))
        except _Path as exc:
            raise _Path(f"{field.documented}.{exc.place}", exc.problem) from None
        except ValueError as exc:
            raise _Path(field.documented, str(exc)) from None
    for name, value in (model.model_extra or {}).items():
        parts.append(_unknown(name, value))
    return "".join(parts)


def _element(name: str, value: Any, dialect: Dialect, field: FieldPlan) -> str:
    if isinstance(value, AzureModel):
        typed = value.xml_type is not None and dialect == "ga"
        attributes = xml.attribute("i:type", str(value.xml_type)) if typed else ""
        return xml.render(name, _content(value, dialect), attributes)
    scalar = str(value) if dialect == "preview" and field.attribute == "configuration_set_type" else None
    return xml.render(name, xml.text(scalar if scalar is not None else _scalar(value, field)))


def _unknown(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_unknown(name, item) for item in value)
    if isinstance(value, dict):
        return xml.render(name, "".join(_unknown(key, item) for key, item in value.items()))
    if isinstance(value, BaseModel):
        return _unknown(name, value.model_dump(by_alias=True, exclude_unset=True))
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
        ValueError: a text holds a character XML can't carry; the message names the element.
    """
    if serialization == "JSON":
        return json.dumps(_to_json(model), ensure_ascii=False, separators=(",", ":")).encode()
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
        values = [_to_json(model) for model in models]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    return xml.write(root, "".join(xml.render(item, _content(model, dialect)) for model in models))


def _to_json(model: AzureModel) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field in plan(type(model)).orders["preview"]:
        value = _present(model, field)
        if value is None or _said_by_flags(model, field, "preview"):
            continue
        if field.is_list:
            out[field.documented] = [_json_value(item, field) for item in value]
        else:
            out[field.documented] = _json_value(value, field)
    return {**out, **(model.model_extra or {})}


def _json_value(value: Any, field: FieldPlan) -> Any:
    if isinstance(value, AzureModel):
        return _to_json(value)
    if isinstance(value, (bool, int)):
        return value
    return encode_label(value) if field.base64 else _scalar(value)


# --- reading -------------------------------------------------------------------------------------------


def _is_nil(tree: Any) -> bool:
    return isinstance(tree, dict) and tree.get("@i:nil") in (["true"], "true", ["1"], "1")


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


def _read_scalar(tree: Any, field: FieldPlan, *, labels: bool) -> Any:
    if isinstance(tree, dict):
        if _is_nil(tree):
            return None
        children = any(key[0] not in "@#" for key in tree)
        tree = _untyped(tree) if children else tree.get("#text")
    if tree is None:
        return "" if field.is_text else None
    if not isinstance(tree, str):
        return tree
    if field.base64 and labels:
        return decode_label(tree)
    return tree if field.is_text else (tree.strip() or None)


def set_class(tree: dict[str, Any]) -> type[ConfigurationSet]:
    """The model of a configuration set's tree, by its ConfigurationSetType or else its ``i:type``."""
    (named,) = tree.get("ConfigurationSetType", [None])[:1]
    said = str(named or str(tree.get("@i:type", "")).removesuffix("Set"))
    return _SET_CLASSES.get(said, ConfigurationSet)


def _read_value(tree: Any, field: FieldPlan, *, labels: bool) -> Any:
    if field.model is None:
        return _read_scalar(tree, field, labels=labels)
    if _is_nil(tree):
        return None
    if isinstance(tree, str) and tree.strip():
        return tree  # text where an object belongs: the model says so
    node = tree if isinstance(tree, dict) else {}
    cls = set_class(node) if field.model is ConfigurationSet else field.model
    values = _read(cls, node, labels=labels)
    if issubclass(cls, ConfigurationSet) and cls is not ConfigurationSet:
        values.setdefault("ConfigurationSetType", cls.model_fields["configuration_set_type"].default)
    return values


def _read_list(trees: list[Any], field: FieldPlan, *, labels: bool) -> list[Any]:
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
    return [
        value for value in (_read_value(item, field, labels=labels) for item in items) if value is not None
    ]


def _read(cls: type[AzureModel], node: dict[str, Any], *, labels: bool) -> dict[str, Any]:
    known = plan(cls)
    out: dict[str, Any] = {}
    for name, trees in node.items():
        if name[0] in "@#":
            continue
        field = known.by_name.get(name)
        if field is None:
            out[name] = _untyped_all(trees)
        elif field.is_list:
            out[field.documented] = _read_list(trees, field, labels=labels)
        else:
            out[field.documented] = _read_value(trees[0], field, labels=labels)
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
            out[field.documented] = [_json_item(item, field) for item in each]
        else:
            out[field.documented] = _json_item(each, field)
    return out


def _json_item(value: Any, field: FieldPlan) -> Any:
    if field.model is not None and field.model is not ConfigurationSet:
        return _from_json(field.model, value)
    if field.model is ConfigurationSet and isinstance(value, dict):
        return _from_json(_SET_CLASSES.get(str(value.get("ConfigurationSetType")), ConfigurationSet), value)
    return decode_label(value) if field.base64 and isinstance(value, str) else value


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
        elif step not in ("provisioning", "linux", "network", "other"):  # tags of AnyConfigurationSet
            path += f".{step}" if path else step
    return path


def _load_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as exc:
        msg = f"the body isn't JSON: {exc}"
        raise ProtocolError(msg, body=body) from exc


def decode(
    cls: type[M],
    body: bytes,
    *,
    root: str | tuple[str, ...],
    serialization: Serialization = "XML",
    labels: bool = True,
) -> M:
    """Read one object from a document.

    Args:
        cls: what to read.
        body: the document.
        root: name, or names, the root element may have; JSON has none.
        serialization: ``XML`` or ``JSON``.
        labels: give base64 labels as plain text; False leaves them as they stand.

    Raises:
        ProtocolError: not such a document; ``body`` is kept on it.
    """
    if serialization == "JSON":
        values = _load_json(body)
        return _validate(cls, _from_json(cls, values) if labels else values, body)
    tree = _rooted(body, root)
    return _validate(cls, _read(cls, tree, labels=labels), body)


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
        values = _load_json(body)
        if not isinstance(values, list):
            msg = "the body isn't an array"
            raise ProtocolError(msg, body=body)
        return [_validate(cls, _from_json(cls, value), body) for value in values]
    trees = _rooted(body, root).get(item, [])
    nodes: Iterator[dict[str, Any]] = (tree if isinstance(tree, dict) else {} for tree in trees)
    return [_validate(cls, _read(cls, node, labels=True), body) for node in nodes]


def _rooted(body: bytes, root: str | tuple[str, ...]) -> dict[str, Any]:
    name, tree = xml.parse(body)
    allowed = (root,) if isinstance(root, str) else root
    if name not in allowed:
        msg = f"the root element is {name[:80]!r}, not {' or '.join(allowed)}"
        raise ProtocolError(msg, body=body)
    return tree if isinstance(tree, dict) else {}


def from_tree(cls: type[M], tree: Any, *, body: bytes, labels: bool = True) -> M:
    """Read one object from a tree, as :func:`decode` does from a document."""
    return _validate(cls, _read(cls, tree if isinstance(tree, dict) else {}, labels=labels), body)
