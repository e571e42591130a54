"""Waiting for an operation: who asks, when, and how a wait ends."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import anyio
import pytest
import trio.testing

from azure_iaas.client import ServiceManagementClient
from azure_iaas.errors import (
    AuthenticationError,
    AzureError,
    BadRequestError,
    ConnectionLostError,
    InvalidArgumentError,
    OperationFailedError,
    OperationTimeoutError,
    ProtocolError,
    ResourceNotFoundError,
    ServerError,
    ServiceError,
    ThrottledError,
    TLSError,
)
from azure_iaas.models import OperationStatus
from azure_iaas.operations.pace import FIRST_SECONDS
from azure_iaas.operations.tracking import ODD_ANSWERS, AcceptedOperation
from azure_iaas.polling import LAST_QUESTION_SECONDS, Follower, Progress, Question
from azure_iaas.wire.messages import RawResponse
from tests.soak import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.wire.messages import RawRequest

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
    follower: Follower | None = None,
    *,
    interval: float | None = 0.001,
    timeout: float | None = 60,  # noqa: ASYNC109
    age: float | None = 0.0,
    on_progress: Callable[[Progress], object] | None = None,
) -> OperationStatus:
    follower = follower or Follower(service.ask, lambda: 0.5)
    return await follower.follow(
        ACCEPTED, age=age, interval=interval, timeout=timeout, on_progress=on_progress
    )


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


@pytest.mark.parametrize(
    "error",
    [
        ResourceNotFoundError("unknown id", status=404, code="ResourceNotFound"),
        AuthenticationError("not let in", status=403, code="ForbiddenError"),
        InvalidArgumentError("GetOperationStatus", "requestid", "can't be sent"),
    ],
    ids=repr,
)
async def test_what_is_certain_ends_the_wait_at_once(error: AzureError) -> None:
    service = Service(error)
    with pytest.raises(type(error)) as caught:
        await wait(service)
    assert len(service.asked_at) == 1
    assert caught.value.resume_token == ACCEPTED.token


ODD = [
    ProtocolError("HTML", status=200),
    ProtocolError("not whole", status=200),
    ServiceError("moved", status=302),
    ServiceError("proxy", status=407),
    AuthenticationError("a gateway's page", status=403),
    ResourceNotFoundError("a gateway's page", status=404),
    BadRequestError("edited", status=400, code="BadRequest"),
    TLSError("handshake"),
]
IN_PASSING = [
    ConnectionLostError("reset"),
    ThrottledError("slow down", status=429, retry_after=0.001),
    ServerError("500", status=500),
    ServiceError("late", status=408),
]


@pytest.mark.parametrize("error", [*ODD, *IN_PASSING], ids=repr)
async def test_no_single_answer_ends_a_wait(error: AzureError) -> None:
    told: list[Progress] = []
    assert await wait(Service(error, IN_PROGRESS, error, DONE), on_progress=told.append) is DONE
    assert [progress.error for progress in told] == [error, None, error, None]


@pytest.mark.parametrize("error", ODD, ids=repr)
async def test_the_same_odd_answer_again_and_again_ends_it(error: AzureError) -> None:
    service = Service(*[error] * (ODD_ANSWERS - 1), IN_PROGRESS, error)
    with pytest.raises(type(error)) as caught:
        await wait(service)
    assert len(service.asked_at) == 2 * ODD_ANSWERS
    assert caught.value.resume_token == ACCEPTED.token


@pytest.mark.parametrize("error", IN_PASSING, ids=repr)
async def test_a_failure_in_passing_never_ends_it(error: AzureError) -> None:
    assert await wait(Service(*[error] * 5 * ODD_ANSWERS, DONE)) is DONE


async def test_odd_answers_of_different_kinds_are_not_the_same_thing() -> None:
    assert await wait(Service(*ODD * 5, DONE)) is DONE


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_a_fixed_interval_is_the_documented_timer_loop() -> None:
    service = Service(IN_PROGRESS, IN_PROGRESS, IN_PROGRESS, DONE)
    await wait(service, interval=10)
    start = service.asked_at[0]
    assert [at - start for at in service.asked_at] == pytest.approx([0, 10, 20, 30])


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_without_an_interval_questions_come_when_an_end_is_due() -> None:
    service = Service(*[IN_PROGRESS] * 6, DONE)
    began = anyio.current_time()
    await wait(service, interval=None, timeout=1800)
    first, second, *_ = (at - began for at in service.asked_at)
    assert first == pytest.approx(FIRST_SECONDS)
    assert 15 < second < 30
    assert service.asked_at[-1] - began < 45


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_what_was_seen_to_end_is_asked_about_when_it_is_due_again() -> None:
    class Slow(Service):
        async def ask(self, request_id: str) -> OperationStatus:
            await super().ask(request_id)
            return DONE if anyio.current_time() - began >= 100 else IN_PROGRESS

    service = Slow(IN_PROGRESS)
    follower = Follower(service.ask, lambda: 0.5)
    questions: list[int] = []
    for _ in range(10):
        began, asked = anyio.current_time(), len(service.asked_at)
        await wait(service, follower, interval=None, timeout=None)
        questions.append(len(service.asked_at) - asked)
        late = anyio.current_time() - began - 100
    assert late < 3
    assert questions[-1] < questions[0] / 2


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
@pytest.mark.parametrize(("age", "longest"), [(None, 0), (600.0, 0), (20.0, 0.8), (0.0, 0.8)])
async def test_what_may_have_ended_long_ago_is_asked_about_soon(age: float | None, longest: float) -> None:
    service = Service(DONE)
    began = anyio.current_time()
    await wait(service, interval=None, age=age)
    assert service.asked_at[0] - began <= longest


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_retry_after_is_obeyed_up_to_two_minutes() -> None:
    service = Service(ThrottledError("x", retry_after=45), ThrottledError("x", retry_after=100_000), DONE)
    await wait(service, interval=1, timeout=1800)
    first, second, third = service.asked_at
    assert second - first == pytest.approx(45)
    assert third - second == pytest.approx(120)


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_an_outage_is_not_hammered() -> None:
    service = Service(IN_PROGRESS, *[ServerError("500", status=500)] * 20, DONE)
    began = anyio.current_time()
    await wait(service, interval=None, timeout=1800)
    assert anyio.current_time() - began > 300


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
@pytest.mark.parametrize("interval", [None, 10.0])
async def test_what_ended_before_the_deadline_is_never_called_in_progress(interval: float | None) -> None:
    async def ask(_request_id: str) -> OperationStatus:
        if anyio.current_time() - began >= 0.9 * timeout:
            return DONE
        raise ThrottledError("x", retry_after=100_000)

    for tenths in range(1, 600, 7):
        began, timeout = anyio.current_time(), tenths / 10
        follower = Follower(ask, lambda: 0.5)
        assert await follower.follow(ACCEPTED, interval=interval, timeout=timeout) is DONE
        assert anyio.current_time() - began <= timeout + 0.001


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_a_question_without_an_answer_holds_nobody_up() -> None:
    async def never(_request_id: str) -> OperationStatus:
        await anyio.sleep_forever()
        raise AssertionError

    async def once(_request_id: str) -> OperationStatus:
        if anyio.current_time() - began >= 30:
            await anyio.sleep_forever()
        return IN_PROGRESS

    began = anyio.current_time()
    with pytest.raises(OperationTimeoutError, match="could not be asked about"):
        await Follower(once, lambda: 0.5).follow(ACCEPTED, timeout=30)
    began = anyio.current_time()
    with pytest.raises(OperationTimeoutError, match="could not be asked about") as caught:
        await Follower(never, lambda: 0.5).follow(ACCEPTED, timeout=30)
    assert anyio.current_time() - began == pytest.approx(30 + LAST_QUESTION_SECONDS)
    assert caught.value.resume_token == ACCEPTED.token


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_who_listens_has_a_deadline_of_its_own() -> None:
    service = Service(IN_PROGRESS)
    follower = Follower(service.ask, lambda: 0.5)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: wait(service, follower, interval=100, timeout=None))
        await anyio.sleep(1)
        with pytest.raises(OperationTimeoutError, match="in progress after 7 s"):
            await wait(service, follower, interval=100, timeout=7)
        tasks.cancel_scope.cancel()
    assert [at - service.asked_at[0] for at in service.asked_at] == pytest.approx([0, 1, 8])


async def test_an_operation_of_the_same_client_is_remembered() -> None:
    follower = Follower(Service(DONE).ask, lambda: 0.5)
    bare = AcceptedOperation(ACCEPTED.request_id, "operation", 202, "sub")
    assert follower.recall(bare) == (bare, None)
    follower.remember(ACCEPTED)
    known, age = follower.recall(bare)
    assert known is ACCEPTED
    assert age is not None
    for index in range(2000):
        follower.remember(AcceptedOperation(f"{index:032x}", "AddRole", 202, "sub"))
    assert follower.recall(bare) == (bare, None)


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
    follower = Follower(service.ask, lambda: 0.5)
    results: list[OperationStatus] = []
    told: list[list[int]] = []

    async def one() -> None:
        mine: list[int] = []
        told.append(mine)
        results.append(
            await wait(service, follower, on_progress=lambda progress: mine.append(progress.polls))
        )

    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(one)
    assert results == [DONE] * 20
    assert len(service.asked_at) == 6
    assert all(mine[-1] == 6 for mine in told)


async def test_when_the_asking_waiter_leaves_another_takes_over() -> None:
    service = Service(IN_PROGRESS, IN_PROGRESS, IN_PROGRESS, DONE)
    follower = Follower(service.ask, lambda: 0.5)
    results: list[OperationStatus] = []

    async def stays() -> None:
        results.append(await wait(service, follower))

    async with anyio.create_task_group() as tasks:
        with anyio.CancelScope() as leaves:
            tasks.start_soon(stays)
            await wait(service, follower, on_progress=lambda _: leaves.cancel())
    assert leaves.cancelled_caught
    assert results == [DONE]


async def test_all_waiters_learn_of_a_failure() -> None:
    service = Service(IN_PROGRESS, FAILED)
    follower = Follower(service.ask, lambda: 0.5)
    failures: list[Exception] = []

    async def one() -> None:
        try:
            await wait(service, follower)
        except OperationFailedError as exc:
            failures.append(exc)

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(one)
    assert len(failures) == 5
    assert len(service.asked_at) == 2


async def test_nothing_remains_of_a_finished_or_cancelled_wait() -> None:
    service = Service(DONE)
    follower = Follower(service.ask, lambda: 0.5)
    await wait(service, follower)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await wait(service, follower)
    assert follower._questions == {}


@pytest.mark.parametrize("seconds", [0, -1, True, "10", float("nan")])
async def test_senseless_times_are_refused(seconds: object) -> None:
    with pytest.raises(InvalidArgumentError, match="interval"):
        await wait(Service(DONE), interval=seconds)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="timeout"):
        await wait(Service(DONE), timeout=seconds)  # type: ignore[arg-type]


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
async def test_waits_in_bad_weather_end_well_and_in_time() -> None:
    """Three questions in ten fail, in all the ways there are; nothing is lost and nothing is false."""
    dice = random.Random(1)
    ends: dict[str, tuple[float, OperationStatus]] = {}

    async def ask(request_id: str) -> OperationStatus:
        await anyio.sleep(dice.uniform(0.01, 0.5))
        if dice.random() < 0.3:
            raise dice.choice([*ODD, *IN_PASSING])
        at, status = ends[request_id]
        return status if anyio.current_time() >= at else IN_PROGRESS

    follower = Follower(ask, dice.random)
    ended: list[str] = []
    late: list[float] = []

    async def one(index: int) -> None:
        await anyio.sleep(dice.uniform(0.0, 100.0))
        operation = AcceptedOperation(f"{index:032x}", "AddRole", 202, "sub")
        failed = index % 10 == 0
        ends[operation.request_id] = (
            anyio.current_time() + dice.uniform(1.0, 120.0),
            FAILED if failed else DONE,
        )
        try:
            await follower.follow(operation)
        except OperationFailedError:
            assert failed
        else:
            assert not failed
        late.append(anyio.current_time() - ends[operation.request_id][0])
        ended.append(operation.request_id)

    count = number(100, 1500)
    async with anyio.create_task_group() as tasks:
        for each in range(count):
            tasks.start_soon(one, each)
    assert len(set(ended)) == count
    assert sum(late) / count < 10.0
    assert follower._questions == {}


class Answers:
    """Sends nothing; gives these answers, the last one for ever."""

    def __init__(self, *answers: RawResponse) -> None:
        self.answers = list(answers)
        self.asked_at: list[float] = []

    async def send(self, _request: RawRequest) -> RawResponse:
        await anyio.lowlevel.checkpoint()
        self.asked_at.append(anyio.current_time())
        return self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)


SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
XMLNS = 'xmlns="http://schemas.microsoft.com/windowsazure"'
SUCCEEDED = RawResponse(200, {}, f"<Operation {XMLNS}><Status>Succeeded</Status></Operation>".encode())
CERTAIN = f"<Error {XMLNS}><Code>ResourceNotFound</Code><Message>Unknown.</Message></Error>".encode()


@pytest.mark.parametrize("anyio_backend", [virtual_time()])
@pytest.mark.parametrize(
    "odd",
    [
        RawResponse(200, {"content-type": "text/html"}, b"<html><body>Sign in</body></html>"),
        RawResponse(200, {"content-type": "application/xml"}, SUCCEEDED.body[:40]),
        RawResponse(200, {}, b""),
        RawResponse(200, {}, f"<Deployment {XMLNS}/>".encode()),
        *[RawResponse(status, {}, b"") for status in (302, 307, 400, 403, 404, 407, 408, 429, 500, 502, 503)],
        RawResponse(503, {"retry-after": "100"}, b""),
    ],
    ids=lambda odd: f"{odd.status} {odd.body[:20]!r} {odd.headers}",
)
async def test_whatever_a_gateway_answers_once_the_wait_goes_on(odd: RawResponse) -> None:
    sender = Answers(odd, SUCCEEDED)
    client = ServiceManagementClient(SUBSCRIPTION, transport=sender)
    began = anyio.current_time()
    assert (await client.wait_for_operation("ab" * 16, timeout=45)).status == "Succeeded"
    # The call path leaves repeating to the wait: its pauses are cut at the deadline.
    assert anyio.current_time() - began <= 45.001
    assert len(sender.asked_at) == 2


async def test_the_services_own_word_that_it_knows_nothing_ends_the_wait() -> None:
    sender = Answers(RawResponse(404, {"content-type": "application/xml"}, CERTAIN))
    client = ServiceManagementClient(SUBSCRIPTION, transport=sender)
    with pytest.raises(ResourceNotFoundError) as caught:
        await client.wait_for_operation("abababab-abab-abab-abab-abababababab")
    assert len(sender.asked_at) == 1
    assert caught.value.resume_token is not None
    assert AcceptedOperation.from_token(caught.value.resume_token).request_id == "ab" * 16


@pytest.mark.parametrize(
    "operation",
    ["[" * 1000, "1f", '{"azure_iaas": 1}', AcceptedOperation("ab" * 16, "AddRole", 202, "other")],
)
async def test_what_is_no_operation_of_this_client_is_refused_before_anything_is_sent(
    operation: AcceptedOperation | str,
) -> None:
    sender = Answers(SUCCEEDED)
    with pytest.raises(InvalidArgumentError):
        await ServiceManagementClient(SUBSCRIPTION, transport=sender).wait_for_operation(operation)
    assert sender.asked_at == []


async def test_a_write_nobody_awaited_is_refused_saying_so() -> None:
    sender = Answers(SUCCEEDED)
    client = ServiceManagementClient(SUBSCRIPTION, transport=sender)
    write: Any = client.delete_hosted_service("svc")
    with pytest.raises(InvalidArgumentError, match=r"^wait_for_operation: operation: await the write first"):
        await client.wait_for_operation(write)
    assert sender.asked_at == []


async def test_progress_that_is_no_function_is_refused_before_anything_is_sent() -> None:
    sender = Answers(SUCCEEDED)
    client = ServiceManagementClient(SUBSCRIPTION, transport=sender)
    progress: Any = 5
    with pytest.raises(InvalidArgumentError, match=r"^wait_for_operation: on_progress: a function of one"):
        await client.wait_for_operation("ab" * 16, on_progress=progress)
    assert sender.asked_at == []


async def test_who_was_served_reads_the_answer_though_the_next_question_has_begun() -> None:
    async def ask() -> OperationStatus:
        await answered.wait()
        await anyio.wait_all_tasks_blocked()
        raise ConnectionLostError("reset")

    answered = anyio.Event()
    question = Question(ask)
    read: list[AzureError | None] = []

    async def hurried() -> None:
        seen = await question.asked_again(anyio.current_time(), 0)
        await question.asked_again(anyio.current_time(), seen)

    async def listens() -> None:
        await question.asked_again(anyio.current_time() + 100, 0)
        read.append(question.error)

    async with anyio.create_task_group() as tasks:
        for waiter in (hurried, listens):
            tasks.start_soon(waiter)
            await anyio.wait_all_tasks_blocked()
        answered.set()
    assert [type(error) for error in read] == [ConnectionLostError]
