"""A state to start from: a state file of another run, which is left as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.request import pathname2url

from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


def copy_state(path: Path, copy: Path) -> None:
    """Copy a state file; it may be in use, and nothing is written to it.

    Args:
        path: ``state.sqlite3`` of a data folder.
        copy: where the copy goes.

    Raises:
        ConfigurationError: it isn't there, or can't be read.
    """
    address = f"file:{pathname2url(str(path.absolute()))}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise ConfigurationError(f"state file {path}: cannot be read: {error}") from error
