"""Part (i): the client, fed a recorded answer, gives every element of it, or the right error."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from azure_iaas.errors import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ProtocolError,
    ResourceNotFoundError,
    ServiceError,
    ThrottledError,
)
from azure_iaas.models import AzureModel, OperationStatus
from azure_iaas.operations import REGISTRY
from azure_iaas.operations.answers import Acceptance, Listing, OneObject, PlainText
from azure_iaas.operations.operation import Terms
from azure_iaas.operations.tracking import AcceptedOperation
from azure_iaas.wire import codecs
from azure_iaas.wire.messages import RawResponse
from tools.fidelity.recording import Exchange, Finding, elements, local, mixed_up, parse, registry_name

if TYPE_CHECKING:
    from collections.abc import Iterator

TERMS = Terms(subscription_id="11111111-2222-3333-4444-555555555555", api_version="2015-04-01")
ERRORS = {
    400: BadRequestError,
    403: AuthenticationError,
    404: ResourceNotFoundError,
    409: ConflictError,
    503: ThrottledError,
}


def compare(exchange: Exchange) -> Finding:
    """Feed one recorded answer to the client's operation."""
    name = registry_name(exchange)
    if name is None:
        return Finding(
            exchange["operation"], "reads", "not compared", exchange["id"], "not an operation of the client"
        )
    if mixed_up(exchange):
        reason = "the recording holds another operation's answer, by hand"
        return Finding(name, "reads", "not compared", exchange["id"], reason)
    problem = _problem(exchange, name)
    return Finding(name, "reads", "differs" if problem else "agreed", exchange["id"], problem)


def _problem(exchange: Exchange, name: str) -> str:
    operation = REGISTRY[name]
    body: str = exchange["response_body"] or ""
    response = RawResponse(exchange["status"], exchange["response_headers"] or {}, body.encode())
    try:
        answer = operation.parse(response, TERMS)
    except ServiceError as error:
        return _error_problem(exchange, error)
    except ProtocolError as error:
        # A fixture that leaves the document out isn't an answer of the service: this is the right error.
        return "" if not body and exchange["kind"] == "fixture" else f"refused: {error.message}"
    if exchange["status"] not in operation.success:
        # Asked how an operation stands, the service answered with the failure's own status code.
        failed = isinstance(answer, OperationStatus) and answer.status == "Failed"
        return (
            _lost(OneObject(OperationStatus, "Operation"), answer, body)
            if failed
            else "an error was read as a success"
        )
    match operation.answer:
        case Acceptance():
            right = isinstance(answer, AcceptedOperation)
            same = right and answer.request_id == exchange["response_headers"].get("x-ms-request-id")
            return "" if same else "the acceptance lost its request id"
        case PlainText():
            return "" if answer == body.removeprefix("\ufeff") else "the text is another"
        case OneObject() | Listing() as read:
            return _lost(read, answer, body)
        case _:
            return "an answer of no known kind"


def _error_problem(exchange: Exchange, error: ServiceError) -> str:
    if error.status != exchange["status"] or error.body != (exchange["response_body"] or "").encode():
        return "the error lost its status or body"
    wanted = ERRORS.get(exchange["status"], ServiceError)
    if type(error) is not wanted:
        return f"the error is a {type(error).__name__}, not a {wanted.__name__}"
    if exchange["response_body"]:
        root = parse(exchange["response_body"])
        if local(root.tag) != "Error":
            # Hand-edited: a status of failure before a document of success.
            return ""
        plain = {local(child.tag): (child.text or "").strip() for child in root}
        if (error.code, error.service_message) != (plain["Code"], plain["Message"]):
            return "the error lost its code or message"
    return ""


def _lost(read: OneObject[Any] | Listing[Any], answer: Any, body: str) -> str:
    root = parse(body)
    received = Counter(path for path, _ in elements(root))
    top = next(iter(received))
    kept: Counter[str] = Counter({top: 1})
    if isinstance(read, Listing):
        for item in answer:
            kept.update(_paths(item, f"{top}/{read.item}"))
    else:
        kept = Counter(_paths(answer, top))
    missing, extra = received - kept, kept - received
    if missing:
        return f"lost {min(missing)}"
    return f"invented {min(extra)}" if extra else ""


def _paths(model: AzureModel, above: str) -> Iterator[str]:
    """Paths of the elements a model was read from, told by what is set, under GA names."""
    yield above
    for field in codecs.plan(type(model)).orders["ga"]:
        if field.attribute not in model.model_fields_set:
            continue
        value = model.__dict__[field.attribute]
        path = f"{above}/{field.ga}"
        if not field.is_list:
            yield from _paths(value, path) if isinstance(value, AzureModel) else (path,)
            continue
        yield path
        for item in value:
            under = f"{path}/{field.ga_item}"
            yield from _paths(item, under) if isinstance(item, AzureModel) else (under,)
    for name, value in (model.model_extra or {}).items():
        yield from _plain(value, f"{above}/{name}")


def _plain(value: Any, path: str) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        yield path
        if isinstance(item, dict):
            for name, child in item.items():
                yield from _plain(child, f"{path}/{name}")
