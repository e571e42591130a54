"""Roles: get, add, update, delete (protocol.md 11.12 to 11.15)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator.addresses import public_address
from azure_iaas.emulator.caching import caching_of, data_disk_caching
from azure_iaas.emulator.catalogue import ROLE_SIZES
from azure_iaas.emulator.machines.configuration import check_network, kept_extensions, split_sets
from azure_iaas.emulator.machines.contract import ANY_ROLE
from azure_iaas.emulator.machines.disks import data_disk_documents, lun_of, os_disk_document
from azure_iaas.emulator.machines.endpoints import settle_endpoints
from azure_iaas.emulator.machines.instances import begin
from azure_iaas.emulator.machines.planning import carry_out, plan_role, spread
from azure_iaas.emulator.machines.private_addresses import assign_addresses, check_subnets
from azure_iaas.emulator.machines.removals import remove_role
from azure_iaas.emulator.machines.role_answers import role_root
from azure_iaas.emulator.machines.sizes import demand_cores, role_size
from azure_iaas.emulator.roles.effects import DataDiskChange, DiskChanges, RoleChanges, RoleUpdated
from azure_iaas.emulator.state import Role
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import documents, refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.contracts import Values, read_element, read_object
from azure_iaas.endpoint.routes import DEPLOYMENT, ROLE, Routes

_ROOTS: Final = frozenset({"PersistentVMRole", "Role"})

route: Final = Routes[Call]()


def _read_role(call: Call) -> Values:
    """A role document under either root, in either dialect: the disks' element names tell."""
    if call.json_body:
        source = documents.read_json(call.body)
        contract = ANY_ROLE.choose(source)
        return read_object(contract, source, strict=call.world.strict, path="PersistentVMRole")
    element = documents.read_xml(call.body)
    if element.name not in _ROOTS or element.namespace != documents.NAMESPACE:
        raise refusals.invalid_xml()
    return read_element(ANY_ROLE.choose(element), element, strict=call.world.strict)


@route("GetRole", "GET", ROLE, since="2012-03-01")
def get_role(call: Call) -> Answer:
    """Get Role (jj157193)."""
    _, _, role = call.role()
    root = "Role" if call.world.dialect == "preview" else "PersistentVMRole"
    return Answer(200, root, role_root(call, role, alone=True))


@route("AddRole", "POST", f"{DEPLOYMENT}/roles", since="2012-03-01")
def add_role(call: Call) -> Answer:
    """Add Role (jj157186)."""
    values = _read_role(call)
    service, deployment = call.deployment()
    call.demand_unlocked(service, deployment)
    name = values.get("RoleName", "")
    if name and deployment.role(name) is not None:
        raise refusals.role_name_taken(name)
    limit = call.world.quotas.roles_per_service
    if sum(len(each.roles) for each in service.deployments.values()) >= limit:
        raise refusals.too_many_roles(limit)
    plan = plan_role(call, service, deployment, values)
    demand_cores(call, plan.size)
    operation = call.accept_for("AddRole", service, deployment, "roles", plan.role.name, failure=plan.failure)
    if operation is not None:
        spread(plan.role, deployment)
        if deployment.status(call.now) == "Suspended" and not deployment.reserved_ip:
            deployment.vip = public_address(call, "vip", call.request_id)
        deployment.roles[plan.role.name.lower()] = plan.role
        deployment.modified_at = call.now
        carry_out(call, service, deployment.name, plan)
        begin(call, plan.role, call.seconds(operation))
    return Answer(202)


@route("UpdateRole", "PUT", ROLE, since="2012-03-01")
def update_role(call: Call) -> Answer:
    """Update Role (jj157187): what the body holds replaces what was; what it doesn't is kept.

    A network set replaces the old one whole: an endpoint that isn't listed is removed.
    """
    values = _read_role(call)
    service, deployment, role = call.role(write=True)
    if values.get("RoleName", role.name).lower() not in {role.name.lower(), ""}:
        raise refusals.role_name_mismatch()
    changes = RoleChanges()
    failure = None
    sets = values.get("ConfigurationSets", [])
    network, _ = split_sets(sets)
    if network:
        probe = Role(name=role.name, size=role.size, os_disk=role.os_disk, network=check_network(network))
        check_subnets(call, deployment, probe.network)
        _keep_ports(probe, role)
        failure = settle_endpoints(call, service, deployment, probe, before=role) or assign_addresses(
            call, deployment, probe, before=role
        )
        changes.network = probe.network
        changes.ip_address, changes.interface_addresses = probe.ip_address, probe.interface_addresses
    size_change = _size_change(call, role, values, changes)
    if values.get("AvailabilitySetName"):
        changes.availability_set = values["AvailabilitySetName"]
    if "ResourceExtensionReferences" in values:
        changes.extensions = kept_extensions(values["ResourceExtensionReferences"])
    if "ProvisionGuestAgent" in values:
        changes.provision_guest_agent = values["ProvisionGuestAgent"]
    if "BootDiagnosticsEnabled" in values.get("DebugSettings", {}):
        changes.boot_diagnostics = values["DebugSettings"]["BootDiagnosticsEnabled"]
        changes.debug_settings = True
    disks = _disk_changes(call, role, values)
    restarts = (
        size_change != 0
        or changes.availability_set not in (None, role.availability_set)
        or changes.ip_address not in (None, role.ip_address)
    )
    updated = RoleUpdated(
        service=service.name,
        slot=deployment.slot,
        role=role.name,
        changes=changes,
        disks=disks,
        restart=call.request_id if restarts else "",
    )
    below = ("roles", role.name)
    if call.accept_for("UpdateRole", service, deployment, *below, failure=failure, then=updated):
        call.subscription.cores_in_use += size_change
        if changes.network is not None:
            deployment.promised_addresses = [probe.ip_address, *probe.interface_addresses]
    return Answer(202)


def _keep_ports(probe: Role, role: Role) -> None:
    """An endpoint written back without its public port keeps the one it was given."""
    before = {each["Name"].lower(): each for each in role.network.get("InputEndpoints", ())}
    for endpoint in probe.network.get("InputEndpoints", ()):
        old = before.get(endpoint["Name"].lower())
        if "Port" not in endpoint and old is not None and old["Protocol"] == endpoint["Protocol"]:
            endpoint["Port"] = old["Port"]


def _size_change(call: Call, role: Role, values: Values, changes: RoleChanges) -> int:
    if not values.get("RoleSize"):
        return 0
    size = role_size(values["RoleSize"])
    if size.name == role.size:
        return 0
    if len(role.data_disks) > size.data_disks:
        raise refusals.too_many_data_disks(size.name, size.data_disks)
    changes.size = size.name
    if role.ends_deallocated():
        return 0
    change = size.cores - ROLE_SIZES[role.size.lower()].cores
    limit, current = call.world.quotas.cores, call.subscription.cores_in_use
    if current + change > limit:
        raise refusals.quota_exceeded("cores count", limit, current, change)
    return change


def _disk_changes(call: Call, role: Role, values: Values) -> DiskChanges:
    """Caching and labels of the disks a body names; disks come and go by their own operations only."""
    changes = DiskChanges()
    os_disk = os_disk_document(values)
    if os_disk.get("HostCaching"):
        changes.os_caching = caching_of(os_disk["HostCaching"], role.os_disk.host_caching)
    elif "DisableWriteCache" in os_disk:
        changes.os_caching = "ReadOnly" if os_disk["DisableWriteCache"] else "ReadWrite"
    for document in data_disk_documents(values):
        lun = lun_of(document, 0)
        disk = next((each for each in role.data_disks if each.lun == lun), None)
        if disk is not None:
            caching = data_disk_caching(call, document, default=disk.host_caching)
            label = document.get("DiskLabel") or disk.label
            changes.luns[str(lun)] = DataDiskChange(caching, label)
    return changes


@route("DeleteRole", "DELETE", ROLE, since="2012-03-01")
def delete_role(call: Call) -> Answer:
    """Delete Role (jj157184); ``comp=media`` deletes its disks and their blobs too."""
    service, deployment, role = call.role(write=True)
    if len(deployment.roles) == 1:
        raise refusals.last_role(role.name)
    operation = call.accept_for("DeleteRole", service, deployment, "roles", role.name)
    if operation is not None:
        remove_role(call, operation, service, deployment, role)
    return Answer(202)
