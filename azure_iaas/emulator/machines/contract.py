"""Documents of roles: disks, configuration sets, endpoints, in either dialect (protocol.md 10.1 to 10.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.contracts import Choice, Contract, Kind, ListOf, names_in, text_in
from azure_iaas.endpoint.documents import Element

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA_DISK: Final = Contract(
    "DataVirtualHardDisk",
    {
        "HostCaching": "text",
        "DiskLabel": "verbatim",
        "DiskName": "text",
        "Lun": "int",
        "LogicalDiskSizeInGB": "int",
        "MediaLink": "text",
        "SourceMediaLink": "text",
        "IOType": "text",
    },
)

DATA_DISK_PREVIEW: Final = Contract(
    "DataDisk",
    {
        "DiskName": "text",
        "LUN": "int",
        "DisableReadCache": "bool",
        "DiskLabel": "verbatim",
        "EnableWriteCache": "bool",
        "LogicalDiskSizeInGB": "int",
        "MediaLink": "text",
        "SourceMediaLink": "text",
        "HostCaching": "text",
        "IOType": "text",
    },
)

OS_DISK: Final = Contract(
    "OSVirtualHardDisk",
    {
        "HostCaching": "text",
        "DiskLabel": "verbatim",
        "DiskName": "text",
        "MediaLink": "text",
        "SourceImageName": "text",
        "OS": "text",
        "RemoteSourceImageLink": "text",
        "IOType": "text",
        "ResizedSizeInGB": "int",
    },
)


# Unverified: the order, alphabetical as in the preview's other objects. What only GA knows is taken after it.
OS_DISK_PREVIEW: Final = Contract(
    "OSDisk",
    {
        "DisableWriteCache": "bool",
        "DiskName": "text",
        "MediaLink": "text",
        "SourceImageName": "text",
        "HostCaching": "text",
        "DiskLabel": "verbatim",
        "OS": "text",
        "RemoteSourceImageLink": "text",
        "IOType": "text",
        "ResizedSizeInGB": "int",
    },
)

_PROBE: Final = Contract(
    "LoadBalancerProbe",
    {
        "Path": "text",
        "Port": "int",
        "Protocol": "text",
        "IntervalInSeconds": "int",
        "TimeoutInSeconds": "int",
    },
)

_ACL: Final = Contract(
    "EndpointAcl",
    {
        "Rules": ListOf(
            ("Rule",),
            Contract(
                "Rule", {"Order": "int", "Action": "text", "RemoteSubnet": "text", "Description": "verbatim"}
            ),
        )
    },
)

INPUT_ENDPOINT: Final = Contract(
    "InputEndpoint",
    {
        "LoadBalancedEndpointSetName": "text",
        "LocalPort": "int",
        "Name": "text",
        "Port": "int",
        "LoadBalancerProbe": _PROBE,
        "Protocol": "text",
        "Vip": "text",
        "EnableDirectServerReturn": "bool",
        "LoadBalancerName": "text",
        "EndpointAcl": _ACL,
        "IdleTimeoutInMinutes": "int",
        "LoadBalancerDistribution": "text",
        "VirtualIPName": "text",
    },
)


# What only GA knows is taken after the preview's own elements.
_EXTERNAL_ENDPOINT: Final[dict[str, Kind]] = {
    "LoadBalancedEndpointSetName": "text",
    "LoadBalancerProbe": Contract(
        "LoadBalancerProbe",
        {
            "Port": "int",
            "Protocol": "text",
            "RelativeUri": "text",
            "IntervalInSeconds": "int",
            "TimeoutInSeconds": "int",
        },
    ),
    "LocalPort": "int",
    "Name": "text",
    "Port": "int",
    "Protocol": "text",
}

EXTERNAL_ENDPOINT: Final = Contract(
    "ExternalEndpoint",
    _EXTERNAL_ENDPOINT
    | {name: kind for name, kind in INPUT_ENDPOINT.members.items() if name not in _EXTERNAL_ENDPOINT},
)


def _endpoint_contract(source: Element | Mapping[str, object]) -> Contract:
    if isinstance(source, Element):
        return EXTERNAL_ENDPOINT if source.name == "ExternalEndpoint" else INPUT_ENDPOINT
    return INPUT_ENDPOINT


NETWORK: Final = Contract(
    "ConfigurationSet",
    {
        "ConfigurationSetType": "text",
        "InputEndpoints": ListOf(("InputEndpoint", "ExternalEndpoint"), Choice(_endpoint_contract)),
        "SubnetNames": ListOf(("SubnetName",), "text"),
        "StaticVirtualNetworkIPAddress": "text",
        "PublicIPs": ListOf(
            ("PublicIP",),
            Contract("PublicIP", {"Name": "text", "IdleTimeoutInMinutes": "int", "DomainNameLabel": "text"}),
        ),
        "NetworkInterfaces": ListOf(
            ("NetworkInterface",),
            Contract(
                "NetworkInterface",
                {
                    "Name": "text",
                    "IPConfigurations": ListOf(
                        ("IPConfiguration",),
                        Contract(
                            "IPConfiguration", {"SubnetName": "text", "StaticVirtualNetworkIPAddress": "text"}
                        ),
                    ),
                    "NetworkSecurityGroup": "text",
                    "IPForwarding": "text",
                },
            ),
        ),
        "NetworkSecurityGroup": "text",
        "IPForwarding": "text",
    },
)

_CERTIFICATE_SETTINGS: Final = ListOf(
    ("CertificateSetting",),
    Contract("CertificateSetting", {"StoreLocation": "text", "StoreName": "text", "Thumbprint": "text"}),
)

WINDOWS: Final = Contract(
    "ConfigurationSet",
    {
        "ConfigurationSetType": "text",
        "ComputerName": "text",
        "AdminPassword": "verbatim",
        "ResetPasswordOnFirstLogon": "bool",
        "EnableAutomaticUpdates": "bool",
        "TimeZone": "text",
        "DomainJoin": Contract(
            "DomainJoin",
            {
                "Credentials": Contract(
                    "Credentials", {"Domain": "text", "Username": "text", "Password": "verbatim"}
                ),
                "Provisioning": Contract("Provisioning", {"AccountData": "verbatim"}),
                "JoinDomain": "text",
                "MachineObjectOU": "text",
            },
        ),
        "StoredCertificateSettings": _CERTIFICATE_SETTINGS,
        "WinRM": Contract(
            "WinRM",
            {
                "Listeners": ListOf(
                    ("Listener",), Contract("Listener", {"CertificateThumbprint": "text", "Protocol": "text"})
                )
            },
        ),
        "AdminUsername": "text",
        "CustomData": "verbatim",
        "AdditionalUnattendContent": Contract(
            "AdditionalUnattendContent",
            {
                "Passes": ListOf(
                    ("UnattendPass",),
                    Contract(
                        "UnattendPass",
                        {
                            "PassName": "text",
                            "Components": ListOf(
                                ("UnattendComponent",),
                                Contract(
                                    "UnattendComponent",
                                    {
                                        "ComponentName": "text",
                                        "ComponentSettings": ListOf(
                                            ("ComponentSetting",),
                                            Contract(
                                                "ComponentSetting",
                                                {"SettingName": "text", "Content": "verbatim"},
                                            ),
                                        ),
                                    },
                                ),
                            ),
                        },
                    ),
                )
            },
        ),
    },
)

LINUX: Final = Contract(
    "ConfigurationSet",
    {
        "ConfigurationSetType": "text",
        "HostName": "text",
        "UserName": "text",
        "UserPassword": "verbatim",
        "DisableSshPasswordAuthentication": "bool",
        "SSH": Contract(
            "SSH",
            {
                "PublicKeys": ListOf(
                    ("PublicKey",), Contract("PublicKey", {"Fingerprint": "text", "Path": "text"})
                ),
                "KeyPairs": ListOf(
                    ("KeyPair",), Contract("KeyPair", {"Fingerprint": "text", "Path": "text"})
                ),
            },
        ),
        "CustomData": "verbatim",
    },
)

PROVISIONING_PREVIEW: Final = Contract(
    "ConfigurationSet",
    {
        "ConfigurationSetType": "text",
        "AdminPassword": "verbatim",
        "MachineName": "text",
        "ProvisioningMediaLink": "text",
        "ResetPasswordOnFirstLogon": "bool",
        "StoredCertificateSettings": _CERTIFICATE_SETTINGS,
        **{
            name: kind
            for name, kind in WINDOWS.members.items()
            if name
            not in {"ConfigurationSetType", "AdminPassword", "ResetPasswordOnFirstLogon", "ComputerName"}
            and name != "StoredCertificateSettings"
        },
    },
)

_SETS: Final = {
    "NetworkConfiguration": NETWORK,
    "NetworkConfigurationSet": NETWORK,
    "WindowsProvisioningConfiguration": WINDOWS,
    "WindowsProvisioningConfigurationSet": WINDOWS,
    "LinuxProvisioningConfiguration": LINUX,
    "LinuxProvisioningConfigurationSet": LINUX,
    "ProvisioningConfiguration": PROVISIONING_PREVIEW,
}


def _set_contract(source: Element | Mapping[str, object]) -> Contract:
    """The service decides by ``ConfigurationSetType``, else by ``i:type`` (protocol.md 3.1)."""
    kind = text_in(source, "ConfigurationSetType") or (source.i_type if isinstance(source, Element) else "")
    if kind not in _SETS:
        raise refusals.incorrect_parameter()
    if _SETS[kind] is WINDOWS and "MachineName" in names_in(source):
        return PROVISIONING_PREVIEW
    return _SETS[kind]


CONFIGURATION_SET: Final = Choice(_set_contract)

_EXTENSIONS: Final = ListOf(
    ("ResourceExtensionReference",),
    Contract(
        "ResourceExtensionReference",
        {
            "ReferenceName": "text",
            "Publisher": "text",
            "Name": "text",
            "Version": "text",
            "ResourceExtensionParameterValues": ListOf(
                ("ResourceExtensionParameterValue",),
                Contract(
                    "ResourceExtensionParameterValue", {"Key": "text", "Value": "verbatim", "Type": "text"}
                ),
            ),
            "State": "text",
        },
    ),
)

ROLE: Final = Contract(
    "Role",
    {
        "RoleName": "text",
        "OsVersion": "text",
        "RoleType": "text",
        "ConfigurationSets": ListOf(("ConfigurationSet",), CONFIGURATION_SET),
        "ResourceExtensionReferences": _EXTENSIONS,
        "VMImageName": "text",
        "MediaLocation": "text",
        "AvailabilitySetName": "text",
        "DataVirtualHardDisks": ListOf(("DataVirtualHardDisk",), DATA_DISK),
        "Label": "verbatim",
        "OSVirtualHardDisk": OS_DISK,
        "RoleSize": "text",
        "DefaultWinRmCertificateThumbprint": "text",
        "ProvisionGuestAgent": "bool",
        "VMImageInput": Contract(
            "VMImageInput",
            {
                "OSDiskConfiguration": Contract("OSDiskConfiguration", {"ResizedSizeInGB": "int"}),
                "DataDiskConfigurations": ListOf(
                    ("DataDiskConfiguration",),
                    Contract("DataDiskConfiguration", {"DiskName": "text", "ResizedSizeInGB": "int"}),
                ),
            },
        ),
        "DebugSettings": Contract(
            "DebugSettings",
            {
                "BootDiagnosticsEnabled": "bool",
                "ConsoleScreenshotBlobUri": "text",
                "SerialOutputBlobUri": "text",
            },
        ),
        "LicenseType": "text",
        "MigrationState": "text",
    },
)

_PREVIEW_ROLE: Final = frozenset(
    {"RoleName", "RoleType", "AvailabilitySetName", "ConfigurationSets", "RoleSize"}
)

ROLE_PREVIEW: Final = Contract(
    "Role",
    {
        "RoleName": "text",
        "RoleType": "text",
        "AvailabilitySetName": "text",
        "ConfigurationSets": ListOf(("ConfigurationSet",), CONFIGURATION_SET),
        "OSDisk": OS_DISK_PREVIEW,
        "DataDisks": ListOf(("DataDisk",), DATA_DISK_PREVIEW),
        "RoleSize": "text",
        **{
            name: kind
            for name, kind in ROLE.members.items()
            if name not in _PREVIEW_ROLE and name not in {"OSVirtualHardDisk", "DataVirtualHardDisks"}
        },
    },
)


def _role_contract(source: Element | Mapping[str, object]) -> Contract:
    """Both dialects spoke version 2012-03-01: the disks' element names tell them apart."""
    return ROLE_PREVIEW if names_in(source) & {"OSDisk", "DataDisks"} else ROLE


ANY_ROLE: Final = Choice(_role_contract)

LOAD_BALANCER: Final = Contract(
    "LoadBalancer",
    {
        "Name": "text",
        "FrontendIpConfiguration": Contract(
            "FrontendIpConfiguration",
            {"Type": "text", "SubnetName": "text", "StaticVirtualNetworkIPAddress": "text"},
        ),
    },
    frozenset({"Name"}),
)

DNS_SERVER: Final = Contract("DnsServer", {"Name": "text", "Address": "text"}, frozenset({"Name", "Address"}))
