"""Keeps the local service's state in one SQLite file.

Rules:

1. One transaction per committed write, on disk before its answer leaves: an accepted operation survives
   ``kill -9``.
2. Resources are JSON documents by kind and key; the schema doesn't follow the resources.
3. The file holds no secrets: what the core keeps has none (rule 2 of :mod:`azure_iaas.emulator.state`).
4. A file of somebody else, or of a newer version, is refused and left as it is. One service has it at a time.
5. Nothing is dropped: a row that can't be used is kept in the table ``set_aside``, with the reason; a damaged
   file is kept beside the one made of what could be read.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator.owner import OwnersLock
from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

APPLICATION_ID: Final = 0x49616153
"""SQLite's ``application_id`` of these files: "IaaS"."""
FORMAT_VERSION: Final = 2
"""SQLite's ``user_version``; raised when an older program could misread the file.

1: ``resource`` without ``digest``, no ``set_aside``. Migrated when it is opened.
"""

FILE_NAME: Final = "state.sqlite3"
"""The state file's name in a data folder."""

Change = tuple[str, str, str, str | None]
"""Subscription (empty for the service's own), kind, key, and the document; None removes it."""

_COLUMNS: Final = ["subscription", "kind", "key", "document", "digest"]
_READ: Final = {
    1: "SELECT rowid, subscription, kind, key, document, NULL FROM resource ORDER BY rowid",
    2: "SELECT rowid, subscription, kind, key, document, digest FROM resource ORDER BY rowid",
}
_PUT: Final = (
    "INSERT INTO resource VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET document = excluded.document, digest = excluded.digest"
)
_PUT_READABLE: Final = (
    "INSERT OR REPLACE INTO resource (rowid, subscription, kind, key, document, digest) "
    "VALUES (?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?)"
)
_DELETE: Final = "DELETE FROM resource WHERE subscription = ? AND kind = ? AND key = ?"
_DELETE_NUMBER: Final = "DELETE FROM resource WHERE rowid = ?"
_COPY_ASIDE: Final = (
    "INSERT INTO set_aside SELECT subscription, kind, key, document, digest, ? FROM resource WHERE rowid = ?"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the state file.

    Attributes:
        number: SQLite's ``rowid``.
        subscription: empty for the service's own.
        kind: of resource, ``effect`` or ``meta``.
        key: tells it from others of its kind.
        document: JSON.
        intact: it is as it was written: its digest fits.
    """

    number: int
    subscription: str
    kind: str
    key: str
    document: str
    intact: bool


class _DamagedFileError(Exception):
    """The file isn't as SQLite and this module leave it."""


class Store:
    """The state file of one local service.

    Args:
        path: the file; made when it isn't there.
        salvage: of a damaged file, keep what can be read, and the file itself beside it as ``.damaged``.

    Attributes:
        findings: what was wrong with the file, as sentences.

    Raises:
        ConfigurationError: the file can't be opened, isn't a state file, is of a newer version, is damaged,
            or another service has it.
    """

    def __init__(self, path: str | os.PathLike[str], *, salvage: bool = False) -> None:
        self.path: Final[str] = os.fspath(path)
        self.findings: list[str] = []
        try:
            self._lock = OwnersLock(self.path)
        except OSError as error:
            raise self._unusable(f"cannot be opened: {error.strerror}") from error
        existed = os.path.exists(self.path)
        try:
            self._connection = self._open(salvage=salvage)
        except (OSError, sqlite3.Error) as error:
            self._lock.release()
            raise self._unusable(f"cannot be used: {error}") from error
        except BaseException:
            self._lock.release()
            raise
        if existed and self._is_new:
            self.findings.append("the file was empty: the state begins anew")

    def _open(self, *, salvage: bool) -> sqlite3.Connection:
        connection = _connect(self.path)
        try:
            damage = self._prepared(connection)
            if damage and not salvage:
                raise self._unusable(
                    f"is damaged: {damage}; azure-iaas emulator --check DIR --repair keeps what can be read"
                )
            if damage:
                self._salvage(connection, damage)
                connection.close()
                connection = _connect(self.path)
                self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepared(self, connection: sqlite3.Connection) -> str:
        """Prepare the file, or say in which way it is damaged."""
        try:
            self._prepare(connection)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise
            return str(error)
        except _DamagedFileError as error:
            return str(error)
        return ""

    def _prepare(self, connection: sqlite3.Connection) -> None:
        execute = connection.execute
        application = _value(connection, "PRAGMA application_id")
        version = _value(connection, "PRAGMA user_version")
        if application != APPLICATION_ID and (application or version or not _is_empty(connection)):
            raise self._unusable("is not a state file of the local service")
        if version > FORMAT_VERSION:
            raise self._unusable(f"is of format {version}, this version reads up to {FORMAT_VERSION}")
        if application and version < 1:
            raise _DamagedFileError(f"there is no format {version}")
        self._is_new = not application
        if application:
            _demand_sound(connection, version)
        execute("PRAGMA journal_mode = WAL")
        # FULL: WAL with NORMAL may lose the last transactions when the machine itself goes down.
        execute("PRAGMA synchronous = FULL")
        if version == FORMAT_VERSION:
            return
        execute("BEGIN IMMEDIATE")
        if version == 1:
            execute("ALTER TABLE resource ADD COLUMN digest BLOB")
            for number, *values, _ in execute(_READ[1]).fetchall():
                execute("UPDATE resource SET digest = ? WHERE rowid = ?", (_digest(*values), number))
        else:
            execute(
                "CREATE TABLE resource (subscription TEXT, kind TEXT, key TEXT, document TEXT, digest BLOB, "
                "PRIMARY KEY (subscription, kind, key))"
            )
        execute(
            "CREATE TABLE IF NOT EXISTS set_aside "
            "(subscription, kind, key, document, digest, reason TEXT NOT NULL)"
        )
        execute(f"PRAGMA application_id = {APPLICATION_ID}")
        execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        execute("COMMIT")

    def _salvage(self, connection: sqlite3.Connection, damage: str) -> None:
        """Put a file with all rows that can be read in the place of a damaged one."""
        version, rows = _readable(connection)
        repaired, kept = f"{self.path}.repaired", _free_name(f"{self.path}.damaged")
        # Left by a process that was killed here.
        _remove(repaired)
        with closing(_connect(repaired)) as new:
            self._prepare(new)
            new.execute("BEGIN")
            for number, (*values, digest) in sorted(rows.items()):
                new.execute(
                    _PUT_READABLE,
                    (number, *map(_bytes, values), _digest(*values) if version == 1 else digest),
                )
            new.execute("COMMIT")
            # One file, to be moved as one.
            new.execute("PRAGMA journal_mode = DELETE")
        for suffix in ("", "-wal"):
            if os.path.exists(self.path + suffix):
                shutil.copy2(self.path + suffix, kept + suffix)
        connection.close()
        _remove(f"{self.path}-wal")
        _remove(f"{self.path}-shm")
        os.replace(repaired, self.path)
        self.findings.append(f"the file is damaged ({damage}): {len(rows)} rows can be read")

    def _unusable(self, what: str) -> ConfigurationError:
        return ConfigurationError(f"state file {self.path}: {what}")

    def load(self) -> list[Row]:
        """Everything kept, in the order in which it was first kept.

        Raises:
            OSError: the file can't be read.
        """
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            rows = self._connection.execute(_READ[FORMAT_VERSION]).fetchall()
        except sqlite3.Error as error:
            raise OSError(f"state file {self.path}: cannot be read: {error}") from error
        return [
            Row(number, str(subscription), str(kind), str(key), str(document), intact)
            for number, subscription, kind, key, document, digest in rows
            for intact in [digest is not None and digest == _digest(subscription, kind, key, document)]
        ]

    def commit(self, changes: Iterable[Change]) -> None:
        """Write changes in one transaction, on disk when this returns.

        Raises:
            OSError: they could not be written; the file is as it was before.
        """
        self._write(
            (_DELETE, change[:3]) if change[3] is None else (_PUT, (*change, _digest(*change)))
            for change in changes
        )

    def set_aside(self, rows: Iterable[tuple[Row, str]]) -> None:
        """Move rows to the table ``set_aside``, each with the reason, in one transaction.

        Raises:
            OSError: they could not be moved; the file is as it was before.
        """
        self._write(
            statement
            for row, reason in rows
            for statement in ((_COPY_ASIDE, (reason, row.number)), (_DELETE_NUMBER, (row.number,)))
        )

    def _write(self, statements: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
        execute = self._connection.execute
        try:
            execute("BEGIN IMMEDIATE")
            for statement, values in statements:
                execute(statement, values)
            execute("COMMIT")
        except BaseException as error:
            # SQLite has rolled back by itself after some errors; `load` tries again what fails here.
            if self._connection.in_transaction:
                with suppress(sqlite3.Error):
                    execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise OSError(f"state file {self.path}: cannot be written: {error}") from error
            raise

    def close(self) -> None:
        """Close the file, and let others have it; nothing is lost. May be repeated."""
        self._connection.close()
        self._lock.release()


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    # Damaged text is read as it is, and found by its digest.
    connection.text_factory = lambda text: text.decode(errors="surrogateescape")
    return connection


def _value(connection: sqlite3.Connection, statement: str) -> Any:
    return connection.execute(statement).fetchone()[0]


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not _value(connection, "SELECT count(*) FROM sqlite_master")


def _digest(*values: object) -> bytes | None:
    """Digest of subscription, kind, key and document; None when one of them isn't text."""
    if not all(isinstance(value, str) for value in values):
        return None
    joined = "\0".join(map(str, values)).encode(errors="surrogateescape")
    return blake2b(joined, digest_size=8).digest()


def _bytes(value: object) -> object:
    """Text as its bytes, so that damaged text can be written."""
    return value.encode(errors="surrogateescape") if isinstance(value, str) else value


def _demand_sound(connection: sqlite3.Connection, version: int) -> None:
    """Check the file's structure, which takes about as long as reading it.

    Raises:
        _DamagedFileError: it isn't what it should be.
    """
    finding = _value(connection, "PRAGMA integrity_check(1)")
    columns = [row[1] for row in connection.execute("PRAGMA table_info(resource)")]
    aside = [row[1] for row in connection.execute("PRAGMA table_info(set_aside)")]
    if finding != "ok":
        raise _DamagedFileError(finding.strip().rpartition("\n")[2])
    if columns != (_COLUMNS if version > 1 else _COLUMNS[:-1]):
        raise _DamagedFileError("it has no table resource" if not columns else "its table has other columns")
    if version > 1 and aside != [*_COLUMNS, "reason"]:
        raise _DamagedFileError("it has no table set_aside")


def _readable(connection: sqlite3.Connection) -> tuple[int, dict[int, list[Any]]]:
    """The format, and all rows that can be read, by number: from both ends on to the damage."""
    version = FORMAT_VERSION
    rows: dict[int, list[Any]] = {}
    with suppress(sqlite3.Error):
        version = 1 if _value(connection, "PRAGMA user_version") == 1 else FORMAT_VERSION
    for order in ("", " DESC"):
        with suppress(sqlite3.Error):
            for number, *values in connection.execute(_READ[version] + order):
                rows.setdefault(number, values)
    return version, rows


def _free_name(path: str) -> str:
    name, number = path, 1
    while os.path.exists(name):
        number += 1
        name = f"{path}-{number}"
    return name


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.remove(path)
