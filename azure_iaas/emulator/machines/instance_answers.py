"""Role instances as they are answered (protocol.md 10.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator.addresses import public_address
from azure_iaas.emulator.state import InstanceState, Role
from azure_iaas.emulator.texts import iso
from azure_iaas.endpoint.documents import Items, Member, Struct, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.emulator.world import Call


def role_instance_answer(call: Call, role: Role, vip: str, *, suspended: bool) -> Struct:
    """``RoleInstance`` (10.11); agents of deallocated ones are shown while others of the deployment run."""
    now, version = call.now, call.version
    status, power = role.state(now) or (InstanceState.STOPPED_VM, "Stopped")
    preview = call.world.dialect == "preview"
    reported = now >= role.reported_at
    members: list[Member] = [
        ("RoleName", role.name),
        ("InstanceName", f"{role.name}_IN_0" if preview else role.name),
        ("InstanceStatus", status),
    ]
    if status is InstanceState.STOPPED_DEALLOCATED:
        members.append(("PowerState", power))
    else:
        if version >= "2011-06-01":
            members += [
                ("InstanceUpgradeDomain", role.upgrade_domain),
                ("InstanceFaultDomain", role.fault_domain),
                ("InstanceSize", role.size),
            ]
        if version >= "2011-10-01":
            details = (
                _FIRST_USE if status is InstanceState.PROVISIONING and role.os_disk.os == "Windows" else ""
            )
            members.append(("InstanceStateDetails", details))
        members.append(("IpAddress", role.ip_address))
        endpoints = role.network.get("InputEndpoints")
        if endpoints:
            members.append(
                (
                    "InstanceEndpoints",
                    Items("InstanceEndpoint", [_instance_endpoint(e, vip) for e in endpoints]),
                )
            )
        members.append(("PowerState", power))
        if reported:
            members.append(("HostName", role.host_name))
    if now >= role.certificate_at and version >= "2012-08-01":
        thumbprint = call.world.digest("remote access", role.name, role.created_at).hex().upper()
        members.append(("RemoteAccessCertificateThumbprint", thumbprint))
    silent = status is InstanceState.STOPPED_DEALLOCATED and (suspended or role.extensions is None)
    if role.provision_guest_agent and version >= "2014-04-01" and not silent:
        agent = status is InstanceState.READY_ROLE and now >= role.agent_at
        members.append(("GuestAgentStatus", _guest_agent(call, role, ready=agent)))
        if agent and (role.extensions is not None or role.os_disk.os == "Linux"):
            members.append(("ResourceExtensionStatusList", _extension_statuses(call, role)))
    if role.maintained and version >= "2017-01-01":
        members.append(("MaintenanceStatus", _MAINTAINED))
    public = role.network.get("PublicIPs")
    if public and status is not InstanceState.STOPPED_DEALLOCATED and version >= "2014-05-01":
        addresses: list[Value] = [
            Struct(
                [
                    ("Name", each.get("Name")),
                    ("Address", public_address(call, role.name, "public", str(each.get("Name")))),
                    ("IdleTimeoutInMinutes", each.get("IdleTimeoutInMinutes")),
                    ("DomainNameLabel", each.get("DomainNameLabel")),
                ]
            )
            for each in public
        ]
        members.append(("PublicIPs", Items("PublicIP", addresses)))
    return Struct(members)


_MAINTAINED: Final = Struct(
    [
        ("IsCustomerInitiatedMaintenanceAllowed", False),
        ("LastOperationResultCode", "MaintenanceCompleted"),
        (
            "LastOperationResultString",
            "User initiated maintenance on the Virtual Machine was successfully completed. ",
        ),
    ]
)

_FIRST_USE: Final = "Windows is preparing your computer for first use..."


def _instance_endpoint(endpoint: Mapping[str, Any], vip: str) -> Struct:
    return Struct(
        [
            ("Name", endpoint.get("Name")),
            ("Vip", vip or None),
            ("PublicPort", endpoint.get("Port")),
            ("LocalPort", endpoint.get("LocalPort")),
            ("Protocol", endpoint.get("Protocol")),
            ("IdleTimeoutInMinutes", endpoint.get("IdleTimeoutInMinutes")),
        ]
    )


def _guest_agent(call: Call, role: Role, *, ready: bool) -> Struct:
    message = (
        "GuestAgent is running and accepting new configurations."
        if ready
        else f"Status not available for role {role.name}."
    )
    return Struct(
        [
            ("ProtocolVersion", "1.0"),
            ("Timestamp", iso(call.now)),
            ("GuestAgentVersion", "2.7.1198.735" if ready else "Unknown"),
            ("Status", "Ready" if ready else "NotReady"),
            ("FormattedMessage", Struct([("Language", "en-US"), ("Message", message)])),
        ]
    )


def _message(text: str) -> Struct:
    return Struct([("Language", "en-US"), ("Message", text)])


def _setting_status(call: Call, handler: str) -> Struct:
    """What an extension with settings says of them; a script adds what it printed."""
    printed: list[Value] = [
        Struct([("Name", name), ("Status", "Success"), ("FormattedMessage", _message(""))])
        for name in ("StdOut", "StdErr")
    ]
    script = handler.endswith("CustomScriptExtension")
    return Struct(
        [
            ("Timestamp", iso(call.now)),
            ("Name", handler),
            ("Operation", "Enable"),
            ("Status", "Success"),
            ("FormattedMessage", _message("Enable succeeded")),
            ("SubStatusList", Items("SubStatus", printed) if script else None),
        ]
    )


def _extension_statuses(call: Call, role: Role) -> Items:
    statuses: list[Value] = []
    for extension in role.extensions or ():
        if extension.get("State", "Enable").lower() != "enable":
            continue
        handler = f"{extension.get('Publisher', '')}.{extension.get('Name', '')}"
        version = str(extension.get("Version", "1.*")).replace("*", "0")
        members: list[Member] = [("HandlerName", handler), ("Version", version), ("Status", "Ready")]
        if extension.get("ResourceExtensionParameterValues"):
            members.append(("ExtensionSettingStatus", _setting_status(call, handler)))
        else:
            text = f"Plugin enabled (name: {handler}, version: {version})."
            members.append(("FormattedMessage", _message(text)))
        statuses.append(Struct(members))
    return Items("ResourceExtensionStatus", statuses)
