"""When to ask again, learnt from how long operations of the same kind took. Pure: no clock, no I/O.

A question costs the service a request; asking late costs the run time, since the next write of a deployment
waits for the end of the last. Rules:

1. Operations of one kind take about as long as each other: the first question is asked one pause after the
   quickest seen so far has ended, further ones after pauses of a few percent of the time passed, so that an
   end is noticed late by about half such a pause, whatever the scale.
2. With nothing learnt, the first questions come at twice the time of the last, then at the same few percent.
3. An operation that had ended by the first question ended at an unknown time before it: it is taken as
   quicker than it seemed, so that first questions drift down rather than up; fast, when it goes on.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Final

SHORTEST_PAUSE_SECONDS: Final = 0.1
EXPLORING_SECONDS: Final = 16.0
"""Until here unknown durations are explored by doubling: hardly any recorded write ended sooner (18 s)."""
EXPLORING_SHARE: Final = 0.07
SHARE: Final = 0.05
"""Pause between questions as a part of the time passed: ends are noticed about 2.5 % late."""
FROM_OTHER_KINDS: Final = 0.8
"""An unknown kind is first asked about after this part of the quickest operation of any kind."""
SEEN_LATE: Final = 1 - SHARE
"""Less would let first questions creep later and later, each taking the one before for the end."""
SEEN_TOO_LATE: Final = 0.85
LATE_IN_A_ROW: Final = 4
"""One in six ends before its first question as things are; so many in a row: the pace has changed."""
UNHURRIED_SHARE: Final = 0.5
UNHURRIED_PART: Final = 0.85
"""A refused write and one question are two requests; asking sooner makes them three."""
LATEST_FIRST_SECONDS: Final = 60.0
"""No first question later than this, for one slow operation must not make the next ones seem slow; the
recorded medians are below."""
MEMORY: Final = 64
"""Durations kept of each kind: the service's pace changes over hours."""


@dataclass(slots=True)
class _Kind:
    seconds: deque[float] = field(default_factory=lambda: deque(maxlen=MEMORY))
    low: float = 0.0
    late: int = 0

    def add(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.low = min(self.seconds)


class Pace:
    """Durations of operations by kind, and the questions they suggest."""

    def __init__(self) -> None:
        self._kinds: defaultdict[str, _Kind] = defaultdict(_Kind)

    def observe(self, kind: str, seconds: float, *, last_seen_running: float = 0.0) -> None:
        """Learn from an operation that has ended.

        Args:
            kind: what it was.
            seconds: from acceptance to the answer that said it had ended.
            last_seen_running: from acceptance to the last answer that said it hadn't; 0 for none.
        """
        known = self._kinds[kind]
        if last_seen_running > 0:
            known.late = 0
            known.add((seconds + last_seen_running) / 2)
            return
        known.late += 1
        known.add(seconds * (SEEN_LATE if known.late < LATE_IN_A_ROW else SEEN_TOO_LATE))

    def known(self, kind: str) -> bool:
        """Whether an operation of this kind was seen to end."""
        return kind in self._kinds

    def first_seconds(
        self, kind: str, *, scale: float = FROM_OTHER_KINDS, latest: float = LATEST_FIRST_SECONDS
    ) -> float:
        """Seconds from acceptance after which the first question is worth asking.

        Args:
            kind: what is waited for.
            scale: how its duration compares to the quickest other kind, when nothing is known of it.
            latest: no later than this, whatever was learnt.
        """
        if kind in self._kinds:
            known = self._kinds[kind]
            # The quickest of n is undercut by one in n: with few seen the first question comes before it.
            first = known.low * (1 + SHARE - 2 * SHARE / len(known.seconds))
        elif self._kinds:
            first = scale * min(each.low for each in self._kinds.values())
        else:
            first = 2.5 * SHORTEST_PAUSE_SECONDS
        return max(SHORTEST_PAUSE_SECONDS, min(first, latest))

    def pause_seconds(
        self,
        kind: str,
        elapsed: float,
        *,
        share: float = SHARE,
        scale: float = FROM_OTHER_KINDS,
        latest: float = LATEST_FIRST_SECONDS,
    ) -> float:
        """Seconds until the next question.

        Args:
            kind: what is waited for.
            elapsed: seconds since it was accepted.
            share: pause as a part of ``elapsed``, once an end is near.
            scale: see :meth:`first_seconds`.
            latest: see :meth:`first_seconds`.
        """
        first = self.first_seconds(kind, scale=scale, latest=latest)
        if elapsed < first:
            return max(SHORTEST_PAUSE_SECONDS, first - elapsed)
        if kind not in self._kinds and not self._kinds and elapsed < EXPLORING_SECONDS:
            return max(SHORTEST_PAUSE_SECONDS, elapsed)
        if kind not in self._kinds:
            share = max(share, EXPLORING_SHARE)
        return max(SHORTEST_PAUSE_SECONDS, share * elapsed)

    def unhurried_pause_seconds(self, kind: str, elapsed: float) -> float:
        """Seconds until the next question about something that isn't ours: few questions, later answers.

        The first comes when most of those seen so far had ended, then after half of the time passed.

        Args:
            kind: what is waited for; its beginning isn't known.
            elapsed: seconds since it was met.
        """
        known = sorted(self._kinds[kind].seconds) if kind in self._kinds else []
        first = known[int(len(known) * UNHURRIED_PART)] if known else self.first_seconds(kind)
        if elapsed < first:
            return max(SHORTEST_PAUSE_SECONDS, first - elapsed)
        return max(SHORTEST_PAUSE_SECONDS, UNHURRIED_SHARE * elapsed)
