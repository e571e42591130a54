"""The end of the process: its exit code, and the last moment at which threads can be used.

All that lives on the inside of CPython is here. Where an interpreter lacks it, `atexit` does what it can:
exit handlers registered before this module was imported are then left out when the exit code isn't 0, and
callbacks at the end of the program can't start threads.
"""

from __future__ import annotations

import atexit
import concurrent.futures.thread  # noqa: F401 - it refuses work from its exit hook on: ours must come before
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class _LastWord:
    """Gives the process its exit code when all else of the interpreter's end is done.

    An exit handler can't: what it raises is printed and forgotten, and `os._exit` in it would leave out the
    handlers after it, among them those that flush logs and remove temporary files.
    """

    def __init__(self, code: int) -> None:
        self._code = code

    def __del__(
        self, _exit: Callable[[int], Any] = os._exit, _ending: Callable[[], bool] = sys.is_finalizing
    ) -> None:
        if _ending():
            _exit(self._code)


class ExitCode:
    """The exit code of the process: 0 until something went wrong, and leaves it to the main program."""

    def __init__(self) -> None:
        self._code = 0
        self._has_last_word = sys.implementation.name == "cpython"
        if not self._has_last_word:
            atexit.register(self._leave)

    @property
    def code(self) -> int:
        """The code; setting it is for good."""
        return self._code

    @code.setter
    def code(self, code: int) -> None:
        self._code = code
        if self._has_last_word:
            # The interpreter clears this dictionary last, and in any case: a module's own may outlive it,
            # held by the frame of a thread that never ends.
            sys.__dict__["_azure_iaas_last_word"] = _LastWord(code) if code else None

    def _leave(self) -> None:
        if self._code:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
            os._exit(self._code)


exit_code: Final = ExitCode()


def before_threads_end(hook: Callable[[], object]) -> bool:
    """Have a hook called when the program ends, while threads can still be started and pools take work.

    Returns:
        False where the interpreter knows no such moment, or it is past.
    """
    try:
        threading._register_atexit(hook)  # type: ignore[attr-defined]
    except (AttributeError, RuntimeError):
        return False
    return True


def code_of(error: SystemExit | KeyboardInterrupt) -> int:
    """Give the exit code of what ends a program, as the interpreter has it."""
    if isinstance(error, KeyboardInterrupt):
        return 130
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    return 1
