"""What became of a write: whether it may have been carried out, and which read shows it. Pure.

A write declares it as the call to make, with its own arguments by name and the way into them::

    shown_by="get_role(service_name, deployment_name, role.role_name)"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from azure_iaas.errors import (
    AzureError,
    InvalidArgumentError,
    OutcomeUnknownError,
    ServiceError,
    TransportError,
    quoted,
)
from azure_iaas.operations.hints import hint
from azure_iaas.operations.retrying import may_have_acted

if TYPE_CHECKING:
    from azure_iaas.operations.operation import Call

E = TypeVar("E", bound=AzureError)

_CALL: Final = re.compile(r"(get|list)_(\w+)\((.*)\)")
_WORDS: Final = {"os": "OS", "vm": "VM", "ip": "IP"}
_AROUND: Final = {
    "service_name": "in service",
    "deployment_name": "of deployment",
    "role_name": "of role",
}
"""What a read's arguments but the last one say, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where to look for what a write did.

    Attributes:
        resource: the resource, for example ``role 'web1' of deployment 'web' in service 'shop'``.
        look_with: the client's call that shows it, for example ``get_role('shop', 'web', 'web1')``.
    """

    resource: str
    look_with: str


@dataclass(frozen=True, slots=True)
class ShownBy:
    """The read that shows a write's outcome.

    Attributes:
        read: name of the client's method.
        arguments: where its arguments come from: ways into the write's arguments, or quoted texts.
    """

    read: str
    arguments: tuple[str, ...]

    @classmethod
    def declared(cls, call: str) -> Self:
        """Read a declaration.

        Raises:
            ValueError: not the call of a read.
        """
        match = _CALL.fullmatch(call)
        if match is None:
            raise ValueError(f"shown_by: {call!r} isn't the call of a read")
        arguments = tuple(part.strip() for part in match[3].split(",") if part.strip())
        return cls(f"{match[1]}_{match[2]}", arguments)

    def of(self, values: Mapping[str, Any]) -> Whereabouts:
        """Fill in a write's arguments; of what the service chooses itself, the name of the argument stays."""
        texts = [_text(way, values) for way in self.arguments]
        arguments = ", ".join(text or way for way, text in zip(self.arguments, texts, strict=True))
        return Whereabouts(self._resource(texts), f"{self.read}({arguments})")

    def _resource(self, texts: list[str | None]) -> str:
        kind, _, rest = self.read.partition("_")
        words = rest.partition("_by_")[0].split("_")
        sentence = [" ".join(_WORDS.get(word, word) for word in words)]
        around = list(zip(self.arguments, texts, strict=True))
        if kind == "get" and around and (name := around.pop()[1]) is not None:
            sentence.append(name)
        sentence += [f"{_AROUND[way]} {text}" for way, text in reversed(around)]
        return " ".join(sentence)


def _text(way: str, values: Mapping[str, Any]) -> str | None:
    if way.startswith("'"):
        return way
    first, *steps = way.split(".")
    value = values.get(first)
    for step in steps:
        value = _inside(value, step)
    return None if value is None else quoted(value)


def _inside(value: object, step: str) -> object:
    """An element of a model or of a mapping, in which it may have any of the spellings of its name."""
    if isinstance(value, Mapping):
        return next((each for key, each in value.items() if _folded(str(key)) == _folded(step)), None)
    return getattr(value, step, None)


def _folded(name: str) -> str:
    return name.replace("_", "").lower()


def outcome(error: AzureError, call: Call[Any]) -> AzureError:
    """What ended a call, as the caller hears of it.

    A write that may have been carried out says so, and where to look; when no answer came, it becomes an
    :class:`OutcomeUnknownError` with the error as its cause.
    """
    operation = call.operation
    error.operation = error.operation or operation.name
    named(error, call)
    if isinstance(error, ServiceError) and (advice := hint(error.service_message or "", call.request)):
        _add(advice, error)
    if operation.repeatable or not may_have_acted(error):
        return error
    error.may_have_been_carried_out = True
    where = call.whereabouts
    look = f" at the {where.resource} with {where.look_with}" if where else ""
    advice = f"{error.method} {error.path} may have been carried out; look{look} before repeating it"
    if not isinstance(error, TransportError):
        _add(advice, error)
        return error
    unknown = OutcomeUnknownError(
        f"{operation.name}: sent, but the answer was lost: {advice} ({error.message})",
        operation=operation.name,
        request_id=error.request_id,
        status=error.status,
        request_sent=error.request_sent,
    )
    unknown.__cause__ = error
    return named(unknown, call)


def _add(advice: str, error: AzureError) -> None:
    error.message = f"{error.message} ({advice})"
    error.args = (error.message,)


def named(error: E, call: Call[Any]) -> E:
    """Put on an error which request it is about, and which resource."""
    if not isinstance(error, InvalidArgumentError):
        error.method, error.path = call.request.method, call.request.target
        if call.whereabouts is not None:
            error.resource, error.look_with = call.whereabouts.resource, call.whereabouts.look_with
    return error
