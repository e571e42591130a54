"""A state to start from: a state file of another run, which is left as it is."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.request import pathname2url

from azure_iaas.emulator.store import Store
from azure_iaas.errors import ConfigurationError


def state_in_memory(path: Path) -> Store:
    """Copy a state file into memory; it may be in use, and nothing is written to it.

    Args:
        path: ``state.sqlite3`` of a data folder.

    Returns:
        The copy, to be closed.

    Raises:
        ConfigurationError: it isn't there, or isn't a state file this version can read.
    """
    with tempfile.TemporaryDirectory(prefix="azure_iaas-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "state.sqlite3"
        try:
            address = f"file:{pathname2url(str(path.absolute()))}?mode=ro"
            with (
                closing(sqlite3.connect(address, uri=True)) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
        except sqlite3.Error as error:
            raise ConfigurationError(f"state file {path}: cannot be read: {error}") from error
        with closing(Store(copy)) as store:
            rows = store.load()
    memory = Store(":memory:")
    memory.commit(rows)
    return memory
