"""The ``provision`` and ``deprovision`` commands: make what a plan says, or take it down.

After Ctrl-C or SIGTERM nothing more is started; what is on its way is seen to its end, within ``--grace``
seconds. Then the report is printed, and the command that goes on. A second one ends the process at once: what
the journal holds is enough to go on.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio
import click

from azure_iaas.cli.connection import Connection, connection_options
from azure_iaas.cli.exit_codes import SIGNALLED, ExitCode
from azure_iaas.errors import AzureError, ConfigurationError, ProvisioningError
from azure_iaas.provisioning import (
    Deprovisioner,
    Event,
    EventKind,
    InvalidPlanError,
    Plan,
    Provisioner,
    Report,
)
from azure_iaas.provisioning.engine import task_group

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_MAX_PARALLEL: Final = 20
GRACE_SECONDS: Final = 120.0
"""Longer than nearly all recorded operations ("Life of an accepted request", protocol 6.1)."""

_QUIET = frozenset({EventKind.QUEUED, EventKind.ACCEPTED})


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
    check: bool = False
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
                words.append("--" + field.name.replace("_", "-"))
                words += [] if value is True else [f"{value:g}" if isinstance(value, float) else str(value)]
        return words


def _common(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command what both have."""
    for option in (
        click.option("--quiet", is_flag=True, help="Print no progress."),
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


@click.command()
@_common
@click.option("--check", is_flag=True, help="Check the plan, write nothing.")
@click.option("--no-wait", is_flag=True, help="Don't wait until each role is ready.")
@click.option("--fail-fast", is_flag=True, help="Start nothing more after a failure.")
@click.option("--roll-back", is_flag=True, help="After a failure delete what was made.")
def provision(**given: Any) -> int:
    """Make what a plan says; PLAN is a file, YAML or .json.

    Run it again with the same journal to go on after a crash.

    Exit codes: 0 everything was made, 1 something failed, 2 the plan or the options are wrong, 130 and 143
    Ctrl-C or SIGTERM ended it.
    """
    return _run(Options(**given), _provision, "provision")


@click.command()
@_common
@click.option("--delete-media", is_flag=True, help="Delete disks and blobs too.")
@click.option("--keep-services", is_flag=True, help="Keep the cloud services.")
def deprovision(**given: Any) -> int:
    """Take down what a plan names; PLAN is a file, YAML or .json.

    Deletes what the runs with the journal have made. Without one, deletes the machines the plan names, and
    its cloud services once they are empty.

    Exit codes: 0 everything is gone, 1 something remains that should not, 2 the plan or the options are
    wrong, 130 and 143 Ctrl-C or SIGTERM ended it.
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
        _print_report(error.report, as_json=options.json)
        return interruption.ended() or ExitCode.FAILED
    except AzureError as error:
        _say(f"{type(error).__name__}: {error}")
        return ExitCode.FAILED
    except OSError as error:
        _say(str(error))
        return ExitCode.FAILED


class _Interruption:
    """What becomes of Ctrl-C and SIGTERM.

    Attributes:
        stop: set by the first one.
        signal: the first one, or None.
    """

    def __init__(self, options: Options, name: str) -> None:
        self.stop = anyio.Event()
        self.signal: signal.Signals | None = None
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


async def _provision(options: Options, interruption: _Interruption) -> int:
    plan = Plan.load(options.plan)
    async with options.connection.client() as client:
        provisioner = Provisioner(
            client,
            plan,
            journal=options.journal,
            max_parallel=options.max_parallel,
            wait_until_ready=not options.no_wait,
            fail_fast=options.fail_fast,
            roll_back=options.roll_back,
            on_event=None if options.quiet else _show,
            stop=interruption.stop,
        )
        if options.check:
            problems = await provisioner.check()
            if problems:
                raise InvalidPlanError(problems)
            _say("the plan is right")
            return 0
        report = await interruption.watch(provisioner.run, provisioner.report)
    _print_report(report, as_json=options.json)
    return interruption.ended() or 0


async def _deprovision(options: Options, interruption: _Interruption) -> int:
    plan = Plan.load(options.plan)
    async with options.connection.client() as client:
        deprovisioner = Deprovisioner(
            client,
            plan,
            journal=options.journal,
            delete_media=options.delete_media,
            delete_services=not options.keep_services,
            max_parallel=options.max_parallel,
            on_event=None if options.quiet else _show,
            stop=interruption.stop,
        )
        report = await interruption.watch(deprovisioner.run, deprovisioner.report)
    _print_report(report, as_json=options.json)
    return interruption.ended() or 0


def _show(event: Event) -> None:
    if event.kind in _QUIET:
        return
    what = "/".join(part for part in (event.service, event.deployment, event.role) if part)
    disk = "" if event.lun is None else f" LUN {event.lun}"
    _say(f"{what}{disk}: {event.kind}{f': {event.error}' if event.error else ''}")


def _print_report(report: Report | None, *, as_json: bool) -> None:
    if report is None:
        return
    if as_json:
        print(json.dumps(report.as_dict(), indent=2))
        return
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


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
