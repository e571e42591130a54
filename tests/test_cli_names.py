"""Completion: what a shell is told after the Tab key, and what is kept of it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import platformdirs
import pytest

from azure_iaas.cli import name_cache
from azure_iaas.cli.main import main
from azure_iaas.emulator import LocalService
from tests.command_line_driver import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from azure_iaas.client import ServiceManagementClient

IMAGE = "Win2K8SP1.110809-2000.201108-01.en.us.30GB.vhd"


async def fill(client: ServiceManagementClient) -> None:
    for name in ("shop", "store"):
        await client.create_hosted_service(name)
    role = {"RoleName": "web1", "OSDisk": {"SourceImageName": IMAGE}}
    accepted = await client.create_deployment("shop", "web", role)
    await client.wait_for_operation(accepted)


@pytest.fixture(scope="module")
def service() -> Iterator[LocalService]:
    with LocalService(speed=10_000) as service:
        service.populate(fill)
        yield service


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: tmp_path / name)
    return tmp_path / "azure-iaas" / "names"


class Shell:
    """Asks for completions as bash does."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def tab(self, line: str) -> list[str]:
        self._monkeypatch.setenv("_AZURE_IAAS_COMPLETE", "bash_complete")
        self._monkeypatch.setenv("COMP_WORDS", line)
        self._monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        self._capsys.readouterr()
        with pytest.raises(SystemExit):
            main([])
        out, err = self._capsys.readouterr()
        assert err == ""
        return [each.partition(",")[2] for each in out.split("\n") if each]


@pytest.fixture
def shell(
    service: LocalService,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    cache: Path,
) -> Shell:
    for name, value in service.environment().items():
        monkeypatch.setenv(name, value)
    return Shell(capsys, monkeypatch)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("azure-iaas de", ["deployment", "deprovision"]),
        ("azure-iaas service c", ["certificates", "check-name", "create"]),
        ("azure-iaas service show ", ["shop", "store"]),
        ("azure-iaas service show st", ["store"]),
        ("azure-iaas deployment delete shop ", ["web"]),
        ("azure-iaas role show shop web ", ["web1"]),
        ("azure-iaas role show absent web ", []),
        ("azure-iaas role show --subs", ["--subscription"]),
        ("azure-iaas service list --output ", ["table", "json", "yaml", "tsv"]),
        ("azure-iaas image show Win2K8SP1.110809-2000.201108-01.en.us", [IMAGE]),
        ("azure-iaas service create x --location East", ["East Asia", "East US", "East US 2"]),
    ],
)
def test_what_is_offered(shell: Shell, line: str, offered: list[str]) -> None:
    assert shell.tab(line) == offered


def test_names_are_asked_for_once_in_a_while_and_kept_for_their_owner_alone(
    shell: Shell, service: LocalService, cache: Path
) -> None:
    service.requests.clear()
    for _ in range(3):
        assert shell.tab("azure-iaas service show ") == ["shop", "store"]
    assert len(service.requests) == 1
    (file,) = cache.iterdir()
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    old = time.time() - name_cache.KEPT_SECONDS - 1
    os.utime(file, (old, old))
    assert shell.tab("azure-iaas deployment show shop ") == ["web"]
    assert file not in list(cache.iterdir())
    assert shell.tab("azure-iaas service show ") == ["shop", "store"]
    assert len(service.requests) == 3


def test_whatever_goes_wrong_there_are_no_names(
    shell: Shell, service: LocalService, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell.tab("azure-iaas service show --ca /absent ") == []
    cache.parent.mkdir(exist_ok=True)
    cache.write_text("no folder")
    assert shell.tab("azure-iaas service show ") == ["shop", "store"]
    monkeypatch.setenv("AZURE_IAAS_HOST", "127.0.0.1:1")
    assert shell.tab("azure-iaas service show ") == []
    monkeypatch.delenv("AZURE_IAAS_SUBSCRIPTION_ID")
    assert shell.tab("azure-iaas service show ") == []


def test_what_is_kept_and_damaged_is_asked_for_again(cache: Path) -> None:
    name_cache.keep(["service"], ["shop"])
    assert name_cache.kept(["service"]) == ["shop"]
    assert name_cache.kept(["disk"]) is None
    (file,) = cache.iterdir()
    file.write_text("[")
    assert name_cache.kept(["service"]) is None


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell_name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "azure_iaas"],
        cwd=ROOT,
        env={**os.environ, "_AZURE_IAAS_COMPLETE": f"{shell_name}_source"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_AZURE_IAAS_COMPLETE={shell_name}_complete" in done.stdout
