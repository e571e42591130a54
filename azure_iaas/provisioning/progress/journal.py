"""An append-only file of facts that survives ``kill -9``, so that a run can be taken up again.

Rules:

1. One JSON object a line; what :meth:`Journal.write` was awaited for is on disk (``fsync``).
2. A torn last line, left by a crash, was not on disk: it is cut off before anything is added.
3. Facts waiting at the same time share one ``fsync``; their order is that in which they came.
4. A journal belongs to one plan and one subscription, and to one process at a time.
5. It is readable by its owner only, and holds no secret.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Self, TypeVar

import anyio

from azure_iaas.errors import ConfigurationError, quoted
from azure_iaas.provisioning.progress.ledger import LASTING, ImpossibleFactError, Ledger
from azure_iaas.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from azure_iaas.provisioning.progress.ledger import Fact

FORMAT: Final = 1
_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)

P = ParamSpec("P")
T = TypeVar("T")


async def blocking(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what may block beside the event loop, to its end also when the caller is cancelled."""
    return await in_thread(lambda: function(*args, **kwargs))


class Journal:
    """The journal of one plan.

    Args:
        path: the file; made when it isn't there.
        plan: digest of the plan.
        subscription_id: subscription the plan is for.

    Raises:
        ConfigurationError: the file can't be used: it belongs to another plan or subscription, another
            process has it, a newer version wrote it, or a line before the last can't be read.
    """

    def __init__(self, path: str | os.PathLike[str], *, plan: str, subscription_id: str) -> None:
        self.path: Final = Path(path)
        self._waiting: list[str] = []
        self._written = 0
        self._queued = 0
        self._lock = anyio.Lock()
        try:
            self._file = os.open(self.path, _FLAGS, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"journal {quoted(self.path)}: can't be opened: {error.strerror}"
            ) from None
        try:
            _lock(self._file, self.path)
            self.facts: list[Fact] = self._read(plan, subscription_id.lower())
        except BaseException:
            os.close(self._file)
            raise
        self._header = {"plan": plan, "subscription_id": subscription_id.lower(), "format": FORMAT}

    def _read(self, plan: str, subscription_id: str) -> list[Fact]:
        with Path(self.path).open("rb") as file:
            lines = file.read().split(b"\n")
        torn = lines.pop()
        if torn:
            os.ftruncate(self._file, sum(len(line) + 1 for line in lines))
        facts: list[Fact] = []
        for number, line in enumerate(lines, 1):
            try:
                fact = json.loads(line)
                if not isinstance(fact, dict) or "fact" not in fact or "at" not in fact:
                    raise ValueError
            except (ValueError, RecursionError):
                msg = f"journal {quoted(self.path)}: line {number} can't be read: no journal, or damaged"
                raise ConfigurationError(msg) from None
            if fact["fact"] == "begin":
                self._check(fact, plan, subscription_id)
            elif not facts:
                raise ConfigurationError(f"journal {quoted(self.path)}: isn't a journal of this program")
            facts.append(fact)
        return facts

    def _check(self, begin: dict[str, Any], plan: str, subscription_id: str) -> None:
        version = begin.get("format", 0)
        if not isinstance(version, int):
            raise ConfigurationError(f"journal {quoted(self.path)}: isn't a journal of this program")
        if version > FORMAT:
            raise ConfigurationError(f"journal {quoted(self.path)}: a newer version of this program wrote it")
        if begin.get("subscription_id") != subscription_id:
            owner = begin.get("subscription_id")
            raise ConfigurationError(f"journal {quoted(self.path)}: belongs to subscription {owner}")
        if begin.get("plan") != plan:
            msg = (
                f"journal {quoted(self.path)}: belongs to another plan, or the plan was changed since: give"
                " the plan it was begun with, or another journal"
            )
            raise ConfigurationError(msg)

    def replay(self, ledger: Ledger) -> None:
        """Let a ledger take in what earlier runs noted.

        Raises:
            ConfigurationError: a fact lacks what belongs to it, or can't follow those before it.
        """
        for number, fact in enumerate(self.facts, 1):
            try:
                ledger.note(fact)
            except (KeyError, TypeError, ValueError, RecursionError) as error:
                why = f": {error}" if isinstance(error, ImpossibleFactError) else ""
                msg = f"journal {quoted(self.path)}: line {number} can't be understood{why}"
                raise ConfigurationError(msg) from error
        self.facts = []

    async def write(self, fact: Fact, *, safe: bool) -> None:
        """Add a fact.

        Args:
            fact: what happened; kinds that don't last are passed over.
            safe: return when it is on disk. Otherwise it goes there with the next safe one.

        Raises:
            OSError: it could not be written; the error names the file.
        """
        if fact["fact"] not in LASTING:
            return
        line = {**fact, **self._header} if fact["fact"] == "begin" else fact
        self._waiting.append(json.dumps(line, ensure_ascii=True, separators=(",", ":")))
        self._queued += 1
        mine = self._queued
        if not safe:
            return
        async with self._lock:
            if self._written >= mine:
                return
            lines, upto = self._waiting, self._queued
            self._waiting = []
            # Not given up when the caller is cancelled: half a line must not be left behind by us.
            await blocking(self._append, "\n".join(lines) + "\n")
            self._written = upto

    def _append(self, text: str) -> None:
        before = os.fstat(self._file).st_size
        data = memoryview(text.encode())
        try:
            while data:
                data = data[os.write(self._file, data) :]
            os.fsync(self._file)
        except OSError as error:
            # A full disk: no half line may stay before the next one.
            os.ftruncate(self._file, before)
            error.filename = str(self.path)
            raise

    def close(self) -> None:
        """Write what is waiting, and close the file."""
        try:
            if self._waiting:
                self._append("\n".join(self._waiting) + "\n")
                self._waiting = []
        finally:
            os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _lock(file: int, path: Path) -> None:
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:  # pragma: no cover - Windows
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise ConfigurationError(f"journal {quoted(path)}: another process is using it") from error
