"""The documented methods: their names, their argument order, their callbacks."""
# ruff: noqa: N802, N803 - the names are the documented ones

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from azure_iaas.callback.calls import LastAnswer, OperationWait, Timer
from azure_iaas.callback.methods import (
    check_callback,
    documented,
    documented_with_options,
    extension,
    is_positive,
    label,
    missing,
)
from azure_iaas.client.deferred import defer
from azure_iaas.config import Proxy
from azure_iaas.errors import InvalidArgumentError
from azure_iaas.operations import REGISTRY, tracking

if TYPE_CHECKING:
    import weakref
    from collections.abc import Callable, Mapping

    from azure_iaas import models
    from azure_iaas.callback.calls import Job
    from azure_iaas.callback.methods import Callback
    from azure_iaas.client import ServiceManagementClient


class DocumentedMethods:
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

    # --- the documented methods, in the documented order ------------------------------------------------

    @documented
    def GetOperationStatus(self, requestid: str, callback: Callback) -> None:
        """Ask how an accepted operation stands: ``Status`` InProgress, Succeeded or Failed.

        Args:
            requestid: the ``x-ms-request-id`` header of the response that accepted it.
            callback: gets the operation: ID, Status, HttpStatusCode, Error.
        """

    @documented
    def GetOSImage(self, imagename: str, callback: Callback) -> None:
        """Read the properties of an image."""

    @documented
    def ListOSImages(self, callback: Callback) -> None:
        """Read all images, as an array."""

    @overload
    def CreateOSImage(self, imageName: str, mediaLink: str, callback: Callback) -> None: ...

    @overload
    def CreateOSImage(
        self,
        imageName: str,
        mediaLink: str,
        imageOptions: models.ImageOptions | Mapping[str, Any] | None,
        callback: Callback,
    ) -> None: ...

    @documented_with_options
    def CreateOSImage(
        self, imageName: str, mediaLink: str, imageOptions: Any = None, callback: Any = None
    ) -> None:
        """Make an image of a blob.

        Args:
            imageName: its name.
            mediaLink: URL of the blob.
            imageOptions: Category, Label (default: the name), Location, RoleSize, OS (default: Linux). May be
                left out.
            callback: gets the properties of the image.
        """

    @documented
    def ListHostedServices(self, callback: Callback) -> None:
        """Read all hosted services, as an array."""

    @documented
    def GetHostedService(self, serviceName: str, callback: Callback) -> None:
        """Read the properties of a hosted service."""

    @overload
    def CreateHostedService(self, serviceName: str, callback: Callback) -> None: ...

    @overload
    def CreateHostedService(
        self,
        serviceName: str,
        serviceOptions: models.ServiceOptions | Mapping[str, Any] | None,
        callback: Callback,
    ) -> None: ...

    @documented_with_options
    def CreateHostedService(self, serviceName: str, serviceOptions: Any = None, callback: Any = None) -> None:
        """Create a hosted service.

        Args:
            serviceName: its name, unique in the whole cloud.
            serviceOptions: Description (default: Service host), Label (default: the name), Location (default:
                the option ``default_location``). May be left out.
            callback: gets an empty object.
        """

    @documented
    def GetStorageAccountKeys(self, serviceName: str, callback: Callback) -> None:
        """Read a storage account's keys: ``response.StorageServiceKeys.Primary`` and ``.Secondary``."""

    @documented
    def GetDeployment(self, serviceName: str, deploymentName: str, callback: Callback) -> None:
        """Read the properties of a deployment."""

    @documented
    def GetDeploymentBySlot(self, serviceName: str, deploymentSlot: str, callback: Callback) -> None:
        """Read the properties of the deployment in ``Staging`` or ``Production``."""

    @overload
    def CreateDeployment(
        self,
        serviceName: str,
        deploymentName: str,
        VMRole: models.VMRole | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...

    @overload
    def CreateDeployment(
        self,
        serviceName: str,
        deploymentName: str,
        VMRole: models.VMRole | Mapping[str, Any],
        deployOptions: models.DeployOptions | Mapping[str, Any] | None,
        callback: Callback,
    ) -> None: ...

    @documented_with_options
    def CreateDeployment(
        self,
        serviceName: str,
        deploymentName: str,
        VMRole: Any,
        deployOptions: Any = None,
        callback: Any = None,
    ) -> None:
        """Create a deployment with one virtual machine; accepted, to be followed by its request id.

        Args:
            serviceName: the hosted service it is in.
            deploymentName: its name.
            VMRole: the machine; RoleName and OSDisk are required.
            deployOptions: DeploymentSlot (default: Production), Label (default: the name),
                UpgradeDomainCount. May be left out.
            callback: gets an empty object.
        """

    @documented
    def GetRole(self, serviceName: str, deploymentName: str, roleName: str, callback: Callback) -> None:
        """Read the properties of a role."""

    @documented
    def AddRole(
        self,
        serviceName: str,
        deploymentName: str,
        VMRole: models.VMRole | Mapping[str, Any],
        callback: Callback,
    ) -> None:
        """Add a virtual machine to a deployment; accepted, to be followed by its request id."""

    @documented
    def ModifyRole(
        self,
        serviceName: str,
        deploymentName: str,
        roleName: str,
        VMRole: models.VMRole | Mapping[str, Any],
        callback: Callback,
    ) -> None:
        """Change a role; accepted. Its network configuration replaces the old one."""

    @documented
    def DeleteRole(self, serviceName: str, deploymentName: str, roleName: str, callback: Callback) -> None:
        """Delete a role; accepted. Its disks stay."""

    @documented
    def AddDataDisk(
        self,
        serviceName: str,
        deploymentName: str,
        roleName: str,
        datadisk: models.DataDisk | Mapping[str, Any],
        callback: Callback,
    ) -> None:
        """Attach a data disk, by name, by media or by size; accepted."""

    @documented
    def ModifyDataDisk(  # noqa: PLR0917 - the documented order
        self,
        serviceName: str,
        deploymentName: str,
        roleName: str,
        LUN: int | str,
        datadisk: models.DataDisk | Mapping[str, Any],
        callback: Callback,
    ) -> None:
        """Change the data disk at a logical unit number; accepted."""

    @documented
    def RemoveDataDisk(
        self, serviceName: str, deploymentName: str, roleName: str, LUN: int | str, callback: Callback
    ) -> None:
        """Detach the data disk at a logical unit number; accepted. Its blob stays."""

    @documented
    def ShutdownRoleInstance(
        self, serviceName: str, deploymentName: str, roleInstance: str, callback: Callback
    ) -> None:
        """Stop a virtual machine; accepted. It keeps its address, and is still billed."""

    @documented
    def RestartRoleInstance(
        self, serviceName: str, deploymentName: str, roleInstance: str, callback: Callback
    ) -> None:
        """Restart a virtual machine; accepted."""

    @documented
    def CaptureRoleInstance(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        captOptions: models.CaptureOptions | Mapping[str, Any],
        callback: Callback,
    ) -> None:
        """Make an image of a stopped virtual machine; accepted.

        Args:
            serviceName: the hosted service.
            deploymentName: the deployment.
            roleInstance: the machine.
            captOptions: PostCaptureActions, ProvisioningConfiguration, SupportsStatelessDeployment,
                TargetImageLabel, TargetImageName.
            callback: gets an empty object.
        """

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

    # --- extensions -------------------------------------------------------------------------------------

    @documented
    def StartRoleInstance(
        self, serviceName: str, deploymentName: str, roleInstance: str, callback: Callback
    ) -> None:
        """Start a stopped virtual machine; accepted."""

    @documented
    def DeleteDeployment(
        self, serviceName: str, deploymentName: str, callback: Callback, *, deleteMedia: bool = False
    ) -> None:
        """Delete a deployment with all its machines; accepted. With ``deleteMedia`` their disks go too."""

    @documented
    def DeleteHostedService(self, serviceName: str, callback: Callback, *, deleteMedia: bool = False) -> None:
        """Delete a hosted service; with ``deleteMedia`` its deployments and disks too, and then accepted."""

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
        question = defer(self._client, "get_operation_status", request_id).request
        last = self._last_answers.get(requestId)
        if last is None:
            last = self._last_answers[requestId] = LastAnswer()
        self._submit(
            OperationWait(
                label(method, {"requestId": requestId}),
                self._client,
                request_id,
                question,
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
        check_callback("SetTimeout", "function", function)
        if milliseconds != 0 and not is_positive(milliseconds):
            raise InvalidArgumentError("SetTimeout", "milliseconds", "a number, at least 0, is required")
        self._submit(Timer(f"SetTimeout({milliseconds:g} ms)", function, milliseconds / 1000))


for _name in REGISTRY:
    if not hasattr(DocumentedMethods, _name):
        setattr(DocumentedMethods, _name, extension(_name))
