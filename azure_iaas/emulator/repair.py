"""Checks a state file that no service has, and repairs it: what a start does, and more where it refuses."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import azure_iaas.emulator.routes  # noqa: F401 - registers every effect
from azure_iaas.emulator.owner import OwnersLock
from azure_iaas.emulator.state import Subscription
from azure_iaas.emulator.store import FILE_NAME, Store
from azure_iaas.emulator.world import Quotas, World
from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


def check(folder: Path) -> list[str]:
    """Find what `repair` would do; it is done to a copy.

    Args:
        folder: the data folder.

    Returns:
        What is wrong, as sentences; empty when the state is in order.

    Raises:
        ConfigurationError: there is no state file, it isn't one of this version, or a service has it.
    """
    source = _state_file(folder)
    try:
        lock = OwnersLock(str(source))
        try:
            with TemporaryDirectory(prefix="azure_iaas-") as copies:
                for name in (FILE_NAME, f"{FILE_NAME}-wal"):
                    if (folder / name).exists():
                        shutil.copyfile(folder / name, os.path.join(copies, name))
                try:
                    return _repair(os.path.join(copies, FILE_NAME))
                except ConfigurationError as error:
                    raise ConfigurationError(str(error).replace(copies, str(folder))) from error
        finally:
            lock.release()
    except OSError as error:
        raise ConfigurationError(f"state file {source}: cannot be checked: {error}") from error


def repair(folder: Path) -> list[str]:
    """Set rows aside that can't be used, and keep what can be read of a damaged file. May be repeated.

    Args:
        folder: the data folder.

    Returns:
        What was wrong, as sentences; empty when the state was in order.

    Raises:
        ConfigurationError: as for `check`, or the file can't be written; then it is as it was.
    """
    return _repair(str(_state_file(folder)))


def _state_file(folder: Path) -> Path:
    path = folder / FILE_NAME
    if not path.is_file():
        raise ConfigurationError(f"there is no state file {path}")
    return path


def _repair(path: str) -> list[str]:
    with closing(Store(path, salvage=True)) as store:
        owners = {row.subscription for row in store.load() if row.intact and row.subscription}
        world = World(
            subscriptions={owner: Subscription(owner) for owner in sorted(owners)},
            dialect="ga",
            strict=False,
            seed=0,
            duration_factor=1.0,
            quotas=Quotas(),
            store=store,
        )
        return world.load()
