"""Timetables as lanes: what is drawn fits, says all, and comes from nowhere else."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.provisioning import Plan
from azure_iaas.provisioning import timetable_drawing as drawing
from azure_iaas.provisioning.timetable import BASIS, Timetable, timetable
from tests.provisioning_fleets import fleet

SVG = "{http://www.w3.org/2000/svg}"


def table(services: int, roles: int, disks: int = 0, max_parallel: int = 20) -> Timetable:
    plan = Plan.of(fleet(services, roles, data_disks=[{"LogicalDiskSizeInGB": 1}] * disks))
    return timetable(plan.expand(), max_parallel=max_parallel)


def test_two_lanes_as_text() -> None:
    lines = drawing.as_text(table(2, 2, max_parallel=1), width=51).splitlines()
    assert lines[:4] == [
        "          0 s    30 s    1 min 00 s     2 min 00 s",
        "          ┬──────┬───────┬──────┬───────┬──────┬───",
        "fleet001  ·▓▓▓▓▓▓▓▓▓▓          ██████████",
        "fleet002  ·          ▓▓▓▓▓▓▓▓▓▓          ██████████",
    ]


@given(st.integers(1, 12), st.integers(1, 4), st.integers(0, 2), st.integers(1, 5), st.integers(1, 200))
def test_no_line_is_wider_than_the_terminal(
    services: int, roles: int, disks: int, max_parallel: int, width: int
) -> None:
    text = drawing.as_text(table(services, roles, disks, max_parallel), width=width, lanes=6)
    assert max(map(len, text.splitlines())) <= max(width, 53)
    assert " ".join(BASIS.split()) in " ".join(text.split())
    assert sum(line.startswith("fleet") for line in text.splitlines()) == min(services, 6)
    assert (f"and {services - 6} cloud services more" in text) == (services > 6)


@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 2))
def test_a_picture_has_a_box_for_each_write(services: int, roles: int, disks: int) -> None:
    drawn = table(services, roles, disks)
    tree = ET.fromstring(drawing.as_svg(drawn))  # noqa: S314 - our own
    assert len(tree.findall(f"{SVG}rect/{SVG}title")) == drawn.writes
    texts = [each.text for each in tree.iter(f"{SVG}text")]
    assert texts[-4:] == drawn.summary()
    width = float(tree.attrib["width"])
    for box in tree.iter(f"{SVG}rect"):
        assert float(box.get("x", 0)) + float(box.attrib["width"]) <= width


def test_a_picture_is_light_and_dark_and_whole() -> None:
    for text in (drawing.as_svg(table(1, 1)), drawing.as_html(table(1, 1))):
        assert "prefers-color-scheme: dark" in text
        assert "<script" not in text
        assert text.count("http") == 1, "the name of SVG, and nothing that is loaded"


def test_of_many_lanes_the_longest_are_drawn() -> None:
    values = fleet(3, 1)
    values["services"].append({**fleet(1, 4)["services"][0], "name": "long"})
    text = drawing.as_text(timetable(Plan.of(values).expand(), max_parallel=20), lanes=1)
    assert "long" in text
    assert "fleet00" not in text
    svg = drawing.as_svg(timetable(Plan.of(values).expand(), max_parallel=20), lanes=1)
    assert "and 3 cloud services more" in svg
