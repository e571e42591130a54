"""What the exit code of a command says."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from azure_iaas.errors import (
    AuthenticationError,
    AzureError,
    ConfigurationError,
    InvalidArgumentError,
    OperationFailedError,
    OperationTimeoutError,
    ResourceNotFoundError,
)


class ExitCode(IntEnum):
    """The codes of every command; ``docs/command-line.md`` has them for users."""

    DONE = 0
    FAILED = 1
    """The service refused or failed, or couldn't be reached: what was asked for isn't so."""
    USAGE = 2
    """The command, an argument, a file or a setting is wrong; nothing was sent."""
    STILL_RUNNING = 3
    """The operation was accepted, and nobody saw its end: waiting gave up, or could ask no more."""
    NOT_AUTHORISED = 4
    """The service doesn't know the management certificate, or not for this subscription."""
    OUTCOME_UNKNOWN = 5
    """A write may or may not have been carried out: look before repeating it."""
    INTERRUPTED = 130
    """Ctrl-C, as shells have it: 128 and the number of the signal."""


SIGNALLED: Final = 128
"""Added to the number of the signal that ended a command, as shells have it."""


def can_go_on(error: AzureError) -> bool:
    """Whether an error ended a wait alone: what is waited for goes on, and another wait may see its end."""
    ended = isinstance(error, OperationFailedError | ResourceNotFoundError)
    return error.resume_token is not None and not ended


def exit_code_of(error: AzureError) -> ExitCode:
    """Give the exit code of an error that ended a command."""
    if isinstance(error, OperationTimeoutError):
        return ExitCode.STILL_RUNNING
    if error.may_have_been_carried_out:
        return ExitCode.OUTCOME_UNKNOWN
    if isinstance(error, AuthenticationError):
        return ExitCode.NOT_AUTHORISED
    if isinstance(error, ConfigurationError | InvalidArgumentError):
        return ExitCode.USAGE
    if can_go_on(error):
        return ExitCode.STILL_RUNNING
    return ExitCode.FAILED
