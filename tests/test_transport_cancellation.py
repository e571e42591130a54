"""Ten thousand callers cancelled at random moments, by every means there is: no worker is lost."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import anyio
import pytest

from azure_iaas.errors import ConnectionLostError
from azure_iaas.transport import HTTPTransport
from azure_iaas.wire.messages import RawRequest
from tests import soak
from tests.transport_peers import CERTIFICATE, Peer, answer, options, serving, tunnelling

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from anyio.abc import ByteStream

    from azure_iaas.wire.messages import RawResponse

    # Calls send and cancels it after so many seconds; gives the seconds from cancelling to being back.
    Kind = Callable[[HTTPTransport, float], Awaitable[float]]

CANCELLATIONS = soak.number(300, 10_000)
AT_ONCE = 40
CONNECTIONS = 8
GET = RawRequest("GET", "/sub/operations/1")


async def back(task: asyncio.Task[RawResponse], begun: float) -> float:
    try:
        await task
    except asyncio.CancelledError:
        return anyio.current_time() - begun
    return 0.0


async def by_task_cancel(transport: HTTPTransport, seconds: float) -> float:
    task = asyncio.ensure_future(transport.send(GET))
    await asyncio.sleep(seconds)
    begun = anyio.current_time()
    task.cancel()
    return await back(task, begun)


async def by_cancelling_twice(transport: HTTPTransport, seconds: float) -> float:
    task = asyncio.ensure_future(transport.send(GET))
    await asyncio.sleep(seconds)
    begun = anyio.current_time()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    return await back(task, begun)


async def by_asyncio_timeout(transport: HTTPTransport, seconds: float) -> float:
    begun = anyio.current_time()
    try:
        async with asyncio.timeout(seconds):
            await transport.send(GET)
    except TimeoutError:
        return anyio.current_time() - begun - seconds
    return 0.0


async def by_move_on_after(transport: HTTPTransport, seconds: float) -> float:
    begun = anyio.current_time()
    with anyio.move_on_after(seconds) as scope:
        await transport.send(GET)
    return anyio.current_time() - begun - seconds if scope.cancelled_caught else 0.0


async def by_task_group(transport: HTTPTransport, seconds: float) -> float:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(transport.send, GET)
        await anyio.sleep(seconds)
        begun = anyio.current_time()
        tasks.cancel_scope.cancel()
    return anyio.current_time() - begun


ANY: list[Kind] = [by_move_on_after, by_task_group]
NATIVE: list[Kind] = [by_task_cancel, by_cancelling_twice, by_asyncio_timeout]


@pytest.mark.anyio
@pytest.mark.timeout(soak.number(120, 900))
@pytest.mark.parametrize("way", ["direct", "CONNECT"])
async def test_no_worker_is_lost(anyio_backend: str, way: str, tell: Callable[[str], None]) -> None:
    rng = random.Random(20120607)
    kinds = ANY if anyio_backend == "trio" else [*ANY, *NATIVE]

    arrived = 0
    all_there = anyio.Event()

    async def moody(peer: Peer, stream: ByteStream) -> None:
        nonlocal arrived
        while True:
            request = await peer.read(stream)
            if request.line.startswith("GET /last "):
                arrived += 1
                if arrived == CONNECTIONS:
                    all_there.set()
                await all_there.wait()
            else:
                await anyio.sleep(rng.choice((0, 0, 0.001, 0.005, 0.02)))
                # By count, not by chance: on a busy machine few requests get here.
                if len(peer.requests) % 4 == 0:
                    return
            await stream.send(answer())

    left = CANCELLATIONS
    cancelled = 0
    slowest = 0.0

    async def caller(transport: HTTPTransport) -> None:
        nonlocal left, slowest, cancelled
        while left > 0:
            left -= 1
            took = 0.0
            try:
                moment = rng.choice((0, rng.random() * 0.03, rng.random() * 0.2))
                took = await rng.choice(kinds)(transport, moment)
            except* ConnectionLostError:
                pass  # the server cut this one
            cancelled += took > 0
            slowest = max(slowest, took)

    async with serving(moody) as peer, serving(tunnelling, tls=False) as proxy:
        proxy_url = f"http://127.0.0.1:{proxy.port}" if way == "CONNECT" else None
        settings = options(peer.port, max_connections=CONNECTIONS, proxy_url=proxy_url)
        async with HTTPTransport(settings, CERTIFICATE) as transport:
            async with anyio.create_task_group() as tasks:
                for _ in range(AT_ONCE):
                    tasks.start_soon(caller, transport)
            # As many at once as there are connections, none answered before all have arrived: this ends only
            # if each worker is there still.
            with anyio.fail_after(60):
                async with anyio.create_task_group() as tasks:
                    for _ in range(CONNECTIONS):
                        tasks.start_soon(transport.send, RawRequest("GET", "/last"))
    assert arrived == CONNECTIONS
    assert cancelled > CANCELLATIONS / 4
    assert peer.connections > CONNECTIONS
    assert (len(proxy.requests) > 0) is (way == "CONNECT")
    tell(
        f"{cancelled} of {CANCELLATIONS} callers cancelled, {way} on {anyio_backend}: control back after"
        f" {slowest * 1e3:.1f} ms at most; {len(peer.requests)} requests over {peer.connections} connections"
    )


@pytest.mark.anyio
async def test_control_is_back_while_the_exchange_goes_on(anyio_backend: str) -> None:
    go_on = anyio.Event()

    async def slow(peer: Peer, stream: ByteStream) -> None:
        while True:
            await peer.read(stream)
            await go_on.wait()
            await stream.send(answer())

    async with serving(slow) as peer:
        async with HTTPTransport(options(peer.port, max_connections=1), CERTIFICATE) as transport:
            for kind in ANY if anyio_backend == "trio" else [*ANY, *NATIVE]:
                with anyio.fail_after(60):
                    await kind(transport, 0.01)
            assert not go_on.is_set()
            go_on.set()
            with anyio.fail_after(60):
                assert (await transport.send(GET)).status == 200
    # At most one went on without its caller; the others left the queue.
    assert len(peer.requests) <= 2
