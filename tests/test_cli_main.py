"""The program itself: help, version, wrong usage, what is missing, and the code each error becomes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from azure_iaas import errors
from azure_iaas.cli.commands import COMMANDS, help_text
from azure_iaas.cli.connection import Connection
from azure_iaas.cli.exit_codes import ExitCode, exit_code_of
from azure_iaas.cli.main import main
from azure_iaas.cli.root import run
from azure_iaas.version import __version__

ROOT_FOLDER = Path(__file__).resolve().parents[1]
KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEA" * 4 + "\nAB==\n"


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_command(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([option]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert all(f"  {name} " in out for name in COMMANDS)


def test_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == ExitCode.USAGE
    assert capsys.readouterr() == ("", f"{help_text()}\n")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr() == (f"azure-iaas {__version__}\n", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_of_the_table_is_there_with_its_help(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"Usage: azure-iaas {name} ")
    assert err == ""


def test_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "azure_iaas", "--version"],
        capture_output=True,
        text=True,
        cwd=ROOT_FOLDER,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"azure-iaas {__version__}\n", "")


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delitem(sys.modules, "azure_iaas.cli.root")
    monkeypatch.setitem(sys.modules, "click", None)
    assert main(["emulator"]) == ExitCode.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "azure-iaas: the command line needs click: pip install 'azure-iaas[cli]'\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["emulate"], "No such command 'emulate'"),
        (["--nothing"], "No such option"),
        (["emulator", "--nothing"], "No such option"),
        (["emulator", "--speed", "nan"], "nan"),
        (["provision"], "Missing argument 'PLAN'"),
    ],
)
def test_wrong_usage_is_said(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == ExitCode.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [
        [KEY],
        ["emulator", KEY],
        ["emulator", "--port", KEY],
        ["emulator", f"--port={KEY}"],
        ["emulator", f"--{KEY}"],
        ["emulator", "--dialect", KEY],
        ["provision", "plan", KEY, "--json"],
    ],
)
def test_what_could_be_a_key_is_not_repeated(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == ExitCode.USAGE
    out, err = capsys.readouterr()
    assert "(text of" in err
    assert not any(line in out + err for line in KEY.split())


ERRORS = [
    (errors.ConfigurationError("x"), ExitCode.USAGE),
    (errors.InvalidArgumentError("get_role", "name", "x"), ExitCode.USAGE),
    (errors.ConnectError("x"), ExitCode.FAILED),
    (errors.ResourceNotFoundError("x", status=404), ExitCode.FAILED),
    (errors.AuthenticationError("x", status=403), ExitCode.NOT_AUTHORISED),
    (errors.OperationFailedError("x"), ExitCode.FAILED),
    (errors.OperationTimeoutError("x"), ExitCode.STILL_RUNNING),
    (errors.OutcomeUnknownError("x"), ExitCode.OUTCOME_UNKNOWN),
]


@pytest.mark.parametrize(("error", "code"), ERRORS, ids=lambda value: type(value).__name__)
def test_an_error_has_its_exit_code(error: errors.AzureError, code: ExitCode) -> None:
    assert exit_code_of(error) is code


def test_a_server_error_that_may_have_done_it_is_an_unknown_outcome() -> None:
    error = errors.ServerError("x", status=500)
    assert exit_code_of(error) is ExitCode.FAILED
    error.may_have_been_carried_out = True
    assert exit_code_of(error) is ExitCode.OUTCOME_UNKNOWN


@pytest.mark.parametrize(
    ("raised", "code"),
    [(KeyboardInterrupt(), ExitCode.INTERRUPTED), (errors.ProtocolError("no way"), ExitCode.FAILED)],
)
def test_no_error_is_a_traceback(
    raised: BaseException, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_options: object) -> None:
        raise raised

    command = click.Command("fail", callback=fail)
    assert run([], command) == code
    assert capsys.readouterr().err.strip() == ("azure-iaas: no way" if str(raised) else "")


def test_a_connection_is_written_as_it_was_given() -> None:
    connection = Connection(host="localhost:8443", timeout=20.0, key="a key.pem")
    assert connection.words() == ["--key", "a key.pem", "--host", "localhost:8443", "--timeout", "20"]
    assert Connection().words() == []


@pytest.mark.parametrize(
    ("words", "left_out"),
    [
        (["--help"], {"typing", "click", "pydantic", "httpx", "anyio", "rich", "azure_iaas.errors"}),
        (["--version"], {"typing", "click", "pydantic", "httpx", "anyio", "rich", "azure_iaas.errors"}),
        (["role", "create", "--help"], {"pydantic", "httpx", "anyio", "rich", "jmespath", "yaml"}),
        (["provision", "--help"], {"pydantic", "httpx", "anyio", "rich", "yaml", "azure_iaas.provisioning"}),
        (["emulator", "--help"], {"pydantic", "httpx", "anyio", "rich", "cryptography"}),
    ],
)
def test_help_loads_little(words: list[str], left_out: set[str]) -> None:
    # What was there before is the interpreter's, or belongs to what measures the coverage.
    program = (
        "import sys; before = set(sys.modules); from azure_iaas.cli.main import main; main(sys.argv[1:])"
    )
    program += "; print(*set(sys.modules) - before, file=sys.stderr)"
    command = [sys.executable, "-c", program, *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT_FOLDER, check=True)
    assert "azure_iaas.cli.main" in done.stderr
    assert not left_out & set(done.stderr.split())


def test_ctrl_c_is_no_traceback_while_the_command_is_loaded() -> None:
    program = (
        "import sys\n"
        "from azure_iaas.cli.main import main\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'click': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "sys.exit(main(['service', 'list']))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT_FOLDER, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.INTERRUPTED, b"", b"")


@pytest.mark.parametrize("closed", ["<&- >&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_traceback(closed: str, tmp_path: Path) -> None:
    command = f'exec "$0" -m azure_iaas account list {closed}'
    environment = {**os.environ, "AZURE_IAAS_CONFIG_DIR": str(tmp_path)}
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable],
        cwd=ROOT_FOLDER,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("raised", "said", "code"),
    [
        (PermissionError(13, "Permission denied", "f.pem"), "Permission denied: 'f.pem'", ExitCode.FAILED),
        (UnicodeDecodeError("utf-8", b"\xffCanary", 0, 1, "no"), "isn't UTF-8", ExitCode.USAGE),
    ],
)
def test_files_that_cannot_be_read_are_no_traceback(
    raised: Exception, said: str, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise raised

    assert run([], click.Command("fail", callback=fail)) == code
    err = capsys.readouterr().err
    assert said in err
    assert "Canary" not in err


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.ConnectError, ExitCode.STILL_RUNNING),
        (errors.ServerError, ExitCode.STILL_RUNNING),
        (errors.AuthenticationError, ExitCode.NOT_AUTHORISED),
        (errors.OperationFailedError, ExitCode.FAILED),
        (errors.ResourceNotFoundError, ExitCode.FAILED),
    ],
)
def test_what_ended_a_wait_alone_leaves_the_operation_running(
    kind: type[errors.AzureError], code: ExitCode
) -> None:
    error = kind("x")
    error.resume_token = "token"
    assert exit_code_of(error) is code
