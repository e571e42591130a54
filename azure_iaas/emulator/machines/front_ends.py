"""Front ends of a deployment's endpoints: virtual IPs and the internal load balancer, and their addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator.addresses import public_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.emulator.state import Deployment, HostedService, ReservedIP, Subscription
    from azure_iaas.emulator.world import Call

FrontEnd = tuple[str, str]
"""``("virtual IP", name)`` or ``("balancer", name)``, in lower case; the first virtual IP's name is empty."""

Reach = Callable[[Mapping[str, Any]], str]
"""Gives the address an endpoint is reached at, empty for none."""

FIRST: Final[FrontEnd] = ("virtual IP", "")
UNUSED: Final = "__PseudoBackEndContractVip"
"""Recorded name of a first virtual IP no endpoint stands behind."""


def first_name(service: HostedService) -> str:
    """Recorded name of the first virtual IP, once an endpoint stands behind it."""
    return f"{service.name}ContractContract"


def virtual_ip(service: HostedService, name: str) -> FrontEnd:
    """The virtual IP of this name; the first one may be called by its name or by none."""
    return (
        FIRST
        if name.lower() in {"", first_name(service).lower(), UNUSED.lower()}
        else (FIRST[0], name.lower())
    )


def front_end(service: HostedService, endpoint: Mapping[str, Any]) -> FrontEnd:
    """Where an endpoint is reached."""
    balancer = endpoint.get("LoadBalancerName")
    if balancer:
        return ("balancer", balancer.lower())
    return virtual_ip(service, endpoint.get("VirtualIPName", ""))


def front_ends_used(service: HostedService, deployment: Deployment) -> set[FrontEnd]:
    """Front ends that endpoints stand behind."""
    return {
        front_end(service, endpoint)
        for role in deployment.roles.values()
        for endpoint in role.network.get("InputEndpoints", ())
    }


def reserved_for(
    subscription: Subscription, service: HostedService, deployment: Deployment
) -> Iterator[ReservedIP]:
    """Reserved addresses a deployment has."""
    for ip in subscription.reserved_ips.values():
        if (ip.service_name.lower(), ip.deployment_name.lower()) == (
            service.name.lower(),
            deployment.name.lower(),
        ):
            yield ip


def addresses(call: Call, service: HostedService, deployment: Deployment) -> dict[FrontEnd, str]:
    """Addresses by front end; a further virtual IP has one while it is used or reserved."""
    found = {FIRST: deployment.vip}
    used = front_ends_used(service, deployment) if deployment.virtual_ips else set()
    for name in deployment.virtual_ips:
        if (place := virtual_ip(service, name)) in used:
            found[place] = public_address(call, deployment.name, name)
    for ip in reserved_for(call.subscription, service, deployment):
        found[virtual_ip(service, ip.virtual_ip)] = ip.address
    for balancer in deployment.load_balancers:
        found["balancer", balancer["Name"].lower()] = deployment.load_balancer_address
    return found


def unreached(_: Mapping[str, Any]) -> str:
    """No endpoint is reached."""
    return ""
