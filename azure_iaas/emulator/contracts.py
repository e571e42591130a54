"""Request documents of the resources without a folder of their own yet.

Orders are those of protocol.md chapters 10 to 12; the preview dialect's (10.1) stand beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.contracts import Choice, Contract, Kind, ListOf, names_in, text_in
from azure_iaas.endpoint.documents import Element

if TYPE_CHECKING:
    from collections.abc import Mapping

# Hosted services

_EXTENDED_PROPERTIES: Final = ListOf(
    ("ExtendedProperty",),
    Contract("ExtendedProperty", {"Name": "text", "Value": "text"}, frozenset({"Name"})),
)

CREATE_HOSTED_SERVICE: Final = Contract(
    "CreateHostedService",
    {
        "ServiceName": "text",
        "Label": "text",
        "Description": "text",
        "Location": "text",
        "AffinityGroup": "text",
        "ExtendedProperties": _EXTENDED_PROPERTIES,
        "ReverseDnsFqdn": "text",
    },
    frozenset({"ServiceName", "Label"}),
)

UPDATE_HOSTED_SERVICE: Final = Contract(
    "UpdateHostedService",
    {
        "Label": "text",
        "Description": "text",
        "Location": "text",
        "AffinityGroup": "text",
        "ExtendedProperties": _EXTENDED_PROPERTIES,
        "GuestAgentType": "text",
        "ReverseDnsFqdn": "text",
    },
)

# Disks of roles

DATA_DISK: Final = Contract(
    "DataVirtualHardDisk",
    {
        "HostCaching": "text",
        "DiskLabel": "text",
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
        "DiskLabel": "text",
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
        "DiskLabel": "text",
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
        "DiskLabel": "text",
        "OS": "text",
        "RemoteSourceImageLink": "text",
        "IOType": "text",
        "ResizedSizeInGB": "int",
    },
)

# Configuration sets

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
                "Rule", {"Order": "int", "Action": "text", "RemoteSubnet": "text", "Description": "text"}
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
        "AdminPassword": "text",
        "ResetPasswordOnFirstLogon": "bool",
        "EnableAutomaticUpdates": "bool",
        "TimeZone": "text",
        "DomainJoin": Contract(
            "DomainJoin",
            {
                "Credentials": Contract(
                    "Credentials", {"Domain": "text", "Username": "text", "Password": "text"}
                ),
                "Provisioning": Contract("Provisioning", {"AccountData": "text"}),
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
        "CustomData": "text",
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
                                                "ComponentSetting", {"SettingName": "text", "Content": "text"}
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
        "UserPassword": "text",
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
        "CustomData": "text",
    },
)

PROVISIONING_PREVIEW: Final = Contract(
    "ConfigurationSet",
    {
        "ConfigurationSetType": "text",
        "AdminPassword": "text",
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

# Roles

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
                Contract("ResourceExtensionParameterValue", {"Key": "text", "Value": "text", "Type": "text"}),
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
        "Label": "text",
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

_DNS: Final = Contract(
    "Dns",
    {"DnsServers": ListOf(("DnsServer",), Contract("DnsServer", {"Name": "text", "Address": "text"}))},
)

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

DEPLOYMENT: Final = Contract(
    "Deployment",
    {
        "Name": "text",
        "DeploymentSlot": "text",
        "Label": "text",
        "UpgradeDomainCount": "int",
        "RoleList": ListOf(("Role",), ANY_ROLE),
        "VirtualNetworkName": "text",
        "Dns": _DNS,
        "ReservedIPName": "text",
        "LoadBalancers": ListOf(("LoadBalancer",), LOAD_BALANCER),
    },
    frozenset({"Name", "DeploymentSlot", "Label", "RoleList"}),
)

SWAP: Final = Contract("Swap", {"Production": "text", "SourceDeployment": "text"})
UPDATE_DEPLOYMENT_STATUS: Final = Contract(
    "UpdateDeploymentStatus", {"Status": "text"}, frozenset({"Status"})
)
CHANGE_CONFIGURATION: Final = Contract(
    "ChangeConfiguration",
    {
        "Configuration": "text",
        "TreatWarningsAsError": "bool",
        "Mode": "text",
        "ExtendedProperties": _EXTENDED_PROPERTIES,
    },
)

# Role instance operations

_ROLES: Final = ListOf(("Name",), "text")

SHUTDOWN_ROLE: Final = Contract(
    "ShutdownRoleOperation", {"OperationType": "text", "PostShutdownAction": "text"}
)
START_ROLE: Final = Contract("StartRoleOperation", {"OperationType": "text"})
RESTART_ROLE: Final = Contract("RestartRoleOperation", {"OperationType": "text"})
CAPTURE_ROLE: Final = Contract(
    "CaptureRoleOperation",
    {
        "OperationType": "text",
        "PostCaptureAction": "text",
        "ProvisioningConfiguration": CONFIGURATION_SET,
        "SupportsStatelessDeployment": "bool",
        "TargetImageLabel": "text",
        "TargetImageName": "text",
    },
    frozenset({"PostCaptureAction", "TargetImageLabel", "TargetImageName"}),
)
CAPTURE_VM_IMAGE: Final = Contract(
    "CaptureRoleAsVMImageOperation",
    {
        "OperationType": "text",
        "OSState": "text",
        "VMImageName": "text",
        "VMImageLabel": "text",
        "Description": "text",
        "Language": "text",
        "ImageFamily": "text",
        "RecommendedVMSize": "text",
    },
    frozenset({"OSState", "VMImageName", "VMImageLabel"}),
)
REDEPLOY_ROLE: Final = Contract("RedeployRoleOperation", {"OperationType": "text"})
MAINTAIN_ROLE: Final = Contract("PerformMaintenanceOnRoleOperation", {"OperationType": "text"})
SHUTDOWN_ROLES: Final = Contract(
    "ShutdownRolesOperation",
    {"OperationType": "text", "Roles": _ROLES, "PostShutdownAction": "text"},
    frozenset({"Roles"}),
)
START_ROLES: Final = Contract(
    "StartRolesOperation", {"OperationType": "text", "Roles": _ROLES}, frozenset({"Roles"})
)

# Images and disks

_IMAGE_METADATA: Final[dict[str, Kind]] = {
    "Eula": "text",
    "Description": "text",
    "ImageFamily": "text",
    "PublishedDate": "text",
    "IsPremium": "bool",
    "ShowInGui": "bool",
    "PrivacyUri": "text",
    "IconUri": "text",
    "RecommendedVMSize": "text",
    "SmallIconUri": "text",
    "Language": "text",
}

_AS_ANSWERED: Final = {
    name: _IMAGE_METADATA[name]
    for name in (
        "Eula",
        "Description",
        "ImageFamily",
        "ShowInGui",
        "PublishedDate",
        "IsPremium",
        "IconUri",
        "PrivacyUri",
        "RecommendedVMSize",
        "SmallIconUri",
        "Language",
    )
}
"""The contract classes' order; the reference and the generated clients have that of ``_IMAGE_METADATA``."""

_IMAGE_BASE: Final[dict[str, Kind]] = {"Label": "text", "MediaLink": "text", "Name": "text", "OS": "text"}
_IMAGE_NEEDS: Final = frozenset(_IMAGE_BASE)

OS_IMAGE: Final = Contract("OSImage", {**_IMAGE_BASE, **_IMAGE_METADATA}, _IMAGE_NEEDS)
OS_IMAGE_AS_ANSWERED: Final = Contract("OSImage", {**_IMAGE_BASE, **_AS_ANSWERED}, _IMAGE_NEEDS)
OS_IMAGE_PREVIEW: Final = Contract(
    "OSImage",
    {
        "Category": "text",
        "Label": "text",
        "Location": "text",
        "MediaLink": "text",
        "Name": "text",
        "RoleSize": "text",
    },
    frozenset({"Label", "MediaLink", "Name"}),
)
OS_IMAGE_UPDATE: Final = Contract("OSImage", OS_IMAGE.members, frozenset({"Label"}))
OS_IMAGE_UPDATE_AS_ANSWERED: Final = Contract("OSImage", OS_IMAGE_AS_ANSWERED.members, frozenset({"Label"}))
DISK: Final = Contract(
    "Disk",
    {"HasOperatingSystem": "bool", "OS": "text", "Label": "text", "MediaLink": "text", "Name": "text"},
    frozenset({"Label", "MediaLink", "Name"}),
)
DISK_UPDATE: Final = Contract(
    "Disk",
    {
        "HasOperatingSystem": "bool",
        "OS": "text",
        "Label": "text",
        "MediaLink": "text",
        "Name": "text",
        "ResizedSizeInGB": "int",
    },
)
VM_IMAGE: Final = Contract(
    "VMImage",
    {
        "Name": "text",
        "Label": "text",
        "Description": "text",
        "OSDiskConfiguration": Contract(
            "OSDiskConfiguration",
            {"HostCaching": "text", "OSState": "text", "OS": "text", "MediaLink": "text"},
            frozenset({"OSState", "OS", "MediaLink"}),
        ),
        "DataDiskConfigurations": ListOf(
            ("DataDiskConfiguration",),
            Contract("DataDiskConfiguration", {"HostCaching": "text", "Lun": "int", "MediaLink": "text"}),
        ),
        "Language": "text",
        "ImageFamily": "text",
        "RecommendedVMSize": "text",
        "Eula": "text",
        "IconUri": "text",
        "SmallIconUri": "text",
        "PrivacyUri": "text",
        "PublishedDate": "text",
        "ShowInGui": "bool",
    },
    frozenset({"Name", "Label", "OSDiskConfiguration"}),
)
VM_IMAGE_UPDATE: Final = Contract(
    "VMImage",
    {
        "Name": "text",
        "Label": "text",
        "Description": "text",
        "OSDiskConfiguration": Contract("OSDiskConfiguration", {"HostCaching": "text"}),
        "DataDiskConfigurations": ListOf(
            ("DataDiskConfiguration",),
            Contract("DataDiskConfiguration", {"Name": "text", "HostCaching": "text", "Lun": "int"}),
        ),
        "Language": "text",
        "ImageFamily": "text",
        "RecommendedVMSize": "text",
        "Eula": "text",
        "IconUri": "text",
        "SmallIconUri": "text",
        "PrivacyUri": "text",
        "PublishedDate": "text",
        "ShowInGui": "bool",
    },
    frozenset({"Label"}),
)

# Storage accounts, affinity groups, certificates, networks

CREATE_STORAGE_ACCOUNT: Final = Contract(
    "CreateStorageServiceInput",
    {
        "ServiceName": "text",
        "Description": "text",
        "Label": "text",
        "AffinityGroup": "text",
        "Location": "text",
        "GeoReplicationEnabled": "bool",
        "ExtendedProperties": _EXTENDED_PROPERTIES,
        "SecondaryReadEnabled": "bool",
        "AccountType": "text",
    },
    frozenset({"ServiceName", "Label"}),
)
UPDATE_STORAGE_ACCOUNT: Final = Contract(
    "UpdateStorageServiceInput",
    {
        "Description": "text",
        "Label": "text",
        "GeoReplicationEnabled": "bool",
        "ExtendedProperties": _EXTENDED_PROPERTIES,
        "CustomDomains": ListOf(
            ("CustomDomain",), Contract("CustomDomain", {"Name": "text", "UseSubDomainName": "bool"})
        ),
        "SecondaryReadEnabled": "bool",
        "AccountType": "text",
    },
)
REGENERATE_KEYS: Final = Contract("RegenerateKeys", {"KeyType": "text"}, frozenset({"KeyType"}))
CREATE_AFFINITY_GROUP: Final = Contract(
    "CreateAffinityGroup",
    {"Name": "text", "Label": "text", "Description": "text", "Location": "text"},
    frozenset({"Name", "Label", "Location"}),
)
UPDATE_AFFINITY_GROUP: Final = Contract("UpdateAffinityGroup", {"Label": "text", "Description": "text"})
CERTIFICATE_FILE: Final = Contract(
    "CertificateFile",
    {"Data": "text", "CertificateFormat": "text", "Password": "text"},
    frozenset({"Data", "CertificateFormat"}),
)
SUBSCRIPTION_CERTIFICATE: Final = Contract(
    "SubscriptionCertificate",
    {
        "SubscriptionCertificatePublicKey": "text",
        "SubscriptionCertificateThumbprint": "text",
        "SubscriptionCertificateData": "text",
    },
    frozenset({"SubscriptionCertificateThumbprint"}),
)
RESERVED_IP: Final = Contract(
    "ReservedIP",
    {
        "Name": "text",
        "Label": "text",
        "ServiceName": "text",
        "DeploymentName": "text",
        "Location": "text",
        "VirtualIPName": "text",
    },
    frozenset({"Name"}),
)
RESERVED_IP_ASSOCIATION: Final = Contract(
    "ReservedIPAssociation",
    {"ServiceName": "text", "DeploymentName": "text", "VirtualIPName": "text"},
    frozenset({"ServiceName", "DeploymentName"}),
)
