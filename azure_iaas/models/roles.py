"""Virtual machine roles: the machine, its disks and its configuration sets.

Sources: "Role", "DataVirtualHardDisk", "OSVirtualHardDisk", "WindowsProvisioningConfiguration",
"LinuxProvisioningConfiguration", "NetworkConfiguration" (protocol chapter 10).
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, SecretStr, Tag, model_validator

from azure_iaas.models.base import AzureModel, element

HostCaching = Literal["None", "ReadOnly", "ReadWrite"]


def _as_list(value: Any) -> Any:
    """Take one object where a list is documented, as code written for one machine gives it."""
    return value if value is None or isinstance(value, (list, tuple)) else [value]


OneOrMany: Final = BeforeValidator(_as_list)


class _CachedDisk(AzureModel):
    """A disk whose caching is said in either vocabulary, and reads in both; what is said last stands."""

    caching_fields: ClassVar[tuple[str, ...]]

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.caching_fields:
            super().__setattr__(name, value)
            return
        before = {field: self.__dict__[field] for field in self.caching_fields}
        # What the other vocabulary said before must not contradict what is said now.
        self.__dict__.update(dict.fromkeys(self.caching_fields))
        try:
            super().__setattr__(name, value)
        except ValueError:
            self.__dict__.update(before)
            raise
        if self.__dict__[name] == before[name]:
            self.__dict__.update(before)


class OSDisk(_CachedDisk):
    """The disk a machine starts from ("OSVirtualHardDisk").

    Caching can be said in either vocabulary, and always reads in both: ``disable_write_cache`` True is
    ``host_caching`` ``ReadOnly``, False is ``ReadWrite``, absent leaves it to the service.
    """

    caching_fields: ClassVar[tuple[str, ...]] = ("host_caching", "disable_write_cache")

    host_caching: HostCaching | None = element("HostCaching")
    disable_write_cache: bool | None = element("DisableWriteCache")
    disk_label: str | None = element("DiskLabel")
    disk_name: str | None = element("DiskName")
    media_link: str | None = element("MediaLink")
    source_image_name: str | None = element("SourceImageName")
    os: str | None = element("OS")
    remote_source_image_link: str | None = element("RemoteSourceImageLink")
    io_type: str | None = element("IOType")
    resized_size_in_gb: int | None = element("ResizedSizeInGB")

    @model_validator(mode="after")
    def _agree_on_caching(self) -> Self:
        if self.disable_write_cache is None:
            if self.host_caching is not None:
                _set(self, "disable_write_cache", self.host_caching != "ReadWrite")
        elif self.host_caching is None:
            _set(self, "host_caching", "ReadOnly" if self.disable_write_cache else "ReadWrite")
        elif self.disable_write_cache != (self.host_caching != "ReadWrite"):
            msg = "DisableWriteCache contradicts HostCaching"
            raise ValueError(msg)
        return self


class DataDisk(_CachedDisk):
    """A data disk of a role ("DataVirtualHardDisk").

    Three ways to say which disk on create: by name (``disk_name`` of a registered disk), by media
    (``source_media_link`` or an existing ``media_link``), by size (``logical_disk_size_in_gb``, a new disk).

    Caching reads in both vocabularies: ``disable_read_cache`` True is ``host_caching`` ``None``,
    ``enable_write_cache`` True is ``ReadWrite``, both False is ``ReadOnly``.

    ``lun`` is 0 when the service doesn't name it: it leaves out members with their default value.
    """

    caching_fields: ClassVar[tuple[str, ...]] = ("host_caching", "disable_read_cache", "enable_write_cache")

    host_caching: HostCaching | None = element("HostCaching")
    disable_read_cache: bool | None = element("DisableReadCache")
    enable_write_cache: bool | None = element("EnableWriteCache")
    disk_label: str | None = element("DiskLabel")
    disk_name: str | None = element("DiskName", max_length=256)
    lun: int = element("LUN", ga="Lun", default=0, ge=0, le=63)
    logical_disk_size_in_gb: int | None = element("LogicalDiskSizeInGB", ge=1)
    media_link: str | None = element("MediaLink")
    source_media_link: str | None = element("SourceMediaLink")
    io_type: str | None = element("IOType")

    @model_validator(mode="after")
    def _agree_on_caching(self) -> Self:
        read_off, write_on = self.disable_read_cache, self.enable_write_cache
        said = None
        if read_off is not None or write_on is not None:
            if read_off and write_on:
                msg = "DisableReadCache and EnableWriteCache exclude each other"
                raise ValueError(msg)
            said = "None" if read_off else "ReadWrite" if write_on else "ReadOnly"
        if said is not None and self.host_caching is not None and said != self.host_caching:
            msg = "DisableReadCache and EnableWriteCache contradict HostCaching"
            raise ValueError(msg)
        caching = self.host_caching or said
        if caching is not None:
            _set(self, "host_caching", caching)
            _set(self, "disable_read_cache", caching == "None")
            _set(self, "enable_write_cache", caching == "ReadWrite")
        return self


def _set(model: AzureModel, name: str, value: object) -> None:
    # Not setattr: it would run the validators again.
    model.__dict__[name] = value
    model.__pydantic_fields_set__.add(name)


class LoadBalancerProbe(AzureModel):
    """How a load balancer asks whether a machine is well. ``path`` is for http only."""

    path: str | None = element("Path", also=("RelativeUri",))
    port: int | None = element("Port", ge=0, le=65535)
    protocol: str | None = element("Protocol")
    interval_in_seconds: int | None = element("IntervalInSeconds")
    timeout_in_seconds: int | None = element("TimeoutInSeconds")


class AclRule(AzureModel):
    """One rule of an endpoint's access list: permit or deny a subnet."""

    order: int | None = element("Order")
    action: str | None = element("Action")
    remote_subnet: str | None = element("RemoteSubnet")
    description: str | None = element("Description")


class EndpointAcl(AzureModel):
    """Access list of an endpoint."""

    rules: Annotated[list[AclRule], OneOrMany] = element("Rules", item="Rule")


class ExternalEndpoint(AzureModel):
    """A public port of a role ("InputEndpoint" on the GA wire).

    ``port`` is the public one (the service picks one when absent), ``local_port`` the machine's.
    """

    load_balanced_endpoint_set_name: str | None = element("LoadBalancedEndpointSetName")
    local_port: int | None = element("LocalPort")
    name: str | None = element("Name")
    port: int | None = element("Port")
    load_balancer_probe: LoadBalancerProbe | None = element("LoadBalancerProbe")
    protocol: str | None = element("Protocol")
    vip: str | None = element("Vip")
    enable_direct_server_return: bool | None = element("EnableDirectServerReturn")
    load_balancer_name: str | None = element("LoadBalancerName")
    endpoint_acl: EndpointAcl | None = element("EndpointAcl")
    idle_timeout_in_minutes: int | None = element("IdleTimeoutInMinutes")
    load_balancer_distribution: str | None = element("LoadBalancerDistribution")
    virtual_ip_name: str | None = element("VirtualIPName")


class CertificateSetting(AzureModel):
    """A service certificate to install on the machine."""

    store_location: str | None = element("StoreLocation")
    store_name: str | None = element("StoreName")
    thumbprint: str | None = element("Thumbprint")


class DomainCredentials(AzureModel):
    """Account that may join a domain."""

    domain: str | None = element("Domain")
    username: str | None = element("Username")
    password: SecretStr | None = element("Password")


class DomainProvisioning(AzureModel):
    """Offline domain join blob."""

    account_data: SecretStr | None = element("AccountData")


class DomainJoin(AzureModel):
    """The domain a Windows machine joins."""

    credentials: DomainCredentials | None = element("Credentials")
    provisioning: DomainProvisioning | None = element("Provisioning")
    join_domain: str | None = element("JoinDomain")
    machine_object_ou: str | None = element("MachineObjectOU")


class Listener(AzureModel):
    """A remote management listener."""

    certificate_thumbprint: str | None = element("CertificateThumbprint")
    protocol: str | None = element("Protocol", also=("Type",))


class WinRM(AzureModel):
    """Remote management of a Windows machine."""

    listeners: Annotated[list[Listener], OneOrMany] = element("Listeners", item="Listener")


class ComponentSetting(AzureModel):
    """One setting of an unattended set-up component; ``content`` often holds passwords."""

    setting_name: str | None = element("SettingName")
    content: SecretStr | None = element("Content")


class UnattendComponent(AzureModel):
    """One component of an unattended set-up pass."""

    component_name: str | None = element("ComponentName")
    component_settings: Annotated[list[ComponentSetting], OneOrMany] = element(
        "ComponentSettings", item="ComponentSetting"
    )


class UnattendPass(AzureModel):
    """One pass of an unattended set-up."""

    pass_name: str | None = element("PassName")
    components: Annotated[list[UnattendComponent], OneOrMany] = element(
        "Components", item="UnattendComponent"
    )


class AdditionalUnattendContent(AzureModel):
    """What is added to the unattended set-up file."""

    passes: Annotated[list[UnattendPass], OneOrMany] = element("Passes", item="UnattendPass")


def _one_type(documented: str, *also: str) -> AfterValidator:
    """Hold ConfigurationSetType to its class: None and the names in ``also`` mean the documented one."""

    def check(value: str | None) -> str:
        if value not in (None, documented, *also):
            msg = f"is {documented} on this object"
            raise ValueError(msg)
        return documented

    return AfterValidator(check)


class ConfigurationSet(AzureModel):
    """A configuration set of a kind this library doesn't know: kept as it is."""

    configuration_set_type: str | None = element("ConfigurationSetType")

    @model_validator(mode="after")
    def _say_the_type(self) -> Self:
        # By it the others tell what this is: it is written, and dumped, also when nobody set it.
        if self.configuration_set_type is not None:
            self.__pydantic_fields_set__.add("configuration_set_type")
        return self


class ProvisioningConfiguration(ConfigurationSet):
    """How a Windows machine is set up ("WindowsProvisioningConfiguration").

    ``machine_name`` is ``ComputerName`` on the GA wire: 1 to 15 characters, not only digits.
    Goes to the service only; no answer ever holds it.
    """

    xml_type: ClassVar[str | None] = "WindowsProvisioningConfigurationSet"

    # One object, two names: the caller always reads the documented one.
    configuration_set_type: Annotated[
        str | None, _one_type("ProvisioningConfiguration", "WindowsProvisioningConfiguration")
    ] = element("ConfigurationSetType", default="ProvisioningConfiguration")
    machine_name: str | None = element("MachineName", ga="ComputerName")
    admin_password: SecretStr | None = element("AdminPassword")
    reset_password_on_first_logon: bool | None = element("ResetPasswordOnFirstLogon")
    enable_automatic_updates: bool | None = element("EnableAutomaticUpdates", also=("EnableAutomaticUpdate",))
    time_zone: str | None = element("TimeZone")
    domain_join: DomainJoin | None = element("DomainJoin")
    stored_certificate_settings: Annotated[list[CertificateSetting], OneOrMany] = element(
        "StoredCertificateSettings", item="CertificateSetting"
    )
    win_rm: WinRM | None = element("WinRM")
    admin_username: str | None = element("AdminUsername")
    custom_data: SecretStr | None = element("CustomData")
    additional_unattend_content: AdditionalUnattendContent | None = element("AdditionalUnattendContent")
    provisioning_media_link: str | None = element("ProvisioningMediaLink")


class SSHPublicKey(AzureModel):
    """A public key to install: fingerprint of a service certificate, and the path on the machine."""

    fingerprint: str | None = element("Fingerprint")
    path: str | None = element("Path")


class SSHKeyPair(AzureModel):
    """A key pair to install: fingerprint of a service certificate, and the path on the machine."""

    fingerprint: str | None = element("Fingerprint")
    path: str | None = element("Path")


class SSH(AzureModel):
    """Keys to install on a Linux machine."""

    public_keys: Annotated[list[SSHPublicKey], OneOrMany] = element("PublicKeys", item="PublicKey")
    key_pairs: Annotated[list[SSHKeyPair], OneOrMany] = element("KeyPairs", item="KeyPair")


class LinuxProvisioningConfiguration(ConfigurationSet):
    """How a Linux machine is set up. Password login is off unless said otherwise (service default)."""

    xml_type: ClassVar[str | None] = "LinuxProvisioningConfigurationSet"

    configuration_set_type: Annotated[str | None, _one_type("LinuxProvisioningConfiguration")] = element(
        "ConfigurationSetType", default="LinuxProvisioningConfiguration"
    )
    host_name: str | None = element("HostName")
    user_name: str | None = element("UserName")
    user_password: SecretStr | None = element("UserPassword")
    disable_ssh_password_authentication: bool | None = element("DisableSshPasswordAuthentication")
    ssh: SSH | None = element("SSH")
    custom_data: SecretStr | None = element("CustomData")


class PublicIP(AzureModel):
    """A public address of one instance."""

    name: str | None = element("Name")
    address: str | None = element("Address")
    idle_timeout_in_minutes: int | None = element("IdleTimeoutInMinutes")
    domain_name_label: str | None = element("DomainNameLabel")
    fqdns: list[str] = element("Fqdns", item="Fqdn")


class IPConfiguration(AzureModel):
    """Address of a network interface."""

    subnet_name: str | None = element("SubnetName")
    static_virtual_network_ip_address: str | None = element("StaticVirtualNetworkIPAddress")
    address: str | None = element("Address")


class NetworkInterface(AzureModel):
    """A further network interface of a role."""

    name: str | None = element("Name")
    mac_address: str | None = element("MacAddress")
    ip_configurations: Annotated[list[IPConfiguration], OneOrMany] = element(
        "IPConfigurations", item="IPConfiguration"
    )
    network_security_group: str | None = element("NetworkSecurityGroup")
    ip_forwarding: str | None = element("IPForwarding")


class NetworkConfiguration(ConfigurationSet):
    """Endpoints and network of a role."""

    xml_type: ClassVar[str | None] = "NetworkConfigurationSet"

    configuration_set_type: Annotated[str | None, _one_type("NetworkConfiguration")] = element(
        "ConfigurationSetType", default="NetworkConfiguration"
    )
    input_endpoints: Annotated[list[ExternalEndpoint], OneOrMany] = element(
        "InputEndpoints", item="ExternalEndpoint", ga_item="InputEndpoint"
    )
    subnet_names: list[str] = element("SubnetNames", item="SubnetName")
    static_virtual_network_ip_address: str | None = element("StaticVirtualNetworkIPAddress")
    public_ips: Annotated[list[PublicIP], OneOrMany] = element("PublicIPs", item="PublicIP")
    network_interfaces: Annotated[list[NetworkInterface], OneOrMany] = element(
        "NetworkInterfaces", item="NetworkInterface"
    )
    network_security_group: str | None = element("NetworkSecurityGroup")
    ip_forwarding: str | None = element("IPForwarding")


_SETS_BY_TYPE = {
    "ProvisioningConfiguration": "provisioning",
    "WindowsProvisioningConfiguration": "provisioning",
    "LinuxProvisioningConfiguration": "linux",
    "NetworkConfiguration": "network",
}


def _set_kind(value: Any) -> str:
    if isinstance(value, ProvisioningConfiguration):
        return "provisioning"
    if isinstance(value, LinuxProvisioningConfiguration):
        return "linux"
    if isinstance(value, NetworkConfiguration):
        return "network"
    if isinstance(value, dict):
        kind = value.get("ConfigurationSetType", value.get("configuration_set_type"))
        return _SETS_BY_TYPE.get(str(kind), "other")
    return "other"


AnyConfigurationSet = Annotated[
    Annotated[ProvisioningConfiguration, Tag("provisioning")]
    | Annotated[LinuxProvisioningConfiguration, Tag("linux")]
    | Annotated[NetworkConfiguration, Tag("network")]
    | Annotated[ConfigurationSet, Tag("other")],
    Discriminator(_set_kind),
]


class ResourceExtensionParameterValue(AzureModel):
    """A parameter of an extension: base64 of a JSON text; ``Private`` ones are secrets."""

    key: str | None = element("Key")
    value: SecretStr | None = element("Value")
    type: str | None = element("Type")


class ResourceExtensionReference(AzureModel):
    """An extension that runs on the machine."""

    reference_name: str | None = element("ReferenceName")
    publisher: str | None = element("Publisher")
    name: str | None = element("Name")
    version: str | None = element("Version")
    resource_extension_parameter_values: Annotated[list[ResourceExtensionParameterValue], OneOrMany] = (
        element("ResourceExtensionParameterValues", item="ResourceExtensionParameterValue")
    )
    state: str | None = element("State")


class OSDiskResize(AzureModel):
    """Size of the system disk made from a VM image."""

    resized_size_in_gb: int | None = element("ResizedSizeInGB")


class DataDiskResize(AzureModel):
    """Size of a data disk made from a VM image."""

    disk_name: str | None = element("DiskName")
    resized_size_in_gb: int | None = element("ResizedSizeInGB")


class VMImageInput(AzureModel):
    """Changes to the disks of a VM image while they are copied."""

    os_disk_configuration: OSDiskResize | None = element("OSDiskConfiguration")
    data_disk_configurations: Annotated[list[DataDiskResize], OneOrMany] = element(
        "DataDiskConfigurations", item="DataDiskConfiguration"
    )


class DebugSettings(AzureModel):
    """Boot diagnostics of a machine."""

    boot_diagnostics_enabled: bool | None = element("BootDiagnosticsEnabled")
    console_screenshot_blob_uri: str | None = element("ConsoleScreenshotBlobUri")
    serial_output_blob_uri: str | None = element("SerialOutputBlobUri")


class VMRole(AzureModel):
    """A virtual machine ("Role"; ``PersistentVMRole`` as a document of its own).

    Required to create: ``role_name``, and ``os_disk`` (or ``vm_image_name``).
    In answers only the network configuration set comes back, never the provisioning set.
    """

    xml_type: ClassVar[str | None] = "PersistentVMRole"

    role_name: str | None = element("RoleName")
    os_version: str | None = element("OsVersion", also=("OSVersion",))
    role_type: str | None = element("RoleType")
    configuration_sets: Annotated[list[AnyConfigurationSet], OneOrMany] = element(
        "ConfigurationSets", item="ConfigurationSet"
    )
    resource_extension_references: Annotated[list[ResourceExtensionReference], OneOrMany] = element(
        "ResourceExtensionReferences", item="ResourceExtensionReference"
    )
    vm_image_name: str | None = element("VMImageName")
    media_location: str | None = element("MediaLocation")
    availability_set_name: str | None = element("AvailabilitySetName")
    data_disks: Annotated[list[DataDisk], OneOrMany] = element(
        "DataDisks", ga="DataVirtualHardDisks", item="DataDisk", ga_item="DataVirtualHardDisk"
    )
    label: str | None = element("Label")
    os_disk: OSDisk | None = element("OSDisk", ga="OSVirtualHardDisk")
    role_size: str | None = element("RoleSize")
    default_win_rm_certificate_thumbprint: str | None = element(
        "DefaultWinRmCertificateThumbprint", also=("DefaultWinRMCertificateThumbprint",)
    )
    provision_guest_agent: bool | None = element("ProvisionGuestAgent")
    vm_image_input: VMImageInput | None = element("VMImageInput")
    debug_settings: DebugSettings | None = element("DebugSettings")
    license_type: str | None = element("LicenseType")
    migration_state: str | None = element("MigrationState")

    @property
    def network_configuration(self) -> NetworkConfiguration | None:
        """The network configuration set, or None."""
        return next((s for s in self.configuration_sets if isinstance(s, NetworkConfiguration)), None)

    @property
    def provisioning_configuration(
        self,
    ) -> ProvisioningConfiguration | LinuxProvisioningConfiguration | None:
        """The provisioning set, Windows or Linux, or None."""
        kinds = (ProvisioningConfiguration, LinuxProvisioningConfiguration)
        return next((s for s in self.configuration_sets if isinstance(s, kinds)), None)
