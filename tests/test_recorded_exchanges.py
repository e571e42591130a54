"""Recorded traffic of the real service, beside this client and this local service.

All exchanges are compared but the hundreds of reads of deployments, of which every 40th is; the whole is in
``docs/fidelity.md``, written by ``python -m tools.fidelity``.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools.fidelity import answering, flows, reading, report, writing
from tools.fidelity.recording import load_flows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.fidelity.recording import Exchange, Finding

pytestmark = [pytest.mark.corpus, pytest.mark.timeout(600)]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "fidelity.md"
MANY = "deployment.get_by_slot"


def _unexplained(findings: list[Finding]) -> list[Finding]:
    return [
        finding
        for finding in findings
        if finding.outcome == "differs" and not report.explanation(finding.reason)
    ]


def _rows_of(part: str) -> dict[str, str]:
    page = PAGE.read_text(encoding="utf-8")
    section = page.partition(f"## {report.HEADINGS[part]}")[2].partition("\n## ")[0]
    return {row[1]: row[0] for row in re.finditer(r"^\| ([\w.]+)(?: \| \d+){4} \|$", section, re.MULTILINE)}


def _is_current(part: str, findings: list[Finding], *, sampled: str | None = None) -> None:
    rows = _rows_of(part)
    for operation, outcomes in report.figures(findings).items():
        if operation != sampled:
            assert rows[operation] == report.row(operation, outcomes), "run python -m tools.fidelity"


def test_the_page_begins_as_it_is_written_now() -> None:
    assert PAGE.read_text(encoding="utf-8").startswith(report.INTRODUCTION)


def test_the_client_reads_every_recorded_answer(corpus: list[Exchange], tell: Callable[[str], None]) -> None:
    findings = [reading.compare(exchange) for exchange in corpus]
    outcomes = Counter(finding.outcome for finding in findings)
    assert [finding for finding in findings if finding.outcome == "differs"] == []
    assert outcomes["agreed"] > 2500
    _is_current("reads", findings)
    tell(f"recorded answers read by the client: {dict(outcomes)}")


def test_the_client_writes_every_recorded_request(
    corpus: list[Exchange], tell: Callable[[str], None]
) -> None:
    findings = [writing.compare(exchange) for exchange in corpus if writing.comparable(exchange)]
    outcomes = Counter(finding.outcome for finding in findings)
    assert [finding for finding in findings if finding.outcome == "differs"] == []
    assert outcomes["agreed"] > 40
    _is_current("writes", findings)
    tell(f"recorded requests written by the client: {dict(outcomes)}")


def test_the_local_service_answers_as_recorded(corpus: list[Exchange], tell: Callable[[str], None]) -> None:
    few = [exchange for exchange in corpus if exchange["operation"] != MANY]
    sample = [exchange for exchange in corpus if exchange["operation"] == MANY][::40]
    answers = [answering.compare(exchange) for exchange in few + sample]
    outcomes = Counter(finding.outcome for finding in answers)
    assert _unexplained(answers) == []
    assert outcomes["agreed"] >= 0.97 * (outcomes["agreed"] + outcomes["differs"])
    _is_current("answers", answers, sampled="GetDeploymentBySlot")
    tell(f"recorded requests answered by the local service: {dict(outcomes)}")


def test_recorded_sequences_can_be_replayed(corpus: list[Exchange], tell: Callable[[str], None]) -> None:
    exchanges: dict[str, Any] = {exchange["id"]: exchange for exchange in corpus}
    compared = [flows.compare(flow, exchanges) for flow in load_flows()]
    findings = [finding for finding, _ in compared]
    outcomes = Counter(finding.outcome for finding in findings)
    assert _unexplained(findings) == []
    assert outcomes["agreed"] >= 0.95 * (outcomes["agreed"] + outcomes["differs"])
    tell(f"recorded sequences replayed: {dict(outcomes)}, {sum(steps for _, steps in compared)} steps")
