"""Checks of what a caller gives, before anything is sent.

Only what the service certainly refuses is refused here ("Names, limits, sizes", protocol chapter 14); where
the sources leave doubt, the service decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import quote

from pydantic import SecretStr, ValidationError

from azure_iaas.errors import InvalidArgumentError, quoted
from azure_iaas.models import (
    AzureModel,
    DataDisk,
    ExternalEndpoint,
    LinuxProvisioningConfiguration,
    NetworkConfiguration,
    ProvisioningConfiguration,
    VMRole,
)
from azure_iaas.models.base import check_again, for_request, sentence, unread
from azure_iaas.operations import limits
from azure_iaas.wire import codecs, xml

M = TypeVar("M", bound=AzureModel)

SLOTS: Final = ("Production", "Staging")
LABEL_LENGTH: Final = limits.LABEL_LENGTH
DESCRIPTION_LENGTH: Final = limits.DESCRIPTION_LENGTH

_NOT_IN_A_SEGMENT = frozenset("/\\?#%")


def refused(argument: str, rule: str) -> InvalidArgumentError:
    """The error for an argument; the operation it is of says its method, and spells it for the caller."""
    return InvalidArgumentError("", argument, rule)


# --- by the annotation ---------------------------------------------------------------------------------


def check(argument: str, annotation: str, value: object) -> Any:
    """Check an argument as its annotation asks for; the one place every argument passes.

    Raises:
        InvalidArgumentError: it isn't what the annotation says.
    """
    return _KINDS[annotation](argument, value) if annotation in _KINDS else value


def text(argument: str, value: object) -> str:
    """A required text.

    Raises:
        InvalidArgumentError: not a string, or empty, or with a character no document can carry.
    """
    if value is None:
        raise refused(argument, "it is missing: a non-empty string is required")
    if not isinstance(value, str) or not value.strip():
        raise refused(argument, "a non-empty string is required")
    return _writable(argument, value)


def _optional_text(argument: str, value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise refused(argument, "a string or None is required")
    return value if value is None else _writable(argument, value)


def _writable(argument: str, value: str) -> str:
    try:
        xml.text(value)
    except ValueError as exc:
        rule = str(exc)
    else:
        return value
    raise refused(argument, rule)


def _secret(argument: str, value: object) -> str | None:
    return _optional_text(argument, value.get_secret_value() if isinstance(value, SecretStr) else value)


def _flag(argument: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise refused(argument, "True or False is required")
    return value


def _date(argument: str, value: object) -> str:
    if not isinstance(value, datetime):
        raise refused(argument, "a datetime is required")
    try:
        return codecs.write_date(value)
    except ValueError as exc:
        rule = str(exc)
    raise refused(argument, rule)


def lun(argument: str, value: object) -> str:
    """A logical unit number as the path has it, from a number or digits."""
    number: object = value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        number = int(value)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= limits.highest_lun():
        rule = "a number from 0 to 15 is required, or to 31 for sizes with more than 16 data disks"
        raise refused(argument, rule)
    return str(number)


def names(argument: str, value: object) -> list[str]:
    """A non-empty list of texts.

    Raises:
        InvalidArgumentError: a single string, an empty list, or a member that isn't a text.
    """
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise refused(argument, "a list of names is required")
    given = [text(f"{argument}[{index}]", each) for index, each in enumerate(value)]
    if not given:
        raise refused(argument, "at least one name is required")
    return given


_KINDS: Final[dict[str, Callable[[str, object], Any]]] = {
    "str": text,
    "str | None": _optional_text,
    "str | SecretStr | None": _secret,
    "bool": _flag,
    "int | str": lun,
    "datetime": _date,
    "Sequence[str]": names,
}
"""Arguments of other kinds are objects, which :func:`coerce` checks."""


def segment(argument: str, value: object) -> str:
    """Check and quote one segment of a path.

    Raises:
        InvalidArgumentError: not a non-empty text, or one that could change the path.
    """
    name = text(argument, value)
    if name in {".", ".."} or not name.isprintable() or not _NOT_IN_A_SEGMENT.isdisjoint(name):
        rule = "a name may not be '.' or '..' nor hold '/', '\\', '?', '#', '%' or control characters"
        raise refused(argument, rule)
    return quote(name, safe="")


# --- by the rules of the service -----------------------------------------------------------------------


def new_name(argument: str, value: object, *, kind: str | None = None) -> str:
    """The name of something to be created.

    Args:
        argument: name of the argument.
        value: what was given.
        kind: which rule applies, when the argument's name doesn't tell.

    Raises:
        InvalidArgumentError: it breaks the rule for such names.
    """
    rule = limits.NAMES[kind or argument]
    if value is None:
        raise refused(argument, f"it is missing: {rule}")
    name = text(argument, value)
    if not rule.allows(name):
        raise refused(argument, f"{quoted(name)} is no such name: {rule}")
    return name


def slot(argument: str, value: object) -> str:
    """``Production`` or ``Staging``, from any case."""
    given = text(argument, value)
    for known in SLOTS:
        if given.lower() == known.lower():
            return known
    raise refused(argument, "'Production' or 'Staging' is required")


def one_of(argument: str, value: object, allowed: tuple[str, ...]) -> str:
    """One of a few words, exactly as written."""
    if value not in allowed:
        raise refused(argument, f"{' or '.join(map(repr, allowed))} is required")
    return str(value)


def within_limits(argument: str, model: AzureModel) -> None:
    """Check an object against :data:`limits.LIMITS`, as its document is once more when it goes out.

    Raises:
        InvalidArgumentError: it breaks one; the first is named.
    """
    for path, rule in limits.broken(model):
        raise refused(f"{argument}.{path}", rule)


def coerce(argument: str, value: object, model: type[M], *, required: bool = True, closed: bool = False) -> M:
    """Make a model of what was given: a model, or a mapping with documented, GA or Python names.

    Args:
        argument: name of the argument.
        value: what was given. A model is copied, its parts aren't: change none of them.
        model: what is needed.
        required: None is an error; otherwise it is an empty object.
        closed: unknown names are an error, as in the options of a method.

    Raises:
        InvalidArgumentError: a value breaks a rule or can't be written, or a name is close to a known one but
            isn't it. The message never repeats a value: it may be a secret.
    """
    if value is None and not required:
        return model()
    made = _made(argument, value, model)
    if made is None:
        raise refused(argument, f"a mapping or {model.__name__} is required")
    if closed and made.model_extra:
        listed = ", ".join(str(info.serialization_alias) for info in model.model_fields.values())
        raise refused(argument, f"{quoted(next(iter(made.model_extra)))} is unknown; known are {listed}")
    return made


def _made(argument: str, value: object, model: type[M]) -> M | None:
    try:
        if isinstance(value, Mapping):
            return model.model_validate(_plain(argument, value))
        made = for_request(model, value) if isinstance(value, AzureModel) else None
        if made is not None:
            check_again(made)
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        where, rule = codecs.place(first["loc"]), sentence(first)
    else:
        return made and made.model_copy()
    # Raised outside: the validation error holds the values.
    raise refused(f"{argument}.{where}" if where else argument, rule)


def _plain(argument: str, value: object, depth: int = 0) -> object:
    if depth > xml.MAX_DEPTH:
        raise refused(argument, "it is nested too deep")
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise refused(argument, "names of elements are texts")
        return {key: _plain(argument, item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(argument, item, depth + 1) for item in value]
    # Python writes no very long number, JSON none that isn't finite.
    if (isinstance(value, int) and value.bit_length() > 64) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        raise refused(argument, "a finite number of at most 64 bits is required")
    return value


# --- roles ---------------------------------------------------------------------------------------------


def new_role(value: object, argument: str = "role") -> VMRole:
    """A role to create, with its type filled in.

    Raises:
        InvalidArgumentError: the name or the OS disk is missing, or a rule is broken.
    """
    role = coerce(argument, value, VMRole)
    new_name(f"{argument}.role_name", role.role_name, kind="role_name")
    if role.vm_image_name is None:
        _check_os_disk(f"{argument}.os_disk", role)
    _check_role(argument, role)
    _check_size(argument, role)
    for index, disk in enumerate(role.data_disks):
        check_new_disk(f"{argument}.data_disks[{index}]", disk)
    if not role.role_type:
        role.role_type = "PersistentVMRole"
    return role


def changed_role(role_name: str, value: object, argument: str = "role") -> VMRole:
    """A role to modify, with its name and type filled in.

    Raises:
        InvalidArgumentError: it names another role, brings a provisioning set, or a rule is broken.
    """
    role = coerce(argument, value, VMRole).model_copy(deep=True)
    name = _optional_text(f"{argument}.role_name", role.role_name)
    if name and name.lower() != role_name.lower():
        rule = f"it names role {quoted(name)}, the call {quoted(role_name)}"
        raise refused(f"{argument}.role_name", rule)
    if role.provisioning_configuration is not None:
        rule = "an existing role can't be provisioned again: give the network configuration only"
        raise refused(f"{argument}.configuration_sets", rule)
    _check_role(argument, role)
    if role.role_size:
        _check_size(argument, role)
    role.role_name = name or role_name
    role.role_type = role.role_type or "PersistentVMRole"
    return role


def _check_os_disk(path: str, role: VMRole) -> None:
    disk = role.os_disk
    if disk is None:
        raise refused(path, "required to create a role (or vm_image_name)")
    ways = (disk.source_image_name, disk.disk_name, disk.media_link, disk.remote_source_image_link)
    if not any(ways):
        rule = "source_image_name (or disk_name, media_link or remote_source_image_link) is required"
        raise refused(path, rule)


def _check_role(path: str, role: VMRole) -> None:
    within_limits(path, role)
    provisioning = [
        each
        for each in role.configuration_sets
        if isinstance(each, (ProvisioningConfiguration, LinuxProvisioningConfiguration))
    ]
    networks = [each for each in role.configuration_sets if isinstance(each, NetworkConfiguration)]
    if len(provisioning) > 1 or len(networks) > 1:
        rule = "at most one provisioning and one network configuration set"
        raise refused(f"{path}.configuration_sets", rule)
    for index, each in enumerate(role.configuration_sets):
        if isinstance(each, NetworkConfiguration):
            check_endpoints(f"{path}.configuration_sets[{index}].input_endpoints", each.input_endpoints)
    seen: dict[int, int] = {}
    for index, disk in enumerate(role.data_disks):
        where = f"{path}.data_disks[{index}].lun"
        lun(where, disk.lun)
        if disk.lun in seen:
            rule = f"LUN {disk.lun} is also that of data_disks[{seen[disk.lun]}]: each disk needs its own"
            raise refused(where, rule)
        seen[disk.lun] = index


def _check_size(path: str, role: VMRole) -> None:
    """Check number and LUNs of the data disks by the role's size."""
    size = role.role_size or limits.DEFAULT_SIZE
    most = limits.DATA_DISKS.get(size)
    if most is None:
        return  # one that the reference doesn't know
    if len(role.data_disks) > most:
        raise refused(f"{path}.data_disks", f"size {size} takes at most {most} data disks")
    highest = limits.highest_lun(size)
    for index, disk in enumerate(role.data_disks):
        if disk.lun > highest:
            rule = f"a number from 0 to {highest} is required: size {size} takes at most {most} data disks"
            raise refused(f"{path}.data_disks[{index}].lun", rule)


def check_new_disk(path: str, disk: DataDisk) -> None:
    """Check a data disk to add: by name, by media or by size.

    Raises:
        InvalidArgumentError: none of the three ways, or a size or LUN out of range.
    """
    ways = (disk.disk_name, disk.media_link, disk.source_media_link, disk.logical_disk_size_in_gb)
    if not any(way is not None for way in ways):
        rule = "say which disk: disk_name, media_link or source_media_link, or logical_disk_size_in_gb"
        raise refused(path, rule)
    size = disk.logical_disk_size_in_gb
    # A size beside a name is that of a disk that exists, and may have grown since.
    if size is not None and disk.disk_name is None and not limits.DATA_DISK_GB.allows(size):
        raise refused(
            f"{path}.logical_disk_size_in_gb", f"{limits.DATA_DISK_GB.least} to {limits.DATA_DISK_GB.most} GB"
        )
    lun(f"{path}.lun", disk.lun)


def check_endpoints(path: str, endpoints: list[ExternalEndpoint]) -> None:
    """Check the public ports of one role, of which each belongs to an address.

    Raises:
        InvalidArgumentError: a name, port or protocol is missing, or two endpoints clash.
    """
    names: set[str] = set()
    ports: set[tuple[str, str, int]] = set()
    for index, endpoint in enumerate(endpoints):
        where = f"{path}[{index}]"
        name = text(f"{where}.name", endpoint.name)
        if name.lower() in names:
            raise refused(f"{where}.name", f"{quoted(name)} is used twice in this role")
        names.add(name.lower())
        for argument in ("local_port", "protocol"):
            if getattr(endpoint, argument) is None and argument not in unread(endpoint):
                limit = limits.LIMITS[ExternalEndpoint][argument]
                raise refused(f"{where}.{argument}", f"it is missing: {limit.rule}")
        address = endpoint.load_balancer_name or endpoint.virtual_ip_name or endpoint.vip or ""
        if endpoint.port is not None and not endpoint.load_balanced_endpoint_set_name:
            protocol = (endpoint.protocol or "").lower()
            if (address.lower(), protocol, endpoint.port) in ports:
                rule = f"{protocol} port {endpoint.port} is used twice at one address"
                raise refused(f"{where}.port", rule)
            ports.add((address.lower(), protocol, endpoint.port))
