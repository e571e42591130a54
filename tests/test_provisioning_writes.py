"""Each write: what it sends, and the look that tells whether it was carried out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from azure_iaas.operations.pace import Pace
from azure_iaas.provisioning import Provisioner
from azure_iaas.provisioning.engine import Seen, Write
from azure_iaas.provisioning.inventory import Inventory
from azure_iaas.provisioning.plan import Plan, RoleId
from azure_iaas.provisioning.steps import Step, StepKind
from azure_iaas.provisioning.writes import AttachDisk, CreateRole, CreateService, Remove
from tests.provisioning_fleets import Scene, fleet, play

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PLAN = fleet(1, 2, data_disks=[{"LogicalDiskSizeInGB": 10}])
(SERVICE,) = Plan.of(PLAN).expand()
(DEPLOYMENT,) = SERVICE.deployments
FIRST, SECOND = DEPLOYMENT.roles


async def nothing(*_: object) -> None:
    return


def step(kind: StepKind, role: str = "", lun: int = -1) -> Step:
    whole = kind in (StepKind.CREATE_SERVICE, StepKind.DELETE_SERVICE)
    return Step(kind, "fleet001", "" if whole else "web", role, lun)


def with_inventory(main: Callable[[Scene, Inventory], Awaitable[None]]) -> None:
    async def run(scene: Scene) -> None:
        await main(scene, Inventory(scene.client, Counter(), Pace()))

    play(run)


async def carried_out(scene: Scene, write: Write) -> Seen:
    """Send a write, wait for its operation, look."""
    accepted = await write.send()
    await scene.client.wait_for_operation(accepted, interval=1.0)
    return await write.look()


def test_what_builds_is_seen_when_it_is_there() -> None:
    async def main(scene: Scene, inventory: Inventory) -> None:
        created: list[RoleId] = []

        async def note(role: RoleId, found: bool) -> None:
            assert not found
            created.append(role)

        service = CreateService(inventory, SERVICE, step(StepKind.CREATE_SERVICE))
        first = CreateRole(inventory, FIRST, DEPLOYMENT, step(StepKind.CREATE_ROLE, "web01"), note)
        second = CreateRole(inventory, SECOND, DEPLOYMENT, step(StepKind.CREATE_ROLE, "web02"), note)
        disk = AttachDisk(inventory, FIRST, step(StepKind.ATTACH_DISK, "web01", 0))
        assert [write.operation for write in (service, first, disk)] == [
            "CreateHostedService",
            "CreateDeployment",
            "AddDataDisk",
        ]
        assert await service.look() is Seen.NOT_CARRIED_OUT
        assert await carried_out(scene, service) is Seen.CARRIED_OUT
        for write in (first, second, disk):
            assert await write.look() is Seen.NOT_CARRIED_OUT
            assert await carried_out(scene, write) is Seen.CARRIED_OUT
            await write.succeeded(found=False)
        assert second.operation == "AddRole"
        assert created == [FIRST.id, SECOND.id]
        assert inventory.requests["GetDeployment"] == 6

    with_inventory(main)


def test_a_new_deployment_does_not_show_its_machine_at_once() -> None:
    async def main(scene: Scene, inventory: Inventory) -> None:
        await scene.client.create_hosted_service("fleet001", {"Location": "West US"})
        write = CreateRole(inventory, FIRST, DEPLOYMENT, step(StepKind.CREATE_ROLE, "web01"), nothing)
        await write.send()
        assert await write.look() is Seen.NOT_YET_SHOWN
        await write.settle()
        assert await write.look() is Seen.CARRIED_OUT

    with_inventory(main)


def test_what_takes_down_is_seen_when_it_is_gone() -> None:
    async def main(scene: Scene, inventory: Inventory) -> None:
        await Provisioner(scene.client, PLAN, wait_until_ready=False, clock=scene.time).run()
        removed: list[Step] = []

        async def note(what: Step) -> None:
            removed.append(what)

        async def media_too(_step: Step, wanted: bool) -> bool:
            return wanted

        steps = [
            step(StepKind.DETACH_DISK, "web01", 0),
            step(StepKind.DELETE_ROLE, "web02"),
            step(StepKind.DELETE_DEPLOYMENT),
            step(StepKind.DELETE_SERVICE),
        ]
        names = ["RemoveDataDisk", "DeleteRole", "DeleteDeployment", "DeleteHostedService"]
        for what, name in zip(steps, names, strict=True):
            write = Remove(inventory, what, delete_media=True, media_too=media_too, removed=note)
            assert write.operation == name
            assert await write.look() is Seen.NOT_CARRIED_OUT
            assert await carried_out(scene, write) is Seen.CARRIED_OUT
            await write.succeeded(found=False)
        assert removed == steps
        assert scene.roles == {}

    with_inventory(main)
