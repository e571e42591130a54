"""The ``emulator`` command: the local service as a process of its own."""

from __future__ import annotations

import errno
import json
import math
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from azure_iaas.errors import ConfigurationError, quoted

if TYPE_CHECKING:
    import argparse

    from azure_iaas.emulator.local_service import LocalService

DEFAULT_PORT = 8443

EXIT_USAGE = 2
"""Exit code when the service can't start as asked, as `argparse` has it for wrong options."""

_EXTRA_MODULES = frozenset({"OpenSSL", "cryptography", "h11"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to a parser."""
    parser.description = (
        "Serve the Service Management API on this machine, over TLS with client certificates. "
        "Certificates and state are kept in the data folder."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        help="port to listen on; 0 takes a free one (default: %(default)s)",
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="folder of certificates and state, made when absent (default: a folder of this user)",
    )
    parser.add_argument(
        "--subscription",
        action="append",
        metavar="ID",
        help="a subscription that exists; may be repeated (default: the documented sample's)",
    )
    parser.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="FACTOR",
        help="operations take their recorded durations divided by this (default: 1)",
    )
    parser.add_argument(
        "--dialect",
        choices=("ga", "preview"),
        default="ga",
        help="element names of answers; both are understood in requests (default: %(default)s)",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="refuse unknown and misplaced elements, which the real service skipped",
    )
    parser.add_argument("--faults", metavar="FILE", help="what should go wrong, and when: YAML or .json")
    parser.add_argument(
        "--control",
        type=_port,
        metavar="PORT",
        help="serve the control address on this port of 127.0.0.1; 0 takes a free one (default: none)",
    )
    parser.add_argument("--quiet", action="store_true", help="print no line for each request")
    parser.add_argument("--log-file", metavar="FILE", help="add a line for each request to this file")
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one line of JSON on standard output when ready, and nothing else, also for requests",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM.

    Args:
        arguments: what a parser with `add_arguments` gave.

    Returns:
        The exit code: 0 after a signal, 2 when the service can't start.
    """
    try:
        import anyio  # noqa: PLC0415 - see below

        from azure_iaas.emulator.local_service import LocalService  # noqa: PLC0415 - needs the extra
        from azure_iaas.endpoint.fault_files import load_faults  # noqa: PLC0415 - as above
        from azure_iaas.endpoint.request_log import request_lines  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _EXTRA_MODULES:
            raise
        return _fail(f"the local service needs {error.name}: pip install 'azure-iaas[emulator]'")
    try:
        stream = None if arguments.quiet or arguments.json else sys.stderr
        with request_lines(stream, arguments.log_file) as write:
            service = LocalService(
                arguments.data_dir or default_data_dir(),
                arguments.subscription,
                speed=arguments.speed,
                dialect=arguments.dialect,
                strict=arguments.strict,
                host=arguments.host,
                port=arguments.port,
                faults=None if arguments.faults is None else load_faults(arguments.faults),
                control=arguments.control is not None and (arguments.control or True),
                on_request=write,
            )
            anyio.run(_serve, service, arguments.json)
    except ConfigurationError as error:
        return _fail(str(error))
    except OSError as error:
        where = f"{quoted(arguments.host)[1:-1]} port {arguments.port}"
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


async def _serve(service: LocalService, as_json: bool) -> None:
    import anyio  # noqa: PLC0415 - as above

    if sys.platform == "win32":  # signals can't be received there; Ctrl-C raises KeyboardInterrupt
        async with service:
            _announce(service, as_json=as_json)
            await anyio.sleep_forever()
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with service:
            _announce(service, as_json=as_json)
            async for _ in signals:
                break


def _announce(service: LocalService, *, as_json: bool) -> None:
    info = service.connection_info()
    print(json.dumps(info) if as_json else _instructions(info), flush=True)


def _instructions(info: dict[str, Any]) -> str:
    return f"""\
The local service is ready: {info["url"]}
{_control_line(info)}
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


def _control_line(info: dict[str, Any]) -> str:
    return f"\n  control       {info['control_url']}\n" if "control_url" in info else ""


def _fail(message: str) -> int:
    print(f"azure-iaas emulator: {message}", file=sys.stderr)
    return EXIT_USAGE


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError
    return port


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed < math.inf:
        raise ValueError
    return speed


# What argparse calls them when they are wrong: "invalid port value".
_port.__name__ = "port"
_speed.__name__ = "speed"
