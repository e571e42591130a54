"""The ``azure-iaas`` command."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from azure_iaas.cli import emulator, provision

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: without the program's name; default those of this process.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(
        prog="azure-iaas", description="Work with the classic Azure Service Management API."
    )
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
