"""Watching calls: what is told, in which order, and that a watcher can't change a call."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas import (
    ConnectionLostError,
    InvalidArgumentError,
    ProtocolError,
    RequestTimeoutError,
    ServiceManagementClient,
    deadline,
    watched,
)
from azure_iaas.client import AttemptEnded, AttemptStarted, CallEnded, CallStarted, Event, RetryScheduled
from azure_iaas.client.caller import OFF_LOOP_BYTES, OFF_LOOP_PARTS
from azure_iaas.client.logs import headers
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.anyio

LOCATIONS = RawResponse(
    200,
    {"content-type": "application/xml", "x-ms-request-id": "ab" * 16, "set-cookie": "canary"},
    b"<Locations/>",
)


class Scripted:
    def __init__(self, *script: RawResponse | Exception) -> None:
        self.script = list(script)

    async def send(self, request: RawRequest) -> RawResponse:
        await anyio.lowlevel.checkpoint()
        if not self.script:
            await anyio.sleep_forever()
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def client_of(*script: RawResponse | Exception, **more: Any) -> ServiceManagementClient:
    return ServiceManagementClient("sub", transport=Scripted(*script), random=lambda: 0.0, **more)


def kinds(events: Sequence[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


async def test_the_order_of_events() -> None:
    events: list[Event] = []
    client = client_of(ConnectionLostError("reset"), LOCATIONS, watcher=events.append)
    await client.list_locations()
    assert kinds(events) == [
        *(CallStarted, AttemptStarted, AttemptEnded, RetryScheduled),
        *(AttemptStarted, AttemptEnded, CallEnded),
    ]
    assert len({event.call for event in events}) == 1
    assert events[0].call.operation == "ListLocations"
    last = events[-1]
    assert isinstance(last, CallEnded)
    assert (last.attempts, last.error) == (2, None)


async def test_a_block_s_watchers_hear_of_its_calls_alone() -> None:
    outer: list[Event] = []
    inner: list[Event] = []
    client = client_of(LOCATIONS, LOCATIONS, LOCATIONS)
    with watched(outer.append):
        await client.list_locations()
        with watched(inner.append):
            await client.list_locations()
    await client.list_locations()
    assert (len(outer), len(inner)) == (8, 4)


async def test_a_cancelled_call_ends_too() -> None:
    events: list[Event] = []
    with anyio.move_on_after(0.01):
        await client_of(watcher=events.append).list_locations()
    assert kinds(events) == [CallStarted, AttemptStarted, AttemptEnded, CallEnded]
    last = events[-1]
    assert isinstance(last, CallEnded)
    assert isinstance(last.error, anyio.get_cancelled_exc_class())


async def test_a_failing_watcher_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def watch(event: Event) -> None:
        raise RuntimeError("mine")

    assert await client_of(LOCATIONS, watcher=watch).list_locations() == []
    assert {record.name for record in caplog.records} == {"azure_iaas.client"}
    assert "a watcher failed at CallStarted of ListLocations" in caplog.text


async def test_only_headers_of_the_list_are_logged_with_their_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "azure_iaas")
    await client_of(ConnectionLostError("reset"), LOCATIONS).list_locations()
    assert "canary" not in caplog.text
    assert "x-ms-request-id: " + "ab" * 16 in caplog.text
    assert {record.name for record in caplog.records} == {"azure_iaas.client", "azure_iaas.retrying"}
    assert headers({"Authorization": "x", "Server": "y"}) == "Authorization, Server: y"


# Reading large answers


def large(count: int = 5000) -> RawResponse:
    each = b"<Location><Name>West US</Name><DisplayName>West US, the long name of it</DisplayName></Location>"
    response = RawResponse(200, LOCATIONS.headers, b"<Locations>" + each * count + b"</Locations>")
    assert (len(response.body) > OFF_LOOP_BYTES) == (count > 700)
    return response


@pytest.fixture
def reading_threads(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Tell of every reading whether it was in the loop's thread."""
    where: list[bool] = []
    operation = type(ServiceManagementClient.list_locations.operation)
    parse = operation.parse

    def watched_parse(self: Any, *args: Any) -> Any:
        where.append(threading.current_thread() is threading.main_thread())
        return parse(self, *args)

    monkeypatch.setattr(operation, "parse", watched_parse)
    return where


async def test_a_large_answer_is_read_in_a_thread_that_ends(reading_threads: list[bool]) -> None:
    before = threading.active_count()
    client = client_of(large(), large(10))
    assert len(await client.list_locations()) == 5000
    assert len(await client.list_locations()) == 10
    assert reading_threads == [False, True]
    assert threading.active_count() == before


@pytest.mark.parametrize(
    "costly",
    [
        b"<Locations>" + b"<a/>" * OFF_LOOP_PARTS + b"</Locations>",
        b'{"a":[' + b"1," * (OFF_LOOP_PARTS // 2) + b"1]}",
        b"[" + b"{}," * OFF_LOOP_PARTS + b"{}]",
    ],
)
async def test_so_is_a_small_one_of_many_parts(costly: bytes, reading_threads: list[bool]) -> None:
    assert len(costly) < OFF_LOOP_BYTES
    client = client_of(RawResponse(200, LOCATIONS.headers, costly), LOCATIONS)
    with suppress(ProtocolError):
        await client.list_locations()
    await client.list_locations()
    assert reading_threads == [False, True]


async def test_errors_of_a_large_answer_are_the_same() -> None:
    broken = RawResponse(500, LOCATIONS.headers, large().body)
    error: Any = None
    for answer in (broken, RawResponse(500, LOCATIONS.headers, large(10).body)):
        with pytest.raises(Exception, match="HTTP 500") as caught:
            await client_of(answer, answer, answer, answer).list_locations()
        assert error is None or type(caught.value) is type(error)
        error = caught.value


@pytest.mark.parametrize("leave", ["cancel", "deadline"])
async def test_nobody_waits_for_the_reading_of_a_large_answer(
    leave: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    operation = type(ServiceManagementClient.list_locations.operation)

    def stuck(self: Any, *args: Any) -> Any:
        begun.set()
        go_on.wait(60)

    monkeypatch.setattr(operation, "parse", stuck)
    client = client_of(large())
    try:
        if leave == "cancel":
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(client.list_locations)
                while not begun.is_set():  # noqa: ASYNC110 - set by a thread
                    await anyio.sleep(0.001)
                tasks.cancel_scope.cancel()
        else:
            with pytest.raises(RequestTimeoutError, match="before the answer was read"), deadline(0.2):
                await client.within(1000).list_locations()
    finally:
        go_on.set()


# A bound of its own for a call


async def test_within_bounds_one_call_and_shares_the_rest() -> None:
    client = client_of(LOCATIONS, timeout_seconds=1000)
    short = client.within(0.01)
    assert await client.list_locations() == []
    with pytest.raises(RequestTimeoutError):
        await short.list_locations()
    assert short.transport is client.transport
    assert short._follower is client._follower
    assert (client.options.timeout_seconds, short.options.timeout_seconds) == (1000, 0.01)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), True])
async def test_within_refuses_what_is_no_time(seconds: float) -> None:
    with pytest.raises(InvalidArgumentError, match="a number above 0"):
        client_of().within(seconds)
