"""azure-core's pollers of long operations, on answers made here: what is theirs is when they ask."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from azure.core.pipeline import PipelineContext, PipelineResponse
from azure.core.pipeline.transport import HttpRequest
from azure.core.polling import AsyncLROPoller
from azure.core.polling.async_base_polling import AsyncLROBasePolling
from azure.core.polling.base_polling import LROBasePolling

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

NO_CLIENT: Final[Any] = None
"""None is needed: nothing is sent."""
URL: Final = "https://service.example/operations/1"


def answer(status: str) -> PipelineResponse[Any, Any]:
    """What the poller takes for an answer of the service."""
    request = HttpRequest("POST", URL)
    text = f'{{"status": "{status}"}}'
    response = SimpleNamespace(
        status_code=202,
        headers={"operation-location": URL},
        request=request,
        text=lambda: text,
        content=text.encode(),
        content_type="application/json",
    )
    return PipelineResponse(request, response, PipelineContext(None))


class _OnVirtualTime(LROBasePolling[Any, Any, Any]):
    """Asks a service whose operation takes so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds, self.now = seconds, 0.0
        self.asked: list[float] = []

    def _sleep(self, delay: float) -> None:
        self.now += delay

    def request_status(self, status_link: str) -> PipelineResponse[Any, Any]:
        self.asked.append(self.now)
        return answer("Succeeded" if self.now >= self.seconds else "InProgress")


def questions(seconds: float) -> list[float]:
    """When ``LROPoller`` asks, with its defaults, until an operation that takes so long has ended."""
    polling = _OnVirtualTime(seconds)
    polling.initialize(NO_CLIENT, answer("InProgress"), lambda _: None)
    polling.run()
    return polling.asked


class _NeverEnding(AsyncLROBasePolling[Any, Any, Any]):
    async def _sleep(self, delay: float) -> None:
        await asyncio.sleep(delay)

    async def request_status(self, status_link: str) -> PipelineResponse[Any, Any]:
        return answer("InProgress")


def never_ending() -> Callable[[int], Awaitable[object]]:
    """Waits of ``AsyncLROPoller`` for operations that run on."""

    async def one(_: int) -> None:
        await AsyncLROPoller(NO_CLIENT, answer("InProgress"), lambda _: None, _NeverEnding()).wait()

    return one
