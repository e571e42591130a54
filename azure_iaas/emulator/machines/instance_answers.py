"""Role instances as they are answered (protocol.md 10.11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from azure_iaas.emulator.addresses import public_address
from azure_iaas.emulator.state import InstanceState, Role
from azure_iaas.emulator.texts import iso
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint.documents import NIL, Items, Member, Struct, Value
from azure_iaas.endpoint.versions import Row, Rows


@dataclass(frozen=True, slots=True)
class _Shown:
    """An instance, and the state it is shown in.

    Attributes:
        vip: public address of the deployment, empty while it has none.
        suspended: no instance of the deployment runs.
    """

    role: Role
    state: InstanceState
    power: str
    vip: str
    suspended: bool

    @property
    def allocated(self) -> bool:
        return self.state is not InstanceState.STOPPED_DEALLOCATED


def role_instance_answer(call: Call, role: Role, vip: str, *, suspended: bool) -> Struct:
    """``RoleInstance`` (10.11); agents of deallocated ones are shown while others of the deployment run."""
    state, power = role.state(call.now) or (InstanceState.STOPPED_VM, "Stopped")
    shown = _Shown(role, state, power, vip, suspended)
    return Struct((_INSTANCE if shown.allocated else _DEALLOCATED_INSTANCE).members(call, shown))


def _instance_name(call: Call, shown: _Shown) -> str:
    return f"{shown.role.name}_IN_0" if call.world.dialect == "preview" else shown.role.name


def _details(_: Call, shown: _Shown) -> str:
    first_use = shown.state is InstanceState.PROVISIONING and shown.role.os_disk.os == "Windows"
    return "Windows is preparing your computer for first use..." if first_use else ""


def _endpoints(_: Call, shown: _Shown) -> Items | None:
    endpoints = shown.role.network.get("InputEndpoints")
    if not endpoints:
        return None
    return Items("InstanceEndpoint", [_instance_endpoint(each, shown.vip) for each in endpoints])


def _host_name(call: Call, shown: _Shown) -> str | None:
    return shown.role.host_name if call.now >= shown.role.reported_at else None


def _remote_access(call: Call, shown: _Shown) -> str | None:
    role = shown.role
    if call.now < role.certificate_at:
        return None
    return call.world.digest("remote access", role.name, role.created_at).hex().upper()


def _agent_is_ready(call: Call, shown: _Shown) -> bool:
    # What an agent said last is kept while the instance's state is unknown; a stopped one says nothing.
    return shown.power != "Stopped" and call.now >= shown.role.agent_at


def _agent(call: Call, shown: _Shown) -> Struct | None:
    silent = not shown.allocated and (shown.suspended or shown.role.extensions is None)
    if silent or not shown.role.provision_guest_agent:
        return None
    return _guest_agent(call, shown.role, ready=_agent_is_ready(call, shown))


def _extensions(call: Call, shown: _Shown) -> Items | None:
    role = shown.role
    reports = role.extensions is not None or role.os_disk.os == "Linux"
    if not (role.provision_guest_agent and reports and _agent_is_ready(call, shown)):
        return None
    return _extension_statuses(call, role)


def _public_ips(call: Call, shown: _Shown) -> Items | None:
    addresses: list[Value] = [
        Struct(_PUBLIC_IP.members(call, (shown.role, public)))
        for public in shown.role.network.get("PublicIPs") or ()
    ]
    return Items("PublicIP", addresses) if addresses else None


_PUBLIC_IP: Final = Rows[Call, tuple[Role, Mapping[str, Any]]](
    Row("Name", lambda _, shown: shown[1].get("Name"), "2014-10-01"),
    Row(
        "Address",
        lambda call, shown: public_address(call, shown[0].name, "public", str(shown[1].get("Name"))),
    ),
    Row("IdleTimeoutInMinutes", lambda _, shown: shown[1].get("IdleTimeoutInMinutes"), "2014-06-01"),
    Row("DomainNameLabel", lambda _, shown: shown[1].get("DomainNameLabel") or NIL, "2015-03-01"),
)


def _network_interfaces(call: Call, shown: _Shown) -> Items | None:
    interfaces: list[Value] = [
        _network_interface(call, shown.role, interface)
        for interface in shown.role.network.get("NetworkInterfaces") or ()
    ]
    return Items("NetworkInterface", interfaces) if interfaces else None


def _network_interface(call: Call, role: Role, interface: Mapping[str, Any]) -> Struct:
    """One interface asked for beside the first, with the addresses it got."""
    name = str(interface.get("Name"))
    mac = call.world.digest("mac address", role.name, role.created_at, name, size=3).hex().upper()
    subnet = role.ip_address.rpartition(".")[0]
    configurations: list[Value] = []
    for number, configuration in enumerate(interface.get("IPConfigurations") or ()):
        last = call.world.digest("interface", role.name, name, number, size=1)[0]
        address = configuration.get("StaticVirtualNetworkIPAddress") or f"{subnet}.{4 + last % 250}"
        configurations.append(Struct([("SubnetName", configuration.get("SubnetName")), ("Address", address)]))
    return Struct(
        [
            ("Name", name),
            ("MacAddress", f"000D3A{mac}"),
            ("IPConfigurations", Items("IPConfiguration", configurations)),
        ]
    )


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
    version = "WALinuxAgent-2.0.17" if role.os_disk.os == "Linux" else "2.7.1198.778"
    message = (
        "GuestAgent is running and accepting new configurations."
        if ready
        else f"Status not available for role {role.name}."
    )
    return Struct(
        [
            ("ProtocolVersion", "1.0"),
            ("Timestamp", iso(call.now)),
            ("GuestAgentVersion", version if ready else "Unknown"),
            ("Status", "Ready" if ready else "NotReady"),
            ("FormattedMessage", Struct([("Language", "en-US"), ("Message", message)])),
        ]
    )


def _message(text: str) -> Struct:
    return Struct([("Language", "en-US"), ("Message", text)])


def _setting_status(call: Call, handler: str) -> Struct:
    """What an extension with settings says of them: its own choice. A script adds what it printed.

    The Docker extension gave its report no name, all others did.
    """
    printed: list[Value] = [
        Struct([("Name", name), ("Status", "Success"), ("FormattedMessage", _message(""))])
        for name in ("StdOut", "StdErr")
    ]
    script = handler.endswith("CustomScriptExtension")
    return Struct(
        [
            ("Timestamp", iso(call.now)),
            ("Name", None if handler.endswith(".DockerExtension") else handler),
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
        status: list[Member] = [("HandlerName", handler), ("Version", version), ("Status", "Ready")]
        if extension.get("ResourceExtensionParameterValues"):
            status.append(("ExtensionSettingStatus", _setting_status(call, handler)))
        else:
            text = f"Plugin enabled (name: {handler}, version: {version})."
            status.append(("FormattedMessage", _message(text)))
        statuses.append(Struct(status))
    return Items("ResourceExtensionStatus", statuses)


_Rows = Rows[Call, _Shown]

_FIRST: Final = _Rows(
    Row("RoleName", lambda _, shown: shown.role.name),
    Row("InstanceName", _instance_name),
    Row("InstanceStatus", lambda _, shown: shown.state),
)
_POWER: Final[Row[Call, _Shown]] = Row("PowerState", lambda _, shown: shown.power)
_GUEST: Final = _Rows(
    Row("RemoteAccessCertificateThumbprint", _remote_access, "2012-08-01"),
    Row("GuestAgentStatus", _agent, "2014-04-01"),
    Row("ResourceExtensionStatusList", _extensions, "2014-04-01"),
    Row("MaintenanceStatus", lambda _, shown: _MAINTAINED if shown.role.maintained else None, "2017-01-01"),
)
_INSTANCE: Final = _Rows(
    *_FIRST,
    Row("InstanceUpgradeDomain", lambda _, shown: shown.role.upgrade_domain, "2011-06-01"),
    Row("InstanceFaultDomain", lambda _, shown: shown.role.fault_domain, "2011-06-01"),
    Row("InstanceSize", lambda _, shown: shown.role.size, "2011-06-01"),
    Row("InstanceStateDetails", _details, "2011-10-01"),
    Row("IpAddress", lambda _, shown: shown.role.ip_address),
    Row("InstanceEndpoints", _endpoints),
    _POWER,
    Row("HostName", _host_name),
    *_GUEST,
    Row("PublicIPs", _public_ips, "2014-05-01"),
    Row("NetworkInterfaces", _network_interfaces, "2014-08-01"),
)
_DEALLOCATED_INSTANCE: Final = _Rows(*_FIRST, _POWER, *_GUEST)
