"""What all requests share: subscriptions, names, effects to come, ids, and how a write is accepted.

Rules:

1. Time only enters as an argument. Due effects are applied in time order before a request is looked at.
2. Ids come from the seed, the start of the service and a counter: the same requests give the same answers,
   and a restarted service gives no id twice.
3. A handler refuses before it changes anything.
4. Memory is what is on disk, and what the clock has made of it. After a write that failed it could be more:
   it is stale, and isn't used again before it is read anew.
"""

from __future__ import annotations

import hashlib
import random
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import quote

from azure_iaas.emulator import loading, references, timeline
from azure_iaas.emulator.catalogue import ROLE_SIZES
from azure_iaas.emulator.effect import Effect, Scheduled
from azure_iaas.emulator.state import Deployment, HostedService, Operation, Role, Subscription
from azure_iaas.endpoint import refusals
from azure_iaas.endpoint.contracts import Contract, Values, read_body
from azure_iaas.errors import ConfigurationError, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from azure_iaas.emulator.store import Change, Store
    from azure_iaas.endpoint.refusals import Refusal
    from azure_iaas.wire.messages import Dialect

MANAGEMENT_HOST: Final = "management.core.windows.net"


@dataclass(frozen=True, slots=True)
class Quotas:
    """Limits of one subscription and its cloud services.

    Cores and hosted services are far above the real defaults (20 and 20, protocol.md 14.3), so that fleets
    can be tried out; set them to see the refusals.
    """

    cores: int = 20_000
    hosted_services: int = 2_000
    storage_accounts: int = 100
    roles_per_service: int = 50
    endpoints_per_service: int = 150
    reserved_ips: int = 20


@dataclass(slots=True)
class World:
    """Everything the service knows, and the clockwork that is not a clock.

    Attributes:
        stale: it may hold what is not on disk; only `reload` may be called.
    """

    subscriptions: dict[str, Subscription]
    dialect: Dialect
    strict: bool
    seed: int
    duration_factor: float
    quotas: Quotas
    store: Store | None = None
    start: int = 0
    counter: int = 0
    effects: list[Scheduled] = field(default_factory=list)
    effect_changes: dict[int, Scheduled | None] = field(default_factory=dict)
    next_failure: Refusal | None = None
    maintenance_announced: bool = True
    service_names: dict[str, str] = field(default_factory=dict)
    account_names: dict[str, str] = field(default_factory=dict)
    stale: bool = False

    # Ids

    def new_id(self) -> str:
        """A request id: 32 hex digits in lower case, never given before."""
        self.counter += 1
        text = f"{self.seed}:{self.start}:{self.counter}"
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def digest(self, *parts: object, size: int = 20) -> bytes:
        """Bytes that depend on the seed and ``parts`` only."""
        text = "\0".join(map(str, (self.seed, *parts)))
        return hashlib.blake2b(text.encode(), digest_size=size).digest()

    def network_id(self, subscription: str, network: str) -> str:
        """Identity of a virtual network, 32 hex digits."""
        return self.digest("network", subscription, network.lower(), size=16).hex()

    def storage_key(self, account: str, which: str, generation: int) -> str:
        """A storage account's key: base64 of 64 bytes. It is never kept anywhere."""
        return b64encode(self.digest("storage key", account, which, generation, size=64)).decode()

    # Time

    def later(self, at: float, effect: Effect, subscription: Subscription) -> None:
        """Have an effect at ``at``."""
        self.counter += 1
        scheduled = Scheduled(at, self.counter, subscription.id, effect)
        heappush(self.effects, scheduled)
        self.effect_changes[scheduled.number] = scheduled

    def advance(self, now: float) -> None:
        """Apply all effects that are due, in time order."""
        while self.effects and self.effects[0].at <= now:
            due = heappop(self.effects)
            self.effect_changes[due.number] = None
            due.effect.apply(self, self.subscriptions[due.subscription], due.at)

    def scaled(self, steps: Sequence[timeline.Step]) -> list[timeline.Step]:
        """Steps at the service's speed."""
        return [(seconds * self.duration_factor, status, power) for seconds, status, power in steps]

    # Keeping

    def load(self) -> list[str]:
        """Take up what the store holds, and begin a new start.

        Returns:
            What was wrong with the store, what of it was set aside, and what followed, as sentences.

        Raises:
            ConfigurationError: the store can't be read or written.
        """
        if self.store is None:
            return []
        try:
            rows = self.store.load()
            misfits = loading.take_up(self, rows)
            self.store.set_aside(misfits)
            mended = list(references.mend(self))
            if rows and not self.start:
                # The counters are lost: no start before can have had this number.
                self.start = secrets.randbits(52)
            self.start += 1
            self._derive()
            self.commit()
        except OSError as error:
            raise ConfigurationError(str(error)) from error
        aside = [f"{row.kind} {quoted(row.key)} is set aside: {reason}" for row, reason in misfits]
        return [*self.store.findings, *aside, *mended]

    def reload(self) -> None:
        """Have what is on disk in place of what is in memory; ids go on from where they are.

        Raises:
            OSError: it can't be read; the world stays out of use.
        """
        if self.store is None:
            return
        rows = self.store.load()
        self.subscriptions = {each: Subscription(each) for each in self.subscriptions}
        self.effects, self.effect_changes = [], {}
        self.service_names, self.account_names = {}, {}
        misfits = loading.take_up(self, rows)
        if misfits:
            raise OSError(f"state file {self.store.path}: {len(misfits)} rows can't be read any more")
        self._derive()
        self.stale = False

    def _derive(self) -> None:
        """Work out what isn't kept, from what is."""
        for subscription in self.subscriptions.values():
            for service in subscription.hosted_services.values():
                self.service_names[service.name.lower()] = subscription.id
                for deployment in service.deployments.values():
                    subscription.cores_in_use += sum(map(_cores, deployment.roles.values()))
            for account in subscription.storage_accounts.values():
                self.account_names[account.name] = subscription.id

    def commit(self) -> None:
        """Have all changes on disk; without a store, forget that there were any.

        Raises:
            OSError: they could not be written, and the world is stale.
        """
        if self.store is None:
            # Nobody reads them: a service's document, with all its machines, for each write that touches it.
            self.effect_changes.clear()
            for subscription in self.subscriptions.values():
                for shelf in subscription.shelves():
                    shelf.changed.clear()
            return
        meta = loading.Meta(self.start, self.counter)
        changes: list[Change] = [("", "meta", "service", loading.META.dump_json(meta).decode())]
        self.stale = True  # until all is done
        for number, scheduled in self.effect_changes.items():
            document = None if scheduled is None else scheduled.dump()
            changes.append(("", "effect", str(number), document))
        self.effect_changes.clear()
        for subscription in self.subscriptions.values():
            for shelf in subscription.shelves():
                changes += ((subscription.id, shelf.kind, *change) for change in shelf.take_changes())
        self.store.commit(changes)
        self.stale = False


def _cores(role: Role) -> int:
    if role.ends_deallocated():
        return 0
    size = ROLE_SIZES.get(role.size.lower())
    return size.cores if size is not None else 1


@dataclass(slots=True)
class Call:
    """One request being answered, and what its handler may use.

    Attributes:
        names: the variable parts of the path, by their name in the route's template.
        query: query parameters by lower-case name.
        version: ``x-ms-version``.
    """

    world: World
    subscription: Subscription
    request_id: str
    version: str
    now: float
    names: dict[str, str]
    query: dict[str, str]
    body: bytes
    json_body: bool
    thumbprint: str

    # Requests

    def read(self, *accepted: Contract, **roots: Contract) -> tuple[str, Values]:
        """Read the body; contracts stand under their own name, or under another given root.

        Raises:
            Refusal: 400; see :func:`azure_iaas.emulator.read_body`.
        """
        by_root = {contract.name: contract for contract in accepted} | roots
        return read_body(self.body, roots=by_root, json=self.json_body, strict=self.world.strict)

    def flag(self, name: str, value: str) -> bool:
        """Whether the query says ``name=value``, in any case."""
        return self.query.get(name, "").lower() == value

    def media(self, since: str) -> bool:
        """Whether ``comp=media`` is asked for, which versions before ``since`` don't know."""
        return self.version >= since and self.flag("comp", "media")

    # Look-ups

    def hosted_service(self) -> HostedService:
        """The hosted service of the path.

        Raises:
            Refusal: 404.
        """
        service = self.subscription.hosted_services.get(self.names["service"])
        if service is None:
            raise refusals.service_missing()
        return service

    def deployment(self) -> tuple[HostedService, Deployment]:
        """The hosted service and the deployment of the path, which names it or its slot.

        Raises:
            Refusal: 404. A slot of a missing service answers as an empty slot does.
        """
        slot = self.names.get("slot")
        if slot is not None:
            holder = self.subscription.hosted_services.get(self.names["service"])
            found = holder.deployments.get(slot.lower()) if holder is not None else None
            if holder is None or found is None:
                raise refusals.no_deployments()
            return holder, found
        service = self.hosted_service()
        deployment = service.deployment(self.names["deployment"])
        if deployment is None:
            raise refusals.deployment_missing(self.names["deployment"])
        return service, deployment

    def role(self, *, write: bool = False) -> tuple[HostedService, Deployment, Role]:
        """Service, deployment and role of the path.

        Args:
            write: the role is to be written, so nothing else may be writing the deployment.

        Raises:
            Refusal: 404; 409 for a locked deployment.
        """
        service, deployment = self.deployment()
        if write:
            self.demand_unlocked(service, deployment)
        role = deployment.role(self.names["role"])
        if role is None or not self.listed(deployment):
            raise refusals.role_missing(self.names["role"])
        return service, deployment, role

    def role_instance(self, *, write: bool = False) -> tuple[HostedService, Deployment, Role]:
        """Service, deployment and role of a path that names the role's instance.

        The preview called the instance ``<role>_IN_0``; both names are taken.

        Args:
            write: as for :meth:`role`.

        Raises:
            Refusal: 404; 409 for a locked deployment.
        """
        service, deployment = self.deployment()
        if write:
            self.demand_unlocked(service, deployment)
        name = self.names["instance"]
        role = deployment.role(name) or deployment.role(name.removesuffix("_IN_0"))
        if role is None or not self.listed(deployment):
            raise refusals.role_instance_missing(name)
        return service, deployment, role

    def listed(self, deployment: Deployment) -> bool:
        """Whether the deployment shows its roles yet."""
        return self.now >= deployment.placed_at

    # Locks

    def demand_unlocked(self, service: HostedService, deployment: Deployment | None = None) -> None:
        """Refuse when another write holds the hosted service or one of its deployments.

        Args:
            service: the service that is to be written.
            deployment: the deployment that is to be written; its holder is named in the text.

        Raises:
            Refusal: 409 ``ConflictError`` (protocol.md chapter 8).
        """
        if self.now >= service.lock_until:
            return
        if deployment is not None and deployment.name == service.lock_deployment:
            raise refusals.deployment_busy(service.lock_operation)
        raise refusals.service_busy()

    # Writes

    def accept(
        self,
        name: str,
        *target: str,
        seconds: str = "",
        service: HostedService | None = None,
        deployment: Deployment | None = None,
        failure: Refusal | None = None,
        then: Effect | None = None,
    ) -> Operation | None:
        """Accept a write that takes a while (202), and lock what it works on.

        Args:
            name: the operation's name.
            target: path of the resource below the subscription, as segments.
            seconds: key of :data:`timeline.OPERATION_SECONDS`; the operation's name when empty.
            service: hosted service to lock.
            deployment: deployment to lock with it.
            failure: how the operation will end, when that is known already.
            then: what it does at its end.

        Returns:
            The operation; None when it will fail, so that nothing of it is carried out.
        """
        operation = self.open_operation(
            name, *target, seconds=seconds, service=service, deployment=deployment, failure=failure
        )
        if operation.error_code:
            return None
        if then is not None:
            self.later(operation.ends_at, then)
        return operation

    def accept_for(
        self,
        name: str,
        service: HostedService,
        deployment: Deployment,
        *below: str,
        seconds: str = "",
        failure: Refusal | None = None,
        then: Effect | None = None,
    ) -> Operation | None:
        """Accept a write on a deployment or, with further segments, on something below it."""
        path = ("services", "hostedservices", service.name, "deployments", deployment.name, *below)
        return self.accept(
            name, *path, seconds=seconds, service=service, deployment=deployment, failure=failure, then=then
        )

    def open_operation(
        self,
        name: str,
        *target: str,
        seconds: str = "",
        service: HostedService | None = None,
        deployment: Deployment | None = None,
        failure: Refusal | None = None,
    ) -> Operation:
        """Accept a write that leaves something behind even when it fails; arguments as for :meth:`accept`.

        Returns:
            The operation. With an ``error_code`` it will fail.
        """
        world = self.world
        low, high = timeline.OPERATION_SECONDS[seconds or name]
        failure, world.next_failure = world.next_failure or failure, None
        ends_at = self.now + self.random().uniform(low, high) * world.duration_factor
        operation = Operation(
            self.request_id, name, self.path(*target), self.now, ends_at, thumbprint=self.thumbprint
        )
        if failure is not None:
            operation.status_code = failure.status
            operation.error_code = failure.code
            operation.error_message = failure.message
        self.subscription.operations.put(self.request_id, operation)
        if service is not None:
            service.lock_operation = self.request_id
            service.lock_until = ends_at
            service.lock_deployment = deployment.name if deployment is not None else ""
            self.subscription.hosted_services.touch(service.name)
        return operation

    def record(self, name: str, *target: str) -> Operation:
        """Record a write that is done at once (200, 201): its id can be polled as well."""
        operation = Operation(
            self.request_id, name, self.path(*target), self.now, self.now, thumbprint=self.thumbprint
        )
        self.subscription.operations.put(self.request_id, operation)
        return operation

    def later(self, at: float, effect: Effect) -> None:
        """Have an effect on this subscription at ``at``."""
        self.world.later(at, effect, self.subscription)

    def random(self) -> random.Random:
        """Randomness of this request: the same for the same request id."""
        return random.Random(int(self.request_id, 16))  # noqa: S311 - lengths of time, not secrets

    def seconds(self, operation: Operation) -> float:
        """How long an operation takes at speed 1."""
        factor = self.world.duration_factor
        return (operation.ends_at - operation.started_at) / factor if factor else 0.0

    def scaled(self, steps: Sequence[timeline.Step]) -> list[timeline.Step]:
        """Steps at the service's speed."""
        return self.world.scaled(steps)

    # Addresses

    def path(self, *segments: str) -> str:
        """Path of a resource of this subscription."""
        return "/" + "/".join((self.subscription.id, *(quote(segment, safe="") for segment in segments)))

    def url(self, *segments: str) -> str:
        """Address of a resource of this subscription, as the service writes it into answers."""
        return f"https://{MANAGEMENT_HOST}{self.path(*segments)}"

    def location(self, kind: str, name: str) -> str:
        """Value of the ``location`` header of a create; it isn't the resource's address in this API."""
        return f"https://{MANAGEMENT_HOST}/subscriptions/{self.subscription.id}/{kind}/{name}"


def refuse(refusal: Refusal) -> NoReturn:
    """Raise a refusal where an expression is needed."""
    raise refusal
