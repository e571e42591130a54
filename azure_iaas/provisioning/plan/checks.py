"""Every mistake in a plan, found before the first request that writes; all of them reported together.

Two steps: what the plan alone shows (nothing is sent at all), then what the service's lists show (reads).
Only what the service certainly refuses is a mistake here ("Names, limits, sizes", protocol chapter 14).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from azure_iaas.errors import InvalidArgumentError, quoted
from azure_iaas.models import AzureModel, DataDisk
from azure_iaas.operations import arguments, naming
from azure_iaas.provisioning.plan.differences import differences
from azure_iaas.provisioning.plan.templates import leftover
from azure_iaas.wire import codecs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from azure_iaas.models import Deployment, HostedService, RoleSize, Subscription
    from azure_iaas.provisioning.plan.plan import (
        EndpointPlan,
        Plan,
        PlannedDeployment,
        PlannedRole,
        PlannedService,
    )

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
        line: the line of the plan's file it is on, or None.
        others: machines of the same group that have the same problem.
    """

    where: str
    rule: str
    place: str = ""
    line: int | None = None
    others: int = 0

    def __str__(self) -> str:
        """Give the problem as one line."""
        where = self.where + (f" and {self.others} more" if self.others else "")
        source = ", ".join(each for each in (f"line {self.line}" if self.line else "", self.place) if each)
        return f"{where}: {self.rule}" + (f" ({source})" if source else "")


def one_each(problems: Iterable[Problem], plan: Plan) -> list[Problem]:
    """One problem for each mistake, with its line: what a group says is wrong once, not with each machine."""
    first: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        key = (problem.place, problem.rule)
        known = first.get(key)
        if known is None or not problem.place:
            first[key] = replace(problem, line=plan.line_of(problem.place))
        elif known.where != problem.where:
            first[key] = replace(known, others=known.others + 1)
    return list(first.values())


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
    ports: dict[_Port, _Holder] = {}
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
        yield _as_written(role, error)
    except ValueError:
        # Its text isn't repeated: it may quote what was given.
        rule = "a public port pattern must give a number, as '22{n:03}' does"
        yield Problem(where, rule, f"{role.place}.endpoints")
    if role.group.attach == "with_role" and role.group.data_disks:
        return  # they are in the document
    luns: set[int] = set()
    for index, disk in enumerate(role.data_disks()):
        path = f"data_disks[{index}]"
        try:
            arguments.check_new_disk(path, disk)
        except InvalidArgumentError as error:
            yield _as_written(role, error)
        if disk.lun in luns:
            rule = f"{path}: LUN {disk.lun} is used twice in this role"
            yield Problem(where, rule, f"{role.place}.{path}")
        luns.add(disk.lun)


_IN_THE_PLAN: Final = (
    (re.compile(r"^role\.?"), ""),
    (re.compile(r"^role_name$"), "name"),
    (re.compile(r"^os_disk.*"), "image"),
    (re.compile(r"^configuration_sets\[\d+\]\.input_endpoints"), "endpoints"),
    (re.compile(r"^configuration_sets\[\d+\]\.subnet_names"), "subnets"),
    (re.compile(r"^configuration_sets(\[\d+\])?"), "provisioning"),
)
"""Where the parts of a machine's document stand in a plan."""
_DOCUMENTED: Final = re.compile(r"^(provisioning|data_disks\[\d+\])\.(\w+)(.*)$")


def _as_written(role: PlannedRole, error: InvalidArgumentError) -> Problem:
    """A rule the machine's document breaks, at its place in the plan and in the words of the plan."""
    path = naming.python_path(error.argument)
    for pattern, words in _IN_THE_PLAN:
        path = pattern.sub(words, path)
    if found := _DOCUMENTED.match(path):
        part: AzureModel | None = DataDisk() if found[1].startswith("data") else role.group.provisioning
        names = (
            {each.attribute: each.documented for each in codecs.plan(type(part)).orders["ga"]} if part else {}
        )
        path = f"{found[1]}.{names.get(found[2], found[2])}{found[3]}"
    place = f"{role.place}.{path}" if path else role.place
    return Problem(str(role.id), f"{path}: {error.rule}" if path else error.rule, place)


class _Port(NamedTuple):
    """A port of an address: of a virtual IP, "" being the first, or of an internal load balancer."""

    virtual_ip: str
    load_balancer: str
    protocol: str
    number: int

    @classmethod
    def of(cls, plan: EndpointPlan, number: int) -> _Port:
        virtual_ip, load_balancer = plan.virtual_ip or "", plan.load_balancer or ""
        return cls(virtual_ip.lower(), load_balancer.lower(), plan.protocol, number)

    def __str__(self) -> str:
        if self.load_balancer:
            return f"{self.protocol} port {self.number} of load balancer {quoted(self.load_balancer)}"
        of = f" of virtual IP {quoted(self.virtual_ip)}" if self.virtual_ip else ""
        return f"public {self.protocol} port {self.number}{of}"


class _Holder(NamedTuple):
    role: str
    balanced_set: str

    def shares(self, other: _Holder) -> bool:
        return self.balanced_set != "" and self.balanced_set == other.balanced_set


def _ports(role: PlannedRole) -> Iterator[tuple[int, _Port, _Holder]]:
    """The ports a machine takes: position in the plan, port, and who takes it."""
    try:
        ports = role.ports()
    except ValueError:
        return  # reported with the document
    for index, (plan, _, number) in enumerate(ports):
        if number is not None:
            balanced_set = role.fill(plan.load_balanced_set or "").lower()
            yield index, _Port.of(plan, number), _Holder(role.id.role, balanced_set)


def _check_ports(role: PlannedRole, taken: dict[_Port, _Holder]) -> Iterator[Problem]:
    for index, port, taker in _ports(role):
        holder = taken.setdefault(port, taker)
        if holder.role != taker.role and not holder.shares(taker):
            rule = (
                f"{port} is taken by role {holder.role}: the roles of a deployment share the ports of an"
                " address"
            )
            yield Problem(str(role.id), rule, f"{role.place}.endpoints[{index}]")


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
            problems += [
                Problem(each.where, str(each), each.place) for each in differences(service, existing)
            ]
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
        key = what.replace(" ", "_")
        place = f"{service.place}.{key}" if getattr(plan, key) else service.place
        yield Problem(service.name, f"there is no {what} {quoted(name)}{listed}", place)


def _check_offer(role: PlannedRole, found: Catalogue) -> Iterator[Problem]:
    group, where = role.group, str(role.id)
    images = found.vm_images if group.vm_image else found.images
    if images is not None and group.image.lower() not in images:
        what = "VM image" if group.vm_image else "OS image"
        yield Problem(where, f"there is no {what} {quoted(group.image)}", f"{role.place}.image")
    if found.role_sizes is None:
        return
    size = found.role_sizes.get(group.size.lower())
    if size is None or size.supported_by_virtual_machines is False:
        rule = f"there is no role size {quoted(group.size)} for virtual machines"
        yield Problem(where, rule, f"{role.place}.size" if "size" in group.model_fields_set else role.place)
        return
    if not group.data_disks or size.max_data_disk_count is None:
        return
    most = size.max_data_disk_count
    if len(group.data_disks) > most:
        rule = f"size {group.size} takes at most {most} data disks, the role has {len(group.data_disks)}"
        yield Problem(where, rule, f"{role.place}.data_disks")
    highest = max(DEFAULT_SIZE_DISKS, most) - 1
    for index, disk in enumerate(role.data_disks()):
        if disk.lun > highest:
            rule = f"LUN {disk.lun}: size {group.size} has LUN 0 to {highest}"
            yield Problem(where, rule, f"{role.place}.data_disks[{index}]")


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
    there = {(each.name or "").lower(): each for each in existing.deployments}
    for planned_deployment in service.deployments:
        if (found := there.get(planned_deployment.name.lower())) is not None:
            yield from _check_existing_ports(planned_deployment, found)


def _check_existing_ports(deployment: PlannedDeployment, there: Deployment) -> Iterator[Problem]:
    existing = {(role.role_name or "").lower(): role for role in there.role_list}
    planned = {role.id.role.lower() for role in deployment.roles}
    first = (there.virtual_ips[0].name or "").lower() if there.virtual_ips else ""
    taken: dict[_Port, _Holder] = {}
    for name, role in existing.items():
        network = role.network_configuration
        if name in planned or network is None:
            continue
        for endpoint in network.input_endpoints:
            virtual_ip = (endpoint.virtual_ip_name or "").lower()
            port = _Port(
                "" if virtual_ip == first else virtual_ip,
                (endpoint.load_balancer_name or "").lower(),
                (endpoint.protocol or "").lower(),
                endpoint.port or 0,
            )
            its_set = (endpoint.load_balanced_endpoint_set_name or "").lower()
            taken[port] = _Holder(role.role_name or "", its_set)
    for planned_role in deployment.roles:
        if planned_role.id.role.lower() in existing:
            continue  # its own ports; where they differ from the plan's, that is said
        for index, port, taker in _ports(planned_role):
            holder = taken.get(port)
            if holder is not None and not holder.shares(taker):
                rule = f"{port} is taken by the existing role {holder.role}"
                yield Problem(str(planned_role.id), rule, f"{planned_role.place}.endpoints[{index}]")


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
