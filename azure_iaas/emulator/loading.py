"""Takes up the rows of a state file: what fits goes to its place, what doesn't is named with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappush
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from azure_iaas.emulator.effect import Scheduled
from azure_iaas.emulator.state import Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azure_iaas.emulator.store import Row
    from azure_iaas.emulator.world import World

Misfit = tuple["Row", str]
"""A row that can't be used, and why."""


@dataclass(frozen=True, slots=True)
class Meta:
    """The service's own counters.

    Attributes:
        start: how often the service was started on this file.
        counter: the last number it gave to an id or an effect.
    """

    start: int
    counter: int


META: Final = TypeAdapter(Meta)
_KINDS: Final = frozenset(shelf.kind for shelf in Subscription("").shelves())


def take_up(world: World, rows: Iterable[Row]) -> list[Misfit]:
    """Put everything in its place in an empty world; its counters only go up.

    A subscription that isn't served keeps its rows for a start that serves it; they aren't looked into.

    Returns:
        The rows that can't be used.
    """
    shelves = {
        (owner, shelf.kind): shelf for owner, each in world.subscriptions.items() for shelf in each.shelves()
    }
    misfits: list[Misfit] = []
    for row in rows:
        try:
            if not row.intact:
                raise ValueError("it isn't as it was written")
            if row.kind == "meta":
                meta = META.validate_json(row.document)
                world.start = max(world.start, meta.start)
                world.counter = max(world.counter, meta.counter)
            elif row.kind == "effect":
                scheduled = Scheduled.load(row.document)
                world.counter = max(world.counter, scheduled.number)
                if scheduled.subscription in world.subscriptions:
                    heappush(world.effects, scheduled)
            elif row.kind not in _KINDS:
                raise ValueError("this version doesn't know the kind")
            elif row.subscription in world.subscriptions:
                shelves[row.subscription, row.kind].load(row.key, row.document)
        except ValueError as error:
            misfits.append((row, _reason(error)))
    return misfits


def _reason(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    # Without the value: a document may hold anything.
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]
