"""A timetable drawn as lanes over time: text for a terminal, SVG or HTML for a file. Pure.

A lane is a cloud service, whose lock lets one write run at a time. Of many lanes those that take longest are
drawn, and how many aren't is said.
"""

from __future__ import annotations

import html
import textwrap
from typing import TYPE_CHECKING, Final

from azure_iaas.provisioning.steps import StepKind
from azure_iaas.provisioning.timetable import spell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from azure_iaas.provisioning.timetable import Slot, Timetable

TEXT_LANES: Final = 40
"""Lanes a terminal shows."""
PICTURE_LANES: Final = 500
"""Lanes a picture shows."""
TICKS: Final = 6
"""Times on the axis, nearly."""

_ROUND_SECONDS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
_MARKS: Final = {
    StepKind.CREATE_SERVICE: "·",
    StepKind.CREATE_ROLE: "█▓",
    StepKind.ATTACH_DISK: "▒░",
}
"""How a write is drawn; two in a row take turns, so that it shows where one ends."""
_LEGEND: Final = {
    StepKind.CREATE_SERVICE: "the cloud service",
    StepKind.CREATE_ROLE: "a machine",
    StepKind.ATTACH_DISK: "a data disk",
}


def as_text(timetable: Timetable, *, width: int = 80, lanes: int = TEXT_LANES) -> str:
    """Draw for a terminal.

    Args:
        timetable: what to draw.
        width: characters in a line; fewer than 40 are taken for 40.
        lanes: how many are drawn.
    """
    return "\n".join(_text(timetable, max(width, 40), lanes))


def _text(timetable: Timetable, width: int, lanes: int) -> Iterator[str]:
    drawn, more = _longest(timetable, lanes)
    label = min(max((len(name) for name, _ in drawn), default=0), width // 3)
    columns = width - label - 2
    scale = columns / timetable.seconds if timetable.seconds else 0.0
    yield from (f"{'':{label}}  {line}" for line in _axis(timetable.seconds, columns))
    for name, slots in drawn:
        cut = name if len(name) <= label else f"{name[: label - 1]}…"
        yield f"{cut:{label}}  {_lane(slots, scale, columns)}".rstrip()
    if more:
        yield f"and {more} cloud services more, which take no longer"
    yield ""
    yield "  ".join(f"{'/'.join(_MARKS[kind])} {words}" for kind, words in _LEGEND.items())
    yield ""
    for line in timetable.summary():
        yield from textwrap.wrap(line, width)


def _longest(timetable: Timetable, lanes: int) -> tuple[list[tuple[str, Sequence[Slot]]], int]:
    """The lanes that are drawn, in the plan's order, and how many aren't."""
    names = list(timetable.lanes)
    if len(names) > lanes:
        ends = {name: slots[-1].end if slots else 0.0 for name, slots in timetable.lanes.items()}
        kept = set(sorted(names, key=lambda name: -ends[name])[:lanes])
        names = [name for name in names if name in kept]
    return [(name, timetable.lanes[name]) for name in names], len(timetable.lanes) - len(names)


def _lane(slots: Sequence[Slot], scale: float, columns: int) -> str:
    cells = [" "] * columns
    for index, slot in enumerate(slots):
        marks = _MARKS[slot.step.kind]
        begin = min(int(slot.begin * scale), columns - 1)
        end = min(max(round(slot.end * scale), begin + 1), columns)
        cells[begin:end] = marks[index % len(marks)] * (end - begin)
    return "".join(cells)


def _axis(seconds: float, columns: int) -> Iterator[str]:
    labels, ticks = [" "] * columns, ["─"] * columns
    for at in _ticks(seconds):
        column = min(int(at / seconds * columns), columns - 1)
        text = spell(at)
        ticks[column] = "┬"
        # A time that has no room is left out.
        room = "".join(labels[max(0, column - 1) : column + len(text)])
        if column + len(text) <= columns and room.isspace():
            labels[column : column + len(text)] = text
    yield "".join(labels).rstrip()
    yield "".join(ticks)


def _ticks(seconds: float) -> list[float]:
    """Round times from 0 on."""
    if seconds <= 0:
        return []
    apart = next((each for each in _ROUND_SECONDS if each * TICKS >= seconds), seconds / TICKS)
    return [apart * index for index in range(int(seconds // apart) + 1)]


# --- pictures -------------------------------------------------------------------------------------------

_WIDTH: Final = 960
_LABEL: Final = 150
_ROW: Final = 20
_LINE: Final = 18
_TOP: Final = 34
_TIME: Final = 80
_CLASSES: Final = {
    StepKind.CREATE_SERVICE: "service",
    StepKind.CREATE_ROLE: "role",
    StepKind.ATTACH_DISK: "disk",
}
_STYLE: Final = """\
.paper { fill: #fff } text { fill: #1b1f24; font: 12px system-ui, sans-serif } .soft { fill: #59626c }
.grid { stroke: #d5d9de } .service { fill: #8a939d } .role { fill: #2f6db5 } .disk { fill: #d08a1d }
@media (prefers-color-scheme: dark) {
  .paper { fill: #15181c } text { fill: #e4e7ea } .soft { fill: #a3abb4 }
  .grid { stroke: #3a4047 } .service { fill: #737d88 } .role { fill: #6ea3e6 } .disk { fill: #e3a94f }
}"""


def as_svg(timetable: Timetable, *, lanes: int = PICTURE_LANES) -> str:
    """Draw as SVG, light and dark, without script or anything from elsewhere.

    Args:
        timetable: what to draw.
        lanes: how many are drawn.
    """
    return "\n".join(_svg(timetable, lanes)) + "\n"


def _svg(timetable: Timetable, lanes: int) -> Iterator[str]:
    drawn, more = _longest(timetable, lanes)
    said = [
        *([f"and {more} cloud services more, which take no longer"] if more else []),
        *timetable.summary(),
    ]
    bottom = _TOP + len(drawn) * _ROW
    height = bottom + 40 + len(said) * _LINE
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
        f' height="{height}" role="img">'
    )
    yield f"<title>{html.escape(said[-4])}</title>\n<style>\n{_STYLE}\n</style>"
    yield f'<rect class="paper" width="{_WIDTH}" height="{height}"/>'
    scale = (_WIDTH - _LABEL - 20) / timetable.seconds if timetable.seconds else 0.0
    for at in _ticks(timetable.seconds):
        x = _LABEL + at * scale
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 8}" y2="{bottom}"/>'
        if x < _WIDTH - _TIME:
            yield f'<text class="soft" x="{x:.1f}" y="{_TOP - 14}">{spell(at)}</text>'
    for index, (name, slots) in enumerate(drawn):
        y = _TOP + index * _ROW
        cut = name if len(name) <= 20 else f"{name[:19]}…"
        yield f'<text x="10" y="{y + 13}">{html.escape(cut)}</text>'
        for slot in slots:
            yield _box(slot, y, scale)
    x = 10
    for kind, words in _LEGEND.items():
        yield f'<rect class="{_CLASSES[kind]}" x="{x}" y="{bottom + 10}" width="12" height="12"/>'
        yield f'<text x="{x + 18}" y="{bottom + 20}">{words}</text>'
        x += 140
    for index, line in enumerate(said):
        yield f'<text class="soft" x="10" y="{bottom + 46 + index * _LINE}">{html.escape(line)}</text>'
    yield "</svg>"


def _box(slot: Slot, y: int, scale: float) -> str:
    step, width = slot.step, max((slot.end - slot.begin) * scale - 1, 0.5)
    title = html.escape(f"{step}: {spell(slot.begin)} to {spell(slot.end)}")
    return (
        f'<rect class="{_CLASSES[step.kind]}" x="{_LABEL + slot.begin * scale:.1f}" y="{y + 2}"'
        f' width="{width:.1f}" height="{_ROW - 4}" rx="2"><title>{title}</title></rect>'
    )


def as_html(timetable: Timetable, *, lanes: int = PICTURE_LANES) -> str:
    """Draw as an HTML page that holds the SVG."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Schedule</title>\n'
        "<style>:root { color-scheme: light dark } svg { max-width: 100%; height: auto }</style></head>\n"
        f"<body>\n{as_svg(timetable, lanes=lanes)}</body></html>\n"
    )


FORMS: Final[Mapping[str, Callable[[Timetable], str]]] = {".svg": as_svg, ".html": as_html}
"""How a timetable is drawn, by the suffix of its file."""
