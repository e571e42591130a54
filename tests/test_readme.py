"""The README's promises: its programs run, its table is the operation table, the sample exits well."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from azure_iaas.operations import DOCUMENTED, REGISTRY

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_first_program_runs() -> None:
    program = next(
        block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "LocalService" in block
    )
    assert len(program.splitlines()) <= 16
    done = run("-W", "error", "-c", program)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Succeeded\n", "")


def test_the_table_lists_every_documented_method() -> None:
    rows = re.findall(r"^\| (\w+) \| `(\w+)`[^|]* \| `(\w+)` \|$", README, re.MULTILINE)
    expected = [(name, REGISTRY[name].method_name, name) for name in DOCUMENTED]
    assert rows == [*expected, ("SetProxyUrl", "set_proxy_url", "SetProxyUrl")]


def test_the_test_command_is_where_ci_looks_for_it() -> None:
    found = re.search(r"<!-- test command -->\n(?:<!-- .* -->\n)?```sh\n(.+)\n```", README)
    assert found is not None
    assert "pytest" in found[1]


def test_every_page_the_readme_names_exists() -> None:
    for name in re.findall(r"`((?:docs|examples|benchmarks|azure_iaas)/[\w./-]*)`", README):
        assert (ROOT / name).exists(), name


@pytest.mark.timeout(60)
def test_the_sample_runs_to_its_end() -> None:
    done = run("examples/create_deployment.py")
    assert done.returncode == 0, done.stderr
    assert "question 1: InProgress" in done.stdout
    assert "Succeeded (HTTP 200)" in done.stdout
    assert "role sampleRole: ReadyRole, Small" in done.stdout


def test_the_sample_says_what_went_wrong() -> None:
    done = run("examples/create_deployment.py", "--subscription", "x", "--key", "nothere.pem")
    assert done.returncode == 1
    assert "nothere.pem" in done.stderr
