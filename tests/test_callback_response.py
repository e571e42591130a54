"""What callbacks get: documented names, plain values, no secrets in sight."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import re
import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas import ServiceManagementClient
from azure_iaas.callback import DocumentedObject, Headers, Response, ServiceManagementService
from azure_iaas.errors import (
    AzureError,
    ConnectError,
    ConnectionLostError,
    ProtocolError,
    RequestTimeoutError,
    TLSError,
)
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from collections.abc import Callable

SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
XMLNS = (
    'xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
)
REQUEST_ID = "0123456789abcdef0123456789abcdef"
OTHER_CLIENT_OPTIONS: dict[str, Any] = {"random": lambda: 0.0}


class Answers:
    """Gives one answer, or raises one error, for every request."""

    def __init__(self, answer: RawResponse | AzureError) -> None:
        self.answer = answer

    async def send(self, request: RawRequest) -> RawResponse:
        if isinstance(self.answer, AzureError):
            raise self.answer
        return self.answer


def xml(body: str, status: int = 200) -> RawResponse:
    headers = {"content-type": "application/xml; charset=utf-8", "x-ms-request-id": REQUEST_ID}
    return RawResponse(status, headers, body.encode())


def call(
    answer: RawResponse | AzureError, method: str, *args: Any, options: dict[str, Any] | None = None
) -> Response:
    """The response of one call."""
    got: list[Response] = []

    async def main() -> None:
        client = ServiceManagementClient(
            SUBSCRIPTION, None, options, transport=Answers(answer), **OTHER_CLIENT_OPTIONS
        )
        async with client, ServiceManagementService.bind(client) as iaas:
            getattr(iaas, method)(*args, got.append)

    anyio.run(main)
    assert len(got) == 1
    return got[0]


GA_DEPLOYMENT = f"""\
<Deployment {XMLNS}><Name>dep</Name><DeploymentSlot>Staging</DeploymentSlot><PrivateID>1</PrivateID>
<Status>Running</Status><Label>ZGVw</Label><Configuration>c2VjcmV0</Configuration>
<RoleInstanceList><RoleInstance><RoleName>r</RoleName><InstanceName>r</InstanceName>
<InstanceStatus>ReadyRole</InstanceStatus><InstanceUpgradeDomain>0</InstanceUpgradeDomain></RoleInstance>
</RoleInstanceList><UpgradeDomainCount>1</UpgradeDomainCount>
<RoleList><Role i:type="PersistentVMRole"><RoleName>r</RoleName><RoleType>PersistentVMRole</RoleType>
<ConfigurationSets><ConfigurationSet i:type="NetworkConfigurationSet">
<ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>
<InputEndpoints><InputEndpoint><LocalPort>3395</LocalPort><Name>e</Name><Port>59919</Port>
<Protocol>tcp</Protocol></InputEndpoint></InputEndpoints></ConfigurationSet></ConfigurationSets>
<DataVirtualHardDisks><DataVirtualHardDisk><HostCaching>ReadOnly</HostCaching><DiskName>d</DiskName>
<Lun>3</Lun><LogicalDiskSizeInGB>10</LogicalDiskSizeInGB></DataVirtualHardDisk></DataVirtualHardDisks>
<OSVirtualHardDisk><HostCaching>ReadWrite</HostCaching><DiskName>o</DiskName></OSVirtualHardDisk>
<RoleSize>Small</RoleSize></Role></RoleList><Locked>false</Locked></Deployment>"""

PREVIEW_DEPLOYMENT = f"""\
<Deployment {XMLNS}><Name>dep</Name><DeploymentSlot>Staging</DeploymentSlot><PrivateID>1</PrivateID>
<Status>Running</Status><Label>ZGVw</Label><Configuration>c2VjcmV0</Configuration>
<RoleInstanceList><RoleInstance><RoleName>r</RoleName><InstanceName>r</InstanceName>
<InstanceStatus>ReadyRole</InstanceStatus><InstanceUpgradeDomain>0</InstanceUpgradeDomain></RoleInstance>
</RoleInstanceList><UpgradeDomainCount>1</UpgradeDomainCount>
<RoleList><Role i:type="PersistentVMRole"><RoleName>r</RoleName><RoleType>PersistentVMRole</RoleType>
<ConfigurationSets><ConfigurationSet i:type="NetworkConfigurationSet">
<ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>
<InputEndpoints><ExternalEndpoint><LocalPort>3395</LocalPort><Name>e</Name><Port>59919</Port>
<Protocol>tcp</Protocol></ExternalEndpoint></InputEndpoints></ConfigurationSet></ConfigurationSets>
<DataDisks><DataDisk><DiskName>d</DiskName><LUN>3</LUN><DisableReadCache>false</DisableReadCache>
<EnableWriteCache>false</EnableWriteCache><LogicalDiskSizeInGB>10</LogicalDiskSizeInGB></DataDisk></DataDisks>
<OSDisk><DisableWriteCache>false</DisableWriteCache><DiskName>o</DiskName></OSDisk>
<RoleSize>Small</RoleSize></Role></RoleList><Locked>false</Locked></Deployment>"""

JSON_DEPLOYMENT = json.dumps(
    {
        "Name": "dep",
        "DeploymentSlot": "Staging",
        "PrivateID": "1",
        "Status": "Running",
        "Label": "ZGVw",
        "Configuration": "c2VjcmV0",
        "RoleInstanceList": [
            {"RoleName": "r", "InstanceName": "r", "InstanceStatus": "ReadyRole", "InstanceUpgradeDomain": 0}
        ],
        "UpgradeDomainCount": 1,
        "RoleList": [
            {
                "RoleName": "r",
                "RoleType": "PersistentVMRole",
                "ConfigurationSets": [
                    {
                        "ConfigurationSetType": "NetworkConfiguration",
                        "InputEndpoints": [
                            {"LocalPort": 3395, "Name": "e", "Port": 59919, "Protocol": "tcp"}
                        ],
                    }
                ],
                "DataVirtualHardDisks": [
                    {"HostCaching": "ReadOnly", "DiskName": "d", "Lun": 3, "LogicalDiskSizeInGB": 10}
                ],
                "OSVirtualHardDisk": {"HostCaching": "ReadWrite", "DiskName": "o"},
                "RoleSize": "Small",
            }
        ],
        "Locked": False,
    }
)


def test_documented_names_at_every_depth_whatever_the_wire() -> None:
    ga = call(xml(GA_DEPLOYMENT), "GetDeployment", "svc", "dep")
    preview = call(xml(PREVIEW_DEPLOYMENT), "GetDeployment", "svc", "dep", options={"dialect": "preview"})
    as_json = call(
        RawResponse(200, {"content-type": "application/json"}, JSON_DEPLOYMENT.encode()),
        "GetDeployment",
        "svc",
        "dep",
        options={"serializetype": "JSON"},
    )
    assert ga.isSuccessful is True
    assert ga.error is None
    assert ga.response == preview.response == as_json.response
    deployment = ga.response
    assert deployment.Label == "dep"
    assert deployment.UpgradeDomainCount == 1
    assert deployment.Locked is False
    assert deployment.Role is deployment.RoleList[0]
    assert deployment.RoleInstance is deployment.RoleInstanceList[0]
    assert deployment.RoleInstance.InstanceUpgradeDomain == 0
    role = deployment["Role"]
    assert role.OSDisk.DisableWriteCache is False
    assert [disk.LUN for disk in role.DataDisks] == [3]
    assert role.DataDisks[0]["EnableWriteCache"] is False
    assert role.ConfigurationSets[0].InputEndpoints[0].Port == 59919
    assert role.OSVirtualHardDisk is None
    assert role["DataVirtualHardDisks"] is None
    assert deployment.NoSuchThing is None
    assert deployment["NoSuchThing"] is None
    assert role.NoSuchThing is None
    assert "NoSuchThing" not in deployment
    assert "c2VjcmV0" not in repr(ga)
    assert deployment.Configuration == "c2VjcmV0"
    json.dumps(deployment)


def test_all_seven_fields_of_a_success() -> None:
    body = f"\ufeff<HostedServices {XMLNS}/>"
    rsp = call(xml(body), "ListHostedServices")
    assert rsp.isSuccessful is True
    assert rsp.statusCode == 200
    assert rsp.response == []
    assert rsp.error is None
    assert rsp.body == body.removeprefix("\ufeff")
    assert rsp.headers["x-ms-request-id"] == rsp.headers["X-MS-Request-ID"] == REQUEST_ID
    assert rsp.headers.get("Content-Type") == "application/xml; charset=utf-8"
    assert "CONTENT-type" in rsp.headers
    assert rsp.headers["absent"] is None
    assert rsp.reqopts == {
        "host": "management.core.windows.net",
        "port": 443,
        "path": f"/{SUBSCRIPTION}/services/hostedservices",
        "method": "GET",
        "headers": {"x-ms-version": "2014-10-01", "accept": "application/xml"},
    }
    assert rsp.reqopts.host == rsp.reqopts["host"]


def test_a_list_of_one_is_a_list() -> None:
    one = "<HostedService><ServiceName>a</ServiceName></HostedService>"
    rsp = call(xml(f"<HostedServices {XMLNS}>{one}</HostedServices>"), "ListHostedServices")
    assert [service.ServiceName for service in rsp.response] == ["a"]


def test_an_accepted_request_gives_an_empty_object() -> None:
    role = {"RoleName": "r", "OSDisk": {"SourceImageName": "i"}}
    rsp = call(RawResponse(202, {"x-ms-request-id": REQUEST_ID}), "AddRole", "svc", "dep", role)
    assert rsp.isSuccessful is True
    assert rsp.statusCode == 202
    assert rsp.response == {}
    assert rsp.response
    assert rsp.response.Status is None
    assert rsp.body == ""
    assert rsp.reqopts.headers["content-type"] == "application/xml"


def test_keys_are_texts_and_hidden() -> None:
    key = base64.b64encode(b"k" * 64).decode()
    body = (
        f"<StorageService {XMLNS}><Url>u</Url><StorageServiceKeys><Primary>{key}</Primary>"
        f"<Secondary>{key}</Secondary></StorageServiceKeys></StorageService>"
    )
    rsp = call(xml(body), "GetStorageAccountKeys", "account")
    assert rsp.response.StorageServiceKeys.Primary == key
    assert isinstance(rsp.response.StorageServiceKeys.Primary, str)
    assert key not in repr(rsp)
    assert key not in repr(rsp.response)
    assert key not in f"{rsp.response.StorageServiceKeys}"
    assert key in rsp.body
    assert json.loads(json.dumps(rsp.response))["StorageServiceKeys"]["Primary"] == key


def test_unknown_elements_are_there_and_hidden() -> None:
    body = (
        f"<HostedService {XMLNS}><ServiceName>a</ServiceName><Novelty><Inner>word</Inner></Novelty>"
        f"<Flat>word</Flat></HostedService>"
    )
    rsp = call(xml(body), "GetHostedService", "a")
    assert rsp.response.Novelty.Inner == "word"
    assert rsp.response.Flat == "word"
    assert rsp.response.Novelty.Absent is None
    assert "word" not in repr(rsp)


def test_a_media_link_with_a_signature_is_hidden() -> None:
    body = f"<OSImage {XMLNS}><MediaLink>https://h/b?sv=1&amp;sig=wxyz%3D</MediaLink><Name>i</Name></OSImage>"
    rsp = call(xml(body), "GetOSImage", "i")
    assert rsp.response.MediaLink.endswith("sig=wxyz%3D")
    assert "wxyz" not in repr(rsp)


def test_an_operation_that_failed_is_a_successful_question() -> None:
    body = (
        f"<Operation {XMLNS}><ID>1</ID><Status>Failed</Status><HttpStatusCode>409</HttpStatusCode>"
        "<Error><Code>ConflictError</Code><Message>busy</Message></Error></Operation>"
    )
    rsp = call(xml(body), "GetOperationStatus", REQUEST_ID)
    assert rsp.isSuccessful
    assert (rsp.response.Status, rsp.response.HttpStatusCode) == ("Failed", 409)
    assert (rsp.response.Error.Code, rsp.response.Error.Message) == ("ConflictError", "busy")
    waited = call(xml(body), "WaitForOperation", REQUEST_ID)
    assert waited.isSuccessful is False
    assert waited.statusCode == 409
    assert waited.error == {"Code": "ConflictError", "Message": "busy"}
    assert waited.body == body
    assert waited.reqopts.path.endswith(f"/operations/{REQUEST_ID}")


@pytest.mark.parametrize(
    ("answer", "status", "code", "message"),
    [
        (
            xml(f"<Error {XMLNS}><Code>ResourceNotFound</Code><Message>gone</Message></Error>", 404),
            404,
            "ResourceNotFound",
            "gone",
        ),
        (
            RawResponse(
                403, {"content-type": "application/json"}, b'{"Code": "ForbiddenError", "Message": "no"}'
            ),
            403,
            "ForbiddenError",
            "no",
        ),
        (RawResponse(502, {}, b"<html>proxy</html>"), 502, "ServerError", "no error document"),
        (RawResponse(400, {}, b""), 400, "BadRequestError", "no error document"),
        (RawResponse(200, {}, b"<a>"), 200, "ProtocolError", ""),
        (ConnectError("refused"), None, "ConnectError", "refused"),
        (TLSError("handshake"), None, "TLSError", "handshake"),
        (RequestTimeoutError("slow"), None, "RequestTimeoutError", "slow"),
        (ConnectionLostError("reset"), None, "ConnectionLostError", "reset"),
        (
            ProtocolError("too large", status=200, headers={"x": "y"}, body=b"part", request_sent=True),
            200,
            "ProtocolError",
            "too large",
        ),
    ],
)
def test_all_seven_fields_of_a_failure(
    answer: RawResponse | AzureError, status: int | None, code: str, message: str
) -> None:
    rsp = call(answer, "GetHostedService", "a")
    assert rsp.isSuccessful is False
    assert rsp.statusCode == status
    assert rsp.response is None
    assert rsp.error is not None
    assert rsp.error.Code == rsp.error["Code"] == code
    assert message in rsp.error.Message
    assert rsp.error.Details is None
    assert isinstance(rsp.headers, Headers)
    assert rsp.reqopts.path.endswith("/hostedservices/a")
    if isinstance(answer, RawResponse):
        assert rsp.body == answer.body.decode()
        assert dict(rsp.headers) == dict(answer.headers)
    elif status is None:
        assert rsp.body == ""
        assert rsp.headers == {}
    else:
        assert rsp.body == "part"
        assert rsp.headers["X"] == "y"


def test_a_write_whose_answer_was_lost_says_so() -> None:
    rsp = call(ConnectionLostError("reset"), "CreateHostedService", "a")
    assert rsp.statusCode is None
    assert rsp.error is not None
    assert rsp.error.Code == "OutcomeUnknownError"
    assert "look" in rsp.error.Message


def test_reqopts_show_no_secret() -> None:
    role = {
        "RoleName": "r",
        "OSDisk": {"SourceImageName": "i"},
        "ConfigurationSets": [
            {"ConfigurationSetType": "ProvisioningConfiguration", "AdminPassword": "myAdminPwd1"}
        ],
    }
    rsp = call(RawResponse(202, {"x-ms-request-id": REQUEST_ID}), "AddRole", "svc", "dep", role)
    assert "myAdminPwd1" not in repr(rsp) + json.dumps(rsp.reqopts)


# --- objects -----------------------------------------------------------------------------------------------


def test_objects_can_be_changed_copied_and_kept() -> None:
    given = DocumentedObject(Name="a", Inner=DocumentedObject(Port=1))
    given.Name = "b"
    given.Inner.Port = 2
    given["More"] = 3
    del given.Absent
    assert given == {"Name": "b", "Inner": {"Port": 2}, "More": 3}
    del given.More
    for other in (copy.deepcopy(given), pickle.loads(pickle.dumps(given))):  # noqa: S301 - our own
        assert other == given
        assert other.Inner is not given.Inner
        assert other.Inner.Port == 2
    assert DocumentedObject()
    with pytest.raises(AttributeError):
        given._repr_html_  # noqa: B018 - what interactive shells ask for


def test_what_is_said_last_of_a_disk_stands() -> None:
    disk = DocumentedObject(HostCaching="ReadOnly", DisableReadCache=False, EnableWriteCache=False)
    assert copy.deepcopy(disk) == pickle.loads(pickle.dumps(disk)) == disk  # noqa: S301 - our own
    disk.EnableWriteCache = True
    assert disk == {"DisableReadCache": False, "EnableWriteCache": True}
    disk.HostCaching = "None"
    assert disk == {"HostCaching": "None"}


def test_a_role_read_and_changed_can_be_given_back() -> None:
    role = call(xml(GA_DEPLOYMENT), "GetDeployment", "svc", "dep").response.Role
    role.RoleSize = "Large"
    role.DataDisks[0].EnableWriteCache = True
    role.DataDisks.append({"LogicalDiskSizeInGB": 5, "LUN": 4})
    sent: list[bytes] = []

    class Keep(Answers):
        async def send(self, request: RawRequest) -> RawResponse:
            sent.append(request.body)
            return await super().send(request)

    async def main() -> None:
        sender = Keep(RawResponse(202, {"x-ms-request-id": REQUEST_ID}))
        client = ServiceManagementClient(SUBSCRIPTION, transport=sender)
        async with client, ServiceManagementService.bind(client) as iaas:
            iaas.ModifyRole("svc", "dep", "r", role, lambda rsp: None)

    anyio.run(main)
    body = sent[0].decode()
    assert "<RoleSize>Large</RoleSize>" in body
    assert "<HostCaching>ReadWrite</HostCaching><DiskName>d</DiskName>" in body
    assert body.count("<DataVirtualHardDisk>") == 2


# --- recorded answers of the real service ------------------------------------------------------------------

A_ROLE = {"RoleName": "r", "OSDisk": {"SourceImageName": "i"}}
A_CAPTURE = {"PostCaptureActions": "Delete", "TargetImageLabel": "l", "TargetImageName": "i"}
CALLS: dict[str, tuple[Any, ...]] = {
    "affinitygroup.create": ("CreateAffinityGroup", "a", "West US"),
    "affinitygroup.delete": ("DeleteAffinityGroup", "a"),
    "affinitygroup.get": ("GetAffinityGroup", "a"),
    "affinitygroup.list": ("ListAffinityGroups",),
    "affinitygroup.update": ("UpdateAffinityGroup", "a", "l"),
    "certificate.add": ("AddServiceCertificate", "a", "cGZ4"),
    "certificate.delete": ("DeleteServiceCertificate", "a", "AB" * 20),
    "certificate.get": ("GetServiceCertificate", "a", "AB" * 20),
    "certificate.list": ("ListServiceCertificates", "a"),
    "datadisk.add": ("AddDataDisk", "a", "b", "c", {"LogicalDiskSizeInGB": 1}),
    "datadisk.delete": ("RemoveDataDisk", "a", "b", "c", 0),
    "deployment.create": ("CreateDeployment", "a", "b", A_ROLE),
    "deployment.delete": ("DeleteDeployment", "a", "b"),
    "deployment.delete_by_slot": ("DeleteDeploymentBySlot", "a", "Staging"),
    "deployment.delete_media": ("DeleteDeployment", "a", "b"),
    "deployment.get": ("GetDeployment", "a", "b"),
    "deployment.get_by_slot": ("GetDeploymentBySlot", "a", "Staging"),
    "disk.add": ("CreateDisk", {"Name": "d", "Label": "d", "MediaLink": "https://h/b", "OS": "Linux"}),
    "disk.delete": ("DeleteDisk", "d"),
    "disk.delete_media": ("DeleteDisk", "d"),
    "disk.get": ("GetDisk", "d"),
    "disk.list": ("ListDisks",),
    "hostedservice.create": ("CreateHostedService", "a"),
    "hostedservice.delete": ("DeleteHostedService", "a"),
    "hostedservice.get": ("GetHostedService", "a"),
    "hostedservice.get_detail": ("GetHostedService", "a"),
    "hostedservice.list": ("ListHostedServices",),
    "hostedservice.list_detail": ("ListHostedServices",),
    "image.add": ("CreateOSImage", "i", "https://h/b"),
    "image.delete": ("DeleteOSImage", "i"),
    "image.delete_media": ("DeleteOSImage", "i"),
    "image.get": ("GetOSImage", "i"),
    "image.list": ("ListOSImages",),
    "image.update": ("UpdateOSImage", "i", {"Label": "l"}),
    "location.list": ("ListLocations",),
    "network.check_ip": ("CheckAddressAvailability", "n", "10.0.0.1"),
    "network.get_config": ("GetNetworkConfiguration",),
    "network.list_sites": ("ListVirtualNetworkSites",),
    "network.set_config": ("SetNetworkConfiguration", "<NetworkConfiguration/>"),
    "operation.get": ("GetOperationStatus", REQUEST_ID),
    "reservedip.create": ("CreateReservedIP", "ip", {"Location": "West US"}),
    "reservedip.delete": ("DeleteReservedIP", "ip"),
    "reservedip.get": ("GetReservedIP", "ip"),
    "reservedip.list": ("ListReservedIPs",),
    "role.add": ("AddRole", "a", "b", A_ROLE),
    "role.delete": ("DeleteRole", "a", "b", "c"),
    "role.get": ("GetRole", "a", "b", "c"),
    "role.update": ("ModifyRole", "a", "b", "r", A_ROLE),
    "roleinstance.operation": ("ShutdownRoleInstance", "a", "b", "c"),
    "rolesize.list": ("ListRoleSizes",),
    "storageaccount.check_name": ("CheckStorageAccountName", "account"),
    "storageaccount.create": ("CreateStorageAccount", "account"),
    "storageaccount.delete": ("DeleteStorageAccount", "account"),
    "storageaccount.get": ("GetStorageAccount", "account"),
    "storageaccount.keys": ("GetStorageAccountKeys", "account"),
    "storageaccount.list": ("ListStorageAccounts",),
    "storageaccount.regenerate_keys": ("RegenerateStorageAccountKeys", "account", "Primary"),
    "storageaccount.update": ("UpdateStorageAccount", "account", {"Label": "l"}),
    "vmimage.list": ("ListVMImages",),
}
# Not among this library's operations.
OTHERS = {"extension.list", "loadbalancer.", "nsg.", "provider.register"}

# api.md section 6, and names the service changed between versions.
DOCUMENTED = {
    "OSVirtualHardDisk": "OSDisk",
    "DataVirtualHardDisks": "DataDisks",
    "Lun": "LUN",
    "VirtualMachineRoleSizes": "VirtualMachinesRoleSizes",
    "DefaultWinRMCertificateThumbprint": "DefaultWinRmCertificateThumbprint",
}
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def tree(body: str) -> ET.Element:
    mended = re.sub(r"&#x?[0-9A-Fa-f]+;", "?", body.lstrip("\ufeff\r\n "))
    return ET.fromstring(mended)  # noqa: S314 - recorded bodies


def tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def check(element: ET.Element, value: Any, path: str, seen: Counter[str]) -> None:
    """Every element is found under its documented name, as what the page says it is."""
    if isinstance(value, list):
        assert len(value) == len(element), path
        for child, item in zip(element, value, strict=True):
            check(child, item, f"{path}[]", seen)
    elif isinstance(value, dict):
        assert isinstance(value, DocumentedObject), path
        for child in element:
            name = DOCUMENTED.get(tag(child), tag(child))
            if name == "LogicalSizeInGB" and name not in value:
                name = "LogicalDiskSizeInGB"
            if child.get(NIL) == "true" or (name == "LastGeoFailoverTime" and not child.text):
                assert value[name] is None, f"{path}.{name}"
                continue
            assert name in value, f"{path}.{name}"
            assert getattr(value, name) is value[name]
            check(child, value[name], f"{path}.{name}", seen)
    else:
        assert not len(element), path
        assert same(element.text or "", value), (path, element.text, value)
        seen[type(value).__name__] += 1


def same(text: str, value: Any) -> bool:
    if isinstance(value, bool):
        return text.strip().lower() == str(value).lower()
    if isinstance(value, (int, float)):
        return float(text) == value
    assert isinstance(value, str)
    if "?" in text or text.strip() == value.strip():
        return True
    if re.match(r"\d{4}-\d\d-\d\dT", text):
        return text[:19] == value[:19]
    return base64.b64decode(text).decode("utf-8", "replace") == value


@pytest.mark.corpus
@pytest.mark.timeout(300)
def test_every_recorded_answer_has_the_documented_names(
    corpus: list[dict[str, Any]], tell: Callable[[str], None]
) -> None:
    ran: Counter[str] = Counter()
    seen: Counter[str] = Counter()

    async def main() -> None:
        sender = Answers(RawResponse(200))
        for exchange in corpus:
            operation = exchange["operation"]
            if any(operation.startswith(other) for other in OTHERS):
                ran["of other operations"] += 1
                continue
            sender.answer = RawResponse(
                exchange["status"],
                exchange["response_headers"] or {},
                (exchange["response_body"] or "").encode(),
            )
            got: list[Response] = []
            # A new client each time: failures must not exhaust its retry budget.
            client = ServiceManagementClient(SUBSCRIPTION, transport=sender, **OTHER_CLIENT_OPTIONS)
            async with client, ServiceManagementService.bind(client) as iaas:
                method, *args = CALLS[operation]
                getattr(iaas, method)(*args, got.append)
            examine(exchange, got)

    def examine(exchange: dict[str, Any], got: list[Response]) -> None:
        (rsp,) = got
        body = exchange["response_body"] or ""
        what = exchange["id"]
        assert rsp.statusCode == exchange["status"], what
        assert rsp.body == body.removeprefix("\ufeff"), what
        for name, value in (exchange["response_headers"] or {}).items():
            assert rsp.headers[name.upper()] == value, what
        if rsp.isSuccessful:
            assert rsp.error is None
            if isinstance(rsp.response, str):
                ran["texts"] += 1
                assert rsp.response == rsp.body, what
            elif rsp.response == {} and not isinstance(rsp.response, list):
                ran["accepted"] += 1
                assert rsp.response
            else:
                ran["documents"] += 1
                check(tree(body), rsp.response, exchange["operation"], seen)
            return
        assert rsp.response is None, what
        assert rsp.error is not None
        root = (
            tree(body) if body.lstrip("\ufeff \r\n").startswith("<") and "<html" not in body.lower() else None
        )
        if root is not None and tag(root) == "Error":
            ran["error documents"] += 1
            said = {tag(child): (child.text or "").strip() for child in root}
            assert rsp.error.Code == said["Code"], what
            assert rsp.error.Message == said["Message"] or "?" in said["Message"], what
        else:
            ran["failures without an error document"] += 1
            assert rsp.error.Code.endswith("Error"), what
            assert rsp.error.Message, what

    anyio.run(main)
    tell(f"{sum(ran.values())} recorded answers: {dict(ran)}; values by type: {dict(seen)}")
    assert sum(ran.values()) == len(corpus)
    assert ran["documents"] > 2000
