"""Error answers of the front end itself: what is refused before, or in place of, the service's core."""

from __future__ import annotations

from uuid import uuid4
from xml.sax.saxutils import escape

from azure_iaas.wire.messages import RawResponse


def error_document(code: str, message: str) -> bytes:
    """Write an ``Error`` document ("Error document", protocol.md 7.1).

    Args:
        code: the service's error code, for example ``BadRequest``.
        message: one sentence, without characters XML forbids.
    """
    return (
        '<Error xmlns="http://schemas.microsoft.com/windowsazure"'
        ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    ).encode()


def error_answer(status: int, code: str, message: str) -> RawResponse:
    """Make an error answer with the headers of every answer ("Response headers", 2.2)."""
    headers = {
        "cache-control": "no-cache",
        "content-type": "application/xml; charset=utf-8",
        "x-ms-request-id": uuid4().hex,
    }
    return RawResponse(status, headers, error_document(code, message))


def internal_error() -> RawResponse:
    """500 ``InternalError``, in the service's words ("Messages seen", 7.3)."""
    return error_answer(
        500, "InternalError", "The server encountered an internal error. Please retry the request."
    )
