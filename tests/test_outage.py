"""In an outage calls fail at once with the cause, few connections are tried, and its end is noticed soon."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas import (
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    OutageError,
    RequestTimeoutError,
    ServerError,
    ServiceManagementClient,
    TLSError,
    TransportError,
)
from azure_iaas.operations.outage import FAILURES, LONGEST_PAUSE_SECONDS, Breaker
from azure_iaas.wire.messages import RawRequest, RawResponse
from tests import virtual_time
from tests.soak import number

LOCATIONS = RawResponse(200, {"content-type": "application/xml"}, b"<Locations/>")
CALLERS = 100
OUTAGE_SECONDS = number(15, 60)
ROUNDING = 1e-9


class Service:
    """A service that can't be connected to for a while."""

    def __init__(self, failure_seconds: float) -> None:
        self.down = False
        self.attempts = 0
        self.failure_seconds = failure_seconds

    async def send(self, request: RawRequest) -> RawResponse:
        if self.down:
            self.attempts += 1
            await anyio.sleep(self.failure_seconds)
            raise ConnectError("connection refused")
        await anyio.sleep(0.05)
        return LOCATIONS


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("failure_seconds", [0.0, 0.3])
def test_an_outage_with_a_hundred_callers(backend: str, failure_seconds: float, tell: Any) -> None:
    service = Service(failure_seconds)
    client = ServiceManagementClient("sub", transport=service)
    calls = 0
    back_after: list[float] = []
    texts: set[str] = set()

    async def caller(turn: int) -> None:
        nonlocal calls
        # Nobody comes at the same moment, so the last one to be back tells for all.
        await anyio.sleep(turn / CALLERS)
        returned_at = 5.0 + OUTAGE_SECONDS
        while True:
            calls += service.down
            try:
                await client.list_locations()
            except ConnectError as error:
                texts.add(str(error).rpartition("(")[2])
            else:
                if anyio.current_time() - start > returned_at:
                    back_after.append(anyio.current_time() - start - returned_at)
                    return
            await anyio.sleep(0.2)

    start = 0.0

    async def main() -> None:
        nonlocal start
        start = anyio.current_time()
        async with anyio.create_task_group() as tasks:
            for turn in range(CALLERS):
                tasks.start_soon(caller, turn)
            await anyio.sleep(5)
            service.down = True
            await anyio.sleep(OUTAGE_SECONDS)
            service.down = False

    virtual_time.run(main, backend)
    tell(
        f"outage of {OUTAGE_SECONDS} s on {backend}, failing after {failure_seconds} s:"
        f" {service.attempts} attempts for {calls} calls"
        f" ({service.attempts / calls:.3f}), all back after {max(back_after):.2f} s"
    )
    assert service.attempts <= 0.2 * calls
    assert len(back_after) == CALLERS
    assert {text.strip(")") for text in texts} == {"connection refused"}
    assert max(back_after) <= 1.0


def failing(**options: Any) -> tuple[Service, ServiceManagementClient]:
    service = Service(0.0)
    service.down = True
    return service, ServiceManagementClient("sub", transport=service, random=lambda: 0.0, **options)


async def call(client: ServiceManagementClient) -> TransportError:
    with pytest.raises(TransportError) as caught:
        await client.list_locations()
    return caught.value


@pytest.mark.anyio
async def test_a_refused_call_has_the_cause_and_sends_nothing() -> None:
    service, client = failing()
    for _ in range(3):
        error = await call(client)
    assert service.attempts == FAILURES
    assert isinstance(error, OutageError)
    assert isinstance(error.__cause__, ConnectError)
    assert error.__cause__.__traceback__ is None
    assert (error.operation, error.request_sent) == ("ListLocations", False)
    assert error.retry_after is not None
    assert 0 < error.retry_after <= LONGEST_PAUSE_SECONDS


@pytest.mark.anyio
async def test_it_can_be_turned_off() -> None:
    service, client = failing(fail_fast=False)
    for _ in range(50):
        error = await call(client)
        assert not isinstance(error, OutageError)
    assert service.attempts >= 50
    with pytest.raises(ConfigurationError, match="fail_fast"):
        failing(fail_fast="no")


def test_only_a_run_of_failed_connections_is_an_outage() -> None:
    slow = RequestTimeoutError("no connection within 30 s", request_sent=False)
    slow.unreachable = True
    for failure in (ConnectError("x"), slow):
        breaker = Breaker()
        for _ in range(FAILURES):
            assert not breaker.seconds_to_wait(0.0)
            breaker.failed(failure, 0.0)
        assert breaker.seconds_to_wait(0.0)
    for other in (
        RequestTimeoutError("no connection became free", request_sent=False),
        ConnectionLostError("reset"),
        ServerError("500"),
        TLSError("not trusted", request_sent=False),
    ):
        breaker = Breaker()
        for _ in range(10 * FAILURES):
            breaker.failed(other, 0.0)
        assert not breaker.seconds_to_wait(0.0)


def test_whatever_reaches_the_service_ends_it() -> None:
    for failure in (None, ConnectionLostError("reset")):
        breaker = Breaker(in_a_row=FAILURES)
        breaker.failed(ConnectError("x"), 0.0)
        if failure is None:
            breaker.reached()
        else:
            breaker.failed(failure, 0.0)
        assert not breaker.seconds_to_wait(0.0)


@given(st.lists(st.floats(0, 3), min_size=1, max_size=200), st.integers(FAILURES, 10_000))
def test_one_attempt_a_moment_is_let_through(pauses: list[float], failures: int) -> None:
    breaker = Breaker(in_a_row=failures)
    breaker.failed(ConnectError("x"), 0.0)
    now = last = 0.0
    for pause in pauses:
        now += pause
        wait = breaker.seconds_to_wait(now)
        assert 0 <= wait <= LONGEST_PAUSE_SECONDS + ROUNDING
        if not wait:
            assert now - last >= 0.05 - ROUNDING
            last = now
            assert breaker.seconds_to_wait(now) > 0
        else:
            assert now - last < LONGEST_PAUSE_SECONDS + ROUNDING
