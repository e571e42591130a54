"""What waiting costs a process: memory of operations that are waited for, and how long the loop is held up.

All are waited for by one client, whose questions a stand-in for the service answers, sixteen at a time, each
after 10 ms. Memory is what Python allocates, by tracemalloc, while all of them sleep after their first
question; beside it is that of a bare task that sleeps, and of azure-core's poller. The loop is held up as
long as its longest pass takes, in CPU time, while waits begin, a hundred a pass, and ask for the first time.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
import tracemalloc
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final

from azure_iaas import ServiceManagementClient
from azure_iaas.wire.messages import RawResponse
from benchmarks.findings import Findings, Goal, Series
from benchmarks.measuring import OURS, in_child, tell
from tests.virtual_time import VirtualLoop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from azure_iaas.wire.messages import RawRequest
    from benchmarks.measuring import Effort

SUBSCRIPTION: Final = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
STATUS: Final = '<Operation xmlns="http://schemas.microsoft.com/windowsazure"><ID>{0}</ID><Status>{1}</Status></Operation>'
CONNECTIONS: Final = 16
ANSWER_SECONDS: Final = 0.01
STARTED_AT_ONCE: Final = 100
LOOKED_AT_SECONDS: Final = 8.0
"""The first question comes after less than a second, the next one after ten at least."""


class StandIn:
    """Accepts every write, and says that it runs."""

    def __init__(self) -> None:
        self.accepted = 0
        self.asked = 0
        self.enough = (0, asyncio.Event())
        self.connections = asyncio.Semaphore(CONNECTIONS)

    async def send(self, request: RawRequest) -> RawResponse:
        if request.method != "GET":
            self.accepted += 1
            return RawResponse(202, {"x-ms-request-id": f"{self.accepted:032x}"})
        async with self.connections:
            await asyncio.sleep(ANSWER_SECONDS)
        self.asked += 1
        if self.asked == self.enough[0]:
            self.enough[1].set()
        body = STATUS.format(request.target.rpartition("/")[2], "InProgress")
        return RawResponse(200, {"x-ms-request-id": f"{self.accepted:032x}"}, body.encode())

    async def all_asked(self, count: int) -> None:
        """Wait until so many questions have been asked since the stand-in was made."""
        self.enough = count, asyncio.Event()
        await self.enough[1].wait()


@asynccontextmanager
async def waiting(one: Callable[[int], Awaitable[object]], count: int) -> AsyncIterator[None]:
    """Let so many wait during the block."""
    tasks: list[asyncio.Task[object]] = []
    for number in range(count):
        tasks.append(asyncio.create_task(one(number)))  # type: ignore[arg-type]
        if number % STARTED_AT_ONCE == 0:
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def ours(stack: AsyncExitStack) -> Callable[[int], Awaitable[object]]:
    sender = StandIn()
    client = await stack.enter_async_context(ServiceManagementClient(SUBSCRIPTION, transport=sender))

    async def one(number: int) -> None:
        accepted = await client.create_storage_account(f"account{number}")
        await accepted.wait()

    return one


async def sleeping(_: AsyncExitStack) -> Callable[[int], Awaitable[object]]:
    return lambda _: asyncio.sleep(3600.0)


async def lro_poller(_: AsyncExitStack) -> Callable[[int], Awaitable[object]]:
    from benchmarks import azure_core

    return azure_core.never_ending()


PEERS: Final[dict[str, Callable[[AsyncExitStack], Awaitable[Callable[[int], Awaitable[object]]]]]] = {
    OURS: ours,
    "azure-core's AsyncLROPoller": lro_poller,
    "a task that sleeps": sleeping,
}


async def memory(peer: str, count: int) -> float:
    """Bytes of each of so many that wait."""
    async with AsyncExitStack() as stack:
        one = await PEERS[peer](stack)
        async with waiting(one, 100):  # what is made once is made
            await asyncio.sleep(LOOKED_AT_SECONDS)
        gc.collect()
        tracemalloc.start()
        async with waiting(one, count):
            # Until the last of them was asked about, however slowly the service answers so many.
            await asyncio.sleep(LOOKED_AT_SECONDS)
            gc.collect()
            taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return taken / count


class WatchedLoop(asyncio.SelectorEventLoop):
    """Knows the longest of its passes."""

    longest_seconds = 0.0

    def _run_once(self) -> None:
        began = time.thread_time()
        super()._run_once()  # type: ignore[misc]
        self.longest_seconds = max(self.longest_seconds, time.thread_time() - began)


async def held_up(count: int) -> tuple[float, float]:
    """Milliseconds of the longest pass while so many wait, and of CPU for each of them."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, WatchedLoop)
    sender = StandIn()
    async with ServiceManagementClient(SUBSCRIPTION, transport=sender) as client:

        async def one(number: int) -> None:
            accepted = await client.create_storage_account(f"account{number}")
            await accepted.wait()

        async with waiting(one, 100):
            await asyncio.sleep(0)
        gc.collect()
        loop.longest_seconds, began = 0.0, time.process_time()
        async with waiting(one, count):
            await sender.all_asked(count)
            longest, took = loop.longest_seconds, time.process_time() - began
    return longest * 1e3, took / count * 1e3


def measure(effort: Effort) -> Findings:
    sizes = (2000,) if effort.quick else (1000, 3000, 10_000)
    found = Findings()
    for peer in PEERS:
        points = [(size, in_child(__name__, "memory", peer, str(size))) for size in sizes]
        found.series.append(
            Series("memory of all", peer, "waits", "MB", [(size, each * size / 1e6) for size, each in points])
        )
        if peer == OURS:
            what = f"memory of an operation waited for, of {sizes[-1]:,} at once"
            found.goals.append(Goal(what, "KB", 6, points[-1][1] / 1e3))
    passes = [(size, in_child(__name__, "loop", str(size))) for size in sizes]
    longest = passes[-1][1][0]
    found.goals.append(Goal(f"the loop held up while {sizes[-1]:,} wait on one client", "ms", 50, longest))
    found.series += [
        Series("longest pass of the loop", OURS, "waits", "ms", [(size, each[0]) for size, each in passes]),
        Series(
            "CPU of a wait's begin and first question",
            OURS,
            "waits",
            "ms",
            [(size, each[1]) for size, each in passes],
        ),
    ]
    return found


def main() -> None:
    match sys.argv[1:]:
        case ["memory", peer, count]:
            with asyncio.Runner(loop_factory=VirtualLoop) as runner:
                tell(runner.run(memory(peer, int(count))))
        case ["loop", count]:
            with asyncio.Runner(loop_factory=WatchedLoop) as runner:
                tell(runner.run(held_up(int(count))))


if __name__ == "__main__":
    main()
