"""Codecs: what was written reads back the same, in documented order, in every dialect."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from azure_iaas import models
from azure_iaas.models import documents
from azure_iaas.wire import codecs
from tests import strategies

if TYPE_CHECKING:
    from azure_iaas.wire.messages import Dialect, Serialization

ALL = strategies.all_models()
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
DIALECTS: list[Dialect] = ["ga", "preview"]


def _names(body: bytes) -> list[str]:
    """Names of start tags, in order, read without any of our own code."""
    return re.findall(r"<([A-Za-z]\w*)", body.decode())


def _same(read: models.AzureModel, written: models.AzureModel) -> None:
    assert read == written
    # An empty list that was set isn't an absent one.
    assert read.model_fields_set == written.model_fields_set - {
        name for name in type(written).model_fields if written.__dict__[name] is None
    }


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
@settings(max_examples=20)
@given(data=st.data())
def test_every_object_reads_back(cls: type[models.AzureModel], data: st.DataObject) -> None:
    written = data.draw(strategies.models(cls))
    for dialect in DIALECTS:
        body = codecs.encode(written, root="Root", dialect=dialect, whole=True)
        _same(codecs.decode(cls, body, root="Root"), written)
    body = codecs.encode(written, root="Root", serialization="JSON", whole=True)
    _same(codecs.decode(cls, body, root="Root", serialization="JSON"), written)


@pytest.mark.parametrize(
    "cls", [models.VMRole, models.HostedServiceProperties, documents.CaptureRoleOperation]
)
@settings(max_examples=100)
@given(data=st.data())
def test_json_carries_any_text_and_any_unknown_value(
    cls: type[models.AzureModel], data: st.DataObject
) -> None:
    written = data.draw(strategies.models(cls, json=True))
    body = codecs.encode(written, root="Root", serialization="JSON", whole=True)
    _same(codecs.decode(cls, body, root="Root", serialization="JSON"), written)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(text=strategies.forbidden_texts)
def test_text_xml_forbids_is_refused_naming_the_element(dialect: Dialect, text: str) -> None:
    role = models.VMRole(
        RoleName="r", DataDisks=[{"LUN": "0"}, {"LUN": "1", "DiskLabel": text}], RoleType="PersistentVMRole"
    )
    with pytest.raises(ValueError, match=r"^DataDisks\[1\]\.DiskLabel: character U\+[0-9A-F]{4} can't"):
        codecs.encode(role, root="Role", dialect=dialect)


def test_a_password_xml_forbids_is_refused_without_being_shown() -> None:
    secret = models.ProvisioningConfiguration(AdminPassword="hunter\x00two")
    with pytest.raises(ValueError, match="AdminPassword") as caught:
        codecs.encode(models.VMRole(ConfigurationSets=[secret]), root="Role")
    assert str(caught.value) == "ConfigurationSets[0].AdminPassword: character U+0000 can't be written in XML"


@pytest.mark.parametrize(
    "name", ["a b", "x><y", "", "1a", "a:b", "http://other:Name", "@i:nil", "#text", "é"]
)
def test_an_unknown_name_that_is_no_element_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="is no attribute of VMRole; an element's name begins"):
        models.VMRole.model_validate({"RoleName": "r", name: "x"})
    model = codecs.from_json(models.VMRole, {"RoleName": "r", name: "x"}, body=b"")
    with pytest.raises(ValueError, match="is no name of an element"):
        codecs.encode(model, root="Role")
    if name == "#text":
        return  # inside an unknown element it is the text beside its children
    nested = models.VMRole.model_validate({"Outer": {"Inner": [{name: 1}]}})
    with pytest.raises(ValueError, match=r"^Outer: .*is no name of an element"):
        codecs.encode(nested, root="Role")


def test_unknown_text_xml_forbids_is_refused_naming_the_element() -> None:
    with pytest.raises(ValueError, match=r"^Later: character"):
        codecs.encode(models.VMRole.model_validate({"Later": {"x": "\x01"}}), root="Role")


@pytest.mark.parametrize("serialization", ["XML", "JSON"])
def test_one_thing_given_under_two_names_is_refused(serialization: Serialization) -> None:
    with pytest.raises(ValidationError, match="'DataVirtualHardDisks' is the same as data_disks"):
        models.VMRole(DataDisks=[], DataVirtualHardDisks=[{"Lun": 1}])
    role = models.VMRole(DataDisks=[])
    assert role.model_extra is not None
    role.model_extra["DataVirtualHardDisks"] = [{"Lun": 1}]
    with pytest.raises(ValueError, match="DataVirtualHardDisks: given beside DataDisks"):
        codecs.encode(role, root="Role", serialization=serialization)


def test_unknown_values_of_all_kinds_are_written() -> None:
    unknown = {
        "Later": datetime(2014, 5, 6, tzinfo=UTC),
        "Many": ("a", True, 3, None),
        "Secret": models.DomainCredentials(Password="p"),
    }
    role = models.VMRole.model_validate(unknown)
    assert _text(codecs.encode(role, root="Role")) == (
        "<Later>2014-05-06T00:00:00Z</Later><Many>a</Many><Many>true</Many><Many>3</Many><Many/>"
        "<Secret><Password>p</Password></Secret>"
    )
    assert codecs.encode(role, root="Role", serialization="JSON") == (
        b'{"Later":"2014-05-06T00:00:00Z","Many":["a",true,3,null],"Secret":{"Password":"p"}}'
    )


# --- element order, as the tables of protocol chapters 10 to 12 have it ------------------------------------

BY_NAME = {cls.__name__: cls for cls in ALL}


def _orders(table: str) -> list[tuple[type[models.AzureModel], str]]:
    rows = table.strip().replace("\n    ", " ").splitlines()
    return [(BY_NAME[name], order.strip()) for name, _, order in (row.partition(":") for row in rows)]


GA_ORDER = _orders("""
OperationStatus: ID Status HttpStatusCode Error
OperationError: Code Message ConfigurationWarnings ConflictingOperationId
VMRole: RoleName OsVersion RoleType ConfigurationSets ResourceExtensionReferences VMImageName
    MediaLocation AvailabilitySetName DataVirtualHardDisks Label OSVirtualHardDisk RoleSize
    DefaultWinRmCertificateThumbprint ProvisionGuestAgent VMImageInput DebugSettings LicenseType
    MigrationState
ResourceExtensionReference: ReferenceName Publisher Name Version ResourceExtensionParameterValues State
ResourceExtensionParameterValue: Key Value Type
VMImageInput: OSDiskConfiguration DataDiskConfigurations
DataDiskResize: DiskName ResizedSizeInGB
DebugSettings: BootDiagnosticsEnabled ConsoleScreenshotBlobUri SerialOutputBlobUri
DataDisk: HostCaching DiskLabel DiskName Lun LogicalDiskSizeInGB MediaLink SourceMediaLink IOType
ProvisioningConfiguration: ConfigurationSetType ComputerName AdminPassword ResetPasswordOnFirstLogon
    EnableAutomaticUpdates TimeZone DomainJoin StoredCertificateSettings WinRM AdminUsername CustomData
    AdditionalUnattendContent ProvisioningMediaLink
DomainJoin: Credentials Provisioning JoinDomain MachineObjectOU
DomainCredentials: Domain Username Password
CertificateSetting: StoreLocation StoreName Thumbprint
Listener: CertificateThumbprint Protocol
UnattendPass: PassName Components
UnattendComponent: ComponentName ComponentSettings
ComponentSetting: SettingName Content
LinuxProvisioningConfiguration: ConfigurationSetType HostName UserName UserPassword
    DisableSshPasswordAuthentication SSH CustomData
SSH: PublicKeys KeyPairs
SSHPublicKey: Fingerprint Path
SSHKeyPair: Fingerprint Path
NetworkConfiguration: ConfigurationSetType InputEndpoints SubnetNames StaticVirtualNetworkIPAddress
    PublicIPs NetworkInterfaces NetworkSecurityGroup IPForwarding
ExternalEndpoint: LoadBalancedEndpointSetName LocalPort Name Port LoadBalancerProbe Protocol Vip
    EnableDirectServerReturn LoadBalancerName EndpointAcl IdleTimeoutInMinutes LoadBalancerDistribution
    VirtualIPName
LoadBalancerProbe: Path Port Protocol IntervalInSeconds TimeoutInSeconds
AclRule: Order Action RemoteSubnet Description
OSDisk: HostCaching DiskLabel DiskName MediaLink SourceImageName OS RemoteSourceImageLink IOType
    ResizedSizeInGB
OSImage: AffinityGroup Category Label Location LogicalSizeInGB MediaLink Name OS Eula Description
    ImageFamily ShowInGui PublishedDate IsPremium IconUri PrivacyUri RecommendedVMSize PublisherName
    PricingDetailLink SmallIconUri Language OSState IOType RoleSize SupportsStatelessDeployment
AddOSImage: Label MediaLink Name OS Eula Description ImageFamily PublishedDate IsPremium ShowInGui
    PrivacyUri IconUri RecommendedVMSize SmallIconUri Language Category Location RoleSize
Disk: AffinityGroup AttachedTo HasOperatingSystem OS IsCorrupted Label Location LogicalDiskSizeInGB
    MediaLink Name SourceImageName IsPremium CreatedTime RemoteSourceImageLink IOType
AttachedTo: DeploymentName HostedServiceName RoleName
Deployment: Name DeploymentSlot PrivateID Status Label Url Configuration RoleInstanceList UpgradeStatus
    UpgradeDomainCount RoleList SdkVersion InputEndpointList Locked RollbackAllowed VirtualNetworkName
    CreatedTime LastModifiedTime ExtendedProperties Dns PersistentVMDowntime ExtensionConfiguration
    VirtualIPs ReservedIPName InternalDnsSuffix LoadBalancers VirtualNetworkId
UpgradeStatus: UpgradeType CurrentUpgradeDomainState CurrentUpgradeDomain
InputEndpoint: RoleName Vip Port
PersistentVMDowntime: StartTime EndTime Status
VirtualIP: Address IsDnsProgrammed Name IsReserved ReservedIPName
RoleInstance: RoleName InstanceName InstanceStatus InstanceUpgradeDomain InstanceFaultDomain InstanceSize
    InstanceStateDetails InstanceErrorCode IpAddress InstanceEndpoints PowerState HostName
    RemoteAccessCertificateThumbprint GuestAgentStatus ResourceExtensionStatusList PublicIPs
    NetworkInterfaces MaintenanceStatus
InstanceEndpoint: Name Vip PublicPort LocalPort Protocol IdleTimeoutInMinutes
GuestAgentStatus: ProtocolVersion Timestamp GuestAgentVersion Status Code Message FormattedMessage
PublicIP: Name Address IdleTimeoutInMinutes DomainNameLabel Fqdns
HostedService: Url ServiceName HostedServiceProperties Deployments IsComplete
    DefaultWinRmCertificateThumbprint ComputeCapabilities
HostedServiceProperties: Description Location AffinityGroup Label Status DateCreated DateLastModified
    ExtendedProperties GuestAgentType ReverseDnsFqdn
ComputeCapabilities: WebWorkerRoleSizes VirtualMachinesRoleSizes
CreateHostedService: ServiceName Label Description Location AffinityGroup ExtendedProperties
    ReverseDnsFqdn
UpdateHostedService: Label Description Location AffinityGroup ExtendedProperties GuestAgentType
    ReverseDnsFqdn
CreateDeployment: Name DeploymentSlot Label UpgradeDomainCount RoleList VirtualNetworkName Dns
    ReservedIPName LoadBalancers
LoadBalancer: Name FrontendIpConfiguration
FrontendIpConfiguration: Type SubnetName StaticVirtualNetworkIPAddress
ShutdownRoleOperation: OperationType PostShutdownAction
CaptureRoleOperation: OperationType PostCaptureAction ProvisioningConfiguration
    SupportsStatelessDeployment TargetImageLabel TargetImageName
ShutdownRolesOperation: OperationType Roles PostShutdownAction
StartRolesOperation: OperationType Roles
CaptureRoleAsVMImageOperation: OperationType OSState VMImageName VMImageLabel Description Language
    ImageFamily RecommendedVMSize
AddDisk: HasOperatingSystem OS Label MediaLink Name ResizedSizeInGB
CreateVMImage: Name Label Description OSDiskConfiguration DataDiskConfigurations Language ImageFamily
    RecommendedVMSize Eula IconUri SmallIconUri PrivacyUri PublishedDate ShowInGui
NewOSDiskConfiguration: HostCaching OSState OS MediaLink
NewDataDiskConfiguration: HostCaching Lun MediaLink
ChangedDataDiskConfiguration: Name HostCaching Lun
UpdateVMImage: Name Label Description OSDiskConfiguration DataDiskConfigurations Language ImageFamily
    RecommendedVMSize Eula IconUri SmallIconUri PrivacyUri PublishedDate ShowInGui
VMImage: Name Label Category Description OSDiskConfiguration DataDiskConfigurations ServiceName
    DeploymentName RoleName AffinityGroup Location CreatedTime ModifiedTime Language ImageFamily
    RecommendedVMSize IsPremium Eula IconUri SmallIconUri PrivacyUri PublisherName PublishedDate ShowInGui
    PricingDetailLink VMImageState RoleStateOnCapture RoleSizeOnCapture
OSDiskConfiguration: Name HostCaching OSState OS MediaLink LogicalDiskSizeInGB IOType
DataDiskConfiguration: Name HostCaching Lun MediaLink LogicalDiskSizeInGB IOType
Swap: Production SourceDeployment
CertificateFile: Data CertificateFormat Password
ServiceCertificate: CertificateUrl Thumbprint ThumbprintAlgorithm Data
SubscriptionCertificate: SubscriptionCertificatePublicKey SubscriptionCertificateThumbprint
    SubscriptionCertificateData Created
CreateAffinityGroup: Name Label Description Location
UpdateAffinityGroup: Label Description
AffinityGroup: Name Label Description Location HostedServices StorageServices Capabilities CreatedTime
    ComputeCapabilities
CreateStorageServiceInput: ServiceName Description Label AffinityGroup Location GeoReplicationEnabled
    ExtendedProperties SecondaryReadEnabled AccountType
UpdateStorageServiceInput: Description Label GeoReplicationEnabled ExtendedProperties CustomDomains
    SecondaryReadEnabled AccountType
StorageService: Url ServiceName StorageServiceProperties ExtendedProperties StorageServiceKeys
    Capabilities
StorageServiceProperties: Description AffinityGroup Location Label Status Endpoints GeoReplicationEnabled
    GeoPrimaryRegion StatusOfPrimary GeoSecondaryRegion StatusOfSecondary LastGeoFailoverTime CreationTime
    CustomDomains SecondaryReadEnabled SecondaryEndpoints AccountType
StorageServiceKeys: Primary Secondary
AvailabilityResponse: Result Reason
VirtualNetworkSite: Name Id Label AffinityGroup State InUse AddressSpace Subnets Dns Gateway Location
AddressAvailabilityResponse: IsAvailable AvailableAddresses
CreateReservedIP: Name Label ServiceName DeploymentName Location VirtualIPName
ReservedIP: Name Address Id Label State InUse ServiceName DeploymentName Location
ReservedIPAssociation: ServiceName DeploymentName VirtualIPName
Location: Name DisplayName AvailableServices ComputeCapabilities StorageCapabilities
RoleSize: Name Label Cores MemoryInMb SupportedByWebWorkerRoles SupportedByVirtualMachines
    MaxDataDiskCount WebWorkerResourceDiskSizeInMb VirtualMachineResourceDiskSizeInMb
Subscription: SubscriptionID SubscriptionName SubscriptionStatus AccountAdminLiveEmailId
    ServiceAdminLiveEmailId MaxCoreCount MaxStorageAccounts MaxHostedServices CurrentCoreCount
    CurrentHostedServices CurrentStorageAccounts MaxVirtualNetworkSites CurrentVirtualNetworkSites
    MaxLocalNetworkSites CurrentLocalNetworkSites MaxDnsServers CurrentDnsServers OfferCategories
    CurrentExtraVIPCount MaxExtraVIPCount AADTenantID CreatedTime MaxReservedIPs CurrentReservedIPs
    CurrentPublicIPCount MaxPublicIPCount
SubscriptionOperation: OperationId OperationObjectId OperationName OperationParameters OperationCaller
    OperationStatus OperationStartedTime OperationCompletedTime OperationKind
OperationCaller: UsedServiceManagementApi UserEmailAddress SubscriptionCertificateThumbprint ClientIP
SubscriptionOperationCollection: SubscriptionOperations ContinuationToken
""")

# What the preview wrote comes first; what it didn't know follows under its GA name.
PREVIEW_ORDER = _orders("""
VMRole: RoleName RoleType AvailabilitySetName ConfigurationSets OSDisk DataDisks RoleSize
DataDisk: DiskName LUN DisableReadCache DiskLabel EnableWriteCache LogicalDiskSizeInGB MediaLink
    SourceMediaLink
OSDisk: DisableWriteCache DiskName MediaLink SourceImageName
ProvisioningConfiguration: ConfigurationSetType AdminPassword MachineName ProvisioningMediaLink
    ResetPasswordOnFirstLogon StoredCertificateSettings
ExternalEndpoint: LoadBalancedEndpointSetName LoadBalancerProbe LocalPort Name Port Protocol
LoadBalancerProbe: Port Protocol RelativeUri
AddOSImage: Category Label Location MediaLink Name RoleSize
CaptureRoleOperation: PostCaptureAction ProvisioningConfiguration SupportsStatelessDeployment
    TargetImageLabel TargetImageName
""")


def _text(body: bytes) -> str:
    """What stands inside the root element."""
    return body.decode().partition(">")[2].rpartition("</")[0]


def _filled(cls: type[models.AzureModel], *, nested: bool = True) -> models.AzureModel:
    """An object with every field set, in no particular order."""
    values: dict[str, Any] = {}
    for name in reversed(cls.model_fields):
        field = next(each for each in codecs.plan(cls).by_name.values() if each.attribute == name)
        if name == "configuration_set_type" or name in ("disable_read_cache", "disable_write_cache"):
            continue
        if name == "enable_write_cache":
            values[name] = True
        elif field.model is not None:
            child = models.NetworkConfiguration if field.model is models.ConfigurationSet else field.model
            one = _filled(child, nested=False) if nested else child()
            values[name] = [one] if field.is_list else one
        elif field.is_list:
            values[name] = ["x"]
        elif "Timestamp" in str(cls.model_fields[name].annotation) or "datetime" in str(
            cls.model_fields[name].annotation
        ):
            values[name] = datetime(2014, 1, 1, tzinfo=UTC)
        elif name != "host_caching" or cls not in (models.DataDisk, models.OSDisk):
            values[name] = True if "bool" in str(cls.model_fields[name].annotation) else "1"
    if cls is models.OSDisk:
        values["disable_write_cache"] = True
    return cls.model_validate(values)


def _children(body: bytes) -> list[str]:
    depth, names = 0, []
    for closing, name, empty in re.findall(r"<(/?)([A-Za-z]\w*)[^>]*?(/?)>", body.decode()):
        if closing:
            depth -= 1
            continue
        if depth == 1:
            names.append(name)
        depth += not empty
    return list(dict.fromkeys(names))


@pytest.mark.parametrize(("cls", "order"), GA_ORDER, ids=lambda value: getattr(value, "__name__", ""))
def test_ga_elements_stand_in_documented_order(cls: type[models.AzureModel], order: str) -> None:
    assert _children(codecs.encode(_filled(cls), root="Root", whole=True)) == order.split()


@pytest.mark.parametrize(("cls", "order"), PREVIEW_ORDER, ids=lambda value: getattr(value, "__name__", ""))
def test_preview_elements_stand_in_documented_order(cls: type[models.AzureModel], order: str) -> None:
    names = _children(codecs.encode(_filled(cls), root="Root", dialect="preview", whole=True))
    assert names[: len(order.split())] == order.split()


def test_every_document_sent_has_its_order_tested() -> None:
    sent = {cls for cls in ALL if cls.__module__ == "azure_iaas.models.documents"}
    with_order = {cls for cls in sent if len(cls.model_fields) > 1 and not cls.__name__.endswith("Options")}
    # Web and worker deployments: no table gives the order of its elements.
    assert with_order - {cls for cls, _ in GA_ORDER} == {documents.ChangeConfiguration}


def test_both_dialects_of_the_documented_sample() -> None:
    role = models.VMRole.model_validate(
        {
            "RoleName": "sampleRole",
            "RoleSize": "Small",
            "RoleType": "PersistentVMRole",
            "OSDisk": {"SourceImageName": "image.vhd"},
            "DataDisks": [{"LogicalDiskSizeInGB": 10, "LUN": "0"}],
            "ConfigurationSets": [
                {
                    "ConfigurationSetType": "ProvisioningConfiguration",
                    "AdminPassword": "myAdminPwd1",
                    "MachineName": "sampleMach1",
                    "ResetPasswordOnFirstLogon": False,
                },
                {
                    "ConfigurationSetType": "NetworkConfiguration",
                    "InputEndpoints": [
                        {"Name": "endpname1", "Protocol": "tcp", "Port": "59919", "LocalPort": "3395"}
                    ],
                },
            ],
        }
    )
    assert codecs.encode(role, root="PersistentVMRole").decode() == (
        '<PersistentVMRole xmlns="http://schemas.microsoft.com/windowsazure" '
        'xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        "<RoleName>sampleRole</RoleName><RoleType>PersistentVMRole</RoleType><ConfigurationSets>"
        '<ConfigurationSet i:type="WindowsProvisioningConfigurationSet">'
        "<ConfigurationSetType>WindowsProvisioningConfiguration</ConfigurationSetType>"
        "<ComputerName>sampleMach1</ComputerName><AdminPassword>myAdminPwd1</AdminPassword>"
        "<ResetPasswordOnFirstLogon>false</ResetPasswordOnFirstLogon></ConfigurationSet>"
        '<ConfigurationSet i:type="NetworkConfigurationSet">'
        "<ConfigurationSetType>NetworkConfiguration</ConfigurationSetType><InputEndpoints><InputEndpoint>"
        "<LocalPort>3395</LocalPort><Name>endpname1</Name><Port>59919</Port><Protocol>tcp</Protocol>"
        "</InputEndpoint></InputEndpoints></ConfigurationSet></ConfigurationSets>"
        "<DataVirtualHardDisks><DataVirtualHardDisk><Lun>0</Lun>"
        "<LogicalDiskSizeInGB>10</LogicalDiskSizeInGB></DataVirtualHardDisk></DataVirtualHardDisks>"
        "<OSVirtualHardDisk><SourceImageName>image.vhd</SourceImageName></OSVirtualHardDisk>"
        "<RoleSize>Small</RoleSize></PersistentVMRole>"
    )
    assert _text(codecs.encode(role, root="Role", dialect="preview")) == (
        "<RoleName>sampleRole</RoleName><RoleType>PersistentVMRole</RoleType><ConfigurationSets>"
        "<ConfigurationSet><ConfigurationSetType>ProvisioningConfiguration</ConfigurationSetType>"
        "<AdminPassword>myAdminPwd1</AdminPassword><MachineName>sampleMach1</MachineName>"
        "<ResetPasswordOnFirstLogon>false</ResetPasswordOnFirstLogon></ConfigurationSet>"
        "<ConfigurationSet><ConfigurationSetType>NetworkConfiguration</ConfigurationSetType><InputEndpoints>"
        "<ExternalEndpoint><LocalPort>3395</LocalPort><Name>endpname1</Name><Port>59919</Port>"
        "<Protocol>tcp</Protocol></ExternalEndpoint></InputEndpoints></ConfigurationSet></ConfigurationSets>"
        "<OSDisk><SourceImageName>image.vhd</SourceImageName></OSDisk>"
        "<DataDisks><DataDisk><LUN>0</LUN><LogicalDiskSizeInGB>10</LogicalDiskSizeInGB></DataDisk></DataDisks>"
        "<RoleSize>Small</RoleSize>"
    )
    assert codecs.encode(role, root="", serialization="JSON") == (
        b'{"RoleName":"sampleRole","RoleType":"PersistentVMRole","ConfigurationSets":['
        b'{"ConfigurationSetType":"ProvisioningConfiguration","AdminPassword":"myAdminPwd1",'
        b'"MachineName":"sampleMach1","ResetPasswordOnFirstLogon":false},'
        b'{"ConfigurationSetType":"NetworkConfiguration","InputEndpoints":[{"LocalPort":3395,'
        b'"Name":"endpname1","Port":59919,"Protocol":"tcp"}]}],"OSDisk":{"SourceImageName":"image.vhd"},'
        b'"DataDisks":[{"LUN":0,"LogicalDiskSizeInGB":10}],"RoleSize":"Small"}'
    )


# --- reading -----------------------------------------------------------------------------------------------


def _role(content: str) -> models.VMRole:
    return codecs.decode(
        models.VMRole, f'<Role xmlns:i="{SCHEMA_INSTANCE}">{content}</Role>'.encode(), root="Role"
    )


def test_an_empty_list_isnt_an_absent_one() -> None:
    assert "data_disks" in _role("<DataVirtualHardDisks/>").model_fields_set
    assert "data_disks" not in _role("<RoleName>r</RoleName>").model_fields_set
    assert _text(codecs.encode(models.VMRole(DataDisks=[]), root="Role")) == "<DataVirtualHardDisks/>"


def test_an_empty_text_isnt_an_absent_one() -> None:
    assert _role("<OsVersion/>").os_version == ""
    assert _role('<OsVersion i:nil="true"/>').os_version is None
    assert _role("").os_version is None


def test_empty_elements_of_other_kinds_read_as_none() -> None:
    role = _role(
        "<ProvisionGuestAgent/><OSVirtualHardDisk><HostCaching/><ResizedSizeInGB> </ResizedSizeInGB>"
        "</OSVirtualHardDisk>"
    )
    assert role.provision_guest_agent is None
    assert role.os_disk is not None
    assert (role.os_disk.host_caching, role.os_disk.resized_size_in_gb) == (None, None)


def test_indented_documents_read_as_flat_ones() -> None:
    role = _role(
        "\n  <ProvisionGuestAgent>\n true\n </ProvisionGuestAgent>\n  <DataVirtualHardDisks>\n    "
        "<DataVirtualHardDisk>\n <HostCaching>\n None </HostCaching>\n <Lun> 3 </Lun></DataVirtualHardDisk>\n"
        "  </DataVirtualHardDisks>\n  <OSVirtualHardDisk>\n  </OSVirtualHardDisk>\n"
        "  <ConfigurationSets>\n</ConfigurationSets>\n"
    )
    assert role.provision_guest_agent is True
    assert (role.data_disks[0].host_caching, role.data_disks[0].lun) == ("None", 3)
    assert role.os_disk == models.OSDisk()
    assert role.configuration_sets == []


@pytest.mark.parametrize(
    "content",
    [
        "<ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>",
        "<ConfigurationSetType> NetworkConfiguration\n</ConfigurationSetType>",
    ],
)
def test_a_configuration_set_is_known_by_its_type(content: str) -> None:
    role = _role(f"<ConfigurationSets><ConfigurationSet>{content}</ConfigurationSet></ConfigurationSets>")
    assert role.configuration_sets == [models.NetworkConfiguration()]


@pytest.mark.parametrize(
    "start",
    [
        '<ConfigurationSet i:type="NetworkConfigurationSet">',
        '<ConfigurationSet i:type="NetworkConfigurationSet"><ConfigurationSetType i:nil="true"/>',
        f'<ConfigurationSet xmlns:d3p1="{SCHEMA_INSTANCE}" d3p1:type="x:NetworkConfigurationSet">',
    ],
)
def test_a_configuration_set_is_known_by_its_i_type(start: str) -> None:
    role = _role(f"<ConfigurationSets>{start}</ConfigurationSet></ConfigurationSets>")
    assert role.configuration_sets == [models.NetworkConfiguration()]


def test_attributes_beside_text_dont_matter() -> None:
    role = _role(
        '<RoleName i:type="x">r</RoleName><Later a="1">x</Later><ProvisionGuestAgent b="2">true'
        "</ProvisionGuestAgent>"
    )
    assert (role.role_name, role.model_extra, role.provision_guest_agent) == ("r", {"Later": "x"}, True)


def test_a_configuration_set_of_another_kind_is_kept() -> None:
    role = _role(
        "<ConfigurationSets><ConfigurationSet><ConfigurationSetType>GenericProvision</ConfigurationSetType>"
        "<Data>x</Data></ConfigurationSet></ConfigurationSets>"
    )
    (other,) = role.configuration_sets
    assert type(other) is models.ConfigurationSet
    assert (other.configuration_set_type, other.model_extra) == ("GenericProvision", {"Data": "x"})


@pytest.mark.parametrize(
    ("wire", "flags"), [("None", (True, False)), ("ReadOnly", (False, False)), ("ReadWrite", (False, True))]
)
def test_caching_of_a_data_disk_in_both_dialects(wire: Any, flags: tuple[bool, bool]) -> None:
    disk = models.DataDisk(HostCaching=wire)
    assert (disk.disable_read_cache, disk.enable_write_cache) == flags
    assert _text(codecs.encode(disk, root="D")) == f"<HostCaching>{wire}</HostCaching>"
    read_off, write_on = (str(flag).lower() for flag in flags)
    preview = codecs.encode(disk, root="D", dialect="preview")
    assert _text(preview) == (
        f"<DisableReadCache>{read_off}</DisableReadCache><EnableWriteCache>{write_on}</EnableWriteCache>"
    )
    assert codecs.decode(models.DataDisk, preview, root="D") == disk


def test_a_document_whose_caching_contradicts_itself_is_read_by_its_own_word() -> None:
    body = b"<D><HostCaching>None</HostCaching><EnableWriteCache>true</EnableWriteCache></D>"
    disk = codecs.decode(models.DataDisk, body, root="D")
    assert (disk.host_caching, disk.disable_read_cache, disk.enable_write_cache) == ("None", True, False)
    assert disk.oddities == [models.Oddity("enable_write_cache", "true")]


# --- labels and dates --------------------------------------------------------------------------------------


@given(text=strategies.any_texts)
def test_a_label_reads_back_whatever_it_looks_like(text: str) -> None:
    assert codecs.decode_label(codecs.encode_label(text)) == text


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        ("dGVzdGNsb3Vkc2VydmljZTIzMjF2", "testcloudservice2321v"),
        ("dGVzdGNsb3Vk\nc2VydmljZTIz\r\nMjF2\n", "testcloudservice2321v"),
        ("not base64!", "not base64!"),
        ("/w==", "/w=="),  # base64, but not of text
        ("abc", "abc"),
        ("한국어", "한국어"),
        ("", ""),
    ],
)
def test_labels_of_the_service(wire: str, text: str) -> None:
    assert codecs.decode_label(wire) == text


def test_labels_are_base64_where_the_service_has_them_so_and_nowhere_else() -> None:
    encoded = {cls.__name__ for cls in ALL for field in codecs.plan(cls).by_name.values() if field.base64}
    assert encoded == {
        "AffinityGroup",
        "CreateAffinityGroup",
        "CreateHostedService",
        "CreateStorageServiceInput",
        "Deployment",
        "HostedServiceProperties",
        "StorageServiceProperties",
        "UpdateAffinityGroup",
        "UpdateHostedService",
        "UpdateStorageServiceInput",
    }
    assert _text(codecs.encode(documents.CreateDeployment(Label="a b"), root="D")) == "<Label>a b</Label>"


@pytest.mark.parametrize(
    ("date", "wire"),
    [
        (datetime(2016, 4, 1, 4, 34, 16, tzinfo=UTC), "2016-04-01T04:34:16Z"),
        (datetime(2016, 4, 1, 4, 34, 16, 500, tzinfo=UTC), "2016-04-01T04:34:16.000500Z"),
        (datetime(2016, 4, 1, 4, 34, 16), "2016-04-01T04:34:16Z"),  # without a zone: UTC
        (datetime(2016, 4, 1, 4, tzinfo=timezone(timedelta(hours=9))), "2016-03-31T19:00:00Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
    ],
)
def test_dates_are_written_as_the_service_does(date: datetime, wire: str) -> None:
    assert codecs.write_date(date) == wire


@given(date=st.datetimes(timezones=st.none() | st.timezones() | st.just(timezone(timedelta(hours=-14)))))
def test_any_date_is_written_or_refused(date: datetime) -> None:
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    try:
        in_utc = aware.astimezone(UTC)
    except OverflowError:
        with pytest.raises(ValueError, match="years 1 to 9999"):
            codecs.write_date(date)
        return
    written = codecs.write_date(date)
    body = f"<D><CreatedTime>{written}</CreatedTime></D>".encode()
    read = codecs.decode(models.Disk, body, root="D").created_time
    assert read == in_utc


def test_recorded_forms_of_dates_are_read() -> None:
    for wire in ("2014-10-23T03:42:06.9637632Z", "2014-10-23T03:42:06.96376Z", "0001-01-01T00:00:00"):
        body = f"<D><CreatedTime>{wire}</CreatedTime></D>".encode()
        read = codecs.decode(models.Disk, body, root="D").created_time
        assert read is not None
        assert read.tzinfo is not None


def test_names_of_one_class_never_clash() -> None:
    for cls in ALL:
        fields = codecs.plan(cls).orders["ga"] + codecs.plan(cls).orders["preview"]
        owners: dict[str, str] = {}
        for field in fields:
            for name in field.names:
                assert owners.setdefault(name, field.attribute) == field.attribute, (cls, name)
