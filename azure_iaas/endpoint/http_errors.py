"""Error answers of the front end itself: what is refused before, or in place of, the backend."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from azure_iaas.endpoint import documents, refusals
from azure_iaas.endpoint.answer import XML
from azure_iaas.endpoint.documents import Struct
from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    from azure_iaas.endpoint.refusals import Refusal


def error_answer(status: int, code: str, message: str, request_id: str = "") -> RawResponse:
    """Make an error answer ("Error document", protocol.md 7.1) with the headers of every answer (2.2).

    Args:
        status: HTTP status.
        code: the service's error code, for example ``BadRequest``.
        message: one sentence.
        request_id: ``x-ms-request-id``; a new one when empty.
    """
    headers = {"cache-control": "no-cache", "content-type": XML, "x-ms-request-id": request_id or uuid4().hex}
    body = documents.write_xml("Error", Struct([("Code", code), ("Message", message)]))
    return RawResponse(status, headers, body)


def refusal_answer(refusal: Refusal, request_id: str = "") -> RawResponse:
    """A refusal's error answer, without asking the backend."""
    return error_answer(refusal.status, refusal.code, refusal.message, request_id)


def internal_error(request_id: str = "") -> RawResponse:
    """500 ``InternalError``, in the service's words ("Messages seen", 7.3)."""
    return refusal_answer(refusals.internal_error(), request_id)
