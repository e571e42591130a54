"""JSON documents of the service as plain values ("JSON", protocol chapter 5).

They mirror the XML: documented element names as keys, lists as arrays without the item element, no root.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from azure_iaas.errors import ProtocolError
from azure_iaas.wire.xml import MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_HALF_PAIR: Final = re.compile(rb"\\u[dD]|[\xed]")
"""Where a half pair may stand: escaped, or as bytes."""
_LONGEST_NUMBER: Final = 1000


def _refuse(constant: str) -> NoReturn:
    msg = f"{constant} is no JSON number"
    raise ValueError(msg)


def _integer(digits: str) -> int | str:
    # Longer ones cost more to convert than any number of the service is worth; they stay text.
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def looks_like_json(body: bytes) -> bool:
    """Whether a body is an object or an array rather than XML."""
    return body.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] in (b"{", b"[")


def parse(body: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """Read a document.

    Args:
        body: the document.
        max_bytes: the largest body that is read.

    Raises:
        ProtocolError: not JSON, too large or too deep; ``body`` is kept.
    """
    if len(body) > max_bytes:
        msg = f"the body is larger than {max_bytes} bytes"
        raise ProtocolError(msg, body=body[:4096])
    if sum(map(body.count, (b",", b"[", b"{"))) > 2 * MAX_ELEMENTS:
        msg = f"the body holds more than {MAX_ELEMENTS} values"
        raise ProtocolError(msg, body=body)
    try:
        parsed = json.loads(body, parse_constant=_refuse, parse_int=_integer)
    except (ValueError, RecursionError) as exc:
        msg = f"the body isn't JSON: {exc}"
        raise ProtocolError(msg, body=body) from None  # the cause would hold the body, and its secrets
    _check_bounds(parsed, body)
    if _HALF_PAIR.search(body):
        _check_text(parsed, body)
    return parsed


def _check_bounds(parsed: Any, body: bytes) -> None:
    level, seen = [parsed], 0
    for _ in range(MAX_DEPTH):
        seen += len(level)
        level = [child for value in level for child in _children(value)]
        if not level:
            break
    if level or seen > MAX_ELEMENTS:
        msg = f"the body is nested deeper than {MAX_DEPTH} values, or holds more than {MAX_ELEMENTS}"
        raise ProtocolError(msg, body=body)


def _check_text(parsed: Any, body: bytes) -> None:
    try:
        json.dumps(parsed, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        msg = "the body holds half a surrogate pair, which is no text"
        raise ProtocolError(msg, body=body) from None


def _children(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def write(value: Any) -> bytes:
    """Make a document, ASCII alone."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")
