"""Endpoints of roles: what one may say, what those of a deployment may say together, and the ports they get.

Endpoints stand behind a front end: the deployment's first virtual IP, a further one, or the internal load
balancer. A port and protocol belong to one endpoint of a front end, or to one load balanced set.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator.machines.front_ends import front_end, virtual_ip
from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from azure_iaas.emulator.state import Deployment, HostedService, Role
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.contracts import Values
    from azure_iaas.endpoint.refusals import Refusal

ACL_LIMIT: Final = 50
_PORTS: Final = "a number between 1 to 65535"
_DISTRIBUTIONS: Final = ("sourceIP", "sourceIPProtocol", "none")
_PROBE_DEFAULTS: Final = {"IntervalInSeconds": 15, "TimeoutInSeconds": 31}
_PROBE_MINIMA: Final = {"IntervalInSeconds": 5, "TimeoutInSeconds": 11}
"""Least values of the reference (dn469417)."""


# One endpoint


def check_endpoint(endpoint: Values) -> Values:
    """Check an input endpoint of either dialect and give it with GA names.

    Raises:
        Refusal: 400.
    """
    kept = {name: value for name, value in endpoint.items() if name != "Vip"}
    if not kept.get("Name") or not kept.get("Protocol"):
        raise refusals.missing_element("InputEndpoint")
    # Numbers that are missing are read as 0.
    _demand_port(kept.get("LocalPort", 0), "InputEndpoint.LocalPort")
    if "Port" in kept:
        _demand_port(kept["Port"], "InputEndpoint.Port")
    kept["Protocol"] = _word(kept["Protocol"], "InputEndpoint.Protocol", ("tcp", "udp"))
    if "LoadBalancerDistribution" in kept:
        parameter = "InputEndpoint.LoadBalancerDistribution"
        kept["LoadBalancerDistribution"] = _word(kept["LoadBalancerDistribution"], parameter, _DISTRIBUTIONS)
    check_idle_timeout(kept, "InputEndpoint")
    if kept.get("LoadBalancerProbe"):
        kept["LoadBalancerProbe"] = _check_probe(kept["LoadBalancerProbe"])
    _check_acl(kept.get("EndpointAcl", {}).get("Rules", []))
    return kept


def check_idle_timeout(values: Values, owner: str) -> None:
    """Check ``IdleTimeoutInMinutes`` of an endpoint or a public IP.

    Raises:
        Refusal: 400.
    """
    idle = values.get("IdleTimeoutInMinutes")
    if idle is not None and not 4 <= idle <= 30:
        raise refusals.invalid_value(idle, f"{owner}.IdleTimeoutInMinutes", "a number between 4 to 30")


def _check_probe(given: Values) -> Values:
    probe = dict(given)
    if "RelativeUri" in probe:
        probe["Path"] = probe.pop("RelativeUri")
    probe["Protocol"] = _word(probe.get("Protocol") or "tcp", "LoadBalancerProbe.Protocol", ("tcp", "http"))
    _demand_port(probe.get("Port", 0), "LoadBalancerProbe.Port")
    if bool(probe.get("Path")) != (probe["Protocol"] == "http"):
        allowed = "a relative path for http, none for tcp"
        raise refusals.invalid_value(probe.get("Path", ""), "LoadBalancerProbe.Path", allowed)
    for name, least in _PROBE_MINIMA.items():
        if name in probe and not least <= probe[name] <= 2**31 - 1:
            raise refusals.invalid_value(
                probe[name], f"LoadBalancerProbe.{name}", f"a number from {least} on"
            )
    interval, timeout = probe.get("IntervalInSeconds"), probe.get("TimeoutInSeconds")
    if interval is not None and timeout is not None and timeout <= interval:
        allowed = "a number above that of IntervalInSeconds"
        raise refusals.invalid_value(timeout, "LoadBalancerProbe.TimeoutInSeconds", allowed)
    return probe


def _check_acl(rules: list[Values]) -> None:
    if len(rules) > ACL_LIMIT:
        raise refusals.too_many("rules of an endpoint ACL", ACL_LIMIT)
    orders: set[int] = set()
    for rule in rules:
        for name in ("Order", "Action", "RemoteSubnet"):
            if rule.get(name) in (None, ""):
                raise refusals.null_or_empty(f"EndpointAcl.Rules.Rule.{name}")
        if rule["Order"] < 0:
            raise refusals.invalid_value(rule["Order"], "EndpointAcl.Rules.Rule.Order", "a number from 0 on")
        if rule["Order"] in orders:
            raise refusals.rule_order_twice(rule["Order"])
        orders.add(rule["Order"])
        rule["Action"] = _word(rule["Action"], "EndpointAcl.Rules.Rule.Action", ("permit", "deny"))
        try:
            IPv4Network(rule["RemoteSubnet"], strict=False)
        except ValueError:
            parameter = "EndpointAcl.Rules.Rule.RemoteSubnet"
            raise refusals.invalid_value(rule["RemoteSubnet"], parameter, "an IPv4 subnet") from None


def _demand_port(port: int, parameter: str) -> None:
    if not 1 <= port <= 65535:
        raise refusals.invalid_value(port, parameter, _PORTS)


def _word(given: str, parameter: str, words: Iterable[str]) -> str:
    """The word that was meant, in any case."""
    for word in words:
        if given.lower() == word.lower():
            return word
    raise refusals.invalid_value(given, parameter, ", ".join(words))


# Endpoints of a deployment


def settle_endpoints(
    call: Call, service: HostedService, deployment: Deployment, role: Role, *, before: Role | None = None
) -> Refusal | None:
    """Check a role's endpoints beside those of the other roles, and give a port to those that have none.

    Args:
        call: the request.
        service: where the deployment is.
        deployment: where the role is, or will be.
        role: the role, its ``network`` being what it is to have.
        before: the role as it is now.

    Returns:
        How the operation fails: ports that clash and sets that differ showed while it ran (protocol.md 6.2).

    Raises:
        Refusal: 400: a front end that isn't there, too many endpoints, access lists of a set that differ.
    """
    own: list[Values] = role.network.get("InputEndpoints", [])
    others = _endpoints_of(deployment, without=before)
    count = sum(len(_endpoints_of(each, without=before)) for each in service.deployments.values())
    limit = call.world.quotas.endpoints_per_service
    if own and len(own) + count > limit:
        raise refusals.too_many("input endpoints of a cloud service", limit)
    if not own and not others and deployment.reserved_ip:
        raise refusals.reserved_ip_without_endpoints(deployment.name, deployment.reserved_ip)
    for endpoint in own:
        _demand_front_end(service, deployment, endpoint)
    failure = None
    for endpoint in own:
        failure = failure or _join_set(service, endpoint, others)
    return failure or _assign_ports(call, service, own, others)


def _endpoints_of(deployment: Deployment, *, without: Role | None = None) -> list[Values]:
    return [
        endpoint
        for role in deployment.roles.values()
        if role is not without
        for endpoint in role.network.get("InputEndpoints", ())
    ]


def _demand_front_end(service: HostedService, deployment: Deployment, endpoint: Values) -> None:
    kind, name = front_end(service, endpoint)
    if kind == "balancer":
        if endpoint.get("VirtualIPName"):
            parameter = "InputEndpoint.VirtualIPName"
            raise refusals.invalid_value(endpoint["VirtualIPName"], parameter, "none beside LoadBalancerName")
        if not any(each["Name"].lower() == name for each in deployment.load_balancers):
            raise refusals.unknown_name("load balancer", endpoint["LoadBalancerName"])
    elif name and name not in map(str.lower, deployment.virtual_ips):
        raise refusals.unknown_name("virtual IP", endpoint["VirtualIPName"])


def set_of(endpoint: Mapping[str, Any]) -> str:
    """Name of an endpoint's load balanced set in lower case, empty for none."""
    return str(endpoint.get("LoadBalancedEndpointSetName", "")).lower()


def _join_set(service: HostedService, endpoint: Values, others: list[Values]) -> Refusal | None:
    """Compare an endpoint with the first other one of its load balanced set."""
    member = next((each for each in others if set_of(each) and set_of(each) == set_of(endpoint)), None)
    if member is None:
        return None
    endpoint.setdefault("Port", member["Port"])
    name = endpoint["LoadBalancedEndpointSetName"]
    _compare_acls(endpoint, member, name)
    given, existing = _shared(service, endpoint), _shared(service, member)
    for element, value in existing.items():
        if given[element] != value:
            return refusals.set_mismatch(member["Name"], element, value, given[element], name)
    return None


def _compare_acls(endpoint: Values, member: Values, name: str) -> None:
    given, existing = (
        {rule.get("Order"): rule for rule in each.get("EndpointAcl", {}).get("Rules", ())}
        for each in (endpoint, member)
    )
    if given and not existing:
        raise refusals.set_without_acl(name)
    if existing and not given:
        raise refusals.set_with_acl(name)
    if len(given) != len(existing):
        raise refusals.acl_counts_differ(name, len(given), len(existing))
    for order, rule in given.items():
        if rule != existing.get(order):
            raise refusals.acl_rules_differ(name, order)


def _shared(service: HostedService, endpoint: Values) -> dict[str, object]:
    """What all members of a load balanced set have in common, defaults filled in."""
    probe = endpoint.get("LoadBalancerProbe") or {}
    defaults = _PROBE_DEFAULTS if probe else {}
    return {
        **{name: endpoint.get(name) for name in ("LocalPort", "Port", "Protocol")},
        **{
            f"LoadBalancerProbe.{name}": probe.get(name, defaults.get(name, ""))
            for name in ("Port", "Protocol", "Path", *_PROBE_DEFAULTS)
        },
        "EnableDirectServerReturn": bool(endpoint.get("EnableDirectServerReturn")),
        "IdleTimeoutInMinutes": endpoint.get("IdleTimeoutInMinutes", 4),
        "LoadBalancerDistribution": endpoint.get("LoadBalancerDistribution", "none"),
        "LoadBalancerName": endpoint.get("LoadBalancerName", "").lower(),
        "VirtualIPName": virtual_ip(service, endpoint.get("VirtualIPName", ""))[1],
    }


def _assign_ports(
    call: Call, service: HostedService, own: list[Values], others: list[Values]
) -> Refusal | None:
    taken = {_port(service, each): set_of(each) for each in others}
    used: set[tuple[object, ...]] = set()
    rng = call.random()
    for endpoint in own:
        while "Port" not in endpoint:
            free = {**endpoint, "Port": rng.randint(49152, 65535)}
            if _port(service, free) not in taken.keys() | used:
                endpoint["Port"] = free["Port"]
        port, balanced = _port(service, endpoint), set_of(endpoint)
        if port in used or (port in taken and not (balanced and taken[port] == balanced)):
            return refusals.port_in_use(endpoint["Port"])
        used.add(port)
    return None


def change_set(
    service: HostedService, deployment: Deployment, given: Values
) -> tuple[Values, Refusal | None]:
    """New elements of every endpoint of a load balanced set.

    Returns:
        The elements, and how the operation fails where they take another endpoint's port.

    Raises:
        Refusal: 404: no endpoint has this set; 400: see :func:`check_endpoint`.
    """
    name = set_of(given)
    endpoints = _endpoints_of(deployment)
    member = next((each for each in endpoints if name and set_of(each) == name), None)
    if member is None:
        raise refusals.missing("load balanced endpoint set", given.get("LoadBalancedEndpointSetName", ""))
    # All members keep their own names.
    changed = check_endpoint({**member, **given, "Name": member["Name"]})
    _demand_front_end(service, deployment, changed)
    taken = {_port(service, each) for each in endpoints if set_of(each) != name}
    failure = refusals.port_in_use(changed["Port"]) if _port(service, changed) in taken else None
    return {each: value for each, value in changed.items() if each in given and each != "Name"}, failure


def _port(service: HostedService, endpoint: Mapping[str, Any]) -> tuple[object, ...]:
    return (*front_end(service, endpoint), endpoint["Port"], endpoint["Protocol"])
