"""Runs killed with ``kill -9`` at random moments and taken up again, against a service in its own process."""

from __future__ import annotations

import json
import multiprocessing
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas.client import ServiceManagementClient
from azure_iaas.provisioning import Outcome, Provisioner
from tests import provisioning_child
from tests.provisioning_fleets import PASSWORD, Scene, fleet, play
from tests.soak import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from azure_iaas.wire.messages import RawRequest

ROOT = Path(__file__).resolve().parents[1]
KILLS = number(5, 100)
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


@pytest.fixture
def processes() -> Any:
    """Give processes that begin within milliseconds: they are forked from one that has imported all."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.provisioning_child"])
    return context


@pytest.mark.timeout(300)
@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_runs_killed_at_random_moments_are_taken_up(
    connection: Path, processes: Any, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    dice = random.Random(20120607)
    kills, fleets, began = 0, 0, time.perf_counter()
    told = json.loads(await anyio.Path(connection).read_text())
    auth = {"keyfile": told["key_file"], "certfile": told["cert_file"]}
    options = {"host": told["host"], "port": told["port"], "ca": told["ca_file"]}

    def run(plan: Path, journal: Path, seconds: float) -> int:
        """Run the plan in a process that is killed after so long; gives its exit code."""
        files = [str(connection), str(plan), str(journal), str(tmp_path / "report.json")]
        process = processes.Process(target=provisioning_child.provision, args=files)
        process.start()
        process.join(seconds)
        process.kill()
        process.join(10)
        code = process.exitcode
        process.close()
        assert isinstance(code, int)
        return code

    async with ServiceManagementClient(told["subscription_id"], auth, options) as client:
        while kills < KILLS:
            fleets += 1
            names = {
                "services": [{**fleet(2, 4, data_disks=DISKS)["services"][0], "name": f"f{fleets}-{{n}}"}]
            }
            plan, journal = tmp_path / f"plan{fleets}.json", tmp_path / f"journal{fleets}"
            plan.write_text(json.dumps(names))
            while run(plan, journal, dice.uniform(0.0, 0.8)) == -signal.SIGKILL:
                kills += 1
            # Once it has ended well, it may be run again: nothing is left to do.
            assert run(plan, journal, 60.0) == 0
            check_report(json.loads((tmp_path / "report.json").read_text()), journal)
            for number in (1, 2):
                deployment = await client.get_deployment(f"f{fleets}-{number}", "web")
                roles = [role.role_name or "" for role in deployment.role_list]
                assert sorted(roles) == [f"web{n:02}" for n in range(1, 5)]
                assert all([disk.lun for disk in role.data_disks] == [0] for role in deployment.role_list)
    seconds = time.perf_counter() - began
    tell(f"kill -9: {kills} runs of {fleets} fleets of 8 roles killed and resumed in {seconds:.0f} s")


def check_report(report: dict[str, Any], journal: Path) -> None:
    """Every machine is there once, and the report says by which requests, whichever run sent them."""
    facts = [json.loads(line) for line in journal.read_text().splitlines()]
    assert len(report["roles"]) == 8
    accepted: dict[tuple[str, ...], list[str]] = {}
    for fact in facts:
        if fact["fact"] == "accepted" and fact["step"][0] == "create role":
            accepted.setdefault(tuple(fact["step"][1:4]), []).append(fact["request_id"])
    for role in report["roles"]:
        assert role["outcome"] == "created", role
        name = (role["service"], role["deployment"], role["role"])
        # At most one acceptance each; none where the kill came between the acceptance and its note.
        assert len(accepted.get(name, [])) <= 1
        assert set(accepted.get(name, [])) <= set(role["request_ids"])
        assert role["ready_at"]
        assert role["error"] is None
    assert report["runs"] == sum(fact["fact"] == "begin" for fact in facts)
    assert PASSWORD not in journal.read_text()


class KilledError(BaseException):
    """Stands for the end of the process."""


def test_a_run_killed_before_or_after_any_write_is_taken_up(tmp_path: Path) -> None:
    """The moments that chance seldom hits: between a request, what the service does, and its note."""
    services = number(1, 2)
    plan = fleet(services, 2, data_disks=DISKS)
    points = 0

    def killed_at(point: int) -> bool:
        """Play one run that is killed at a point, and the next; False when there is no such point."""
        path = tmp_path / f"journal{point}"
        kept: list[bytes] = []
        passed = 0

        def pass_by(request: RawRequest) -> bool:
            nonlocal passed
            if request.method != "GET":
                passed += 1
                if passed == point:
                    kept.append(path.read_bytes())
                    raise KilledError
            return False

        async def main(scene: Scene) -> None:
            def before(request: RawRequest) -> None:
                pass_by(request)

            scene.line.before = before
            scene.line.lose = pass_by
            first = Provisioner(scene.client, plan, journal=path, clock=scene.time)
            try:
                await first.run()
            except KilledError:
                # Nothing the process did on its way out counts: it had no way out.
                path.write_bytes(kept[0])
            report = await Provisioner(scene.client, plan, journal=path, clock=scene.time).run()
            assert report.counts == {Outcome.CREATED: 2 * services}
            assert {role.data_disks for role in report.roles} == {(0,)}
            assert list(scene.roles.values()) == [["web01", "web02"]] * services
            assert all(role.ready_at for role in report.roles)
            assert report.runs == 2

        play(main)
        return bool(kept)

    while killed_at(points + 1):
        points += 1
    # Each service, its two machines and their disks, before and after the service has acted.
    assert points == 2 * services * (1 + 2 + 2)
