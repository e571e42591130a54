"""How long things take, and the states a role instance passes through.

Durations are seconds at speed 1, drawn evenly between two bounds. Where a recording measured them closely
(protocol.md 6.1 and 13.5) the bounds are around the measured value; most recordings polled every 30 s, so
their figures are upper bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.emulator.state import InstanceState, Phase

if TYPE_CHECKING:
    import random

Step = Phase
"""Seconds from the beginning, InstanceStatus, PowerState."""

OPERATION_SECONDS: Final[dict[str, tuple[float, float]]] = {
    "CreateDeployment": (25.0, 45.0),
    "AddRole": (30.0, 40.0),
    "UpdateRole": (20.0, 33.0),
    "DeleteRole": (20.0, 29.0),
    "AddDataDisk": (20.0, 30.0),
    "UpdateDataDisk": (20.0, 30.0),
    "DeleteDataDisk": (20.0, 30.0),
    "ShutdownRole": (20.0, 30.0),
    "StartRole": (20.0, 30.0),
    "StartDeallocatedRole": (40.0, 60.0),
    "RestartRole": (5.0, 10.0),
    "CaptureRole": (60.0, 120.0),
    "DeleteDeployment": (4.0, 24.0),
    "DeleteDeploymentWithMedia": (20.0, 33.0),
    "DeleteHostedService": (25.0, 40.0),
    "AddCertificate": (20.0, 29.0),
    "DeleteCertificate": (20.0, 29.0),
    "CreateStorageAccount": (18.0, 30.0),
    "SetNetworkConfiguration": (7.0, 30.0),
    "LoadBalancer": (25.0, 32.0),
    "ReservedIP": (20.0, 30.0),
    "VMImage": (20.0, 30.0),
    "ResizeDisk": (20.0, 30.0),
    "SwapDeployment": (20.0, 40.0),
    "DnsServer": (20.0, 30.0),
}

PLACED_SECONDS: Final = 8.0
"""After this a new deployment lists its instance, as ``StoppedVM``."""

DISK_RELEASE_SECONDS: Final = (10.0, 60.0)
"""How long disks stay leased after their machine is gone: seconds to minutes (protocol.md chapter 8)."""

DNS_SECONDS: Final = 10.0
"""How long a new storage account is ``ResolvingDns`` after its operation has ended."""


def creation(rng: random.Random, *, windows: bool, placed: float, running: float) -> list[Step]:
    """From acceptance to ``ReadyRole``: 2 to 5 minutes, Windows slower (protocol.md 13.5).

    Args:
        rng: draws the lengths.
        windows: the guest is Windows.
        placed: seconds after which the instance appears.
        running: seconds after which the virtual machine is being started.
    """
    return [(placed, InstanceState.STOPPED_VM, "Stopped"), *_boot(rng, running, windows=windows, setup=True)]


def start(rng: random.Random, *, windows: bool, deallocated: bool) -> list[Step]:
    """From stopped to ``ReadyRole``: a deallocated virtual machine is created on a host first."""
    if deallocated:
        return _boot(rng, 0.0, windows=windows, setup=False)
    boot = rng.uniform(15.0, 25.0)
    return [
        (0.0, InstanceState.STARTING_VM, "Starting"),
        (boot, InstanceState.ROLE_STATE_UNKNOWN, "Started"),
        (boot + rng.uniform(20.0, 40.0), InstanceState.READY_ROLE, "Started"),
    ]


def _boot(rng: random.Random, begin: float, *, windows: bool, setup: bool) -> list[Step]:
    creating = begin + rng.uniform(20.0, 30.0)
    starting = creating + rng.uniform(10.0, 20.0)
    started = starting + rng.uniform(10.0, 20.0)
    steps = [
        (begin, InstanceState.ROLE_STATE_UNKNOWN, "Starting"),
        (creating, InstanceState.CREATING_VM, "Starting"),
        (starting, InstanceState.STARTING_VM, "Starting"),
        (started, InstanceState.ROLE_STATE_UNKNOWN, "Started"),
    ]
    if setup:
        provisioning = started + rng.uniform(10.0, 15.0)
        provisioned = provisioning + (rng.uniform(80.0, 130.0) if windows else rng.uniform(30.0, 65.0))
        return [
            *steps,
            (provisioning, InstanceState.PROVISIONING, "Started"),
            # The provisioned guest starts anew, under its own name.
            (provisioned, InstanceState.ROLE_STATE_UNKNOWN, "Started"),
            (provisioned + rng.uniform(10.0, 20.0), InstanceState.READY_ROLE, "Started"),
        ]
    return [*steps, (started + rng.uniform(20.0, 40.0), InstanceState.READY_ROLE, "Started")]


def restart(rng: random.Random) -> list[Step]:
    """A reboot: seconds until the guest goes down, about a minute until it is back."""
    down = rng.uniform(3.0, 6.0)
    up = down + rng.uniform(10.0, 20.0)
    return [
        (0.0, InstanceState.RESTARTING_ROLE, "Started"),
        (down, InstanceState.STARTING_VM, "Starting"),
        (up, InstanceState.ROLE_STATE_UNKNOWN, "Started"),
        (up + rng.uniform(15.0, 30.0), InstanceState.READY_ROLE, "Started"),
    ]


def shutdown(end: float, *, deallocate: bool) -> list[Step]:
    """Down by the end of the operation, ``end`` seconds after its acceptance."""
    return [
        (end * 0.3, InstanceState.STOPPING_VM, "Stopping"),
        (end * 0.9, InstanceState.STOPPED_DEALLOCATED if deallocate else InstanceState.STOPPED_VM, "Stopped"),
    ]


def disk_change(rng: random.Random, end: float) -> list[Step]:
    """A running instance is unknown for a while after a data disk came or went."""
    return [
        (end * 0.5, InstanceState.ROLE_STATE_UNKNOWN, "Started"),
        (end + rng.uniform(10.0, 20.0), InstanceState.READY_ROLE, "Started"),
    ]


CERTIFICATE_SECONDS: Final = (5.0, 90.0)
"""From a guest's first report, with its name, to the one with its certificate."""
LATE_NAMES: Final = 0.25
"""Share of Linux guests that report their name only when they are ready; Windows guests never did."""
AGENT_SECONDS: Final = (-60.0, 150.0)
"""From a guest's report of its name to its agent being ready, which is a program of its own."""

_DAY: Final = 86400.0


def maintenance_window(now: float) -> tuple[float, float]:
    """Beginning and end of the maintenance of the hosts that is announced at ``now``.

    Recorded windows are four days long, announced up to three weeks ahead; here one comes in four weeks.
    """
    start = (now + 21 * _DAY) // (28 * _DAY) * 28 * _DAY
    return start, start + 4 * _DAY
