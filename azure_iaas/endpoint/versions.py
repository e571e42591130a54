"""``x-ms-version``: whether it is one, and which elements of an answer it shows.

Versions are dates, and compare as texts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from azure_iaas.endpoint.documents import Member, Value

_VERSION: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def is_version(text: str) -> bool:
    """Whether a text is a version: a day that exists, ``YYYY-MM-DD``."""
    if not _VERSION.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class Versioned(Protocol):
    """A request: all that rows need to know of it is its version."""

    @property
    def version(self) -> str:
        """``x-ms-version``."""


Request = TypeVar("Request", bound=Versioned)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Row(Generic[Request, Item]):
    """One element of an answer: its place is that of the row.

    Attributes:
        element: name of the element.
        value: gives its value from the request and what is shown; None leaves the element out.
        since: first version that shows it, empty for all.
        until: first version that doesn't show it any more, empty for none.
    """

    element: str
    value: Callable[[Request, Item], Value]
    since: str = ""
    until: str = ""

    def shown_in(self, version: str) -> bool:
        """Whether a version shows the element."""
        return self.since <= version and (not self.until or version < self.until)


class Rows(Generic[Request, Item]):
    """The elements of an answer, in their order; iterating gives the rows, for use in other answers."""

    def __init__(self, *rows: Row[Request, Item]) -> None:
        self._rows = rows
        # What is shown changes with these versions only, so it is worked out once.
        self._changes = sorted({version for row in rows for version in (row.since, row.until) if version})
        self._shown = [[row for row in rows if row.shown_in(version)] for version in ("", *self._changes)]

    def __iter__(self) -> Iterator[Row[Request, Item]]:
        return iter(self._rows)

    def members(self, request: Request, item: Item) -> list[Member]:
        """The elements that the request's version shows of an item."""
        rows = self._shown[bisect_right(self._changes, request.version)]
        return [(row.element, row.value(request, item)) for row in rows]
