"""Jobs in progress on an event loop, and their callbacks.

Rules:

1. Each job is delivered once: with its result, or cut off. Never while another is being delivered, for
   delivering doesn't await; never before the method that submitted it has returned.
2. A job runs, and is delivered, in a copy of its caller's context.
3. What a delivery raises goes to ``on_error`` and stops nothing, unless ``on_error`` stops it.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any, Final, Self

import anyio
import anyio.abc

from azure_iaas.callback import response
from azure_iaas.client import (
    AttemptEnded,
    AttemptStarted,
    Event,
    Exchange,
    Progress,
    ServiceManagementClient,
    observed,
    watched,
)
from azure_iaas.errors import AzureError, ConnectionLostError, TransportError
from azure_iaas.operations.outcomes import outcome
from azure_iaas.operations.tracking import is_final

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from azure_iaas.callback.response import Response
    from azure_iaas.models import OperationStatus
    from azure_iaas.operations.operation import Call
    from azure_iaas.wire.messages import RawRequest, RawResponse


_CLOSED: Final = "the client was closed before an answer came"


class Job(ABC):
    """Something that ends in one callback.

    Attributes:
        name: how it is called when it is reported, ``CreateDeployment(service, deployment)``.
        context: the caller's context variables as they were.
        submitted: True once the method that made it is about to return.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.context: Context = copy_context()
        self.submitted = False

    @abstractmethod
    async def perform(self) -> Any:
        """Do it; raises only when it is cancelled."""

    @abstractmethod
    def failed(self, error: Exception) -> Any:
        """The result when it couldn't be done."""

    @abstractmethod
    def deliver(self, result: Any) -> None:
        """Call back; whatever the callback raises comes out."""

    @abstractmethod
    def cut_off(self) -> Any:
        """The result when it was stopped half-way."""


class ApiCall(Job):
    """One call of the service."""

    def __init__(
        self,
        name: str,
        client: ServiceManagementClient,
        call: Call[Any],
        callback: Callable[[Response], object],
    ) -> None:
        super().__init__(name)
        self._client = client
        self._call = call
        self._callback = callback
        self._request: RawRequest = call.request
        self._answer: RawResponse | None = None
        self._may_have_left = False

    async def perform(self) -> Response:
        """Send the request; the response says how it went."""
        with watched(self._saw):
            try:
                value = await self._client._call(self._call)
            except Exception as exc:  # noqa: BLE001 - whatever it is, the callback must hear of it
                return self.failed(exc)
        return response.succeeded(value, self._client.options, self._request, self._answer)

    def failed(self, error: Exception) -> Response:
        """The response for an error, with what was sent and answered last."""
        return response.failed(error, self._client.options, self._request, self._answer)

    def deliver(self, result: Response) -> None:
        """Call back with the response."""
        self._callback(result)

    def cut_off(self) -> Response:
        """The response for a call that was stopped; nobody knows what became of a write."""
        self._answer = None
        if self._call.operation.repeatable:
            return self.failed(TransportError(f"{self.name}: {_CLOSED}"))
        sent = None if self._may_have_left else False
        return self.failed(outcome(ConnectionLostError(_CLOSED, request_sent=sent), self._call))

    def _saw(self, event: Event) -> None:
        match event:
            case AttemptStarted():
                self._may_have_left = True
            case AttemptEnded(response=answer, error=error):
                # One that is cut off leaves this as it is: it may be on its way.
                if isinstance(error, AzureError) or error is None:
                    self._answer = answer
                    self._may_have_left = error is None or error.request_sent is not False
            case _:
                pass


class LastAnswer:
    """The latest answer about one operation, shared by all who wait for it, as they share its questions."""

    def __init__(self) -> None:
        self.answer: RawResponse | None = None


class OperationWait(Job):
    """A wait for an accepted operation; ``progress`` hears of every question but the last."""

    def __init__(  # noqa: PLR0917 - all different
        self,
        name: str,
        client: ServiceManagementClient,
        request_id: str,
        question: RawRequest,
        last: LastAnswer,
        callback: Callable[[Response], object],
        progress: Callable[[Response], object] | None,
        on_error: Callable[[Job, BaseException], None],
        **waiting: float | None,
    ) -> None:
        super().__init__(name)
        self._client = client
        self._request_id = request_id
        self._question = question
        self._last = last
        self._callback = callback
        self._progress = progress
        self._on_error = on_error
        self._waiting: dict[str, Any] = waiting
        self._reason: str | None = None

    async def perform(self) -> Response:
        """Wait; the response says how the operation ended."""
        with observed(self._saw):
            try:
                status = await self._client.wait_for_operation(
                    self._request_id, on_progress=self._tell, **self._waiting
                )
            except Exception as exc:  # noqa: BLE001 - whatever it is, the callback must hear of it
                return self.failed(exc)
        return self._succeeded(status)

    def failed(self, error: Exception) -> Response:
        """The response for an error, with the operation's own reason when it gave one."""
        result = response.failed(error, self._client.options, self._question, self._last.answer)
        if self._reason is not None and result.error is not None:
            result.error.Message = self._reason
        return result

    def deliver(self, result: Response) -> None:
        """Call back with the response."""
        self._callback(result)

    def cut_off(self) -> Response:
        """The response for a wait that was stopped; the operation goes on."""
        self._last = LastAnswer()
        return self.failed(TransportError(f"{self.name}: {_CLOSED}"))

    def _succeeded(self, status: OperationStatus) -> Response:
        return response.succeeded(status, self._client.options, self._question, self._last.answer)

    def _saw(self, exchange: Exchange) -> None:
        self._last.answer = exchange.response

    def _tell(self, progress: Progress) -> None:
        status = progress.status
        if status is not None and is_final(status):
            self._reason = status.error.message if status.error else None
            return
        if self._progress is None:
            return
        if status is not None:
            result = self._succeeded(status)
        else:
            result = self.failed(progress.error or TransportError("no answer"))
        try:
            self._progress(result)
        except BaseException as exc:  # noqa: BLE001 - rule 3
            self._on_error(self, exc)


class Timer(Job):
    """A function to call after a while; not at all when it is cut off."""

    def __init__(self, name: str, function: Callable[[], object], seconds: float) -> None:
        super().__init__(name)
        self._function = function
        self._seconds = seconds

    async def perform(self) -> bool:
        """Let the time pass; True when it has."""
        await anyio.sleep(self._seconds)
        return True

    def failed(self, error: Exception) -> bool:
        """False: the function isn't called."""
        return False

    def cut_off(self) -> bool:
        """False: the function isn't called."""
        return False

    def deliver(self, result: bool) -> None:
        """Call the function when the time has passed."""
        if result:
            self._function()


class Jobs:
    """The jobs of one service on one event loop; to be used with ``async with`` there.

    Args:
        on_error: is told what a delivery raised.
        on_done: is told of each job that has been delivered.
    """

    def __init__(
        self, on_error: Callable[[Job, BaseException], None], on_done: Callable[[Job], None]
    ) -> None:
        self._on_error = on_error
        self._on_done = on_done
        self._tasks: anyio.abc.TaskGroup | None = None
        self.broken: Exception | None = None
        """Why no job can be done at all, or None."""
        self.silenced = False
        """True when the program is being ended: nothing is delivered any more."""

    async def __aenter__(self) -> Self:
        """Open for jobs."""
        tasks = anyio.create_task_group()
        self._tasks = await tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        """Wait for all jobs; after an error or a cancellation, cut them off."""
        assert self._tasks is not None  # noqa: S101 - for the type checker
        if kind is None:
            return await self._tasks.__aexit__(None, None, None)
        self.cut_off()
        if issubclass(kind, anyio.get_cancelled_exc_class()):
            return await self._tasks.__aexit__(kind, error, traceback)
        # The block's own error isn't the group's, which would give it back in an ExceptionGroup.
        await self._tasks.__aexit__(None, None, None)
        return None

    def start(self, job: Job) -> None:
        """Begin a job, on this event loop's thread."""
        assert self._tasks is not None  # noqa: S101 - for the type checker
        tasks = self._tasks
        job.context.run(lambda: tasks.start_soon(self._run, job, name=job.name))

    def refuse(self, job: Job) -> None:
        """Cut off a job that was never started."""
        job.context.run(self._deliver, job, job.cut_off())

    def cut_off(self) -> None:
        """Stop every job that isn't done."""
        if self._tasks is not None:
            self._tasks.cancel_scope.cancel()

    async def _run(self, job: Job) -> None:
        while not job.submitted:
            # The submitting thread has a few instructions left: let it have them.
            time.sleep(0)  # noqa: ASYNC251 - what is waited for is a thread, not a task
        result: Any = None
        done = False
        try:
            result = job.failed(self.broken) if self.broken else await job.perform()
            done = True
        finally:
            self._deliver(job, result if done else job.cut_off())

    def _deliver(self, job: Job, result: Any) -> None:
        try:
            if not self.silenced:
                job.deliver(result)
        except BaseException as exc:  # noqa: BLE001 - rule 3
            self._on_error(job, exc)
        finally:
            self._on_done(job)
