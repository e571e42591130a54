"""One service's place on the background thread."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, Final

import anyio
import sniffio

from azure_iaas.callback.background import background
from azure_iaas.callback.exit_code import exit_code
from azure_iaas.callback.jobs import Jobs
from azure_iaas.callback.reporting import listed, report, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.callback.jobs import Job
    from azure_iaas.client import ServiceManagementClient

DEFAULT_DRAIN_TIMEOUT_SECONDS: Final = 3600.0
"""How long an ending program waits for its calls. A wait for an operation ends by itself after half of it."""


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
