"""The types of mappings and arguments: they are what the models and the operations say."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import get_type_hints

import pytest
from pydantic import TypeAdapter

from azure_iaas import models
from azure_iaas.models import mappings
from azure_iaas.models.base import AzureModel
from tools import mapping_types

_, MADE = mapping_types.taken()


def test_the_module_is_current() -> None:
    assert mapping_types.MAPPINGS.read_text(encoding="utf-8") == mapping_types.render()


@pytest.mark.parametrize("cls", sorted(MADE, key=lambda cls: cls.__name__), ids=lambda cls: cls.__name__)
def test_a_class_takes_its_arguments(cls: type[AzureModel]) -> None:
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    told = [each for each in ast.walk(node) if isinstance(each, ast.FunctionDef) and each.name == "__init__"]
    assert [ast.unparse(each.args) for each in told] == [
        f"self, **values: Unpack[mappings.{cls.__name__}Arguments]"
    ]


def test_every_documented_name_of_a_machine_is_a_key() -> None:
    assert {"RoleName", "RoleSize", "RoleType", "OSDisk", "DataDisks", "ConfigurationSets"} <= set(
        mappings.VMRoleDict.__annotations__
    )
    assert "OSVirtualHardDisk" not in mappings.VMRoleDict.__annotations__
    assert {"OSVirtualHardDisk", "os_disk", "OSDisk"} <= set(mappings.VMRoleArguments.__annotations__)
