"""A write that can't be kept: nothing of it stays, and what was answered is there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.emulator.store import FILE_NAME, Store
from tests.emulator_driver import SUBSCRIPTION, Driver, data_disk, hosted_service, operation, vm_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEP = "services/hostedservices/svc/deployments/dep"
READS = ("services/hostedservices", DEP, f"{DEP}/roles/vm0", "services/disks", "services/storageservices")


class FailingConnection:
    """A connection whose nth statement fails, before it is carried out or after.

    Attributes:
        left: statements until then; negative for never.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.left = -1
        self.after = False
        self.lasting = False

    @property
    def in_transaction(self) -> bool:
        return self.connection.in_transaction

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        fails = self.left == 0
        self.left -= 0 if fails and self.lasting else 1
        if fails and not self.after:
            raise sqlite3.OperationalError("disk I/O error")
        cursor = self.connection.execute(*arguments)
        if fails:
            raise sqlite3.OperationalError("disk I/O error")
        return cursor

    def close(self) -> None:
        self.connection.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / FILE_NAME)) as store:
        yield store


@pytest.fixture
def driver(store: Store) -> Driver:
    """A service with a deployment, an effect to come, and one that has passed and isn't kept yet."""
    driver = Driver(store=store)
    driver.create_service()
    driver.create_deployment()
    driver.ok("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(1))
    driver.wait(60)
    assert "<Lun>1</Lun>" in driver.get(f"{DEP}/roles/vm0")
    driver.ok("POST", f"{DEP}/roles", vm_role("vm1"))
    return driver


def on_disk(driver: Driver) -> dict[str, str]:
    """What a service answers that starts on the files as they are now."""
    world = driver.service._world
    assert world.store is not None
    path = Path(world.store.path)
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", folder)
        with closing(Store(Path(folder) / path.name)) as store:
            later = Driver(store=store, subscriptions=list(world.subscriptions))
            later.now = driver.now
            return {path: later.send("GET", path).body.decode() for path in READS}


def in_memory(driver: Driver) -> dict[str, str]:
    return {path: driver.send("GET", path).body.decode() for path in READS}


WRITES: dict[str, Callable[[Driver], object]] = {
    "service": lambda driver: driver.send("POST", "services/hostedservices", hosted_service("new")),
    "role": lambda driver: driver.send(
        "POST", f"{DEP}/roles", vm_role("vm2", data_disks=data_disk(0, inner="1"))
    ),
    "delete": lambda driver: driver.send("DELETE", "services/hostedservices/svc?comp=media"),
    "stop": lambda driver: driver.send(
        "POST", f"{DEP}/roleinstances/vm0/Operations", operation("ShutdownRoleOperation")
    ),
    "lock": lambda driver: driver.service.hold_lock("svc", 60, driver.now),
}


def outcome(write: Callable[[Driver], object], driver: Driver) -> str | None:
    """What a write failed with, or None."""
    try:
        write(driver)
    except OSError as error:
        return str(error)
    return None


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("write", ["service", "role", "delete", "stop", "lock"])
def test_a_failure_at_any_statement_leaves_nothing_half(
    driver: Driver, store: Store, write: str, after: bool, lasting: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = FailingConnection(store._connection)
    monkeypatch.setattr(store, "_connection", connection)
    driver.wait(300)
    before = in_memory(driver)
    assert on_disk(driver) == before
    for statement in range(100):
        connection.left, connection.after, connection.lasting = statement, after, lasting
        if (refusal := outcome(WRITES[write], driver)) is not None:
            assert "cannot be written: disk I/O error" in refusal
            if lasting:
                # Nothing is answered from a state that may not be kept.
                for path in READS[:2]:
                    with pytest.raises(OSError, match="disk I/O error"):
                        driver.send("GET", path)
            connection.left = -1
            state = in_memory(driver)
            assert state == on_disk(driver)
            if state != before:  # the commit itself was carried out, and its answer was lost
                assert after
                break
        else:
            assert statement >= 3
            break
    connection.left = -1
    assert in_memory(driver) == on_disk(driver) != before


def test_a_write_that_failed_may_be_repeated_and_ids_go_on(
    driver: Driver, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(changes: object) -> None:
        raise OSError("disk full")

    first = driver.send("GET", "locations").headers["x-ms-request-id"]
    driver.wait(300)
    with monkeypatch.context() as patch:
        patch.setattr(store, "commit", full)
        for _ in range(3):
            with pytest.raises(OSError, match="disk full"):
                driver.create_service("new")
            assert driver.send("GET", "services/hostedservices/new").status == 404
    second = driver.create_service("new")
    assert second != first
    assert driver.send("POST", "services/hostedservices", hosted_service("new")).status == 409


def test_effects_to_come_happen_once_after_a_failure(
    driver: Driver, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(changes: object) -> None:
        raise OSError("disk full")

    driver.wait(300)
    driver.ok("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(2))
    with monkeypatch.context() as patch:
        patch.setattr(store, "commit", full)
        with pytest.raises(OSError, match="disk full"):
            driver.create_service("new")
    driver.wait(60)
    assert driver.get(f"{DEP}/roles/vm0").count("<Lun>2</Lun>") == 1
    assert in_memory(driver) == on_disk(driver)


def test_a_failure_to_come_waits_for_a_write_that_is_kept(
    driver: Driver, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(changes: object) -> None:
        raise OSError("disk full")

    driver.wait(300)
    driver.service.fail_next_write(500, "InternalError", "no luck")
    with monkeypatch.context() as patch:
        patch.setattr(store, "commit", full)
        with pytest.raises(OSError, match="disk full"):
            driver.send("POST", f"{DEP}/roles", vm_role("vm2"))
    assert "no luck" in driver.done("POST", f"{DEP}/roles", vm_role("vm2"))


def test_a_mistake_in_a_handler_leaves_nothing_half(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    before = in_memory(driver)

    def mistaken(*_: object) -> None:
        driver.service._world.subscriptions[SUBSCRIPTION].hosted_services.remove("svc")
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(driver.service, "_answer", mistaken)
        with pytest.raises(ZeroDivisionError):
            driver.send("POST", "services/hostedservices", hosted_service("new"))
    assert in_memory(driver) == before == on_disk(driver)


def test_a_snapshot_that_cannot_be_kept_leaves_the_present_state(
    driver: Driver, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = driver.service.snapshot()
    driver.create_service("later")
    before = in_memory(driver)

    def full(changes: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "commit", full)
        with pytest.raises(OSError, match="disk full"):
            driver.service.restore(snapshot)
    assert in_memory(driver) == before == on_disk(driver)
    driver.service.restore(snapshot)
    assert "<ServiceName>later</ServiceName>" not in in_memory(driver)["services/hostedservices"]
    assert in_memory(driver) == on_disk(driver)


def test_damage_while_it_runs_is_said_and_not_answered_from(
    driver: Driver, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(changes: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "commit", full)
        with pytest.raises(OSError, match="disk full"):
            driver.create_service("new")
    store._connection.execute("UPDATE resource SET document = '{}' WHERE key = 'svc'")
    for _ in range(2):
        with pytest.raises(OSError, match="1 rows can't be read any more"):
            driver.send("GET", "services/hostedservices")


def test_what_one_write_made_comes_back_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    disks = "".join(data_disk(lun, inner="1") for lun in range(8))
    with closing(Store(path)) as store:
        driver = Driver(store=store)
        driver.create_service()
        driver.create_deployment(data_disks=disks, size="ExtraLarge")
        before = driver.get("services/disks")
    with closing(Store(path)) as store:
        again = Driver(store=store)
        again.now = driver.now
        assert again.get("services/disks") == before


_FULL_DISK = """
import resource, signal, sys
from azure_iaas.emulator.store import Store
from tests.emulator_driver import SUBSCRIPTION, Driver

driver = Driver(store=Store(sys.argv[1]))
names = [driver.create_service(f"before{number}") and f"before{number}" for number in range(3)]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
refused = 0
number = 0
while refused < 5:
    number += 1
    try:
        driver.create_service(f"svc{number}")
        names.append(f"svc{number}")
    except OSError as error:
        assert "cannot be written" in str(error), error
        refused += 1
        assert driver.send("GET", f"services/hostedservices/svc{number}").status == 404
        listed = driver.get("services/hostedservices")
        assert listed.count("<ServiceName>") == len(names), "a read shows what was answered"
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
driver.create_service("room")
names.append("room")
print(refused, *names)
sys.stdout.flush()
import os
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files, as POSIX has it")
@pytest.mark.parametrize("limit", [200_000, 250_001, 300_100])
def test_a_full_disk_loses_nothing_answered_and_keeps_nothing_unanswered(tmp_path: Path, limit: int) -> None:
    path = tmp_path / FILE_NAME
    process = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, os.fspath(path), str(limit)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert process.stdout, process.stderr
    refused, *names = process.stdout.split()
    assert int(refused) == 5
    with closing(Store(path)) as store:
        driver = Driver(store=store)
        driver.now += timedelta(hours=1)
        listed = driver.get("services/hostedservices")
    assert listed.count("<ServiceName>") == len(names)
    assert all(f"<ServiceName>{name}</ServiceName>" in listed for name in names)
