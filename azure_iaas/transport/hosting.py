"""A block that any task of the event loop may open and close: a notebook's cells, a framework's hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio

from azure_iaas.threads import start_apart

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager


class HostedBlock:
    """Keeps ``async with`` of something in a task of its own, which lives until it is left or the loop ends.

    Args:
        block: what is entered and left.
    """

    def __init__(self, block: AbstractAsyncContextManager[Any, Any]) -> None:
        self._block = block
        self._entered = anyio.Event()
        self._leaving = anyio.Event()
        self._left = anyio.Event()
        self._error: Exception | None = None
        self._task: object = None  # asyncio keeps no reference of its own

    async def enter(self) -> None:
        """Enter the block; what that raises comes out here."""
        self._task = start_apart(self._run)
        await self._entered.wait()
        self._raise()

    async def leave(self) -> None:
        """Leave the block and wait for it; what that raises comes out here."""
        self._leaving.set()
        await self._left.wait()
        self._raise()

    async def _run(self) -> None:
        try:
            async with self._block:
                self._entered.set()
                await self._leaving.wait()
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            self._error = error
        finally:
            self._entered.set()
            self._left.set()

    def _raise(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error
