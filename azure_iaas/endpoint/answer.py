"""What an operation answers, and its way to an HTTP answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from azure_iaas.endpoint import documents
from azure_iaas.endpoint.documents import Struct
from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    from azure_iaas.endpoint.documents import Fragment, Items
    from azure_iaas.endpoint.refusals import Refusal
    from azure_iaas.wire.messages import RawRequest

SERVER: Final = "1.0.6198.348 (rd_rdfe_stable.160330-1613) Microsoft-HTTPAPI/2.0"
"""A recorded ``server`` header ("Response headers", protocol.md 2.2)."""
REGION: Final = "ussouth3"
"""A recorded ``x-ms-servedbyregion`` header."""

XML: Final = "application/xml; charset=utf-8"
JSON: Final = "application/json; charset=utf-8"


@dataclass(slots=True)
class Answer:
    """What an operation answers.

    Attributes:
        root: name of the root element of ``document``.
        location: value of the ``location`` header, empty for none.
        raw: body of another type than XML or JSON, with ``content_type``.
    """

    status: int = 200
    root: str = ""
    document: Struct | Items | Fragment | None = None
    location: str = ""
    raw: bytes = b""
    content_type: str = ""

    @classmethod
    def of(cls, refusal: Refusal) -> Answer:
        """The error document of a refusal."""
        error = Struct([("Code", refusal.code), ("Message", refusal.message)])
        return cls(refusal.status, "Error", error)

    def write(self, request_id: str, now: float, *, json: bool) -> RawResponse:
        """Write it with the headers of every answer ("Response headers", protocol.md 2.2).

        Args:
            request_id: ``x-ms-request-id``.
            now: seconds since the epoch, for ``date``.
            json: write documents as JSON; see :func:`wants_json`.
        """
        body, content_type = self.raw, self.content_type
        if self.document is not None:
            if json:
                body, content_type = documents.write_json(self.document), JSON
            else:
                body, content_type = documents.write_xml(self.root, self.document), XML
        headers = {"cache-control": "no-cache", "content-length": str(len(body))}
        if body:
            headers["content-type"] = content_type
        if self.location:
            headers["location"] = self.location
        headers["server"] = SERVER
        headers["x-ms-servedbyregion"] = REGION
        headers["x-ms-request-id"] = request_id
        headers["date"] = http_date(int(now))
        return RawResponse(self.status, headers, body)


@lru_cache(maxsize=2)
def http_date(seconds: int) -> str:
    """Value of a ``date`` header; most answers of a busy second share it."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


def wants_json(request: RawRequest) -> bool:
    """JSON when ``Accept`` asks for it, or only ``Content-Type`` says so (protocol.md chapter 5)."""
    accept = request.headers.get("accept", "").lower()
    if "json" in accept:
        return True
    return "xml" not in accept and "json" in request.headers.get("content-type", "").lower()
