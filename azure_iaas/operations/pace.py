"""When to ask again how a long operation stands, from how long such operations took. Pure: no clock, no I/O.

A question costs the service a request; an end noticed late costs whoever waits the time. Rules:

1. The next question comes when the time since the last one, multiplied by the chance that the end fell into
   it, is as much as a question is worth: seldom while an end is unlikely, often when it is due.
2. The chance comes from durations: the recorded ones at first ("Life of an accepted request", protocol
   chapter 6.1, and "Usual sequences", 13.5), more and more those this process has seen.
3. Of an operation that has ended it is known that it ended between two answers, no more.
4. A service that is faster than any recorded, as a local service may be, is so for all kinds of operations.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MET_MIDWAY: Final = "met midway"
MACHINE_LISTED: Final = "listed"
MACHINE_STARTED: Final = "started"
MACHINE_READY: Final = "ReadyRole"

RECORDED_SECONDS: Final[dict[str, tuple[float, ...]]] = {
    "AddDataDisk": (28, 31, 32, 33, 40, 56, 57, 64, 67),
    "AddRole": (28, 31, 35, 40, 67),
    "AddServiceCertificate": (22, 28, 30, 31, 32, 33, 35),
    "CaptureRoleInstance": (30, 60, 90, 120, 300),
    "CreateDeployment": (20, 22, 31, 31.3, 32, 32.3, 33, 34, 37, 46, 61, 64, 96, 97, 101, 130, 134),
    "CreateHostedService": (0.5, 1, 1.5, 2, 3),
    "CreateStorageAccount": (17, 30, 31, 31.3, 32, 32.3, 45, 46, 46.3, 52, 53, 270, 692),
    "DeleteDeployment": (3, 12, 30, 31, 31.3, 31.6, 32, 32.3, 33, 33.3, 33.6, 33.9, 34.2, 34.5, 36, 104, 160),
    "DeleteDeploymentBySlot": (4, 12, 13, 18, 20, 36),
    "DeleteRole": (20, 28, 30, 33, 67),
    "ModifyRole": (18, 20, 30, 30.3, 31, 31.3, 32, 32.3, 33, 33.3, 34, 35, 43, 64, 65, 66, 67),
    "RestartRoleInstance": (5, 8, 15, 31, 67),
    "SetNetworkConfiguration": (4, 5.5, 7, 31, 31.4, 31.8, 32.2, 32.6, 33, 33.4, 34.5, 36, 62),
    "StartRoleInstance": (5, 6.3, 30, 32, 32.3, 32.6, 33, 33.3, 34, 64, 133, 147, 196),
    MET_MIDWAY: (0, 4, 12, 22, 35, 134),
    MACHINE_LISTED: (2, 5, 8, 15, 60),
    MACHINE_STARTED: (8, 15, 30, 40, 134),
    MACHINE_READY: (90, 120, 160, 300, 600),
}
"""Shortest to longest by kind, with as many operations between any two neighbours. Most recordings asked
every 32 s and saw the end that much late: theirs are upper bounds. The last four aren't operations: what is
left of one that began nobody knows when; the time until a machine is listed, is being started, is ready."""
ANY_OPERATION_SECONDS: Final = (4, 29, 31, 32, 32.5, 34, 46, 67, 160)
"""The same of all recorded operations, for kinds that aren't named above."""

FIRST_SECONDS: Final = 0.75
"""Of kinds never seen to end the first question comes here: what failed early, or is fast, has ended."""
SHORTEST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 60.0
"""No pause is longer than this, or than a tenth of the time passed: no duration is that certain."""
WORTH: Final = 0.0096
"""A question is worth this part of the usual duration: with it the recorded operations cost nine questions
each, with nothing learnt before, and their ends are noticed 1.2 s late (``benchmarks/waiting.py``)."""
UNHURRIED: Final = 0.15
"""The same when nothing waits for the answer but a report, or the operation is somebody else's."""
TOO_EARLY: Final = 0.005
"""Chance that an operation ends sooner than any known."""
TOO_LATE: Final = 0.04
"""Chance that it ends later than any known."""
RECORDED_WEIGHT: Final = 3.0
"""The recorded durations of a kind count as much as so many seen ones."""
UNSEEN_SHARE: Final = 0.6
"""What had ended by the first question is taken to have run for at least this part of the time."""
SPREAD: Final = 0.05
"""The next operation may well take so much longer or shorter than one that was seen to end."""
MEMORY: Final = 16
"""Durations kept of each kind: the service's pace changes over hours."""
_NOT_OPERATIONS: Final = frozenset({MET_MIDWAY, MACHINE_LISTED, MACHINE_STARTED, MACHINE_READY})

_Span = tuple[float, float, float]
"""From, to, and the share of operations that end between, evenly spread."""


@dataclass(frozen=True, slots=True)
class _Running:
    """The share of operations that still run after so many seconds: straight lines between points."""

    seconds: list[float]
    shares: list[float]

    @classmethod
    def of(cls, spans: Iterable[_Span]) -> _Running:
        slopes: defaultdict[float, float] = defaultdict(float, {0.0: 0.0})
        for begin, end, share in spans:
            slopes[begin] -= share / (end - begin)
            slopes[end] += share / (end - begin)
        seconds = sorted(slopes)
        lines = accumulate(slopes[each] for each in seconds[:-1])
        falls = (slope * (end - begin) for slope, (begin, end) in zip(lines, pairwise(seconds), strict=True))
        return cls(seconds, list(accumulate(falls, initial=1.0)))

    def after(self, seconds: float) -> float:
        index = bisect_right(self.seconds, seconds)
        if index == len(self.seconds):
            # Half of those that are left end in each doubling of the time.
            return self.shares[-1] * self.seconds[-1] / seconds
        part = (seconds - self.seconds[index - 1]) / (self.seconds[index] - self.seconds[index - 1])
        return self.shares[index - 1] + part * (self.shares[index] - self.shares[index - 1])

    @property
    def median(self) -> float:
        index = next(index for index, share in enumerate(self.shares) if share <= 0.5)
        part = (self.shares[index - 1] - 0.5) / (self.shares[index - 1] - self.shares[index])
        return self.seconds[index - 1] + part * (self.seconds[index] - self.seconds[index - 1])


def _recorded(kind: str, weight: float, scale: float = 1.0) -> Iterator[_Span]:
    """The recorded durations of a kind, on a service that takes ``scale`` times as long."""
    seconds = [each * scale for each in RECORDED_SECONDS.get(kind, ANY_OPERATION_SECONDS)]
    share = weight * (1 - TOO_EARLY - TOO_LATE) / (len(seconds) - 1)
    yield from ((begin, end, share) for begin, end in pairwise(seconds))
    if seconds[0]:
        yield 0.0, seconds[0], weight * TOO_EARLY


class Pace:
    """Durations of operations by kind, and the questions they suggest.

    Kinds are the documented names of operations, ``MET_MIDWAY``, or the three further ones of
    ``RECORDED_SECONDS``; any other text is taken for an operation nothing is known of.
    """

    def __init__(self) -> None:
        self._ended: defaultdict[str, deque[tuple[float, float]]] = defaultdict(lambda: deque(maxlen=MEMORY))
        self._running: dict[str, _Running] = {}
        self._scale = 1.0

    def observe(self, kind: str, seconds: float, *, last_seen_running: float = 0.0) -> None:
        """Learn from an operation that has ended.

        Args:
            kind: what it was.
            seconds: from acceptance to the answer that said it had ended.
            last_seen_running: from acceptance to the last answer that said it hadn't; 0 for none.
        """
        seconds = max(seconds, SHORTEST_PAUSE_SECONDS)
        begin = max(min(last_seen_running, seconds), UNSEEN_SHARE * seconds)
        ended = self._ended[kind]
        ended.append((begin * (1 - SPREAD), seconds * (1 + SPREAD)))
        self._running.pop(kind, None)
        if kind not in _NOT_OPERATIONS:
            self._compare(kind, median((begin + end) / 2 for begin, end in ended))

    def _compare(self, kind: str, seconds: float) -> None:
        """See whether the service is faster than the recorded one (rule 4)."""
        recorded = RECORDED_SECONDS.get(kind, ANY_OPERATION_SECONDS)
        fast = seconds < recorded[0] / 2
        scale = seconds / median(recorded) if fast else 1.0
        if not 0.5 < scale / self._scale < 2.0:
            self._scale = scale
            self._running.clear()

    def next_question(self, kind: str, last_seen_running: float = 0.0, *, worth: float = WORTH) -> float:
        """When to ask next, in seconds since acceptance; that may be past when an answer never came.

        Args:
            kind: what is waited for.
            last_seen_running: from acceptance to the last answer that said it hadn't ended; 0 for none.
            worth: what a question is worth, as a part of the usual duration; more means fewer questions.
        """
        if last_seen_running < FIRST_SECONDS and kind not in self._ended:
            return last_seen_running + max(FIRST_SECONDS * self._scale, SHORTEST_PAUSE_SECONDS)
        running = self._shares_running(kind)
        price = worth * running.median
        left = running.after(last_seen_running)
        shortest, longest = SHORTEST_PAUSE_SECONDS, max(LONGEST_PAUSE_SECONDS, last_seen_running / 10)
        while longest - shortest > shortest / 20:
            pause = (shortest + longest) / 2
            if pause * (1 - running.after(last_seen_running + pause) / left) < price:
                shortest = pause
            else:
                longest = pause
        return last_seen_running + shortest

    def _shares_running(self, kind: str) -> _Running:
        running = self._running.get(kind)
        if running is None:
            ended = self._ended.get(kind, ())
            part = 1 / (RECORDED_WEIGHT + len(ended))
            spans = [*_recorded(kind, RECORDED_WEIGHT * part, self._scale)]
            spans += [(begin, end, part) for begin, end in ended]
            running = self._running[kind] = _Running.of(spans)
        return running
