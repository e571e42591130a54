"""Hosted services (protocol.md 11.5 to 11.7, 12.1)."""

from __future__ import annotations

import re
from typing import Final

from azure_iaas.emulator.hosted_services.contract import CREATE_HOSTED_SERVICE, UPDATE_HOSTED_SERVICE
from azure_iaas.emulator.hosted_services.effects import ServiceRemoved
from azure_iaas.emulator.labels import check_description, check_label
from azure_iaas.emulator.limits import PROPERTIES
from azure_iaas.emulator.machines.deployment_answers import hosted_service_answer
from azure_iaas.emulator.places import check_place
from azure_iaas.emulator.properties import check_properties
from azure_iaas.emulator.state import HostedService
from azure_iaas.emulator.world import Call
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import NIL, Items, Struct
from azure_iaas.endpoint.routes import HOSTED_SERVICES, SERVICE, Routes

# A letter first (protocol.md 14.1). Users wrote of names of digits alone, but they may have hidden the real
# ones: a name that works here must work with the service, so the narrower rule stays.
NAME: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)

route: Final = Routes[Call]()


@route("ListHostedServices", "GET", HOSTED_SERVICES, since="2009-10-01")
def list_services(call: Call) -> Answer:
    """List Cloud Services (ee460781); below 2012-03-01 without those that hold virtual machines."""
    shown = [
        hosted_service_answer(call, service, listed=True)
        for service in call.subscription.hosted_services.values()
        if call.version >= "2012-03-01" or not service.deployments
    ]
    return Answer(200, "HostedServices", Items("HostedService", list(shown)))


@route("GetHostedService", "GET", SERVICE, since="2009-10-01")
def get_service(call: Call) -> Answer:
    """Get Cloud Service Properties (ee460806)."""
    service = call.hosted_service()
    embed = call.flag("embed-detail", "true")
    return Answer(200, "HostedService", hosted_service_answer(call, service, deployments=embed))


@route("CreateHostedService", "POST", HOSTED_SERVICES, since="2010-10-28")
def create_service(call: Call) -> Answer:
    """Create Cloud Service (gg441304): done at once, its id can be polled."""
    _, values = call.read(CREATE_HOSTED_SERVICE)
    name = values["ServiceName"]
    if not NAME.fullmatch(name):
        raise refusals.service_name_invalid()
    label = check_label(values["Label"])
    description = check_description(values.get("Description"))
    properties = check_properties(values)
    location, group = check_place(call, values)
    if name.lower() in call.world.service_names:
        raise refusals.service_name_taken()
    limit, current = call.world.quotas.hosted_services, len(call.subscription.hosted_services)
    if current >= limit:
        raise refusals.quota_exceeded("hosted service count", limit, current, 1)
    service = HostedService(
        name=name,
        label=label,
        description=description,
        location=location,
        affinity_group=group,
        created_at=call.now,
        modified_at=call.now,
        extended_properties=properties,
        reverse_dns_fqdn=values.get("ReverseDnsFqdn", ""),
    )
    call.subscription.hosted_services.put(name, service)
    call.world.service_names[name.lower()] = call.subscription.id
    call.record("CreateHostedService", "services", "hostedservices", name)
    return Answer(201, location=call.location("compute", name))


@route("UpdateHostedService", "PUT", SERVICE, since="2010-10-28")
def update_service(call: Call) -> Answer:
    """Update Cloud Service (gg441303)."""
    _, values = call.read(UPDATE_HOSTED_SERVICE)
    service = call.hosted_service()
    call.demand_unlocked(service)
    label = check_label(values["Label"]) if values.get("Label") else service.label
    description = check_description(values.get("Description", service.description))
    properties = check_properties(values)
    kept = {each["Name"]: each for each in service.extended_properties}
    kept |= {each["Name"]: each for each in properties}
    if len(kept) > PROPERTIES:
        raise refusals.incorrect_parameter()
    service.label, service.description = label, description
    service.extended_properties = list(kept.values())
    if "ReverseDnsFqdn" in values:
        service.reverse_dns_fqdn = values["ReverseDnsFqdn"]
    service.modified_at = call.now
    call.subscription.hosted_services.touch(service.name)
    call.record("UpdateHostedService", "services", "hostedservices", service.name)
    return Answer(200)


@route("DeleteHostedService", "DELETE", SERVICE, since="2010-10-28")
def delete_service(call: Call) -> Answer:
    """Delete Cloud Service (gg441305); with ``comp=media`` deployments, disks and blobs go too (202)."""
    service = call.hosted_service()
    call.demand_unlocked(service)
    target = ("services", "hostedservices", service.name)
    if call.media("2013-08-01"):
        if call.accept("DeleteHostedService", *target, service=service, then=ServiceRemoved(service.name)):
            service.deleting = True
            for deployment in service.deployments.values():
                deployment.deleting_since = call.now
        return Answer(202)
    if service.deployments:
        raise refusals.service_has_deployments()
    call.subscription.hosted_services.remove(service.name)
    call.world.service_names.pop(service.name.lower(), None)
    call.record("DeleteHostedService", *target)
    return Answer(200)


@route(
    "CheckHostedServiceName", "GET", f"{HOSTED_SERVICES}/operations/isavailable/{{name}}", since="2012-03-01"
)
def check_name(call: Call) -> Answer:
    """Check Cloud Service Name Availability (jj154116)."""
    name = call.names["name"]
    reason = ""
    if not NAME.fullmatch(name):
        reason = refusals.service_name_invalid().message
    elif name.lower() in call.world.service_names:
        reason = "A hosted service with the specified name already exists."
    answer = Struct([("Result", not reason), ("Reason", reason or NIL)])
    return Answer(200, "AvailabilityResponse", answer)
