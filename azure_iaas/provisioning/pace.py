"""When to ask again, learnt from how long operations of the same kind took. Pure: no clock, no I/O.

A question costs the service a request; asking late costs the run time, since the next write of a deployment
waits for the end of the last. Rules:

1. Operations of one kind take about as long as each other: the first question is asked shortly before the
   quickest seen so far could end, further ones after pauses of a few percent of the time passed, so that an
   end is noticed late by about half such a pause, whatever the scale.
2. With nothing learnt, the first questions come at twice the time of the last, then at the same few percent.
3. An operation that had ended by the first question ended at an unknown time before it: it is taken as
   quicker than it seemed, so that first questions drift down rather than up.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Final

SHORTEST_PAUSE_SECONDS: Final = 0.1
EXPLORING_SECONDS: Final = 16.0
"""Until here unknown durations are explored by doubling: hardly any recorded write ended sooner (18 s)."""
EXPLORING_SHARE: Final = 0.08
SHARE: Final = 0.055
"""Pause between questions as a part of the time passed: ends are noticed about 2.7 % late."""
FROM_OTHER_KINDS: Final = 0.6
"""An unknown kind is first asked about after this part of the quickest operation of any kind."""
SEEN_TOO_LATE: Final = 0.85
LATEST_FIRST_SECONDS: Final = 60.0
"""No first question later than this, for one slow operation must not make the next ones seem slow; the
recorded medians are below."""
MEMORY: Final = 64
"""Durations kept of each kind: the service's pace changes over hours."""


@dataclass(slots=True)
class _Kind:
    seconds: deque[float] = field(default_factory=lambda: deque(maxlen=MEMORY))
    low: float = 0.0
    high: float = 0.0

    def add(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.low, self.high = min(self.seconds), max(self.seconds)


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
        ended = (seconds + last_seen_running) / 2 if last_seen_running > 0 else seconds * SEEN_TOO_LATE
        self._kinds[kind].add(ended)

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
            # The quickest of n is undercut by the next one in n: leave room for that, less as n grows.
            margin = max((known.high - known.low) / len(known.seconds), 0.02 * known.low)
            first = known.low - margin
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
