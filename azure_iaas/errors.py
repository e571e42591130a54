"""Every exception of azure_iaas.

::

    AzureError
    ├─ ConfigurationError        settings or credentials are unusable; nothing was sent (also a ValueError)
    ├─ InvalidArgumentError      an argument breaks a rule; nothing was sent (also a ValueError)
    ├─ TransportError            no complete response arrived
    │  ├─ ConnectError           no connection: the request was never sent
    │  │  └─ OutageError         the last connections all failed, so none was tried
    │  ├─ TLSError               the TLS handshake failed
    │  ├─ RequestTimeoutError    a time-out passed
    │  └─ ConnectionLostError    the connection broke after (part of) the request was sent
    ├─ ProtocolError             a response the protocol does not allow
    ├─ ServiceError              the service answered with an error
    │  ├─ BadRequestError        400
    │  ├─ AuthenticationError    401, 403
    │  ├─ ResourceNotFoundError  404
    │  ├─ ConflictError          409, told apart by ``kind``
    │  ├─ ThrottledError         429, or 503 with code TooManyRequests or ServerBusy
    │  └─ ServerError            any other 5xx
    ├─ OutcomeUnknownError       a write may or may not have been carried out
    ├─ OperationFailedError      accepted, then ended as Failed
    ├─ OperationTimeoutError     our deadline passed; the operation may still finish
    └─ ProvisioningError         some roles of a plan were not provisioned

``azure_iaas.provisioning`` adds ``InvalidPlanError``, an ``InvalidArgumentError`` that names every problem.

Rules:

1. Facts are attributes, never only text.
2. No message, repr or attribute set by this library holds a secret; ``body`` is the answer as it was
   received, and is kept out of ``str`` and ``repr``.
3. Every error survives ``pickle``.
"""

from __future__ import annotations

import os
import re
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.provisioning import Report, RoleId

_LONGEST_QUOTE = 160
_KEY_MATERIAL = re.compile(r"-----BEGIN|[A-Za-z0-9+/=]{48}", re.ASCII)


def quoted(value: object) -> str:
    """Quote what a caller gave, for the text of an error.

    Text and paths are repeated when they are short, one line, and nothing a private key could be part of;
    of all else only the kind and the size are told.
    """
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, bytes):
        return f"(bytes, {len(value)} of them)"
    if not isinstance(value, str):
        return (
            repr(value)
            if value is None or isinstance(value, bool | int | float)
            else f"({type(value).__name__})"
        )
    if len(value) > _LONGEST_QUOTE or not value.isprintable() or _KEY_MATERIAL.search(value):
        return f"(text of {len(value)} characters)"
    return f"'{value}'"


class AzureError(Exception):
    """Base of all errors raised on purpose by this library.

    Attributes:
        message: one sentence for the person who reads it.
        operation: documented name of the operation, for example ``CreateDeployment``, or None.
        request_id: ``x-ms-request-id`` of the answer, or None.
        status: HTTP status code of the answer, or None when there was none.
        code: the service's error code, or None.
        headers: headers of the answer by lower-case name.
        body: body of the answer as received.
        retry_after: seconds the service asked to wait, or None.
        request_sent: False when provably nothing left this machine, True when the service answered,
            None when unknown.
        may_have_been_carried_out: True when a write failed so that the service may have done it all the same:
            look before repeating it.
        resource: of a write: what it is about, ``role 'web1' of deployment 'web' in service 'shop'``.
        method: HTTP verb of the request, or None when none was made.
        path: path and query of the request, or None when none was made.
        look_with: of a write: the client's call that shows what came of it,
            ``get_role('shop', 'web', 'web1')``, or None when no read shows it.
        resume_token: of an error that ended a wait: plain text to give to ``wait_for_operation`` later, also
            in another process; None for any other error.
    """

    request_sent: bool | None = None
    resume_token: str | None = None
    may_have_been_carried_out: bool = False
    resource: str | None = None
    method: str | None = None
    path: str | None = None
    look_with: str | None = None

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        request_id: str | None = None,
        status: int | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        retry_after: float | None = None,
        request_sent: bool | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.request_id = request_id
        self.status = status
        self.code = code
        self.headers: dict[str, str] = headers or {}
        self.body = body
        self.retry_after = retry_after
        if request_sent is not None:
            self.request_sent = request_sent

    @property
    def retry_safe(self) -> bool:
        """True when repeating the same request cannot do anything twice: it was never sent."""
        return self.request_sent is False

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__.copy())


def _restore(cls: type[AzureError], args: tuple[Any, ...], state: dict[str, Any]) -> AzureError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigurationError(AzureError, ValueError):
    """Settings or credentials are unusable. Nothing was sent."""

    request_sent: bool | None = False


class InvalidArgumentError(AzureError, ValueError):
    """An argument breaks a rule of the service. Nothing was sent.

    Attributes:
        method: what was called, as the caller wrote it: ``create_deployment``, or a callback's
            ``CreateDeployment``.
        argument: the argument as the caller wrote it, with the path inside it: ``role.data_disks[0].lun``, or
            a callback's ``VMRole.DataDisks[0].LUN``. Empty when it is the operation itself.
        rule: what is allowed.
    """

    request_sent: bool | None = False

    def __init__(self, method: str, argument: str, rule: str) -> None:
        place = f"{argument}: " if argument else ""
        super().__init__(f"{method}: {place}{rule}", operation=method)
        self.method: str = method
        self.argument = argument
        self.rule = rule


class TransportError(AzureError):
    """No complete response arrived; ``request_sent`` tells whether the service may have acted.

    Attributes:
        unreachable: True when no connection could be made, by a refusal or within its own time-out.
    """

    unreachable: bool = False


class ConnectError(TransportError):
    """No connection could be made. The request was never sent."""

    request_sent: bool | None = False
    unreachable: bool = True


class OutageError(ConnectError):
    """The last connections all failed, so none was tried: ``retry_after`` seconds later one is.

    Its cause is how the last connection failed. The option ``fail_fast`` turns this off.
    """


class TLSError(TransportError):
    """The TLS handshake failed.

    With TLS 1.3 a refused client certificate shows only after sending, so ``request_sent`` may be None;
    the service refuses such a connection before it reads the request.
    """


class RequestTimeoutError(TransportError):
    """A time-out passed; ``request_sent`` tells whether that was before anything left."""


class ConnectionLostError(TransportError):
    """The connection broke after the request, or part of it, was sent."""


class ProtocolError(AzureError):
    """A response the protocol does not allow: not XML, the wrong root element, too large or too deep."""


class ServiceError(AzureError):
    """The service answered with an error document (or an error status with any other body).

    Attributes:
        service_message: the error document's message alone, or None when there was no such document.
    """

    request_sent: bool | None = True
    service_message: str | None = None


class BadRequestError(ServiceError):
    """400: a value, element, name or limit the service refuses."""


class AuthenticationError(ServiceError):
    """401 or 403: the management certificate is missing, unknown or not of this subscription."""


class ResourceNotFoundError(ServiceError):
    """404: no such resource."""


class ConflictKind(StrEnum):
    """What a 409 ``ConflictError`` means ("Conflicts and locks", protocol chapter 8)."""

    EXCLUSIVE_ACCESS = "exclusive access"
    """Another write holds the resource: wait for it, then repeat."""
    SLOT_OCCUPIED = "slot occupied"
    """The deployment exists already: add the role to it instead."""
    NAME_TAKEN = "name taken"
    """The name is in use, by somebody else or by one's own earlier request."""
    IN_USE = "in use"
    """A disk or image is still leased; it becomes free after a while."""
    OTHER = "other"
    """A text not known to this library: not to be repeated blindly."""


class ConflictError(ServiceError):
    """409: one code for several situations, told apart by ``kind``.

    Attributes:
        kind: what the conflict is.
        holder_request_id: request id of the operation that holds the lock, when the service names it.
    """

    kind: ConflictKind = ConflictKind.OTHER
    holder_request_id: str | None = None


class ThrottledError(ServiceError):
    """The service refuses for now and did nothing: 429, or 503 with ``TooManyRequests``, ``ServerBusy``."""


class ServerError(ServiceError):
    """Any other 5xx. A write may have been carried out: look before repeating it."""


class OutcomeUnknownError(AzureError):
    """A write was sent and its answer never came.

    ``operation``, ``method`` and ``path`` name what was tried, ``resource`` what it was about, ``look_with``
    the call that shows what came of it. Never repeat it before looking.
    """

    may_have_been_carried_out = True


class OperationFailedError(AzureError):
    """An accepted operation ended as ``Failed``; ``status`` and ``code`` are the failure's own."""

    request_sent: bool | None = True


class OperationTimeoutError(AzureError):
    """Our deadline passed while the operation was in progress; ``resume_token`` goes on waiting."""

    request_sent: bool | None = True


class ProvisioningError(AzureError):
    """Some roles of a plan were not provisioned.

    Attributes:
        report: the whole report of ``provision`` and ``deprovision``, naming every role and its outcome;
            None, whatever its type says, where there is no plan: of one role, and of ``wait_until_ready``.
        not_ready: of ``wait_until_ready``: the error of each role that didn't become ready.
    """

    report: Report = None  # type: ignore[assignment] # whoever runs a plan needn't ask whether it is there
    not_ready: Mapping[RoleId, AzureError] = MappingProxyType({})
