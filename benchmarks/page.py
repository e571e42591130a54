"""Write ``docs/performance.md``, and the plots it shows, of the figures in ``docs/performance/figures.json``.

    python -m benchmarks --json docs/performance/figures.json
    python -m benchmarks.page

No figure of the page is written by hand, and its words about a topic are those of the topic's module.
"""

from __future__ import annotations

import ast
import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.findings import Findings, figure
from benchmarks.measuring import OURS, ROOT
from benchmarks.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmarks.findings import Series

PAGE: Final = ROOT / "docs" / "performance.md"
FOLDER: Final = ROOT / "docs" / "performance"
FIGURES: Final = FOLDER / "figures.json"

PLOTS: Final = {
    "calls": ("CPU of a call",),
    "reading": ("CPU of reading a deployment", "CPU of reading the list of images"),
    "waiting": ("end noticed late, on average",),
    "many_waits": ("memory of all",),
    "provisioning": ("makespan of 20 x 5",),
}
"""Topics with a plot of their name, and the figures it shows."""
STEEP: Final = 1.1
"""What grows with more than this power of its size grows faster than its input; less may be chance."""
GARBAGE: Final = (
    "Python's garbage collector goes over all objects there are, the more often the more are made;"
    " calls are in proportion (`tests/test_counted_work.py`)"
)
REASONS: Final = {
    "CPU of list_hosted_services": f"{GARBAGE}. With the collector off the power is beside it above.",
    "CPU of reading a deployment": f"{GARBAGE}. The peers grow alike.",
}
"""Why a figure grows faster than its input."""

HEAD: Final = """\
<!-- Written by `python -m benchmarks.page` of docs/performance/figures.json: change those. -->

# Performance

`nox -s bench` measures all of this in some minutes, each figure beside its peers in one run:

- What is compared takes turns within one run, so that a machine that gets busy does so for all.
- A ratio is the median of the rounds' ratios; a figure is the median of the rounds.
- CPU is user and system time of the process that is measured. Server and client share the machine's cores.
- Ratios hold on other machines; absolute figures don't.

`python -m benchmarks --quick --only reading` measures one topic in some seconds. What must never become more
is counted besides, without a clock, by `tests/test_counted_work.py`.
"""


def rows(head: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table: the first column to the left, the others to the right."""
    yield "| " + " | ".join(head) + " |"
    yield "|---|" + "---:|" * (len(head) - 1)
    for line in lines:
        yield "| " + " | ".join(line) + " |"
    yield ""


def words_of(topic: str) -> str:
    """What a topic's module says of itself, as Markdown."""
    source = Path(__file__).with_name(f"{topic}.py").read_text()
    text = ast.get_docstring(ast.parse(source)) or ""
    return text.replace("``", "`").replace("::\n", ":\n")


def by_size(series: list[Series]) -> Iterator[str]:
    """A table of one figure: a line for each peer, a column for each size."""
    first = series[0]
    unit = f", {first.unit}" if first.unit else ""
    sizes = [size for size, _ in first.points]
    if not first.size:
        yield from rows(
            (f"{first.figure}{unit}", ""), ((each.peer, figure(each.points[0][1])) for each in series)
        )
    elif all([size for size, _ in each.points] == sizes for each in series):
        lines = (
            [each.peer, *(figure(value) for _, value in each.points), power(each.exponent)] for each in series
        )
        columns = [figure(size) for size in sizes]
        yield from rows((f"{first.figure}{unit}, by {first.size}", *columns, "power"), lines)
    else:
        pairs = ((each.peer, point) for each in series for point in each.points)
        yield from rows(
            ("", first.size, f"{first.figure}{unit}"),
            ((peer, figure(size), figure(value)) for peer, (size, value) in pairs),
        )


def power(exponent: float | None) -> str:
    return "" if exponent is None else f"{exponent:.2f}"


def growth(topics: dict[str, Findings]) -> Iterator[str]:
    """How each figure of ours grows, and why when it does so faster than its input."""
    ours = [
        (each, each.exponent)
        for found in topics.values()
        for each in found.series
        if each.peer == OURS and each.exponent is not None
    ]
    yield "## How cost grows"
    yield ""
    yield "The power of the size that a figure grows with: 1 is in proportion to it."
    yield f"What grows faster than its input, with more than {STEEP}, is explained below."
    yield ""
    yield from rows(
        ("figure", "size", "from", "to", "power"),
        (
            (each.figure, each.size, figure(each.points[0][0]), figure(each.points[-1][0]), power(exponent))
            for each, exponent in ours
        ),
    )
    for each, exponent in ours:
        if exponent is not None and exponent > STEEP:
            reason = REASONS.get(each.figure, "not explained yet.")
            yield f"- {each.figure}, power {power(exponent)}: {reason}"
    yield ""


def written(values: dict[str, Any]) -> str:
    """Give the page's text of the figures."""
    topics = {name: Findings.of_json(values["topics"][name]) for name in TOPICS if name in values["topics"]}
    return "\n".join(_lines(values, topics)).rstrip() + "\n"


def _lines(values: dict[str, Any], topics: dict[str, Findings]) -> Iterator[str]:
    yield HEAD
    if values["quick"]:
        yield "**These figures are of a quick run, which is less exact and leaves out what takes long.**\n"
    facts = list(values["machine"].items())
    yield f"Measured on: {', '.join(f'{what} {value}' for what, value in facts[:4])};"
    for half in (facts[4:10], facts[10:]):
        yield ", ".join(f"{what} {value}" for what, value in half) + ("," if half[0] == facts[4] else ".")
    yield ""
    yield "## Goals"
    yield ""
    goals = [goal for found in topics.values() for goal in found.goals]
    yield from rows(
        ("figure", "goal: at most", "now", "met"),
        (
            (
                goal.what,
                figure(goal.goal, goal.unit),
                figure(goal.now, goal.unit),
                "" if goal.now is None else "yes" if goal.now <= goal.goal else "**no**",
            )
            for goal in goals
        ),
    )
    yield "Why some aren't met, by profile: [decision 7](decisions/0007-performance-goals.md)."
    yield ""
    for name, found in topics.items():
        yield f"## {TOPICS[name]}"
        yield ""
        yield words_of(name)
        yield ""
        if name in PLOTS:
            yield f"![{', '.join(PLOTS[name])}](performance/{name}.svg)"
            yield ""
        for _, group in groupby(found.series, key=lambda each: each.figure):
            yield from by_size(list(group))
    yield from growth(topics)


def main() -> None:
    from benchmarks import plots

    values = json.loads(FIGURES.read_text())
    PAGE.write_text(written(values))
    for name in PLOTS:
        if name in values["topics"]:
            found = Findings.of_json(values["topics"][name])
            panels = [[each for each in found.series if each.figure == shown] for shown in PLOTS[name]]
            plots.draw(panels, FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
