"""Role documents into roles: the checks made at once, the disks they make or take, the ports they need.

Shared by Create Virtual Machine Deployment, Add Role and Update Role. Nothing is changed here: a
:class:`PlannedRole` says what would be, and :func:`carry_out` does it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.machines.configuration import (
    check_network,
    check_provisioning,
    demand_certificates,
    kept_extensions,
    split_sets,
)
from azure_iaas.emulator.machines.disks import DiskMaker, data_disk_documents
from azure_iaas.emulator.machines.endpoints import settle_endpoints
from azure_iaas.emulator.machines.private_addresses import assign_addresses, check_subnets
from azure_iaas.emulator.machines.sizes import role_size
from azure_iaas.emulator.state import Deployment, Disk, HostedService, Role
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from azure_iaas.emulator.catalogue import RoleSize
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.contracts import Values
    from azure_iaas.endpoint.refusals import Refusal

ROLE_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?", re.ASCII)


@dataclass(slots=True)
class PlannedRole:
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


def plan_role(call: Call, service: HostedService, deployment: Deployment, values: Values) -> PlannedRole:
    """Check a role document and work out what it makes.

    Args:
        call: the request.
        service: hosted service the role will be in.
        deployment: deployment the role will be in; it needn't be the service's yet.
        values: the role document.

    Raises:
        Refusal: what the service checks at once.
    """
    name = values.get("RoleName", "")
    if not name:
        raise refusals.incorrect_parameter()
    if not ROLE_NAME.fullmatch(name):
        raise refusals.role_name_invalid()
    if values.get("RoleType", "").strip() not in {"PersistentVMRole", ""}:
        raise refusals.invalid_value(values["RoleType"], "RoleType", "PersistentVMRole")
    size = role_size(values.get("RoleSize", ""))
    network, provisioning = split_sets(values.get("ConfigurationSets", []))
    checked = check_network(network)
    check_subnets(call, deployment, checked)
    maker = DiskMaker(call, service, deployment.name, name)
    os_disk = maker.os_disk(values)
    host_name = name
    # The reference asks for a provisioning set unless the disk is specialized (protocol.md 10.2). Nothing
    # tells whether an OS image is, nor what the service said without one, so a role without is taken.
    if provisioning is not None:
        host_name = check_provisioning(provisioning, name, os_disk.os)
        demand_certificates(service, provisioning)
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
    secure = [listener for listener in listeners if listener.get("Protocol", "").strip().lower() == "https"]
    if secure:
        given = secure[0].get("CertificateThumbprint", "").strip()
        role.winrm_thumbprint = given or call.world.digest("WinRM", service.name, name).hex().upper()
    role.data_disks = [*maker.image_disks]
    for document in disks:
        role.data_disks.append(maker.data_disk(document, role, size))
    failure = settle_endpoints(call, service, deployment, role) or assign_addresses(call, deployment, role)
    return PlannedRole(role, size, maker.new, maker.taken, failure)


def carry_out(call: Call, service: HostedService, deployment_name: str, plan: PlannedRole) -> None:
    """Register and attach the disks of a plan, and count its cores."""
    for disk in (*plan.new_disks, *plan.taken_disks):
        disk.attached_to = (deployment_name, service.name, plan.role.name)
        call.subscription.disks.put(disk.name, disk)
    call.subscription.cores_in_use += plan.size.cores


def spread(role: Role, deployment: Deployment) -> None:
    """Place a role of an availability set in the next fault and upgrade domains."""
    if role.availability_set:
        wanted = role.availability_set.lower()
        members = sum(other.availability_set.lower() == wanted for other in deployment.roles.values())
        role.fault_domain, role.upgrade_domain = members % 2, members % 5
