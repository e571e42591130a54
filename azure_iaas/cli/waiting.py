"""Waiting for an accepted operation, with its progress on standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click

from azure_iaas.cli.failures import say
from azure_iaas.cli.option_groups import Seconds, options_as

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from azure_iaas.cli.option_groups import Option
    from azure_iaas.client import Progress, ServiceManagementClient
    from azure_iaas.models import OperationStatus
    from azure_iaas.operations.tracking import AcceptedOperation

WAIT_SECONDS: Final = 1800.0
"""The client's own default."""


@dataclass(frozen=True)
class Patience:
    """How to wait.

    Attributes:
        wait_seconds: longest wait.
        progress: whether to show how it stands; None on a terminal only.
    """

    wait_seconds: float = WAIT_SECONDS
    progress: bool | None = None

    @contextmanager
    def shown(self, what: str) -> Iterator[Callable[[str], None]]:
        """Show that something is waited for, where that is wanted; gives what is told how it stands."""
        if self.progress is False or (self.progress is None and not sys.stderr.isatty()):
            yield lambda state: None
        elif sys.stderr.isatty():
            with _live(what) as tell:
                yield tell
        else:
            yield lambda state: say(f"{what}: {state}")


@contextmanager
def _live(what: str) -> Iterator[Callable[[str], None]]:
    from rich import progress  # noqa: PLC0415 - only where something is drawn
    from rich.console import Console  # noqa: PLC0415 - as above

    columns = (
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}", markup=False),
        progress.TimeElapsedColumn(),
    )
    console = Console(file=sys.stderr)
    with progress.Progress(
        *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as bars:
        task = bars.add_task(what, total=None)
        yield lambda state: bars.update(task, description=f"{what}: {state}")


async def wait_for(
    client: ServiceManagementClient, operation: AcceptedOperation, patience: Patience
) -> OperationStatus:
    """Wait for an operation's end, showing how it stands; raises as the client does."""

    def told(progress: Progress) -> None:
        tell(progress.status.status or "" if progress.status else "no answer, asking again")

    with patience.shown(operation.operation) as tell:
        return await client.wait_for_operation(operation, timeout=patience.wait_seconds, on_progress=told)


waiting_options: Option = options_as(
    "patience",
    Patience,
    (
        click.option(
            "--wait-seconds",
            type=Seconds(),
            default=WAIT_SECONDS,
            show_default=True,
            metavar="SECONDS",
            help="Longest wait.",
        ),
        click.option(
            "--progress/--no-progress",
            default=None,
            help="Show on standard error how it stands.  [default: on a terminal]",
        ),
    ),
)
"""Gives a command the options of a wait; it takes them as ``patience``."""
