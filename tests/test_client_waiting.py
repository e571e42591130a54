"""Waiting by what a client returned, and for machines."""

from __future__ import annotations

import copy
import pickle
import socket
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest

from azure_iaas import (
    AcceptedOperation,
    ConnectError,
    InvalidArgumentError,
    ManagementCertificate,
    OperationFailedError,
    OperationTimeoutError,
    ResourceNotFoundError,
    ServiceManagementClient,
)
from azure_iaas.client.readiness import is_ready
from azure_iaas.emulator import LocalService
from azure_iaas.models import Deployment
from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from azure_iaas.wire.messages import RawRequest

pytestmark = pytest.mark.anyio

NAMESPACE = "http://schemas.microsoft.com/windowsazure"
SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
IMAGE = "b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140927-en-us-30GB"


def role(name: str) -> dict[str, Any]:
    return {
        "RoleName": name,
        "OSDisk": {"SourceImageName": IMAGE},
        "ConfigurationSets": [
            {
                "ConfigurationSetType": "LinuxProvisioningConfiguration",
                "HostName": name,
                "UserName": "azureuser",
                "UserPassword": "Only-Local-1",
            }
        ],
    }


@pytest.fixture
async def client() -> AsyncIterator[ServiceManagementClient]:
    async with LocalService(sockets=False, speed=1000.0) as service, service.client() as client:
        await client.create_hosted_service("web")
        yield client


async def test_what_was_accepted_waits(client: ServiceManagementClient) -> None:
    accepted = await client.create_storage_account("account")
    seen: list[Any] = []
    status = await accepted.wait(timeout=60, on_progress=seen.append)
    assert status.status == "Succeeded"
    assert seen[-1].operation == accepted
    assert (await (await client.create_hosted_service("done")).wait()).status == "Succeeded"


async def test_it_stays_what_it_was(client: ServiceManagementClient) -> None:
    accepted = await client.create_storage_account("account")
    plain = AcceptedOperation(accepted.request_id, "CreateStorageAccount", 202, client.subscription_id)
    assert accepted == plain
    assert hash(accepted) == hash(plain)
    assert repr(accepted) == repr(plain)
    assert asdict(accepted) == asdict(plain)
    assert pickle.dumps(accepted) == pickle.dumps(plain)
    assert AcceptedOperation.from_token(accepted.token) == accepted
    for other in (plain, copy.deepcopy(accepted), pickle.loads(pickle.dumps(accepted))):  # noqa: S301 - its own
        assert other == accepted
        with pytest.raises(InvalidArgumentError, match="knows no client"):
            await other.wait()
        await client.wait_for_operation(other)


async def test_machines_become_ready(client: ServiceManagementClient) -> None:
    await (await client.create_deployment("web", "production", role("one"))).wait()
    await (await client.add_role("web", "production", role("two"))).wait()
    seen: list[Deployment] = []
    deployment = await client.wait_until_ready("web", "production", on_progress=seen.append)
    states = {each.role_name: each.instance_status for each in deployment.role_instance_list}
    assert states == {"one": "ReadyRole", "two": "ReadyRole"}
    assert seen[-1] == deployment
    assert await client.wait_until_ready("web", "production", "TWO") == deployment
    with pytest.raises(ResourceNotFoundError, match="no such role"):
        await client.wait_until_ready("web", "production", "three")
    with pytest.raises(ResourceNotFoundError):
        await client.wait_until_ready("web", "staging")
    for wrong in (0, -1.0, "10"):
        with pytest.raises(InvalidArgumentError, match="timeout"):
            await client.wait_until_ready("web", "production", timeout=wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="on_progress: a function of one argument"):
        await client.wait_until_ready("no such", "production", on_progress=5)  # type: ignore[arg-type]


async def test_a_deadline_passes() -> None:
    async with LocalService(sockets=False, speed=1.0) as service, service.client() as client:
        await client.create_hosted_service("web")
        await client.create_deployment("web", "production", role("one"))
        with pytest.raises(OperationTimeoutError, match="not ready"):
            await client.wait_until_ready("web", "production", timeout=0.01)
        service.advance(30)
        with pytest.raises(OperationTimeoutError, match="one: "):
            await client.wait_until_ready("web", "production", "one", timeout=0.01)
        service.advance(3600)
        await client.wait_until_ready("web", "production", timeout=60)


class Counting:
    """Answers that an operation has ended, and counts how many ask at a time."""

    def __init__(self) -> None:
        self.asked = self.now = self.most = 0

    async def send(self, request: RawRequest) -> RawResponse:
        self.asked += 1
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(3):
            await anyio.lowlevel.checkpoint()
        self.now -= 1
        request_id = request.target.rpartition("/")[2]
        body = f'<Operation xmlns="{NAMESPACE}"><ID>{request_id}</ID><Status>Succeeded</Status></Operation>'
        return RawResponse(200, {"x-ms-request-id": request_id}, body.encode())


async def test_no_more_questions_at_a_time_than_there_are_connections() -> None:
    sender = Counting()
    async with ServiceManagementClient(SUBSCRIPTION, transport=sender, max_connections=4) as client:
        async with anyio.create_task_group() as tasks:
            for number in range(100):
                tasks.start_soon(client.wait_for_operation, f"{number:032x}")
    assert (sender.asked, sender.most) == (100, 4)


def deployment(**states: str) -> Deployment:
    return Deployment(
        role_list=[{"RoleName": name} for name in states],
        role_instance_list=[
            {"RoleName": name, "InstanceStatus": state} for name, state in states.items() if state
        ],
    )


@pytest.mark.parametrize(
    ("states", "role_name", "ready"),
    [
        ({}, None, False),
        ({}, "one", False),
        ({"one": "ReadyRole"}, None, True),
        ({"one": "ReadyRole", "two": ""}, None, False),
        ({"one": "ReadyRole", "two": "RoleStateUnknown"}, None, False),
        ({"one": "ReadyRole", "two": "ProvisioningFailed"}, "one", True),
    ],
)
async def test_when_it_is_ready(states: dict[str, str], role_name: str | None, ready: bool) -> None:
    assert is_ready(deployment(**states), role_name) is ready


async def test_what_will_never_be_ready_ends_the_wait() -> None:
    with pytest.raises(OperationFailedError, match="two will not become ready: ProvisioningFailed"):
        is_ready(deployment(one="ReadyRole", two="ProvisioningFailed"), None)


async def test_the_retired_host_is_named_as_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    with LocalService() as service:  # the host isn't reached: any certificate will do
        certificate = ManagementCertificate.from_pem_file(service.pem_file)
    monkeypatch.setattr("anyio.connect_tcp", refuse)
    for host, retired in (("management.core.windows.net", True), ("management.example.net", False)):
        async with ServiceManagementClient(
            "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1", certificate, {"host": host}
        ) as client:
            with pytest.raises(ConnectError, match="Name or service not known") as caught:
                await client.create_hosted_service("web")
        assert ("'azure-iaas emulator' starts a local one" in str(caught.value)) is retired
