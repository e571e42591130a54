"""How a new or started instance runs through its states and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.emulator import timeline

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Role
    from azure_iaas.emulator.world import Call


def begin(call: Call, role: Role, seconds: float) -> None:
    """Let a new instance run through its states, its operation taking ``seconds`` at speed 1."""
    windows = role.os_disk.os == "Windows"
    steps = timeline.creation(call.random(), windows=windows, placed=seconds * 0.25, running=seconds * 0.9)
    role.phases = []
    role.follow(call.now, call.scaled(steps))
    booted = next(place for place, phase in enumerate(role.phases) if phase[2] == "Started")
    early = call.random().uniform(
        role.phases[booted][0], role.phases[min(booted + 1, len(role.phases) - 1)][0]
    )
    ready = role.phases[-1][0]
    rng, factor = call.random(), call.world.duration_factor
    # Recorded guests mostly had a name when they were ready; some before, some a little later.
    moment = rng.choice((ready,) * 4 + (early, ready + rng.uniform(2.0, 15.0) * factor))
    report(call, role, moment)


def report(call: Call, role: Role, at: float) -> None:
    """Have a guest report from ``at`` on."""
    factor = call.world.duration_factor
    certificate = call.random().uniform(*timeline.CERTIFICATE_SECONDS) * factor
    role.report(at, certificate=certificate, agent=timeline.AGENT_SECONDS * factor)
