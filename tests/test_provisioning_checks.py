"""Mistakes in plans: each is found, named by machine and rule, and all of them together."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.models import Deployment, HostedService, RoleSize, Subscription
from azure_iaas.provisioning.plan import Plan
from azure_iaas.provisioning.plan.checks import (
    Catalogue,
    InvalidPlanError,
    PlanLimits,
    check_catalogue,
    check_plan,
    one_each,
)
from tests.provisioning_fleets import IMAGE, fleet, group

if TYPE_CHECKING:
    from pathlib import Path


def problems(plan: dict[str, Any], limits: PlanLimits | None = None) -> list[tuple[str, str]]:
    found = check_plan(Plan.of(plan).expand(), limits or PlanLimits())
    return [(problem.where, problem.rule) for problem in found]


def plan_of(*groups: dict[str, Any], **service: Any) -> dict[str, Any]:
    return {
        "services": [{"name": "fleet", "deployments": [{"name": "web", "roles": list(groups)}], **service}]
    }


def test_a_good_plan_has_no_problems() -> None:
    assert problems(fleet(3, 50, data_disks=[{"LogicalDiskSizeInGB": 10}])) == []


@pytest.mark.parametrize(
    ("plan", "where", "rule"),
    [
        (fleet(2, 1) | {"services": [{**fleet(2, 1)["services"][0], "name": "same"}]}, "same", "there twice"),
        (plan_of(group(2, name="web", endpoints=[])), "fleet/web/web", "used twice in this deployment"),
        (plan_of(group(1), group(1, name="WEB01", endpoints=[])), "fleet/web/WEB01", "used twice"),
        (plan_of(group(name="bad_name!", provisioning=None)), "fleet/web/bad_name!", "1 to 64 letters"),
        (
            plan_of(group(name="web{m}", provisioning=None)),
            "fleet/web/web{m}",
            "{m} in the name is not filled",
        ),
        (plan_of(group(), name="under_score"), "under_score", "1 to 63 letters"),
        (plan_of(group(), location="West US", affinity_group="near"), "fleet", "not both"),
        (plan_of(group(), label="x" * 101), "fleet", "at most 100"),
        (plan_of(group(51)), "fleet", "at most 50 roles in a cloud service, the plan has 51"),
        (
            plan_of(group(2, endpoints=[{"name": "ssh", "local_port": 22, "port": 22}])),
            "fleet/web/web02",
            "public tcp port 22 is taken by role web01",
        ),
        (
            plan_of(group(endpoints=[{"name": "ssh", "local_port": 22, "port": "22x{n}"}])),
            "fleet/web/web01",
            "must give a number",
        ),
        (
            plan_of(group(endpoints=[{"name": "ssh", "local_port": 22, "port": "99{n:04}"}])),
            "fleet/web/web01",
            "1 to 65535",
        ),
        (
            plan_of(group(endpoints=[{"name": n, "local_port": p} for n, p in (("a", 1), ("A", 2))])),
            "fleet/web/web01",
            "used twice in this role",
        ),
        (
            plan_of(group(data_disks=[{"LogicalDiskSizeInGB": 1}, {"LogicalDiskSizeInGB": 1, "LUN": 0}])),
            "fleet/web/web01",
            "LUN 0 is used twice",
        ),
        (plan_of(group(data_disks=[{"LogicalDiskSizeInGB": 5000}])), "fleet/web/web01", "1 to 1023 GB"),
        (plan_of(group(data_disks=[{"LUN": 3}])), "fleet/web/web01", "say which disk"),
        (
            plan_of(group(2, data_disks=[{"DiskName": "one"}])),
            "fleet/web/web02",
            "disk name 'one' is used twice",
        ),
        (
            plan_of(group(provisioning={"HostName": "h", "UserName": "u", "UserPassword": "short"})),
            "fleet/web/web01",
            "6 to 72 characters",
        ),
        (
            plan_of(group(name="longer-than-fifteen{n}", provisioning={"MachineName": "{role}"})),
            "fleet/web/longer-than-fifteen1",
            "1 to 15 characters",
        ),
    ],
)
def test_each_mistake_is_named_with_its_machine(plan: dict[str, Any], where: str, rule: str) -> None:
    found = problems(plan)
    assert any(place == where and rule in told for place, told in found), found


def test_load_balanced_machines_share_a_port() -> None:
    shared = {"name": "http", "local_port": 80, "port": 80, "load_balanced_set": "front"}
    assert problems(plan_of(group(5, endpoints=[shared]))) == []
    other = {**shared, "load_balanced_set": "back"}
    assert problems(plan_of(group(1, endpoints=[shared]), group(1, name="x", endpoints=[other])))


def test_ports_are_those_of_an_address() -> None:
    def plan(**second: Any) -> dict[str, Any]:
        http = {"name": "http", "local_port": 80, "port": 80}
        return plan_of(group(endpoints=[http]), group(name="x", endpoints=[{**http, **second}]))

    assert problems(plan(virtual_ip="second")) == []
    assert problems(plan(load_balancer="inside")) == []
    ((where, rule),) = problems(plan())
    assert (where, "public tcp port 80 is taken by role web01" in rule) == ("fleet/web/x", True)
    both = plan(virtual_ip="Second")
    both["services"][0]["deployments"][0]["roles"][0]["endpoints"][0]["virtual_ip"] = "second"
    ((_, rule),) = problems(both)
    assert "public tcp port 80 of virtual IP 'second' is taken by role web01" in rule


def test_ports_of_existing_machines_are_those_of_their_address() -> None:
    ssh = {"Name": "ssh", "Port": 22001, "LocalPort": 22, "Protocol": "tcp"}

    def there(**more: Any) -> Catalogue:
        network = {"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": [{**ssh, **more}]}
        addresses = [{"Name": "first"}, {"Name": "second"}]
        role = {"RoleName": "old", "ConfigurationSets": [network]}
        return existing(RoleList=[role], VirtualIPs=addresses)

    taken = "public tcp port 22001 is taken by the existing role old"
    assert against(plan_of(group()), there()) == [("fleet/web/web01", taken)]
    assert against(plan_of(group()), there(VirtualIPName="First")) == [("fleet/web/web01", taken)]
    assert against(plan_of(group()), there(VirtualIPName="second")) == []
    assert against(plan_of(group()), there(LoadBalancerName="inside")) == []


@pytest.mark.parametrize(
    ("change", "place", "rule"),
    [
        (
            {"provisioning": {"HostName": "h", "UserName": "u", "UserPassword": "short"}},
            "provisioning.UserPassword",
            "provisioning.UserPassword: 6 to 72",
        ),
        (
            {"provisioning": {"MachineName": "x" * 16}},
            "provisioning.MachineName",
            "provisioning.MachineName: 1 to 15",
        ),
        ({"data_disks": [{"LUN": 1, "DiskLabel": "x"}]}, "data_disks[0]", "data_disks[0]: say which disk"),
        (
            {"data_disks": [{"LogicalDiskSizeInGB": 5000}], "attach": "WITH_ROLE"},
            "data_disks[0].LogicalDiskSizeInGB",
            "1 to 1023 GB",
        ),
        (
            {"endpoints": [{"name": "a", "local_port": 1, "port": 70000}]},
            "endpoints[0].port",
            "endpoints[0].port: a number from 1 to 65535",
        ),
        ({"endpoints": [{"name": "a", "local_port": 1, "port": "x"}]}, "endpoints", "must give a number"),
        ({"name": "no!"}, "name", "name: 'no!' is no such name"),
    ],
)
def test_a_mistake_is_told_once_at_its_place_in_the_words_of_the_plan(
    change: dict[str, Any], place: str, rule: str
) -> None:
    plan = Plan.of(plan_of(group(5, **{"endpoints": [], **change})))
    found = [
        each
        for each in check_plan(plan.expand(), PlanLimits())
        if "used twice" not in each.rule and "taken" not in each.rule
    ]
    (problem,) = one_each(found, plan)
    assert problem.place == f"services[0].deployments[0].roles[0].{place}"
    assert rule in problem.rule
    # Five machines, one mistake; those of one name can't be told apart.
    assert problem.others == (0 if place == "name" else 4)
    assert str(problem).startswith("fleet/web/")
    assert ("and 4 more: " in str(problem)) is (place != "name")


def test_problems_have_the_line_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(
        "services:\n- name: fleet\n  deployments:\n  - roles:\n    - name: w\n      image: i\n"
        "      provisioning:\n        HostName: h\n        UserPassword: short\n      size: Huge\n"
    )
    plan = Plan.load(tmp_path / "plan.yaml")
    (problem,) = one_each(check_plan(plan.expand(), PlanLimits()), plan)
    assert problem.line == 9
    assert "(line 9, services[0]" in str(problem)
    lines = {
        each.rule: each.line
        for each in one_each(check_catalogue(plan.expand(), catalogue(), PlanLimits()), plan)
    }
    assert lines == {"there is no OS image 'i'": 6, "there is no role size 'Huge' for virtual machines": 10}


def test_one_deployment_in_each_slot() -> None:
    twice = [{"name": "one", "roles": [group()]}, {"name": "two", "roles": [group()]}]
    found = problems({"services": [{"name": "fleet", "deployments": twice}]})
    assert ("fleet/two", "a service has one deployment in slot Production") in found


def test_limits_may_differ() -> None:
    assert problems(plan_of(group(60)), PlanLimits(roles_per_service=60)) == []
    assert problems(plan_of(group(10)), PlanLimits(roles_per_service=9))
    assert problems(plan_of(group(10)), PlanLimits(endpoints_per_service=9))


def test_all_problems_come_together_and_survive_pickling() -> None:
    found = check_plan(Plan.of(plan_of(group(30, name="x_!{n}", endpoints=[]))).expand(), PlanLimits())
    error = InvalidPlanError(found)
    assert len(error.problems) >= 30
    assert "and 10 more" in str(error)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert again.problems == error.problems
    assert isinstance(error, ValueError)


# --- against the service's lists ------------------------------------------------------------------------


def catalogue(**more: Any) -> Catalogue:
    sizes = [
        RoleSize(name="Small", cores=1, max_data_disk_count=2, supported_by_virtual_machines=True),
        RoleSize(name="Web", cores=1, max_data_disk_count=2, supported_by_virtual_machines=False),
        RoleSize(name="Standard_D14", cores=16, max_data_disk_count=32, supported_by_virtual_machines=True),
    ]
    given: dict[str, Any] = {
        "role_sizes": {(size.name or "").lower(): size for size in sizes},
        "images": frozenset({IMAGE.lower()}),
        "locations": frozenset({"west us"}),
        "affinity_groups": frozenset({"near"}),
        "default_location": "West US",
        **more,
    }
    return Catalogue(**given)


def against(plan: dict[str, Any], found: Catalogue) -> list[tuple[str, str]]:
    services = Plan.of(plan).expand()
    return [(each.where, each.rule) for each in check_catalogue(services, found, PlanLimits())]


def disks(*luns: int) -> list[dict[str, int]]:
    return [{"LogicalDiskSizeInGB": 1, "LUN": lun} for lun in luns]


@pytest.mark.parametrize(
    ("plan", "where", "rule"),
    [
        (plan_of(group(image="nothing")), "fleet/web/web01", "there is no OS image 'nothing'"),
        (plan_of(group(size="Huge")), "fleet/web/web01", "no role size 'Huge'"),
        (plan_of(group(size="Web")), "fleet/web/web01", "no role size 'Web' for virtual machines"),
        (plan_of(group(data_disks=disks(0, 1, 2))), "fleet/web/web01", "at most 2 data disks"),
        (plan_of(group(data_disks=disks(16))), "fleet/web/web01", "LUN 16: size Small has LUN 0 to 15"),
        (plan_of(group(), location="Moon"), "fleet", "there is no location 'Moon'"),
        (plan_of(group(), affinity_group="far"), "fleet", "there is no affinity group 'far'"),
    ],
)
def test_what_the_service_does_not_offer(plan: dict[str, Any], where: str, rule: str) -> None:
    found = against(plan, catalogue())
    assert any(place == where and rule in told for place, told in found), found


def test_large_sizes_have_more_luns() -> None:
    assert against(plan_of(group(size="Standard_D14", data_disks=disks(31))), catalogue()) == []


def test_quotas() -> None:
    tight = Subscription(
        max_core_count=20, current_core_count=15, max_hosted_services=1, current_hosted_services=1
    )
    found = against(plan_of(group(6)), catalogue(subscription=tight))
    assert ("subscription", "the plan needs 6 more cores: the subscription has 20, 15 in use") in found
    assert any("cloud services" in rule for _, rule in found)
    assert (
        against(
            plan_of(group(5)), catalogue(subscription=Subscription(max_core_count=20, current_core_count=15))
        )
        == []
    )


def existing(**deployment: Any) -> Catalogue:
    given = {
        "Name": "web",
        "DeploymentSlot": "Production",
        "RoleList": [
            {
                "RoleName": "old",
                "RoleSize": "Small",
                "ConfigurationSets": [
                    {
                        "ConfigurationSetType": "NetworkConfiguration",
                        "InputEndpoints": [
                            {"Name": "ssh", "Port": 22001, "LocalPort": 22, "Protocol": "tcp"}
                        ],
                    }
                ],
            }
        ],
        **deployment,
    }
    service = HostedService(service_name="fleet", deployments=[Deployment.model_validate(given)])
    return catalogue(services={"fleet": service})


@pytest.mark.parametrize(
    ("plan", "found", "where", "rule"),
    [
        (plan_of(group()), existing(Name="other"), "fleet/web", "the plan says 'web', there is 'other'"),
        (plan_of(group()), existing(DeploymentSlot="Staging"), "fleet/web", "there is 'Staging'"),
        (plan_of(group()), existing(), "fleet/web/web01", "port 22001 is taken by the existing role old"),
        (
            plan_of(group(name="old", size="Standard_D14")),
            existing(),
            "fleet/web/old",
            "there is 'Small'",
        ),
        (plan_of(group(50, endpoints=[])), existing(), "fleet", "1 others exist, the plan has 50"),
    ],
)
def test_what_is_there_already(plan: dict[str, Any], found: Catalogue, where: str, rule: str) -> None:
    told = against(plan, found)
    assert any(place == where and rule in text for place, text in told), told


def test_what_is_there_already_as_planned_is_no_problem() -> None:
    assert against(plan_of(group(name="old")), existing()) == []
