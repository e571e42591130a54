"""The page on the command line: its shell blocks run as they are printed, and what it names is there."""

from __future__ import annotations

import re
import shlex
from string import Template
from typing import TYPE_CHECKING

import click

from azure_iaas.cli.commands import COMMANDS
from azure_iaas.cli.exit_codes import ExitCode
from azure_iaas.cli.main import main
from azure_iaas.cli.root import ROOT as PROGRAM
from azure_iaas.emulator import LocalService
from azure_iaas.operations import pace
from tests.test_code_blocks import ROOT, blocks_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PAGE = (ROOT / "docs" / "command-line.md").read_text("utf-8")
LINE = re.compile(
    r"(?:(?P<variable>\w+)=\$\((?P<inner>azure-iaas .+)\)|(?P<outer>azure-iaas .+)|export (?P<set>.+))"
)


def test_the_blocks_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pace, "FIRST_SECONDS", 0.01)
    variables: dict[str, str] = {}
    printed = ""
    lines = []
    for block in blocks_of(PAGE):
        if block.file is not None:
            (tmp_path / block.file).write_text(block.code, "utf-8")
        elif block.language == "sh" and block.not_run is None:
            lines += block.code.splitlines()
    with LocalService(speed=10_000) as service:
        for name, value in service.environment().items():
            monkeypatch.setenv(name, value)
        for line in lines:
            match = LINE.fullmatch(line)
            assert match is not None, f"not a line this test can run: {line}"
            if match["set"]:
                monkeypatch.setenv(*match["set"].split("=", 1))
                continue
            words = [
                Template(word).substitute(variables) for word in shlex.split(match["inner"] or match["outer"])
            ]
            code = main(words[1:])
            out, err = capsys.readouterr()
            assert (code, err) == (0, ""), line
            if match["variable"]:
                variables[match["variable"]] = out.rstrip("\n")
            printed += out
    assert "web1\tReadyRole\t" in printed
    assert "RoleName: web2" in printed
    assert "aSecretOfYours1" not in printed


def test_every_exit_code_is_there() -> None:
    codes = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    assert [int(code) for code in codes] == list(ExitCode)


def test_every_command_it_names_is_there() -> None:
    context = click.Context(PROGRAM)
    named = re.findall(r"(?:azure-iaas |`)([a-z]+) ([a-z][a-z-]*)(?=[ `])", PAGE)
    verbs = {(group, verb) for group, verb in named if group in COMMANDS}
    assert len(verbs) > 15
    for group, verb in verbs:
        command = PROGRAM.get_command(context, group)
        assert verb in getattr(command, "commands", {}), f"{group} {verb}"
