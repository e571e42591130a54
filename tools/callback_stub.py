"""Write the stub of the callback methods: ``python tools/callback_stub.py``.

Type checkers see by it what ``azure_iaas/callback/api.py`` makes of the operation table when it is imported.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from azure_iaas import models
from azure_iaas.callback.methods import signature
from azure_iaas.operations import REGISTRY

if TYPE_CHECKING:
    import inspect
    from collections.abc import Iterator

    from azure_iaas.operations.operation import Operation

STUB: Final = Path(__file__).resolve().parents[1] / "azure_iaas" / "callback" / "api.pyi"
LINE_LENGTH: Final = 110


def render() -> str:
    """The stub, as the formatter wants it."""
    methods = [line for operation in REGISTRY.values() for line in _method(operation)]
    used = set(re.findall(r"\w+", "\n".join(methods)))
    modules = {
        "collections.abc": ["Mapping", "Sequence"],
        "datetime": ["datetime"],
        "typing": ["Any", "overload"],
        "pydantic": ["SecretStr"],
        "azure_iaas.callback.methods": ["Callback"],
        "azure_iaas.models": sorted(models.__all__, key=str.lower),
        "azure_iaas.models.mappings": sorted((each for each in used if each.endswith("Dict")), key=str.lower),
    }
    imports = []
    for module, names in modules.items():
        wanted = [name for name in names if name in used]
        if module in {"pydantic", "azure_iaas.callback.methods"}:
            imports.append("")
        line = f"from {module} import {', '.join(wanted)}"
        if len(line) <= LINE_LENGTH:
            imports.append(line)
        else:
            imports += [f"from {module} import (", *(f"    {name}," for name in wanted), ")"]
    lines = [
        "# Made by tools/callback_stub.py from the operation table; a test says when it isn't current.",
        "# ruff: noqa: N802, N803 - the names are the documented ones",
        "",
        *imports,
        "",
        "class ApiMethods:",
        *methods,
    ]
    return "\n".join(lines) + "\n"


def _method(operation: Operation[Any]) -> Iterator[str]:
    self, *parameters = signature(operation).parameters.values()
    callback = next(each for each in parameters if each.name == "callback")
    positional = [each for each in parameters if each.kind is not each.KEYWORD_ONLY and each is not callback]
    named = [each for each in parameters if each.kind is each.KEYWORD_ONLY]
    required = [each for each in positional if each.default is each.empty]
    # An optional object may be left out, so that the callback takes its place.
    forms = [positional[:count] for count in range(len(required), len(positional) + 1)]
    for form in forms:
        if len(forms) > 1:
            yield "    @overload"
        yield from _definition(operation.name, [self, *form, callback], named)


def _definition(
    name: str, positional: list[inspect.Parameter], named: list[inspect.Parameter]
) -> Iterator[str]:
    parameters = [_parameter(each, default=False) for each in positional]
    if named:
        parameters += ["*", *(_parameter(each, default=True) for each in named)]
    line = f"    def {name}({', '.join(parameters)}) -> None: ..."
    if len(line) <= LINE_LENGTH:
        yield line
        return
    yield f"    def {name}("
    yield from (f"        {each}," for each in parameters)
    yield "    ) -> None: ..."


def _parameter(parameter: inspect.Parameter, *, default: bool) -> str:
    if parameter.annotation is parameter.empty:
        return parameter.name
    text = f"{parameter.name}: {parameter.annotation}"
    quoted = f'"{parameter.default}"' if isinstance(parameter.default, str) else parameter.default
    return f"{text} = {quoted}" if default else text


if __name__ == "__main__":
    STUB.write_text(render(), encoding="utf-8")
