"""What was asked of an endpoint, and what it answered: for assertions, and as lines for people."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO, overload

from azure_iaas.endpoint import documents
from azure_iaas.endpoint.refusals import Refusal
from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from datetime import datetime

    from azure_iaas.wire.messages import RawResponse

LOG_LIMIT = 10_000
"""Requests that are kept; older ones are forgotten."""

_TARGET_LENGTH = 2000
_MESSAGE_LENGTH = 300
"""What is longer is cut: nobody is to fill the memory by what is kept of requests."""

_log = logging.getLogger("azure_iaas.emulator")


@dataclass(slots=True)
class LoggedRequest:
    """One request and its answer. Bodies aren't kept: they may hold passwords and keys.

    Attributes:
        number: 1 for the first request the service received.
        time: when it had arrived, by the service's clock.
        method: HTTP verb.
        target: path and query, as they were sent; of a very long one the beginning.
        operation: title of the operation, run together, for example ``AddRole``; empty when there is none.
        status: HTTP status of the answer; None while there is no answer, or when a fault took its place.
        code: ``Code`` of an error document, empty for none.
        message: ``Message`` of an error document; in strict mode it names the element and the rule.
        request_id: ``x-ms-request-id`` of the answer, which is that of the operation it started.
        fault: class of the injected fault the request met, empty for none.
    """

    number: int
    time: datetime
    method: str
    target: str
    operation: str = ""
    status: int | None = None
    code: str = ""
    message: str = ""
    request_id: str = ""
    fault: str = ""

    def take(self, response: RawResponse) -> None:
        """Note the answer."""
        self.status = response.status
        self.request_id = response.headers.get("x-ms-request-id", "")
        if response.status >= 400:
            code, message = _error_of(response)
            self.code, self.message = code[:_MESSAGE_LENGTH], message[:_MESSAGE_LENGTH]

    def line(self) -> str:
        """Give one printable line: time, method, path, status, code; for 4xx also what was wrong."""
        parts = [f"{self.time:%Y-%m-%dT%H:%M:%SZ}", self.method, self.target]
        parts.append("-" if self.status is None else str(self.status))
        if self.code:
            parts.append(self.code)
        if self.fault:
            parts.append(f"[{self.fault}]")
        if self.message and self.status is not None and 400 <= self.status < 500:
            parts.append(f"({self.message})")
        # What a client wrote must not become a line, or a command to a terminal, of its own.
        return "".join(
            each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in " ".join(parts)
        )


def _error_of(response: RawResponse) -> tuple[str, str]:
    """Code and message of an error document; empty for another body."""
    try:
        if "json" in response.headers.get("content-type", ""):
            values = documents.read_json(response.body)
            return str(values.get("Code", "")), str(values.get("Message", ""))
        root = documents.read_xml(response.body)
    except Refusal:
        return "", ""
    code, message = root.child("Code"), root.child("Message")
    return code.text if code is not None else "", message.text if message is not None else ""


class RequestLog(Sequence[LoggedRequest]):
    """The latest requests, oldest first, in the order in which they arrived.

    Args:
        limit: how many are kept.

    Attributes:
        total: how many there were since the start, or since `clear`, also those no longer kept.
        on_request: called with each request before its answer leaves, or when it has ended without one. An
            exception it raises goes to the log.
    """

    def __init__(self, limit: int = LOG_LIMIT) -> None:
        self.total = 0
        self.on_request: Callable[[LoggedRequest], None] | None = None
        self._latest: deque[LoggedRequest] = deque(maxlen=limit)

    def begin(self, time: datetime, method: str, target: str) -> LoggedRequest:
        """Note that a request arrived."""
        self.total += 1
        logged = LoggedRequest(self.total, time, method[:_TARGET_LENGTH], target[:_TARGET_LENGTH])
        self._latest.append(logged)
        return logged

    def end(self, logged: LoggedRequest) -> None:
        """Note that a request was answered, or never will be."""
        if self.on_request is None:
            return
        try:
            self.on_request(logged)
        except Exception:  # noqa: BLE001 - whoever looks on must not be able to stop the service
            _log.exception("on_request failed")

    def clear(self) -> None:
        """Forget all requests; the next one is number 1."""
        self.total = 0
        self._latest.clear()

    def __len__(self) -> int:
        return len(self._latest)

    @overload
    def __getitem__(self, index: int) -> LoggedRequest: ...

    @overload
    def __getitem__(self, index: slice) -> list[LoggedRequest]: ...

    def __getitem__(self, index: int | slice) -> LoggedRequest | list[LoggedRequest]:
        if isinstance(index, slice):
            return list(self._latest)[index]
        return self._latest[index]


@contextmanager
def request_lines(
    stream: TextIO | None, path: str | os.PathLike[str] | None = None
) -> Iterator[Callable[[LoggedRequest], None]]:
    """Give a function for `RequestLog.on_request` that writes a line for each request.

    Args:
        stream: where to, for example standard error; None for nowhere.
        path: a file that is added to as well; made when it isn't there.

    Raises:
        ConfigurationError: the file can't be opened.
    """
    with ExitStack() as files:
        streams = [] if stream is None else [stream]
        if path is not None:
            try:
                # Line by line, so that the file can be followed.
                opened = open(path, "a", encoding="utf-8", buffering=1)  # noqa: SIM115 - the stack closes it
            except OSError as error:
                raise ConfigurationError(f"log file '{path}': can't be opened: {error.strerror}") from error
            streams.append(files.enter_context(opened))

        def write(logged: LoggedRequest) -> None:
            for each in streams:
                each.write(logged.line() + "\n")
                each.flush()

        yield write
