"""How long the default tests take, on all cores."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.findings import Findings, Goal
from benchmarks.measuring import ROOT

if TYPE_CHECKING:
    from benchmarks.measuring import Effort


def measure(effort: Effort) -> Findings:
    what = "the test suite"
    if effort.quick:
        return Findings([Goal(what, "min", 4, None)])
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pytest"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return Findings([Goal(what, "min", 4, (time.perf_counter() - began) / 60)])
