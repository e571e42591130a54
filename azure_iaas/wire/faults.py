"""Error answers to exceptions: every shape of error document, and what its wording means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

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
from azure_iaas.wire import codecs, json

if TYPE_CHECKING:
    from azure_iaas.wire.messages import RawResponse

REQUEST_ID: Final = "x-ms-request-id"

_HOLDER: Final = re.compile(r"x-ms-requestid\s+([0-9a-fA-F]{32})")
_REQUEST_ID: Final = re.compile(r"[0-9a-f]{32}")
_SECONDS: Final = re.compile(r"[0-9]{1,9}")
_CONFLICTS: Final = (
    # The wordings of "Conflicts and locks", protocol chapter 8; the first that fits wins.
    (re.compile(r"currently in use by"), ConflictKind.IN_USE),
    (re.compile(r"requires exclusive access"), ConflictKind.EXCLUSIVE_ACCESS),
    (re.compile(r"currently underway|conflicting operation is underway"), ConflictKind.EXCLUSIVE_ACCESS),
    (re.compile(r"concurrency error|Another operation on this or dependent"), ConflictKind.EXCLUSIVE_ACCESS),
    (re.compile(r"deployment slot \S+ is occupied"), ConflictKind.SLOT_OCCUPIED),
    (re.compile(r"DNS name is already taken|already exists|already registered"), ConflictKind.NAME_TAKEN),
    (re.compile(r"already in use in this (deployment|hosted service)"), ConflictKind.NAME_TAKEN),
)


def conflict_kind(message: str) -> ConflictKind:
    """What a conflict's wording means; an unknown text is ``OTHER``."""
    return next((kind for pattern, kind in _CONFLICTS if pattern.search(message)), ConflictKind.OTHER)


def read_error(response: RawResponse) -> tuple[str | None, str | None]:
    """Code and message of an error answer, XML or JSON; (None, None) when the body is something else."""
    document = _error_document(response.body)
    return _said(document.code), _said(document.message)


def _said(text: str | None) -> str | None:
    return (text or "").strip() or None


def _error_document(body: bytes) -> OperationError:
    try:
        if not json.looks_like_json(body):
            return codecs.decode(OperationError, body, root="Error")
        document = json.parse(body)
        inner = document.get("Error", document) if isinstance(document, dict) else document
        return codecs.from_json(OperationError, inner, body=body)
    except ProtocolError:
        return OperationError()


def retry_after_seconds(response: RawResponse) -> float | None:
    """Seconds of a ``Retry-After`` header, or None. The service never sent one; gateways may.

    A date is not understood, since there is no clock here; the caller's own pace is used then.
    """
    value = response.headers.get("retry-after", "").strip()
    return float(value) if _SECONDS.fullmatch(value) else None


def error_from(response: RawResponse, *, operation: str) -> ServiceError:
    """The exception for an answer that isn't a success, whatever its body is."""
    document = _error_document(response.body)
    code, message = _said(document.code), _said(document.message)
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
        error.holder_request_id = _holder(document)
    return error


def _holder(document: OperationError) -> str | None:
    """The request id of the operation in the way, without dashes, as headers have it."""
    if found := _HOLDER.search(document.message or ""):
        return found[1].lower()
    named = (document.conflicting_operation_id or "").replace("-", "").lower()
    return named if _REQUEST_ID.fullmatch(named) else None


def _class_for(status: int, code: str | None) -> type[ServiceError]:
    if status == 429 or (status == 503 and code in ("TooManyRequests", "ServerBusy")):
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
