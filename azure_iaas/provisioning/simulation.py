"""A run on virtual time: hours pass in seconds, with the same scheduler, runner and client.

What is simulated is the service, which the caller brings: the local service without sockets, for one. ::

    from azure_iaas.emulator import LocalService

    simulated = simulate(plan, lambda clock: LocalService(sockets=False, clock=clock), max_parallel=50)
    print(simulated.seconds, simulated.report.summary())

It needs trio, whose mock clock jumps to the next moment something is due.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import anyio

from azure_iaas.errors import ConfigurationError
from azure_iaas.provisioning.run import Provisioner
from azure_iaas.provisioning.schedule import lower_bound_seconds
from azure_iaas.threads import threadless

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.provisioning.plan import Plan
    from azure_iaas.provisioning.progress.report import Report

__all__ = [
    "BEGIN",
    "Simulated",
    "SimulatedService",
    "lower_bound_seconds",
    "on_virtual_time",
    "simulate",
]

T = TypeVar("T")

BEGIN: Final = datetime(2016, 1, 1, tzinfo=UTC)
"""When virtual time begins: in the years the service existed."""


class SimulatedService(Protocol):
    """A service that gives clients, such as ``azure_iaas.emulator.LocalService``."""

    def client(self, **options: Any) -> ServiceManagementClient:
        """Give a client."""
        ...


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulated run came to.

    Attributes:
        report: the run's report; its times are virtual.
        seconds: makespan in virtual seconds.
        real_seconds: how long the simulation took.
        service: the service as the run left it.
    """

    report: Report
    seconds: float
    real_seconds: float
    service: Any


def on_virtual_time(main: Callable[[Callable[[], datetime]], Awaitable[T]]) -> T:
    """Run an async function on a clock that jumps whenever everybody waits.

    Args:
        main: called with that clock.

    Raises:
        ConfigurationError: trio isn't installed.
    """
    try:
        import trio  # noqa: PLC0415 - only simulations need it
        import trio.testing  # noqa: PLC0415
    except ModuleNotFoundError as error:
        msg = "simulations need trio: pip install trio"
        raise ConfigurationError(msg) from error

    def clock() -> datetime:
        return BEGIN + timedelta(seconds=trio.current_time())

    async def without_threads() -> T:
        threadless.set(True)
        return await main(clock)

    # The count begins at 0: on a clock that has run for long, floats lose the small pauses.
    options = {"clock": trio.testing.MockClock(autojump_threshold=0)}
    return anyio.run(without_threads, backend="trio", backend_options=options)


def simulate(
    plan: Plan | Mapping[str, Any],
    service: Callable[[Callable[[], datetime]], AbstractAsyncContextManager[SimulatedService]],
    **options: Any,
) -> Simulated:
    """Run a plan on virtual time.

    Args:
        plan: what to make.
        service: makes the service, given the virtual clock.
        **options: of :class:`~azure_iaas.provisioning.run.Provisioner`.

    Raises:
        ConfigurationError: trio isn't installed, or the plan can't be read.
        InvalidPlanError, ProvisioningError: as the run raises them.
    """

    async def main(clock: Callable[[], datetime]) -> Simulated:
        async with service(clock) as running, running.client() as client:
            began, really = anyio.current_time(), time.perf_counter()
            provisioner = Provisioner(client, plan, clock=lambda: clock().timestamp(), **options)
            report = await provisioner.run()
            return Simulated(report, anyio.current_time() - began, time.perf_counter() - really, running)

    return on_virtual_time(main)
