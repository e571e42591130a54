"""Where the local service lives while it is open: in a task of the running loop, or on a thread of its own.

Either keeps one context manager open, enters and leaves it in the same task, and can be closed from any.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import threading
from concurrent.futures import Future, wait
from contextvars import copy_context
from typing import TYPE_CHECKING

import anyio
import sniffio

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    Lifetime = Callable[[], AbstractAsyncContextManager[None]]


class TaskHost:
    """Keeps a context open in a task of the running event loop, on asyncio and trio.

    Args:
        lifetime: makes the context.
    """

    def __init__(self, lifetime: Lifetime) -> None:
        self._lifetime = lifetime
        self._opened = anyio.Event()
        self._closing = anyio.Event()
        self._ended = anyio.Event()
        self._scope = anyio.CancelScope()
        self._error: BaseException | None = None
        self._task: object = None

    async def open(self) -> None:
        """Return once the context is entered; raises what entering it raised."""
        if sniffio.current_async_library() == "trio":
            import trio  # noqa: PLC0415 - there when it runs

            self._task = trio.lowlevel.spawn_system_task(self._live, context=copy_context())
        else:
            self._task = asyncio.create_task(self._live())
        try:
            await self._opened.wait()
        except BaseException:
            await self._cancel()
            raise
        self._raise_error()

    async def close(self) -> None:
        """Return once the context is left; at once when the caller is cancelled, raises what it raised."""
        self._closing.set()
        try:
            await self._ended.wait()
        except BaseException:
            await self._cancel()
            raise
        self._raise_error()

    async def _live(self) -> None:
        try:
            with self._scope:
                async with self._lifetime():
                    self._opened.set()
                    await self._closing.wait()
        except BaseException as error:
            self._error = error
            if not isinstance(error, Exception):
                raise  # the loop itself ends
        finally:
            self._opened.set()
            self._ended.set()

    async def _cancel(self) -> None:
        self._scope.cancel()
        with anyio.CancelScope(shield=True):
            await self._ended.wait()

    def _raise_error(self) -> None:
        if isinstance(self._error, Exception):
            error, self._error = self._error, None
            raise error


class ThreadHost:
    """Keeps a context open on a thread of its own, which has an asyncio loop of its own.

    The thread ends with `close`, or with the program, whichever comes first.

    Args:
        lifetime: makes the context.
    """

    def __init__(self, lifetime: Lifetime) -> None:
        self._lifetime = lifetime
        self._opened: Future[asyncio.AbstractEventLoop] = Future()
        self._closing: asyncio.Event
        self._error: BaseException | None = None
        # A daemon: the interpreter would wait for any other before it calls exit handlers.
        self._thread = threading.Thread(target=self._work, name="azure_iaas local service", daemon=True)

    def open(self) -> None:
        """Return once the context is entered; raises what entering it raised."""
        self._thread.start()
        try:
            self._opened.result()
        except BaseException:
            wait([self._opened])  # the caller may have been interrupted meanwhile
            self._error = None
            self.close()
            raise
        # After what the context registered, such as temporary folders: exit handlers run in reverse order.
        atexit.register(self.close)

    def close(self) -> None:
        """Return once the context is left and the thread has ended; raises what leaving it raised."""
        atexit.unregister(self.close)
        if self._opened.exception() is None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._opened.result().call_soon_threadsafe(self._closing.set)
        self._thread.join()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _work(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            if self._opened.done():
                self._error = error
            else:
                self._opened.set_exception(error)

    async def _live(self) -> None:
        self._closing = asyncio.Event()
        async with self._lifetime():
            self._opened.set_result(asyncio.get_running_loop())
            await self._closing.wait()
