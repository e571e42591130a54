"""What starting costs: importing the library, and the command's help.

Figures are CPU of a process from start to end. Of imports the bare interpreter's is taken off.
"""

from __future__ import annotations

import sys
import sysconfig
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.findings import Findings, Goal, Series
from benchmarks.measuring import OURS, interleaved, process_cpu_ms

if TYPE_CHECKING:
    from benchmarks.measuring import Effort

CLIENT: Final = "azure_iaas with its client"
UNDER_IT: Final = "httpx, pydantic, anyio and xmltodict"
IMPORTS: Final = {
    "nothing": "pass",
    OURS: "import azure_iaas",
    CLIENT: "from azure_iaas import ServiceManagementClient",
    UNDER_IT: "import httpx, pydantic, anyio, xmltodict",
    "azure-servicemanagement-legacy": "import azure.servicemanagement",
    "argparse": "import argparse",
}
HELP: Final = "azure-iaas --help"


def measure(effort: Effort) -> Findings:
    interpreter = [sys.executable, "-W", "ignore", "-c"]
    script = Path(sysconfig.get_path("scripts"), "azure-iaas")
    commands = {name: [*interpreter, code] for name, code in IMPORTS.items()}
    commands[HELP] = [str(script), "--help"]
    for each in commands.values():
        process_cpu_ms(each)  # bytecode is written, files are in memory
    took = interleaved(
        {name: partial(process_cpu_ms, each) for name, each in commands.items()}, effort.number(5, 15)
    )
    nothing = took.median("nothing")
    alone = {name: took.median(name) - nothing for name in commands if name != "nothing"}
    found = Findings()
    found.goals = [
        *(
            Goal(
                f"CPU of importing {it}, against importing {UNDER_IT}", "x", 1.3, alone[it] / alone[UNDER_IT]
            )
            for it in (OURS, CLIENT)
        ),
        Goal(
            f"CPU of {HELP}, against a process that imports argparse", "x", 1.5, took.ratio(HELP, "argparse")
        ),
    ]
    found.series = [
        Series("CPU of importing", name, "", "ms", [(1, milliseconds)])
        for name, milliseconds in alone.items()
        if name != HELP
    ]
    found.series.append(Series("CPU of a process", HELP, "", "ms", [(1, took.median(HELP))]))
    found.series.append(Series("CPU of a process", "python -c pass", "", "ms", [(1, nothing)]))
    return found
