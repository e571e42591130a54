"""What a command would send, without sending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from azure_iaas.client import ServiceManagementClient
from azure_iaas.operations.secrets import SentSecrets

if TYPE_CHECKING:
    from azure_iaas.operations.operation import Call
    from azure_iaas.wire.messages import RawRequest, RawResponse

Out = TypeVar("Out")


class RehearsedError(Exception):
    """The call that would have been sent."""

    def __init__(self, call: Call[Any]) -> None:
        super().__init__()
        self.call = call


class RehearsingClient(ServiceManagementClient):
    """A client that checks its calls and makes their requests, and raises instead of sending them.

    It needs no certificate.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, transport=_Nowhere(), **named)

    async def _call(self, call: Call[Out]) -> Out:
        raise RehearsedError(call)


class _Nowhere:
    async def send(self, request: RawRequest) -> RawResponse:
        raise NotImplementedError(request)


def what_is_sent(call: Call[Any]) -> dict[str, Any]:
    """A call's request for people to read, its secrets masked."""
    secrets = SentSecrets()
    secrets.remember(call.secrets)
    request = call.request
    sent: dict[str, Any] = {
        "Operation": call.operation.name,
        "Method": request.method,
        "Path": request.target,
        "Version": request.headers["x-ms-version"],
    }
    if request.body:
        sent["ContentType"] = request.headers["content-type"]
        sent["Body"] = secrets.removed_from(request.body).decode(errors="replace")
    return sent
