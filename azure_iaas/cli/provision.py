"""The ``provision`` and ``deprovision`` commands: make what a plan says, or take it down."""

from __future__ import annotations

import json
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from azure_iaas.client import ServiceManagementClient
from azure_iaas.errors import AzureError, ConfigurationError, ProvisioningError
from azure_iaas.provisioning import Event, EventKind, InvalidPlanError, Plan, Provisioner, Report, deprovision

if TYPE_CHECKING:
    import argparse

EXIT_FAILED = 1
EXIT_USAGE = 2

_QUIET = frozenset({EventKind.QUEUED, EventKind.ACCEPTED})


def add_provision_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``provision`` to a parser."""
    parser.description = "Make what a plan says. Run it again with the same journal to go on after a crash."
    _add_common(parser)
    parser.add_argument("--journal", type=Path, help="file that makes the run resumable")
    parser.add_argument("--check", action="store_true", help="check the plan, write nothing")
    parser.add_argument("--no-wait", action="store_true", help="don't wait until each role is ready")
    parser.add_argument("--fail-fast", action="store_true", help="start nothing more after a failure")
    parser.add_argument("--roll-back", action="store_true", help="after a failure delete what was made")


def add_deprovision_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``deprovision`` to a parser."""
    parser.description = "Delete the machines a plan names, and its cloud services once they are empty."
    _add_common(parser)
    parser.add_argument("--delete-media", action="store_true", help="delete disks and blobs too")
    parser.add_argument("--keep-services", action="store_true", help="keep the cloud services")


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", type=Path, metavar="PLAN", help="plan file: YAML or .json")
    parser.add_argument("--subscription", metavar="ID", help="(default: AZURE_IAAS_SUBSCRIPTION_ID)")
    parser.add_argument(
        "--key",
        help="private key: PEM, or PKCS#12 or publish settings with both (default: as the library finds it)",
    )
    parser.add_argument("--cert", help="management certificate, PEM")
    parser.add_argument("--host", help="management host, name or name:port")
    parser.add_argument("--ca", help="certificate authority of the host, PEM")
    parser.add_argument("--max-parallel", type=int, default=20, help="operations at a time (default: 20)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--quiet", action="store_true", help="print no progress")


def run_provision(arguments: argparse.Namespace) -> int:
    """Make what the plan says.

    Args:
        arguments: what a parser with :func:`add_provision_arguments` gave.

    Returns:
        0 when everything was made, 1 when something failed, 2 when the plan or the options are wrong.
    """
    return _run(arguments, _provision)


def run_deprovision(arguments: argparse.Namespace) -> int:
    """Take down what the plan names.

    Args:
        arguments: what a parser with :func:`add_deprovision_arguments` gave.

    Returns:
        0 when everything is gone, 1 when something remains that should not, 2 when the plan or the options
        are wrong.
    """
    return _run(arguments, _deprovision)


def _run(arguments: argparse.Namespace, command: Any) -> int:
    try:
        return int(anyio.run(command, arguments))
    except InvalidPlanError as error:
        for problem in error.problems:
            _say(f"plan: {problem}")
        return EXIT_USAGE
    except ConfigurationError as error:
        _say(str(error))
        return EXIT_USAGE
    except ProvisioningError as error:
        _say(str(error))
        _print_report(error.report, as_json=arguments.json)
        return EXIT_FAILED
    except AzureError as error:
        _say(f"{type(error).__name__}: {error}")
        return EXIT_FAILED
    except OSError as error:
        _say(str(error))
        return EXIT_FAILED


async def _provision(arguments: argparse.Namespace) -> int:
    plan = Plan.load(arguments.plan)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(_client(arguments))
        provisioner = Provisioner(
            client,
            plan,
            journal=arguments.journal,
            max_parallel=arguments.max_parallel,
            wait_until_ready=not arguments.no_wait,
            fail_fast=arguments.fail_fast,
            roll_back=arguments.roll_back,
            on_event=None if arguments.quiet else _show,
        )
        if arguments.check:
            problems = await provisioner.check()
            if problems:
                raise InvalidPlanError(problems)
            _say("the plan is right")
            return 0
        try:
            report = await provisioner.run()
        except anyio.get_cancelled_exc_class():
            # Ctrl-C: what is known is said; the journal takes up the rest.
            _print_report(provisioner.report(), as_json=arguments.json)
            raise
    _print_report(report, as_json=arguments.json)
    return 0


async def _deprovision(arguments: argparse.Namespace) -> int:
    plan = Plan.load(arguments.plan)
    async with _client(arguments) as client:
        report = await deprovision(
            client,
            plan,
            delete_media=arguments.delete_media,
            delete_services=not arguments.keep_services,
            max_parallel=arguments.max_parallel,
            on_event=None if arguments.quiet else _show,
        )
    _print_report(report, as_json=arguments.json)
    return 0


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
    for line in (*report.failures, *(f"remains: {line}" for line in report.remaining)):
        print(line)
    print(report.summary())


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
