"""Types of what a caller gives in place of a data object; made by ``python -m tools.mapping_types``.

``VMRoleDict`` is a mapping with the documented names, as the operations take it, and ``VMRoleArguments`` what
the class takes: attributes, documented names, names of the general-availability wire. Values are as wide as
what is accepted: digits for a number, a text for a secret, a mapping for an object, one object for a list.

No key is required: what a call needs, it says itself, and differs from call to call. The operations take any
other mapping as well, so that elements unknown here can be sent. Nothing here is needed at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pydantic import SecretStr

    from azure_iaas.models import (
        SSH,
        AclRule,
        AdditionalUnattendContent,
        AttachedTo,
        CertificateSetting,
        ComponentSetting,
        ComputeCapabilities,
        ConfigurationSet,
        CustomDomain,
        DataDisk,
        DataDiskConfiguration,
        DataDiskResize,
        DebugSettings,
        Deployment,
        Dns,
        DnsServer,
        DomainCredentials,
        DomainJoin,
        DomainProvisioning,
        EndpointAcl,
        ExtendedProperty,
        ExtensionConfiguration,
        ExternalEndpoint,
        FrontendIpConfiguration,
        HostedServiceProperties,
        InputEndpoint,
        IPConfiguration,
        Listener,
        LoadBalancer,
        LoadBalancerProbe,
        NetworkInterface,
        OSDisk,
        OSDiskConfiguration,
        OSDiskResize,
        PersistentVMDowntime,
        PublicIP,
        ResourceExtensionParameterValue,
        ResourceExtensionReference,
        RoleInstance,
        SSHKeyPair,
        SSHPublicKey,
        StorageServiceKeys,
        StorageServiceProperties,
        UnattendComponent,
        UnattendPass,
        UpgradeStatus,
        VirtualIP,
        VMImageInput,
        VMRole,
        WinRM,
    )


class AclRuleDict(TypedDict, total=False):
    """What AclRule says, by the documented names."""

    Order: int | str | None
    """Rules are tried from the lowest number."""
    Action: str | float | None
    """``permit`` or ``deny``."""
    RemoteSubnet: str | float | None
    """Whom it is about, in CIDR notation."""
    Description: str | float | None
    """A text for people."""


class AclRuleArguments(AclRuleDict, total=False):
    """What :class:`~azure_iaas.models.AclRule` is made of."""

    order: int | str | None
    action: str | float | None
    remote_subnet: str | float | None
    description: str | float | None


class AddDiskDict(TypedDict, total=False):
    """What AddDisk says, by the documented names."""

    HasOperatingSystem: bool | int | str | None
    """Preview only: whether it is a system disk."""
    OS: str | float | None
    """``Windows`` or ``Linux`` for system disks, None for data disks."""
    Label: str | float | None
    """Plain text."""
    MediaLink: str | float | None
    """URI of the blob."""
    Name: str | float | None
    """Name of the disk."""
    ResizedSizeInGB: int | str | None


class AddOSImageDict(TypedDict, total=False):
    """What AddOSImage says, by the documented names."""

    Label: str | float | None
    """Plain text."""
    MediaLink: str | float | None
    """URI of the blob, for own images."""
    Name: str | float | None
    """Name of the image."""
    OS: str | float | None
    """``Windows`` or ``Linux``."""
    Eula: str | float | None
    """Text or URI of the licence."""
    Description: str | float | None
    """Plain text."""
    ImageFamily: str | float | None
    """Images of one family are versions of each other."""
    PublishedDate: datetime | str | None
    """Of a family the latest is the newest version."""
    IsPremium: bool | int | str | None
    """Whether it costs extra."""
    ShowInGui: bool | int | str | None
    """Whether portals list it."""
    PrivacyUri: str | float | None
    """URI of the privacy policy."""
    IconUri: str | float | None
    """Name of its icon."""
    RecommendedVMSize: str | float | None
    """Size of machine it is meant for."""
    SmallIconUri: str | float | None
    """Name of its small icon."""
    Language: str | float | None
    """Language of the image."""
    Category: str | float | None
    """``User`` for own images, else ``Public`` or the publisher."""
    Location: str | float | None
    """Region, or several separated by ``;``."""
    RoleSize: str | float | None
    """Preview only."""


class AdditionalUnattendContentDict(TypedDict, total=False):
    """What AdditionalUnattendContent says, by the documented names."""

    Passes: (
        Sequence[UnattendPass | UnattendPassDict | Mapping[str, Any]]
        | UnattendPass
        | UnattendPassDict
        | Mapping[str, Any]
    )
    """The passes it adds to."""


class AdditionalUnattendContentArguments(AdditionalUnattendContentDict, total=False):
    """What :class:`~azure_iaas.models.AdditionalUnattendContent` is made of."""

    passes: (
        Sequence[UnattendPass | UnattendPassDict | Mapping[str, Any]]
        | UnattendPass
        | UnattendPassDict
        | Mapping[str, Any]
    )


class CaptureOptionsDict(TypedDict, total=False):
    """What CaptureOptions says, by the documented names."""

    PostCaptureActions: str | float | None
    """``Delete`` or ``Reprovision``."""
    ProvisioningConfiguration: (
        ConfigurationSet
        | ProvisioningConfigurationDict
        | LinuxProvisioningConfigurationDict
        | NetworkConfigurationDict
        | Mapping[str, Any]
        | None
    )
    """How the machine is set up anew, with ``Reprovision``."""
    SupportsStatelessDeployment: bool | int | str | None
    """Preview only."""
    TargetImageLabel: str | float | None
    """Label of the new image."""
    TargetImageName: str | float | None
    """Name of the new image."""


class CaptureOptionsArguments(CaptureOptionsDict, total=False):
    """What :class:`~azure_iaas.models.CaptureOptions` is made of."""

    post_capture_actions: str | float | None
    PostCaptureAction: str | float | None
    provisioning_configuration: (
        ConfigurationSet
        | ProvisioningConfigurationDict
        | LinuxProvisioningConfigurationDict
        | NetworkConfigurationDict
        | Mapping[str, Any]
        | None
    )
    supports_stateless_deployment: bool | int | str | None
    target_image_label: str | float | None
    target_image_name: str | float | None


class CaptureRoleAsVMImageOperationDict(TypedDict, total=False):
    """What CaptureRoleAsVMImageOperation says, by the documented names."""

    OSState: str | float | None
    VMImageName: str | float | None
    VMImageLabel: str | float | None
    Description: str | float | None
    Language: str | float | None
    ImageFamily: str | float | None
    RecommendedVMSize: str | float | None


class CertificateSettingDict(TypedDict, total=False):
    """What CertificateSetting says, by the documented names."""

    StoreLocation: str | float | None
    """``LocalMachine``."""
    StoreName: str | float | None
    """Store, for example ``My``."""
    Thumbprint: str | float | None
    """Thumbprint of a certificate of the cloud service."""


class CertificateSettingArguments(CertificateSettingDict, total=False):
    """What :class:`~azure_iaas.models.CertificateSetting` is made of."""

    store_location: str | float | None
    store_name: str | float | None
    thumbprint: str | float | None


class ChangeConfigurationDict(TypedDict, total=False):
    """What ChangeConfiguration says, by the documented names."""

    Configuration: str | float | None
    TreatWarningsAsError: bool | int | str | None
    Mode: str | float | None
    ExtendedProperties: Sequence[ExtendedProperty | ExtendedPropertyDict | Mapping[str, Any]]


class ChangedDataDiskConfigurationDict(TypedDict, total=False):
    """What ChangedDataDiskConfiguration says, by the documented names."""

    Name: str | float | None
    """Name of the disk."""
    HostCaching: str | float | None
    """``None``, ``ReadOnly`` or ``ReadWrite``."""
    LUN: int | str | None
    """Number of the disk at the machine."""


class ChangedOSDiskConfigurationDict(TypedDict, total=False):
    """What ChangedOSDiskConfiguration says, by the documented names."""

    HostCaching: str | float | None
    """``ReadOnly`` or ``ReadWrite``."""


class ComponentSettingDict(TypedDict, total=False):
    """What ComponentSetting says, by the documented names."""

    SettingName: str | float | None
    """Name of the setting."""
    Content: str | float | SecretStr | None
    """Its XML."""


class ComponentSettingArguments(ComponentSettingDict, total=False):
    """What :class:`~azure_iaas.models.ComponentSetting` is made of."""

    setting_name: str | float | None
    content: str | float | SecretStr | None


class CreateReservedIPDict(TypedDict, total=False):
    """What CreateReservedIP says, by the documented names."""

    Name: str | float | None
    """Name of the address."""
    Label: str | float | None
    """Plain text."""
    ServiceName: str | float | None
    """Cloud service of that deployment."""
    DeploymentName: str | float | None
    """That deployment."""
    Location: str | float | None
    """Region."""
    VirtualIPName: str | float | None


class CreateStorageServiceInputDict(TypedDict, total=False):
    """What CreateStorageServiceInput says, by the documented names."""

    ServiceName: str | float | None
    """Name, the first part of its DNS names."""
    Description: str | float | None
    Label: str | float | None
    AffinityGroup: str | float | None
    Location: str | float | None
    GeoReplicationEnabled: bool | int | str | None
    ExtendedProperties: Sequence[ExtendedProperty | ExtendedPropertyDict | Mapping[str, Any]]
    """Named texts users attached."""
    SecondaryReadEnabled: bool | int | str | None
    AccountType: str | float | None


class CreateVMImageDict(TypedDict, total=False):
    """What CreateVMImage says, by the documented names."""

    Name: str | float | None
    """Name of the image."""
    Label: str | float | None
    """Plain text."""
    Description: str | float | None
    """Plain text."""
    OSDiskConfiguration: NewOSDiskConfigurationDict | Mapping[str, Any] | None
    """Its system disk."""
    DataDiskConfigurations: Sequence[NewDataDiskConfigurationDict | Mapping[str, Any]]
    """Its data disks."""
    Language: str | float | None
    """Language of the image."""
    ImageFamily: str | float | None
    """Images of one family are versions of each other."""
    RecommendedVMSize: str | float | None
    """Size of machine it is meant for."""
    Eula: str | float | None
    """Text or URI of the licence."""
    IconUri: str | float | None
    """Name of its icon."""
    SmallIconUri: str | float | None
    """Name of its small icon."""
    PrivacyUri: str | float | None
    """URI of the privacy policy."""
    PublishedDate: datetime | str | None
    """Of a family the latest is the newest version."""
    ShowInGui: bool | int | str | None
    """Whether portals list it."""


class CustomDomainDict(TypedDict, total=False):
    """What CustomDomain says, by the documented names."""

    Name: str | float | None
    """The domain name."""
    UseSubDomainName: bool | int | str | None
    """Whether it is proved by a name below it."""


class CustomDomainArguments(CustomDomainDict, total=False):
    """What :class:`~azure_iaas.models.CustomDomain` is made of."""

    name: str | float | None
    use_sub_domain_name: bool | int | str | None


class DataDiskDict(TypedDict, total=False):
    """What DataDisk says, by the documented names."""

    HostCaching: Literal["None", "ReadOnly", "ReadWrite"] | None
    """Caching by the host: ``None``, ``ReadOnly`` or ``ReadWrite``."""
    DisableReadCache: bool | int | str | None
    """The same in the words of the preview."""
    EnableWriteCache: bool | int | str | None
    """The same in the words of the preview."""
    DiskLabel: str | float | None
    """Description of the disk."""
    DiskName: str | float | None
    """Registered disk to attach, or the name the new disk gets; at most 256 characters."""
    LUN: int | str
    """Number of the disk at its machine: 0 to 15, to 31 for sizes with more than 16 disks."""
    LogicalDiskSizeInGB: int | str | None
    """Gigabytes of a new, empty disk."""
    MediaLink: str | float | None
    """URI of the blob that becomes the disk."""
    SourceMediaLink: str | float | None
    """URI of an existing blob to use."""


class DataDiskArguments(DataDiskDict, total=False):
    """What :class:`~azure_iaas.models.DataDisk` is made of."""

    host_caching: Literal["None", "ReadOnly", "ReadWrite"] | None
    disable_read_cache: bool | int | str | None
    enable_write_cache: bool | int | str | None
    disk_label: str | float | None
    disk_name: str | float | None
    lun: int | str
    Lun: int | str
    logical_disk_size_in_gb: int | str | None
    media_link: str | float | None
    source_media_link: str | float | None
    io_type: str | float | None
    IOType: str | float | None


class DataDiskResizeDict(TypedDict, total=False):
    """What DataDiskResize says, by the documented names."""

    DiskName: str | float | None
    """Name of the image's disk."""
    ResizedSizeInGB: int | str | None
    """Gigabytes the copy grows to."""


class DataDiskResizeArguments(DataDiskResizeDict, total=False):
    """What :class:`~azure_iaas.models.DataDiskResize` is made of."""

    disk_name: str | float | None
    resized_size_in_gb: int | str | None


class DebugSettingsDict(TypedDict, total=False):
    """What DebugSettings says, by the documented names."""

    BootDiagnosticsEnabled: bool | int | str | None
    """Whether screen and serial output are kept."""


class DebugSettingsArguments(DebugSettingsDict, total=False):
    """What :class:`~azure_iaas.models.DebugSettings` is made of."""

    boot_diagnostics_enabled: bool | int | str | None
    console_screenshot_blob_uri: str | float | None
    ConsoleScreenshotBlobUri: str | float | None
    serial_output_blob_uri: str | float | None
    SerialOutputBlobUri: str | float | None


class DeployOptionsDict(TypedDict, total=False):
    """What DeployOptions says, by the documented names."""

    DeploymentSlot: str | float | None
    """``Production`` (default) or ``Staging``."""
    Label: str | float | None
    """Plain text; the deployment name by default."""
    UpgradeDomainCount: int | str | None
    """For web and worker roles."""
    VirtualNetworkName: str | float | None
    """Virtual network of the machines."""
    Dns: Dns | DnsDict | Mapping[str, Any] | None
    """Name servers of the machines."""
    ReservedIPName: str | float | None
    """Reserved address it gets."""
    LoadBalancers: (
        Sequence[LoadBalancer | LoadBalancerDict | Mapping[str, Any]]
        | LoadBalancer
        | LoadBalancerDict
        | Mapping[str, Any]
    )
    """Internal load balancers."""


class DeployOptionsArguments(DeployOptionsDict, total=False):
    """What :class:`~azure_iaas.models.DeployOptions` is made of."""

    deployment_slot: str | float | None
    label: str | float | None
    upgrade_domain_count: int | str | None
    virtual_network_name: str | float | None
    dns: Dns | DnsDict | Mapping[str, Any] | None
    reserved_ip_name: str | float | None
    load_balancers: (
        Sequence[LoadBalancer | LoadBalancerDict | Mapping[str, Any]]
        | LoadBalancer
        | LoadBalancerDict
        | Mapping[str, Any]
    )


class DeploymentArguments(TypedDict, total=False):
    """What :class:`~azure_iaas.models.Deployment` is made of."""

    name: str | float | None
    Name: str | float | None
    deployment_slot: str | float | None
    DeploymentSlot: str | float | None
    private_id: str | float | None
    PrivateID: str | float | None
    status: str | float | None
    Status: str | float | None
    label: str | float | None
    Label: str | float | None
    url: str | float | None
    Url: str | float | None
    configuration: str | float | None
    Configuration: str | float | None
    role_instance_list: Sequence[RoleInstance | Mapping[str, Any]] | RoleInstance | Mapping[str, Any]
    RoleInstanceList: Sequence[RoleInstance | Mapping[str, Any]] | RoleInstance | Mapping[str, Any]
    RoleInstance: Sequence[RoleInstance | Mapping[str, Any]] | RoleInstance | Mapping[str, Any]
    upgrade_status: UpgradeStatus | Mapping[str, Any] | None
    UpgradeStatus: UpgradeStatus | Mapping[str, Any] | None
    upgrade_domain_count: int | str | None
    UpgradeDomainCount: int | str | None
    role_list: Sequence[VMRole | VMRoleDict | Mapping[str, Any]] | VMRole | VMRoleDict | Mapping[str, Any]
    RoleList: Sequence[VMRole | VMRoleDict | Mapping[str, Any]] | VMRole | VMRoleDict | Mapping[str, Any]
    Role: Sequence[VMRole | VMRoleDict | Mapping[str, Any]] | VMRole | VMRoleDict | Mapping[str, Any]
    sdk_version: str | float | None
    SdkVersion: str | float | None
    input_endpoint_list: Sequence[InputEndpoint | Mapping[str, Any]] | InputEndpoint | Mapping[str, Any]
    InputEndpointList: Sequence[InputEndpoint | Mapping[str, Any]] | InputEndpoint | Mapping[str, Any]
    locked: bool | int | str | None
    Locked: bool | int | str | None
    rollback_allowed: bool | int | str | None
    RollbackAllowed: bool | int | str | None
    virtual_network_name: str | float | None
    VirtualNetworkName: str | float | None
    created_time: datetime | str | None
    CreatedTime: datetime | str | None
    last_modified_time: datetime | str | None
    LastModifiedTime: datetime | str | None
    extended_properties: (
        Sequence[ExtendedProperty | ExtendedPropertyDict | Mapping[str, Any]]
        | ExtendedProperty
        | ExtendedPropertyDict
        | Mapping[str, Any]
    )
    ExtendedProperties: (
        Sequence[ExtendedProperty | ExtendedPropertyDict | Mapping[str, Any]]
        | ExtendedProperty
        | ExtendedPropertyDict
        | Mapping[str, Any]
    )
    dns: Dns | DnsDict | Mapping[str, Any] | None
    Dns: Dns | DnsDict | Mapping[str, Any] | None
    persistent_vm_downtime: PersistentVMDowntime | Mapping[str, Any] | None
    PersistentVMDowntime: PersistentVMDowntime | Mapping[str, Any] | None
    extension_configuration: ExtensionConfiguration | Mapping[str, Any] | None
    ExtensionConfiguration: ExtensionConfiguration | Mapping[str, Any] | None
    virtual_ips: Sequence[VirtualIP | Mapping[str, Any]] | VirtualIP | Mapping[str, Any]
    VirtualIPs: Sequence[VirtualIP | Mapping[str, Any]] | VirtualIP | Mapping[str, Any]
    reserved_ip_name: str | float | None
    ReservedIPName: str | float | None
    internal_dns_suffix: str | float | None
    InternalDnsSuffix: str | float | None
    load_balancers: (
        Sequence[LoadBalancer | LoadBalancerDict | Mapping[str, Any]]
        | LoadBalancer
        | LoadBalancerDict
        | Mapping[str, Any]
    )
    LoadBalancers: (
        Sequence[LoadBalancer | LoadBalancerDict | Mapping[str, Any]]
        | LoadBalancer
        | LoadBalancerDict
        | Mapping[str, Any]
    )
    virtual_network_id: str | float | None
    VirtualNetworkId: str | float | None


class DiskArguments(TypedDict, total=False):
    """What :class:`~azure_iaas.models.Disk` is made of."""

    affinity_group: str | float | None
    AffinityGroup: str | float | None
    attached_to: AttachedTo | Mapping[str, Any] | None
    AttachedTo: AttachedTo | Mapping[str, Any] | None
    has_operating_system: bool | int | str | None
    HasOperatingSystem: bool | int | str | None
    os: str | float | None
    OS: str | float | None
    is_corrupted: bool | int | str | None
    IsCorrupted: bool | int | str | None
    label: str | float | None
    Label: str | float | None
    location: str | float | None
    Location: str | float | None
    logical_disk_size_in_gb: int | str | None
    LogicalDiskSizeInGB: int | str | None
    LogicalSizeInGB: int | str | None
    media_link: str | float | None
    MediaLink: str | float | None
    name: str | float | None
    Name: str | float | None
    source_image_name: str | float | None
    SourceImageName: str | float | None
    is_premium: bool | int | str | None
    IsPremium: bool | int | str | None
    created_time: datetime | str | None
    CreatedTime: datetime | str | None
    remote_source_image_link: str | float | None
    RemoteSourceImageLink: str | float | None
    io_type: str | float | None
    IOType: str | float | None


class DnsDict(TypedDict, total=False):
    """What Dns says, by the documented names."""

    DnsServers: (
        Sequence[DnsServer | DnsServerDict | Mapping[str, Any]]
        | DnsServer
        | DnsServerDict
        | Mapping[str, Any]
    )
    """Asked in this order."""


class DnsArguments(DnsDict, total=False):
    """What :class:`~azure_iaas.models.Dns` is made of."""

    dns_servers: (
        Sequence[DnsServer | DnsServerDict | Mapping[str, Any]]
        | DnsServer
        | DnsServerDict
        | Mapping[str, Any]
    )


class DnsServerDict(TypedDict, total=False):
    """What DnsServer says, by the documented names."""

    Name: str | float | None
    """Name of the entry."""
    Address: str | float | None
    """Address of the server."""


class DnsServerArguments(DnsServerDict, total=False):
    """What :class:`~azure_iaas.models.DnsServer` is made of."""

    name: str | float | None
    address: str | float | None


class DomainCredentialsDict(TypedDict, total=False):
    """What DomainCredentials says, by the documented names."""

    Domain: str | float | None
    """Domain of the account."""
    Username: str | float | None
    """Name of the account."""
    Password: str | float | SecretStr | None
    """Its password."""


class DomainCredentialsArguments(DomainCredentialsDict, total=False):
    """What :class:`~azure_iaas.models.DomainCredentials` is made of."""

    domain: str | float | None
    username: str | float | None
    password: str | float | SecretStr | None


class DomainJoinDict(TypedDict, total=False):
    """What DomainJoin says, by the documented names."""

    Credentials: DomainCredentials | DomainCredentialsDict | Mapping[str, Any] | None
    """Who joins."""
    Provisioning: DomainProvisioning | DomainProvisioningDict | Mapping[str, Any] | None
    """Data of an offline join."""
    JoinDomain: str | float | None
    """Domain to join."""
    MachineObjectOU: str | float | None
    """Organizational unit the machine is put into."""


class DomainJoinArguments(DomainJoinDict, total=False):
    """What :class:`~azure_iaas.models.DomainJoin` is made of."""

    credentials: DomainCredentials | DomainCredentialsDict | Mapping[str, Any] | None
    provisioning: DomainProvisioning | DomainProvisioningDict | Mapping[str, Any] | None
    join_domain: str | float | None
    machine_object_ou: str | float | None


class DomainProvisioningDict(TypedDict, total=False):
    """What DomainProvisioning says, by the documented names."""

    AccountData: str | float | SecretStr | None
    """Base64 of the offline join data."""


class DomainProvisioningArguments(DomainProvisioningDict, total=False):
    """What :class:`~azure_iaas.models.DomainProvisioning` is made of."""

    account_data: str | float | SecretStr | None


class EndpointAclDict(TypedDict, total=False):
    """What EndpointAcl says, by the documented names."""

    Rules: Sequence[AclRule | AclRuleDict | Mapping[str, Any]] | AclRule | AclRuleDict | Mapping[str, Any]
    """Tried in their order; the first that fits counts."""


class EndpointAclArguments(EndpointAclDict, total=False):
    """What :class:`~azure_iaas.models.EndpointAcl` is made of."""

    rules: Sequence[AclRule | AclRuleDict | Mapping[str, Any]] | AclRule | AclRuleDict | Mapping[str, Any]


class ExtendedPropertyDict(TypedDict, total=False):
    """What ExtendedProperty says, by the documented names."""

    Name: str | float | None
    """Name of the text."""
    Value: str | float | None
    """The text."""


class ExtendedPropertyArguments(ExtendedPropertyDict, total=False):
    """What :class:`~azure_iaas.models.ExtendedProperty` is made of."""

    name: str | float | None
    value: str | float | None


class ExternalEndpointDict(TypedDict, total=False):
    """What ExternalEndpoint says, by the documented names."""

    LoadBalancedEndpointSetName: str | float | None
    """Endpoints of one set share port, protocol and probe."""
    LocalPort: int | str | None
    """Port of the machine, 1 to 65535."""
    Name: str | float | None
    """Name, unique in the machine."""
    Port: int | str | None
    """Public port, 1 to 65535; the service picks one when absent."""
    LoadBalancerProbe: LoadBalancerProbe | LoadBalancerProbeDict | Mapping[str, Any] | None
    """How the load balancer asks."""
    Protocol: str | float | None
    """``tcp`` or ``udp``."""
    Vip: str | float | None
    """Public address."""
    EnableDirectServerReturn: bool | int | str | None
    """Whether the machine answers from the public address itself."""
    LoadBalancerName: str | float | None
    """Internal load balancer the port is at."""
    EndpointAcl: EndpointAcl | EndpointAclDict | Mapping[str, Any] | None
    """Who may come in."""
    IdleTimeoutInMinutes: int | str | None
    """Minutes until an idle connection is dropped: 4 to 30, 4 by default."""
    LoadBalancerDistribution: str | float | None
    """``sourceIP``, ``sourceIPProtocol`` or ``none``."""
    VirtualIPName: str | float | None
    """Which public address of several."""


class ExternalEndpointArguments(ExternalEndpointDict, total=False):
    """What :class:`~azure_iaas.models.ExternalEndpoint` is made of."""

    load_balanced_endpoint_set_name: str | float | None
    local_port: int | str | None
    name: str | float | None
    port: int | str | None
    load_balancer_probe: LoadBalancerProbe | LoadBalancerProbeDict | Mapping[str, Any] | None
    protocol: str | float | None
    vip: str | float | None
    enable_direct_server_return: bool | int | str | None
    load_balancer_name: str | float | None
    endpoint_acl: EndpointAcl | EndpointAclDict | Mapping[str, Any] | None
    idle_timeout_in_minutes: int | str | None
    load_balancer_distribution: str | float | None
    virtual_ip_name: str | float | None


class FrontendIpConfigurationDict(TypedDict, total=False):
    """What FrontendIpConfiguration says, by the documented names."""

    Type: str | float | None
    """``Private``."""
    SubnetName: str | float | None
    """Subnet of the address."""
    StaticVirtualNetworkIPAddress: str | float | None
    """Address that is asked for."""


class FrontendIpConfigurationArguments(FrontendIpConfigurationDict, total=False):
    """What :class:`~azure_iaas.models.FrontendIpConfiguration` is made of."""

    type: str | float | None
    subnet_name: str | float | None
    static_virtual_network_ip_address: str | float | None


class HostedServiceArguments(TypedDict, total=False):
    """What :class:`~azure_iaas.models.HostedService` is made of."""

    url: str | float | None
    Url: str | float | None
    service_name: str | float | None
    ServiceName: str | float | None
    hosted_service_properties: HostedServiceProperties | Mapping[str, Any] | None
    HostedServiceProperties: HostedServiceProperties | Mapping[str, Any] | None
    deployments: Sequence[Deployment | Mapping[str, Any]]
    Deployments: Sequence[Deployment | Mapping[str, Any]]
    is_complete: bool | int | str | None
    IsComplete: bool | int | str | None
    default_win_rm_certificate_thumbprint: str | float | None
    DefaultWinRmCertificateThumbprint: str | float | None
    DefaultWinRMCertificateThumbprint: str | float | None
    compute_capabilities: ComputeCapabilities | Mapping[str, Any] | None
    ComputeCapabilities: ComputeCapabilities | Mapping[str, Any] | None


class IPConfigurationDict(TypedDict, total=False):
    """What IPConfiguration says, by the documented names."""

    SubnetName: str | float | None
    """Subnet of the address."""
    StaticVirtualNetworkIPAddress: str | float | None
    """Address that is asked for."""


class IPConfigurationArguments(IPConfigurationDict, total=False):
    """What :class:`~azure_iaas.models.IPConfiguration` is made of."""

    subnet_name: str | float | None
    static_virtual_network_ip_address: str | float | None
    address: str | float | None
    Address: str | float | None


class ImageOptionsDict(TypedDict, total=False):
    """What ImageOptions says, by the documented names."""

    Category: str | float | None
    """Preview only."""
    Label: str | float | None
    """Plain text; the image name by default."""
    Location: str | float | None
    """Preview only."""
    RoleSize: str | float | None
    """Preview only."""
    OS: str | float | None
    """``Linux`` by default, or ``Windows``."""
    Eula: str | float | None
    """Text or URI of the licence."""
    Description: str | float | None
    """Plain text."""
    ImageFamily: str | float | None
    """Images of one family are versions of each other."""
    PublishedDate: datetime | str | None
    """Of a family the latest is the newest version."""
    IsPremium: bool | int | str | None
    """Whether it costs extra."""
    ShowInGui: bool | int | str | None
    """Whether portals list it."""
    PrivacyUri: str | float | None
    """URI of the privacy policy."""
    IconUri: str | float | None
    """Name of its icon."""
    RecommendedVMSize: str | float | None
    """Size of machine it is meant for."""
    SmallIconUri: str | float | None
    """Name of its small icon."""
    Language: str | float | None
    """Language of the image."""


class ImageOptionsArguments(ImageOptionsDict, total=False):
    """What :class:`~azure_iaas.models.ImageOptions` is made of."""

    category: str | float | None
    label: str | float | None
    location: str | float | None
    role_size: str | float | None
    os: str | float | None
    eula: str | float | None
    description: str | float | None
    image_family: str | float | None
    published_date: datetime | str | None
    is_premium: bool | int | str | None
    show_in_gui: bool | int | str | None
    privacy_uri: str | float | None
    icon_uri: str | float | None
    recommended_vm_size: str | float | None
    small_icon_uri: str | float | None
    language: str | float | None


class LinuxProvisioningConfigurationDict(TypedDict, total=False):
    """What LinuxProvisioningConfiguration says, by the documented names."""

    ConfigurationSetType: Literal["LinuxProvisioningConfiguration"] | None
    """Always ``LinuxProvisioningConfiguration`` here."""
    HostName: str | float | None
    """Host name, 1 to 64 characters."""
    UserName: str | float | None
    """User to create, 1 to 32 characters."""
    UserPassword: str | float | SecretStr | None
    """Its password; needed unless password login is disabled."""
    DisableSshPasswordAuthentication: bool | int | str | None
    """The service takes true by default: no login with a password."""
    SSH: SSH | SSHDict | Mapping[str, Any] | None
    """Keys to install."""
    CustomData: str | float | SecretStr | None
    """Base64, at most 65,535 bytes."""


class LinuxProvisioningConfigurationArguments(LinuxProvisioningConfigurationDict, total=False):
    """What :class:`~azure_iaas.models.LinuxProvisioningConfiguration` is made of."""

    configuration_set_type: Literal["LinuxProvisioningConfiguration"] | None
    host_name: str | float | None
    user_name: str | float | None
    user_password: str | float | SecretStr | None
    disable_ssh_password_authentication: bool | int | str | None
    ssh: SSH | SSHDict | Mapping[str, Any] | None
    custom_data: str | float | SecretStr | None


class ListenerDict(TypedDict, total=False):
    """What Listener says, by the documented names."""

    CertificateThumbprint: str | float | None
    """Certificate of an https listener."""
    Protocol: str | float | None
    """``Http`` or ``Https``."""


class ListenerArguments(ListenerDict, total=False):
    """What :class:`~azure_iaas.models.Listener` is made of."""

    certificate_thumbprint: str | float | None
    protocol: str | float | None
    Type: str | float | None


class LoadBalancerDict(TypedDict, total=False):
    """What LoadBalancer says, by the documented names."""

    Name: str | float | None
    """Name, which endpoints refer to."""
    FrontendIpConfiguration: FrontendIpConfiguration | FrontendIpConfigurationDict | Mapping[str, Any] | None
    """Its address."""


class LoadBalancerArguments(LoadBalancerDict, total=False):
    """What :class:`~azure_iaas.models.LoadBalancer` is made of."""

    name: str | float | None
    frontend_ip_configuration: (
        FrontendIpConfiguration | FrontendIpConfigurationDict | Mapping[str, Any] | None
    )


class LoadBalancerProbeDict(TypedDict, total=False):
    """What LoadBalancerProbe says, by the documented names."""

    Path: str | float | None
    """Path that is asked, for http only."""
    Port: int | str | None
    """Port of the machine that is asked."""
    Protocol: str | float | None
    """``http`` or ``tcp``."""
    IntervalInSeconds: int | str | None
    """Seconds between questions; 15 by default."""
    TimeoutInSeconds: int | str | None
    """Seconds without an answer after which the machine gets no traffic; 31 by default."""


class LoadBalancerProbeArguments(LoadBalancerProbeDict, total=False):
    """What :class:`~azure_iaas.models.LoadBalancerProbe` is made of."""

    path: str | float | None
    RelativeUri: str | float | None
    port: int | str | None
    protocol: str | float | None
    interval_in_seconds: int | str | None
    timeout_in_seconds: int | str | None


class NetworkConfigurationDict(TypedDict, total=False):
    """What NetworkConfiguration says, by the documented names."""

    ConfigurationSetType: Literal["NetworkConfiguration"] | None
    """Always ``NetworkConfiguration`` here."""
    InputEndpoints: (
        Sequence[ExternalEndpoint | ExternalEndpointDict | Mapping[str, Any]]
        | ExternalEndpoint
        | ExternalEndpointDict
        | Mapping[str, Any]
    )
    """Public ports."""
    SubnetNames: list[str | float] | tuple[str | float, ...]
    """Subnet of the deployment's virtual network."""
    StaticVirtualNetworkIPAddress: str | float | None
    """Address in the virtual network that is asked for."""
    PublicIPs: (
        Sequence[PublicIP | PublicIPDict | Mapping[str, Any]] | PublicIP | PublicIPDict | Mapping[str, Any]
    )
    """At most one public address of the machine itself."""
    NetworkInterfaces: (
        Sequence[NetworkInterface | NetworkInterfaceDict | Mapping[str, Any]]
        | NetworkInterface
        | NetworkInterfaceDict
        | Mapping[str, Any]
    )
    """Further network interfaces."""
    NetworkSecurityGroup: str | float | None
    """Name of the security group."""
    IPForwarding: str | float | None
    """``Enabled`` or ``Disabled``."""


class NetworkConfigurationArguments(NetworkConfigurationDict, total=False):
    """What :class:`~azure_iaas.models.NetworkConfiguration` is made of."""

    configuration_set_type: Literal["NetworkConfiguration"] | None
    input_endpoints: (
        Sequence[ExternalEndpoint | ExternalEndpointDict | Mapping[str, Any]]
        | ExternalEndpoint
        | ExternalEndpointDict
        | Mapping[str, Any]
    )
    subnet_names: list[str | float] | tuple[str | float, ...]
    static_virtual_network_ip_address: str | float | None
    public_ips: (
        Sequence[PublicIP | PublicIPDict | Mapping[str, Any]] | PublicIP | PublicIPDict | Mapping[str, Any]
    )
    network_interfaces: (
        Sequence[NetworkInterface | NetworkInterfaceDict | Mapping[str, Any]]
        | NetworkInterface
        | NetworkInterfaceDict
        | Mapping[str, Any]
    )
    network_security_group: str | float | None
    ip_forwarding: str | float | None


class NetworkInterfaceDict(TypedDict, total=False):
    """What NetworkInterface says, by the documented names."""

    Name: str | float | None
    """Name of the interface."""
    IPConfigurations: (
        Sequence[IPConfiguration | IPConfigurationDict | Mapping[str, Any]]
        | IPConfiguration
        | IPConfigurationDict
        | Mapping[str, Any]
    )
    """Its address."""
    NetworkSecurityGroup: str | float | None
    """Name of its security group."""
    IPForwarding: str | float | None
    """``Enabled`` or ``Disabled``."""


class NetworkInterfaceArguments(NetworkInterfaceDict, total=False):
    """What :class:`~azure_iaas.models.NetworkInterface` is made of."""

    name: str | float | None
    mac_address: str | float | None
    MacAddress: str | float | None
    ip_configurations: (
        Sequence[IPConfiguration | IPConfigurationDict | Mapping[str, Any]]
        | IPConfiguration
        | IPConfigurationDict
        | Mapping[str, Any]
    )
    network_security_group: str | float | None
    ip_forwarding: str | float | None


class NewDataDiskConfigurationDict(TypedDict, total=False):
    """What NewDataDiskConfiguration says, by the documented names."""

    HostCaching: str | float | None
    """``None``, ``ReadOnly`` or ``ReadWrite``."""
    LUN: int | str | None
    """Number of the disk at the machine."""
    MediaLink: str | float | None
    """URI of the blob."""


class NewOSDiskConfigurationDict(TypedDict, total=False):
    """What NewOSDiskConfiguration says, by the documented names."""

    HostCaching: str | float | None
    """``ReadOnly`` or ``ReadWrite``."""
    OSState: str | float | None
    """``Generalized`` or ``Specialized``."""
    OS: str | float | None
    """``Windows`` or ``Linux``."""
    MediaLink: str | float | None
    """URI of the blob."""


class OSDiskDict(TypedDict, total=False):
    """What OSDisk says, by the documented names."""

    HostCaching: Literal["None", "ReadOnly", "ReadWrite"] | None
    """Caching by the host: ``ReadOnly`` or ``ReadWrite``; the service takes ``ReadWrite`` by default."""
    DisableWriteCache: bool | int | str | None
    """The same in the words of the preview."""
    DiskLabel: str | float | None
    """Description of the disk."""
    DiskName: str | float | None
    """Registered disk to start from, or the name the new disk gets."""
    MediaLink: str | float | None
    """URI of the blob that becomes the disk."""
    SourceImageName: str | float | None
    """OS image the disk is made from."""
    OS: str | float | None
    """``Windows`` or ``Linux``; to give only with a blob that is no registered disk."""
    RemoteSourceImageLink: str | float | None
    """URI of a blob elsewhere that is copied first."""
    ResizedSizeInGB: int | str | None
    """Gigabytes the copy grows to."""


class OSDiskArguments(OSDiskDict, total=False):
    """What :class:`~azure_iaas.models.OSDisk` is made of."""

    host_caching: Literal["None", "ReadOnly", "ReadWrite"] | None
    disable_write_cache: bool | int | str | None
    disk_label: str | float | None
    disk_name: str | float | None
    media_link: str | float | None
    source_image_name: str | float | None
    os: str | float | None
    remote_source_image_link: str | float | None
    io_type: str | float | None
    IOType: str | float | None
    resized_size_in_gb: int | str | None


class OSDiskResizeDict(TypedDict, total=False):
    """What OSDiskResize says, by the documented names."""

    ResizedSizeInGB: int | str | None
    """Gigabytes the copy grows to."""


class OSDiskResizeArguments(OSDiskResizeDict, total=False):
    """What :class:`~azure_iaas.models.OSDiskResize` is made of."""

    resized_size_in_gb: int | str | None


class OSImageArguments(TypedDict, total=False):
    """What :class:`~azure_iaas.models.OSImage` is made of."""

    affinity_group: str | float | None
    AffinityGroup: str | float | None
    category: str | float | None
    Category: str | float | None
    label: str | float | None
    Label: str | float | None
    location: str | float | None
    Location: str | float | None
    logical_size_in_gb: int | str | None
    LogicalSizeInGB: int | str | None
    media_link: str | float | None
    MediaLink: str | float | None
    name: str | float | None
    Name: str | float | None
    os: str | float | None
    OS: str | float | None
    eula: str | float | None
    Eula: str | float | None
    description: str | float | None
    Description: str | float | None
    image_family: str | float | None
    ImageFamily: str | float | None
    show_in_gui: bool | int | str | None
    ShowInGui: bool | int | str | None
    published_date: datetime | str | None
    PublishedDate: datetime | str | None
    is_premium: bool | int | str | None
    IsPremium: bool | int | str | None
    icon_uri: str | float | None
    IconUri: str | float | None
    privacy_uri: str | float | None
    PrivacyUri: str | float | None
    recommended_vm_size: str | float | None
    RecommendedVMSize: str | float | None
    publisher_name: str | float | None
    PublisherName: str | float | None
    pricing_detail_link: str | float | None
    PricingDetailLink: str | float | None
    small_icon_uri: str | float | None
    SmallIconUri: str | float | None
    language: str | float | None
    Language: str | float | None
    os_state: str | float | None
    OSState: str | float | None
    io_type: str | float | None
    IOType: str | float | None
    role_size: str | float | None
    RoleSize: str | float | None
    supports_stateless_deployment: bool | int | str | None
    SupportsStatelessDeployment: bool | int | str | None


class ProvisioningConfigurationDict(TypedDict, total=False):
    """What ProvisioningConfiguration says, by the documented names."""

    ConfigurationSetType: Literal["ProvisioningConfiguration", "WindowsProvisioningConfiguration"] | None
    """Always ``ProvisioningConfiguration`` here."""
    MachineName: str | float | None
    """Computer name: 1 to 15 characters, not only digits."""
    AdminPassword: str | float | SecretStr | None
    """Password of the administrator."""
    ResetPasswordOnFirstLogon: bool | int | str | None
    """Whether it must be changed at the first logon."""
    EnableAutomaticUpdates: bool | int | str | None
    """Whether updates install themselves."""
    TimeZone: str | float | None
    """Windows name, for example ``Pacific Standard Time``."""
    DomainJoin: DomainJoin | DomainJoinDict | Mapping[str, Any] | None
    """Domain to join."""
    StoredCertificateSettings: (
        Sequence[CertificateSetting | CertificateSettingDict | Mapping[str, Any]]
        | CertificateSetting
        | CertificateSettingDict
        | Mapping[str, Any]
    )
    """Certificates of the cloud service to install."""
    WinRM: WinRM | WinRMDict | Mapping[str, Any] | None
    """Remote management."""
    AdminUsername: str | float | None
    """Name of the administrator."""
    CustomData: str | float | SecretStr | None
    """Base64, at most 65,535 bytes."""
    AdditionalUnattendContent: (
        AdditionalUnattendContent | AdditionalUnattendContentDict | Mapping[str, Any] | None
    )
    """What is added to the unattended set-up."""
    ProvisioningMediaLink: str | float | None
    """Preview only: URI of provisioning media."""


class ProvisioningConfigurationArguments(ProvisioningConfigurationDict, total=False):
    """What :class:`~azure_iaas.models.ProvisioningConfiguration` is made of."""

    configuration_set_type: Literal["ProvisioningConfiguration", "WindowsProvisioningConfiguration"] | None
    machine_name: str | float | None
    ComputerName: str | float | None
    admin_password: str | float | SecretStr | None
    reset_password_on_first_logon: bool | int | str | None
    enable_automatic_updates: bool | int | str | None
    EnableAutomaticUpdate: bool | int | str | None
    time_zone: str | float | None
    domain_join: DomainJoin | DomainJoinDict | Mapping[str, Any] | None
    stored_certificate_settings: (
        Sequence[CertificateSetting | CertificateSettingDict | Mapping[str, Any]]
        | CertificateSetting
        | CertificateSettingDict
        | Mapping[str, Any]
    )
    win_rm: WinRM | WinRMDict | Mapping[str, Any] | None
    admin_username: str | float | None
    custom_data: str | float | SecretStr | None
    additional_unattend_content: (
        AdditionalUnattendContent | AdditionalUnattendContentDict | Mapping[str, Any] | None
    )
    provisioning_media_link: str | float | None


class PublicIPDict(TypedDict, total=False):
    """What PublicIP says, by the documented names."""

    Name: str | float | None
    """Name of the address."""
    IdleTimeoutInMinutes: int | str | None
    """Minutes until an idle connection is dropped: 4 to 30."""
    DomainNameLabel: str | float | None
    """First part of its DNS name."""


class PublicIPArguments(PublicIPDict, total=False):
    """What :class:`~azure_iaas.models.PublicIP` is made of."""

    name: str | float | None
    address: str | float | None
    Address: str | float | None
    idle_timeout_in_minutes: int | str | None
    domain_name_label: str | float | None
    fqdns: list[str | float] | tuple[str | float, ...]
    Fqdns: list[str | float] | tuple[str | float, ...]


class ReservedIPArguments(TypedDict, total=False):
    """What :class:`~azure_iaas.models.ReservedIP` is made of."""

    name: str | float | None
    Name: str | float | None
    address: str | float | None
    Address: str | float | None
    id: str | float | None
    Id: str | float | None
    label: str | float | None
    Label: str | float | None
    state: str | float | None
    State: str | float | None
    in_use: bool | int | str | None
    InUse: bool | int | str | None
    service_name: str | float | None
    ServiceName: str | float | None
    deployment_name: str | float | None
    DeploymentName: str | float | None
    location: str | float | None
    Location: str | float | None


class ResourceExtensionParameterValueDict(TypedDict, total=False):
    """What ResourceExtensionParameterValue says, by the documented names."""

    Key: str | float | None
    """Name of the parameter."""
    Value: str | float | SecretStr | None
    """Base64 of a JSON text."""
    Type: str | float | None
    """``Public`` or ``Private``."""


class ResourceExtensionParameterValueArguments(ResourceExtensionParameterValueDict, total=False):
    """What :class:`~azure_iaas.models.ResourceExtensionParameterValue` is made of."""

    key: str | float | None
    value: str | float | SecretStr | None
    type: str | float | None


class ResourceExtensionReferenceDict(TypedDict, total=False):
    """What ResourceExtensionReference says, by the documented names."""

    ReferenceName: str | float | None
    """Name of the extension on this machine."""
    Publisher: str | float | None
    """Who publishes the extension."""
    Name: str | float | None
    """Name of the extension."""
    Version: str | float | None
    """Version, for example ``1.*``."""
    ResourceExtensionParameterValues: (
        Sequence[ResourceExtensionParameterValue | ResourceExtensionParameterValueDict | Mapping[str, Any]]
        | ResourceExtensionParameterValue
        | ResourceExtensionParameterValueDict
        | Mapping[str, Any]
    )
    """Its settings."""
    State: str | float | None
    """``Enable``, ``Disable`` or ``Uninstall``."""


class ResourceExtensionReferenceArguments(ResourceExtensionReferenceDict, total=False):
    """What :class:`~azure_iaas.models.ResourceExtensionReference` is made of."""

    reference_name: str | float | None
    publisher: str | float | None
    name: str | float | None
    version: str | float | None
    resource_extension_parameter_values: (
        Sequence[ResourceExtensionParameterValue | ResourceExtensionParameterValueDict | Mapping[str, Any]]
        | ResourceExtensionParameterValue
        | ResourceExtensionParameterValueDict
        | Mapping[str, Any]
    )
    state: str | float | None


class SSHDict(TypedDict, total=False):
    """What SSH says, by the documented names."""

    PublicKeys: (
        Sequence[SSHPublicKey | SSHPublicKeyDict | Mapping[str, Any]]
        | SSHPublicKey
        | SSHPublicKeyDict
        | Mapping[str, Any]
    )
    """Public keys to install."""
    KeyPairs: (
        Sequence[SSHKeyPair | SSHKeyPairDict | Mapping[str, Any]]
        | SSHKeyPair
        | SSHKeyPairDict
        | Mapping[str, Any]
    )
    """Key pairs to install."""


class SSHArguments(SSHDict, total=False):
    """What :class:`~azure_iaas.models.SSH` is made of."""

    public_keys: (
        Sequence[SSHPublicKey | SSHPublicKeyDict | Mapping[str, Any]]
        | SSHPublicKey
        | SSHPublicKeyDict
        | Mapping[str, Any]
    )
    key_pairs: (
        Sequence[SSHKeyPair | SSHKeyPairDict | Mapping[str, Any]]
        | SSHKeyPair
        | SSHKeyPairDict
        | Mapping[str, Any]
    )


class SSHKeyPairDict(TypedDict, total=False):
    """What SSHKeyPair says, by the documented names."""

    Fingerprint: str | float | None
    """Fingerprint of a certificate of the cloud service."""
    Path: str | float | None
    """File on the machine."""


class SSHKeyPairArguments(SSHKeyPairDict, total=False):
    """What :class:`~azure_iaas.models.SSHKeyPair` is made of."""

    fingerprint: str | float | None
    path: str | float | None


class SSHPublicKeyDict(TypedDict, total=False):
    """What SSHPublicKey says, by the documented names."""

    Fingerprint: str | float | None
    """Fingerprint of a certificate of the cloud service."""
    Path: str | float | None
    """File on the machine."""


class SSHPublicKeyArguments(SSHPublicKeyDict, total=False):
    """What :class:`~azure_iaas.models.SSHPublicKey` is made of."""

    fingerprint: str | float | None
    path: str | float | None


class ServiceOptionsDict(TypedDict, total=False):
    """What ServiceOptions says, by the documented names."""

    Description: str | float | None
    """``Service host`` by default; at most 1,024 characters."""
    Label: str | float | None
    """Plain text, at most 100 characters; the service name by default."""
    Location: str | float | None
    """Region; the client's ``default_location`` unless an affinity group is given."""
    AffinityGroup: str | float | None
    """Affinity group, in place of a region."""
    ExtendedProperties: (
        Sequence[ExtendedProperty | ExtendedPropertyDict | Mapping[str, Any]]
        | ExtendedProperty
        | ExtendedPropertyDict
        | Mapping[str, Any]
    )
    """Named texts to attach."""
    ReverseDnsFqdn: str | float | None
    """Name its address resolves to."""


class ServiceOptionsArguments(ServiceOptionsDict, total=False):
    """What :class:`~azure_iaas.models.ServiceOptions` is made of."""

    description: str | float | None
    label: str | float | None
    location: str | float | None
    affinity_group: str | float | None
    extended_properties: (
        Sequence[ExtendedProperty | ExtendedPropertyDict | Mapping[str, Any]]
        | ExtendedProperty
        | ExtendedPropertyDict
        | Mapping[str, Any]
    )
    reverse_dns_fqdn: str | float | None


class StorageServiceArguments(TypedDict, total=False):
    """What :class:`~azure_iaas.models.StorageService` is made of."""

    url: str | float | None
    Url: str | float | None
    service_name: str | float | None
    ServiceName: str | float | None
    storage_service_properties: StorageServiceProperties | Mapping[str, Any] | None
    StorageServiceProperties: StorageServiceProperties | Mapping[str, Any] | None
    extended_properties: Sequence[ExtendedProperty | ExtendedPropertyDict | Mapping[str, Any]]
    ExtendedProperties: Sequence[ExtendedProperty | ExtendedPropertyDict | Mapping[str, Any]]
    storage_service_keys: StorageServiceKeys | Mapping[str, Any] | None
    StorageServiceKeys: StorageServiceKeys | Mapping[str, Any] | None
    capabilities: list[str | float] | tuple[str | float, ...]
    Capabilities: list[str | float] | tuple[str | float, ...]


class SubscriptionCertificateDict(TypedDict, total=False):
    """What SubscriptionCertificate says, by the documented names."""

    SubscriptionCertificatePublicKey: str | float | None
    """Base64 of the public key."""
    SubscriptionCertificateThumbprint: str | float | None
    """SHA-1 in hex."""
    SubscriptionCertificateData: str | float | None
    """Base64 of the certificate."""


class SubscriptionCertificateArguments(SubscriptionCertificateDict, total=False):
    """What :class:`~azure_iaas.models.SubscriptionCertificate` is made of."""

    subscription_certificate_public_key: str | float | None
    subscription_certificate_thumbprint: str | float | None
    subscription_certificate_data: str | float | None
    created: datetime | str | None
    Created: datetime | str | None


class UnattendComponentDict(TypedDict, total=False):
    """What UnattendComponent says, by the documented names."""

    ComponentName: str | float | None
    """Name of the component."""
    ComponentSettings: (
        Sequence[ComponentSetting | ComponentSettingDict | Mapping[str, Any]]
        | ComponentSetting
        | ComponentSettingDict
        | Mapping[str, Any]
    )
    """Its settings."""


class UnattendComponentArguments(UnattendComponentDict, total=False):
    """What :class:`~azure_iaas.models.UnattendComponent` is made of."""

    component_name: str | float | None
    component_settings: (
        Sequence[ComponentSetting | ComponentSettingDict | Mapping[str, Any]]
        | ComponentSetting
        | ComponentSettingDict
        | Mapping[str, Any]
    )


class UnattendPassDict(TypedDict, total=False):
    """What UnattendPass says, by the documented names."""

    PassName: str | float | None
    """Name of the pass."""
    Components: (
        Sequence[UnattendComponent | UnattendComponentDict | Mapping[str, Any]]
        | UnattendComponent
        | UnattendComponentDict
        | Mapping[str, Any]
    )
    """Its components."""


class UnattendPassArguments(UnattendPassDict, total=False):
    """What :class:`~azure_iaas.models.UnattendPass` is made of."""

    pass_name: str | float | None
    components: (
        Sequence[UnattendComponent | UnattendComponentDict | Mapping[str, Any]]
        | UnattendComponent
        | UnattendComponentDict
        | Mapping[str, Any]
    )


class UpdateHostedServiceDict(TypedDict, total=False):
    """What UpdateHostedService says, by the documented names."""

    Label: str | float | None
    """Plain text."""
    Description: str | float | None
    """Plain text."""
    Location: str | float | None
    """Region."""
    AffinityGroup: str | float | None
    """Affinity group, in place of a region."""
    ExtendedProperties: Sequence[ExtendedProperty | ExtendedPropertyDict | Mapping[str, Any]]
    """Named texts users attached."""
    GuestAgentType: str | float | None
    """Kind of guest agent."""
    ReverseDnsFqdn: str | float | None
    """Name its address resolves to."""


class UpdateStorageServiceInputDict(TypedDict, total=False):
    """What UpdateStorageServiceInput says, by the documented names."""

    Description: str | float | None
    """Plain text."""
    Label: str | float | None
    """Plain text."""
    GeoReplicationEnabled: bool | int | str | None
    """Whether it is kept in a second region."""
    ExtendedProperties: Sequence[ExtendedProperty | ExtendedPropertyDict | Mapping[str, Any]]
    """Named texts users attached."""
    CustomDomains: Sequence[CustomDomain | CustomDomainDict | Mapping[str, Any]]
    """Domain names that lead to it."""
    SecondaryReadEnabled: bool | int | str | None
    """Whether the second region can be read."""
    AccountType: str | float | None
    """``Standard_LRS``, ``Standard_GRS``, ``Premium_LRS``..."""


class UpdateVMImageDict(TypedDict, total=False):
    """What UpdateVMImage says, by the documented names."""

    Name: str | float | None
    """Name of the image."""
    Label: str | float | None
    """Plain text."""
    Description: str | float | None
    """Plain text."""
    OSDiskConfiguration: ChangedOSDiskConfigurationDict | Mapping[str, Any] | None
    """Its system disk."""
    DataDiskConfigurations: Sequence[ChangedDataDiskConfigurationDict | Mapping[str, Any]]
    """Its data disks."""
    Language: str | float | None
    """Language of the image."""
    ImageFamily: str | float | None
    """Images of one family are versions of each other."""
    RecommendedVMSize: str | float | None
    """Size of machine it is meant for."""
    Eula: str | float | None
    """Text or URI of the licence."""
    IconUri: str | float | None
    """Name of its icon."""
    SmallIconUri: str | float | None
    """Name of its small icon."""
    PrivacyUri: str | float | None
    """URI of the privacy policy."""
    PublishedDate: datetime | str | None
    """Of a family the latest is the newest version."""
    ShowInGui: bool | int | str | None
    """Whether portals list it."""


class VMImageArguments(TypedDict, total=False):
    """What :class:`~azure_iaas.models.VMImage` is made of."""

    name: str | float | None
    Name: str | float | None
    label: str | float | None
    Label: str | float | None
    category: str | float | None
    Category: str | float | None
    description: str | float | None
    Description: str | float | None
    os_disk_configuration: OSDiskConfiguration | Mapping[str, Any] | None
    OSDiskConfiguration: OSDiskConfiguration | Mapping[str, Any] | None
    data_disk_configurations: (
        Sequence[DataDiskConfiguration | Mapping[str, Any]] | DataDiskConfiguration | Mapping[str, Any]
    )
    DataDiskConfigurations: (
        Sequence[DataDiskConfiguration | Mapping[str, Any]] | DataDiskConfiguration | Mapping[str, Any]
    )
    service_name: str | float | None
    ServiceName: str | float | None
    deployment_name: str | float | None
    DeploymentName: str | float | None
    role_name: str | float | None
    RoleName: str | float | None
    affinity_group: str | float | None
    AffinityGroup: str | float | None
    location: str | float | None
    Location: str | float | None
    created_time: datetime | str | None
    CreatedTime: datetime | str | None
    modified_time: datetime | str | None
    ModifiedTime: datetime | str | None
    language: str | float | None
    Language: str | float | None
    image_family: str | float | None
    ImageFamily: str | float | None
    recommended_vm_size: str | float | None
    RecommendedVMSize: str | float | None
    is_premium: bool | int | str | None
    IsPremium: bool | int | str | None
    eula: str | float | None
    Eula: str | float | None
    icon_uri: str | float | None
    IconUri: str | float | None
    small_icon_uri: str | float | None
    SmallIconUri: str | float | None
    privacy_uri: str | float | None
    PrivacyUri: str | float | None
    publisher_name: str | float | None
    PublisherName: str | float | None
    published_date: datetime | str | None
    PublishedDate: datetime | str | None
    show_in_gui: bool | int | str | None
    ShowInGui: bool | int | str | None
    pricing_detail_link: str | float | None
    PricingDetailLink: str | float | None
    vm_image_state: str | float | None
    VMImageState: str | float | None
    role_state_on_capture: str | float | None
    RoleStateOnCapture: str | float | None
    role_size_on_capture: str | float | None
    RoleSizeOnCapture: str | float | None


class VMImageInputDict(TypedDict, total=False):
    """What VMImageInput says, by the documented names."""

    OSDiskConfiguration: OSDiskResize | OSDiskResizeDict | Mapping[str, Any] | None
    """Size of the system disk."""
    DataDiskConfigurations: (
        Sequence[DataDiskResize | DataDiskResizeDict | Mapping[str, Any]]
        | DataDiskResize
        | DataDiskResizeDict
        | Mapping[str, Any]
    )
    """Sizes of data disks."""


class VMImageInputArguments(VMImageInputDict, total=False):
    """What :class:`~azure_iaas.models.VMImageInput` is made of."""

    os_disk_configuration: OSDiskResize | OSDiskResizeDict | Mapping[str, Any] | None
    data_disk_configurations: (
        Sequence[DataDiskResize | DataDiskResizeDict | Mapping[str, Any]]
        | DataDiskResize
        | DataDiskResizeDict
        | Mapping[str, Any]
    )


class VMRoleDict(TypedDict, total=False):
    """What VMRole says, by the documented names."""

    RoleName: str | float | None
    """Name of the machine, unique in its deployment."""
    OsVersion: str | float | None
    """Always empty for machines."""
    RoleType: str | float | None
    """``PersistentVMRole``; filled in when it is missing."""
    ConfigurationSets: (
        Sequence[
            ConfigurationSet
            | ProvisioningConfigurationDict
            | LinuxProvisioningConfigurationDict
            | NetworkConfigurationDict
            | Mapping[str, Any]
        ]
        | ConfigurationSet
        | ProvisioningConfigurationDict
        | LinuxProvisioningConfigurationDict
        | NetworkConfigurationDict
        | Mapping[str, Any]
    )
    """At most one provisioning set and one network set."""
    ResourceExtensionReferences: (
        Sequence[ResourceExtensionReference | ResourceExtensionReferenceDict | Mapping[str, Any]]
        | ResourceExtensionReference
        | ResourceExtensionReferenceDict
        | Mapping[str, Any]
    )
    """Extensions that run on the machine."""
    VMImageName: str | float | None
    """VM image the machine is made from, in place of ``os_disk``."""
    MediaLocation: str | float | None
    """URI of the container for the copies of a VM image's disks."""
    AvailabilitySetName: str | float | None
    """Machines of one set are spread over fault domains."""
    DataDisks: (
        Sequence[DataDisk | DataDiskDict | Mapping[str, Any]] | DataDisk | DataDiskDict | Mapping[str, Any]
    )
    """Its data disks, each with a LUN of its own."""
    Label: str | float | None
    """Description; answers leave it out."""
    OSDisk: OSDisk | OSDiskDict | Mapping[str, Any] | None
    """The disk it starts from."""
    RoleSize: str | float | None
    """Size, for example ``Small``, which is the default."""
    ProvisionGuestAgent: bool | int | str | None
    """Whether the guest agent is installed, which extensions need; the service takes true by default."""
    VMImageInput: VMImageInput | VMImageInputDict | Mapping[str, Any] | None
    """Changes to the disks of the VM image."""
    DebugSettings: DebugSettings | DebugSettingsDict | Mapping[str, Any] | None
    """Boot diagnostics."""
    LicenseType: str | float | None
    """``Windows_Client`` or ``Windows_Server``."""


class VMRoleArguments(VMRoleDict, total=False):
    """What :class:`~azure_iaas.models.VMRole` is made of."""

    role_name: str | float | None
    os_version: str | float | None
    OSVersion: str | float | None
    role_type: str | float | None
    configuration_sets: (
        Sequence[
            ConfigurationSet
            | ProvisioningConfigurationDict
            | LinuxProvisioningConfigurationDict
            | NetworkConfigurationDict
            | Mapping[str, Any]
        ]
        | ConfigurationSet
        | ProvisioningConfigurationDict
        | LinuxProvisioningConfigurationDict
        | NetworkConfigurationDict
        | Mapping[str, Any]
    )
    resource_extension_references: (
        Sequence[ResourceExtensionReference | ResourceExtensionReferenceDict | Mapping[str, Any]]
        | ResourceExtensionReference
        | ResourceExtensionReferenceDict
        | Mapping[str, Any]
    )
    vm_image_name: str | float | None
    media_location: str | float | None
    availability_set_name: str | float | None
    data_disks: (
        Sequence[DataDisk | DataDiskDict | Mapping[str, Any]] | DataDisk | DataDiskDict | Mapping[str, Any]
    )
    DataVirtualHardDisks: (
        Sequence[DataDisk | DataDiskDict | Mapping[str, Any]] | DataDisk | DataDiskDict | Mapping[str, Any]
    )
    label: str | float | None
    os_disk: OSDisk | OSDiskDict | Mapping[str, Any] | None
    OSVirtualHardDisk: OSDisk | OSDiskDict | Mapping[str, Any] | None
    role_size: str | float | None
    default_win_rm_certificate_thumbprint: str | float | None
    DefaultWinRmCertificateThumbprint: str | float | None
    DefaultWinRMCertificateThumbprint: str | float | None
    provision_guest_agent: bool | int | str | None
    vm_image_input: VMImageInput | VMImageInputDict | Mapping[str, Any] | None
    debug_settings: DebugSettings | DebugSettingsDict | Mapping[str, Any] | None
    license_type: str | float | None
    migration_state: str | float | None
    MigrationState: str | float | None


class WinRMDict(TypedDict, total=False):
    """What WinRM says, by the documented names."""

    Listeners: (
        Sequence[Listener | ListenerDict | Mapping[str, Any]] | Listener | ListenerDict | Mapping[str, Any]
    )
    """At most one for http and one for https."""


class WinRMArguments(WinRMDict, total=False):
    """What :class:`~azure_iaas.models.WinRM` is made of."""

    listeners: (
        Sequence[Listener | ListenerDict | Mapping[str, Any]] | Listener | ListenerDict | Mapping[str, Any]
    )
