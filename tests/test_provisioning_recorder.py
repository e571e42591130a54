"""Where facts go: into the ledger, the journal, and to whoever listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from azure_iaas.errors import BadRequestError
from azure_iaas.provisioning import EventKind
from azure_iaas.provisioning.plan import RoleId
from azure_iaas.provisioning.progress.journal import Journal
from azure_iaas.provisioning.progress.ledger import ImpossibleFactError, StepState
from azure_iaas.provisioning.progress.recorder import Recorder
from azure_iaas.provisioning.steps import Step, StepKind

if TYPE_CHECKING:
    from pathlib import Path

    from azure_iaas.provisioning import Event

STEP = Step(StepKind.ATTACH_DISK, "fleet", "web", "web01", 3)
pytestmark = pytest.mark.anyio


async def test_a_fact_goes_everywhere(tmp_path: Path) -> None:
    events: list[Event] = []

    async def listen(event: Event) -> None:
        await anyio.lowlevel.checkpoint()
        events.append(event)

    path = tmp_path / "journal"
    with Journal(path, plan="abc", subscription_id="sub") as journal:
        recorder = Recorder(lambda: 7.0, journal, listen)
        await recorder.note("begin")
        await recorder.note("queued", step=STEP)
        await recorder.note("intent", step=STEP, operation="AddDataDisk", attempt=1, safe=True)
        error = BadRequestError("No.", status=400, code="BadRequest", body=b"secret")
        await recorder.note("refused", step=STEP, error=error)
        await recorder.note("failed", step=STEP, error=error)
        await recorder.note("not ready", role=RoleId("fleet", "web", "web01"), error=error)
    assert recorder.ledger.state(STEP) is StepState.FAILED
    assert [event.kind for event in events] == [
        EventKind.QUEUED,
        EventKind.CREATING,
        EventKind.FAILED,
        EventKind.FAILED,
    ]
    assert (events[1].lun, events[1].operation, events[1].attempt, events[1].at) == (3, "AddDataDisk", 1, 7.0)
    assert (events[3].role, events[3].lun, events[3].error) == ("web01", None, "No.")
    with Journal(path, plan="abc", subscription_id="sub") as journal:
        again = Recorder(lambda: 8.0, journal).ledger
    assert again.state(STEP) is StepState.FAILED
    assert again.of(STEP).error == recorder.ledger.of(STEP).error
    assert "secret" not in path.read_text()


async def test_an_impossible_fact_goes_nowhere(tmp_path: Path) -> None:
    events: list[Event] = []
    with Journal(tmp_path / "journal", plan="abc", subscription_id="sub") as journal:
        recorder = Recorder(lambda: 7.0, journal, events.append)
        with pytest.raises(ImpossibleFactError):
            await recorder.note("done", step=STEP, safe=True)
    assert events == []
    assert (tmp_path / "journal").read_bytes() == b""
