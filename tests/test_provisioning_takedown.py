"""Taking a plan down: whatever was there before is there afterwards, and nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import anyio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from azure_iaas.provisioning import Provisioner, deprovision
from tests.provisioning_fleets import Scene, fleet, group, play, sometimes
from tests.soak import number
from tests.test_provisioning_removal import make

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
