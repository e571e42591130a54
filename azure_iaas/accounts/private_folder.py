"""A folder of files that only their owner reads: written whole or not at all, by one process at a time.

Rules:

1. The folder is made 0700, its files 0600; a file others can read, or a folder others can write, is refused.
2. A file is replaced as a whole: a reader sees the old one or the new one, also after a crash.
3. Who changes files holds the lock, which the operating system releases when its process dies.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from azure_iaas.errors import ConfigurationError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK_NAME: Final = ".lock"
_OTHERS_READ: Final = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


class PrivateFolder:
    """One such folder; it need not be there to be read.

    Args:
        path: the folder, made at the first change.
    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path

    def read(self, name: str) -> str | None:
        """Give a file's text; None when there is no such file.

        Raises:
            ConfigurationError: it can't be read, isn't UTF-8, or others can read it.
        """
        path = self.path / name
        try:
            self.require_private(name)
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ConfigurationError(f"{quoted(path)}: can't be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ConfigurationError(f"{quoted(path)}: isn't UTF-8") from None

    def require_private(self, name: str) -> None:
        """Refuse a file that others can read, or put another in the place of.

        Raises:
            ConfigurationError: so it is; the command that mends it is named.
            OSError: there is no such file.
        """
        if os.name != "posix":
            return
        for path, kept_from, doing in (
            (self.path, _OTHERS_WRITE, "changed"),
            (self.path / name, _OTHERS_READ, "read"),
        ):
            status = path.stat()
            if status.st_uid != os.geteuid() != 0:
                raise ConfigurationError(f"{quoted(path)}: belongs to another user")
            if status.st_mode & kept_from:
                mode = stat.S_IMODE(status.st_mode)
                raise ConfigurationError(
                    f"{quoted(path)}: can be {doing} by others (mode {mode:o}): chmod go-rwx {path}"
                )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock, waiting until no other process has it.

        Raises:
            ConfigurationError: the folder or a file in it can't be written.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.path / _LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ConfigurationError(f"{quoted(self.path)}: can't be written: {error.strerror}") from None
        try:
            if sys.platform == "win32":
                import msvcrt  # noqa: PLC0415 - exists on Windows only

                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
            else:
                import fcntl  # noqa: PLC0415 - exists elsewhere only

                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        except OSError as error:
            raise ConfigurationError(f"{quoted(self.path)}: can't be written: {error.strerror}") from None
        finally:
            os.close(descriptor)

    def replace(self, name: str, text: str) -> None:
        """Put a file there, in place of one of this name.

        Raises:
            OSError: it couldn't be written; what was there still is.
        """
        descriptor, path = tempfile.mkstemp(prefix=".new-", dir=self.path)  # 0600
        try:
            with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(path, self.path / name)
        except BaseException:
            with suppress(OSError):
                os.unlink(path)
            raise
        self._sync()

    def remove(self, name: str) -> None:
        """Delete a file; one that isn't there is none."""
        (self.path / name).unlink(missing_ok=True)

    def _sync(self) -> None:
        """Let the new name be on disk too, where the file system can: the file is in place all the same."""
        if os.name == "posix":
            descriptor = os.open(self.path, os.O_RDONLY)
            with suppress(OSError):
                os.fsync(descriptor)
            os.close(descriptor)
