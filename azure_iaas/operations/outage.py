"""Whether to try to connect at all, after a run of connections that failed. Pure: the time is passed in.

Rules:

1. Only failed connections count: refused, unreachable, not made in time. Whatever shows that the service was
   reached, an error answer too, ends an outage.
2. In an outage one attempt is let through a moment; everybody else is refused without one. The moment grows
   to ``LONGEST_PAUSE_SECONDS``, so the service's return is noticed within that.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Final

from azure_iaas.errors import AzureError, TransportError

FAILURES: Final = 10
"""So many failed connections in a row are an outage: more than the attempts of two calls."""
FIRST_PAUSE_SECONDS: Final = 0.05
LONGEST_PAUSE_SECONDS: Final = 0.5


@dataclass(slots=True)
class Breaker:
    """What one client knows of an outage.

    Attributes:
        in_a_row: connections that failed since the service was reached last.
        cause: why the last one failed, or None.
    """

    in_a_row: int = 0
    cause: TransportError | None = None
    _next_at: float = 0.0

    def seconds_to_wait(self, now: float) -> float:
        """Seconds until the next attempt is let through; 0.0 lets this one through.

        Args:
            now: by any clock that goes forward.
        """
        if self.in_a_row < FAILURES:
            return 0.0
        if now < self._next_at:
            return self._next_at - now
        self._next_at = now + self._pause()
        return 0.0

    def failed(self, error: AzureError, now: float) -> None:
        """Take in how an attempt failed."""
        if not isinstance(error, TransportError) or error.request_sent is not False:
            self.reached()
        elif error.unreachable:
            self.in_a_row += 1
            self.cause = copy.copy(error)  # without its traceback, whose frames would live on
            self._next_at = now + self._pause()

    def reached(self) -> None:
        """Take in that the service was reached."""
        self.in_a_row = 0
        self.cause = None

    def _pause(self) -> float:
        grown = FIRST_PAUSE_SECONDS * 2.0 ** min(max(self.in_a_row - FAILURES, 0), 16)
        return min(grown, LONGEST_PAUSE_SECONDS)
