"""Every mistake in a plan, found before the first request that writes; all of them reported together.

Two steps: what the plan alone shows (nothing is sent at all), then what the service's lists show (reads).
Only what the service certainly refuses is a mistake here ("Names, limits, sizes", protocol chapter 14).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.errors import InvalidArgumentError, quoted
from azure_iaas.operations import arguments
from azure_iaas.provisioning.plan.templates import leftover

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from azure_iaas.models import Deployment, HostedService, RoleSize, Subscription
    from azure_iaas.provisioning.plan.plan import PlannedDeployment, PlannedRole, PlannedService

METHOD: Final = "Provision"
TOLD: Final = 20
"""Problems a message lists; all of them are attributes."""
DEFAULT_SIZE_DISKS: Final = 16
"""LUNs are 0 to 15 on sizes with up to 16 disks."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule of the service that the plan breaks.

    Attributes:
        where: cloud service, deployment and role, as a path.
        rule: what is allowed, and what was found.
        place: the part of the plan that says so, for example ``services[0].deployments[0].roles[2]``.
    """

    where: str
    rule: str
    place: str = ""

    def __str__(self) -> str:
        """Give the problem as one line."""
        return f"{self.where}: {self.rule}" + (f" ({self.place})" if self.place else "")


class InvalidPlanError(InvalidArgumentError):
    """A plan breaks rules of the service. Nothing that writes was sent.

    Attributes:
        problems: all of them, in the plan's order.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        told = "; ".join(map(str, problems[:TOLD]))
        more = f"; and {len(problems) - TOLD} more" if len(problems) > TOLD else ""
        super().__init__(METHOD, "plan", f"{told}{more}")
        self.problems: Final = tuple(problems)


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """Limits that differ between subscriptions; the defaults are the documented ones (14.3).

    Attributes:
        roles_per_service: machines in one cloud service, and so in one deployment.
        endpoints_per_service: public ports of one cloud service.
    """

    roles_per_service: int = 50
    endpoints_per_service: int = 150


@dataclass(slots=True)
class Catalogue:
    """What the service offers and what is there already, by lower-case name; None where it wasn't asked.

    Attributes:
        role_sizes: sizes by name.
        images: names of OS images.
        vm_images: names of VM images.
        locations: names of regions.
        affinity_groups: names of affinity groups.
        services: cloud services of the plan that exist, with their deployments.
        subscription: quotas.
        default_location: where services without a location go.
    """

    role_sizes: Mapping[str, RoleSize] | None = None
    images: frozenset[str] | None = None
    vm_images: frozenset[str] | None = None
    locations: frozenset[str] | None = None
    affinity_groups: frozenset[str] | None = None
    services: dict[str, HostedService] = field(default_factory=dict)
    subscription: Subscription | None = None
    default_location: str = ""


def check_plan(services: Sequence[PlannedService], limits: PlanLimits) -> list[Problem]:
    """Problems the plan shows by itself: names, duplicates, ports, LUNs, limits, machine documents."""
    problems: list[Problem] = []
    problems += _repeated(
        ((each.name, each.name, each.place) for each in services), "the cloud service is there twice"
    )
    for service in services:
        problems += _check_service(service, limits)
    named = [
        (disk.disk_name, role.id, role.place)
        for service in services
        for role in service.roles
        if role.group.data_disks
        for disk in role.data_disks()
        if disk.disk_name
    ]
    problems += _repeated(
        ((name, str(where), place) for name, where, place in named), "the disk name {!r} is used twice"
    )
    return problems


def _repeated(names: Iterable[tuple[str, str, str]], rule: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, where, place in names:
        if name.lower() in seen:
            yield Problem(where, rule.format(name), place)
        seen.add(name.lower())


def _check_service(service: PlannedService, limits: PlanLimits) -> Iterator[Problem]:
    plan = service.plan
    yield from _check_name(service.name, service.name, service.place, "service_name")
    if plan.location and plan.affinity_group:
        yield Problem(service.name, "give a location or an affinity group, not both", service.place)
    for what, text, longest in (
        ("label", plan.label, arguments.LABEL_LENGTH),
        ("description", plan.description, arguments.DESCRIPTION_LENGTH),
    ):
        if text is not None and len(text) > longest:
            yield Problem(service.name, f"{what}: at most {longest} characters", service.place)
    deployments = service.deployments
    yield from _repeated(
        ((each.name, f"{service.name}/{each.name}", each.place) for each in deployments),
        "the deployment {!r} is there twice in this service",
    )
    yield from _repeated(
        ((each.plan.slot, f"{service.name}/{each.name}", each.place) for each in deployments),
        "a service has one deployment in slot {}",
    )
    roles = sum(len(each.roles) for each in deployments)
    if roles > limits.roles_per_service:
        rule = f"at most {limits.roles_per_service} roles in a cloud service, the plan has {roles}"
        yield Problem(service.name, rule, service.place)
    endpoints = sum(len(role.group.endpoints) for role in service.roles)
    if endpoints > limits.endpoints_per_service:
        rule = (
            f"at most {limits.endpoints_per_service} endpoints in a cloud service, the plan has {endpoints}"
        )
        yield Problem(service.name, rule, service.place)
    for deployment in deployments:
        yield from _check_deployment(deployment)


def _check_name(name: str, where: str, place: str, kind: str) -> Iterator[Problem]:
    if field_ := leftover(name):
        yield Problem(where, f"{field_} in the name is not filled: known are n, service, deployment", place)
        return
    try:
        arguments.new_name(kind, name)
    except InvalidArgumentError as error:
        yield Problem(where, f"{kind}: {error.rule}", place)


def _check_deployment(deployment: PlannedDeployment) -> Iterator[Problem]:
    where = f"{deployment.service}/{deployment.name}"
    yield from _check_name(deployment.name, where, deployment.place, "deployment_name")
    label = deployment.plan.label
    if label is not None and len(label) > arguments.LABEL_LENGTH:
        yield Problem(where, f"label: at most {arguments.LABEL_LENGTH} characters", deployment.place)
    names: set[str] = set()
    ports: dict[tuple[str, int], tuple[str, str]] = {}
    for role in deployment.roles:
        if role.id.role.lower() in names:
            rule = "the role name is used twice in this deployment: put {n} into it"
            yield Problem(str(role.id), rule, role.place)
        names.add(role.id.role.lower())
        yield from _check_role(role)
        yield from _check_ports(role, ports)


def _check_role(role: PlannedRole) -> Iterator[Problem]:
    where = str(role.id)
    if field_ := leftover(role.id.role):
        yield Problem(
            where, f"{field_} in the name is not filled: known are n, service, deployment", role.place
        )
        return
    try:
        document = role.vm_role()
        # Checked as the client will check it when it is sent.
        arguments.new_role(document)
    except InvalidArgumentError as error:
        yield Problem(where, f"{error.argument.removeprefix('role.')}: {error.rule}", role.place)
    except ValueError:
        # Its text isn't repeated: it may quote what was given.
        yield Problem(where, "a public port pattern must give a number, as '22{n:03}' does", role.place)
    disks = role.data_disks()
    luns: set[int] = set()
    for index, disk in enumerate(disks):
        path = f"data_disks[{index}]"
        try:
            arguments.check_new_disk(path, disk)
        except InvalidArgumentError as error:
            yield Problem(where, f"{error.argument}: {error.rule}", role.place)
        if disk.lun in luns:
            yield Problem(where, f"{path}: LUN {disk.lun} is used twice in this role", role.place)
        luns.add(disk.lun)


def _check_ports(role: PlannedRole, taken: dict[tuple[str, int], tuple[str, str]]) -> Iterator[Problem]:
    try:
        ports = role.ports()
    except ValueError:
        return  # reported with the document
    for plan, _, port in ports:
        if port is None:
            continue
        balanced = (plan.load_balanced_set or "").lower()
        holder, its_set = taken.setdefault((plan.protocol, port), (role.id.role, balanced))
        if holder != role.id.role and not (balanced and balanced == its_set):
            rule = (
                f"public {plan.protocol} port {port} is taken by role {holder}: the roles of a deployment"
                " share the public ports"
            )
            yield Problem(str(role.id), rule, role.place)


# --- what the service's lists show ----------------------------------------------------------------------


def check_catalogue(
    services: Sequence[PlannedService], found: Catalogue, limits: PlanLimits
) -> list[Problem]:
    """Problems that show against the service's lists: images, sizes, regions, what exists, quotas."""
    problems: list[Problem] = []
    for service in services:
        problems += _check_place(service, found)
        for role in service.roles:
            problems += _check_offer(role, found)
        existing = found.services.get(service.name.lower())
        if existing is not None:
            problems += _check_existing(service, existing, limits)
    problems += _check_quotas(services, found)
    return problems


def _check_place(service: PlannedService, found: Catalogue) -> Iterator[Problem]:
    plan = service.plan
    if service.name.lower() in found.services:
        return
    if plan.affinity_group:
        known, what, name = found.affinity_groups, "affinity group", plan.affinity_group
    else:
        known, what, name = found.locations, "location", plan.location or found.default_location
    if known is not None and name.lower() not in known:
        listed = f": known are {', '.join(sorted(known))}" if 0 < len(known) <= TOLD else ""
        yield Problem(service.name, f"there is no {what} {quoted(name)}{listed}", service.place)


def _check_offer(role: PlannedRole, found: Catalogue) -> Iterator[Problem]:
    group, where = role.group, str(role.id)
    images = found.vm_images if group.vm_image else found.images
    if images is not None and group.image.lower() not in images:
        what = "VM image" if group.vm_image else "OS image"
        yield Problem(where, f"there is no {what} {quoted(group.image)}", role.place)
    if found.role_sizes is None:
        return
    size = found.role_sizes.get(group.size.lower())
    if size is None or size.supported_by_virtual_machines is False:
        yield Problem(where, f"there is no role size {quoted(group.size)} for virtual machines", role.place)
        return
    if not group.data_disks or size.max_data_disk_count is None:
        return
    most = size.max_data_disk_count
    if len(group.data_disks) > most:
        rule = f"size {group.size} takes at most {most} data disks, the role has {len(group.data_disks)}"
        yield Problem(where, rule, role.place)
    highest = max(DEFAULT_SIZE_DISKS, most) - 1
    for disk in role.data_disks():
        if disk.lun > highest:
            yield Problem(where, f"LUN {disk.lun}: size {group.size} has LUN 0 to {highest}", role.place)


def _check_existing(
    service: PlannedService, existing: HostedService, limits: PlanLimits
) -> Iterator[Problem]:
    planned = {role.id.role.lower() for role in service.roles}
    others = sum(
        (role.role_name or "").lower() not in planned
        for deployment in existing.deployments
        for role in deployment.role_list
    )
    if others and others + len(planned) > limits.roles_per_service:
        rule = f"at most {limits.roles_per_service} roles: {others} others exist, the plan has {len(planned)}"
        yield Problem(service.name, rule, service.place)
    for deployment in service.deployments:
        for there in existing.deployments:
            same_name = (there.name or "").lower() == deployment.name.lower()
            same_slot = (there.deployment_slot or "").lower() == deployment.plan.slot.lower()
            where = f"{service.name}/{deployment.name}"
            if same_slot and not same_name:
                rule = f"the slot {deployment.plan.slot} holds another deployment, {there.name!r}"
                yield Problem(where, rule, deployment.place)
            elif same_name and not same_slot:
                rule = f"a deployment of this name is in slot {there.deployment_slot}"
                yield Problem(where, rule, deployment.place)
            elif same_name:
                yield from _check_existing_roles(deployment, there)


def _check_existing_roles(deployment: PlannedDeployment, there: Deployment) -> Iterator[Problem]:
    existing = {(role.role_name or "").lower(): role for role in there.role_list}
    planned = {role.id.role.lower() for role in deployment.roles}
    taken: dict[tuple[str, int | None], tuple[str, str]] = {}
    for name, role in existing.items():
        network = role.network_configuration
        if name not in planned and network is not None:
            for endpoint in network.input_endpoints:
                holder = (role.role_name or "", (endpoint.load_balanced_endpoint_set_name or "").lower())
                taken[(endpoint.protocol or "").lower(), endpoint.port] = holder
    for planned_role in deployment.roles:
        there_already = existing.get(planned_role.id.role.lower())
        if there_already is not None:
            size = there_already.role_size
            if size and size.lower() != planned_role.group.size.lower():
                rule = f"the role exists with size {size}, the plan says {planned_role.group.size}"
                yield Problem(str(planned_role.id), rule, planned_role.place)
            continue
        for plan, _, port in planned_role.ports() if taken else ():
            other, its_set = taken.get((plan.protocol, port), ("", ""))
            if other and not (its_set and its_set == (plan.load_balanced_set or "").lower()):
                rule = f"public {plan.protocol} port {port} is taken by the existing role {other}"
                yield Problem(str(planned_role.id), rule, planned_role.place)


def _check_quotas(services: Sequence[PlannedService], found: Catalogue) -> Iterator[Problem]:
    subscription = found.subscription
    if subscription is None:
        return
    there = {
        (service, (role.role_name or "").lower())
        for service, details in found.services.items()
        for deployment in details.deployments
        for role in deployment.role_list
    }
    cores: Counter[str] = Counter()
    for service in services:
        for role in service.roles:
            size = (found.role_sizes or {}).get(role.group.size.lower())
            if size is not None and (service.name.lower(), role.id.role.lower()) not in there:
                cores["needed"] += size.cores or 0
    new_services = sum(service.name.lower() not in found.services for service in services)
    for what, needed, used, limit in (
        ("cores", cores["needed"], subscription.current_core_count, subscription.max_core_count),
        (
            "cloud services",
            new_services,
            subscription.current_hosted_services,
            subscription.max_hosted_services,
        ),
    ):
        if limit is not None and needed + (used or 0) > limit and needed:
            rule = f"the plan needs {needed} more {what}: the subscription has {limit}, {used or 0} in use"
            yield Problem("subscription", rule)


def lower_names(values: Iterable[Any], attribute: str = "name") -> frozenset[str]:
    """Names of listed objects, in lower case."""
    return frozenset(name.lower() for each in values if (name := getattr(each, attribute)))
