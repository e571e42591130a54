"""Role instance operations: shutdown, start, restart, capture, and their kin (11.19 to 11.21, 12.3)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator import timeline
from azure_iaas.emulator.addresses import public_address
from azure_iaas.emulator.blobs import DISK_NAME
from azure_iaas.emulator.images import find_image
from azure_iaas.emulator.machines.configuration import check_provisioning, demand_certificates
from azure_iaas.emulator.machines.front_ends import FIRST, addresses, front_end
from azure_iaas.emulator.machines.instances import report
from azure_iaas.emulator.machines.private_addresses import assign_addresses
from azure_iaas.emulator.machines.removals import remove_role
from azure_iaas.emulator.machines.sizes import role_size
from azure_iaas.emulator.role_instances.contract import (
    CAPTURE_ROLE,
    CAPTURE_VM_IMAGE,
    MAINTAIN_ROLE,
    REDEPLOY_ROLE,
    RESTART_ROLE,
    SHUTDOWN_ROLE,
    SHUTDOWN_ROLES,
    START_ROLE,
    START_ROLES,
)
from azure_iaas.emulator.role_instances.effects import RoleCaptured, VMImageCaptured
from azure_iaas.emulator.state import Deployment, HostedService, InstanceState, Role
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.contracts import Values, read_items
from azure_iaas.endpoint.routes import DEPLOYMENT, Routes

_STOPPED: Final = frozenset({InstanceState.STOPPED_VM, InstanceState.STOPPED_DEALLOCATED})
_DEALLOCATION: Final = "2013-06-01"
"""Since this version instances can be deallocated; older ones know ``Stopped`` only."""
_INSTANCE: Final = f"{DEPLOYMENT}/roleinstances/{{instance}}"

route: Final = Routes[Call]()


@route("RoleInstanceOperation", "POST", f"{_INSTANCE}/operations", since="2012-03-01")
def operate(call: Call) -> Answer:
    """One operation on one instance; the root element says which."""
    name, values = call.read(
        SHUTDOWN_ROLE,
        START_ROLE,
        RESTART_ROLE,
        CAPTURE_ROLE,
        CAPTURE_VM_IMAGE,
        REDEPLOY_ROLE,
        MAINTAIN_ROLE,
    )
    _check_type(name, values)
    service, deployment, role = call.role_instance(write=True)
    if name == "ShutdownRoleOperation":
        return _shutdown(call, service, deployment, [role], values, name="ShutdownRole")
    if name == "StartRoleOperation":
        return _start(call, service, deployment, [role], "StartRole")
    if name == "CaptureRoleOperation":
        return _capture(call, service, deployment, role, values)
    if name == "CaptureRoleAsVMImageOperation":
        return _capture_vm_image(call, service, deployment, role, values)
    return _restart(call, service, deployment, role, name.removesuffix("Operation"))


def _check_type(name: str, values: Values) -> None:
    if values.get("OperationType", name).strip() not in {name, ""}:
        raise refusals.invalid_value(values["OperationType"], "OperationType", name)


@route("RolesOperation", "POST", f"{DEPLOYMENT}/roles/operations", since="2013-06-01")
def operate_many(call: Call) -> Answer:
    """Shutdown Roles (dn469421) and Start Roles (dn469419)."""
    name, values = call.read(SHUTDOWN_ROLES, START_ROLES)
    _check_type(name, values)
    service, deployment = call.deployment()
    call.demand_unlocked(service, deployment)
    roles = _named(call, deployment, values["Roles"])
    if name == "ShutdownRolesOperation":
        return _shutdown(call, service, deployment, roles, values, name="ShutdownRoles")
    return _start(call, service, deployment, roles, "StartRoles")


def _named(call: Call, deployment: Deployment, names: list[str]) -> list[Role]:
    roles = []
    for name in names:
        role = deployment.role(name.strip())
        if role is None or not call.listed(deployment):
            raise refusals.role_missing(name)
        if role not in roles:
            roles.append(role)
    if not roles:
        raise refusals.incorrect_parameter()
    return roles


def _shutdown(
    call: Call,
    service: HostedService,
    deployment: Deployment,
    roles: list[Role],
    values: Values,
    *,
    name: str,
) -> Answer:
    """Shutdown Role (jj157195): ``Stopped`` keeps host and addresses, ``StoppedDeallocated`` doesn't."""
    action = values.get("PostShutdownAction", "").strip() or "Stopped"
    if action not in {"Stopped", "StoppedDeallocated"}:
        raise refusals.invalid_value(action, "PostShutdownAction", "Stopped, StoppedDeallocated")
    # Before 2013-06-01 the element wasn't known: such a version always gets Stopped.
    deallocate = action == "StoppedDeallocated" and call.version >= _DEALLOCATION
    if not deallocate:
        _demand_allocated(call, roles)
    operation = call.accept_for(
        name, service, deployment, "roleinstances", *[role.name for role in roles[:1]], seconds="ShutdownRole"
    )
    if operation is None:
        return Answer(202)
    for role in roles:
        if role.deallocated(call.now) or (_is_stopped(call, role) and not deallocate):
            continue
        if deallocate:
            call.subscription.cores_in_use -= role_size(role.size).cores
        role.follow(call.now, call.scaled(timeline.shutdown(call.seconds(operation), deallocate=deallocate)))
        role.fall_silent(call.now)
    return Answer(202)


def _is_stopped(call: Call, role: Role) -> bool:
    return (role.state(call.now) or (InstanceState.STOPPED_VM, ""))[0] in _STOPPED


def _start(
    call: Call, service: HostedService, deployment: Deployment, roles: list[Role], name: str
) -> Answer:
    """Start Role (jj157189): of an instance that runs already, nothing changes.

    A version that doesn't know deallocated instances can't start one.
    """
    if call.version < _DEALLOCATION:
        _demand_allocated(call, roles)
    deallocated = [role for role in roles if role.deallocated(call.now)]
    needed = sum(role_size(role.size).cores for role in deallocated)
    limit, current = call.world.quotas.cores, call.subscription.cores_in_use
    if current + needed > limit:
        raise refusals.quota_exceeded("cores count", limit, current, needed)
    given: set[str] = set()
    failures = [assign_addresses(call, deployment, role, given=given) for role in deallocated]
    operation = call.accept_for(
        name,
        service,
        deployment,
        "roleinstances",
        *[role.name for role in roles[:1]],
        seconds="StartDeallocatedRole" if deallocated else "StartRole",
        failure=next(filter(None, failures), None),
    )
    if operation is None:
        return Answer(202)
    if deallocated and deployment.status(call.now) == "Suspended" and not deployment.reserved_ip:
        deployment.vip = public_address(call, "vip", call.request_id)
    call.subscription.cores_in_use += needed
    rng = call.random()
    for role in roles:
        was_deallocated = role.deallocated(call.now)
        if not _is_stopped(call, role):
            continue
        windows = role.os_disk.os == "Windows"
        role.follow(call.now, call.scaled(timeline.start(rng, windows=windows, deallocated=was_deallocated)))
        report(call, role, role.phases[-1][0], rng)
    return Answer(202)


def _restart(call: Call, service: HostedService, deployment: Deployment, role: Role, name: str) -> Answer:
    """Restart Role (jj157197), and redeploy and maintenance, which end as a restart does."""
    _demand_started(call, role)
    if call.accept_for(name, service, deployment, "roleinstances", role.name, seconds="RestartRole"):
        role.follow(call.now, call.scaled(timeline.restart(call.random())))
        role.maintained = role.maintained or name == "PerformMaintenanceOnRole"
    return Answer(202)


def _demand_allocated(call: Call, roles: list[Role]) -> None:
    if any(role.deallocated(call.now) for role in roles):
        raise refusals.not_allowed_on_role("deallocated")


def _demand_started(call: Call, role: Role) -> None:
    _demand_allocated(call, [role])
    if _is_stopped(call, role):
        raise refusals.not_allowed_on_role("stopped")


def _demand_stopped(call: Call, role: Role) -> None:
    if not _is_stopped(call, role):
        raise refusals.not_allowed_on_role("started")


def _capture(
    call: Call, service: HostedService, deployment: Deployment, role: Role, values: Values
) -> Answer:
    """Capture Role (jj157201): the OS disk becomes an image; the virtual machine goes, or is made anew."""
    action = values["PostCaptureAction"].strip()
    if action not in {"Delete", "Reprovision"}:
        raise refusals.invalid_value(action, "PostCaptureAction", "Delete, Reprovision")
    image = values["TargetImageName"]
    if not DISK_NAME.fullmatch(image):
        raise refusals.invalid_value(image, "TargetImageName", "letters, digits, '_', '.', '-'")
    if find_image(call, image) is not None:
        raise refusals.image_name_taken(image)
    host_name = ""
    provisioning = values.get("ProvisioningConfiguration")
    if action == "Reprovision":
        if provisioning is None:
            raise refusals.incorrect_parameter()
        host_name = check_provisioning(provisioning, role.name, role.os_disk.os)
        demand_certificates(service, provisioning)
    _demand_stopped(call, role)
    captured = RoleCaptured(
        service=service.name,
        slot=deployment.slot,
        role=role.name,
        image=image,
        label=values["TargetImageLabel"],
        stateless=values.get("SupportsStatelessDeployment"),
        reprovision=host_name,
        request_id=call.request_id,
    )
    call.accept_for("CaptureRole", service, deployment, "roleinstances", role.name, then=captured)
    return Answer(202)


def _capture_vm_image(
    call: Call, service: HostedService, deployment: Deployment, role: Role, values: Values
) -> Answer:
    """Capture VM Image: OS and data disks; ``Generalized`` removes the virtual machine."""
    state = values["OSState"].strip()
    if state not in {"Generalized", "Specialized"}:
        raise refusals.invalid_value(state, "OSState", "Generalized, Specialized")
    image = values["VMImageName"]
    if not DISK_NAME.fullmatch(image):
        raise refusals.invalid_value(image, "VMImageName", "letters, digits, '_', '.', '-'")
    if call.subscription.vm_images.get(image) is not None or find_image(call, image) is not None:
        raise refusals.image_name_taken(image)
    if state == "Generalized":
        _demand_stopped(call, role)
    names = ("Description", "Language", "ImageFamily", "RecommendedVMSize")
    captured = VMImageCaptured(
        service=service.name,
        slot=deployment.slot,
        role=role.name,
        image=image,
        label=values["VMImageLabel"],
        os_state=state,
        power="Stopped" if _is_stopped(call, role) else "Started",
        metadata={name: values[name] for name in names if values.get(name)},
    )
    target = ("roleinstances", role.name)
    call.accept_for(
        "CaptureRoleAsVMImage", service, deployment, *target, seconds="CaptureRole", then=captured
    )
    return Answer(202)


@route("RebootRoleInstance", "POST", _INSTANCE, since="2010-10-28", comp="reboot")
def reboot(call: Call) -> Answer:
    """Reboot Role Instance (gg441298)."""
    service, deployment, role = call.role_instance(write=True)
    return _restart(call, service, deployment, role, "RebootRoleInstance")


@route("ReimageRoleInstance", "POST", _INSTANCE, since="2010-10-28", comp="reimage")
def reimage(call: Call) -> Answer:
    """Reimage Role Instance (gg441292): web and worker roles only."""
    call.role_instance()
    raise refusals.not_for_virtual_machines("Reimage Role Instance")


@route("RebuildRoleInstance", "POST", _INSTANCE, since="2013-08-01", comp="rebuild")
def rebuild(call: Call) -> Answer:
    """Rebuild Role Instance (dn627518): web and worker roles only."""
    call.role_instance()
    if not call.flag("resources", "alllocaldrives"):
        raise refusals.wrong_query()
    raise refusals.not_for_virtual_machines("Rebuild Role Instance")


@route("DeleteRoleInstances", "POST", f"{DEPLOYMENT}/roleinstances", since="2013-08-01", comp="delete")
def delete_instances(call: Call) -> Answer:
    """Delete Role Instances (dn469418); all of them would be Delete Deployment."""
    names = read_items(
        call.body,
        root="RoleInstances",
        item="Name",
        kind="text",
        json=call.json_body,
        strict=call.world.strict,
    )
    service, deployment = call.deployment()
    call.demand_unlocked(service, deployment)
    roles = _named(call, deployment, names)
    if len(roles) == len(deployment.roles):
        raise refusals.last_role(roles[-1].name)
    operation = call.accept_for(
        "DeleteRoleInstances", service, deployment, "roleinstances", seconds="DeleteRole"
    )
    if operation is not None:
        for role in roles:
            remove_role(call, operation, service, deployment, role)
    return Answer(202)


@route("DownloadRDPFile", "GET", f"{_INSTANCE}/modelfile", since="2012-03-01")
def remote_desktop_file(call: Call) -> Answer:
    """Download RDP File (jj157183)."""
    service, deployment, role = call.role_instance()
    if not call.flag("filetype", "rdp"):
        raise refusals.wrong_query()
    for endpoint in role.network.get("InputEndpoints", ()):
        place = front_end(service, endpoint)
        if endpoint["LocalPort"] == 3389 and endpoint["Protocol"] == "tcp" and place[0] == FIRST[0]:
            host = (
                f"{service.name.lower()}.cloudapp.net"
                if deployment.slot == "Production" and place == FIRST
                else addresses(call, service, deployment)[place]
            )
            text = f"full address:s:{host}:{endpoint['Port']}\r\nprompt for credentials:i:1\r\n"
            return Answer(200, raw=text.encode(), content_type="application/x-rdp")
    raise refusals.remote_desktop_missing()
