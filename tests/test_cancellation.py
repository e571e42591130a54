"""Two thousand callers that leave at random moments, against the local service over TLS.

No connection may be lost by it, and the next request must succeed.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import anyio
import pytest

from azure_iaas.emulator import LocalService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from azure_iaas import ServiceManagementClient

pytestmark = pytest.mark.anyio

CANCELLATIONS = 2000
AT_ONCE = 50
LONGEST_STAY_SECONDS = 0.03


class Leaving:
    """Calls that are left at a random moment, and how long it took to be free."""

    def __init__(self, client: ServiceManagementClient) -> None:
        self.client = client
        self.dice = random.Random(2012)
        self.left = 0
        self.answered = 0
        self.waits: list[float] = []

    async def call(self) -> None:
        """Make a read or a write; each fails or succeeds as it may."""
        if self.dice.random() < 0.3:
            await self.client.create_hosted_service(f"svc{self.dice.randrange(10**9)}")
        else:
            await self.client.list_locations()

    async def by_task_cancel(self) -> None:
        task = asyncio.create_task(self.call())
        await asyncio.sleep(self.dice.random() * LONGEST_STAY_SECONDS)
        began = anyio.current_time()
        for _ in range(self.dice.choice((1, 1, 2))):
            task.cancel()
        await asyncio.wait([task])
        self.note(began, left=task.cancelled())
        if not task.cancelled():
            task.result()

    async def by_asyncio_timeout(self) -> None:
        stay = self.dice.random() * LONGEST_STAY_SECONDS
        began = anyio.current_time() + stay
        left = False
        try:
            async with asyncio.timeout(stay):
                await self.call()
        except TimeoutError:
            left = True
        self.note(began, left=left)

    async def by_scope(self) -> None:
        stay = self.dice.random() * LONGEST_STAY_SECONDS
        began = anyio.current_time() + stay
        with anyio.move_on_after(stay) as scope:
            await self.call()
        self.note(began, left=scope.cancelled_caught)

    def note(self, began: float, *, left: bool) -> None:
        if left:
            self.left += 1
            self.waits.append(anyio.current_time() - began)
        else:
            self.answered += 1


@pytest.fixture
async def client() -> AsyncIterator[ServiceManagementClient]:
    async with LocalService(speed=1000) as service, service.client(max_connections=8) as client:
        yield client


async def leave_often(leaving: Leaving, ways: list[Callable[[], Awaitable[None]]]) -> None:
    async def one() -> None:
        while leaving.left < CANCELLATIONS:
            await leaving.dice.choice(ways)()

    async with anyio.create_task_group() as tasks:
        for _ in range(AT_ONCE):
            tasks.start_soon(one)


async def test_no_connection_is_lost(
    client: ServiceManagementClient, anyio_backend_name: str, tell: Callable[[str], None]
) -> None:
    leaving = Leaving(client)
    ways: list[Callable[[], Awaitable[None]]] = [leaving.by_scope]
    if anyio_backend_name == "asyncio":
        ways += [leaving.by_task_cancel, leaving.by_asyncio_timeout]
    await leave_often(leaving, ways)

    # As many at a time as there are connections: each of them must still be of use.
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            for _ in range(8 * 5):
                tasks.start_soon(client.list_locations)
    waits = sorted(leaving.waits)
    tell(
        f"{leaving.left} cancellations on {anyio_backend_name} ({leaving.answered} answered first):"
        f" free after {waits[len(waits) // 2] * 1e3:.1f} ms (median), {waits[-1] * 1e3:.1f} ms (longest)"
    )
