"""Effects: typed, kept by name, and read from state files of before they were classes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import azure_iaas.emulator.routes  # noqa: F401 - registers every effect
from azure_iaas.emulator.effect import Effect, Scheduled, kept_as
from azure_iaas.emulator.machines.removals import RoleRemoved
from azure_iaas.emulator.store import Store
from tests.emulator_driver import SUBSCRIPTION, Driver

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Subscription
    from azure_iaas.emulator.world import World

BEFORE: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "states" / "before_typed_effects.json").read_text()
)
"""Written by the program as it was when effects were functions, called by name with loose values."""


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    return value


@pytest.mark.parametrize("kind", sorted(BEFORE["effects"]))
def test_a_kept_effect_of_before_is_read(kind: str) -> None:
    kept = BEFORE["effects"][kind]
    scheduled = Scheduled.load(json.dumps(kept))
    assert scheduled.effect.kind == kind
    again = json.loads(scheduled.dump())
    assert Scheduled.load(json.dumps(again)) == scheduled
    if kind == "role_updated":  # the disks that don't change are said now
        again["data"]["disks"] = kept["data"]["disks"]
    assert without_nulls(again) == without_nulls(kept)


def test_a_state_file_of_before_goes_on_as_it_would_have(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.sqlite3")
    store.commit([(owner, kind, key, json.dumps(document)) for owner, kind, key, document in BEFORE["rows"]])
    driver = Driver(store=store)
    driver.now = datetime.fromisoformat(BEFORE["at"])
    driver.wait(20 * 60)
    assert driver.get("services/hostedservices/svc/deployments/dep") == BEFORE["deployment_later"]
    store.close()


@pytest.mark.parametrize(
    "change", [{"kind": "moon_landed"}, {"data": {}}, {"data": {"disk": ["not a name"]}}]
)
def test_what_this_version_does_not_know_is_set_aside(
    tmp_path: Path, change: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path / "state.sqlite3")
    kept = BEFORE["effects"]["disk_released"] | change
    store.commit([("", "effect", "119", json.dumps(kept))])
    Driver(store=store)
    assert "effect '119' is set aside: " in caplog.text
    store.close()


def test_two_effects_cannot_be_kept_under_one_name() -> None:
    with pytest.raises(ValueError, match="two effects are kept as 'role_removed'"):

        @kept_as("role_removed")
        @dataclass(frozen=True, slots=True)
        class Other(Effect):
            def apply(self, world: World, subscription: Subscription, at: float) -> None: ...

    effect = RoleRemoved("svc", "Production", "vm", media=True)
    assert Scheduled.load(Scheduled(1.0, 1, SUBSCRIPTION, effect).dump()).effect == effect
