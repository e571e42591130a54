"""Configuration sets of roles: what is checked, and what is kept of them."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator.limits import (
    COMPUTER_NAME_CHARACTERS,
    CUSTOM_DATA_BYTES,
    HOST_NAME_CHARACTERS,
    PASSWORD_CHARACTERS,
    USER_NAME_CHARACTERS,
)
from azure_iaas.emulator.machines.endpoints import check_endpoint, check_idle_timeout
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from azure_iaas.emulator.state import HostedService
    from azure_iaas.endpoint.contracts import Values

PUBLIC_IPS_LIMIT: Final = 1
_DOMAIN_NAME_LABEL: Final = re.compile(r"[a-z][a-z0-9-]{1,61}[a-z0-9]", re.ASCII | re.IGNORECASE)
_FORBIDDEN_IN_COMPUTER_NAME: Final = frozenset("`~!@#$%^&*()=+_[]{}\\|;:.'\",<>/? \t")


def split_sets(sets: list[Values]) -> tuple[Values, Values | None]:
    """The network set (empty when absent) and the provisioning set.

    Raises:
        Refusal: 400: more than one of a kind.
    """
    networks = [
        each for each in sets if "Network" in each.get("ConfigurationSetType", "NetworkConfiguration")
    ]
    provisionings = [each for each in sets if each not in networks]
    if len(networks) > 1 or len(provisionings) > 1:
        raise refusals.incorrect_parameter()
    return (networks[0] if networks else {}), (provisionings[0] if provisionings else None)


_RESERVED_USERS: Final = frozenset({"root", "administrator"})
"""In any case. Clients list more (protocol.md 14.2 [?]); these two the service was seen to refuse."""


def check_provisioning(values: Values, role_name: str, system: str) -> str:
    """Check a provisioning set; returns the name the guest will have. Nothing of it is kept.

    Args:
        values: the set.
        role_name: stands in for an absent computer name.
        system: ``Linux`` or ``Windows``, as the disk it is for. A set of the other kind is refused: the guest
            couldn't read it, and the machine would stay in ``Provisioning`` for ever. The preview's set names
            no system and goes with both.

    Raises:
        Refusal: 400: the kind of set, computer or user name, password, custom data.
    """
    kind = "Linux" if "Linux" in values["ConfigurationSetType"] else "Windows"
    host_name = _check_linux(values) if kind == "Linux" else _check_windows(values, role_name)
    user = values.get("UserName" if kind == "Linux" else "AdminUsername", "")
    if user.lower() in _RESERVED_USERS:
        raise refusals.user_name_reserved(user)
    if len(user) > USER_NAME_CHARACTERS[kind]:
        raise refusals.incorrect_parameter()
    _check_custom_data(values.get("CustomData", ""))
    if kind in values["ConfigurationSetType"] and kind != system:
        raise refusals.wrong_provisioning(kind, system)
    return host_name


def _check_linux(values: Values) -> str:
    host_name: str = values.get("HostName", "")
    if not 1 <= len(host_name) <= HOST_NAME_CHARACTERS or not values.get("UserName"):
        raise refusals.incorrect_parameter()
    password = values.get("UserPassword")
    if password is not None or values.get("DisableSshPasswordAuthentication") is False:
        _check_password(password or "")
    return host_name


def _check_windows(values: Values, role_name: str) -> str:
    computer = values.get("ComputerName", values.get("MachineName", ""))
    if computer:
        if (
            len(computer) > COMPUTER_NAME_CHARACTERS
            or computer.isdecimal()
            or _FORBIDDEN_IN_COMPUTER_NAME & set(computer)
        ):
            raise refusals.computer_name_invalid()
    else:
        computer = role_name[:COMPUTER_NAME_CHARACTERS]
    _check_password(values.get("AdminPassword", ""))
    return str(computer)


def _check_custom_data(text: str) -> None:
    try:
        size = len(b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError):
        raise refusals.custom_data_invalid(CUSTOM_DATA_BYTES) from None
    if size > CUSTOM_DATA_BYTES:
        raise refusals.custom_data_invalid(CUSTOM_DATA_BYTES)


def _check_password(password: str) -> None:
    # Unverified: the exact complexity; three kinds of characters is the rule of later texts (14.2).
    kinds = (
        any(map(str.islower, password)),
        any(map(str.isupper, password)),
        any(map(str.isdecimal, password)),
        any(not character.isalnum() for character in password),
    )
    shortest, longest = PASSWORD_CHARACTERS
    if not shortest <= len(password) <= longest or sum(kinds) < 3:
        raise refusals.password_invalid()


def check_network(values: Values) -> Values:
    """Check a network set and give what is kept of it.

    Raises:
        Refusal: 400: ports, protocols, names.
    """
    kept = {name: value for name, value in values.items() if name != "ConfigurationSetType"}
    endpoints = [check_endpoint(endpoint) for endpoint in kept.get("InputEndpoints", [])]
    _demand_unique("endpoint", endpoints)
    if endpoints:
        kept["InputEndpoints"] = endpoints
    else:
        kept.pop("InputEndpoints", None)
    _check_public_ips(kept.get("PublicIPs", []))
    interfaces = kept.get("NetworkInterfaces", [])
    for each in (kept, *interfaces):
        _check_forwarding(each)
    for each in interfaces:
        configurations = each.get("IPConfigurations", [])
        if not each.get("Name") or len(configurations) != 1 or not configurations[0].get("SubnetName"):
            raise refusals.missing_element("NetworkInterface")
    _demand_unique("network interface", interfaces)
    return kept


def _check_public_ips(public_ips: list[Values]) -> None:
    if len(public_ips) > PUBLIC_IPS_LIMIT:
        raise refusals.too_many("public IPs of a role", PUBLIC_IPS_LIMIT)
    for each in public_ips:
        if not each.get("Name"):
            raise refusals.missing_element("PublicIP")
        check_idle_timeout(each, "PublicIP")
        label = each.get("DomainNameLabel", "")
        if label and not _DOMAIN_NAME_LABEL.fullmatch(label):
            allowed = "letters, digits and '-', beginning with a letter"
            raise refusals.invalid_value(label, "PublicIP.DomainNameLabel", allowed)


def _check_forwarding(values: Values) -> None:
    forwarding = values.get("IPForwarding")
    if forwarding and forwarding not in {"Enabled", "Disabled"}:
        raise refusals.invalid_value(forwarding, "IPForwarding", "Enabled, Disabled")


def _demand_unique(what: str, parts: list[Values]) -> None:
    names: set[str] = set()
    for part in parts:
        if part["Name"].lower() in names:
            raise refusals.name_twice(what, part["Name"])
        names.add(part["Name"].lower())


def kept_extensions(references: list[Values] | None) -> list[dict[str, Any]] | None:
    """Extension references without their private parameters; None when there were none to keep."""
    if references is None:
        return None
    kept = []
    for reference in references:
        public = [
            value
            for value in reference.get("ResourceExtensionParameterValues", [])
            if value.get("Type", "").lower() == "public"
        ]
        given = "ResourceExtensionParameterValues" in reference
        kept.append({**reference, **({"ResourceExtensionParameterValues": public} if given else {})})
    return kept


def demand_certificates(service: HostedService, provisioning: Values) -> None:
    """Refuse a provisioning set that names a certificate the hosted service doesn't have.

    Keys for SSH, certificates to be stored and listeners of WinRM name one by its thumbprint (protocol.md
    10.4, 10.5). A listener without a thumbprint has a certificate made for it.

    Raises:
        Refusal: 400.
    """
    ssh = provisioning.get("SSH", {})
    keys = [*ssh.get("PublicKeys", []), *ssh.get("KeyPairs", [])]
    settings = provisioning.get("StoredCertificateSettings", [])
    thumbprints: list[str] = [key.get("Fingerprint", "") for key in keys]
    thumbprints += [setting.get("Thumbprint", "") for setting in settings]
    if not all(thumbprints):
        raise refusals.incorrect_parameter()
    listeners = provisioning.get("WinRM", {}).get("Listeners", [])
    thumbprints += [
        listener["CertificateThumbprint"] for listener in listeners if listener.get("CertificateThumbprint")
    ]
    for thumbprint in thumbprints:
        if thumbprint.strip().lower() not in service.certificates:
            raise refusals.certificate_not_found(thumbprint.strip())
