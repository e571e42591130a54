"""What importing the package gives, and what it loads: the parts a program doesn't use cost it nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import azure_iaas

SOURCE = ast.parse(Path(azure_iaas.__file__).read_text("utf-8"))
TOLD = {
    alias.name: str(node.module)
    for block in SOURCE.body
    if isinstance(block, ast.If)
    for node in block.body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
}
"""The public names as type checkers are told of them, with their modules."""


def loaded(statement: str) -> set[str]:
    """The packages and modules that a new Python has after a statement."""
    program = f"{statement}\nimport sys\nprint(*sys.modules)"
    command = [sys.executable, "-c", program]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_type_checkers_are_told_of_every_name() -> None:
    assert {*TOLD, "__version__"} == set(azure_iaas.__all__)


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_name_is_the_one_of_its_module(name: str) -> None:
    vars(azure_iaas).pop(name, None)
    assert getattr(azure_iaas, name) is getattr(import_module(TOLD[name]), name)
    assert name in dir(azure_iaas)


def test_modules_are_there_without_an_import_of_their_own() -> None:
    program = (
        "import azure_iaas\nprint(azure_iaas.models.VMRole.__name__, azure_iaas.errors.AzureError.__name__)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "VMRole AzureError\n"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'azure_iaas' has no attribute 'Client'"):
        getattr(azure_iaas, "Client")  # noqa: B009 - type checkers know there is none


def test_the_package_alone_loads_nothing() -> None:
    before, after = loaded("pass"), loaded("import azure_iaas")
    assert {name for name in after if name.startswith("azure_iaas")} == {"azure_iaas", "azure_iaas.version"}
    assert "typing" not in after - before


def test_the_client_alone_loads_no_other_http_library_and_no_event_loop() -> None:
    before, after = loaded("pass"), loaded("from azure_iaas import ServiceManagementClient")
    assert "azure_iaas.client" in after
    assert not {"httpx", "httpcore", "http.client", "asyncio", "trio"} & (after - before)


def test_the_client_alone_builds_no_model() -> None:
    program = (
        "from azure_iaas import ServiceManagementClient\n"
        "from azure_iaas.models import AzureModel\n"
        "print([cls.__name__ for cls in AzureModel.__subclasses__() if cls.__pydantic_complete__])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
