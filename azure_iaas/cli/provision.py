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
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio

from azure_iaas.client import ServiceManagementClient
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
    import argparse
    from collections.abc import Callable

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_SIGNAL: Final = 128
"""Added to the number of the signal that ended a command, as shells have it."""
GRACE_SECONDS: Final = 120.0
"""Longer than nearly all recorded operations ("Life of an accepted request", protocol 6.1)."""

_DEFAULTS: Final = {"max_parallel": 20, "grace": GRACE_SECONDS}
_QUIET = frozenset({EventKind.QUEUED, EventKind.ACCEPTED})


def add_provision_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``provision`` to a parser."""
    parser.description = "Make what a plan says. Run it again with the same journal to go on after a crash."
    _add_common(parser)
    parser.add_argument("--check", action="store_true", help="check the plan, write nothing")
    parser.add_argument("--no-wait", action="store_true", help="don't wait until each role is ready")
    parser.add_argument("--fail-fast", action="store_true", help="start nothing more after a failure")
    parser.add_argument("--roll-back", action="store_true", help="after a failure delete what was made")


def add_deprovision_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``deprovision`` to a parser."""
    parser.description = (
        "Delete what the runs with the journal have made. Without one, delete the machines a plan names, and"
        " its cloud services once they are empty."
    )
    _add_common(parser)
    parser.add_argument("--delete-media", action="store_true", help="delete disks and blobs too")
    parser.add_argument("--keep-services", action="store_true", help="keep the cloud services")


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", type=Path, metavar="PLAN", help="plan file: YAML or .json")
    parser.add_argument(
        "--journal", type=Path, help="file that makes the run resumable, and says what it made"
    )
    parser.add_argument("--subscription", metavar="ID", help="(default: AZURE_IAAS_SUBSCRIPTION_ID)")
    parser.add_argument(
        "--key",
        help="private key: PEM, or PKCS#12 or publish settings with both (default: as the library finds it)",
    )
    parser.add_argument("--cert", help="management certificate, PEM")
    parser.add_argument("--host", help="management host, name or name:port")
    parser.add_argument("--ca", help="certificate authority of the host, PEM")
    parser.add_argument("--max-parallel", type=int, default=20, help="operations at a time (default: 20)")
    parser.add_argument(
        "--grace",
        type=float,
        default=GRACE_SECONDS,
        help="after Ctrl-C, seconds to wait for what is on its way (default: %(default)g)",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--quiet", action="store_true", help="print no progress")


def run_provision(arguments: argparse.Namespace) -> int:
    """Make what the plan says.

    Args:
        arguments: what a parser with :func:`add_provision_arguments` gave.

    Returns:
        0 when everything was made, 1 when something failed, 2 when the plan or the options are wrong, 130 and
        143 when Ctrl-C or SIGTERM ended it.
    """
    return _run(arguments, _provision, "provision")


def run_deprovision(arguments: argparse.Namespace) -> int:
    """Take down what the plan names.

    Args:
        arguments: what a parser with :func:`add_deprovision_arguments` gave.

    Returns:
        0 when everything is gone, 1 when something remains that should not, 2 when the plan or the options
        are wrong, 130 and 143 when Ctrl-C or SIGTERM ended it.
    """
    return _run(arguments, _deprovision, "deprovision")


def _run(arguments: argparse.Namespace, command: Any, name: str) -> int:
    interruption = _Interruption(arguments, name)
    try:
        return int(anyio.run(command, arguments, interruption))
    except KeyboardInterrupt:
        return EXIT_SIGNAL + signal.SIGINT  # before anything was begun
    except InvalidPlanError as error:
        for problem in error.problems:
            _say(f"plan: {problem}")
        return EXIT_USAGE
    except ConfigurationError as error:
        _say(str(error))
        return EXIT_USAGE
    except ProvisioningError as error:
        if interruption.signal is None:
            _say(str(error))
        _print_report(error.report, as_json=arguments.json)
        return interruption.ended() or EXIT_FAILED
    except AzureError as error:
        _say(f"{type(error).__name__}: {error}")
        return EXIT_FAILED
    except OSError as error:
        _say(str(error))
        return EXIT_FAILED


class _Interruption:
    """What becomes of Ctrl-C and SIGTERM.

    Attributes:
        stop: set by the first one.
        signal: the first one, or None.
    """

    def __init__(self, arguments: argparse.Namespace, name: str) -> None:
        self.stop = anyio.Event()
        self.signal: signal.Signals | None = None
        self._arguments = arguments
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
                        os._exit(EXIT_SIGNAL + number)
                    self.signal = number
                    grace = self._arguments.grace
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
        if self._arguments.journal is None and self._name == "provision":
            _say("no journal was kept: what exists is recognised by its name")
        _say(f"go on with: {self.command}")
        return EXIT_SIGNAL + self.signal

    @property
    def command(self) -> str:
        """The command that goes on."""
        words = ["azure-iaas", self._name, str(self._arguments.plan)]
        for name, value in vars(self._arguments).items():
            if name in {"plan", "command", "run"} or value in (None, False) or value == _DEFAULTS.get(name):
                continue
            words.append("--" + name.replace("_", "-"))
            words += [] if value is True else [f"{value:g}" if isinstance(value, float) else str(value)]
        return shlex.join(words)


async def _provision(arguments: argparse.Namespace, interruption: _Interruption) -> int:
    plan = Plan.load(arguments.plan)
    async with _client(arguments) as client:
        provisioner = Provisioner(
            client,
            plan,
            journal=arguments.journal,
            max_parallel=arguments.max_parallel,
            wait_until_ready=not arguments.no_wait,
            fail_fast=arguments.fail_fast,
            roll_back=arguments.roll_back,
            on_event=None if arguments.quiet else _show,
            stop=interruption.stop,
        )
        if arguments.check:
            problems = await provisioner.check()
            if problems:
                raise InvalidPlanError(problems)
            _say("the plan is right")
            return 0
        report = await interruption.watch(provisioner.run, provisioner.report)
    _print_report(report, as_json=arguments.json)
    return interruption.ended() or 0


async def _deprovision(arguments: argparse.Namespace, interruption: _Interruption) -> int:
    plan = Plan.load(arguments.plan)
    async with _client(arguments) as client:
        deprovisioner = Deprovisioner(
            client,
            plan,
            journal=arguments.journal,
            delete_media=arguments.delete_media,
            delete_services=not arguments.keep_services,
            max_parallel=arguments.max_parallel,
            on_event=None if arguments.quiet else _show,
            stop=interruption.stop,
        )
        report = await interruption.watch(deprovisioner.run, deprovisioner.report)
    _print_report(report, as_json=arguments.json)
    return interruption.ended() or 0


def _client(arguments: argparse.Namespace) -> ServiceManagementClient:
    auth = {"keyfile": arguments.key, "certfile": arguments.cert}
    options = {"host": arguments.host, "ca": arguments.ca}
    return ServiceManagementClient(
        arguments.subscription,
        {name: value for name, value in auth.items() if value is not None} or None,
        {name: value for name, value in options.items() if value is not None},
    )


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
