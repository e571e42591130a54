"""Waiting for operations on virtual time: questions asked, and how late an end is noticed.

Durations are those of the recorded exchanges, where they are beside the repository: from the answer that
accepted a write to the one that said it had ended, less up to one second, for dates are whole seconds.
Without recordings they are drawn evenly between the ends of "Life of an accepted request" (protocol.md 6.1),
half of them below the median. Compared are this library's pace, nothing learnt before and learning as it
goes, a pause that grows from 0.25 s by half to 10 s, fixed periods, and azure-core's poller as it comes; an
end is late when it is noticed more than a second, and more than a tenth of its duration, afterwards.

What the pace begins with was taken from the same recordings. The documented ranges, which it wasn't made for,
stand beside them.

No way of asking does better than the best schedule of each kind, which is found by hindsight from the
durations themselves: for a price of a question, the times to ask at that cost least.
"""

from __future__ import annotations

import itertools
import json
import math
import random
import statistics
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from azure_iaas.operations.pace import WORTH, Pace
from benchmarks.findings import Findings, Goal, Series
from benchmarks.measuring import OURS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measuring import Effort

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


def paced(pace: Pace, operation: str, worth: float = WORTH) -> Iterator[float]:
    now = 0.0
    while True:
        yield (now := pace.next_question(operation, now, worth=worth))


def growing() -> Iterator[float]:
    return itertools.accumulate(min(0.25 * 1.5**number, 10.0) for number in itertools.count())


def learning() -> Way:
    pace = Pace()

    def one(operation: str, seconds: float) -> tuple[int, float, float]:
        questions, noticed, before = follow(paced(pace, operation), seconds)
        pace.observe(operation, noticed, last_seen_running=before)
        return questions, noticed, before

    return one


def fresh(worth: float = WORTH) -> Way:
    """The pace with nothing learnt before: it asks about all operations of a kind at the same times."""
    kinds: dict[str, tuple[list[float], Iterator[float]]] = {}

    def times(operation: str) -> Iterator[float]:
        known, more = kinds.setdefault(operation, ([], paced(Pace(), operation, worth)))
        for number in itertools.count():
            if number == len(known):
                known.append(next(more))
            yield known[number]

    return lambda operation, seconds: follow(times(operation), seconds)


def every(period: float) -> Way:
    """A fixed period, the first question at once."""
    return lambda _, seconds: follow(itertools.count(0.0, period), seconds)


def lro_poller(_: str, seconds: float) -> tuple[int, float, float]:
    from benchmarks import azure_core

    return follow(iter(azure_core.questions(seconds)), seconds)


@dataclass(frozen=True)
class Asked:
    """Of many operations: questions each, seconds by which each end was noticed late, share of late ones."""

    questions: float
    delays: list[float]
    late: float

    @property
    def point(self) -> tuple[float, float]:
        return self.questions, statistics.mean(self.delays)


def asked(runs: list[Run], way: Way) -> Asked:
    questions, delays, late = 0, [], 0
    for operation, seconds in runs:
        number, noticed, _ = way(operation, seconds)
        questions += number
        delays.append(noticed - seconds)
        late += noticed - seconds > max(1.0, seconds / 10)
    return Asked(questions / len(runs), delays, late / len(runs))


def best_by_hindsight(durations: list[float], price: float) -> tuple[int, float]:
    """Questions and seconds of delay, in all, of the one schedule that costs least for these durations.

    Args:
        durations: of operations that are all asked about at the same times.
        price: what a question costs, in seconds of delay.
    """
    ends = sorted(durations)
    sums = list(itertools.accumulate(ends, initial=0.0))
    # From the last backwards: the least cost of the operations from `first` on, with its parts.
    best: list[tuple[float, int, float]] = [(0.0, 0, 0.0)] * (len(ends) + 1)
    for first in range(len(ends) - 1, -1, -1):
        running, least = len(ends) - first, (math.inf, 0, 0.0)
        for last in range(first, len(ends)):
            delay = ends[last] * (last + 1 - first) - (sums[last + 1] - sums[first])
            if delay > least[0]:
                break  # waiting longer costs more than all the rest
            cost, questions, delays = best[last + 1]
            least = min(least, (running * price + delay + cost, running + questions, delay + delays))
        best[first] = least
    return best[0][1:]


def floor(runs: list[Run], price: float) -> tuple[float, float]:
    """Questions and delay of an operation, each kind asked about by its best schedule."""
    kinds: defaultdict[str, list[float]] = defaultdict(list)
    for operation, seconds in runs:
        kinds[operation].append(seconds)
    questions, delays = zip(*(best_by_hindsight(each, price) for each in kinds.values()), strict=True)
    return sum(questions) / len(runs), sum(delays) / len(runs)


def measure(effort: Effort) -> Findings:
    dice = random.Random(1)
    with_recordings = CORPUS.is_dir()
    runs = drawn(CORPUS, dice) if with_recordings else list(documented(dice))
    dice.shuffle(runs)
    which = "recorded durations" if with_recordings else "durations from the documented ranges"
    ours = asked(runs, fresh())
    what = f"wait for an operation, {which}, nothing learnt before: "
    found = Findings(
        [
            Goal(what + "questions", "", 9, ours.questions),
            Goal(what + "end noticed late, on average", "s", 1.2, statistics.mean(ours.delays)),
            Goal(what + "noticed later than max(1 s, 10 %)", "%", 10, ours.late * 100),
        ]
    )
    worths = (0.003, WORTH, 0.03) if effort.quick else (0.001, 0.002, 0.004, WORTH, 0.02, 0.04, 0.08)
    periods = (5, 10, 30) if effort.quick else (1, 2, 5, 10, 20, 30, 60)
    prices = (0.3, 3.0) if effort.quick else (0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
    ways: dict[str, list[tuple[float, float]]] = {
        f"{OURS}, nothing learnt before": [ours.point],
        f"{OURS}, learning": [asked(runs, learning()).point],
        f"{OURS}, other prices of a question": [asked(runs, fresh(worth)).point for worth in worths],
        "a pause that grows from 0.25 s by half to 10 s": [
            asked(runs, lambda _, s: follow(growing(), s)).point
        ],
        "azure-core's LROPoller": [asked(runs, lro_poller).point],
        **{f"every {period} s": [asked(runs, every(period)).point] for period in periods},
        "the best schedule by hindsight": [floor(runs, price) for price in prices],
    }
    found.series = [
        Series("end noticed late, on average", way, "questions", "s", points) for way, points in ways.items()
    ]
    others = list(documented(random.Random(1)))
    ways = {
        f"{OURS}, nothing learnt before": [asked(others, fresh()).point],
        f"{OURS}, learning": [asked(others, learning()).point],
        "every 5 s": [asked(others, every(5)).point],
        "every 10 s": [asked(others, every(10)).point],
        "the best schedule by hindsight": [floor(others, 1.0)],
    }
    figure = "end noticed late, of durations from the documented ranges"
    found.series += [Series(figure, way, "questions", "s", points) for way, points in ways.items()]
    lengths = (10, 30, 100, 300, 1000)
    questions = [(seconds, float(fresh()("NeverHeardOf", seconds)[0])) for seconds in lengths]
    found.series.append(
        Series("questions about an operation of an unknown kind", OURS, "seconds", "", questions)
    )
    return found
