"""Waiting for an operation: who asks, when, and how a wait ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest
import trio.testing

from azure_iaas.errors import (
    ConnectionLostError,
    InvalidArgumentError,
    OperationFailedError,
    OperationTimeoutError,
    ResourceNotFoundError,
    ServerError,
    ThrottledError,
)
from azure_iaas.models import OperationStatus
from azure_iaas.operations.tracking import AcceptedOperation
from azure_iaas.polling import Progress, Waits

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.anyio

ACCEPTED = AcceptedOperation("ab" * 16, "CreateDeployment", 202, "sub")
DONE = OperationStatus(status="Succeeded", http_status_code=200)
FAILED = OperationStatus.model_validate(
    {"Status": "Failed", "HttpStatusCode": 409, "Error": {"Code": "ConflictError", "Message": "busy"}}
)
IN_PROGRESS = OperationStatus(status="InProgress")


def virtual_time() -> object:
    """Trio with a clock that jumps whenever all tasks sleep."""
    return pytest.param(("trio", {"clock": trio.testing.MockClock(autojump_threshold=0)}), id="trio-virtual")


class Service:
    """Answers status questions: one entry of the script each, the last one for ever."""

    def __init__(self, *script: OperationStatus | Exception) -> None:
        self.script = list(script)
        self.asked_at: list[float] = []

    async def ask(self, request_id: str) -> OperationStatus:
        assert request_id == ACCEPTED.request_id
        self.asked_at.append(anyio.current_time())
        await anyio.lowlevel.checkpoint()
        answer = self.script[0] if len(self.script) == 1 else self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def wait(
    service: Service,
    waits: Waits | None = None,
    *,
    interval: float | None = 0.001,
    timeout: float | None = 60,  # noqa: ASYNC109
    on_progress: Callable[[Progress], object] | None = None,
) -> OperationStatus:
    waits = waits or Waits(service.ask, lambda: 0.5)
    return await waits.wait(ACCEPTED, interval=interval, timeout=timeout, on_progress=on_progress)


async def test_progress_is_told_after_each_question() -> None:
    service = Service(IN_PROGRESS, IN_PROGRESS, DONE)
    told: list[Progress] = []
    assert await wait(service, on_progress=told.append) is DONE
    assert [progress.status for progress in told] == [IN_PROGRESS, IN_PROGRESS, DONE]
    assert [progress.polls for progress in told] == [1, 2, 3]
    assert told[0].operation is ACCEPTED


async def test_progress_may_be_async() -> None:
    told: list[int] = []

    async def tell(progress: Progress) -> None:
        await anyio.lowlevel.checkpoint()
        told.append(progress.polls)

    await wait(Service(IN_PROGRESS, DONE), on_progress=tell)
    assert told == [1, 2]


async def test_a_failed_operation_raises_with_the_services_reason() -> None:
    with pytest.raises(OperationFailedError, match="busy") as caught:
        await wait(Service(IN_PROGRESS, FAILED))
    assert (caught.value.status, caught.value.code) == (409, "ConflictError")


async def test_questions_lost_in_transit_do_not_end_the_wait() -> None:
    lost = [ConnectionLostError("reset"), ThrottledError("slow down", retry_after=0.001), ServerError("500")]
    told: list[Progress] = []
    assert await wait(Service(*lost, DONE), on_progress=told.append) is DONE
    assert [progress.error for progress in told] == [*lost, None]
    assert told[0].status is None


async def test_a_refusal_ends_the_wait() -> None:
    with pytest.raises(ResourceNotFoundError):
        await wait(Service(ResourceNotFoundError("unknown id")))


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_a_fixed_interval_is_the_documented_timer_loop() -> None:
    service = Service(IN_PROGRESS, IN_PROGRESS, IN_PROGRESS, DONE)
    await wait(service, interval=10)
    start = service.asked_at[0]
    assert [at - start for at in service.asked_at] == pytest.approx([0, 10, 20, 30])


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_without_an_interval_pauses_grow_to_ten_seconds() -> None:
    service = Service(*[IN_PROGRESS] * 14, DONE)
    began = anyio.current_time()
    await wait(service, interval=None, timeout=1800)
    pauses = [
        after - before for before, after in zip([began, *service.asked_at], service.asked_at, strict=False)
    ]
    assert pauses[:3] == pytest.approx([0.25, 0.375, 0.5625])
    assert pauses[-1] == pytest.approx(10)


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_retry_after_is_obeyed() -> None:
    service = Service(ThrottledError("slow down", retry_after=45), DONE)
    await wait(service, interval=1)
    assert service.asked_at[1] - service.asked_at[0] == pytest.approx(45)


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_the_deadline_gives_a_token_that_goes_on() -> None:
    service = Service(IN_PROGRESS)
    began = anyio.current_time()
    with pytest.raises(OperationTimeoutError, match=r"1800.* may yet finish") as caught:
        await wait(service, interval=10, timeout=1800)
    assert anyio.current_time() - began == pytest.approx(1800)
    assert caught.value.resume_token is not None
    assert AcceptedOperation.from_token(caught.value.resume_token) == ACCEPTED


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_a_deadline_of_none_waits_for_days() -> None:
    began = anyio.current_time()
    service = Service(*[IN_PROGRESS] * 1000, DONE)
    await wait(service, interval=600, timeout=None)
    assert anyio.current_time() - began == pytest.approx(600_000)


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_a_status_nobody_knows_is_not_final() -> None:
    service = Service(OperationStatus(status="Pondering"), DONE)
    assert await wait(service) is DONE


async def test_many_waiters_share_each_question() -> None:
    service = Service(*[IN_PROGRESS] * 5, DONE)
    waits = Waits(service.ask, lambda: 0.5)
    results: list[OperationStatus] = []
    told: list[list[int]] = []

    async def one() -> None:
        mine: list[int] = []
        told.append(mine)
        results.append(await wait(service, waits, on_progress=lambda progress: mine.append(progress.polls)))

    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(one)
    assert results == [DONE] * 20
    assert len(service.asked_at) == 6
    assert all(mine[-1] == 6 for mine in told)


async def test_when_the_asking_waiter_leaves_another_takes_over() -> None:
    service = Service(IN_PROGRESS, IN_PROGRESS, IN_PROGRESS, DONE)
    waits = Waits(service.ask, lambda: 0.5)
    results: list[OperationStatus] = []

    async def stays() -> None:
        results.append(await wait(service, waits))

    async with anyio.create_task_group() as tasks:
        with anyio.CancelScope() as leaves:
            tasks.start_soon(stays)
            await wait(service, waits, on_progress=lambda _: leaves.cancel())
    assert leaves.cancelled_caught
    assert results == [DONE]


async def test_all_waiters_learn_of_a_failure() -> None:
    service = Service(IN_PROGRESS, FAILED)
    waits = Waits(service.ask, lambda: 0.5)
    failures: list[Exception] = []

    async def one() -> None:
        try:
            await wait(service, waits)
        except OperationFailedError as exc:
            failures.append(exc)

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(one)
    assert len(failures) == 5
    assert len(service.asked_at) == 2


async def test_nothing_remains_of_a_finished_or_cancelled_wait() -> None:
    service = Service(DONE)
    waits = Waits(service.ask, lambda: 0.5)
    await wait(service, waits)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await wait(service, waits)
    assert waits._shared == {}


@pytest.mark.parametrize("seconds", [0, -1, True, "10", float("nan")])
async def test_senseless_times_are_refused(seconds: object) -> None:
    with pytest.raises(InvalidArgumentError, match="interval"):
        await wait(Service(DONE), interval=seconds)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="timeout"):
        await wait(Service(DONE), timeout=seconds)  # type: ignore[arg-type]
