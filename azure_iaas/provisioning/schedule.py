"""Which write may start now: one at a time in each cloud service, many at a time across them. Pure.

Rules:

1. Writes of a deployment run in the order in which they were added; those of one cloud service never
   overlap, also when they belong to two deployments: they share its lock ("Conflicts and locks", protocol
   chapter 8).
2. At most ``max_parallel`` writes run, from sending to the end of their operation. A write that waits for a
   lock held by somebody else takes no place.
3. The longest chain of writes goes first, for it decides when everything is done; of equal ones that which
   waited longest. Chains shrink as they are served, so that none starves.
4. Time is an argument.
"""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from azure_iaas.provisioning.steps import EXPECTED_SECONDS, StepKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from azure_iaas.provisioning.steps import Step


@dataclass(slots=True)
class _Queue:
    """The writes of one cloud service, a line for each deployment."""

    order: int
    lines: dict[str, deque[Step]] = field(default_factory=dict)
    remaining: float = 0.0
    running: Step | None = None
    blocked: bool = False
    waiting_since: float = 0.0
    offer: int = 0


class Schedule:
    """Queues of writes.

    Args:
        max_parallel: how many run at a time.

    Raises:
        ValueError: less than 1.
    """

    def __init__(self, max_parallel: int) -> None:
        if max_parallel < 1:
            msg = f"max_parallel: at least 1, not {max_parallel}"
            raise ValueError(msg)
        self.max_parallel = max_parallel
        self.running: int = 0
        self._queues: dict[str, _Queue] = {}
        self._ready: list[tuple[float, float, int, str, int]] = []
        self._order = itertools.count()
        self._left = 0

    @property
    def finished(self) -> bool:
        """Whether nothing runs and nothing waits."""
        return self.running == 0 and self._left == 0

    def add(self, step: Step, now: float) -> None:
        """Queue a write behind those of its deployment (or behind those of the service as a whole)."""
        key = step.service.lower()
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = _Queue(next(self._order), waiting_since=now)
        # A service's own writes and a lone deployment need no choice: one line keeps their order.
        queue.lines.setdefault(step.deployment.lower(), deque()).append(step)
        queue.remaining += EXPECTED_SECONDS[step.kind]
        self._left += 1
        self._offer(key, queue)

    def take(self, now: float) -> list[Step]:
        """Start what may start now: the steps given count as running."""
        started: list[Step] = []
        while self._ready and self.running < self.max_parallel:
            _, _, _, key, offer = heapq.heappop(self._ready)
            queue = self._queues[key]
            if queue.running is not None or queue.blocked or offer != queue.offer:
                continue  # an old entry: a newer one stands for this queue, or will
            line = self._line(queue)
            if line is None:
                continue
            step = line.popleft()
            if not line:
                del queue.lines[step.deployment.lower()]
            queue.running = step
            queue.waiting_since = now
            self.running += 1
            self._left -= 1
            started.append(step)
        return started

    def done(self, step: Step, now: float) -> None:
        """A write has ended, well or not: its service and its place are free."""
        key, queue = self._stopped(step, now)
        queue.remaining -= EXPECTED_SECONDS[step.kind]
        self._offer(key, queue)

    def block(self, step: Step, now: float) -> None:
        """A write found the lock held by somebody else: it waits at the head of its line."""
        _, queue = self._stopped(step, now)
        queue.lines.setdefault(step.deployment.lower(), deque()).appendleft(step)
        queue.blocked = True
        self._left += 1

    def unblock(self, service: str, now: float) -> None:
        """The foreign lock is believed to be free."""
        queue = self._queues[service.lower()]
        queue.blocked = False
        queue.waiting_since = min(queue.waiting_since, now)
        self._offer(service.lower(), queue)

    def drop(self, unwanted: Callable[[Step], bool]) -> list[Step]:
        """Take waiting writes out of their queues."""
        dropped: list[Step] = []
        for key, queue in self._queues.items():
            for name, line in list(queue.lines.items()):
                gone = [step for step in line if unwanted(step)]
                if not gone:
                    continue
                kept = deque(step for step in line if not unwanted(step))
                if kept:
                    queue.lines[name] = kept
                else:
                    del queue.lines[name]
                queue.remaining -= sum(EXPECTED_SECONDS[step.kind] for step in gone)
                self._left -= len(gone)
                dropped += gone
            self._offer(key, queue)
        return dropped

    def waiting(self, service: str, deployment: str) -> int:
        """How many writes of a deployment have not started."""
        queue = self._queues.get(service.lower())
        return len(queue.lines.get(deployment.lower(), ())) if queue is not None else 0

    def _stopped(self, step: Step, now: float) -> tuple[str, _Queue]:
        key = step.service.lower()
        queue = self._queues[key]
        if queue.running != step:
            msg = f"{step} isn't running"
            raise ValueError(msg)
        queue.running = None
        queue.waiting_since = now
        self.running -= 1
        return key, queue

    def _offer(self, key: str, queue: _Queue) -> None:
        if queue.lines and queue.running is None and not queue.blocked:
            queue.offer += 1
            entry = (-queue.remaining, queue.waiting_since, queue.order, key, queue.offer)
            heapq.heappush(self._ready, entry)

    def _line(self, queue: _Queue) -> deque[Step] | None:
        whole = queue.lines.get("")
        if whole is not None and whole[0].kind is StepKind.CREATE_SERVICE:
            return whole
        deployments = [line for name, line in queue.lines.items() if name]
        return max(deployments, key=_seconds, default=whole)


def lower_bound_seconds(chains: Iterable[float], *, max_parallel: int) -> float:
    """The time no schedule can go below.

    Args:
        chains: for each cloud service the sum of its operations' durations, for they run one by one.
        max_parallel: operations at a time.

    Returns:
        The longest chain, or all work spread evenly over ``max_parallel``, whichever is longer.
    """
    seconds = list(chains)
    return max(max(seconds, default=0.0), sum(seconds) / max_parallel)


def _seconds(line: deque[Step]) -> float:
    return sum(EXPECTED_SECONDS[step.kind] for step in line)
