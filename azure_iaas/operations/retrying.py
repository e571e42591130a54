"""Whether and when to try a request again. Pure: times and random numbers are passed in.

Rules ("What may be repeated", protocol chapter 9):

1. A write is repeated only when it provably did nothing: it never left, or it was throttled, which is a
   refusal. Any other 5xx or a lost answer leaves its outcome unknown.
2. A read may be repeated after a failure in passing: in transport, throttling, a 5xx, 408.
3. Repeats come out of one budget per client, so that an outage isn't amplified.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from azure_iaas.errors import (
    AzureError,
    OperationFailedError,
    OutcomeUnknownError,
    ProtocolError,
    ServerError,
    ThrottledError,
    TLSError,
    TransportError,
)

MAX_ATTEMPTS: Final = 4
FIRST_DELAY_SECONDS: Final = 0.2
LONGEST_DELAY_SECONDS: Final = 20.0
"""Full jitter up to this, as botocore's standard mode has it."""
LONGEST_RETRY_AFTER_SECONDS: Final = 120.0
"""A call that is told to wait longer fails instead; a wait for an operation asks again after this."""


def is_transient(error: AzureError) -> bool:
    """Whether this was a failure in passing: the same request may well be answered in a moment.

    Failures in transport but for the TLS handshake, throttling, any 5xx, and 408, with which gateways say
    that the request didn't come in time.
    """
    if isinstance(error, TLSError):
        return False
    return isinstance(error, (TransportError, ThrottledError, ServerError)) or error.status == 408


def may_have_acted(error: AzureError) -> bool:
    """Whether a write that failed so may have been carried out all the same.

    Not when it never left, was throttled or refused; a connection whose TLS handshake fails is refused before
    the request is read ("What may be repeated", protocol 9.3).
    """
    match error:
        case TLSError() | ThrottledError():
            return False
        case TransportError():
            return error.request_sent is not False
        case OperationFailedError():
            return (error.status or 500) >= 500
        case _:
            return isinstance(error, (OutcomeUnknownError, ProtocolError)) or is_transient(error)


@dataclass(slots=True)
class RetryBudget:
    """Tokens that repeats cost and successes give back.

    With 100 tokens, 5 a repeat and 1 back a success, an outage ends repeats after 20 failures, while
    occasional failures always find tokens (the figures are those of botocore's retry quota, scaled down).
    """

    tokens: float = 100.0
    capacity: float = 100.0
    cost: float = 5.0

    def spend(self) -> bool:
        """Take the price of one repeat; False when there isn't enough."""
        if self.tokens < self.cost:
            return False
        self.tokens -= self.cost
        return True

    def refund(self) -> None:
        """Give back what one success earns."""
        self.tokens = min(self.capacity, self.tokens + 1)


def delay_seconds(
    error: AzureError,
    *,
    repeatable: bool,
    attempts: int,
    budget: RetryBudget,
    random: float,
) -> float | None:
    """Seconds to wait before the same request is sent again, or None: don't.

    Args:
        error: how the last attempt failed.
        repeatable: the request is a read.
        attempts: how many attempts were made.
        budget: the client's budget; a repeat is paid from it.
        random: a number from 0 to 1.
    """
    if attempts >= MAX_ATTEMPTS or not is_transient(error) or (may_have_acted(error) and not repeatable):
        return None
    asked = error.retry_after
    if (asked is not None and asked > LONGEST_RETRY_AFTER_SECONDS) or not budget.spend():
        return None
    if asked is not None:
        return asked
    return random * min(FIRST_DELAY_SECONDS * 2.0**attempts, LONGEST_DELAY_SECONDS)
