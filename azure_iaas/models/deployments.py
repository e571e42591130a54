"""Deployments and the instances that run in them ("Deployment", "RoleInstance", protocol chapter 10)."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from azure_iaas.models.base import AzureModel, OneOrMany, Timestamp, element
from azure_iaas.models.roles import VMRole
from azure_iaas.models.sets import NetworkInterface, PublicIP

if TYPE_CHECKING:
    from typing import Unpack

    from azure_iaas.models import mappings


class ExtendedProperty(AzureModel):
    """A named text a user attaches to a resource."""

    name: str | None = element("Name")
    """Name of the text."""
    value: str | None = element("Value")
    """The text."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.ExtendedPropertyArguments]) -> None: ...


class InstanceEndpoint(AzureModel):
    """A public port as it is open on an instance."""

    name: str | None = element("Name")
    """Name of the endpoint."""
    vip: str | None = element("Vip")
    """Public address."""
    public_port: int | None = element("PublicPort")
    """Public port."""
    local_port: int | None = element("LocalPort")
    """Port of the machine."""
    protocol: str | None = element("Protocol")
    """``tcp`` or ``udp``."""
    idle_timeout_in_minutes: int | None = element("IdleTimeoutInMinutes")
    """Minutes until an idle connection is dropped."""


class FormattedMessage(AzureModel):
    """A message for people, with its language."""

    language: str | None = element("Language")
    """Language of the message."""
    message: str | None = element("Message")
    """The message, for people."""


class GuestAgentStatus(AzureModel):
    """What the agent in the guest last reported."""

    protocol_version: str | None = element("ProtocolVersion")
    """Version of the protocol."""
    timestamp: Timestamp | None = element("Timestamp")
    """When it reported."""
    guest_agent_version: str | None = element("GuestAgentVersion")
    """Version of the agent."""
    status: str | None = element("Status")
    """``Ready`` or ``NotReady``."""
    code: str | None = element("Code")
    """Code of the status."""
    message: str | None = element("Message")
    """What it says, for people."""
    formatted_message: FormattedMessage | None = element("FormattedMessage")
    """The same with its language."""


class SubStatus(AzureModel):
    """A detail of an extension's status."""

    name: str | None = element("Name")
    """Name of the detail."""
    status: str | None = element("Status")
    """``success``, ``error``..."""
    code: str | None = element("Code")
    """Code of the status."""
    message: str | None = element("Message")
    """What it says, for people."""
    formatted_message: FormattedMessage | None = element("FormattedMessage")
    """The same with its language."""


class ExtensionSettingStatus(AzureModel):
    """How an extension's settings were carried out."""

    timestamp: Timestamp | None = element("Timestamp")
    """When it was reported."""
    configuration_applied_time: Timestamp | None = element("ConfigurationAppliedTime")
    """When the settings were carried out."""
    name: str | None = element("Name")
    """Name of the extension."""
    operation: str | None = element("Operation")
    """What was being done."""
    status: str | None = element("Status")
    """``success``, ``error``, ``transitioning``..."""
    code: str | None = element("Code")
    """Code of the status."""
    message: str | None = element("Message")
    """What it says, for people."""
    formatted_message: FormattedMessage | None = element("FormattedMessage")
    """The same with its language."""
    sub_status_list: Annotated[list[SubStatus], OneOrMany] = element("SubStatusList", item="SubStatus")
    """Details, for example output."""


class ResourceExtensionStatus(AzureModel):
    """How an extension stands on an instance."""

    handler_name: str | None = element("HandlerName")
    """Publisher and name of the extension."""
    version: str | None = element("Version")
    """Its version."""
    status: str | None = element("Status")
    """``Ready``, ``NotReady``, ``Installing``..."""
    code: str | None = element("Code")
    """Code of the status."""
    message: str | None = element("Message")
    """What it says, for people."""
    formatted_message: FormattedMessage | None = element("FormattedMessage")
    """The same with its language."""
    extension_setting_status: ExtensionSettingStatus | None = element("ExtensionSettingStatus")
    """How its settings were carried out."""


class MaintenanceStatus(AzureModel):
    """Whether the user may start maintenance now, and how the last one ended."""

    is_customer_initiated_maintenance_allowed: bool | None = element("IsCustomerInitiatedMaintenanceAllowed")
    """Whether the user may start it now."""
    last_operation_result_code: str | None = element("LastOperationResultCode")
    """How the last one ended."""
    last_operation_result_string: str | None = element("LastOperationResultString")
    """The same, for people."""


class InstanceState(StrEnum):
    """Words of ``instance_status`` since 2011-10-01 ("InstanceStatus", protocol chapter 13).

    The field itself is a text: a service may say a word that isn't here, which is never a final state.
    """

    UNKNOWN = "RoleStateUnknown"
    PREPARING = "Preparing"
    CREATING_VM = "CreatingVM"
    STARTING_VM = "StartingVM"
    PROVISIONING = "Provisioning"
    PROVISIONING_FAILED = "ProvisioningFailed"
    PROVISIONING_TIMEOUT = "ProvisioningTimeout"
    CREATING_ROLE = "CreatingRole"
    STARTING_ROLE = "StartingRole"
    READY_ROLE = "ReadyRole"
    BUSY_ROLE = "BusyRole"
    RESTARTING_ROLE = "RestartingRole"
    CYCLING_ROLE = "CyclingRole"
    UNRESPONSIVE_ROLE = "UnresponsiveRole"
    FAILED_STARTING_ROLE = "FailedStartingRole"
    FAILED_STARTING_VM = "FailedStartingVM"
    STOPPING_ROLE = "StoppingRole"
    STOPPING_VM = "StoppingVM"
    STOPPED_VM = "StoppedVM"
    STOPPING_AND_DEALLOCATING = "StoppingAndDeallocating"
    STOPPED_DEALLOCATED = "StoppedDeallocated"
    DELETING_VM = "DeletingVM"


class RoleInstance(AzureModel):
    """A machine as it runs ("InstanceStatus" and "PowerState", protocol chapter 13).

    A deallocated instance has only its names, status and power state.
    """

    role_name: str | None = element("RoleName")
    """Its role."""
    instance_name: str | None = element("InstanceName")
    """Of a machine the same."""
    instance_status: str | None = element("InstanceStatus")
    """How it stands: a word of :class:`InstanceState`."""
    instance_upgrade_domain: int | None = element("InstanceUpgradeDomain")
    """Updated together with the others of its number."""
    instance_fault_domain: int | None = element("InstanceFaultDomain")
    """Fails together with the others of its number."""
    instance_size: str | None = element("InstanceSize")
    """Size, for example ``Small``."""
    instance_state_details: str | None = element("InstanceStateDetails")
    """What it is doing, for people."""
    instance_error_code: str | None = element("InstanceErrorCode")
    """What went wrong."""
    ip_address: str | None = element("IpAddress")
    """Address inside its network."""
    instance_endpoints: Annotated[list[InstanceEndpoint], OneOrMany] = element(
        "InstanceEndpoints", item="InstanceEndpoint"
    )
    """Its public ports as they are open."""
    power_state: str | None = element("PowerState")
    """``Starting``, ``Started``, ``Stopping``, ``Stopped`` or ``Unknown``."""
    host_name: str | None = element("HostName")
    """Name of the host, once the guest has reported."""
    remote_access_certificate_thumbprint: str | None = element("RemoteAccessCertificateThumbprint")
    """Certificate of remote access."""
    guest_agent_status: GuestAgentStatus | None = element("GuestAgentStatus")
    """What the guest agent last reported."""
    resource_extension_status_list: Annotated[list[ResourceExtensionStatus], OneOrMany] = element(
        "ResourceExtensionStatusList", item="ResourceExtensionStatus"
    )
    """How its extensions stand."""
    public_ips: Annotated[list[PublicIP], OneOrMany] = element("PublicIPs", item="PublicIP")
    """Public addresses of its own."""
    network_interfaces: Annotated[list[NetworkInterface], OneOrMany] = element(
        "NetworkInterfaces", item="NetworkInterface"
    )
    """Further network interfaces."""
    maintenance_status: MaintenanceStatus | None = element("MaintenanceStatus")
    """Whether maintenance can be started now."""


class UpgradeStatus(AzureModel):
    """How an upgrade of a web or worker deployment stands."""

    upgrade_type: str | None = element("UpgradeType")
    """``Auto``, ``Manual`` or ``Simultaneous``."""
    current_upgrade_domain_state: str | None = element("CurrentUpgradeDomainState")
    """``Before`` or ``During``."""
    current_upgrade_domain: int | None = element("CurrentUpgradeDomain")
    """Number of the upgrade domain it is at."""


class InputEndpoint(AzureModel):
    """A public port of a web or worker role, as old versions list it in a deployment."""

    role_name: str | None = element("RoleName")
    """Its role."""
    vip: str | None = element("Vip")
    """Public address."""
    port: int | None = element("Port")
    """Public port."""


class DnsServer(AzureModel):
    """A name server of a deployment."""

    name: str | None = element("Name")
    """Name of the entry."""
    address: str | None = element("Address")
    """Address of the server."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DnsServerArguments]) -> None: ...


class Dns(AzureModel):
    """Name servers of a deployment."""

    dns_servers: Annotated[list[DnsServer], OneOrMany] = element("DnsServers", item="DnsServer")
    """Asked in this order."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DnsArguments]) -> None: ...


class PersistentVMDowntime(AzureModel):
    """Announced maintenance of the hosts."""

    start_time: Timestamp | None = element("StartTime")
    """When it begins."""
    end_time: Timestamp | None = element("EndTime")
    """When it ends."""
    status: str | None = element("Status")
    """How it stands."""


class Extension(AzureModel):
    """An extension of a web or worker role."""

    id: str | None = element("Id")
    """Id of the extension."""
    state: str | None = element("State")
    """``Enable``, ``Disable`` or ``Uninstall``."""


class NamedRole(AzureModel):
    """The extensions of one role of a package."""

    role_name: str | None = element("RoleName")
    """The role."""
    extensions: Annotated[list[Extension], OneOrMany] = element("Extensions", item="Extension")
    """Its extensions."""


class ExtensionConfiguration(AzureModel):
    """Extensions of a web or worker deployment: of all roles, and of single ones."""

    all_roles: Annotated[list[Extension], OneOrMany] = element("AllRoles", item="Extension")
    """Extensions of every role."""
    named_roles: Annotated[list[NamedRole], OneOrMany] = element("NamedRoles", item="Role")
    """Extensions of single roles."""


class VirtualIP(AzureModel):
    """The public address of a deployment."""

    address: str | None = element("Address")
    """The address."""
    is_dns_programmed: bool | None = element("IsDnsProgrammed")
    """Whether the DNS name leads to it."""
    name: str | None = element("Name")
    """Name of the address."""
    is_reserved: bool | None = element("IsReserved")
    """Whether it is a reserved one."""
    reserved_ip_name: str | None = element("ReservedIPName")
    """Which reserved one."""


class FrontendIpConfiguration(AzureModel):
    """The address of an internal load balancer."""

    type: str | None = element("Type")
    """``Private``."""
    subnet_name: str | None = element("SubnetName")
    """Subnet of the address."""
    static_virtual_network_ip_address: str | None = element("StaticVirtualNetworkIPAddress")
    """Address that is asked for."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.FrontendIpConfigurationArguments]) -> None: ...


class LoadBalancer(AzureModel):
    """An internal load balancer."""

    name: str | None = element("Name")
    """Name, which endpoints refer to."""
    frontend_ip_configuration: FrontendIpConfiguration | None = element("FrontendIpConfiguration")
    """Its address."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.LoadBalancerArguments]) -> None: ...


class Deployment(AzureModel):
    """A deployment with its roles and instances ("Get Deployment", ee460804).

    ``label`` is plain text. ``configuration`` is base64 of a service configuration document, as received.
    """

    name: str | None = element("Name")
    """Name, unique in the cloud service."""
    deployment_slot: str | None = element("DeploymentSlot")
    """``Production`` or ``Staging``."""
    private_id: str | None = element("PrivateID")
    """Its id, 32 hex digits."""
    status: str | None = element("Status")
    """``Running``, ``Suspended``, ``Deploying``..."""
    label: str | None = element("Label", base64=True)
    """Plain text."""
    url: str | None = element("Url")
    """Address of the cloud service."""
    configuration: str | None = element("Configuration", repr=False)
    """Base64 of a service configuration document."""
    role_instance_list: Annotated[list[RoleInstance], OneOrMany] = element(
        "RoleInstanceList", also=("RoleInstance",), item="RoleInstance"
    )
    """Instances as they run."""
    upgrade_status: UpgradeStatus | None = element("UpgradeStatus")
    """How an upgrade stands."""
    upgrade_domain_count: int | None = element("UpgradeDomainCount")
    """How many upgrade domains there are."""
    role_list: Annotated[list[VMRole], OneOrMany] = element("RoleList", also=("Role",), item="Role")
    """Its roles."""
    sdk_version: str | None = element("SdkVersion")
    """Empty for machines."""
    input_endpoint_list: Annotated[list[InputEndpoint], OneOrMany] = element(
        "InputEndpointList", item="InputEndpoint"
    )
    """Public ports of web and worker roles, in old versions."""
    locked: bool | None = element("Locked")
    """Whether an update holds it."""
    rollback_allowed: bool | None = element("RollbackAllowed")
    """Whether an update can be rolled back."""
    virtual_network_name: str | None = element("VirtualNetworkName")
    """Virtual network of the machines."""
    created_time: Timestamp | None = element("CreatedTime")
    """When it was created."""
    last_modified_time: Timestamp | None = element("LastModifiedTime")
    """When it last changed."""
    extended_properties: Annotated[list[ExtendedProperty], OneOrMany] = element(
        "ExtendedProperties", item="ExtendedProperty"
    )
    """Named texts users attached."""
    dns: Dns | None = element("Dns")
    """Name servers of the machines."""
    persistent_vm_downtime: PersistentVMDowntime | None = element("PersistentVMDowntime")
    """Announced maintenance."""
    extension_configuration: ExtensionConfiguration | None = element("ExtensionConfiguration")
    """Extensions of web and worker roles."""
    virtual_ips: Annotated[list[VirtualIP], OneOrMany] = element("VirtualIPs", item="VirtualIP")
    """Public addresses; none while all machines are deallocated."""
    reserved_ip_name: str | None = element("ReservedIPName")
    """Reserved address it has."""
    internal_dns_suffix: str | None = element("InternalDnsSuffix")
    """DNS suffix of the machines."""
    load_balancers: Annotated[list[LoadBalancer], OneOrMany] = element("LoadBalancers", item="LoadBalancer")
    """Internal load balancers."""
    virtual_network_id: str | None = element("VirtualNetworkId")
    """Id of the virtual network."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DeploymentArguments]) -> None: ...

    @property
    def role(self) -> VMRole | None:
        """The first role, or None: the documented ``Role`` of a deployment with one machine."""
        return self.role_list[0] if self.role_list else None

    @property
    def role_instance(self) -> RoleInstance | None:
        """The first instance, or None: the documented ``RoleInstance``."""
        return self.role_instance_list[0] if self.role_instance_list else None
