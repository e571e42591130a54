"""Where a plan and what is there contradict each other: a run would pass it over without a word. Pure.

Rules:

1. What a run makes of the plan, whole or half, on its own or beside another run of the same plan, is no
   difference: machines and disks that aren't there yet, ports and names the plan leaves to the service.
2. What the plan leaves open is the service's to choose: location, labels, subnets, ports, names, caching.
   An availability set, a network or a reserved address it doesn't name is one it doesn't want.
3. What an answer doesn't tell isn't compared: passwords, a host name, and elements of newer versions.
4. Names that differ in case alone are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from azure_iaas.errors import quoted
from azure_iaas.provisioning.plan.plan import is_new

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from azure_iaas.models import DataDisk, Deployment, ExternalEndpoint, HostedService, VMRole
    from azure_iaas.provisioning.plan.plan import (
        EndpointPlan,
        PlannedDeployment,
        PlannedRole,
        PlannedService,
    )

NONE: Final = "none"
_TEXTS: Final = frozenset({"label", "description"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is there otherwise than the plan says.

    Attributes:
        where: cloud service, deployment and role, as a path.
        what: what differs, in the words of the plan.
        planned: what the plan says, as text.
        existing: what is there, as text.
        place: where in the plan.
    """

    where: str
    what: str
    planned: str
    existing: str
    place: str

    def __str__(self) -> str:
        """Give both values."""
        return f"{self.what}: the plan says {self.planned}, there is {self.existing}"


def differences(planned: PlannedService, existing: HostedService) -> Iterator[Difference]:
    """Compare a cloud service of a plan with what is there under its name.

    Args:
        planned: what the plan says.
        existing: the cloud service, with its deployments.
    """
    plan, place, name = planned.plan, planned.place, planned.name
    properties = existing.hosted_service_properties
    if properties is not None:
        location, group = properties.location, properties.affinity_group
        for what, said, there in (
            ("location", plan.location, location or (group and f"affinity group {group}")),
            ("affinity group", plan.affinity_group, group or (location and f"location {location}")),
        ):
            if said and there:
                yield from _compared(name, what, said, there, place)
        for what in ("label", "description"):
            if (said := getattr(plan, what)) is not None:
                yield from _compared(name, what, said, getattr(properties, what), place)
    for deployment in planned.deployments:
        for each in existing.deployments:
            yield from _deployment(deployment, each)


def _deployment(planned: PlannedDeployment, existing: Deployment) -> Iterator[Difference]:
    plan, place = planned.plan, planned.place
    where = f"{planned.service}/{planned.name}"
    same_slot = (existing.deployment_slot or "").lower() == plan.slot.lower()
    if (existing.name or "").lower() != planned.name.lower():
        if same_slot:
            yield from _compared(
                where, f"deployment in slot {plan.slot}", planned.name, existing.name, place, key=""
            )
        return
    yield from _compared(where, "slot", plan.slot, existing.deployment_slot, place)
    if plan.label is not None:
        yield from _compared(where, "label", plan.label, existing.label, place)
    network = existing.virtual_network_name
    yield from _compared(where, "virtual network", plan.virtual_network, network, place)
    reserved = existing.reserved_ip_name or next(
        (each.reserved_ip_name for each in existing.virtual_ips if each.reserved_ip_name), None
    )
    yield from _compared(where, "reserved IP", plan.reserved_ip, reserved, place)
    roles = {(role.role_name or "").lower(): role for role in existing.role_list}
    for role in planned.roles:
        if (found := roles.get(role.id.role.lower())) is not None:
            yield from _role(role, found)


def _role(planned: PlannedRole, existing: VMRole) -> Iterator[Difference]:
    group, where, place = planned.group, str(planned.id), planned.place
    if existing.role_size:
        yield from _compared(where, "size", group.size, existing.role_size, place)
    image = existing.vm_image_name or (existing.os_disk.source_image_name if existing.os_disk else None)
    if image and not (group.vm_image and existing.vm_image_name is None):
        yield from _compared(where, "image", group.image, image, place)
    wanted = planned.fill(group.availability_set) if group.availability_set else None
    yield from _compared(where, "availability set", wanted, existing.availability_set_name, place)
    if group.media_link and existing.os_disk and existing.os_disk.media_link and not group.vm_image:
        said, there = blob(planned.fill(group.media_link)), blob(existing.os_disk.media_link)
        yield from _compared(where, "media link", said, there, place)
    network = existing.network_configuration
    if group.subnets:
        there = _list(network.subnet_names if network else ())
        yield from _compared(where, "subnets", _list(group.subnets), there, place)
    yield from _endpoints(planned, network.input_endpoints if network else [])
    yield from _disks(planned, existing.data_disks)


def _endpoints(planned: PlannedRole, existing: Iterable[ExternalEndpoint]) -> Iterator[Difference]:
    where, place = str(planned.id), f"{planned.place}.endpoints"
    left = {(each.name or "").lower(): each for each in existing}
    for index, (plan, name, port) in enumerate(planned.ports()):
        found = left.pop(name.lower(), None)
        here = f"{place}[{index}]"
        if found is None:
            yield Difference(where, f"endpoint {quoted(name)}", _endpoint(plan, port), NONE, here)
            continue
        balanced_set = planned.fill(plan.load_balanced_set or "")
        compared: tuple[tuple[str, Any, Any], ...] = (
            ("protocol", plan.protocol, found.protocol),
            ("local port", plan.local_port, found.local_port),
            ("port", port, found.port if port is not None else None),
            ("load balanced set", balanced_set, found.load_balanced_endpoint_set_name),
            ("load balancer", plan.load_balancer, found.load_balancer_name),
            ("virtual IP", plan.virtual_ip, found.virtual_ip_name if plan.virtual_ip else None),
        )
        for what, said, there in compared:
            for each in _compared(where, what, said, there, here):
                yield replace(each, what=f"{what} of endpoint {quoted(name)}")
    for other in left.values():
        there = f"{other.protocol} {other.port} to {other.local_port}"
        yield Difference(where, f"endpoint {quoted(other.name or '')}", NONE, there, place)


def _endpoint(plan: EndpointPlan, port: int | None) -> str:
    return f"{plan.protocol} {'any port' if port is None else port} to {plan.local_port}"


def _disks(planned: PlannedRole, existing: Iterable[DataDisk]) -> Iterator[Difference]:
    where, place = str(planned.id), f"{planned.place}.data_disks"
    left = {disk.lun: disk for disk in existing}
    for index, disk in enumerate(planned.data_disks()):
        found = left.pop(disk.lun, None)
        if found is None:
            continue  # attached by this run
        size = disk.logical_disk_size_in_gb if is_new(disk) else None
        compared: tuple[tuple[str, Any, Any], ...] = (
            # The size of a disk that was there before is what it is, whatever the plan says beside its name.
            ("size", size, found.logical_disk_size_in_gb),
            ("name", disk.disk_name, found.disk_name),
            ("media link", blob(disk.media_link), blob(found.media_link)),
            ("caching", disk.host_caching, found.host_caching),
        )
        for what, said, there in compared:
            if said is not None and there is not None:
                label = f"{what} of the disk at LUN {disk.lun}"
                yield from _compared(where, label, said, there, f"{place}[{index}]", key="")
    if not planned.group.vm_image:  # an image of a machine brings disks of its own
        for lun, found in left.items():
            yield Difference(where, f"disk at LUN {lun}", NONE, _told(found.disk_name), place)


def _compared(
    where: str, what: str, planned: Any, existing: Any, place: str, *, key: str | None = None
) -> Iterator[Difference]:
    """Compare two values; ``key`` is the plan's, where it isn't what is compared."""
    said, there = str(planned or ""), str(existing or "")
    if (said != there) if what in _TEXTS else (said.lower() != there.lower()):
        key = what.replace(" ", "_").lower() if key is None else key
        exact = f"{place}.{key}" if key and planned else place
        yield Difference(where, what, _told(planned), _told(existing), exact)


def _told(value: Any) -> str:
    return NONE if value in (None, "") else quoted(value) if isinstance(value, str) else str(value)


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names, key=str.lower))


def blob(link: str | None) -> str | None:
    """A blob's link without its scheme: both lead to the same blob."""
    if link is None:
        return None
    parts = urlsplit(link)
    return f"{parts.netloc}{parts.path}"
