"""The schema of plans and the plan to start from: current, and as the checks have it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from azure_iaas.emulator import LocalService
from azure_iaas.errors import ConfigurationError
from azure_iaas.provisioning import Plan
from azure_iaas.provisioning.plan import shipped
from azure_iaas.provisioning.simulation import simulate
from tests.provisioning_fleets import fleet
from tests.test_code_blocks import blocks_of
from tools import plan_schema

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads(shipped.schema_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
PASSWORDS = {"FLEET_PASSWORD": "myAdminPwd1"}


def with_group(**more: Any) -> dict[str, Any]:
    return fleet(1, 2, **more)


GOOD = {
    "a fleet": fleet(2, 3),
    "a disk": with_group(data_disks=[{"LogicalDiskSizeInGB": 10}]),
    "a disk in snake case": with_group(data_disks=[{"logical_disk_size_in_gb": 10, "lun": 3}]),
    "Windows": with_group(provisioning={"ComputerName": "{role}", "AdminPassword": "myAdminPwd1"}),
    "keys": with_group(
        provisioning={
            "HostName": "{role}",
            "UserName": "azureuser",
            "DisableSshPasswordAuthentication": True,
            "SSH": {"PublicKeys": [{"Fingerprint": "AB", "Path": "/home/azureuser/.ssh/authorized_keys"}]},
        }
    ),
    "nothing said": with_group(provisioning=None, endpoints=[], data_disks=[], subnets=["web"]),
    "other case": with_group(attach="After", endpoints=[{"name": "a", "protocol": "UDP", "local_port": 53}]),
    "a name that is a number": with_group(availability_set=7),
    "variables": with_group(size="${SIZE}", vm_image="${IS_IMAGE}"),
}
BAD = {
    "no services": {},
    "none": {"services": []},
    "an unknown key": {**fleet(), "service": []},
    "a misspelt key": with_group(cuont=3),
    "a misspelt documented word": with_group(provisioning={"HostNam": "a", "UserName": "b"}),
    "a misspelt disk": with_group(data_disks=[{"LogicalDiskSize": 10}]),
    "no image": {
        "services": [{"name": "a", "deployments": [{"roles": [{"name": "b", "size": "Small"}]}]}],
    },
    "too many": fleet(1, 10_001),
    "a port out of range": with_group(endpoints=[{"name": "a", "local_port": 65_536}]),
    "another protocol": with_group(endpoints=[{"name": "a", "local_port": 1, "protocol": "icmp"}]),
    "another way to attach": with_group(attach="before"),
    "a list that isn't": with_group(data_disks={"LogicalDiskSizeInGB": 10}),
}


@pytest.mark.parametrize("values", GOOD.values(), ids=GOOD)
def test_what_the_checks_take_the_schema_takes(values: dict[str, Any]) -> None:
    Plan.of(values, environ={"SIZE": "Small", "IS_IMAGE": "false"})
    VALIDATOR.validate(values)


@pytest.mark.parametrize("values", BAD.values(), ids=BAD)
def test_what_the_checks_refuse_the_schema_refuses(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Plan.of(values)
    assert not VALIDATOR.is_valid(values)


PAGES = sorted((ROOT / "docs").glob("*.md"))


def test_plans_of_pages_are_right_by_the_schema() -> None:
    plans = [
        yaml.safe_load(block.code)
        for page in PAGES
        for block in blocks_of(page.read_text(encoding="utf-8"))
        if block.language == "yaml" and block.code.startswith("services:")
    ]
    assert plans
    for plan in plans:
        VALIDATOR.validate(plan)


def test_the_schema_is_current_and_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert shipped.schema_text() == plan_schema.text(), "python -m tools.plan_schema"


def test_every_key_of_a_plan_is_explained() -> None:
    for name, part in plan_schema.PARTS.items():
        definition = SCHEMA if name == "Plan" else SCHEMA["$defs"][name]
        assert definition["properties"].keys() == part.model_fields.keys()
        for key, value in definition["properties"].items():
            assert value.get("description"), f"{name}.{key}"


def test_the_plan_to_start_from_is_made_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(shipped.starter_text(), encoding="utf-8")
    assert shipped.starter_text().startswith(f"# yaml-language-server: $schema={shipped.SCHEMA_NAME}\n")
    VALIDATOR.validate(yaml.safe_load(shipped.starter_text()))
    plan = Plan.load(file, environ=PASSWORDS)
    done = simulate(plan, lambda clock: LocalService(sockets=False, clock=clock))
    assert done.report.summary().startswith("6 roles: 6 created;")
