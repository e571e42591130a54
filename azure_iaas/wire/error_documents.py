"""Error answers to exceptions: every shape of error document, and what its wording means."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
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
from azure_iaas.models import OperationError, OperationStatus
from azure_iaas.wire import codecs, json, xml

if TYPE_CHECKING:
    from azure_iaas.wire.messages import RawResponse

REQUEST_ID: Final = "x-ms-request-id"

_HOLDER: Final = re.compile(r"x-ms-requestid\s+([0-9a-fA-F]{32})")
_REQUEST_ID: Final = re.compile(r"[0-9a-f]{32}")
_SECONDS: Final = re.compile(r"[0-9]{1,9}")
_ERROR_START: Final = re.compile(r"\s*(?:<\?[^>]*\?>\s*)?<(?:\w+:)?Error[\s/>]")
_ERROR_PARTS: Final = re.compile(r"<(?:\w+:)?(Code|Message)>([^<]*)</(?:\w+:)?\1>")
_REFERENCES: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'", "#13": "\r", "#xD": "\r"}
_REFERENCE: Final = re.compile(f"&({'|'.join(_REFERENCES)});")
_LONGEST_CUT: Final = 65_536
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
    """Code and message of an error answer, XML or JSON; (None, None) when the body is something else.

    The body is an error document, whole or cut off behind what is needed, or the document of an operation
    that failed.
    """
    document = _error_document(response.body)
    return _text(document.code), _text(document.message)


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None


def _error_document(body: bytes) -> OperationError:
    try:
        if json.looks_like_json(body):
            document = json.parse(body)
            inner = document.get("Error", document) if isinstance(document, dict) else document
            return codecs.from_json(OperationError, inner, body=body)
        root, tree = xml.parse(body)
        if root == "Operation":
            return codecs.from_tree(OperationStatus, tree, body=body).error or OperationError()
        return codecs.from_tree(OperationError, tree, body=body) if root == "Error" else OperationError()
    except ProtocolError:
        return _cut_off(body)


def _cut_off(body: bytes) -> OperationError:
    """What can be had of an error document without its end."""
    text = body[:_LONGEST_CUT].decode("utf-8-sig", "replace")
    if not _ERROR_START.match(text):
        return OperationError()
    parts = {
        name: _REFERENCE.sub(lambda match: _REFERENCES[match[1]], value)
        for name, value in _ERROR_PARTS.findall(text)
    }
    return OperationError(code=parts.get("Code"), message=parts.get("Message"))


def failed_operation(response: RawResponse) -> OperationStatus | None:
    """The operation an answer tells the failure of, or None when the body is something else.

    Get Operation Status has been answered so with the failure's own status code instead of 200.
    """
    body = response.body
    try:
        if json.looks_like_json(body):
            status = codecs.decode(OperationStatus, body, root="Operation", serialization="JSON")
        else:
            status = codecs.decode(OperationStatus, body, root="Operation")
    except ProtocolError:
        return None
    return status if status.id and status.status == "Failed" else None


def error_inside(response: RawResponse, *, operation: str) -> ServiceError | None:
    """The error a successful answer holds in place of its own document, or None.

    The service has answered 200 with an ``Error`` document.
    """
    if not _ERROR_START.match(response.body[:512].decode("utf-8-sig", "replace")):
        return None
    return error_from(response, operation=operation)


def retry_after_seconds(response: RawResponse) -> float | None:
    """Seconds of a ``Retry-After`` header, or None. The service never sent one; gateways may.

    A date is taken from the answer's own ``Date``, for there is no clock here; one that has passed is 0.
    Without a ``Date``, and of anything else, there is nothing to know.
    """
    value = response.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    until, now = _http_date(value), _http_date(response.headers.get("date", ""))
    return None if until is None or now is None else max((until - now).total_seconds(), 0.0)


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
        return date if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def error_from(response: RawResponse, *, operation: str) -> ServiceError:
    """The exception for an answer that isn't a success, whatever its body is."""
    document = _error_document(response.body)
    code, message = _text(document.code), _text(document.message)
    kind = _class_for(response.status, code)
    reason = message or "the answer holds no error document"
    error = kind(
        f"{operation}: HTTP {response.status}{f' {code}' if code else ''}: {reason}",
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
        error.kind = conflict_kind(reason)
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
    if status < 300:
        # An error inside a success: its code alone tells what it is.
        status = _STATUSES.get(code or "", status)
    return _CLASSES.get(status, ServiceError)


_CLASSES: Final[dict[int, type[ServiceError]]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: AuthenticationError,
    404: ResourceNotFoundError,
    409: ConflictError,
}
_STATUSES: Final = {
    "BadRequest": 400,
    "AuthenticationFailed": 403,
    "ForbiddenError": 403,
    "ResourceNotFound": 404,
    "ConflictError": 409,
}
