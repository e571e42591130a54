"""The call path: what is sent again, what is reported as unknown, and who may watch."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas import (
    AzureError,
    ClientOptions,
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    InvalidArgumentError,
    OutcomeUnknownError,
    ProtocolError,
    RequestTimeoutError,
    ResourceNotFoundError,
    ServerError,
    ServiceManagementClient,
    ThrottledError,
    TLSError,
    observed,
)
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from azure_iaas.client import Exchange

pytestmark = pytest.mark.anyio

XML = {"content-type": "application/xml; charset=utf-8", "x-ms-request-id": "ab" * 16}
OPERATION = RawResponse(200, XML, b"<Operation><ID>x</ID><Status>Succeeded</Status></Operation>")
ACCEPTED = RawResponse(202, {"x-ms-request-id": "cd" * 16})
BUSY = RawResponse(503, XML, b"<Error><Code>ServerBusy</Code><Message>later</Message></Error>")
TOO_MANY = b"<Error><Code>TooManyRequests</Code><Message>Too many requests received.</Message></Error>"
BROKEN = RawResponse(500, XML, b"<Error><Code>InternalError</Code><Message>oh</Message></Error>")


class Scripted:
    """A sender that gives one answer of its script a request, the last one for ever."""

    def __init__(self, *script: RawResponse | Exception) -> None:
        self.script = list(script)
        self.requests: list[RawRequest] = []

    async def send(self, request: RawRequest) -> RawResponse:
        await anyio.lowlevel.checkpoint()
        self.requests.append(request)
        answer = self.script[0] if len(self.script) == 1 else self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def client_of(sender: Scripted, **options: Any) -> ServiceManagementClient:
    return ServiceManagementClient("sub", transport=sender, random=lambda: 0.0, **options)


async def read(sender: Scripted) -> object:
    return await client_of(sender).get_operation_status("ab" * 16)


async def write(sender: Scripted) -> object:
    return await client_of(sender).delete_role("svc", "dep", "role")


@pytest.mark.parametrize(
    "failure",
    [ConnectError("refused"), ConnectionLostError("reset"), RequestTimeoutError("slow"), BUSY, BROKEN],
    ids=repr,
)
async def test_a_read_repeats_itself_after_a_passing_failure(failure: RawResponse | Exception) -> None:
    sender = Scripted(failure, failure, OPERATION)
    await read(sender)
    assert len(sender.requests) == 3


async def test_a_read_gives_up_after_four_attempts() -> None:
    sender = Scripted(BROKEN)
    with pytest.raises(ServerError):
        await read(sender)
    assert len(sender.requests) == 4


async def test_a_write_that_never_left_is_sent_again() -> None:
    sender = Scripted(ConnectError("refused"), ConnectError("refused"), ACCEPTED)
    await write(sender)
    assert len(sender.requests) == 3


async def test_a_write_whose_answer_is_lost_is_never_sent_again() -> None:
    sender = Scripted(ConnectionLostError("reset"), ACCEPTED)
    with pytest.raises(OutcomeUnknownError, match=r"DeleteRole: .* before repeating") as caught:
        await write(sender)
    assert len(sender.requests) == 1
    assert caught.value.operation == "DeleteRole"
    assert isinstance(caught.value.__cause__, ConnectionLostError)


UNREADABLE = RawResponse(202, {}, b"<html>an accepted write without a request id</html>")
HTML = RawResponse(502, {"content-type": "text/html"}, b"<html>bad gateway</html>")
BUSY_OF_ANOTHER_STATUS = RawResponse(500, XML, BUSY.body)
OVERLOADED_GATEWAY = RawResponse(503, {"content-type": "text/html"}, b"<html>overloaded</html>")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (BROKEN, ServerError),
        (HTML, ServerError),
        (BUSY_OF_ANOTHER_STATUS, ServerError),
        (OVERLOADED_GATEWAY, ServerError),
        (UNREADABLE, ProtocolError),
    ],
)
async def test_a_write_the_service_failed_is_never_sent_again(
    answer: RawResponse, kind: type[AzureError]
) -> None:
    sender = Scripted(answer, ACCEPTED)
    with pytest.raises(kind) as caught:
        await write(sender)
    assert len(sender.requests) == 1
    assert_it_says_where_to_look(caught.value)


def assert_it_says_where_to_look(error: AzureError) -> None:
    assert error.may_have_been_carried_out
    assert error.request_sent is not False
    assert error.resource == "role 'role' of deployment 'dep' in service 'svc'"
    assert error.method == "DELETE"
    assert error.path == "/sub/services/hostedservices/svc/deployments/dep/roles/role"
    assert error.look_with == "get_role('svc', 'dep', 'role')"
    for fact in (error.resource, f"{error.method} {error.path}", error.look_with):
        assert fact in str(error)
    restored = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert restored.look_with == error.look_with


async def test_a_lost_write_says_where_to_look() -> None:
    with pytest.raises(OutcomeUnknownError) as caught:
        await write(Scripted(ConnectionLostError("reset")))
    assert_it_says_where_to_look(caught.value)


async def test_a_refused_write_names_the_resource_but_was_not_carried_out() -> None:
    gone = RawResponse(404, XML, b"<Error><Code>ResourceNotFound</Code><Message>no role</Message></Error>")
    with pytest.raises(ResourceNotFoundError) as caught:
        await write(Scripted(gone))
    assert caught.value.resource == "role 'role' of deployment 'dep' in service 'svc'"
    assert not caught.value.may_have_been_carried_out
    assert "look" not in str(caught.value)


@pytest.mark.parametrize("answer", [BUSY, RawResponse(429), RawResponse(503, XML, TOO_MANY)])
async def test_a_throttled_write_was_refused_and_is_sent_again(answer: RawResponse) -> None:
    sender = Scripted(answer, answer, ACCEPTED)
    await write(sender)
    assert len(sender.requests) == 3
    sender = Scripted(answer)
    with pytest.raises(ThrottledError) as caught:
        await write(sender)
    assert len(sender.requests) == 4
    assert not caught.value.may_have_been_carried_out


async def test_a_throttled_write_told_to_wait_too_long_fails() -> None:
    sender = Scripted(RawResponse(429, {"retry-after": "100000"}))
    with pytest.raises(ThrottledError):
        await write(sender)
    assert len(sender.requests) == 1


async def test_a_failed_handshake_is_reported_as_such() -> None:
    sender = Scripted(TLSError("unknown certificate"))
    with pytest.raises(TLSError):
        await write(sender)
    assert len(sender.requests) == 1


async def test_a_wrong_argument_sends_nothing() -> None:
    sender = Scripted(ACCEPTED)
    with pytest.raises(InvalidArgumentError):
        await client_of(sender).delete_role("svc", "..", "role")
    assert sender.requests == []


async def test_an_outage_is_not_amplified() -> None:
    sender = Scripted(ConnectError("refused"))
    client = client_of(sender, fail_fast=False)
    for _ in range(100):
        with pytest.raises(ConnectError):
            await client.list_locations()
    # 100 calls, and the 20 repeats the budget pays for.
    assert len(sender.requests) == 120


async def test_exchanges_can_be_watched_and_hide_their_bodies() -> None:
    seen: list[Exchange] = []
    sender = Scripted(
        ConnectionLostError("reset"), RawResponse(200, XML, b"<Operation><Status>secret</Status></Operation>")
    )
    client = client_of(sender)
    with observed(seen.append):
        await client.get_operation_status("ab" * 16)
    await client.get_operation_status("ab" * 16)
    assert [(each.operation, each.response is None) for each in seen] == [
        ("GetOperationStatus", True),
        ("GetOperationStatus", False),
    ]
    assert "secret" not in repr(seen)


async def test_errors_survive_pickle() -> None:
    with pytest.raises(ServerError) as caught:
        await write(Scripted(BROKEN))
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert type(copy) is ServerError
    assert vars(copy) == vars(caught.value)
    assert str(copy) == str(caught.value)


async def test_a_broken_answer_to_a_write_keeps_what_is_known() -> None:
    with pytest.raises(ProtocolError) as caught:
        await write(Scripted(RawResponse(202, {})))
    assert (caught.value.status, caught.value.request_sent) == (202, True)


async def test_waits_take_a_request_id_a_token_or_an_acceptance() -> None:
    client = client_of(Scripted(OPERATION))
    accepted = await client_of(Scripted(ACCEPTED)).delete_role("svc", "dep", "role")
    for operation in ("ab" * 16, accepted, accepted.token):
        done = await client.wait_for_operation(operation, interval=1)
        assert done.status == "Succeeded"


async def test_options_are_given_as_mapping_object_or_keywords() -> None:
    sender = Scripted(OPERATION)
    by_mapping = ServiceManagementClient("sub", None, {"apiversion": "2013-06-01"}, transport=sender)
    by_object = ServiceManagementClient(
        "sub", None, ClientOptions(api_version="2013-06-01"), transport=sender
    )
    by_keyword = ServiceManagementClient("sub", transport=sender, api_version="2013-06-01")
    for client in (by_mapping, by_object, by_keyword):
        await client.get_operation_status("ab" * 16)
    assert {request.headers["x-ms-version"] for request in sender.requests} == {"2013-06-01"}
    with pytest.raises(ConfigurationError, match="twice"):
        ServiceManagementClient("sub", None, {"host": "a"}, transport=sender, host="b")
    with pytest.raises(ConfigurationError, match="not both"):
        ServiceManagementClient("sub", None, ClientOptions(), transport=sender, host="b")
    with pytest.raises(ConfigurationError, match="subscription"):
        ServiceManagementClient("", transport=sender)
    with pytest.raises(ConfigurationError, match="HTTP"):
        by_keyword.set_proxy_url("http://localhost:1")


async def test_default_location_is_an_option() -> None:
    sender = Scripted(RawResponse(201, {"x-ms-request-id": "ab" * 16}))
    await client_of(sender, default_location="North Europe").create_hosted_service("svc")
    assert b"<Location>North Europe</Location>" in sender.requests[0].body


async def test_repr_names_the_subscription_only() -> None:
    assert repr(client_of(Scripted(OPERATION))) == "<ServiceManagementClient of subscription sub>"
