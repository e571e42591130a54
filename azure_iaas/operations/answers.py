"""How the body of a successful answer becomes a value. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar, runtime_checkable

from azure_iaas.errors import ProtocolError
from azure_iaas.models import AzureModel
from azure_iaas.operations.tracking import AcceptedOperation
from azure_iaas.wire import codecs, error_documents

if TYPE_CHECKING:
    from azure_iaas.operations.operation import Terms
    from azure_iaas.wire.messages import RawResponse, Serialization

Out_co = TypeVar("Out_co", covariant=True)
M = TypeVar("M", bound=AzureModel)


@runtime_checkable
class Answer(Protocol[Out_co]):
    """How the body of a successful answer is read."""

    @property
    def gives(self) -> str:
        """The type of the value, as an annotation has it."""
        ...

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

    @property
    def gives(self) -> str:
        """The object's class."""
        return self.model.__name__

    def read(self, operation: str, response: RawResponse, terms: Terms) -> M:
        """Read the object; ProtocolError when the body isn't one."""
        return codecs.decode(
            self.model, response.body, root=self.root, serialization=_serialization(response, terms)
        )


@dataclass(frozen=True, slots=True)
class Listing(Generic[M]):
    """The answer is a list of objects, in the service's order."""

    model: type[M]
    root: str
    item: str

    @property
    def gives(self) -> str:
        """A list of the objects' class."""
        return f"list[{self.model.__name__}]"

    def read(self, operation: str, response: RawResponse, terms: Terms) -> list[M]:
        """Read all objects; ProtocolError when the body isn't such a list."""
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

    gives = "AcceptedOperation"

    def read(self, operation: str, response: RawResponse, terms: Terms) -> AcceptedOperation:
        """Keep the request id; ProtocolError when there is none."""
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

    gives = "str"

    def read(self, operation: str, response: RawResponse, terms: Terms) -> str:
        """Decode the body; what isn't UTF-8 becomes U+FFFD."""
        return response.body.decode("utf-8-sig", "replace")


ACCEPTED: Final = Acceptance()


def _serialization(response: RawResponse, terms: Terms) -> Serialization:
    # The answer's own type wins: what the service did with a wish for JSON isn't recorded.
    kind = response.headers.get("content-type", "")
    if "json" in kind:
        return "JSON"
    return "XML" if "xml" in kind or not kind else terms.serialization
