"""The ``azure-iaas`` command: what needs no command is answered here, the rest in :mod:`.root`.

Help and version import next to nothing, so that they are there at once.
"""

from __future__ import annotations

import os
import sys

from azure_iaas.cli.commands import COMPLETE_VARIABLE, HELP_OPTIONS, PROGRAM, help_text

TYPE_CHECKING = False  # not from typing, which takes longer than all the rest

if TYPE_CHECKING:
    from collections.abc import Sequence

_USAGE = 2
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: without the program's name; default those of this process.

    Returns:
        The exit code: one of :class:`azure_iaas.cli.exit_codes.ExitCode`, or 143 after SIGTERM.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    # Where a shell asks for completions, the words are in the environment.
    match given if COMPLETE_VARIABLE not in os.environ else ["completion"]:
        case []:
            print(help_text(), file=sys.stderr)
            return _USAGE
        case [option] if option in HELP_OPTIONS:
            print(help_text())
            return 0
        case ["--version"]:
            from azure_iaas.version import __version__  # noqa: PLC0415 - nothing else asks for it

            print(f"{PROGRAM} {__version__}")
            return 0
    try:
        from azure_iaas.cli.root import run  # noqa: PLC0415 - takes longer than help does
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print(f"{PROGRAM}: the command line needs click: pip install 'azure-iaas[cli]'", file=sys.stderr)
        return _USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED
    return run(given)


if __name__ == "__main__":
    sys.exit(main())
