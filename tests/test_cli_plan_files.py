"""``provision init`` and ``provision schema``."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from azure_iaas.cli.main import main
from azure_iaas.provisioning.plan import shipped


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["provision", "schema"]) == 0
    assert capsys.readouterr().out == shipped.schema_text()


def test_a_plan_to_start_from_and_its_schema_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLEET_PASSWORD", "myAdminPwd1")
    assert main(["provision", "init"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "plan.yaml is written\nplan.schema.json is written\n" in said.err
    assert Path("plan.yaml").read_text(encoding="utf-8") == shipped.starter_text()
    assert Path("plan.schema.json").read_text(encoding="utf-8") == shipped.schema_text()
    # What it advises works as it is said.
    words = said.err.split("azure-iaas ")[1].split()
    assert main(words) == 0
    assert "6 machines in 2 cloud services" in capsys.readouterr().out


def test_nothing_is_overwritten_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "mine.yaml"
    plan.write_text("mine")
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert main(["provision", "init", str(plan)]) == 2
    assert "mine.yaml exists. Overwrite it? Say so with --overwrite" in capsys.readouterr().err
    assert plan.read_text() == "mine"
    assert not (tmp_path / "plan.schema.json").exists()
    assert main(["provision", "init", str(plan), "--overwrite"]) == 0
    assert plan.read_text(encoding="utf-8") == shipped.starter_text()
    assert main(["provision", "init", str(plan)]) == 0, "what is the same needn't be written"


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("y\n", 0)])
def test_on_a_terminal_it_asks(
    answer: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "mine.yaml"
    plan.write_text("mine")
    terminal = io.StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    assert main(["provision", "init", str(plan)]) == code
    assert (plan.read_text(encoding="utf-8") == "mine") == (code != 0)


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["provision", "init", str(tmp_path / "plan.json")]) == 2
    assert "a YAML file is written" in capsys.readouterr().err


def test_a_plan_of_such_a_name_is_written_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["provision", "./init", "--dry-run"]) == 2
    assert "'init': can't be read" in capsys.readouterr().err
