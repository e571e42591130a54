"""How a documented method becomes a call: bind, check, build, submit.

What NodeJS refused at the call is refused at the call: a required argument that is missing or empty, and a
callback that is missing, misplaced or no function. Both are named.
"""

from __future__ import annotations

import functools
import inspect
import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Protocol

from azure_iaas.callback.calls import ApiCall
from azure_iaas.client import ServiceManagementClient
from azure_iaas.client.deferred import defer
from azure_iaas.errors import InvalidArgumentError
from azure_iaas.operations import method_name

if TYPE_CHECKING:
    from azure_iaas.callback.calls import Job
    from azure_iaas.callback.response import Response

P = ParamSpec("P")
Callback = Callable[["Response"], object]

_NAMING: Final = re.compile(r"(?i)(name|slot|instance|requestid|thumbprint)$")
"""Arguments that say in reports which call it was; none of them is a secret."""

_DOCUMENTED_SPELLING: Final = {"lun": "LUN", "role": "VMRole", "data_disk": "datadisk"}


class Submits(Protocol):
    """What the methods need of their service."""

    _client: ServiceManagementClient

    def _submit(self, job: Job) -> None: ...


def documented(declared: Callable[P, None]) -> Callable[P, None]:
    """Make an API method of a declaration: its name and parameters say which call it is.

    Parameters with a default are optional objects, which may be left out before the callback.
    """
    return functools.wraps(declared)(Method(declared.__name__, inspect.signature(declared)).function())


documented_with_options: Callable[[Callable[..., None]], Callable[..., None]] = documented
"""The same for a method with an optional object: its overloads say what may be given."""


def extension(name: str) -> Callable[..., None]:
    """Make a method, in the documented manner, of an operation that isn't among the documented ones."""
    asynchronous = getattr(ServiceManagementClient, method_name(name))
    given = inspect.signature(asynchronous).parameters.values()
    parameters = [each.replace(name=_camel_case(each.name)) for each in given]
    place = sum(each.kind is not inspect.Parameter.KEYWORD_ONLY for each in parameters)
    callback = inspect.Parameter("callback", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None)
    if not any(each.default is not inspect.Parameter.empty for each in parameters[:place]):
        callback = callback.replace(default=inspect.Parameter.empty)
    parameters.insert(place, callback)
    method = Method(name, inspect.Signature(parameters))
    function = method.function()
    function.__name__ = name
    function.__qualname__ = f"ServiceManagementService.{name}"
    function.__doc__ = (
        f"``{name}({', '.join(method.signature.parameters)})``: ``{method_name(name)}`` of the async client,"
        f" with a callback.\n\n{inspect.getdoc(asynchronous)}"
    ).replace("(self, ", "(", 1)
    function.__signature__ = method.signature  # type: ignore[attr-defined]
    return function


class Method:
    """An API method: which arguments it takes, and which client method it stands for."""

    def __init__(self, name: str, signature: inspect.Signature) -> None:
        self.name = name
        self.signature = signature
        self._asynchronous = method_name(name)
        parameters = list(signature.parameters.values())[1:]
        positional = [each for each in parameters if each.kind is not inspect.Parameter.KEYWORD_ONLY]
        self._arguments = [each.name for each in positional if each.name != "callback"]
        self._optional = [
            each.name
            for each in positional
            if each.name != "callback" and each.default is not inspect.Parameter.empty
        ]
        named = [each.name for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY]
        theirs = list(inspect.signature(getattr(ServiceManagementClient, self._asynchronous)).parameters)[1:]
        self._theirs = dict(zip(self._arguments, theirs, strict=False)) | {
            name: _snake_case(name) for name in named
        }

    def function(self) -> Callable[..., None]:
        """The function to put in a class that submits."""

        def call(service: Submits, *args: Any, **named: Any) -> None:
            given, callback = self._bind(args, named)
            theirs = {self._theirs[name]: value for name, value in given.items()}
            deferred = defer(service._client, self._asynchronous, **theirs)
            service._submit(ApiCall(label(self.name, given), service._client, deferred, callback))

        return call

    def _bind(self, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[dict[str, Any], Callback]:
        try:
            given = self.signature.bind_partial(None, *args, **named).arguments
        except TypeError as exc:
            problem = str(exc)
        else:
            given.pop("self", None)
            callback = given.pop("callback", None)
            if callback is None:
                callback = self._in_place_of_an_option(given)
            for argument in self._arguments:
                if argument not in self._optional and _is_missing(given.get(argument)):
                    raise missing(self.name, argument)
            return given, check_callback(self.name, "callback", callback)
        raise TypeError(f"{self.name}: {problem}")

    def _in_place_of_an_option(self, given: dict[str, Any]) -> Any:
        for option in self._optional:
            if callable(given.get(option)):
                return given.pop(option)
        return None


def missing(method: str, argument: str) -> InvalidArgumentError:
    """The error for a required argument that isn't there, in the words of the NodeJS library."""
    error = InvalidArgumentError(method, argument, "required")
    error.message = f"Required argument {argument} for function {method} is not defined"
    error.args = (error.message,)
    return error


def check_callback(method: str, argument: str, callback: Any) -> Any:
    """Refuse what can't be called back.

    Raises:
        InvalidArgumentError: missing, no function, or a coroutine function, which nobody would await.
    """
    if callback is None:
        raise missing(method, argument)
    if not callable(callback):
        raise InvalidArgumentError(method, argument, "a function is required")
    if inspect.iscoroutinefunction(callback):
        raise InvalidArgumentError(method, argument, "a plain function is required, not an async one")
    return callback


def is_positive(value: object) -> bool:
    """Whether it is a finite number above 0."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < math.inf


def label(method: str, given: Mapping[str, Any]) -> str:
    """Name a call in reports by its method and the names it was given."""
    names = [value for name, value in given.items() if isinstance(value, str) and _NAMING.search(name)]
    return f"{method}({', '.join(names)})"


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    # A function here is the callback, come too early.
    return value is None or callable(value) or (isinstance(value, (Mapping, list, tuple)) and not len(value))


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return _DOCUMENTED_SPELLING.get(name) or first + "".join(word.capitalize() for word in others)


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
