"""The one background thread on which services without an event loop live, and the end of the program.

Rules:

1. All such services of a process share the thread, so that no two of their callbacks ever run at a time, as
   in the language the API was documented for.
2. The thread is there from the first call until the last service is closed, or the program ends.
3. A program that ends with calls pending stays until they are done or the bound of their service has passed.
   Ctrl-C ends that wait at once.
4. The exit code isn't 0 when a callback raised or a call was cut off, and standard error names them.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import math
import os
import socket
import sys
import threading
import time
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import anyio

from azure_iaas.callback.exit_code import before_threads_end, code_of, exit_code
from azure_iaas.callback.reporting import listed, say
from azure_iaas.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context

    from azure_iaas.callback.host import Host

STOP_SECONDS: Final = 1.0
"""How long stopping may take once calls were cut off; only a callback that blocks takes longer."""
SIGNAL_SECONDS: Final = 0.25
"""How often a wait looks for Ctrl-C: a signal another thread, or Windows, received doesn't end a wait."""


class Background:
    """The thread, its event loop, and the services on it."""

    def __init__(self) -> None:
        self.reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.reset)

    def reset(self) -> None:
        """Begin anew: at first, and in a process just forked, where the thread isn't."""
        self.changed: threading.Condition = threading.Condition(threading.RLock())
        self._hosts: dict[Host, None] = {}
        self._threads: list[threading.Thread] = []
        self._thread: threading.Thread | None = None
        self._registered = False
        self._drained = True
        self._ending: SystemExit | KeyboardInterrupt | None = None
        self._start_error: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop
        self._context: Context
        self._tasks: anyio.abc.TaskGroup
        self._stop: anyio.Event

    # From any thread

    def host(self, host: Host) -> None:
        """Keep a service alive, and the thread with it; hold ``changed``."""
        self._hosts[host] = None
        if self._thread is not None:
            return
        self._register()
        started = threading.Event()
        thread = threading.Thread(target=self._run, args=(started,), name="azure_iaas callbacks", daemon=True)
        thread.start()
        started.wait()
        if self._start_error is not None:
            error, self._start_error = self._start_error, None
            raise RuntimeError("the background thread couldn't be started") from error
        self._thread = thread
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]

    def post(self, function: Callable[..., object], *args: object) -> None:
        """Call a function on the thread, soon; without a thread there is nothing to call."""
        with self.changed:
            if self._thread is not None:
                self._loop.call_soon_threadsafe(function, *args, context=self._context)

    def post_without_lock(self, function: Callable[..., object]) -> None:
        """The same from where no lock may be taken; what comes too late is forgotten."""
        if self._thread is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(function, context=self._context)

    def refuse_inside(self, method: str) -> None:
        """Refuse to wait where what is waited for couldn't happen.

        Raises:
            RuntimeError: called on the thread.
        """
        if threading.current_thread() in self._threads:
            raise RuntimeError(
                f"{method}() can't wait in a callback: all callbacks run on this thread. Go on in the"
                " callback of what you wait for."
            )

    def wait_for(self, condition: Callable[[], bool], timeout_seconds: float | None) -> bool:
        """Wait for a condition; hold ``changed``.

        Raises:
            SystemExit, KeyboardInterrupt: a callback raised it.
        """
        until = math.inf if timeout_seconds is None else time.monotonic() + timeout_seconds
        while not (met := condition()) and self._ending is None:
            left = until - time.monotonic()
            if left <= 0:
                break
            self.changed.wait(min(left, SIGNAL_SECONDS))
        if self._ending is not None:
            ending, self._ending = self._ending, None
            raise ending
        return met

    def end(self, hosts: list[Host], *, cut_off: bool) -> None:
        """Close services and wait until they are closed, or too long for that."""
        for host in hosts:
            host.begin_to_end(cut_off=cut_off)
        until = time.monotonic() + STOP_SECONDS
        for host in hosts:
            host.wait_ended(max(0.0, until - time.monotonic()))

    def release(self, host: Host) -> None:
        """Let go of a closed service; with the last one the thread ends."""
        with self.changed:
            self._hosts.pop(host, None)
            if self._hosts or self._thread is None:
                return
            self.post(self._stop.set)
            thread, self._thread = self._thread, None
        if not host.living:
            thread.join(STOP_SECONDS)

    # On the thread

    def start_soon(self, function: Callable[[], Any]) -> None:
        """Start a task on the thread."""
        self._tasks.start_soon(function)

    def ended(self, host: Host) -> None:
        """Take note that a service has ended."""
        with self.changed:
            self._hosts.pop(host, None)
            self.changed.notify_all()

    def end_program(self, error: SystemExit | KeyboardInterrupt) -> None:
        """A callback wants the program to end: nothing calls back any more."""
        with self.changed:
            self._ending = error
            hosts = list(self._hosts)
            lost = [name for host in hosts for name in host.pending]
            self.changed.notify_all()
        exit_code.code = code_of(error) or exit_code.code
        if lost:
            say(f"{type(error).__name__} in a callback: {listed(lost)} cut off")
        for host in hosts:
            host.silence()

    def _run(self, started: threading.Event) -> None:
        try:
            anyio.run(self._main, started, backend="asyncio", backend_options={"loop_factory": _new_loop})
        except BaseException as exc:
            if started.is_set():
                raise
            self._start_error = exc
        finally:
            started.set()

    async def _main(self, started: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._context = copy_context()
        self._stop = stop = anyio.Event()
        async with anyio.create_task_group() as self._tasks:
            started.set()
            await stop.wait()

    # The end of the program

    def _register(self) -> None:
        if self._registered:
            return
        self._registered = True
        # atexit alone is too late for callbacks that use threads: by then none can be started, and thread
        # pools refuse work. What other threads call while the interpreter waits for them is left for atexit.
        self._drained = not before_threads_end(self._drain_at_exit)
        atexit.register(self._close_at_exit)

    def _drain_at_exit(self) -> None:
        try:
            # Left by Ctrl-C: the user wants the program to end now.
            if issubclass(getattr(sys, "last_type", None) or Exception, KeyboardInterrupt):
                self._cut_off_all()
            else:
                self._wait_for_all()
        except KeyboardInterrupt:
            exit_code.code = 130
            with contextlib.suppress(KeyboardInterrupt):
                self._cut_off_all()
        except SystemExit:
            pass  # a callback's: the exit code is set
        self._drained = True

    def _close_at_exit(self) -> None:
        try:
            if self._drained:
                self._drain_at_exit()
            else:
                # Ctrl-C between the program's last statement and our waiting: the interpreter forgot it.
                exit_code.code = 130
                self._cut_off_all()
            self.end(list(self._hosts), cut_off=False)
            for host in list(self._hosts):
                self.release(host)
            with self.changed:
                self.post(self._stop.set)
            for thread in self._threads:
                thread.join(STOP_SECONDS)
        except KeyboardInterrupt:
            exit_code.code = 130

    def _wait_for_all(self) -> None:
        began = time.monotonic()
        while waiting := [host for host in list(self._hosts) if host.pending]:
            host = min(waiting, key=lambda each: each.drain_timeout_seconds)
            left = began + host.drain_timeout_seconds - time.monotonic()
            with self.changed:
                if self.wait_for(lambda host=host: not host.pending, max(0.0, left)):  # type: ignore[misc]
                    continue
                lost = host.pending
            exit_code.code = exit_code.code or 1
            say(f"the program ended {host.drain_timeout_seconds:g} s ago: {listed(lost)} cut off")
            self.end([host], cut_off=True)
            self._hosts.pop(host, None)

    def _cut_off_all(self) -> None:
        hosts = list(self._hosts)
        if lost := [name for host in hosts for name in host.pending]:
            say(f"Ctrl-C: {listed(lost)} cut off")
        self.end(hosts, cut_off=True)
        self._hosts.clear()


def _new_loop() -> asyncio.AbstractEventLoop:
    """Make a loop that looks host names up without a pool, which would refuse at the end of the program."""
    loop = asyncio.new_event_loop()

    async def getaddrinfo(host: Any, port: Any, **hints: Any) -> Any:
        look_up = partial(socket.getaddrinfo, host, port, **hints)
        return await in_thread(look_up, abandon=True, may_hang=True)

    loop.getaddrinfo = getaddrinfo  # type: ignore[method-assign]
    return loop


background: Final = Background()
