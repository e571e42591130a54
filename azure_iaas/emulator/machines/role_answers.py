"""Roles as they are answered (protocol.md 10.2 to 10.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator.machines.contract import INPUT_ENDPOINT, NETWORK
from azure_iaas.emulator.machines.front_ends import Reach, unreached
from azure_iaas.emulator.state import DataDisk, OSDisk, Role
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint.contracts import kept_value
from azure_iaas.endpoint.documents import Items, Member, Struct, Value
from azure_iaas.endpoint.versions import Row, Rows

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Role


def role_in_list(call: Call, role: Role, reach: Reach) -> Struct:
    """``Role`` in a deployment: the type is said by ``i:type``."""
    answer = role_root(call, role, reach)
    if call.world.dialect == "ga":
        answer.i_type = "PersistentVMRole"
    return answer


@dataclass(frozen=True, slots=True)
class _Shown:
    """A role, and how it is shown.

    Attributes:
        reach: where its endpoints are reached.
        alone: it is read alone.
    """

    role: Role
    reach: Reach
    alone: bool


def role_root(call: Call, role: Role, reach: Reach = unreached, *, alone: bool = False) -> Struct:
    """``PersistentVMRole`` (10.2, what is returned): never a provisioning set, never the label.

    Read alone, a role shows no addresses, and no list of subnets where it has none.
    """
    reach = unreached if role.deallocated(call.now) else reach
    if call.world.dialect == "preview":
        return _preview_role(role, reach)
    return Struct(_ROLE.members(call, _Shown(role, reach, alone)))


def _sets(call: Call, shown: _Shown) -> Items:
    network = Struct(_NETWORK.members(call, shown), "NetworkConfigurationSet")
    return Items("ConfigurationSet", [network])


def _data_disks(call: Call, shown: _Shown) -> Items:
    return Items("DataVirtualHardDisk", [data_disk_answer(call, disk) for disk in shown.role.data_disks])


def _debug_settings(_: Call, shown: _Shown) -> Struct | None:
    """Boot diagnostics, with the blobs they are written to: a serial log of Linux only."""
    role = shown.role
    if not role.debug_settings:
        return None
    if not role.boot_diagnostics:
        return Struct([("BootDiagnosticsEnabled", role.boot_diagnostics)])
    folder = role.os_disk.media_link.rpartition("/")[0]
    blob = f"{folder}/bootdiagnostics-{role.name.lower()}"
    serial = f"{blob}.serialconsole.log" if role.os_disk.os == "Linux" else None
    return Struct(
        [
            ("BootDiagnosticsEnabled", True),
            ("ConsoleScreenshotBlobUri", f"{blob}.screenshot.bmp"),
            ("SerialOutputBlobUri", serial),
        ]
    )


def _extensions(_: Call, shown: _Shown) -> Items | None:
    if shown.role.extensions is None:
        return None
    references: list[Value] = []
    for extension in shown.role.extensions:
        reference: list[Member] = [
            (name, extension.get(name)) for name in ("ReferenceName", "Publisher", "Name", "Version")
        ]
        public = [
            Struct([("Key", value.get("Key")), ("Value", value.get("Value")), ("Type", value.get("Type"))])
            for value in extension.get("ResourceExtensionParameterValues") or ()
        ]
        if "ResourceExtensionParameterValues" in extension:
            reference.append(
                ("ResourceExtensionParameterValues", Items("ResourceExtensionParameterValue", list(public)))
            )
        reference.append(("State", extension.get("State") or "Enable"))
        references.append(Struct(reference))
    return Items("ResourceExtensionReference", references)


def _endpoints(call: Call, shown: _Shown) -> Items | None:
    endpoints = shown.role.network.get("InputEndpoints")
    if not endpoints:
        return None
    answers = [Struct(_ENDPOINT.members(call, _Endpoint(each, shown.reach(each)))) for each in endpoints]
    return Items("InputEndpoint", list(answers))


def _subnets(_: Call, shown: _Shown) -> Items | None:
    subnets: list[Value] = list(shown.role.network.get("SubnetNames") or ())
    return Items("SubnetName", subnets) if subnets or not shown.alone else None


def _kept(name: str, since: str) -> Row[Call, _Shown]:
    """An element of the network set as it was sent."""
    kind = NETWORK.members[name]
    return Row(name, lambda _, shown: kept_value(kind, shown.role.network.get(name)), since)


_NETWORK: Final = Rows[Call, _Shown](
    Row("ConfigurationSetType", lambda *_: "NetworkConfiguration"),
    Row("InputEndpoints", _endpoints),
    Row("SubnetNames", _subnets),
    _kept("StaticVirtualNetworkIPAddress", "2013-11-01"),
    _kept("PublicIPs", "2014-05-01"),
    _kept("NetworkInterfaces", "2014-08-01"),
    _kept("NetworkSecurityGroup", "2014-08-01"),
    _kept("IPForwarding", "2014-08-01"),
)

_OS_DISK: Final = Rows[Call, OSDisk](
    Row("HostCaching", lambda _, disk: disk.host_caching),
    Row("DiskLabel", lambda _, disk: disk.label or None),
    Row("DiskName", lambda _, disk: disk.disk_name),
    Row("MediaLink", lambda _, disk: disk.media_link),
    Row("SourceImageName", lambda _, disk: disk.source_image_name or None),
    Row("OS", lambda _, disk: disk.os),
    Row("IOType", lambda *_: "Standard", "2014-10-01"),
)

_ROLE: Final = Rows[Call, _Shown](
    Row("RoleName", lambda _, shown: shown.role.name),
    Row("OsVersion", lambda *_: ""),
    Row("RoleType", lambda *_: "PersistentVMRole"),
    Row("ConfigurationSets", _sets),
    Row("ResourceExtensionReferences", _extensions, "2013-11-01"),
    Row("AvailabilitySetName", lambda _, shown: shown.role.availability_set or None),
    Row("DataVirtualHardDisks", _data_disks),
    Row("OSVirtualHardDisk", lambda call, shown: Struct(_OS_DISK.members(call, shown.role.os_disk))),
    Row("RoleSize", lambda _, shown: shown.role.size),
    Row("DefaultWinRmCertificateThumbprint", lambda _, shown: shown.role.winrm_thumbprint or None),
    Row("ProvisionGuestAgent", lambda _, shown: shown.role.provision_guest_agent, "2014-04-01"),
    Row("DebugSettings", _debug_settings, "2016-03-01"),
)


@dataclass(frozen=True, slots=True)
class _Endpoint:
    values: Mapping[str, Any]
    vip: str


def _probe(call: Call, endpoint: _Endpoint) -> Struct | None:
    probe = endpoint.values.get("LoadBalancerProbe")
    return Struct(_PROBE.members(call, probe)) if probe else None


def _acl(_: Call, endpoint: _Endpoint) -> Value:
    acl = endpoint.values.get("EndpointAcl")
    return kept_value(INPUT_ENDPOINT.members["EndpointAcl"], acl) if acl else None


def _said(name: str) -> Row[Call, _Endpoint]:
    """An element of the endpoint as it was sent."""
    return Row(name, lambda _, endpoint: endpoint.values.get(name))


_PROBE: Final = Rows[Call, Mapping[str, Any]](
    Row("Path", lambda _, probe: probe.get("Path")),
    Row("Port", lambda _, probe: probe.get("Port")),
    Row("Protocol", lambda _, probe: probe.get("Protocol")),
    Row("IntervalInSeconds", lambda _, probe: probe.get("IntervalInSeconds", 15), "2013-06-01"),
    Row("TimeoutInSeconds", lambda _, probe: probe.get("TimeoutInSeconds", 31), "2013-06-01"),
)
_ENDPOINT: Final = Rows[Call, _Endpoint](
    Row(
        "LoadBalancedEndpointSetName",
        lambda _, endpoint: endpoint.values.get("LoadBalancedEndpointSetName") or None,
    ),
    _said("LocalPort"),
    _said("Name"),
    _said("Port"),
    Row("LoadBalancerProbe", _probe),
    _said("Protocol"),
    Row("Vip", lambda _, endpoint: endpoint.vip or None),
    Row(
        "EnableDirectServerReturn",
        lambda _, endpoint: bool(endpoint.values.get("EnableDirectServerReturn")),
        "2013-06-01",
    ),
    _said("LoadBalancerName"),
    _said("VirtualIPName"),
    Row("EndpointAcl", _acl),
    _said("IdleTimeoutInMinutes"),
    _said("LoadBalancerDistribution"),
)
"""``InputEndpoint`` (10.6), in the recorded order."""


_DATA_DISK: Final = Rows[Call, DataDisk](
    Row("HostCaching", lambda _, disk: disk.host_caching),
    Row("DiskLabel", lambda _, disk: disk.label or None),
    Row("DiskName", lambda _, disk: disk.disk_name),
    Row("Lun", lambda _, disk: disk.lun or None),
    Row("LogicalDiskSizeInGB", lambda _, disk: disk.size_in_gb),
    Row("MediaLink", lambda _, disk: disk.media_link),
    Row("IOType", lambda *_: "Standard", "2014-10-01"),
)


def data_disk_answer(call: Call, disk: DataDisk) -> Struct:
    """``DataVirtualHardDisk`` (10.3): LUN 0 is left out."""
    if call.world.dialect == "preview":
        return _preview_data_disk(disk)
    return Struct(_DATA_DISK.members(call, disk))


def _preview_data_disk(disk: DataDisk) -> Struct:
    return Struct(
        [
            ("DiskName", disk.disk_name),
            ("LUN", disk.lun),
            ("DisableReadCache", disk.host_caching == "None"),
            ("DiskLabel", disk.label or None),
            ("EnableWriteCache", disk.host_caching == "ReadWrite"),
            ("LogicalDiskSizeInGB", disk.size_in_gb),
            ("MediaLink", disk.media_link),
        ]
    )


def _preview_role(role: Role, reach: Reach) -> Struct:
    endpoints: list[Value] = [
        Struct(
            [
                ("LoadBalancedEndpointSetName", each.get("LoadBalancedEndpointSetName") or None),
                ("LoadBalancerProbe", _preview_probe(each.get("LoadBalancerProbe"))),
                ("LocalPort", each.get("LocalPort")),
                ("Name", each.get("Name")),
                ("Port", each.get("Port")),
                ("Protocol", each.get("Protocol")),
                ("Vip", reach(each) or None),
            ]
        )
        for each in role.network.get("InputEndpoints") or ()
    ]
    network = Struct(
        [
            ("ConfigurationSetType", "NetworkConfiguration"),
            ("InputEndpoints", Items("ExternalEndpoint", endpoints)),
        ]
    )
    return Struct(
        [
            ("RoleName", role.name),
            ("RoleType", "PersistentVMRole"),
            ("AvailabilitySetName", role.availability_set or None),
            ("ConfigurationSets", Items("ConfigurationSet", [network])),
            (
                "OSDisk",
                Struct(
                    [
                        ("DisableWriteCache", role.os_disk.host_caching != "ReadWrite"),
                        ("DiskName", role.os_disk.disk_name),
                        ("MediaLink", role.os_disk.media_link),
                        ("SourceImageName", role.os_disk.source_image_name or None),
                    ]
                ),
            ),
            ("DataDisks", Items("DataDisk", [_preview_data_disk(disk) for disk in role.data_disks])),
            ("RoleSize", role.size),
        ]
    )


def _preview_probe(probe: Mapping[str, Any] | None) -> Struct | None:
    if not probe:
        return None
    return Struct(
        [
            ("Port", probe.get("Port")),
            ("Protocol", probe.get("Protocol")),
            ("RelativeUri", probe.get("Path") or None),
        ]
    )
