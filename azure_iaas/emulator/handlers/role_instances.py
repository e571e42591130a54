"""Role instance operations: shutdown, start, restart, capture, and their kin (11.19 to 11.21, 12.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.emulator import answers, contracts, timeline
from azure_iaas.emulator.handlers import machines
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.contracts import read_items
from azure_iaas.endpoint.routes import DEPLOYMENT, Route

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Deployment, HostedService, Role
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.contracts import Values

_INSTANCE: Final = f"{DEPLOYMENT}/roleinstances/{{instance}}"
_STOPPED: Final = frozenset({"StoppedVM", "StoppedDeallocated"})


def operate(call: Call) -> Answer:
    """One operation on one instance; the root element says which."""
    name, values = call.read(
        contracts.SHUTDOWN_ROLE,
        contracts.START_ROLE,
        contracts.RESTART_ROLE,
        contracts.CAPTURE_ROLE,
        contracts.CAPTURE_VM_IMAGE,
        contracts.REDEPLOY_ROLE,
        contracts.MAINTAIN_ROLE,
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
    if values.get("OperationType", name) not in {name, ""}:
        raise refusals.invalid_value(values["OperationType"], "OperationType", name)


def operate_many(call: Call) -> Answer:
    """Shutdown Roles (dn469421) and Start Roles (dn469419)."""
    name, values = call.read(contracts.SHUTDOWN_ROLES, contracts.START_ROLES)
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
    action = values.get("PostShutdownAction", "") or "Stopped"
    if action not in {"Stopped", "StoppedDeallocated"}:
        raise refusals.invalid_value(action, "PostShutdownAction", "Stopped, StoppedDeallocated")
    # Before 2013-06-01 the element wasn't known: such a version always gets Stopped.
    deallocate = action == "StoppedDeallocated" and call.version >= "2013-06-01"
    operation = call.accept_for(
        name, service, deployment, "roleinstances", *[role.name for role in roles[:1]], seconds="ShutdownRole"
    )
    if operation.error_code:
        return Answer(202)
    for role in roles:
        if role.deallocated(call.now) or (_is_stopped(call, role) and not deallocate):
            continue
        if deallocate:
            call.subscription.cores_in_use -= machines.role_size(role.size).cores
        role.follow(call.now, call.scaled(timeline.shutdown(call.seconds(operation), deallocate=deallocate)))
        role.fall_silent(call.now)
    return Answer(202)


def _is_stopped(call: Call, role: Role) -> bool:
    return (role.state(call.now) or ("StoppedVM", ""))[0] in _STOPPED


def _start(
    call: Call, service: HostedService, deployment: Deployment, roles: list[Role], name: str
) -> Answer:
    """Start Role (jj157189): of an instance that runs already, nothing changes."""
    deallocated = [role for role in roles if role.deallocated(call.now)]
    needed = sum(machines.role_size(role.size).cores for role in deallocated)
    limit, current = call.world.quotas.cores, call.subscription.cores_in_use
    if current + needed > limit:
        raise refusals.quota_exceeded("cores count", limit, current, needed)
    operation = call.accept_for(
        name,
        service,
        deployment,
        "roleinstances",
        *[role.name for role in roles[:1]],
        seconds="StartDeallocatedRole" if deallocated else "StartRole",
    )
    if operation.error_code:
        return Answer(202)
    if deallocated and deployment.status(call.now) == "Suspended" and not deployment.reserved_ip:
        deployment.vip = answers.address(call, "vip", call.request_id)
    call.subscription.cores_in_use += needed
    rng = call.random()
    for role in roles:
        was_deallocated = role.deallocated(call.now)
        if not _is_stopped(call, role):
            continue
        if was_deallocated:
            digest = call.world.digest("address", call.request_id, role.name, size=3)
            role.ip_address = f"10.{64 + digest[0] % 64}.{digest[1]}.{4 + digest[2] % 250}"
        windows = role.os_disk.os == "Windows"
        role.follow(call.now, call.scaled(timeline.start(rng, windows=windows, deallocated=was_deallocated)))
        machines.report(call, role, role.phases[-1][0], rng)
    return Answer(202)


def _restart(call: Call, service: HostedService, deployment: Deployment, role: Role, name: str) -> Answer:
    """Restart Role (jj157197), and redeploy and maintenance, which end as a restart does."""
    _demand_running(call, role)
    operation = call.accept_for(name, service, deployment, "roleinstances", role.name, seconds="RestartRole")
    if not operation.error_code:
        role.follow(call.now, call.scaled(timeline.restart(call.random())))
        role.maintained = role.maintained or name == "PerformMaintenanceOnRole"
    return Answer(202)


def _demand_running(call: Call, role: Role) -> None:
    if _is_stopped(call, role):
        state = role.state(call.now)
        raise refusals.wrong_instance_state(role.name, "restarted", state[0] if state else "StoppedVM")


def _demand_stopped(call: Call, role: Role) -> None:
    if not _is_stopped(call, role):
        state = role.state(call.now)
        raise refusals.wrong_instance_state(role.name, "captured", state[0] if state else "StoppedVM")


def _capture(
    call: Call, service: HostedService, deployment: Deployment, role: Role, values: Values
) -> Answer:
    """Capture Role (jj157201): the OS disk becomes an image; the virtual machine goes, or is made anew."""
    action = values["PostCaptureAction"]
    if action not in {"Delete", "Reprovision"}:
        raise refusals.invalid_value(action, "PostCaptureAction", "Delete, Reprovision")
    image = values["TargetImageName"]
    if not machines.DISK_NAME.fullmatch(image):
        raise refusals.invalid_value(image, "TargetImageName", "letters, digits, '_', '.', '-'")
    if machines.find_image(call, image) is not None:
        raise refusals.image_name_taken(image)
    host_name = ""
    provisioning = values.get("ProvisioningConfiguration")
    if action == "Reprovision":
        if provisioning is None:
            raise refusals.incorrect_parameter()
        host_name = machines.check_provisioning(provisioning, role.name)
    _demand_stopped(call, role)
    operation = call.accept_for("CaptureRole", service, deployment, "roleinstances", role.name)
    if not operation.error_code:
        call.later(
            operation.ends_at,
            "role_captured",
            service=service.name,
            slot=deployment.slot,
            role=role.name,
            image=image,
            label=values["TargetImageLabel"],
            stateless=values.get("SupportsStatelessDeployment"),
            reprovision=host_name,
            request_id=call.request_id,
        )
    return Answer(202)


def _capture_vm_image(
    call: Call, service: HostedService, deployment: Deployment, role: Role, values: Values
) -> Answer:
    """Capture VM Image: OS and data disks; ``Generalized`` removes the virtual machine."""
    state = values["OSState"]
    if state not in {"Generalized", "Specialized"}:
        raise refusals.invalid_value(state, "OSState", "Generalized, Specialized")
    image = values["VMImageName"]
    if not machines.DISK_NAME.fullmatch(image):
        raise refusals.invalid_value(image, "VMImageName", "letters, digits, '_', '.', '-'")
    if call.subscription.vm_images.get(image) is not None or machines.find_image(call, image) is not None:
        raise refusals.image_name_taken(image)
    if state == "Generalized":
        _demand_stopped(call, role)
    operation = call.accept_for(
        "CaptureRoleAsVMImage", service, deployment, "roleinstances", role.name, seconds="CaptureRole"
    )
    if not operation.error_code:
        names = ("Description", "Language", "ImageFamily", "RecommendedVMSize")
        call.later(
            operation.ends_at,
            "vm_image_captured",
            service=service.name,
            slot=deployment.slot,
            role=role.name,
            image=image,
            label=values["VMImageLabel"],
            os_state=state,
            power="Stopped" if _is_stopped(call, role) else "Started",
            metadata={name: values[name] for name in names if values.get(name)},
        )
    return Answer(202)


def reboot(call: Call) -> Answer:
    """Reboot Role Instance (gg441298)."""
    service, deployment, role = call.role_instance(write=True)
    return _restart(call, service, deployment, role, "RebootRoleInstance")


def reimage(call: Call) -> Answer:
    """Reimage Role Instance (gg441292): web and worker roles only."""
    call.role_instance()
    raise refusals.not_for_virtual_machines("Reimage Role Instance")


def rebuild(call: Call) -> Answer:
    """Rebuild Role Instance (dn627518): web and worker roles only."""
    call.role_instance()
    if not call.flag("resources", "alllocaldrives"):
        raise refusals.wrong_query()
    raise refusals.not_for_virtual_machines("Rebuild Role Instance")


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
    if not operation.error_code:
        for role in roles:
            machines.remove(call, operation, service, deployment, role)
    return Answer(202)


def remote_desktop_file(call: Call) -> Answer:
    """Download RDP File (jj157183)."""
    service, deployment, role = call.role_instance()
    if not call.flag("filetype", "rdp"):
        raise refusals.wrong_query()
    for endpoint in role.network.get("InputEndpoints", ()):
        if endpoint["LocalPort"] == 3389 and endpoint["Protocol"] == "tcp":
            host = (
                f"{service.name.lower()}.cloudapp.net" if deployment.slot == "Production" else deployment.vip
            )
            text = f"full address:s:{host}:{endpoint['Port']}\r\nprompt for credentials:i:1\r\n"
            return Answer(200, raw=text.encode(), content_type="application/x-rdp")
    raise refusals.remote_desktop_missing()


ROUTES: Final = (
    Route("RoleInstanceOperation", "POST", f"{_INSTANCE}/operations", "2012-03-01", operate),
    Route("RolesOperation", "POST", f"{DEPLOYMENT}/roles/operations", "2013-06-01", operate_many),
    Route("RebootRoleInstance", "POST", _INSTANCE, "2010-10-28", reboot, comp="reboot"),
    Route("ReimageRoleInstance", "POST", _INSTANCE, "2010-10-28", reimage, comp="reimage"),
    Route("RebuildRoleInstance", "POST", _INSTANCE, "2013-08-01", rebuild, comp="rebuild"),
    Route(
        "DeleteRoleInstances",
        "POST",
        f"{DEPLOYMENT}/roleinstances",
        "2013-08-01",
        delete_instances,
        comp="delete",
    ),
    Route("DownloadRDPFile", "GET", f"{_INSTANCE}/modelfile", "2012-03-01", remote_desktop_file),
)
