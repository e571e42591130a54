"""Faults an endpoint can be told to show: what networks, proxies and front ends did to its clients.

A plan chooses a fault for a request, or none::

    faults = FaultPlan(
        Rule(DropAfterHandler(), when=Requests(operation="AddRole"), nth=2),
        Rule(Refuse(503), when=lambda index, request: request.method == "POST", times=3, probability=0.5),
        seed=7,
    )
    async with LocalService(faults=faults) as service: ...

`azure_iaas.endpoint.fault_files` reads plans from files.

Rules:

1. A plan is plain data with a seed: the same requests in the same order meet the same faults.
2. Each fault says whether the handler runs, that is, whether a write is carried out.
3. A fault refuses a number out of its range when it is made, with a `ConfigurationError`.
4. Faults of the answer (`AnswerFault`) are the same with and without sockets, and anybody may write more.
   Faults of the connection (`ConnectionFault`) are these five: each driver has to know how to show them, on
   sockets as they are, in memory as the error a client makes of them. A type checker sees when one doesn't.
5. What others do to the service's state (`Disturbance`) is staged by the backend, if it can.
"""

from __future__ import annotations

import math
import random
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Protocol

from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import http_date
from azure_iaas.endpoint.backend import Disturbs
from azure_iaas.endpoint.http_errors import error_answer, internal_error, refusal_answer
from azure_iaas.endpoint.routes import split_target
from azure_iaas.errors import ConfigurationError
from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from azure_iaas.endpoint.backend import Backend, ReceivedRequest
    from azure_iaas.wire.messages import RawRequest


_HOSTED_SERVICES: Final = ["services", "hostedservices"]


class Handling(Protocol):
    """Runs the handler when it is called, and gives its answer; a fault may call it once, or not at all."""

    def __call__(self) -> RawResponse:
        """Have the request carried out."""

    @property
    def now(self) -> datetime:
        """The service's time."""

    @property
    def backend(self) -> Backend:
        """What carries requests out."""

    @property
    def request_id(self) -> str:
        """An id for an answer that isn't the handler's; the same for the same request of a start."""

    def jump_clock(self, seconds: float) -> None:
        """Move the service's time."""


def _demand(holds: bool, field: str, value: object, what: str) -> None:
    if not holds:
        raise ConfigurationError(f"{field}: {value!r} isn't {what}")


class AnswerFault(ABC):
    """Another answer than the handler's."""

    @abstractmethod
    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Give the answer to send.

        Args:
            request: the request to answer.
            handle: runs the handler; a fault that doesn't call it leaves the request undone.
        """


@dataclass(frozen=True, slots=True)
class Replace(AnswerFault):
    """A given answer; the handler doesn't run."""

    response: RawResponse

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Give the fixed answer."""
        return self.response


@dataclass(frozen=True, slots=True)
class Refuse(AnswerFault):
    """Throttling or an outage; the handler doesn't run.

    The wording is the recorded one ("Throttling", protocol.md 9.1): 503 ``TooManyRequests``. The real
    service never sent ``Retry-After``, nor 408 or 429; proxies in front of a client may do all three.

    Attributes:
        status: 408, 429, 500 or 503.
        retry_after: seconds, or an HTTP date, or None for no ``Retry-After``.
        as_date: write the seconds as the HTTP date they lead to, by the service's clock.
    """

    status: int = 503
    retry_after: float | str | None = None
    as_date: bool = False

    def __post_init__(self) -> None:
        _demand(200 <= self.status <= 599, "status", self.status, "an HTTP status")
        if not isinstance(self.retry_after, str | None):
            _demand(0 <= self.retry_after < math.inf, "retry_after", self.retry_after, "0 or more")

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Give an error document with the status."""
        if self.status == 500:
            answer = internal_error(handle.request_id)
        elif self.status == 408:
            answer = error_answer(
                408, "BadRequest", "The request took too long to arrive.", handle.request_id
            )
        else:
            answer = error_answer(
                self.status,
                "TooManyRequests",
                "Too many requests received. Retry after some time.",
                handle.request_id,
            )
        if self.retry_after is None:
            return answer
        if isinstance(self.retry_after, str):
            after = self.retry_after
        elif self.as_date:
            # Whole seconds, upwards: nobody is to come too early for a fraction the date can't show.
            after = http_date(math.ceil((handle.now + timedelta(seconds=self.retry_after)).timestamp()))
        else:
            after = f"{self.retry_after:g}"
        return RawResponse(answer.status, {**answer.headers, "retry-after": after}, answer.body)


@dataclass(frozen=True, slots=True)
class Redirect(AnswerFault):
    """307 with an empty body, as regional front ends sent it ("Redirects", 9.2); the handler doesn't run.

    Attributes:
        host: scheme, host and port to go to, for example ``https://127.0.0.1:8444``; the request's own
            path and query are added.
    """

    host: str

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
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

    def __post_init__(self) -> None:
        _demand(200 <= self.status <= 599, "status", self.status, "an HTTP status")

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
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

    def __post_init__(self) -> None:
        _demand(0 <= self.keep <= 1, "keep", self.keep, "from 0 to 1")

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
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

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Change the body, keep status and headers."""
        response = handle()
        headers = {"content-type": "application/xml; charset=utf-8", **response.headers}
        return RawResponse(response.status, headers, self.body)


@dataclass(frozen=True, slots=True)
class WrongContentType(AnswerFault):
    """The handler's answer under another content type.

    Attributes:
        content_type: what is sent in place of ``application/xml``; empty for no such header.
    """

    content_type: str = "text/plain"

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Change the header, keep status and body."""
        response = handle()
        headers = {name: value for name, value in response.headers.items() if name != "content-type"}
        if self.content_type:
            headers["content-type"] = self.content_type
        return RawResponse(response.status, headers, response.body)


@dataclass(frozen=True, slots=True)
class MissingRequestId(AnswerFault):
    """The handler's answer without ``x-ms-request-id``: an accepted operation can't be asked for."""

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Leave the header out."""
        response = handle()
        headers = {name: value for name, value in response.headers.items() if name != "x-ms-request-id"}
        return RawResponse(response.status, headers, response.body)


@dataclass(frozen=True, slots=True)
class ExpiredCertificate(AnswerFault):
    """403, as if the client's certificate had expired ("Authentication", 1.2); the handler doesn't run."""

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Give the one answer all unknown certificates get."""
        return refusal_answer(refusals.forbidden(), handle.request_id)


class Disturbance(AnswerFault):
    """Something others do to the service's state; the request is then carried out, and meets it.

    It needs a backend that `Disturbs`.
    """


@dataclass(frozen=True, slots=True)
class HoldLock(Disturbance):
    """Another client's operation takes a cloud service just before the request does: writes get 409.

    Attributes:
        seconds: how long it holds it, by the service's clock.
        service: name of the cloud service; empty for the one in the request's path.
    """

    seconds: float = 60.0
    service: str = ""

    def __post_init__(self) -> None:
        _demand(0 <= self.seconds < math.inf, "seconds", self.seconds, "0 or more")

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Take the lock, then have the request carried out."""
        segments = split_target(request.target).segments
        owner = segments[0] if segments else ""
        is_below = len(segments) > 3 and [each.lower() for each in segments[1:3]] == _HOSTED_SERVICES
        name = self.service or (segments[3] if is_below else "")
        try:
            _disturbed(handle).hold_lock(name, self.seconds, handle.now, subscription_id=owner)
        except LookupError:
            return handle()  # there is nothing to hold: the answer says so better than this could
        return handle()


@dataclass(frozen=True, slots=True)
class FailOperation(Disturbance):
    """The request is accepted, if it is a write that takes a while, and its operation ends as ``Failed``.

    When it isn't accepted, the next write that is fails.

    Attributes:
        status: ``HttpStatusCode`` of the operation.
        code: ``Error/Code``.
        message: ``Error/Message``.
    """

    status: int = 500
    code: str = "InternalError"
    message: str = "The server encountered an internal error. Please retry the request."

    def __post_init__(self) -> None:
        _demand(400 <= self.status <= 599, "status", self.status, "an HTTP status of a failure")

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Announce the failure, then have the request carried out."""
        _disturbed(handle).fail_next_write(self.status, self.code, self.message)
        return handle()


@dataclass(frozen=True, slots=True)
class ForgetOperation(Disturbance):
    """The request is carried out, and its operation forgotten: Get Operation Status gives 404."""

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Have the request carried out, then forget its id."""
        response = handle()
        try:
            _disturbed(handle).forget_operation(response.headers.get("x-ms-request-id", ""))
        except LookupError:
            return response  # a read, or refused: there is no operation
        return response


@dataclass(frozen=True, slots=True)
class JumpClock(AnswerFault):
    """The service's clock jumps just before the request is carried out.

    Attributes:
        seconds: how far; negative for backwards.
    """

    seconds: float

    def __post_init__(self) -> None:
        _demand(math.isfinite(self.seconds), "seconds", self.seconds, "finite")

    def respond(self, request: ReceivedRequest, handle: Handling) -> RawResponse:
        """Move the clock, then have the request carried out."""
        handle.jump_clock(self.seconds)
        return handle()


def _disturbed(handle: Handling) -> Disturbs:
    if not isinstance(handle.backend, Disturbs):
        raise TypeError("this backend can't be disturbed")
    return handle.backend


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

    def __post_init__(self) -> None:
        _demand(self.seconds >= 0, "seconds", self.seconds, "0 or more")


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

    def __post_init__(self) -> None:
        _demand(self.after_bytes >= 0, "after_bytes", self.after_bytes, "0 or more")


@dataclass(frozen=True, slots=True)
class DripAnswer:
    """The answer comes in small pieces with pauses between them.

    Attributes:
        piece_bytes: length of a piece.
        pause_seconds: pause between two of them.
    """

    piece_bytes: int = 1
    pause_seconds: float = 0.001

    def __post_init__(self) -> None:
        _demand(self.piece_bytes >= 1, "piece_bytes", self.piece_bytes, "1 or more")
        _demand(0 <= self.pause_seconds < math.inf, "pause_seconds", self.pause_seconds, "0 or more")


@dataclass(frozen=True, slots=True)
class ExpiredServerCertificate:
    """The server shows a certificate that has expired: a client that looks ends the handshake.

    Its rules are about connections, in the order in which they are accepted, not about requests: ``nth``,
    ``times`` and ``probability`` count connections, and ``when`` isn't asked. In memory, where there are no
    handshakes, nothing happens.
    """


ConnectionFault = DropBeforeHandler | DropAfterHandler | Stall | CutAnswer | DripAnswer
"""Something that happens to the connection."""

HandshakeFault = ExpiredServerCertificate
"""Something that happens before there is a request."""

Fault = AnswerFault | ConnectionFault


class Faults(Protocol):
    """What an endpoint asks once for each request, in the order they arrive."""

    def choose(self, request: ReceivedRequest) -> Fault | None:
        """Give the fault this request meets, or None."""


@dataclass(frozen=True, slots=True)
class Requests:
    """Which requests a rule is about: those all that is given fits.

    Attributes:
        method: HTTP verb, in any case; empty for any.
        path: pattern of the path without its query, in any case: ``*`` stands for any text, slashes
            included, and ``?`` for one character. One that doesn't begin with a slash is compared with what
            follows the subscription, for example ``services/hostedservices/web*``. Empty for any.
        operation: title of the operation, run together, in any case, for example ``AddRole``; it may be a
            pattern too. Empty for any.
    """

    method: str = ""
    path: str = ""
    operation: str = ""

    def __call__(self, index: int, request: RawRequest) -> bool:
        """Say whether the rule is about a request; its index doesn't matter."""
        if self.method and request.method.lower() != self.method.lower():
            return False
        if self.path:
            path = request.target.partition("?")[0]
            if not self.path.startswith("/"):
                path = path[1:].partition("/")[2]
            if not fnmatchcase(path.lower(), self.path.lower()):
                return False
        operation = getattr(request, "operation", "")
        return not self.operation or fnmatchcase(operation.lower(), self.operation.lower())


@dataclass(frozen=True, slots=True)
class Rule:
    """When a fault happens.

    Attributes:
        fault: what happens.
        when: `Requests`, or a function that is given the request's index (0 for the first one the service
            received) and the request, a `ReceivedRequest` with ``operation``, and says whether to.
        times: how often at most; None for no limit.
        probability: chance for a request that ``when`` chose, 0 to 1.
        nth: only the nth request that ``when`` chose, from 1; None for any.

    Raises:
        ConfigurationError: a number is out of its range.
    """

    fault: Fault | HandshakeFault
    when: Callable[[int, ReceivedRequest], bool] = Requests()
    times: int | None = 1
    probability: float = 1.0
    nth: int | None = None

    def __post_init__(self) -> None:
        _demand(0.0 <= self.probability <= 1.0, "probability", self.probability, "from 0 to 1")
        _demand(self.times is None or self.times >= 0, "times", self.times, "0 or more")
        _demand(self.nth is None or self.nth >= 1, "nth", self.nth, "1 or more")


@dataclass(frozen=True, slots=True)
class Injected:
    """A fault that happened: to which request, counted from 0."""

    index: int
    request: ReceivedRequest
    fault: Fault


@dataclass(slots=True)
class _Count:
    """How often a rule's ``when`` chose a request, and how often its fault happened."""

    rule: Rule
    chosen: int = 0
    happened: int = 0


class FaultPlan:
    """Chooses faults by rules: the first rule that fits a request wins.

    Attributes:
        rules: in order of precedence; may be changed while the service runs.
        seed: of what is left to chance.
        injected: what happened so far.
    """

    def __init__(self, *rules: Rule, seed: int = 0) -> None:
        self.rules = list(rules)
        self.seed = seed
        self.injected: list[Injected] = []
        self._counts: dict[int, _Count] = {}
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        # Apart from the other: how many connections a client opens isn't to change what requests meet.
        self._random_handshakes = random.Random(seed)  # noqa: S311 - as above
        self._index = 0

    def choose(self, request: ReceivedRequest) -> Fault | None:
        """Give the fault this request meets, or None; counts the request."""
        index, self._index = self._index, self._index + 1
        for rule in self.rules:
            if isinstance(rule.fault, HandshakeFault) or self._is_worn_out(rule):
                continue
            if rule.when(index, request) and self._happens(rule, self._random):
                self.injected.append(Injected(index, request, rule.fault))
                return rule.fault
        return None

    def choose_for_handshake(self) -> HandshakeFault | None:
        """Give the fault the next connection's handshake meets, or None; counts the connection."""
        for rule in self.rules:
            if not isinstance(rule.fault, HandshakeFault) or self._is_worn_out(rule):
                continue
            if self._happens(rule, self._random_handshakes):
                return rule.fault
        return None

    def _count(self, rule: Rule) -> _Count:
        # By identity: of two equal rules each has its own count. The count keeps its rule alive, so no other
        # rule gets the same identity.
        return self._counts.setdefault(id(rule), _Count(rule))

    def _is_worn_out(self, rule: Rule) -> bool:
        return rule.times is not None and self._count(rule).happened >= rule.times

    def _happens(self, rule: Rule, chance: random.Random) -> bool:
        count = self._count(rule)
        count.chosen += 1
        if rule.nth is not None and count.chosen != rule.nth:
            return False
        if rule.probability < 1.0 and chance.random() >= rule.probability:
            return False
        count.happened += 1
        return True
