"""Bodies: writes answers, reads requests, as XML or JSON.

Kept apart from the client's codecs on purpose: what the client writes is read here by other code, against
the contracts of :mod:`azure_iaas.endpoint.contracts`, so that a mistake in either shows.

Answers follow the recorded form (protocol.md 3.1): one line, no declaration, no white space between
elements, both namespaces on the root, ``<X/>`` when empty. JSON mirrors the XML: documented names as keys,
no root, lists as arrays (chapter 5).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from azure_iaas.endpoint import refusals

NAMESPACE: Final = "http://schemas.microsoft.com/windowsazure"
INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_ROOT_ATTRIBUTES: Final = f' xmlns="{NAMESPACE}" xmlns:i="{INSTANCE}"'

BODY_LIMIT: Final = 1024 * 1024
"""Bytes of a request body that are read; the largest legitimate one holds 64 kB of custom data."""
DEPTH_LIMIT: Final = 64
"""Nesting of elements that is read; the deepest contract has 9 levels."""
ELEMENT_LIMIT: Final = 5_000
"""Elements of a request that are read, and values of a JSON one; a role with 150 endpoints has 1,500."""
ATTRIBUTE_LIMIT: Final = 5_000
"""Attributes of all elements of a request together; a network configuration has one or two on each."""

_NIL: Final = f"{INSTANCE}\nnil"
_TYPE: Final = f"{INSTANCE}\ntype"

_ENCODINGS: Final = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1"})
"""Encodings in which ``<`` and ``=`` have the bytes that are counted below."""


NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters XML 1.0 has no way to carry."""


class Nil:
    """A null value: ``<X i:nil="true"/>``, or ``null`` in JSON."""


NIL: Final = Nil()


@dataclass(slots=True)
class Struct:
    """An element with named children, in the order in which they are written; None leaves a child out."""

    members: list[tuple[str, Value]]
    i_type: str = ""


@dataclass(slots=True)
class Items:
    """A list: a container element around repeated elements called ``name``."""

    name: str
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Fragment:
    """Content written beforehand, for parts that many answers share.

    Attributes:
        inner: children of the element as XML.
        plain: the same as JSON values.
    """

    inner: str
    plain: object

    @classmethod
    def of(cls, value: Struct) -> Fragment:
        """Write ``value`` once, for use in many answers."""
        out: list[str] = []
        for name, content in value.members:
            _write(name, content, out)
        return cls("".join(out), _plain(value))


Value = str | int | bool | Nil | Struct | Items | Fragment | None
Member = tuple[str, Value]
"""A child of a :class:`Struct`: its name and what it holds."""


def write_xml(root: str, value: Struct | Items | Fragment) -> bytes:
    """Write an answer as the service did."""
    out: list[str] = []
    _write(root, value, out, _ROOT_ATTRIBUTES)
    return "".join(out).encode()


def _write(name: str, value: Value, out: list[str], attributes: str = "") -> None:
    if value is None:
        return
    if isinstance(value, str):
        if not value.isprintable():
            # A name out of a path may hold what XML can't carry.
            value = NOT_IN_XML.sub("\ufffd", value)
        out.append(f"<{name}>{escape(value)}</{name}>" if value else f"<{name}/>")
    elif isinstance(value, Struct):
        if value.i_type:
            attributes += f' i:type="{value.i_type}"'
        mark = len(out)
        out.append(f"<{name}{attributes}>")
        for child, content in value.members:
            _write(child, content, out)
        if len(out) == mark + 1:
            out[mark] = f"<{name}{attributes}/>"
        else:
            out.append(f"</{name}>")
    elif isinstance(value, Items):
        if value.values:
            out.append(f"<{name}{attributes}>")
            for content in value.values:
                _write(value.name, content, out)
            out.append(f"</{name}>")
        else:
            out.append(f"<{name}{attributes}/>")
    elif isinstance(value, bool):
        out.append(f"<{name}>{'true' if value else 'false'}</{name}>")
    elif isinstance(value, int):
        out.append(f"<{name}>{value}</{name}>")
    elif isinstance(value, Fragment):
        out.append(f"<{name}{attributes}>{value.inner}</{name}>" if value.inner else f"<{name}{attributes}/>")
    else:
        out.append(f'<{name} i:nil="true"/>')


def write_json(value: Struct | Items | Fragment) -> bytes:
    """Write an answer as JSON: documented names, no root, lists as arrays."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":")).encode()


_DOCUMENTED: Final = {"OSVirtualHardDisk": "OSDisk", "DataVirtualHardDisks": "DataDisks", "Lun": "LUN"}
"""JSON has the documented names of elements the GA wire calls otherwise."""


def _plain(value: Value) -> object:
    if isinstance(value, Struct):
        return {
            _DOCUMENTED.get(name, name): _plain(content)
            for name, content in value.members
            if content is not None
        }
    if isinstance(value, Fragment):
        return value.plain
    if isinstance(value, Items):
        return [_plain(content) for content in value.values]
    if isinstance(value, Nil):
        return None
    return value


@dataclass(slots=True)
class Element:
    """One element of a request, with its children in the order in which they came.

    Attributes:
        name: local name.
        namespace: namespace URI, empty for none.
        i_type: local part of ``i:type``, empty for none.
        nil: ``i:nil`` is true.
        text: character data, as it stands.
        attributes: attributes without a namespace.
    """

    name: str
    namespace: str
    i_type: str = ""
    nil: bool = False
    text: str = ""
    children: list[Element] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def child(self, name: str) -> Element | None:
        """The first child of this name, or None."""
        for element in self.children:
            if element.name == name:
                return element
        return None


def read_xml(body: bytes) -> Element:
    """Read a request body.

    The work is bounded: what has more elements or attributes than any request needs is refused before it is
    parsed, since nothing else is answered meanwhile.

    Raises:
        Refusal: 400 ``InvalidXmlRequest``: not well formed, in an unusual encoding, with a document type, or
            beyond one of the limits above.
    """
    # Every element has a "<" for its start and most one for its end; every attribute has a "=". Text that is
    # full of them is counted too: base64, which all long values are in, has neither but at its end.
    if (
        not body.strip()
        or len(body) > BODY_LIMIT
        or body.count(b"<") > 2 * ELEMENT_LIMIT
        or body.count(b"=") > ATTRIBUTE_LIMIT
    ):
        raise refusals.invalid_xml()
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True
    root: list[Element] = []
    open_elements: list[Element] = []
    texts: list[list[str]] = []
    elements = 0

    def start(qualified: str, attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        if len(open_elements) >= DEPTH_LIMIT or elements > ELEMENT_LIMIT:
            raise refusals.invalid_xml()
        namespace, _, name = qualified.rpartition("\n")
        element = Element(name, namespace)
        for key, text in attributes.items():
            if key == _NIL:
                element.nil = text.strip().lower() in {"true", "1"}
            elif key == _TYPE:
                element.i_type = text.strip().rpartition(":")[2]
            elif "\n" not in key:
                element.attributes[key] = text
        if open_elements:
            open_elements[-1].children.append(element)
        else:
            root.append(element)
        open_elements.append(element)
        texts.append([])

    def end(_name: str) -> None:
        # Joined once: appending to a text piece by piece takes time that grows with its square.
        open_elements.pop().text = "".join(texts.pop())

    def text(data: str) -> None:
        texts[-1].append(data)

    def doctype(*_: object) -> None:
        raise refusals.invalid_xml()

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise refusals.invalid_xml()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declaration
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes it by position only
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise refusals.invalid_xml() from error
    return root[0]


def read_json(body: bytes) -> dict[str, object]:
    """Read a JSON request body: one object with the documented names as keys.

    Raises:
        Refusal: 400 ``InvalidXmlRequest``; the service has no code of its own for JSON.
    """
    # Every value but the first of an object or list has a comma before it, the first a bracket.
    values = sum(map(body.count, (b",", b"[", b"{")))
    if len(body) > BODY_LIMIT or values > ELEMENT_LIMIT:
        raise refusals.invalid_xml()
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise refusals.invalid_xml() from error
    if not isinstance(value, dict):
        raise refusals.invalid_xml()
    return value
