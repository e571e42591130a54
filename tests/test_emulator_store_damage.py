"""Damaged state files: a service starts with what is good and names the rest, or refuses with a sentence."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.cli.main import main
from azure_iaas.emulator import repair
from azure_iaas.emulator.store import FILE_NAME, Store
from azure_iaas.errors import ConfigurationError
from tests import soak
from tests.emulator_driver import SUBSCRIPTION, XMLNS, Driver, data_disk, endpoint, vm_role

if TYPE_CHECKING:
    from collections.abc import Callable

DEP = "services/hostedservices/svc/deployments/dep"
READS = (
    DEP,
    "services/hostedservices/svc?embed-detail=true",
    "services/hostedservices",
    "services/disks",
    "services/images",
    "services/vmimages",
    "services/storageservices",
    "services/networking/reservedips",
    "services/networking/media",
    "affinitygroups",
    "certificates",
    "",
)


def reserved_ip(name: str) -> str:
    return f"<ReservedIP {XMLNS}><Name>{name}</Name><Location>West US</Location></ReservedIP>"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a state file of a service that holds something of most kinds, two effects to come."""
    folder = tmp_path_factory.mktemp("template")
    with closing(Store(folder / FILE_NAME)) as store:
        driver = Driver(store=store)
        driver.create_service()
        driver.done("POST", "services/networking/reservedips", reserved_ip("free"))
        driver.done("POST", "services/networking/reservedips", reserved_ip("held"))
        driver.create_deployment(endpoints=endpoint("ssh", 22))
        names = "<ServiceName>svc</ServiceName><DeploymentName>dep</DeploymentName>"
        held = f"<ReservedIPAssociation {XMLNS}>{names}</ReservedIPAssociation>"
        driver.done("POST", "services/networking/reservedips/held/operations/associate", held)
        driver.done("POST", f"{DEP}/roles", vm_role("vm1"))
        driver.done("DELETE", f"{DEP}/roles/vm1")  # its disk is released later
        driver.done("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(1))
        for number in range(20):
            driver.create_service(f"other{number}")
        driver.ok("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(2))
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(template, tmp_path / "data"))


def changed(folder: Path, *statements: str) -> None:
    """Change the state file behind the service's back."""
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def rows(folder: Path, table: str = "resource") -> set[tuple[str, str]]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.text_factory = lambda text: text.decode(errors="replace")
        return set(connection.execute(f"SELECT kind, key FROM {table} WHERE kind != 'meta'"))


def started(folder: Path, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Start a service and let it answer; what it warned of."""
    caplog.clear()
    with closing(Store(folder / FILE_NAME)) as store:
        driver = Driver(store=store)
        for path in READS:
            assert driver.send("GET", path).status < 500
        driver.wait(3600)
        assert driver.send("POST", "services/hostedservices").status == 400
        for path in READS:
            assert driver.send("GET", path).status < 500
    return [record.getMessage().partition(": ")[2] for record in caplog.records]


def test_a_state_in_order_is_left_alone(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = (folder / FILE_NAME).read_bytes()
    assert repair.check(folder) == []
    assert (folder / FILE_NAME).read_bytes() == before
    assert repair.repair(folder) == []
    assert started(folder, caplog) == []
    assert rows(folder, "set_aside") == set()


def document(folder: Path, kind: str, key: str) -> dict[str, Any]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        (text,) = connection.execute(
            "SELECT document FROM resource WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("hosted_service", "{", "Invalid JSON"),
        ("hosted_service", '{"name": 1}', "name: "),
        ("hosted_service", "[" * 10_000, "Invalid JSON"),
        ("moon", "{}", "this version doesn't know the kind"),
        ("effect", '{"at": 1}', "number: "),
        ("effect", '{"at":1,"number":1,"kind":"moon","subscription":"","data":{}}', "no effect is kept as"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside(
    folder: Path, kind: str, text: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = rows(folder)
    with closing(Store(folder / FILE_NAME)) as store:
        store.commit([(SUBSCRIPTION, kind, "bad", text)])
    (warning,) = started(folder, caplog)
    assert warning.startswith(f"{kind} 'bad' is set aside: {reason}")
    assert rows(folder, "set_aside") == {(kind, "bad")}
    assert rows(folder) >= before - {each for each in before if each[0] in ("effect", "disk")}
    assert started(folder, caplog) == []


@pytest.mark.parametrize("value", ["document || ' '", "CAST(x'c3' AS TEXT)", "x'00'", "5", "NULL", "'{}'"])
def test_a_row_that_was_changed_is_set_aside(
    folder: Path, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    changed(folder, f"UPDATE resource SET document = {value} WHERE key = 'other7'")
    (warning,) = started(folder, caplog)
    assert warning == "hosted_service 'other7' is set aside: it isn't as it was written"
    assert rows(folder, "set_aside") == {("hosted_service", "other7")}


def test_the_values_of_a_document_stay_out_of_warnings(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Store(folder / FILE_NAME)) as store:
        store.commit([(SUBSCRIPTION, "hosted_service", "bad", '{"name": ["canary"], "canary2": 1}')])
    started(folder, caplog)
    assert "is set aside" in caplog.text
    assert "canary" not in caplog.text


def test_many_warnings_are_counted(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with closing(Store(folder / FILE_NAME)) as store:
        store.commit([(SUBSCRIPTION, "moon", str(number), "{}") for number in range(30)])
    warnings = started(folder, caplog)
    assert len(warnings) == 21
    assert warnings[-1] == "and 10 more"


# What follows for others


def test_a_disk_of_a_missing_role_is_free(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    disks = [key for kind, key in rows(folder) if kind == "disk"]
    # The disk of the removed role is released by its effect, in time.
    leased = [key for key in disks if document(folder, "disk", key)["attached_to"][2] == "vm0"]
    changed(folder, "DELETE FROM resource WHERE kind = 'hosted_service' AND key = 'svc'")
    warnings = started(folder, caplog)
    assert len(leased) == 3
    assert len(disks) == 4
    assert {each.rpartition(":")[0] for each in warnings} == {
        *(f"disk {document(folder, 'disk', key)['name']} is free" for key in leased),
        "reserved IP held is free",
    }
    with closing(Store(folder / FILE_NAME)) as store:
        driver = Driver(store=store)
        driver.wait(3600)
        for key in disks:
            driver.ok("DELETE", f"services/disks/{key}", status=200)
        driver.done("DELETE", "services/networking/reservedips/held")


def test_the_lease_of_a_removed_role_ends_when_its_effect_says(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    changed(folder, "DELETE FROM resource WHERE kind = 'effect' AND document LIKE '%disk_released%'")
    (warning,) = started(folder, caplog)
    assert warning.startswith("disk ")
    assert warning.endswith("is free: role vm1 is missing")


def test_a_deployment_keeps_the_address_of_a_missing_reservation(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    changed(folder, "DELETE FROM resource WHERE kind = 'reserved_ip' AND key = 'held'")
    assert started(folder, caplog) == ["deployment dep keeps its address: reserved IP held is missing"]
    with closing(Store(folder / FILE_NAME)) as store:
        driver = Driver(store=store)
        driver.wait(86400)
        text = driver.get(DEP)
    assert "ReservedIPName" not in text
    assert "<VirtualIPs><VirtualIP>" in text


def test_a_role_goes_on_without_its_disks(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    changed(folder, "DELETE FROM resource WHERE kind IN ('disk', 'effect')")
    assert started(folder, caplog) == []
    with closing(Store(folder / FILE_NAME)) as store:
        driver = Driver(store=store)
        driver.wait(3600)
        assert "Succeeded" in driver.done("DELETE", f"{DEP}/roles/vm0/DataDisks/1")
        assert "Succeeded" in driver.done("DELETE", DEP)


@pytest.mark.parametrize("lost", ["kind = 'meta'", "kind IN ('meta', 'effect')"])
def test_no_id_is_given_twice_where_the_counters_are_lost(
    folder: Path, lost: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = {key for kind, key in rows(folder) if kind == "operation"}
    changed(folder, f"DELETE FROM resource WHERE {lost}")
    with closing(Store(folder / FILE_NAME)) as store:
        driver = Driver(store=store)
        after = {driver.send("GET", "locations").headers["x-ms-request-id"] for _ in range(200)}
    assert len(after) == 200
    assert not after & before


# The file


def old_format(folder: Path) -> None:
    """Bring the file into the format of before there were digests."""
    changed(
        folder,
        "CREATE TABLE old (subscription TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, "
        "document TEXT NOT NULL, PRIMARY KEY (subscription, kind, key))",
        "INSERT INTO old SELECT subscription, kind, key, document FROM resource ORDER BY rowid",
        "DROP TABLE resource",
        "DROP TABLE set_aside",
        "ALTER TABLE old RENAME TO resource",
        "PRAGMA user_version = 1",
    )


def test_an_older_file_is_migrated(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = rows(folder)
    old_format(folder)
    assert repair.check(folder) == []
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    Store(folder / FILE_NAME).close()
    assert rows(folder) == before
    assert started(folder, caplog) == []
    assert repair.check(folder) == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DROP TABLE resource", "has no table resource"),
        ("DROP TABLE set_aside", "has no table set_aside"),
        ("ALTER TABLE resource RENAME COLUMN document TO body", "has other columns"),
        ("PRAGMA user_version = 0", "there is no format 0"),
        ("PRAGMA user_version = -3", "there is no format -3"),
    ],
)
def test_a_file_of_another_shape_is_refused_and_repaired(
    folder: Path, statement: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    changed(folder, statement)
    with pytest.raises(ConfigurationError, match=f"is damaged: .*{message}.*--repair"):
        Store(folder / FILE_NAME)
    assert any(message in finding for finding in repair.check(folder))
    damaged = (folder / FILE_NAME).read_bytes()
    assert any(message in finding for finding in repair.repair(folder))
    assert (folder / f"{FILE_NAME}.damaged").read_bytes() == damaged
    assert repair.check(folder) == []
    assert started(folder, caplog) == []


def test_an_empty_file_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / FILE_NAME).touch()
    assert started(tmp_path, caplog) == ["the file was empty: the state begins anew"]


def test_what_can_be_read_of_a_damaged_file_is_kept(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, before = folder / FILE_NAME, rows(folder)
    content = bytearray(path.read_bytes())
    # A page of the table, by what stands in it.
    page = content.index(b'"name":"other10"') // 4096
    content[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="is damaged"):
        Store(path)
    assert path.read_bytes() == content
    findings = repair.repair(folder)
    assert findings[0].startswith("the file is damaged")
    lost = before - rows(folder)
    assert ("hosted_service", "other10") in lost
    assert 0 < len(lost) < len(before) / 2
    assert ("hosted_service", "svc") in rows(folder) | rows(folder, "set_aside")
    assert started(folder, caplog) == []


def test_a_second_repair_keeps_both_damaged_files(folder: Path) -> None:
    for _ in range(2):
        changed(folder, "DROP TABLE set_aside")
        repair.repair(folder)
    assert {f"{FILE_NAME}.damaged", f"{FILE_NAME}.damaged-2"} <= {each.name for each in folder.iterdir()}


# Any damage


def flip_bits(rng: random.Random, folder: Path) -> None:
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    for _ in range(rng.choice([1, 1, 1, 3, 30, 300])):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def flip_header_bits(rng: random.Random, folder: Path) -> None:
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    content[rng.randrange(200)] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def truncate(rng: random.Random, folder: Path) -> None:
    path = folder / FILE_NAME
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(rng.choice([rng.randrange(size), rng.randrange(size) // 4096 * 4096, 100]))


def damage_a_page(rng: random.Random, folder: Path) -> None:
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    at, other = rng.randrange(pages) * 4096, rng.randrange(pages) * 4096
    content[at : at + 4096] = rng.choice([bytes(4096), rng.randbytes(4096), content[other : other + 4096]])
    path.write_bytes(content)


def delete_rows(rng: random.Random, folder: Path) -> None:
    share = rng.choice([2, 5, 20])
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        for (number,) in connection.execute("SELECT rowid FROM resource").fetchall():
            if rng.randrange(share) == 0:
                connection.execute("DELETE FROM resource WHERE rowid = ?", (number,))


def change_values(rng: random.Random, folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        for (number,) in connection.execute("SELECT rowid FROM resource").fetchall():
            if rng.randrange(10) == 0:
                column = rng.choice(["subscription", "kind", "key", "document", "digest"])
                values = ["moon", "{}", "[]", "null", '{"name":', "", 5, -1.5, None, b"\xff\x00", "\0"]
                connection.execute(
                    f"UPDATE OR IGNORE resource SET {column} = ? WHERE rowid = ?",
                    (rng.choice(values), number),
                )


def change_leaf(rng: random.Random, value: Any) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.8:
        name = rng.choice(sorted(value))
        if rng.random() < 0.2:
            return {key: each for key, each in value.items() if key != name}
        return {**value, name: change_leaf(rng, value[name])}
    if isinstance(value, list) and value and rng.random() < 0.8:
        index = rng.randrange(len(value))
        return [*value[:index], change_leaf(rng, value[index]), *value[index + 1 :]]
    return rng.choice([None, "moon", "", 0, -1, 1e400, [], {}, [[]], {"a": 1}, True, "\0", "x" * 10_000])


def change_documents(rng: random.Random, folder: Path) -> None:
    """Documents of other shapes, written as this program would."""
    with closing(Store(folder / FILE_NAME)) as store:
        for row in store.load():
            if rng.randrange(4) == 0:
                text = json.dumps(change_leaf(rng, json.loads(row.document)))
                store.commit([(row.subscription, row.kind, row.key, text)])


DAMAGES: list[Callable[[random.Random, Path], None]] = [
    flip_bits,
    flip_header_bits,
    truncate,
    damage_a_page,
    delete_rows,
    change_values,
    change_documents,
]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: str(damage.__name__))
def test_any_damage_is_named_or_refused(
    template: Path,
    tmp_path: Path,
    damage: Callable[[random.Random, Path], None],
    caplog: pytest.LogCaptureFixture,
    tell: Callable[[str], None],
) -> None:
    started_ones = refused = 0
    for seed in range(soak.number(20, 200)):
        rng = random.Random(seed)
        folder = Path(shutil.copytree(template, tmp_path / str(seed)))
        damage(rng, folder)
        old = damage in (delete_rows, change_values) and rng.random() < 0.3 and old_format_if_possible(folder)
        before = (folder / FILE_NAME).read_bytes()
        findings, error = outcome(repair.check, folder)
        assert (folder / FILE_NAME).read_bytes() == before
        assert not any("\n" in finding for finding in [*findings, error])
        # Documents of the right types may say anything: only the start counts.
        start = only_started if damage is change_documents else started
        warnings, refusal = outcome(start, folder, caplog)
        assert "\n" not in refusal
        if not refusal:
            started_ones += 1
            # An old file tells less, and a check looks at all subscriptions.
            assert old or len(warnings) == min(len(findings), 21)
            assert not error
        else:
            refused += 1
            assert findings or error
            if "--repair" in refusal:
                repair.repair(folder)
                started(folder, caplog)
        shutil.rmtree(folder)
    tell(f"state files, {damage.__name__}: {started_ones} started, {refused} refused with a sentence")
    assert started_ones + refused == soak.number(20, 200)
    if damage in (delete_rows, change_values, change_documents):
        assert not refused


def outcome(work: Callable[..., list[str]], *arguments: object) -> tuple[list[str], str]:
    """What it gives, and the sentence it refuses with."""
    try:
        return work(*arguments), ""
    except ConfigurationError as error:
        return [], str(error)


def only_started(folder: Path, caplog: pytest.LogCaptureFixture) -> list[str]:
    caplog.clear()
    with closing(Store(folder / FILE_NAME)) as store:
        Driver(store=store)
    return [record.getMessage() for record in caplog.records]


def old_format_if_possible(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        (nulls,) = connection.execute(
            "SELECT count(*) FROM resource WHERE (subscription || kind || key || document) IS NULL"
        ).fetchone()
    if not nulls:  # which have no place in the old table
        old_format(folder)
    return not nulls


# The command


def test_the_command_checks_and_repairs(
    folder: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert main(["emulator", "--check", str(folder)]) == 0
    assert capsys.readouterr().out == f"The state in {folder} is in order.\n"
    changed(folder, "UPDATE resource SET document = '{}' WHERE key = 'other7'")
    assert main(["emulator", "--check", str(folder)]) == 1
    finding = "hosted_service 'other7' is set aside: it isn't as it was written\n"
    assert capsys.readouterr().out.startswith(finding)
    assert main(["emulator", "--check", str(folder), "--repair"]) == 0
    assert capsys.readouterr().out == f"{finding}The state in {folder} is repaired.\n"
    assert main(["emulator", "--check", str(folder)]) == 0
    assert started(folder, caplog) == []


def test_the_command_says_why_it_cannot_check(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def error(*arguments: str | Path) -> str:
        assert main(["emulator", *map(str, arguments)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        return err

    assert f"there is no state file {tmp_path / FILE_NAME}" in error("--check", tmp_path)
    assert "--repair goes with --check DIR" in error("--repair")
    with closing(Store(folder / FILE_NAME)):
        for options in ((), ("--repair",)):
            assert "is in use by the local service of process " in error("--check", folder, *options)
    changed(folder, "PRAGMA user_version = 99")
    assert f"state file {folder / FILE_NAME}: is of format 99" in error("--check", folder)
    (folder / FILE_NAME).write_bytes(b"no database at all" * 100)
    for options in ((), ("--repair",)):
        message = error("--check", folder, *options)
        assert f"state file {folder / FILE_NAME}: cannot be used: file is not a database" in message
