"""Plans as data: patterns, files, what is hidden, what is refused."""

from __future__ import annotations

import builtins
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.errors import ConfigurationError
from azure_iaas.models import LinuxProvisioningConfiguration, ProvisioningConfiguration
from azure_iaas.provisioning.plan import Plan
from azure_iaas.provisioning.plan.templates import fill, leftover
from tests.provisioning_fleets import IMAGE, PASSWORD, fleet

if TYPE_CHECKING:
    from pathlib import Path

YAML = """
services:
  - name: fleet{n:02}
    count: 2
    location: West US
    deployments:
      - roles:
          - name: web{n:02}
            count: 3
            first: 7
            image: some-image
            provisioning:
              HostName: "{service}-{role}"
              UserName: azureuser
              UserPassword: "${FLEET_PASSWORD}"
            endpoints: [{name: ssh, local_port: 22, port: "22{n:03}"}]
            data_disks:
              - LogicalDiskSizeInGB: 10
              - {LogicalDiskSizeInGB: 20, LUN: 5, DiskLabel: "{role} data"}
"""


def test_a_plan_in_yaml_and_json_is_the_same(tmp_path: Path) -> None:
    environ = {"FLEET_PASSWORD": PASSWORD}
    (tmp_path / "plan.yaml").write_text(YAML)
    plan = Plan.load(tmp_path / "plan.yaml", environ=environ)
    values = plan.model_dump(mode="json", exclude_unset=True)
    values["services"][0]["deployments"][0]["roles"][0]["provisioning"] = {
        "HostName": "{service}-{role}",
        "UserName": "azureuser",
        "UserPassword": "${FLEET_PASSWORD}",
    }
    (tmp_path / "plan.json").write_text(json.dumps(values))
    again = Plan.load(tmp_path / "plan.json", environ=environ)
    assert again.digest == plan.digest
    assert [service.name for service in plan.expand()] == ["fleet01", "fleet02"]


def test_patterns_are_filled(tmp_path: Path) -> None:
    (tmp_path / "plan.yml").write_text(YAML)
    plan = Plan.load(tmp_path / "plan.yml", environ={"FLEET_PASSWORD": PASSWORD})
    second = plan.expand()[1]
    assert [str(role.id) for role in second.roles] == [f"fleet02/fleet02/web{n:02}" for n in (7, 8, 9)]
    role = list(second.roles)[1].vm_role()
    assert role.role_name == "web08"
    assert role.role_size == "Small"
    own = role.provisioning_configuration
    assert isinstance(own, LinuxProvisioningConfiguration)
    assert own.host_name == "fleet02-web08"
    assert own.user_password is not None
    assert own.user_password.get_secret_value() == PASSWORD
    assert role.network_configuration is not None
    assert [each.port for each in role.network_configuration.input_endpoints] == [22008]
    assert role.data_disks == []
    disks = list(second.roles)[1].data_disks()
    assert [(disk.lun, disk.disk_label) for disk in disks] == [(0, None), (5, "web08 data")]
    assert second.options() == {"Location": "West US"}


def test_a_machine_name_means_windows() -> None:
    windows = {"MachineName": "{role}", "AdminPassword": PASSWORD, "AdminUsername": "boss"}
    plan = Plan.of(
        fleet(1, 1, provisioning=windows, attach="with_role", data_disks=[{"LogicalDiskSizeInGB": 5}])
    )
    (service,) = plan.expand()
    (role,) = service.roles
    document = role.vm_role()
    assert isinstance(document.provisioning_configuration, ProvisioningConfiguration)
    assert document.provisioning_configuration.machine_name == "web01"
    assert [disk.logical_disk_size_in_gb for disk in document.data_disks] == [5]


def test_passwords_are_never_patterns_and_never_shown() -> None:
    secret = "Ab1-{n}-{role}"
    plan = Plan.of(fleet(1, 1, provisioning={"HostName": "h", "UserName": "u", "UserPassword": secret}))
    (service,) = plan.expand()
    own = next(iter(service.roles)).vm_role().provisioning_configuration
    assert isinstance(own, LinuxProvisioningConfiguration)
    assert own.user_password is not None
    assert own.user_password.get_secret_value() == secret
    shown = repr(plan) + str(plan) + repr(plan.expand()) + plan.model_dump_json()
    assert secret not in shown


def test_the_digest_recognises_the_plan_but_not_the_password() -> None:
    def with_password(password: str) -> str:
        own = {"HostName": "h", "UserName": "u", "UserPassword": password}
        return Plan.of(fleet(1, 1, provisioning=own)).digest

    assert with_password("First-123") == with_password("Other-456")
    assert Plan.of(fleet(1, 1)).digest != Plan.of(fleet(1, 2)).digest


ROLE = "services[0].deployments[0].roles[0]"


def _slot(slot: str) -> dict[str, Any]:
    plan = fleet(1, 1)
    plan["services"][0]["deployments"][0]["slot"] = slot
    return plan


def test_words_are_taken_in_any_case_as_the_client_takes_them() -> None:
    plan = _slot("pRODUCTION")
    plan["services"][0]["deployments"][0]["roles"][0]["endpoints"][0]["protocol"] = "TCP"
    plan["services"][0]["deployments"][0]["roles"][0]["attach"] = "After"
    deployment = Plan.of(plan).services[0].deployments[0]
    assert deployment.slot == "Production"
    assert (deployment.roles[0].endpoints[0].protocol, deployment.roles[0].attach) == ("tcp", "after")
    assert Plan.of(plan).digest == Plan.of(_slot("Production")).digest


def test_all_mistakes_come_together_with_their_lines(tmp_path: Path) -> None:
    text = (
        YAML.replace("count: 3", "count: three").replace("UserName:", "UserNam:").replace("LUN: 5", "LUN: x")
    )
    (tmp_path / "plan.yaml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        Plan.load(tmp_path / "plan.yaml", environ={"FLEET_PASSWORD": PASSWORD})
    assert str(caught.value).partition("plan.yaml': ")[2].split("; services") == [
        f"{ROLE}.count: a whole number is needed (line 9)",
        f"{ROLE.removeprefix('services')}.provisioning: 'UserNam' is unknown; 'UserName' is meant? (line 14)",
        f"{ROLE.removeprefix('services')}.data_disks[1].LUN: a whole number is needed (line 19)",
    ]


def test_the_digest_is_what_it_was_in_journals_of_before() -> None:
    plan = Plan.of(fleet(2, 2, data_disks=[{"LogicalDiskSizeInGB": 1}]))
    assert plan.digest == "70faa54451a2cbaa23477da5a877386082e769022d18b043be57b1f42737bbad"
    other = {"name": "ssh", "local_port": 22, "load_balancer": "inside"}
    assert Plan.of(fleet(1, 1, endpoints=[other])).digest != Plan.of(fleet(1, 1)).digest


def _broken(change: Any) -> dict[str, Any]:
    plan = fleet(1, 1)
    change(plan["services"][0]["deployments"][0]["roles"][0])
    return plan


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "plan: 'services' is missing"),
        ([], "plan: a mapping with 'services' is needed, not list"),
        ({"services": []}, "plan: services: at least one is needed"),
        ({"servces": []}, "plan: 'servces' is unknown; 'services' is meant?"),
        (
            _broken(lambda role: role.update(sise="Small")),
            f"plan: {ROLE}: 'sise' is unknown; 'size' is meant?",
        ),
        (_broken(lambda role: role.update(zzz=1)), f"plan: {ROLE}: 'zzz' is unknown; known are name, count,"),
        (_broken(lambda role: role.update(count=0)), f"plan: {ROLE}.count: at least 1"),
        (_broken(lambda role: role.update(count=10**9)), f"plan: {ROLE}.count: at most 10000"),
        (_broken(lambda role: role.update(count="x")), f"plan: {ROLE}.count: a whole number is needed"),
        (_broken(lambda role: role.pop("image")), f"plan: {ROLE}: 'image' is missing"),
        (
            _broken(lambda role: role.update(imgae=role.pop("image"))),
            f"plan: {ROLE}: 'imgae' is unknown; 'image' is meant?",
        ),
        (
            _broken(lambda role: role["provisioning"].update(UserNam="x")),
            f"plan: {ROLE}.provisioning: 'UserNam' is unknown; 'UserName' is meant?",
        ),
        (
            _broken(lambda role: role.update(provisioning="x")),
            f"plan: {ROLE}.provisioning: a mapping is needed",
        ),
        (
            _broken(lambda role: role["provisioning"].update(UserPassword=[PASSWORD])),
            f"plan: {ROLE}.provisioning.UserPassword: a text is needed",
        ),
        (
            _broken(lambda role: role.update(data_disks=[{"LogicalDiskSizeInGb": 1}])),
            f"plan: {ROLE}.data_disks[0]: 'LogicalDiskSizeInGb' is unknown; 'LogicalDiskSizeInGB' is meant?",
        ),
        (_broken(lambda role: role.update(data_disks={})), f"plan: {ROLE}.data_disks: a list is needed"),
        (
            _broken(lambda role: role.update(vm_image="perhaps")),
            f"plan: {ROLE}.vm_image: true or false is needed",
        ),
        (
            _broken(lambda role: role["endpoints"][0].update(protocol="icmp")),
            f"plan: {ROLE}.endpoints[0].protocol: 'tcp' or 'udp' is needed",
        ),
        (
            _broken(lambda role: role["endpoints"][0].update(port=[1])),
            f"plan: {ROLE}.endpoints[0].port: a number is needed, or a pattern that gives one",
        ),
        (_slot("Testing"), "plan: services[0].deployments[0].slot: 'Production' or 'Staging' is required"),
    ],
)
def test_mistakes_in_the_values_are_named(values: Any, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Plan.of(values)
    assert str(caught.value).startswith(told)
    assert "; services" not in str(caught.value)  # a mistake is told once, not again for what it stands in
    assert PASSWORD not in str(caught.value)
    assert caught.value.__context__ is None or PASSWORD not in str(caught.value.__context__)


def test_a_variable_that_is_not_set_is_named() -> None:
    own = {"HostName": "h", "UserName": "u", "UserPassword": "${NOT_SET_ANYWHERE}"}
    with pytest.raises(ConfigurationError, match="NOT_SET_ANYWHERE isn't set"):
        Plan.of(fleet(1, 1, provisioning=own), environ={})


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("plan.json", '{"services": [', "isn't JSON .line 1.: Expecting value"),
        ("plan.json", f'{{"password": "{PASSWORD}", }}', "isn't JSON .line 1.: "),
        ("plan.yaml", f"services: [{PASSWORD}", "isn't YAML .line 1.: expected ',' or ']'"),
        ("plan.yaml", f"a: 1\nb: *{PASSWORD}", "isn't YAML .line 2.: found undefined alias ..."),
        ("plan.yaml", f"a: 1\nb: !{PASSWORD} x", "isn't YAML .line 2.: could not determine a constructor"),
        ("plan.yaml", "a: b: c", "isn't YAML .line 1.: mapping values are not allowed here"),
        ("plan.yaml", "a: 1\nb: \x07", "isn't YAML .line 2.: a character no YAML file may hold"),
        ("plan.yaml", "a: 2012-13-45", "isn't YAML .a date or number that is none"),
        ("plan.yaml", "a: 1\nb: {c: 2}\na: 3", "a: is there twice, on lines 1 and 3"),
        ("plan.yaml", "- a\n", "a mapping with 'services' is needed"),
        ("plan.yaml", "services: !!python/object/apply:os.system ['true']\n", "isn't YAML"),
        ("plan.yaml", "[" * 100_000, "isn't YAML .it is nested too deep"),
        ("plan.json", "[" * 100_000, "isn't JSON .it is nested too deep"),
    ],
)
def test_files_that_are_no_plans_are_refused(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigurationError, match=told) as caught:
        Plan.load(tmp_path / name)
    assert PASSWORD not in repr(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"absent\.json.: can't be read"):
        Plan.load(tmp_path / "absent.json")


def test_yaml_without_its_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_yaml(name: str, *arguments: Any, **more: Any) -> Any:
        if name == "yaml":
            raise ModuleNotFoundError(name)
        return real(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without_yaml)
    (tmp_path / "plan.yaml").write_text(YAML)
    with pytest.raises(ConfigurationError, match=r"azure-iaas\[cli\]"):
        Plan.load(tmp_path / "plan.yaml")
    (tmp_path / "plan.json").write_text(json.dumps(fleet(1, 1)))
    assert Plan.load(tmp_path / "plan.json").expand()


def test_a_vm_image_takes_the_place_of_the_os_disk() -> None:
    plan = Plan.of(fleet(1, 1, vm_image=True, media_link="https://a.blob.core.windows.net/{service}"))
    (service,) = plan.expand()
    document = next(iter(service.roles)).vm_role()
    assert document.vm_image_name == IMAGE
    assert document.media_location == "https://a.blob.core.windows.net/fleet001"
    assert document.os_disk is None


@pytest.mark.parametrize(
    ("disk", "existing"),
    [
        ({"LogicalDiskSizeInGB": 1}, False),
        ({"LogicalDiskSizeInGB": 1, "DiskLabel": "x"}, False),
        ({"DiskName": "old"}, True),
        ({"DiskName": "old", "LogicalDiskSizeInGB": 1}, True),
        ({"MediaLink": "https://a/b", "LogicalDiskSizeInGB": 1}, True),
        ({"SourceMediaLink": "https://a/b", "LogicalDiskSizeInGB": 1}, True),
    ],
)
def test_what_may_have_been_there_before_is_known(disk: dict[str, Any], existing: bool) -> None:
    plan = Plan.of(fleet(1, 1, data_disks=[{"LogicalDiskSizeInGB": 1}, disk]))
    assert plan.services[0].deployments[0].roles[0].takes_existing_disks is existing


@given(st.text(), st.integers(0, 10**6))
def test_patterns_run_nothing_and_keep_what_they_do_not_know(text: str, number: int) -> None:
    filled = fill(text, {"n": number})
    if "{n" not in text:
        assert filled == text
    assert fill("{n.__class__}{0}{n!r}", {"n": number}) == "{n.__class__}{0}{n!r}"


def test_patterns_have_widths() -> None:
    assert fill("{n}-{n:03}-{n:3}", {"n": 7}) == "7-007-007"
    assert fill("{role}{n}", {"n": 7}) == "{role}7"
    assert leftover("a{x}") == "{x}"
    assert leftover("ab") is None
