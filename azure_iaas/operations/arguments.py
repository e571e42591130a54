"""Checks of what a caller gives, before anything is sent.

Only what the service certainly refuses is refused here ("Names, limits, sizes", protocol chapter 14); where
the sources leave doubt, the service decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import ValidationError

from azure_iaas.errors import InvalidArgumentError
from azure_iaas.models import (
    AzureModel,
    DataDisk,
    ExternalEndpoint,
    LinuxProvisioningConfiguration,
    NetworkConfiguration,
    ProvisioningConfiguration,
    VMRole,
)
from azure_iaas.models.base import check_again, for_request
from azure_iaas.wire import codecs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import SecretStr

M = TypeVar("M", bound=AzureModel)

SLOTS: Final = ("Production", "Staging")
MAX_LUN: Final = 31
"""LUNs are 0 to 15, and to 31 for sizes with more than 16 disks."""
MAX_DISK_GB: Final = 1023
LABEL_LENGTH: Final = 100
DESCRIPTION_LENGTH: Final = 1024

_HOSTED_SERVICE = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
_DEPLOYMENT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", re.ASCII)
_ROLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?", re.ASCII)
_IMAGE_OR_DISK = re.compile(r"[A-Za-z0-9_.-]{0,255}[A-Za-z0-9_]", re.ASCII)
_STORAGE_ACCOUNT = re.compile(r"[a-z0-9]{3,24}", re.ASCII)
_NOT_IN_COMPUTER_NAME = frozenset("`~!@#$%^&*()=+_[]{}\\|;:.'\",<>/?")

_NAME_RULES: Final = {
    "service_name": (
        _HOSTED_SERVICE,
        "1 to 63 letters, digits and hyphens, beginning with a letter and ending with a letter or digit",
    ),
    "deployment_name": (
        _DEPLOYMENT,
        "letters, digits and hyphens, beginning and ending with a letter or digit",
    ),
    "role_name": (
        _ROLE,
        "1 to 64 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit",
    ),
    "image_name": (_IMAGE_OR_DISK, "1 to 256 letters, digits, '_', '.' and '-', not ending in '.' or '-'"),
    "disk_name": (_IMAGE_OR_DISK, "1 to 256 letters, digits, '_', '.' and '-', not ending in '.' or '-'"),
    "storage_account_name": (_STORAGE_ACCOUNT, "3 to 24 lower-case letters and digits"),
}


def text(method: str, argument: str, value: object) -> str:
    """A required text.

    Raises:
        InvalidArgumentError: not a string, or empty.
    """
    if not isinstance(value, str) or not value.strip():
        raise InvalidArgumentError(method, argument, "a non-empty string is required")
    return value


def new_name(method: str, argument: str, value: object, *, kind: str | None = None) -> str:
    """The name of something to be created.

    Args:
        method: documented name of the operation.
        argument: name of the argument.
        value: what was given.
        kind: which rule applies, when the argument's name doesn't tell.

    Raises:
        InvalidArgumentError: it breaks the rule for such names.
    """
    name = text(method, argument, value)
    pattern, rule = _NAME_RULES[kind or argument]
    if not pattern.fullmatch(name):
        raise InvalidArgumentError(method, argument, f"{name!r} is no such name: {rule}")
    return name


def slot(method: str, argument: str, value: object) -> str:
    """``Production`` or ``Staging``, from any case."""
    given = text(method, argument, value)
    for known in SLOTS:
        if given.lower() == known.lower():
            return known
    raise InvalidArgumentError(method, argument, "'Production' or 'Staging' is required")


def one_of(method: str, argument: str, value: object, allowed: tuple[str, ...]) -> str:
    """One of a few words, exactly as written."""
    if value not in allowed:
        raise InvalidArgumentError(method, argument, f"{' or '.join(map(repr, allowed))} is required")
    return str(value)


def length(method: str, argument: str, value: str | None, longest: int) -> None:
    """Check a text's length."""
    if value is not None and len(value) > longest:
        raise InvalidArgumentError(method, argument, f"at most {longest} characters")


def lun(method: str, argument: str, value: object) -> str:
    """A logical unit number as the path has it, from a number or digits."""
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MAX_LUN:
        raise InvalidArgumentError(method, argument, f"a number from 0 to {MAX_LUN} is required")
    return str(number)


def coerce(
    method: str, argument: str, value: object, model: type[M], *, required: bool = True, closed: bool = False
) -> M:
    """Make a model of what was given: a model, or a mapping with documented or GA names.

    Args:
        method: documented name of the operation.
        argument: name of the argument.
        value: what was given. A model is copied, its parts aren't: change none of them.
        model: what is needed.
        required: None is an error; otherwise it is an empty object.
        closed: unknown names are an error, as in the options of a method.

    Raises:
        InvalidArgumentError: a value breaks a rule, or a name is close to a known one but isn't it. The
            message never repeats a value: it may be a secret.
    """
    if value is None and not required:
        return model()
    if isinstance(value, AzureModel) and (made := for_request(model, value)) is not None:
        _check_again(method, argument, made)
        return made.model_copy()
    if not isinstance(value, Mapping):
        raise InvalidArgumentError(method, argument, f"a mapping or {model.__name__} is required")
    try:
        made = model.model_validate(_plain(value))
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False, include_context=False)[0]
        where = codecs.place(first["loc"])
        rule = first["msg"].removeprefix("Value error, ")
    else:
        _refuse_misspelt(method, argument, made, closed=closed)
        return made
    # Raised outside: the validation error holds the values.
    raise InvalidArgumentError(method, f"{argument}.{where}" if where else argument, rule)


def _check_again(method: str, argument: str, made: AzureModel) -> None:
    try:
        check_again(made)
    except ValidationError as exc:
        problem = codecs.describe(exc)
    else:
        return
    raise InvalidArgumentError(method, argument, problem)


def _plain(value: object) -> object:
    if isinstance(value, AzureModel):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _refuse_misspelt(method: str, path: str, made: AzureModel, *, closed: bool) -> None:
    plan = codecs.plan(type(made))
    for name in made.model_extra or {}:
        known = {spelling: field.documented for spelling, field in plan.by_name.items()}
        known |= {field.attribute: field.documented for field in plan.by_name.values()}
        by_lower = {spelling.lower(): documented for spelling, documented in known.items()}
        near = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.85)
        if near:
            raise InvalidArgumentError(method, path, f"{name!r} is unknown; {by_lower[near[0]]!r} is meant?")
        if closed:
            listed = ", ".join(field.documented for field in dict.fromkeys(plan.by_name.values()))
            raise InvalidArgumentError(method, path, f"{name!r} is unknown; known are {listed}")
    for attribute in type(made).model_fields:
        value = getattr(made, attribute)
        for index, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(item, AzureModel):
                where = f"{path}.{attribute}" + ("" if index is None else f"[{index}]")
                _refuse_misspelt(method, where, item, closed=False)


# --- roles ---------------------------------------------------------------------------------------------


def new_role(method: str, value: object, argument: str = "VMRole") -> VMRole:
    """A role to create, with its type filled in.

    Raises:
        InvalidArgumentError: the name or the OS disk is missing, or a rule is broken.
    """
    role = coerce(method, argument, value, VMRole)
    new_name(method, f"{argument}.role_name", role.role_name, kind="role_name")
    if role.vm_image_name is None:
        _check_os_disk(method, f"{argument}.os_disk", role)
    _check_role(method, argument, role)
    for index, disk in enumerate(role.data_disks):
        check_new_disk(method, f"{argument}.data_disks[{index}]", disk)
    if not role.role_type:
        role.role_type = "PersistentVMRole"
    return role


def changed_role(method: str, role_name: str, value: object, argument: str = "VMRole") -> VMRole:
    """A role to modify, with its name and type filled in.

    Raises:
        InvalidArgumentError: it names another role, brings a provisioning set, or a rule is broken.
    """
    role = coerce(method, argument, value, VMRole).model_copy(deep=True)
    if role.role_name and role.role_name.lower() != role_name.lower():
        rule = f"it names role {role.role_name!r}, the call {role_name!r}"
        raise InvalidArgumentError(method, f"{argument}.role_name", rule)
    if role.provisioning_configuration is not None:
        rule = "an existing role can't be provisioned again: give the network configuration only"
        raise InvalidArgumentError(method, f"{argument}.configuration_sets", rule)
    _check_role(method, argument, role)
    # Read, changed and written back whole, a role still carries what the service alone may say.
    for disk in (*role.data_disks, *([role.os_disk] if role.os_disk else [])):
        disk.io_type = None
    role.role_name = role.role_name or role_name
    role.role_type = role.role_type or "PersistentVMRole"
    return role


def _check_os_disk(method: str, path: str, role: VMRole) -> None:
    disk = role.os_disk
    if disk is None:
        raise InvalidArgumentError(method, path, "required to create a role (or vm_image_name)")
    ways = (disk.source_image_name, disk.disk_name, disk.media_link, disk.remote_source_image_link)
    if not any(ways):
        rule = "source_image_name (or disk_name, media_link or remote_source_image_link) is required"
        raise InvalidArgumentError(method, path, rule)


def _check_role(method: str, path: str, role: VMRole) -> None:
    length(method, f"{path}.label", role.label, LABEL_LENGTH)
    provisioning = [
        each
        for each in role.configuration_sets
        if isinstance(each, (ProvisioningConfiguration, LinuxProvisioningConfiguration))
    ]
    networks = [each for each in role.configuration_sets if isinstance(each, NetworkConfiguration)]
    if len(provisioning) > 1 or len(networks) > 1:
        rule = "at most one provisioning and one network configuration set"
        raise InvalidArgumentError(method, f"{path}.configuration_sets", rule)
    for index, each in enumerate(role.configuration_sets):
        where = f"{path}.configuration_sets[{index}]"
        if isinstance(each, ProvisioningConfiguration):
            check_windows(method, where, each)
        elif isinstance(each, LinuxProvisioningConfiguration):
            _check_linux(method, where, each)
        elif isinstance(each, NetworkConfiguration):
            check_endpoints(method, f"{where}.input_endpoints", each.input_endpoints)
    seen: dict[int, int] = {}
    for index, disk in enumerate(role.data_disks):
        where = f"{path}.data_disks[{index}].lun"
        lun(method, where, disk.lun)
        if disk.lun in seen:
            rule = f"LUN {disk.lun} is also that of data_disks[{seen[disk.lun]}]: each disk needs its own"
            raise InvalidArgumentError(method, where, rule)
        seen[disk.lun] = index


def check_new_disk(method: str, path: str, disk: DataDisk) -> None:
    """Check a data disk to add: by name, by media or by size.

    Raises:
        InvalidArgumentError: none of the three ways, a size out of range, or what the service sets itself.
    """
    ways = (disk.disk_name, disk.media_link, disk.source_media_link, disk.logical_disk_size_in_gb)
    if not any(way is not None for way in ways):
        rule = "say which disk: disk_name, media_link or source_media_link, or logical_disk_size_in_gb"
        raise InvalidArgumentError(method, path, rule)
    size = disk.logical_disk_size_in_gb
    if size is not None and not 1 <= size <= MAX_DISK_GB:
        raise InvalidArgumentError(method, f"{path}.logical_disk_size_in_gb", f"1 to {MAX_DISK_GB} GB")
    if disk.io_type is not None:
        rule = "the service takes it from the media link; leave it out"
        raise InvalidArgumentError(method, f"{path}.io_type", rule)
    lun(method, f"{path}.lun", disk.lun)


def check_windows(method: str, path: str, given: ProvisioningConfiguration) -> None:
    """Check how a Windows machine is set up.

    Raises:
        InvalidArgumentError: computer name or password break the service's rule.
    """
    name = given.machine_name
    if name is not None and (
        not 1 <= len(name) <= 15 or name.isdigit() or not _NOT_IN_COMPUTER_NAME.isdisjoint(name)
    ):
        rule = f"1 to 15 characters, not only digits, none of {''.join(sorted(_NOT_IN_COMPUTER_NAME))}"
        raise InvalidArgumentError(method, f"{path}.machine_name", rule)
    _check_password(method, f"{path}.admin_password", given.admin_password)


def _check_linux(method: str, path: str, given: LinuxProvisioningConfiguration) -> None:
    for argument, value, longest in (
        ("host_name", given.host_name, 64),
        ("user_name", given.user_name, 32),
    ):
        if value is not None and not 1 <= len(value) <= longest:
            raise InvalidArgumentError(method, f"{path}.{argument}", f"1 to {longest} characters")
    _check_password(method, f"{path}.user_password", given.user_password)


def _check_password(method: str, path: str, value: SecretStr | None) -> None:
    # Sources name 6 to 72 and, later, 8 to 123 characters; only what both refuse is refused here.
    if value is not None and not 6 <= len(value.get_secret_value()) <= 123:
        raise InvalidArgumentError(method, path, "6 to 72 characters that meet password complexity rules")


def check_endpoints(method: str, path: str, endpoints: list[ExternalEndpoint]) -> None:
    """Check the public ports of one role.

    Raises:
        InvalidArgumentError: a name, port or protocol is missing or wrong, or two endpoints clash.
    """
    names: set[str] = set()
    ports: set[tuple[str, int]] = set()
    for index, endpoint in enumerate(endpoints):
        where = f"{path}[{index}]"
        name = text(method, f"{where}.name", endpoint.name)
        if name.lower() in names:
            raise InvalidArgumentError(method, f"{where}.name", f"{name!r} is used twice in this role")
        names.add(name.lower())
        if endpoint.local_port is None:
            raise InvalidArgumentError(method, f"{where}.local_port", "a number from 1 to 65535 is required")
        for argument, port in _ports(endpoint):
            if not 1 <= port <= 65535:
                raise InvalidArgumentError(method, f"{where}.{argument}", "a number from 1 to 65535")
        protocol = (endpoint.protocol or "").lower()
        if protocol not in ("tcp", "udp"):
            raise InvalidArgumentError(method, f"{where}.protocol", "'tcp' or 'udp' is required")
        if endpoint.port is not None:
            if (protocol, endpoint.port) in ports and not endpoint.load_balanced_endpoint_set_name:
                rule = f"{protocol} port {endpoint.port} is used twice in this role"
                raise InvalidArgumentError(method, f"{where}.port", rule)
            ports.add((protocol, endpoint.port))


def _ports(endpoint: ExternalEndpoint) -> Iterator[tuple[str, int]]:
    if endpoint.local_port is not None:
        yield "local_port", endpoint.local_port
    if endpoint.port is not None:
        yield "port", endpoint.port


def names(method: str, argument: str, value: object) -> list[str]:
    """A non-empty list of texts.

    Raises:
        InvalidArgumentError: a single string, an empty list, or a member that isn't a text.
    """
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise InvalidArgumentError(method, argument, "a list of names is required")
    given = [text(method, f"{argument}[{index}]", each) for index, each in enumerate(value)]
    if not given:
        raise InvalidArgumentError(method, argument, "at least one name is required")
    return given
