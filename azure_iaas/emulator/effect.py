"""What accepted operations do when their time has come: the base of all effects, and how they are kept.

An effect is a frozen dataclass of plain values. It is kept under a name of its own, so that a class can be
renamed and a state file of before still be read::

    @kept_as("data_disk_detached")
    @dataclass(frozen=True, slots=True)
    class DataDiskDetached(RoleEffect):
        disk: str
        media: bool

        def change_role(self, world, subscription, at, deployment, role): ...

The lock its operation holds keeps the resources in place until then; a resource that is gone all the same is
left alone.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.emulator.state import Deployment, HostedService, Role, Subscription
    from azure_iaas.emulator.world import World

E = TypeVar("E", bound="Effect")

_ADAPTERS: Final[dict[str, TypeAdapter[Any]]] = {}


class Effect(ABC):
    """Something an operation does at its end.

    Attributes:
        kind: the name it is kept under.
    """

    __slots__ = ()
    kind: ClassVar[str]

    @abstractmethod
    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Do it, at the time ``at``."""


def kept_as(kind: str) -> Callable[[type[E]], type[E]]:
    """Register an effect's class under the name it is kept under; to stand above ``@dataclass``.

    Raises:
        ValueError: another class has this name.
    """

    def register(cls: type[E]) -> type[E]:
        if kind in _ADAPTERS:
            raise ValueError(f"two effects are kept as {kind!r}")
        cls.kind = kind
        _ADAPTERS[kind] = TypeAdapter(cls)
        return cls

    return register


@dataclass(frozen=True, slots=True)
class DeploymentEffect(Effect):
    """A change of one deployment.

    Attributes:
        service: name of the hosted service.
        slot: ``Production`` or ``Staging``.
    """

    service: str
    slot: str

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Find the deployment and change it, if it is there."""
        service = subscription.hosted_services.get(self.service)
        deployment = service.deployments.get(self.slot.lower()) if service is not None else None
        if service is not None and deployment is not None:
            subscription.hosted_services.touch(service.name)
            self.change_deployment(world, subscription, at, service, deployment)

    @abstractmethod
    def change_deployment(
        self,
        world: World,
        subscription: Subscription,
        at: float,
        service: HostedService,
        deployment: Deployment,
    ) -> None:
        """Change the deployment."""


@dataclass(frozen=True, slots=True)
class RoleEffect(DeploymentEffect):
    """A change of one role.

    Attributes:
        role: its name.
    """

    role: str

    def change_deployment(
        self,
        world: World,
        subscription: Subscription,
        at: float,
        service: HostedService,
        deployment: Deployment,
    ) -> None:
        """Find the role and change it, if it is there."""
        role = deployment.role(self.role)
        if role is not None:
            self.change_role(world, subscription, at, deployment, role)

    @abstractmethod
    def change_role(
        self, world: World, subscription: Subscription, at: float, deployment: Deployment, role: Role
    ) -> None:
        """Change the role."""


@dataclass(frozen=True, slots=True)
class _Kept:
    at: float
    number: int
    kind: str
    subscription: str
    data: dict[str, Any]


_KEPT: Final = TypeAdapter(_Kept)


@dataclass(slots=True, order=True)
class Scheduled:
    """An effect to come; ordered by time, then by number.

    Attributes:
        at: when, in seconds since the epoch.
        number: tells it from all others; a later one has a higher number.
        subscription: id of the subscription it changes.
    """

    at: float
    number: int
    subscription: str = field(compare=False)
    effect: Effect = field(compare=False)

    def dump(self) -> str:
        """As JSON."""
        kind = self.effect.kind
        data = _ADAPTERS[kind].dump_python(self.effect, mode="json")
        return json.dumps(
            {
                "at": self.at,
                "number": self.number,
                "kind": kind,
                "subscription": self.subscription,
                "data": data,
            }
        )

    @classmethod
    def load(cls, document: str) -> Scheduled:
        """From JSON, as :meth:`dump` gave it.

        Raises:
            ValueError: its kind isn't known, or its values don't fit.
        """
        kept = _KEPT.validate_json(document)
        if kept.kind not in _ADAPTERS:
            raise ValueError(f"no effect is kept as {kept.kind!r}")
        effect = _ADAPTERS[kept.kind].validate_python(kept.data)
        return cls(kept.at, kept.number, kept.subscription, effect)
