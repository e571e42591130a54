"""What is left to do, from what is known and what is there."""

from __future__ import annotations

from typing import Any

import pytest

from azure_iaas.models import HostedService
from azure_iaas.provisioning.plan import Plan, RoleId
from azure_iaas.provisioning.progress.ledger import Ledger, StepState
from azure_iaas.provisioning.steps import Step, StepKind
from azure_iaas.provisioning.todo import Todo, plan_writes
from tests.provisioning_fleets import fleet
from tests.test_provisioning_ledger import TO, fact

SERVICE = Step(StepKind.CREATE_SERVICE, "fleet001")
FIRST, SECOND = (Step(StepKind.CREATE_ROLE, "fleet001", "web", f"web0{n}") for n in (1, 2))
DISK1, DISK2 = (Step(StepKind.ATTACH_DISK, "fleet001", "web", f"web0{n}", 0) for n in (1, 2))


def known(**states: StepState) -> Ledger:
    """A ledger in which these steps, named as above, have come so far."""
    ledger = Ledger()
    for name, state in states.items():
        for kind in TO[state]:
            ledger.note(fact(kind, globals()[name]))
    return ledger


def there(*roles: str, disks: bool = False, state: str = "ReadyRole", power: str = "Started") -> Any:
    """The plan's cloud service with these machines."""
    listed = [
        {"RoleName": role, "DataVirtualHardDisks": [{"Lun": 0, "DiskName": role}] if disks else []}
        for role in roles
    ]
    instances = [{"RoleName": role, "InstanceStatus": state, "PowerState": power} for role in roles]
    deployment = {"Name": "WEB", "Status": "Running", "RoleList": listed, "RoleInstanceList": instances}
    document = {"ServiceName": "Fleet001", "Deployments": [deployment] if roles else []}
    return {"fleet001": HostedService.model_validate(document)}


def todo(ledger: Ledger, existing: Any) -> Todo:
    services = Plan.of(fleet(1, 2, data_disks=[{"LogicalDiskSizeInGB": 10}])).expand()
    result = plan_writes(ledger, existing, services)
    # What is noted must be possible.
    for kind, step in result.facts:
        ledger.note(fact(kind, step))
    return result


def test_at_first_everything_is_left() -> None:
    result = todo(Ledger(), {})
    assert result.writes == [SERVICE, FIRST, SECOND, DISK1, DISK2]
    assert not result.facts
    assert not result.waits


def test_what_exists_is_recognised_whoever_made_it() -> None:
    result = todo(Ledger(), there("WEB01", disks=True))
    assert result.facts == [("existed", SERVICE), ("existed", FIRST), ("existed", DISK1)]
    assert result.writes == [SECOND, DISK2]
    assert result.waits == [RoleId("fleet001", "web", "web01")]
    assert result.deployments == {("fleet001", "web")}


def test_who_is_stopped_is_not_waited_for() -> None:
    result = todo(Ledger(), there("web01", state="StoppedDeallocated", power="Stopped"))
    assert result.waits == []


def test_what_is_under_way_comes_first_for_it_holds_the_lock() -> None:
    ledger = known(SERVICE=StepState.DONE, FIRST=StepState.DONE, DISK1=StepState.ACCEPTED)
    result = todo(ledger, there("web01"))
    assert result.writes == [DISK1, SECOND, DISK2]
    ledger = known(SERVICE=StepState.DONE, SECOND=StepState.IN_DOUBT)
    assert todo(ledger, there("web02")).writes[0] == SECOND


@pytest.mark.parametrize("state", [StepState.ACCEPTED, StepState.IN_DOUBT])
def test_a_machine_under_way_is_followed_though_it_is_listed(state: StepState) -> None:
    result = todo(known(FIRST=state), there("web01", "web02"))
    assert result.writes[0] == FIRST
    assert result.waits == [RoleId("fleet001", "web", "web02")]


@pytest.mark.parametrize("state", StepState)
def test_disks_and_services_that_are_there_are_settled(state: StepState) -> None:
    ledger = known(SERVICE=state, DISK1=state)
    result = todo(ledger, there("web01", "web02", disks=True))
    assert result.writes == []
    assert ledger.state(SERVICE) in (StepState.DONE, StepState.EXISTED)
    assert ledger.state(DISK1) in (StepState.DONE, StepState.EXISTED)


@pytest.mark.parametrize("state", StepState)
def test_what_is_not_there_is_made_whatever_is_known(state: StepState) -> None:
    ledger = known(SERVICE=state, FIRST=state, DISK1=state)
    result = todo(ledger, {})
    assert set(result.writes) == {SERVICE, FIRST, SECOND, DISK1, DISK2}
    gone = state in (StepState.DONE, StepState.EXISTED)
    assert result.facts == ([("gone", step) for step in (SERVICE, FIRST, DISK1)] if gone else [])
