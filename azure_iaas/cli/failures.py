"""What a command says when it failed: what happened, and the command that helps."""

from __future__ import annotations

import re
import shlex
import sys
from typing import TYPE_CHECKING, Final

from azure_iaas.cli.commands import PROGRAM
from azure_iaas.cli.exit_codes import ExitCode, can_go_on, exit_code_of
from azure_iaas.cli.visible import visible
from azure_iaas.errors import (
    AuthenticationError,
    AzureError,
    ConflictError,
    ConflictKind,
    ConnectError,
    OperationTimeoutError,
    TLSError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LOOKS: Final = {
    "get_affinity_group": ("affinity-group show", 1),
    "get_data_disk": ("disk attached", 4),
    "get_deployment": ("deployment show", 2),
    "get_deployment_by_slot": ("deployment list", 1),
    "get_disk": ("disk show", 1),
    "get_hosted_service": ("service show", 1),
    "get_management_certificate": ("account certificates", 0),
    "get_network_configuration": ("network show", 0),
    "get_os_image": ("image show", 1),
    "get_reserved_ip": ("network addresses", 0),
    "get_role": ("role show", 3),
    "get_service_certificate": ("service certificates", 1),
    "get_storage_account": ("storage show", 1),
    "get_storage_account_keys": ("storage keys", 1),
    "list_management_certificates": ("account certificates", 0),
    "list_service_certificates": ("service certificates", 1),
    "list_vm_images": ("image list --vm", 0),
}
"""The command for each read that errors advise, and how many of its names it takes."""

CALLS: Final = {
    "add_role()": "role create",
    "delete_deployment()": "deployment delete",
    "list_affinity_groups()": "affinity-group list",
    "list_hosted_services()": "service list",
    "list_locations()": "location list",
    "list_os_images()": "image list",
    "list_role_sizes()": "role sizes",
}
"""The command for each call of the client that a hint names."""


def say(message: str) -> None:
    """Print a line on standard error."""
    print(message, file=sys.stderr, flush=True)


def tell(error: AzureError, words: Sequence[str] = ()) -> ExitCode:
    """Say what went wrong and what to do.

    Args:
        error: what ended the command.
        words: the options that lead to the service, for the commands that are advised.

    Returns:
        The exit code.
    """
    say(f"{PROGRAM}: {told(str(error))}")
    for line in _advice(error, words):
        say(line)
    return exit_code_of(error)


def command_line(*words: str) -> str:
    """A command as a shell takes it."""
    return shlex.join([PROGRAM, *words])


def look_command(look_with: str | None, words: Sequence[str] = ()) -> str | None:
    """The command that shows what the client's call shows; None where there is none.

    Args:
        look_with: as errors have it: ``get_role('shop', 'web', 'web1')``.
        words: options to add.
    """
    name, _, rest = (look_with or "").partition("(")
    if name not in LOOKS:
        return None
    import ast  # noqa: PLC0415 - few commands fail so

    try:
        names = ast.literal_eval(f"({rest[:-1]},)") if rest != ")" else ()
    except (ValueError, SyntaxError):  # a name the service chooses
        return None
    command, taken = LOOKS[name]
    return command_line(*command.split(), *map(str, names[:taken]), *words)


def told(message: str) -> str:
    """A message for a terminal: in one line, with commands where the library names calls of its client."""
    with_commands = re.sub(
        r"\b[a-z_]+\(\)",
        lambda call: f"'{PROGRAM} {CALLS[call[0]]}'" if call[0] in CALLS else call[0],
        message,
    )
    return visible(with_commands)


def _advice(error: AzureError, words: Sequence[str]) -> Iterator[str]:
    if error.may_have_been_carried_out and (command := look_command(error.look_with, words)):
        yield f"look with: {command}"
    elif isinstance(error, AuthenticationError):
        yield "the subscription doesn't know the management certificate: see --subscription, --key, --cert"
    elif isinstance(error, ConflictError) and error.kind is ConflictKind.EXCLUSIVE_ACCESS:
        if error.holder_request_id:
            yield f"wait for it with: {command_line('operation', 'wait', error.holder_request_id, *words)}"
    elif isinstance(error, ConnectError | TLSError):
        yield "see --host and --ca"
    if error.resume_token is not None and can_go_on(error):
        yield go_on(error.resume_token, words)
    elif isinstance(error, OperationTimeoutError):
        yield "the same command waits again"


def go_on(token: str, words: Sequence[str]) -> str:
    """The line that says how to go on waiting."""
    return f"go on with: {command_line('operation', 'wait', token, *words)}"
