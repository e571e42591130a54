"""Provisioning on virtual time: makespan against its lower bound, requests and polls for each role.

Run from the repository's root::

    python benchmarks/provisioning.py            # 20 services x 5 roles and 500 x 20
    python benchmarks/provisioning.py 50 10 --max-parallel 20 --ready

The lower bound is the longest chain of operations of one cloud service, or all work over ``max_parallel``,
from the durations the local service really gave them. With ``--ready`` each role is waited to ``ReadyRole``;
the bound then takes in the moment the last machine became ready.
"""

from __future__ import annotations

import argparse
import platform
import resource
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from azure_iaas.emulator import LocalService
from azure_iaas.provisioning.simulation import Simulated, lower_bound_seconds, simulate

IMAGE = "b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140927-en-us-30GB"


def fleet(services: int, roles: int) -> dict[str, Any]:
    """Plan so many cloud services with so many machines each."""
    machines = {
        "name": "web{n:02}",
        "count": roles,
        "size": "Small",
        "image": IMAGE,
        "provisioning": {"HostName": "{role}", "UserName": "azureuser", "UserPassword": "Secret-123"},
        "endpoints": [{"name": "ssh", "local_port": 22, "port": "22{n:03}"}],
    }
    return {
        "services": [
            {
                "name": "fleet{n:03}",
                "count": services,
                "location": "West US",
                "deployments": [{"roles": [machines]}],
            }
        ]
    }


@dataclass(frozen=True)
class Measured:
    services: int
    roles: int
    max_parallel: int
    simulated: Simulated
    bound: float

    @property
    def line(self) -> str:
        report, count = self.simulated.report, self.services * self.roles
        requests = sum(report.requests.values())
        gets = report.requests.get("GetDeployment", 0)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return (
            f"{self.services:4} x {self.roles:<3} {self.max_parallel:5} {self.simulated.seconds:11.0f}"
            f" {self.bound:11.0f} {self.simulated.seconds / self.bound:7.3f} {requests / count:9.2f}"
            f" {report.polls / count:6.2f} {gets / count:6.2f} {self.simulated.real_seconds:7.1f} {peak:6.0f}"
        )


HEAD = " fleet    par.  makespan s     bound s   ratio  requests  polls  looks  real s     MB"


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


def measure(services: int, roles: int, *, max_parallel: int, ready: bool, seed: int) -> Measured:
    simulated = simulate(
        fleet(services, roles),
        lambda clock: LocalService(sockets=False, clock=clock, seed=seed),
        max_parallel=max_parallel,
        wait_until_ready=ready,
    )
    assert simulated.report.succeeded, simulated.report.summary()
    assert len(simulated.report.roles) == services * roles
    bound = lower_bound_seconds(chains(simulated.service).values(), max_parallel=max_parallel)
    if ready:
        bound = max(bound, last_ready(simulated.service))
    return Measured(services, roles, max_parallel, simulated, bound)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("services", type=int, nargs="?", help="cloud services")
    parser.add_argument("roles", type=int, nargs="?", help="roles in each")
    parser.add_argument(
        "--max-parallel", type=int, default=None, help="operations at a time (default: no limit)"
    )
    parser.add_argument("--ready", action="store_true", help="wait until each role is ready")
    parser.add_argument("--seed", type=int, default=0, help="of the local service")
    arguments = parser.parse_args()
    runs = [(20, 5, 20), (20, 5, 8), (500, 20, 500), (500, 20, 50)]
    if arguments.services:
        roles = arguments.roles or 1
        runs = [(arguments.services, roles, arguments.max_parallel or arguments.services)]
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}; per role:")
    print(HEAD)
    for services, roles, max_parallel in runs:
        measured = measure(
            services, roles, max_parallel=max_parallel, ready=arguments.ready, seed=arguments.seed
        )
        print(measured.line, flush=True)


if __name__ == "__main__":
    main()
