"""Brings a local service to the state a recorded answer was given in: by its own operations and its clock.

Everything is asked for as a client would ask: the requests below are written by hand from the protocol's
tables. Only what nobody can ask for, such as the moment when a guest reports, is found by letting time pass.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from azure_iaas.emulator.service import Service
from azure_iaas.emulator.state import OSImage, ServiceCertificate, Subscription
from azure_iaas.emulator.world import Quotas
from azure_iaas.endpoint.backend import Peer
from azure_iaas.wire.messages import RawRequest, RawResponse
from tools.fidelity.recording import NAMESPACE, NIL, children, local, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.wire.messages import Method

XMLNS: Final = (
    'xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
)
NETWORK_XMLNS: Final = 'xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration"'
ROOM: Final = Quotas(hosted_services=10_000, cores=100_000, storage_accounts=10_000, reserved_ips=10_000)
LATEST: Final = "2016-07-01"
_PASSWORD: Final = "S3cret-Passw0rd"


class CannotBe(Exception):  # noqa: N818 - not an error: a state this service doesn't have
    """The recorded state can't be brought about; the reason is for the report."""


class Replica:
    """A local service of one subscription in virtual time."""

    def __init__(self, subscription: str, seed: int = 0) -> None:
        self.subscription = subscription
        self.service = Service(subscriptions=[subscription], quotas=ROOM, seed=seed)
        self.now = datetime(2015, 8, 1, 12, 0, 0, tzinfo=UTC)

    @property
    def state(self) -> Subscription:
        """What the subscription holds, for what no request can bring about."""
        return self.service._world.subscriptions[self.subscription]

    def send(self, method: str, path: str, body: str = "", version: str = LATEST) -> RawResponse:
        """Send one request; ``path`` is below the subscription."""
        target = f"/{self.subscription}/{path}" if path else f"/{self.subscription}"
        headers = {"x-ms-version": version, "content-type": "application/xml"}
        request = RawRequest(cast("Method", method), target, headers, body.encode())
        return self.service.handle(request, Peer(), self.now)

    def do(self, method: str, path: str, body: str = "") -> str:
        """Send a write that must be taken; returns its request id."""
        response = self.send(method, path, body)
        if response.status >= 300:
            raise CannotBe(f"{method} {path}: {response.status} {response.body.decode()}")
        return response.headers["x-ms-request-id"]

    def finish(self, request_id: str) -> str:
        """Let time pass until an operation has ended; returns its document."""
        for _ in range(5000):
            document = self.send("GET", f"operations/{request_id}").body.decode()
            if "<Status>InProgress</Status>" not in document:
                return document
            self.wait(1.0)
        raise AssertionError(request_id)

    def done(self, method: str, path: str, body: str = "") -> None:
        """Send a write, and let it succeed."""
        document = self.finish(self.do(method, path, body))
        if "<Status>Succeeded</Status>" not in document:
            raise CannotBe(f"{method} {path}: {document}")

    def there(self, path: str) -> bool:
        """Whether a resource exists."""
        return self.send("GET", path).status == 200

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


def element(name: str, content: str | None) -> str:
    """An element around text, or nothing."""
    return "" if content is None else f"<{name}>{escape(content)}</{name}>"


def copied(source: ET.Element, *names: str) -> str:
    """Children of these names, as they are, in the order given."""
    found = ""
    for name in names:
        for child in source.findall(f"{NAMESPACE}{name}"):
            if child.get(NIL) != "true":
                found += raw(child)
    return found


def raw(source: ET.Element) -> str:
    """An element written without namespaces and attributes."""
    inner = "".join(map(raw, source)) if len(source) else escape(source.text or "")
    return f"<{local(source.tag)}>{inner}</{local(source.tag)}>"


def given(source: ET.Element, path: str) -> str | None:
    """Text of an element, or None where it is absent or null."""
    found = source.find("/".join(f"{NAMESPACE}{step}" for step in path.split("/")))
    return None if found is None or found.get(NIL) == "true" else found.text or ""


# Groups, accounts, services


def affinity_group(replica: Replica, name: str, tree: ET.Element | None = None) -> None:
    """Make an affinity group; members are brought about as well."""
    if replica.there(f"affinitygroups/{quote(name)}"):
        return
    label = given(tree, "Label") if tree is not None else None
    place = text(tree, "Location") if tree is not None else "West US"
    about = element("Description", given(tree, "Description")) if tree is not None else ""
    replica.do(
        "POST",
        "affinitygroups",
        f"<CreateAffinityGroup {XMLNS}>{element('Name', name)}{element('Label', label or 'bA==')}{about}"
        f"{element('Location', place)}</CreateAffinityGroup>",
    )
    for each in children(tree, "HostedServices/HostedService") if tree is not None else []:
        hosted_service(replica, text(each, "ServiceName"), each, group=name)
    for each in children(tree, "StorageServices/StorageService") if tree is not None else []:
        storage_account(replica, text(each, "ServiceName"), each, group=name)


def storage_account(replica: Replica, name: str, tree: ET.Element | None = None, group: str = "") -> str:
    """Make a storage account; returns the creation's request id."""
    path = f"services/storageservices/{name}"
    if replica.there(path):
        return ""
    inside = tree.find(f"{NAMESPACE}StorageServiceProperties") if tree is not None else None
    about = given(inside, "Description") if inside is not None else None
    group = group or (text(inside, "AffinityGroup") if inside is not None else "")
    place = text(inside, "Location") if inside is not None else ""
    if group:
        affinity_group(replica, group)
    where = element("AffinityGroup", group) if group else element("Location", place or "West US")
    label = given(inside, "Label") if inside is not None else None
    replicated = given(inside, "GeoReplicationEnabled") if inside is not None else None
    kind = given(inside, "AccountType") if inside is not None else None
    readable = given(inside, "SecondaryReadEnabled") if inside is not None else None
    properties = copied(tree, "ExtendedProperties") if tree is not None else ""
    request_id = replica.do(
        "POST",
        "services/storageservices",
        f"<CreateStorageServiceInput {XMLNS}>{element('ServiceName', name)}{element('Description', about)}"
        f"{element('Label', label or 'bA==')}{where}{element('GeoReplicationEnabled', replicated)}"
        f"{properties}{element('SecondaryReadEnabled', readable)}{element('AccountType', kind)}"
        "</CreateStorageServiceInput>",
    )
    status = text(inside, "Status") if inside is not None else "Created"
    if status == "Creating":
        return request_id
    replica.finish(request_id)
    if status != "ResolvingDns":
        replica.wait(120.0)
    return request_id


def hosted_service(
    replica: Replica, name: str, tree: ET.Element | None = None, group: str = "", place: str = ""
) -> None:
    """Make a cloud service, without its deployments."""
    if replica.there(f"services/hostedservices/{name}"):
        return
    inside = tree.find(f"{NAMESPACE}HostedServiceProperties") if tree is not None else None
    about = given(inside, "Description") if inside is not None else None
    group = group or (text(inside, "AffinityGroup") if inside is not None else "")
    place = place or (text(inside, "Location") if inside is not None else "")
    if group:
        affinity_group(replica, group)
    where = element("AffinityGroup", group) if group else element("Location", place or "West US")
    label = given(inside, "Label") if inside is not None else None
    properties = copied(inside, "ExtendedProperties") if inside is not None else ""
    replica.do(
        "POST",
        "services/hostedservices",
        f"<CreateHostedService {XMLNS}>{element('ServiceName', name)}{element('Label', label or 'bA==')}"
        f"{element('Description', about)}{where}{properties}</CreateHostedService>",
    )
    if inside is not None and text(inside, "Status") == "Deleting":
        replica.do("DELETE", f"services/hostedservices/{name}?comp=media")


# Images and disks


def os_image(replica: Replica, name: str, system: str, tree: ET.Element | None = None) -> None:
    """Have an image: registered as recorded, or one that machines can be made of, in whatever account."""
    if replica.there(f"services/images/{quote(name)}"):
        return
    if tree is not None:
        replica.do("POST", "services/images", image_document(tree, name, system))
        return
    image = OSImage(name=name, label=name, os=system, location="West US", size_in_gb=30)
    replica.state.os_images.put(name, image)


def place_of_blobs(replica: Replica, body: str) -> tuple[str, str]:
    """Affinity group and location of the accounts a document has its disks in: where its service must be."""
    for host in re.findall("<MediaLink>https?://([^./<]+)", body):
        account = replica.state.storage_accounts.get(host)
        if account is not None:
            return account.affinity_group, account.location
    return "", ""


def certificates(replica: Replica, service: str, body: str) -> None:
    """Have the certificates a document names, which no recording holds, in a cloud service."""
    holder = replica.state.hosted_services.get(service)
    for name in re.findall("<(?:Fingerprint|Thumbprint|CertificateThumbprint)>(.+?)</", body):
        if holder is not None:
            holder.certificates[name.lower()] = ServiceCertificate(name, "")


def image_document(tree: ET.Element | None, name: str = "", system: str = "") -> str:
    """What a client sent to register an image."""
    link = text(tree, "MediaLink") if tree is not None else ""
    name = name or (text(tree, "Name") if tree is not None else "")
    system = system or (text(tree, "OS") if tree is not None else "")
    link = link or f"https://pictures.blob.core.windows.net/vhds/{quote(name)}.vhd"
    label = text(tree, "Label") if tree is not None else name
    more = (
        copied(
            tree, "Eula", "Description", "ImageFamily", "PublishedDate", "ShowInGui", "PrivacyUri", "IconUri"
        )
        + copied(tree, "RecommendedVMSize", "SmallIconUri", "Language")
        if tree is not None
        else ""
    )
    return (
        f"<OSImage {XMLNS}>{element('Label', label)}{element('MediaLink', link)}{element('Name', name)}"
        f"{element('OS', system)}{more}</OSImage>"
    )


def disk(replica: Replica, name: str, tree: ET.Element | None = None, system: str = "") -> None:
    """Register a free disk."""
    if replica.there(f"services/disks/{quote(name)}"):
        return
    replica.do("POST", "services/disks", disk_document(tree, name, system))


def disk_document(tree: ET.Element | None, name: str = "", system: str = "") -> str:
    """What a client sent to register a disk."""
    name = name or (text(tree, "Name") if tree is not None else "")
    link = text(tree, "MediaLink") if tree is not None else ""
    link = link or f"https://pictures.blob.core.windows.net/vhds/{quote(name)}.vhd"
    system = text(tree, "OS") if tree is not None else system
    label = (text(tree, "Label") if tree is not None else "") or name
    return (
        f"<Disk {XMLNS}>{element('OS', system) if system else ''}{element('Label', label)}"
        f"{element('MediaLink', link)}{element('Name', name)}</Disk>"
    )


def attached_disks(replica: Replica, service: str, name: str, role: str, disks: list[ET.Element]) -> None:
    """Have a machine that holds these disks."""
    system = next((each for each in disks if text(each, "OS")), None)
    held = [each for each in disks if each is not system]
    os_disk = (
        "<OSVirtualHardDisk><SourceImageName>some-image</SourceImageName><OS>Linux</OS></OSVirtualHardDisk>"
    )
    if system is not None:
        made_of = text(system, "SourceImageName")
        os_disk = (
            f"<OSVirtualHardDisk>{element('DiskName', text(system, 'Name'))}"
            f"{element('MediaLink', text(system, 'MediaLink'))}"
            f"{element('SourceImageName', made_of) if made_of else ''}"
            f"{element('OS', text(system, 'OS'))}</OSVirtualHardDisk>"
        )
        if not made_of:
            disk(replica, text(system, "Name"), system)
    data = "".join(
        f"<DataVirtualHardDisk>{element('DiskLabel', text(each, 'Label') or None)}"
        f"{element('DiskName', text(each, 'Name'))}<Lun>{lun}</Lun>"
        f"{element('LogicalDiskSizeInGB', text(each, 'LogicalDiskSizeInGB'))}"
        f"{element('MediaLink', text(each, 'MediaLink'))}</DataVirtualHardDisk>"
        for lun, each in enumerate(held)
    )
    tree = ET.fromstring(
        f"<Role {XMLNS}>{element('RoleName', role)}<DataVirtualHardDisks>{data}</DataVirtualHardDisks>"
        f"{os_disk}<RoleSize>ExtraLarge</RoleSize></Role>"
    )
    base = f"services/hostedservices/{service}/deployments"
    if replica.there(f"{base}/{name}"):
        replica.done("POST", f"{base}/{name}/roles", machine(replica, tree, "PersistentVMRole"))
    else:
        hosted_service(replica, service)
        replica.done(
            "POST",
            base,
            f"<Deployment {XMLNS}>{element('Name', name)}<DeploymentSlot>Production</DeploymentSlot>"
            f"<Label>l</Label><RoleList>{machine(replica, tree, 'Role')}</RoleList></Deployment>",
        )


# Networks


def network(replica: Replica, service: str, name: str, subnets: set[str], statics: set[str]) -> None:
    """Have a virtual network where the service is; its first subnet holds the static addresses."""
    if not name:
        return
    held = ET.fromstring(replica.send("GET", f"services/hostedservices/{service}").body)
    group = text(held, "HostedServiceProperties/AffinityGroup")
    place = f"AffinityGroup={quoteattr(group)}" if group else ""
    place = place or f"Location={quoteattr(text(held, 'HostedServiceProperties/Location'))}"
    first, second, third, _ = next(iter(statics), "10.0.0.0").split(".")
    inner = "".join(
        f"<Subnet name={quoteattr(subnet)}><AddressPrefix>{first}.{second}.{int(third) + number}.0/24"
        "</AddressPrefix></Subnet>"
        for number, subnet in enumerate(sorted(subnets))
    )
    replica.done(
        "PUT",
        "services/networking/media",
        network_document(
            f"<VirtualNetworkSite name={quoteattr(name)} {place}><AddressSpace>"
            f"<AddressPrefix>{first}.{second}.0.0/16</AddressPrefix></AddressSpace><Subnets>{inner}</Subnets></VirtualNetworkSite>"
        ),
    )


def network_document(sites: str, dns: str = "") -> str:
    """A network configuration document."""
    inner = f"{dns}<VirtualNetworkSites>{sites}</VirtualNetworkSites>"
    return (
        f'<?xml version="1.0" encoding="utf-8"?><NetworkConfiguration {NETWORK_XMLNS}>'
        f"<VirtualNetworkConfiguration>{inner}</VirtualNetworkConfiguration></NetworkConfiguration>"
    )


def reserved_ip(replica: Replica, name: str, tree: ET.Element | None = None) -> None:
    """Reserve an address."""
    if replica.there(f"services/networking/reservedips/{quote(name)}"):
        return
    label = element("Label", given(tree, "Label")) if tree is not None else ""
    place = text(tree, "Location") if tree is not None else ""
    replica.done(
        "POST",
        "services/networking/reservedips",
        f"<ReservedIP {XMLNS}>{element('Name', name)}{label}{element('Location', place or 'West US')}"
        "</ReservedIP>",
    )


# Deployments

START: Final = (
    f"<StartRoleOperation {XMLNS}><OperationType>StartRoleOperation</OperationType></StartRoleOperation>"
)
RESTART: Final = (
    f"<RestartRoleOperation {XMLNS}><OperationType>RestartRoleOperation</OperationType>"
    "</RestartRoleOperation>"
)
MAINTAIN: Final = (
    f"<PerformMaintenanceOnRoleOperation {XMLNS}><OperationType>PerformMaintenanceOnRoleOperation"
    "</OperationType></PerformMaintenanceOnRoleOperation>"
)
STEADY: Final = frozenset({"ReadyRole", "StoppedDeallocated", "StoppedVM"})


def machine(replica: Replica, role: ET.Element, root: str) -> str:
    """What a client sent to make a recorded role, and what must be there before."""
    disk_element = role.find(f"{NAMESPACE}OSVirtualHardDisk")
    if disk_element is None:
        raise CannotBe("a web or worker role: the local service runs virtual machines only")
    system, image = text(disk_element, "OS"), text(disk_element, "SourceImageName")
    sets = ""
    if image:
        os_image(replica, image, system)
        sets = _provisioning(role, system)
        os_disk = copied(disk_element, "HostCaching", "DiskLabel", "DiskName", "MediaLink", "SourceImageName")
    else:
        disk(replica, text(disk_element, "DiskName"), system=system)
        os_disk = copied(disk_element, "HostCaching", "DiskLabel", "DiskName")
    for each in children(role, "ConfigurationSets/ConfigurationSet"):
        sets += _network_set(each)
    data = "".join(
        "<DataVirtualHardDisk>"
        + copied(each, "HostCaching", "DiskLabel", "DiskName", "Lun", "LogicalDiskSizeInGB", "MediaLink")
        + "</DataVirtualHardDisk>"
        for each in children(role, "DataVirtualHardDisks/DataVirtualHardDisk")
    )
    debug = "".join(
        f"<DebugSettings>{copied(each, 'BootDiagnosticsEnabled')}</DebugSettings>"
        for each in role.findall(f"{NAMESPACE}DebugSettings")
    )
    declared = f" {XMLNS}" if root == "PersistentVMRole" else ""
    return (
        f"<{root}{declared}>{element('RoleName', text(role, 'RoleName'))}"
        f"<RoleType>PersistentVMRole</RoleType><ConfigurationSets>{sets}</ConfigurationSets>"
        + copied(role, "ResourceExtensionReferences", "AvailabilitySetName")
        + (f"<DataVirtualHardDisks>{data}</DataVirtualHardDisks>" if data else "")
        + f"<OSVirtualHardDisk>{os_disk}</OSVirtualHardDisk>"
        + copied(role, "RoleSize", "ProvisionGuestAgent")
        + f"{debug}</{root}>"
    )


def _provisioning(role: ET.Element, system: str) -> str:
    if system == "Linux":
        return (
            "<ConfigurationSet><ConfigurationSetType>LinuxProvisioningConfiguration</ConfigurationSetType>"
            f"<HostName>guest</HostName><UserName>someone</UserName><UserPassword>{_PASSWORD}</UserPassword>"
            "<DisableSshPasswordAuthentication>false</DisableSshPasswordAuthentication></ConfigurationSet>"
        )
    remote = ""
    if role.find(f"{NAMESPACE}DefaultWinRmCertificateThumbprint") is not None:
        remote = "<WinRM><Listeners><Listener><Protocol>Https</Protocol></Listener></Listeners></WinRM>"
    return (
        "<ConfigurationSet><ConfigurationSetType>WindowsProvisioningConfiguration</ConfigurationSetType>"
        f"<ComputerName>guest</ComputerName><AdminPassword>{_PASSWORD}</AdminPassword>{remote}"
        "<AdminUsername>someone</AdminUsername></ConfigurationSet>"
    )


def _network_set(source: ET.Element) -> str:
    endpoints = "".join(
        "<InputEndpoint>"
        + copied(
            each,
            "LoadBalancedEndpointSetName",
            "LocalPort",
            "Name",
            "Port",
            "LoadBalancerProbe",
            "Protocol",
            "EnableDirectServerReturn",
            "LoadBalancerName",
            "EndpointAcl",
            "IdleTimeoutInMinutes",
            "LoadBalancerDistribution",
        )
        + "</InputEndpoint>"
        for each in children(source, "InputEndpoints/InputEndpoint")
    )
    return (
        "<ConfigurationSet><ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>"
        + (f"<InputEndpoints>{endpoints}</InputEndpoints>" if endpoints else "")
        + copied(source, "SubnetNames", "StaticVirtualNetworkIPAddress", "PublicIPs", "NetworkInterfaces")
        + "</ConfigurationSet>"
    )


def deployment(replica: Replica, service: str, tree: ET.Element) -> Iterator[None]:
    """Make a recorded deployment; each step of the iteration is a moment when its states are the recorded.

    Raises:
        CannotBe: this service doesn't have such a deployment.
    """
    roles = children(tree, "RoleList/Role")
    states = {
        text(each, "RoleName"): (text(each, "InstanceStatus"), text(each, "PowerState"))
        for each in children(tree, "RoleInstanceList/RoleInstance")
    }
    if not roles and text(tree, "Status") != "Deploying":
        raise CannotBe("a deployment that lists no roles")
    if not roles:
        roles = [_any_role()]
    # What is on the way comes last, what is furthest first: its states are passed through while time goes on.
    # A deployment with a reserved address must begin with a role that has an endpoint.
    reserved = bool(text(tree, "ReservedIPName"))
    roles.sort(
        key=lambda role: (
            reserved and role.find(f".//{NAMESPACE}InputEndpoint") is None,
            _still_to_come(states.get(text(role, "RoleName"), ("", ""))),
        )
    )
    announced = tree.find(f"{NAMESPACE}PersistentVMDowntime") is not None
    replica.service.announce_maintenance(announced=announced)
    hosted_service(replica, service)
    _surroundings(replica, service, tree, roles)
    base = f"services/hostedservices/{service}/deployments"
    name = text(tree, "Name")
    balancers = copied(tree, "LoadBalancers") if children(tree, "LoadBalancers/LoadBalancer") else ""
    create = (
        f"<Deployment {XMLNS}>{element('Name', name)}"
        f"{element('DeploymentSlot', text(tree, 'DeploymentSlot'))}<Label>label</Label>"
        f"<RoleList>{machine(replica, roles[0], 'Role')}</RoleList>"
        + copied(tree, "VirtualNetworkName", "Dns", "ReservedIPName")
        + f"{balancers}</Deployment>"
    )
    documents = [machine(replica, role, "PersistentVMRole") for role in roles[1:]]
    request_id = replica.do("POST", base, create)
    for before, document in zip(roles, documents, strict=False):
        replica.finish(request_id)
        if _still_to_come(states.get(text(before, "RoleName"), ("", ""))) == 0:
            replica.wait(1200.0)
        request_id = replica.do("POST", f"{base}/{name}/roles", document)
    wanted = _states(tree)
    stopped = {role: state for role, (state, _) in states.items() if state in STEADY - {"ReadyRole"}}
    if stopped and text(tree, "Status") != "Deploying":
        yield from _stopped(replica, f"{base}/{name}", request_id, stopped, wanted)
    if text(tree, "Status") == "Deploying":
        replica.finish(request_id)
        replica = _again(replica, service, base, create)
    if text(tree, "Status") == "Deleting":
        replica.finish(request_id)
        if _still_to_come(states.get(text(roles[-1], "RoleName"), ("", ""))) == 0:
            replica.wait(1200.0)
        replica.do("DELETE", f"{base}/{name}")
    maintained = [
        text(each, "RoleName")
        for each in children(tree, "RoleInstanceList/RoleInstance")
        if each.find(f"{NAMESPACE}MaintenanceStatus") is not None
    ]
    if maintained:
        replica.finish(request_id)
        replica.wait(1200.0)
    for role in maintained:
        replica.done("POST", f"{base}/{name}/roleinstances/{role}/Operations", MAINTAIN)
    yield from _moments(replica, f"{base}/{name}", wanted, steps=1500)
    passing = [role for role, (state, _) in states.items() if state not in STEADY]
    if passing and text(tree, "Status") == "Running":
        # The same states are passed through again, by a guest that has reported before.
        for role in passing:
            restarted = replica.send("POST", f"{base}/{name}/roleinstances/{role}/Operations", RESTART)
            if restarted.status == 202 and role != passing[-1]:
                replica.finish(restarted.headers["x-ms-request-id"])
        yield from _moments(replica, f"{base}/{name}", wanted, steps=600)


WAY: Final = (
    ("ReadyRole", "Started"),
    ("RoleStateUnknown", "Started"),
    ("Provisioning", "Started"),
    ("StartingVM", "Starting"),
    ("CreatingVM", "Starting"),
    ("RoleStateUnknown", "Starting"),
)
"""States of a machine on its way, backwards."""


def _still_to_come(state: tuple[str, str]) -> int:
    """How far a machine is from being ready, or stopped; none for what stays as it is."""
    return WAY.index(state) if state in WAY else int(state[0] not in STEADY)


def _stopped(
    replica: Replica, path: str, request_id: str, stopped: dict[str, str], wanted: tuple[object, ...]
) -> Iterator[None]:
    """Stop machines: before they are ready, and again when their guests have reported everything."""
    replica.finish(request_id)
    for _ in range(1500):
        if re.search("<InstanceStatus>(Provisioning|ReadyRole)", replica.send("GET", path).body.decode()):
            break
        replica.wait(1.0)
    for pause in (0.0, 1200.0):
        if pause:
            for role in stopped:
                replica.done("POST", f"{path}/roleinstances/{role}/Operations", START)
                replica.wait(1.0)
        replica.wait(pause)
        for role, state in stopped.items():
            action = "Stopped" if state == "StoppedVM" else state
            replica.done("POST", f"{path}/roleinstances/{role}/Operations", _shutdown(action))
        replica.wait(120.0)
        yield from _moments(replica, path, wanted, steps=3)


def _again(replica: Replica, service: str, base: str, create: str) -> Replica:
    """Begin anew: the recorded moment is soon after acceptance."""
    replica.send("DELETE", f"services/hostedservices/{service}?comp=media")
    replica.wait(600.0)
    hosted_service(replica, service)
    replica.do("POST", base, create)
    return replica


def _any_role() -> ET.Element:
    return ET.fromstring(
        f"<Role {XMLNS}><RoleName>role</RoleName><OSVirtualHardDisk><SourceImageName>image-of-a-role"
        "</SourceImageName><OS>Linux</OS></OSVirtualHardDisk></Role>"
    )


def _shutdown(action: str) -> str:
    return (
        f"<ShutdownRoleOperation {XMLNS}><OperationType>ShutdownRoleOperation</OperationType>"
        f"<PostShutdownAction>{action}</PostShutdownAction></ShutdownRoleOperation>"
    )


def _surroundings(replica: Replica, service: str, tree: ET.Element, roles: list[ET.Element]) -> None:
    subnets = {
        each.text or ""
        for role in roles
        for each in role.iter()
        if local(each.tag) == "SubnetName" and not len(each)
    } | {each.text or "" for each in tree.iter(f"{NAMESPACE}SubnetName")}
    statics = {each.text or "" for each in tree.iter(f"{NAMESPACE}StaticVirtualNetworkIPAddress")}
    network(replica, service, text(tree, "VirtualNetworkName"), subnets or {"subnet"}, statics)
    if text(tree, "ReservedIPName"):
        reserved_ip(replica, text(tree, "ReservedIPName"))


def _states(tree: ET.Element) -> tuple[object, ...]:
    instances = sorted(
        (text(each, "RoleName").lower(), text(each, "InstanceStatus"), text(each, "PowerState"))
        for each in children(tree, "RoleInstanceList/RoleInstance")
    )
    return (text(tree, "Status"), tuple(instances))


def _moments(replica: Replica, path: str, wanted: tuple[object, ...], *, steps: int) -> Iterator[None]:
    """Let time pass, and stop wherever the states are the wanted ones."""
    last = b""
    for _ in range(steps):
        response = replica.send("GET", path)
        if response.status == 200:
            shown = re.sub(rb"\d", b"", response.body)
            if shown != last and _states(ET.fromstring(response.body)) == wanted:
                yield
            last = shown
        replica.wait(1.0)


# Virtual machine images and sites


def vm_image(replica: Replica, tree: ET.Element, number: int) -> None:
    """Make a virtual machine image of blobs, or of a machine where it was captured."""
    name = text(tree, "Name")
    if text(tree, "RoleName"):
        service, role = f"svc{number}", "vm"
        attached_disks(replica, service, "dep", role, [])
        replica.wait(1200.0)
        generalized = text(tree, "OSDiskConfiguration/OSState") == "Generalized"
        base = f"services/hostedservices/{service}/deployments/dep/roleinstances/{role}/Operations"
        if generalized:
            replica.done("POST", base, _shutdown("Stopped"))
            replica.wait(120.0)
        replica.done(
            "POST",
            base,
            f"<CaptureRoleAsVMImageOperation {XMLNS}>"
            "<OperationType>CaptureRoleAsVMImageOperation</OperationType>"
            f"{element('OSState', text(tree, 'OSDiskConfiguration/OSState'))}{element('VMImageName', name)}"
            f"{element('VMImageLabel', text(tree, 'Label') or name)}{copied(tree, 'Description', 'Language')}"
            f"{copied(tree, 'ImageFamily', 'RecommendedVMSize')}</CaptureRoleAsVMImageOperation>",
        )
        return
    data = "".join(
        f"<DataDiskConfiguration>{copied(each, 'HostCaching', 'Lun', 'MediaLink')}</DataDiskConfiguration>"
        for each in children(tree, "DataDiskConfigurations/DataDiskConfiguration")
    )
    system = tree.find(f"{NAMESPACE}OSDiskConfiguration")
    assert system is not None
    replica.done(
        "POST",
        "services/vmimages",
        f"<VMImage {XMLNS}>{copied(tree, 'Name', 'Label', 'Description')}<OSDiskConfiguration>"
        f"{copied(system, 'HostCaching', 'OSState', 'OS', 'MediaLink')}</OSDiskConfiguration>"
        f"<DataDiskConfigurations>{data}</DataDiskConfigurations>"
        f"{copied(tree, 'Language', 'ImageFamily', 'RecommendedVMSize', 'Eula', 'IconUri', 'SmallIconUri')}"
        f"{copied(tree, 'PrivacyUri', 'PublishedDate', 'ShowInGui')}</VMImage>",
    )


def network_of_sites(replica: Replica, tree: ET.Element) -> str:
    """The network configuration from which the service listed these sites."""
    servers: dict[str, str] = {}
    sites = local_sites = ""
    for site in tree:
        group, place = text(site, "AffinityGroup"), text(site, "Location")
        if group:
            affinity_group(replica, group)
        where = f'AffinityGroup="{escape(group)}"' if group else f'Location="{escape(place)}"'
        prefixes = "".join(
            f"<AddressPrefix>{each.text}</AddressPrefix>"
            for each in children(site, "AddressSpace/AddressPrefixes/AddressPrefix")
        )
        subnets = "".join(
            f"<Subnet name={quoteattr(text(each, 'Name'))}>"
            f"<AddressPrefix>{text(each, 'AddressPrefix')}</AddressPrefix></Subnet>"
            for each in children(site, "Subnets/Subnet")
        )
        references = ""
        for each in children(site, "Dns/DnsServers/DnsServer"):
            servers[text(each, "Name")] = text(each, "Address")
            references += f"<DnsServerRef name={quoteattr(text(each, 'Name'))}/>"
        gateway = ""
        if site.find(f"{NAMESPACE}Gateway") is not None:
            pool = "".join(
                f"<AddressPrefix>{each.text}</AddressPrefix>"
                for each in children(site, "Gateway/VPNClientAddressPool/AddressPrefixes/AddressPrefix")
            )
            linked = ""
            for each in children(site, "Gateway/Sites/LocalNetworkSite"):
                linked += (
                    f'<LocalNetworkSiteRef name={quoteattr(text(each, "Name"))}><Connection type="IPsec"/>'
                    "</LocalNetworkSiteRef>"
                )
                spaces = "".join(
                    f"<AddressPrefix>{one.text}</AddressPrefix>"
                    for one in children(each, "AddressSpace/AddressPrefixes/AddressPrefix")
                )
                address = given(each, "VpnGatewayAddress")
                local_sites += (
                    f"<LocalNetworkSite name={quoteattr(text(each, 'Name'))}>"
                    f"<AddressSpace>{spaces}</AddressSpace>"
                    f"{element('VPNGatewayAddress', address)}</LocalNetworkSite>"
                )
            gateway = (
                "<Gateway>"
                + (f"<VPNClientAddressPool>{pool}</VPNClientAddressPool>" if pool else "")
                + f"<ConnectionsToLocalNetwork>{linked}</ConnectionsToLocalNetwork></Gateway>"
            )
        sites += (
            f"<VirtualNetworkSite name={quoteattr(text(site, 'Name'))} {where}><AddressSpace>{prefixes}"
            f"</AddressSpace><Subnets>{subnets}</Subnets>"
            + (f"<DnsServersRef>{references}</DnsServersRef>" if references else "")
            + f"{gateway}</VirtualNetworkSite>"
        )
    named = "".join(
        f'<DnsServer name={quoteattr(name)} IPAddress="{address}"/>' for name, address in servers.items()
    )
    dns = f"<Dns><DnsServers>{named}</DnsServers></Dns>" if named else "<Dns/>"
    if local_sites:
        dns += f"<LocalNetworkSites>{local_sites}</LocalNetworkSites>"
    return network_document(sites, dns)


# Machines that only have to be there


def account_of(tree: ET.Element) -> str:
    """Storage account of a recorded disk."""
    return text(tree, "MediaLink").partition("://")[2].partition(".")[0]


def _simple_role(system: str, more: str = "") -> ET.Element:
    return ET.fromstring(
        f"<Role {XMLNS}><RoleName>vm</RoleName><OSVirtualHardDisk><SourceImageName>image-of-{system}"
        f"</SourceImageName><OS>{system}</OS></OSVirtualHardDisk>{more}</Role>"
    )


def _simple_deployment(replica: Replica, service: str, role: ET.Element, after: str = "") -> None:
    hosted_service(replica, service)
    replica.done(
        "POST",
        f"services/hostedservices/{service}/deployments",
        f"<Deployment {XMLNS}><Name>dep</Name><DeploymentSlot>Production</DeploymentSlot><Label>l</Label>"
        f"<RoleList>{machine(replica, role, 'Role')}</RoleList>{after}</Deployment>",
    )


def windows_machine(replica: Replica, service: str, number: int) -> None:
    """Have a Windows machine that can be managed from afar."""
    del number
    thumbprint = "<DefaultWinRmCertificateThumbprint>00</DefaultWinRmCertificateThumbprint>"
    _simple_deployment(replica, service, _simple_role("Windows", thumbprint))


def machine_in(replica: Replica, service: str, site: ET.Element) -> None:
    """Have a machine in a virtual network site."""
    hosted_service(replica, service, group=text(site, "AffinityGroup"), place=text(site, "Location"))
    named = element("VirtualNetworkName", text(site, "Name"))
    _simple_deployment(replica, service, _simple_role("Linux"), named)
