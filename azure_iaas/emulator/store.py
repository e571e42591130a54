"""Keeps the local service's state in one SQLite file.

Rules:

1. One transaction per committed write, on disk before its answer leaves: an accepted operation survives
   ``kill -9``.
2. Resources are JSON documents by kind and key; the schema doesn't follow the resources.
3. The file holds no secrets: what the core keeps has none (rule 2 of :mod:`azure_iaas.emulator.state`).
4. A file of somebody else, or of a newer version, is refused and left as it is.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

APPLICATION_ID: Final = 0x49616153
"""SQLite's ``application_id`` of these files: "IaaS"."""
FORMAT_VERSION: Final = 1
"""SQLite's ``user_version``; raised when an older program could misread the file."""

Change = tuple[str, str, str, str | None]
"""Subscription (empty for the service's own), kind, key, and the document; None removes it."""


class Store:
    """The state file of one local service.

    Args:
        path: the file; made when it isn't there. ``:memory:`` keeps it in memory, for tests.

    Raises:
        ConfigurationError: the file can't be opened, isn't a state file, or is of a newer version.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: Final = str(path)
        try:
            self._connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise ConfigurationError(f"state file {self.path}: cannot be opened: {error}") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise ConfigurationError(f"state file {self.path}: cannot be used: {error}") from error
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        execute = self._connection.execute
        tables = execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        application = execute("PRAGMA application_id").fetchone()[0]
        version = execute("PRAGMA user_version").fetchone()[0]
        if application != APPLICATION_ID and (tables or application or version):
            raise ConfigurationError(f"state file {self.path}: is not a state file of the local service")
        if version > FORMAT_VERSION:
            raise ConfigurationError(
                f"state file {self.path}: is of format {version}, this version reads up to {FORMAT_VERSION}"
            )
        execute("PRAGMA journal_mode = WAL")
        # FULL: WAL with NORMAL may lose the last transactions when the machine itself goes down.
        execute("PRAGMA synchronous = FULL")
        execute("BEGIN IMMEDIATE")
        execute(f"PRAGMA application_id = {APPLICATION_ID}")
        execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        execute(
            "CREATE TABLE IF NOT EXISTS resource (subscription TEXT NOT NULL, kind TEXT NOT NULL, "
            "key TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (subscription, kind, key))"
        )
        execute("COMMIT")

    def load(self) -> list[tuple[str, str, str, str]]:
        """Everything kept: subscription, kind, key, document, in the order in which it was first kept.

        Raises:
            ConfigurationError: the file is damaged.
        """
        try:
            return list(
                self._connection.execute(
                    "SELECT subscription, kind, key, document FROM resource ORDER BY rowid"
                )
            )
        except sqlite3.Error as error:
            raise ConfigurationError(f"state file {self.path}: cannot be read: {error}") from error

    def commit(self, changes: Iterable[Change]) -> None:
        """Write changes in one transaction, on disk when this returns.

        Raises:
            OSError: they could not be written; the file is as it was before.
        """
        execute = self._connection.execute
        try:
            execute("BEGIN IMMEDIATE")
            for subscription, kind, key, document in changes:
                if document is None:
                    execute(
                        "DELETE FROM resource WHERE subscription = ? AND kind = ? AND key = ?",
                        (subscription, kind, key),
                    )
                else:
                    execute(
                        "INSERT INTO resource VALUES (?, ?, ?, ?) "
                        "ON CONFLICT DO UPDATE SET document = excluded.document",
                        (subscription, kind, key, document),
                    )
            execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                execute("ROLLBACK")
            raise OSError(f"state file {self.path}: cannot be written: {error}") from error

    def close(self) -> None:
        """Close the file; nothing is lost."""
        self._connection.close()
