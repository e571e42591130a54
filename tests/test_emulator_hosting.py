"""Where the local service lives: opened and closed from any task, or on a thread of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import pytest

import azure_iaas
from azure_iaas import ConfigurationError, ConflictError, OperationFailedError, ResourceNotFoundError
from azure_iaas.emulator import FaultPlan, LocalService, Refuse, Rule
from azure_iaas.emulator.store import Store

if TYPE_CHECKING:
    from azure_iaas.client import ServiceManagementClient

ROOT = Path(azure_iaas.__file__).parents[1]
SPEED = 1000.0


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate() if "azure_iaas" in thread.name}


async def names_of(client: ServiceManagementClient) -> list[str | None]:
    return [each.service_name for each in await client.list_hosted_services()]


async def over_tls(service: LocalService) -> list[str | None]:
    async with service.client() as client:
        return await names_of(client)


async def fill(client: ServiceManagementClient) -> None:
    await client.create_hosted_service("first")


# In a task


@pytest.mark.anyio
@pytest.mark.parametrize("sockets", [True, False])
async def test_another_task_may_close_it(sockets: bool) -> None:
    service = LocalService(sockets=sockets)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(service.open)
    assert await over_tls(service) == []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(service.aclose)
    await service.aclose()
    assert not service.data_dir.exists()


@pytest.mark.anyio
async def test_it_may_be_opened_again() -> None:
    service = LocalService(sockets=False)
    for _ in range(2):
        async with service:
            assert await over_tls(service) == []


@pytest.mark.anyio
async def test_what_opening_raises_comes_out_and_leaves_it_closed() -> None:
    async with LocalService() as first:
        assert first.port is not None
        second = LocalService(port=first.port)
        for _ in range(2):
            with pytest.raises(OSError, match="in use"):
                await second.open()
            with pytest.raises(OSError, match="in use"):
                second.start()
    assert not threads()


@pytest.mark.anyio
async def test_opening_can_be_cancelled() -> None:
    service = LocalService()
    with anyio.CancelScope() as scope:
        scope.cancel()
        await service.open()
    assert scope.cancelled_caught
    async with service:
        assert await over_tls(service) == []


@pytest.mark.anyio
async def test_each_way_out_belongs_to_its_way_in() -> None:
    async with LocalService(sockets=False) as service:
        with pytest.raises(RuntimeError, match="runs already"):
            await service.open()
        with pytest.raises(RuntimeError, match="aclose"):
            service.stop()
    with LocalService(sockets=False) as service:
        with pytest.raises(RuntimeError, match="runs already"):
            service.start()
        with pytest.raises(RuntimeError, match="stop"):
            await service.aclose()


# On a thread


@pytest.mark.parametrize("sockets", [True, False])
def test_it_serves_any_loop_and_its_thread_ends(sockets: bool) -> None:
    with LocalService(sockets=sockets) as service:
        service.populate(fill)
        for backend in ("asyncio", "trio"):
            assert anyio.run(over_tls, service, backend=backend) == ["first"]
        assert threads() == {"azure_iaas local service"}
    assert not threads()
    assert not service.data_dir.exists()
    service.stop()


@pytest.mark.anyio
async def test_beside_a_running_loop() -> None:
    with LocalService() as service:
        service.populate(fill)
        assert await over_tls(service) == ["first"]


def test_an_error_inside_comes_out_as_it_is() -> None:
    with pytest.raises(LookupError, match="mine"), LocalService():
        raise LookupError("mine")
    assert not threads()


def test_many_threads_at_once() -> None:
    """Requests from loops on several threads, by socket and in memory, with the log read meanwhile."""
    failures: list[BaseException] = []

    async def make(service: LocalService, number: int) -> None:
        client = service.client() if number % 2 else service.client_in_memory()
        async with client:
            for index in range(10):
                await client.create_hosted_service(f"s{number}x{index}")

    def work(number: int) -> None:
        try:
            anyio.run(make, service, number)
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)

    with LocalService() as service:
        workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for worker in workers:
            worker.start()
        while any(worker.is_alive() for worker in workers):
            numbers = [each.number for each in service.requests]
            assert numbers == list(range(1, len(numbers) + 1))
            state = service.snapshot()
        for worker in workers:
            worker.join()
        assert failures == []
        assert len(anyio.run(over_tls, service)) == 40
        service.restore(state)
        assert len({each.request_id for each in service.requests}) == 41


PROGRAM = """
import sys
from azure_iaas.emulator import LocalService
service = LocalService().start()
print(service.data_dir, flush=True)
{end}
"""


@pytest.mark.parametrize(
    ("end", "code"), [("sys.exit(3)", 3), ("", 0), ("raise KeyError", 1), ("service.stop(); sys.exit(4)", 4)]
)
def test_a_program_that_ends_isnt_held_up(end: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM.format(end=end)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert (code == 1) == (done.stderr != "")
    assert "Warning" not in done.stderr
    assert not Path(done.stdout.strip()).exists()


# What it offers there


def test_time_passes_at_once() -> None:
    async def main(client: ServiceManagementClient) -> None:
        accepted = await client.create_storage_account("account")
        assert (await client.get_operation_status(accepted.request_id)).status == "InProgress"
        service.advance(3600)
        assert (await client.get_operation_status(accepted.request_id)).status == "Succeeded"

    with LocalService(sockets=False) as service:
        service.populate(main)
        for wrong in (-1.0, float("nan")):
            with pytest.raises(ValueError, match="forwards"):
                service.advance(wrong)


def test_others_doings_and_late_failures() -> None:
    async def main(client: ServiceManagementClient) -> None:
        await fill(client)
        service.hold_lock("first", 60)
        with pytest.raises(ConflictError):
            await client.delete_hosted_service("first")
        service.advance(61)
        service.fail_next_write(code="OutOfCapacity")
        accepted = await client.create_storage_account("account")
        with pytest.raises(OperationFailedError, match="OutOfCapacity"):
            await client.wait_for_operation(accepted, timeout=60)
        service.forget_operation(accepted.request_id)
        with pytest.raises(ResourceNotFoundError):
            await client.get_operation_status(accepted.request_id)

    with LocalService(sockets=False, speed=SPEED) as service:
        service.populate(main)


def test_reset_and_checkpoints() -> None:
    plan = FaultPlan()
    with LocalService(sockets=False, faults=plan) as service:
        began = service.now()
        with service.checkpoint():
            service.populate(fill)
            service.faults = FaultPlan(Rule(Refuse()))
            service.advance(3600)
        assert service.faults is plan
        assert (service.now() - began).total_seconds() < 3000
        assert list(service.requests) == []
        service.populate(fill)
        service.advance(3600)
        service.reset()
        assert (service.now() - began).total_seconds() < 3000
        assert list(service.requests) == []
        assert anyio.run(over_tls, service) == []


def test_a_state_to_begin_with(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite3"
    with LocalService(tmp_path, sockets=False) as origin:
        origin.populate(fill)
        with LocalService(sockets=False, state=file) as service:  # also while it is in use
            assert anyio.run(over_tls, service) == ["first"]
            service.populate(lambda client: client.create_hosted_service("second"))
        assert anyio.run(over_tls, origin) == ["first"]
    assert {each.name for each in tmp_path.iterdir()} == {"state.sqlite3", "state.sqlite3.lock"}
    with pytest.raises(ConfigurationError, match="the data folder has its own"):
        LocalService(tmp_path, state=file)


@pytest.mark.parametrize("content", [None, b"rubbish " * 1000])
def test_a_state_that_cant_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "mine?.sqlite3"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigurationError, match="mine"), LocalService(sockets=False, state=file):
        pass
    assert file.exists() == (content is not None)


def test_what_leads_a_program_here() -> None:
    with LocalService() as service:
        environment = service.environment()
        assert environment["AZURE_IAAS_HOST"] == f"127.0.0.1:{service.port}"
        assert all(
            Path(environment[name]).exists() for name in environment if "FILE" in name or "_CA" in name
        )
    with LocalService(sockets=False) as service, pytest.raises(ConfigurationError, match="sockets"):
        service.environment()


WITHOUT_EXTRA = """
import sys
for name in ("cryptography", "OpenSSL", "pytest"):
    sys.modules[name] = None
import anyio
from azure_iaas import ConfigurationError
from azure_iaas.emulator import LocalService

async def main(client):
    await client.create_hosted_service("first")

with LocalService(sockets=False) as service:
    service.populate(main)
    print(service.requests[0].status)
try:
    LocalService().start()
except ConfigurationError as error:
    print(error)
"""


def test_without_sockets_it_needs_no_extra() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_EXTRA],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    status, message = done.stdout.splitlines()
    assert status == "201"
    assert message == "the local service needs cryptography: pip install 'azure-iaas[emulator]'"


def test_what_goes_wrong_at_the_end_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close = Store.close

    def broken(store: Store) -> None:
        close(store)
        raise OSError("the disk is gone")

    service = LocalService(tmp_path, sockets=False).start()
    monkeypatch.setattr(Store, "close", broken)
    with pytest.raises(OSError, match="the disk is gone"):
        service.stop()
    assert not threads()
