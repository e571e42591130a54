"""An operation as data: how its request is built and how its answer is read. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable
from urllib.parse import quote

from azure_iaas.errors import InvalidArgumentError, ProtocolError
from azure_iaas.models import AzureModel, OperationStatus
from azure_iaas.operations.tracking import AcceptedOperation
from azure_iaas.wire import codecs, error_documents
from azure_iaas.wire.messages import RawRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.wire.messages import Dialect, Method, RawResponse, Serialization

Out = TypeVar("Out")
Out_co = TypeVar("Out_co", covariant=True)
M = TypeVar("M", bound=AzureModel)


@dataclass(frozen=True, slots=True)
class Terms:
    """What client and service agreed on for all requests.

    Attributes:
        subscription_id: first segment of every path.
        api_version: value of ``x-ms-version``, ``YYYY-MM-DD``.
        serialization: ``XML``, or ``JSON`` when asked for.
        dialect: element names to write; both are read.
    """

    subscription_id: str
    api_version: str
    serialization: Serialization = "XML"
    dialect: Dialect = "ga"


@dataclass(frozen=True, slots=True)
class Document:
    """A request body: a model and the root element it has in each dialect."""

    model: AzureModel
    root: str
    preview_root: str | None = None

    def encode(self, terms: Terms) -> bytes:
        """The body's bytes.

        Raises:
            ValueError: a text holds a character XML can't carry.
        """
        root = self.preview_root or self.root if terms.dialect == "preview" else self.root
        return codecs.encode(self.model, root=root, dialect=terms.dialect, serialization=terms.serialization)


@runtime_checkable
class Answer(Protocol[Out_co]):
    """How the body of a successful answer is read."""

    def read(self, operation: str, response: RawResponse, terms: Terms) -> Out_co:
        """Give the answer's value.

        Raises:
            ProtocolError: the body isn't what the reference says.
        """
        ...


@dataclass(frozen=True, slots=True)
class OneObject(Generic[M]):
    """The answer is one object."""

    model: type[M]
    root: str | tuple[str, ...]

    def read(self, operation: str, response: RawResponse, terms: Terms) -> M:
        """See :class:`Answer`."""
        return codecs.decode(
            self.model, response.body, root=self.root, serialization=_serialization(response, terms)
        )


@dataclass(frozen=True, slots=True)
class ListOf(Generic[M]):
    """The answer is a list of objects, in the service's order."""

    model: type[M]
    root: str
    item: str

    def read(self, operation: str, response: RawResponse, terms: Terms) -> list[M]:
        """See :class:`Answer`."""
        return codecs.decode_list(
            self.model,
            response.body,
            root=self.root,
            item=self.item,
            serialization=_serialization(response, terms),
        )


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The answer is empty; what counts is the request id, by which the operation can be followed."""

    def read(self, operation: str, response: RawResponse, terms: Terms) -> AcceptedOperation:
        """See :class:`Answer`."""
        request_id = response.headers.get(error_documents.REQUEST_ID)
        if not request_id:
            name = error_documents.REQUEST_ID
            msg = f"{operation}: HTTP {response.status} without {name}: it can't be followed"
            raise ProtocolError(msg)
        return AcceptedOperation(
            request_id=request_id,
            operation=operation,
            status_code=response.status,
            subscription_id=terms.subscription_id,
        )


@dataclass(frozen=True, slots=True)
class PlainText:
    """The answer is a text, given as it is without a byte order mark."""

    def read(self, operation: str, response: RawResponse, terms: Terms) -> str:
        """See :class:`Answer`."""
        return response.body.decode("utf-8-sig", "replace")


ACCEPTED = Acceptance()


def _serialization(response: RawResponse, terms: Terms) -> Serialization:
    # The answer's own type wins: what the service did with a wish for JSON isn't recorded.
    kind = response.headers.get("content-type", "")
    if "json" in kind:
        return "JSON"
    return "XML" if "xml" in kind or not kind else terms.serialization


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[Out]):
    """One entry of the operation table.

    Attributes:
        name: the documented name, or for second-tier operations one made by the same rule.
        rest_name: title of the REST reference page.
        source: id of that page, or the chapter of the protocol reference.
        method: HTTP verb.
        path: below the subscription, with ``{placeholders}``.
        preview_path: the same in the preview dialect, where it differs.
        query: fixed query, without ``?``.
        since: ``x-ms-version`` that introduced it.
        success: status codes of success; any other is an error answer.
        answer: how the body of a success is read.
        content_type: of the request body, when it isn't the serialization's own.
    """

    name: str
    rest_name: str
    source: str
    method: Method
    path: str
    preview_path: str | None = None
    query: str = ""
    since: str = "2012-03-01"
    success: frozenset[int]
    answer: Answer[Out]
    content_type: str | None = None

    @property
    def repeatable(self) -> bool:
        """True when asking twice changes nothing: only reads."""
        return self.method == "GET"

    def build(
        self,
        terms: Terms,
        path: Mapping[str, str] | None = None,
        *,
        body: Document | bytes | None = None,
        query: Mapping[str, str] | None = None,
    ) -> RawRequest:
        """Make the request.

        Args:
            terms: subscription, version, form.
            path: value of each placeholder; checked and quoted here, so that no name can change the path.
            body: the document to send, or ready bytes.
            query: further query parameters.

        Raises:
            InvalidArgumentError: a name can't stand in a path, or a text can't be written in XML.
        """
        template = self.preview_path if terms.dialect == "preview" and self.preview_path else self.path
        filled = template.format_map(
            {name: segment(self.name, name, value) for name, value in (path or {}).items()}
        )
        queries = [self.query] if self.query else []
        queries += [
            f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in (query or {}).items()
        ]
        target = f"/{quote(terms.subscription_id, safe='')}{filled}"
        if queries:
            target = f"{target}?{'&'.join(queries)}"
        kind = "application/json" if terms.serialization == "JSON" else "application/xml"
        headers = {"x-ms-version": terms.api_version, "accept": kind}
        content = b""
        if body is not None:
            headers["content-type"] = self.content_type or kind
            content = self._encode(body, terms)
        return RawRequest(self.method, target, headers, content)

    def _encode(self, body: Document | bytes, terms: Terms) -> bytes:
        if isinstance(body, bytes):
            return body
        try:
            return body.encode(terms)
        except ValueError as exc:
            problem = str(exc)
        place, _, rule = problem.partition(": ")
        raise InvalidArgumentError(self.name, place, rule)

    def parse(self, response: RawResponse, terms: Terms) -> Out:
        """Read the answer.

        Raises:
            ServiceError: the status isn't one of success.
            ProtocolError: the body isn't what the reference says; status and body are on it.
        """
        if response.status not in self.success and not self._tells_a_failure(response):
            raise error_documents.error_from(response, operation=self.name)
        if error := error_documents.error_inside(response, operation=self.name):
            raise error
        try:
            return self.answer.read(self.name, response, terms)
        except ProtocolError as exc:
            exc.operation = self.name
            exc.status = response.status
            exc.request_id = response.headers.get(error_documents.REQUEST_ID)
            exc.headers = dict(response.headers)
            exc.body = response.body
            exc.request_sent = True
            raise

    def _tells_a_failure(self, response: RawResponse) -> bool:
        # Asked how an operation stands, the service has answered with the failure's own status code.
        asked = isinstance(self.answer, OneObject) and self.answer.model is OperationStatus
        return asked and error_documents.failed_operation(response) is not None


_NOT_IN_A_SEGMENT = frozenset("/\\?#%")


def segment(method: str, argument: str, value: object) -> str:
    """Check and quote one segment of a path.

    Raises:
        InvalidArgumentError: not a non-empty text, or one that could change the path.
    """
    if not isinstance(value, str) or not value.strip():
        raise InvalidArgumentError(method, argument, "a non-empty string is required")
    if value in {".", ".."} or not value.isprintable() or not _NOT_IN_A_SEGMENT.isdisjoint(value):
        rule = "a name may not be '.' or '..' nor hold '/', '\\', '?', '#', '%' or control characters"
        raise InvalidArgumentError(method, argument, rule)
    return quote(value, safe="")


@dataclass(frozen=True, slots=True)
class Call(Generic[Out]):
    """An operation with all it needs: what a client method hands to the one call path.

    Attributes:
        operation: which one.
        path: value of each placeholder.
        body: the document to send.
        query: query parameters.
    """

    operation: Operation[Out]
    path: Mapping[str, str] = field(default_factory=dict)
    body: Document | bytes | None = None
    query: Mapping[str, str] = field(default_factory=dict)

    def build(self, terms: Terms) -> RawRequest:
        """Make the request; see :meth:`Operation.build`."""
        return self.operation.build(terms, self.path, body=self.body, query=self.query)
