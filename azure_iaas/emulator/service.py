"""The simulated service, a backend of `azure_iaas.endpoint`: requests in, answers out, the clock passed in.

The order in which a request is looked at:

1. ``x-ms-version``: missing or malformed is refused before anything else (protocol.md chapter 18): the front
   end needs it to read the path at all, and the refusal tells an unknown caller nothing.
2. Certificate and subscription (1.2): 403, the same text for all reasons.
3. Path, verb and the operation's lowest version.
4. The body, then what it names (404), then locks (409), then its values (400).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator import snapshots
from azure_iaas.emulator.page.overview import overview
from azure_iaas.emulator.routes import ROUTES
from azure_iaas.emulator.snapshots import Snapshot
from azure_iaas.emulator.state import Operation, Subscription
from azure_iaas.emulator.world import Call, Quotas, World
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.answer import Answer, wants_json
from azure_iaas.endpoint.refusals import Refusal
from azure_iaas.endpoint.routes import Router, split_target
from azure_iaas.endpoint.versions import is_version

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from azure_iaas.emulator.store import Store
    from azure_iaas.endpoint.backend import Peer
    from azure_iaas.wire.messages import Dialect, RawRequest, RawResponse

_ROUTER: Final = Router(ROUTES)
_MOST_WARNINGS: Final = 20
_log = logging.getLogger("azure_iaas.emulator")


class Service:
    """All subscriptions, resources and operations of one local service.

    Args:
        subscriptions: ids of the subscriptions it serves.
        dialect: which names answers have (protocol.md 10.1); requests may have either.
        strict: refuse unknown and misplaced elements instead of skipping them, naming them.
        seed: what ids, addresses, lengths of time and storage keys are drawn from.
        store: where state is kept; None keeps it in memory only.
        thumbprints: SHA-1 thumbprints, hex, of the management certificates all subscriptions admit; None
            admits any certificate and none.
        duration_factor: what durations are multiplied by; 0.01 is a hundred times faster.
        quotas: limits of each subscription.

    Raises:
        ConfigurationError: the store can't be read or written. What can't be used of it is set aside, with a
            warning.
        ValueError: no subscription, or a negative factor.
    """

    def __init__(
        self,
        *,
        subscriptions: Sequence[str],
        dialect: Dialect = "ga",
        strict: bool = False,
        seed: int = 0,
        store: Store | None = None,
        thumbprints: Collection[str] | None = None,
        duration_factor: float = 1.0,
        quotas: Quotas | None = None,
    ) -> None:
        if not subscriptions:
            raise ValueError("a service needs at least one subscription")
        if not duration_factor >= 0:
            raise ValueError("duration_factor can't be negative")
        self._thumbprints = None if thumbprints is None else frozenset(map(_plain_thumbprint, thumbprints))
        self._world = World(
            subscriptions={each.lower(): Subscription(each.lower()) for each in subscriptions},
            dialect=dialect,
            strict=strict,
            seed=seed,
            duration_factor=duration_factor,
            quotas=quotas or Quotas(),
            store=store,
        )
        findings = self._world.load()
        for finding in findings[:_MOST_WARNINGS]:
            _log.warning("%s: %s", store and store.path, finding)
        if findings[_MOST_WARNINGS:]:
            _log.warning("%s: and %d more", store and store.path, len(findings) - _MOST_WARNINGS)

    def handle(self, request: RawRequest, peer: Peer, now: datetime) -> RawResponse:
        """Answer one request at the time ``now``.

        Args:
            request: as it was received; header names in lower case.
            peer: who sent it.
            now: the service's time, aware of its time zone. It may go back a little; then no more happens
                than happened already.

        Returns:
            The answer; an error document for whatever the service refuses.

        Raises:
            OSError: a write could not be kept; nothing of it stays, and it may be repeated. Or the state
                can't be read anew after one.
        """
        moment = now.timestamp()
        world = self._current()
        world.advance(moment)
        request_id = world.new_id()
        next_failure = world.next_failure
        try:
            answer = self._answer(request, peer, moment, request_id)
            if request.method != "GET":
                world.commit()
        except Refusal as refusal:
            answer = Answer.of(refusal)
        except Exception:
            world.stale, world.next_failure = True, next_failure
            raise
        return answer.write(request_id, moment, json=wants_json(request))

    def hold_lock(
        self, service_name: str, seconds: float, now: datetime, *, subscription_id: str | None = None
    ) -> str:
        """Let a foreign writer hold a hosted service and its deployment for a while.

        Args:
            service_name: the hosted service.
            seconds: how long, not scaled.
            now: from when on.
            subscription_id: whose service; the first subscription's when None.

        Returns:
            The request id of the foreign operation, which can be polled.

        Raises:
            LookupError: there is no such subscription or service.
        """
        world, moment = self._current(), now.timestamp()
        world.advance(moment)
        owner = next(iter(world.subscriptions)) if subscription_id is None else subscription_id.lower()
        subscription = world.subscriptions[owner]
        service = subscription.hosted_services.get(service_name)
        if service is None:
            raise LookupError(f"no hosted service {service_name!r}")
        request_id = world.new_id()
        deployment = next(iter(service.deployments.values()), None)
        target = f"/{owner}/services/hostedservices/{service.name}"
        # Behind a write that holds it already, the foreign one ends no earlier.
        until = max(service.lock_until, moment + seconds)
        subscription.operations.put(request_id, Operation(request_id, "ForeignWrite", target, moment, until))
        service.lock_operation, service.lock_until = request_id, until
        service.lock_deployment = deployment.name if deployment is not None else ""
        subscription.hosted_services.touch(service.name)
        world.commit()
        return request_id

    def announce_maintenance(self, *, announced: bool) -> None:
        """Have maintenance of the hosts announced in every deployment, or not.

        It is at first, since nine of ten recorded deployments say so. Nothing else happens at that time. This
        isn't kept with the state.
        """
        self._world.maintenance_announced = announced

    def fail_next_write(self, status: int, code: str, message: str) -> None:
        """Let the next write that is accepted (202) end as ``Failed``, without effect.

        Args:
            status: ``HttpStatusCode`` of the operation.
            code: ``Error/Code``.
            message: ``Error/Message``.
        """
        self._world.next_failure = Refusal(status, code, message)

    def forget_operation(self, request_id: str) -> None:
        """Know nothing of an operation any more; what it does goes on.

        Raises:
            LookupError: it wasn't known before.
        """
        world = self._current()
        for subscription in world.subscriptions.values():
            if subscription.operations.get(request_id) is not None:
                subscription.operations.remove(request_id)
                world.commit()
                return
        raise LookupError(f"no operation {request_id!r}")

    def operation_name(self, request: RawRequest) -> str:
        """Give the title of the operation a request asks for, run together; empty for none."""
        target = split_target(request.target)
        try:
            route, _ = _ROUTER.find(request.method, target.segments[1:], target.query.get("comp", ""))
        except Refusal:
            return ""
        return route.name

    def overview(self, now: datetime) -> list[dict[str, Any]]:
        """Describe all subscriptions and what is in them, for people to look at; no secret is in it.

        Args:
            now: as for `handle`.
        """
        world = self._current()
        world.advance(now.timestamp())
        return overview(world, now.timestamp())

    def snapshot(self) -> Snapshot:
        """Give a copy of the state, for `restore` of the same service."""
        return snapshots.take(self._current())

    def restore(self, state: object) -> None:
        """Put a copy of a state in place of the present one; the time isn't part of it.

        Raises:
            TypeError: it isn't a snapshot.
            OSError: it could not be written; the present state stays.
        """
        if not isinstance(state, Snapshot):
            raise TypeError("a snapshot is needed")
        snapshots.put_back(self._current(), state)

    def _current(self) -> World:
        """Give the world, read anew after a write that could not be kept."""
        if self._world.stale:
            self._world.reload()
        return self._world

    def _answer(self, request: RawRequest, peer: Peer, now: float, request_id: str) -> Answer:
        version = request.headers.get("x-ms-version", "").strip()
        if not is_version(version):
            raise refusals.missing_version()
        target = split_target(request.target)
        subscription = self._authenticate(target.segments[0] if target.segments else "", peer)
        route, names = _ROUTER.find(request.method, target.segments[1:], target.query.get("comp", ""))
        if version < route.version:
            raise refusals.missing_version()
        call = Call(
            world=self._world,
            subscription=subscription,
            request_id=request_id,
            version=version,
            now=now,
            names=names,
            query=target.query,
            body=request.body,
            json_body="json" in request.headers.get("content-type", "").lower(),
            thumbprint=(peer.certificate_sha1 or "").upper(),
        )
        return route.handler(call)

    def _authenticate(self, subscription_id: str, peer: Peer) -> Subscription:
        subscription = self._world.subscriptions.get(subscription_id.lower())
        if subscription is None:
            raise refusals.forbidden()
        if self._thumbprints is not None:
            shown = _plain_thumbprint(peer.certificate_sha1 or "")
            if shown not in self._thumbprints and subscription.certificates.get(shown) is None:
                raise refusals.forbidden()
        return subscription


def _plain_thumbprint(text: str) -> str:
    return text.replace(":", "").replace(" ", "").lower()
