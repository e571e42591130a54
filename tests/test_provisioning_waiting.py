"""Waiting for machines; whole runs on both runtimes, over sockets and in real time."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas.emulator import LocalService
from azure_iaas.errors import ProvisioningError
from azure_iaas.provisioning import EventKind, Outcome, Patience, Provisioner, deprovision, wait_until_ready
from azure_iaas.provisioning.plan import RoleId
from tests.provisioning_fleets import PASSWORD, Scene, fleet, play

if TYPE_CHECKING:
    from pathlib import Path

    from azure_iaas.provisioning import Event


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
        assert list(caught.value.not_ready) == [RoleId("fleet001", "web", "nobody")]

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
