"""Any httpx transport in the place of our own connections: mocks, recorders, httpx's own over real TLS."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Self

import anyio
import httpx
import pytest
import respx

from azure_iaas import (
    AzureError,
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    OutcomeUnknownError,
    ProtocolError,
    RequestTimeoutError,
    ServiceManagementClient,
    TransportError,
)
from azure_iaas.callback import createServiceManagementService
from azure_iaas.emulator import LocalService
from azure_iaas.transport import USER_AGENT, HTTPTransport
from azure_iaas.version import __version__
from azure_iaas.wire.messages import RawRequest
from tests.transport_peers import CERTIFICATE, Peer, answer, answering, options, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from anyio.abc import ByteStream

    from azure_iaas.callback import Response

pytestmark = pytest.mark.anyio

POST = RawRequest("POST", "/sub/a%2F..%2Fb?comp=x", {"x-ms-version": "2014-10-01"}, b"<secret/>")
XML = {"content-type": "application/xml", "x-ms-request-id": "ab" * 16}
LOCATIONS = b'<Locations xmlns="http://schemas.microsoft.com/windowsazure"/>'
URL = "https://management.core.windows.net/sub/locations"


def over(respond: Callable[[httpx.Request], httpx.Response], **more: object) -> HTTPTransport:
    return HTTPTransport.through(options(443, **more), httpx.MockTransport(respond))


def services(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers=XML, content=LOCATIONS.replace(b"Locations", b"HostedServices"))


def locations(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers=XML, content=LOCATIONS)


# How it is used


async def test_a_client_over_a_mock_transport_needs_no_certificate() -> None:
    seen: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return locations(request)

    async with ServiceManagementClient("sub", transport=httpx.MockTransport(respond)) as client:
        assert list(await client.list_locations()) == []
    assert [str(request.url) for request in seen] == [URL]
    assert seen[0].headers["host"] == "management.core.windows.net"


async def test_the_transport_stays_the_callers() -> None:
    class Watched(httpx.MockTransport):
        log: list[str] = []  # noqa: RUF012

        async def __aenter__(self) -> Self:
            self.log.append("opened")
            return self

        async def aclose(self) -> None:
            self.log.append("closed")

    transport = Watched(locations)
    for _ in range(2):
        async with ServiceManagementClient("sub", transport=transport) as client:
            await client.list_locations()
    assert Watched.log == []


async def test_respx_routes() -> None:
    with respx.mock(assert_all_called=True) as router:
        route = router.get(URL).mock(return_value=httpx.Response(200, headers=XML, content=LOCATIONS))
        async with httpx.AsyncHTTPTransport() as transport:
            async with ServiceManagementClient("sub", transport=transport) as client:
                await client.list_locations()
        assert route.call_count == 1
        router.get(URL).mock(side_effect=httpx.ConnectError)
        transport = httpx.AsyncHTTPTransport()
        async with ServiceManagementClient("sub", transport=transport, random=lambda: 0.0) as client:
            with pytest.raises(ConnectError):
                await client.list_locations()


async def test_the_verdict_of_a_mock_reaches_the_test() -> None:
    with respx.mock:
        async with ServiceManagementClient("sub", transport=httpx.AsyncHTTPTransport()) as client:
            with pytest.raises(AssertionError, match="not mocked"):
                await client.list_locations()


async def test_a_service_with_callbacks_takes_one_too() -> None:
    got: list[Response] = []
    with createServiceManagementService("sub", transport=httpx.MockTransport(services)) as iaas:
        iaas.ListHostedServices(got.append)
    assert got[0].isSuccessful


async def test_httpx_s_own_transport_over_tls_against_the_local_service() -> None:
    async with LocalService(speed=2000) as service:
        context = ssl.create_default_context(cafile=str(service.ca_file))
        context.load_cert_chain(str(service.cert_file), str(service.key_file))
        async with httpx.AsyncHTTPTransport(verify=context) as transport:
            async with ServiceManagementClient(
                service.subscription_id, transport=transport, host=service.host, port=service.port
            ) as client:
                await client.create_hosted_service("svc")
                async with anyio.create_task_group() as tasks:
                    for _ in range(20):
                        tasks.start_soon(client.list_locations)
                assert [each.service_name for each in await client.list_hosted_services()] == ["svc"]


@pytest.mark.parametrize("transport", [object(), httpx.HTTPTransport(), 5])
async def test_what_is_no_transport_is_refused(transport: object) -> None:
    with pytest.raises(ConfigurationError, match=r"^transport: an httpx\.AsyncBaseTransport is needed"):
        ServiceManagementClient("sub", transport=transport)  # type: ignore[arg-type]


async def test_its_proxy_is_its_own_business() -> None:
    async with over(locations) as transport:
        with pytest.raises(ConfigurationError, match="set_proxy_url"):
            transport.set_proxy_url("http://proxy.example")


# What it is given


async def test_what_is_sent_is_what_our_own_connection_sends() -> None:
    async with serving(answering) as peer:
        settings = options(peer.port)
        async with HTTPTransport(settings, CERTIFICATE) as transport:
            assert (await transport.send(POST)).body == b"<ok/>"
        async with httpx.AsyncHTTPTransport(verify=CERTIFICATE.ssl_context(settings.ca)) as foreign:
            async with HTTPTransport.through(settings, foreign) as transport:
                assert (await transport.send(POST)).body == b"<ok/>"
    first, second = peer.requests
    assert second.line == first.line == "POST /sub/a%2F..%2Fb?comp=x HTTP/1.1"
    assert second.body == first.body
    heads = [sorted(request.head.lower().split(b"\r\n")[1:]) for request in (first, second)]
    assert heads[0] == heads[1]
    assert first.header("user-agent") == [USER_AGENT]
    assert USER_AGENT.startswith(f"azure-iaas/{__version__} python/3.")


# What went wrong, and whether it may be repeated


@pytest.mark.parametrize(
    ("error", "kind", "sent"),
    [
        (httpx.ConnectError("x"), ConnectError, False),
        (httpx.ConnectTimeout("x"), RequestTimeoutError, False),
        (httpx.PoolTimeout("x"), RequestTimeoutError, False),
        (httpx.ProxyError("x"), ConnectError, False),
        (httpx.UnsupportedProtocol("x"), ConnectError, False),
        (httpx.ReadTimeout("x"), RequestTimeoutError, None),
        (httpx.WriteTimeout("x"), RequestTimeoutError, None),
        (httpx.TimeoutException("x"), RequestTimeoutError, None),
        (httpx.ReadError("x"), ConnectionLostError, None),
        (httpx.WriteError("x"), ConnectionLostError, None),
        (httpx.RemoteProtocolError("x"), ConnectionLostError, None),
        (httpx.LocalProtocolError("x"), ConnectionLostError, None),
        (httpx.StreamClosed(), ConnectionLostError, None),
        (httpx.InvalidURL("x"), ConnectionLostError, None),
        (ssl.SSLError(1, "x"), TransportError, None),
        (ValueError("x"), TransportError, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
async def test_errors_are_ours_and_say_what_was_sent(
    error: Exception, kind: type[AzureError], sent: bool | None
) -> None:
    def respond(_request: httpx.Request) -> httpx.Response:
        raise error

    async with over(respond) as transport:
        for _ in range(40):  # more than there are workers: none of them may end by it
            with pytest.raises(TransportError) as caught:
                await transport.send(POST)
            assert type(caught.value) is kind
            assert caught.value.request_sent is sent
            assert caught.value.__cause__ is error
    async with ServiceManagementClient(
        "sub", transport=httpx.MockTransport(respond), random=lambda: 0.0
    ) as client:
        with pytest.raises(AzureError) as lost:
            await client.delete_role("svc", "dep", "role")
        assert isinstance(lost.value, OutcomeUnknownError) is (sent is None)


class Stream(httpx.AsyncByteStream):
    def __init__(self, *parts: bytes, error: Exception | None = None) -> None:
        self.parts = parts
        self.error = error
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part
        if self.error is not None:
            raise self.error

    async def aclose(self) -> None:
        self.closed = True


async def test_an_answer_that_had_begun_was_sent() -> None:
    stream = Stream(b"<Loc", error=httpx.ReadError("x"))

    async def respond(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(202, headers=XML, stream=stream)

    async with over(respond) as transport:  # type: ignore[arg-type]
        with pytest.raises(ConnectionLostError) as caught:
            await transport.send(POST)
    assert (caught.value.request_sent, caught.value.status, caught.value.request_id) == (True, 202, "ab" * 16)
    assert stream.closed


async def test_an_answer_too_large_or_compressed_is_refused() -> None:
    answers = [
        httpx.Response(200, stream=Stream(b"x" * 60, b"x" * 60)),
        httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Stream(b"")),
    ]

    def respond(_request: httpx.Request) -> httpx.Response:
        return answers.pop(0)

    async with over(respond, max_response_bytes=100) as transport:
        for text in ("larger than 100 bytes", "compressed"):
            with pytest.raises(ProtocolError, match=text) as caught:
                await transport.send(POST)
            assert caught.value.request_sent is True


async def test_a_silent_one_is_given_up() -> None:
    async def never(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError

    async with over(never, exchange_timeout_seconds=0.01) as transport:  # type: ignore[arg-type]
        with pytest.raises(RequestTimeoutError) as caught:
            await transport.send(POST)
    assert caught.value.request_sent is None


async def test_what_a_server_does_to_httpx_is_told_in_our_words() -> None:
    async def cut(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)
        await stream.send(answer()[:-3])

    async def silent(peer: Peer, stream: ByteStream) -> None:
        await peer.read(stream)

    for behaviour, sent in ((cut, True), (silent, None)):
        async with serving(behaviour) as peer:
            settings = options(peer.port)
            async with httpx.AsyncHTTPTransport(verify=CERTIFICATE.ssl_context(settings.ca)) as foreign:
                async with HTTPTransport.through(settings, foreign) as transport:
                    with pytest.raises(ConnectionLostError) as caught:
                        await transport.send(POST)
        assert caught.value.request_sent is sent
    async with httpx.AsyncHTTPTransport() as foreign, HTTPTransport.through(settings, foreign) as transport:
        with pytest.raises(ConnectError) as refused:
            await transport.send(POST)
    assert refused.value.request_sent is False
