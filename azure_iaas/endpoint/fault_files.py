"""Plans of faults as plain data: files, and what the control address is sent.

::

    seed: 7
    rules:
      - fault: Refuse
        with: {status: 503, retry_after: 5}
        when: {operation: AddRole, method: POST, path: "services/hostedservices/web*"}
        nth: 2
        times: 1
        probability: 0.5

Only ``fault`` is needed in a rule; the other keys are the fields of `Rule`, those of ``when`` the fields of
`Requests`, those of ``with`` the fields of the fault. YAML, or JSON in files called ``.json``.
"""

from __future__ import annotations

import base64
import json
import math
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.endpoint import injected_faults
from azure_iaas.endpoint.injected_faults import Fault, FaultPlan, HandshakeFault, Replace, Requests, Rule
from azure_iaas.errors import ConfigurationError
from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

FAULTS: Final[Mapping[str, type]] = {
    name: getattr(injected_faults, name)
    for name in (
        "CutAnswer",
        "DripAnswer",
        "DropAfterHandler",
        "DropBeforeHandler",
        "ExpiredCertificate",
        "ExpiredServerCertificate",
        "FailOperation",
        "ForgetOperation",
        "HTMLPage",
        "HoldLock",
        "JumpClock",
        "MissingRequestId",
        "Redirect",
        "Refuse",
        "Replace",
        "Stall",
        "TruncateBody",
        "WrongBody",
        "WrongContentType",
    )
}
"""Faults a file can name."""

_SIZE_LIMIT: Final = 1024 * 1024


class _WrongError(Exception):
    """A value is wrong: where, and why."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}" if place else why)
        self.place = place


def load_faults(path: str | os.PathLike[str]) -> FaultPlan:
    """Read a plan from a file.

    Args:
        path: YAML, or JSON when its name ends so.

    Raises:
        ConfigurationError: the file can't be read, or isn't a plan; the message names the file, the field,
            and the line in YAML.
    """
    file = Path(path)
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it isn't UTF-8 text"
        raise ConfigurationError(f"faults '{file}': can't be read: {why}") from error
    if len(text) > _SIZE_LIMIT:
        raise ConfigurationError(f"faults '{file}': is larger than {_SIZE_LIMIT} characters")
    lines: dict[str, int] = {}
    try:
        document = _read_json(text) if file.suffix.lower() == ".json" else _read_yaml(text, lines)
        return _plan(document)
    except _WrongError as error:
        # The nearest place above one that is missing has a line too.
        place = error.place
        while place and place not in lines:
            place = place.rpartition("." if place.rfind(".") > place.rfind("[") else "[")[0]
        where = f", line {lines[place]}" if place in lines else ""
        raise ConfigurationError(f"faults '{file}'{where}: {error}") from error


def read_faults(document: object) -> FaultPlan:
    """Read a plan from plain data.

    Raises:
        ConfigurationError: it isn't a plan; the message names the field.
    """
    try:
        return _plan(document)
    except _WrongError as error:
        raise ConfigurationError(f"faults: {error}") from error


def write_faults(plan: FaultPlan) -> dict[str, Any]:
    """Write a plan as plain data, which `read_faults` takes.

    A ``when`` that is a function, or a fault of somebody else's, can't be written: its name stands there.
    """
    return {"seed": plan.seed, "rules": [_rule_document(rule) for rule in plan.rules]}


def _rule_document(rule: Rule) -> dict[str, Any]:
    document: dict[str, Any] = {"fault": type(rule.fault).__name__}
    if isinstance(rule.fault, Replace):
        response = rule.fault.response
        document["with"] = {
            "status": response.status,
            "headers": dict(response.headers),
            "body": _text(response.body),
        }
    elif type(rule.fault).__name__ in FAULTS and (options := _changed(rule.fault)):
        document["with"] = options
    if isinstance(rule.when, Requests):
        if options := _changed(rule.when):
            document["when"] = options
    else:
        document["when"] = getattr(rule.when, "__qualname__", type(rule.when).__name__)
    return document | {
        name: getattr(rule, name)
        for name, default in (("times", 1), ("probability", 1.0), ("nth", None))
        if getattr(rule, name) != default
    }


def _changed(value: Any) -> dict[str, Any]:
    """Fields of a dataclass that don't have their default."""
    options = {}
    for field in fields(value):
        content = getattr(value, field.name)
        if content != field.default:
            content = _text(content) if isinstance(content, bytes) else content
            options[field.name] = ".inf" if content == math.inf else content
    return options


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(body).decode()


def _read_json(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _WrongError("", f"isn't JSON: line {error.lineno}, {error.msg}") from error
    except RecursionError as error:
        raise _WrongError("", "isn't JSON that can be read: it is too deep") from error


def _read_yaml(text: str, lines: dict[str, int]) -> object:
    try:
        import yaml  # noqa: PLC0415 - an extra; JSON needs nothing
    except ModuleNotFoundError as error:
        raise _WrongError(
            "", "YAML needs the extra: pip install 'azure-iaas[cli]'; JSON works without"
        ) from error
    try:
        root = yaml.compose(text, yaml.SafeLoader)
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it can't be read"
        where = f"line {mark.line + 1}, " if mark is not None else ""
        raise _WrongError("", f"isn't YAML: {where}{problem}") from error
    except RecursionError as error:
        raise _WrongError("", "isn't YAML that can be read: it is too deep") from error

    def note(place: str, node: Any, depth: int = 0) -> None:
        if depth > 8:  # deeper than any plan, and aliases may go round in a circle
            return
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = f"{place}.{key.value}" if place else str(key.value)
                lines[inner] = key.start_mark.line + 1
                note(inner, value, depth + 1)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                lines[f"{place}[{index}]"] = value.start_mark.line + 1
                note(f"{place}[{index}]", value, depth + 1)

    note("", root)
    return document


def _plan(document: object) -> FaultPlan:
    values = _mapping(document, "", {"seed", "rules"})
    seed = values.get("seed", 0)
    if type(seed) is not int:
        raise _WrongError("seed", "must be a whole number")
    rules = values.get("rules", [])
    if not isinstance(rules, list):
        raise _WrongError("rules", "must be a list")
    return FaultPlan(*(_rule(rule, f"rules[{index}]") for index, rule in enumerate(rules)), seed=seed)


def _rule(document: object, place: str) -> Rule:
    values = _mapping(document, place, {"fault", "with", "when", "times", "probability", "nth"})
    name = values.get("fault")
    if name is None:
        raise _WrongError(f"{place}.fault", "is required")
    if not isinstance(name, str) or name not in FAULTS:
        raise _WrongError(f"{place}.fault", f"must be one of {', '.join(sorted(FAULTS))}")
    fault = _fault(FAULTS[name], values.get("with", {}), f"{place}.with")
    when = _made(Requests, values.get("when", {}), f"{place}.when")
    numbers: dict[str, Any] = {key: values[key] for key in ("times", "probability", "nth") if key in values}
    for key, value in numbers.items():
        is_number = isinstance(value, int | float if key == "probability" else int)
        if isinstance(value, bool) or not (is_number or (value is None and key != "probability")):
            raise _WrongError(f"{place}.{key}", "must be a number")
    try:
        return Rule(fault, when, **numbers)
    except ConfigurationError as error:
        raise _below(place, error) from error


def _fault(kind: type, options: object, place: str) -> Fault | HandshakeFault:
    if kind is not Replace:
        fault: Fault | HandshakeFault = _made(kind, options, place)
        return fault
    values = _mapping(options, place, {"status", "headers", "body"})
    status, headers = values.get("status"), values.get("headers", {})
    if type(status) is not int or not 200 <= status <= 599:
        raise _WrongError(f"{place}.status", "must be a whole number from 200 to 599")
    if not isinstance(headers, dict) or not all(
        isinstance(part, str) for pair in headers.items() for part in pair
    ):
        raise _WrongError(f"{place}.headers", "must be texts by name")
    body = _value(values.get("body", ""), frozenset({"bytes"}), f"{place}.body")
    return Replace(RawResponse(status, {name.lower(): value for name, value in headers.items()}, body))


def _made(kind: type, options: object, place: str) -> Any:
    """Make a dataclass of plain data, by the types its fields are annotated with."""
    known = {field.name: field for field in fields(kind)}
    values = _mapping(options, place, set(known))
    for name, field in known.items():
        if name not in values and field.default is MISSING:
            raise _WrongError(f"{place}.{name}", "is required")
    arguments = {}
    for name, value in values.items():
        types = frozenset(str(known[name].type).split(" | "))
        arguments[name] = _value(value, types, f"{place}.{name}")
    try:
        return kind(**arguments)
    except ConfigurationError as error:
        raise _below(place, error) from error


def _below(place: str, error: ConfigurationError) -> _WrongError:
    """What a dataclass said of one of its fields, as said of the document's."""
    name, _, why = str(error).partition(": ")
    return _WrongError(f"{place}.{name}", why)


_WORDS: Final = {
    "bool": "true or false",
    "bytes": "text",
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "None": "null",
}


def _value(value: object, types: frozenset[str], place: str) -> Any:
    if value is None and "None" in types:
        return None
    if isinstance(value, bool):
        if "bool" in types:
            return value
    elif isinstance(value, int | float):
        if "float" in types and not math.isnan(value):
            return float(value)
        if "int" in types and isinstance(value, int):
            return value
    elif isinstance(value, str):
        if "float" in types and value == ".inf":  # YAML has it as a number, JSON has none
            return math.inf
        if "str" in types:
            return value
        if "bytes" in types:
            return _bytes(value, place)
    raise _WrongError(place, f"must be {' or '.join(_WORDS[name] for name in sorted(types))}")


def _bytes(value: str, place: str) -> bytes:
    if not value.startswith("base64:"):
        return value.encode()
    try:
        return base64.b64decode(value.removeprefix("base64:"), validate=True)
    except ValueError as error:
        raise _WrongError(place, "isn't base64") from error


def _mapping(value: object, place: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _WrongError(place, f"must be a mapping of {', '.join(sorted(known)) or 'nothing'}")
    for name in value:
        if name not in known:
            where = f"{place}.{name}" if place else str(name)
            raise _WrongError(where, f"isn't known here; known are {', '.join(sorted(known)) or 'none'}")
    return value
