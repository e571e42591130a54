"""How a new or started instance runs through its states and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.emulator import timeline
from azure_iaas.emulator.state import InstanceState

if TYPE_CHECKING:
    import random

    from azure_iaas.emulator.state import Role
    from azure_iaas.emulator.world import Call


def begin(call: Call, role: Role, seconds: float) -> None:
    """Let a new instance run through its states, its operation taking ``seconds`` at speed 1."""
    windows = role.os_disk.os == "Windows"
    rng = call.random()
    steps = timeline.creation(rng, windows=windows, placed=seconds * 0.25, running=seconds * 0.9)
    role.phases = []
    role.follow(call.now, call.scaled(steps))
    setup = next(at for at, status, _ in role.phases if status is InstanceState.PROVISIONING)
    ready = role.phases[-1][0]
    name = rng.uniform(setup, ready)
    if not windows and rng.random() < timeline.LATE_NAMES:
        name = ready + rng.uniform(2.0, 15.0) * call.world.duration_factor
    report(call, role, name, rng)


def report(call: Call, role: Role, at: float, rng: random.Random) -> None:
    """Have a guest report from about ``at`` on: its name, later its certificate, and its agent by itself."""
    factor = call.world.duration_factor
    certificate = rng.uniform(*timeline.CERTIFICATE_SECONDS) * factor
    role.report(at, certificate=certificate, agent=rng.uniform(*timeline.AGENT_SECONDS) * factor)
