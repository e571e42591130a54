"""Waiting for operations on virtual time: questions asked, and how late an end is noticed.

Run from the repository's root::

    python benchmarks/waiting.py

Durations are those of the recorded exchanges (``--corpus``): from the answer that
accepted a write to the one that said it had ended, less up to one second, for dates are whole seconds.
Without recordings they are drawn evenly between the ends of "Life of an accepted request" (protocol.md 6.1),
half of them below the median. Compared are this library's pace, nothing learnt before and learning as it
goes, the pause that grows from 0.25 s by half to 10 s, and fixed periods; an end is late when it is noticed
more than a second, and more than a tenth of its duration, afterwards.
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import random
import statistics
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from azure_iaas.operations.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
OPERATIONS = {
    "certificate.add": "AddServiceCertificate",
    "datadisk.add": "AddDataDisk",
    "datadisk.delete": "RemoveDataDisk",
    "deployment.create": "CreateDeployment",
    "deployment.delete": "DeleteDeployment",
    "deployment.delete_by_slot": "DeleteDeploymentBySlot",
    "deployment.delete_media": "DeleteDeployment",
    "loadbalancer.add": "AddLoadBalancer",
    "loadbalancer.delete": "DeleteLoadBalancer",
    "network.set_config": "SetNetworkConfiguration",
    "nsg.create": "CreateNetworkSecurityGroup",
    "nsg.delete_rule": "DeleteNetworkSecurityRule",
    "nsg.set_rule": "SetNetworkSecurityRule",
    "role.add": "AddRole",
    "role.delete": "DeleteRole",
    "role.update": "ModifyRole",
    "roleinstance.operation": "StartRoleInstance",
    "storageaccount.create": "CreateStorageAccount",
}
LONGEST_SECONDS = 1000
"""A recording that says more, or less than nothing, was put together from several."""
RANGES = {
    "CreateDeployment": (21, 46, 134),
    "AddRole": (30, 40, 50),
    "ModifyRole": (20, 33, 67),
    "DeleteRole": (25, 29, 35),
    "AddDataDisk": (28, 32, 67),
    "RemoveDataDisk": (30, 31.5, 33),
    "StartRoleInstance": (30, 33, 196),
    "DeleteDeployment": (4, 24, 36),
    "AddServiceCertificate": (29, 31, 35),
    "CreateStorageAccount": (18, 45, 692),
    "SetNetworkConfiguration": (7, 32, 62),
}

Run = tuple[str, float]
"""Operation and its duration in seconds."""
Way = Callable[[str, float], tuple[int, float, float]]
"""Follows an operation; gives the questions, when its end was noticed, and when it was last seen running."""


def recorded(corpus: Path) -> Iterator[Run]:
    for flow in json.loads((corpus / "flows.json").read_text()):
        for write in flow["async"] or ():
            seconds = write.get("done_s")
            if write["operation"] in OPERATIONS and seconds is not None and 0 < seconds < LONGEST_SECONDS:
                yield OPERATIONS[write["operation"]], seconds


def drawn(corpus: Path, dice: random.Random) -> list[Run]:
    return [
        (operation, seconds - dice.random()) for operation, seconds in recorded(corpus) for _ in range(10)
    ]


def documented(dice: random.Random) -> Iterator[Run]:
    for operation, (low, median, high) in RANGES.items():
        for _ in range(40):
            yield operation, dice.uniform(low, median) if dice.random() < 0.5 else dice.uniform(median, high)


def follow(times: Iterator[float], seconds: float) -> tuple[int, float, float]:
    """Ask at these times; gives the questions, the time of the last, and that of the one before."""
    last = 0.0
    for questions in itertools.count(1):
        now = next(times)
        if now >= seconds:
            return questions, now, last
        last = now
    raise AssertionError


def paced(pace: Pace, operation: str) -> Iterator[float]:
    now = 0.0
    while True:
        yield (now := pace.next_question(operation, now))


def growing() -> Iterator[float]:
    return itertools.accumulate(min(0.25 * 1.5**number, 10.0) for number in itertools.count())


def learning() -> Way:
    pace = Pace()

    def one(operation: str, seconds: float) -> tuple[int, float, float]:
        questions, noticed, before = follow(paced(pace, operation), seconds)
        pace.observe(operation, noticed, last_seen_running=before)
        return questions, noticed, before

    return one


@dataclass(frozen=True)
class Measured:
    """Of many operations: questions each, seconds by which each end was noticed late, share of late ones."""

    questions: float
    delays: list[float]
    late: float


def measure(runs: list[Run], way: Way) -> Measured:
    questions, delays, late = 0, [], 0
    for operation, seconds in runs:
        asked, noticed, _ = way(operation, seconds)
        questions += asked
        delays.append(noticed - seconds)
        late += noticed - seconds > max(1.0, seconds / 10)
    return Measured(questions / len(runs), delays, late / len(runs))


def fresh() -> Way:
    paces: defaultdict[str, Pace] = defaultdict(Pace)
    return lambda operation, seconds: follow(paced(paces[operation], operation), seconds)


def line(name: str, runs: list[Run], way: Way) -> str:
    it = measure(runs, way)
    return (
        f"{name:24} {it.questions:9.1f} {statistics.mean(it.delays):9.2f}"
        f" {statistics.median(it.delays):9.2f} {max(it.delays):8.1f} {it.late:6.1%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of the recorded exchanges")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)
    runs = drawn(arguments.corpus, dice) if arguments.corpus.is_dir() else list(documented(dice))
    dice.shuffle(runs)
    print(f"Python {platform.python_version()}, {len(runs)} operations, mean", end=" ")
    print(f"{statistics.mean(seconds for _, seconds in runs):.1f} s, seed {arguments.seed}\n")
    print("                         questions    late s  median s    max s   late")
    print(line("pace, nothing learnt", runs, fresh()))
    print(line("pace, learning", runs, learning()))
    print(line("growing pause", runs, lambda _, s: follow(growing(), s)))
    for period in (5, 10, 30):
        # The first question at once.
        print(line(f"every {period} s", runs, lambda _, s, p=period: follow(itertools.count(0.0, p), s)))  # type: ignore[misc]


if __name__ == "__main__":
    main()
