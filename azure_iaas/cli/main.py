"""The ``azure-iaas`` command."""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING, NoReturn

from azure_iaas.cli import emulator, provision
from azure_iaas.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence


_PROBLEM = re.compile(r"(argument [^:]+: )?[^:']+")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Leave out what was given where it could be a key: argparse repeats all of it."""
        if quoted(message) != f"'{message}'" and (problem := _PROBLEM.match(message)):
            message = f"{problem[0].strip()}: {quoted(message[problem.end() + 2 :])}"
        super().error(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: without the program's name; default those of this process.

    Returns:
        The exit code.
    """
    parser = _Parser(prog="azure-iaas", description="Work with the classic Azure Service Management API.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    emulator_parser = commands.add_parser("emulator", help="serve the API on this machine")
    emulator.add_arguments(emulator_parser)
    emulator_parser.set_defaults(run=emulator.run)
    provision_parser = commands.add_parser("provision", help="make the machines of a plan")
    provision.add_provision_arguments(provision_parser)
    provision_parser.set_defaults(run=provision.run_provision)
    deprovision_parser = commands.add_parser("deprovision", help="take down the machines of a plan")
    provision.add_deprovision_arguments(deprovision_parser)
    deprovision_parser.set_defaults(run=provision.run_deprovision)
    parsed = parser.parse_args(arguments)
    return int(parsed.run(parsed))


if __name__ == "__main__":
    sys.exit(main())
