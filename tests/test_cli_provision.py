"""The ``provision`` and ``deprovision`` commands, against the local service on a socket."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import struct
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from anyio.streams.buffered import BufferedByteReceiveStream

from azure_iaas import cli
from azure_iaas.cli.connection import Connection
from azure_iaas.cli.fleet_run import exit_code_of_report, goes_live
from azure_iaas.cli.main import main
from azure_iaas.cli.provision import LANES_SUFFIXES, REPORT_SUFFIXES, Options
from azure_iaas.emulator import FaultPlan, LocalService, Replace, Requests, Rule
from azure_iaas.provisioning import (
    ErrorFacts,
    Outcome,
    Plan,
    Provisioner,
    Report,
    RoleReport,
    timetable_drawing,
)
from azure_iaas.provisioning.progress import report_files
from azure_iaas.wire.messages import RawResponse
from tests.command_line_driver import Commands
from tests.provisioning_fleets import PASSWORD, fleet, group

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from anyio.abc import Process

if sys.platform != "win32":
    import fcntl
    import pty
    import termios

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
    return main([kind, *arguments])


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
    said = capsys.readouterr()
    assert "4 roles: 4 deleted; 4 deletions" in said.out
    # Its words are its own: nothing is created.
    assert "fleet002/web: deleting" in said.err
    assert "fleet002/web: deleted" in said.err
    assert "creat" not in said.err + said.out
    assert run("deprovision", str(plan), *connection) == 0
    assert "4 roles: 4 not there" in capsys.readouterr().out


def test_what_a_journal_does_not_say_was_made_is_kept_and_named(
    connection: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, journal = tmp_path / "plan.json", str(tmp_path / "journal")
    plan.write_text(json.dumps(fleet(1, 1)))
    assert run("provision", str(plan), *connection) == 0
    assert run("provision", str(plan), *connection, "--journal", journal) == 0
    capsys.readouterr()
    assert run("deprovision", str(plan), *connection, "--journal", journal, "--delete-media") == 0
    said = capsys.readouterr()
    assert "kept: role fleet001/web/web01: not made by this run" in said.out
    assert "kept: cloud service fleet001: not made by this run" in said.out
    assert "1 roles: 1 kept; 2 kept" in said.out
    assert "fleet001/web/web01: kept: role" in said.err


def test_the_report_is_written_where_it_is_asked_for(
    connection: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(fleet(1, 2)))
    files = [tmp_path / f"report{suffix}" for suffix in (".json", ".md", ".html")]
    asked = [word for file in files for word in ("--report", str(file))]
    assert run("provision", str(plan), *connection, "--no-wait", *asked) == 0
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "2 roles: 2 created" in text
        assert PASSWORD not in text
        assert re.search(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text), "times are ISO 8601"
    assert capsys.readouterr().out == json.loads(files[0].read_text())["summary"] + "\n"
    assert run("provision", str(plan), *connection, "--report", str(tmp_path / "report.txt")) == 2
    assert "its suffix says its form: .json, .md, .html" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_said_and_changes_nothing_else(
    connection: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, folder = tmp_path / "plan.json", tmp_path / "folder.md"
    plan.write_text(json.dumps(fleet(1, 1)))
    folder.mkdir()
    nowhere = str(tmp_path / "absent" / "report.md")
    assert run("provision", str(plan), *connection, "--report", nowhere) == 2
    assert "its folder isn't there" in capsys.readouterr().err
    assert run("provision", str(plan), *connection, "--no-wait", "--report", str(folder)) == 0
    said = capsys.readouterr()
    assert "folder.md can't be written: Is a directory" in said.err
    assert said.out.startswith("1 roles: 1 created")


def test_a_dry_run_shows_the_schedule_and_sends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    plan, lanes = tmp_path / "plan.json", tmp_path / "lanes.svg"
    plan.write_text(json.dumps(fleet(2, 2)))
    # There is no service, no subscription and no certificate.
    assert run("provision", str(plan), "--dry-run", "--lanes", str(lanes)) == 0
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 60
    assert "4 machines in 2 cloud services: 6 writes" in said
    assert "fleet002  ·▓▓▓" in said
    assert lanes.read_text(encoding="utf-8").startswith("<svg ")
    assert run("provision", str(plan), "--lanes", str(lanes)) == 2
    assert "--lanes goes with --dry-run" in capsys.readouterr().err
    plan.write_text(json.dumps(fleet(1, 51)))
    assert run("provision", str(plan), "--dry-run") == 2
    assert "at most 50 roles" in capsys.readouterr().err
    assert run("provision", str(plan), "--dry-run", "--max-parallel", "0") == 2


FACTS: dict[str, Any] = {"type": "ServerError", "message": "no"}


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ([(Outcome.FAILED, FACTS)], 1),
        ([(Outcome.NOT_STARTED, None)], 1),
        ([(Outcome.IN_PROGRESS, FACTS)], 3),
        ([(Outcome.IN_PROGRESS, FACTS), (Outcome.FAILED, FACTS)], 1),
        ([(Outcome.UNKNOWN, FACTS), (Outcome.FAILED, FACTS)], 5),
        ([(Outcome.UNKNOWN, FACTS), (Outcome.FAILED, {**FACTS, "status": 403})], 4),
    ],
)
def test_the_exit_code_says_the_worst_of_it(
    roles: list[tuple[Outcome, dict[str, Any] | None]], code: int
) -> None:
    told = [
        RoleReport("a", "b", f"c{number}", outcome, error=None if facts is None else ErrorFacts(**facts))
        for number, (outcome, facts) in enumerate(roles)
    ]
    assert exit_code_of_report(Report(tuple(told))) == code


@pytest.mark.skipif(sys.platform == "win32", reason="terminals")
@pytest.mark.parametrize("kind", ["provision", "deprovision"])
def test_on_a_terminal_there_is_a_live_view_and_the_report_alone_on_standard_output(
    kind: str, connection: list[str], tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(fleet(2, 2)))
    journal = ["--journal", str(tmp_path / "journal")]
    if kind == "deprovision":
        assert run("provision", str(plan), *connection, *journal, "--quiet", "--no-wait") == 0
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 90, 0, 0))
    command = [sys.executable, "-m", "azure_iaas.cli.main", kind, str(plan), *connection, *journal]
    environment = {**os.environ, "TERM": "xterm-256color"}
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        environment.pop(name, None)
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=follower, env=environment
    ) as process:
        os.close(follower)
        drawn = b""
        while True:
            try:
                chunk = os.read(leader, 65_536)
            except OSError:  # Linux says so when nobody has it open any more
                break
            if not chunk:
                break
            drawn += chunk
        os.close(leader)
        assert process.stdout is not None
        printed = process.stdout.read().decode()
        assert process.wait() == 0, drawn
    text = drawn.decode()
    outcome, other = ("ready", "delet") if kind == "provision" else ("deleted", "creat")
    assert f"4 roles: 4 {'created' if kind == 'provision' else 'deleted'}" in printed
    last = text.rpartition("cloud service")[2]
    assert f"4 {outcome}" in last
    assert "4 of 4 machines" in last
    assert other not in text
    assert text.count("\x1b[?25h") == 1, "the cursor is back"


def test_mistakes_are_told_with_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "absent.pem"
    nowhere = ["--subscription", "s", "--host", "127.0.0.1:1", "--key", str(key), "--cert", str(key)]
    assert run("provision", str(tmp_path / "absent.json"), *nowhere) == 2
    assert "can't be read" in capsys.readouterr().err
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(fleet(1, 1)))
    assert run("provision", str(plan), *nowhere) == 2
    assert "absent.pem" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1"])
def test_a_grace_that_is_no_time_is_refused(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("provision", "plan.json", "--grace", seconds) == 2
    assert "--grace" in capsys.readouterr().err


def test_the_command_that_goes_on_has_every_option_that_was_given() -> None:
    options = Options(
        plan=Path("my plan.yaml"),
        connection=Connection(host="localhost:1", timeout=2.0),
        journal=None,
        grace=0.0,
        json=True,
        quiet=False,
        report=(Path("a.md"), Path("b.md")),
    )
    assert options.words() == [
        *("my plan.yaml", "--host", "localhost:1", "--timeout", "2"),
        *("--grace", "0", "--json", "--report", "a.md", "--report", "b.md"),
    ]


def test_the_suffixes_of_help_are_the_forms_there_are() -> None:
    assert tuple(report_files.FORMS) == REPORT_SUFFIXES
    assert tuple(timetable_drawing.FORMS) == LANES_SUFFIXES


def test_files_are_written_though_nobody_reads_the_report(connection: list[str], tmp_path: Path) -> None:
    plan, report = tmp_path / "plan.json", tmp_path / "report.md"
    plan.write_text(json.dumps(fleet(1, 1)))
    command = [
        sys.executable,
        "-m",
        "azure_iaas",
        "provision",
        str(plan),
        "--report",
        str(report),
        *connection,
    ]
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as out:
        done = subprocess.run(command, cwd=ROOT, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    assert "1 created" in report.read_text()
    assert done.returncode == 1
    assert "roken pipe" not in done.stderr


def test_what_the_service_says_of_a_machine_moves_no_cursor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = (
        '<Error xmlns="http://schemas.microsoft.com/windowsazure"><Code>BadRequest</Code>'
        "<Message>The virtual machine image source is not valid. &#x9b;2J</Message></Error>"
    )
    answer = RawResponse(400, {"content-type": "application/xml"}, refusal.encode())
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(fleet(1, 1)))
    with LocalService(
        faults=FaultPlan(Rule(Replace(answer), when=Requests(operation="CreateDeployment")))
    ) as service:
        said = Commands(service, capsys)("provision", str(plan))
    for text in said.out, said.err:
        assert r"\x9b2J" in text
        assert "\x9b" not in text
        assert "'azure-iaas image list' shows which there are" in text


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


# --- Ctrl-C and SIGTERM ---------------------------------------------------------------------------------


class StandingClock:
    """Time that stands still: what the service has accepted ends when the test says so."""

    def __init__(self) -> None:
        self.now = datetime(2016, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def interrupted(
    kind: str, tmp_path: Path, ready: str, *more: str
) -> AsyncIterator[tuple[StandingClock, Process, Callable[[str], Awaitable[list[str]]]]]:
    """A command under way: the clock of its service, its process, and what it says up to a word.

    Args:
        kind: provision or deprovision.
        tmp_path: where its files are.
        ready: what it says when its first write is on its way.
        more: further options.
    """
    clock = StandingClock()
    async with LocalService(clock=clock) as service, service.client() as client:
        plan = tmp_path / "the plan.json"
        plan.write_text(json.dumps(fleet(1, 3)))
        options = ["--subscription", service.subscription_id, "--host", f"{service.host}:{service.port}"]
        options += ["--key", str(service.key_file), "--cert", str(service.cert_file)]
        options += ["--ca", str(service.ca_file), "--journal", str(tmp_path / "journal"), *more]
        if kind == "deprovision":
            journal = tmp_path / "journal"
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(let_pass, clock)
                await Provisioner(client, Plan.load(plan), journal=journal, wait_until_ready=False).run()
                tasks.cancel_scope.cancel()
        command = [sys.executable, "-m", "azure_iaas.cli.main", kind, str(plan), *options]
        async with await anyio.open_process(command, cwd=ROOT) as process:
            assert process.stderr is not None
            errors = BufferedByteReceiveStream(process.stderr)

            async def said(word: str) -> list[str]:
                lines: list[str] = []
                while not any(word in line for line in lines):
                    lines.append((await errors.receive_until(b"\n", 10_000)).decode())
                return lines

            try:
                await said(ready)
                yield clock, process, said
            finally:
                if process.returncode is None:
                    process.kill()


async def let_pass(clock: StandingClock) -> None:
    while True:
        clock.now += timedelta(seconds=30)
        await anyio.sleep(0.02)


async def rest(process: Process) -> str:
    assert process.stdout is not None
    return b"".join([chunk async for chunk in process.stdout]).decode()


@pytest.mark.anyio
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("kind", "ready", "outcome"),
    [
        ("provision", "web01: creating", "3 roles: 1 created, 2 not started"),
        ("deprovision", "fleet001/web: deleting", "3 roles: 3 deleted"),
    ],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_what_is_on_its_way_is_finished_and_the_command_that_goes_on_is_said(
    kind: str, ready: str, outcome: str, number: signal.Signals, tmp_path: Path
) -> None:
    async with interrupted(
        kind, tmp_path, ready, "--no-wait" if kind == "provision" else "--keep-services"
    ) as (
        clock,
        process,
        said,
    ):
        process.send_signal(number)
        await said("stopping: what is on its way is waited for, 120 s at most")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(let_pass, clock)
            (command,) = [line for line in await said("go on with: ") if "go on" in line]
            output = await rest(process)
            assert await process.wait() == 128 + number
            assert outcome in output
            words = shlex.split(command.partition("go on with: ")[2])
            assert words[:3] == ["azure-iaas", kind, str(tmp_path / "the plan.json")]
            again = await anyio.run_process(
                [sys.executable, "-m", "azure_iaas.cli.main", *words[1:]], cwd=ROOT
            )
            tasks.cancel_scope.cancel()
        expected = "3 roles: 3 created" if kind == "provision" else "3 roles: 3 not there"
        assert expected in again.stdout.decode()


@pytest.mark.anyio
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_what_does_not_end_within_its_grace_is_said_to_be_in_progress(tmp_path: Path) -> None:
    async with interrupted("provision", tmp_path, "web01: creating", "--grace", "0.5") as (_, process, said):
        # Its answer is awaited; the operation itself never ends, for the clock stands.
        process.send_signal(signal.SIGINT)
        await said("go on with: azure-iaas provision")
        output = await rest(process)
        assert await process.wait() == 130
        assert "3 roles: " in output
        assert "2 not started" in output
        assert "created" not in output


@pytest.mark.anyio
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    async with interrupted("provision", tmp_path, "web01: creating") as (_, process, said):
        process.send_signal(signal.SIGINT)
        await said("stopping")
        process.send_signal(signal.SIGINT)
        await said("stopped at once")
        assert await process.wait() == 130
        assert await rest(process) == ""


@pytest.mark.anyio
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_a_live_view_gives_the_terminal_back_when_it_is_ended_at_once(tmp_path: Path) -> None:
    # It is drawn where it is asked for, also into a pipe.
    async with interrupted("provision", tmp_path, "creating", "--progress", "live") as (_, process, said):
        process.send_signal(signal.SIGINT)
        drawn = await said("stopping: what is on its way is waited for")
        process.send_signal(signal.SIGINT)
        drawn += await said("stopped at once")
        assert await process.wait() == 130
        assert "".join(drawn).count("\x1b[?25h") == 1
        assert await rest(process) == ""


def test_where_nothing_can_be_drawn_over_there_are_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    assert not goes_live("auto")
    monkeypatch.setenv("TERM", "xterm")
    assert goes_live("auto")
    assert not goes_live("lines")
    monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.delitem(sys.modules, "azure_iaas.cli.fleet_view")
    monkeypatch.delattr(cli, "fleet_view")
    assert not goes_live("auto"), "without the extra"
