"""An operation, said once: the decorator makes a table entry and a client method of one function. No I/O.

::

    class Roles(Group):
        @write("POST", ROLES, "Add Role (jj157186)", shown_by="get_role(...)")
        def add_role(self, service_name: str, deployment_name: str, role: VMRole) -> Parts:
            ...
            return Parts(Document(checked, "PersistentVMRole"))

The function makes what a request has beside its path; its name, arguments and docstring are those of the
awaitable method ``client.add_role``. Placeholders in the path are filled with the arguments of their names.
"""

from __future__ import annotations

import functools
import inspect
import re
from dataclasses import dataclass, field
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Final,
    Generic,
    ParamSpec,
    Protocol,
    TypeVar,
    cast,
    overload,
)
from urllib.parse import quote

from azure_iaas.errors import InvalidArgumentError, ProtocolError
from azure_iaas.frames import forgetful, without_frames
from azure_iaas.models import OperationStatus
from azure_iaas.operations import arguments, limits, naming, versions
from azure_iaas.operations.answers import ACCEPTED, OneObject
from azure_iaas.operations.outcomes import ShownBy, Whereabouts
from azure_iaas.operations.secrets import secrets_in
from azure_iaas.wire import codecs, error_documents
from azure_iaas.wire.messages import RawRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from azure_iaas.models import AzureModel
    from azure_iaas.operations.answers import Answer
    from azure_iaas.operations.tracking import AcceptedOperation
    from azure_iaas.wire.messages import Dialect, Method, RawResponse, Serialization

Out = TypeVar("Out")
P = ParamSpec("P")

OK: Final = frozenset({200})
TAKEN: Final = frozenset({202})
OK_OR_TAKEN: Final = frozenset({200, 202})
"""202 by the reference; recordings, edited or not, or one generation of clients have 200."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What client and service agreed on for all requests.

    Attributes:
        subscription_id: first segment of every path.
        api_version: value of ``x-ms-version``, ``YYYY-MM-DD``.
        serialization: ``XML``, or ``JSON`` when asked for.
        dialect: element names to write; both are read.
        version_chosen: True when the user chose ``api_version``: what needs a newer one is refused. Otherwise
            a request that needs a newer version goes out with that.
        default_location: where services go that name neither location nor affinity group.
    """

    subscription_id: str
    api_version: str
    serialization: Serialization = "XML"
    dialect: Dialect = "ga"
    version_chosen: bool = False
    default_location: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A request body.

    Attributes:
        model: what to write.
        root: its root element.
        preview_root: the same in the preview dialect, where it differs.
        argument: the argument its elements come from; empty when each is an argument of its own.
        part: an element that comes from another argument, and that argument.
    """

    model: AzureModel
    root: str
    preview_root: str | None = None
    argument: str = ""
    part: tuple[str, str] = ("", "")

    def argument_of(self, path: str) -> str:
        """The argument, and the path inside it, that the element at a path comes from."""
        first = re.split(r"[.\[]", path, maxsplit=1)[0]
        field = codecs.plan(type(self.model)).by_name.get(first)
        path = (field.attribute if field else first) + path.removeprefix(first)
        element, argument = self.part
        if element and path.startswith(element):
            return argument + path.removeprefix(element)
        return ".".join(filter(None, (self.argument, path)))

    def encode(self, terms: Terms) -> bytes:
        """The body's bytes.

        Raises:
            ValueError: a text holds a character XML can't carry.
        """
        root = self.preview_root or self.root if terms.dialect == "preview" else self.root
        return codecs.encode(self.model, root=root, dialect=terms.dialect, serialization=terms.serialization)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a request has beside its fixed path and query.

    Attributes:
        body: the document to send, or ready bytes.
        query: further query parameters.
        path: values of placeholders that differ from the arguments of their names.
        needs: ``x-ms-version`` that an argument asks for.
    """

    body: Document | bytes | None = None
    query: Mapping[str, object] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def media(cls, wanted: bool, since: str = versions.DELETE_MEDIA) -> Parts:
        """``comp=media``, by which a delete takes disks and blobs along."""
        return cls(query={"comp": "media"}, needs={"delete_media": since}) if wanted else cls()


class Group:
    """Base of a group of operations: what a method needs of its client."""

    terms: Terms

    async def _call(self, call: Call[Out]) -> Out:
        """Send a call and read its answer."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Call(Generic[Out]):
    """A call whose arguments were checked and whose request is made; what was given isn't kept.

    Attributes:
        operation: the operation.
        request: what is sent.
        whereabouts: of a write: where to look for what it did, where a read shows it.
        secrets: what is secret in its document.
    """

    operation: Operation[Out]
    request: RawRequest
    whereabouts: Whereabouts | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[Out]):
    """One entry of the operation table.

    Attributes:
        name: the documented name, or for an extension one made by the same rule.
        method_name: name of the client's method.
        source: title of the REST reference page, and its id or the chapter of the protocol reference.
        method: HTTP verb.
        path: below the subscription, with ``{placeholders}``.
        preview_path: the same in the preview dialect, where it differs.
        query: fixed query, without ``?``.
        since: lowest ``x-ms-version`` that knows the operation.
        success: status codes of success; any other is an error answer.
        answer: how the body of a success is read.
        content_type: of the request body, when it isn't the serialization's own.
        shown_by: the read that shows what a write did; None for a read, and where there is none.
        signature: of the client's method, without ``self``.
        kinds: annotation of each argument.
        by_position: arguments that may be given without their names.
        documented: documented spelling of each argument.
        docstring: of the client's method, the source included.
        make: gives the parts of a request from its checked arguments.
    """

    name: str
    method_name: str
    source: str
    method: Method
    path: str
    preview_path: str
    query: str
    since: str
    success: frozenset[int]
    answer: Answer[Out]
    content_type: str | None
    shown_by: ShownBy | None
    signature: inspect.Signature
    kinds: Mapping[str, str]
    by_position: tuple[str, ...]
    documented: Mapping[str, str]
    docstring: str = field(repr=False)
    make: Callable[..., Parts | None] = field(repr=False)

    @property
    def repeatable(self) -> bool:
        """True when asking twice changes nothing: only reads."""
        return self.method == "GET"

    @forgetful
    def build(self, client: Group | Terms, /, *args: Any, **named: Any) -> Call[Out]:
        """Check the arguments of the client's method and make the request; nothing is sent.

        Raises:
            InvalidArgumentError: an argument breaks a rule, or needs a newer version than was chosen.
            TypeError: there are no such arguments.
        """
        if not named and len(args) == len(self.by_position) == len(self.kinds):
            return self.build_from(client, dict(zip(self.by_position, args, strict=True)))
        try:
            values = self.signature.bind(*args, **named)
        except TypeError as exc:
            problem = str(exc)
        else:
            values.apply_defaults()
            return self.build_from(client, values.arguments)
        takes = ", ".join(
            str(each.replace(annotation=each.empty)) for each in self.signature.parameters.values()
        )
        raise TypeError(f"{self.method_name}: {problem}; it takes ({takes})")

    @forgetful
    def build_from(
        self, client: Group | Terms, values: Mapping[str, Any], names: naming.Names = naming.as_python
    ) -> Call[Out]:
        """The same from all arguments by name; ``names`` says how an error calls them."""
        group = Group()
        group.terms = client if isinstance(client, Terms) else client.terms
        try:
            checked = {name: arguments.check(name, self.kinds[name], value) for name, value in values.items()}
            parts = self.make(group, **checked) or Parts()
            whereabouts = self.shown_by.of(checked) if self.shown_by else None
            secrets = secrets_in(parts.body.model) if isinstance(parts.body, Document) else ()
            return Call(self, self._request(group.terms, checked, parts), whereabouts, tuple(secrets))
        except InvalidArgumentError as exc:
            path, rule = exc.argument, exc.rule
        # Raised outside: what was caught may hold values, and values may be secrets.
        error = InvalidArgumentError(*names(self, path, rule))
        error.operation = self.name
        raise error

    def _request(self, terms: Terms, values: Mapping[str, Any], parts: Parts) -> RawRequest:
        template = self.preview_path if terms.dialect == "preview" and self.preview_path else self.path
        filled = template.format_map(_Segments({**values, **parts.path}))
        queries = [self.query] if self.query else []
        queries += [
            f"{quote(name, safe='')}={quote(codecs.write_scalar(value), safe='')}"
            for name, value in parts.query.items()
        ]
        target = f"/{quote(terms.subscription_id, safe='')}{filled}"
        if queries:
            target = f"{target}?{'&'.join(queries)}"
        kind = "application/json" if terms.serialization == "JSON" else "application/xml"
        headers = {"x-ms-version": self._version(terms, parts), "accept": kind}
        content = b""
        if parts.body is not None:
            headers["content-type"] = self.content_type or kind
            content = parts.body if isinstance(parts.body, bytes) else _encode(parts.body, terms)
        return RawRequest(self.method, target, headers, content)

    def _version(self, terms: Terms, parts: Parts) -> str:
        if self.since <= terms.api_version and not parts.needs and not isinstance(parts.body, Document):
            return terms.api_version
        needs = [(self.since, ""), *((since, argument) for argument, since in parts.needs.items())]
        if isinstance(parts.body, Document):
            document = parts.body
            needs += [
                (since, document.argument_of(path))
                for since, path in versions.needs(document.model, terms.dialect)
            ]
        needed, argument = max(needs, key=lambda each: each[0])
        if needed <= terms.api_version:
            return terms.api_version
        if terms.version_chosen:
            rule = f"needs apiversion {needed} or newer, this client sends {terms.api_version}"
            raise arguments.refused(argument, rule)
        return needed

    def parse(self, response: RawResponse, terms: Terms) -> Out:
        """Read the answer.

        Raises:
            ServiceError: the status isn't one of success.
            ProtocolError: the body isn't what the reference says; status and body are on it.
        """
        if response.status not in self.success and not self._tells_a_failure(response):
            raise error_documents.error_from(response, operation=self.name)
        if inside := error_documents.error_inside(response, operation=self.name):
            raise inside
        try:
            return self.answer.read(self.name, response, terms)
        except ProtocolError as exc:
            error = without_frames(exc)
        error.operation = self.name
        error.status = response.status
        error.request_id = response.headers.get(error_documents.REQUEST_ID)
        error.headers = dict(response.headers)
        error.body = response.body
        error.request_sent = True
        raise error

    def _tells_a_failure(self, response: RawResponse) -> bool:
        # Asked how an operation stands, the service has answered with the failure's own status code.
        asked = isinstance(self.answer, OneObject) and self.answer.model is OperationStatus
        return asked and error_documents.failed_operation(response) is not None


class _Segments(dict[str, Any]):
    """Values for a path, each checked and quoted where it is put in: no name can change the path."""

    def __getitem__(self, name: str) -> str:
        return arguments.segment(name, super().__getitem__(name))


def _encode(document: Document, terms: Terms) -> bytes:
    for path, rule in limits.broken(document.model, terms.dialect):
        raise arguments.refused(document.argument_of(path), rule)
    try:
        return document.encode(terms)
    except ValueError as exc:
        place, colon, rule = str(exc).partition(": ")
    raise arguments.refused(document.argument_of(place if colon else ""), rule or place)


# --- the decorator -------------------------------------------------------------------------------------

REGISTRY: Final[dict[str, Operation[Any]]] = {}
"""Every operation by its documented name."""


class ClientMethod(Protocol[P, Out]):
    """An awaitable method of the client; on the class it shows its table entry as ``operation``."""

    operation: Operation[Out]

    @overload
    def __get__(self, client: None, owner: type) -> ClientMethod[P, Out]: ...

    @overload
    def __get__(self, client: Group, owner: type | None = None) -> Callable[P, Coroutine[Any, Any, Out]]: ...


class Declaration(Protocol[Out]):
    """What makes a client's method of a function that gives a request's parts."""

    def __call__(self, make: Callable[Concatenate[Any, P], Parts | None], /) -> ClientMethod[P, Out]:
        """Make the method."""
        ...


def read(
    path: str,
    source: str,
    answer: Answer[Out],
    *,
    preview: str = "",
    query: str = "",
    since: str = "2012-03-01",
) -> Declaration[Out]:
    """Declare a read; see :func:`operation`."""
    return operation("GET", path, source, answer, preview=preview, query=query, since=since)


def write(
    method: Method,
    path: str,
    source: str,
    *,
    preview: str = "",
    query: str = "",
    since: str = "2012-03-01",
    success: frozenset[int] = TAKEN,
    content_type: str | None = None,
    shown_by: str | None,
) -> Declaration[AcceptedOperation]:
    """Declare a write whose answer is empty; see :func:`operation`."""
    return operation(
        method,
        path,
        source,
        ACCEPTED,
        preview=preview,
        query=query,
        since=since,
        success=success,
        content_type=content_type,
        shown_by=shown_by,
    )


def operation(
    method: Method,
    path: str,
    source: str,
    answer: Answer[Out],
    *,
    preview: str = "",
    query: str = "",
    since: str = "2012-03-01",
    success: frozenset[int] = OK,
    content_type: str | None = None,
    shown_by: str | None = None,
) -> Declaration[Out]:
    """Make a table entry and the client's method of a function that gives a request's parts.

    The parameters are those of :class:`Operation`; ``preview`` is its ``preview_path``, and ``shown_by`` the
    call of a read as :mod:`azure_iaas.operations.outcomes` has it. The source becomes
    the last line of the method's docstring.
    """

    def decorate(make: Callable[Concatenate[Any, P], Parts | None], /) -> ClientMethod[P, Out]:
        whole = inspect.signature(make)
        signature = whole.replace(
            parameters=list(whole.parameters.values())[1:], return_annotation=answer.gives
        )
        name = naming.documented_name(make.__name__)
        page = dict(zip(signature.parameters, naming.DOCUMENTED.get(name, ()), strict=False))
        entry = Operation(
            name=name,
            method_name=make.__name__,
            source=source,
            method=method,
            path=path,
            preview_path=preview,
            query=query,
            since=since,
            success=success,
            answer=answer,
            content_type=content_type,
            shown_by=ShownBy.declared(shown_by) if shown_by else None,
            signature=signature,
            kinds={name: str(each.annotation) for name, each in signature.parameters.items()},
            by_position=tuple(
                name for name, each in signature.parameters.items() if each.kind is not each.KEYWORD_ONLY
            ),
            documented={
                each: page.get(each) or naming.documented_argument(each) for each in signature.parameters
            },
            docstring=f"{inspect.cleandoc(make.__doc__ or '')}\n\nSource: {source}.",
            make=make,
        )
        REGISTRY[name] = entry

        @functools.wraps(make)
        async def call(self: Group, /, *args: Any, **named: Any) -> Out:
            try:
                made: Call[Out] | Exception = entry.build(self, *args, **named)
            except (InvalidArgumentError, TypeError) as exc:
                made = without_frames(exc)
            # No frame of an error has what was given.
            del args, named
            if isinstance(made, Exception):
                raise made
            return await self._call(made)

        # What help and editors show is the method, not the function that makes its request.
        method_of_client: Any = call
        method_of_client.__signature__ = whole.replace(return_annotation=answer.gives)
        method_of_client.__annotations__ = {**make.__annotations__, "return": answer.gives}
        method_of_client.__doc__ = entry.docstring
        method_of_client.operation = entry
        del method_of_client.__wrapped__
        return cast("ClientMethod[P, Out]", call)

    return decorate
