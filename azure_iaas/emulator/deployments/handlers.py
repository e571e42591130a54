"""Deployments: create, get, delete, and what concerns one as a whole (protocol.md 11.9 to 11.11, 12.2)."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final

from azure_iaas.emulator.addresses import public_address
from azure_iaas.emulator.deployments.contract import (
    CHANGE_CONFIGURATION,
    NEW_DEPLOYMENT,
    SWAP,
    UPDATE_DEPLOYMENT_STATUS,
)
from azure_iaas.emulator.deployments.effects import (
    DeploymentChanged,
    DeploymentChanges,
    DeploymentRemoved,
    LoadBalancedSetsUpdated,
)
from azure_iaas.emulator.limits import LABEL_CHARACTERS
from azure_iaas.emulator.machines.contract import DNS_SERVER, INPUT_ENDPOINT, LOAD_BALANCER
from azure_iaas.emulator.machines.deployment_answers import deployment_answer, visible
from azure_iaas.emulator.machines.endpoints import check_endpoint
from azure_iaas.emulator.machines.instances import begin
from azure_iaas.emulator.machines.planning import carry_out, plan_role
from azure_iaas.emulator.machines.sizes import demand_cores
from azure_iaas.emulator.state import Deployment, HostedService
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.contracts import Values, read_items
from azure_iaas.endpoint.routes import DEPLOYMENT, SERVICE, SLOT, Routes

NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
SLOTS: Final = {"production": "Production", "staging": "Staging"}

route: Final = Routes[Call]()


@route("GetDeployment", "GET", DEPLOYMENT, since="2009-10-01")
def get_deployment(call: Call) -> Answer:
    """Get Deployment (ee460804), by name or by slot."""
    service, deployment = call.deployment()
    if not visible(call, deployment):
        raise (
            refusals.no_deployments()
            if "slot" in call.names
            else refusals.deployment_missing(deployment.name)
        )
    return Answer(200, "Deployment", deployment_answer(call, service, deployment))


@route("CreateDeployment", "POST", f"{SERVICE}/deployments", since="2012-03-01")
def create_deployment(call: Call) -> Answer:
    """Create Virtual Machine Deployment (jj157194)."""
    _, values = call.read(NEW_DEPLOYMENT)
    service = call.hosted_service()
    call.demand_unlocked(service)
    slot = SLOTS.get(values["DeploymentSlot"].strip().lower())
    if slot is None:
        raise refusals.invalid_value(values["DeploymentSlot"], "DeploymentSlot", "Production, Staging")
    name = values["Name"]
    if not NAME.fullmatch(name):
        raise refusals.deployment_name_invalid()
    if slot.lower() in service.deployments:
        raise refusals.slot_occupied(slot)
    if service.deployment(name) is not None:
        raise refusals.deployment_name_taken(name)
    if len(values["Label"]) > LABEL_CHARACTERS:
        raise refusals.invalid_value(
            values["Label"], "Label", f"a text of 1 to {LABEL_CHARACTERS} characters"
        )
    if len(values["RoleList"]) != 1:
        raise refusals.one_role_only()
    balancers = values.get("LoadBalancers", [])
    if len(balancers) > 1:
        raise refusals.load_balancer_exists(balancers[0]["Name"])
    reserved = _reserved_ip(call, values)
    plan = plan_role(call, service, name, values["RoleList"][0])
    demand_cores(call, plan.size)

    deployment = _new_deployment(call, service, name, slot, values)
    operation = call.open_operation(
        "CreateDeployment",
        *("services", "hostedservices", service.name, "deployments", name),
        service=service,
        deployment=deployment,
        failure=plan.failure,
    )
    service.deployments[slot.lower()] = deployment
    span = operation.ends_at - call.now
    deployment.running_at = call.now + span * 0.9
    if operation.error_code:
        deployment.running_at = deployment.placed_at = operation.ends_at + 1.0
        call.later(operation.ends_at, DeploymentRemoved(service.name, slot, media=True))
        return Answer(202)
    deployment.placed_at = call.now + span * 0.1
    deployment.roles[plan.role.name.lower()] = plan.role
    carry_out(call, service, name, plan)
    begin(call, plan.role, call.seconds(operation))
    if reserved:
        ip = call.subscription.reserved_ips.get(reserved)
        if ip is not None:
            deployment.vip, deployment.reserved_ip = ip.address, ip.name
            ip.service_name, ip.deployment_name = service.name, name
            call.subscription.reserved_ips.touch(ip.name)
    return Answer(202)


def _reserved_ip(call: Call, values: Values) -> str:
    name: str = values.get("ReservedIPName", "")
    if name:
        ip = call.subscription.reserved_ips.get(name)
        if ip is None:
            raise refusals.missing("reserved IP", name)
        if ip.service_name:
            raise refusals.taken("use of the reserved IP", name)
    return name


def _new_deployment(call: Call, service: HostedService, name: str, slot: str, values: Values) -> Deployment:
    private = call.world.digest("private id", call.request_id, size=16).hex()
    return Deployment(
        name=name,
        slot=slot,
        private_id=private,
        # The service encodes this label itself (protocol.md chapter 4).
        label=b64encode(values["Label"].encode()).decode(),
        created_at=call.now,
        modified_at=call.now,
        placed_at=call.now,
        running_at=call.now,
        vip=public_address(call, "vip", call.request_id),
        virtual_network=values.get("VirtualNetworkName", ""),
        dns_servers=values.get("Dns", {}).get("DnsServers", []),
        load_balancers=values.get("LoadBalancers", []),
        internal_domain=f"d{1 + call.world.digest('domain', service.name, size=1)[0] % 10}",
        upgrade_domain_count=max(1, values.get("UpgradeDomainCount", 1)),
    )


@route("DeleteDeployment", "DELETE", DEPLOYMENT, since="2009-10-01")
def delete_deployment(call: Call) -> Answer:
    """Delete Deployment (ee460815), by name or by slot; ``comp=media`` removes disks and blobs too."""
    service, deployment = call.deployment()
    call.demand_unlocked(service, deployment)
    media = call.media("2013-08-01")
    seconds = "DeleteDeploymentWithMedia" if media else "DeleteDeployment"
    removed = DeploymentRemoved(service.name, deployment.slot, media)
    if call.accept_for("DeleteDeployment", service, deployment, seconds=seconds, then=removed):
        deployment.deleting_since = call.now
    return Answer(202)


@route("SwapDeployment", "POST", SERVICE, since="2009-10-01")
def swap(call: Call) -> Answer:
    """Swap Deployment (ee460814): not for virtual machines."""
    call.read(SWAP)
    service = call.hosted_service()
    call.demand_unlocked(service)
    raise refusals.not_for_virtual_machines("Swap Deployment")


@route("UpdateDeploymentStatus", "POST", DEPLOYMENT, since="2009-10-01", comp="status")
def update_status(call: Call) -> Answer:
    """Update Deployment Status (ee460808): web and worker roles only."""
    _, values = call.read(UPDATE_DEPLOYMENT_STATUS)
    if values["Status"].strip().lower() not in {"running", "suspended"}:
        raise refusals.invalid_value(values["Status"], "Status", "Running, Suspended")
    service, deployment = call.deployment()
    call.demand_unlocked(service, deployment)
    raise refusals.not_for_virtual_machines("Update Deployment Status")


@route("ChangeConfiguration", "POST", DEPLOYMENT, since="2009-10-01", comp="config")
def change_configuration(call: Call) -> Answer:
    """Change Deployment Configuration: web and worker roles only."""
    call.read(CHANGE_CONFIGURATION)
    call.deployment()
    raise refusals.not_for_virtual_machines("Change Deployment Configuration")


@route("UpgradeDeployment", "POST", DEPLOYMENT, since="2009-10-01", comp="upgrade")
@route("WalkUpgradeDomain", "POST", DEPLOYMENT, since="2009-10-01", comp="walkupgradedomain")
@route("RollbackUpdate", "POST", DEPLOYMENT, since="2011-10-01", comp="rollback")
def upgrade(call: Call) -> Answer:
    """Upgrade, walk an upgrade domain, roll back: web and worker roles only."""
    call.deployment()
    raise refusals.not_for_virtual_machines("Upgrade Deployment")


@route("CreatePackageDeployment", "POST", SLOT, since="2009-10-01")
def create_package_deployment(call: Call) -> Answer:
    """Create Deployment of a package: this service runs virtual machines only."""
    call.hosted_service()
    raise refusals.not_for_virtual_machines("Create Deployment")


@route("UpdateLoadBalancedSet", "POST", DEPLOYMENT, since="2013-06-01", comp="updatelbset")
def update_load_balanced_set(call: Call) -> Answer:
    """Update Load Balanced Endpoint Set (dn469417): changes a set in every role that has it."""
    endpoints = read_items(
        call.body,
        root="LoadBalancedEndpointList",
        item="InputEndpoint",
        kind=INPUT_ENDPOINT,
        json=call.json_body,
        strict=call.world.strict,
    )
    service, deployment = call.deployment()
    call.demand_unlocked(service, deployment)
    changes = {}
    for endpoint in endpoints:
        set_name = endpoint.get("LoadBalancedEndpointSetName", "")
        members = [
            each
            for role in deployment.roles.values()
            for each in role.network.get("InputEndpoints", ())
            if each.get("LoadBalancedEndpointSetName", "").lower() == set_name.lower() and set_name
        ]
        if not members:
            raise refusals.missing("load balanced endpoint set", set_name)
        checked = check_endpoint({"Name": members[0]["Name"], "Protocol": "tcp", **members[0], **endpoint})
        changes[set_name.lower()] = {
            name: value for name, value in checked.items() if name in endpoint and name != "Name"
        }
    updated = LoadBalancedSetsUpdated(service.name, deployment.slot, changes)
    call.accept_for("UpdateLoadBalancedSet", service, deployment, seconds="LoadBalancer", then=updated)
    return Answer(202)


@route("AddLoadBalancer", "POST", f"{DEPLOYMENT}/loadbalancers", since="2014-05-01")
def add_load_balancer(call: Call) -> Answer:
    """Add an internal load balancer: one per deployment."""
    _, values = call.read(LOAD_BALANCER)
    service, deployment = call.deployment()
    call.demand_unlocked(service, deployment)
    if deployment.load_balancers:
        raise refusals.load_balancer_exists(deployment.load_balancers[0]["Name"])
    return _change(call, "AddLoadBalancer", "LoadBalancer", DeploymentChanges(load_balancers=[values]))


@route("UpdateLoadBalancer", "PUT", f"{DEPLOYMENT}/loadbalancers/{{name}}", since="2014-05-01")
def update_load_balancer(call: Call) -> Answer:
    """Update the internal load balancer."""
    _, values = call.read(LOAD_BALANCER)
    _, deployment = call.deployment()
    _demand_load_balancer(call, deployment)
    return _change(call, "UpdateLoadBalancer", "LoadBalancer", DeploymentChanges(load_balancers=[values]))


@route("DeleteLoadBalancer", "DELETE", f"{DEPLOYMENT}/loadbalancers/{{name}}", since="2014-05-01")
def delete_load_balancer(call: Call) -> Answer:
    """Delete the internal load balancer."""
    _, deployment = call.deployment()
    _demand_load_balancer(call, deployment)
    return _change(call, "DeleteLoadBalancer", "LoadBalancer", DeploymentChanges(load_balancers=[]))


def _demand_load_balancer(call: Call, deployment: Deployment) -> None:
    wanted = call.names["name"]
    if not any(each["Name"].lower() == wanted.lower() for each in deployment.load_balancers):
        raise refusals.missing("load balancer", wanted)


@route("AddDnsServer", "POST", f"{DEPLOYMENT}/dnsservers", since="2012-03-01")
def add_dns_server(call: Call) -> Answer:
    """Add a DNS server."""
    _, values = call.read(DNS_SERVER)
    _, deployment = call.deployment()
    if any(each["Name"].lower() == values["Name"].lower() for each in deployment.dns_servers):
        raise refusals.taken("DNS server", values["Name"])
    return _change(
        call, "AddDnsServer", "DnsServer", DeploymentChanges(dns_servers=[*deployment.dns_servers, values])
    )


@route("UpdateDnsServer", "PUT", f"{DEPLOYMENT}/dnsservers/{{name}}", since="2012-03-01")
def update_dns_server(call: Call) -> Answer:
    """Update a DNS server."""
    _, values = call.read(DNS_SERVER)
    _, deployment = call.deployment()
    others = _other_dns_servers(call, deployment)
    return _change(call, "UpdateDnsServer", "DnsServer", DeploymentChanges(dns_servers=[*others, values]))


@route("DeleteDnsServer", "DELETE", f"{DEPLOYMENT}/dnsservers/{{name}}", since="2012-03-01")
def delete_dns_server(call: Call) -> Answer:
    """Delete a DNS server."""
    _, deployment = call.deployment()
    return _change(
        call,
        "DeleteDnsServer",
        "DnsServer",
        DeploymentChanges(dns_servers=_other_dns_servers(call, deployment)),
    )


def _other_dns_servers(call: Call, deployment: Deployment) -> list[dict[str, str]]:
    wanted = call.names["name"].lower()
    others = [each for each in deployment.dns_servers if each["Name"].lower() != wanted]
    if len(others) == len(deployment.dns_servers):
        raise refusals.missing("DNS server", call.names["name"])
    return others


@route("AddVirtualIP", "POST", f"{DEPLOYMENT}/{{virtual_ip}}", since="2014-05-01")
def add_virtual_ip(call: Call) -> Answer:
    """Add a further virtual IP, as the generated client has it: POST below the deployment."""
    _, deployment = call.deployment()
    name = call.names["virtual_ip"]
    if name in deployment.virtual_ips:
        raise refusals.taken("virtual IP", name)
    return _change(
        call, "AddVirtualIP", "ReservedIP", DeploymentChanges(virtual_ips=[*deployment.virtual_ips, name])
    )


@route("DeleteVirtualIP", "DELETE", f"{DEPLOYMENT}/virtualips/{{name}}", since="2014-05-01")
def delete_virtual_ip(call: Call) -> Answer:
    """Delete a further virtual IP."""
    _, deployment = call.deployment()
    name = call.names["name"]
    if name not in deployment.virtual_ips:
        raise refusals.missing("virtual IP", name)
    others = [each for each in deployment.virtual_ips if each != name]
    return _change(call, "DeleteVirtualIP", "ReservedIP", DeploymentChanges(virtual_ips=others))


def _change(call: Call, name: str, seconds: str, changes: DeploymentChanges) -> Answer:
    service, deployment = call.deployment()
    call.demand_unlocked(service, deployment)
    changed = DeploymentChanged(service.name, deployment.slot, changes)
    call.accept_for(name, service, deployment, seconds=seconds, then=changed)
    return Answer(202)
