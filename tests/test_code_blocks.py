"""The blocks of README and pages run as they are printed, in their order: Python as one program a page, and
shell between its parts.

A comment before a block says what is special about it: ``<!-- file: NAME -->``, it is saved under that name
and not run; ``<!-- not run: REASON -->``; ``<!-- program: NAME -->``, it belongs to another program than the
page's own, one for a library older than the warnings of today's Python.
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
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("**/*.md")),
    *sorted((ROOT / "examples").glob("*.md")),
]
PAGES.remove(ROOT / "docs" / "command-line.md")  # one session in a shell: tests/test_cli_page.py
BLOCK = re.compile(
    r"^(?:<!-- (?P<note>file|not run|program): (?P<text>[^\n]+) -->\n)?"
    r"```(?P<language>[\w{}-]*)[^\n]*\n(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
# Each block is compiled under the page's name with its lines' numbers, so that a traceback points at it.
RUNNER = """
import json, subprocess, sys
names = {"__name__": "__main__"}
for page, line, language, code in json.load(sys.stdin):
    if language == "sh":
        sys.stdout.flush()
        subprocess.run(["sh", "-ec", code], check=True, stderr=subprocess.STDOUT)
    else:
        exec(compile("\\n" * line + code, page, "exec"), names)
"""


class Block(NamedTuple):
    language: str
    code: str
    lines_before: int
    file: str | None = None
    not_run: str | None = None
    program: str | None = None

    @property
    def is_run(self) -> bool:
        return self.language in {"python", "sh"} and self.file is None and self.not_run is None


def blocks_of(page: str) -> list[Block]:
    return [
        Block(
            found["language"],
            found["code"],
            page.count("\n", 0, found.start("code")),
            **({found["note"].replace(" ", "_"): found["text"]} if found["note"] else {}),
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
    pytest.param(page, program, id=f"{page.name}-{program}" if program else page.name)
    for page in PAGES
    for program in dict.fromkeys(each.program for each in blocks_of(page.read_text("utf-8")) if each.is_run)
]


@pytest.mark.parametrize(("page", "name"), PROGRAMS)
def test_the_blocks_of_a_page_run(
    page: Path, name: str | None, service: dict[str, Any], tmp_path: Path
) -> None:
    program = []
    for block in blocks_of(page.read_text(encoding="utf-8")):
        code = block.code.replace("localhost:8443", f"localhost:{service['port']}")
        if block.file is not None:
            (tmp_path / block.file).write_text(code, encoding="utf-8")
        elif block.is_run and block.program == name:
            program.append((str(page.relative_to(ROOT)), block.lines_before, block.language, code))
    # What this machine says of proxies and authorities isn't the pages'.
    kept = {
        key: value for key, value in os.environ.items() if not key.upper().endswith(("_PROXY", "_BUNDLE"))
    }
    ended = subprocess.run(
        [sys.executable, "-W", "ignore" if name else "error", "-c", RUNNER],
        input=json.dumps(program),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={
            **kept,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": str(ROOT),
            "FLEET_PASSWORD": "myAdminPwd1",
            "AZURE_IAAS_CONFIG_DIR": str(tmp_path / "profiles"),
        },
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    for text, times in PRINTED[f"{page.name} {name}" if name else page.name].items():
        assert ended.stdout.count(text) == times, ended.stdout


# A callback that reports a failure ends no program: what a page's program prints when all went well.
PRINTED: dict[str, dict[str, int]] = {
    "README.md": {"Succeeded": 1, " images": 1},
    "accounts.md": {"0 services": 1, "Thumbprint": 1},
    "callbacks.md": {"True 201": 1, "['sampleService2']": 2},
    "client.md": {"myService": 1},
    "data-objects.md": {},
    "emulator.md": {"Succeeded": 1},
    "logging.md": {"{200: 1}": 1, "['GET /locations', 'ListLocations']": 1},
    "porting.md": {"Polling": 1, "Succeeded": 1, "ResourceNotFound": 2, "Medium b39f27a8b8c64": 1},
    "porting.md before": {"Medium b39f27a8b8c64": 1},
    "provisioning.md": {"15 created": 2, "ready fleet": 15},
    "certificates.md": {"\n1\nsha1 ": 1},
    "errors.md": {"404 ResourceNotFound": 1},
    "proxies.md": {"True": 1},
    "waiting.md": {
        "asked 1 times": 1,
        "ReadyRole": 1,
        "CreateStorageAccount OutOfCapacity": 1,
        "Succeeded": 1,
    },
    "trio.md": {"InProgress": 1},
    "tutorial.md": {"ReadyRole": 1, "ssh -i web1.key": 1, "shop-web Linux User": 1, "[] []": 1},
    "reliability.md": {"get_role('shop', 'web', 'web1')": 1},
}


def test_every_block_is_seen() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert len(blocks_of(text)) == len(re.findall(r"^```", text, re.MULTILINE)) / 2, page.name


@pytest.mark.parametrize(
    ("page", "block"),
    [
        ("a\n```python\nx\n```\n", Block("python", "x\n", 2)),
        ("```{toctree}\nx\n```\n", Block("{toctree}", "x\n", 1)),
        ("<!-- file: a.yaml -->\n```yaml\nx: 1\n```\n", Block("yaml", "x: 1\n", 2, file="a.yaml")),
        ("<!-- not run: why -->\n```python\nx\n```\n", Block("python", "x\n", 2, not_run="why")),
        ("<!-- program: old -->\n```sh\nx\n```\n", Block("sh", "x\n", 2, program="old")),
    ],
)
def test_how_a_block_is_read(page: str, block: Block) -> None:
    assert blocks_of(page) == [block]
