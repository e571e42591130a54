"""Names that completion has asked for, kept for some seconds in files only their owner can read."""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KEPT_SECONDS: Final = 20.0


def kept(place: Sequence[str]) -> list[str] | None:
    """The names found at a place lately; None when it has to be asked."""
    file = _file(place)
    with suppress(OSError, ValueError):
        if 0 <= time.time() - file.stat().st_mtime < KEPT_SECONDS:
            return [str(name) for name in json.loads(file.read_text("utf-8"))]
    return None


def keep(place: Sequence[str], names: Sequence[str]) -> None:
    """Keep the names found at a place; what is old goes. It may fail silently: nothing depends on it."""
    file = _file(place)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for other in file.parent.iterdir():
            if time.time() - other.stat().st_mtime > KEPT_SECONDS:
                other.unlink(missing_ok=True)
        # Written beside and put there whole: two shells may ask at once.
        new = file.with_suffix(f".{os.getpid()}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(list(names), out)
        new.replace(file)


def _file(place: Sequence[str]) -> Path:
    digest = hashlib.sha256(json.dumps(list(place)).encode()).hexdigest()
    return platformdirs.user_cache_path("azure-iaas") / "names" / f"{digest}.json"
