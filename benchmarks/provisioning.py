"""Provisioning on virtual time: makespan against its lower bound, and what simulating takes.

The lower bound is the longest chain of operations of one cloud service, or all work over ``max_parallel``,
from the durations the local service really gave them. One plan, which prints a line::

    python -m benchmarks.provisioning 50 10 --max-parallel 20 --ready

With ``--ready`` each role is waited to ``ReadyRole``; the bound then takes in the moment the last machine
became ready.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from azure_iaas.emulator import LocalService
from azure_iaas.provisioning.simulation import lower_bound_seconds, simulate
from benchmarks.findings import Findings, Goal, Series
from benchmarks.fleets import fleet
from benchmarks.measuring import OURS, in_child, peak_megabytes, tell

if TYPE_CHECKING:
    from benchmarks.measuring import Effort


@dataclass(frozen=True)
class Measured:
    """One simulated run.

    Attributes:
        seconds: makespan, virtual.
        bound_seconds: what it can't go below.
        requests: of each role; `polls` and `looks` (``GetDeployment``) are among them.
        cpu_seconds: what the run took.
        megabytes: the most memory the process has had.
    """

    seconds: float
    bound_seconds: float
    requests: float
    polls: float
    looks: float
    cpu_seconds: float
    megabytes: float

    @property
    def ratio(self) -> float:
        return self.seconds / self.bound_seconds


def chains(service: LocalService) -> dict[str, float]:
    """Seconds of work of each cloud service, as the local service had it."""
    work: defaultdict[str, float] = defaultdict(float)
    for operation in service.service._world.subscriptions[service.subscription_id].operations.values():
        parts = operation.target.split("/")
        if "hostedservices" in parts:
            name = parts[parts.index("hostedservices") + 1]
            work[name] += operation.ends_at - operation.started_at
    return work


def last_ready(service: LocalService) -> float:
    """When the last machine became ready, in virtual seconds from the begin of the first operation."""
    subscription = service.service._world.subscriptions[service.subscription_id]
    began = min(operation.started_at for operation in subscription.operations.values())
    roles = [
        role
        for hosted in subscription.hosted_services.values()
        for deployment in hosted.deployments.values()
        for role in deployment.roles.values()
    ]
    return max(role.phases[-1][0] for role in roles) - began


def run(services: int, roles: int, *, max_parallel: int, ready: bool = False, seed: int = 0) -> Measured:
    began = time.process_time()
    simulated = simulate(
        fleet(services, roles),
        lambda clock: LocalService(sockets=False, clock=clock, seed=seed),
        max_parallel=max_parallel,
        wait_until_ready=ready,
    )
    cpu, megabytes = time.process_time() - began, peak_megabytes()
    report, count = simulated.report, services * roles
    assert report.succeeded, report.summary()
    assert len(report.roles) == count
    bound = lower_bound_seconds(chains(simulated.service).values(), max_parallel=max_parallel)
    return Measured(
        seconds=simulated.seconds,
        bound_seconds=max(bound, last_ready(simulated.service)) if ready else bound,
        requests=sum(report.requests.values()) / count,
        polls=report.polls / count,
        looks=report.requests.get("GetDeployment", 0) / count,
        cpu_seconds=cpu,
        megabytes=megabytes,
    )


def measure(effort: Effort) -> Findings:
    found = Findings()
    # Chance is the local service's; one seed says little.
    small = [run(20, 5, max_parallel=8, seed=seed) for seed in range(effort.number(3, 7))]
    what = "provisioning 20 x 5 with max_parallel 8, makespan against its lower bound"
    found.goals.append(Goal(what, "x", 1.03, statistics.median(each.ratio for each in small)))
    parallel = (2, 8, 20) if effort.quick else (1, 2, 4, 6, 8, 12, 16, 20, 30)
    runs = [(size, run(20, 5, max_parallel=size)) for size in parallel]
    figure, size = "makespan of 20 x 5", "operations at a time"
    found.series += [
        Series(figure, OURS, size, "s", [(size, each.seconds) for size, each in runs]),
        Series(figure, "lower bound", size, "s", [(size, each.bound_seconds) for size, each in runs]),
    ]
    fleets = [(10, 20), (50, 20)] if effort.quick else [(10, 20), (50, 20), (150, 20), (500, 20)]
    fleet_runs = [
        (services * roles, Measured(**in_child(__name__, str(services), str(roles), "--json")))
        for services, roles in fleets
    ]
    if not effort.quick:
        _, largest = fleet_runs[-1]
        found.goals += [
            Goal("500 services x 20 roles simulated, CPU", "s", 12, largest.cpu_seconds),
            Goal("500 services x 20 roles simulated, peak memory", "MB", 100, largest.megabytes),
        ]
    for figure, unit, attribute in (
        ("CPU of simulating a fleet", "s", "cpu_seconds"),
        ("peak memory of simulating a fleet", "MB", "megabytes"),
        ("requests of each role", "", "requests"),
    ):
        points = [(size, float(getattr(each, attribute))) for size, each in fleet_runs]
        found.series.append(Series(figure, OURS, "roles", unit, points))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("services", type=int, help="cloud services")
    parser.add_argument("roles", type=int, help="roles in each")
    parser.add_argument(
        "--max-parallel", type=int, default=None, help="operations at a time (default: one for each service)"
    )
    parser.add_argument("--ready", action="store_true", help="wait until each role is ready")
    parser.add_argument("--seed", type=int, default=0, help="of the local service")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    it = parser.parse_args()
    measured = run(
        it.services, it.roles, max_parallel=it.max_parallel or it.services, ready=it.ready, seed=it.seed
    )
    if it.json:
        tell(asdict(measured))
        return
    print(
        f"makespan {measured.seconds:.0f} s, {measured.ratio:.3f} x its bound; each role:"
        f" {measured.requests:.1f} requests, {measured.polls:.1f} polls, {measured.looks:.1f} looks;"
        f" {measured.cpu_seconds:.1f} s CPU, {measured.megabytes:.0f} MB"
    )


if __name__ == "__main__":
    main()
