"""The plots of the page: one for a topic, small, and to the byte the same for the same figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from benchmarks.measuring import OURS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.findings import Series

COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
"""Told apart by everybody."""
STYLE: Final[dict[Any, Any]] = {
    "svg.hashsalt": "azure_iaas",
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "legend.frameon": False,
}


def draw(panels: Sequence[Sequence[Series]], file: Path) -> None:
    """Draw figures, each with the series of all peers, side by side."""
    with mpl.rc_context(STYLE):
        drawing = Figure(figsize=(7.2 if len(panels) == 1 else 9.6, 3.6), layout="constrained")
        axes = drawing.subplots(1, len(panels), squeeze=False)[0]
        for axis, series in zip(axes, panels, strict=True):
            panel(axis, series)
        drawing.legend(*axes[0].get_legend_handles_labels(), loc="outside right upper", fontsize=8)
        drawing.savefig(file, metadata={"Date": None, "Creator": None})
    # matplotlib leaves blanks at the ends of lines.
    file.write_text("\n".join(map(str.rstrip, file.read_text().splitlines())) + "\n")


def panel(axis: Any, series: Sequence[Series]) -> None:
    axis.set_prop_cycle(color=COLOURS)
    periods = [each for each in series if each.peer.startswith("every ")]
    for each in [one for one in series if one not in periods]:
        xs, ys = zip(*each.points, strict=True)
        ours = each.peer.startswith(OURS)
        axis.plot(
            xs,
            ys,
            marker="o" if len(xs) > 1 else "D",
            markersize=4,
            label=each.peer,
            linewidth=2 if ours else 1,
        )
    if periods:
        xs, ys = zip(*(each.points[0] for each in periods), strict=True)
        axis.plot(xs, ys, marker="s", markersize=4, label="fixed periods", linewidth=1, color="#555555")
        for each in periods:
            axis.annotate(
                each.peer.removeprefix("every "), each.points[0], xytext=(4, 4), textcoords="offset points"
            )
    first = series[0]
    axis.set(
        xlabel=first.size,
        ylabel=f"{first.figure}, {first.unit}",
        xscale="log",
        yscale="log",
    )
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        one.set_major_formatter("{x:g}")
        one.set_minor_formatter("")
