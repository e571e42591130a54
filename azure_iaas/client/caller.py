"""The one call path: build, send, parse, and try again where that is safe."""

from __future__ import annotations

import copy
import math
import random as random_numbers
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, Self, TypeVar

import anyio

from azure_iaas import credentials
from azure_iaas.client.events import (
    AttemptEnded,
    AttemptStarted,
    CallEnded,
    CallFacts,
    CallStarted,
    RetryScheduled,
    Watcher,
    current_watchers,
    tell,
)
from azure_iaas.client.logs import logging_watchers
from azure_iaas.config import ClientOptions, ResolvedOptions, check_subscription_id
from azure_iaas.errors import (
    AzureError,
    ConfigurationError,
    InvalidArgumentError,
    OutageError,
    RequestTimeoutError,
    quoted,
)
from azure_iaas.frames import forgetful
from azure_iaas.operations.operation import Group, Terms
from azure_iaas.operations.outage import Breaker
from azure_iaas.operations.outcomes import named, outcome
from azure_iaas.operations.retrying import RetryBudget, delay_seconds
from azure_iaas.operations.secrets import SentSecrets
from azure_iaas.polling import will_ask_again
from azure_iaas.threads import in_thread
from azure_iaas.transport import GRACE_SECONDS, HTTPTransport, Sender, current_deadline, deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    import httpx

    from azure_iaas.operations.operation import Call
    from azure_iaas.wire.messages import RawRequest, RawResponse

Out = TypeVar("Out")
Given = TypeVar("Given", bound=ClientOptions | ResolvedOptions)

OFF_LOOP_BYTES: Final = 64 * 1024
OFF_LOOP_PARTS: Final = 4000
"""Answers of more than either are read in a thread. A part of XML takes up to 20 µs, one of JSON twice that:
nobody else waits for more than 100 ms (``benchmarks/hostile.py``)."""


class Caller(Group):
    """A client's connection to the service, and the path every call takes.

    Args:
        subscription_id: subscription to work in; None takes ``AZURE_IAAS_SUBSCRIPTION_ID``.
        auth: management certificate: the documented mapping (``keyfile``, ``keyvalue``, ``certfile``,
            ``certvalue``, and ``passphrase`` for an encrypted key), the path of a file with both (PEM,
            PKCS#12, publish settings), a :class:`~azure_iaas.credentials.ManagementCertificate`, or None for
            the environment variables and default files.
        options: the documented mapping, with any attribute of :class:`~azure_iaas.config.ClientOptions`
            beside it, or such an object.
        transport: what sends requests instead of our own connections: any ``httpx.AsyncBaseTransport``, or
            an object with ``send``, for example the local service in memory. It stays the caller's, who
            opens and closes it, and no certificate is needed.
        random: gives numbers from 0 to 1, to spread retries and questions.
        watcher: called with every event of every call; see :mod:`azure_iaas.client.events`.
        **more: options as keywords.

    Raises:
        ConfigurationError: an option, key or certificate can't be used; it is named.
    """

    @forgetful
    def __init__(
        self,
        subscription_id: str | None = None,
        auth: credentials.Auth = None,
        options: Mapping[str, Any] | ClientOptions | ResolvedOptions | None = None,
        *,
        transport: Sender | httpx.AsyncBaseTransport | None = None,
        random: Callable[[], float] = random_numbers.random,
        watcher: Watcher | None = None,
        **more: Any,
    ) -> None:
        self.options: ResolvedOptions = ClientOptions.resolve(_together(options, more))
        self.terms: Terms = Terms(
            subscription_id=check_subscription_id(subscription_id),
            api_version=self.options.version,
            serialization=self.options.serialize_type,
            dialect=self.options.dialect,
            version_chosen=self.options.chosen_version is not None,
            default_location=self.options.default_location,
        )
        self._http: HTTPTransport | None = None  # what was made here is opened and closed here
        if isinstance(transport, Sender):
            self._sender: Sender = transport
        elif transport is not None:
            self._sender = self._http = HTTPTransport.through(self.options, transport)
        else:
            certificate = credentials.resolve(auth, subscription_id=self.terms.subscription_id)
            self._sender = self._http = HTTPTransport(self.options, certificate)
        self._random = random
        self._budget = RetryBudget()
        self._secrets = SentSecrets()
        self._breaker = Breaker() if self.options.fail_fast else None
        self._watchers: tuple[Watcher, ...] = () if watcher is None else (watcher,)

    @classmethod
    @forgetful
    def from_profile(
        cls,
        name: str | None = None,
        options: Mapping[str, Any] | ClientOptions | None = None,
        *,
        passphrase: credentials.Passphrase | None = None,
        watcher: Watcher | None = None,
        **more: Any,
    ) -> Self:
        """Make a client of a profile, as ``azure-iaas account import`` makes them; see docs/accounts.md.

        A named profile stands above the environment variables; these stand above the current one. No other
        way of making a client reads profiles.

        Args:
            name: the profile; None: that of ``AZURE_IAAS_PROFILE``, else the current one.
            options: the documented mapping, or such an object; they stand above all else.
            passphrase: opens the profile's key if it is encrypted; None: ``AZURE_IAAS_PASSPHRASE``.
            watcher: as for the client.
            **more: options as keywords.

        Raises:
            ConfigurationError: there is no such profile, or what it says can't be used.
        """
        from azure_iaas.accounts import find_settings  # noqa: PLC0415 - most programs have none

        settings = find_settings(name, options=_together(options, more), passphrase=passphrase)
        return cls(settings.subscription_id, settings.certificate, settings.options, watcher=watcher)

    def __repr__(self) -> str:
        if not hasattr(self, "_sender"):
            return f"<{type(self).__name__} that couldn't be made>"
        host = f" at {self.options.host}:{self.options.port}" if self._http else ""
        return f"<{type(self).__name__} of subscription {self.terms.subscription_id}{host}>"

    @property
    def subscription_id(self) -> str:
        """The subscription this client works in."""
        return self.terms.subscription_id

    @property
    def transport(self) -> Sender:
        """What sends the requests."""
        return self._sender

    async def __aenter__(self) -> Self:
        """Open the client; connections are made when they are needed."""
        if self._http is not None:
            await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the client, after the requests in flight or the ``close_timeout_seconds``."""
        if self._http is not None:
            await self._http.__aexit__(exc_type, exc, traceback)

    def __copy__(self) -> Self:
        client = object.__new__(type(self))
        client.__dict__.update(self.__dict__)
        return client

    def __reduce__(self) -> NoReturn:
        msg = f"a {type(self).__name__} has connections and can't be pickled: make one in each process"
        raise TypeError(msg)

    if not TYPE_CHECKING:  # checkers report it by themselves, as long as they don't see these

        def __enter__(self) -> None:
            msg = f"use 'async with' for a {type(self).__name__}, not 'with'"
            raise TypeError(msg)

        def __exit__(self, *_: object) -> None:
            """For ``with`` to come as far as `__enter__`."""

    async def open(self) -> Self:
        """Open the client without ``async with``, and give it back; :meth:`aclose` closes it.

        Any task of the event loop may open, use and close it: a notebook's cells, a framework's hooks.

        Raises:
            RuntimeError: opened a second time.
        """
        if self._http is not None:
            await self._http.open()
        return self

    async def aclose(self) -> None:
        """Close the client, after the requests in flight or the ``close_timeout_seconds``; twice is fine.

        Raises:
            RuntimeError: it was opened on another event loop.
        """
        if self._http is not None:
            await self._http.aclose()

    @forgetful
    def set_proxy_url(self, proxy_url: str | None) -> None:
        """Tunnel later requests through a proxy (``CONNECT``); overrides ``HTTPS_PROXY``. None: no proxy.

        Raises:
            ConfigurationError: not ``http://[user:password@]host[:port]``, or the client sends no HTTP.
        """
        if self._http is None:
            msg = "set_proxy_url: this client doesn't send over HTTP"
            raise ConfigurationError(msg)
        self._http.set_proxy_url(proxy_url)

    def within(self, timeout_seconds: float) -> Self:
        """Give this client with another bound on each call, in place of the option ``timeout_seconds``.

        ::

            role = await client.within(5).get_role("shop", "web", "web1")

        It shares connections, limits and all that is known of operations; it is neither opened nor closed.

        Raises:
            InvalidArgumentError: not a number above 0.
        """
        if isinstance(timeout_seconds, bool) or not timeout_seconds > 0:
            raise InvalidArgumentError("within", "timeout_seconds", "a number above 0")
        client = copy.copy(self)
        client.options = self.options.model_copy(update={"timeout_seconds": timeout_seconds})
        return client

    async def _call(self, call: Call[Out]) -> Out:
        """Send one call and read its answer, trying again where that can't do anything twice.

        All of it, the queue, the attempts, the pauses and the redirects, ends by one deadline.
        """
        self._secrets.remember(call.secrets)
        attempts = _Attempts(call, (*logging_watchers(), *self._watchers, *current_watchers()))
        # Telling nobody would cost as much as reading the answer.
        return await (self._watched(attempts) if attempts.watchers else self._in_time(attempts))

    async def _watched(self, attempts: _Attempts[Out]) -> Out:
        """Make a call and tell of it; its attempts tell of themselves."""
        facts, watchers = self._facts(attempts.call), attempts.watchers
        attempts.facts = facts
        began = anyio.current_time()
        tell(watchers, CallStarted(facts))
        failure: BaseException | None = None
        try:
            return await self._in_time(attempts)
        except BaseException as error:
            failure = error
            raise
        finally:
            seconds = anyio.current_time() - began
            tell(watchers, CallEnded(facts, attempts.number, seconds, failure))
            del failure  # a frame that holds its own error is a cycle

    async def _in_time(self, attempts: _Attempts[Out]) -> Out:
        if self.options.timeout_seconds is None:
            return await self._attempt(attempts)
        with deadline(self.options.timeout_seconds):
            return await self._attempt(attempts)

    def _facts(self, call: Call[Any]) -> CallFacts:
        over_http = self._http is not None
        return CallFacts(
            operation=call.operation.name,
            request=call.request,
            path_template=call.operation.path,
            host=self.options.host if over_http else None,
            port=self.options.port if over_http else None,
        )

    async def _attempt(self, attempts: _Attempts[Out]) -> Out:
        call = attempts.call
        while True:
            self._refuse_in_outage(call)
            try:
                attempts.number += 1
                facts = attempts.facts
                response = await (
                    self._send(call.request) if facts is None else self._watched_send(attempts, facts)
                )
                answer = await self._read(call, response)
            except AzureError as exc:
                exc.operation = exc.operation or call.operation.name
                delay = self._delay_seconds(exc, attempts)
                if delay is None:
                    error = outcome(exc, call)
                    raise error from error.__cause__
                if anyio.current_time() + delay >= current_deadline():
                    raise named(_out_of_time(exc), call) from exc
                if attempts.facts is not None:
                    tell(attempts.watchers, RetryScheduled(attempts.facts, attempts.number, delay, exc))
                await anyio.sleep(delay)
            else:
                self._budget.refund()
                return answer

    def _delay_seconds(self, error: AzureError, attempts: _Attempts[Any]) -> float | None:
        if will_ask_again.get():
            return None
        return delay_seconds(
            error,
            repeatable=attempts.call.operation.repeatable,
            attempts=attempts.number,
            budget=self._budget,
            random=self._random(),
        )

    def _refuse_in_outage(self, call: Call[Any]) -> None:
        breaker = self._breaker
        if breaker is None or not breaker.in_a_row:  # as nearly always, and then no clock is asked
            return
        if not (seconds := breaker.seconds_to_wait(anyio.current_time())):
            return
        error = OutageError(
            f"{call.operation.name}: not tried: the last {breaker.in_a_row} connections failed, the next is"
            f" tried in {seconds:.2f} s ({breaker.cause})",
            operation=call.operation.name,
            retry_after=seconds,
        )
        raise named(error, call) from breaker.cause

    async def _watched_send(self, attempts: _Attempts[Any], facts: CallFacts) -> RawResponse:
        watchers, number = attempts.watchers, attempts.number
        began = anyio.current_time()
        tell(watchers, AttemptStarted(facts, number))
        response: RawResponse | None = None
        failure: BaseException | None = None
        try:
            response = await self._send(attempts.call.request)
        except BaseException as error:
            failure = error
            raise
        finally:
            event = AttemptEnded(facts, number, anyio.current_time() - began, response, failure)
            tell(watchers, event)
            del failure, event
        return response

    async def _send(self, request: RawRequest) -> RawResponse:
        try:
            response = await self._send_in_time(request)
        except AzureError as error:
            if self._breaker is not None:
                self._breaker.failed(error, anyio.current_time())
            raise
        if self._breaker is not None:
            self._breaker.reached()
        return response

    async def _send_in_time(self, request: RawRequest) -> RawResponse:
        until = current_deadline()
        if until == math.inf:  # as most calls are; a cancel scope is a good part of what a call costs
            return await self._sender.send(request)
        if anyio.current_time() >= until:
            raise RequestTimeoutError("the deadline passed before it was sent", request_sent=False)
        with anyio.CancelScope(deadline=until + GRACE_SECONDS):
            return await self._sender.send(request)
        raise RequestTimeoutError("the deadline passed before the answer was there")

    async def _read(self, call: Call[Out], response: RawResponse) -> Out:
        """Read an answer: a large one in a thread, so that nobody else waits for it."""

        def read() -> Out:
            answer = response
            if answer.status not in call.operation.success or call.operation.name == "GetOperationStatus":
                # The service's own texts may repeat what was sent.
                answer = self._masked(answer)
            return call.operation.parse(answer, self.terms)

        if not _takes_long(response.body):
            return read()
        with anyio.CancelScope(deadline=current_deadline()):
            return await in_thread(read, abandon=True)
        raise RequestTimeoutError("the deadline passed before the answer was read", request_sent=True)

    def _masked(self, response: RawResponse) -> RawResponse:
        body = self._secrets.removed_from(response.body)
        return response if body is response.body else replace(response, body=body)


@dataclass(slots=True)
class _Attempts(Generic[Out]):
    """One call on its way: who watches it, and how many attempts were made."""

    call: Call[Out]
    watchers: tuple[Watcher, ...]
    facts: CallFacts | None = None  # what watchers know it by
    number: int = 0


def _takes_long(body: bytes) -> bool:
    """Whether others would notice that they wait while an answer is read."""
    if len(body) > OFF_LOOP_BYTES:
        return True
    return body.count(b"<") + 2 * (body.count(b",") + body.count(b"{")) > OFF_LOOP_PARTS


def _out_of_time(error: AzureError) -> RequestTimeoutError:
    """Say that the next attempt, which could do nothing twice, would come too late."""
    return RequestTimeoutError(
        f"{error.operation}: the deadline passes before the next attempt ({error.message})",
        operation=error.operation,
        request_id=error.request_id,
        status=error.status,
        request_sent=error.request_sent,
    )


def _together(
    options: Mapping[str, Any] | Given | None, more: Mapping[str, Any]
) -> Mapping[str, Any] | Given | None:
    """Give the options of a mapping and of keywords as one."""
    if not more:
        return options
    if isinstance(options, ClientOptions | ResolvedOptions):
        msg = "give options as one object or as keywords, not both"
        raise ConfigurationError(msg)
    if twice := (options or {}).keys() & more.keys():
        msg = f"option {quoted(min(twice))} is given twice"
        raise ConfigurationError(msg)
    return {**(options or {}), **more}
