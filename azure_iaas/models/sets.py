"""Configuration sets of a role: how a machine is set up, its endpoints and its network.

All a kind of set is stands in its class: the values of ConfigurationSetType that mean it, its ``i:type``, its
elements. Nothing else lists the kinds.

Sources: "WindowsProvisioningConfiguration", "LinuxProvisioningConfiguration", "NetworkConfiguration"
(protocol chapter 10).
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import (
    ModelWrapValidatorHandler,
    SerializeAsAny,
    ValidationInfo,
    field_validator,
    model_validator,
)

from azure_iaas.models.base import AzureModel, OneOrMany, Secret, element

_TYPE_NAMES: Final = ("ConfigurationSetType", "configuration_set_type")


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
    password: Secret | None = element("Password")


class DomainProvisioning(AzureModel):
    """Offline domain join blob."""

    account_data: Secret | None = element("AccountData")


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
    content: Secret | None = element("Content")


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


class ConfigurationSet(AzureModel):
    """A configuration set; of a kind this library doesn't know, it is kept as it is.

    Made with the type of a kind that is known, it becomes an object of that kind's class.
    """

    type_names: ClassVar[tuple[str, ...]] = ()
    """Values of ConfigurationSetType that mean this class: the documented one, then the GA wire's."""

    configuration_set_type: str | None = element("ConfigurationSetType")

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
    machine_name: str | None = element("MachineName", ga="ComputerName")
    admin_password: Secret | None = element("AdminPassword")
    reset_password_on_first_logon: bool | None = element("ResetPasswordOnFirstLogon")
    enable_automatic_updates: bool | None = element("EnableAutomaticUpdates", also=("EnableAutomaticUpdate",))
    time_zone: str | None = element("TimeZone")
    domain_join: DomainJoin | None = element("DomainJoin")
    stored_certificate_settings: Annotated[list[CertificateSetting], OneOrMany] = element(
        "StoredCertificateSettings", item="CertificateSetting"
    )
    win_rm: WinRM | None = element("WinRM")
    admin_username: str | None = element("AdminUsername")
    custom_data: Secret | None = element("CustomData")
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

    type_names: ClassVar[tuple[str, ...]] = ("LinuxProvisioningConfiguration",)
    xml_type: ClassVar[str | None] = "LinuxProvisioningConfigurationSet"

    configuration_set_type: str | None = element(
        "ConfigurationSetType", default="LinuxProvisioningConfiguration"
    )
    host_name: str | None = element("HostName")
    user_name: str | None = element("UserName")
    user_password: Secret | None = element("UserPassword")
    disable_ssh_password_authentication: bool | None = element("DisableSshPasswordAuthentication")
    ssh: SSH | None = element("SSH")
    custom_data: Secret | None = element("CustomData")


class PublicIP(AzureModel):
    """A public address of one instance."""

    name: str | None = element("Name")
    address: str | None = element("Address", output_only=True)
    idle_timeout_in_minutes: int | None = element("IdleTimeoutInMinutes")
    domain_name_label: str | None = element("DomainNameLabel")
    fqdns: list[str] = element("Fqdns", item="Fqdn", output_only=True)


class IPConfiguration(AzureModel):
    """Address of a network interface."""

    subnet_name: str | None = element("SubnetName")
    static_virtual_network_ip_address: str | None = element("StaticVirtualNetworkIPAddress")
    address: str | None = element("Address", output_only=True)


class NetworkInterface(AzureModel):
    """A further network interface of a role."""

    name: str | None = element("Name")
    mac_address: str | None = element("MacAddress", output_only=True)
    ip_configurations: Annotated[list[IPConfiguration], OneOrMany] = element(
        "IPConfigurations", item="IPConfiguration"
    )
    network_security_group: str | None = element("NetworkSecurityGroup")
    ip_forwarding: str | None = element("IPForwarding")


class NetworkConfiguration(ConfigurationSet):
    """Endpoints and network of a role."""

    type_names: ClassVar[tuple[str, ...]] = ("NetworkConfiguration",)
    xml_type: ClassVar[str | None] = "NetworkConfigurationSet"

    configuration_set_type: str | None = element("ConfigurationSetType", default="NetworkConfiguration")
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
