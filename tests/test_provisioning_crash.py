"""Runs killed with ``kill -9`` at random moments and taken up again, against a service in its own process."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.client import ServiceManagementClient
from tests.provisioning_fleets import PASSWORD, fleet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
KILLS = 100
DISKS = [{"LogicalDiskSizeInGB": 10}]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Path]:
    """Run the service as a process; gives the file that tells how to connect."""
    command = [
        sys.executable,
        "-m",
        "azure_iaas.emulator",
        "--port",
        "0",
        "--json",
        "--speed",
        "300",
        "--strict",
    ]
    command += ["--data-dir", str(tmp_path / "service")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            file = tmp_path / "connection.json"
            file.write_text(process.stdout.readline())
            yield file
        finally:
            process.terminate()
            process.wait(10)


def begin(connection: Path, plan: Path, journal: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "tests" / "provisioning_child.py")]
    return subprocess.Popen(
        [*command, str(connection), str(plan), str(journal)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed(process: subprocess.Popen[str], seconds: float) -> bool:
    """Kill a run some seconds after it has begun to send; False when it had ended before."""
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


@pytest.mark.timeout(300)
@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_runs_killed_at_random_moments_are_taken_up(
    connection: Path, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    dice = random.Random(20120607)
    kills, fleets, began = 0, 0, time.perf_counter()
    told = json.loads(connection.read_text())
    auth = {"keyfile": told["key_file"], "certfile": told["cert_file"]}
    options = {"host": told["host"], "port": told["port"], "ca": told["ca_file"]}
    async with ServiceManagementClient(told["subscription_id"], auth, options) as client:
        while kills < KILLS:
            fleets += 1
            names = {
                "services": [{**fleet(2, 4, data_disks=DISKS)["services"][0], "name": f"f{fleets}-{{n}}"}]
            }
            plan, journal = tmp_path / f"plan{fleets}.json", tmp_path / f"journal{fleets}"
            plan.write_text(json.dumps(names))
            runs = 1
            while killed(begin(connection, plan, journal), dice.uniform(0.0, 0.9)):
                kills, runs = kills + 1, runs + 1
            output, errors = begin(connection, plan, journal).communicate(timeout=60)
            assert output, errors
            check_report(json.loads(output.splitlines()[-1]), journal)
            for number in (1, 2):
                deployment = await client.get_deployment(f"f{fleets}-{number}", "web")
                roles = [role.role_name for role in deployment.role_list]
                assert sorted(name or "" for name in roles) == [f"web{n:02}" for n in range(1, 5)]
                assert all([disk.lun for disk in role.data_disks] == [0] for role in deployment.role_list)
    tell(
        f"kill -9: {kills} runs of {fleets} fleets killed and resumed in {time.perf_counter() - began:.0f} s"
    )


def check_report(report: dict[str, Any], journal: Path) -> None:
    """Every machine is there once, and the report says by which requests, whichever run sent them."""
    facts = [json.loads(line) for line in journal.read_text().splitlines()]
    assert len(report["roles"]) == 8
    accepted: dict[tuple[str, ...], list[str]] = {}
    for fact in facts:
        if fact["fact"] == "accepted" and fact["step"][0] == "create role":
            accepted.setdefault(tuple(fact["step"][1:4]), []).append(fact["request_id"])
    for role in report["roles"]:
        assert role["outcome"] in ("created",), role
        name = (role["service"], role["deployment"], role["role"])
        # At most one acceptance each; none where the kill came between the acceptance and its note.
        assert len(accepted.get(name, [])) <= 1
        assert set(accepted.get(name, [])) <= set(role["request_ids"])
        assert role["ready_at"]
        assert role["error"] is None
    assert report["runs"] == sum(fact["fact"] == "begin" for fact in facts)
    assert PASSWORD not in journal.read_text()
