"""One local service on one data folder: a second is refused, a killed one is no obstacle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import azure_iaas
from azure_iaas.emulator import LocalService
from azure_iaas.emulator.store import FILE_NAME, Store
from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(azure_iaas.__file__).parents[1]
COMMAND = [sys.executable, "-m", "azure_iaas.emulator", "--port", "0", "--json", "--data-dir"]
TIMEOUT = 60.0


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A local service as a process, ready."""
    process = subprocess.Popen(
        [*COMMAND, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_service_is_refused_and_names_the_first(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        second = subprocess.run(
            [*COMMAND, str(tmp_path)], capture_output=True, text=True, cwd=ROOT, timeout=TIMEOUT, check=False
        )
        assert first.poll() is None
    assert second.returncode == 2
    assert second.stdout == ""
    assert re.fullmatch(
        rf"azure-iaas emulator: state file {tmp_path / FILE_NAME}: is in use by the local service of "
        rf"process {first.pid} since \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ; "
        r"end it, or take another data folder\n",
        second.stderr,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal")
@pytest.mark.parametrize("number", ["SIGKILL", "SIGTERM"])
def test_an_ended_service_is_no_obstacle(tmp_path: Path, number: str) -> None:
    with running(tmp_path) as first:
        first.send_signal(signal.Signals[number])
        first.wait(timeout=TIMEOUT)
        with running(tmp_path):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_forked_child_that_outlives_the_service_is_no_obstacle(tmp_path: Path) -> None:
    program = (
        "import os, subprocess, sys\n"
        "from azure_iaas.emulator.store import Store\n"
        "store = Store(sys.argv[1])\n"
        "if os.fork() == 0:\n"
        "    sys.stdin.read()\n"
        "    os._exit(0)\n"
        "store.close()\n"
    )
    path = tmp_path / FILE_NAME
    parent = subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=ROOT, stdin=subprocess.PIPE)
    assert parent.wait(timeout=TIMEOUT) == 0
    Store(path).close()
    parent.communicate()  # ends the child


def test_the_same_process_is_refused_as_well(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with closing(Store(path)) as first:
        with pytest.raises(ConfigurationError, match=f"is in use by .* process {os.getpid()} since "):
            Store(path)
        # Neither the refused one nor a look at the files has ended the first one's ownership.
        for each in tmp_path.iterdir():
            each.read_bytes()
        with pytest.raises(ConfigurationError, match="is in use"):
            Store(path)
        first.commit([("", "kind", "key", "{}")])
    first.close()  # may be repeated
    Store(path).close()


@pytest.mark.parametrize("text", ["", "process 1", "process 1 since \nnow", "\0" * 500, "\xff"])
def test_an_owner_that_cannot_be_read_is_another_process(tmp_path: Path, text: str) -> None:
    path = tmp_path / FILE_NAME
    with closing(Store(path)):
        (tmp_path / f"{FILE_NAME}.lock").write_text(text, "latin-1")
        with pytest.raises(ConfigurationError, match="is in use by the local service of another process"):
            Store(path)


def test_a_lock_left_behind_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}.lock").write_text("process 1 since 2016-04-01T21:43:13Z")
    Store(tmp_path / FILE_NAME).close()


def test_a_file_that_cannot_be_used_stays_free(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"no database at all" * 100)
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="not a database"):
            Store(path)


def test_a_folder_in_the_place_of_the_lock_is_said(tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}.lock").mkdir()
    with pytest.raises(ConfigurationError, match=r"state\.sqlite3: cannot be opened"):
        Store(tmp_path / FILE_NAME)


@pytest.mark.anyio
async def test_two_services_in_one_process(tmp_path: Path) -> None:
    async with LocalService(tmp_path, sockets=False) as first, first.client() as client:
        with pytest.raises(ConfigurationError, match="is in use"):
            async with LocalService(tmp_path, sockets=False):
                pass
        await client.create_hosted_service("web")
    async with LocalService(tmp_path, sockets=False) as again, again.client() as client:
        assert [each.service_name for each in await client.list_hosted_services()] == ["web"]
