"""Write ``docs/fidelity.md``."""

from __future__ import annotations

from pathlib import Path

from tools.fidelity import report
from tools.fidelity.recording import load

PAGE = Path(__file__).resolve().parents[2] / "docs" / "fidelity.md"

if __name__ == "__main__":
    findings = report.exchange_findings(load())
    PAGE.write_text(report.render(findings, *report.flow_findings()), encoding="utf-8")
