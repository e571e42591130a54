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
import concurrent.futures.thread  # noqa: F401 - it refuses work from its exit hook on: ours must come before
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
import sniffio

from azure_iaas.callback.jobs import Jobs
from azure_iaas.callback.reporting import listed, report, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context

    from azure_iaas.callback.jobs import Job
    from azure_iaas.client import ServiceManagementClient

DEFAULT_DRAIN_TIMEOUT_SECONDS: Final = 3600.0
"""How long an ending program waits for its calls. A wait for an operation ends by itself after half of it."""

STOP_SECONDS: Final = 1.0
"""How long stopping may take once calls were cut off; only a callback that blocks takes longer."""


SIGNAL_SECONDS: Final = 0.25
"""How often a wait looks for Ctrl-C: a signal another thread, or Windows, received doesn't end a wait."""


class _LastWord:
    """Gives the process its exit code when all else of the interpreter's end is done.

    An exit handler can't: what it raises is printed and forgotten, and `os._exit` in it would leave out the
    handlers after it, among them those that flush logs and remove temporary files.
    """

    def __init__(self, code: int) -> None:
        self._code = code

    def __del__(
        self, _exit: Callable[[int], Any] = os._exit, _ending: Callable[[], bool] = sys.is_finalizing
    ) -> None:
        if _ending():
            _exit(self._code)


class ExitCode:
    """The exit code of the process: 0 until something went wrong, and leaves it to the main program."""

    _code = 0

    @property
    def code(self) -> int:
        """The code; setting it is for good."""
        return self._code

    @code.setter
    def code(self, code: int) -> None:
        self._code = code
        # The interpreter clears this dictionary last, and in any case: a module's own may outlive it, held by
        # the frame of a thread that never ends.
        sys.__dict__["_azure_iaas_last_word"] = _LastWord(code) if code else None


exit_code = ExitCode()


class Host:
    """One service's place on the background thread. Its methods may be called from any thread.

    Args:
        client: the service's client, not yet entered; it lives on the background thread.
        drain_timeout_seconds: bound on waiting for its calls when the program ends.
    """

    def __init__(self, client: ServiceManagementClient, drain_timeout_seconds: float) -> None:
        self.drain_timeout_seconds = drain_timeout_seconds
        self._client = client
        self._calls = Jobs(self.callback_raised, self._done)
        self._process = os.getpid()
        self._pending: dict[Job, None] = {}
        self._backlog: list[Job] = []
        self._begun = False
        self._open = False
        self._closed = False
        self._retired = False
        self._ended = threading.Event()
        self._scope: anyio.CancelScope
        self._closing: anyio.Event

    @property
    def pending(self) -> list[str]:
        """Names of the calls that haven't called back."""
        with background.changed:
            return [job.name for job in self._pending]

    @property
    def living(self) -> bool:
        """True from the first call until the end."""
        return self._begun and not self._ended.is_set()

    def submit(self, job: Job) -> None:
        """Have a job done.

        Raises:
            RuntimeError: the service is closed, or belongs to the parent process.
        """
        self._check_process()
        with background.changed:
            if self._closed:
                msg = f"{job.name}: this service is closed"
                raise RuntimeError(msg)
            background.host(self)
            self._pending[job] = None
            self._begun = True
        try:
            background.post(self._start, job)
        finally:
            job.submitted = True

    def drain(self, timeout_seconds: float | None) -> None:
        """Wait until nothing is pending.

        Raises:
            RuntimeError: called in a callback.
            TimeoutError: calls are still pending; they go on.
        """
        self._check_process()
        background.refuse_inside("drain")
        with background.changed:
            if not background.wait_for(lambda: not self._pending, timeout_seconds):
                raise TimeoutError(f"after {timeout_seconds:g} s {listed(self.pending)} still pending")

    def close(self, timeout_seconds: float | None) -> None:
        """Wait until nothing is pending, then close; closing twice is fine.

        Raises:
            RuntimeError: called in a callback.
            TimeoutError: calls were cut off.
        """
        self._check_process()
        background.refuse_inside("close")
        lost: list[str] = []
        try:
            with background.changed:
                try:
                    background.wait_for(lambda: not self._pending, timeout_seconds)
                except KeyboardInterrupt:
                    if self._pending:
                        say(f"Ctrl-C: {listed(self.pending)} cut off")
                    raise
                finally:
                    self._closed = True
                    lost = self.pending
        finally:
            background.end([self], cut_off=bool(lost))
            background.release(self)
        if lost:
            raise TimeoutError(f"closed after {timeout_seconds:g} s: {listed(lost)} cut off")

    def retire(self) -> None:
        """Close once nothing is pending, without waiting: nobody can make calls any more.

        Called when the service is collected, which happens at any moment on any thread: so it takes no lock.
        """
        self._retired = True
        background.post_without_lock(self._close_if_idle)

    def begin_to_end(self, *, cut_off: bool) -> None:
        """Close without waiting for it."""
        with background.changed:
            self._closed = True
            if self.living:
                background.post(self._cut_off if cut_off else self._close)

    def wait_ended(self, timeout_seconds: float) -> None:
        """Wait until it is closed, or too long for that."""
        if self._begun:
            self._ended.wait(timeout_seconds)

    def call_soon(self, function: Callable[..., object], *args: object) -> None:
        """Call a function on the thread the client lives on, in order with the calls made."""
        if self.living:
            background.post(function, *args)
        else:
            function(*args)

    def callback_raised(self, job: Job, error: BaseException) -> None:
        """Report what a callback raised; SystemExit and KeyboardInterrupt end the program."""
        if isinstance(error, (SystemExit, KeyboardInterrupt)):
            with background.changed:
                self._pending.pop(job, None)
            background.end_program(error)
            return
        exit_code.code = exit_code.code or 1
        report(error)

    def _check_process(self) -> None:
        if os.getpid() != self._process:
            msg = "this service was made before a fork, by the parent process: make a new one"
            raise RuntimeError(msg)

    # What follows runs on the background thread.

    def silence(self) -> None:
        """Cut everything off without a callback: the program is being ended."""
        with background.changed:
            self._closed = True
        self._calls.silenced = True
        self._cut_off()

    def _start(self, job: Job) -> None:
        if not hasattr(self, "_scope"):
            self._scope = anyio.CancelScope()
            self._closing = anyio.Event()
            background.start_soon(self._live)
        # The caller's context may say that it is trio that runs here.
        job.context.run(sniffio.current_async_library_cvar.set, "asyncio")
        if self._open:
            self._calls.start(job)
        else:
            self._backlog.append(job)

    async def _live(self) -> None:
        try:
            with self._scope:
                async with contextlib.AsyncExitStack() as stack:
                    try:
                        await stack.enter_async_context(self._client)
                    except Exception as exc:  # noqa: BLE001 - every callback hears of it
                        self._calls.broken = exc
                    async with self._calls:
                        self._open = True
                        while self._backlog:
                            self._calls.start(self._backlog.pop(0))
                        await self._closing.wait()
        except Exception as exc:  # noqa: BLE001 - what ails one service must not end the others
            report(exc)
        finally:
            while self._backlog:
                self._calls.refuse(self._backlog.pop(0))
            self._ended.set()
            background.ended(self)

    def _close(self) -> None:
        self._closing.set()

    def _close_if_idle(self) -> None:
        with background.changed:
            if self.living and not self._pending:
                self._closing.set()

    def _cut_off(self) -> None:
        self._scope.cancel()

    def _done(self, job: Job) -> None:
        with background.changed:
            self._pending.pop(job, None)
            if not self._pending:
                background.changed.notify_all()
                if self._retired:
                    self._closing.set()


class Background:
    """The thread, its event loop, and the services on it."""

    def __init__(self) -> None:
        self.reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.reset)

    def reset(self) -> None:
        """Begin anew: at first, and in a process just forked, where the thread isn't."""
        self.changed = threading.Condition(threading.RLock())
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
        exit_code.code = _as_exit_code(error) or exit_code.code
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
        # One worker thread, made while threads can be made: at the end of the program Python 3.12.0 refuses
        # new ones at once, later versions after a while. All blocking work of this loop is done in it.
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1
        await anyio.to_thread.run_sync(int)
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
        with contextlib.suppress(AttributeError, RuntimeError):
            threading._register_atexit(self._drain_at_exit)  # type: ignore[attr-defined]
            self._drained = False
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
    """Make a loop that looks host names up in the one worker thread, not in a pool of its own."""
    loop = asyncio.new_event_loop()

    async def getaddrinfo(host: Any, port: Any, **hints: Any) -> Any:
        look_up = partial(socket.getaddrinfo, host, port, **hints)
        return await anyio.to_thread.run_sync(look_up, abandon_on_cancel=True)

    loop.getaddrinfo = getaddrinfo  # type: ignore[method-assign]
    return loop


background = Background()


def _as_exit_code(error: SystemExit | KeyboardInterrupt) -> int:
    if isinstance(error, KeyboardInterrupt):
        return 130
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    return 1
