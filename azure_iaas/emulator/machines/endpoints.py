"""Endpoints of roles, and the public ports they get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azure_iaas.emulator.state import Role
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.contracts import Values
    from azure_iaas.endpoint.refusals import Refusal


def check_endpoint(endpoint: Values) -> Values:
    """Check an input endpoint of either dialect and give it with GA names.

    Raises:
        Refusal: 400.
    """
    kept = {name: value for name, value in endpoint.items() if name != "Vip"}
    if not kept.get("Name") or "LocalPort" not in kept or not kept.get("Protocol"):
        raise refusals.incorrect_parameter()
    for parameter in ("LocalPort", "Port"):
        if parameter in kept:
            _check_port(kept[parameter], f"InputEndpoint.{parameter}")
    kept["Protocol"] = kept["Protocol"].strip().lower()
    if kept["Protocol"] not in {"tcp", "udp"}:
        raise refusals.invalid_value(endpoint["Protocol"], "InputEndpoint.Protocol", "tcp, udp")
    idle = kept.get("IdleTimeoutInMinutes")
    if idle is not None and not 4 <= idle <= 30:
        raise refusals.invalid_value(idle, "InputEndpoint.IdleTimeoutInMinutes", "a number between 4 to 30")
    probe = kept.get("LoadBalancerProbe")
    if probe:
        probe = dict(probe)
        if "RelativeUri" in probe:
            probe["Path"] = probe.pop("RelativeUri")
        probe["Protocol"] = probe.get("Protocol", "tcp").lower()
        if probe["Protocol"] not in {"tcp", "http"}:
            raise refusals.invalid_value(probe["Protocol"], "LoadBalancerProbe.Protocol", "tcp, http")
        if "Port" in probe:
            _check_port(probe["Port"], "LoadBalancerProbe.Port")
        kept["LoadBalancerProbe"] = probe
    return kept


def _check_port(port: int, parameter: str) -> None:
    if not 1 <= port <= 65535:
        raise refusals.invalid_value(port, parameter, "a number between 1 to 65535")


def assign_ports(call: Call, role: Role, others: Iterable[Role]) -> Refusal | None:
    """Give endpoints without a public port one; say which port clashes, if any.

    The service checked ports while the operation ran, not at once (protocol.md 6.2).
    """
    taken: dict[tuple[int, str], str] = {}
    for other in others:
        for endpoint in other.network.get("InputEndpoints", ()):
            key = (endpoint["Port"], endpoint["Protocol"])
            taken[key] = endpoint.get("LoadBalancedEndpointSetName", "").lower()
    rng = call.random()
    own: set[tuple[int, str]] = set()
    for endpoint in role.network.get("InputEndpoints", ()):
        while "Port" not in endpoint:
            port = rng.randint(49152, 65535)
            if (port, endpoint["Protocol"]) not in taken:
                endpoint["Port"] = port
        key = (endpoint["Port"], endpoint["Protocol"])
        balanced = endpoint.get("LoadBalancedEndpointSetName", "").lower()
        if key in own or (key in taken and not (balanced and taken[key] == balanced)):
            return refusals.port_in_use(endpoint["Port"])
        own.add(key)
    return None
