"""The file a plan stands in: read with the line of each of its places; mistakes in it, told in its words.

A *place* is a path of keys and positions, such as ``services[0].deployments[0].slot``. No value is ever
repeated: it may be a secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.errors import ConfigurationError, quoted

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

TOLD: Final = 10
"""Mistakes a message lists."""
_FROM_ENVIRONMENT: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LAST_STEP: Final = re.compile(r"(?:\.?[^.\[\]]+|\[\d+\])$")
_QUOTED: Final = re.compile(r"'[^'\s<]{3,}'")
"""Names a YAML parser repeats: of an alias, an anchor, a tag. They may be half a password."""

_WORDS: Final = {
    "string_type": "a text is needed",
    "int_type": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "bool_type": "true or false is needed",
    "bool_parsing": "true or false is needed",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "too_short": "at least one is needed",
    "tuple_type": "a list is needed",
    "list_type": "a list is needed",
    "model_type": "a mapping is needed",
    "model_attributes_type": "a mapping is needed",
    "dict_type": "a mapping is needed",
    "literal_error": "{expected} is needed",
    "string_too_long": "at most {max_length} characters",
}


class Lines:
    """Which line of the file a place is on; empty for a plan that stands in no file.

    Args:
        lines: lines from 1, by place.
    """

    def __init__(self, lines: Mapping[str, int] | None = None) -> None:
        self._lines = lines or {}

    def of(self, place: str) -> int | None:
        """The line of a place, or of the nearest part around it; None when nobody knows."""
        while place:
            if place in self._lines:
                return self._lines[place]
            place = _LAST_STEP.sub("", place, count=1)
        return None


def place_of(location: Iterable[int | str]) -> str:
    """A path of keys and positions as text."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif not part.startswith(("function-", "lax-or-strict")):
            text += f".{part}"
    return text.lstrip(".")


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one is meant for, or None."""
    by_lower = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[found[0]] if found else None


def unknown(name: str, known: Sequence[str]) -> str:
    """Say that a key is unknown, and which is meant."""
    meant = near(name, known)
    hint = f"{meant!r} is meant?" if meant else f"known are {', '.join(known)}"
    return f"{quoted(name)} is unknown; {hint}"


# --- mistakes ------------------------------------------------------------------------------------------


def complaints(
    errors: Sequence[ErrorDetails], parts: Mapping[str, type[BaseModel]], lines: Lines
) -> list[str]:
    """One sentence for each mistake.

    Args:
        errors: what the validator found.
        parts: the models of a plan by the key they stand under; "" is the plan itself.
        lines: lines of the file.
    """
    unknown_keys = {each["loc"] for each in errors if each["type"] == "extra_forbidden"}
    told: dict[tuple[str, str], None] = {}
    for each in errors:
        *around, key = each["loc"] or ("",)
        part = parts.get(next((name for name in reversed(around) if isinstance(name, str)), ""))
        known = list(part.model_fields) if part else []
        match each["type"]:
            case "too_short" if any(_inside(other["loc"], each["loc"]) for other in errors):
                continue  # its members have mistakes, and were left out of it for that alone
            case "missing":
                beside = [str(loc[-1]) for loc in unknown_keys if loc[:-1] == tuple(around)]
                if any(near(name, known) == key for name in beside):
                    continue  # it is there, misspelt
                where, rule = place_of(around), f"{key!r} is missing"
            case "extra_forbidden":
                where, rule = place_of(around), unknown(str(key), known)
            case kind:
                rule = _WORDS.get(kind, "").format(**each.get("ctx", {}))
                where, rule = place_of(each["loc"]), rule or each["msg"].removeprefix("Value error, ")
        strange = each.get("ctx", {}).get("key")
        line = lines.of(place_of((*each["loc"], strange) if strange else each["loc"]))
        told[where, rule + (f" (line {line})" if line else "")] = None
    return [f"{where}: {rule}" if where else rule for where, rule in told]


def _inside(inner: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def refusal(told: Sequence[str], file: Path | None) -> ConfigurationError:
    """The error that lists mistakes."""
    more = f"; and {len(told) - TOLD} more" if len(told) > TOLD else ""
    return ConfigurationError(f"plan{f' {quoted(file)}' if file else ''}: {'; '.join(told[:TOLD])}{more}")


# --- reading -------------------------------------------------------------------------------------------


def from_environment(values: Any, environ: Mapping[str, str], lines: Lines) -> Any:
    """Put variables in place of values that are ``${NAME}`` as a whole.

    Raises:
        ConfigurationError: some aren't set; all of them are named.
    """
    unset: list[str] = []

    def filled(value: Any, *place: int | str) -> Any:
        if isinstance(value, Mapping):
            return {str(key): filled(item, *place, str(key)) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [filled(item, *place, index) for index, item in enumerate(value)]
        if isinstance(value, str) and (variable := _FROM_ENVIRONMENT.fullmatch(value)):
            if variable[1] in environ:
                return environ[variable[1]]
            line = lines.of(place_of(place))
            where = f" (line {line})" if line else ""
            unset.append(f"{place_of(place)}: the environment variable {variable[1]} isn't set{where}")
        return value

    result = filled(values)
    if unset:
        raise refusal(unset, None)
    return result


def read(path: str | os.PathLike[str]) -> tuple[Any, Lines]:
    """Read a file: ``.json``, or YAML (extra ``azure-iaas[cli]``).

    Raises:
        ConfigurationError: it can't be read; reason and line are named, its text isn't.
    """
    file = Path(path)
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8 text"
        raise ConfigurationError(f"plan {quoted(file)}: can't be read: {reason}") from None
    if file.suffix.lower() == ".json":
        return _read_json(file, text), Lines()
    return _read_yaml(file, text)


def _read_json(file: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        why = "(it is nested too deep)"
        if isinstance(error, json.JSONDecodeError):
            why = f"(line {error.lineno}): {error.msg}"
    # Raised outside: the decoder's error holds the document, passwords included.
    raise ConfigurationError(f"plan {quoted(file)}: isn't JSON {why}")


def _read_yaml(file: Path, text: str) -> tuple[Any, Lines]:
    try:
        import yaml  # noqa: PLC0415 - an extra; JSON needs nothing
    except ModuleNotFoundError as error:
        msg = f"plan {quoted(file)}: YAML needs the extra: pip install 'azure-iaas[cli]'; JSON works without"
        raise ConfigurationError(msg) from error
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        lines: dict[str, int] = {}
        twice = list(_walk(node, (), lines, set()))
        values = None if node is None else loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = _why(error, text)
    else:
        if twice:
            raise refusal(twice, file)
        return values, Lines(lines)
    # Raised outside: the parser's error quotes the document, passwords included.
    raise ConfigurationError(f"plan {quoted(file)}: isn't YAML {why}")


_ADVICE: Final = (
    (r"character '\t'", "; indent with blanks, not with tabs"),
    ("expected <block end>", "; are its lines indented alike?"),
    ("mapping values are not allowed", "; are its lines indented alike?"),
    ("could not find expected ':'", "; are its lines indented alike?"),
)
"""What the parser means by some of its sentences."""


def _why(error: Exception, text: str) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        problem = _QUOTED.sub("...", str(getattr(error, "problem", None) or "a mistake"))
        advice = next((advice for text, advice in _ADVICE if text in problem), "")
        return f"(line {mark.line + 1}): {problem}{advice}"
    position = getattr(error, "position", None)
    if isinstance(position, int):
        return f"(line {text.count(chr(10), 0, position) + 1}): a character no YAML file may hold"
    if isinstance(error, RecursionError):
        return "(it is nested too deep)"
    return "(a date or number that is none; put texts into quotes)"


def _walk(node: Any, place: tuple[int | str, ...], lines: dict[str, int], seen: set[int]) -> Iterator[str]:
    """Note the line of each place; give the keys that are there twice, of which YAML drops one."""
    if id(node) in seen:
        return  # an alias: its lines are those of its anchor
    seen.add(id(node))
    if node is not None and node.id == "sequence":
        for index, item in enumerate(node.value):
            lines[place_of((*place, index))] = item.start_mark.line + 1
            yield from _walk(item, (*place, index), lines, seen)
    elif node is not None and node.id == "mapping":
        for key, item in node.value:
            name, line = place_of((*place, str(key.value))), key.start_mark.line + 1
            if name in lines:
                yield f"{name}: is there twice, on lines {lines[name]} and {line}"
            lines[name] = line
            yield from _walk(item, (*place, str(key.value)), lines, seen)
