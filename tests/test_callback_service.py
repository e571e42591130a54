"""Callbacks: once each, in order, never two at a time, whatever fails; on both kinds of service."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import random
import sys
import threading
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest
import sniffio

from azure_iaas import ServiceManagementClient
from azure_iaas.callback import Response, ServiceManagementService, background, createServiceManagementService
from azure_iaas.callback.exit_code import exit_code
from azure_iaas.errors import (
    ConnectError,
    ConnectionLostError,
    ProtocolError,
    RequestTimeoutError,
    TLSError,
)
from azure_iaas.wire.messages import RawRequest, RawResponse
from tests import soak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
XMLNS = 'xmlns="http://schemas.microsoft.com/windowsazure"'
REQUEST_ID = "0123456789abcdef0123456789abcdef"
CALLS = soak.number(1_000, 10_000)

who: contextvars.ContextVar[int] = contextvars.ContextVar("who")


def xml(body: str, status: int = 200) -> RawResponse:
    return RawResponse(
        status, {"content-type": "application/xml", "x-ms-request-id": REQUEST_ID}, body.encode()
    )


EMPTY = xml(f"<HostedServices {XMLNS}/>")
ERROR = f"<Error {XMLNS}><Code>C</Code><Message>m</Message></Error>"


class Quiet:
    """Answers at once."""

    async def send(self, request: RawRequest) -> RawResponse:
        await anyio.lowlevel.checkpoint()
        return EMPTY


class Stuck:
    """Never answers."""

    async def send(self, request: RawRequest) -> RawResponse:
        await anyio.sleep_forever()
        raise AssertionError


class Waiting:
    """Answers each request after the seconds its name ends with, in hundredths."""

    async def send(self, request: RawRequest) -> RawResponse:
        name = request.target.rpartition("/")[2]
        await anyio.sleep(int(name.strip("abcdefghijklmnopqrstuvwxyz") or 0) / 100)
        return EMPTY


class InOrder:
    """Waits until all requests are there, then answers them in the order of these names."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.asked: dict[str, anyio.Event] = {}

    async def send(self, request: RawRequest) -> RawResponse:
        event = self.asked[request.target.rpartition("/")[2]] = anyio.Event()
        if len(self.asked) == len(self.names):
            self.answer_next()
        await event.wait()
        self.answer_next()
        return EMPTY

    def answer_next(self) -> None:
        if self.names:
            self.asked[self.names.pop(0)].set()


class Faulty:
    """Every outcome a transport has, at random, after a random number of turns of the loop."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    async def send(self, request: RawRequest) -> RawResponse:
        for _ in range(self.random.randrange(4)):
            await anyio.lowlevel.checkpoint()
        outcomes: list[Exception | RawResponse] = [
            ConnectError("connection refused"),
            TLSError("handshake failed"),
            ConnectionLostError("connection reset"),
            RequestTimeoutError("timed out"),
            ProtocolError("not HTTP", status=200, request_sent=True),
            OSError("a foreign transport's own"),
            xml(ERROR, self.random.choice([400, 403, 404, 409, 429, 500, 503])),
            RawResponse(502, {"content-type": "text/html"}, b"<html>"),
            xml("<Broken"),
            RawResponse(200, {"x-ms-request-id": REQUEST_ID}, self.random.randbytes(20)),
            RawResponse(202, {"x-ms-request-id": REQUEST_ID}),
            xml(f"<HostedServices {XMLNS}/>"),
            xml(f"<Operation {XMLNS}><Status>Succeeded</Status></Operation>"),
        ]
        outcome = self.random.choice(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Book:
    """Counts callbacks, and checks each against the contract."""

    def __init__(self, thread: Callable[[], bool]) -> None:
        self.on_its_thread = thread
        self.returned: set[int] = set()
        self.called: Counter[int] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.problems: list[str] = []
        self.busy = False

    def callback(
        self, number: int, has_returned: Callable[[Any], bool] | None = None
    ) -> Callable[[Response], None]:
        """Make a callback; by default the method has returned when its number is in ``returned``."""

        def called(rsp: Response) -> None:
            if self.busy:
                self.problems.append("two at a time")
            self.busy = True
            if not (has_returned(called) if has_returned else number in self.returned):
                self.problems.append(f"{number}: called before the method had returned")
            if not self.on_its_thread():
                self.problems.append(f"{number}: called on {threading.current_thread()}")
            if who.get(-1) != number:
                self.problems.append(f"{number}: in the context of {who.get(-1)}")
            if rsp.isSuccessful == (rsp.error is not None) or not rsp.reqopts.path:
                self.problems.append(f"{number}: {rsp!r}")
            self.called[number] += 1
            self.outcomes[rsp.error.Code if rsp.error else "success"] += 1
            who.set(-2)
            self.busy = False

        return called

    def check(self, calls: int) -> None:
        assert self.problems == []
        assert self.called == dict.fromkeys(range(calls), 1)


def make_call(iaas: Any, number: int, callback: Callable[[Response], None]) -> None:
    """Make one of several calls, in a context of its own."""

    def call() -> None:
        who.set(number)
        kind = number % 4
        if kind == 0:
            iaas.ListHostedServices(callback)
        elif kind == 1:
            iaas.CreateHostedService(f"service{number}", callback)
        elif kind == 2:
            iaas.DeleteRole("service", "deployment", f"role{number}", callback)
        else:
            iaas.GetOperationStatus(REQUEST_ID, callback)

    contextvars.copy_context().run(call)


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What callbacks raised, reported; and the exit code isn't that of the test run."""
    reported: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, traceback: reported.append(error))
    monkeypatch.setattr(exit_code, "_code", 0)
    monkeypatch.setattr(exit_code, "_has_last_word", False)
    return reported


@pytest.fixture
def no_thread_left() -> Iterator[None]:
    yield
    assert [each.name for each in threading.enumerate() if "azure_iaas" in each.name] == []


# --- thousands of calls ------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_on_a_loop_each_callback_comes_once_whatever_fails(tell: Callable[[str], None]) -> None:
    thread = threading.current_thread()
    book = Book(lambda: threading.current_thread() is thread)
    client = ServiceManagementClient(SUBSCRIPTION, transport=Faulty(1), random=lambda: 0.0)
    started = time.perf_counter()
    async with client, ServiceManagementService.bind(client) as iaas:
        for number in range(CALLS):
            make_call(iaas, number, book.callback(number))
            book.returned.add(number)
            if not number % 500:
                await anyio.lowlevel.checkpoint()
    book.check(CALLS)
    seconds = time.perf_counter() - started
    library = sniffio.current_async_library()
    tell(f"{CALLS} calls bound to {library}, {seconds:.1f} s: {dict(book.outcomes)}")
    assert len(book.outcomes) >= 10


def test_without_a_loop_each_callback_comes_once_whatever_fails(
    tell: Callable[[str], None], no_thread_left: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: set[str] = set()
    handed_over: set[Any] = set()
    real_post = background.background.post

    def post(function: Any, *args: Any) -> None:
        real_post(function, *args)
        if args:
            handed_over.add(args[0]._callback)

    def on_its_thread() -> bool:
        names.add(threading.current_thread().name)
        return threading.current_thread() is not threading.main_thread()

    monkeypatch.setattr(background.background, "post", post)
    book = Book(on_its_thread)
    started = time.perf_counter()
    with createServiceManagementService(SUBSCRIPTION, transport=Faulty(2), random=lambda: 0.0) as iaas:
        for number in range(CALLS):
            make_call(iaas, number, book.callback(number, handed_over.__contains__))
    book.check(CALLS)
    assert names == {"azure_iaas callbacks"}
    seconds = time.perf_counter() - started
    tell(f"{CALLS} calls on the background thread, {seconds:.1f} s: {dict(book.outcomes)}")


def test_no_callback_comes_while_its_method_is_still_running(monkeypatch: pytest.MonkeyPatch) -> None:
    with createServiceManagementService(SUBSCRIPTION, transport=Quiet()) as iaas:
        iaas.ListHostedServices(lambda rsp: None)
        iaas.drain(10)
        real_post = background.background.post
        order: list[str] = []

        def slow_post(function: Any, *args: Any) -> None:
            real_post(function, *args)
            # The other thread has all the time it could want.
            time.sleep(0.1)
            order.append("handed over")

        with monkeypatch.context() as patched:
            patched.setattr(background.background, "post", slow_post)
            iaas.ListHostedServices(lambda rsp: order.append("called back"))
        iaas.drain(10)
    assert order == ["handed over", "called back"]


@pytest.mark.anyio
async def test_cancelling_the_client_calls_everybody_back_once() -> None:
    book = Book(lambda: True)
    client = ServiceManagementClient(SUBSCRIPTION, transport=Stuck())
    with anyio.move_on_after(0.05) as scope:
        async with client, ServiceManagementService.bind(client) as iaas:
            for number in range(100):
                make_call(iaas, number, book.callback(number))
                book.returned.add(number)
            await anyio.sleep_forever()
    assert scope.cancelled_caught
    book.check(100)
    assert book.outcomes == {"TransportError": 50, "OutcomeUnknownError": 50}


@pytest.mark.anyio
async def test_an_error_in_the_block_cuts_calls_off_and_comes_out_itself() -> None:
    got: list[Response] = []
    client = ServiceManagementClient(SUBSCRIPTION, transport=Stuck())
    with pytest.raises(KeyError, match="mine"):  # noqa: PT012 - the block is what is tested
        async with client, ServiceManagementService.bind(client) as iaas:
            iaas.CreateHostedService("a", got.append)
            raise KeyError("mine")
    assert [rsp.error.Code for rsp in got if rsp.error] == ["OutcomeUnknownError"]


# --- order and nesting -------------------------------------------------------------------------------------


def test_callbacks_come_in_the_order_of_completion() -> None:
    order: list[str] = []
    with createServiceManagementService(SUBSCRIPTION, transport=InOrder("d", "b", "c", "a")) as iaas:
        for name in ("a", "b", "c", "d"):
            iaas.DeleteHostedService(name, partial(lambda name, rsp: order.append(name), name))
    assert order == ["d", "b", "c", "a"]


@pytest.mark.parametrize("depth", [5])
def test_calls_nest(depth: int) -> None:
    trace: list[str] = []

    def level(number: int) -> None:
        def called(rsp: Response) -> None:
            trace.append(f"called {number}")
            if number < depth:
                level(number + 1)
                trace.append(f"returned {number}")

        iaas.ListHostedServices(called)

    with createServiceManagementService(SUBSCRIPTION, transport=Quiet()) as iaas:
        level(1)
    expected = []
    for number in range(1, depth):
        expected += [f"called {number}", f"returned {number}"]
    assert trace == [*expected, f"called {depth}"]


def test_services_share_the_thread_and_never_call_back_together(no_thread_left: None) -> None:
    threads: set[int] = set()
    busy: list[int] = []
    overlaps: list[int] = []

    def called(rsp: Response) -> None:
        threads.add(threading.get_ident())
        overlaps.extend(busy)
        busy.append(1)
        time.sleep(0.001)
        busy.pop()

    services = [createServiceManagementService(SUBSCRIPTION, transport=Quiet()) for _ in range(20)]
    for _ in range(5):
        for service in services:
            service.ListHostedServices(called)
    for service in services:
        service.close(10)
        service.close()
    assert len(threads) == 1
    assert overlaps == []


def test_calls_may_come_from_any_thread() -> None:
    called: list[int] = []
    with createServiceManagementService(SUBSCRIPTION, transport=Quiet()) as iaas:

        def work(number: int) -> None:
            for _ in range(50):
                iaas.ListHostedServices(lambda rsp: called.append(number))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert Counter(called) == dict.fromkeys(range(8), 50)


@pytest.mark.anyio
async def test_a_service_of_its_own_thread_works_beside_any_loop() -> None:
    got: list[Response] = []
    iaas = createServiceManagementService(SUBSCRIPTION, transport=Quiet())
    iaas.ListHostedServices(got.append)
    await anyio.to_thread.run_sync(iaas.close)
    assert got[0].isSuccessful


# --- waiting -----------------------------------------------------------------------------------------------


def test_a_blocking_wait_in_a_callback_is_refused_at_once() -> None:
    refusals: list[str] = []

    def wait(block: Callable[[], object]) -> None:
        try:
            block()
        except RuntimeError as exc:
            refusals.append(str(exc))

    def with_block() -> None:
        with createServiceManagementService(SUBSCRIPTION, transport=Quiet()) as other:
            other.ListHostedServices(lambda rsp: None)

    def called(rsp: Response) -> None:
        wait(iaas.drain)
        wait(lambda: iaas.drain(5))
        wait(iaas.close)
        wait(with_block)

    with createServiceManagementService(SUBSCRIPTION, transport=Quiet()) as iaas:
        iaas.ListHostedServices(called)
    assert len(refusals) == 4
    assert all("can't wait in a callback" in each for each in refusals)


def test_drain_says_what_is_pending_and_close_what_was_cut_off(no_thread_left: None) -> None:
    got: list[Response] = []
    iaas = createServiceManagementService(SUBSCRIPTION, transport=Stuck())
    iaas.CreateHostedService("sampleService2", got.append)
    iaas.GetRole("svc", "dep", "role", got.append)
    with pytest.raises(
        TimeoutError, match=r"CreateHostedService\(sampleService2\), GetRole\(svc, dep, role\)"
    ):
        iaas.drain(0.01)
    assert got == []
    with pytest.raises(TimeoutError, match=r"GetRole\(svc, dep, role\) were cut off"):
        iaas.close(0.01)
    assert {rsp.error.Code for rsp in got if rsp.error} == {"OutcomeUnknownError", "TransportError"}
    assert [rsp.statusCode for rsp in got] == [None, None]
    iaas.close()
    with pytest.raises(RuntimeError, match=r"ListHostedServices.*closed"):
        iaas.ListHostedServices(got.append)
    assert len(got) == 2


def test_leaving_a_block_by_an_error_keeps_the_error() -> None:
    with pytest.raises(KeyError) as caught:  # noqa: PT012 - the block is what is tested
        with createServiceManagementService(
            SUBSCRIPTION, transport=Stuck(), drain_timeout_seconds=0.01
        ) as iaas:
            iaas.ListHostedServices(lambda rsp: None)
            raise KeyError("mine")
    assert "ListHostedServices() was cut off" in caught.value.__notes__[0]
    with pytest.raises(TimeoutError, match="cut off"):
        with createServiceManagementService(
            SUBSCRIPTION, transport=Stuck(), drain_timeout_seconds=0.01
        ) as iaas:
            iaas.ListHostedServices(lambda rsp: None)
    # It would wait for an hour otherwise.
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - as above
        with createServiceManagementService(SUBSCRIPTION, transport=Stuck()) as iaas:
            iaas.ListHostedServices(lambda rsp: None)
            raise KeyboardInterrupt


def test_a_client_that_can_not_be_opened_is_told_to_every_callback() -> None:
    class Broken(ServiceManagementClient):
        async def __aenter__(self) -> Any:
            raise ConnectError("no way in")

    got: list[Response] = []
    iaas = createServiceManagementService(SUBSCRIPTION, transport=Quiet())
    iaas._client.__class__ = Broken
    iaas.ListHostedServices(got.append)
    iaas.drain(10)
    iaas.ListHostedServices(got.append)
    iaas.close(10)
    assert [rsp.error.Code for rsp in got if rsp.error] == ["ConnectError", "ConnectError"]


def test_a_service_nobody_holds_ends_when_its_calls_are_done() -> None:
    got: list[Response] = []
    for _ in range(50):
        createServiceManagementService(SUBSCRIPTION, transport=Quiet()).ListHostedServices(got.append)
    keeper = createServiceManagementService(SUBSCRIPTION, transport=Waiting())
    keeper.DeleteHostedService("a20", got.append)
    gc.collect()
    keeper.drain(10)
    assert len(got) == 51
    until = time.monotonic() + 10
    while len(background.background._hosts) > 1 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(background.background._hosts) == 1
    keeper.close(10)


@pytest.mark.anyio
async def test_a_bound_service_is_used_in_its_block_on_its_thread() -> None:
    got: list[Response] = []
    client = ServiceManagementClient(SUBSCRIPTION, transport=Quiet())
    iaas = ServiceManagementService.bind(client)
    with pytest.raises(RuntimeError, match="async with"):
        iaas.ListHostedServices(got.append)
    async with client, iaas:
        with pytest.raises(RuntimeError, match="thread"):
            await anyio.to_thread.run_sync(iaas.ListHostedServices, got.append)
        iaas.ListHostedServices(lambda rsp: iaas.ListHostedServices(got.append))
        await iaas.drain()
        assert len(got) == 1
    with pytest.raises(RuntimeError, match="not open"):
        iaas.ListHostedServices(got.append)


# --- operations and timers ---------------------------------------------------------------------------------


class Operation:
    """An operation in progress for so many questions; every second question fails."""

    def __init__(self, questions: int, final: str) -> None:
        self.left = questions
        self.final = final
        self.asked = 0

    async def send(self, request: RawRequest) -> RawResponse:
        await anyio.lowlevel.checkpoint()
        self.asked += 1
        self.left -= 1
        if self.left <= 0:
            return xml(self.final)
        if self.left % 2:
            return xml(ERROR, 500)
        return xml(f"<Operation {XMLNS}><ID>1</ID><Status>InProgress</Status></Operation>")


SUCCEEDED = (
    f"<Operation {XMLNS}><ID>1</ID><Status>Succeeded</Status><HttpStatusCode>200</HttpStatusCode></Operation>"
)


@pytest.mark.anyio
async def test_waiting_for_an_operation(reports: list[BaseException]) -> None:
    got: list[Response] = []
    dots: list[Response] = []
    sender = Operation(6, SUCCEEDED)
    client = ServiceManagementClient(SUBSCRIPTION, transport=sender, random=lambda: 0.0)
    async with client, ServiceManagementService.bind(client) as iaas:
        iaas.WaitForOperation(REQUEST_ID, got.append, dots.append, intervalSeconds=0.01)
        # Shares the questions of the first, and has all fields nevertheless.
        iaas.WaitForOperation(REQUEST_ID, got.append, intervalSeconds=0.01)
    assert len(got) == 2
    for rsp in got:
        assert rsp.isSuccessful
        assert rsp.statusCode == 200
        assert rsp.response.Status == "Succeeded"
        assert rsp.body == SUCCEEDED
        assert rsp.reqopts.path.endswith(f"operations/{REQUEST_ID}")
    assert dots
    assert all(rsp.response.Status == "InProgress" for rsp in dots if rsp.isSuccessful)


def test_waiting_ends_at_its_deadline_and_the_operation_goes_on() -> None:
    got: list[Response] = []
    with createServiceManagementService(SUBSCRIPTION, transport=Operation(10**9, "")) as iaas:
        iaas.WaitForOperation(REQUEST_ID, got.append, intervalSeconds=0.01, timeoutSeconds=0.1)
    (rsp,) = got
    assert not rsp.isSuccessful
    assert rsp.error is not None
    assert rsp.error.Code == "OperationTimeoutError"
    assert "may yet finish" in rsp.error.Message


def test_timers_count_as_calls_and_run_on_the_thread() -> None:
    seen: list[Any] = []

    def tick(left: int) -> None:
        seen.append(threading.current_thread().name)
        if left:
            iaas.SetTimeout(lambda: tick(left - 1), 5)

    with createServiceManagementService(SUBSCRIPTION, transport=Quiet()) as iaas:
        began = time.perf_counter()
        iaas.SetTimeout(lambda: tick(3), 50)
        assert seen == []
    assert time.perf_counter() - began >= 0.06
    assert seen == ["azure_iaas callbacks"] * 4
    cut: list[int] = []
    iaas = createServiceManagementService(SUBSCRIPTION, transport=Quiet())
    iaas.SetTimeout(lambda: cut.append(1), 60_000)
    with pytest.raises(TimeoutError, match=r"SetTimeout\(60000 ms\) was cut off"):
        iaas.close(0.01)
    assert cut == []


# --- callbacks that raise ----------------------------------------------------------------------------------


class MistakeError(Exception):
    pass


def raising(rsp: Response) -> None:
    raise MistakeError("mine")


def test_a_raising_callback_is_reported_once_and_stops_nothing(reports: list[BaseException]) -> None:
    got: list[Response] = []
    with createServiceManagementService(SUBSCRIPTION, transport=Quiet()) as iaas:
        iaas.ListHostedServices(raising)
        iaas.ListHostedServices(got.append)
        iaas.drain(10)
        iaas.SetTimeout(lambda: raising(got[0]), 1)
        iaas.WaitForOperation(REQUEST_ID, got.append, raising, intervalSeconds=0.01, timeoutSeconds=0.05)
        iaas.ListHostedServices(got.append)
    assert len(got) == 3
    assert {type(error) for error in reports} == {MistakeError}
    # Two callbacks, and the progress of a wait whose questions get no answer worth the name.
    assert len(reports) > 2
    frames = []
    traceback = reports[0].__traceback__
    while traceback:
        frames.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    assert frames == ["raising"]
    assert exit_code.code == 1


@pytest.mark.anyio
async def test_on_a_loop_a_raising_callback_goes_to_the_loop(reports: list[BaseException]) -> None:
    got: list[Response] = []
    told: list[Any] = []
    client = ServiceManagementClient(SUBSCRIPTION, transport=Quiet())
    on_asyncio = sniffio.current_async_library() == "asyncio"
    if on_asyncio:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
    async with client, ServiceManagementService.bind(client) as iaas:
        iaas.ListHostedServices(raising)
        iaas.ListHostedServices(got.append)
    assert len(got) == 1
    if on_asyncio:
        (context,) = told
        assert isinstance(context["exception"], MistakeError)
        assert "ListHostedServices()" in context["message"]
        assert reports == []
    else:
        assert [type(error) for error in reports] == [MistakeError]
    assert exit_code.code == 0


def test_a_broken_excepthook_takes_nothing_down(
    reports: list[BaseException], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*args: Any) -> None:
        raise ValueError("hook")

    monkeypatch.setattr(sys, "excepthook", broken)
    got: list[Response] = []
    with createServiceManagementService(SUBSCRIPTION, transport=Quiet()) as iaas:
        iaas.ListHostedServices(raising)
        iaas.drain(10)
        iaas.ListHostedServices(got.append)
    assert len(got) == 1
    assert "hook" in capfd.readouterr().err


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_ending_the_program_in_a_callback(
    reports: list[BaseException], capfd: pytest.CaptureFixture[str], error: BaseException
) -> None:
    got: list[Response] = []

    def end(rsp: Response) -> None:
        raise error

    iaas = createServiceManagementService(SUBSCRIPTION, transport=Waiting())
    iaas.DeleteHostedService("a500", got.append)
    iaas.ListHostedServices(end)
    with pytest.raises(type(error)):
        iaas.drain(10)
    iaas.close(10)
    assert got == []
    assert reports == []
    assert "DeleteHostedService(a500) was cut off" in capfd.readouterr().err
    assert exit_code.code == (3 if isinstance(error, SystemExit) else 130)
    # A program that goes on all the same can do so.
    with createServiceManagementService(SUBSCRIPTION, transport=Quiet()) as another:
        another.ListHostedServices(got.append)
    assert len(got) == 1


def test_on_trio_ending_the_program_in_a_callback_leaves_the_block() -> None:
    got: list[Response] = []

    def end(rsp: Response) -> None:
        raise SystemExit(3)

    async def main() -> None:
        client = ServiceManagementClient(SUBSCRIPTION, transport=Waiting())
        async with client, ServiceManagementService.bind(client) as iaas:
            iaas.DeleteHostedService("a500", got.append)
            iaas.ListHostedServices(end)
            await anyio.sleep_forever()

    for backend in ("asyncio", "trio"):
        with pytest.raises(SystemExit) as caught:
            anyio.run(main, backend=backend)
        assert caught.value.code == 3
    assert got == []
