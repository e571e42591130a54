"""The local service in one object: for tests, scripts and the command line."""

from __future__ import annotations

import tempfile
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import anyio

from azure_iaas.emulator.service import Service
from azure_iaas.emulator.store import Store
from azure_iaas.endpoint.backend import Peer, utc_now
from azure_iaas.endpoint.certificates import CertificateFiles, ensure_certificates
from azure_iaas.endpoint.control import Control
from azure_iaas.endpoint.control_server import ControlServer
from azure_iaas.endpoint.front_end import FrontEnd
from azure_iaas.endpoint.memory import InMemorySender
from azure_iaas.endpoint.server import Limits, Server
from azure_iaas.endpoint.tls import server_context
from azure_iaas.errors import ConfigurationError
from azure_iaas.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime
    from types import TracebackType

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.endpoint.backend import Clock
    from azure_iaas.endpoint.injected_faults import Faults
    from azure_iaas.endpoint.request_log import LoggedRequest, RequestLog

SAMPLE_SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
"""The subscription of the documented sample."""

_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on


class LocalService:
    """The service on this machine, in this process.

    ::

        async with LocalService() as service, service.client() as client:
            await client.create_hosted_service("sampleService2")

    Args:
        data_dir: folder of certificates and state, kept between runs; None for a throw-away folder and
            state in memory.
        subscriptions: subscription IDs that exist; by default the documented sample's.
        speed: operations take their default duration, which follows the recorded ones, divided by this.
        dialect: element names answers are written in.
        strict: refuse unknown and misplaced elements, which the real service skipped.
        sockets: False for no sockets and no TLS: `client` then talks to the service in memory.
        clock: gives the service's time; default the real one. Certificates live in real time always.
        faults: what should go wrong, and when.
        host: address to listen on. The server certificate holds localhost, 127.0.0.1 and ::1.
        port: port to listen on; 0 takes a free one.
        seed: of all that is random in the service, such as request IDs and addresses.
        limits: what a client may use up.
        control: serve the control address on a port of its own, 127.0.0.1 only: True for a free port, or
            its number.
        on_request: called with each request before its answer leaves.

    Attributes:
        url: where clients connect to; None without sockets, as are host and port.
        host: name or address to connect to.
        port: port to connect to.
        subscription_id: the first subscription.
        subscriptions: all of them.
        ca_file: certificate authority to trust, PEM.
        key_file: key of the management certificate, PEM.
        cert_file: the management certificate, PEM.
        pem_file: both in one file.
        data_dir: the folder of these files.
        service: the core, for a look inside.
        server: the server, or None without sockets.
        control_url: the control address, or None without.
    """

    def __init__(
        self,
        data_dir: str | Path | None = None,
        subscriptions: Sequence[str] | None = None,
        *,
        speed: float = 1.0,
        dialect: Literal["ga", "preview"] = "ga",
        strict: bool = False,
        sockets: bool = True,
        clock: Clock | None = None,
        faults: Faults | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 0,
        limits: Limits | None = None,
        control: bool | int = False,
        on_request: Callable[[LoggedRequest], None] | None = None,
    ) -> None:
        if not speed > 0:
            raise ConfigurationError(f"speed: {speed} isn't greater than 0")
        if not 0 <= control <= 65535:
            raise ConfigurationError(f"control: {control} isn't a port")
        if isinstance(subscriptions, str):
            raise ConfigurationError("subscriptions: a list of subscription IDs, not one text")
        self.subscriptions = tuple(subscriptions or (SAMPLE_SUBSCRIPTION,))
        self.subscription_id = self.subscriptions[0]
        self.url: str | None = None
        self.host: str | None = None
        self.port: int | None = None
        self.server: Server | None = None
        self._given_data_dir = None if data_dir is None else Path(data_dir)
        self._speed = speed
        self._dialect = dialect
        self._strict = strict
        self._sockets = sockets
        self._clock = clock or utc_now
        self._faults = faults
        self._listen_host = host
        self._listen_port = port
        self._seed = seed
        self._limits = limits
        self.control_url: str | None = None
        # True is a free port, which 0 stands for; False isn't.
        self._control_port = None if control is False else 0 if control is True else control
        self._on_request = on_request
        self._running: AbstractAsyncContextManager[None] = nullcontext()

    async def __aenter__(self) -> Self:
        """Start, and return once clients can connect.

        Raises:
            ConfigurationError: the data folder, the certificates in it or the arguments are unusable.
            OSError: the port is in use, or the host isn't one of this machine.
        """
        self._running = self._run()
        await self._running.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The error of the body isn't passed inside: the task group there would wrap it in a group.
        await self._running.__aexit__(None, None, None)

    @asynccontextmanager
    async def _run(self) -> AsyncIterator[None]:
        with ExitStack() as stack:
            stack.enter_context(self._data_folder())
            files = await in_thread(
                lambda: ensure_certificates(self.data_dir, reuse=self._given_data_dir is None)
            )
            self.ca_file, self.pem_file = files.ca_file, files.pem_file
            self.key_file, self.cert_file = files.key_file, files.cert_file
            store = (
                None
                if self._given_data_dir is None
                else stack.enter_context(closing(Store(self.data_dir / "state.sqlite3")))
            )
            self.service = Service(
                store=store,
                subscriptions=self.subscriptions,
                dialect=self._dialect,
                strict=self._strict,
                seed=self._seed,
                thumbprints=[files.thumbprint],
                duration_factor=1.0 / self._speed,
            )
            self._peer = Peer(files.thumbprint)
            self._front_end = FrontEnd(self.service, faults=self._faults, clock=self._clock)
            self._front_end.requests.on_request = self._on_request
            async with AsyncExitStack() as listening:
                serving = []
                if self._control_port is not None:
                    control = ControlServer(Control(self._front_end))
                    listening.push_async_callback(control.aclose)
                    self.control_url = await control.listen(self._control_port)
                    serving.append(control.serve)
                if self._sockets:
                    self.server = await self._listen(files)
                    listening.push_async_callback(self.server.aclose)
                    serving.append(self.server.serve)
                if not serving:
                    yield
                    return
                async with anyio.create_task_group() as tasks:
                    for serve in serving:
                        tasks.start_soon(serve)
                    yield
                    if self.server is not None:
                        await self.server.aclose()
                    tasks.cancel_scope.cancel()

    async def _listen(self, files: CertificateFiles) -> Server:
        context = server_context(files.server_cert_file, files.server_key_file)
        expired = (
            server_context(files.expired_cert_file, files.server_key_file)
            if files.expired_cert_file.exists()
            else None
        )
        server = Server(self._front_end, context, limits=self._limits, expired_context=expired)
        self.port = await server.listen(self._listen_host, self._listen_port)
        self.host = _WILDCARDS.get(self._listen_host, self._listen_host)
        authority = f"[{self.host}]" if ":" in self.host else self.host
        self.url = f"https://{authority}:{self.port}"
        return server

    @contextmanager
    def _data_folder(self) -> Iterator[None]:
        if self._given_data_dir is not None:
            self.data_dir = self._given_data_dir.expanduser().resolve()
            yield
            return
        with tempfile.TemporaryDirectory(prefix="azure_iaas-", ignore_cleanup_errors=True) as folder:
            self.data_dir = Path(folder)
            yield

    @property
    def requests(self) -> RequestLog:
        """The latest requests with their answers, oldest first."""
        return self._front_end.requests

    def now(self) -> datetime:
        """Give the service's time."""
        return self._front_end.now()

    def jump_clock(self, seconds: float) -> None:
        """Move the service's time, so that operations end, or locks pass, at once.

        Args:
            seconds: how far; negative for backwards.

        Raises:
            ValueError: beyond the years 1 to 9999.
        """
        self._front_end.jump_clock(seconds)

    def sender(self) -> InMemorySender:
        """Give a sender that talks to the service without sockets, as the owner of the certificate."""
        return InMemorySender(self._front_end, self._peer)

    def client(self, **options: Any) -> ServiceManagementClient:
        """Give a client of the first subscription, to be used with ``async with``.

        Args:
            options: options of `ServiceManagementClient`, over those that lead to this service.
        """
        from azure_iaas.client import ServiceManagementClient  # noqa: PLC0415 - the core serves without it

        auth = {"keyfile": str(self.key_file), "certfile": str(self.cert_file)}
        if not self._sockets:
            return ServiceManagementClient(self.subscription_id, auth, options, transport=self.sender())
        options = {"host": self.host, "port": self.port, "ca": str(self.ca_file), **options}
        return ServiceManagementClient(self.subscription_id, auth, options)

    def connection_info(self) -> dict[str, Any]:
        """Give what a client in another process needs: the line that ``--json`` prints."""
        info = {
            "url": self.url,
            "host": self.host,
            "port": self.port,
            "subscription_id": self.subscription_id,
            "ca_file": str(self.ca_file),
            "key_file": str(self.key_file),
            "cert_file": str(self.cert_file),
            "pem_file": str(self.pem_file),
            "data_dir": str(self.data_dir),
        }
        return info if self.control_url is None else {**info, "control_url": self.control_url}
