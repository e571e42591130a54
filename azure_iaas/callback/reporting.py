"""Reports of what a callback raised, and of calls that were cut off."""

from __future__ import annotations

import asyncio
import sys
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


def report(error: BaseException) -> None:
    """Give an error to `sys.excepthook`, once; a hook that raises takes nothing down."""
    try:
        error = error.with_traceback(_users(error))
        sys.excepthook(type(error), error, error.__traceback__)
    except Exception:  # noqa: BLE001 - there is nobody left to tell
        traceback.print_exc()


def report_to_loop(name: str, error: BaseException) -> None:
    """Give an error to the exception handler of the running asyncio loop, once."""
    asyncio.get_running_loop().call_exception_handler(
        {
            "message": f"the callback of {name} raised",
            "exception": error.with_traceback(_users(error)),
        }
    )


def say(text: str) -> None:
    """Write a line to standard error, where there is one."""
    if sys.stderr is not None:
        sys.stderr.write(f"azure_iaas: {text}\n")


def listed(names: list[str]) -> str:
    """Calls as the subject of a sentence."""
    return f"{', '.join(names)} {'was' if len(names) == 1 else 'were'}"


def _users(error: BaseException) -> TracebackType | None:
    """The traceback without this package's frames, which say nothing about the callback."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_globals.get("__package__") == __package__:
        trace = trace.tb_next
    return trace or error.__traceback__
