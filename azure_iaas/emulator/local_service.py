"""The local service in one object: for tests, scripts and the command line."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self

import anyio

from azure_iaas.emulator.hosting import TaskHost, ThreadHost
from azure_iaas.emulator.page.server import page_server
from azure_iaas.emulator.service import Service
from azure_iaas.emulator.state_files import copy_state
from azure_iaas.emulator.store import FILE_NAME, Store
from azure_iaas.endpoint.backend import Peer, utc_now
from azure_iaas.endpoint.control import Control
from azure_iaas.endpoint.control_server import control_server
from azure_iaas.endpoint.front_end import FrontEnd
from azure_iaas.endpoint.memory import InMemorySender
from azure_iaas.errors import ConfigurationError
from azure_iaas.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
    from datetime import datetime
    from types import TracebackType

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.endpoint.backend import Clock
    from azure_iaas.endpoint.certificates import CertificateFiles
    from azure_iaas.endpoint.injected_faults import Faults
    from azure_iaas.endpoint.request_log import LoggedRequest, RequestLog
    from azure_iaas.endpoint.server import Limits, Server

SAMPLE_SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
"""The subscription of the documented sample."""

_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on
_NO_CERTIFICATE = "0" * 40
"""Thumbprint of who asks where there is no TLS."""
_EXTRA_MODULES = frozenset({"OpenSSL", "cryptography"})


class LocalService:
    """The service on this machine, in this process.

    In async code it is tasks of the running event loop::

        async with LocalService() as service, service.client() as client:
            await client.create_hosted_service("sampleService2")

    In any other code it has a thread of its own::

        with LocalService() as service:
            subprocess.run(["my-program"], env={**os.environ, **service.environment()})

    `open` and `aclose`, or `start` and `stop`, do the same without a block, from any task of the loop or from
    any thread. All other methods may be called from any thread and any event loop.

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
        ui: serve a page to look at, which shows what there is and what happens, on a port of its own,
            127.0.0.1 only: True for a free port, or its number.
        on_request: called with each request before its answer leaves.
        state: a state to begin with: ``state.sqlite3`` of another run's data folder, which is left as it is.

    Attributes:
        url: where clients connect to; None without sockets, as are host and port.
        host: name or address to connect to.
        port: port to connect to.
        subscription_id: the first subscription.
        subscriptions: all of them.
        data_dir: the folder of certificates and state.
        service: the core, for a look inside.
        server: the server, or None without sockets.
        control_url: the control address, or None without.
        ui_url: the page, or None without.
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
        ui: bool | int = False,
        on_request: Callable[[LoggedRequest], None] | None = None,
        state: str | Path | None = None,
    ) -> None:
        if not speed > 0:
            raise ConfigurationError(f"speed: {speed} isn't greater than 0")
        for name, given in (("control", control), ("ui", ui)):
            if not 0 <= given <= 65535:
                raise ConfigurationError(f"{name}: {given} isn't a port")
        if isinstance(subscriptions, str):
            raise ConfigurationError("subscriptions: a list of subscription IDs, not one text")
        if state is not None and data_dir is not None:
            raise ConfigurationError("state: the data folder has its own")
        self.subscriptions: Final = tuple(subscriptions or (SAMPLE_SUBSCRIPTION,))
        self.subscription_id: Final = self.subscriptions[0]
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
        self.ui_url: str | None = None
        self._control_port = _port(control)
        self._ui_port = _port(ui)
        self._on_request = on_request
        self._first_state = None if state is None else Path(state)
        self._files: CertificateFiles | None = None
        self._host: TaskHost | ThreadHost | None = None

    # As tasks of the running event loop

    async def open(self) -> Self:
        """Start in the running event loop, asyncio's or trio's; gives itself once clients can connect.

        Raises:
            ConfigurationError: the data folder, the certificates in it, the state or the arguments are
                unusable, or with sockets the extra ``emulator`` isn't installed.
            OSError: the port is in use, or the host isn't one of this machine.
            RuntimeError: it runs already.
        """
        host = TaskHost(self._run)
        self._take(host)
        try:
            await host.open()
        except BaseException:
            self._host = None
            raise
        return self

    async def aclose(self) -> None:
        """End it, from any task of the loop it was opened on. Closing twice is fine.

        Raises:
            RuntimeError: it was begun by `start`.
        """
        host = self._host
        if isinstance(host, ThreadHost):
            msg = "the local service has a thread of its own: use stop(), or 'with' without 'async'"
            raise RuntimeError(msg)  # noqa: TRY004 - it's about the state, not about an argument
        if host is not None:
            try:
                await host.close()
            finally:
                self._host = None

    async def __aenter__(self) -> Self:
        """Start, as `open` does."""
        return await self.open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    # On a thread of its own

    def start(self) -> Self:
        """Start on a thread of its own; gives itself once clients can connect.

        The thread ends by `stop`, or with the program.

        Raises:
            ConfigurationError, OSError, RuntimeError: as `open`.
        """
        host = ThreadHost(self._run)
        self._take(host)
        try:
            host.open()
        except BaseException:
            self._host = None
            raise
        return self

    def stop(self) -> None:
        """End it, and its thread, from any thread but its own. Stopping twice is fine.

        Raises:
            RuntimeError: it was begun by `open`.
        """
        host = self._host
        if isinstance(host, TaskHost):
            msg = "the local service belongs to an event loop: use 'await aclose()', or 'async with'"
            raise RuntimeError(msg)  # noqa: TRY004 - as above
        if host is not None:
            try:
                host.close()
            finally:
                self._host = None

    def __enter__(self) -> Self:
        """Start, as `start` does."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take(self, host: TaskHost | ThreadHost) -> None:
        if self._host is not None:
            raise RuntimeError("the local service runs already")
        self._host = host

    @asynccontextmanager
    async def _run(self) -> AsyncIterator[None]:
        with ExitStack() as stack:
            stack.enter_context(self._data_folder())
            self._files = await in_thread(self._certificates) if self._sockets else None
            thumbprint = self._files.thumbprint if self._files is not None else _NO_CERTIFICATE
            store = self._store()
            self.service: Service = Service(
                store=None if store is None else stack.enter_context(closing(store)),
                subscriptions=self.subscriptions,
                dialect=self._dialect,
                strict=self._strict,
                seed=self._seed,
                thumbprints=[thumbprint],
                duration_factor=1.0 / self._speed,
            )
            self._peer = Peer(thumbprint)
            self._front_end = FrontEnd(self.service, faults=self._faults, clock=self._clock)
            self._front_end.requests.on_request = self._on_request
            self._control = Control(self._front_end)
            async with AsyncExitStack() as listening:
                serving = []
                if self._control_port is not None:
                    control = control_server(self._control)
                    listening.push_async_callback(control.aclose)
                    self.control_url = await control.listen(self._control_port)
                    serving.append(control.serve)
                if self._ui_port is not None:
                    page = page_server(self.service, self._front_end)
                    listening.push_async_callback(page.aclose)
                    self.ui_url = await page.listen(self._ui_port)
                    serving.append(page.serve)
                if self._files is not None:
                    self.server = await self._listen(self._files)
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

    def _certificates(self) -> CertificateFiles:
        try:
            from azure_iaas.endpoint.certificates import ensure_certificates  # noqa: PLC0415 - needs the extra
            from azure_iaas.endpoint.server import Server  # noqa: F401, PLC0415 - as above
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] not in _EXTRA_MODULES:
                raise
            raise ConfigurationError(
                f"the local service needs {error.name}: pip install 'azure-iaas[emulator]'"
            ) from error
        return ensure_certificates(self.data_dir, reuse=self._given_data_dir is None)

    def _store(self) -> Store | None:
        if self._given_data_dir is not None:
            try:
                self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise ConfigurationError(f"data folder {self.data_dir}: {error.strerror}") from error
            return Store(self.data_dir / FILE_NAME)
        if self._first_state is None:
            return None
        copy_state(self._first_state, self.data_dir / FILE_NAME)
        return Store(self.data_dir / FILE_NAME)

    async def _listen(self, files: CertificateFiles) -> Server:
        from azure_iaas.endpoint.server import Server  # noqa: PLC0415 - needs the extra
        from azure_iaas.endpoint.tls import server_context  # noqa: PLC0415 - as above

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
            self.data_dir: Path = self._given_data_dir.expanduser().resolve()
            yield
            return
        with tempfile.TemporaryDirectory(prefix="azure_iaas-", ignore_cleanup_errors=True) as folder:
            self.data_dir = Path(folder)
            yield

    # Files

    @property
    def files(self) -> CertificateFiles:
        """The certificates.

        Raises:
            ConfigurationError: there are none without sockets.
        """
        if self._files is None:
            raise ConfigurationError(
                "the local service has certificates with sockets only, and once it was started"
            )
        return self._files

    @property
    def ca_file(self) -> Path:
        """Certificate authority to trust, PEM."""
        return self.files.ca_file

    @property
    def key_file(self) -> Path:
        """Key of the management certificate, PEM."""
        return self.files.key_file

    @property
    def cert_file(self) -> Path:
        """The management certificate, PEM."""
        return self.files.cert_file

    @property
    def pem_file(self) -> Path:
        """Key and management certificate in one file."""
        return self.files.pem_file

    # What was asked, and what goes wrong

    @property
    def requests(self) -> RequestLog:
        """The latest requests with their answers, oldest first."""
        return self._front_end.requests

    @property
    def faults(self) -> Faults | None:
        """What should go wrong, and when; may be replaced while the service runs."""
        return self._front_end.faults

    @faults.setter
    def faults(self, faults: Faults | None) -> None:
        self._front_end.faults = faults

    def hold_lock(
        self, service_name: str, seconds: float = 60.0, *, subscription_id: str | None = None
    ) -> str:
        """Let another client's operation hold a hosted service from now on: writes get 409.

        Args:
            service_name: the hosted service.
            seconds: how long, not divided by ``speed``.
            subscription_id: whose service; the first subscription's when None.

        Returns:
            The request id of that operation, which can be polled.

        Raises:
            LookupError: there is no such subscription or service.
        """
        with self._front_end.lock:
            return self.service.hold_lock(service_name, seconds, self.now(), subscription_id=subscription_id)

    def fail_next_write(
        self, status: int = 500, code: str = "InternalError", message: str = "The operation failed."
    ) -> None:
        """Let the next write that is accepted (202) end as ``Failed``, without effect."""
        with self._front_end.lock:
            self.service.fail_next_write(status, code, message)

    def forget_operation(self, request_id: str) -> None:
        """Know nothing of an operation any more: 404; what it does goes on.

        Raises:
            LookupError: it wasn't known before.
        """
        with self._front_end.lock:
            self.service.forget_operation(request_id)

    # Time

    def now(self) -> datetime:
        """Give the service's time."""
        return self._front_end.now()

    def advance(self, seconds: float) -> None:
        """Let time pass in the service at once, so that operations end, machines become ready, locks pass.

        Args:
            seconds: how much of it; a clock that goes backwards is `jump_clock`.

        Raises:
            ValueError: a negative number, or beyond the year 9999.
        """
        if not seconds >= 0:
            raise ValueError("time passes forwards: a number of seconds from 0 on is needed")
        self._front_end.jump_clock(seconds)

    def jump_clock(self, seconds: float) -> None:
        """Move the service's time, so that operations end, or locks pass, at once.

        Args:
            seconds: how far; negative for backwards.

        Raises:
            ValueError: beyond the years 1 to 9999.
        """
        self._front_end.jump_clock(seconds)

    # State

    def populate(self, fill: Callable[[ServiceManagementClient], Awaitable[object]]) -> None:
        """Run an async function with a client of this service, and return when it has ended.

        It runs on a thread and an event loop of its own, so this may be called anywhere, also where a loop
        runs. To let its operations end it may wait for them, or call `advance`.

        Args:
            fill: makes what should be there, with a client in memory.

        Raises:
            Exception: what the function raised.
        """

        async def main() -> None:
            async with self.client_in_memory() as client:
                await fill(client)

        with ThreadPoolExecutor(1, "azure_iaas populate") as threads:
            threads.submit(anyio.run, main).result()

    def snapshot(self) -> object:
        """Give a copy of the state, for `restore` of the same service."""
        with self._front_end.lock:
            return self.service.snapshot()

    def restore(self, state: object) -> None:
        """Put a copy of a state back, any number of times; the time isn't part of it.

        Raises:
            TypeError: it isn't a snapshot.
            OSError: it could not be written; the present state stays.
        """
        with self._front_end.lock:
            self.service.restore(state)

    def reset(self) -> None:
        """Put back the state, the clock and the faults of the start, and forget all requests."""
        self._control.reset()

    @contextmanager
    def checkpoint(self) -> Iterator[Self]:
        """Put back the state, the clock and the faults at the end of a block, and forget all requests."""
        front_end = self._front_end
        with front_end.lock:
            state, offset, faults = self.service.snapshot(), front_end.offset, front_end.faults
        try:
            yield self
        finally:
            with front_end.lock:
                self.service.restore(state)
                front_end.offset, front_end.faults = offset, faults
                front_end.requests.clear()

    # Clients

    def sender(self) -> InMemorySender:
        """Give a sender that talks to the service without sockets, as the owner of the certificate.

        It is for any event loop: nothing has to be opened or closed.
        """
        return InMemorySender(self._front_end, self._peer)

    def client(self, **options: Any) -> ServiceManagementClient:
        """Give a client of the first subscription, to be used with ``async with``.

        Args:
            options: options of `ServiceManagementClient`, over those that lead to this service.
        """
        from azure_iaas.client import ServiceManagementClient  # noqa: PLC0415 - the core serves without it

        if not self._sockets:
            return self.client_in_memory(**options)
        auth = {"keyfile": str(self.key_file), "certfile": str(self.cert_file)}
        options = {"host": self.host, "port": self.port, "ca": str(self.ca_file), **options}
        return ServiceManagementClient(self.subscription_id, auth, options)

    def client_in_memory(self, **options: Any) -> ServiceManagementClient:
        """Give a client of the first subscription that uses no sockets, whether the service has some or not.

        It is for any event loop, and needs neither be opened nor closed.

        Args:
            options: options of `ServiceManagementClient`.
        """
        from azure_iaas.client import ServiceManagementClient  # noqa: PLC0415 - as above

        return ServiceManagementClient(self.subscription_id, None, options, transport=self.sender())

    def environment(self) -> dict[str, str]:
        """Give the variables that lead a program here that uses this library and names no host itself.

        Raises:
            ConfigurationError: there are no sockets.
        """
        return {
            "AZURE_IAAS_HOST": str(self.url).removeprefix("https://"),
            "AZURE_IAAS_CA": str(self.ca_file),
            "AZURE_IAAS_SUBSCRIPTION_ID": self.subscription_id,
            "CLIENT_AUTH_KEYFILE": str(self.key_file),
            "CLIENT_AUTH_CERTFILE": str(self.cert_file),
        }

    def connection_info(self) -> dict[str, Any]:
        """Give what a client in another process needs: the line that ``--json`` prints.

        Without sockets there are neither addresses nor files: None.
        """
        files = self._files
        info = {
            "url": self.url,
            "host": self.host,
            "port": self.port,
            "subscription_id": self.subscription_id,
            "ca_file": files and str(files.ca_file),
            "key_file": files and str(files.key_file),
            "cert_file": files and str(files.cert_file),
            "pem_file": files and str(files.pem_file),
            "data_dir": str(self.data_dir),
        }
        further = {"control_url": self.control_url, "ui_url": self.ui_url}
        return info | {name: url for name, url in further.items() if url is not None}


def _port(given: bool | int) -> int | None:
    """The port to listen on, 0 for a free one, None for none."""
    if given is False:
        return None
    return 0 if given is True else given
