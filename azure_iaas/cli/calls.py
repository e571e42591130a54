"""How a command calls the service: the options it gets, the call it makes, what it prints, how it ends.

A command is a function that gives its call; the two decorators do all the rest::

    @group.command()
    @click.argument("service")
    @writing(asks="Delete cloud service {service}?")
    def delete(service: str) -> Call:
        return lambda client: client.delete_hosted_service(service)
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from azure_iaas.cli.connection import Connection, connection_options
from azure_iaas.cli.exit_codes import ExitCode
from azure_iaas.cli.failures import go_on, look_command, say, tell
from azure_iaas.cli.output import Output, output_options
from azure_iaas.cli.questions import confirmed
from azure_iaas.cli.waiting import Patience, wait_for, waiting_options
from azure_iaas.errors import AzureError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from azure_iaas.cli.option_groups import Option
    from azure_iaas.client import AttemptStarted, Event, ServiceManagementClient
    from azure_iaas.operations.tracking import AcceptedOperation

Call: TypeAlias = "Callable[[ServiceManagementClient], Awaitable[Any]]"
"""What a command does with a client."""


def reading(*columns: str) -> Callable[[Callable[..., Call]], Callable[..., int]]:
    """Make a command of a function that gives a read, and print what it reads.

    Args:
        *columns: what tables show of a list; see :meth:`.Output.show`.
    """

    def decorate(command: Callable[..., Call]) -> Callable[..., int]:
        @functools.wraps(command)
        def run(*, connection: Connection, output: Output, **given: Any) -> int:
            output.check()
            call = command(**given)
            try:
                value = _run(_reading, connection, call)
            except AzureError as error:
                return tell(error, connection.words())
            output.show(value, columns)
            return ExitCode.DONE

        return output_options(connection_options(run))

    return decorate


async def _reading(connection: Connection, call: Call) -> Any:
    async with connection.client() as client:
        return await call(client)


def awaiting(command: Callable[..., Call]) -> Callable[..., int]:
    """Make a command of a function that gives a wait; it takes ``patience`` too."""

    @functools.wraps(command)
    def run(*, connection: Connection, output: Output, patience: Patience, **given: Any) -> int:
        output.check()
        try:
            value = _run(_reading, connection, command(patience=patience, **given))
        except AzureError as error:
            return tell(error, connection.words())
        except KeyboardInterrupt:
            say("it goes on; the same command waits again")
            raise
        output.show(value)
        return ExitCode.DONE

    return output_options(connection_options(waiting_options(run)))


def printing(command: Callable[..., Call]) -> Callable[..., int]:
    """Make a command of a function that gives a read of a text, which is printed as it is."""

    @functools.wraps(command)
    def run(*, connection: Connection, **given: Any) -> int:
        try:
            text = _run(_reading, connection, command(**given))
        except AzureError as error:
            return tell(error, connection.words())
        click.echo(text, nl=not text.endswith("\n"))
        return ExitCode.DONE

    return connection_options(run)


def writing(asks: str | None = None) -> Callable[[Callable[..., Call]], Callable[..., int]]:
    """Make a command of a function that gives a write; waits for its end, and prints how it ended.

    Args:
        asks: question to answer with yes before anything is sent, with the command's arguments in braces.
    """

    def decorate(command: Callable[..., Call]) -> Callable[..., int]:
        @functools.wraps(command)
        def run(
            *,
            connection: Connection,
            output: Output,
            patience: Patience,
            wait: bool,
            dry_run: bool,
            yes: bool = False,
            **given: Any,
        ) -> int:
            output.check()
            call = command(**given)
            write = _Write(connection, call, patience if wait else None)
            try:
                rehearsed = write.rehearse()
                if dry_run:
                    output.show(rehearsed)
                    return ExitCode.DONE
                if asks is not None and not yes and not confirmed(asks.format_map(given)):
                    say("nothing was sent")
                    return ExitCode.FAILED
                answer = _run(write.carry_out)
            except AzureError as error:
                return tell(error, connection.words())
            except KeyboardInterrupt:
                for line in write.interrupted():
                    say(line)
                raise
            try:
                output.show(answer)
            except click.UsageError as error:
                say(f"{error.format_message()}; what was to be printed: {answer}")
                return ExitCode.FAILED
            return ExitCode.DONE

        decorated: Callable[..., Any] = run
        for option in _WRITING if asks is None else (*_WRITING, yes_option):
            decorated = option(decorated)
        return output_options(connection_options(waiting_options(decorated)))

    return decorate


_WRITING = (
    click.option(
        "--wait/--no-wait",
        default=True,
        show_default=True,
        help="Wait for the operation's end, or print the token by which to wait for it later.",
    ),
    click.option(
        "--dry-run", is_flag=True, help="Print what would be sent, its secrets masked, and send nothing."
    ),
)
yes_option: Option = click.option("--yes", "-y", is_flag=True, help="Don't ask.")


class _Write:
    """One write, from its rehearsal to its end.

    Args:
        connection: where to.
        call: the write.
        patience: how to wait for its end; None: not at all.
    """

    def __init__(self, connection: Connection, call: Call, patience: Patience | None) -> None:
        self._connection = connection
        self._call = call
        self._patience = patience
        self._look_with: str | None = None
        self._sent: AttemptStarted | None = None
        self._accepted: AcceptedOperation | None = None

    def rehearse(self) -> dict[str, Any]:
        """Check the arguments, and give what would be sent.

        Raises:
            InvalidArgumentError: an argument breaks a rule.
        """
        from azure_iaas.cli import rehearsal  # noqa: PLC0415 - help needs none of it

        client = self._connection.client(rehearsal.RehearsingClient)
        try:
            _run(self._call, client)
        except rehearsal.RehearsedError as rehearsed:
            call = rehearsed.call
        self._look_with = call.whereabouts.look_with if call.whereabouts else None
        return rehearsal.what_is_sent(call)

    async def carry_out(self) -> Any:
        """Send it, and wait; gives what to print."""
        from azure_iaas.operations.tracking import AcceptedOperation  # noqa: PLC0415 - as above

        async with self._connection.client(watcher=self._watch) as client:
            answer = await self._call(client)
            if not isinstance(answer, AcceptedOperation):
                return answer
            state = {"Operation": answer.operation, "RequestId": answer.request_id}
            if answer.completed:
                return {**state, "Status": "Succeeded"}
            self._accepted = answer
            if self._patience is None:
                return {**state, "Status": "InProgress", "Token": answer.token}
            status = await wait_for(client, answer, self._patience)
            return {**state, "Status": status.status}

    def interrupted(self) -> list[str]:
        """What to say after Ctrl-C."""
        words = self._connection.words()
        if self._accepted is not None:
            return [go_on(self._accepted.token, words)]
        if self._sent is None:
            return ["nothing was sent"]
        call = self._sent.call
        lines = [f"{call.operation} was sent, and may have been carried out: look before repeating it"]
        command = look_command(self._look_with, words)
        return [*lines, f"look with: {command}"] if command else lines

    def _watch(self, event: Event) -> None:
        from azure_iaas.client import AttemptStarted  # noqa: PLC0415 - as above

        if isinstance(event, AttemptStarted) and event.call.request.method != "GET":
            self._sent = event


def _run(function: Callable[..., Awaitable[Any]], *args: Any) -> Any:
    import anyio  # noqa: PLC0415 - help needs none of it

    return anyio.run(function, *args)
