"""The ``provision`` and ``deprovision`` commands: make what a plan says, or take it down.

What they do is in :mod:`.fleet_run`, imported when it is done.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from azure_iaas.cli.connection import Connection, connection_options
from azure_iaas.cli.option_groups import Seconds
from azure_iaas.cli.plan_files import init, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DEFAULT_MAX_PARALLEL: Final = 20
GRACE_SECONDS: Final = 120.0
"""Longer than nearly all recorded operations ("Life of an accepted request", protocol 6.1)."""
REPORT_SUFFIXES: Final = (".json", ".md", ".html")
LANES_SUFFIXES: Final = (".svg", ".html")

BESIDE: Final = {"init": init, "schema": schema}
"""Commands that stand in the place of a plan; a plan of such a name is written ``./init``."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What ``provision`` or ``deprovision`` was given; their help says what each is."""

    plan: Path
    connection: Connection
    journal: Path | None
    max_parallel: int = DEFAULT_MAX_PARALLEL
    grace: float = GRACE_SECONDS
    json: bool
    quiet: bool
    progress: str = "auto"
    report: tuple[Path, ...] = ()
    check: bool = False
    dry_run: bool = False
    lanes: Path | None = None
    no_wait: bool = False
    fail_fast: bool = False
    roll_back: bool = False
    delete_media: bool = False
    keep_services: bool = False

    def words(self) -> list[str]:
        """The arguments as they are written, for the command that goes on."""
        words = [str(self.plan)]
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Connection):
                words += value.words()
            elif field.name != "plan" and value not in (None, field.default) and value is not False:
                option = "--" + field.name.replace("_", "-")
                for each in value if isinstance(value, tuple) else [value]:
                    words.append(option)
                    words += [] if each is True else [f"{each:g}" if isinstance(each, float) else str(each)]
        return words


class FileOfForm(click.ParamType[Path]):
    """A file to write, whose suffix says its form.

    Args:
        suffixes: those that are known.
    """

    name = "file"

    def __init__(self, suffixes: Iterable[str]) -> None:
        self._suffixes = tuple(suffixes)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: D102
        path = Path(value)
        if path.suffix.lower() not in self._suffixes:
            self.fail(f"its suffix says its form: {', '.join(self._suffixes)}", param, ctx)
        if not path.parent.is_dir():
            self.fail("its folder isn't there", param, ctx)
        return path


class PlanOrCommand(click.Command):
    """A command that takes a plan, and commands in its place."""

    def make_context(  # noqa: D102 - click's own
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        beside = BESIDE.get(args[0]) if args else None
        if beside is None:
            return super().make_context(info_name, args, parent, **extra)
        return beside.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)


def _common(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command what both have."""
    for option in (
        click.option("--quiet", is_flag=True, help="Print no progress."),
        click.option(
            "--progress",
            type=click.Choice(["auto", "live", "lines"]),
            default="auto",
            show_default=True,
            help="Live view, or a line for each event; auto: live on a terminal.",
        ),
        click.option(
            "--report",
            type=FileOfForm(REPORT_SUFFIXES),
            multiple=True,
            metavar="FILE",
            help="Write the report there too: .json, .md or .html. May be repeated.",
        ),
        click.option("--json", is_flag=True, help="Print the report as JSON."),
        click.option(
            "--grace",
            type=Seconds(least=0.0),
            default=GRACE_SECONDS,
            show_default=True,
            metavar="SECONDS",
            help="After Ctrl-C, how long to wait for what is on its way.",
        ),
        click.option(
            "--max-parallel",
            type=int,
            default=DEFAULT_MAX_PARALLEL,
            show_default=True,
            metavar="COUNT",
            help="Operations at a time.",
        ),
        connection_options,
        click.option(
            "--journal",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Makes the run resumable, and says what it made.",
        ),
        click.argument("plan", type=click.Path(path_type=Path), metavar="PLAN"),
    ):
        command = option(command)
    return command


@click.command(cls=PlanOrCommand)
@_common
@click.option("--check", is_flag=True, help="Check the plan against the service, write nothing.")
@click.option("--dry-run", is_flag=True, help="Show what would be done and when; send nothing.")
@click.option(
    "--lanes",
    type=FileOfForm(LANES_SUFFIXES),
    metavar="FILE",
    help="With --dry-run: draw the schedule there too: .svg or .html.",
)
@click.option("--no-wait", is_flag=True, help="Don't wait until each role is ready.")
@click.option("--fail-fast", is_flag=True, help="Start nothing more after a failure.")
@click.option("--roll-back", is_flag=True, help="After a failure delete what was made.")
def provision(**given: Any) -> int:
    """Make what a plan says; PLAN is a file, YAML or .json.

    Run it again with the same journal to go on after a crash. `provision init [FILE]` writes a plan to start
    from, `provision schema` prints the JSON Schema of plans.

    Exit codes: 0 everything was made, 1 something failed, 2 the plan or the options are wrong, 3 operations
    still run, 4 the certificate isn't known, 5 something may or may not have been made, 130 and 143 Ctrl-C or
    SIGTERM ended it.
    """
    options = Options(**given)
    if options.lanes is not None and not options.dry_run:
        raise click.UsageError("--lanes goes with --dry-run")
    from azure_iaas.cli import fleet_run  # noqa: PLC0415 - help needs none of it

    return fleet_run.run(options, fleet_run.dry_run if options.dry_run else fleet_run.provision, "provision")


@click.command()
@_common
@click.option("--delete-media", is_flag=True, help="Delete disks and blobs too.")
@click.option("--keep-services", is_flag=True, help="Keep the cloud services.")
def deprovision(**given: Any) -> int:
    """Take down what a plan names; PLAN is a file, YAML or .json.

    Deletes what the runs with the journal have made. Without one, deletes the machines the plan names, and
    its cloud services once they are empty.

    Exit codes: 0 everything is gone, 1 something remains that should not, 2 the plan or the options are
    wrong, 3 operations still run, 4 the certificate isn't known, 5 something may or may not be gone, 130 and
    143 Ctrl-C or SIGTERM ended it.
    """
    from azure_iaas.cli import fleet_run  # noqa: PLC0415 - as above

    return fleet_run.run(Options(**given), fleet_run.deprovision, "deprovision")
