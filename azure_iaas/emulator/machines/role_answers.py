"""Roles as they are answered (protocol.md 10.2 to 10.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator.machines.contract import INPUT_ENDPOINT, NETWORK
from azure_iaas.endpoint.contracts import by_contract, kept_value
from azure_iaas.endpoint.documents import Items, Member, Struct, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.emulator.state import DataDisk, Role
    from azure_iaas.emulator.world import Call


def role_in_list(call: Call, role: Role, vip: str) -> Struct:
    """``Role`` in a deployment: the type is said by ``i:type``."""
    answer = role_root(call, role, vip)
    if call.world.dialect == "ga":
        answer.i_type = "PersistentVMRole"
    return answer


def role_root(call: Call, role: Role, vip: str = "", *, alone: bool = False) -> Struct:
    """``PersistentVMRole`` (10.2, what is returned): never a provisioning set, never the label.

    Read alone, a role shows no addresses, and no list of subnets where it has none.
    """
    version = call.version
    vip = "" if role.deallocated(call.now) else vip
    if call.world.dialect == "preview":
        return _preview_role(role, vip)
    disks: list[Value] = [data_disk_answer(call, disk) for disk in role.data_disks]
    members: list[Member] = [
        ("RoleName", role.name),
        ("OsVersion", ""),
        ("RoleType", "PersistentVMRole"),
        ("ConfigurationSets", Items("ConfigurationSet", [_network(role, vip, version, alone=alone)])),
    ]
    if role.extensions is not None and version >= "2013-11-01":
        members.append(("ResourceExtensionReferences", _extensions(role)))
    if role.availability_set:
        members.append(("AvailabilitySetName", role.availability_set))
    os_disk: list[Member] = [
        ("HostCaching", role.os_disk.host_caching),
        ("DiskLabel", role.os_disk.label or None),
        ("DiskName", role.os_disk.disk_name),
        ("MediaLink", role.os_disk.media_link),
        ("SourceImageName", role.os_disk.source_image_name or None),
        ("OS", role.os_disk.os),
    ]
    if version >= "2014-10-01":
        os_disk.append(("IOType", "Standard"))
    members += [
        ("DataVirtualHardDisks", Items("DataVirtualHardDisk", disks)),
        ("OSVirtualHardDisk", Struct(os_disk)),
        ("RoleSize", role.size),
    ]
    if role.winrm_thumbprint:
        members.append(("DefaultWinRmCertificateThumbprint", role.winrm_thumbprint))
    if role.provision_guest_agent is not None and version >= "2014-04-01":
        members.append(("ProvisionGuestAgent", role.provision_guest_agent))
    if role.debug_settings and version >= "2016-03-01":
        members.append(("DebugSettings", _debug_settings(role)))
    return Struct(members)


def _debug_settings(role: Role) -> Struct:
    """Boot diagnostics, with the blobs they are written to: a serial log of Linux only."""
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


def _extensions(role: Role) -> Items:
    references: list[Value] = []
    for extension in role.extensions or ():
        shown: list[Member] = [
            (name, extension.get(name)) for name in ("ReferenceName", "Publisher", "Name", "Version")
        ]
        public = [
            Struct([("Key", value.get("Key")), ("Value", value.get("Value")), ("Type", value.get("Type"))])
            for value in extension.get("ResourceExtensionParameterValues") or ()
        ]
        if "ResourceExtensionParameterValues" in extension:
            shown.append(
                ("ResourceExtensionParameterValues", Items("ResourceExtensionParameterValue", list(public)))
            )
        shown.append(("State", extension.get("State") or "Enable"))
        references.append(Struct(shown))
    return Items("ResourceExtensionReference", references)


def _network(role: Role, vip: str, version: str, *, alone: bool) -> Struct:
    network = role.network
    members: list[Member] = [("ConfigurationSetType", "NetworkConfiguration")]
    endpoints = network.get("InputEndpoints")
    if endpoints:
        members.append(
            (
                "InputEndpoints",
                Items("InputEndpoint", [input_endpoint(each, vip, version) for each in endpoints]),
            )
        )
    subnets: list[Value] = list(network.get("SubnetNames") or ())
    if subnets or not alone:
        members.append(("SubnetNames", Items("SubnetName", subnets)))
    shown = by_contract(NETWORK, network).members
    for name, since in _NETWORK_SINCE.items():
        if version >= since:
            members += [member for member in shown if member[0] == name]
    return Struct(members, "NetworkConfigurationSet")


_NETWORK_SINCE: Final = {
    "StaticVirtualNetworkIPAddress": "2013-11-01",
    "PublicIPs": "2014-05-01",
    "NetworkInterfaces": "2014-08-01",
    "NetworkSecurityGroup": "2014-08-01",
    "IPForwarding": "2014-08-01",
}


def input_endpoint(endpoint: Mapping[str, Any], vip: str, version: str) -> Struct:
    """``InputEndpoint`` (10.6), in the recorded order."""
    probe = endpoint.get("LoadBalancerProbe")
    acl = endpoint.get("EndpointAcl")
    return Struct(
        [
            ("LoadBalancedEndpointSetName", endpoint.get("LoadBalancedEndpointSetName") or None),
            ("LocalPort", endpoint.get("LocalPort")),
            ("Name", endpoint.get("Name")),
            ("Port", endpoint.get("Port")),
            ("LoadBalancerProbe", _probe(probe, version) if probe else None),
            ("Protocol", endpoint.get("Protocol")),
            ("Vip", vip or None),
            (
                "EnableDirectServerReturn",
                bool(endpoint.get("EnableDirectServerReturn")) if version >= "2013-06-01" else None,
            ),
            ("LoadBalancerName", endpoint.get("LoadBalancerName")),
            ("VirtualIPName", endpoint.get("VirtualIPName")),
            (
                "EndpointAcl",
                kept_value(INPUT_ENDPOINT.members["EndpointAcl"], acl) if acl else None,
            ),
            ("IdleTimeoutInMinutes", endpoint.get("IdleTimeoutInMinutes")),
            ("LoadBalancerDistribution", endpoint.get("LoadBalancerDistribution")),
        ]
    )


def _probe(probe: Mapping[str, Any], version: str) -> Struct:
    times: list[Member] = [
        ("IntervalInSeconds", probe.get("IntervalInSeconds", 15)),
        ("TimeoutInSeconds", probe.get("TimeoutInSeconds", 31)),
    ]
    return Struct(
        [
            ("Path", probe.get("Path")),
            ("Port", probe.get("Port")),
            ("Protocol", probe.get("Protocol")),
            *(times if version >= "2013-06-01" else ()),
        ]
    )


def data_disk_answer(call: Call, disk: DataDisk) -> Struct:
    """``DataVirtualHardDisk`` (10.3): LUN 0 is left out."""
    if call.world.dialect == "preview":
        return _preview_data_disk(disk)
    members: list[Member] = [
        ("HostCaching", disk.host_caching),
        ("DiskLabel", disk.label or None),
        ("DiskName", disk.disk_name),
        ("Lun", disk.lun or None),
        ("LogicalDiskSizeInGB", disk.size_in_gb),
        ("MediaLink", disk.media_link),
    ]
    if call.version >= "2014-10-01":
        members.append(("IOType", "Standard"))
    return Struct(members)


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


def _preview_role(role: Role, vip: str) -> Struct:
    endpoints: list[Value] = [
        Struct(
            [
                ("LoadBalancedEndpointSetName", each.get("LoadBalancedEndpointSetName") or None),
                ("LoadBalancerProbe", _preview_probe(each.get("LoadBalancerProbe"))),
                ("LocalPort", each.get("LocalPort")),
                ("Name", each.get("Name")),
                ("Port", each.get("Port")),
                ("Protocol", each.get("Protocol")),
                ("Vip", vip or None),
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
