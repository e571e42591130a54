"""Time that jumps to the next timer when nothing else is left to do, on asyncio and on trio."""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import trio.testing

from azure_iaas.threads import threadless

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Doesn't wait for a timer: it moves the clock there."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        if ready := super().select(0):
            return ready
        self.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock stands still while there is work, and jumps when there is none."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now


def run(work: Callable[[], Awaitable[T]], backend: str) -> T:
    """Run on virtual time.

    Args:
        work: what to run.
        backend: ``asyncio`` or ``trio``.
    """
    options: dict[str, Any] = (
        {"loop_factory": VirtualLoop}
        if backend == "asyncio"
        else {"clock": trio.testing.MockClock(autojump_threshold=0)}
    )

    async def without_threads() -> T:
        threadless.set(True)  # a clock that jumps wouldn't wait for them
        return await work()

    return anyio.run(without_threads, backend=backend, backend_options=options)
