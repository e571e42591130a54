"""What ``provision`` and ``deprovision`` do.

Standard output has the report and nothing else; how it goes is told on standard error, on a terminal as a
live view. After Ctrl-C or SIGTERM nothing more is started; what is on its way is seen to its end, within
``--grace`` seconds. Then the report is printed, and the command that goes on. A second one ends the process
at once: what the journal holds is enough to go on.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import anyio

from azure_iaas.cli.exit_codes import SIGNALLED, ExitCode
from azure_iaas.cli.failures import command_line, say, tell, told
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
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from azure_iaas.cli.provision import Options

    Command: TypeAlias = Callable[[Options, "_Interruption"], Awaitable[int]]

_QUIET = frozenset({EventKind.QUEUED, EventKind.ACCEPTED})
_NOT_AUTHORISED = (401, 403)
_FAILED = frozenset({Outcome.FAILED, Outcome.INCOMPLETE})


def run(options: Options, command: Command, name: str) -> int:
    """Run one of the commands.

    Args:
        options: what it was given.
        command: :func:`provision`, :func:`deprovision` or :func:`dry_run`.
        name: what it is called in the command that goes on.

    Returns:
        The exit code.
    """
    interruption = _Interruption(options, name)
    try:
        return anyio.run(command, options, interruption)
    except InvalidPlanError as error:
        for problem in error.problems:
            say(told(f"plan: {problem}"))
        return ExitCode.USAGE
    except ProvisioningError as error:
        if interruption.signal is None:
            say(told(str(error)))
        if error.report is None:
            return ExitCode.FAILED
        _tell_report(error.report, options)
        if (code := interruption.ended()) is not None:
            return code
        say(f"go on with: {interruption.command}")
        return exit_code_of_report(error.report)
    except AzureError as error:
        return tell(error, options.connection.words())


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
        self.stop: anyio.Event = anyio.Event()
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
                        say("stopped at once")
                        sys.stdout.flush()
                        os._exit(SIGNALLED + number)
                    self.signal = number
                    grace = self._options.grace
                    say(
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
            say("no journal was kept: what exists is recognised by its name")
        say(f"go on with: {self.command}")
        return SIGNALLED + self.signal

    @property
    def command(self) -> str:
        """The command that goes on."""
        return command_line(self._name, *self._options.words())


async def dry_run(options: Options, _interruption: _Interruption) -> int:
    """Show what would be done and when; sends nothing."""
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


async def provision(options: Options, interruption: _Interruption) -> int:
    """Make the plan's machines, or check the plan."""
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
            say("the plan is right")
            return ExitCode.DONE
        report = await _follow(make, plan, options, interruption)
    _tell_report(report, options)
    return interruption.ended() or ExitCode.DONE


async def deprovision(options: Options, interruption: _Interruption) -> int:
    """Take down the plan's machines."""
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
    say(told(f"{what}{disk}: {event.kind}{f': {event.error}' if event.error else ''}"))


def _tell_report(report: Report, options: Options) -> None:
    """Write the report to the files that are asked for, and print it; who reads it there may leave."""
    for path in options.report:
        _write(path, report_files.FORMS[path.suffix.lower()](report))
    if options.json:
        print(report_files.as_json(report), end="")
    else:
        _print_report(report)


def _print_report(report: Report) -> None:
    for role in report.roles:
        if role.error is not None:
            place = f"{role.service}/{role.deployment}/{role.role}"
            print(told(f"{place}: {role.outcome}: {role.error.message}"))
    for line in (
        *report.failures,
        *(f"remains: {line}" for line in report.remaining),
        *(f"kept: {line}" for line in report.kept),
    ):
        print(told(line))
    print(report.summary())


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:  # what became of the machines matters more: the exit code tells that
        say(f"{path} can't be written: {error.strerror}")
    else:
        say(f"{path} is written")
