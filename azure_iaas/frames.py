"""Errors without the frames they came through, whose locals are what a caller gave: passwords, keys.

Tools that report crashes collect the locals of every frame of a traceback.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", bound=Exception)


def without_frames(error: E) -> E:
    """Give an error without the frames it came through, and without its causes."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def forgetful(function: Callable[P, T]) -> Callable[P, T]:
    """Have what refuses a caller's arguments leave a function without its frames.

    That is every ValueError, as errors of configuration and arguments are, and every TypeError.
    """

    @functools.wraps(function)
    def call(*args: P.args, **named: P.kwargs) -> T:
        try:
            return function(*args, **named)
        except (ValueError, TypeError) as exc:
            error = without_frames(exc)
        del args, named
        raise error

    return call
