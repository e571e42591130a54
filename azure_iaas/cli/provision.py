"""The ``provision`` and ``deprovision`` commands: make what a plan says, or take it down.

Standard output has the report and nothing else; how it goes is told on standard error, on a terminal as a
live view. After Ctrl-C or SIGTERM nothing more is started; what is on its way is seen to its end, within
``--grace`` seconds. Then the report is printed, and the command that goes on. A second one ends the process
at once: what the journal holds is enough to go on.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio
import click

from azure_iaas.cli.connection import Connection, connection_options
from azure_iaas.cli.exit_codes import SIGNALLED, ExitCode
from azure_iaas.cli.failures import tell
from azure_iaas.cli.plan_files import init, schema
from azure_iaas.errors import AzureError, ConfigurationError, ProvisioningError
from azure_iaas.provisioning import (
    Deprovisioner,
    Event,
    EventKind,
    InvalidPlanError,
    Outcome,
    Plan,
    Provisioner,
    Report,
    timetable_drawing,
)
from azure_iaas.provisioning.engine import task_group
from azure_iaas.provisioning.plan.checks import PlanLimits, check_plan, one_each
from azure_iaas.provisioning.progress import report_files
from azure_iaas.provisioning.progress.estimate import Estimate
from azure_iaas.provisioning.progress.standing import Standing
from azure_iaas.provisioning.timetable import timetable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DEFAULT_MAX_PARALLEL: Final = 20
GRACE_SECONDS: Final = 120.0
"""Longer than nearly all recorded operations ("Life of an accepted request", protocol 6.1)."""

BESIDE: Final = {"init": init, "schema": schema}
"""Commands that stand in the place of a plan; a plan of such a name is written ``./init``."""

_QUIET = frozenset({EventKind.QUEUED, EventKind.ACCEPTED})
_NOT_AUTHORISED = (401, 403)
_FAILED = frozenset({Outcome.FAILED, Outcome.INCOMPLETE})


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
            elif field.name != "plan" and value not in (None, False, field.default):
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
            type=FileOfForm(report_files.FORMS),
            multiple=True,
            metavar="FILE",
            help="Write the report there too: .json, .md or .html. May be repeated.",
        ),
        click.option("--json", is_flag=True, help="Print the report as JSON."),
        click.option(
            "--grace",
            type=float,
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
    type=FileOfForm(timetable_drawing.FORMS),
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
    return _run(options, _dry_run if options.dry_run else _provision, "provision")


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
    return _run(Options(**given), _deprovision, "deprovision")


def _run(options: Options, command: Any, name: str) -> int:
    interruption = _Interruption(options, name)
    try:
        return int(anyio.run(command, options, interruption))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED  # before anything was begun
    except InvalidPlanError as error:
        for problem in error.problems:
            _say(f"plan: {problem}")
        return ExitCode.USAGE
    except ConfigurationError as error:
        _say(str(error))
        return ExitCode.USAGE
    except ProvisioningError as error:
        if interruption.signal is None:
            _say(str(error))
        if error.report is None:
            return ExitCode.FAILED
        _tell_report(error.report, options)
        if (code := interruption.ended()) is not None:
            return code
        _say(f"go on with: {interruption.command}")
        return exit_code_of_report(error.report)
    except AzureError as error:
        return tell(error, options.connection.words())
    except OSError as error:
        _say(str(error))
        return ExitCode.FAILED


def exit_code_of_report(report: Report) -> ExitCode:
    """What the exit code says of a run that didn't do everything: the worst of it."""
    errors = [role.error for role in report.roles if role.error is not None]
    outcomes = report.counts.keys()
    if any(error.status in _NOT_AUTHORISED for error in errors):
        return ExitCode.NOT_AUTHORISED
    if Outcome.UNKNOWN in outcomes:
        return ExitCode.OUTCOME_UNKNOWN
    if Outcome.IN_PROGRESS in outcomes and not (outcomes & _FAILED or report.failures):
        return ExitCode.STILL_RUNNING
    return ExitCode.FAILED


class _Interruption:
    """What becomes of Ctrl-C and SIGTERM.

    Attributes:
        stop: set by the first one.
        signal: the first one, or None.
        at_once: called before the second one ends the process.
    """

    def __init__(self, options: Options, name: str) -> None:
        self.stop = anyio.Event()
        self.signal: signal.Signals | None = None
        self.at_once: Callable[[], object] = lambda: None
        self._options = options
        self._name = name

    async def watch(self, command: Callable[[], Any], report: Callable[[], Report]) -> Report:
        """Run a command until it ends, or until its grace is over; gives how it stands then."""
        result: Report | None = None
        async with task_group() as tasks:
            with anyio.CancelScope() as scope:
                await tasks.start(self._receive, scope)
                result = await command()
            tasks.cancel_scope.cancel()
        return result or report()

    async def _receive(self, scope: anyio.CancelScope, *, task_status: Any) -> None:
        with suppress(NotImplementedError):  # Windows: Ctrl-C ends it at once, the journal takes it up
            with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
                task_status.started()
                async for number in signals:
                    if self.signal is not None:
                        self.at_once()
                        _say("stopped at once")
                        sys.stdout.flush()
                        os._exit(SIGNALLED + number)
                    self.signal = number
                    grace = self._options.grace
                    _say(
                        f"stopping: what is on its way is waited for, {grace:g} s at most; again ends at once"
                    )
                    self.stop.set()
                    scope.deadline = anyio.current_time() + grace
            return
        task_status.started()

    def ended(self) -> int | None:
        """Say how to go on, when a signal ended it; gives the exit code then."""
        if self.signal is None:
            return None
        if self._options.journal is None and self._name == "provision":
            _say("no journal was kept: what exists is recognised by its name")
        _say(f"go on with: {self.command}")
        return SIGNALLED + self.signal

    @property
    def command(self) -> str:
        """The command that goes on."""
        return shlex.join(["azure-iaas", self._name, *self._options.words()])


async def _dry_run(options: Options, _interruption: _Interruption) -> int:
    plan = Plan.load(options.plan)
    services = plan.expand()
    if problems := check_plan(services, PlanLimits()):
        raise InvalidPlanError(one_each(problems, plan))
    if options.max_parallel < 1:
        raise ConfigurationError(f"max_parallel: at least 1, not {options.max_parallel}")
    table = timetable(services, max_parallel=options.max_parallel, wait_until_ready=not options.no_wait)
    print(timetable_drawing.as_text(table, width=shutil.get_terminal_size().columns))
    if options.lanes is not None:
        _write(options.lanes, timetable_drawing.FORMS[options.lanes.suffix.lower()](table))
    return ExitCode.DONE


async def _provision(options: Options, interruption: _Interruption) -> int:
    plan = Plan.load(options.plan)
    async with options.connection.client() as client:
        make = partial(
            Provisioner,
            client,
            plan,
            journal=options.journal,
            max_parallel=options.max_parallel,
            wait_until_ready=not options.no_wait,
            fail_fast=options.fail_fast,
            roll_back=options.roll_back,
            stop=interruption.stop,
        )
        if options.check:
            problems = await make().check()
            if problems:
                raise InvalidPlanError(problems)
            _say("the plan is right")
            return ExitCode.DONE
        report = await _follow(make, plan, options, interruption)
    _tell_report(report, options)
    return interruption.ended() or ExitCode.DONE


async def _deprovision(options: Options, interruption: _Interruption) -> int:
    plan = Plan.load(options.plan)
    async with options.connection.client() as client:
        make = partial(
            Deprovisioner,
            client,
            plan,
            journal=options.journal,
            delete_media=options.delete_media,
            delete_services=not options.keep_services,
            max_parallel=options.max_parallel,
            stop=interruption.stop,
        )
        report = await _follow(make, plan, options, interruption)
    _tell_report(report, options)
    return interruption.ended() or ExitCode.DONE


async def _follow(
    make: partial[Provisioner] | partial[Deprovisioner],
    plan: Plan,
    options: Options,
    interruption: _Interruption,
) -> Report:
    """Run it, and show how it goes."""
    if options.quiet or not goes_live(options.progress):
        runner = make(on_event=None if options.quiet else _show)
        return await interruption.watch(runner.run, runner.report)
    from azure_iaas.cli import fleet_view  # noqa: PLC0415 - rich, where something is drawn

    how: Any = {
        "ready_wanted": not options.no_wait,
        "taken_down": make.func is Deprovisioner,
    }
    standing = Standing((role.id for service in plan.expand() for role in service.roles), **how)
    view = fleet_view.FleetView(
        standing, Estimate(max_parallel=options.max_parallel, **how), began=time.time()
    )
    begun = False

    def note(event: Event) -> None:
        nonlocal begun
        if not begun:
            begun = True
            standing.know(runner.report())
        view.note(event)

    runner = make(on_event=note)
    with fleet_view.LiveView(view, time.time) as shown:
        interruption.at_once = shown.stop
        async with task_group() as tasks:
            tasks.start_soon(shown.keep_drawing)
            report = await interruption.watch(runner.run, runner.report)
            standing.know(report)
            tasks.cancel_scope.cancel()
        return report


def goes_live(progress: str) -> bool:
    """Whether there is a live view: where it is asked for, or on a terminal, if rich is there."""
    if progress != "auto":
        return progress == "live"
    if not sys.stderr.isatty():
        return False
    try:
        from azure_iaas.cli import fleet_view  # noqa: PLC0415 - rich, where something is drawn
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "rich":
            raise
        return False  # without the extra there are lines
    return fleet_view.is_terminal()


def _show(event: Event) -> None:
    if event.kind in _QUIET:
        return
    what = "/".join(part for part in (event.service, event.deployment, event.role) if part)
    disk = "" if event.lun is None else f" LUN {event.lun}"
    _say(f"{what}{disk}: {event.kind}{f': {event.error}' if event.error else ''}")


def _tell_report(report: Report, options: Options) -> None:
    """Print the report, and write the files that are asked for."""
    if options.json:
        print(report_files.as_json(report), end="")
    else:
        _print_report(report)
    for path in options.report:
        _write(path, report_files.FORMS[path.suffix.lower()](report))


def _print_report(report: Report) -> None:
    for role in report.roles:
        if role.error is not None:
            print(f"{role.service}/{role.deployment}/{role.role}: {role.outcome}: {role.error.message}")
    for line in (
        *report.failures,
        *(f"remains: {line}" for line in report.remaining),
        *(f"kept: {line}" for line in report.kept),
    ):
        print(line)
    print(report.summary())


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:  # what became of the machines matters more: the exit code tells that
        _say(f"{path} can't be written: {error.strerror}")
    else:
        _say(f"{path} is written")


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
