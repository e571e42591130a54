"""Calls that are built, and so checked, now and carried out later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from azure_iaas.client.documented import DocumentedOperations
from azure_iaas.client.extended import ExtendedOperations

if TYPE_CHECKING:
    from azure_iaas.client.calling import Caller
    from azure_iaas.operations.operation import Call, Operation
    from azure_iaas.wire.messages import RawRequest

Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class Deferred:
    """A call whose arguments were checked; awaiting ``deferred()`` carries it out.

    Attributes:
        request: what will be sent.
    """

    request: RawRequest
    _client: Caller
    _built: Call[Any]

    @property
    def operation(self) -> Operation[Any]:
        """The operation called."""
        return self._built.operation

    async def __call__(self) -> Any:
        """Carry it out, as the client's method would have; errors are the same."""
        return await self._client._call(self._built)


class _Builder(DocumentedOperations, ExtendedOperations):
    """The client's methods, stopped where a call is built: nothing is sent, and so nothing awaited."""

    def __init__(self, client: Caller) -> None:
        self.options = client.options
        self.terms = client.terms

    async def _call(self, call: Call[Out]) -> Any:
        return call


def defer(client: Caller, method: str, *args: Any, **named: Any) -> Deferred:
    """Build the call ``client.<method>(*args, **named)`` would make, without sending it.

    What was given isn't kept: changing it later changes nothing.

    Raises:
        InvalidArgumentError: an argument breaks a rule.
        TypeError: the method has no such arguments.
    """
    steps = getattr(_Builder(client), method)(*args, **named)
    try:
        steps.send(None)
    except StopIteration as end:
        built: Call[Any] = end.value
    else:
        steps.close()
        msg = f"{method} is more than one call"
        raise TypeError(msg)
    return Deferred(built.build(client.terms), client, built)
