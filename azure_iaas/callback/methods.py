"""How an operation becomes a documented method: its signature; then bind, check, build, submit.

What NodeJS refused at the call is refused at the call: a required argument that is missing or empty, and a
callback that is missing, misplaced or no function. Both are named.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from azure_iaas.callback.jobs import ApiCall
from azure_iaas.errors import InvalidArgumentError
from azure_iaas.frames import without_frames
from azure_iaas.operations import DOCUMENTED
from azure_iaas.operations.naming import as_documented

if TYPE_CHECKING:
    from azure_iaas.callback.jobs import Job
    from azure_iaas.callback.response import Response
    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.operations.operation import Operation

Callback = Callable[["Response"], object]

_NAMING: Final = re.compile(r"(?i)(name|slot|instance|requestid|thumbprint)$")
"""Arguments that say in reports which call it was; none of them is a secret."""
_ARGUMENT: Final = re.compile(r"    (\w+): ")


class Submits(Protocol):
    """What the methods need of their service."""

    _client: ServiceManagementClient

    def _submit(self, job: Job) -> None: ...


def signature(operation: Operation[Any]) -> inspect.Signature:
    """The documented method's signature, with ``self``.

    The callback follows the arguments given by position. The documented methods take what their page says,
    the others also what their async method takes by name.
    """
    parameters = [
        each.replace(name=operation.documented[each.name])
        for each in operation.signature.parameters.values()
        if each.kind is not each.KEYWORD_ONLY or operation.name not in DOCUMENTED
    ]
    place = sum(each.kind is not each.KEYWORD_ONLY for each in parameters)
    optional = any(each.default is not each.empty for each in parameters[:place])
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    callback = inspect.Parameter(
        "callback", kind, default=None if optional else inspect.Parameter.empty, annotation="Callback"
    )
    whole = [inspect.Parameter("self", kind), *parameters]
    whole.insert(place + 1, callback)
    return inspect.Signature(whole, return_annotation="None")


def api_method(operation: Operation[Any]) -> Callable[..., None]:
    """Make the documented method of an operation, to be put in a class that submits."""
    binding = signature(operation)
    python = {documented: name for name, documented in operation.documented.items()}
    positional = [
        each
        for each in binding.parameters.values()
        if each.kind is not each.KEYWORD_ONLY and each.name not in {"self", "callback"}
    ]
    required = [each.name for each in positional if each.default is each.empty]
    optional = [each.name for each in positional if each.default is not each.empty]
    defaults = {
        name: each.default
        for name, each in operation.signature.parameters.items()
        if each.default is not each.empty
    }

    def call(service: Submits, *args: Any, **named: Any) -> None:
        try:
            job: Job | Exception = made(service, args, named)
        except (ValueError, TypeError) as exc:
            job = without_frames(exc)
        # No frame of an error has what was given.
        del args, named
        if isinstance(job, Exception):
            raise job
        service._submit(job)

    def made(service: Submits, args: tuple[Any, ...], named: dict[str, Any]) -> Job:
        arguments, callback = bind(args, named)
        values = defaults | {python[name]: value for name, value in arguments.items()}
        built = operation.build_from(service._client, values, as_documented)
        return ApiCall(label(operation.name, arguments), service._client, built, callback)

    def bind(args: tuple[Any, ...], named: dict[str, Any]) -> tuple[dict[str, Any], Callback]:
        try:
            arguments = binding.bind_partial(None, *args, **named).arguments
        except TypeError as exc:
            problem = str(exc)
        else:
            del arguments["self"]
            callback = arguments.pop("callback", None)
            if callback is None:
                misplaced = next((each for each in optional if callable(arguments.get(each))), None)
                callback = arguments.pop(misplaced) if misplaced else None
            for name in required:
                if _is_missing(arguments.get(name)):
                    raise missing(operation.name, name)
            return arguments, check_callback(operation.name, "callback", callback)
        raise TypeError(f"{operation.name}: {problem}")

    method: Any = call
    method.__name__ = operation.name
    method.__qualname__ = f"ServiceManagementService.{operation.name}"
    method.__signature__ = binding
    method.__doc__ = _docstring(operation, binding)
    return call


def _docstring(operation: Operation[Any], binding: inspect.Signature) -> str:
    """The async method's docstring with the documented names, without what isn't taken here."""
    lines: list[str] = []
    taken = True
    for line in operation.docstring.splitlines():
        argument = _ARGUMENT.match(line)
        if argument and argument[1] in operation.documented:
            name = operation.documented[argument[1]]
            taken = name in binding.parameters
            line = line.replace(argument[1], name, 1)  # noqa: PLW2901
        elif not line.startswith("     "):
            taken = True
        if taken:
            lines.append({"Returns:": "Response:", "Raises:": "Errors, in the response:"}.get(line, line))
    lines[-1:-1] = ["The callback is called once with the response.", ""]
    return "\n".join(lines)


def missing(method: str, argument: str) -> InvalidArgumentError:
    """The error for a required argument that isn't there, in the words of the NodeJS library."""
    error = InvalidArgumentError(method, argument, "required")
    error.message = f"Required argument {argument} for function {method} is not defined"
    error.args = (error.message,)
    return error


def check_callback(
    method: str, argument: str, callback: Any, takes: Literal["the response", "no argument"] = "the response"
) -> Any:
    """Refuse what can't be called back.

    Raises:
        InvalidArgumentError: missing, no function, one of other arguments, or a coroutine function, which
            nobody would await.
    """
    if callback is None:
        raise missing(method, argument)
    if not callable(callback):
        raise InvalidArgumentError(method, argument, "a function is required")
    if inspect.iscoroutinefunction(callback):
        raise InvalidArgumentError(method, argument, "a plain function is required, not an async one")
    try:
        inspect.signature(callback).bind(*([None] if takes == "the response" else []))
    except TypeError:
        pass
    except ValueError:
        return callback  # one of C's that doesn't say what it takes
    else:
        return callback
    raise InvalidArgumentError(method, argument, f"it is called with {takes} alone, and takes something else")


def is_positive(value: object) -> bool:
    """Whether it is a finite number above 0."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < math.inf


def label(method: str, arguments: Mapping[str, Any]) -> str:
    """Name a call in reports by its method and the names it was given."""
    names = [value for name, value in arguments.items() if isinstance(value, str) and _NAMING.search(name)]
    return f"{method}({', '.join(names)})"


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    # A function here is the callback, come too early.
    return value is None or callable(value) or (isinstance(value, (Mapping, list, tuple)) and not len(value))
