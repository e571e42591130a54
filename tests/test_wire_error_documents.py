"""Error answers: every shape of document, and what each wording of the service means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.errors import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ConflictKind,
    ResourceNotFoundError,
    ServerError,
    ServiceError,
    ThrottledError,
)
from azure_iaas.operations import REGISTRY
from azure_iaas.operations.operation import Terms
from azure_iaas.wire import error_documents
from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICE = (
    'xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
)
CODE, MESSAGE = "ResourceNotFound", "No deployments were found."
SHAPES = {
    "service": f"<Error {SERVICE}><Code>{CODE}</Code><Message>{MESSAGE}</Message></Error>",
    "documentation": f"<Error><Code>{CODE}</Code><Message>{MESSAGE}</Message></Error>",
    "declared and indented": (
        f'<?xml version="1.0" encoding="utf-8"?>\r\n<Error {SERVICE}>\r\n  <Code>\r\n    {CODE}\r\n'
        "  </Code>\r\n"
        f"  <Message>{MESSAGE}\r\n  </Message>\r\n</Error>\r\n"
    ),
    "prefixed": (
        f"<e:Error {SERVICE.replace('xmlns=', 'xmlns:e=')}><e:Code>{CODE}</e:Code>"
        f"<e:Message>{MESSAGE}</e:Message></e:Error>"
    ),
    "other order": f"<Error {SERVICE}><X/><Message>{MESSAGE}</Message><Code>{CODE}</Code></Error>",
    "json": json.dumps({"Code": CODE, "Message": MESSAGE}),
    "nested": json.dumps({"Error": {"Code": CODE, "Message": MESSAGE}}),
    "json, indented": "\n " + json.dumps({"Error": {"Code": CODE, "Message": MESSAGE}}, indent=2),
}
NO_DOCUMENT = {
    "empty": b"",
    "html": b"<!DOCTYPE html><html><body>Bad Gateway</body></html>",
    "plain": b"Service Unavailable",
    "another document": b"<Deployment/>",
    "empty error": f"<Error {SERVICE}/>".encode(),
    "nil": f'<Error {SERVICE}><Code i:nil="true"/><Message/></Error>'.encode(),
    "cut": SHAPES["service"][: SHAPES["service"].index("</Code>")].encode(),
    "json array": b'["Code"]',
    "json of another shape": b'{"Error": "x"}',
    "not text": b"\xff\xfe\xfd",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_document(shape: str, encoding: str) -> None:
    response = RawResponse(404, {"x-ms-request-id": "ab" * 16, "server": "s"}, SHAPES[shape].encode(encoding))
    assert error_documents.read_error(response) == (CODE, MESSAGE)
    error = error_documents.error_from(response, operation="GetDeployment")
    assert type(error) is ResourceNotFoundError
    assert str(error) == f"GetDeployment: HTTP 404 {CODE}: {MESSAGE}"
    assert (error.operation, error.status, error.code) == ("GetDeployment", 404, CODE)
    assert (error.service_message, error.request_id) == (MESSAGE, "ab" * 16)
    assert (error.headers, error.body) == (dict(response.headers), response.body)
    assert (error.request_sent, error.retry_safe, error.retry_after) == (True, False, None)


@pytest.mark.parametrize("shape", NO_DOCUMENT)
def test_without_a_document_status_and_body_are_kept(shape: str) -> None:
    response = RawResponse(502, {}, NO_DOCUMENT[shape])
    assert error_documents.read_error(response) == (None, None)
    error = error_documents.error_from(response, operation="ListOSImages")
    assert type(error) is ServerError
    assert str(error) == "ListOSImages: HTTP 502: the answer holds no error document"
    assert (error.status, error.code, error.body) == (502, None, NO_DOCUMENT[shape])
    assert (error.service_message, error.request_id) == (None, None)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (307, None, ServiceError),
        (400, "BadRequest", BadRequestError),
        (400, "MissingOrIncorrectVersionHeader", BadRequestError),
        (401, None, AuthenticationError),
        (403, "ForbiddenError", AuthenticationError),
        (403, "AuthenticationFailed", AuthenticationError),
        (403, "SubscriptionDisabled", AuthenticationError),
        (404, "ResourceNotFound", ResourceNotFoundError),
        (405, None, ServiceError),
        (409, "ConflictError", ConflictError),
        (429, None, ThrottledError),
        (500, "InternalError", ServerError),
        (500, "OperationTimedOut", ServerError),
        (502, None, ServerError),
        (503, "ServerBusy", ThrottledError),
        (503, "TooManyRequests", ThrottledError),
        (503, None, ServerError),
    ],
)
def test_classes(status: int, code: str | None, kind: type[ServiceError]) -> None:
    body = f"<Error {SERVICE}><Code>{code}</Code><Message>m</Message></Error>" if code else ""
    error = error_documents.error_from(RawResponse(status, {}, body.encode()), operation="X")
    assert type(error) is kind
    assert (error.status, error.code) == (status, code)


HOLDER = "0123456789abcdef0123456789ABCDEF"


def _sentences(text: str) -> list[str]:
    """Paragraphs of a text, each on one line as the service writes it."""
    return [" ".join(paragraph.split()) for paragraph in text.format(HOLDER=HOLDER).split("\n\n")]


CONFLICTS = {
    ConflictKind.EXCLUSIVE_ACCESS: _sentences("""
Windows Azure is currently performing an operation with x-ms-requestid {HOLDER} on this deployment that
requires exclusive access.

Windows Azure is currently performing an operation on this hosted service that requires exclusive access.

Windows Azure is currently performing an operation on this storage account that requires exclusive access.

Windows Azure is currently performing an operation on deployment 'X' that requires exclusive access.
Please try again later for operation on disk or image 'Y' associated with the deployment.

An update to your network configuration is currently underway. Please try this operation again later.

The operation cannot be performed at this time because a conflicting operation is underway. Please retry
later.

A concurrency error occurred

Another operation on this or dependent resource is in progress

currently performing an operation on this deployment that requires exclusive access
"""),
    ConflictKind.SLOT_OCCUPIED: _sentences("""
The specified deployment slot Production is occupied.

The specified deployment slot Staging is occupied
"""),
    ConflictKind.NAME_TAKEN: _sentences("""
The specified DNS name is already taken.

The specified DNS name is already taken

The resource type website is already registered for this subscription.

The role name 'web1' is already in use in this deployment.

The deployment name 'web' is already in use in this hosted service.
"""),
    ConflictKind.IN_USE: _sentences("""
A disk with name X is currently in use by virtual machine R running within hosted service S, deployment D.
"""),
    ConflictKind.OTHER: _sentences("""
Something nobody has seen yet.
"""),
}


@pytest.mark.parametrize(
    ("message", "kind"), [(message, kind) for kind, messages in CONFLICTS.items() for message in messages]
)
def test_conflicts_by_their_literal_wording(message: str, kind: ConflictKind) -> None:
    assert error_documents.conflict_kind(message) is kind
    # Reports and client code quote the texts in part: without the full stop.
    assert error_documents.conflict_kind(message.rstrip(".")) is kind
    body = f"<Error {SERVICE}><Code>ConflictError</Code><Message>{message}</Message></Error>".encode()
    error = error_documents.error_from(RawResponse(409, {}, body), operation="AddRole")
    assert isinstance(error, ConflictError)
    assert error.kind is kind
    assert error.holder_request_id == (HOLDER.lower() if HOLDER in message else None)


def test_in_use_is_told_apart_when_it_comes_as_400_too() -> None:
    (message,) = CONFLICTS[ConflictKind.IN_USE]
    error = error_documents.error_from(
        RawResponse(400, {}, json.dumps({"Code": "BadRequest", "Message": message}).encode()),
        operation="DeleteDisk",
    )
    assert type(error) is BadRequestError
    assert error_documents.conflict_kind(error.service_message or "") is ConflictKind.IN_USE


@pytest.mark.parametrize(
    ("told", "holder"),
    [
        ("fa0e4578-57e0-9AF6-8001-0da949e982dd", "fa0e457857e09af680010da949e982dd"),
        ("fa0e457857e09af680010da949e982dd", "fa0e457857e09af680010da949e982dd"),
        ("not an id", None),
        ("", None),
    ],
)
def test_the_holder_is_also_read_from_its_own_element(told: str, holder: str | None) -> None:
    body = (
        f"<Error {SERVICE}><Code>ConflictError</Code><Message>m</Message><ConfigurationWarnings/>"
        f"<ConflictingOperationId>{told}</ConflictingOperationId></Error>"
    )
    error = error_documents.error_from(RawResponse(409, {}, body.encode()), operation="AddRole")
    assert isinstance(error, ConflictError)
    assert error.holder_request_id == holder


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        (None, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("inf", None),
        ("9" * 400, None),
        ("Sun, 22 Nov 2026 23:00:00 GMT", None),  # no Date to take it from
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    headers = {} if value is None else {"retry-after": value}
    error = error_documents.error_from(RawResponse(503, headers, b""), operation="X")
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("Wed, 25 Nov 2026 10:00:30 GMT", "Wed, 25 Nov 2026 10:00:00 GMT", 30.0),
        ("Wed, 25 Nov 2026 10:00:30 GMT", "Wed, 25 Nov 2026 11:00:00 +0100", 30.0),
        ("Wed, 25 Nov 2026 09:00:00 GMT", "Wed, 25 Nov 2026 10:00:00 GMT", 0.0),
        ("Wed, 25 Nov 2026 10:00:30 GMT", "soon", None),
        ("Wed, 25 Nov 99999 10:00:30 GMT", "Wed, 25 Nov 2026 10:00:00 GMT", None),
        ("Wed, 25 Nov 2026 99:99:99 GMT", "Wed, 25 Nov 2026 10:00:00 GMT", None),
        ("later", "Wed, 25 Nov 2026 10:00:00 GMT", None),
        ("7", "Wed, 25 Nov 2026 10:00:00 GMT", 7.0),
    ],
)
def test_retry_after_as_a_date_counts_from_the_answers_own(
    value: str, date: str, seconds: float | None
) -> None:
    response = RawResponse(503, {"retry-after": value, "date": date})
    assert error_documents.retry_after_seconds(response) == seconds


@given(value=st.text(), date=st.text())
def test_any_retry_after_is_seconds_or_nothing(value: str, date: str) -> None:
    seconds = error_documents.retry_after_seconds(RawResponse(503, {"retry-after": value, "date": date}))
    assert seconds is None or seconds >= 0


OPERATION = (
    f"<Operation {SERVICE}><ID>fa0e4578-57e0-9af6-8001-0da949e982dd</ID><Status>Failed</Status>"
    f"<HttpStatusCode>400</HttpStatusCode><Error><Code>{CODE}</Code><Message>{MESSAGE}</Message></Error>"
    "</Operation>"
)


def test_the_document_of_a_failed_operation_tells_why() -> None:
    response = RawResponse(400, {}, OPERATION.encode())
    assert error_documents.read_error(response) == (CODE, MESSAGE)
    assert type(error_documents.error_from(response, operation="X")) is BadRequestError
    status = error_documents.failed_operation(response)
    assert status is not None
    assert status.error is not None
    assert (status.status, status.http_status_code, status.error.code) == ("Failed", 400, CODE)
    for other in (SHAPES["service"], SHAPES["json"], "", OPERATION.replace("Failed", "InProgress")):
        assert error_documents.failed_operation(RawResponse(400, {}, other.encode())) is None


def test_an_operations_status_is_read_from_the_answer_with_the_failures_own_status() -> None:
    terms = Terms("s", "2014-10-01")
    status = REGISTRY["GetOperationStatus"].parse(RawResponse(400, {}, OPERATION.encode()), terms)
    assert (status.status, status.http_status_code) == ("Failed", 400)
    with pytest.raises(ResourceNotFoundError):
        REGISTRY["GetOperationStatus"].parse(RawResponse(404, {}, SHAPES["service"].encode()), terms)


@pytest.mark.parametrize("name", [name for name in SHAPES if "json" not in name and name != "nested"])
def test_an_error_inside_a_success_is_an_error(name: str) -> None:
    response = RawResponse(200, {}, SHAPES[name].encode())
    with pytest.raises(ResourceNotFoundError) as caught:
        REGISTRY["GetOperationStatus"].parse(response, Terms("s", "2014-10-01"))
    assert (caught.value.status, caught.value.code) == (200, CODE)
    assert error_documents.error_inside(RawResponse(200, {}, OPERATION.encode()), operation="X") is None


@pytest.mark.parametrize(
    "shape", [name for name in SHAPES if "json" not in name and name not in ("nested", "other order")]
)
def test_an_error_document_cut_off_behind_the_message_is_read(shape: str) -> None:
    whole = SHAPES[shape]
    end = whole.index(">", whole.index("</", whole.index(MESSAGE))) + 1
    for length in range(end, len(whole) + 1):
        response = RawResponse(404, {}, whole[:length].encode())
        assert error_documents.read_error(response) == (CODE, MESSAGE)


@given(
    status=st.integers(300, 599),
    document=st.dictionaries(
        st.sampled_from(["Code", "Message", "Error", "ConflictingOperationId", "x"]),
        st.recursive(
            st.none() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.sampled_from(["Code", "Message", "x"]), inner, max_size=2)
            ),
            max_leaves=4,
        ),
        max_size=3,
    ),
)
def test_any_json_document_gives_an_error(status: int, document: dict[str, Any]) -> None:
    error = error_documents.error_from(RawResponse(status, {}, json.dumps(document).encode()), operation="X")
    assert error.status == status
    assert str(error)


def test_the_body_isnt_in_text_or_repr() -> None:
    body = b"<Error><Code>c</Code><Message>m</Message><Later>secret-value</Later></Error>"
    error = error_documents.error_from(RawResponse(500, {}, body), operation="X")
    assert "secret-value" not in str(error) + repr(error)
    assert "secret-value" not in repr(RawResponse(500, {}, body))


@pytest.mark.corpus
def test_every_recorded_error_is_read(corpus: list[dict[str, Any]], tell: Callable[[str], None]) -> None:
    read: dict[tuple[int, str | None], int] = {}
    for exchange in corpus:
        status, body = exchange["status"], exchange["response_body"] or ""
        if status < 300 or (status == 400 and "<Operation " in body):
            continue
        response = RawResponse(status, exchange["response_headers"], body.encode())
        error = error_documents.error_from(response, operation=exchange["operation"])
        assert (error.code is None) is (not body), exchange["id"]
        if isinstance(error, ConflictError):
            assert error.kind is not ConflictKind.OTHER, error.service_message
        assert error.request_id or status == 307 or exchange["kind"] == "fixture", exchange["id"]
        key = (status, error.code)
        read[key] = read.get(key, 0) + 1
    tell(f"{sum(read.values())} recorded errors read: {read}")
    assert sum(read.values()) >= 45
    assert {status for status, _ in read} == {307, 400, 404, 409, 503}
