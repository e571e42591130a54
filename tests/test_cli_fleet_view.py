"""The live view: what is drawn of a state at a time, in a terminal of a size."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from azure_iaas.cli.fleet_view import FleetView, LiveView
from azure_iaas.provisioning.plan import RoleId
from azure_iaas.provisioning.progress.estimate import Estimate
from azure_iaas.provisioning.progress.events import Event, EventKind
from azure_iaas.provisioning.progress.standing import Standing

BEGAN = 1000.0


def fleet_of(count: int) -> list[RoleId]:
    return [RoleId(f"fleet{number // 5 + 1:02}", "web", f"web{number % 5 + 1:02}") for number in range(count)]


def view_of(roles: list[RoleId], *, taken_down: bool = False) -> FleetView:
    view = FleetView(Standing(roles, taken_down=taken_down), Estimate(taken_down=taken_down), began=BEGAN)
    if not taken_down:
        for role in roles:
            view.note(Event(EventKind.QUEUED, BEGAN, *role))
    return view


def drawn(view: FleetView, now: float, *, width: int = 90, height: int = 24) -> list[str]:
    console = Console(file=io.StringIO(), record=True, width=width, height=height, force_terminal=True)
    console.print(view.draw(now, height=height))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= width
    return [re.sub(" {2,}", "  ", line).rstrip() for line in lines]


def made(view: FleetView, role: RoleId, at: float, *, ready: bool = True) -> None:
    view.note(Event(EventKind.CREATING, at, *role, operation="AddRole"))
    view.note(Event(EventKind.CREATED, at + 40, *role))
    if ready:
        view.note(Event(EventKind.READY, at + 160, *role))


def test_a_run_midway() -> None:
    roles = fleet_of(6)
    view = view_of(roles)
    made(view, roles[0], BEGAN)
    made(view, roles[1], BEGAN + 40, ready=False)
    view.note(Event(EventKind.CREATING, BEGAN + 80, *roles[2], operation="AddRole"))
    view.note(Event(EventKind.FAILED, BEGAN + 100, *roles[2], error="the image\nis\x1b[31m gone"))
    view.note(Event(EventKind.CREATING, BEGAN + 100, *roles[3], operation="AddRole"))
    assert drawn(view, BEGAN + 120) == [
        "cloud service  role  state  for",
        "fleet01/web  web03  failed  20 s  the image is [31m gone",
        "fleet01/web  web02  starting  40 s",
        "fleet01/web  web04  creating  20 s  AddRole",
        "fleet01/web  web01  ready  0 s",
        "",
        "2 queued  1 creating  1 starting  1 ready  1 failed",
        "━━━━━━━━━━━━━╺━━━━━━━━━━━━━━━━━━━━━━━━━━",
        "2 of 6 machines, 2 min 00 s so far, 0.5 a minute, about 3 min 00 s left",
    ]


@pytest.mark.parametrize("height", [5, 12, 30])
def test_of_ten_thousand_machines_as_many_are_drawn_as_fit(height: int) -> None:
    roles = fleet_of(10_000)
    view = view_of(roles)
    for role in roles[:5000]:
        made(view, role, BEGAN)
    for role in roles[5000:5100]:
        view.note(Event(EventKind.CREATING, BEGAN, *role))
    for role in roles[5100:5200]:
        view.note(Event(EventKind.FAILED, BEGAN, *role, error="no"))
    lines = drawn(view, BEGAN + 200, height=height)
    assert len(lines) <= max(height, 8)
    rows = [line for line in lines if line.startswith("fleet")]
    assert len(rows) == max(height - 7, 3)
    states = [line.split()[2] for line in rows]
    assert states.index("creating") == states.count("failed") == max(int(len(rows) * 0.5), 1)
    assert "4,800 queued  100 creating  5,000 ready  100 failed" in lines
    assert any(line.startswith("5,100 of 10,000 machines") for line in lines)


def test_the_latest_fill_what_is_left_of_the_rows() -> None:
    roles = fleet_of(10)
    view = view_of(roles)
    for number, role in enumerate(roles):
        made(view, role, BEGAN + number)
    rows = [line.split()[1] for line in drawn(view, BEGAN + 500, height=10) if line.startswith("fleet")]
    assert rows == ["web05", "web04", "web03"]


def test_a_deprovisioning_has_words_of_its_own() -> None:
    roles = fleet_of(3)
    view = view_of(roles, taken_down=True)
    assert drawn(view, BEGAN)[-1] == "0 of 0 machines, 0 s so far"
    view.note(Event(EventKind.QUEUED, BEGAN, "fleet01", "web", "web01"))
    view.note(Event(EventKind.DELETING, BEGAN, "fleet01", "web", "web01", operation="DeleteRole"))
    view.note(Event(EventKind.KEPT, BEGAN, "fleet01", "web", "web02", error="not made by this run"))
    text = "\n".join(drawn(view, BEGAN + 9))
    assert "deleting  9 s  DeleteRole" in text
    assert "1 deleting  1 kept" in text
    assert "1 of 2 machines, 9 s so far, about 20 s left" in text
    assert "creat" not in text


def test_what_fails_besides_machines_is_drawn() -> None:
    view = view_of(fleet_of(1))
    view.note(Event(EventKind.FAILED, BEGAN, "fleet01", error="the name is taken"))
    assert any("fleet01" in line and "the name is taken" in line for line in drawn(view, BEGAN))
    for number in range(50):
        view.note(Event(EventKind.FAILED, BEGAN, f"more{number}", error="so is this"))
    lines = drawn(view, BEGAN, height=16)
    assert len(lines) <= 16
    assert [line.split()[0] for line in lines if "so is this" in line] == ["more47", "more48", "more49"]


def test_the_terminal_is_given_back() -> None:
    output = io.StringIO()
    console = Console(file=output, width=80, height=24, force_terminal=True)
    with LiveView(view_of(fleet_of(2)), lambda: BEGAN, console) as shown:
        assert output.getvalue().count("\x1b[?25l") == 1, "the cursor is hidden"
        shown.draw()
        shown.stop()
    assert output.getvalue().count("\x1b[?25h") == 1, "and shown, once"
    assert "0 of 2 machines" in output.getvalue()
