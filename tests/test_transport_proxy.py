"""Tunnelling through a real CONNECT proxy, ``proxy.py``, and through broken ones."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas.addresses import Proxy
from azure_iaas.config import ClientOptions
from azure_iaas.errors import AzureError, ConfigurationError, ConnectError, RequestTimeoutError, TLSError
from azure_iaas.transport import Connection, HTTPTransport
from azure_iaas.wire.messages import RawRequest
from tests.transport_peers import AUTHORITY, CA_PEM, CERTIFICATE, Peer, answering, options, serving

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from anyio.abc import ByteStream

    from azure_iaas.config import ResolvedOptions

pytestmark = pytest.mark.anyio

GET = RawRequest("GET", "/sub/operations/1", {"x-ms-version": "2014-10-01"})
SECRET = "p@ss:word"
QUOTED = "p%40ss%3Aword"


def running_proxy(folder: Path, *arguments: str) -> Iterator[int]:
    port_file = folder / "port"
    command = [sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", "0", "--num-workers", "1"]
    command += ["--num-acceptors", "1", "--port-file", str(port_file), "--data-dir", str(folder), *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield written_port(port_file)
        finally:
            process.terminate()


def written_port(file: Path) -> int:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if file.exists() and (text := file.read_text().strip()):
            return int(text)
        time.sleep(0.05)
    raise TimeoutError(file)


@pytest.fixture(scope="module")
def open_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    yield from running_proxy(tmp_path_factory.mktemp("open"))


@pytest.fixture(scope="module")
def closed_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    yield from running_proxy(tmp_path_factory.mktemp("closed"), "--basic-auth", f"user:{SECRET}")


@pytest.fixture(scope="module")
def tls_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("tls")
    identity = AUTHORITY.issue_cert("localhost")
    identity.private_key_pem.write_to_path(folder / "key.pem")
    identity.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    files = ("--cert-file", str(folder / "cert.pem"), "--key-file", str(folder / "key.pem"))
    yield from running_proxy(folder, *files)


def noting(proxies: list[Proxy | None]) -> Callable[..., Connection]:
    """Make connections as always, and note by which proxy."""

    def connect(
        context: ssl.SSLContext, settings: ResolvedOptions, proxy: Proxy | None, *rest: Any
    ) -> Connection:
        proxies.append(proxy)
        return Connection(context, settings, proxy, *rest)

    return connect


async def test_requests_go_through_the_tunnel(open_proxy: int) -> None:
    proxies: list[Proxy | None] = []
    async with serving(answering) as peer:
        settings = options(peer.port, proxy_url=f"http://127.0.0.1:{open_proxy}")
        async with HTTPTransport(settings, CERTIFICATE, connect=noting(proxies)) as transport:
            for _ in range(3):
                assert (await transport.send(GET)).body == b"<ok/>"
    assert (peer.connections, len(peer.requests)) == (1, 3)
    assert proxies == [Proxy("127.0.0.1", open_proxy)]
    assert peer.requests[0].header("proxy-authorization") == []


async def test_environment_proxy_with_credentials(closed_proxy: int) -> None:
    async with serving(answering) as peer:
        settings = ClientOptions.resolve(
            {"host": f"localhost:{peer.port}", "ca": CA_PEM},
            {"HTTPS_PROXY": f"http://user:{QUOTED}@127.0.0.1:{closed_proxy}"},
        )
        async with HTTPTransport(settings, CERTIFICATE) as transport:
            assert (await transport.send(GET)).status == 200
        shown = f"{settings!r} {transport!r}"
    assert peer.requests[0].header("proxy-authorization") == []
    assert SECRET not in shown
    assert QUOTED not in shown


@pytest.mark.parametrize(("user", "text"), [("", "asks for"), ("user:wr0ng-secret@", "refuses the")])
async def test_missing_or_wrong_credentials_mean_never_sent(
    closed_proxy: int, user: str, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(answering) as peer:
        settings = options(peer.port, proxy_url=f"http://{user}127.0.0.1:{closed_proxy}")
        async with HTTPTransport(settings, CERTIFICATE) as transport:
            with pytest.raises(ConnectError, match=rf"{text} credentials.* \(407\)") as caught:
                await transport.send(GET)
    assert caught.value.request_sent is False
    assert peer.connections == 0
    error: BaseException | None = caught.value
    while error is not None:
        assert "wr0ng-secret" not in f"{error!r} {error} {vars(error)}"
        error = error.__cause__ or error.__context__
    assert "wr0ng-secret" not in caplog.text


async def test_the_proxy_may_change_while_running(open_proxy: int) -> None:
    proxy = Proxy("127.0.0.1", open_proxy)
    proxies: list[Proxy | None] = []
    async with (
        serving(answering) as peer,
        HTTPTransport(options(peer.port), CERTIFICATE, connect=noting(proxies)) as transport,
    ):
        for url, expected in (
            (None, None),
            (f"http://127.0.0.1:{open_proxy}", proxy),
            (f"127.0.0.1:{open_proxy}", proxy),
            ("", None),
        ):
            transport.set_proxy_url(url)
            assert (await transport.send(GET)).status == 200
            assert proxies.pop() == expected
            assert proxies == []
        with pytest.raises(ConfigurationError):
            transport.set_proxy_url("socks5://127.0.0.1:1")
        assert (await transport.send(GET)).status == 200
    assert (peer.connections, len(peer.requests)) == (4, 5)


async def test_idle_connections_are_closed_when_the_proxy_changes() -> None:
    ended = anyio.Event()

    async def watching(peer: Peer, stream: ByteStream) -> None:
        try:
            await answering(peer, stream)
        finally:
            ended.set()

    async with serving(watching) as peer, HTTPTransport(options(peer.port), CERTIFICATE) as transport:
        await transport.send(GET)
        await anyio.wait_all_tasks_blocked()
        transport.set_proxy_url("http://127.0.0.1:9")
        with anyio.fail_after(5):
            await ended.wait()


async def test_a_proxy_spoken_to_over_tls(tls_proxy: int) -> None:
    async with serving(answering) as peer:
        settings = options(peer.port, proxy_url=f"https://localhost:{tls_proxy}")
        async with HTTPTransport(settings, CERTIFICATE) as transport:
            assert (await transport.send(GET)).body == b"<ok/>"


async def closes(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)


async def forbids(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    await stream.send(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")


async def babbles(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    await stream.send(b"220 smtp.example ESMTP\r\n\r\n")


async def talks_early(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    await stream.send(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 forged")


async def stalls(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    await anyio.sleep_forever()


async def no_tls_behind_it(peer: Peer, stream: ByteStream) -> None:
    await peer.read(stream)
    await stream.send(b"HTTP/1.1 200 OK\r\n\r\n")
    await stream.receive()
    await stream.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (closes, ConnectError),
        (forbids, ConnectError),
        (babbles, ConnectError),
        (talks_early, ConnectError),
        (stalls, RequestTimeoutError),
        (no_tls_behind_it, TLSError),
    ],
)
async def test_a_broken_proxy_means_never_sent(behaviour: Any, error: type[AzureError]) -> None:
    async with serving(behaviour, tls=False) as proxy:
        settings = options(
            1, proxy_url=f"http://u:{QUOTED}@127.0.0.1:{proxy.port}", connect_timeout_seconds=0.5
        )
        async with HTTPTransport(settings, CERTIFICATE) as transport:
            with pytest.raises(error) as caught:
                await transport.send(GET)
    assert caught.value.request_sent is False
    assert SECRET not in f"{caught.value!r} {vars(caught.value)}"
    assert proxy.requests[0].line == "CONNECT localhost:1 HTTP/1.1"
    assert proxy.requests[0].header("host") == ["localhost:1"]
    assert proxy.requests[0].header("proxy-authorization") == ["Basic dTpwQHNzOndvcmQ="]


async def test_a_proxy_that_refuses_connections_means_never_sent() -> None:
    async with serving(closes, tls=False) as proxy:
        settings = options(1, proxy_url=f"http://127.0.0.1:{proxy.port}")
    async with HTTPTransport(settings, CERTIFICATE) as transport:
        with pytest.raises(ConnectError, match=r"through proxy 127\.0\.0\.1") as caught:
            await transport.send(GET)
    assert caught.value.request_sent is False
