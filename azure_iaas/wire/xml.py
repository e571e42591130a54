"""XML documents of the service as trees of plain values. The only module that knows xmltodict.

A tree is what :func:`parse` returns and :func:`write` takes:

- ``None``: an empty element; ``str``: text; ``dict``: children by name, each a *list* of trees, in the order
  in which they first appear; attributes stand in it under ``@name``, text beside them under ``#text``.

Rules:

1. An element that occurs once is a list of one: a reader never has to ask.
2. Text is exact: edge blanks belong to it (a password may end with one).
3. Entities and document types are refused; size and depth are bounded.
4. The service's namespace and the schema-instance namespace are folded away (``i:`` stays on the latter);
   the service's documents use nothing else.
5. Characters XML 1.0 forbids can be read, as the service does send them, and are never written. What no
   text can hold, such as half a surrogate pair, is read as U+FFFD.
"""

from __future__ import annotations

import re
from typing import Any, Final
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape, quoteattr

import xmltodict

from azure_iaas.errors import ProtocolError, quoted

Tree = dict[str, Any] | str | None

NAMESPACE: Final = "http://schemas.microsoft.com/windowsazure"
SCHEMA_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"

MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest recorded body is 1.14 MB; this leaves room and still bounds memory."""
MAX_DEPTH: Final = 64
"""The deepest recorded body has 14 levels."""
MAX_ELEMENTS: Final = 250_000
"""The largest recorded body has 17,000; this many take about a second to read."""

_BLANKS: Final = " \t\r\n"
"""Before an XML declaration strict XML allows none; documents edited by hand begin with a line break."""
_NAMESPACES: Final = {
    NAMESPACE: None,
    NAMESPACE.replace("http:", "https:"): None,  # as current documentation pages print it
    SCHEMA_INSTANCE: "i",
}
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The forbidden C0 characters travel through the parser as the 32 noncharacters U+FDD0..U+FDEF,
# which XML allows and no text uses.
_STAND_IN: Final = {code: 0xFDD0 + code for code in range(32) if code not in (9, 10, 13)}
_REPLACED: Final = {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}
_STANDS_FOR: Final = {stand_in: code for code, stand_in in _STAND_IN.items()}
_SURROGATES: Final = range(0xD800, 0xE000)
_REFERENCE: Final = re.compile(r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")


class _Elements:
    """Every element's name, and not the text that stands beside attributes or children."""

    def __contains__(self, key: object) -> bool:
        return key != "#text"


_ELEMENTS: Final = _Elements()


class _TooDeepError(Exception):
    pass


def _guard_depth(path: list[Any], key: str, value: Any) -> tuple[str, Any]:
    if len(path) > MAX_DEPTH:
        raise _TooDeepError
    return key, value


def _decode_text(body: bytes) -> str:
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as exc:
        msg = f"the body isn't {encoding} text"
        raise ProtocolError(msg, body=body) from exc
    if "\0" in text[:2]:
        # The parser would take it for UTF-16, behind the back of the checks made on this text.
        msg = "the body is UTF-16 without a byte order mark"
        raise ProtocolError(msg, body=body)
    return text


def _mend(text: str) -> str:
    return _REFERENCE.sub(_mend_reference, text.translate(_STAND_IN | _REPLACED))


def _mend_reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    if code in _STAND_IN:
        return chr(_STAND_IN[code])
    return "\ufffd" if code in _REPLACED or code in _SURROGATES else match[0]


def _restore(tree: Any) -> Any:
    if isinstance(tree, str):
        return tree.translate(_STANDS_FOR)
    if isinstance(tree, dict):
        return {key: _restore(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_restore(item) for item in tree]
    return tree


def _parse(text: str) -> dict[str, Any]:
    parsed: dict[str, Any] = xmltodict.parse(
        text.encode(),
        encoding="utf-8",
        disable_entities=True,
        force_list=_ELEMENTS,
        namespaces=_NAMESPACES,
        postprocessor=_guard_depth,
        process_namespaces=True,
        strip_whitespace=False,
    )
    return parsed


def parse(body: bytes) -> tuple[str, Tree]:
    """Read a document: the name of its root, and its tree.

    Raises:
        ProtocolError: not XML, a document type or entity in it, too large or too deep; ``body`` is kept.
    """
    if len(body) > MAX_BYTES:
        msg = f"the body is larger than {MAX_BYTES} bytes"
        raise ProtocolError(msg, body=body[:4096])
    text = _decode_text(body).lstrip(_BLANKS)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        msg = "the body declares a document type, which no document of the service does"
        raise ProtocolError(msg, body=body)
    if text.count("<") > 2 * MAX_ELEMENTS:
        msg = f"the body holds more than {MAX_ELEMENTS} elements"
        raise ProtocolError(msg, body=body)
    try:
        try:
            parsed = _parse(text)
        except ExpatError:
            mended = _mend(text)
            if mended == text:
                raise
            parsed = _restore(_parse(mended))
    except _TooDeepError:
        msg = f"the body is nested deeper than {MAX_DEPTH} elements"
        raise ProtocolError(msg, body=body) from None
    except (ExpatError, ValueError) as exc:
        msg = f"the body isn't XML: {exc}"
        raise ProtocolError(msg, body=body) from exc
    ((root, (tree,)),) = parsed.items()
    return root, tree


def write(root: str, content: str, *, namespace: str = NAMESPACE) -> bytes:
    """Make a document of already rendered ``content``: one line, no declaration, as the service writes it."""
    head = f'<{root} xmlns="{namespace}" xmlns:i="{SCHEMA_INSTANCE}"'
    return (f"{head}>{content}</{root}>" if content else f"{head}/>").encode()


def render(name: str, content: str, attributes: str = "") -> str:
    """One element around already rendered content."""
    return f"<{name}{attributes}>{content}</{name}>" if content else f"<{name}{attributes}/>"


def name(value: str) -> str:
    """Give back a name fit for an element: letters, digits, ``_``, ``.`` and ``-``, as all of the service's.

    Raises:
        ValueError: it is something else, and would break out of the tag.
    """
    if not _NAME.fullmatch(value):
        msg = f"{quoted(value)} is no name of an element"
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
    # A bare carriage return would be read back as a line feed.
    return escape(value, {"\r": "&#13;"})


def attribute(name: str, value: str) -> str:
    """One attribute with a blank before it."""
    return f" {name}={quoteattr(value)}"
