"""Requests in, responses or our errors out: the one place that knows the HTTP libraries.

Rules:

1. Three outcomes, told apart exactly: never sent (``request_sent`` False: may be repeated), sent and
   answered, sent and unknown (``request_sent`` None or True). Nothing is ever sent twice, but after a
   307, which says that the request wasn't carried out.
2. An exchange belongs to the client, not to the caller: a cancelled caller has control back at once, the
   exchange is finished and its answer dropped. So no connection is ever left half used.
3. No error of httpx, h11, ssl or anyio leaves this package.
"""

from azure_iaas.transport.connection import Connection
from azure_iaas.transport.deadlines import GRACE_SECONDS, current_deadline, deadline
from azure_iaas.transport.workers import USER_AGENT, Exchanger, HTTPTransport, Sender

__all__ = [
    "GRACE_SECONDS",
    "USER_AGENT",
    "Connection",
    "Exchanger",
    "HTTPTransport",
    "Sender",
    "current_deadline",
    "deadline",
]
