"""Waits under weather: every odd answer there is, at random, through the client and its transport.

On virtual time, so that pauses and deadlines can be told exactly. ``Weather`` stands where the network would:
below the workers, the redirects, the readers and the waits.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING, Final

import anyio
import httpx
import pytest

from azure_iaas import (
    AcceptedOperation,
    InvalidArgumentError,
    OperationFailedError,
    OperationTimeoutError,
    ServiceManagementClient,
)
from azure_iaas.operations.retrying import LONGEST_RETRY_AFTER_SECONDS
from azure_iaas.polling import LAST_QUESTION_SECONDS
from tests import soak, virtual_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

SUBSCRIPTION: Final = "sub"
OVERSHOOT_SECONDS: Final = 0.1
SAME: Final = 1e-6
"""Seconds by which sums of the same numbers may differ."""
AT_ONCE: Final = 25
XML: Final = {"content-type": "application/xml", "x-ms-request-id": "ab" * 16}
PAGE: Final = b"<html><head><title>Gateway</title></head><body><p>Sorry!</body></html>"
REASON: Final = "<Error><Code>ConflictError</Code><Message>it is busy</Message></Error>"


def told(status: str, reason: str = "") -> bytes:
    return (
        '<Operation xmlns="http://schemas.microsoft.com/windowsazure">'
        f"<ID>{'ab' * 16}</ID><Status>{status}</Status>{reason}</Operation>"
    ).encode()


def refusal(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>not now</Message></Error>".encode()


WHOLE: Final = told("Succeeded")
ODD: Final[dict[str, tuple[int, dict[str, str], bytes] | type[httpx.TransportError]]] = {
    "429": (429, XML, refusal("TooManyRequests")),
    "429, a page": (429, {}, PAGE),
    "500": (500, XML, refusal("InternalError")),
    "502, a page": (502, {}, PAGE),
    "503": (503, XML, refusal("ServerBusy")),
    "503, empty": (503, {}, b""),
    "408": (408, {}, b""),
    "200, a page": (200, {"content-type": "text/html"}, PAGE),
    "200, empty": (200, XML, b""),
    "200, cut": (200, XML, WHOLE[:-20]),
    "200, cut in a name": (200, XML, WHOLE[: WHOLE.index(b"Succeeded") + 4]),
    "200, another root": (200, XML, WHOLE.replace(b"Operation", b"HostedService")),
    "200, an error inside": (200, XML, refusal("InternalError")),
    "200, not UTF-8": (200, XML, WHOLE.replace(b"<Status>", b"<Status>\xff")),
    "200, compressed": (200, {**XML, "content-encoding": "gzip"}, WHOLE),
    "302": (302, {"location": "https://login.example.org/"}, b""),
    "307 to somebody else": (307, {"location": "https://example.org/"}, b""),
    "403, a page": (403, {}, PAGE),
    "404, a page": (404, {}, PAGE),
    "407": (407, {"proxy-authenticate": "Basic"}, b""),
    "no connection": httpx.ConnectError,
    "reset": httpx.ReadError,
    "cut by its length": httpx.RemoteProtocolError,
    "stall": httpx.ReadTimeout,
}
"""What stands for a network that fails: an answer, or how there is none."""
ASKED_TO_WAIT: Final = [
    name for name, answer in ODD.items() if isinstance(answer, tuple) and answer[0] >= 400
]


class Watched:
    """One operation at the service: how it ends, and the questions about it."""

    def __init__(self, random: Random) -> None:
        self.request_id = f"{random.getrandbits(128):032x}"
        self.fails = random.random() < 0.2
        self.ends_at = anyio.current_time() + random.choice(
            (0.0, random.uniform(0, 5), random.expovariate(1 / 60))
        )
        self.questions = 0
        self.asked_at = self.answered_at = -math.inf
        self.not_before = -math.inf
        self.too_early: list[float] = []
        """When it was asked about sooner than the service wished."""

    @property
    def token(self) -> str:
        return AcceptedOperation(self.request_id, "AddRole", 202, SUBSCRIPTION).token


class Weather(httpx.AsyncBaseTransport):
    """Answers questions rightly, late, oddly or not at all.

    Args:
        random: decides.
        odd: the part of the questions that get an odd answer.
    """

    def __init__(self, random: Random, odd: float) -> None:
        self.random = random
        self.odd = odd
        self.operations: dict[str, Watched] = {}
        self.seen: Counter[str] = Counter()
        self.retry_after: Counter[str] = Counter()
        # Dealt like cards, so that a short run sees each of them too.
        self._kinds = cycle(random.sample(list(ODD), len(ODD)))

    def operation(self) -> Watched:
        operation = Watched(self.random)
        self.operations[operation.request_id] = operation
        return operation

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._answer(request)
        finally:
            self._of(request).answered_at = anyio.current_time()

    def _of(self, request: httpx.Request) -> Watched:
        return self.operations[request.url.path.rpartition("/")[2]]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        operation = self._of(request)
        operation.questions += 1
        operation.asked_at, operation.answered_at = anyio.current_time(), math.inf
        if anyio.current_time() < operation.not_before - SAME:
            operation.too_early.append(anyio.current_time())
        ended = anyio.current_time() >= operation.ends_at
        await anyio.sleep(self.random.choice((0.0, 0.01, self.random.uniform(0, 2))))
        if self.random.random() < self.odd:
            name = next(self._kinds)
            self.seen[name] += 1
            return await self._odd(name, operation, request)
        if not ended:
            return httpx.Response(200, headers=XML, content=told("InProgress"))
        if not operation.fails:
            return httpx.Response(200, headers=XML, content=told("Succeeded"))
        # The service tells a failure with 200, or with the failure's own status code.
        failed = told("Failed", f"<HttpStatusCode>409</HttpStatusCode>{REASON}")
        return httpx.Response(self.random.choice((200, 409)), headers=XML, content=failed)

    async def _odd(self, name: str, operation: Watched, request: httpx.Request) -> httpx.Response:
        answer = ODD[name]
        if not isinstance(answer, tuple):
            if answer is httpx.ReadTimeout:
                await anyio.sleep(self.random.choice((request.extensions["timeout"]["read"], math.inf)))
            raise answer(name)
        status, headers, body = answer
        if name in ASKED_TO_WAIT:
            headers = {**headers, **self._retry_after(operation)}
        # Only a stream is left alone by httpx, which would undo a content-encoding.
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

    def _retry_after(self, operation: Watched) -> dict[str, str]:
        seconds = self.random.choice((0, 1, 7, 30, 90, 600))
        # The service's clock is whatever it is: a date is that many seconds after the answer's own.
        now = datetime(2013, 6, 7, tzinfo=UTC) + timedelta(seconds=self.random.randrange(10**8))
        date, until = (format_datetime(each, usegmt=True) for each in (now, now + timedelta(seconds=seconds)))
        form, headers = self.random.choice(
            [
                ("none", {}),
                ("seconds", {"retry-after": str(seconds)}),
                ("seconds beside a date", {"retry-after": str(seconds), "date": date}),
                ("date", {"retry-after": until, "date": date}),
                ("date that has passed", {"retry-after": date, "date": until}),
                ("date without the answer's own", {"retry-after": until}),
                ("nonsense", {"retry-after": "soon", "date": date}),
            ]
        )
        self.retry_after[form] += 1
        if form in {"seconds", "seconds beside a date", "date"}:
            pause = min(seconds, LONGEST_RETRY_AFTER_SECONDS)
            operation.not_before = max(operation.not_before, anyio.current_time() + pause)
        return headers


async def many(waits: int, one: Callable[[], Awaitable[None]]) -> None:
    """Run so many, some at a time."""
    left = waits

    async def work() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await one()

    async with anyio.create_task_group() as tasks:
        for _ in range(AT_ONCE):
            tasks.start_soon(work)


@pytest.mark.timeout(soak.number(120, 900))
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_no_wait_fails_falsely_or_loses_its_outcome(backend: str, tell: Callable[[str], None]) -> None:
    waits = soak.number(60, 1000)
    random = Random(20130607)
    weather = Weather(random, 0.4)
    outcomes: Counter[str] = Counter()
    questions: list[int] = []

    async def one() -> None:
        operation = weather.operation()
        interval = random.choice((None, None, 0.5, 10.0))
        if operation.fails:
            with pytest.raises(OperationFailedError, match="it is busy") as caught:
                await client.wait_for_operation(operation.token, interval=interval, timeout=None)
            assert caught.value.request_id == operation.request_id
        else:
            status = await client.wait_for_operation(operation.token, interval=interval, timeout=None)
            assert status.status == "Succeeded"
        # Not before the end; and Retry-After was obeyed until then.
        assert anyio.current_time() >= operation.ends_at
        assert operation.too_early == []
        outcomes["Failed" if operation.fails else "Succeeded"] += 1
        questions.append(operation.questions)

    async def main() -> None:
        async with client:
            await many(waits, one)

    client = ServiceManagementClient(SUBSCRIPTION, transport=weather, random=random.random)
    virtual_time.run(main, backend)
    assert outcomes.total() == waits
    assert len(outcomes) == 2
    assert weather.seen.keys() == ODD.keys()
    assert len(weather.retry_after) == 7
    tell(
        f"{waits} waits under weather on {backend}: {dict(outcomes)}, {sum(questions)} questions,"
        f" {weather.seen.total()} of them answered oddly, {weather.retry_after.total()} by one that may say"
        " Retry-After"
    )


@pytest.mark.timeout(soak.number(120, 900))
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_no_wait_passes_its_deadline_or_says_in_progress_of_what_has_ended(
    backend: str, tell: Callable[[str], None]
) -> None:
    waits = soak.number(100, 2000)
    random = Random(20130608)
    weather = Weather(random, 0.4)
    outcomes: Counter[str] = Counter()
    worst = 0.0
    late = 0

    async def one() -> None:
        nonlocal worst, late
        operation = weather.operation()
        interval = random.choice((None, None, 0.5, 10.0))
        seconds = random.choice((random.uniform(0.001, 1), random.uniform(1, 60), random.uniform(60, 600)))
        deadline = anyio.current_time() + seconds
        outcome = "Succeeded"
        try:
            await client.wait_for_operation(operation.token, interval=interval, timeout=seconds)
        except OperationFailedError:
            outcome = "Failed"
        except OperationTimeoutError as error:
            outcome = "in progress" if "in progress" in str(error) else "could not be asked"
            token = AcceptedOperation.from_token(str(error.resume_token))
            assert token.request_id == operation.request_id
        outcomes[outcome] += 1
        if outcome in {"Succeeded", "Failed"}:
            assert outcome == ("Failed" if operation.fails else "Succeeded")
            assert operation.ends_at <= anyio.current_time()
        else:
            # It was asked about at the deadline, or a question from before it hadn't come back.
            unanswered = operation.answered_at >= deadline + LAST_QUESTION_SECONDS - SAME
            assert operation.asked_at >= deadline - SAME or unanswered
            assert outcome != "in progress" or operation.ends_at > deadline
        # Only the last question comes before the service wished it.
        assert all(asked_at >= deadline - SAME for asked_at in operation.too_early)
        overshoot = anyio.current_time() - deadline
        worst = max(worst, overshoot - LAST_QUESTION_SECONDS)
        late += overshoot > OVERSHOOT_SECONDS

    async def main() -> None:
        async with client:
            await many(waits, one)

    client = ServiceManagementClient(
        SUBSCRIPTION, transport=weather, random=random.random, max_connections=2 * AT_ONCE
    )
    virtual_time.run(main, backend)
    assert worst <= OVERSHOOT_SECONDS
    assert len(outcomes) == 4
    assert outcomes.total() == waits
    tell(
        f"{waits} waits with a deadline on {backend}: {dict(outcomes)}; {late} took some of the"
        f" {LAST_QUESTION_SECONDS:g} s of their last question, the worst {max(worst, 0) * 1000:.0f} ms more"
    )


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("failure", ["429", "no connection"])
def test_a_pause_that_was_asked_for_holds_up_no_last_question(failure: str, backend: str) -> None:
    asked_at: list[float] = []
    began = 0.0

    async def answer(request: httpx.Request) -> httpx.Response:
        asked_at.append(anyio.current_time() - began)
        odd = ODD[failure]
        if len(asked_at) > 1:
            return httpx.Response(200, headers=XML, content=told("Succeeded"))
        if isinstance(odd, tuple):
            return httpx.Response(odd[0], headers={**odd[1], "retry-after": "90"}, content=odd[2])
        raise odd(failure)

    async def main() -> None:
        nonlocal began
        began = anyio.current_time()
        async with ServiceManagementClient(SUBSCRIPTION, transport=httpx.MockTransport(answer)) as client:
            await client.wait_for_operation("ab" * 16, interval=60, timeout=20)

    virtual_time.run(main, backend)
    assert asked_at == pytest.approx([0, 20])


class Counting:
    """Sends nothing, and counts."""

    def __init__(self) -> None:
        self.requests = 0

    async def send(self, request: object) -> object:
        self.requests += 1
        raise AssertionError(request)


def forged(random: Random) -> object:
    """Something that is neither a token of this subscription nor a request id."""
    request_id = f"{random.getrandbits(128):032x}"
    token = {
        "azure_iaas": 1,
        "operation": "AddRole",
        "request_id": request_id,
        "subscription_id": SUBSCRIPTION,
    }
    odd_texts = ("", " ", "\0", "../" + request_id, "{", "\u0661" * 32, "a" * 5000, "\ud800", "%2e", "é")
    odd_values: tuple[object, ...] = (
        *odd_texts,
        None,
        True,
        0,
        -1,
        1.0,
        2,
        10**400,
        [],
        {},
        [request_id],
        {"id": request_id},
    )
    place = random.randrange(32)
    match random.randrange(8):
        case 0:  # an id with another character in it
            return request_id[:place] + random.choice("ghzGZ-_/%?# .\0\n\xe9\u0665") + request_id[place + 1 :]
        case 1:  # an id of another length
            return (request_id * 3)[: random.choice([*range(32), *range(33, 97)])]
        case 2:  # dashes where a GUID has none
            return f"{request_id[: place + 1]}-{request_id[place + 1 :]}"
        case 3:  # a token that was cut
            text = json.dumps(token)
            return text[: random.randrange(len(text))]
        case 4:  # a token of another subscription
            return json.dumps(
                {**token, "subscription_id": random.choice(("other", f"{SUBSCRIPTION}2", *odd_texts))}
            )
        case 5:  # a token with another type, version, operation or id
            name = random.choice(list(token))
            return json.dumps({**token, name: random.choice(odd_values)})
        case 6:  # a token without one of its parts, deep inside something, or with more behind it
            less = dict(token)
            del less[random.choice(list(token))]
            return random.choice((json.dumps(less), json.dumps([token]), json.dumps(token) * 2, "[" * 9999))
        case _:  # no text at all
            return random.choice((None, 0, 1.5, b"a", request_id.encode(), [request_id], token, object()))


def forgeries(count: int) -> Iterator[object]:
    random = Random(20130609)
    return (forged(random) for _ in range(count))


@pytest.mark.anyio
async def test_what_is_forged_is_refused_before_anything_is_sent(tell: Callable[[str], None]) -> None:
    count = soak.number(2000, 10_000)
    transport = Counting()
    client = ServiceManagementClient(SUBSCRIPTION, transport=transport)  # type: ignore[arg-type]
    for value in forgeries(count):
        with pytest.raises(InvalidArgumentError):
            await client.wait_for_operation(value)  # type: ignore[arg-type]
        with pytest.raises(InvalidArgumentError):
            await client.get_operation_status(value)  # type: ignore[arg-type]
    assert transport.requests == 0
    # What they were made of is none: it is asked about.
    with pytest.raises(AssertionError):
        await client.get_operation_status("ab" * 16)
    assert transport.requests == 1
    tell(f"{count} forged tokens and ids refused, {transport.requests - 1} requests sent")
