"""The documented API for programs without an event loop."""
# ruff: noqa: N802, N803 - the names are the documented ones

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Self

from azure_iaas.callback.bound import BoundService
from azure_iaas.callback.documented import DocumentedMethods
from azure_iaas.callback.host import DEFAULT_DRAIN_TIMEOUT_SECONDS, Host
from azure_iaas.callback.methods import is_positive
from azure_iaas.client import ServiceManagementClient
from azure_iaas.errors import InvalidArgumentError
from azure_iaas.frames import forgetful
from azure_iaas.transport import HTTPTransport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    import httpx

    from azure_iaas.callback.jobs import Job
    from azure_iaas.config import ClientOptions
    from azure_iaas.credentials import Auth
    from azure_iaas.transport import Sender


class ServiceManagementService(DocumentedMethods):
    """The documented API for programs without an event loop.

    Calls are carried out, and called back, on one background thread, which all such services of a process
    share: no two callbacks ever run at a time. A program that ends with calls pending stays until they are
    done::

        iaas = createServiceManagementService(subscriptionId, auth)
        iaas.ListHostedServices(lambda rsp: print(rsp.response))

    or says where it waits::

        with createServiceManagementService(subscriptionId, auth) as iaas:
            iaas.ListHostedServices(lambda rsp: print(rsp.response))

    What a callback raises goes to `sys.excepthook` and ends nothing; the program's exit code is then 1.
    SystemExit and KeyboardInterrupt end the program: nothing is called back any more, and the main thread
    meets them in `drain`, in `close` or at its end.

    Args:
        subscriptionId: subscription to work in.
        auth: management certificate: keyfile or keyvalue, certfile or certvalue. None: the environment
            variables ``CLIENT_AUTH_KEYFILE`` and ``CLIENT_AUTH_CERTFILE``, else the files priv.pem and
            pub.pem in the current folder.
        options: host, apiversion, serializetype, and any of :class:`~azure_iaas.config.ClientOptions`.
        transport: what sends requests instead of HTTP; see the client.
        drain_timeout_seconds: how long an ending program, or the end of a ``with`` block, waits for calls.
        **more: options as keywords.

    Raises:
        ConfigurationError: an option, key or certificate can't be used; it is named.
    """

    @forgetful
    def __init__(
        self,
        subscriptionId: str | None = None,
        auth: Auth = None,
        options: Mapping[str, Any] | ClientOptions | None = None,
        *,
        transport: Sender | httpx.AsyncBaseTransport | None = None,
        drain_timeout_seconds: float = DEFAULT_DRAIN_TIMEOUT_SECONDS,
        **more: Any,
    ) -> None:
        if not is_positive(drain_timeout_seconds):
            raise InvalidArgumentError(
                "createServiceManagementService", "drain_timeout_seconds", "a number of seconds above 0"
            )
        self._client = ServiceManagementClient(subscriptionId, auth, options, transport=transport, **more)
        self._last_answers = weakref.WeakValueDictionary()
        self._host = Host(self._client, drain_timeout_seconds)
        # A service nobody holds any more closes its connections when its last call is done.
        weakref.finalize(self, self._host.retire).atexit = False

    def __repr__(self) -> str:
        if not hasattr(self, "_client"):
            return "<ServiceManagementService that couldn't be made>"
        return f"<ServiceManagementService on {self._client!r}>"

    @staticmethod
    def bind(client: ServiceManagementClient) -> BoundService:
        """Give the documented API on a client of the running event loop; see :class:`BoundService`."""
        return BoundService(client)

    def __enter__(self) -> Self:
        """Give the service itself; leaving the block drains and closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait for all calls, ``drain_timeout_seconds`` at most, then close; after Ctrl-C without waiting.

        Raises:
            TimeoutError: calls were cut off, and the block itself raised nothing.
        """
        impatient = kind is not None and issubclass(kind, KeyboardInterrupt)
        try:
            self.close(0.0 if impatient else self._host.drain_timeout_seconds)
        except TimeoutError as exc:
            if error is None:
                raise
            error.add_note(str(exc))

    def drain(self, timeout_seconds: float | None = None) -> None:
        """Wait until all calls have called back, those their callbacks made included.

        Args:
            timeout_seconds: how long; None waits without limit.

        Raises:
            TimeoutError: calls are still pending; they are named, and go on.
            RuntimeError: called in a callback, where waiting would be for ever.
        """
        self._host.drain(timeout_seconds)

    def close(self, timeout_seconds: float | None = None) -> None:
        """Wait until all calls have called back, then close. Closing twice is fine.

        Args:
            timeout_seconds: how long to wait; what is pending then is cut off, and called back as failed.
                None waits without limit.

        Raises:
            TimeoutError: calls were cut off; they are named. The service is closed.
            RuntimeError: called in a callback, where waiting would be for ever.
        """
        self._host.close(timeout_seconds)

    def _submit(self, job: Job) -> None:
        self._host.submit(job)

    def _raised(self, job: Job, error: BaseException) -> None:
        self._host.callback_raised(job, error)

    def _set_proxy_url(self, url: str | None) -> None:
        if isinstance(self._client.transport, HTTPTransport):
            self._host.call_soon(self._client.set_proxy_url, url)
        else:
            self._client.set_proxy_url(url)


@forgetful
def createServiceManagementService(
    subscriptionId: str | None = None,
    auth: Auth = None,
    options: Mapping[str, Any] | ClientOptions | None = None,
    **more: Any,
) -> ServiceManagementService:
    """Make a service for one subscription; see :class:`ServiceManagementService`.

    Several may live side by side.

    Raises:
        ConfigurationError: an option, key or certificate can't be used; it is named.
    """
    return ServiceManagementService(subscriptionId, auth, options, **more)
