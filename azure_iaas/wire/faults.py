"""Error answers to exceptions: every shape of error document, and what its wording means."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.errors import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ConflictKind,
    ProtocolError,
    ResourceNotFoundError,
    ServerError,
    ServiceError,
    ThrottledError,
)
from azure_iaas.models import OperationError
from azure_iaas.wire import codecs

if TYPE_CHECKING:
    from azure_iaas.wire.messages import RawResponse

REQUEST_ID: Final = "x-ms-request-id"

_HOLDER: Final = re.compile(r"x-ms-requestid\s+([0-9a-fA-F]{32})")
_CONFLICTS: Final = (
    # The wordings of "Conflicts and locks", protocol chapter 8; the first that fits wins.
    (re.compile(r"currently in use by"), ConflictKind.IN_USE),
    (re.compile(r"requires exclusive access"), ConflictKind.EXCLUSIVE_ACCESS),
    (re.compile(r"currently underway|conflicting operation is underway"), ConflictKind.EXCLUSIVE_ACCESS),
    (re.compile(r"concurrency error|Another operation on this or dependent"), ConflictKind.EXCLUSIVE_ACCESS),
    (re.compile(r"deployment slot \S+ is occupied"), ConflictKind.SLOT_OCCUPIED),
    (re.compile(r"DNS name is already taken|already exists|already registered"), ConflictKind.NAME_TAKEN),
)


def conflict_kind(message: str) -> ConflictKind:
    """What a conflict's wording means; an unknown text is ``OTHER``."""
    return next((kind for pattern, kind in _CONFLICTS if pattern.search(message)), ConflictKind.OTHER)


def read_error(response: RawResponse) -> tuple[str | None, str | None]:
    """Code and message of an error answer, XML or JSON; (None, None) when the body is something else."""
    body = response.body.strip()
    if body[:1] == b"{":
        return _read_json_error(body)
    try:
        error = codecs.decode(OperationError, body, root="Error")
    except ProtocolError:
        return None, None
    return error.code, error.message


def _read_json_error(body: bytes) -> tuple[str | None, str | None]:
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None, None
    inner = document.get("Error", document)
    if not isinstance(inner, dict):
        return None, None
    code, message = inner.get("Code"), inner.get("Message")
    return code if isinstance(code, str) else None, message if isinstance(message, str) else None


def retry_after_seconds(response: RawResponse) -> float | None:
    """Seconds of a ``Retry-After`` header, or None. The service never sent one; gateways may.

    A date is not understood, since there is no clock here; the caller's own pace is used then.
    """
    value = response.headers.get("retry-after", "").strip()
    return float(value) if value.isascii() and value.isdigit() else None


def error_from(response: RawResponse, *, operation: str) -> ServiceError:
    """The exception for an answer that isn't a success, whatever its body is."""
    code, message = read_error(response)
    kind = _class_for(response.status, code)
    told = message or "the answer holds no error document"
    error = kind(
        f"{operation}: HTTP {response.status}{f' {code}' if code else ''}: {told}",
        operation=operation,
        request_id=response.headers.get(REQUEST_ID),
        status=response.status,
        code=code,
        headers=dict(response.headers),
        body=response.body,
        retry_after=retry_after_seconds(response),
    )
    error.service_message = message
    if isinstance(error, ConflictError):
        error.kind = conflict_kind(told)
        if found := _HOLDER.search(told):
            error.holder_request_id = found[1].lower()
    return error


def _class_for(status: int, code: str | None) -> type[ServiceError]:
    if status == 429 or code in ("TooManyRequests", "ServerBusy"):
        return ThrottledError
    if status >= 500:
        return ServerError
    by_status: dict[int, type[ServiceError]] = {
        400: BadRequestError,
        401: AuthenticationError,
        403: AuthenticationError,
        404: ResourceNotFoundError,
        409: ConflictError,
    }
    return by_status.get(status, ServiceError)
