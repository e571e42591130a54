"""The control address: what it answers, and whom it doesn't."""

from __future__ import annotations

import http.client
import json
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio.to_thread
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azure_iaas.emulator import FaultPlan, LocalService, Refuse, Rule
from azure_iaas.endpoint.backend import Peer
from azure_iaas.endpoint.control import Control
from azure_iaas.endpoint.front_end import FrontEnd
from azure_iaas.errors import ConfigurationError
from azure_iaas.wire.messages import RawRequest, RawResponse
from tests.soak import number

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

NOW = datetime(2016, 4, 1, 21, 43, 13, tzinfo=UTC)


class Table:
    def handle(self, request: RawRequest, peer: Peer, now: datetime) -> RawResponse:
        return RawResponse(200, {"x-ms-request-id": "1"})


def ask(url: str, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
        return response.status, json.loads(content) if content else {}
    finally:
        connection.close()


def raw(url: str, data: bytes) -> bytes:
    host, port = urlsplit(url).hostname, urlsplit(url).port
    assert host is not None
    with socket.create_connection((host, port or 0), timeout=20) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while data := connection.recv(65536):
            received += data
        return received


async def asked(service: LocalService, *arguments: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    url = service.control_url
    assert url is not None
    return await anyio.to_thread.run_sync(lambda: ask(url, *arguments, **headers))


async def test_there_is_none_unless_asked_for() -> None:
    async with LocalService(sockets=False) as service:
        assert service.control_url is None
        assert "control_url" not in service.connection_info()


@pytest.mark.parametrize("sockets", [True, False])
async def test_a_test_of_another_program(sockets: bool) -> None:
    async with LocalService(sockets=sockets, control=True, clock=lambda: NOW) as service:
        assert service.connection_info()["control_url"] == service.control_url
        async with service.client() as client:
            await client.create_hosted_service("before")
            assert await asked(service, "POST", "/snapshot", {"name": "one"}) == (200, {"name": "one"})
            rules = [{"fault": "Refuse", "with": {"status": 500}, "when": {"operation": "ListDisks"}}]
            status, faults = await asked(service, "POST", "/faults", {"seed": 3, "rules": rules})
            assert (status, faults) == (200, {"seed": 3, "rules": rules, "injected": []})
            await client.create_hosted_service("after")
            await client.list_disks()
            status, faults = await asked(service, "GET", "/faults")
            assert [(each["operation"], each["fault"]) for each in faults["injected"]] == [
                ("ListDisks", "Refuse")
            ]
            status, log = await asked(service, "GET", "/requests?after=2")
            assert [(each["number"], each["operation"], each["status"]) for each in log["requests"]] == [
                (3, "ListDisks", 500),
                (4, "ListDisks", 200),
            ]
            assert log["total"] == 4
            assert log["requests"][0]["time"] == "2016-04-01T21:43:13+00:00"
            assert await asked(service, "POST", "/restore", {"name": "one"}) == (200, {"name": "one"})
            assert [each.service_name for each in await client.list_hosted_services()] == ["before"]
            status, clock = await asked(service, "POST", "/clock", {"jump_seconds": 3600})
            assert clock == {"now": "2016-04-01T22:43:13+00:00", "offset_seconds": 3600.0}
            status, reset = await asked(service, "POST", "/reset")
            assert reset == {"reset": ["requests", "faults", "clock", "state"]}
            assert await asked(service, "GET", "/health") == (
                200,
                {"status": "ok", "now": "2016-04-01T21:43:13+00:00", "requests": 0},
            )
            assert await client.list_hosted_services() == []


async def test_a_snapshot_holds_operations_and_what_is_to_come(tmp_path: Path) -> None:
    now = [NOW]

    def clock() -> datetime:
        return now[0]

    async with LocalService(tmp_path, sockets=False, clock=clock) as service, service.client() as client:
        accepted = await client.create_storage_account("account", {"Location": "West US"})
        state = service.service.snapshot()
        for _ in range(2):
            service.service.restore(state)
            assert (await client.get_operation_status(accepted.request_id)).status == "InProgress"
            now[0] = NOW.replace(hour=23)
            assert (await client.get_operation_status(accepted.request_id)).status == "Succeeded"
            (account,) = await client.list_storage_accounts()
            assert account.storage_service_properties is not None
            assert account.storage_service_properties.status == "Created"
            now[0] = NOW
        with pytest.raises(TypeError):
            service.service.restore({})
        service.service.restore(state)
    # What was put back is what is on disk.
    async with LocalService(tmp_path, sockets=False, clock=clock) as service, service.client() as client:
        assert (await client.get_operation_status(accepted.request_id)).status == "InProgress"
        now[0] = NOW.replace(hour=23)
        assert (await client.get_operation_status(accepted.request_id)).status == "Succeeded"


async def test_a_state_that_cannot_be_written_leaves_the_present_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(changes: object) -> None:
        raise OSError("disk full")

    async with LocalService(tmp_path, sockets=False) as service, service.client() as client:
        control = Control(service._front_end)
        await client.create_hosted_service("web")
        monkeypatch.setattr(service.service._world.store, "commit", full)
        status, answer = control.answer("POST", "/reset", b"")
        assert (status, answer) == (500, {"error": "the state can't be written: disk full"})
        assert [each.service_name for each in await client.list_hosted_services()] == ["web"]


def test_a_reset_leads_back_to_the_first_faults() -> None:
    front_end = FrontEnd(Table(), faults=FaultPlan(Rule(Refuse(500))), clock=lambda: NOW)
    control = Control(front_end)

    def status() -> int:
        return front_end.receive(RawRequest("GET", "/"), Peer()).answer().status

    assert [status(), status()] == [500, 200]
    control.answer("POST", "/faults", b"{}")
    assert control.answer("POST", "/reset", b'{"only": ["faults"]}') == (200, {"reset": ["faults"]})
    assert [status(), status()] == [500, 200]
    assert len(front_end.requests) == 4
    assert control.answer("POST", "/reset", b"") == (200, {"reset": ["requests", "faults", "clock"]})


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "why"),
    [
        ("GET", "/", b"", 404, "there are /clock, /faults, /health"),
        ("GET", "/reset", b"", 405, "/reset knows POST"),
        ("PUT", "/faults", b"", 405, "/faults knows GET and POST"),
        ("GET", "/requests?after=x", b"", 400, "after: must be a whole number"),
        ("POST", "/faults", b"{", 400, "the body isn't JSON"),
        ("POST", "/faults", b"[]", 400, "isn't a JSON object"),
        ("POST", "/faults", b'{"rules": [{"fault": "x"}]}', 400, r"rules[0].fault: must be one of"),
        ("POST", "/faults", b'{"rules": [{"fault": "HoldLock"}]}', 400, "HoldLock: this backend can't"),
        ("POST", "/clock", b"{}", 400, "jump_seconds: must be a number"),
        ("POST", "/clock", b'{"jump_seconds": 1e300}', 400, "that far"),
        ("POST", "/clock", b'{"jump_seconds": NaN}', 400, "that far"),
        ("POST", "/clock", b'{"jump": 1}', 400, "jump: isn't known here; known is jump_seconds"),
        ("POST", "/snapshot", b"{}", 501, "keeps no snapshots"),
        ("POST", "/snapshot", b'{"name": ""}', 400, "name: must be a text"),
        ("POST", "/restore", b"{}", 501, "keeps no snapshots"),
        ("POST", "/reset", b'{"only": ["state"]}', 501, "keeps no snapshots"),
        ("POST", "/reset", b'{"only": ["x"]}', 400, "only: must be a list of requests, faults"),
        ("POST", "/reset", b'{"only": 3}', 400, "only: must be a list"),
    ],
)
def test_what_cannot_be_done_is_said(method: str, target: str, body: bytes, status: int, why: str) -> None:
    answer = Control(FrontEnd(Table(), clock=lambda: NOW)).answer(method, target, body)
    assert answer[0] == status
    assert why in answer[1]["error"]


async def test_snapshots_are_few_and_known_by_name() -> None:
    async with LocalService(sockets=False) as service:
        control = Control(service._front_end)
        assert control.answer("POST", "/restore", b'{"name": "x"}')[0] == 404
        for name in range(16):
            assert control.answer("POST", "/snapshot", json.dumps({"name": str(name)}).encode())[0] == 200
        assert control.answer("POST", "/snapshot", b"{}")[0] == 409
        assert control.answer("POST", "/snapshot", b'{"name": "3"}')[0] == 200


async def test_pages_and_other_names_are_refused() -> None:
    async with LocalService(sockets=False, control=True) as service:
        for headers in (
            {"Origin": "http://example.com"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Host": "attacker.example"},
            {"Host": "attacker.example:80"},
            {"Host": "localhost.attacker.example:80"},
        ):
            assert (await asked(service, "POST", "/reset", {}, **headers))[0] == 403
        for host in ("localhost", "localhost:80", "127.0.0.1"):
            assert (await asked(service, "GET", "/health", None, Host=host))[0] == 200
        assert urlsplit(service.control_url or "").hostname == "127.0.0.1"


async def test_a_port_in_use_is_said() -> None:
    async with LocalService(sockets=False, control=True) as service:
        port = urlsplit(service.control_url or "").port
        assert port is not None
        for sockets in (True, False):
            with pytest.raises(ConfigurationError, match=f"control address: 127.0.0.1 port {port} is in use"):
                async with LocalService(sockets=sockets, control=port):
                    pass
    async with LocalService(sockets=False, control=port) as service:  # given back
        assert service.control_url == f"http://127.0.0.1:{port}"
    with pytest.raises(ConfigurationError, match="control: 65536 isn't a port"):
        LocalService(control=65536)


async def test_bytes_that_are_no_request() -> None:
    async with LocalService(sockets=False, control=True) as service:
        url = service.control_url or ""
        large = (
            b"POST /faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n" + b" " * 2_000_000
        )
        for data, start in (
            (b"nonsense\r\n\r\n", b"HTTP/1.1 400 "),
            (b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000, b"HTTP/1.1 431 "),
            (b"HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 405 "),
            (b"GET /health HTTP/1.1\r\nHost: loc", b""),
            (large, b"HTTP/1.1 413 "),
        ):
            received = await anyio.to_thread.run_sync(raw, url, data)
            assert received.startswith(start)
            assert bool(received) is bool(start)
            assert b"Traceback" not in received
        assert (await asked(service, "GET", "/health"))[0] == 200


PATHS = ["/health", "/requests", "/faults", "/clock", "/snapshot", "/restore", "/reset"]
KEYS = st.sampled_from(["only", "name", "jump_seconds", "rules", "seed"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3),
)


@pytest.mark.timeout(number(120, 3600))
@settings(max_examples=number(100, 20_000), deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT"]),
    path=st.sampled_from(PATHS) | st.text(max_size=10),
    body=st.binary(max_size=50)
    | st.dictionaries(KEYS, VALUES, max_size=2).map(lambda each: json.dumps(each).encode()),
)
def test_any_request_gets_an_answer(method: str, path: str, body: bytes) -> None:
    status, document = Control(FrontEnd(Table(), clock=lambda: NOW)).answer(method, path, body)
    assert (status == 200) is ("error" not in document)
    assert status in (200, 400, 404, 405, 501)
    json.dumps(document)
