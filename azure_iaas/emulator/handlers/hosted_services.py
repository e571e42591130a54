"""Hosted services (protocol.md 11.5 to 11.7, 12.1)."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator import answers, contracts
from azure_iaas.emulator.catalogue import LOCATION_KEYS
from azure_iaas.emulator.hosted_services.effects import ServiceRemoved
from azure_iaas.emulator.state import HostedService
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer
from azure_iaas.endpoint.documents import NIL, Items, Struct
from azure_iaas.endpoint.routes import HOSTED_SERVICES, SERVICE, Route

if TYPE_CHECKING:
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.contracts import Values

NAME: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
_PROPERTY_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
LABEL_LIMIT: Final = 100
DESCRIPTION_LIMIT: Final = 1024
PROPERTIES_LIMIT: Final = 50


def check_label(label: str) -> str:
    """A base64 label as it is kept: without the line breaks some clients put in.

    Raises:
        Refusal: 400: its text is too long.
    """
    packed = "".join(label.split())
    try:
        text = b64decode(packed, validate=True).decode()
    except (binascii.Error, ValueError):
        # What isn't base64 of text is kept as it is: no recording tells how the service took it.
        return label
    if len(text) > LABEL_LIMIT:
        raise refusals.invalid_value(label, "Label", f"a text of 1 to {LABEL_LIMIT} characters")
    return packed


def check_description(description: str | None) -> str | None:
    """A description of at most 1024 characters.

    Raises:
        Refusal: 400: it is longer.
    """
    if description is not None and len(description) > DESCRIPTION_LIMIT:
        raise refusals.invalid_value(
            description[:50], "Description", f"at most {DESCRIPTION_LIMIT} characters"
        )
    return description


def check_place(call: Call, values: Values) -> tuple[str, str]:
    """Location and affinity group of a create: exactly one is given, the other is empty.

    Raises:
        Refusal: 400.
    """
    location, group_name = values.get("Location", ""), values.get("AffinityGroup", "")
    if bool(location) == bool(group_name):
        raise refusals.location_and_affinity_group()
    if location:
        if location.lower() not in LOCATION_KEYS:
            raise refusals.location_invalid()
        return LOCATION_KEYS[location.lower()], ""
    group = call.subscription.affinity_groups.get(group_name)
    if group is None:
        raise refusals.affinity_group_not_usable()
    return "", group.name


def check_properties(values: Values) -> list[dict[str, str]]:
    """``ExtendedProperties`` of a request.

    Raises:
        Refusal: 400: too many, or a name or value that isn't allowed (gg441304).
    """
    given = values.get("ExtendedProperties", [])
    for each in given:
        if not _PROPERTY_NAME.fullmatch(each["Name"]) or len(each.get("Value", "")) > 255:
            raise refusals.incorrect_parameter()
    if len(given) > PROPERTIES_LIMIT:
        raise refusals.incorrect_parameter()
    return [{"Name": each["Name"], "Value": each.get("Value", "")} for each in given]


def list_services(call: Call) -> Answer:
    """List Cloud Services (ee460781); below 2012-03-01 without those that hold virtual machines."""
    shown = [
        answers.hosted_service(call, service, listed=True)
        for service in call.subscription.hosted_services.values()
        if call.version >= "2012-03-01" or not service.deployments
    ]
    return Answer(200, "HostedServices", Items("HostedService", list(shown)))


def get_service(call: Call) -> Answer:
    """Get Cloud Service Properties (ee460806)."""
    service = call.hosted_service()
    embed = call.flag("embed-detail", "true")
    return Answer(200, "HostedService", answers.hosted_service(call, service, deployments=embed))


def create_service(call: Call) -> Answer:
    """Create Cloud Service (gg441304): done at once, its id can be polled."""
    _, values = call.read(contracts.CREATE_HOSTED_SERVICE)
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


def update_service(call: Call) -> Answer:
    """Update Cloud Service (gg441303)."""
    _, values = call.read(contracts.UPDATE_HOSTED_SERVICE)
    service = call.hosted_service()
    call.demand_unlocked(service)
    label = check_label(values["Label"]) if values.get("Label") else service.label
    description = check_description(values.get("Description", service.description))
    properties = check_properties(values)
    service.label, service.description = label, description
    if "ExtendedProperties" in values:
        kept = {each["Name"]: each for each in service.extended_properties}
        kept |= {each["Name"]: each for each in properties}
        service.extended_properties = list(kept.values())
    if "ReverseDnsFqdn" in values:
        service.reverse_dns_fqdn = values["ReverseDnsFqdn"]
    service.modified_at = call.now
    call.subscription.hosted_services.touch(service.name)
    call.record("UpdateHostedService", "services", "hostedservices", service.name)
    return Answer(200)


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
        raise refusals.service_has_deployments(service.name)
    call.subscription.hosted_services.remove(service.name)
    call.world.service_names.pop(service.name.lower(), None)
    call.record("DeleteHostedService", *target)
    return Answer(200)


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


ROUTES: Final = (
    Route("ListHostedServices", "GET", HOSTED_SERVICES, "2009-10-01", list_services),
    Route("CreateHostedService", "POST", HOSTED_SERVICES, "2010-10-28", create_service),
    Route("GetHostedService", "GET", SERVICE, "2009-10-01", get_service),
    Route("UpdateHostedService", "PUT", SERVICE, "2010-10-28", update_service),
    Route("DeleteHostedService", "DELETE", SERVICE, "2010-10-28", delete_service),
    Route(
        "CheckHostedServiceName",
        "GET",
        f"{HOSTED_SERVICES}/operations/isavailable/{{name}}",
        "2012-03-01",
        check_name,
    ),
)
