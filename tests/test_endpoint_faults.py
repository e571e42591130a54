"""Rules of faults: by method, path, operation, nth match and chance; the same with and without sockets."""

from __future__ import annotations

import http.client
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import anyio.to_thread
import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.emulator import LocalService
from azure_iaas.endpoint.backend import Peer, ReceivedRequest
from azure_iaas.endpoint.front_end import FrontEnd
from azure_iaas.endpoint.injected_faults import (
    CutAnswer,
    DripAnswer,
    DropAfterHandler,
    DropBeforeHandler,
    ExpiredCertificate,
    ExpiredServerCertificate,
    FailOperation,
    FaultPlan,
    ForgetOperation,
    HoldLock,
    HTMLPage,
    JumpClock,
    MissingRequestId,
    Redirect,
    Refuse,
    Requests,
    Rule,
    Stall,
    TruncateBody,
    WrongBody,
    WrongContentType,
)
from azure_iaas.errors import (
    AzureError,
    ConfigurationError,
    ConflictError,
    ConnectionLostError,
    ResourceNotFoundError,
)
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.endpoint.injected_faults import Fault

pytestmark = pytest.mark.anyio

NOW = datetime(2016, 4, 1, 21, 43, 13, tzinfo=UTC)
SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
SERVICES = f"/{SUBSCRIPTION}/services/hostedservices"
HEADERS = {"x-ms-version": "2014-10-01"}


def asking(method: str, path: str, operation: str = "") -> ReceivedRequest:
    return ReceivedRequest(method, path, HEADERS, b"", operation)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        (Requests(), True),
        (Requests(method="post"), True),
        (Requests(method="GET"), False),
        (Requests(path="services/hostedservices/WEB*/deployments"), True),
        (Requests(path="services/hostedservices/web?/deployments"), True),
        (Requests(path="services/hostedservices/web"), False),
        (Requests(path="/*/services/*"), True),
        (Requests(path="/services/*"), False),
        (Requests(operation="createdeployment"), True),
        (Requests(operation="Create*"), True),
        (Requests(operation="AddRole"), False),
        (Requests(method="POST", path="services/*", operation="AddRole"), False),
    ],
)
def test_rules_say_which_requests_they_are_about(when: Requests, fits: bool) -> None:
    request = asking("POST", f"{SERVICES}/Web1/deployments?comp=x", "CreateDeployment")
    assert (FaultPlan(Rule(Refuse(), when)).choose(request) is not None) is fits


def test_the_nth_match_is_counted_by_the_rule_itself() -> None:
    plan = FaultPlan(Rule(Refuse(), Requests(method="PUT"), nth=3, times=None))
    methods = ["PUT", "GET", "PUT", "GET", "PUT", "PUT"]
    assert [plan.choose(asking(method, "/")) is not None for method in methods] == [False] * 4 + [True, False]


@given(
    seed=st.integers(0, 1000),
    methods=st.lists(st.sampled_from(["GET", "PUT"]), max_size=60),
    probability=st.floats(0, 1),
)
def test_one_seed_is_one_transcript(seed: int, methods: list[str], probability: float) -> None:
    def play() -> list[Fault | None]:
        plan = FaultPlan(
            Rule(Refuse(429), Requests(method="PUT"), times=None, probability=probability),
            Rule(HTMLPage(), times=3, probability=0.5),
            seed=seed,
        )
        return [plan.choose(asking(method, "/")) for method in methods]

    assert play() == play()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Rule(Refuse(), probability=1.5), "probability"),
        (lambda: Rule(Refuse(), probability=float("nan")), "probability"),
        (lambda: Rule(Refuse(), times=-1), "times"),
        (lambda: Rule(Refuse(), nth=0), "nth"),
        (lambda: Refuse(99), "status"),
        (lambda: Refuse(503, -1.0), "retry_after"),
        (lambda: Refuse(503, float("inf"), as_date=True), "retry_after"),
        (lambda: HTMLPage(1000), "status"),
        (lambda: TruncateBody(2.0), "keep"),
        (lambda: HoldLock(-1), "seconds"),
        (lambda: FailOperation(200), "status"),
        (lambda: JumpClock(float("inf")), "seconds"),
        (lambda: Stall(-1), "seconds"),
        (lambda: CutAnswer(-1), "after_bytes"),
        (lambda: DripAnswer(0), "piece_bytes"),
        (lambda: DripAnswer(1, -1.0), "pause_seconds"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(make: Callable[[], object], field: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{field}: "):
        make()


# Without sockets and with


class Transcripts:
    """What requests are answered, over TLS and in memory, the time apart."""

    def __init__(self, service: LocalService) -> None:
        self.service = service
        self.lines: list[object] = []

    async def ask(self, method: str, path: str, body: bytes = b"") -> None:
        if self.service.server is None:
            request = RawRequest(method, path, HEADERS, body)  # type: ignore[arg-type]
            try:
                response = await self.service.sender().send(request)
            except ConnectionLostError:
                self.lines.append("lost")
            else:
                self.lines.append((response.status, dict(response.headers), response.body))
        else:
            await anyio.to_thread.run_sync(self._ask_over_tls, method, path, body)

    def _ask_over_tls(self, method: str, path: str, body: bytes) -> None:
        service = self.service
        context = ssl.create_default_context(cafile=str(service.ca_file))
        context.load_cert_chain(str(service.pem_file))
        assert service.host is not None
        connection = http.client.HTTPSConnection(service.host, service.port, context=context, timeout=30)
        try:
            connection.request(method, path, body, HEADERS)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.lines.append("lost")
        else:
            headers = {name.lower(): value for name, value in response.getheaders()}
            # This client takes a head that breaks off for a whole one.
            is_whole = "content-length" in headers
            self.lines.append((response.status, headers, content) if is_whole else "lost")
        finally:
            connection.close()


WEATHER = (
    Refuse(503, 5),
    Refuse(429, 90, as_date=True),
    DropBeforeHandler(),
    DropAfterHandler(reset=True),
    CutAnswer(100),
    CutAnswer(10**6),
    DripAnswer(50, 0.0),
    Stall(0.0),
    TruncateBody(),
    WrongBody(),
    WrongContentType(),
    MissingRequestId(),
    HTMLPage(),
    Redirect("https://127.0.0.1:1"),
    ExpiredCertificate(),
)


def created(name: str) -> bytes:
    return (
        '<CreateHostedService xmlns="http://schemas.microsoft.com/windowsazure">'
        f"<ServiceName>{name}</ServiceName><Label>bGFiZWw=</Label><Location>West US</Location>"
        "</CreateHostedService>"
    ).encode()


async def test_one_seed_is_one_transcript_with_sockets_and_without() -> None:
    async def play(*, sockets: bool, seed: int) -> tuple[list[object], list[object], list[int]]:
        rules = [Rule(fault, times=None, probability=0.08) for fault in WEATHER]
        plan = FaultPlan(*rules, seed=seed)
        async with LocalService(sockets=sockets, faults=plan, clock=lambda: NOW) as service:
            transcripts = Transcripts(service)
            for number in range(30):
                await transcripts.ask("POST", SERVICES, created(f"web{number}"))
                await transcripts.ask("GET", f"{SERVICES}/web{number}")
            logged: list[object] = [
                (each.number, each.line(), each.operation, each.request_id, each.message)
                for each in service.requests
            ]
        return transcripts.lines, logged, [injected.index for injected in plan.injected]

    first = await play(sockets=False, seed=3)
    second = await play(sockets=True, seed=3)
    for line, (in_memory, on_sockets) in enumerate(zip(first[0], second[0], strict=True)):
        assert in_memory == on_sockets, line
    assert first == second
    assert first == await play(sockets=False, seed=3)
    assert first[2] != (await play(sockets=False, seed=4))[2]
    assert len(first[2]) > 20


# Each fault


def answer_of(fault: Fault) -> RawResponse:
    class Fixed:
        def handle(self, request: RawRequest, peer: Peer, now: datetime) -> RawResponse:
            return RawResponse(200, {"content-type": "application/xml", "x-ms-request-id": "1"}, b"<A/>")

    front_end = FrontEnd(Fixed(), faults=FaultPlan(Rule(fault)), clock=lambda: NOW)
    return front_end.receive(RawRequest("GET", "/"), Peer()).answer()


def test_retry_after_comes_as_seconds_and_as_date() -> None:
    assert answer_of(Refuse(503, 7)).headers["retry-after"] == "7"
    date = answer_of(Refuse(429, 89.5, as_date=True)).headers["retry-after"]
    assert (parsedate_to_datetime(date) - NOW).total_seconds() == 90
    assert "retry-after" not in answer_of(Refuse(503)).headers


def test_answers_that_are_none() -> None:
    assert answer_of(Refuse(408)).status == 408
    assert answer_of(WrongContentType("text/plain")).headers["content-type"] == "text/plain"
    assert "content-type" not in answer_of(WrongContentType("")).headers
    without = answer_of(MissingRequestId())
    assert (without.status, without.body, "x-ms-request-id" in without.headers) == (200, b"<A/>", False)
    expired = answer_of(ExpiredCertificate())
    assert expired.status == 403
    assert b"ForbiddenError" in expired.body


# What others do to the state


async def test_a_foreign_operation_holds_the_service_of_the_path() -> None:
    rule = Rule(HoldLock(30), Requests(operation="DeleteHostedService"))
    async with LocalService(sockets=False, faults=FaultPlan(rule)) as service, service.client() as client:
        await client.wait_for_operation(await client.create_hosted_service("web"))
        with pytest.raises(ConflictError):
            await client.delete_hosted_service("web")


async def test_a_lock_is_held_in_the_subscription_of_the_request() -> None:
    rule = Rule(HoldLock(), Requests(method="DELETE"))
    other = "00000000-0000-0000-0000-000000000002"
    async with LocalService(
        subscriptions=[SUBSCRIPTION, other], sockets=False, faults=FaultPlan(rule)
    ) as service:
        path = f"/{other}/services/hostedservices"
        sender = service.sender()
        assert (await sender.send(RawRequest("POST", path, HEADERS, created("web")))).status == 201
        assert (await sender.send(RawRequest("DELETE", f"{path}/web", HEADERS))).status == 409


async def test_a_lock_on_nothing_changes_nothing() -> None:
    plan = FaultPlan(Rule(HoldLock(service="missing")), Rule(HoldLock()), Rule(ForgetOperation()))
    async with LocalService(sockets=False, faults=plan) as service, service.client() as client:
        for _ in range(3):
            assert await client.list_hosted_services() == []
        assert len(plan.injected) == 3
        assert [entry.status for entry in service.requests] == [200, 200, 200]


async def test_an_accepted_operation_fails_later() -> None:
    rule = Rule(FailOperation(409, "ConflictError", "too late"), Requests(operation="CreateStorageAccount"))
    async with LocalService(sockets=False, speed=1e6, faults=FaultPlan(rule)) as service:
        async with service.client() as client:
            accepted = await client.create_storage_account("account", {"Location": "West US"})
            with pytest.raises(AzureError, match="too late"):
                await client.wait_for_operation(accepted, timeout=60)
            assert await client.list_storage_accounts() == []


async def test_a_forgotten_operation_is_unknown_and_goes_on() -> None:
    plan = FaultPlan(Rule(ForgetOperation(), Requests(method="POST")))
    async with LocalService(sockets=False, faults=plan) as service, service.client() as client:
        accepted = await client.create_hosted_service("web")
        with pytest.raises(ResourceNotFoundError):
            await client.get_operation_status(accepted.request_id)
        assert [each.service_name for each in await client.list_hosted_services()] == ["web"]


async def test_the_clock_jumps_for_the_service_and_its_date_header() -> None:
    plan = FaultPlan(Rule(JumpClock(3600), nth=2))
    async with LocalService(sockets=False, faults=plan, clock=lambda: NOW) as service:
        dates = [(await service.sender().send(asking("GET", SERVICES))).headers["date"] for _ in range(3)]
        assert [date[17:22] for date in dates] == ["21:43", "22:43", "22:43"]
        assert (service.now() - NOW).total_seconds() == 3600


async def test_a_backend_that_cannot_be_disturbed_is_said_at_once() -> None:
    class Table:
        def handle(self, request: RawRequest, peer: Peer, now: datetime) -> RawResponse:
            raise AssertionError

    with pytest.raises(ConfigurationError, match="HoldLock"):
        FrontEnd(Table(), faults=FaultPlan(Rule(HoldLock())))
    front_end = FrontEnd(Table())
    with pytest.raises(ValueError, match="that far"):
        front_end.jump_clock(1e18)
    front_end.jump_clock(60)
    assert front_end.offset.total_seconds() == 60


# Handshakes


async def test_an_expired_server_certificate_is_shown_to_the_connections_chosen() -> None:
    rules = [Rule(ExpiredServerCertificate(), nth=2), Rule(Refuse(500), nth=2)]
    async with LocalService(faults=FaultPlan(*rules)) as service:
        context = ssl.create_default_context(cafile=str(service.ca_file))

        def connect() -> int | str:
            connection = http.client.HTTPSConnection("localhost", service.port, context=context, timeout=30)
            try:
                connection.request("GET", SERVICES, headers=HEADERS)
                return connection.getresponse().status
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
            finally:
                connection.close()

        seen = [await anyio.to_thread.run_sync(connect) for _ in range(4)]
    assert seen == [403, "certificate has expired", 500, 403]


async def test_a_client_is_told_of_an_expired_server_certificate() -> None:
    plan = FaultPlan(Rule(ExpiredServerCertificate(), times=None))
    async with LocalService(faults=plan) as service, service.client() as client:
        with pytest.raises(AzureError, match="expired"):
            await client.list_disks()


async def test_in_memory_there_is_no_handshake() -> None:
    plan = FaultPlan(Rule(ExpiredServerCertificate(), times=None))
    async with LocalService(sockets=False, faults=plan) as service, service.client() as client:
        assert await client.list_disks() == []


def test_a_rule_that_fails_is_an_answer_and_a_log_entry(caplog: pytest.LogCaptureFixture) -> None:
    class Fixed:
        def handle(self, request: RawRequest, peer: Peer, now: datetime) -> RawResponse:
            return RawResponse(200)

    def fail(index: int, request: RawRequest) -> bool:
        raise KeyError(request.target)

    front_end = FrontEnd(Fixed(), faults=FaultPlan(Rule(Refuse(), fail)), clock=lambda: NOW)
    assert front_end.receive(RawRequest("GET", "/a"), Peer()).answer().status == 500
    assert "KeyError: '/a'" in caplog.text
    assert [each.status for each in front_end.requests] == [500]
