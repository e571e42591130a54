"""Write the types of what a caller gives in place of data objects: ``python -m tools.mapping_types``.

Type checkers and editors know by them the keys of a mapping and the arguments of a class. What an operation
takes says its annotation: of each ``<Class>Dict`` there, and of what it holds, the type is made here.
"""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import textwrap
from datetime import datetime
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import SecretStr

from azure_iaas import models
from azure_iaas.models import documents
from azure_iaas.models.base import AzureModel, OneOrMany, names_of
from azure_iaas.models.sets import ConfigurationSet
from azure_iaas.operations import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAPPINGS: Final = Path(__file__).resolve().parents[1] / "azure_iaas" / "models" / "mappings.py"
HEAD: Final = '''\
"""Types of what a caller gives in place of a data object; made by ``python -m tools.mapping_types``.

``VMRoleDict`` is a mapping with the documented names, as the operations take it, and ``VMRoleArguments`` what
the class takes: attributes, documented names, names of the general-availability wire. Values are as wide as
what is accepted: digits for a number, a text for a secret, a mapping for an object, one object for a list.

No key is required: what a call needs, it says itself, and differs from call to call. The operations take any
other mapping as well, so that elements unknown here can be sent. Nothing here is needed at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pydantic import SecretStr

'''
SCALARS: Final = {
    str: "str | float",
    int: "int | str",
    bool: "bool | int | str",
    datetime: "datetime | str",
    SecretStr: "str | float | SecretStr",
    NoneType: "None",
    Any: "Any",
}
"""What is accepted where a kind of value belongs; to checkers an int is a float too."""


def render() -> str:
    """The module, as the formatter wants it."""
    mappings, made = taken()
    lines = [HEAD, f"    from azure_iaas.models import {', '.join(models.__all__)}"]
    for cls in sorted(mappings | made, key=lambda cls: cls.__name__):
        if cls in mappings:
            lines += _mapping(cls, mappings)
        if cls in made:
            lines += _arguments(cls, mappings)
    text = "\n".join(lines)
    for command in (["check", "--fix", "--select", "F401,I"], ["format"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--quiet", "--stdin-filename", str(MAPPINGS), "-"]
        text = subprocess.run(ruff, input=text, capture_output=True, text=True, check=True).stdout
    return text


def taken() -> tuple[set[type[AzureModel]], set[type[AzureModel]]]:
    """The classes a mapping is taken for, and those a caller makes."""
    annotations = " ".join(
        str(parameter.annotation)
        for operation in REGISTRY.values()
        for parameter in operation.signature.parameters.values()
    )
    words = set(re.findall(r"\w+", annotations))
    mappings = set(_with_parts(_class(word.removesuffix("Dict")) for word in words if word.endswith("Dict")))
    named = {getattr(models, word) for word in words & set(models.__all__)}
    return mappings, {cls for cls in mappings if cls.__module__ != documents.__name__} | named


def _class(name: str) -> type[AzureModel]:
    cls: type[AzureModel] = getattr(models, name, None) or getattr(documents, name)
    return cls


def _with_parts(classes: Iterable[type[AzureModel]]) -> Iterator[type[AzureModel]]:
    waiting, seen = list(classes), set()
    while waiting:
        cls = waiting.pop()
        if cls in seen:
            continue
        seen.add(cls)
        yield cls
        for info in cls.model_fields.values():
            if not _wire(info)["output_only"]:
                waiting += [part for kind in _models_in(info.annotation) for part in _kinds(kind)]


def _wire(info: Any) -> dict[str, Any]:
    wire: dict[str, Any] = info.json_schema_extra["wire"]
    return wire


def _models_in(annotation: Any) -> Iterator[type[AzureModel]]:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        if issubclass(annotation, AzureModel):
            yield annotation
        return
    for each in get_args(annotation):
        yield from _models_in(each)


def _kinds(cls: type[AzureModel]) -> list[type[AzureModel]]:
    """The classes a mapping becomes where one of ``cls`` belongs."""
    known: list[type[AzureModel]] = [
        kind for kind in ConfigurationSet.__subclasses__() if kind.__module__ == cls.__module__
    ]
    return known if cls is ConfigurationSet else [cls]


# --- one class -----------------------------------------------------------------------------------------


def _mapping(cls: type[AzureModel], mappings: set[type[AzureModel]]) -> list[str]:
    lines = [
        f"class {cls.__name__}Dict(TypedDict, total=False):",
        *_text(f"What {cls.__name__} says, by the documented names."),
    ]
    for attribute, info in cls.model_fields.items():
        if not _wire(info)["output_only"] and attribute not in documents.RoleOperation.model_fields:
            lines.append(f"    {info.serialization_alias}: {_accepted(cls, attribute, mappings)}")
            lines += _text(_explanation(cls, attribute))
    return lines


def _arguments(cls: type[AzureModel], mappings: set[type[AzureModel]]) -> list[str]:
    base = f"{cls.__name__}Dict" if cls in mappings else "TypedDict"
    lines = [
        f"class {cls.__name__}Arguments({base}, total=False):",
        *_text(f"What :class:`~azure_iaas.models.{cls.__name__}` is made of."),
    ]
    for attribute, info in cls.model_fields.items():
        names = [attribute, *names_of(info)]
        if cls in mappings and not _wire(info)["output_only"]:
            names.remove(str(info.serialization_alias))
        lines += [f"    {name}: {_accepted(cls, attribute, mappings)}" for name in names]
    return lines


def _text(text: str) -> list[str]:
    return [f'    """{text}"""'] if text else []


# --- one field -----------------------------------------------------------------------------------------


def _accepted(cls: type[AzureModel], attribute: str, mappings: set[type[AzureModel]]) -> str:
    info = cls.model_fields[attribute]
    if attribute == "configuration_set_type" and issubclass(cls, ConfigurationSet) and cls.type_names:
        return f"{_literal(cls.type_names)} | None"
    if get_origin(info.annotation) is not list:
        return _union(info.annotation, mappings)
    (item,) = get_args(info.annotation)
    items = _union(item, mappings)
    if item is str:  # a text is a sequence of texts too, and refused
        return f"list[{items}] | tuple[{items}, ...]"
    return f"Sequence[{items}]" + (f" | {items}" if OneOrMany in info.metadata else "")


def _union(annotation: Any, mappings: set[type[AzureModel]]) -> str:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _union(get_args(annotation)[0], mappings)
    if origin in {Union, UnionType}:
        return " | ".join(_union(each, mappings) for each in get_args(annotation))
    if origin is Literal:
        return _literal(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, AzureModel):
        shown = [] if annotation.__module__ == documents.__name__ else [annotation.__name__]
        dicts = [f"{kind.__name__}Dict" for kind in _kinds(annotation) if kind in mappings]
        return " | ".join([*shown, *dicts, "Mapping[str, Any]"])
    return SCALARS[annotation]


def _literal(words: Iterable[str]) -> str:
    return f"Literal[{', '.join(map(repr, words))}]"


@cache
def _explanations(cls: type[AzureModel]) -> dict[str, str]:
    """The texts below the fields of a class."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(node, ast.ClassDef)
    return {
        field.target.id: " ".join(str(text.value.value).split())
        for field, text in zip(node.body, node.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }


def _explanation(cls: type[AzureModel], attribute: str) -> str:
    """What a field is; a request document has the elements of the resource, which says it."""
    for each in (*cls.__mro__, *cls.made_from):
        if issubclass(each, AzureModel) and attribute in _explanations(each):
            return _explanations(each)[attribute]
    return ""


if __name__ == "__main__":
    MAPPINGS.write_text(render(), encoding="utf-8")
