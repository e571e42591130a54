"""Waiting for machines; whole runs on both runtimes, over sockets and in real time."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas.emulator import LocalService
from azure_iaas.errors import (
    OperationFailedError,
    OperationTimeoutError,
    ProvisioningError,
    ResourceNotFoundError,
    ServerError,
)
from azure_iaas.models import Deployment
from azure_iaas.operations.pace import Pace
from azure_iaas.provisioning import EventKind, Outcome, Patience, Provisioner, deprovision, wait_until_ready
from azure_iaas.provisioning.deployment_watch import DeploymentWatch, Goal, is_stopped
from azure_iaas.provisioning.plan import RoleId
from azure_iaas.provisioning.simulation import on_virtual_time
from tests.provisioning_fleets import PASSWORD, Scene, fleet, play

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

    from azure_iaas.provisioning import Event


def deployment(status: str = "Running", **roles: str) -> Deployment:
    """A deployment whose machines have these states, said as ``InstanceStatus PowerState``."""
    instances = [
        {"RoleName": name, "InstanceStatus": state.partition(" ")[0], "PowerState": state.partition(" ")[2]}
        for name, state in roles.items()
    ]
    listed = [{"RoleName": name} for name in roles]
    return Deployment.model_validate(
        {"Name": "web", "Status": status, "RoleInstanceList": instances, "RoleList": listed}
    )


class Script:
    """Answers one after the other; the last one stays."""

    def __init__(self, *answers: Deployment | Exception | None) -> None:
        self.answers = list(answers)
        self.reads = 0

    async def read(self) -> Deployment | None:
        self.reads += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def watch(self) -> DeploymentWatch:
        return DeploymentWatch(self.read, Pace(), lambda: True)


def virtually(main: Callable[[], Awaitable[None]]) -> None:
    async def run(_clock: Callable[[], datetime]) -> None:
        await main()

    on_virtual_time(run)


def test_a_wait_ends_with_ready_whatever_comes_before() -> None:
    async def main() -> None:
        states = [
            "StoppedVM Stopped",
            "RoleStateUnknown Starting",
            "Provisioning Started",
            "NeverHeardOf Started",
        ]
        answers = [deployment(web=state) for state in states]
        script = Script(deployment(), ServerError("500"), *answers, deployment(web="ReadyRole Started"))
        instance = await script.watch().wait("WEB", Goal.READY)
        assert instance.instance_status == "ReadyRole"
        assert script.reads == 7

    virtually(main)


def test_started_is_enough_for_a_lost_answer() -> None:
    async def main() -> None:
        script = Script(deployment(web="StoppedVM Stopped"), deployment(web="RoleStateUnknown Starting"))
        await script.watch().wait("web", Goal.STARTED)
        assert script.reads == 2

    virtually(main)


@pytest.mark.parametrize("status", ["ProvisioningFailed", "ProvisioningTimeout", "FailedStartingVM"])
def test_a_hopeless_state_ends_the_wait(status: str) -> None:
    async def main() -> None:
        with pytest.raises(OperationFailedError, match=status):
            await Script(deployment(web=f"{status} Started")).watch().wait("web", Goal.READY)

    virtually(main)


def test_a_machine_that_is_gone_ends_the_wait() -> None:
    async def main() -> None:
        for answers in ([deployment(other="ReadyRole Started")], [None]):
            with pytest.raises(ResourceNotFoundError, match="web is gone"):
                await Script(*answers).watch().wait("web", Goal.READY)

    virtually(main)


def test_a_deadline_ends_the_wait() -> None:
    async def main() -> None:
        began = anyio.current_time()
        with pytest.raises(OperationTimeoutError):
            await (
                Script(deployment(web="Provisioning Started")).watch().wait("web", Goal.READY, timeout=100.0)
            )
        assert anyio.current_time() - began == pytest.approx(100.0)

    virtually(main)


def test_many_waits_share_each_answer_also_when_the_one_who_asks_leaves() -> None:
    async def main() -> None:
        names = [f"web{n}" for n in range(20)]
        busy = deployment(**dict.fromkeys(names, "Provisioning Started"))
        script = Script(busy, busy, busy, busy, deployment(**dict.fromkeys(names, "ReadyRole Started")))
        watch = script.watch()
        ready: list[str] = []

        async def wait(name: str) -> None:
            await watch.wait(name, Goal.READY)
            ready.append(name)

        async with anyio.create_task_group() as tasks:
            with anyio.move_on_after(0.6):
                await wait("web0")
            for name in names:
                tasks.start_soon(wait, name)
        assert sorted(ready) == sorted(names)
        assert script.reads <= 6

    virtually(main)


def test_stopped_machines_are_known() -> None:
    assert is_stopped(deployment(web="StoppedDeallocated Stopped"), "web")
    assert not is_stopped(deployment(web="ReadyRole Started"), "web")
    assert not is_stopped(deployment("Deploying", web="StoppedVM Stopped"), "web")
    assert not is_stopped(deployment(), "web")


def test_wait_until_ready_without_a_plan() -> None:
    async def main(scene: Scene) -> None:
        run = Provisioner(scene.client, fleet(2, 3), wait_until_ready=False, clock=scene.time)
        await run.run()
        roles = [RoleId(f"fleet{s:03}", "web", f"web{n:02}") for s in (1, 2) for n in (1, 2, 3)]
        gets = scene.line.requests["GET"]
        ready = await wait_until_ready(scene.client, roles)
        assert {instance.instance_status for instance in ready.values()} == {"ReadyRole"}
        assert scene.line.requests["GET"] - gets <= 2 * 25
        with pytest.raises(ProvisioningError, match="fleet001/web/nobody") as caught:
            await wait_until_ready(scene.client, [*roles, ("fleet001", "web", "nobody")])
        assert list(caught.value.report) == [RoleId("fleet001", "web", "nobody")]

    play(main)


def test_a_machine_that_does_not_become_ready_is_told() -> None:
    async def main(scene: Scene) -> None:
        run = Provisioner(scene.client, fleet(1, 2), patience=Patience(ready=10.0), clock=scene.time)
        with pytest.raises(ProvisioningError, match="was not ReadyRole after") as caught:
            await run.run()
        report = caught.value.report
        assert report.counts == {Outcome.INCOMPLETE: 2}
        again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
        assert again.report == report
        assert json.loads(json.dumps(report.as_dict()))["roles"][0]["outcome"] == "incomplete"

    play(main)


# --- real time, both runtimes ---------------------------------------------------------------------------


@pytest.mark.anyio
@pytest.mark.parametrize("sockets", [False, True])
async def test_a_fleet_comes_and_goes_in_real_time(tmp_path: Path, *, sockets: bool) -> None:
    plan = fleet(2, 3, data_disks=[{"LogicalDiskSizeInGB": 10}])
    events: list[Event] = []

    async def listen(event: Event) -> None:
        await anyio.lowlevel.checkpoint()
        events.append(event)

    async with (
        LocalService(sockets=sockets, speed=1000.0, strict=True) as service,
        service.client() as client,
    ):
        options: dict[str, Any] = {"journal": tmp_path / "journal", "on_event": listen}
        report = await Provisioner(client, plan, **options).run()
        assert report.counts == {Outcome.CREATED: 6}
        assert all(role.ready_at for role in report.roles)
        assert {event.kind for event in events} >= {EventKind.CREATING, EventKind.READY}
        assert PASSWORD not in (tmp_path / "journal").read_text()
        gone = await deprovision(client, plan, delete_media=True)
        assert len(gone.removed) == 4
        assert await client.list_hosted_services() == []


@pytest.mark.anyio
async def test_a_listener_that_raises_ends_the_run_with_its_own_error() -> None:
    def listen(event: Event) -> None:
        if event.kind is EventKind.ACCEPTED:
            raise LookupError("no such screen")

    async with LocalService(sockets=False, speed=1000.0) as service, service.client() as client:
        run = Provisioner(client, fleet(1, 3), on_event=listen)
        with pytest.raises(LookupError, match="no such screen"):
            await run.run()
        assert run.report().counts.keys() <= {Outcome.NOT_STARTED, Outcome.IN_PROGRESS, Outcome.UNKNOWN}
