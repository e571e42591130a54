"""Fleets, a service on virtual time, and what stands between it and a client: shared by the tests."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from azure_iaas.client import ServiceManagementClient
from azure_iaas.emulator import LocalService
from azure_iaas.errors import ConnectionLostError
from azure_iaas.provisioning.simulation import on_virtual_time

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime

    from azure_iaas.transport import Sender
    from azure_iaas.wire.messages import RawRequest, RawResponse

IMAGE = "b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140927-en-us-30GB"
PASSWORD = "Top-Secret-42"


def group(count: int = 1, **more: Any) -> dict[str, Any]:
    """Plan so many machines."""
    return {
        "name": "web{n:02}",
        "count": count,
        "size": "Small",
        "image": IMAGE,
        "provisioning": {"HostName": "{role}", "UserName": "azureuser", "UserPassword": PASSWORD},
        "endpoints": [{"name": "ssh", "local_port": 22, "port": "22{n:03}"}],
        **more,
    }


def fleet(services: int = 1, roles: int = 1, **more: Any) -> dict[str, Any]:
    """Plan so many cloud services with so many machines each."""
    deployments = [{"name": "web", "roles": [group(roles, **more)]}]
    return {
        "services": [
            {
                "name": "fleet{n:03}",
                "count": services,
                "location": "West US",
                "deployments": deployments,
            }
        ]
    }


@dataclass
class Line:
    """A sender that counts, and may be told to interfere.

    Attributes:
        before: called before a request is handled; may act on the service.
        lose: whether the answer to a request is lost after the service has acted.
        writes: method and last segments of what was sent, but for reads.
        conflicts: 409 answers.
    """

    sender: Sender
    before: Callable[[RawRequest], None] = lambda _request: None
    lose: Callable[[RawRequest], bool] = lambda _request: False
    requests: Counter[str] = field(default_factory=Counter)
    writes: list[str] = field(default_factory=list)
    conflicts: int = 0
    lost: int = 0

    async def send(self, request: RawRequest) -> RawResponse:
        """Send a request."""
        self.requests[request.method] += 1
        if request.method != "GET":
            self.writes.append(f"{request.method} {request.target.partition('/hostedservices')[2]}")
        self.before(request)
        answer = await self.sender.send(request)
        self.conflicts += answer.status == 409
        if self.lose(request):
            self.lost += 1
            raise ConnectionLostError("the connection broke before an answer came")
        return answer

    async def aclose(self) -> None:
        """Close nothing."""


@dataclass
class Scene:
    """A service on virtual time, a line to it and a client."""

    service: LocalService
    line: Line
    client: ServiceManagementClient
    clock: Callable[[], datetime]

    def time(self) -> float:
        """Seconds since 1970, virtual."""
        return self.clock().timestamp()

    @property
    def roles(self) -> dict[str, list[str]]:
        """Names of the machines the service really has, by cloud service."""
        subscription = self.service.service._world.subscriptions[self.service.subscription_id]
        return {
            hosted.name: [role.name for each in hosted.deployments.values() for role in each.roles.values()]
            for hosted in subscription.hosted_services.values()
        }

    @property
    def chains(self) -> dict[str, float]:
        """Seconds of work of each cloud service, as the service had it."""
        subscription = self.service.service._world.subscriptions[self.service.subscription_id]
        work: defaultdict[str, float] = defaultdict(float)
        for operation in subscription.operations.values():
            parts = operation.target.split("/")
            if "hostedservices" in parts:
                work[parts[parts.index("hostedservices") + 1]] += operation.ends_at - operation.started_at
        return work


@asynccontextmanager
async def scene(clock: Callable[[], datetime], **options: Any) -> AsyncIterator[Scene]:
    """Set up a scene on a clock."""
    async with LocalService(sockets=False, clock=clock, strict=True, **options) as service:
        line = Line(service.sender())
        async with ServiceManagementClient(service.subscription_id, transport=line) as client:
            yield Scene(service, line, client, clock)


def play(main: Callable[[Scene], Awaitable[None]], **options: Any) -> None:
    """Run a test on virtual time."""

    async def run(clock: Callable[[], datetime]) -> None:
        async with scene(clock, **options) as ready:
            await main(ready)

    on_virtual_time(run)


def is_create(request: RawRequest) -> bool:
    """Whether a request creates a machine, with its deployment or in one."""
    return request.method == "POST" and request.target.endswith(("/deployments", "/roles"))


def sometimes(share: float, seed: int = 0) -> Callable[[], bool]:
    """Give a coin that falls on True with this share."""
    dice = random.Random(seed)
    return lambda: dice.random() < share


def fail_role(scene: Scene, name: str) -> None:
    """Let the operation that creates this machine fail."""

    def fail(request: RawRequest) -> None:
        if is_create(request) and f"<RoleName>{name}</RoleName>".encode() in request.body:
            scene.service.service.fail_next_write(400, "BadRequest", "No capacity for this one.")

    scene.line.before = fail
