"""The ``emulator`` command: the local service as a process of its own."""

from __future__ import annotations

import errno
import functools
import json
import math
import os
import shlex
import signal
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli.failures import say
from azure_iaas.errors import ConfigurationError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.emulator.local_service import LocalService
    from azure_iaas.wire.messages import Dialect

DEFAULT_PORT = 8443

EXIT_FINDINGS = 1
"""Exit code of ``--check`` when something is wrong with the state, and wasn't repaired."""

EXIT_USAGE = 2
"""Exit code when the service can't start, or check, as asked, as for wrong options."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command was given; its help says what each is."""

    host: str
    port: int
    data_dir: Path | None
    subscription: tuple[str, ...]
    speed: float
    dialect: Dialect
    strict: bool
    faults: str | None
    control: int | None
    ui: int | None
    quiet: bool
    log_file: str | None
    env: bool
    json: bool
    check: Path | None
    repair: bool


@click.command(name="emulator")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of certificates and state, made when absent.  [default: a folder of this user]",
)
@click.option(
    "--subscription",
    multiple=True,
    metavar="ID",
    help="A subscription that exists; may be repeated.  [default: the documented sample's]",
)
@click.option(
    "--speed",
    type=click.FloatRange(0, math.inf, min_open=True, max_open=True),
    default=1.0,
    metavar="FACTOR",
    help="Operations take their recorded durations divided by this.  [default: 1]",
)
@click.option(
    "--dialect",
    type=click.Choice(["ga", "preview"]),
    default="ga",
    show_default=True,
    help="Element names of answers; both are understood in requests.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Refuse unknown and misplaced elements, which the real service skipped.",
)
@click.option("--faults", metavar="FILE", help="What should go wrong, and when: YAML or .json.")
@click.option(
    "--control",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Serve the control address on this port of 127.0.0.1; 0 takes a free one.  [default: none]",
)
@click.option(
    "--ui",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Serve a page to look at on this port of 127.0.0.1; 0 takes a free one.  [default: none]",
)
@click.option("--quiet", is_flag=True, help="Print no line for each request.")
@click.option("--log-file", metavar="FILE", help="Add a line for each request to this file.")
@click.option(
    "--env",
    is_flag=True,
    help="Serve in the background, and print the lines by which a shell leads other programs there: "
    'eval "$(azure-iaas emulator --env)"; kill "$AZURE_IAAS_EMULATOR_PID" ends it.',
)
@click.option(
    "--json",
    is_flag=True,
    help="Print one line of JSON on standard output when ready, and nothing else, also for requests.",
)
@click.option(
    "--check",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Serve nothing: say what is wrong with the state in this folder. Exit code 0 when nothing is, "
    "1 when something is, 2 when it can't be checked.",
)
@click.option(
    "--repair",
    is_flag=True,
    help="With --check: set aside what can't be used, and keep what can be read of a damaged file. "
    "Exit code 0 when it is in order now.",
)
def command(**given: Any) -> int:
    """Serve the Service Management API on this machine, over TLS with client certificates.

    Certificates and state are kept in the data folder.
    """
    return run(Options(**given))


def run(options: Options) -> int:
    """Serve until SIGINT or SIGTERM, with ``--env`` in the background; or check the state of a data folder.

    Args:
        options: what the command was given.

    Returns:
        The exit code: 0 after a signal, once the service in the background is ready, or for a state in
        order; 1 for one that isn't; 2 when the service can't start, or the state can't be checked.
    """
    if options.repair and options.check is None:
        return _fail("--repair goes with --check DIR")
    if options.check is not None:
        return _check(options.check, repair=options.repair)
    if options.env:
        return _run_in_background(options)
    return _run(options, functools.partial(_announce, as_json=options.json))


def _run_in_background(options: Options) -> int:
    """Serve in a process of its own, which outlives this one, as ``ssh-agent`` does."""
    if options.json:
        return _fail("--env and --json: one or the other")
    if not hasattr(os, "fork"):
        return _fail("--env needs a POSIX system")
    receiver, sender = os.pipe()
    child = os.fork()
    if child:
        os.close(sender)
        with open(receiver, encoding="utf-8") as lines:
            text = lines.read()
        if not text:  # it has said why on standard error
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(text, end="", flush=True)
        return 0
    os.close(receiver)
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)  # "$(...)" waits until nobody holds it any more
    quiet = replace(options, quiet=True)

    def announce(service: LocalService) -> None:
        variables = {**service.environment(), "AZURE_IAAS_EMULATOR_PID": str(os.getpid())}
        # With semicolons: unquoted, "eval $(...)" makes one line of all.
        text = "".join(f"export {name}={shlex.quote(value)};\n" for name, value in variables.items())
        os.dup2(nowhere, 2)
        with open(sender, "w", encoding="utf-8") as lines:
            lines.write(text)

    return _run(quiet, announce)


def _run(options: Options, announce: Callable[[LocalService], None]) -> int:
    import anyio  # noqa: PLC0415 - parsing options doesn't need all this

    from azure_iaas.emulator.local_service import LocalService  # noqa: PLC0415 - as above
    from azure_iaas.endpoint.fault_files import load_faults  # noqa: PLC0415 - as above
    from azure_iaas.endpoint.request_log import request_lines  # noqa: PLC0415 - as above

    try:
        stream = None if options.quiet or options.json else sys.stderr
        with request_lines(stream, options.log_file) as write:
            service = LocalService(
                options.data_dir or default_data_dir(),
                options.subscription,
                speed=options.speed,
                dialect=options.dialect,
                strict=options.strict,
                host=options.host,
                port=options.port,
                faults=None if options.faults is None else load_faults(options.faults),
                control=options.control is not None and (options.control or True),
                ui=options.ui is not None and (options.ui or True),
                on_request=write,
            )
            anyio.run(_serve, service, announce)
    except ConfigurationError as error:
        return _fail(str(error))
    except OSError as error:
        where = f"{quoted(options.host)[1:-1]} port {options.port}"
        if error.errno == errno.EADDRINUSE:
            return _fail(f"{where} is in use; --port 0 takes a free one")
        return _fail(f"can't listen on {where}: {error.strerror or error}")
    except KeyboardInterrupt:
        pass  # before the service was ready, or where signals can't be received otherwise
    return 0


def default_data_dir() -> Path:
    """Give the per-user data folder: ``XDG_DATA_HOME``, or what the operating system has for it."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        # A relative path there is to be ignored (XDG Base Directory Specification).
        given = os.environ.get("XDG_DATA_HOME", "")
        base = Path(given) if os.path.isabs(given) else Path.home() / ".local" / "share"
    return base / "azure-iaas" / "emulator"


def _check(folder: Path, *, repair: bool) -> int:
    from azure_iaas.emulator import repair as state  # noqa: PLC0415 - parsing options needs none of it

    try:
        findings = state.repair(folder) if repair else state.check(folder)
    except (ConfigurationError, OSError) as error:
        return _fail(str(error))
    for finding in findings:
        print(finding)
    if not findings:
        print(f"The state in {folder} is in order.")
        return 0
    if repair:
        print(f"The state in {folder} is repaired.")
        return 0
    print(f"azure-iaas emulator --check {folder} --repair sets aside what can't be used.")
    return EXIT_FINDINGS


async def _serve(service: LocalService, announce: Callable[[LocalService], None]) -> None:
    import anyio  # noqa: PLC0415 - as above

    if sys.platform == "win32":  # signals can't be received there; Ctrl-C raises KeyboardInterrupt
        async with service:
            announce(service)
            await anyio.sleep_forever()
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with service:
            announce(service)
            async for _ in signals:
                break


def _announce(service: LocalService, *, as_json: bool) -> None:
    info = service.connection_info()
    print(json.dumps(info) if as_json else _instructions(info), flush=True)


def _instructions(info: dict[str, Any]) -> str:
    return f"""\
The local service is ready: {info["url"]}
{_further_lines(info)}
  subscription  {info["subscription_id"]}
  key           {info["key_file"]}
  certificate   {info["cert_file"]}
  both in one   {info["pem_file"]}
  trust         {info["ca_file"]}

Python:

  import asyncio
  from azure_iaas import ServiceManagementClient

  async def main():
      auth = {{"keyfile": {info["key_file"]!r}, "certfile": {info["cert_file"]!r}}}
      options = {{"host": {info["host"]!r}, "port": {info["port"]}, "ca": {info["ca_file"]!r}}}
      async with ServiceManagementClient({info["subscription_id"]!r}, auth, options) as client:
          print(await client.list_os_images())

  asyncio.run(main())

Shell:

  curl --cacert {info["ca_file"]} --cert {info["pem_file"]} -H 'x-ms-version: 2014-10-01' \\
      {info["url"]}/{info["subscription_id"]}/services/hostedservices

Ctrl-C ends it."""


def _further_lines(info: dict[str, Any]) -> str:
    named = (("control", "control_url"), ("page", "ui_url"))
    lines = [f"  {name:<12}  {info[key]}\n" for name, key in named if key in info]
    return "\n" + "".join(lines) if lines else ""


def _fail(message: str) -> int:
    say(f"azure-iaas emulator: {message}")
    return EXIT_USAGE
