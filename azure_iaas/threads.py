"""Blocking work beside an event loop, in threads that end with it."""

from __future__ import annotations

import contextlib
import threading
from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import anyio
import sniffio

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

threadless: Final[ContextVar[bool]] = ContextVar("azure_iaas_threadless", default=False)
"""On virtual time nothing may wait for a thread: the clock would jump ahead meanwhile."""


class Wakeup(Protocol):
    """An event of any event loop: it is set once, and whoever waits for it goes on."""

    def set(self) -> object:
        """Wake all who wait."""
        ...

    def wait(self) -> Awaitable[object]:
        """Wait until it is set."""
        ...


async def in_thread(function: Callable[[], T], *, abandon: bool = False, may_hang: bool = False) -> T:
    """Run what may block beside the event loop, in a thread of its own that ends with it.

    Not in a worker thread of anyio's: an idle one is stopped when the loop's main task ends, which is never
    noticed where that task is left by SystemExit inside another one
    (``asyncio.run(asyncio.wait_for(main(), 20))``), and the interpreter then waits for it for ever.

    Where the program is `threadless` it runs where it is.

    Args:
        function: what to run, in a copy of the caller's context.
        abandon: a cancelled caller leaves at once; otherwise it waits.
        may_hang: a program that ends leaves it too; otherwise that waits. Not for what runs code of Rust or
            C++, as pydantic's is: a thread that is stopped in there takes the process down.
    """
    if threadless.get():
        return function()
    done = anyio.Event()
    wake = _waker()
    results: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(context.run(function))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            errors.append(error)
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits any more
            wake(done.set)

    context = copy_context()
    thread = threading.Thread(target=work, name="azure_iaas blocking work", daemon=may_hang)
    try:
        thread.start()
    except RuntimeError:
        # The program is ending and starts no threads any more.
        return function()
    with anyio.CancelScope(shield=not abandon):
        await done.wait()
        thread.join()
    if errors:
        raise errors.pop()
    return results[0]


def running_loop() -> object:
    """Give what stands for the event loop that runs here: the same object as long as it is the same loop."""
    if sniffio.current_async_library() == "trio":
        import trio  # noqa: PLC0415 - there when it runs

        return trio.lowlevel.current_trio_token()
    import asyncio  # noqa: PLC0415 - as above

    return asyncio.get_running_loop()


def clock() -> Callable[[], float]:
    """Give the clock of the event loop that runs here: ``anyio.current_time`` looks for it each time."""
    if sniffio.current_async_library() == "trio":
        import trio  # noqa: PLC0415 - there when it runs

        return trio.current_time
    import asyncio  # noqa: PLC0415 - as above

    return asyncio.get_running_loop().time


def event_class() -> Callable[[], Wakeup]:
    """Give the class of events of the event loop that runs here: ``anyio.Event`` looks for it each time."""
    if sniffio.current_async_library() == "trio":
        import trio  # noqa: PLC0415 - there when it runs

        return trio.Event
    import asyncio  # noqa: PLC0415 - as above

    return asyncio.Event


def start_apart(work: Callable[[], Awaitable[None]]) -> object:
    """Start a task that no other task waits for; it ends with the event loop at the latest.

    Args:
        work: what it does; it must raise nothing but what cancels it.

    Returns:
        The task, to be kept: asyncio forgets it otherwise.
    """
    if sniffio.current_async_library() == "trio":
        import trio  # noqa: PLC0415 - there when it runs

        return trio.lowlevel.spawn_system_task(work)

    import asyncio  # noqa: PLC0415 - as above

    async def run() -> None:
        await work()

    return asyncio.get_running_loop().create_task(run())


def _waker() -> Callable[[Callable[[], object]], Any]:
    """Give what has the running loop call a function, from any thread."""
    if sniffio.current_async_library() == "trio":
        import trio  # noqa: PLC0415 - there when it runs

        return trio.lowlevel.current_trio_token().run_sync_soon
    import asyncio  # noqa: PLC0415 - as above

    return asyncio.get_running_loop().call_soon_threadsafe
