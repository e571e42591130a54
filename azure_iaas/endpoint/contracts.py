"""The contract reader: request documents by tables that say which elements, in which order, of which kind.

The service read requests with a data contract reader (protocol.md 3.1): an element that is unknown, repeated
or comes after its place is skipped without a word. Strict mode refuses it, naming it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from azure_iaas.endpoint import documents, refusals
from azure_iaas.endpoint.documents import Element, Items, Struct, Value

if TYPE_CHECKING:
    from collections.abc import Callable

Values = dict[str, Any]
"""What a document held, by element name: str, int, bool, list or Values; null ones are left out."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One element with named children.

    Attributes:
        name: element name, for messages.
        members: kind of each child, in the order in which children are read.
        required: children without which the request is refused.
    """

    name: str
    members: Mapping[str, Kind]
    required: frozenset[str] = frozenset()
    places: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", {name: place for place, name in enumerate(self.members)})


@dataclass(frozen=True, slots=True)
class ListOf:
    """A container of repeated elements; ``names`` are the accepted item names, the first being GA's."""

    names: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Choice:
    """A contract that depends on the element itself, for example on ``ConfigurationSetType``."""

    choose: Callable[[Element | Mapping[str, object]], Contract]


Scalar = Literal["text", "verbatim", "int", "bool"]
"""``text`` is a word, a name, an address: blanks around it don't count. ``verbatim`` is kept to the letter:
labels, descriptions, passwords, file contents."""

Kind = Scalar | Contract | ListOf | Choice

_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0"})
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


def names_in(source: Element | Mapping[str, object]) -> set[str]:
    """Names of the children of an XML element or a JSON object."""
    if isinstance(source, Element):
        return {child.name for child in source.children}
    return set(source)


def text_in(source: Element | Mapping[str, object], name: str) -> str:
    """Text of a child, empty when absent."""
    if isinstance(source, Element):
        child = source.child(name)
        return child.text.strip() if child is not None else ""
    value = source.get(name)
    return value.strip() if isinstance(value, str) else ""


def read_element(contract: Contract, element: Element, *, strict: bool, path: str = "") -> Values:
    """Read an XML element by its contract.

    Raises:
        Refusal: 400: a value isn't of its kind, a required child is missing; in strict mode also an element
            that is unknown, repeated or out of order.
    """
    path = path or element.name
    values: Values = {}
    last = -1
    for child in element.children:
        place = contract.places.get(child.name) if child.namespace == documents.NAMESPACE else None
        where = f"{path}/{child.name}"
        if place is None or place <= last:
            if strict:
                raise refusals.strict_element(
                    where, "is not known here" if place is None else "is out of order"
                )
            continue
        last = place
        if child.nil:
            continue
        values[child.name] = _read_kind(contract.members[child.name], child, strict=strict, path=where)
    _demand(contract, values, strict=strict, path=path)
    return values


def _read_kind(kind: Kind, element: Element, *, strict: bool, path: str) -> Any:
    if isinstance(kind, str):
        if element.children:
            raise _wrong(path, "must hold text", strict=strict)
        return _scalar(kind, element.text, strict=strict, path=path)
    if isinstance(kind, ListOf):
        found = []
        for child in element.children:
            where = f"{path}/{child.name}"
            if child.name not in kind.names or child.namespace != documents.NAMESPACE:
                if strict:
                    raise refusals.strict_element(where, "is not known here")
                continue
            if not child.nil:
                found.append(_read_kind(kind.kind, child, strict=strict, path=where))
        return found
    contract = kind.choose(element) if isinstance(kind, Choice) else kind
    return read_element(contract, element, strict=strict, path=path)


def read_object(contract: Contract, source: Mapping[str, object], *, strict: bool, path: str) -> Values:
    """Read a JSON object by its contract; names come in any order.

    Raises:
        Refusal: as :func:`read_element`.
    """
    values: Values = {}
    for name, value in source.items():
        kind = contract.members.get(name)
        where = f"{path}/{name}"
        if kind is None:
            if strict:
                raise refusals.strict_element(where, "is not known here")
            continue
        if value is not None:
            values[name] = _read_value(kind, value, strict=strict, path=where)
    _demand(contract, values, strict=strict, path=path)
    return values


def _read_value(kind: Kind, value: object, *, strict: bool, path: str) -> Any:
    if isinstance(kind, str):
        if isinstance(value, bool):
            value = "true" if value else "false"
        elif isinstance(value, int | float):
            value = str(value)
        if not isinstance(value, str):
            raise _wrong(path, "must hold text", strict=strict)
        return _scalar(kind, value, strict=strict, path=path)
    if isinstance(kind, ListOf):
        if isinstance(value, Mapping) and len(value) == 1:
            name, inner = next(iter(value.items()))
            if name in kind.names:
                value = inner if isinstance(inner, list) else [inner]
        if not isinstance(value, list):
            raise _wrong(path, "must be a list", strict=strict)
        return [_read_value(kind.kind, item, strict=strict, path=path) for item in value]
    if not isinstance(value, Mapping):
        raise _wrong(path, "must be an object", strict=strict)
    contract = kind.choose(value) if isinstance(kind, Choice) else kind
    return read_object(contract, value, strict=strict, path=path)


def _scalar(kind: Scalar, text: str, *, strict: bool, path: str) -> str | int | bool:
    if kind in ("text", "verbatim"):
        # JSON can bring what no XML answer could carry.
        if not text.isprintable() and documents.NOT_IN_XML.search(text):
            raise _wrong(path, "holds a character that isn't allowed", strict=strict)
        return text.strip() if kind == "text" else text
    text = text.strip()
    if kind == "int":
        if _INTEGER.fullmatch(text):
            return int(text)
        raise _wrong(path, "must be a whole number", strict=strict)
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise _wrong(path, "must be true or false", strict=strict)


def _demand(contract: Contract, values: Values, *, strict: bool, path: str) -> None:
    for name in sorted(contract.required):
        if values.get(name) in (None, ""):
            raise _wrong(f"{path}/{name}", "is required", strict=strict)


def _wrong(path: str, why: str, *, strict: bool) -> refusals.Refusal:
    return refusals.strict_element(path, why) if strict else refusals.incorrect_parameter()


def fitting(element: Element, candidates: tuple[Contract, ...]) -> Contract:
    """The contract whose order skips the fewest elements; the first of equals.

    Where two sources give two orders for one document, both were sent by clients of the time.
    """

    def taken(contract: Contract) -> int:
        last, count = -1, 0
        for child in element.children:
            place = contract.places.get(child.name, -1)
            if place > last:
                last, count = place, count + 1
        return count

    return max(candidates, key=taken)


def read_body(body: bytes, *, roots: Mapping[str, Contract], json: bool, strict: bool) -> tuple[str, Values]:
    """Read a request body whose root is one of ``roots``; returns the root's name and what it held.

    JSON has no root: the one contract is taken, or among several the one ``OperationType`` names.

    Raises:
        Refusal: 400: not XML or JSON, another root, or as :func:`read_element`.
    """
    if json:
        source = documents.read_json(body)
        name = next(iter(roots)) if len(roots) == 1 else text_in(source, "OperationType")
        if len(roots) > 1 and name not in roots:
            name = next(
                (root for root, contract in roots.items() if set(source) <= set(contract.members)), ""
            )
        if name not in roots:
            raise refusals.invalid_xml()
        return name, read_object(roots[name], source, strict=strict, path=name)
    element = documents.read_xml(body)
    contract = roots.get(element.name)
    if contract is None or element.namespace != documents.NAMESPACE:
        raise refusals.invalid_xml()
    return element.name, read_element(contract, element, strict=strict)


def read_items(body: bytes, *, root: str, item: str, kind: Kind, json: bool, strict: bool) -> list[Any]:
    """Read a body whose root is itself a list, such as ``RoleInstances/Name*``.

    Raises:
        Refusal: as :func:`read_body`.
    """
    if json:
        source = documents.read_json(body)
        return list(_read_value(ListOf((item,), kind), source.get(item, []), strict=strict, path=root))
    element = documents.read_xml(body)
    if element.name != root or element.namespace != documents.NAMESPACE:
        raise refusals.invalid_xml()
    return list(_read_kind(ListOf((item,), kind), element, strict=strict, path=root))


def by_contract(contract: Contract, values: Mapping[str, Any]) -> Struct:
    """Kept values of a request as an answer, in the contract's order."""
    return Struct([(name, kept_value(kind, values.get(name))) for name, kind in contract.members.items()])


def kept_value(kind: Kind, value: Any) -> Value:
    """One kept value of a request as an answer has it."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(kind, ListOf):
        return Items(kind.names[0], [kept_value(kind.kind, item) for item in value])
    if isinstance(kind, Contract):
        return by_contract(kind, value)
    return None
