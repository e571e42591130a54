"""The one call path: build, send, parse, and try again where that is safe."""

from __future__ import annotations

import logging
import random as random_numbers
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

import anyio

from azure_iaas import credentials
from azure_iaas.config import ClientOptions, ResolvedOptions, check_subscription_id
from azure_iaas.errors import (
    AzureError,
    ConfigurationError,
    RequestTimeoutError,
    quoted,
)
from azure_iaas.operations.operation import Group, Terms
from azure_iaas.operations.outcomes import named, outcome
from azure_iaas.operations.retrying import RetryBudget, delay_seconds
from azure_iaas.polling import will_ask_again
from azure_iaas.transport import GRACE_SECONDS, HTTPTransport, Sender, current_deadline, deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

    import httpx

    from azure_iaas.config import ResolvedOptions
    from azure_iaas.operations.operation import Call
    from azure_iaas.wire.messages import RawRequest, RawResponse

Out = TypeVar("Out")

_log = logging.getLogger("azure_iaas")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it was sent and its answer; both hide their bodies in ``repr``."""

    operation: str
    request: RawRequest
    response: RawResponse | None


_observer: ContextVar[Callable[[Exchange], None] | None] = ContextVar("azure_iaas_observer", default=None)


@contextmanager
def observed(observer: Callable[[Exchange], None]) -> Iterator[None]:
    """Call ``observer`` with every exchange made in this context, answered or not."""
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


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
        **more: options as keywords.

    Raises:
        ConfigurationError: an option, key or certificate can't be used; it is named.
    """

    def __init__(
        self,
        subscription_id: str | None = None,
        auth: credentials.Auth = None,
        options: Mapping[str, Any] | ClientOptions | None = None,
        *,
        transport: Sender | httpx.AsyncBaseTransport | None = None,
        random: Callable[[], float] = random_numbers.random,
        **more: Any,
    ) -> None:
        self.options: ResolvedOptions = _resolve_options(options, more)
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

    def set_proxy_url(self, proxy_url: str | None) -> None:
        """Tunnel later requests through a proxy (``CONNECT``); overrides ``HTTPS_PROXY``. None: no proxy.

        Raises:
            ConfigurationError: not ``http://[user:password@]host[:port]``, or the client sends no HTTP.
        """
        if self._http is None:
            msg = "set_proxy_url: this client doesn't send over HTTP"
            raise ConfigurationError(msg)
        self._http.set_proxy_url(proxy_url)

    async def _call(self, call: Call[Out]) -> Out:
        """Send one call and read its answer, trying again where that can't do anything twice.

        All of it, the queue, the attempts, the pauses and the redirects, ends by one deadline.
        """
        with deadline(self.options.timeout_seconds):
            return await self._attempt(call)

    async def _attempt(self, call: Call[Out]) -> Out:
        operation, request = call.operation, call.request
        attempts = 0
        while True:
            attempts += 1
            try:
                response = await self._send(operation.name, request)
                answer = operation.parse(response, self.terms)
            except AzureError as exc:
                exc.operation = exc.operation or operation.name
                delay = delay_seconds(
                    exc,
                    repeatable=operation.repeatable and not will_ask_again.get(),
                    attempts=attempts,
                    budget=self._budget,
                    random=self._random(),
                )
                if delay is None:
                    error = outcome(exc, call)
                    raise error from error.__cause__
                if anyio.current_time() + delay >= current_deadline():
                    raise named(_out_of_time(exc), call) from exc
                _log.debug("%s: attempt %d failed, next in %.2f s: %s", operation.name, attempts, delay, exc)
                await anyio.sleep(delay)
            else:
                self._budget.refund()
                return answer

    async def _send(self, operation: str, request: RawRequest) -> RawResponse:
        observer = _observer.get()
        try:
            response = await self._send_in_time(request)
        except AzureError:
            if observer:
                observer(Exchange(operation, request, None))
            raise
        _log.debug("%s %s: %d", request.method, request.target, response.status)
        if observer:
            observer(Exchange(operation, request, response))
        return response

    async def _send_in_time(self, request: RawRequest) -> RawResponse:
        until = current_deadline()
        if anyio.current_time() >= until:
            raise RequestTimeoutError("the deadline passed before it was sent", request_sent=False)
        with anyio.CancelScope(deadline=until + GRACE_SECONDS):
            return await self._sender.send(request)
        raise RequestTimeoutError("the deadline passed before the answer was there")


def _out_of_time(error: AzureError) -> RequestTimeoutError:
    """Say that the next attempt, which could do nothing twice, would come too late."""
    return RequestTimeoutError(
        f"{error.operation}: the deadline passes before the next attempt ({error.message})",
        operation=error.operation,
        request_id=error.request_id,
        status=error.status,
        request_sent=error.request_sent,
    )


def _resolve_options(
    options: Mapping[str, Any] | ClientOptions | None, more: Mapping[str, Any]
) -> ResolvedOptions:
    if not more:
        return ClientOptions.resolve(options)
    if isinstance(options, ClientOptions):
        msg = "give options as one object or as keywords, not both"
        raise ConfigurationError(msg)
    if twice := (options or {}).keys() & more.keys():
        msg = f"option {quoted(min(twice))} is given twice"
        raise ConfigurationError(msg)
    return ClientOptions.resolve({**(options or {}), **more})
