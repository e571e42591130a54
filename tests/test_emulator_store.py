"""The state file: what was accepted survives, and nothing else's file is touched."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from azure_iaas.emulator.store import Store
from azure_iaas.errors import ConfigurationError
from tests.emulator_driver import (
    PASSWORD,
    SUBSCRIPTION,
    Driver,
    data_disk,
    deployment,
    element,
    endpoint,
    operation,
    vm_role,
)

Opener = Callable[[Path], Store]

DEP = "services/hostedservices/svc/deployments/dep"


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Open state files, and close them when the test is over."""
    stores: list[Store] = []

    def open_store(path: Path) -> Store:
        stores.append(Store(path))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


def _again(driver: Driver, path: Path, opened: Opener) -> Driver:
    """A new service on the same file, as after a crash: the old one isn't closed."""
    later = Driver(store=opened(path))
    later.now = driver.now
    return later


def test_an_accepted_operation_continues_by_the_clock(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "state.sqlite"
    driver = Driver(store=opened(path))
    driver.create_service()
    request_id = driver.ok(
        "POST", "services/hostedservices/svc/deployments", deployment("dep", vm_role("vm0", root="Role"))
    )
    again = _again(driver, path, opened)
    assert "InProgress" in again.get(f"operations/{request_id}")
    again.wait(600)
    assert "Succeeded" in again.get(f"operations/{request_id}")
    assert again.states() == {"vm0": ("ReadyRole", "Started")}


def test_effects_to_come_survive_and_happen_once(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "state.sqlite"
    driver = Driver(store=opened(path))
    driver.create_service()
    driver.create_deployment(endpoints=endpoint("ssh", 22))
    driver.ok("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(1))
    again = _again(driver, path, opened)
    again.wait(60)
    assert again.get(f"{DEP}/roles/vm0").count("<DataVirtualHardDisk>") == 1
    # Applied on a read, so not kept yet: the next start applies it again, to the same state.
    third = _again(again, path, opened)
    assert third.get(f"{DEP}/roles/vm0").count("<DataVirtualHardDisk>") == 1
    third.done("POST", f"{DEP}/roles", vm_role("vm1"))
    fourth = _again(third, path, opened)
    assert fourth.get(DEP) == third.get(DEP)
    assert fourth.get(f"{DEP}/roles/vm0").count("<DataVirtualHardDisk>") == 1


def test_all_resources_come_back_as_they_were(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "state.sqlite"
    driver = Driver(store=opened(path))
    driver.create_service()
    driver.create_deployment(endpoints=endpoint("ssh", 22), availability_set="set")
    stop = operation("ShutdownRoleOperation", "<PostShutdownAction>StoppedDeallocated</PostShutdownAction>")
    driver.done("POST", f"{DEP}/roleinstances/vm0/Operations", stop)
    paths = [
        DEP,
        f"{DEP}/roles/vm0",
        "services/disks",
        "services/storageservices",
        "services/hostedservices",
        "",
    ]
    account = element(driver.get("services/storageservices"), "ServiceName")
    paths.append(f"services/storageservices/{account}/keys")
    before = {each: driver.get(each) for each in paths}
    again = _again(driver, path, opened)
    assert {each: again.get(each) for each in paths} == before


def test_ids_never_repeat_over_restarts(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "state.sqlite"
    seen: set[str] = set()
    for _ in range(4):
        driver = Driver(store=opened(path))
        for _ in range(5):
            request_id = driver.send("GET", "locations").headers["x-ms-request-id"]
            assert request_id not in seen
            seen.add(request_id)


def test_removed_resources_stay_removed(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "state.sqlite"
    driver = Driver(store=opened(path))
    request_id = driver.create_service()
    driver.ok("DELETE", "services/hostedservices/svc", status=200)
    again = _again(driver, path, opened)
    assert again.send("GET", "services/hostedservices/svc").status == 404
    assert "Succeeded" in again.get(f"operations/{request_id}")
    again.create_service()


def test_the_file_holds_no_secrets(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "state.sqlite"
    store = opened(path)
    driver = Driver(store=store)
    driver.create_service()
    driver.create_deployment()
    driver.ok("POST", f"{DEP}/roles", vm_role("vm1"))
    account = element(driver.get("services/storageservices"), "ServiceName")
    key = element(driver.get(f"services/storageservices/{account}/keys"), "Primary")
    store.close()
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"svc" in kept
    assert PASSWORD.encode() not in kept
    assert key.encode() not in kept


def test_another_subscription_keeps_its_state_while_it_is_not_served(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "state.sqlite"
    Driver(store=opened(path)).create_service()
    other = "00000000-0000-0000-0000-000000000001"
    stranger = Driver(store=opened(path), subscriptions=[other])
    stranger.send("POST", "services/hostedservices", subscription=other)
    assert "<ServiceName>svc</ServiceName>" in Driver(store=opened(path)).get("services/hostedservices")


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to look at" * 50, b"SQLite format 3\0junk"]
)
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.sqlite"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"state\.sqlite"):
        Store(path)
    assert path.read_bytes() == content


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other (x)")
    connection.commit()
    connection.close()
    with pytest.raises(ConfigurationError, match="not a state file"):
        Store(path)


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ConfigurationError, match="format 99"):
        Store(path)


def test_a_resource_that_cannot_be_read_is_named(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "state.sqlite"
    store = Store(path)
    store.commit([(SUBSCRIPTION, "hosted_service", "svc", '{"name": 1}')])
    store.close()
    with pytest.raises(ConfigurationError, match="hosted_service svc"):
        Driver(store=opened(path))


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        Store(tmp_path / "none" / "state.sqlite")


_VICTIM = """
import sys
from azure_iaas.emulator.store import Store
from tests.emulator_driver import Driver
driver = Driver(store=Store(sys.argv[1]))
number = 0
while True:
    number += 1
    request_id = driver.create_service(f"svc{number}")
    print(f"svc{number} {request_id}", flush=True)
"""


def test_what_was_answered_survives_kill_9(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "state.sqlite"
    root = os.fspath(pytest.importorskip("tests").__path__[0] + "/..")
    victim = subprocess.Popen(
        [sys.executable, "-c", _VICTIM, os.fspath(path)], cwd=root, stdout=subprocess.PIPE, text=True
    )
    assert victim.stdout is not None
    with victim.stdout as lines:
        answered = [lines.readline().split() for _ in range(20)]
        victim.send_signal(signal.SIGKILL)
        victim.wait(timeout=30)
    driver = Driver(store=opened(path))
    listed = driver.get("services/hostedservices")
    for name, request_id in answered:
        assert f"<ServiceName>{name}</ServiceName>" in listed
        assert "Succeeded" in driver.get(f"operations/{request_id}")
