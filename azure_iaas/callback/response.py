"""What a callback gets: the documented response object, made of the client's models, errors and exchanges.

Rules:

1. Everything inside is what JSON has: objects, lists, texts, numbers, booleans. Dates are ISO 8601 texts.
2. Names are the documented ones, whichever dialect or form the answer came in.
3. An absent name reads as None.
4. Secrets are there when asked for by name, and never in a ``repr``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr

from azure_iaas.errors import AzureError, ServiceError
from azure_iaas.models import AzureModel, Deployment
from azure_iaas.operations.tracking import AcceptedOperation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from azure_iaas.config import ResolvedOptions
    from azure_iaas.wire.messages import RawRequest, RawResponse

SHOWN_REQUEST_HEADERS: Final = frozenset({"accept", "content-length", "content-type", "x-ms-version"})
"""Request headers ``reqopts`` repeats; any other might be a secret."""

_SIGNATURE: Final = re.compile(r"(?i)[?&]sig=")
_SPOKEN_CACHING: Final = (
    frozenset({"HostCaching"}),
    frozenset({"DisableReadCache", "DisableWriteCache", "EnableWriteCache"}),
)
"""The two vocabularies in which the caching of a disk is said."""


class Hidden(str):
    """A text that doesn't show in ``repr``, and so not in those of objects around it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'**********'"


class DocumentedObject(dict[str, Any]):
    """A parsed object: its properties by documented name, as attributes and as items.

    An absent property reads as None. Like any object of the documented API's own language it is true even
    when it is empty. It is a plain ``dict`` otherwise: it can be changed, given back to the service in a
    call, and written by ``json.dumps`` (which writes secrets too).
    """

    def __missing__(self, name: str) -> None:
        return None

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        self.pop(name, None)

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        # A disk read from the service says its caching in both vocabularies: what is said last stands.
        for spoken, other in (_SPOKEN_CACHING, _SPOKEN_CACHING[::-1]):
            if name in spoken:
                for contradicted in other:
                    self.pop(contradicted, None)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


class Headers(dict[str, str]):
    """Headers by lower-case name; looked up in any case, an absent one reads as None."""

    def __init__(self, headers: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        super().__init__({name.lower(): value for name, value in dict(headers).items()})

    def __getitem__(self, name: str) -> Any:
        return super().get(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """Give a header's value, or ``default``."""
        return super().get(name.lower(), default)


@dataclass(slots=True)
class Response:
    """The one argument of every callback. All seven fields are there on every outcome.

    Attributes:
        isSuccessful: True or False.
        statusCode: HTTP status; None when there was no complete answer. Of an operation that failed after it
            was accepted, the failure's own.
        response: on success the parsed answer: an object, a list of objects, for two operations a text; an
            empty object where the answer is empty. Otherwise None.
        error: on failure an object with ``Code`` and ``Message``, otherwise None. When the service gave no
            code, ``Code`` is the name of an exception class of :mod:`azure_iaas.errors`.
        body: the answer as received, as text; empty when there was none. It may hold secrets.
        headers: of the answer, by lower-case name; any case finds them.
        reqopts: ``host``, ``port``, ``path``, ``method`` and ``headers`` of the request, without secrets.
    """

    isSuccessful: bool  # noqa: N815 - the documented name
    statusCode: int | None  # noqa: N815 - the documented name
    response: Any
    error: DocumentedObject | None
    body: str = field(repr=False)
    headers: Headers
    reqopts: DocumentedObject


def succeeded(
    value: object, options: ResolvedOptions, request: RawRequest, answer: RawResponse | None
) -> Response:
    """The response of a call that gave ``value``."""
    return Response(
        isSuccessful=True,
        statusCode=answer.status if answer else None,
        response=documented(value),
        error=None,
        body=_text(answer.body if answer else b""),
        headers=Headers(answer.headers if answer else {}),
        reqopts=_request_options(options, request),
    )


def failed(
    error: Exception, options: ResolvedOptions, request: RawRequest, answer: RawResponse | None
) -> Response:
    """The response of a call that raised ``error``; ``answer`` is the last the service gave, if any."""
    status, headers, body = None, {}, b""
    if answer is not None:
        status, headers, body = answer.status, dict(answer.headers), answer.body
    code, message = None, str(error)
    if isinstance(error, AzureError):
        status = status if error.status is None else error.status
        headers, body = headers or error.headers, body or error.body
        code, message = error.code, error.message
    if isinstance(error, ServiceError):
        message = error.service_message or message
    return Response(
        isSuccessful=False,
        statusCode=status,
        response=None,
        error=DocumentedObject(Code=code or type(error).__name__, Message=message),
        body=_text(body),
        headers=Headers(headers),
        reqopts=_request_options(options, request),
    )


def documented(value: object) -> Any:
    """Turn what a client's method returns into documented objects, at every depth."""
    return _converted(value, hidden=False)


def _converted(value: object, *, hidden: bool) -> Any:
    if isinstance(value, AzureModel):
        return _object(value)
    if isinstance(value, AcceptedOperation):
        return DocumentedObject()
    if isinstance(value, SecretStr):
        return Hidden(value.get_secret_value())
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, str):
        return Hidden(value) if hidden or _SIGNATURE.search(value) else value
    if isinstance(value, list):
        return [_converted(item, hidden=hidden) for item in value]
    if isinstance(value, dict):
        return DocumentedObject({name: _converted(item, hidden=hidden) for name, item in value.items()})
    return value


def _object(model: AzureModel) -> DocumentedObject:
    properties: dict[str, Any] = {}
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        # A model reads an absent list as an empty one; in a document the two differ.
        absent = value is None or (value == [] and name not in model.model_fields_set)
        if not absent:
            properties[info.serialization_alias or name] = _converted(value, hidden=not info.repr)
    for name, value in (model.model_extra or {}).items():
        # Of what isn't known nobody can say that it is no secret.
        properties[name] = _converted(value, hidden=True)
    if isinstance(model, Deployment):
        # Documented as objects; the wire has lists, of one for a deployment as it was documented.
        for single, several in (("RoleInstance", "RoleInstanceList"), ("Role", "RoleList")):
            if properties.get(several):
                properties[single] = properties[several][0]
    return DocumentedObject(properties)


def _text(body: bytes) -> str:
    return body.decode("utf-8-sig", "replace")


def _request_options(options: ResolvedOptions, request: RawRequest) -> DocumentedObject:
    headers = {
        name: value for name, value in request.headers.items() if name.lower() in SHOWN_REQUEST_HEADERS
    }
    return DocumentedObject(
        host=options.host,
        port=options.port,
        path=request.target,
        method=request.method,
        headers=Headers(headers),
    )
