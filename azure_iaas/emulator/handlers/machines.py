"""Role documents into roles: the checks made at once, the disks they make or take, the ports they need.

Shared by Create Virtual Machine Deployment, Add Role and Update Role. Nothing is changed here: a
:class:`Plan` says what would be, and :func:`carry_out` does it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from azure_iaas.emulator import timeline
from azure_iaas.emulator.catalogue import DEFAULT_ROLE_SIZE, PLATFORM_IMAGES, ROLE_SIZES
from azure_iaas.emulator.state import DataDisk, Disk, OSDisk, Role, StorageAccount
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from azure_iaas.emulator.catalogue import PlatformImage, RoleSize
    from azure_iaas.emulator.state import Deployment, HostedService, Operation, OSImage, VMImage
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.contracts import Values
    from azure_iaas.endpoint.refusals import Refusal

PLATFORM: Final = {image.name.lower(): image for image in PLATFORM_IMAGES}

ROLE_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?", re.ASCII)
DISK_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{0,255}[A-Za-z0-9_]", re.ASCII)
"""At most 256; letters, digits, ``_ . -``, not ending in ``.`` or ``-`` (protocol.md 10.3)."""

_FORBIDDEN_IN_COMPUTER_NAME: Final = frozenset("`~!@#$%^&*()=+_[]{}\\|;:.'\",<>/? \t")
_CACHING: Final = {"none": "None", "readonly": "ReadOnly", "readwrite": "ReadWrite"}


@dataclass(slots=True)
class Plan:
    """A role to be made.

    Attributes:
        new_disks: disks to be registered, attached from the beginning.
        taken_disks: registered disks to be attached.
        failure: why the operation will fail though it is accepted, or None.
    """

    role: Role
    size: RoleSize
    new_disks: list[Disk] = field(default_factory=list)
    taken_disks: list[Disk] = field(default_factory=list)
    failure: Refusal | None = None


def role_size(name: str) -> RoleSize:
    """The size of this name; ``Small`` for an empty one.

    Raises:
        Refusal: 400: there is no such size.
    """
    size = ROLE_SIZES.get((name.strip() or DEFAULT_ROLE_SIZE).lower())
    if size is None:
        raise refusals.invalid_value(name, "RoleSize", "a name of a role size")
    return size


def plan_role(
    call: Call, service: HostedService, deployment_name: str, values: Values, *, others: Iterable[Role] = ()
) -> Plan:
    """Check a role document and work out what it makes.

    Args:
        call: the request.
        service: hosted service the role will be in.
        deployment_name: deployment the role will be in.
        values: the role document.
        others: roles the deployment has already.

    Raises:
        Refusal: what the service checks at once.
    """
    name = values.get("RoleName", "")
    if not name:
        raise refusals.incorrect_parameter()
    if not ROLE_NAME.fullmatch(name):
        raise refusals.role_name_invalid()
    if values.get("RoleType", "PersistentVMRole") not in {"PersistentVMRole", ""}:
        raise refusals.invalid_value(values["RoleType"], "RoleType", "PersistentVMRole")
    size = role_size(values.get("RoleSize", ""))
    network, provisioning = split_sets(values.get("ConfigurationSets", []))
    host_name = check_provisioning(provisioning, name) if provisioning is not None else name
    checked = check_network(network)
    maker = _DiskMaker(call, service, deployment_name, name)
    os_disk = maker.os_disk(values)
    disks = data_disk_documents(values)
    role = Role(
        name=name,
        size=size.name,
        os_disk=os_disk,
        network=checked,
        availability_set=values.get("AvailabilitySetName", ""),
        extensions=kept_extensions(values.get("ResourceExtensionReferences")),
        provision_guest_agent=values.get("ProvisionGuestAgent"),
        boot_diagnostics=values.get("DebugSettings", {}).get("BootDiagnosticsEnabled"),
        debug_settings="DebugSettings" in values,
        host_name=host_name,
        created_at=call.now,
    )
    listeners = (provisioning or {}).get("WinRM", {}).get("Listeners", [])
    if any(listener.get("Protocol", "").lower() == "https" for listener in listeners):
        given = next((listener.get("CertificateThumbprint", "") for listener in listeners), "")
        role.winrm_thumbprint = given or call.world.digest("WinRM", service.name, name).hex().upper()
    role.data_disks = [*maker.image_disks]
    for document in disks:
        role.data_disks.append(maker.data_disk(document, role, size))
    address = call.world.digest("address", call.request_id, name, size=3)
    role.ip_address = f"10.{64 + address[0] % 64}.{address[1]}.{4 + address[2] % 250}"
    failure = assign_ports(call, role, others)
    return Plan(role, size, maker.new, maker.taken, failure)


def carry_out(call: Call, service: HostedService, deployment_name: str, plan: Plan) -> None:
    """Register and attach the disks of a plan, and count its cores."""
    for disk in (*plan.new_disks, *plan.taken_disks):
        disk.attached_to = (deployment_name, service.name, plan.role.name)
        call.subscription.disks.put(disk.name, disk)
    call.subscription.cores_in_use += plan.size.cores


def begin(call: Call, role: Role, seconds: float) -> None:
    """Let a new instance run through its states, its operation taking ``seconds`` at speed 1."""
    windows = role.os_disk.os == "Windows"
    rng = call.random()
    steps = timeline.creation(rng, windows=windows, placed=seconds * 0.25, running=seconds * 0.9)
    role.phases = []
    role.follow(call.now, call.scaled(steps))
    setup = next(at for at, status, _ in role.phases if status == "Provisioning")
    ready = role.phases[-1][0]
    name = rng.uniform(setup, ready)
    if not windows and rng.random() < timeline.LATE_NAMES:
        name = ready + rng.uniform(2.0, 15.0) * call.world.duration_factor
    report(call, role, name, rng)


def report(call: Call, role: Role, at: float, rng: random.Random) -> None:
    """Have a guest report from about ``at`` on: its name, later its certificate, and its agent by itself."""
    factor = call.world.duration_factor
    certificate = rng.uniform(*timeline.CERTIFICATE_SECONDS) * factor
    role.report(at, certificate=certificate, agent=rng.uniform(*timeline.AGENT_SECONDS) * factor)


def go_down(call: Call, role: Role, seconds: float) -> None:
    """Let an instance go, its operation taking ``seconds`` at speed 1; a deallocated one just stays so."""
    if not role.deallocated(call.now):
        role.follow(call.now, call.scaled([(seconds * 0.3, "DeletingVM", "Stopping")]))


def remove(
    call: Call, operation: Operation, service: HostedService, deployment: Deployment, role: Role
) -> None:
    """Take a role away when an accepted operation ends; ``comp=media`` takes its disks and blobs too."""
    go_down(call, role, call.seconds(operation))
    call.later(
        operation.ends_at,
        "role_removed",
        service=service.name,
        slot=deployment.slot,
        role=role.name,
        media=call.media("2013-08-01"),
    )


def demand_cores(call: Call, size: RoleSize) -> None:
    """Check the subscription's core quota.

    Raises:
        Refusal: 400, recorded text.
    """
    limit, current = call.world.quotas.cores, call.subscription.cores_in_use
    if current + size.cores > limit:
        raise refusals.quota_exceeded("cores count", limit, current, size.cores)


def spread(role: Role, deployment: Deployment) -> None:
    """Place a role of an availability set in the next fault and upgrade domains."""
    if role.availability_set:
        wanted = role.availability_set.lower()
        members = sum(other.availability_set.lower() == wanted for other in deployment.roles.values())
        role.fault_domain, role.upgrade_domain = members % 2, members % 5


# Configuration sets


def split_sets(sets: list[Values]) -> tuple[Values, Values | None]:
    """The network set (empty when absent) and the provisioning set.

    Raises:
        Refusal: 400: more than one of a kind.
    """
    networks = [
        each for each in sets if "Network" in each.get("ConfigurationSetType", "NetworkConfiguration")
    ]
    provisionings = [each for each in sets if each not in networks]
    if len(networks) > 1 or len(provisionings) > 1:
        raise refusals.incorrect_parameter()
    return (networks[0] if networks else {}), (provisionings[0] if provisionings else None)


def check_provisioning(values: Values, role_name: str) -> str:
    """Check a provisioning set; returns the name the guest will have. Nothing of it is kept.

    Raises:
        Refusal: 400: computer name or password.
    """
    if "Linux" in values["ConfigurationSetType"]:
        host_name: str = values.get("HostName", "")
        if not 1 <= len(host_name) <= 64 or not 1 <= len(values.get("UserName", "")) <= 32:
            raise refusals.incorrect_parameter()
        password = values.get("UserPassword")
        if password is not None or values.get("DisableSshPasswordAuthentication") is False:
            _check_password(password or "")
        return host_name
    computer = values.get("ComputerName", values.get("MachineName", ""))
    if computer:
        if len(computer) > 15 or computer.isdecimal() or _FORBIDDEN_IN_COMPUTER_NAME & set(computer):
            raise refusals.computer_name_invalid()
    else:
        computer = role_name[:15]
    _check_password(values.get("AdminPassword", ""))
    return str(computer)


def _check_password(password: str) -> None:
    # Unverified: the exact complexity; three kinds of characters is the rule of later texts (14.2).
    kinds = (
        any(map(str.islower, password)),
        any(map(str.isupper, password)),
        any(map(str.isdecimal, password)),
        any(not character.isalnum() for character in password),
    )
    if not 6 <= len(password) <= 72 or sum(kinds) < 3:
        raise refusals.password_invalid()


def check_network(values: Values) -> Values:
    """Check a network set and give what is kept of it.

    Raises:
        Refusal: 400: ports, protocols, names.
    """
    kept = {name: value for name, value in values.items() if name != "ConfigurationSetType"}
    endpoints = [check_endpoint(endpoint) for endpoint in kept.get("InputEndpoints", [])]
    names = [endpoint["Name"].lower() for endpoint in endpoints]
    if len(set(names)) != len(names):
        raise refusals.incorrect_parameter()
    if endpoints:
        kept["InputEndpoints"] = endpoints
    else:
        kept.pop("InputEndpoints", None)
    return kept


def check_endpoint(endpoint: Values) -> Values:
    """Check an input endpoint of either dialect and give it with GA names.

    Raises:
        Refusal: 400.
    """
    kept = {name: value for name, value in endpoint.items() if name != "Vip"}
    if not kept.get("Name") or "LocalPort" not in kept or not kept.get("Protocol"):
        raise refusals.incorrect_parameter()
    for parameter in ("LocalPort", "Port"):
        if parameter in kept:
            _check_port(kept[parameter], f"InputEndpoint.{parameter}")
    kept["Protocol"] = kept["Protocol"].strip().lower()
    if kept["Protocol"] not in {"tcp", "udp"}:
        raise refusals.invalid_value(endpoint["Protocol"], "InputEndpoint.Protocol", "tcp, udp")
    idle = kept.get("IdleTimeoutInMinutes")
    if idle is not None and not 4 <= idle <= 30:
        raise refusals.invalid_value(idle, "InputEndpoint.IdleTimeoutInMinutes", "a number between 4 to 30")
    probe = kept.get("LoadBalancerProbe")
    if probe:
        probe = dict(probe)
        if "RelativeUri" in probe:
            probe["Path"] = probe.pop("RelativeUri")
        probe["Protocol"] = probe.get("Protocol", "tcp").lower()
        if probe["Protocol"] not in {"tcp", "http"}:
            raise refusals.invalid_value(probe["Protocol"], "LoadBalancerProbe.Protocol", "tcp, http")
        if "Port" in probe:
            _check_port(probe["Port"], "LoadBalancerProbe.Port")
        kept["LoadBalancerProbe"] = probe
    return kept


def _check_port(port: int, parameter: str) -> None:
    if not 1 <= port <= 65535:
        raise refusals.invalid_value(port, parameter, "a number between 1 to 65535")


def kept_extensions(references: list[Values] | None) -> list[dict[str, Any]] | None:
    """Extension references without their private parameters; None when there were none to keep."""
    if references is None:
        return None
    kept = []
    for reference in references:
        public = [
            value
            for value in reference.get("ResourceExtensionParameterValues", [])
            if value.get("Type", "").lower() == "public"
        ]
        given = "ResourceExtensionParameterValues" in reference
        kept.append({**reference, **({"ResourceExtensionParameterValues": public} if given else {})})
    return kept


def assign_ports(call: Call, role: Role, others: Iterable[Role]) -> Refusal | None:
    """Give endpoints without a public port one; say which port clashes, if any.

    The service checked ports while the operation ran, not at once (protocol.md 6.2).
    """
    taken: dict[tuple[int, str], str] = {}
    for other in others:
        for endpoint in other.network.get("InputEndpoints", ()):
            key = (endpoint["Port"], endpoint["Protocol"])
            taken[key] = endpoint.get("LoadBalancedEndpointSetName", "").lower()
    rng = call.random()
    own: set[tuple[int, str]] = set()
    for endpoint in role.network.get("InputEndpoints", ()):
        while "Port" not in endpoint:
            port = rng.randint(49152, 65535)
            if (port, endpoint["Protocol"]) not in taken:
                endpoint["Port"] = port
        key = (endpoint["Port"], endpoint["Protocol"])
        balanced = endpoint.get("LoadBalancedEndpointSetName", "").lower()
        if key in own or (key in taken and not (balanced and taken[key] == balanced)):
            return refusals.port_in_use(endpoint["Port"])
        own.add(key)
    return None


# Disks


def check_media_link(link: str) -> str:
    """Check that a media link is the address of a blob.

    Raises:
        Refusal: 400.
    """
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        raise refusals.incorrect_parameter() from None
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc or len(parts.path) < 2:
        raise refusals.incorrect_parameter()
    return link.strip()


def account_of(link: str) -> str:
    """Storage account in a blob's address."""
    return (urlsplit(link).hostname or "").partition(".")[0]


def region_of(call: Call, link: str) -> str:
    """Location of the storage account of a blob; that of the default account when it isn't ours."""
    account = call.subscription.storage_accounts.get(account_of(link))
    return account.location if account is not None and account.location else "West US"


def place_of(call: Call, link: str) -> tuple[str, str]:
    """Where a blob is: a location, or the affinity group of its storage account; one of them is empty."""
    account = call.subscription.storage_accounts.get(account_of(link))
    if account is not None and account.affinity_group:
        return "", account.affinity_group
    return region_of(call, link), ""


def caching(text: str | None, default: str) -> str:
    """A ``HostCaching`` value, in its exact case.

    Raises:
        Refusal: 400.
    """
    if not text:
        return default
    if text.lower() not in _CACHING:
        raise refusals.invalid_value(text, "HostCaching", "None, ReadOnly, ReadWrite")
    return _CACHING[text.lower()]


def data_disk_caching(call: Call, values: Values, default: str = "") -> str:
    """Caching of a data disk, said by ``HostCaching`` or by the preview's flags (protocol.md 10.1, 10.3)."""
    # The default changed from ReadOnly to None with the pages of 2014.
    default = default or ("None" if call.version >= "2014-01-01" else "ReadOnly")
    if values.get("DisableReadCache"):
        default = "None"
    elif values.get("EnableWriteCache"):
        default = "ReadWrite"
    return caching(values.get("HostCaching"), default)


def default_account(call: Call) -> StorageAccount:
    """The account that takes disks without a media link, made when it isn't there."""
    name = "portalvhds" + call.world.digest("default account", call.subscription.id, size=6).hex()
    account = call.subscription.storage_accounts.get(name)
    if account is None:
        account = StorageAccount(
            name=name,
            label=b64encode(name.encode()).decode(),
            description="Implicitly created storage service",
            location="West US",
            affinity_group="",
            account_type="Standard_GRS",
            created_at=call.now,
            created_by=call.now,
            resolved_at=call.now,
        )
        call.subscription.storage_accounts.put(name, account)
        call.world.account_names[name] = call.subscription.id
    return account


def disk_name(call: Call, deployment: str, role: str, number: int) -> str:
    """A generated name: ``<deployment>-<role>-<n>-<YYYYMMDDhhmmss and 4 digits>``, as recorded."""
    stamp = datetime.fromtimestamp(call.now, UTC).strftime("%Y%m%d%H%M%S")
    digits = int(call.request_id[:4], 16)
    while True:
        name = f"{deployment}-{role}-{number}-{stamp}{digits % 10000:04d}"
        if call.subscription.disks.get(name) is None:
            return name
        digits += 1


def find_image(call: Call, name: str) -> OSImage | PlatformImage | None:
    """An OS image by name, the subscription's own or the service's."""
    return call.subscription.os_images.get(name) or PLATFORM.get(name.lower())


def demand_free(call: Call, disk: Disk) -> None:
    """Refuse a disk that is attached or not yet released.

    Raises:
        Refusal: 409 while an operation runs on the deployment that has it, else 400.
    """
    if disk.attached_to is None:
        return
    deployment, service_name, role = disk.attached_to
    service = call.subscription.hosted_services.get(service_name)
    if service is not None and service.lock_deployment == deployment and call.now < service.lock_until:
        raise refusals.disk_busy(deployment, disk.name)
    raise refusals.disk_in_use(disk.name, role, service_name, deployment)


class _DiskMaker:
    """Makes the disks of one role."""

    def __init__(self, call: Call, service: HostedService, deployment: str, role: str) -> None:
        self.call = call
        self.service = service
        self.deployment = deployment
        self.role = role
        self.new: list[Disk] = []
        self.taken: list[Disk] = []
        self.image_disks: list[DataDisk] = []

    def os_disk(self, values: Values) -> OSDisk:
        document = values.get("OSVirtualHardDisk", values.get("OSDisk"))
        vm_image_name = values.get("VMImageName", "")
        if vm_image_name:
            vm_image = self.call.subscription.vm_images.get(vm_image_name)
            if vm_image is not None:
                return self._from_vm_image(vm_image, values.get("MediaLocation", ""), document or {})
            document = {**(document or {}), "SourceImageName": vm_image_name}
        if document is None:
            raise refusals.incorrect_parameter()
        if "IOType" in document:
            raise refusals.io_type_given()
        default = "ReadOnly" if document.get("DisableWriteCache") else "ReadWrite"
        host_caching = caching(document.get("HostCaching"), default)
        source = document.get("SourceImageName", "")
        link = check_media_link(document["MediaLink"]) if document.get("MediaLink") else ""
        name = document.get("DiskName", "")
        if source:
            image = find_image(self.call, source)
            if image is None:
                raise refusals.image_source_invalid()
            disk = self._make(0, name, link, image.size_in_gb, os=image.os, source=image.name)
        elif document.get("RemoteSourceImageLink"):
            check_media_link(document["RemoteSourceImageLink"])
            disk = self._make(0, name, link, 30, os=operating_system(document.get("OS", "")))
        elif name and not link:
            disk = self._take(name)
            if not disk.os:
                raise refusals.image_source_invalid()
        elif link:
            known = self._registered(link)
            if known is not None:
                disk = self._take(known.name)
            else:
                disk = self._make(0, name, link, 30, os=operating_system(document.get("OS", "")))
        else:
            raise refusals.incorrect_parameter()
        resized = document.get("ResizedSizeInGB")
        if resized:
            disk.size_in_gb = max(disk.size_in_gb, resized)
        return OSDisk(
            disk_name=disk.name,
            host_caching=host_caching,
            media_link=disk.media_link,
            os=disk.os,
            source_image_name=disk.source_image_name,
            label=document.get("DiskLabel", ""),
        )

    def _from_vm_image(self, image: VMImage, container: str, document: Values) -> OSDisk:
        config = image.os_disk
        base = container.rstrip("/") if container else ""
        link = f"{base}/{self.deployment}-{self.role}.vhd" if base else ""
        size = int(config.get("LogicalDiskSizeInGB", 30))
        disk = self._make(0, "", link, size, os=config["OS"], source=image.name)
        for number, data in enumerate(image.data_disks):
            data_size = int(data.get("LogicalDiskSizeInGB", 10))
            data_link = f"{base}/{self.deployment}-{self.role}-data-{number}.vhd" if base else ""
            copy = self._make(int(data.get("Lun", number)), "", data_link, data_size)
            self.image_disks.append(
                DataDisk(
                    lun=int(data.get("Lun", number)),
                    disk_name=copy.name,
                    host_caching=data.get("HostCaching", "None"),
                    size_in_gb=data_size,
                    media_link=copy.media_link,
                )
            )
        return OSDisk(
            disk_name=disk.name,
            host_caching=caching(document.get("HostCaching"), config.get("HostCaching", "ReadWrite")),
            media_link=disk.media_link,
            os=disk.os,
            source_image_name=image.name,
        )

    def data_disk(self, values: Values, role: Role, size: RoleSize) -> DataDisk:
        """Check a data disk document; see protocol.md 10.3 for the three ways to say which disk."""
        if "IOType" in values:
            raise refusals.io_type_given()
        lun = lun_of(values, 0)
        if not 0 <= lun <= size.highest_lun:
            raise refusals.invalid_value(
                lun, "DataVirtualHardDisk.Lun", f"a number between 0 to {size.highest_lun}"
            )
        if any(disk.lun == lun for disk in role.data_disks):
            raise refusals.lun_taken(lun)
        if len(role.data_disks) >= size.data_disks:
            raise refusals.too_many_data_disks(size.name, size.data_disks)
        host_caching = data_disk_caching(self.call, values)
        name = values.get("DiskName", "")
        link = check_media_link(values["MediaLink"]) if values.get("MediaLink") else ""
        gigabytes = values.get("LogicalDiskSizeInGB")
        if gigabytes is not None and not 1 <= gigabytes <= 1023:
            raise refusals.invalid_value(
                gigabytes, "DataVirtualHardDisk.LogicalDiskSizeInGB", "a number between 1 to 1023"
            )
        source = values.get("SourceMediaLink", "")
        if source:
            disk = self._make(lun, name, link or check_media_link(source), gigabytes or 10)
        elif gigabytes is not None:
            disk = self._make(lun, name, link, gigabytes)
        elif link:
            known = self._registered(link)
            disk = self._take(known.name) if known is not None else self._make(lun, name, link, 10)
        elif name:
            disk = self._take(name)
        else:
            raise refusals.incorrect_parameter()
        label = values.get("DiskLabel") or f"{self.service.name}-{self.deployment}-{self.role}-{lun}"
        if not disk.label:
            disk.label = label
        return DataDisk(
            lun=lun,
            disk_name=disk.name,
            host_caching=host_caching,
            size_in_gb=disk.size_in_gb,
            media_link=disk.media_link,
            label=label,
        )

    def _registered(self, link: str) -> Disk | None:
        wanted = _same_blob(link)
        return next(
            (disk for disk in self.call.subscription.disks.values() if _same_blob(disk.media_link) == wanted),
            None,
        )

    def _take(self, name: str) -> Disk:
        disk = self.call.subscription.disks.get(name)
        if disk is None:
            raise refusals.disk_missing()
        if disk in self.taken:
            raise refusals.disk_in_use(disk.name, self.role, self.service.name, self.deployment)
        demand_free(self.call, disk)
        self.taken.append(disk)
        return disk

    def _make(
        self, number: int, name: str, link: str, gigabytes: int, *, os: str = "", source: str = ""
    ) -> Disk:
        if name:
            if not DISK_NAME.fullmatch(name):
                raise refusals.invalid_value(name, "DiskName", "letters, digits, '_', '.', '-'")
            if self.call.subscription.disks.get(name) is not None or any(
                disk.name.lower() == name.lower() for disk in self.new
            ):
                raise refusals.disk_name_taken(name)
        else:
            name = disk_name(self.call, self.deployment, self.role, number)
            while any(disk.name == name for disk in self.new):
                name = f"{name[:-4]}{(int(name[-4:]) + 1) % 10000:04d}"
        if not link:
            link = f"https://{default_account(self.call).name}.blob.core.windows.net/vhds/{name}.vhd"
        location, group = place_of(self.call, link)
        disk = Disk(
            name=name,
            media_link=link,
            size_in_gb=gigabytes,
            created_at=self.call.now,
            location=location,
            affinity_group=group,
            os=os,
            source_image_name=source,
        )
        self.new.append(disk)
        return disk


def plan_data_disk(
    call: Call, service: HostedService, deployment: Deployment, role: Role, values: Values
) -> tuple[DataDisk, Disk]:
    """Check an Add Data Disk document; returns the data disk and the disk to register or attach.

    Raises:
        Refusal: what the service checks at once.
    """
    maker = _DiskMaker(call, service, deployment.name, role.name)
    made = maker.data_disk(values, role, role_size(role.size))
    return made, (maker.new or maker.taken)[0]


def _same_blob(link: str) -> str:
    return link.partition("://")[2].lower()


def operating_system(text: str) -> str:
    """``Windows`` or ``Linux``, in its exact case.

    Raises:
        Refusal: 400 for anything else.
    """
    if text.lower() not in {"windows", "linux"}:
        raise refusals.invalid_value(text, "OS", "Linux, Windows")
    return text.capitalize()


def as_data(disk: DataDisk) -> dict[str, Any]:
    """A data disk as plain values, for an effect."""
    return asdict(disk)


def lun_of(values: Values, default: int) -> int:
    """LUN of a data disk document in either dialect; an absent one reads as ``default``."""
    lun: int = values["Lun"] if "Lun" in values else values.get("LUN", default)
    return lun


def data_disk_documents(values: Values) -> list[Values]:
    """Data disks of a role document in either dialect."""
    found: list[Values] = values.get("DataVirtualHardDisks") or values.get("DataDisks") or []
    return found


def os_disk_document(values: Values) -> Values:
    """OS disk of a role document in either dialect, empty when absent."""
    found: Values = values.get("OSVirtualHardDisk") or values.get("OSDisk") or {}
    return found
