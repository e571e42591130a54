"""XML documents of the service as trees of plain values. The only module that knows a parser.

A tree is what :func:`parse` returns:

- ``None``: an empty element; ``str``: text; ``dict``: children by name, each a *list* of trees, in the order
  in which they first appear; attributes stand in it under ``@name``, text beside them under ``#text``.

Rules:

1. An element that occurs once is a list of one: a reader never has to ask.
2. Text is exact: edge blanks belong to it (a password may end with one).
3. Document types, and with them entities, are refused.
4. The service's namespace and the schema-instance namespace are folded away (``i:`` stays on the latter);
   the service's documents use nothing else.
5. Characters XML 1.0 forbids can be read, as the service does send them, and are never written. What no
   text can hold, such as half a surrogate pair, is read as U+FFFD.
6. Size, depth, elements, attributes and character references are bounded, and looked at before or while the
   parser opens them: what a body costs grows with its size alone, and never takes more memory than about
   three times the body and what is kept of it.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, Final
from xml.etree import ElementTree as ET

from azure_iaas.errors import ProtocolError, quoted

Tree = dict[str, Any] | str | None

NAMESPACE: Final = "http://schemas.microsoft.com/windowsazure"
SCHEMA_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"

MAX_BYTES: Final = 16 * 1024 * 1024
"""Largest body that is read unless the caller says otherwise: 14 times the largest recorded, 1.14 MB."""
MAX_DEPTH: Final = 64
"""The deepest recorded body has 14 levels."""
MAX_ELEMENTS: Final = 250_000
"""Seven times the largest recorded body, 17,000. An object costs 1.2 KB, however short its element is."""
MAX_ATTRIBUTES: Final = 50_000
MAX_REFERENCES: Final = 250_000
"""Character references, and characters XML forbids, of which each costs as much as an element."""

_PIECE_BYTES: Final = 16 * 1024
"""What the parser is given at a time; before the next its depth is looked at."""
_KEPT_NAMES: Final = 4096
"""The service's documents have some 600 names; others are worked out each time."""
_LONGEST_KEPT: Final = 256
_BLANKS: Final = b" \t\r\n"
"""Before an XML declaration strict XML allows none; documents edited by hand begin with a line break."""
_NAMESPACES: Final = {
    NAMESPACE: None,
    NAMESPACE.replace("http:", "https:"): None,  # as current documentation pages print it
    SCHEMA_INSTANCE: "i",
}
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_DOCUMENT_TYPE: Final = re.compile(rb"(?>[ \t\r\n]+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<!DOCTYPE", re.DOTALL)
_ATTRIBUTE: Final = re.compile(rb"=[ \t\r\n]*[\"']")
# Not by xml.sax.saxutils, whose import brings an HTTP client along.
MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
QUOTES: Final = str.maketrans({'"': "&quot;", "'": "&apos;"})
# A bare carriage return would be read back as a line feed.
_IN_TEXT: Final = MARKUP | str.maketrans({"\r": "&#13;"})
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS: Final = bytes(code for code in range(32) if code not in (9, 10, 13))
# The forbidden C0 characters travel through the parser as the 32 noncharacters U+FDD0..U+FDEF,
# which XML allows and no text uses.
_STAND_IN: Final = {code: 0xFDD0 + code for code in range(32) if code not in (9, 10, 13)}
_REPLACED: Final = {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}
_STANDS_FOR: Final = {stand_in: code for code, stand_in in _STAND_IN.items()}
_SURROGATES: Final = range(0xD800, 0xE000)
_REFERENCE: Final = re.compile(r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")


class _RefusedError(Exception):
    """The body breaks one of the bounds, or declares a document type."""


class _Names(dict[str, str]):
    """Names of elements and attributes by what the parser calls them, ``{namespace}name``."""

    def __missing__(self, found: str) -> str:
        namespace, brace, local = found[1:].partition("}")
        prefix = _NAMESPACES.get(namespace, namespace)
        name = (f"{prefix}:{local}" if prefix else local) if brace else found
        if len(self) < _KEPT_NAMES and len(found) < _LONGEST_KEPT:
            self[found] = name
        return name


_names: Final = _Names()


def _tree(element: ET.Element, depth: int) -> dict[str, Any]:
    """An element with children or attributes; ``depth`` is its own."""
    tree: dict[str, Any] = {f"@{_names[name]}": value for name, value in element.items()}
    text = element.text or ""
    if depth == MAX_DEPTH and len(element):
        raise _too_deep()
    names = _names
    for child in element:
        inside = _tree(child, depth + 1) if len(child) or child.keys() else child.text or None
        name = names[child.tag]
        if name in tree:
            tree[name].append(inside)
        else:
            tree[name] = [inside]
        if tail := child.tail:
            text += tail
    if text:
        tree["#text"] = text
    return tree


def _root(body: bytes) -> ET.Element:
    """Have the parser build the elements; it is stopped soon after they are nested too deep."""
    builder = ET.TreeBuilder()
    parser = ET.XMLParser(target=builder, encoding="utf-8")  # noqa: S314 - what it warns of was refused before
    parser.feed(body[:_PIECE_BYTES])
    for start in range(_PIECE_BYTES, len(body), _PIECE_BYTES):
        last: ET.Element | None = builder.close()
        depth = 0  # the element that began last, and those around it, so far
        while last is not None:
            last, depth = last[-1] if len(last) else None, depth + 1
            if depth > MAX_DEPTH:
                raise _too_deep()
        parser.feed(body[start : start + _PIECE_BYTES])
    root: ET.Element = parser.close()
    return root


def _built(body: bytes, *, restore: bool = False) -> tuple[str, Tree]:
    """The document's tree; with ``restore`` the forbidden characters are put back that others stand for."""
    root = _root(body)
    if restore:
        for element in root.iter():
            element.text, element.tail = _restored(element.text), _restored(element.tail)
            element.attrib.update({name: _restored(value) for name, value in element.items()})
    return _names[root.tag], _tree(root, 1) if len(root) or root.keys() else root.text or None


def _too_deep() -> _RefusedError:
    return _RefusedError(f"the body is nested deeper than {MAX_DEPTH} elements")


def _restored(text: str | None) -> str:
    return (text or "").translate(_STANDS_FOR)


def _as_utf8(body: bytes) -> bytes:
    if body[:2] in _UTF16_MARKS:
        try:
            return body.decode("utf-16").encode()
        except UnicodeError as exc:
            msg = "the body isn't utf-16 text"
            raise ProtocolError(msg, body=body) from exc
    if b"\0" in body[:2]:
        # The parser would take it for UTF-16, behind the back of the checks made on these bytes.
        msg = "the body is UTF-16 without a byte order mark"
        raise ProtocolError(msg, body=body)
    return body.removeprefix(_UTF8_MARK)


def _mended(body: bytes) -> bytes | None:
    """The body with stand-ins for what XML forbids, or None if there is nothing of it."""
    references, controls = body.count(b"&#"), len(body) - len(body.translate(None, _CONTROLS))
    if max(references, controls) > MAX_REFERENCES:
        msg = f"the body holds more than {MAX_REFERENCES} character references or control characters"
        raise _RefusedError(msg)
    text = body.decode()
    mended = _REFERENCE.sub(_mend_reference, text.translate(_STAND_IN | _REPLACED))
    return None if mended == text else mended.encode()


def _mend_reference(match: re.Match[str]) -> str:
    digits = (match[1] or match[2]).lstrip("0") or "0"
    if len(digits) > 7:
        return match[0]  # no character; the parser says so
    code = int(digits, 16) if match[1] else int(digits)
    if code in _STAND_IN:
        return chr(_STAND_IN[code])
    return "\ufffd" if code in _REPLACED or code in _SURROGATES else match[0]


def _parse(body: bytes) -> tuple[str, Tree]:
    if body.count(b"<") - body.count(b"</") > MAX_ELEMENTS:
        msg = f"the body holds more than {MAX_ELEMENTS} elements"
        raise _RefusedError(msg)
    if body.count(b"=") > MAX_ATTRIBUTES and next(
        islice(_ATTRIBUTE.finditer(body), MAX_ATTRIBUTES, None), None
    ):
        msg = f"the body holds more than {MAX_ATTRIBUTES} attributes"
        raise _RefusedError(msg)
    if _DOCUMENT_TYPE.match(body):
        msg = "the body declares a document type, which no document of the service does"
        raise _RefusedError(msg)
    try:
        return _built(body)
    except ET.ParseError:
        mended = _mended(body)
        if mended is None:
            raise
    return _built(mended, restore=True)


def parse(body: bytes, *, max_bytes: int = MAX_BYTES) -> tuple[str, Tree]:
    """Read a document: the name of its root, and its tree.

    Args:
        body: UTF-8, or UTF-16 with a byte order mark.
        max_bytes: the largest body that is read.

    Raises:
        ProtocolError: not XML, a document type in it, or a bound is exceeded; ``body`` is kept, of one too
            large the beginning.
    """
    if len(body) > max_bytes:
        msg = f"the body is larger than {max_bytes} bytes"
        raise ProtocolError(msg, body=body[:4096])
    try:
        return _parse(_as_utf8(body).lstrip(_BLANKS))
    except _RefusedError as exc:
        msg = str(exc)
    except (ET.ParseError, ValueError) as exc:
        msg = f"the body isn't XML: {exc}"
    # Raised outside: the cause of a text that is no UTF-8 would hold the body.
    raise ProtocolError(msg, body=body)


def write(root: str, content: str, *, namespace: str = NAMESPACE) -> bytes:
    """Make a document of already rendered ``content``: one line, no declaration, as the service writes it."""
    head = f'<{root} xmlns="{namespace}" xmlns:i="{SCHEMA_INSTANCE}"'
    return (f"{head}>{content}</{root}>" if content else f"{head}/>").encode()


def render(name: str, content: str, attributes: str = "") -> str:
    """One element around already rendered content."""
    return f"<{name}{attributes}>{content}</{name}>" if content else f"<{name}{attributes}/>"


def name(value: object) -> str:
    """Give back a name fit for an element: letters, digits, ``_``, ``.`` and ``-``, as all of the service's.

    Raises:
        ValueError: it is something else, and would break out of the tag.
    """
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        msg = f"{quoted(value) if isinstance(value, str) else 'what is no text'} is no name of an element"
        raise ValueError(msg)
    return value


def text(value: str) -> str:
    """Escape text for an element's content.

    Raises:
        ValueError: it holds a character XML can't carry.
    """
    if found := _FORBIDDEN.search(value):
        msg = f"character U+{ord(found[0]):04X} can't be written in XML"
        raise ValueError(msg)
    return value.translate(_IN_TEXT)


def attribute(name: str, value: str) -> str:
    """One attribute with a blank before it."""
    return f' {name}="{value.translate(MARKUP | QUOTES)}"'
