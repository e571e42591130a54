"""The documented methods: their names and arguments, and what is refused at the call."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas import ServiceManagementClient
from azure_iaas.callback import BoundService, ServiceManagementService, createServiceManagementService
from azure_iaas.errors import ConfigurationError, InvalidArgumentError
from azure_iaas.operations import DOCUMENTED, REGISTRY
from azure_iaas.wire.messages import RawRequest, RawResponse
from tools import callback_stub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"

# The signatures of the documented page, word for word; brackets mark what may be left out.
SIGNATURES = """
GetOperationStatus(requestid)
GetOSImage(imagename)
ListOSImages()
CreateOSImage(imageName, mediaLink, [imageOptions])
ListHostedServices()
GetHostedService(serviceName)
CreateHostedService(serviceName, [serviceOptions])
GetStorageAccountKeys(serviceName)
GetDeployment(serviceName, deploymentName)
GetDeploymentBySlot(serviceName, deploymentSlot)
CreateDeployment(serviceName, deploymentName, VMRole, [deployOptions])
GetRole(serviceName, deploymentName, roleName)
AddRole(serviceName, deploymentName, VMRole)
ModifyRole(serviceName, deploymentName, roleName, VMRole)
DeleteRole(serviceName, deploymentName, roleName)
AddDataDisk(serviceName, deploymentName, roleName, datadisk)
ModifyDataDisk(serviceName, deploymentName, roleName, LUN, datadisk)
RemoveDataDisk(serviceName, deploymentName, roleName, LUN)
ShutdownRoleInstance(serviceName, deploymentName, roleInstance)
RestartRoleInstance(serviceName, deploymentName, roleInstance)
CaptureRoleInstance(serviceName, deploymentName, roleInstance, captOptions)
""".strip().splitlines()

ROLE = {"RoleName": "role", "OSDisk": {"SourceImageName": "image"}}
VALUES: dict[str, Any] = {
    "VMRole": ROLE,
    "datadisk": {"LogicalDiskSizeInGB": 10},
    "requestid": "ab" * 16,
    "LUN": "0",
    "deploymentSlot": "Staging",
    "roleName": "role",
    "captOptions": {
        "PostCaptureActions": "Delete",
        "TargetImageLabel": "label",
        "TargetImageName": "image",
    },
    "imageOptions": {"Label": "label"},
    "serviceOptions": {"Label": "label"},
    "deployOptions": {"Label": "label"},
}


class Recorder:
    """Answers every request with 202 and remembers it."""

    def __init__(self) -> None:
        self.requests: list[RawRequest] = []

    async def send(self, request: RawRequest) -> RawResponse:
        self.requests.append(request)
        return RawResponse(202, {"x-ms-request-id": "1" * 32}, b"")


def parsed(signature: str) -> tuple[str, list[str], str | None]:
    """Name, required arguments, and the optional one."""
    name, _, rest = signature.rstrip(")").partition("(")
    arguments = [each.strip() for each in rest.split(",") if each.strip()]
    optional = arguments.pop().strip("[]") if arguments and arguments[-1].startswith("[") else None
    return name, arguments, optional


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def iaas(recorder: Recorder) -> Iterator[ServiceManagementService]:
    with createServiceManagementService(SUBSCRIPTION, transport=recorder) as service:
        yield service


def value_of(argument: str) -> Any:
    return VALUES.get(argument, "name")


def test_the_documented_methods_are_all_there() -> None:
    assert tuple(parsed(each)[0] for each in SIGNATURES) == tuple(DOCUMENTED)
    for signature in SIGNATURES:
        name, required, optional = parsed(signature)
        declared = list(inspect.signature(getattr(ServiceManagementService, name)).parameters)
        assert declared == ["self", *required, *([optional] if optional else []), "callback"]
        assert inspect.getdoc(getattr(ServiceManagementService, name))


def test_every_operation_of_the_table_is_there_by_the_same_rule() -> None:
    for name in REGISTRY:
        for cls in (ServiceManagementService, BoundService):
            method = getattr(cls, name)
            assert method.__name__ == name
            assert inspect.getdoc(method)
            ours = [each for each in inspect.signature(method).parameters if each != "callback"]
            theirs = inspect.signature(
                getattr(ServiceManagementClient, REGISTRY[name].method_name)
            ).parameters
            if name not in DOCUMENTED:
                assert len(ours) == len(theirs), name
    for name in ("SetProxyUrl", "WaitForOperation", "SetTimeout"):
        assert callable(getattr(ServiceManagementService, name))


@pytest.mark.parametrize("signature", SIGNATURES)
def test_arguments_go_by_position_and_by_name(
    iaas: ServiceManagementService, recorder: Recorder, signature: str
) -> None:
    name, required, optional = parsed(signature)
    method = getattr(iaas, name)
    called: list[Any] = []
    arguments = [value_of(each) for each in required]
    method(*arguments, called.append)
    method(*arguments, callback=called.append)
    method(callback=called.append, **dict(zip(required, arguments, strict=True)))
    ways = 3
    if optional:
        method(*arguments, None, called.append)
        method(*arguments, value_of(optional), called.append)
        method(*arguments, callback=called.append, **{optional: value_of(optional)})
        ways = 6
    iaas.drain(10)
    assert len(called) == ways
    # Which of the three came first isn't defined: the requests are the same.
    assert len({request.target for request in recorder.requests}) == 1
    assert len({request.body for request in recorder.requests}) == (2 if optional else 1)


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_missing_or_empty_argument_is_refused_at_the_call(
    iaas: ServiceManagementService, recorder: Recorder, signature: str
) -> None:
    name, required, optional = parsed(signature)
    method = getattr(iaas, name)

    def refused(argument: str, *args: Any, **named: Any) -> InvalidArgumentError:
        with pytest.raises(InvalidArgumentError) as caught:
            method(*args, **named)
        assert caught.value.method == name
        assert caught.value.argument == argument
        assert name in str(caught.value)
        assert argument in str(caught.value)
        return caught.value

    def callback(rsp: Any) -> None:
        raise AssertionError

    arguments = [value_of(each) for each in required]
    error = refused("callback", *arguments)
    assert str(error) == f"Required argument callback for function {name} is not defined"
    refused("callback", *arguments, callback=None)
    refused("callback", *arguments, **{optional or "callback": None})
    refused("callback", *arguments, *([None] if optional else []), "not a function")

    async def nobody_awaits(rsp: Any) -> None: ...

    assert "async" in str(refused("callback", *arguments, callback=nobody_awaits))
    for index, argument in enumerate(required):
        empty: tuple[Any, ...] = (None, callback) if argument == "LUN" else (None, "", " ", {}, callback)
        for value in empty:
            given = [*arguments[:index], value, *arguments[index + 1 :]]
            error = refused(argument, *given, callback)
            assert str(error) == f"Required argument {argument} for function {name} is not defined"
        refused(argument, *arguments[:index], callback)
        named = {each: value_of(each) for each in required if each != argument}
        refused(argument, callback=callback, **named)
    if required:
        refused(required[0], callback, *arguments)
    with pytest.raises(TypeError, match=name):
        method(*arguments, callback, callback, callback, callback)
    with pytest.raises(TypeError, match=f"{name}.*Callback"):
        method(*arguments, Callback=callback)
    assert recorder.requests == []


@pytest.mark.parametrize(
    ("call", "method", "argument"),
    [
        (lambda iaas, back: iaas.GetHostedService("../x", back), "GetHostedService", "serviceName"),
        (lambda iaas, back: iaas.CreateHostedService("-", back), "CreateHostedService", "serviceName"),
        (
            lambda iaas, back: iaas.CreateHostedService("a", back, back),
            "CreateHostedService",
            "serviceOptions",
        ),
        (
            lambda iaas, back: iaas.CreateHostedService("a", {"Labl": "x"}, back),
            "CreateHostedService",
            "serviceOptions",
        ),
        (
            lambda iaas, back: iaas.GetDeploymentBySlot("a", "Middle", back),
            "GetDeploymentBySlot",
            "deploymentSlot",
        ),
        (lambda iaas, back: iaas.RemoveDataDisk("a", "b", "c", 99, back), "RemoveDataDisk", "LUN"),
        (
            lambda iaas, back: iaas.CreateDeployment("a", "b", {"RoleName": "r"}, back),
            "CreateDeployment",
            "VMRole",
        ),
        (lambda iaas, back: iaas.WaitForOperation("", back), "WaitForOperation", "requestId"),
        (lambda iaas, back: iaas.WaitForOperation("1", None), "WaitForOperation", "callback"),
        (lambda iaas, back: iaas.WaitForOperation("1", back, "dots"), "WaitForOperation", "progress"),
        (
            lambda iaas, back: iaas.WaitForOperation("1", back, timeoutSeconds=-1),
            "WaitForOperation",
            "timeoutSeconds",
        ),
        (lambda iaas, back: iaas.SetTimeout(None, 5), "SetTimeout", "function"),
        (lambda iaas, back: iaas.SetTimeout(back, -5), "SetTimeout", "milliseconds"),
        (lambda iaas, back: iaas.SetTimeout(back, "5"), "SetTimeout", "milliseconds"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused_at_the_call(
    iaas: ServiceManagementService,
    recorder: Recorder,
    call: Callable[[Any, Any], None],
    method: str,
    argument: str,
) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        call(iaas, lambda rsp: None)
    assert caught.value.method == method
    assert argument.lower().replace("_", "") in caught.value.argument.lower().replace("_", "")
    assert recorder.requests == []


def test_what_was_given_is_not_kept_nor_changed(iaas: ServiceManagementService, recorder: Recorder) -> None:
    role: dict[str, Any] = {"RoleName": "role", "OSDisk": {"SourceImageName": "before"}}
    options = {"Label": "before"}
    iaas.CreateDeployment("a", "b", role, options, lambda rsp: None)
    assert role == {"RoleName": "role", "OSDisk": {"SourceImageName": "before"}}
    role["OSDisk"]["SourceImageName"] = options["Label"] = "after"
    iaas.drain(10)
    assert b"after" not in recorder.requests[0].body
    assert b"before" in recorder.requests[0].body


def test_extensions_take_their_further_arguments_by_name(
    iaas: ServiceManagementService, recorder: Recorder
) -> None:
    done: list[Any] = []
    iaas.DeleteDeployment("a", "b", done.append, deleteMedia=True)
    iaas.drain(10)
    iaas.DeleteDisk("disk", done.append, deleteMedia=True)
    iaas.drain(10)
    iaas.AddServiceCertificate("a", "cGZ4", done.append)
    iaas.drain(10)
    iaas.GetDataDisk("a", "b", "c", 3, done.append)
    iaas.drain(10)
    assert len(done) == 4
    assert [request.target.partition("/services/")[2] for request in recorder.requests] == [
        "hostedservices/a/deployments/b?comp=media",
        "disks/disk?comp=media",
        "hostedservices/a/certificates",
        "hostedservices/a/deployments/b/roles/c/DataDisks/3",
    ]
    assert b"<CertificateFormat>pfx</CertificateFormat>" in recorder.requests[2].body


def test_an_error_names_arguments_and_elements_as_the_page_does(iaas: ServiceManagementService) -> None:
    role = {"role_name": "r", "OSVirtualHardDisk": {"SourceImageName": "i"}, "data_disks": [{"lun": 40}]}
    with pytest.raises(InvalidArgumentError) as caught:
        iaas.CreateDeployment("a", "b", role, lambda rsp: None)
    assert str(caught.value).startswith("CreateDeployment: VMRole.DataDisks[0].LUN: ")
    with pytest.raises(InvalidArgumentError, match=r"CreateOSImage: imageOptions\.OS: "):
        iaas.CreateOSImage("a", "http://x", {"os": "BeOS"}, lambda rsp: None)
    with pytest.raises(
        InvalidArgumentError, match=r"VMRole\.OSDisk: SourceImageName \(or DiskName, MediaLink or "
    ):
        iaas.AddRole("a", "b", {"RoleName": "r", "OSDisk": {}}, lambda rsp: None)
    with pytest.raises(InvalidArgumentError, match="WaitForOperation: requestId: "):
        iaas.WaitForOperation("../x", lambda rsp: None)


def test_the_stub_shows_every_method_and_is_current() -> None:
    stub = callback_stub.STUB.read_text(encoding="utf-8")
    assert stub == callback_stub.render()
    assert set(re.findall(r"^    def (\w+)\(", stub, re.MULTILINE)) == set(REGISTRY)


def test_construction_refuses_what_it_can_not_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLIENT_AUTH_KEYFILE", raising=False)
    monkeypatch.delenv("CLIENT_AUTH_CERTFILE", raising=False)
    with pytest.raises(ConfigurationError, match=r"priv\.pem"):
        createServiceManagementService(SUBSCRIPTION)
    for wrong in ({"serializetype": "YAML"}, {"hots": "x"}):
        with pytest.raises(ConfigurationError):
            createServiceManagementService(SUBSCRIPTION, None, wrong, transport=Recorder())
    with pytest.raises(ConfigurationError):
        createServiceManagementService("", transport=Recorder())
    with pytest.raises(InvalidArgumentError, match="drain_timeout_seconds"):
        createServiceManagementService(SUBSCRIPTION, transport=Recorder(), drain_timeout_seconds=0)


def test_set_proxy_url_takes_no_callback(recorder: Recorder) -> None:
    iaas = createServiceManagementService(SUBSCRIPTION, transport=recorder)
    with pytest.raises(ConfigurationError, match="http://"):
        iaas.SetProxyUrl("ftp://user:secret@proxy")
    with pytest.raises(ConfigurationError, match="HTTP"):
        iaas.SetProxyUrl("http://proxy:3128")
