"""What is there otherwise than a plan says: each kind is named, with both values and its place."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.models import Deployment, HostedService
from azure_iaas.provisioning import InvalidPlanError, Plan, Provisioner
from azure_iaas.provisioning.plan.differences import differences
from tests.provisioning_fleets import IMAGE, Scene, group, play

if TYPE_CHECKING:
    from collections.abc import Callable

OTHER_IMAGE = "a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-20150825-en.us-127GB.vhd"
NETWORK = (
    '<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">'
    '<VirtualNetworkConfiguration><VirtualNetworkSites><VirtualNetworkSite name="net" Location="West US">'
    "<AddressSpace><AddressPrefix>10.0.0.0/16</AddressPrefix></AddressSpace><Subnets>"
    '<Subnet name="front"><AddressPrefix>10.0.1.0/24</AddressPrefix></Subnet>'
    '<Subnet name="back"><AddressPrefix>10.0.2.0/24</AddressPrefix></Subnet></Subnets>'
    "</VirtualNetworkSite></VirtualNetworkSites></VirtualNetworkConfiguration></NetworkConfiguration>"
)
DISKS = [{"LogicalDiskSizeInGB": 10, "HostCaching": "ReadOnly"}, {"DiskName": "old", "LUN": 3}]


def planned() -> dict[str, Any]:
    """A plan that says everything a plan can say."""
    role = group(
        1,
        availability_set="{service}-set",
        subnets=["front"],
        data_disks=DISKS,
        media_link="https://portalvhds.blob.core.windows.net/vhds/{role}.vhd",
        endpoints=[
            {"name": "ssh", "local_port": 22, "port": 2201},
            {"name": "any", "protocol": "udp", "local_port": 53},
        ],
    )
    deployment = {"name": "web", "label": "web", "virtual_network": "net", "reserved_ip": "rip"}
    return {
        "services": [
            {
                "name": "fleet",
                "location": "West US",
                "label": "the fleet",
                "description": "of tests",
                "deployments": [{**deployment, "roles": [role]}],
            }
        ]
    }


async def build(scene: Scene, plan: dict[str, Any]) -> None:
    client = scene.client
    await client.create_storage_account("portalvhds", {"Location": "West US", "Label": "vhds"})
    accepted = await client.set_network_configuration(NETWORK)
    await client.wait_for_operation(accepted)
    accepted = await client.create_reserved_ip("rip", {"Location": "West US"})
    await client.wait_for_operation(accepted)
    link = "https://portalvhds.blob.core.windows.net/vhds/old.vhd"
    await client.create_disk({"Name": "old", "MediaLink": link})
    await Provisioner(client, plan, clock=scene.time, wait_until_ready=False).run()


SERVICE, DEPLOYMENT = "services[0]", "services[0].deployments[0]"
ROLE = f"{DEPLOYMENT}.roles[0]"


def service(**more: Any) -> Callable[[dict[str, Any]], None]:
    return lambda plan: plan["services"][0].update(more)


def deployment(**more: Any) -> Callable[[dict[str, Any]], None]:
    return lambda plan: plan["services"][0]["deployments"][0].update(more)


def role(**more: Any) -> Callable[[dict[str, Any]], None]:
    return lambda plan: plan["services"][0]["deployments"][0]["roles"][0].update(more)


def endpoint(index: int, **more: Any) -> Callable[[dict[str, Any]], None]:
    return lambda plan: plan["services"][0]["deployments"][0]["roles"][0]["endpoints"][index].update(more)


def disk(index: int, **more: Any) -> Callable[[dict[str, Any]], None]:
    return lambda plan: plan["services"][0]["deployments"][0]["roles"][0]["data_disks"][index].update(more)


BLOBS = "portalvhds.blob.core.windows.net/vhds"
CHANGES: list[tuple[Callable[[dict[str, Any]], None], str, str, str]] = [
    (service(location="East US"), "location", "'East US', there is 'West US'", f"{SERVICE}.location"),
    (
        service(location=None, affinity_group="near"),
        "affinity group",
        "'near', there is 'location West US'",
        f"{SERVICE}.affinity_group",
    ),
    (service(label="Fleet"), "label", "'Fleet', there is 'the fleet'", f"{SERVICE}.label"),
    (service(description="x"), "description", "'x', there is 'of tests'", f"{SERVICE}.description"),
    (deployment(slot="staging"), "slot", "'Staging', there is 'Production'", f"{DEPLOYMENT}.slot"),
    (deployment(name="two"), "deployment in slot Production", "'two', there is 'web'", DEPLOYMENT),
    (deployment(label="Web"), "label", "'Web', there is 'web'", f"{DEPLOYMENT}.label"),
    (
        deployment(virtual_network="home"),
        "virtual network",
        "'home', there is 'net'",
        f"{DEPLOYMENT}.virtual_network",
    ),
    (deployment(virtual_network=None), "virtual network", "none, there is 'net'", DEPLOYMENT),
    (deployment(reserved_ip="rap"), "reserved IP", "'rap', there is 'rip'", f"{DEPLOYMENT}.reserved_ip"),
    (deployment(reserved_ip=None), "reserved IP", "none, there is 'rip'", DEPLOYMENT),
    (role(size="Large"), "size", "'Large', there is 'Small'", f"{ROLE}.size"),
    (role(image=OTHER_IMAGE), "image", f"'{OTHER_IMAGE}', there is '{IMAGE}'", f"{ROLE}.image"),
    (
        role(availability_set="b"),
        "availability set",
        "'b', there is 'fleet-set'",
        f"{ROLE}.availability_set",
    ),
    (role(availability_set=None), "availability set", "none, there is 'fleet-set'", ROLE),
    (
        role(media_link="https://portalvhds.blob.core.windows.net/vhds/b.vhd"),
        "media link",
        f"'{BLOBS}/b.vhd', there is '{BLOBS}/web01.vhd'",
        f"{ROLE}.media_link",
    ),
    (role(subnets=["back"]), "subnets", "'back', there is 'front'", f"{ROLE}.subnets"),
    (
        endpoint(0, port=2202),
        "port of endpoint 'ssh'",
        "2202, there is 2201",
        f"{ROLE}.endpoints[0].port",
    ),
    (
        endpoint(0, protocol="UDP"),
        "protocol of endpoint 'ssh'",
        "'udp', there is 'tcp'",
        f"{ROLE}.endpoints[0].protocol",
    ),
    (
        endpoint(1, local_port=54),
        "local port of endpoint 'any'",
        "54, there is 53",
        f"{ROLE}.endpoints[1].local_port",
    ),
    (
        endpoint(1, load_balanced_set="names"),
        "load balanced set of endpoint 'any'",
        "'names', there is none",
        f"{ROLE}.endpoints[1].load_balanced_set",
    ),
    (
        role(endpoints=[]),
        "endpoint 'ssh'",
        "none, there is tcp 2201 to 22",
        f"{ROLE}.endpoints",
    ),
    (
        disk(0, LogicalDiskSizeInGB=20),
        "size of the disk at LUN 0",
        "20, there is 10",
        f"{ROLE}.data_disks[0]",
    ),
    (
        disk(0, HostCaching="ReadWrite"),
        "caching of the disk at LUN 0",
        "'ReadWrite', there is 'ReadOnly'",
        f"{ROLE}.data_disks[0]",
    ),
    (disk(1, DiskName="new"), "name of the disk at LUN 3", "'new', there is 'old'", f"{ROLE}.data_disks[1]"),
    (role(data_disks=DISKS[:1]), "disk at LUN 3", "none, there is 'old'", f"{ROLE}.data_disks"),
]


def test_every_kind_of_difference_is_named_before_anything_is_written() -> None:
    async def main(scene: Scene) -> None:
        plan = planned()
        await build(scene, plan)
        # Its own work is no difference, nor is what it leaves to the service, nor names in another case.
        assert await Provisioner(scene.client, plan).check() == []
        same = copy.deepcopy(plan)
        for change in (
            role(size="small", availability_set="FLEET-set", subnets=["Front"], media_link=None),
            service(location="west us", label=None, description=None),
            deployment(label=None, virtual_network="NET", reserved_ip="RIP"),
            disk(1, LogicalDiskSizeInGB=5),
        ):
            change(same)
        assert await Provisioner(scene.client, same).check() == []
        scene.line.writes.clear()
        for change, what, values, place in CHANGES:
            changed = copy.deepcopy(plan)
            change(changed)
            with pytest.raises(InvalidPlanError) as caught:
                await Provisioner(scene.client, changed, clock=scene.time).run()
            told = [(each.rule, each.place) for each in caught.value.problems]
            assert (f"{what}: the plan says {values}", place) in told, told
            # One change is one complaint, but for what goes with it.
            assert len(told) == 1 or what in {"slot", "affinity group", "endpoint 'ssh'", "image"}, told
        assert scene.line.writes == []

    play(main)


def test_all_differences_come_together() -> None:
    async def main(scene: Scene) -> None:
        plan = planned()
        await build(scene, plan)
        for change in (service(location="East US"), role(size="Large"), endpoint(0, port=1)):
            change(plan)
        with pytest.raises(InvalidPlanError, match=r"location.*size.*port of endpoint") as caught:
            await Provisioner(scene.client, plan, clock=scene.time).run()
        assert len(caught.value.problems) == 3

    play(main)


def compare(plan: dict[str, Any], **existing: Any) -> list[str]:
    (planned_service,) = Plan.of(plan).expand()
    properties = existing.pop("properties", {})
    there = HostedService.model_validate(
        {"ServiceName": "fleet", "HostedServiceProperties": properties, "Deployments": []}
    )
    there.deployments = [Deployment.model_validate(each) for each in existing.pop("deployments", ())]
    return [str(each) for each in differences(planned_service, there)]


def test_a_service_in_an_affinity_group_is_not_in_a_location() -> None:
    there = {"AffinityGroup": "near"}
    told = compare(planned(), properties=there)
    assert told[0] == "location: the plan says 'West US', there is 'affinity group near'"
    left_open = planned()
    service(location=None, label=None, description=None)(left_open)
    assert compare(left_open, properties=there) == []


def test_what_is_not_there_yet_and_what_is_not_told_are_no_differences() -> None:
    plan = planned()
    deployment(virtual_network=None, reserved_ip=None, label=None)(plan)
    role(availability_set=None, subnets=[], endpoints=[])(plan)
    half: dict[str, Any] = {"Name": "WEB", "DeploymentSlot": "Production", "RoleList": []}
    assert compare(plan, properties={"Label": None, "Location": None}, deployments=[half])[2:] == []
    half["RoleList"] = [{"RoleName": "Web01"}]
    service(label=None, description=None)(plan)
    assert compare(plan, deployments=[half]) == []
    assert compare(plan, deployments=[{**half, "RoleList": [{"RoleName": "other"}]}]) == []


def test_an_image_of_a_machine_brings_disks_of_its_own() -> None:
    plan = planned()
    deployment(virtual_network=None, reserved_ip=None, label=None)(plan)
    role(availability_set=None, subnets=[], endpoints=[], vm_image=True, image="golden")(plan)
    there = {
        "RoleName": "web01",
        "OSVirtualHardDisk": {"SourceImageName": "anything"},
        "DataVirtualHardDisks": [{"Lun": 7, "DiskName": "from-the-image"}],
    }
    existing = {"Name": "web", "DeploymentSlot": "Production", "RoleList": [there]}
    service(label=None, description=None)(plan)
    assert compare(plan, deployments=[existing]) == []
    there["VMImageName"] = "silver"
    assert compare(plan, deployments=[existing]) == ["image: the plan says 'golden', there is 'silver'"]


def test_ports_are_those_of_their_address() -> None:
    plan = planned()
    (planned_service,) = Plan.of(plan).expand()
    assert planned_service.name == "fleet"
    endpoint(0, load_balancer="inside", virtual_ip=None)(plan)
    deployment(virtual_network=None, reserved_ip=None, label=None)(plan)
    role(availability_set=None, subnets=[])(plan)
    service(label=None, description=None)(plan)
    ports = [
        {"Name": "ssh", "Protocol": "tcp", "Port": 2201, "LocalPort": 22},
        {"Name": "any", "Protocol": "udp", "Port": 9, "LocalPort": 53},
    ]
    network = {"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": ports}
    there = {"RoleName": "web01", "ConfigurationSets": [network]}
    existing = {"Name": "web", "DeploymentSlot": "Production", "RoleList": [there]}
    assert compare(plan, deployments=[existing]) == [
        "load balancer of endpoint 'ssh': the plan says 'inside', there is none"
    ]
