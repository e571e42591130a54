"""The root of the commands: loads the one that is used, runs it, and tells what went wrong in one place."""

from __future__ import annotations

import importlib
import os
import re
import sys
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

from azure_iaas.cli.commands import COMMANDS, COMPLETE_VARIABLE, HELP_OPTIONS, PROGRAM, help_text
from azure_iaas.cli.exit_codes import ExitCode
from azure_iaas.cli.failures import say, tell
from azure_iaas.errors import AzureError, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence


_PROBLEM = re.compile(r"Invalid value for '-[a-z-]+'|[^:'(]+", re.ASCII)
_BETWEEN = re.compile(r"[\s='\\]+")


class Root(click.Group):
    """The commands of the table, each imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: D102 - click's own
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: D102
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].place.partition(":")
        command: click.Command = getattr(importlib.import_module(f"azure_iaas.cli.{module}"), attribute)
        return command

    def get_help(self, ctx: click.Context) -> str:  # noqa: D102 - click's would import them all
        return help_text()

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:  # noqa: D102
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            CompletionItem(name, help=entry.purpose)
            for name, entry in COMMANDS.items()
            if name.startswith(incomplete)
        ]


OPTIONAL: Final = {
    **{name: name for name in ("cryptography", "jmespath", "platformdirs", "rich")},
    "yaml": "PyYAML",
}
"""What commands import when they need it, and the packages that have it."""
CONTEXT: dict[str, Any] = {"help_option_names": list(HELP_OPTIONS), "max_content_width": 100}
ROOT = Root(PROGRAM, context_settings=CONTEXT)


def run(given: Sequence[str], command: click.Command = ROOT, program: str = PROGRAM) -> int:
    """Run a command.

    Args:
        given: its arguments.
        command: the command; default all of them.
        program: what it is called in messages.

    Returns:
        The exit code.
    """
    _open_what_is_closed()
    try:
        code = _run(given, command, program)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who read the output has enough. What is still in the buffer must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED
    return code


def _open_what_is_closed() -> None:
    """Python has None for a stream that was closed before it began, as by ``>&-``."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def _run(given: Sequence[str], command: click.Command, program: str) -> int:
    try:
        code = command.main(
            list(given), prog_name=program, complete_var=COMPLETE_VARIABLE, standalone_mode=False
        )
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        return ExitCode.USAGE
    except click.UsageError as error:
        if error.ctx is not None:
            say(error.ctx.get_usage())
        say(f"{_path_of(error, program)}: {_without_secrets(error.format_message(), given)}")
        return ExitCode.USAGE
    except click.ClickException as error:
        say(f"{program}: {_without_secrets(error.format_message(), given)}")
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except AzureError as error:
        return tell(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        say(f"{program}: {error}")
        return ExitCode.FAILED
    except UnicodeDecodeError:
        say(f"{program}: a file that has to be text isn't UTF-8")
        return ExitCode.USAGE
    except ModuleNotFoundError as error:
        if error.name not in OPTIONAL:
            raise
        say(f"{program}: this needs {OPTIONAL[error.name]}: pip install 'azure-iaas[cli]'")
        return ExitCode.USAGE
    return ExitCode.DONE if code is None else int(code)


def _path_of(error: click.UsageError, program: str) -> str:
    return program if error.ctx is None else error.ctx.command_path


def _without_secrets(message: str, given: Sequence[str]) -> str:
    """Leave out what was given where it could be a key: click repeats all of it, cut in its own ways."""
    for word in given:
        name, _, value = word.partition("=") if word.startswith("--") else ("", "", word)
        suspect = value if _can_be_repeated(name) else word
        if not _can_be_repeated(suspect) and any(
            piece in message for piece in _BETWEEN.split(suspect) if piece
        ):
            problem = _PROBLEM.match(message)
            return f"{problem[0].strip() if problem else 'wrong'}: {quoted(suspect)}"
    return message


def _can_be_repeated(text: str) -> bool:
    return quoted(text) == f"'{text}'"
