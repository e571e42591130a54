"""The owner's lock: one local service on one state file.

The state lives in memory while a service runs, so a second one on the same file would answer from a state of
its own and undo what the first has answered.

The lock is the operating system's, on a file of its own beside the state file: it ends with its process,
however that ends, and the file that stays behind locks nothing. It isn't removed: another process could have
opened it meanwhile, and hold a lock that nobody else sees.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from azure_iaas.errors import ConfigurationError

_HELD: Final = frozenset({errno.EAGAIN, errno.EACCES, errno.EDEADLK})
"""What the systems say of a lock that another process, or this one, holds."""

_LOCKED_BYTE: Final = 1 << 30
"""Far behind the text: Windows lets nobody else read what is locked."""

_OWNER = re.compile(r"process \d{1,10} since [0-9T:-]{19}Z")


class OwnersLock:
    """Ownership of a state file, from the construction to `release`.

    Args:
        path: the state file; the lock's file has its name and ``.lock``.

    Raises:
        ConfigurationError: a service has it already; the message names its process, and since when.
        OSError: the lock's file can't be made or locked.
    """

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(path)
        except BaseException:
            os.close(self._descriptor)
            raise

    def _take(self, path: str) -> None:
        try:
            _lock(self._descriptor)
        except OSError as error:
            if error.errno not in _HELD:
                raise
            owner = _OWNER.fullmatch(os.read(self._descriptor, 100).decode(errors="replace"))
            raise ConfigurationError(
                f"state file {path}: is in use by the local service of "
                f"{owner[0] if owner else 'another process'}; end it, or take another data folder"
            ) from None
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"process {os.getpid()} since {now}".encode())

    def release(self) -> None:
        """Give it up. May be repeated."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor < 0:
            return
        with suppress(OSError):  # a text that stays behind, on a disk that fails, locks nothing
            os.ftruncate(descriptor, 0)
        # Said, not left to the closing: a forked child may hold a copy of the descriptor.
        _unlock(descriptor)
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # Not lockf: its locks don't keep out the same process, and end with any descriptor of the file.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
