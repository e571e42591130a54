"""The live view of a run: its machines, a bar, the rate, and the time left.

What is drawn depends on the machines' standing, the estimate, the time and the size of the terminal alone. Of
ten thousand machines as many are shown as fit: what failed, what is under way, and what ended last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import anyio
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from azure_iaas.provisioning.progress.standing import MachineState
from azure_iaas.provisioning.timetable import spell

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from azure_iaas.provisioning import Event
    from azure_iaas.provisioning.progress.estimate import Estimate
    from azure_iaas.provisioning.progress.standing import Machine, Standing

REDRAW_SECONDS: Final = 0.25

_AROUND_ROWS: Final = 7
"""Lines of the view that aren't a machine's."""
_BAR_WIDTH: Final = 40
_FAILED_SHARE: Final = 0.5
"""Part of the rows that failures may take while something else is to be shown."""
_STYLES: Final = {
    MachineState.FAILED: "bold red",
    MachineState.WAITING: "yellow",
    MachineState.CREATING: "cyan",
    MachineState.STARTING: "blue",
    MachineState.ATTACHING: "magenta",
    MachineState.DELETING: "cyan",
}
_MADE: Final = (MachineState.READY, MachineState.CREATED, MachineState.DELETED)


class FleetView:
    """Draws how a run stands.

    Args:
        standing: its machines.
        estimate: the time it takes.
        began: when it began, in the clock's seconds.
    """

    def __init__(self, standing: Standing, estimate: Estimate, *, began: float) -> None:
        self._standing = standing
        self._estimate = estimate
        self._began = began

    def note(self, event: Event) -> None:
        """Take in the next event."""
        self._standing.note(event)
        self._estimate.note(event)

    def draw(self, now: float, *, height: int) -> Group:
        """Draw it.

        Args:
            now: the time.
            height: lines there are.
        """
        return Group(
            self._table(now, max(height - _AROUND_ROWS, 3)),
            Text(),
            self._counts(),
            self._bar(),
            self._times(now),
        )

    def _table(self, now: float, rows: int) -> Table:
        failures = list(self._standing.failures.items())[-max(rows // 3, 1) :]
        table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
        table.add_column("cloud service", no_wrap=True, ratio=3)
        table.add_column("role", no_wrap=True, ratio=2)
        table.add_column("state", no_wrap=True, min_width=9)
        table.add_column("for", no_wrap=True, justify="right", min_width=8)
        table.add_column("", no_wrap=True, ratio=6)
        for name, why in failures:
            table.add_row(Text(name), "", Text("failed", "bold red"), "", _line(why))
        for machine in self._shown(rows - len(failures)):
            service, deployment, role = machine.id
            place = service if deployment in (service, "") else f"{service}/{deployment}"
            since = "" if machine.since is None else spell(max(0.0, now - machine.since))
            style = _STYLES.get(machine.state, "green")
            state = Text(machine.state, style)
            table.add_row(Text(place), Text(role), state, since, _line(machine.detail))
        return table

    def _shown(self, rows: int) -> list[Machine]:
        """Failures, then what is under way, then what ended last: no more than there are rows."""
        failed, active, latest = self._standing.failed, self._standing.active, self._standing.latest
        failures = failed[-max(int(rows * _FAILED_SHARE), rows - len(active) - len(latest)) :]
        shown = [*failures, *active[: rows - len(failures)]]
        return [*shown, *latest[: rows - len(shown)]]

    def _counts(self) -> Text:
        counts = self._standing.counts
        return Text("  ").join(
            Text(f"{counts[state]:,} {state}", _STYLES.get(state, ""))
            for state in MachineState
            if counts[state]
        )

    def _bar(self) -> Table:
        # At the beginning of a deprovisioning it isn't known yet how many there are.
        total = self._standing.total or 1
        row = Table.grid()  # a bar by itself ends no line
        row.add_row(
            ProgressBar(total=total, completed=self._standing.done, width=_BAR_WIDTH, complete_style="green")
        )
        return row

    def _times(self, now: float) -> Text:
        standing, elapsed = self._standing, max(0.0, now - self._began)
        made = sum(standing.counts[state] for state in _MADE)
        parts = [f"{standing.done:,} of {standing.total:,} machines", f"{spell(elapsed)} so far"]
        if made and elapsed:
            parts.append(f"{made * 60 / elapsed:.1f} a minute")
        left = self._estimate.seconds_left(now)
        if standing.done < standing.total and left is not None:
            parts.append(f"about {spell(left)} left" if left >= 1 else "any moment")
        return Text(", ".join(parts))


def _line(text: str) -> Text:
    """Text as one line that no terminal obeys; the table cuts it."""
    return Text("".join(c if c.isprintable() else " " for c in text))


class LiveView:
    """Shows a view on a terminal; what is printed on standard error meanwhile stands above it.

    Args:
        view: what is shown.
        clock: the time.
        console: where; default standard error, taken for a terminal whatever it is.
    """

    def __init__(self, view: FleetView, clock: Callable[[], float], console: Console | None = None) -> None:
        self._view = view
        self._clock = clock
        self._console = console or Console(stderr=True, force_terminal=True)
        # Drawn by the event loop itself: a thread of rich's would read what is being changed.
        self._live = Live(
            console=self._console, auto_refresh=False, redirect_stdout=False, vertical_overflow="crop"
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.draw()
        self.stop()

    def draw(self) -> None:
        """Draw it as it is now."""
        self._live.update(self._view.draw(self._clock(), height=self._console.height), refresh=True)

    def stop(self) -> None:
        """Give the terminal back; the last drawing stays. May be repeated."""
        self._live.stop()

    async def keep_drawing(self) -> None:
        """Draw again and again, until it is cancelled."""
        while True:
            self.draw()
            await anyio.sleep(REDRAW_SECONDS)


def is_terminal() -> bool:
    """Whether standard error is a terminal that can draw over what it has drawn."""
    console = Console(stderr=True)
    return console.is_terminal and not console.is_dumb_terminal
