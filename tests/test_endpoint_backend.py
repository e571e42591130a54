"""The seam: another backend than the simulated subscription stands behind the same endpoint."""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from azure_iaas import ServiceManagementClient
from azure_iaas.endpoint.answer import SERVER, Answer
from azure_iaas.endpoint.backend import Peer
from azure_iaas.endpoint.certificates import CertificateFiles, ensure_certificates
from azure_iaas.endpoint.documents import Items, Struct
from azure_iaas.endpoint.front_end import FrontEnd
from azure_iaas.endpoint.injected_faults import CutAnswer, DropAfterHandler, FaultPlan, Refuse, Rule
from azure_iaas.endpoint.memory import InMemorySender
from azure_iaas.endpoint.refusals import unknown_path
from azure_iaas.endpoint.server import Server
from azure_iaas.endpoint.tls import server_context
from azure_iaas.errors import ConnectionLostError
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.anyio

SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
NOW = datetime(2016, 4, 1, 21, 43, 13, tzinfo=UTC)
DISKS = Items("Disk", [Struct([("Name", "first"), ("LogicalDiskSizeInGB", 30)])])


@dataclass
class Table:
    """A backend without any state of the service: it answers from a table."""

    answers: dict[tuple[str, str], Answer]
    handled: list[tuple[str, str, str | None, datetime]] = field(default_factory=list)

    def handle(self, request: RawRequest, peer: Peer, now: datetime) -> RawResponse:
        self.handled.append((request.method, request.target, peer.certificate_sha1, now))
        answer = self.answers.get((request.method, request.target)) or Answer.of(unknown_path())
        return answer.write("c0ffee" + "0" * 26, now.timestamp(), json=False)


@pytest.fixture
def table() -> Table:
    return Table({("GET", f"/{SUBSCRIPTION}/services/disks"): Answer(200, "Disks", DISKS)})


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    return ensure_certificates(tmp_path_factory.mktemp("endpoint"), reuse=True)


@asynccontextmanager
async def serving(front_end: FrontEnd, files: CertificateFiles) -> AsyncIterator[int]:
    server = Server(front_end, server_context(files.server_cert_file, files.server_key_file))
    port = await server.listen("127.0.0.1", 0)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.serve)
        yield port
        await server.aclose()
        tasks.cancel_scope.cancel()


def trusting(files: CertificateFiles) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=files.ca_file)
    context.load_cert_chain(files.pem_file)
    return context


async def test_clients_over_tls_and_in_memory_get_the_same(table: Table, files: CertificateFiles) -> None:
    front_end = FrontEnd(table, clock=lambda: NOW)
    auth = {"keyfile": str(files.key_file), "certfile": str(files.cert_file)}
    async with serving(front_end, files) as port:
        options = {"host": "127.0.0.1", "port": port, "ca": str(files.ca_file)}
        async with ServiceManagementClient(SUBSCRIPTION, auth, options) as client:
            over_tls = await client.list_disks()
    sender = InMemorySender(front_end, Peer(files.thumbprint))
    async with ServiceManagementClient(SUBSCRIPTION, auth, transport=sender) as client:
        in_memory = await client.list_disks()
    assert [(disk.name, disk.logical_disk_size_in_gb) for disk in over_tls] == [("first", 30)]
    assert over_tls == in_memory
    asked = ("GET", f"/{SUBSCRIPTION}/services/disks", files.thumbprint, NOW)
    assert table.handled == [asked, asked]


async def test_both_drivers_give_the_same_transcript(table: Table, files: CertificateFiles) -> None:
    front_end = FrontEnd(table, clock=lambda: NOW)
    async with serving(front_end, files) as port, httpx.AsyncClient(verify=trusting(files)) as client:
        for path in (f"/{SUBSCRIPTION}/services/disks", "/nothing"):
            seen = await client.get(f"https://127.0.0.1:{port}{path}")
            sent = await InMemorySender(front_end, Peer(None)).send(RawRequest("GET", path, {}, b""))
            assert (seen.status_code, seen.content) == (sent.status, sent.body)
            assert list(seen.headers.items()) == list(sent.headers.items())
            assert sent.headers["server"] == SERVER
            assert sent.headers["date"] == "Fri, 01 Apr 2016 21:43:13 GMT"


async def test_injected_faults_need_nothing_of_the_backend(table: Table) -> None:
    plan = FaultPlan(Rule(Refuse(503)), Rule(DropAfterHandler()), Rule(CutAnswer(20)))
    sender = InMemorySender(FrontEnd(table, faults=plan, clock=lambda: NOW), Peer(None))
    request = RawRequest("GET", f"/{SUBSCRIPTION}/services/disks", {}, b"")
    assert (await sender.send(request)).status == 503
    for _ in range(2):
        with pytest.raises(ConnectionLostError):
            await sender.send(request)
    assert (await sender.send(request)).status == 200
    assert len(table.handled) == 3
