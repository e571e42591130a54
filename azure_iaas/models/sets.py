"""Configuration sets of a role: how a machine is set up, its endpoints and its network.

All a kind of set is stands in its class: the values of ConfigurationSetType that mean it, its ``i:type``, its
elements. Nothing else lists the kinds.

Sources: "WindowsProvisioningConfiguration", "LinuxProvisioningConfiguration", "NetworkConfiguration"
(protocol chapter 10).
"""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Self

from pydantic import (
    ModelWrapValidatorHandler,
    SerializeAsAny,
    ValidationInfo,
    field_validator,
    model_validator,
)

from azure_iaas.models.base import AzureModel, OneOrMany, Secret, element

if TYPE_CHECKING:
    from typing import Unpack

    from azure_iaas.models import mappings

_TYPE_NAMES: Final = ("ConfigurationSetType", "configuration_set_type")


class LoadBalancerProbe(AzureModel):
    """How a load balancer asks whether a machine is well. ``path`` is for http only."""

    path: str | None = element("Path", also=("RelativeUri",))
    """Path that is asked, for http only."""
    port: int | None = element("Port", ge=0, le=65535)
    """Port of the machine that is asked."""
    protocol: str | None = element("Protocol")
    """``http`` or ``tcp``."""
    interval_in_seconds: int | None = element("IntervalInSeconds")
    """Seconds between questions; 15 by default."""
    timeout_in_seconds: int | None = element("TimeoutInSeconds")
    """Seconds without an answer after which the machine gets no traffic; 31 by default."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.LoadBalancerProbeArguments]) -> None: ...


class AclRule(AzureModel):
    """One rule of an endpoint's access list: permit or deny a subnet."""

    order: int | None = element("Order")
    """Rules are tried from the lowest number."""
    action: str | None = element("Action")
    """``permit`` or ``deny``."""
    remote_subnet: str | None = element("RemoteSubnet")
    """Whom it is about, in CIDR notation."""
    description: str | None = element("Description")
    """A text for people."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.AclRuleArguments]) -> None: ...


class EndpointAcl(AzureModel):
    """Access list of an endpoint."""

    rules: Annotated[list[AclRule], OneOrMany] = element("Rules", item="Rule")
    """Tried in their order; the first that fits counts."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.EndpointAclArguments]) -> None: ...


class ExternalEndpoint(AzureModel):
    """A public port of a role ("InputEndpoint" on the GA wire).

    ``port`` is the public one (the service picks one when absent), ``local_port`` the machine's.
    """

    load_balanced_endpoint_set_name: str | None = element("LoadBalancedEndpointSetName")
    """Endpoints of one set share port, protocol and probe."""
    local_port: int | None = element("LocalPort")
    """Port of the machine, 1 to 65535."""
    name: str | None = element("Name")
    """Name, unique in the machine."""
    port: int | None = element("Port")
    """Public port, 1 to 65535; the service picks one when absent."""
    load_balancer_probe: LoadBalancerProbe | None = element("LoadBalancerProbe")
    """How the load balancer asks."""
    protocol: str | None = element("Protocol")
    """``tcp`` or ``udp``."""
    vip: str | None = element("Vip")
    """Public address."""
    enable_direct_server_return: bool | None = element("EnableDirectServerReturn")
    """Whether the machine answers from the public address itself."""
    load_balancer_name: str | None = element("LoadBalancerName")
    """Internal load balancer the port is at."""
    endpoint_acl: EndpointAcl | None = element("EndpointAcl")
    """Who may come in."""
    idle_timeout_in_minutes: int | None = element("IdleTimeoutInMinutes")
    """Minutes until an idle connection is dropped: 4 to 30, 4 by default."""
    load_balancer_distribution: str | None = element("LoadBalancerDistribution")
    """``sourceIP``, ``sourceIPProtocol`` or ``none``."""
    virtual_ip_name: str | None = element("VirtualIPName")
    """Which public address of several."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.ExternalEndpointArguments]) -> None: ...


class CertificateSetting(AzureModel):
    """A service certificate to install on the machine."""

    store_location: str | None = element("StoreLocation")
    """``LocalMachine``."""
    store_name: str | None = element("StoreName")
    """Store, for example ``My``."""
    thumbprint: str | None = element("Thumbprint")
    """Thumbprint of a certificate of the cloud service."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.CertificateSettingArguments]) -> None: ...


class DomainCredentials(AzureModel):
    """Account that may join a domain."""

    domain: str | None = element("Domain")
    """Domain of the account."""
    username: str | None = element("Username")
    """Name of the account."""
    password: Secret | None = element("Password")
    """Its password."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DomainCredentialsArguments]) -> None: ...


class DomainProvisioning(AzureModel):
    """Offline domain join blob."""

    account_data: Secret | None = element("AccountData")
    """Base64 of the offline join data."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DomainProvisioningArguments]) -> None: ...


class DomainJoin(AzureModel):
    """The domain a Windows machine joins."""

    credentials: DomainCredentials | None = element("Credentials")
    """Who joins."""
    provisioning: DomainProvisioning | None = element("Provisioning")
    """Data of an offline join."""
    join_domain: str | None = element("JoinDomain")
    """Domain to join."""
    machine_object_ou: str | None = element("MachineObjectOU")
    """Organizational unit the machine is put into."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DomainJoinArguments]) -> None: ...


class Listener(AzureModel):
    """A remote management listener."""

    certificate_thumbprint: str | None = element("CertificateThumbprint")
    """Certificate of an https listener."""
    protocol: str | None = element("Protocol", also=("Type",))
    """``Http`` or ``Https``."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.ListenerArguments]) -> None: ...


class WinRM(AzureModel):
    """Remote management of a Windows machine."""

    listeners: Annotated[list[Listener], OneOrMany] = element("Listeners", item="Listener")
    """At most one for http and one for https."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.WinRMArguments]) -> None: ...


class ComponentSetting(AzureModel):
    """One setting of an unattended set-up component; ``content`` often holds passwords."""

    setting_name: str | None = element("SettingName")
    """Name of the setting."""
    content: Secret | None = element("Content")
    """Its XML."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.ComponentSettingArguments]) -> None: ...


class UnattendComponent(AzureModel):
    """One component of an unattended set-up pass."""

    component_name: str | None = element("ComponentName")
    """Name of the component."""
    component_settings: Annotated[list[ComponentSetting], OneOrMany] = element(
        "ComponentSettings", item="ComponentSetting"
    )
    """Its settings."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.UnattendComponentArguments]) -> None: ...


class UnattendPass(AzureModel):
    """One pass of an unattended set-up."""

    pass_name: str | None = element("PassName")
    """Name of the pass."""
    components: Annotated[list[UnattendComponent], OneOrMany] = element(
        "Components", item="UnattendComponent"
    )
    """Its components."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.UnattendPassArguments]) -> None: ...


class AdditionalUnattendContent(AzureModel):
    """What is added to the unattended set-up file."""

    passes: Annotated[list[UnattendPass], OneOrMany] = element("Passes", item="UnattendPass")
    """The passes it adds to."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.AdditionalUnattendContentArguments]) -> None: ...


class ConfigurationSet(AzureModel):
    """A configuration set; of a kind this library doesn't know, it is kept as it is.

    Made with the type of a kind that is known, it becomes an object of that kind's class.
    """

    type_names: ClassVar[tuple[str, ...]] = ()
    """Values of ConfigurationSetType that mean this class: the documented one, then the GA wire's."""

    configuration_set_type: str | None = element("ConfigurationSetType")
    """Which kind of set it is."""

    if TYPE_CHECKING:

        def __init__(self, **values: Any) -> None: ...  # of any kind

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _CLASSES.update(dict.fromkeys(cls.type_names, cls))

    def __new__(cls, /, **values: Any) -> Self:  # noqa: D102 - see the class
        kind: type[Self] = _class_for(cls, values)
        return object.__new__(kind)

    @model_validator(mode="wrap")
    @classmethod
    def _by_type(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        kind = _class_for(cls, value)
        return handler(value) if kind is cls else kind.model_validate(value, context=info.context)

    @field_validator("configuration_set_type")
    @classmethod
    def _of_this_class(cls, value: str | None) -> str | None:
        if not cls.type_names:
            return value
        # One object, two names: the caller always reads the documented one.
        if value is not None and value not in cls.type_names:
            msg = f"is {cls.type_names[0]} on this object"
            raise ValueError(msg)
        return cls.type_names[0]

    @model_validator(mode="after")
    def _say_the_type(self) -> Self:
        # By it the others tell what this is: it is written, and dumped, also when nobody set it.
        if self.configuration_set_type is not None:
            self.__pydantic_fields_set__.add("configuration_set_type")
        return self

    @property
    def ga_type(self) -> str | None:
        """ConfigurationSetType as the GA wire has it."""
        return self.type_names[-1] if self.type_names else self.configuration_set_type


_CLASSES: Final[dict[str, type[ConfigurationSet]]] = {}
"""By each value of ConfigurationSetType; filled as the classes below are made."""


def class_of(type_name: object) -> type[ConfigurationSet]:
    """The class of the sets whose ConfigurationSetType is ``type_name``; of an unknown one, the base."""
    return _CLASSES.get(type_name, ConfigurationSet) if isinstance(type_name, str) else ConfigurationSet


def _class_for(cls: type[Any], value: Any) -> type[Any]:
    """The class to make where ``cls`` was asked for."""
    if cls is not ConfigurationSet or not isinstance(value, dict):
        return cls
    kind = next((value[name] for name in _TYPE_NAMES if name in value), None)
    return class_of(kind.strip() if isinstance(kind, str) else kind)


class ProvisioningConfiguration(ConfigurationSet):
    """How a Windows machine is set up ("WindowsProvisioningConfiguration").

    ``machine_name`` is ``ComputerName`` on the GA wire: 1 to 15 characters, not only digits.
    Goes to the service only; no answer ever holds it.
    """

    type_names: ClassVar[tuple[str, ...]] = ("ProvisioningConfiguration", "WindowsProvisioningConfiguration")
    xml_type: ClassVar[str | None] = "WindowsProvisioningConfigurationSet"

    configuration_set_type: str | None = element("ConfigurationSetType", default="ProvisioningConfiguration")
    """Always ``ProvisioningConfiguration`` here."""
    machine_name: str | None = element("MachineName", ga="ComputerName")
    """Computer name: 1 to 15 characters, not only digits."""
    admin_password: Secret | None = element("AdminPassword")
    """Password of the administrator."""
    reset_password_on_first_logon: bool | None = element("ResetPasswordOnFirstLogon")
    """Whether it must be changed at the first logon."""
    enable_automatic_updates: bool | None = element("EnableAutomaticUpdates", also=("EnableAutomaticUpdate",))
    """Whether updates install themselves."""
    time_zone: str | None = element("TimeZone")
    """Windows name, for example ``Pacific Standard Time``."""
    domain_join: DomainJoin | None = element("DomainJoin")
    """Domain to join."""
    stored_certificate_settings: Annotated[list[CertificateSetting], OneOrMany] = element(
        "StoredCertificateSettings", item="CertificateSetting"
    )
    """Certificates of the cloud service to install."""
    win_rm: WinRM | None = element("WinRM")
    """Remote management."""
    admin_username: str | None = element("AdminUsername")
    """Name of the administrator."""
    custom_data: Secret | None = element("CustomData")
    """Base64, at most 65,535 bytes."""
    additional_unattend_content: AdditionalUnattendContent | None = element("AdditionalUnattendContent")
    """What is added to the unattended set-up."""
    provisioning_media_link: str | None = element("ProvisioningMediaLink")
    """Preview only: URI of provisioning media."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.ProvisioningConfigurationArguments]) -> None: ...


class SSHPublicKey(AzureModel):
    """A public key to install: fingerprint of a service certificate, and the path on the machine."""

    fingerprint: str | None = element("Fingerprint")
    """Fingerprint of a certificate of the cloud service."""
    path: str | None = element("Path")
    """File on the machine."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.SSHPublicKeyArguments]) -> None: ...


class SSHKeyPair(AzureModel):
    """A key pair to install: fingerprint of a service certificate, and the path on the machine."""

    fingerprint: str | None = element("Fingerprint")
    """Fingerprint of a certificate of the cloud service."""
    path: str | None = element("Path")
    """File on the machine."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.SSHKeyPairArguments]) -> None: ...


class SSH(AzureModel):
    """Keys to install on a Linux machine."""

    public_keys: Annotated[list[SSHPublicKey], OneOrMany] = element("PublicKeys", item="PublicKey")
    """Public keys to install."""
    key_pairs: Annotated[list[SSHKeyPair], OneOrMany] = element("KeyPairs", item="KeyPair")
    """Key pairs to install."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.SSHArguments]) -> None: ...


class LinuxProvisioningConfiguration(ConfigurationSet):
    """How a Linux machine is set up. Password login is off unless said otherwise (service default)."""

    type_names: ClassVar[tuple[str, ...]] = ("LinuxProvisioningConfiguration",)
    xml_type: ClassVar[str | None] = "LinuxProvisioningConfigurationSet"

    configuration_set_type: str | None = element(
        "ConfigurationSetType", default="LinuxProvisioningConfiguration"
    )
    """Always ``LinuxProvisioningConfiguration`` here."""
    host_name: str | None = element("HostName")
    """Host name, 1 to 64 characters."""
    user_name: str | None = element("UserName")
    """User to create, 1 to 32 characters."""
    user_password: Secret | None = element("UserPassword")
    """Its password; needed unless password login is disabled."""
    disable_ssh_password_authentication: bool | None = element("DisableSshPasswordAuthentication")
    """The service takes true by default: no login with a password."""
    ssh: SSH | None = element("SSH")
    """Keys to install."""
    custom_data: Secret | None = element("CustomData")
    """Base64, at most 65,535 bytes."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.LinuxProvisioningConfigurationArguments]) -> None: ...


class PublicIP(AzureModel):
    """A public address of one instance."""

    name: str | None = element("Name")
    """Name of the address."""
    address: str | None = element("Address", output_only=True)
    """The address, said by the service."""
    idle_timeout_in_minutes: int | None = element("IdleTimeoutInMinutes")
    """Minutes until an idle connection is dropped: 4 to 30."""
    domain_name_label: str | None = element("DomainNameLabel")
    """First part of its DNS name."""
    fqdns: list[str] = element("Fqdns", item="Fqdn", output_only=True)
    """Its DNS names, said by the service."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.PublicIPArguments]) -> None: ...


class IPConfiguration(AzureModel):
    """Address of a network interface."""

    subnet_name: str | None = element("SubnetName")
    """Subnet of the address."""
    static_virtual_network_ip_address: str | None = element("StaticVirtualNetworkIPAddress")
    """Address that is asked for."""
    address: str | None = element("Address", output_only=True)
    """The address, said by the service."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.IPConfigurationArguments]) -> None: ...


class NetworkInterface(AzureModel):
    """A further network interface of a role."""

    name: str | None = element("Name")
    """Name of the interface."""
    mac_address: str | None = element("MacAddress", output_only=True)
    """Its MAC address, said by the service."""
    ip_configurations: Annotated[list[IPConfiguration], OneOrMany] = element(
        "IPConfigurations", item="IPConfiguration"
    )
    """Its address."""
    network_security_group: str | None = element("NetworkSecurityGroup")
    """Name of its security group."""
    ip_forwarding: str | None = element("IPForwarding")
    """``Enabled`` or ``Disabled``."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.NetworkInterfaceArguments]) -> None: ...


class NetworkConfiguration(ConfigurationSet):
    """Endpoints and network of a role."""

    type_names: ClassVar[tuple[str, ...]] = ("NetworkConfiguration",)
    xml_type: ClassVar[str | None] = "NetworkConfigurationSet"

    configuration_set_type: str | None = element("ConfigurationSetType", default="NetworkConfiguration")
    """Always ``NetworkConfiguration`` here."""
    input_endpoints: Annotated[list[ExternalEndpoint], OneOrMany] = element(
        "InputEndpoints", item="ExternalEndpoint", ga_item="InputEndpoint"
    )
    """Public ports."""
    subnet_names: list[str] = element("SubnetNames", item="SubnetName")
    """Subnet of the deployment's virtual network."""
    static_virtual_network_ip_address: str | None = element("StaticVirtualNetworkIPAddress")
    """Address in the virtual network that is asked for."""
    public_ips: Annotated[list[PublicIP], OneOrMany] = element("PublicIPs", item="PublicIP")
    """At most one public address of the machine itself."""
    network_interfaces: Annotated[list[NetworkInterface], OneOrMany] = element(
        "NetworkInterfaces", item="NetworkInterface"
    )
    """Further network interfaces."""
    network_security_group: str | None = element("NetworkSecurityGroup")
    """Name of the security group."""
    ip_forwarding: str | None = element("IPForwarding")
    """``Enabled`` or ``Disabled``."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.NetworkConfigurationArguments]) -> None: ...


AnyConfigurationSet = SerializeAsAny[ConfigurationSet]
"""A set of any kind, dumped with the fields of its own class."""


def name_provisioning_set(data: Any) -> Any:
    """Give a provisioning set its type where the element's own name already says it.

    A host or user name means Linux.
    """
    if not isinstance(data, dict):
        return data
    for key in ("ProvisioningConfiguration", "provisioning_configuration"):
        values = data.get(key)
        if isinstance(values, dict) and not any(name in values for name in _TYPE_NAMES):
            linux = {"HostName", "UserName", "host_name", "user_name"} & values.keys()
            kind = LinuxProvisioningConfiguration if linux else ProvisioningConfiguration
            return {**data, key: {"ConfigurationSetType": kind.type_names[0], **values}}
    return data
