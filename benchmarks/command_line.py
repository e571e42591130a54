"""CPU time until a command line says anything: candidates' imports, and our own commands.

::

    python benchmarks/command_line.py --runs 15

Each is a process of its own, one after the other in turn, so that a busy machine slows all alike; medians of
user and system time. Candidates that aren't installed are left out.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
from importlib.util import find_spec

CANDIDATES = ("argparse", "click", "typer", "cyclopts", "rich.console", "jmespath")
COMMANDS = (
    ["--version"],
    ["--help"],
    ["service", "--help"],
    ["role", "create", "--help"],
    ["emulator", "--help"],
    ["provision", "--help"],
)


def cpu_ms(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    measured = {"python -c pass": [sys.executable, "-c", "pass"]}
    for name in CANDIDATES:
        if find_spec(name.partition(".")[0]):
            measured[f"import {name}"] = [sys.executable, "-c", f"import {name}"]
    for words in COMMANDS:
        program = "import sys; from azure_iaas.cli.main import main; sys.exit(main(sys.argv[1:]))"
        measured[f"azure-iaas {' '.join(words)}"] = [sys.executable, "-c", program, *words]
    times: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(runs):
        for name, command in measured.items():
            times[name].append(cpu_ms(command))
    one = statistics.median(times["import argparse"])
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:32}{median:6.0f} ms  {median / one:5.2f} x argparse")


if __name__ == "__main__":
    main()
