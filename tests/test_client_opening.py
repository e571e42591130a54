"""When and where a client may be used, and what it says elsewhere."""

from __future__ import annotations

import asyncio
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest
import trio

from azure_iaas import ServiceManagementClient

LOCATIONS = b"<Locations/>"


def make() -> ServiceManagementClient:
    async def answer(_: httpx.Request) -> httpx.Response:
        await anyio.lowlevel.checkpoint()
        return httpx.Response(200, content=LOCATIONS)

    return ServiceManagementClient("sub", transport=httpx.MockTransport(answer))


@pytest.mark.anyio
async def test_any_task_may_open_use_and_close() -> None:
    client = make()
    for step in (client.open, client.list_locations, client.list_locations, client.aclose, client.aclose):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(step)
    with pytest.raises(RuntimeError, match="the client is closed: make a new one"):
        await client.list_locations()


@pytest.mark.anyio
async def test_open_gives_the_client() -> None:
    client = await make().open()
    assert await client.list_locations() == []
    with pytest.raises(RuntimeError, match="opened once"):
        await client.open()
    assert await client.list_locations() == []
    await client.aclose()


@pytest.mark.anyio
async def test_closing_lets_requests_end() -> None:
    ready, go_on = anyio.Event(), anyio.Event()

    async def answer(_: httpx.Request) -> httpx.Response:
        ready.set()
        await go_on.wait()
        return httpx.Response(200, content=LOCATIONS)

    client = await ServiceManagementClient("sub", transport=httpx.MockTransport(answer)).open()
    results: list[Any] = []

    async def call() -> None:
        results.append(await client.list_locations())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(call)
        await ready.wait()
        tasks.start_soon(client.aclose)
        await anyio.wait_all_tasks_blocked()
        go_on.set()
    assert results == [[]]


@pytest.mark.anyio
async def test_before_it_is_open() -> None:
    with pytest.raises(RuntimeError, match=r"isn't open: use 'async with client:'.* 'await client.open\(\)'"):
        await make().list_locations()


ELSEWHERE = "belongs to another event loop"


def test_another_loop_or_thread_is_told_at_once() -> None:
    client = make()

    async def elsewhere() -> None:
        for use in (client.list_locations, client.aclose):
            with pytest.raises(RuntimeError, match=ELSEWHERE):
                await use()

    async def first() -> None:
        await client.open()
        await asyncio.to_thread(asyncio.run, elsewhere())
        await asyncio.to_thread(trio.run, elsewhere)
        assert await client.list_locations() == []
        await client.aclose()

    asyncio.run(first())


def test_a_client_left_open_is_closed_with_its_loop() -> None:
    for run in (asyncio.run, lambda main: trio.run(lambda: main)):
        client = make()

        async def left_open(client: ServiceManagementClient = client) -> None:
            await client.open()
            await client.list_locations()

        run(left_open())
        with pytest.raises(RuntimeError, match="closed"):
            asyncio.run(client.list_locations())
