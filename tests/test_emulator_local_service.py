"""The local service in one object, with and without sockets, and the faults it can show."""

from __future__ import annotations

import math
import socket
import ssl
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas import emulator
from azure_iaas.emulator import (
    AnswerFault,
    CutAnswer,
    DripAnswer,
    DropAfterHandler,
    DropBeforeHandler,
    FaultPlan,
    HTMLPage,
    LocalService,
    Redirect,
    Refuse,
    Replace,
    Rule,
    Stall,
    TruncateBody,
    WrongBody,
)
from azure_iaas.endpoint.backend import ReceivedRequest
from azure_iaas.errors import ConfigurationError, ConnectionLostError, ServiceError
from azure_iaas.wire.messages import RawResponse

if TYPE_CHECKING:
    from pathlib import Path

    from anyio.abc import TaskStatus

pytestmark = pytest.mark.anyio

DATE = "Wed, 21 Oct 2015 07:28:00 GMT"
SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
REQUEST = ReceivedRequest("GET", f"/{SUBSCRIPTION}/services/hostedservices", {"x-ms-version": "2014-10-01"})


def raw_exchange(service: LocalService, timeout: float = 10.0) -> tuple[bytes, str]:
    """Send the request on a connection of its own.

    TLS is kept apart from the socket, since `ssl` makes one error of an end without goodbye and of a reset.

    Returns:
        What came back, and how it ended: "goodbye", "end" or "reset".
    """
    context = ssl.create_default_context(cafile=str(service.ca_file))
    context.load_cert_chain(str(service.pem_file))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    head = f"{REQUEST.method} {REQUEST.target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
    head += "x-ms-version: 2014-10-01\r\n\r\n"
    received = b""
    sent = False
    assert service.port is not None
    with socket.create_connection(("127.0.0.1", service.port), timeout=timeout) as plain:
        while True:
            try:
                if not sent:
                    tls.do_handshake()
                    tls.write(head.encode())
                    sent = True
                    plain.sendall(outgoing.read())
                while data := tls.read(65536):
                    received += data
            except ssl.SSLWantReadError:
                if outgoing.pending:
                    plain.sendall(outgoing.read())
            except ssl.SSLZeroReturnError:
                return received, "goodbye"
            else:
                return received, "goodbye"
            try:
                data = plain.recv(65536)
            except ConnectionResetError:
                return received, "reset"
            if not data:
                return received, "end"
            incoming.write(data)


async def answer_of(service: LocalService) -> tuple[int, dict[str, str], bytes]:
    received, end = await anyio.to_thread.run_sync(raw_exchange, service)
    assert end == "goodbye"
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines}
    return int(status.split(" ")[1]), headers, body


async def test_a_client_talks_to_it(anyio_backend: str) -> None:
    async with LocalService(speed=1000) as service, service.client() as client:
        assert service.subscription_id == SUBSCRIPTION
        assert service.url == f"https://127.0.0.1:{service.port}"
        with anyio.fail_after(30):
            with pytest.raises(ServiceError) as caught:
                await client.get_hosted_service("nosuchservice")
        assert caught.value.status == 404
        assert service.server is not None
        assert service.server.requests >= 1


async def test_without_sockets_nothing_listens() -> None:
    async with LocalService(sockets=False) as service, service.client() as client:
        assert (service.url, service.host, service.port, service.server) == (None, None, None, None)
        with pytest.raises(ServiceError) as caught:
            await client.get_hosted_service("nosuchservice")
        assert caught.value.status == 404


async def test_with_and_without_sockets_the_answer_is_the_same() -> None:
    moment = datetime(2013, 5, 6, 7, 8, 9, tzinfo=UTC)
    transcripts = []
    for sockets in (True, False):
        async with LocalService(sockets=sockets, clock=lambda: moment, seed=1) as service:
            if sockets:
                status, headers, body = await answer_of(service)
                del headers["connection"]
            else:
                response = await service.sender().send(REQUEST)
                status, headers, body = response.status, dict(response.headers), response.body
            assert headers["date"] == "Mon, 06 May 2013 07:08:09 GMT"
            transcripts.append((status, headers, body))
    assert transcripts[0] == transcripts[1]


async def test_the_throw_away_folder_goes_and_a_given_one_stays(tmp_path: Path) -> None:
    async with LocalService() as service:
        assert service.ca_file.exists()
    assert not service.data_dir.exists()
    async with LocalService(tmp_path / "kept") as service:
        assert service.data_dir == tmp_path / "kept"
    assert service.ca_file.exists()


async def test_what_was_made_is_there_after_a_restart(tmp_path: Path) -> None:
    for make in (True, False):
        async with LocalService(tmp_path, sockets=False) as service, service.client() as client:
            if make:
                await client.create_hosted_service("kept")
            assert (await client.get_hosted_service("kept")).service_name == "kept"


async def test_an_error_inside_comes_out_as_it_is() -> None:
    with pytest.raises(LookupError, match="mine"):
        async with LocalService() as service:
            raise LookupError("mine")
    assert not service.data_dir.exists()


async def test_cancellation_ends_it_within_a_task() -> None:
    async def serve(*, task_status: TaskStatus[None]) -> None:
        async with LocalService():
            task_status.started()
            await anyio.sleep_forever()

    async with anyio.create_task_group() as tasks:
        await tasks.start(serve)
        tasks.cancel_scope.cancel()
    assert tasks.cancel_scope.cancelled_caught


@pytest.mark.parametrize(
    "wrong", [{"speed": 0}, {"speed": -1}, {"speed": math.nan}, {"subscriptions": "one"}]
)
async def test_wrong_arguments_are_said(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        LocalService(**wrong)


async def test_a_port_in_use_is_an_os_error() -> None:
    async with LocalService() as first:
        assert first.port is not None
        with pytest.raises(OSError, match="in use"):
            async with LocalService(port=first.port):
                pass


# Faults of the answer


@pytest.mark.parametrize("sockets", [True, False])
@pytest.mark.parametrize(
    ("fault", "status", "header", "body"),
    [
        (Refuse(), 503, None, b"<Code>TooManyRequests</Code>"),
        (Refuse(429, 7), 429, ("retry-after", "7"), b"TooManyRequests"),
        (Refuse(500), 500, None, b"<Code>InternalError</Code>"),
        (
            Refuse(503, "Wed, 21 Oct 2015 07:28:00 GMT"),
            503,
            ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"),
            b"",
        ),
        (Redirect("https://127.0.0.1:1"), 307, ("location", "https://127.0.0.1:1" + REQUEST.target), b""),
        (HTMLPage(), 502, ("content-type", "text/html; charset=utf-8"), b"<html>"),
        (HTMLPage(200, after_handler=True), 200, None, b"<html>"),
        (WrongBody(), None, None, b"<Surprise"),
        (Replace(RawResponse(418, {"x-a": "b"}, b"tea")), 418, ("x-a", "b"), b"tea"),
    ],
)
async def test_faults_of_the_answer(
    sockets: bool,
    fault: AnswerFault,
    status: int | None,
    header: tuple[str, str] | None,
    body: bytes,
) -> None:
    async with LocalService(sockets=sockets, faults=FaultPlan(Rule(fault))) as service:
        if sockets:
            seen_status, headers, seen_body = await answer_of(service)
        else:
            response = await service.sender().send(REQUEST)
            seen_status, headers, seen_body = response.status, dict(response.headers), response.body
        assert status in (None, seen_status)
        assert header is None or headers[header[0]] == header[1]
        assert body in seen_body
        assert headers["content-length"] == str(len(seen_body))


async def test_a_truncated_body_is_complete_as_http() -> None:
    async with LocalService(sockets=False, faults=FaultPlan(Rule(TruncateBody(0.25)))) as service:
        cut = await service.sender().send(REQUEST)
        whole = await service.sender().send(REQUEST)
    assert cut.status == whole.status
    assert cut.body == whole.body[: len(whole.body) // 4]
    assert cut.headers["content-length"] == str(len(cut.body))


# Faults of the connection


class Counting:
    """Counts how often the handler runs."""

    def __init__(self, service: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
        self.runs = 0
        handle = service.service.handle

        def counted(*arguments: Any) -> RawResponse:
            self.runs += 1
            return handle(*arguments)

        monkeypatch.setattr(service.service, "handle", counted)


@pytest.mark.parametrize(
    ("fault", "runs"),
    [
        (DropBeforeHandler(), 0),
        (DropBeforeHandler(reset=True), 0),
        (DropAfterHandler(), 1),
        (DropAfterHandler(reset=True), 1),
        (CutAnswer(0), 1),
        (CutAnswer(0, reset=True), 1),
    ],
)
async def test_drops_leave_no_byte(
    fault: emulator.ConnectionFault, runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = FaultPlan(Rule(fault, times=2))
    async with LocalService(faults=plan) as service:
        handler = Counting(service, monkeypatch)
        end = "reset" if getattr(fault, "reset", False) else "end"
        assert await anyio.to_thread.run_sync(raw_exchange, service) == (b"", end)
        assert handler.runs == runs
        with pytest.raises(ConnectionLostError) as caught:
            await service.sender().send(REQUEST)
        assert caught.value.request_sent is None
        assert handler.runs == runs * 2
        assert (await answer_of(service))[0] >= 200
    assert [injected.index for injected in plan.injected] == [0, 1]


async def test_a_cut_answer_ends_in_the_middle() -> None:
    for after_bytes, reset in ((20, False), (20, True), (10**6, False)):
        async with LocalService(faults=FaultPlan(Rule(CutAnswer(after_bytes, reset=reset)))) as service:
            received, end = await anyio.to_thread.run_sync(raw_exchange, service)
            assert received.startswith(b"HTTP/1.1 ")
            assert (len(received) == 20) is (after_bytes == 20)
            assert end == ("reset" if reset else "end")


async def test_a_dripped_answer_arrives_whole() -> None:
    async with LocalService(faults=FaultPlan(Rule(DripAnswer(7, 0.0005)))) as service:
        dripped, plain = await answer_of(service), await answer_of(service)
    assert dripped[0] == plain[0]
    assert len(dripped[2]) == int(dripped[1]["content-length"])


@pytest.mark.parametrize("after_handler", [False, True])
@pytest.mark.parametrize("sockets", [False, True])
async def test_a_stall_is_a_pause(
    sockets: bool,
    after_handler: bool,
) -> None:
    fault = Stall(0.2, after_handler=after_handler)
    async with LocalService(sockets=sockets, faults=FaultPlan(Rule(fault))) as service:
        begin = time.monotonic()
        if sockets:
            await answer_of(service)
        else:
            await service.sender().send(REQUEST)
        assert time.monotonic() - begin >= 0.19


async def test_a_stall_without_end_ends_with_the_client() -> None:
    async with LocalService(faults=FaultPlan(Rule(Stall(math.inf)))) as service:
        with pytest.raises(TimeoutError):
            await anyio.to_thread.run_sync(lambda: raw_exchange(service, timeout=0.3))
        assert service.server is not None
        with anyio.fail_after(60):
            while service.server.open_connections:  # noqa: ASYNC110 - seen from outside only
                await anyio.sleep(0.01)


async def test_a_plan_repeats_itself_with_its_seed() -> None:
    def run(seed: int) -> list[int]:
        plan = FaultPlan(
            Rule(Refuse(), times=None, probability=0.3, when=lambda index, request: index % 2 == 0), seed=seed
        )
        for _ in range(200):
            plan.choose(REQUEST)
        return [injected.index for injected in plan.injected]

    assert run(1) == run(1) != run(2)
    assert 10 < len(run(1)) < 60
    assert all(index % 2 == 0 for index in run(1))


async def test_the_first_rule_that_fits_wins_and_wears_out() -> None:
    first, second = Refuse(500), Refuse(503)
    plan = FaultPlan(Rule(first, times=2), Rule(second, times=None))
    assert [plan.choose(REQUEST) for _ in range(4)] == [first, first, second, second]


def test_every_exported_name_is_there() -> None:
    assert emulator.__all__ == sorted(emulator.__all__)
    for name in emulator.__all__:
        value = getattr(emulator, name)
        assert name == "ConnectionFault" or value.__name__ == name  # a union has no name
    assert set(emulator.__all__) <= set(dir(emulator))
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = emulator.Nothing
