"""The emulator command: what was asked of it, what is to go wrong, and its control address."""

from __future__ import annotations

import http.client
import json
import signal
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.test_cli_emulator import AS_COMMAND, TIMEOUT, ready, started, status_of, stop

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")


def announced(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Read the instructions; gives what `status_of` needs, and the whole text."""
    assert process.stdout is not None
    text = ""
    while "Ctrl-C" not in text:
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        text += line
    words = {line.split()[0]: line.split()[-1] for line in text.splitlines() if len(line.split()) > 1}
    port = int(text.partition("https://127.0.0.1:")[2].split()[0])
    files = {"ca_file": words["trust"], "cert_file": words["certificate"], "key_file": words["key"]}
    return {"port": port, "text": text, **files}


def test_a_line_for_each_request(tmp_path: Path) -> None:
    log = tmp_path / "requests.log"
    with started(AS_COMMAND, "--port", "0", "--data-dir", tmp_path / "data", "--log-file", log) as process:
        assert status_of(announced(process), "127.0.0.1") == 400
        assert stop(process, signal.SIGTERM)[2] == log.read_text()
    words = log.read_text().split()
    assert words[1:5] == ["GET", "/", "400", "MissingOrIncorrectVersionHeader"]


def test_quiet_is_quiet(tmp_path: Path) -> None:
    with started(AS_COMMAND, "--port", "0", "--data-dir", tmp_path, "--quiet") as process:
        info = announced(process)
        assert "control" not in info["text"]
        assert status_of(info, "127.0.0.1") == 400
        assert stop(process, signal.SIGTERM)[::2] == (0, "")


def test_faults_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("rules:\n  - fault: Refuse\n    with: {status: 429}\n")
    options: list[str | Path] = ["--port", "0", "--json", "--data-dir", tmp_path / "data", "--faults", file]
    with started(AS_COMMAND, *options) as process:
        info = ready(process)
        assert [status_of(info, "127.0.0.1") for _ in range(2)] == [429, 400]


@pytest.mark.parametrize(
    ("option", "content", "problem"),
    [
        ("--faults", "rules:\n  - fault: Nothing\n", "faults '{}', line 2: rules[0].fault: must be one of "),
        ("--faults", None, "faults '{}': can't be read: No such file or directory"),
        ("--log-file", None, "log file '{}': can't be opened: No such file or directory"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, option: str, content: str | None, problem: str) -> None:
    file = tmp_path / "missing" / "file"
    if content is not None:
        file.parent.mkdir()
        file.write_text(content)
    with started(AS_COMMAND, "--port", "0", "--data-dir", tmp_path / "data", option, file) as process:
        out, err = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, out) == (2, "")
    assert err.startswith("azure-iaas emulator: " + problem.format(file))
    assert "Traceback" not in err


def test_the_control_address(tmp_path: Path) -> None:
    options: list[str | Path] = ["--port", "0", "--json", "--data-dir", tmp_path, "--control", "0"]
    with started(AS_COMMAND, *options) as process:
        info = ready(process)
        status_of(info, "127.0.0.1")
        connection = http.client.HTTPConnection(urlsplit(info["control_url"]).netloc, timeout=TIMEOUT)
        connection.request("GET", "/health")
        assert json.loads(connection.getresponse().read())["requests"] == 1
        connection.close()
        assert stop(process, signal.SIGINT) == (0, "", "")


def test_the_page(tmp_path: Path) -> None:
    options: list[str | Path] = ["--port", "0", "--json", "--data-dir", tmp_path, "--ui", "0"]
    with started(AS_COMMAND, *options) as process:
        connection = http.client.HTTPConnection(urlsplit(ready(process)["ui_url"]).netloc, timeout=TIMEOUT)
        connection.request("GET", "/")
        assert b"<title>azure_iaas local service</title>" in connection.getresponse().read()
        connection.close()
        assert stop(process, signal.SIGINT) == (0, "", "")


def test_what_else_is_served_is_announced(tmp_path: Path) -> None:
    with started(AS_COMMAND, "--port", "0", "--data-dir", tmp_path, "--control", "0", "--ui", "0") as process:
        text = announced(process)["text"]
    assert "\n  control       http://127.0.0.1:" in text
    assert "\n  page          http://127.0.0.1:" in text
