"""The resources of the local service as plain data.

Rules:

1. Times are seconds since the epoch (UTC), as float. What depends on the time, such as an instance's state,
   is worked out from phases when it is asked for; nothing ticks.
2. Everything here can be written to a file: no passwords, no provisioning sets, no certificates' private
   parts are ever kept.
3. Names keep the case they were given in and are compared without it: shelves are keyed by lower-case name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from collections.abc import Iterator, ValuesView

T = TypeVar("T")

NEVER: Final = 1e18
"""A time that doesn't come; infinity can't be written to JSON."""


class InstanceState(StrEnum):
    """``InstanceStatus`` of a virtual machine's instance (protocol.md 13.1)."""

    CREATING_VM = "CreatingVM"
    STARTING_VM = "StartingVM"
    PROVISIONING = "Provisioning"
    READY_ROLE = "ReadyRole"
    ROLE_STATE_UNKNOWN = "RoleStateUnknown"
    RESTARTING_ROLE = "RestartingRole"
    STOPPING_VM = "StoppingVM"
    STOPPED_VM = "StoppedVM"
    STOPPED_DEALLOCATED = "StoppedDeallocated"
    DELETING_VM = "DeletingVM"


Phase = tuple[float, InstanceState, str]
"""A time, and the InstanceStatus and PowerState that are entered then."""


@dataclass(slots=True)
class DataDisk:
    """A data disk attached to a role."""

    lun: int
    disk_name: str
    host_caching: str
    size_in_gb: int
    media_link: str
    label: str = ""


@dataclass(slots=True)
class OSDisk:
    """The operating system disk of a role."""

    disk_name: str
    host_caching: str
    media_link: str
    os: str
    source_image_name: str = ""
    label: str = ""


@dataclass(slots=True)
class Role:
    """A virtual machine and its instance.

    Attributes:
        network: the network configuration set, by element name; never a provisioning set.
        interface_addresses: addresses of the network set's further interfaces, in their order.
        phases: when the instance enters which InstanceStatus and PowerState, in time order.
        host_name: name the guest will report.
        reported_at: when the guest first reports, with its name.
        certificate_at: when it reports its certificate.
        agent_at: when its agent is ready.
        extensions: references as they were sent, without private parameters; None when none were sent.
        debug_settings: debug settings were sent, whether or not they said anything.
        maintained: maintenance was asked for, and done.
        upgrade_domain: index within the availability set, 0 outside of one.
    """

    name: str
    size: str
    os_disk: OSDisk
    data_disks: list[DataDisk] = field(default_factory=list)
    network: dict[str, Any] = field(default_factory=dict)
    availability_set: str = ""
    extensions: list[dict[str, Any]] | None = None
    provision_guest_agent: bool | None = None
    boot_diagnostics: bool | None = None
    debug_settings: bool = False
    winrm_thumbprint: str = ""
    phases: list[Phase] = field(default_factory=list)
    host_name: str = ""
    ip_address: str = ""
    reported_at: float = NEVER
    certificate_at: float = NEVER
    agent_at: float = NEVER
    created_at: float = 0.0
    maintained: bool = False
    upgrade_domain: int = 0
    fault_domain: int = 0
    interface_addresses: list[str] = field(default_factory=list)

    def report(self, at: float, *, certificate: float, agent: float) -> None:
        """Have the guest report what it hasn't yet: its name, and seconds later its certificate and agent."""
        self.reported_at = min(self.reported_at, at)
        self.certificate_at = min(self.certificate_at, at + certificate)
        self.agent_at = min(self.agent_at, at + agent)

    def fall_silent(self, now: float) -> None:
        """Have a stopped guest report nothing any more that it didn't report before."""
        self.reported_at = self.reported_at if self.reported_at <= now else NEVER
        self.certificate_at = self.certificate_at if self.certificate_at <= now else NEVER
        self.agent_at = self.agent_at if self.agent_at <= now else NEVER

    def state(self, now: float) -> tuple[InstanceState, str] | None:
        """InstanceStatus and PowerState at ``now``; None before the instance appears."""
        for at, status, power in reversed(self.phases):
            if at <= now:
                return status, power
        return None

    def follow(self, now: float, steps: list[Phase]) -> None:
        """Enter these phases from ``now`` on, instead of the ones still to come."""
        current = [phase for phase in self.phases if phase[0] <= now][-1:]
        self.phases = [*current, *((now + seconds, status, power) for seconds, status, power in steps)]

    def deallocated(self, now: float) -> bool:
        """The virtual machine holds no host, address or cores."""
        return self.deallocated_since(now) is not None

    def deallocated_since(self, now: float) -> float | None:
        """When the virtual machine gave up its host; None while it has one."""
        for at, status, _ in reversed(self.phases):
            if at <= now:
                return at if status is InstanceState.STOPPED_DEALLOCATED else None
        return None

    def ends_deallocated(self) -> bool:
        """It is deallocated, or will be by an operation that runs: its cores are given back already."""
        return bool(self.phases) and self.phases[-1][1] is InstanceState.STOPPED_DEALLOCATED


@dataclass(slots=True)
class Deployment:
    """A deployment of virtual machines in one slot.

    Attributes:
        label: base64, as it is answered.
        placed_at: when roles are listed for the first time; their instances follow.
        running_at: when it leaves ``Deploying``.
        deleting_since: when Delete Deployment was accepted, or None.
        vip: public address; released while all virtual machines are deallocated.
        virtual_ips: names of further virtual IPs; one has an address while an endpoint stands behind it.
        load_balancer_address: private address of the internal load balancer, empty while there is none.
        promised_addresses: private addresses that the operation on its way is about to give.
    """

    name: str
    slot: str
    private_id: str
    label: str
    created_at: float
    modified_at: float
    placed_at: float
    running_at: float
    vip: str
    roles: dict[str, Role] = field(default_factory=dict)
    deleting_since: float | None = None
    virtual_network: str = ""
    dns_servers: list[dict[str, str]] = field(default_factory=list)
    reserved_ip: str = ""
    load_balancers: list[dict[str, Any]] = field(default_factory=list)
    virtual_ips: list[str] = field(default_factory=list)
    internal_domain: str = "d1"
    upgrade_domain_count: int = 1
    extended_properties: list[dict[str, str]] = field(default_factory=list)
    load_balancer_address: str = ""
    promised_addresses: list[str] = field(default_factory=list)

    def status(self, now: float) -> str:
        """Deployment status (protocol.md 13.3)."""
        if self.deleting_since is not None:
            return "Deleting"
        if now < self.running_at:
            return "Deploying"
        if self.roles and all(role.deallocated(now) for role in self.roles.values()):
            return "Suspended"
        return "Running"

    def role(self, name: str) -> Role | None:
        """The role of this name, compared without case."""
        return self.roles.get(name.lower())


@dataclass(slots=True)
class ServiceCertificate:
    """A certificate of a hosted service: its public part, DER as base64."""

    thumbprint: str
    data: str


@dataclass(slots=True)
class HostedService:
    """A cloud service with its deployments and its lock.

    Attributes:
        label: base64, as it was sent.
        lock_operation: request id of the write that holds it, empty for none.
        lock_until: when that write ends.
        lock_deployment: name of the deployment it runs on, empty when it is the service's own.
    """

    name: str
    label: str
    description: str | None
    location: str
    affinity_group: str
    created_at: float
    modified_at: float
    extended_properties: list[dict[str, str]] = field(default_factory=list)
    reverse_dns_fqdn: str = ""
    deployments: dict[str, Deployment] = field(default_factory=dict)
    certificates: dict[str, ServiceCertificate] = field(default_factory=dict)
    deleting: bool = False
    lock_operation: str = ""
    lock_until: float = 0.0
    lock_deployment: str = ""

    def deployment(self, name: str) -> Deployment | None:
        """The deployment of this name, in either slot, compared without case."""
        wanted = name.lower()
        for deployment in self.deployments.values():
            if deployment.name.lower() == wanted:
                return deployment
        return None


@dataclass(slots=True)
class OSImage:
    """An OS image; ``metadata`` holds the optional elements by name."""

    name: str
    label: str
    os: str
    location: str
    size_in_gb: int
    category: str = "User"
    media_link: str = ""
    affinity_group: str = ""
    role_size: str = ""
    supports_stateless_deployment: bool | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    published: bool = False


@dataclass(slots=True)
class Disk:
    """A registered disk.

    Attributes:
        attached_to: deployment, hosted service and role that use it, or None.
    """

    name: str
    media_link: str
    size_in_gb: int
    created_at: float
    location: str = ""
    affinity_group: str = ""
    label: str = ""
    os: str = ""
    source_image_name: str = ""
    attached_to: tuple[str, str, str] | None = None


@dataclass(slots=True)
class StorageAccount:
    """A storage account; its keys are worked out from the seed and the generations."""

    name: str
    label: str
    description: str | None
    location: str
    affinity_group: str
    account_type: str
    created_at: float
    created_by: float
    resolved_at: float
    lock_until: float = 0.0
    primary_generation: int = 0
    secondary_generation: int = 0
    extended_properties: list[dict[str, str]] = field(default_factory=list)
    custom_domains: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class AffinityGroup:
    """An affinity group; ``label`` is base64, as it was sent."""

    name: str
    label: str
    description: str | None
    location: str
    created_at: float


@dataclass(slots=True)
class VMImage:
    """A VM image: an OS disk and data disks; configurations are kept by element name."""

    name: str
    label: str
    os_disk: dict[str, Any]
    data_disks: list[dict[str, Any]]
    location: str
    created_at: float
    modified_at: float
    ready_at: float
    service_name: str = ""
    deployment_name: str = ""
    role_name: str = ""
    role_state_on_capture: str = ""
    role_size_on_capture: str = ""
    deleting: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ReservedIP:
    """A reserved public address.

    Attributes:
        virtual_ip: the further virtual IP of the deployment it is the address of, empty for the first.
    """

    name: str
    address: str
    id: str
    label: str
    location: str
    service_name: str = ""
    deployment_name: str = ""
    virtual_ip: str = ""


@dataclass(slots=True)
class ManagementCertificate:
    """A management certificate's public part, base64."""

    thumbprint: str
    public_key: str
    data: str
    created_at: float


@dataclass(slots=True)
class NetworkConfiguration:
    """The network configuration document of a subscription, as it was sent."""

    document: str
    lock_until: float = 0.0


@dataclass(slots=True)
class RegisteredResource:
    """A resource provider registered for the subscription."""

    name: str


@dataclass(slots=True)
class Operation:
    """One write that was accepted or carried out.

    Attributes:
        name: title of the REST page, run together: ``AddRole``.
        target: path of the resource it works on.
        ends_at: when it leaves ``InProgress``.
        status_code: ``HttpStatusCode`` of the finished operation: 200, or the failure's.
        error_code: empty unless it fails.
    """

    request_id: str
    name: str
    target: str
    started_at: float
    ends_at: float
    status_code: int = 200
    error_code: str = ""
    error_message: str = ""
    thumbprint: str = ""

    def status(self, now: float) -> str:
        """``InProgress``, ``Succeeded`` or ``Failed`` at ``now``."""
        if now < self.ends_at:
            return "InProgress"
        return "Failed" if self.error_code else "Succeeded"


class Shelf(Generic[T]):
    """All resources of one kind in one subscription, by lower-case name, noting which ones changed.

    Attributes:
        changed: keys put, touched or removed since the last commit, in this order.
    """

    def __init__(self, kind: str, type_: type[T]) -> None:
        self.kind = kind
        self.adapter: TypeAdapter[T] = _adapter(type_)
        self.items: dict[str, T] = {}
        self.changed: dict[str, None] = {}

    def get(self, name: str) -> T | None:
        """The resource of this name, compared without case."""
        return self.items.get(name.lower())

    def put(self, name: str, item: T) -> None:
        """Add or replace a resource."""
        key = name.lower()
        self.items[key] = item
        self.changed[key] = None

    def touch(self, name: str) -> None:
        """Note that the resource of this name was changed in place."""
        self.changed[name.lower()] = None

    def remove(self, name: str) -> None:
        """Remove the resource of this name, if it is there."""
        key = name.lower()
        self.items.pop(key, None)
        self.changed[key] = None

    def values(self) -> ValuesView[T]:
        """All resources, oldest first."""
        return self.items.values()

    def __len__(self) -> int:
        return len(self.items)

    def take_changes(self) -> Iterator[tuple[str, str | None]]:
        """Changed keys with their resource as JSON, None for removed ones; forgets that they changed."""
        for key in self.changed:
            item = self.items.get(key)
            yield key, None if item is None else self.adapter.dump_json(item).decode()
        self.changed.clear()

    def load(self, key: str, document: str) -> None:
        """Take a resource from its JSON, as :meth:`take_changes` gave it."""
        self.items[key] = self.adapter.validate_json(document)


class DiskShelf(Shelf[Disk]):
    """Registered disks, found by the blob they are in as well."""

    def __init__(self) -> None:
        super().__init__("disk", Disk)
        self.by_blob: dict[str, list[Disk]] = {}

    def put(self, name: str, item: Disk) -> None:
        """Add or replace a disk."""
        self._forget(name)
        super().put(name, item)
        self.by_blob.setdefault(same_blob(item.media_link), []).append(item)

    def remove(self, name: str) -> None:
        """Remove the disk of this name, if it is there."""
        self._forget(name)
        super().remove(name)

    def load(self, key: str, document: str) -> None:
        """Take a disk from its JSON."""
        super().load(key, document)
        disk = self.items[key]
        self.by_blob.setdefault(same_blob(disk.media_link), []).append(disk)

    def in_blob(self, link: str) -> Disk | None:
        """The disk in the blob of this address; the oldest, should there be several."""
        return next(iter(self.by_blob.get(same_blob(link), ())), None)

    def _forget(self, name: str) -> None:
        disk = self.get(name)
        if disk is not None:
            blob = same_blob(disk.media_link)
            self.by_blob[blob] = [other for other in self.by_blob[blob] if other is not disk]
            if not self.by_blob[blob]:
                del self.by_blob[blob]


def same_blob(link: str) -> str:
    """What two links to one blob have in common."""
    return link.partition("://")[2].lower()


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(type_: type[T]) -> TypeAdapter[T]:
    if type_ not in _ADAPTERS:
        _ADAPTERS[type_] = TypeAdapter(type_)
    return _ADAPTERS[type_]


class Subscription:
    """Everything one subscription holds."""

    def __init__(self, subscription_id: str) -> None:
        self.id = subscription_id
        self.hosted_services: Shelf[HostedService] = Shelf("hosted_service", HostedService)
        self.os_images: Shelf[OSImage] = Shelf("os_image", OSImage)
        self.disks: DiskShelf = DiskShelf()
        self.storage_accounts: Shelf[StorageAccount] = Shelf("storage_account", StorageAccount)
        self.affinity_groups: Shelf[AffinityGroup] = Shelf("affinity_group", AffinityGroup)
        self.vm_images: Shelf[VMImage] = Shelf("vm_image", VMImage)
        self.reserved_ips: Shelf[ReservedIP] = Shelf("reserved_ip", ReservedIP)
        self.certificates: Shelf[ManagementCertificate] = Shelf(
            "management_certificate", ManagementCertificate
        )
        self.networks: Shelf[NetworkConfiguration] = Shelf("network_configuration", NetworkConfiguration)
        self.resources: Shelf[RegisteredResource] = Shelf("registered_resource", RegisteredResource)
        self.operations: Shelf[Operation] = Shelf("operation", Operation)
        self.cores_in_use = 0

    def shelves(self) -> tuple[Shelf[Any], ...]:
        """Every shelf, for loading and committing."""
        return (
            self.hosted_services,
            self.os_images,
            self.disks,
            self.storage_accounts,
            self.affinity_groups,
            self.vm_images,
            self.reserved_ips,
            self.certificates,
            self.networks,
            self.resources,
            self.operations,
        )
