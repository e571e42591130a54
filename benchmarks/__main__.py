"""``python -m benchmarks``: every figure that has a goal, and how it grows, beside its peers.

    python -m benchmarks                                  # all, some minutes
    python -m benchmarks --quick --only reading           # one topic, some seconds
    python -m benchmarks --json docs/performance/figures.json && python -m benchmarks.page

A quick run leaves out what takes long. It needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.findings import Findings, figure, table
from benchmarks.measuring import Effort, machine
from benchmarks.topics import TOPICS


def show(found: Findings) -> None:
    goals = [
        (
            goal.what,
            figure(goal.goal, goal.unit),
            figure(goal.now, goal.unit),
            "" if goal.now is None else "yes" if goal.now <= goal.goal else "no",
        )
        for goal in found.goals
    ]
    if goals:
        print(table(("figure", "goal", "now", "met"), goals), end="\n\n")
    series = [
        (
            f"{each.figure}, {each.peer}",
            "  ".join(
                f"{figure(size)}: {figure(value)}" if each.size else figure(value)
                for size, value in each.points
            ),
            each.unit,
            "" if (power := each.exponent) is None else f"{power:.2f}",
        )
        for each in found.series
    ]
    if series:
        print(table(("", "by size", "unit", "grows with the power"), series))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=TOPICS,
        default=list(TOPICS),
        metavar="NAME",
        help=f"of {', '.join(TOPICS)}",
    )
    parser.add_argument("--quick", action="store_true", help="less of it, and less exact")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    arguments = parser.parse_args()
    topics: dict[str, Any] = {}
    for name in arguments.only:
        began = time.monotonic()
        found: Findings = import_module(f"benchmarks.{name}").measure(Effort(arguments.quick))
        topics[name] = found.as_json()
        print(f"\n== {name}, {time.monotonic() - began:.0f} s\n", flush=True)
        show(found)
        if arguments.json:
            result = {"machine": machine(), "quick": arguments.quick, "topics": topics}
            arguments.json.write_text(json.dumps(result, indent=1) + "\n")
    print("\n" + ", ".join(f"{what} {value}" for what, value in machine().items()))


if __name__ == "__main__":
    main()
