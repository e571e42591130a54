"""The ``provision`` and ``deprovision`` commands, against the local service on a socket."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.cli import provision
from tests.provisioning_fleets import PASSWORD, fleet, group

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[list[str]]:
    """Run the service as a process; gives the options that lead to it."""
    command = [sys.executable, "-m", "azure_iaas.emulator", "--port", "0", "--json", "--speed", "1000"]
    command += ["--data-dir", str(tmp_path / "service")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            options = ["--subscription", told["subscription_id"], "--host", f"{told['host']}:{told['port']}"]
            yield [*options, "--key", told["key_file"], "--cert", told["cert_file"], "--ca", told["ca_file"]]
        finally:
            process.terminate()
            process.wait(10)


def run(kind: str, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add = {"provision": provision.add_provision_arguments, "deprovision": provision.add_deprovision_arguments}
    add[kind](parser)
    command = {"provision": provision.run_provision, "deprovision": provision.run_deprovision}
    return command[kind](parser.parse_args(arguments))


def test_a_fleet_is_made_and_taken_down(
    connection: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(fleet(2, 2)))
    assert run("provision", str(plan), *connection, "--check") == 0
    assert run("provision", str(plan), *connection, "--journal", str(tmp_path / "journal")) == 0
    said = capsys.readouterr()
    assert "4 roles: 4 created" in said.out
    assert "fleet002/web/web02: ready" in said.err
    assert PASSWORD not in said.out + said.err
    assert run("provision", str(plan), *connection, "--json", "--quiet") == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {role["outcome"] for role in report["roles"]} == {"existed"}
    assert run("deprovision", str(plan), *connection, "--delete-media") == 0
    assert "4 deletions" in capsys.readouterr().out


def test_mistakes_are_told_with_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "absent.pem"
    nowhere = ["--subscription", "s", "--host", "127.0.0.1:1", "--key", str(key), "--cert", str(key)]
    assert run("provision", str(tmp_path / "absent.json"), *nowhere) == 2
    assert "can't be read" in capsys.readouterr().err
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(fleet(1, 1)))
    assert run("provision", str(plan), *nowhere) == 2
    assert "absent.pem" in capsys.readouterr().err


def test_a_wrong_plan_is_told_machine_by_machine(
    connection: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.json"
    wrong = fleet(1, 1)
    wrong["services"][0]["deployments"][0]["roles"].append(group(1, name="odd", size="Huge", endpoints=[]))
    plan.write_text(json.dumps(wrong))
    assert run("provision", str(plan), *connection) == 2
    assert "plan: fleet001/web/odd: there is no role size 'Huge'" in capsys.readouterr().err


def test_the_example_runs() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "provision_fleet.py")],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "12 roles: 12 created" in done.stdout
    assert "Removed" in done.stdout
