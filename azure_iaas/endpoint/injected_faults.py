"""Faults an endpoint can be told to show: what networks, proxies and front ends did to its clients.

A plan chooses a fault for a request, or none::

    faults = FaultPlan(
        Rule(DropAfterHandler(), when=lambda index, request: request.method == "POST"),
        Rule(Refuse(503), times=3, probability=0.5),
        seed=7,
    )
    async with LocalService(faults=faults) as service: ...

Rules:

1. A plan is plain data with a seed: the same requests in the same order meet the same faults.
2. Each fault says whether the handler runs, that is, whether a write is carried out.
3. Faults of the answer (`AnswerFault`) are the same with and without sockets, and anybody may write more.
   Faults of the connection (`ConnectionFault`) are these five: each driver has to know how to show them, on
   sockets as they are, in memory as the error a client makes of them. A type checker sees when one doesn't.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from azure_iaas.endpoint.http_errors import error_answer, internal_error
from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.wire.messages import RawRequest


class AnswerFault(ABC):
    """Another answer than the handler's."""

    @abstractmethod
    def respond(self, request: RawRequest, handle: Callable[[], RawResponse]) -> RawResponse:
        """Give the answer to send.

        Args:
            request: the request to answer.
            handle: runs the handler; a fault that doesn't call it leaves the request undone.
        """


@dataclass(frozen=True, slots=True)
class Replace(AnswerFault):
    """A given answer; the handler doesn't run."""

    response: RawResponse

    def respond(self, request: RawRequest, handle: Callable[[], RawResponse]) -> RawResponse:
        """Give the fixed answer."""
        return self.response


@dataclass(frozen=True, slots=True)
class Refuse(AnswerFault):
    """Throttling or an outage; the handler doesn't run.

    The wording is the recorded one ("Throttling", protocol.md 9.1): 503 ``TooManyRequests``. The real
    service never sent ``Retry-After``, nor 429; proxies in front of a client may do both.

    Attributes:
        status: 429, 500 or 503.
        retry_after: seconds, or an HTTP date, or None for no ``Retry-After``.
    """

    status: int = 503
    retry_after: float | str | None = None

    def respond(self, request: RawRequest, handle: Callable[[], RawResponse]) -> RawResponse:
        """Give an error document with the status."""
        if self.status == 500:
            answer = internal_error()
        else:
            answer = error_answer(
                self.status, "TooManyRequests", "Too many requests received. Retry after some time."
            )
        if self.retry_after is None:
            return answer
        after = self.retry_after if isinstance(self.retry_after, str) else f"{self.retry_after:g}"
        return RawResponse(answer.status, {**answer.headers, "retry-after": after}, answer.body)


@dataclass(frozen=True, slots=True)
class Redirect(AnswerFault):
    """307 with an empty body, as regional front ends sent it ("Redirects", 9.2); the handler doesn't run.

    Attributes:
        host: scheme, host and port to go to, for example ``https://127.0.0.1:8444``; the request's own
            path and query are added.
    """

    host: str

    def respond(self, request: RawRequest, handle: Callable[[], RawResponse]) -> RawResponse:
        """Point to the same path and query at the other host."""
        headers = {"location": self.host + request.target, "server": "Microsoft-HTTPAPI/2.0"}
        return RawResponse(307, headers)


@dataclass(frozen=True, slots=True)
class HTMLPage(AnswerFault):
    """An HTML page in place of the answer, as gateways send it.

    Attributes:
        status: HTTP status of the page; 200 is seen too, from captive portals.
        after_handler: True when the request was carried out first.
    """

    status: int = 502
    after_handler: bool = False

    def respond(self, request: RawRequest, handle: Callable[[], RawResponse]) -> RawResponse:
        """Give the page."""
        if self.after_handler:
            handle()
        page = (
            f"<!DOCTYPE html><html><head><title>{self.status}</title></head>"
            "<body><h1>Bad Gateway</h1><hr><center>proxy</center></body></html>"
        )
        return RawResponse(self.status, {"content-type": "text/html; charset=utf-8"}, page.encode())


@dataclass(frozen=True, slots=True)
class TruncateBody(AnswerFault):
    """The handler's answer with only the first part of its body, complete as HTTP.

    Attributes:
        keep: how much of the body is left, 0 to 1.
    """

    keep: float = 0.5

    def respond(self, request: RawRequest, handle: Callable[[], RawResponse]) -> RawResponse:
        """Cut the body, keep status and headers."""
        response = handle()
        kept = response.body[: int(len(response.body) * self.keep)]
        return RawResponse(response.status, response.headers, kept)


@dataclass(frozen=True, slots=True)
class WrongBody(AnswerFault):
    """The handler's status and headers with another body: well-formed XML of a wrong kind by default.

    Attributes:
        body: what is sent instead.
    """

    body: bytes = b'<Surprise xmlns="http://schemas.microsoft.com/windowsazure"><A/><A/></Surprise>'

    def respond(self, request: RawRequest, handle: Callable[[], RawResponse]) -> RawResponse:
        """Change the body, keep status and headers."""
        response = handle()
        headers = {"content-type": "application/xml; charset=utf-8", **response.headers}
        return RawResponse(response.status, headers, self.body)


@dataclass(frozen=True, slots=True)
class DropBeforeHandler:
    """The connection ends when the request has arrived; the handler doesn't run.

    Attributes:
        reset: with a TCP reset (``SO_LINGER`` 0) in place of an orderly end.
    """

    reset: bool = False


@dataclass(frozen=True, slots=True)
class DropAfterHandler:
    """The request is carried out, then the connection ends without a byte of the answer.

    Attributes:
        reset: with a TCP reset (``SO_LINGER`` 0) in place of an orderly end.
    """

    reset: bool = False


@dataclass(frozen=True, slots=True)
class Stall:
    """Nothing happens for a while, then everything goes on as if nothing had been.

    Attributes:
        seconds: how long; ``math.inf`` until the service ends or the client goes away.
        after_handler: True when the request is carried out before the pause.
    """

    seconds: float
    after_handler: bool = False


@dataclass(frozen=True, slots=True)
class CutAnswer:
    """The request is carried out, and the connection ends in the middle of the answer.

    Attributes:
        after_bytes: how many bytes of the HTTP answer, head included, are sent. When it is no shorter
            than the answer, the whole of it is sent.
        reset: with a TCP reset (``SO_LINGER`` 0) in place of an orderly end.
    """

    after_bytes: int
    reset: bool = False


@dataclass(frozen=True, slots=True)
class DripAnswer:
    """The answer comes in small pieces with pauses between them.

    Attributes:
        piece_bytes: length of a piece.
        pause_seconds: pause between two of them.
    """

    piece_bytes: int = 1
    pause_seconds: float = 0.001


ConnectionFault = DropBeforeHandler | DropAfterHandler | Stall | CutAnswer | DripAnswer
"""Something that happens to the connection."""

Fault = AnswerFault | ConnectionFault


class Faults(Protocol):
    """What an endpoint asks once for each request, in the order they arrive."""

    def choose(self, request: RawRequest) -> Fault | None:
        """Give the fault this request meets, or None."""


def _always(index: int, request: RawRequest) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """When a fault happens.

    Attributes:
        fault: what happens.
        when: chooses by the request's index (0 for the first one the service received) and content.
        times: how often at most; None for no limit.
        probability: chance for a request that ``when`` chose, 0 to 1.
    """

    fault: Fault
    when: Callable[[int, RawRequest], bool] = _always
    times: int | None = 1
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Injected:
    """A fault that happened: to which request, counted from 0."""

    index: int
    request: RawRequest
    fault: Fault


class FaultPlan:
    """Chooses faults by rules: the first rule that fits a request wins.

    Attributes:
        rules: in order of precedence; may be changed while the service runs.
        injected: what happened so far.
    """

    def __init__(self, *rules: Rule, seed: int = 0) -> None:
        self.rules = list(rules)
        self.injected: list[Injected] = []
        self._used: Counter[int] = Counter()
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._index = 0

    def choose(self, request: RawRequest) -> Fault | None:
        """Give the fault this request meets, or None; counts the request."""
        index, self._index = self._index, self._index + 1
        for rule in self.rules:
            if rule.times is not None and self._used[id(rule)] >= rule.times:
                continue
            if not rule.when(index, request):
                continue
            if rule.probability < 1.0 and self._random.random() >= rule.probability:
                continue
            self._used[id(rule)] += 1
            self.injected.append(Injected(index, request, rule.fault))
            return rule.fault
        return None
