"""The documented API inside a running asyncio or trio program."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Self

import anyio
import sniffio

from azure_iaas.callback.documented import DocumentedMethods
from azure_iaas.callback.jobs import Job, Jobs
from azure_iaas.callback.reporting import report, report_to_loop

if TYPE_CHECKING:
    from types import TracebackType

    from azure_iaas.client import ServiceManagementClient


class BoundService(DocumentedMethods):
    """The documented API on a client of a running asyncio or trio program; made by ``bind``.

    ::

        async with ServiceManagementClient(subscription_id, auth) as client:
            async with ServiceManagementService.bind(client) as iaas:
                iaas.ListHostedServices(lambda rsp: print(rsp.response))

    Callbacks run on that event loop, between its tasks. Leaving the block waits for all calls; an error or a
    cancellation in it cuts them off, and they are called back as failed. What a callback raises goes to the
    loop's exception handler on asyncio, to `sys.excepthook` on trio; SystemExit and KeyboardInterrupt leave
    the block.

    The client stays the caller's, to open and to close.
    """

    def __init__(self, client: ServiceManagementClient) -> None:
        self._client = client
        self._last_answers = weakref.WeakValueDictionary()
        self._calls = Jobs(self._raised, self._done)
        self._pending: dict[Job, None] = {}
        self._idle = anyio.Event()
        self._thread: int | None = None
        self._ending: SystemExit | KeyboardInterrupt | None = None

    def __repr__(self) -> str:
        return f"<BoundService on {self._client!r}>"

    async def __aenter__(self) -> Self:
        """Open for calls."""
        await self._calls.__aenter__()
        self._thread = threading.get_ident()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        """Wait for all calls; after an error or a cancellation, cut them off."""
        if kind is not None:
            self._thread = None
        try:
            left = await self._calls.__aexit__(kind, error, traceback)
        finally:
            self._thread = None
        if self._ending is not None:
            raise self._ending
        return left

    async def drain(self) -> None:
        """Wait until all calls have called back, those their callbacks made included."""
        while self._pending:
            self._idle = anyio.Event()
            await self._idle.wait()

    def _submit(self, job: Job) -> None:
        if self._thread is None:
            msg = f"{job.name}: not open: call it in 'async with ServiceManagementService.bind(client)'"
            raise RuntimeError(msg)
        if self._thread != threading.get_ident():
            msg = f"{job.name}: a bound service is used on its event loop's own thread"
            raise RuntimeError(msg)
        self._pending[job] = None
        job.submitted = True
        self._calls.start(job)

    def _done(self, job: Job) -> None:
        self._pending.pop(job, None)
        if not self._pending:
            self._idle.set()

    def _raised(self, job: Job, error: BaseException) -> None:
        if isinstance(error, (SystemExit, KeyboardInterrupt)):
            self._ending = error
            self._calls.silenced = True
            self._calls.cut_off()
        elif sniffio.current_async_library() == "asyncio":
            report_to_loop(job.name, error)
        else:
            report(error)
