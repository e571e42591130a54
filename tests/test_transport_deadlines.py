"""One deadline over all a call does; on virtual time, so that how late it ends can be told exactly."""

from __future__ import annotations

import math
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
import trio
import trio.testing
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas import (
    AzureError,
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    InvalidArgumentError,
    OutcomeUnknownError,
    RequestTimeoutError,
    ServiceManagementClient,
    deadline,
)
from azure_iaas.transport import HTTPTransport, current_deadline
from azure_iaas.wire.messages import RawRequest, RawResponse
from tests import soak, virtual_time
from tests.transport_peers import CERTIFICATE, options

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

OVERSHOOT_SECONDS = 0.1
XML = {"content-type": "application/xml", "x-ms-request-id": "ab" * 16}
BUSY = RawResponse(
    503, {**XML, "retry-after": "3"}, b"<Error><Code>ServerBusy</Code><Message>later</Message></Error>"
)
OPERATION = RawResponse(200, XML, b"<Operation><ID>x</ID><Status>Succeeded</Status></Operation>")


class Slow:
    """Gives one outcome after some seconds, over and over."""

    def __init__(self, outcome: RawResponse | Exception | None, seconds: float = 0.0) -> None:
        self.outcome = outcome
        self.seconds = seconds
        self.asked = 0

    async def send(self, request: RawRequest) -> RawResponse:
        self.asked += 1
        await anyio.sleep(math.inf if self.outcome is None else self.seconds)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        assert self.outcome is not None
        return self.outcome


def on_virtual_time(work: Callable[[], Awaitable[object]]) -> tuple[AzureError | None, float]:
    """Give what the work raised, and how many seconds it took."""
    caught: AzureError | None = None

    async def main() -> float:
        nonlocal caught
        began = trio.current_time()
        try:
            await work()
        except AzureError as error:
            caught = error
        return trio.current_time() - began

    took = trio.run(main, clock=trio.testing.MockClock(autojump_threshold=0))
    return caught, took


def read(sender: Any, **more: Any) -> Callable[[], Awaitable[object]]:
    async def work() -> object:
        client = ServiceManagementClient("sub", transport=sender, random=lambda: 0.5, **more)
        return await client.get_operation_status("ab" * 16)

    return work


def write(sender: Any, **more: Any) -> Callable[[], Awaitable[object]]:
    async def work() -> object:
        client = ServiceManagementClient("sub", transport=sender, random=lambda: 0.5, **more)
        return await client.delete_role("svc", "dep", "role")

    return work


@pytest.mark.parametrize("seconds", [0.001, 0.3, 2.0, 7.5])
def test_a_call_without_an_answer_ends_by_its_deadline(seconds: float) -> None:
    for work, kind in ((read, RequestTimeoutError), (write, OutcomeUnknownError)):
        error, took = on_virtual_time(work(Slow(None), timeout_seconds=seconds))
        assert type(error) is kind
        assert error is not None
        assert error.request_sent is None
        assert error.operation in {"GetOperationStatus", "DeleteRole"}
        assert seconds <= took <= seconds + OVERSHOOT_SECONDS


@pytest.mark.parametrize("failure", [ConnectError("no"), RequestTimeoutError("queue", request_sent=False)])
@pytest.mark.parametrize("work", [read, write])
def test_what_never_left_is_told_so(failure: AzureError, work: Any) -> None:
    error, took = on_virtual_time(work(Slow(failure), timeout_seconds=0.001))
    assert type(error) is RequestTimeoutError
    assert error.request_sent is False
    assert took <= 0.001


def test_no_pause_goes_beyond_it() -> None:
    sender = Slow(BUSY)
    error, took = on_virtual_time(read(sender, timeout_seconds=5))
    assert isinstance(error, RequestTimeoutError)
    assert (error.status, sender.asked) == (503, 2)
    assert took == 3.0  # the next attempt would have come at 6
    sender = Slow(BUSY)
    error, _ = on_virtual_time(read(sender))
    assert error is not None
    assert (error.status, sender.asked) == (503, 4)


def test_a_lost_write_isn_t_made_safe_by_a_deadline() -> None:
    error, _ = on_virtual_time(write(Slow(ConnectionLostError("reset")), timeout_seconds=5))
    assert isinstance(error, OutcomeUnknownError)


@given(
    seconds=st.floats(0.001, 400),
    pause=st.floats(0.001, 100),
    outcome=st.sampled_from([None, ConnectError("x"), ConnectionLostError("x"), BUSY, OPERATION]),
    writing=st.booleans(),
)
def test_it_is_never_overshot(
    seconds: float, pause: float, outcome: RawResponse | Exception | None, writing: bool
) -> None:
    work = (write if writing else read)(Slow(outcome, pause), timeout_seconds=seconds)
    _, took = on_virtual_time(work)
    assert took <= seconds + OVERSHOOT_SECONDS


def test_blocks_nest_and_the_earliest_counts() -> None:
    for outer, inner, option, expected in (
        (5, 2, None, 2),
        (2, 5, None, 2),
        (5, None, None, 5),
        (None, None, 4, 4),
        (3, 9, 4, 3),
        (None, None, None, math.inf),
    ):

        async def work(outer: Any = outer, inner: Any = inner, option: Any = option) -> None:
            with deadline(outer), deadline(inner):
                await read(Slow(None), timeout_seconds=option)()

        if expected < math.inf:
            _, took = on_virtual_time(work)
            assert expected <= took <= expected + OVERSHOOT_SECONDS
    assert current_deadline() == math.inf


def test_calls_of_one_block_share_it() -> None:
    sender = Slow(OPERATION, 2)

    async def work() -> None:
        with deadline(5):
            for _ in range(5):
                await read(sender)()

    error, took = on_virtual_time(work)
    assert isinstance(error, RequestTimeoutError)
    assert sender.asked == 3
    assert 5 <= took <= 5 + OVERSHOOT_SECONDS


def test_after_it_nothing_is_sent() -> None:
    sender = Slow(OPERATION)

    async def work() -> None:
        with deadline(1):
            await anyio.sleep(2)
            await write(sender)()

    error, took = on_virtual_time(work)
    assert isinstance(error, RequestTimeoutError)
    assert (error.request_sent, sender.asked, took) == (False, 0, 2)


@pytest.mark.parametrize("seconds", [0, -1, math.nan, True])
def test_unusable_seconds(seconds: float) -> None:
    with pytest.raises(InvalidArgumentError, match="a number above 0"):
        with deadline(seconds):
            pass
    with pytest.raises(ConfigurationError, match=r"^timeout_seconds"):
        ServiceManagementClient("sub", transport=Slow(None), timeout_seconds=seconds)


@pytest.mark.anyio
async def test_on_both_runtimes() -> None:
    with pytest.raises(RequestTimeoutError):
        await read(Slow(None), timeout_seconds=0.01)()
    with pytest.raises(OutcomeUnknownError):
        with deadline(0.01):
            await write(Slow(None))()


# Through our own transport


def test_a_connection_is_free_again_after_a_deadline() -> None:
    asked: list[str] = []

    async def never(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        await anyio.sleep_forever()
        raise AssertionError

    errors: list[AzureError] = []

    async def work() -> None:
        transport = httpx.MockTransport(never)
        async with ServiceManagementClient("sub", transport=transport, max_connections=1) as client:

            async def one() -> None:
                try:
                    with deadline(20):
                        await client.delete_role("svc", "dep", "role")
                except AzureError as error:
                    errors.append(error)

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(one)
                await anyio.wait_all_tasks_blocked()
                await anyio.sleep(5)
                tasks.start_soon(one)

    _, took = on_virtual_time(work)
    assert took <= 25 + OVERSHOOT_SECONDS + 5  # closing the client may take its own 5
    assert asked == ["DELETE", "DELETE"]
    assert [type(error) for error in errors] == [OutcomeUnknownError, OutcomeUnknownError]


def test_a_queue_longer_than_the_deadline() -> None:
    errors: list[AzureError] = []

    async def slow(request: httpx.Request) -> httpx.Response:
        await anyio.sleep(100)
        return httpx.Response(200)

    async def work() -> None:
        transport = httpx.MockTransport(slow)
        async with ServiceManagementClient("sub", transport=transport, max_connections=1) as client:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(client.delete_role, "svc", "dep", "first")
                await anyio.wait_all_tasks_blocked()
                began = anyio.current_time()
                with pytest.raises(RequestTimeoutError) as caught, deadline(2):
                    await client.delete_role("svc", "dep", "second")
                errors.append(caught.value)
                assert anyio.current_time() - began <= 2 + OVERSHOOT_SECONDS
                tasks.cancel_scope.cancel()

    on_virtual_time(work)
    assert [error.request_sent for error in errors] == [False]


def test_redirects_are_in_it() -> None:
    hops = 0

    async def elsewhere(_request: httpx.Request) -> httpx.Response:
        nonlocal hops
        hops += 1
        await anyio.sleep(2)
        return httpx.Response(
            307, headers={"location": f"https://n{hops}.management.core.windows.net/sub/locations"}
        )

    async def work() -> None:
        transport = httpx.MockTransport(elsewhere)
        async with ServiceManagementClient("sub", transport=transport, timeout_seconds=5) as client:
            await client.list_locations()

    error, took = on_virtual_time(work)
    assert isinstance(error, RequestTimeoutError)
    assert hops == 3
    assert took <= 5 + OVERSHOOT_SECONDS


def test_connecting_is_in_it_and_has_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_address: object) -> None:
        await anyio.sleep_forever()

    monkeypatch.setattr(anyio, "connect_tcp", never)
    errors: list[AzureError] = []

    async def work() -> None:
        async with HTTPTransport(options(1), CERTIFICATE) as transport:
            began = anyio.current_time()
            with pytest.raises(RequestTimeoutError) as caught, deadline(2):
                await write(transport)()
            errors.append(caught.value)
            assert anyio.current_time() - began <= 2 + OVERSHOOT_SECONDS

    on_virtual_time(work)
    assert [error.request_sent for error in errors] == [False]


class Weather:
    """Answers, fails, stalls and throttles at random, quickly and slowly."""

    def __init__(self, random: Random) -> None:
        self.random = random

    async def send(self, request: RawRequest) -> RawResponse:
        await anyio.sleep(self.random.choice([0.0, 0.01, self.random.uniform(0, 5), math.inf]))
        outcomes: list[RawResponse | Exception] = [
            *(ConnectError("no"), ConnectionLostError("reset"), RequestTimeoutError("slow")),
            *(BUSY, RawResponse(500), RawResponse(502, {}, b"<html>"), RawResponse(429), OPERATION),
        ]
        outcome = self.random.choice(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_no_random_run_of_faults_overshoots(backend: str, tell: Callable[[str], None]) -> None:
    runs = soak.number(200, 1000)
    worst = 0.0

    async def main() -> None:
        nonlocal worst
        for seed in range(runs):
            random = Random(seed)
            client = ServiceManagementClient("sub", transport=Weather(random), random=random.random)
            seconds = random.uniform(0.001, 20)
            began = anyio.current_time()
            bounded = client.within(seconds)
            with suppress(AzureError):
                if random.random() < 0.5:
                    await bounded.get_operation_status("ab" * 16)
                else:
                    await bounded.delete_role("svc", "dep", "role")
            worst = max(worst, anyio.current_time() - began - seconds)

    virtual_time.run(main, backend)
    tell(f"{runs} random fault runs on {backend}: worst overshoot {max(worst, 0) * 1000:.0f} ms")
    assert worst <= OVERSHOOT_SECONDS
