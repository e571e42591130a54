"""Names made of a pattern: ``web{n:02}`` is ``web01``, ``web02``... No code runs in a pattern.

Known are ``{n}``, the number of the machine (or service), with an optional width as in ``{n:03}``, and
``{service}``, ``{deployment}``, ``{role}``. Anything else between braces stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELD: Final = re.compile(r"\{(n|service|deployment|role)(?::0?(\d{1,2}))?\}", re.ASCII)
_LOOKS_LIKE_ONE: Final = re.compile(r"\{[^{}]*\}")


def fill(pattern: str, values: Mapping[str, str | int]) -> str:
    """Put values into a pattern; a field without a value stays as it is."""
    if "{" not in pattern:
        return pattern

    def value(field: re.Match[str]) -> str:
        name, width = field[1], field[2]
        if name not in values:
            return field[0]
        text = str(values[name])
        return text.rjust(int(width), "0") if width else text

    return _FIELD.sub(value, pattern)


def leftover(text: str) -> str | None:
    """A field that was not filled, or None."""
    found = _LOOKS_LIKE_ONE.search(text)
    return found[0] if found else None
