"""The emulator command, as the process other tools start."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import azure_iaas
from azure_iaas.cli import emulator as command_line
from azure_iaas.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(azure_iaas.__file__).parents[1]
SAMPLE = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
KEYS = {"url", "host", "port", "subscription_id", "ca_file", "key_file", "cert_file", "pem_file", "data_dir"}
TIMEOUT = 30.0
AS_MODULE = [sys.executable, "-m", "azure_iaas.emulator"]
AS_COMMAND = [sys.executable, "-m", "azure_iaas.cli.main", "emulator"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")


@contextmanager
def started(command: list[str], *options: str | Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*command, *map(str, options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ready(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    info = json.loads(line)
    assert isinstance(info, dict)
    return info


def stop(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=TIMEOUT)
    return process.returncode, out, err


def status_of(info: dict[str, Any], host: str) -> int:
    context = ssl.create_default_context(cafile=info["ca_file"])
    context.load_cert_chain(info["cert_file"], info["key_file"])
    with socket.create_connection((host, info["port"]), timeout=TIMEOUT) as plain:
        with context.wrap_socket(plain, server_hostname=host) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return int(connection.recv(65536).split(b" ")[1])


@pytest.mark.parametrize("program", [AS_MODULE, AS_COMMAND])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_json_is_one_line_and_a_signal_the_end(
    tmp_path: Path, program: list[str], number: signal.Signals
) -> None:
    with started(program, "--port", "0", "--json", "--data-dir", tmp_path / "data") as process:
        info = ready(process)
        assert set(info) == KEYS
        assert info["url"] == f"https://127.0.0.1:{info['port']}"
        assert info["subscription_id"] == SAMPLE
        assert info["data_dir"] == str(tmp_path / "data")
        assert Path(info["pem_file"]).read_bytes().count(b"-----BEGIN") == 2
        assert status_of(info, "127.0.0.1") >= 400
        assert stop(process, number) == (0, "", "")


OLD_PROGRAM = """
import asyncio
from azure_iaas import ServiceManagementClient

async def main():
    async with ServiceManagementClient("{subscription}") as client:
        await client.create_hosted_service("old")
        print([each.service_name for each in await client.list_hosted_services()])

asyncio.run(main())
"""


@pytest.mark.parametrize("quote", ['"', ""])
def test_a_shell_leads_an_unedited_program_here(tmp_path: Path, quote: str) -> None:
    program = tmp_path / "old.py"
    program.write_text(OLD_PROGRAM.format(subscription=SAMPLE))
    start = f'{sys.executable} -m azure_iaas.emulator --env --port 0 --data-dir "{tmp_path}/a folder"'
    script = f"""
        set -eu
        eval {quote}$({start}){quote}
        trap 'kill "$AZURE_IAAS_EMULATOR_PID"' EXIT
        {sys.executable} {program}
        test "$AZURE_IAAS_CA" = "{tmp_path}/a folder/ca.pem"
    """
    done = subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "['old']\n", "")


def test_a_start_in_the_background_that_fails_is_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("rubbish")
    with started(AS_MODULE, "--port", "0", "--env", "--data-dir", tmp_path) as process:
        out, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out) == (2, "")
    assert "ca.pem is damaged" in err
    with started(AS_MODULE, "--json", "--env") as process:
        out, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out) == (2, "")
    assert "one or the other" in err


def test_a_second_start_keeps_the_certificates(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        with started(AS_MODULE, "--port", "0", "--json", "--data-dir", tmp_path) as process:
            info = ready(process)
            seen.append((Path(info["ca_file"]).read_bytes(), Path(info["pem_file"]).read_bytes()))
            assert status_of(info, "127.0.0.1") >= 400
            assert stop(process, signal.SIGTERM)[0] == 0
    assert seen[0] == seen[1]


def test_all_options_together(tmp_path: Path) -> None:
    options = ["--host", "localhost", "--port", "0", "--speed", "100", "--dialect", "preview", "--strict"]
    options += ["--subscription", "first", "--subscription", "second", "--json"]
    with started(AS_MODULE, *options, "--data-dir", tmp_path) as process:
        info = ready(process)
        assert (info["host"], info["subscription_id"]) == ("localhost", "first")
        assert status_of(info, "localhost") >= 400


def test_says_how_to_connect_and_uses_the_users_folder(tmp_path: Path) -> None:
    with started(AS_MODULE, "--port", "0", XDG_DATA_HOME=str(tmp_path), HOME=str(tmp_path)) as process:
        assert process.stdout is not None
        lines = []
        while "Ctrl-C" not in (line := process.stdout.readline()):
            assert line
            lines.append(line)
        text = "".join(lines)
        assert stop(process, signal.SIGINT)[0] == 0
    assert SAMPLE in text
    assert "ServiceManagementClient" in text
    assert str(tmp_path) in text
    program = text.partition("Python:\n")[2].partition("Shell:")[0]
    compile("\n".join(line[2:] for line in program.splitlines()), "example", "exec")


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with started(AS_MODULE, "--port", str(port), "--json", "--data-dir", tmp_path) as process:
            out, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out) == (2, "")
    assert err == f"azure-iaas emulator: 127.0.0.1 port {port} is in use; --port 0 takes a free one\n"


def test_damaged_certificates_are_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("rubbish")
    with started(AS_MODULE, "--port", "0", "--json", "--data-dir", tmp_path) as process:
        out, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out) == (2, "")
    assert "ca.pem is damaged" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("module", ["OpenSSL", "cryptography"])
def test_says_what_to_install_where_the_extra_is_missing(tmp_path: Path, module: str) -> None:
    program = (
        f"import sys; sys.modules[{module!r}] = None; from azure_iaas.cli.main import main;"
        f"sys.exit(main(['emulator', '--port', '0', '--data-dir', {str(tmp_path / 'd')!r}]))"
    )
    with started([sys.executable, "-c", program]) as process:
        out, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out) == (2, "")
    assert (
        err == f"azure-iaas emulator: the local service needs {module}: pip install 'azure-iaas[emulator]'\n"
    )


@pytest.mark.parametrize(
    "options",
    [["--port", "65536"], ["--port", "x"], ["--speed", "0"], ["--speed", "inf"], ["--dialect", "x"], ["--x"]],
)
def test_wrong_options_are_usage_errors(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["emulator", *options]) == 2
    assert options[0] in capsys.readouterr().err


def test_the_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert command_line.default_data_dir() == Path("/home/me/.local/share/azure-iaas/emulator")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert command_line.default_data_dir() == Path("/data/azure-iaas/emulator")
