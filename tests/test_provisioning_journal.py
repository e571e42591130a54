"""The journal: what it was awaited for is there, whatever else happens to the file."""

from __future__ import annotations

import json
import re
import stat
import sys
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas.errors import ConfigurationError
from azure_iaas.provisioning.progress.journal import Journal
from azure_iaas.provisioning.progress.ledger import Ledger, StepState
from azure_iaas.provisioning.steps import Step, StepKind

if TYPE_CHECKING:
    from pathlib import Path

PLAN, SUBSCRIPTION = "abc", "SUB"
STEP = Step(StepKind.CREATE_ROLE, "fleet", "web", "web01")
pytestmark = pytest.mark.anyio


def fact(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "fact": kind,
        "at": 1.0,
        **({} if kind in ("begin", "end") else {"step": STEP.fields}),
        **more,
    }


def opened(path: Path, **more: Any) -> Journal:
    return Journal(path, **{"plan": PLAN, "subscription_id": SUBSCRIPTION, **more})


async def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(path) as journal:
        await journal.write(fact("begin"), safe=True)
        await journal.write(fact("queued"), safe=True)
        await journal.write(fact("intent", operation="AddRole", attempt=1), safe=True)
        assert len(path.read_text().splitlines()) == 2
        await journal.write(fact("refused"), safe=False)
        assert len(path.read_text().splitlines()) == 2
        await journal.write(fact("intent", operation="AddRole", attempt=2), safe=True)
        await journal.write(fact("accepted", operation="AddRole", request_id="1f"), safe=True)
        await journal.write(fact("done"), safe=False)
    ledger = Ledger()
    with opened(path) as journal:
        journal.replay(ledger)
    assert ledger.state(STEP) is StepState.DONE
    assert ledger.of(STEP).attempts == 2
    assert ledger.of(STEP).request_ids == ["1f"]
    assert ledger.runs == 1
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_any_torn_end_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(path) as journal:
        await journal.write(fact("begin"), safe=True)
        await journal.write(fact("intent", operation="AddRole"), safe=True)
        await journal.write(fact("accepted", request_id="1f"), safe=True)
    whole = path.read_bytes()
    first, second = (index + 1 for index, byte in enumerate(whole[:-1]) if byte == ord("\n"))
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        ledger = Ledger()
        with opened(path) as journal:
            journal.replay(ledger)
            await journal.write(fact("begin"), safe=True)
        assert ledger.state(STEP) is (
            StepState.ACCEPTED
            if length == len(whole)
            else StepState.IN_DOUBT
            if length >= second
            else StepState.NEW
        )
        assert ledger.runs == (1 if length >= first else 0)
        assert all(json.loads(line) for line in path.read_text().splitlines())


async def test_many_wait_for_one_write_to_disk_and_keep_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal"
    with opened(path) as journal:
        await journal.write(fact("begin"), safe=True)
        appended: list[str] = []
        real = journal._append

        def append(text: str) -> None:
            appended.append(text)
            real(text)

        async def write(number: int) -> None:
            await journal.write(fact("intent", operation=str(number)), safe=True)

        monkeypatch.setattr(journal, "_append", append)
        async with anyio.create_task_group() as tasks:
            for number in range(50):
                tasks.start_soon(write, number)
    facts = [json.loads(line) for line in path.read_text().splitlines()][1:]
    assert len(facts) == 50
    assert len({each["operation"] for each in facts}) == 50
    assert len(appended) < 10


async def test_another_plan_or_subscription_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with opened(path) as journal:
        await journal.write(fact("begin"), safe=True)
    with pytest.raises(ConfigurationError, match="belongs to another plan"):
        opened(path, plan="other")
    with pytest.raises(ConfigurationError, match="belongs to subscription sub"):
        opened(path, subscription_id="other")
    opened(path, subscription_id="sub").close()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"hello\nworld\n", "line 1 can't be read"),
        (b'{"fact": "intent", "at": 1}\n', "isn't a journal of this program"),
        (b'{"fact":"begin","at":1,"plan":"abc","subscription_id":"sub","format":99}\n', "newer version"),
        (b'{"fact":"begin","at":1,"plan":"abc","subscription_id":"sub","format":"1"}\n', "isn't a journal"),
        (b'{"fact":"begin","at":1,"plan":"abc","subscription_id":"sub","format":null}\n', "isn't a journal"),
        (b'{"fact":"begin","at":1,"plan":"abc","subscription_id":"sub","format":1}\n[]\n', "line 2"),
        (b"[" * 200_000 + b"\n", "line 1 can't be read"),
        (b'{"fact":"begin","at":1,"x":' + b'{"a":' * 100_000 + b"\n", "line 1 can't be read"),
    ],
)
async def test_what_is_no_journal_is_refused_and_left_alone(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "journal"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=told):
        opened(path)
    assert path.read_bytes() == content


async def test_a_fact_without_its_parts_is_named(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    begin = json.dumps(fact("begin", plan=PLAN, subscription_id="sub", format=1))
    path.write_text(begin + '\n{"fact":"intent","at":1,"step":["create role"]}\n')
    with opened(path) as journal, pytest.raises(ConfigurationError, match="line 2 can't be understood"):
        journal.replay(Ledger())


async def test_a_fact_that_cannot_follow_is_named(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    begin = json.dumps(fact("begin", plan=PLAN, subscription_id="sub", format=1))
    path.write_text(begin + "\n" + json.dumps(fact("done")) + "\n")
    with (
        opened(path) as journal,
        pytest.raises(ConfigurationError, match=r"line 2 .*'done' can't follow 'new'"),
    ):
        journal.replay(Ledger())


@pytest.mark.skipif(sys.platform == "win32", reason="no file locks of this kind")
async def test_one_process_at_a_time(tmp_path: Path) -> None:
    with opened(tmp_path / "journal"), pytest.raises(ConfigurationError, match="another process"):
        opened(tmp_path / "journal")
    opened(tmp_path / "journal").close()


async def test_a_folder_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="can't be opened"):
        opened(tmp_path)


async def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    with opened(path) as journal:
        await journal.write(fact("begin"), safe=True)
        before = path.read_bytes()

        def full(_file: int) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("os.fsync", full)
            with pytest.raises(OSError, match=re.escape(f"No space left on device: '{path}'")):
                await journal.write(fact("intent", operation="AddRole"), safe=True)
        assert path.read_bytes() == before
