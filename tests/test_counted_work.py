"""How much work is done, counted: what a timing would say on a machine of one's own, anywhere the same.

The bounds are the figures of the day they were written and some percent; who makes something cheaper lowers
them, who has to pass one says why. ``python -m benchmarks`` measures the same in time and memory.
"""

from __future__ import annotations

import gc
import json
import random
import subprocess
import sys
import tracemalloc
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import anyio
import pytest

from azure_iaas import ServiceManagementClient
from azure_iaas.emulator import LocalService
from azure_iaas.models import Deployment, OSImage
from azure_iaas.provisioning.simulation import simulate
from azure_iaas.wire import codecs
from azure_iaas.wire.messages import RawResponse
from benchmarks import waiting
from benchmarks.documents import documents
from benchmarks.fleets import fleet
from tests import virtual_time
from tests.conftest import CORPUS

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import FrameType

    from azure_iaas.wire.messages import RawRequest

SUBSCRIPTION: Final = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
STATUS: Final = '<Operation xmlns="http://schemas.microsoft.com/windowsazure"><ID>{0}</ID><Status>{1}</Status></Operation>'
PARSERS: Final = ("Parse", "feed")
"""Methods of expat and of ElementTree that take a document, or a piece of one."""
PIECE_BYTES: Final = 16 * 1024


def counted(work: Callable[[], object]) -> Counter[str]:
    """Count calls: of all functions written in Python (``python``), and of each by its name."""
    calls: Counter[str] = Counter()

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            calls["python"] += 1
            calls[f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"] += 1
        elif event == "c_call":
            calls[argument.__name__] += 1

    work()  # what is made once is made
    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def stepped(call: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Carry out a call that waits for nothing, within a running event loop."""
    steps = call()
    with suppress(StopIteration):
        while True:
            steps.send(None)


@pytest.fixture(scope="module")
def bodies() -> tuple[bytes, bytes]:
    """A deployment of ten roles, and a list of a hundred images."""
    (deployment,), (images,) = anyio.run(documents, (10,), (100,))
    return deployment, images


def test_a_document_is_parsed_once(bodies: tuple[bytes, bytes]) -> None:
    deployment, images = bodies
    for body, read in (
        (deployment, partial(codecs.decode, Deployment, root="Deployment")),
        (images, partial(codecs.decode_list, OSImage, root="Images", item="OSImage")),
    ):
        calls = counted(partial(read, body))
        assert calls["azure_iaas.wire.xml.parse"] == 1
        assert 1 <= sum(calls[name] for name in PARSERS) <= 1 + len(body) // PIECE_BYTES


def test_an_element_is_read_by_few_calls(bodies: tuple[bytes, bytes]) -> None:
    deployment, images = bodies
    calls = counted(partial(codecs.decode, Deployment, deployment, root="Deployment"))
    assert calls["python"] / deployment.count(b"</") < 2.75
    calls = counted(partial(codecs.decode_list, OSImage, images, root="Images", item="OSImage"))
    assert calls["python"] / images.count(b"</") < 1.3


def test_an_element_is_written_by_few_calls(bodies: tuple[bytes, bytes]) -> None:
    deployment = codecs.decode(Deployment, bodies[0], root="Deployment")
    written = codecs.encode(deployment, root="Deployment", whole=True)
    calls = counted(partial(codecs.encode, deployment, root="Deployment", whole=True))
    assert calls["python"] / written.count(b"</") < 11.3


def test_an_element_costs_the_same_in_a_document_of_any_size() -> None:
    deployments, lists = anyio.run(documents, (2, 12), (20, 200))
    for bodies, read in (
        (deployments, partial(codecs.decode, Deployment, root="Deployment")),
        (lists, partial(codecs.decode_list, OSImage, root="Images", item="OSImage")),
    ):
        small, large = (counted(partial(read, body))["python"] / body.count(b"</") for body in bodies)
        # Images differ in what they have: an element of one isn't as much work as that of another.
        assert large <= small * 1.04


def test_an_item_of_a_list_costs_the_same_in_a_list_of_any_length() -> None:
    async def main() -> list[float]:
        each: list[float] = []
        async with LocalService(sockets=False) as service, service.client() as client:
            for begin, end in ((0, 4), (4, 12)):  # as long a list as is read in the event loop
                for number in range(begin, end):
                    await client.create_hosted_service(f"service{number}")
                each.append(counted(partial(stepped, client.list_hosted_services))["python"] / end)
        return each

    small, large = anyio.run(main)
    assert large <= small * 1.02


def modules_of(statement: str) -> set[str]:
    """What a process has imported after a statement, and wouldn't have without."""
    program = (
        f"import json, sys; before = set(sys.modules); {statement};"
        " print(json.dumps([*set(sys.modules) - before]))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE)
    return set(json.loads(done.stdout))


def test_importing_the_package_imports_little() -> None:
    assert len(modules_of("import azure_iaas")) <= 8


def test_importing_the_client_imports_no_more_than_it_needs() -> None:
    modules = modules_of("from azure_iaas import ServiceManagementClient")
    ours = {name for name in modules if name.partition(".")[0] == "azure_iaas"}
    assert not {name for name in ours if name.split(".")[1:2] in (["emulator"], ["cli"], ["provisioning"])}
    assert not modules & {"cryptography", "OpenSSL", "trio", "yaml", "opentelemetry"}
    assert len(ours) <= 74
    assert len(modules) <= 280


class StandIn:
    """A service whose operations take as long as it is told, by the event loop's clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.accepted_at: dict[str, float] = {}
        self.asked = 0

    async def send(self, request: RawRequest) -> RawResponse:
        await anyio.lowlevel.checkpoint()
        if request.method != "GET":
            request_id = f"{len(self.accepted_at) + 1:032x}"
            self.accepted_at[request_id] = anyio.current_time()
            return RawResponse(202, {"x-ms-request-id": request_id})
        self.asked += 1
        request_id = request.target.rpartition("/")[2]
        ended = anyio.current_time() - self.accepted_at[request_id] >= self.seconds
        body = STATUS.format(request_id, "Succeeded" if ended else "InProgress")
        return RawResponse(200, {"x-ms-request-id": request_id}, body.encode())


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_wait_asks_few_questions_of_a_service(backend: str) -> None:
    """By a client that has learnt nothing, of operations as long as recorded or documented ones."""
    dice = random.Random(1)
    recorded = CORPUS.is_dir()
    runs = waiting.drawn(CORPUS, dice) if recorded else list(waiting.documented(dice))
    durations = [seconds for operation, seconds in runs if operation == "CreateStorageAccount"]
    durations = dice.sample(durations, 40)
    asked, late = 0, 0.0

    async def main() -> None:
        nonlocal asked, late
        for seconds in durations:
            service = StandIn(seconds)
            client = ServiceManagementClient(SUBSCRIPTION, transport=service, random=dice.random)
            accepted = await client.create_storage_account("account")
            began = anyio.current_time()
            await accepted.wait()
            asked += service.asked
            late += (anyio.current_time() - began - seconds) / seconds

    virtual_time.run(main, backend)
    most_asked, latest = (10.0, 0.04) if recorded else (21.5, 0.062)
    assert asked / len(durations) < most_asked
    assert late / len(durations) < latest


def test_a_call_is_few_calls() -> None:
    service = StandIn(60.0)
    client = ServiceManagementClient(SUBSCRIPTION, transport=service)

    async def main() -> Counter[str]:
        accepted = await client.create_storage_account("account")

        return counted(partial(stepped, partial(client.get_operation_status, accepted.request_id)))

    assert anyio.run(main)["python"] < 110


def test_a_wait_takes_little_memory() -> None:
    count = 100

    async def main() -> tuple[float, float]:
        client = ServiceManagementClient(SUBSCRIPTION, transport=StandIn(3600.0))

        async def one(number: int) -> None:
            await (await client.create_storage_account(f"account{number}")).wait(timeout=None)

        async def measured(count: int) -> tuple[int, int]:
            async with anyio.create_task_group() as tasks:
                for number in range(count):
                    tasks.start_soon(one, number)
                await anyio.sleep(5.0)  # past the first question, before the next
                gc.collect()
                traced = tracemalloc.take_snapshot() if tracemalloc.is_tracing() else None
                tasks.cancel_scope.cancel()
            if traced is None:
                return 0, 0
            statistics = traced.statistics("filename")
            return sum(each.size for each in statistics), sum(each.count for each in statistics)

        await measured(20)  # what is made once is made
        tracer = sys.gettrace()
        sys.settrace(None)  # what measures the coverage keeps notes of each frame
        tracemalloc.start()
        try:
            size, blocks = await measured(count)
        finally:
            tracemalloc.stop()
            sys.settrace(tracer)
        return size / count, blocks / count

    size, blocks = virtual_time.run(main, "asyncio")
    assert size < 9_600
    assert blocks < 80


class Seeded(LocalService):
    """Gives clients whose questions are spread by a chance that is always the same."""

    def client(self, **options: Any) -> ServiceManagementClient:
        dice = random.Random(1)
        return ServiceManagementClient(
            self.subscription_id, None, options, transport=self.sender(), random=dice.random
        )


def test_provisioning_asks_little_for_each_role() -> None:
    """Not always the same: trio lets tasks that are due together run in any order."""
    simulated = simulate(fleet(10, 5), lambda clock: Seeded(sockets=False, clock=clock), max_parallel=5)
    assert simulated.report.succeeded
    assert sum(simulated.report.requests.values()) / 50 < 11.6
