"""What is found, and how it is written down: figures with goals, figures by size, and how they grow."""

from __future__ import annotations

import math
import statistics
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Goal:
    """A figure that has a goal.

    Attributes:
        what: what is measured, and against what.
        unit: of both figures; empty for a ratio.
        goal: at most this.
        now: what was measured; None when it was left out.
    """

    what: str
    unit: str
    goal: float
    now: float | None


@dataclass(frozen=True)
class Series:
    """One figure of one peer at several sizes.

    Attributes:
        figure: what is measured.
        peer: whose it is.
        size: what the size counts.
        unit: of the figure.
        points: size and figure.
    """

    figure: str
    peer: str
    size: str
    unit: str
    points: Sequence[tuple[float, float]]

    @property
    def exponent(self) -> float | None:
        """The power of the size that the figure grows with; None when there are too few sizes."""
        return exponent(self.points)


@dataclass
class Findings:
    """What a topic found."""

    goals: list[Goal] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        values: dict[str, Any] = rounded(asdict(self))
        return values

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> Findings:
        series = [
            Series(**{**each, "points": [(x, y) for x, y in each["points"]]}) for each in values["series"]
        ]
        return cls([Goal(**each) for each in values["goals"]], series)


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """Fit a power of the size: the slope of the logarithms' straight line."""
    positive = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    if len({x for x, _ in positive}) < 3:
        return None
    return statistics.linear_regression(*zip(*positive, strict=True)).slope


def figure(value: float | None, unit: str = "") -> str:
    """Three digits that count, with their unit."""
    if value is None:
        return "not measured"
    digits = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{digits} {unit}".rstrip()


def rounded(value: Any) -> Any:
    """Four digits of every number: the others are chance."""
    match value:
        case float():
            return float(f"{value:.4g}")
        case dict():
            return {key: rounded(each) for key, each in value.items()}
        case list() | tuple():
            return [rounded(each) for each in value]
    return value


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns of text: the first to the left, the others to the right."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if column else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
