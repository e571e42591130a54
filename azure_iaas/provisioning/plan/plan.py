"""What is to be there, as data: cloud services, their deployments, machines by the dozen.

::

    services:
      - name: fleet{n:02}
        count: 20
        location: West US
        deployments:
          - roles:
              - name: web{n:02}
                count: 5
                size: Small
                image: b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140927-en-us-30GB
                provisioning: {HostName: "{role}", UserName: azureuser, UserPassword: "${FLEET_PASSWORD}"}
                endpoints: [{name: ssh, protocol: tcp, local_port: 22, port: "22{n:03}"}]
                data_disks: [{LogicalDiskSizeInGB: 10}]

Rules:

1. A plan says nothing about order or time; it is the same plan wherever it came from.
2. Unknown keys are errors: a misspelt one must not be lost.
3. Passwords are secrets in the model: no ``repr``, digest, journal or report holds them.
4. A machine's document is made when it is needed: ten thousand machines are kept as their names.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)
from pydantic_core import PydanticCustomError

from azure_iaas.errors import InvalidArgumentError
from azure_iaas.frames import forgetful
from azure_iaas.models import (
    AzureModel,
    DataDisk,
    LinuxProvisioningConfiguration,
    NetworkConfiguration,
    OSDisk,
    ProvisioningConfiguration,
    VMRole,
)
from azure_iaas.operations import arguments
from azure_iaas.provisioning.plan import source
from azure_iaas.provisioning.plan.templates import fill
from azure_iaas.wire import codecs

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_COUNT: Final = 10_000
"""Machines of one group, or services of one pattern: a mistyped count must not fill the memory."""


class _Part(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, coerce_numbers_to_str=True
    )


def _known_keys(value: Mapping[str, Any], model: type[AzureModel]) -> None:
    plan = codecs.plan(model)
    taken = {*plan.by_name, *(each.attribute for each in plan.by_name.values())}
    documented = list(dict.fromkeys(each.documented for each in plan.by_name.values()))
    if strange := [str(name) for name in value if name not in taken]:
        rule = "; ".join(source.unknown(name, documented) for name in strange)
        raise PydanticCustomError("unknown_keys", "{rule}", {"rule": rule, "key": strange[0]})


def _provisioning_kind(value: Any) -> Any:
    """Make the right configuration set of a mapping: a host or user name means Linux."""
    if not isinstance(value, Mapping):
        if value is None or isinstance(value, AzureModel):
            return value
        msg = "a mapping is needed"
        raise ValueError(msg)
    kind = value.get("ConfigurationSetType", value.get("configuration_set_type"))
    linux = {"HostName", "UserName", "UserPassword", "host_name", "user_name", "user_password"}
    is_linux = kind == "LinuxProvisioningConfiguration" or (kind is None and linux & value.keys())
    model = LinuxProvisioningConfiguration if is_linux else ProvisioningConfiguration
    _known_keys(value, model)
    return model.model_validate(dict(value))


def _disk_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        _known_keys(value, DataDisk)
    return value


def _port(value: Any) -> Any:
    if value is None or (isinstance(value, (int, str)) and not isinstance(value, bool)):
        return value
    msg = "a number is needed, or a pattern that gives one"
    raise ValueError(msg)


def _slot(value: Any) -> Any:
    try:
        return arguments.slot("slot", value)
    except InvalidArgumentError as error:
        rule = error.rule
    raise ValueError(rule)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class EndpointPlan(_Part):
    """A public port of each machine of a group.

    Attributes:
        name: unique in the machine.
        protocol: ``tcp`` or ``udp``.
        local_port: the machine's own port.
        port: the public port, a number or a pattern that gives one (``22{n:03}``); None lets the service
            pick. Machines share the public ports of an address.
        load_balanced_set: machines that name the same set share the port.
        virtual_ip: name of the public address the port is open on; None is the deployment's first.
        load_balancer: name of the internal load balancer it is open on, in place of a public address.
    """

    name: str
    protocol: Annotated[Literal["tcp", "udp"], BeforeValidator(_lower)] = "tcp"
    local_port: int = Field(ge=1, le=65535)
    port: Annotated[int | str | None, BeforeValidator(_port)] = None
    load_balanced_set: str | None = None
    virtual_ip: str | None = None
    load_balancer: str | None = None

    @model_serializer(mode="wrap")
    def _without_what_is_newer(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # A plan that doesn't use them has the digest it had before they were: its journal goes on.
        values: dict[str, Any] = write(self)
        newer = ("virtual_ip", "load_balancer")
        return {name: value for name, value in values.items() if value is not None or name not in newer}


def is_new(disk: DataDisk) -> bool:
    """Whether a data disk is new whatever is there: a size alone. A name or blob that exists wins over it."""
    return disk.logical_disk_size_in_gb is not None and not (
        disk.disk_name or disk.media_link or disk.source_media_link
    )


class RoleGroup(_Part):
    """Machines that differ by their number only.

    Attributes:
        name: name of the machine, with ``{n}`` when there are several.
        count: how many.
        first: number of the first one.
        size: role size, ``Small`` by default as the service has it.
        image: OS image (or VM image) to start from.
        media_link: blob for the OS disk, as a pattern; None lets the service choose.
        vm_image: ``image`` is a VM image, not an OS image.
        provisioning: how the machine is set up, in the documented words; patterns in its computer or host
            name are filled.
        endpoints: public ports.
        data_disks: data disks in the documented words; a missing LUN is the disk's place in the list.
        attach: ``after``: data disks are attached when the machines of the deployment are created;
            ``with_role``: they are made in the same request, which saves half a minute for each.
        availability_set: machines that name the same set are kept apart.
        subnets: subnets of the deployment's virtual network.
    """

    name: str
    count: int = Field(default=1, ge=1, le=MAX_COUNT)
    first: int = Field(default=1, ge=0)
    size: str = "Small"
    image: str
    media_link: str | None = None
    vm_image: bool = False
    provisioning: Annotated[
        ProvisioningConfiguration | LinuxProvisioningConfiguration | None,
        BeforeValidator(_provisioning_kind),
    ] = None
    endpoints: tuple[EndpointPlan, ...] = ()
    data_disks: tuple[Annotated[DataDisk, BeforeValidator(_disk_keys)], ...] = ()
    attach: Annotated[Literal["after", "with_role"], BeforeValidator(_lower)] = "after"
    availability_set: str | None = None
    subnets: tuple[str, ...] = ()

    @property
    def takes_existing_disks(self) -> bool:
        """Whether a disk or blob that was there before may be attached: it must never be deleted with us."""
        return not all(map(is_new, self.data_disks))

    def disk(self, index: int, names: Mapping[str, str | int]) -> DataDisk:
        """One data disk of one machine, with its LUN and its patterns filled."""
        disk = self.data_disks[index].model_copy(deep=True)
        if "lun" not in disk.model_fields_set:
            disk.lun = index
        for attribute in ("disk_name", "disk_label", "media_link", "source_media_link"):
            if (pattern := getattr(disk, attribute)) is not None:
                setattr(disk, attribute, fill(pattern, names))
        return disk


class DeploymentPlan(_Part):
    """A deployment of a cloud service.

    Attributes:
        name: a pattern; by default the name of the service, as most clients had it.
        slot: ``Production``; ``Staging`` existed for machines in the preview only.
        label: by default the name.
        virtual_network: virtual network the machines join.
        reserved_ip: reserved address the deployment takes.
        roles: groups of machines, in the order in which they are created.
    """

    name: str = "{service}"
    slot: Annotated[Literal["Production", "Staging"], BeforeValidator(_slot)] = "Production"
    label: str | None = None
    virtual_network: str | None = None
    reserved_ip: str | None = None
    roles: tuple[RoleGroup, ...] = Field(min_length=1)


class ServicePlan(_Part):
    """Cloud services that differ by their number only.

    Attributes:
        name: a pattern, with ``{n}`` when there are several; unique in the whole cloud.
        count: how many.
        first: number of the first one.
        location: region; None leaves it to the client's ``default_location``.
        affinity_group: in place of a location.
        label: by default the name.
        description: free text.
        deployments: at most one in each slot.
    """

    name: str
    count: int = Field(default=1, ge=1, le=MAX_COUNT)
    first: int = Field(default=1, ge=0)
    location: str | None = None
    affinity_group: str | None = None
    label: str | None = None
    description: str | None = None
    deployments: tuple[DeploymentPlan, ...] = Field(min_length=1)


class RoleId(NamedTuple):
    """Which machine: cloud service, deployment, role."""

    service: str
    deployment: str
    role: str

    def __str__(self) -> str:
        """Give the three as a path."""
        return "/".join(self)


@dataclass(frozen=True, slots=True)
class PlannedRole:
    """One machine of a plan, by name; its document is made by :meth:`vm_role`."""

    id: RoleId
    number: int
    group: RoleGroup
    place: str

    @property
    def _names(self) -> dict[str, str | int]:
        service, deployment, role = self.id
        return {"service": service, "deployment": deployment, "role": role, "n": self.number}

    def fill(self, pattern: str) -> str:
        """Put the machine's number and names into a pattern."""
        return fill(pattern, self._names)

    def ports(self) -> list[tuple[EndpointPlan, str, int | None]]:
        """Endpoints with their names and public ports filled.

        Raises:
            ValueError: a port pattern gives no number.
        """
        names = self._names
        return [
            (
                each,
                fill(each.name, names),
                int(fill(each.port, names)) if isinstance(each.port, str) else each.port,
            )
            for each in self.group.endpoints
        ]

    def data_disks(self) -> list[DataDisk]:
        """The data disks, each with its LUN."""
        return [self.group.disk(index, self._names) for index in range(len(self.group.data_disks))]

    def data_disk(self, lun: int) -> DataDisk:
        """The data disk at a LUN.

        Raises:
            KeyError: there is none.
        """
        for disk in self.data_disks():
            if disk.lun == lun:
                return disk
        raise KeyError(lun)

    def vm_role(self) -> VMRole:
        """The machine's document.

        Raises:
            ValueError: a port pattern gives no number.
        """
        group, names = self.group, self._names
        sets: list[Any] = []
        if group.provisioning is not None:
            own = group.provisioning.model_copy()
            attribute = "host_name" if isinstance(own, LinuxProvisioningConfiguration) else "machine_name"
            if (pattern := getattr(own, attribute)) is not None:
                setattr(own, attribute, fill(pattern, names))
            sets.append(own)
        endpoints = [
            {
                "LocalPort": plan.local_port,
                "Name": name,
                "Protocol": plan.protocol,
                **({} if port is None else {"Port": port}),
                **(
                    {"LoadBalancedEndpointSetName": fill(plan.load_balanced_set, names)}
                    if plan.load_balanced_set
                    else {}
                ),
                **({"VirtualIPName": plan.virtual_ip} if plan.virtual_ip else {}),
                **({"LoadBalancerName": plan.load_balancer} if plan.load_balancer else {}),
            }
            for plan, name, port in self.ports()
        ]
        if endpoints or group.subnets:
            network: dict[str, Any] = {"InputEndpoints": endpoints} if endpoints else {}
            if group.subnets:
                network["SubnetNames"] = list(group.subnets)
            sets.append(NetworkConfiguration.model_validate(network))
        link = fill(group.media_link, names) if group.media_link else None
        role = VMRole(role_name=self.id.role, role_size=group.size)
        if group.vm_image:
            role.vm_image_name = group.image
            if link:
                role.media_location = link
        else:
            role.os_disk = OSDisk(source_image_name=group.image)
            if link:
                role.os_disk.media_link = link
        if sets:
            role.configuration_sets = sets
        if group.availability_set:
            role.availability_set_name = fill(group.availability_set, names)
        if group.attach == "with_role" and group.data_disks:
            role.data_disks = self.data_disks()
        return role


@dataclass(frozen=True, slots=True)
class PlannedDeployment:
    """One deployment of a plan with its machines, in order."""

    service: str
    name: str
    plan: DeploymentPlan
    roles: tuple[PlannedRole, ...]
    place: str


@dataclass(frozen=True, slots=True)
class PlannedService:
    """One cloud service of a plan with its deployments."""

    name: str
    plan: ServicePlan
    deployments: tuple[PlannedDeployment, ...]
    place: str

    @property
    def roles(self) -> Iterator[PlannedRole]:
        """All machines of the service."""
        for deployment in self.deployments:
            yield from deployment.roles

    def options(self) -> dict[str, Any]:
        """Options of CreateHostedService."""
        plan = self.plan
        given = {
            "Location": plan.location,
            "AffinityGroup": plan.affinity_group,
            "Label": plan.label,
            "Description": plan.description,
        }
        return {name: value for name, value in given.items() if value is not None}


class Plan(_Part):
    """Everything one run makes.

    Attributes:
        services: cloud services.
    """

    services: tuple[ServicePlan, ...] = Field(min_length=1)
    _lines: source.Lines = PrivateAttr(default_factory=source.Lines)

    def line_of(self, place: str) -> int | None:
        """The line of the YAML file a place such as ``services[0].location`` is on; None without."""
        return self._lines.of(place)

    @property
    def digest(self) -> str:
        """Recognises the plan: SHA-256 of what it says, but for passwords, which may change."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    def expand(self) -> list[PlannedService]:
        """Every service, deployment and machine by its name, in the plan's order."""
        return list(_services(self))

    @classmethod
    @forgetful
    def of(cls, values: Plan | Mapping[str, Any], *, environ: Mapping[str, str] | None = None) -> Plan:
        """Make a plan of plain values.

        A value that is ``${NAME}`` as a whole is taken from the environment, so that passwords can stay
        out of files.

        Raises:
            ConfigurationError: a key is unknown or missing, a value has the wrong kind, or a variable isn't
                set; places are named, values aren't.
        """
        if isinstance(values, Plan):
            return values
        return cls._of(values, environ, source.Lines(), None)

    @classmethod
    def _of(
        cls, values: Any, environ: Mapping[str, str] | None, lines: source.Lines, file: Path | None
    ) -> Plan:
        if not isinstance(values, Mapping):
            msg = f"a mapping with 'services' is needed, not {type(values).__name__}"
            raise source.refusal([msg], file)
        try:
            filled = source.from_environment(values, os.environ if environ is None else environ, lines)
            plan = cls.model_validate(filled)
        except ValidationError as error:
            errors = error.errors(include_input=False, include_url=False)
        else:
            plan._lines = lines
            return plan
        # Raised outside: the validation error holds the values.
        raise source.refusal(source.complaints(errors, _PARTS, lines), file)

    @classmethod
    @forgetful
    def load(cls, path: str | os.PathLike[str], *, environ: Mapping[str, str] | None = None) -> Plan:
        """Read a plan from a file: ``.json``, or YAML (extra ``azure-iaas[cli]``).

        Args:
            path: the file.
            environ: environment for ``${NAME}``; that of the process when None.

        Raises:
            ConfigurationError: the file can't be read or isn't a plan.
        """
        values, lines = source.read(path)
        return cls._of(values, environ, lines, Path(path))


_PARTS: Final[Mapping[str, type[BaseModel]]] = {
    "": Plan,
    "services": ServicePlan,
    "deployments": DeploymentPlan,
    "roles": RoleGroup,
    "endpoints": EndpointPlan,
}


def _services(plan: Plan) -> Iterator[PlannedService]:
    for index, each in enumerate(plan.services):
        for number in range(each.first, each.first + each.count):
            place = f"services[{index}]"
            name = fill(each.name, {"n": number})
            deployments = tuple(
                _deployment(name, number, deployment, f"{place}.deployments[{position}]")
                for position, deployment in enumerate(each.deployments)
            )
            yield PlannedService(name, each, deployments, place)


def _deployment(service: str, number: int, plan: DeploymentPlan, place: str) -> PlannedDeployment:
    name = fill(plan.name, {"service": service, "n": number})
    roles = []
    for index, group in enumerate(plan.roles):
        for machine in range(group.first, group.first + group.count):
            role = fill(group.name, {"service": service, "deployment": name, "n": machine})
            roles.append(PlannedRole(RoleId(service, name, role), machine, group, f"{place}.roles[{index}]"))
    return PlannedDeployment(service, name, plan, tuple(roles), place)
