"""Limits of what a caller gives: element, rule and source, as data. Pure.

Only what the service certainly refuses is here ("Data types" and "Names, limits, sizes", protocol.md 10 and
14); where the sources leave doubt, the service decides. Each limit is checked once, on the document that goes
out; what an element can hold at all (a number, a word of a few) its model says.
"""

from __future__ import annotations

import ipaddress
import re
from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from pydantic import SecretStr

from azure_iaas.models import (
    AclRule,
    AzureModel,
    DataDisk,
    DnsServer,
    ExtendedProperty,
    ExternalEndpoint,
    IPConfiguration,
    LinuxProvisioningConfiguration,
    Listener,
    LoadBalancerProbe,
    NetworkConfiguration,
    NetworkInterface,
    OSDisk,
    ProvisioningConfiguration,
    PublicIP,
    VMRole,
)
from azure_iaas.models.base import unread
from azure_iaas.models.documents import (
    AddDisk,
    AddOSImage,
    CreateAffinityGroup,
    CreateDeployment,
    CreateHostedService,
    CreateStorageServiceInput,
    UpdateAffinityGroup,
    UpdateHostedService,
    UpdateStorageServiceInput,
)
from azure_iaas.wire import codecs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.wire.messages import Dialect

LABEL_LENGTH: Final = 100
DESCRIPTION_LENGTH: Final = 1024
CUSTOM_DATA_BYTES: Final = 65_535


class Rule(Protocol):
    """What a value has to be; its text is what an error says."""

    def __str__(self) -> str: ...

    def allows(self, value: object) -> bool:
        """Whether a value keeps the rule."""
        ...


@dataclass(frozen=True, slots=True)
class Length:
    """A text, or a list, of so many characters or items."""

    least: int
    most: int
    of: str = "characters"

    def __str__(self) -> str:
        if self.most == 1:
            return f"at most one {self.of}"
        return f"{self.least} to {self.most} {self.of}" if self.least else f"at most {self.most} {self.of}"

    def allows(self, value: object) -> bool:
        """Whether it is long enough, and not too long."""
        return self.least <= len(value if isinstance(value, list) else str(value)) <= self.most


@dataclass(frozen=True, slots=True)
class Between:
    """A whole number from ``least`` to ``most``."""

    least: int
    most: int

    def __str__(self) -> str:
        return f"a number from {self.least} to {self.most} is required"

    def allows(self, value: object) -> bool:
        """Whether it is a number in the range."""
        return isinstance(value, int) and self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words, in any case."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{' or '.join(map(repr, self.words))} is required"

    def allows(self, value: object) -> bool:
        """Whether it is one of the words."""
        return str(value).strip().lower() in map(str.lower, self.words)


@dataclass(frozen=True, slots=True)
class Matching:
    """A text of a form that ``words`` describe."""

    pattern: re.Pattern[str]
    words: str

    def __str__(self) -> str:
        return self.words

    def allows(self, value: object) -> bool:
        """Whether the whole text has the form."""
        return bool(self.pattern.fullmatch(str(value)))


@dataclass(frozen=True, slots=True)
class Base64:
    """Base64 of so many bytes."""

    most: int

    def __str__(self) -> str:
        return f"base64 of at most {self.most:,} bytes is required"

    def allows(self, value: object) -> bool:
        """Whether it decodes, and to no more than allowed."""
        # Tools wrap long lines, and the service doesn't mind.
        packed = "".join(str(value).split())
        try:
            return len(b64decode(packed, validate=True)) <= self.most
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Address:
    """An IP address."""

    def __str__(self) -> str:
        return "an IP address is required, for example 10.0.0.5"

    def allows(self, value: object) -> bool:
        """Whether it is an address."""
        try:
            ipaddress.ip_address(str(value).strip())
        except ValueError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Network:
    """Addresses in CIDR notation."""

    def __str__(self) -> str:
        return "addresses in CIDR notation are required, for example 10.0.0.0/24"

    def allows(self, value: object) -> bool:
        """Whether it is a range of addresses, or one."""
        try:
            ipaddress.ip_network(str(value).strip(), strict=False)
        except ValueError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the table.

    Attributes:
        rule: what the element's value has to be.
        source: chapter of protocol.md.
        required: the element must be there.
    """

    rule: Rule
    source: str
    required: bool = False


_DISK_NAME: Final = Matching(
    re.compile(r"[A-Za-z0-9_.-]{0,255}[A-Za-z0-9_]"),
    "1 to 256 letters, digits, '_', '.' and '-', not ending in '.' or '-'",
)

NAMES: Final = {
    "service_name": Matching(
        re.compile(r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"),
        "1 to 63 letters, digits and hyphens, beginning with a letter and ending with a letter or digit",
    ),
    "deployment_name": Matching(
        re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"),
        "letters, digits and hyphens, beginning and ending with a letter or digit",
    ),
    "role_name": Matching(
        re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?"),
        "1 to 64 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit",
    ),
    "image_name": _DISK_NAME,
    "disk_name": _DISK_NAME,
    "storage_account_name": Matching(re.compile(r"[a-z0-9]{3,24}"), "3 to 24 lower-case letters and digits"),
}
"""Names of what is made ("Names", protocol.md 14.1)."""

_PORT: Final = Between(1, 65535)
_IDLE: Final = Limit(Between(4, 30), "14.3")
_LABEL: Final = Limit(Length(0, LABEL_LENGTH), "14.2")
_TEXTS: Final = {"label": _LABEL, "description": Limit(Length(0, DESCRIPTION_LENGTH), "14.2")}
_CUSTOM_DATA: Final = Limit(Base64(CUSTOM_DATA_BYTES), "10.4, 10.5")
# Sources name 6 to 72 and, later, 8 to 123 characters; only what both refuse is refused here.
_PASSWORD: Final = Limit(
    Matching(re.compile(r"(?s).{6,123}"), "6 to 72 characters that meet password complexity rules"), "14.2"
)
_OS: Final = Limit(OneOf(("Linux", "Windows")), "10.7, 10.8")
_ADDRESS: Final = Limit(Address(), "10.6")
_SWITCH: Final = Limit(OneOf(("Enabled", "Disabled")), "10.6")
_PROPERTIES: Final = Limit(Length(0, 50, "extended properties"), "14.1")

LIMITS: Final[dict[type[AzureModel], dict[str, Limit]]] = {
    CreateHostedService: {**_TEXTS, "extended_properties": _PROPERTIES},
    UpdateHostedService: {**_TEXTS, "extended_properties": _PROPERTIES},
    CreateStorageServiceInput: {**_TEXTS, "extended_properties": _PROPERTIES},
    UpdateStorageServiceInput: {**_TEXTS, "extended_properties": _PROPERTIES},
    CreateAffinityGroup: _TEXTS,
    UpdateAffinityGroup: _TEXTS,
    CreateDeployment: {"label": _LABEL},
    ExtendedProperty: {
        "name": Limit(Length(1, 64), "14.1", required=True),
        "value": Limit(Length(0, 255), "14.1"),
    },
    VMRole: {"label": _LABEL},
    OSDisk: {"disk_name": Limit(_DISK_NAME, "14.1"), "os": _OS},
    DataDisk: {"disk_name": Limit(_DISK_NAME, "14.1")},
    AddDisk: {"os": _OS},
    AddOSImage: {"os": _OS},
    ProvisioningConfiguration: {
        "machine_name": Limit(
            Matching(
                re.compile(r"(?![0-9]+\Z)[^`~!@#$%^&*()=+_\[\]{}\\|;:.'\",<>/?]{1,15}"),
                "1 to 15 characters, not only digits, none of `~!@#$%^&*()=+_[]{}\\|;:.'\",<>/?",
            ),
            "10.4, 14.1",
        ),
        "admin_password": _PASSWORD,
        "custom_data": _CUSTOM_DATA,
    },
    Listener: {"protocol": Limit(OneOf(("Http", "Https")), "10.4")},
    LinuxProvisioningConfiguration: {
        "host_name": Limit(Length(1, 64), "10.5"),
        "user_name": Limit(Length(1, 32), "10.5"),
        "user_password": _PASSWORD,
        "custom_data": _CUSTOM_DATA,
    },
    NetworkConfiguration: {
        "input_endpoints": Limit(Length(0, 150, "endpoints"), "14.3"),
        "static_virtual_network_ip_address": _ADDRESS,
        "public_ips": Limit(Length(0, 1, "public address"), "10.6"),
        "ip_forwarding": _SWITCH,
    },
    NetworkInterface: {"ip_forwarding": _SWITCH},
    IPConfiguration: {"static_virtual_network_ip_address": _ADDRESS},
    PublicIP: {"idle_timeout_in_minutes": _IDLE},
    ExternalEndpoint: {
        "local_port": Limit(_PORT, "14.3"),
        "port": Limit(_PORT, "14.3"),
        "protocol": Limit(OneOf(("tcp", "udp")), "10.6"),
        "idle_timeout_in_minutes": _IDLE,
        "load_balancer_distribution": Limit(OneOf(("sourceIP", "sourceIPProtocol", "none")), "10.6"),
    },
    LoadBalancerProbe: {
        "port": Limit(_PORT, "10.6", required=True),
        "protocol": Limit(OneOf(("http", "tcp")), "10.6"),
    },
    AclRule: {
        "order": Limit(Between(0, 2**31 - 1), "10.6", required=True),
        "action": Limit(OneOf(("permit", "deny")), "10.6"),
        "remote_subnet": Limit(Network(), "10.6"),
    },
    DnsServer: {"address": Limit(Address(), "12.2")},
}
"""What an element may hold, by its object and attribute."""

DATA_DISK_GB: Final = Between(1, 1023)
"""Gigabytes of a data disk that is made; what is read may be larger."""

DATA_DISKS: Final[dict[str, int]] = {
    "ExtraSmall": 1,
    "Small": 2,
    "Medium": 4,
    "Large": 8,
    "ExtraLarge": 16,
    "A5": 4,
    "A6": 8,
    "A7": 16,
    "A8": 16,
    "A9": 16,
    "A10": 16,
    "A11": 16,
    "Basic_A0": 1,
    "Basic_A1": 2,
    "Basic_A2": 4,
    "Basic_A3": 8,
    "Basic_A4": 16,
    **{f"Standard_{kind}{n}": 2**n for kind in ("D", "DS") for n in (1, 2, 3, 4)},
    **{f"Standard_{kind}1{n}": 2 ** (n + 1) for kind in ("D", "DS") for n in (1, 2, 3, 4)},
    "Basic_D1": 2,
    "Basic_D2": 4,
    "Basic_D3": 8,
    "Basic_D4": 16,
    "Basic_D5": 32,
    "Basic_D11": 4,
    "Basic_D12": 8,
    "Basic_D13": 16,
    "Standard_G1": 4,
    "Standard_G2": 8,
    "Standard_G3": 16,
    "Standard_G4": 32,
    "Standard_G5": 64,
}
"""How many data disks a size of machine takes ("Role sizes", protocol.md 14.4)."""
DEFAULT_SIZE: Final = "Small"


def highest_lun(role_size: str | None = None) -> int:
    """The highest LUN of a size: 15, and 31 for sizes with more than 16 data disks, or an unknown size."""
    return 15 if DATA_DISKS.get(role_size or "", 32) <= 16 else 31


def broken(model: AzureModel, dialect: Dialect = "ga", path: str = "") -> Iterator[tuple[str, str]]:
    """The limits a document, or a part of it, doesn't keep.

    Args:
        model: the document.
        dialect: which elements go out.
        path: where the part is.

    Yields:
        Path and rule of each: ``InputEndpoint[0].Port``, ``a number from 1 to 65535 is required``.
    """
    odd = unread(model)
    if "" in odd:
        return  # an item of an answer that can't be read; it goes back as it was
    values = model.__dict__
    for attribute, documented, limit in _looked_at(type(model), dialect):
        value = values[attribute]
        if value is None:
            if limit and limit.required and attribute not in odd:
                yield _inside(path, documented), f"it is missing: {limit.rule}"
            continue
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        if limit and not limit.rule.allows(value):
            yield _inside(path, documented), str(limit.rule)
        elif isinstance(value, AzureModel):
            yield from broken(value, dialect, _inside(path, documented))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, AzureModel):
                    yield from broken(item, dialect, f"{_inside(path, documented)}[{index}]")


def _inside(path: str, documented: str) -> str:
    return f"{path}.{documented}" if path else documented


@cache
def _looked_at(cls: type[AzureModel], dialect: Dialect) -> tuple[tuple[str, str, Limit | None], ...]:
    """Attribute and documented name of what goes out and has a limit, or parts that may have one."""
    rows = LIMITS.get(cls, {})
    return tuple(
        (field.attribute, field.documented, rows.get(field.attribute))
        for field in codecs.plan(cls).orders[dialect]
        if not field.output_only and (field.attribute in rows or field.model is not None)
    )
