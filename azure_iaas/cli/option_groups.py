"""Options that belong together, and reach a command as one object."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

Option: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]
"""What gives a command an option or argument."""


class Seconds(click.FloatRange):
    """A time-out: finite seconds.

    Args:
        least: the least there may be; None: anything above 0.
    """

    name = "seconds"

    def __init__(self, least: float | None = None) -> None:
        super().__init__(min=least or 0.0, min_open=least is None, max=math.inf, max_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it; what is no number compares with nothing, so click lets it pass."""
        seconds = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail("it isn't a number.", param, ctx)
        return seconds


def options_as(argument: str, kind: type[Any], options: Sequence[Option]) -> Option:
    """Give a command options, which it takes as one object.

    Args:
        argument: what the command calls the object.
        kind: a dataclass with a field for each option.
        options: click's, in the order of the help.
    """
    names = [field.name for field in fields(kind)]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def with_object(*args: Any, **named: Any) -> Any:
            made = kind(**{name: named.pop(name) for name in names})
            return command(*args, **{argument: made}, **named)

        decorated: Callable[..., Any] = with_object
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate
