"""What a command prints: one value as a table, JSON, YAML or tab-separated lines. Secrets are masked here.

Standard output has the value and nothing else. Names are the documented ones, so that a query is written as
the reference spells it. rich is imported when a table is drawn, jmespath with a query.
"""

from __future__ import annotations

import json
import math
import re
import sys
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from azure_iaas.cli.option_groups import options_as
from azure_iaas.cli.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from azure_iaas.cli.option_groups import Option
    from azure_iaas.models import AzureModel

Form = Literal["table", "json", "yaml", "tsv"]

MASKED: Final = "**********"
_NEEDS: Final = {"table": "rich", "yaml": "yaml"}
_CONTROLS: Final = re.compile("[\x7f-\x9f]")
"""What JSON may hold as it is, and some terminals obey."""
_SIGNATURE: Final = re.compile(r"(?i)([?&]sig=)[^&\s]+")


@dataclass(frozen=True)
class Output:
    """How to print.

    Attributes:
        form: the form.
        query: JMESPath expression that chooses what is printed; None prints all.
    """

    form: Form = "table"
    query: str | None = None

    def check(self) -> None:
        """Find out, before anything is sent, whether it can be printed so.

        Raises:
            click.UsageError: the query can't be read.
            ModuleNotFoundError: what prints it isn't installed.
        """
        needed = _NEEDS.get(self.form)
        if needed is not None and find_spec(needed) is None:
            raise ModuleNotFoundError(name=needed)
        if self.query is not None:
            _compiled(self.query)

    def show(self, value: Any, columns: Sequence[str] = ()) -> None:
        """Print a value.

        Args:
            value: data objects, and lists and mappings of them and of plain values.
            columns: of a list: the ways to what a table and tab-separated lines show, in the order of the
                columns: ``HostedServiceProperties.Location``. Empty: all there is.

        Raises:
            click.UsageError: the query can't be applied to the value.
        """
        data = plain(value)
        if self.query is not None:
            data, columns = _found(self.query, data), ()
        match self.form:
            case "json":
                text = json.dumps(data, indent=2, ensure_ascii=False)
                print(_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
            case "yaml":
                import yaml  # noqa: PLC0415 - only here

                print(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=math.inf), end="")
            case "tsv":
                for row in _rows(data, columns)[1]:
                    print("\t".join(row))
            case "table":
                heads, rows = _rows(data, columns)
                if isinstance(data, dict):
                    rows = [row for row in rows if row[1]]
                _draw(*_without_empty_columns(heads, rows))


output_options: Option = options_as(
    "output",
    Output,
    (
        click.option(
            "-o",
            "--output",
            "form",
            type=click.Choice(["table", "json", "yaml", "tsv"]),
            default="table",
            envvar="AZURE_IAAS_OUTPUT",
            show_default=True,
            help="Form of what is printed.",
        ),
        click.option("--query", metavar="JMESPATH", help="Print only what this finds in it."),
    ),
)
"""Gives a command ``--output`` and ``--query``; it takes them as ``output``."""


def plain(value: Any) -> Any:
    """Give a value as JSON has it, under the documented names, without what is secret or was never said."""
    from azure_iaas.models import AzureModel  # noqa: PLC0415 - help needs none of it

    if isinstance(value, AzureModel):
        return dict(_elements(value))
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if value is None or isinstance(value, bool | int | float):
        return value
    # The text of a secret is a mask; whoever has the signature of a URI can read what it leads to.
    return _SIGNATURE.sub(rf"\1{MASKED}", str(value))


def _elements(model: AzureModel) -> Iterator[tuple[str, Any]]:
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if info.repr and name in model.model_fields_set and value is not None:
            yield info.serialization_alias or name, plain(value)
    yield from _unknown(model.model_extra or {}).items()


def _unknown(value: Any) -> Any:
    """What no model knows: what is secret in it is guessed by its name."""
    from azure_iaas.operations.secrets import sounds_secret  # noqa: PLC0415 - help needs none of it

    if isinstance(value, list):
        return [_unknown(each) for each in value]
    if not isinstance(value, dict):
        return plain(value)
    return {
        name: MASKED if isinstance(each, str) and sounds_secret(name) else _unknown(each)
        for name, each in value.items()
    }


def _compiled(query: str) -> Any:
    return _by_jmespath(query, lambda compiled: compiled)


def _found(query: str, data: Any) -> Any:
    return _by_jmespath(query, lambda compiled: compiled.search(data))


def _by_jmespath(query: str, use: Callable[[Any], Any]) -> Any:
    import jmespath  # noqa: PLC0415 - only with a query

    try:
        return use(jmespath.compile(query))
    except jmespath.exceptions.JMESPathError as error:
        problem = str(error).splitlines()[0]
    raise click.UsageError(f"--query: {problem}")


def _rows(data: Any, columns: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Headings and rows; an object is a row for each value in it, with the way there."""
    if isinstance(data, dict):
        return [], [[way, _cell(value)] for way, value in _flat(data)]
    if not isinstance(data, list):
        return [], [] if data is None else [[_cell(data)]]
    if all(isinstance(each, dict) for each in data):
        flat = [dict(_flat(each)) for each in data]
        ways = list(columns) or list(dict.fromkeys(way for each in flat for way in each))
        heads = [way.rpartition(".")[2] for way in ways]
        return heads, [[_cell(each.get(way)) for way in ways] for each in flat]
    return [], [[_cell(cell) for cell in (each if isinstance(each, list) else [each])] for each in data]


def _flat(data: Any, way: str = "") -> Iterator[tuple[str, Any]]:
    """The values inside an object by their ways, which are queries: ``RoleList[0].RoleName``."""
    if isinstance(data, dict) and data:
        for name, value in data.items():
            yield from _flat(value, f"{way}.{name}" if way else name)
    elif isinstance(data, list) and any(isinstance(each, dict | list) for each in data):
        for index, value in enumerate(data):
            yield from _flat(value, f"{way}[{index}]")
    else:
        yield way, data


def _cell(value: Any) -> str:
    """One line without anything a terminal would obey."""
    if value is None:
        return ""
    if isinstance(value, list):
        text = ", ".join(map(_cell, value))
    elif isinstance(value, str):
        text = value
    else:
        text = json.dumps(value, ensure_ascii=False)
    return visible(text)


def _without_empty_columns(heads: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """What is empty in all rows says nothing to a person; without rows the headings are all there is."""
    if not rows or not heads:
        return heads, rows
    told = [index for index in range(len(heads)) if any(row[index] for row in rows)]
    return [heads[index] for index in told], [[row[index] for index in told] for row in rows]


def _draw(heads: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console  # noqa: PLC0415 - only where a table is drawn
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    on_terminal = sys.stdout.isatty()
    table = Table(box=None, pad_edge=False, show_header=bool(heads), header_style="bold")
    for index in range(max(map(len, [heads, *rows]))):
        table.add_column(heads[index] if heads else "", overflow="fold", no_wrap=not on_terminal)
    for row in rows:
        table.add_row(*map(Text, row))
    if not table.columns:
        return
    # In a file or a pipe no value is cut or folded.
    Console(file=sys.stdout, width=None if on_terminal else 100_000, highlight=False).print(table)
