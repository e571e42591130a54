"""What was asked: the log of requests, and its lines."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from azure_iaas.emulator import DropAfterHandler, DropBeforeHandler, FaultPlan, LocalService, Rule
from azure_iaas.endpoint.backend import Peer
from azure_iaas.endpoint.front_end import FrontEnd
from azure_iaas.endpoint.request_log import LoggedRequest, RequestLog, request_lines
from azure_iaas.errors import AzureError, ConfigurationError, ConnectionLostError
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

NOW = datetime(2016, 4, 1, 21, 43, 13, tzinfo=UTC)
SERVICES = "/167a0c69-cb6f-4522-ba3e-d3bdc9c504e1/services/hostedservices"


@pytest.mark.parametrize("sockets", [True, False])
async def test_requests_are_there_with_their_answers(sockets: bool) -> None:
    async with LocalService(sockets=sockets, clock=lambda: NOW) as service, service.client() as client:
        accepted = await client.create_hosted_service("web")
        with pytest.raises(AzureError):
            await client.create_hosted_service("web")
        create, again = service.requests
        assert (create.number, create.method, create.target) == (1, "POST", SERVICES)
        assert (create.operation, create.status, create.code) == ("CreateHostedService", 201, "")
        assert (create.request_id, create.time) == (accepted.request_id, NOW)
        assert (again.status, again.code) == (409, "ConflictError")
        assert service.requests[-1] is again
        assert service.requests[:1] == [create]
        assert [each.operation for each in service.requests] == ["CreateHostedService"] * 2
        service.requests.clear()
        assert (len(service.requests), service.requests.total) == (0, 0)


async def test_a_strict_refusal_names_element_and_rule() -> None:
    body = (
        b'<CreateHostedService xmlns="http://schemas.microsoft.com/windowsazure"><ServiceName>a</ServiceName>'
        b"<Colour>red</Colour><Label>YQ==</Label><Location>West US</Location></CreateHostedService>"
    )
    async with LocalService(sockets=False, strict=True, clock=lambda: NOW) as service:
        await service.sender().send(RawRequest("POST", SERVICES, {"x-ms-version": "2014-10-01"}, body))
        (line,) = [each.line() for each in service.requests]
    assert line == (
        f"2016-04-01T21:43:13Z POST {SERVICES} 400 BadRequest "
        "(The element 'CreateHostedService/Colour' is not known here.)"
    )


async def test_a_request_a_fault_took_is_there_too() -> None:
    plan = FaultPlan(Rule(DropBeforeHandler()), Rule(DropAfterHandler()))
    ended: list[LoggedRequest] = []
    async with LocalService(sockets=False, faults=plan, on_request=ended.append) as service:
        for _ in range(2):
            with pytest.raises(ConnectionLostError):
                await service.sender().send(RawRequest("GET", SERVICES, {"x-ms-version": "2014-10-01"}))
        assert [(each.fault, each.status) for each in service.requests] == [
            ("DropBeforeHandler", None),
            ("DropAfterHandler", 200),
        ]
        assert ended == list(service.requests)
        assert " - [DropBeforeHandler]" in ended[0].line()


class Echo:
    def handle(self, request: RawRequest, peer: Peer, now: datetime) -> RawResponse:
        if request.target == "/json":
            body = b'{"Code": "A", "Message": "B"}'
            return RawResponse(400, {"content-type": "application/json; charset=utf-8"}, body)
        return RawResponse(400, {"content-type": "text/plain"}, b"no document")


def test_codes_are_read_from_json_and_absent_elsewhere() -> None:
    front_end = FrontEnd(Echo(), clock=lambda: NOW)
    for target in ("/json", "/plain"):
        front_end.receive(RawRequest("GET", target), Peer()).answer()
    assert [(each.code, each.message) for each in front_end.requests] == [("A", "B"), ("", "")]


def test_a_line_is_one_line_whatever_was_sent() -> None:
    logged = LoggedRequest(1, NOW, "GET", "/a\r\n2016 GET /b", status=400, code="C", message="x\x1b[2J")
    assert logged.line().isprintable()


def test_nobody_fills_the_memory_by_what_is_kept() -> None:
    body = b"<Error><Code>" + b"c" * 9000 + b"</Code><Message>" + b"m" * 9000 + b"</Message></Error>"
    logged = RequestLog().begin(NOW, "G" * 9000, "/" * 9000)
    logged.take(RawResponse(400, {}, body))
    assert sum(map(len, (logged.method, logged.target, logged.code, logged.message))) < 6000


def test_the_log_forgets_the_oldest() -> None:
    log = RequestLog(limit=3)
    for number in range(10):
        log.begin(NOW, "GET", f"/{number}")
    assert [each.target for each in log] == ["/7", "/8", "/9"]
    assert log.total == 10


def test_who_looks_on_cannot_stop_the_service(caplog: pytest.LogCaptureFixture) -> None:
    def fail(logged: LoggedRequest) -> None:
        raise OSError("disk full")

    front_end = FrontEnd(Echo(), clock=lambda: NOW)
    front_end.requests.on_request = fail
    assert front_end.receive(RawRequest("GET", "/plain"), Peer()).answer().body == b"no document"
    assert "disk full" in caplog.text


def test_lines_go_to_a_stream_and_a_file(tmp_path: Path) -> None:
    file, stream = tmp_path / "requests.log", io.StringIO()
    logged = LoggedRequest(1, NOW, "GET", "/a", status=200)
    for _ in range(2):
        with request_lines(stream, file) as write:
            write(logged)
            assert file.read_text() == stream.getvalue()  # at once, not at the end
    assert file.read_text() == "2016-04-01T21:43:13Z GET /a 200\n" * 2
    with request_lines(None) as write:
        write(logged)
    with pytest.raises(ConfigurationError, match="can't be opened"), request_lines(None, tmp_path):
        pass
