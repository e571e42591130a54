"""Taking a plan down: whatever was there before is there afterwards, and nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from azure_iaas.client import ServiceManagementClient
from azure_iaas.errors import ConfigurationError, ProvisioningError
from azure_iaas.provisioning import EventKind, Outcome, Plan, Provisioner, deprovision
from tests.provisioning_fleets import Scene, fleet, group, play, sometimes
from tests.soak import number
from tests.test_provisioning_removal import make

if TYPE_CHECKING:
    from azure_iaas.provisioning import Event
    from azure_iaas.wire.messages import RawRequest

BLOBS = "https://vhds.blob.core.windows.net/vhds"
OLD = ("old0", "old1", "old2")


async def seen(scene: Scene) -> dict[str, Any]:
    """Everything a subscription holds that a plan could touch, when all leases have ended."""
    await anyio.sleep(7200)
    client = scene.client
    services = {}
    for listed in await client.list_hosted_services():
        service = await client.get_hosted_service(listed.service_name or "", embed_detail=True)
        services[service.service_name] = {
            (deployment.name, role.role_name): role.model_dump()
            for deployment in service.deployments
            for role in deployment.role_list
        }
    return {
        "services": services,
        "disks": {disk.name: disk.model_dump() for disk in await client.list_disks()},
        "images": sorted(image.name or "" for image in await client.list_os_images()),
        "storage": sorted(account.service_name or "" for account in await client.list_storage_accounts()),
    }


async def furnish(
    scene: Scene, machines: dict[str, Any] | None = None, services: tuple[str, ...] = ()
) -> None:
    """What is there before: a storage account, disks, cloud services, machines."""
    client = scene.client
    accepted = await client.create_storage_account("vhds", {"Location": "West US", "Label": "vhds"})
    await client.wait_for_operation(accepted)
    for name in OLD:
        await client.create_disk({"Name": name, "MediaLink": f"{BLOBS}/{name}.vhd"})
    # A stranger's machine; with the first one the service makes a storage account of its own.
    elsewhere = fleet(1, 1, data_disks=[{"LogicalDiskSizeInGB": 1}])
    elsewhere["services"][0]["name"] = "elsewhere"
    await make(scene, elsewhere)
    for service in services:
        await client.create_hosted_service(service, {"Location": "West US"})
    if machines is not None:
        await make(scene, machines)


sized = st.integers(1, 20).map(lambda size: {"LogicalDiskSizeInGB": size})
SHARED = st.one_of(
    sized,
    sized.map(lambda disk: {**disk, "DiskName": "{service}-{role}-a"}),
    sized.map(lambda disk: {**disk, "MediaLink": f"{BLOBS}/{{service}}-{{role}}-b.vhd"}),
)
"""A data disk many machines can have, each its own."""


@st.composite
def single_disks(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Disks of one machine: new ones and ones that were there before, said in every way."""
    disks: list[dict[str, Any]] = draw(st.lists(SHARED, max_size=1))
    for name in draw(st.lists(st.sampled_from(OLD), unique=True, max_size=2)):
        size = draw(st.sampled_from([{}, {"LogicalDiskSizeInGB": 5}]))
        link = {"MediaLink": f"{BLOBS}/{name}.vhd"}
        disks.append(
            {**draw(st.sampled_from([{"DiskName": name}, link, {"DiskName": name, **link}])), **size}
        )
    return draw(st.permutations(disks))


@st.composite
def scenes(draw: st.DrawFn) -> dict[str, Any]:
    """A plan, and what is there of it already."""
    count, attach = draw(st.integers(1, 3)), draw(st.sampled_from(["after", "with_role"]))
    web = group(count, data_disks=draw(st.lists(SHARED, max_size=1)), attach=attach)
    db = group(name="db", size="Large", endpoints=[], data_disks=draw(single_disks()), attach=attach)
    roles = draw(st.permutations([web, *([db] if draw(st.booleans()) else [])]))
    plan = fleet(1, 1)
    plan["services"][0]["deployments"][0]["roles"] = roles
    before = draw(st.sampled_from(["nothing", "service", "machine", "stranger"]))
    machine = fleet(1, 1, data_disks=[] if attach == "after" else web["data_disks"], attach=attach)
    stranger = fleet(1, 1, name="hand", endpoints=[], data_disks=[{"LogicalDiskSizeInGB": 3}])
    return {
        "plan": plan,
        "machines": {"machine": machine, "stranger": stranger}.get(before),
        "services": ("fleet001",) if before == "service" else ("other",),
        "lost": draw(st.sampled_from([0.0, 0.0, 0.3])),
        "cut": draw(st.sampled_from([None, None, 20.0, 50.0, 90.0, 130.0])),
        "seed": draw(st.integers(0, 99)),
    }


@settings(
    max_examples=number(25, 400),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(scenes())
def test_after_making_and_taking_down_a_plan_exactly_what_was_there_before_is_there(
    case: dict[str, Any],
) -> None:
    async def main(scene: Scene) -> None:
        await furnish(scene, case["machines"], case["services"])
        before = await seen(scene)
        coin = sometimes(case["lost"], case["seed"])
        scene.line.lose = lambda request: request.method != "GET" and coin()
        with tempfile.TemporaryDirectory() as folder:
            journal = Path(folder) / "journal"
            run = Provisioner(scene.client, case["plan"], journal=journal, clock=scene.time)
            if case["cut"] is None:
                assert (await run.run()).succeeded
            else:
                with anyio.move_on_after(case["cut"]):
                    await run.run()
            options: dict[str, Any] = {"delete_media": True, "journal": journal, "clock": scene.time}
            report = await deprovision(scene.client, case["plan"], **options)
            assert report.succeeded
        scene.line.lose = lambda _request: False
        assert await seen(scene) == before

    play(main)


def db(*disks: dict[str, Any], attach: str = "after", **more: Any) -> dict[str, Any]:
    """A plan of one machine with these data disks."""
    return fleet(1, 1, name="db", size="Large", endpoints=[], data_disks=list(disks), attach=attach, **more)


EXISTING: list[dict[str, Any]] = [
    {"DiskName": "old0"},
    {"DiskName": "old0", "LogicalDiskSizeInGB": 5},
    {"DiskName": "OLD0", "LogicalDiskSizeInGB": 5, "MediaLink": f"{BLOBS}/new.vhd"},
    {"MediaLink": f"{BLOBS}/old0.vhd"},
    {"MediaLink": f"{BLOBS}/old0.vhd", "LogicalDiskSizeInGB": 5},
    {"MediaLink": f"{BLOBS}/old0.vhd".replace("https", "http"), "LogicalDiskSizeInGB": 5},
]


@pytest.mark.parametrize("disk", EXISTING)
@pytest.mark.parametrize("attach", ["after", "with_role"])
@pytest.mark.parametrize("journal", [True, False])
def test_a_disk_that_exists_wins_over_a_size_and_stays(
    disk: dict[str, Any], attach: str, journal: bool, tmp_path: Path
) -> None:
    async def main(scene: Scene) -> None:
        await furnish(scene)
        before = await seen(scene)
        options: dict[str, Any] = {"journal": tmp_path / "journal"} if journal else {}
        plan = db({"LogicalDiskSizeInGB": 7}, disk, attach=attach)
        await make(scene, plan, **options)
        (attached,) = [each for each in await scene.client.list_disks() if each.name == "old0"]
        assert attached.attached_to is not None
        assert attached.logical_disk_size_in_gb != 5
        told: list[Event] = []
        more = {"delete_media": True, "on_event": told.append, "clock": scene.time}
        report = await deprovision(scene.client, plan, **more, **options)
        assert report.kept == ("disk old0: not made by this run",)
        assert [(each.role, each.lun, each.error) for each in told if each.kind is EventKind.KEPT] == [
            ("db", 1, "disk old0: not made by this run")
        ]
        assert await seen(scene) == before

    play(main)


@pytest.mark.parametrize("journal", [True, False])
def test_a_named_new_disk_goes_when_the_journal_says_that_it_is_new(journal: bool, tmp_path: Path) -> None:
    async def main(scene: Scene) -> None:
        await furnish(scene)
        before = await seen(scene)
        options: dict[str, Any] = {"journal": tmp_path / "journal"} if journal else {}
        plan = db({"DiskName": "fresh", "LogicalDiskSizeInGB": 5})
        await make(scene, plan, **options)
        report = await deprovision(scene.client, plan, delete_media=True, clock=scene.time, **options)
        after = await seen(scene)
        # Without a journal nobody knows whether it was there before: it is kept, and named.
        assert report.kept == (() if journal else ("disk fresh: not made by this run",))
        assert after["disks"].keys() - before["disks"].keys() == (set() if journal else {"fresh"})

    play(main)


def test_what_was_attached_and_added_by_hand_stays() -> None:
    async def main(scene: Scene) -> None:
        await furnish(scene)
        plan = fleet(1, 2)
        await make(scene, plan)
        accepted = await scene.client.add_data_disk(
            "fleet001", "web", "web01", {"DiskName": "old1", "LUN": 1}
        )
        await scene.client.wait_for_operation(accepted)
        report = await deprovision(scene.client, plan, delete_media=True, clock=scene.time)
        assert report.kept == ("disk old1: not made by this run",)
        assert set((await seen(scene))["disks"]) >= {"old1"}
        assert scene.roles == {"elsewhere": ["web01"]}

    play(main)


def test_what_comes_in_between_is_looked_at_once_more() -> None:
    async def main(scene: Scene) -> None:
        await furnish(scene)
        plan = fleet(1, 1)
        await make(scene, plan)
        client = ServiceManagementClient(scene.service.subscription_id, transport=scene.service.sender())

        async def add(event: Event) -> None:
            if (
                event.kind is EventKind.QUEUED
                and event.operation == ""
                and not event.role
                and event.deployment
            ):
                async with client:
                    document = Plan.of(fleet(1, 1, name="hand", endpoints=[])).expand()[0]
                    accepted = await client.add_role("fleet001", "web", next(iter(document.roles)).vm_role())
                    await client.wait_for_operation(accepted)

        with pytest.raises(
            ProvisioningError, match="role hand was added, and is not made by this run"
        ) as caught:
            await deprovision(scene.client, plan, delete_media=True, clock=scene.time, on_event=add)
        assert caught.value.report.roles[0].outcome is Outcome.FAILED
        assert scene.roles["fleet001"] == ["web01", "hand"]

    play(main)


def test_a_disk_whose_detaching_fails_stays_with_all_of_its_machine() -> None:
    async def main(scene: Scene) -> None:
        await furnish(scene)
        plan = db({"DiskName": "old2"}, {"LogicalDiskSizeInGB": 2})
        await make(scene, plan)

        def refuse(request: RawRequest) -> None:
            if request.method == "DELETE" and "datadisks" in request.target.lower():
                scene.service.service.fail_next_write(400, "BadRequest", "Not this one.")

        scene.line.before = refuse
        with pytest.raises(ProvisioningError, match="Not this one"):
            await deprovision(scene.client, plan, delete_media=True, clock=scene.time)
        assert "comp=media" not in "".join(scene.line.writes)
        assert set((await seen(scene))["disks"]) >= {"old2"}

    play(main)


def test_a_journal_of_another_plan_is_refused_and_nothing_is_deleted(tmp_path: Path) -> None:
    async def main(scene: Scene) -> None:
        await make(scene, fleet(1, 1), journal=tmp_path / "journal")
        with pytest.raises(ConfigurationError, match="another plan"):
            await deprovision(scene.client, fleet(1, 2), journal=tmp_path / "journal")
        assert scene.roles == {"fleet001": ["web01"]}

    play(main)


def test_a_plan_taken_down_can_be_made_again_with_its_journal(tmp_path: Path) -> None:
    async def main(scene: Scene) -> None:
        options: dict[str, Any] = {"journal": tmp_path / "journal"}
        for _ in range(2):
            made = await make(scene, fleet(1, 2), **options)
            assert made.counts == {Outcome.CREATED: 2}
            gone = await deprovision(scene.client, fleet(1, 2), clock=scene.time, **options)
            assert gone.counts == {Outcome.DELETED: 2}
            assert gone.removed == ("fleet001/web", "fleet001")
            assert gone.taken_down
            assert gone.succeeded

    play(main)


def test_what_deprovisioning_says_are_its_own_words() -> None:
    async def main(scene: Scene) -> None:
        await make(scene, fleet(1, 2))
        told: list[Event] = []
        await deprovision(scene.client, fleet(1, 3), on_event=told.append, clock=scene.time)
        kinds = [(each.kind, each.deployment) for each in told if each.kind is not EventKind.QUEUED]
        assert kinds == [
            (EventKind.DELETING, "web"),
            (EventKind.ACCEPTED, "web"),
            (EventKind.DELETED, "web"),
            (EventKind.DELETING, ""),
            (EventKind.ACCEPTED, ""),
            (EventKind.DELETED, ""),
        ]

    play(main)


def test_stopping_it_finishes_what_is_on_its_way_and_starts_nothing_more() -> None:
    async def main(scene: Scene) -> None:
        await make(scene, fleet(3, 1))
        stop = anyio.Event()

        def on_event(event: Event) -> None:
            if event.kind is EventKind.ACCEPTED:
                stop.set()

        options: dict[str, Any] = {"max_parallel": 1, "stop": stop, "on_event": on_event}
        with pytest.raises(ProvisioningError) as caught:
            await deprovision(scene.client, fleet(3, 1), clock=scene.time, **options)
        assert caught.value.report.counts == {Outcome.DELETED: 1, Outcome.NOT_STARTED: 2}
        assert not caught.value.report.succeeded

    play(main)


def test_disks_an_image_of_a_machine_brings_go_when_the_journal_says_so(tmp_path: Path) -> None:
    async def main(scene: Scene) -> None:
        await furnish(scene)
        await make(scene, db({"LogicalDiskSizeInGB": 3}))
        accepted = await scene.client.capture_role_as_vm_image(
            "fleet001",
            "web",
            "db",
            {"VMImageName": "golden", "VMImageLabel": "golden", "OSState": "Specialized"},
        )
        await scene.client.wait_for_operation(accepted)
        before = await seen(scene)
        plan = fleet(1, 1, image="golden", vm_image=True)
        plan["services"][0]["name"] = "copy"
        await make(scene, plan, journal=tmp_path / "journal")
        assert len((await seen(scene))["disks"]) > len(before["disks"]) + 1
        await deprovision(
            scene.client, plan, delete_media=True, journal=tmp_path / "journal", clock=scene.time
        )
        assert await seen(scene) == before

    play(main)
