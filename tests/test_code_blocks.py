"""The Python blocks of README and pages run as they are printed, in their order, as one program a page.

A comment before a block says what is special about it: ``<!-- file: NAME -->``, it is saved under that name
and not run; ``<!-- not run: REASON -->``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").glob("*.md"))]
BLOCK = re.compile(
    r"^(?:<!-- (?P<note>file|not run): (?P<text>[^\n]+) -->\n)?```(?P<language>\w*)\n(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
# Each block is compiled under the page's name with its lines' numbers, so that a traceback points at it.
RUNNER = """
import json, sys
names = {"__name__": "__main__"}
for page, line, code in json.load(sys.stdin):
    exec(compile("\\n" * line + code, page, "exec"), names)
"""


class Block(NamedTuple):
    language: str
    code: str
    lines_before: int
    file: str | None
    not_run: str | None


def blocks_of(page: str) -> list[Block]:
    return [
        Block(
            found["language"],
            found["code"],
            page.count("\n", 0, found.start("code")),
            found["text"] if found["note"] == "file" else None,
            found["text"] if found["note"] == "not run" else None,
        )
        for found in BLOCK.finditer(page)
    ]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """The local service as the pages say to start it, but for the port: what it says when it is ready."""
    command = [sys.executable, "-m", "azure_iaas.emulator", "--port", "0", "--json", "--speed", "1000"]
    with subprocess.Popen(
        [*command, "--data-dir", str(tmp_path / "certs")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


PROGRAMS = [
    page for page in PAGES if any(block.language == "python" for block in blocks_of(page.read_text()))
]


@pytest.mark.parametrize("page", PROGRAMS, ids=lambda page: page.name)
def test_the_blocks_of_a_page_run(page: Path, service: dict[str, Any], tmp_path: Path) -> None:
    program = []
    for block in blocks_of(page.read_text(encoding="utf-8")):
        if block.file is not None:
            (tmp_path / block.file).write_text(block.code, encoding="utf-8")
        elif block.language == "python" and block.not_run is None:
            code = block.code.replace("localhost:8443", f"localhost:{service['port']}")
            program.append((str(page.relative_to(ROOT)), block.lines_before, code))
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUNNER],
        input=json.dumps(program),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "FLEET_PASSWORD": "myAdminPwd1",
            "AZURE_IAAS_CONFIG_DIR": str(tmp_path / "profiles"),
        },
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    for text, times in PRINTED[page.name].items():
        assert ended.stdout.count(text) == times, ended.stdout


# A callback that reports a failure ends no program: what a page's program prints when all went well.
PRINTED = {
    "README.md": {"Succeeded": 1},
    "accounts.md": {"0 services": 1},
    "callbacks.md": {"True 201": 1, "['sampleService2']": 2},
    "client.md": {"myService": 1},
    "data-objects.md": {},
    "emulator.md": {"Succeeded": 1},
    "legacy_port.md": {"Succeeded": 2},
    "testing.md": {},  # its blocks are files, which the tests of the pytest plugin run
    "logging.md": {"{200: 1}": 1, "['GET /locations', 'ListLocations']": 1},
    "provisioning.md": {"15 created": 2, "ready fleet": 15},
    "reliability.md": {"get_role('shop', 'web', 'web1')": 1},
}


def test_every_block_is_seen() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert len(blocks_of(text)) == len(re.findall(r"^```", text, re.MULTILINE)) / 2, page.name


@pytest.mark.parametrize(
    ("page", "block"),
    [
        ("a\n```python\nx\n```\n", Block("python", "x\n", 2, None, None)),
        ("<!-- file: a.yaml -->\n```yaml\nx: 1\n```\n", Block("yaml", "x: 1\n", 2, "a.yaml", None)),
        ("<!-- not run: why -->\n```python\nx\n```\n", Block("python", "x\n", 2, None, "why")),
    ],
)
def test_how_a_block_is_read(page: str, block: Block) -> None:
    assert blocks_of(page) == [block]
