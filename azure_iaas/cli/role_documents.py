"""A machine as the command line says it: a file, or options.

A file is YAML, JSON, or XML: a document of the service, or what old tools exported (``PersistentVM``).
Passwords come from a file, the environment or a prompt, never as the value of an option: other users of the
machine can read those.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TextIO

import click

from azure_iaas.cli.certificate_files import certificate_in, thumbprint_of
from azure_iaas.cli.names import names
from azure_iaas.cli.option_groups import options_as
from azure_iaas.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.cli.option_groups import Option
    from azure_iaas.models import VMRole

PASSWORD_VARIABLE: Final = "AZURE_IAAS_PASSWORD"
_ROOTS: Final = ("PersistentVMRole", "Role", "PersistentVM")
_ROLE_NAME: Final = ("RoleName", "role_name")
_BEFORE_XML: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_ENDPOINT: Final = re.compile(
    r"(?:(?P<name>[^=]+)=)?(?P<public>\d{1,5})(?::(?P<local>\d{1,5}))?(?:/(?P<protocol>tcp|udp))?", re.ASCII
)
_KNOWN_PORTS: Final = {22: "SSH", 80: "HTTP", 443: "HTTPS", 3389: "RemoteDesktop", 5986: "WinRM"}
_THUMBPRINT: Final = re.compile(r"[0-9A-Fa-f]{40}")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What the options said of a machine; their help says what each is."""

    role_file: BinaryIO | None
    image: str | None
    vm_image: str | None
    disk: str | None
    media: str | None
    size: str | None
    system: str
    user: str | None
    computer_name: str | None
    ssh_key: str | None
    password_file: TextIO | None
    custom_data: BinaryIO | None
    endpoints: tuple[str, ...]
    subnets: tuple[str, ...]
    availability_set: str | None

    def role(self, name: str | None) -> VMRole | dict[str, Any]:
        """Give the machine's document, as the client takes it; the client checks what is in it.

        Args:
            name: its name; None: as the file has it.

        Raises:
            click.UsageError: the file can't be read, or the options don't say a machine.
        """
        if self.role_file is None:
            return {"RoleName": name, **self._said(name)}
        if self._said_at_all():
            raise click.UsageError("--file says the whole machine: no other option may say more of it")
        role = read_role(self.role_file.read())
        if name is None:
            return role
        if isinstance(role, dict):
            return {"RoleName": name, **{key: role[key] for key in role if key not in _ROLE_NAME}}
        role.role_name = name
        return role

    def _said_at_all(self) -> bool:
        rest = {**vars(self), "role_file": None, "system": None}
        return any(rest.values())

    def _said(self, name: str | None) -> dict[str, Any]:
        disk = {"SourceImageName": self.image, "DiskName": self.disk, "MediaLink": self.media}
        disk = {name: value for name, value in disk.items() if value is not None}
        if not disk and self.vm_image is None:
            raise click.UsageError("--file, --image, --vm-image or --disk says what the machine is made from")
        role = {
            "OSDisk": disk or None,
            "VMImageName": self.vm_image,
            "RoleSize": self.size,
            "AvailabilitySetName": self.availability_set,
            "ConfigurationSets": [*self._set_up(name), *self._network()],
        }
        return {name: value for name, value in role.items() if value}

    def _network(self) -> Iterator[dict[str, Any]]:
        if self.endpoints or self.subnets:
            yield {
                "ConfigurationSetType": "NetworkConfiguration",
                **({"InputEndpoints": [*map(endpoint, self.endpoints)]} if self.endpoints else {}),
                **({"SubnetNames": [*self.subnets]} if self.subnets else {}),
            }

    def _set_up(self, name: str | None) -> Iterator[dict[str, Any]]:
        if self.user is None:
            if self.ssh_key or self.password_file or self.custom_data:
                raise click.UsageError("--user says for whom the machine is set up")
            return
        data = base64.b64encode(self.custom_data.read()).decode() if self.custom_data else None
        if self.system == "windows":
            if self.ssh_key:
                raise click.UsageError("--ssh-key is for Linux machines")
            yield {
                "ConfigurationSetType": "ProvisioningConfiguration",
                "MachineName": self.computer_name or name,
                "AdminUsername": self.user,
                "AdminPassword": self._password(),
                **({"CustomData": data} if data else {}),
            }
            return
        key = (
            {
                "Fingerprint": thumbprint(self.ssh_key),
                "Path": f"/home/{self.user}/.ssh/authorized_keys",
            }
            if self.ssh_key
            else None
        )
        by_password = key is None or self.password_file is not None
        yield {
            "ConfigurationSetType": "LinuxProvisioningConfiguration",
            "HostName": self.computer_name or name,
            "UserName": self.user,
            "DisableSshPasswordAuthentication": not by_password,
            **({"UserPassword": self._password()} if by_password else {}),
            **({"SSH": {"PublicKeys": [key]}} if key else {}),
            **({"CustomData": data} if data else {}),
        }

    def _password(self) -> str:
        if self.password_file is not None:
            return self.password_file.read().rstrip("\r\n")
        return password_of(PASSWORD_VARIABLE, f"Password of {self.user}")


def password_of(variable: str, prompt: str) -> str:
    """A password from the environment, or asked for on a terminal.

    Raises:
        click.UsageError: neither is there.
    """
    if password := os.environ.get(variable):
        return password
    if not sys.stdin.isatty():
        raise click.UsageError(f"a password is needed: --password-file, {variable}, or a terminal to ask at")
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=True, err=True))


def read_role(content: bytes) -> VMRole | dict[str, Any]:
    """Read a machine from a file's content.

    Raises:
        click.UsageError: it isn't one.
    """
    from azure_iaas.errors import ProtocolError  # noqa: PLC0415 - help needs none of it
    from azure_iaas.models import VMRole  # noqa: PLC0415 - as above
    from azure_iaas.wire import codecs  # noqa: PLC0415 - as above

    if not content.lstrip(_BEFORE_XML).startswith(b"<"):
        return _mapping(content)
    try:
        role = codecs.decode(VMRole, content, root=_ROOTS)
    except ProtocolError as error:
        problem = error.message
    else:
        if not role.oddities:
            return role
        problem = f"can't be read: {', '.join(odd.path or 'its root' for odd in role.oddities)}"
    # Raised outside: the cause holds the file, and it may have secrets.
    raise click.UsageError(f"--file: {problem}")


def endpoint(text: str) -> dict[str, Any]:
    """Read ``[NAME=]PUBLIC[:LOCAL][/PROTOCOL]``.

    Raises:
        click.UsageError: something else.
    """
    match = _ENDPOINT.fullmatch(text)
    if match is None or not all(0 < int(port) < 65536 for port in match.group("public", "local") if port):
        raise click.UsageError(f"--endpoint: {quoted(text)} isn't [NAME=]PUBLIC[:LOCAL][/udp]")
    local = int(match["local"] or match["public"])
    protocol = match["protocol"] or "tcp"
    name = match["name"] or _KNOWN_PORTS.get(local) or f"{protocol}-{local}"
    return {"Name": name, "Port": int(match["public"]), "LocalPort": local, "Protocol": protocol}


def thumbprint(given: str) -> str:
    """The thumbprint of a certificate, from itself or a PEM file.

    Raises:
        click.UsageError: it is neither.
    """
    if _THUMBPRINT.fullmatch(given):
        return given.upper()
    try:
        der = certificate_in(Path(given).read_bytes())
    except OSError as error:
        problem = error.strerror or "can't be read"
    except ValueError:
        problem = (
            "no certificate in it. Make one of your key, which logs in as before:"
            " openssl req -x509 -key ~/.ssh/id_rsa -subj /CN=me -out me.pem"
        )
    else:
        return thumbprint_of(der)
    raise click.UsageError(f"--ssh-key: {quoted(given)}: {problem}")


def _mapping(content: bytes) -> dict[str, Any]:
    problem = "neither YAML, JSON nor XML"
    try:
        text = content.decode("utf-8-sig")
        values = json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except (ValueError, RecursionError):
        values = None
    else:
        problem = "no machine: its elements by their names are needed"
    if isinstance(values, dict):
        return values
    raise click.UsageError(f"--file: {problem}")


def _yaml(text: str) -> Any:
    import yaml  # noqa: PLC0415 - only here

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
    raise click.UsageError(f"--file: {f'line {mark.line + 1}: ' if mark else ''}not YAML")


role_options: Option = options_as(
    "machine",
    Machine,
    (
        click.option(
            "--file",
            "-f",
            "role_file",
            type=click.File("rb"),
            help="The machine: YAML, JSON, or XML as old tools exported it; - is standard input.",
        ),
        click.option("--image", metavar="NAME", help="OS image its disk is made from.", **names("image")),
        click.option("--vm-image", metavar="NAME", help="VM image it is made from."),
        click.option("--disk", metavar="NAME", help="Registered disk it starts from.", **names("disk")),
        click.option("--media", metavar="URI", help="Blob that becomes its disk."),
        click.option("--size", metavar="SIZE", help="Size.  [default: Small]", **names("size")),
        click.option(
            "--os",
            "system",
            type=click.Choice(["linux", "windows"]),
            default="linux",
            show_default=True,
            help="Kind of machine, which is set up with --user.",
        ),
        click.option("--user", metavar="NAME", help="User it is set up with."),
        click.option(
            "--computer-name", metavar="NAME", help="Name it has for itself.  [default: the role's]"
        ),
        click.option(
            "--ssh-key",
            metavar="FILE|THUMBPRINT",
            help="Certificate whose key may log in, PEM, or its thumbprint. The cloud service must have it:"
            " service add-certificate.",
        ),
        click.option(
            "--password-file",
            type=click.File("r", encoding="utf-8-sig"),
            help=f"Holds the password; - is standard input.  [default: {PASSWORD_VARIABLE}, or a prompt]",
        ),
        click.option(
            "--custom-data",
            type=click.File("rb"),
            metavar="FILE",
            help="What the machine finds at its set-up.",
        ),
        click.option(
            "--endpoint",
            "endpoints",
            multiple=True,
            metavar="[NAME=]PUBLIC[:LOCAL][/udp]",
            help="Public port; may be repeated.",
        ),
        click.option(
            "--subnet", "subnets", multiple=True, metavar="NAME", help="Subnet of the virtual network."
        ),
        click.option("--availability-set", metavar="NAME", help="Machines of one set are kept apart."),
    ),
)
"""Gives a command the options that say a machine; it takes them as ``machine``."""
