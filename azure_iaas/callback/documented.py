"""The documented API: the methods of the operations, and those that are none."""
# ruff: noqa: N802, N803 - the names are the documented ones

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.addresses import Proxy
from azure_iaas.callback.api import ApiMethods
from azure_iaas.callback.jobs import LastAnswer, OperationWait, Timer
from azure_iaas.callback.methods import check_callback, is_positive, label, missing
from azure_iaas.errors import InvalidArgumentError
from azure_iaas.frames import forgetful
from azure_iaas.operations import REGISTRY, tracking

if TYPE_CHECKING:
    import weakref
    from collections.abc import Callable

    from azure_iaas.callback.jobs import Job
    from azure_iaas.callback.methods import Callback
    from azure_iaas.client import ServiceManagementClient


class DocumentedMethods(ApiMethods):
    """The 21 documented methods, and the extensions in the same manner.

    Each takes a callback as its last argument, by position or by name, and calls it once with a
    :class:`~azure_iaas.callback.response.Response`, after the method has returned. An optional object
    before it may be left out. Objects may be given as mappings with documented names, or as models; they
    aren't kept, so that changing them later changes nothing.

    Every method raises :class:`~azure_iaas.errors.InvalidArgumentError` at the call, naming method and
    argument, when a required argument is missing or empty, when the callback is missing or no function, or
    when a value breaks a rule of the service; and RuntimeError when the service is closed. All else is for
    the callback.

    Operations that aren't documented there have methods of the same kind, named by the same rule:
    ``ListLocations(callback)``, ``DeleteDisk(diskName, callback, deleteMedia=True)``. Their arguments are
    those of the async client's methods; :data:`azure_iaas.operations.REGISTRY` lists them.
    """

    _client: ServiceManagementClient
    _last_answers: weakref.WeakValueDictionary[str, LastAnswer]

    def _submit(self, job: Job) -> None:
        raise NotImplementedError

    def _raised(self, job: Job, error: BaseException) -> None:
        raise NotImplementedError

    @forgetful
    def SetProxyUrl(self, proxyurl: str | None) -> None:
        """Tunnel later requests through a proxy; overrides ``HTTPS_PROXY``. No callback.

        Args:
            proxyurl: ``http://[user:password@]host[:port]``; None or empty for no proxy.

        Raises:
            ConfigurationError: not such a URL, or the client sends no HTTP.
        """
        if proxyurl:
            Proxy.from_url(proxyurl)
        self._set_proxy_url(proxyurl)

    def _set_proxy_url(self, url: str | None) -> None:
        self._client.set_proxy_url(url)

    def WaitForOperation(
        self,
        requestId: str,
        callback: Callback,
        progress: Callback | None = None,
        *,
        intervalSeconds: float | None = None,
        timeoutSeconds: float | None = tracking.DEFAULT_TIMEOUT_SECONDS,
    ) -> None:
        """Wait until an accepted operation has ended, instead of asking with a timer of one's own.

        Args:
            requestId: the ``x-ms-request-id`` header of the response that accepted it.
            callback: called once, when the operation ended. ``isSuccessful`` is False when it failed: status,
                code and message are then the failure's. ``OperationTimeoutError`` in ``error.Code`` says that
                it is still in progress.
            progress: called like a callback of GetOperationStatus after each question but the last.
            intervalSeconds: between questions; None asks when operations of its kind have ended so far.
            timeoutSeconds: until giving up; None waits without limit.

        Raises:
            InvalidArgumentError: an argument is missing or breaks a rule; it is named.
            RuntimeError: the service is closed.
        """
        method = "WaitForOperation"
        if not isinstance(requestId, str) or not requestId.strip():
            raise missing(method, "requestId")
        check_callback(method, "callback", callback)
        if progress is not None:
            check_callback(method, "progress", progress)
        for name, seconds in (("intervalSeconds", intervalSeconds), ("timeoutSeconds", timeoutSeconds)):
            if seconds is not None and not is_positive(seconds):
                raise InvalidArgumentError(method, name, "a number of seconds above 0, or None, is required")
        request_id = tracking.check_request_id(method, "requestId", requestId.strip())
        question = REGISTRY["GetOperationStatus"].build(self._client, request_id)
        last = self._last_answers.get(requestId)
        if last is None:
            last = self._last_answers[requestId] = LastAnswer()
        self._submit(
            OperationWait(
                label(method, {"requestId": requestId}),
                self._client,
                request_id,
                question.request,
                last,
                callback,
                progress,
                self._raised,
                interval=intervalSeconds,
                timeout=timeoutSeconds,
            )
        )

    def SetTimeout(self, function: Callable[[], object], milliseconds: float) -> None:
        """Call a function later, where callbacks are called; a program that ends waits for it as for a call.

        Args:
            function: called without arguments.
            milliseconds: from now; 0 is as soon as possible.

        Raises:
            InvalidArgumentError: no function, or no such number.
            RuntimeError: the service is closed.
        """
        check_callback("SetTimeout", "function", function, takes="no argument")
        if milliseconds != 0 and not is_positive(milliseconds):
            raise InvalidArgumentError("SetTimeout", "milliseconds", "a number, at least 0, is required")
        self._submit(Timer(f"SetTimeout({milliseconds:g} ms)", function, milliseconds / 1000))
