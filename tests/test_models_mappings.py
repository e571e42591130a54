"""The types of mappings and arguments: they are what the models and the operations say."""

from __future__ import annotations

import ast
import inspect
import textwrap
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from pydantic import SecretStr

from azure_iaas.models import mappings
from tools import mapping_types

if TYPE_CHECKING:
    from azure_iaas.models.base import AzureModel

MADE: Final = sorted(mapping_types.taken()[1], key=lambda cls: cls.__name__)
SAMPLES: Final[dict[str, list[Any]]] = {
    "str | float": ["x", 5, 5.5],
    "int | str": [5, "5"],
    "bool | int | str": [True, 1, "true"],
    "datetime | str": [datetime(2014, 5, 6, tzinfo=UTC), "2014-05-06T07:08:09Z"],
    "str | float | SecretStr": ["x", 5, SecretStr("x")],
    "list[str | float] | tuple[str | float, ...]": [["x"], ("x", 5)],
}
"""Values of the types that are no object."""


def test_the_module_is_current() -> None:
    assert mapping_types.MAPPINGS.read_text(encoding="utf-8") == mapping_types.render()


@pytest.mark.parametrize("cls", MADE, ids=lambda cls: cls.__name__)
def test_a_class_takes_its_arguments(cls: type[AzureModel]) -> None:
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    told = [each for each in ast.walk(node) if isinstance(each, ast.FunctionDef) and each.name == "__init__"]
    assert [ast.unparse(each.args) for each in told] == [
        f"self, **values: Unpack[mappings.{cls.__name__}Arguments]"
    ]


@pytest.mark.parametrize("cls", MADE, ids=lambda cls: cls.__name__)
def test_what_the_types_take_is_accepted(cls: type[AzureModel]) -> None:
    arguments = getattr(mappings, f"{cls.__name__}Arguments")
    for name, reference in arguments.__annotations__.items():
        kind = reference.__forward_arg__
        samples = SAMPLES.get(kind.removesuffix(" | None"), [])
        if "Mapping[str, Any]" in kind:
            samples = (
                [{}, [{}]] if kind.count("Mapping[str, Any]") == 2 else [[{}]] if "Sequence" in kind else [{}]
            )
        elif "Literal" in kind:
            samples = list(ast.literal_eval(kind.removeprefix("Literal").removesuffix(" | None")))
        assert samples, (name, kind)
        for sample in [*samples, *([None] if kind.endswith(" | None") else [])]:
            assert cls(**{name: sample}).model_fields_set, name


def test_every_documented_name_of_a_machine_is_a_key() -> None:
    assert {"RoleName", "RoleSize", "RoleType", "OSDisk", "DataDisks", "ConfigurationSets"} <= set(
        mappings.VMRoleDict.__annotations__
    )
    assert "OSVirtualHardDisk" not in mappings.VMRoleDict.__annotations__
    assert {"OSVirtualHardDisk", "os_disk", "OSDisk"} <= set(mappings.VMRoleArguments.__annotations__)
