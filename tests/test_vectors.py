"""Golden vectors: what the client sends and reads and the local service takes, beside literal documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import anyio.lowlevel
import pytest

import azure_iaas
from azure_iaas import ServiceManagementClient
from azure_iaas.operations import DOCUMENTED, REGISTRY
from azure_iaas.wire.messages import RawRequest, RawResponse
from tests.emulator_driver import (
    CERTIFICATE,
    SUBSCRIPTION,
    WINDOWS_IMAGE,
    XMLNS,
    Driver,
    data_disk,
    endpoint,
    network,
    operation,
    vm_role,
    windows,
)

if TYPE_CHECKING:
    from azure_iaas.wire.messages import Dialect, Method

VECTORS = Path(__file__).parent / "vectors"
REQUEST_ID = "ab" * 16
_XML = "application/xml; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    body: bytes
    gives: str
    raises: str


@dataclass(frozen=True)
class Vector:
    operation: str
    dialect: Dialect
    call: str
    method: str
    target: str
    version: str
    content_type: str
    body: bytes
    local_service: str
    answers: tuple[Answer, ...]

    def __str__(self) -> str:
        return f"{self.operation}.{self.dialect}"


def _take(lines: list[str], name: str, default: str = "") -> str:
    """The rest of the line that begins with ``name:``, taken out of the lines."""
    for line in lines:
        if line.startswith(f"{name}:"):
            lines.remove(line)
            return line.partition(":")[2].strip()
    return default


def _body(lines: list[str]) -> bytes:
    return re.sub(r">\s+<", "><", "\n".join(lines).strip()).encode()


def _read(file: Path) -> Vector:
    name, dialect = file.stem.split(".")
    head, *parts = re.split(r"^(?=[<>] )", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = head.splitlines()
    assert _take(lines, "source").startswith("protocol.md ")
    call = _take(lines, "call")
    first, *request = parts[0].splitlines()
    _, method, target = first.split(" ")
    local_service = _take(request, "local service")
    version = _take(request, "x-ms-version", {"ga": "2014-10-01", "preview": "2012-03-01"}[dialect])
    content_type = _take(request, "content-type", "application/xml")
    answers = []
    for part in parts[1:]:
        first, *rest = part.splitlines()
        status, _, kind = first[2:].partition(" ")
        gives, raises = _take(rest, "gives"), _take(rest, "raises")
        answers.append(Answer(int(status), kind or _XML, _body(rest), gives, raises))
    return Vector(
        operation=name,
        dialect=cast("Dialect", dialect),
        call=call,
        method=method,
        target=target,
        version=version,
        content_type=content_type,
        body=_body(request),
        local_service=local_service,
        answers=tuple(answers),
    )


@cache
def _vectors() -> tuple[Vector, ...]:
    return tuple(_read(file) for file in sorted(VECTORS.glob("*.txt")))


class Recorder:
    """A sender that keeps the request and gives one answer."""

    def __init__(self, answer: Answer) -> None:
        headers = {"x-ms-request-id": REQUEST_ID}
        if answer.body:
            headers["content-type"] = answer.content_type
        self.response = RawResponse(answer.status, headers, answer.body)
        self.request: RawRequest | None = None

    async def send(self, request: RawRequest) -> RawResponse:
        await anyio.lowlevel.checkpoint()
        self.request = request
        return self.response


async def _ask(vector: Vector, answer: Answer) -> tuple[RawRequest, Any]:
    recorder = Recorder(answer)
    client = ServiceManagementClient(
        SUBSCRIPTION, transport=recorder, dialect=vector.dialect, random=lambda: 0.0
    )
    try:
        result = await eval(f"client.{vector.call}", {"client": client, "datetime": datetime, "UTC": UTC})  # noqa: S307
    except azure_iaas.ServiceError as error:
        result = error
    assert recorder.request is not None
    return recorder.request, result


def test_every_operation_has_a_vector_of_each_dialect() -> None:
    there = {(vector.operation, vector.dialect) for vector in _vectors()}
    wanted = {(name, "ga") for name in REGISTRY}
    # The preview had the documented operations; those whose path or document it wrote another way:
    wanted |= {
        (name, "preview")
        for name in DOCUMENTED
        if REGISTRY[name].preview_path or name in {"CreateDeployment", "GetDeployment", "GetDeploymentBySlot"}
    }
    assert there >= wanted, sorted(wanted - there)
    assert {operation for operation, _ in there} <= set(REGISTRY)


def test_every_vector_has_a_success_and_a_failure() -> None:
    for vector in _vectors():
        assert any(answer.gives for answer in vector.answers), vector
        assert any(answer.raises for answer in vector.answers), vector
        for answer in vector.answers:
            success = answer.status in REGISTRY[vector.operation].success
            assert success == bool(answer.gives), (str(vector), answer.status)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("vector", _vectors(), ids=str)
async def test_the_client_sends_the_request(vector: Vector) -> None:
    request, _ = await _ask(vector, vector.answers[0])
    assert (request.method, request.target) == (vector.method, vector.target)
    assert request.headers["x-ms-version"] == vector.version
    assert request.headers.get("content-type", "application/xml") == vector.content_type
    assert ("content-type" in request.headers) == bool(vector.body)
    assert request.body == vector.body


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("vector", _vectors(), ids=str)
async def test_the_client_reads_the_answers(vector: Vector, monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_seconds: float) -> None:
        await anyio.lowlevel.checkpoint()

    monkeypatch.setattr(anyio, "sleep", at_once)
    for answer in vector.answers:
        _, result = await _ask(vector, answer)
        if answer.gives:
            assert eval(answer.gives, {"answer": result, "REQUEST_ID": REQUEST_ID}), result  # noqa: S307
            continue
        kind, _, expression = answer.raises.partition(" ")
        assert type(result).__name__ == kind, result
        assert (result.status, result.body) == (answer.status, answer.body)
        assert eval(expression or "True", {"error": result}), vars(result)  # noqa: S307


ADMITTED = "AB12" * 10
ACCOUNTS = "services/storageservices"
BASE = "services/hostedservices"


@pytest.fixture
def stocked() -> Driver:
    """Give a strict local service with one of everything the vectors name."""
    driver = Driver()
    driver.done(
        "POST",
        ACCOUNTS,
        f"<CreateStorageServiceInput {XMLNS}><ServiceName>account1</ServiceName><Label>bA==</Label>"
        "<Location>West US</Location></CreateStorageServiceInput>",
    )
    driver.ok(
        "POST",
        "affinitygroups",
        f"<CreateAffinityGroup {XMLNS}><Name>group1</Name><Label>bA==</Label><Location>West US</Location>"
        "</CreateAffinityGroup>",
        status=201,
    )
    link = "http://pictures.blob.core.windows.net/vhds"
    driver.ok(
        "POST",
        "services/images",
        f"<OSImage {XMLNS}><Label>l</Label><MediaLink>{link}/image1.vhd</MediaLink><Name>image1</Name>"
        "<OS>Linux</OS></OSImage>",
        status=200,
    )
    driver.ok(
        "POST",
        "services/disks",
        f"<Disk {XMLNS}><Label>l</Label><MediaLink>{link}/disk1.vhd</MediaLink><Name>disk1</Name></Disk>",
        status=200,
    )
    driver.done(
        "POST",
        "services/vmimages",
        f"<VMImage {XMLNS}><Name>vmimage1</Name><Label>l</Label><OSDiskConfiguration>"
        f"<OSState>Generalized</OSState><OS>Linux</OS><MediaLink>{link}/os.vhd</MediaLink></OSDiskConfiguration></VMImage>",
    )
    driver.ok(
        "POST",
        "certificates",
        f"<SubscriptionCertificate {XMLNS}>"
        f"<SubscriptionCertificateThumbprint>{ADMITTED}</SubscriptionCertificateThumbprint>"
        "</SubscriptionCertificate>",
        status=200,
    )
    driver.done("PUT", "services/networking/media", NETWORK)
    for name in ("ip1", "ip2"):
        driver.done(
            "POST",
            "services/networking/reservedips",
            f"<ReservedIP {XMLNS}><Name>{name}</Name><Location>West US</Location></ReservedIP>",
        )
    for service in ("svc", "svc2", "svc3"):
        driver.create_service(service)
    driver.create_deployment(
        endpoints=endpoint("rdp", 3389, 3389) + endpoint("http", 80, 8080, lb_set="web"),
        provisioning=windows(),
        os_disk=f"<SourceImageName>{WINDOWS_IMAGE}</SourceImageName>",
    )
    _rename_first_role(driver)
    driver.create_deployment("svc2", "dep2")
    dep2 = f"{BASE}/svc2/deployments/dep2"
    driver.done(
        "POST",
        f"{dep2}/dnsservers",
        f"<DnsServer {XMLNS}><Name>dns1</Name><Address>10.0.0.4</Address></DnsServer>",
    )
    driver.done("POST", f"{dep2}/loadbalancers", f"<LoadBalancer {XMLNS}><Name>lb1</Name></LoadBalancer>")
    driver.done("POST", f"{dep2}/vip2")
    driver.done(
        "POST",
        "services/networking/reservedips/ip2/operations/associate",
        f"<ReservedIPAssociation {XMLNS}><ServiceName>svc2</ServiceName><DeploymentName>dep2</DeploymentName>"
        "</ReservedIPAssociation>",
    )
    driver.done(
        "POST",
        f"{BASE}/svc/certificates",
        f"<CertificateFile {XMLNS}><Data>{CERTIFICATE}</Data><CertificateFormat>cer</CertificateFormat>"
        "<Password/></CertificateFile>",
    )
    return driver


NETWORK = (
    '<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">'
    '<VirtualNetworkConfiguration><VirtualNetworkSites><VirtualNetworkSite name="net1" Location="West US">'
    '<AddressSpace><AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace><Subnets><Subnet name="subnet">'
    "<AddressPrefix>10.0.0.0/24</AddressPrefix></Subnet></Subnets></VirtualNetworkSite></VirtualNetworkSites>"
    "</VirtualNetworkConfiguration></NetworkConfiguration>"
)


def _rename_first_role(driver: Driver) -> None:
    """Have roles ``vm``, running, and ``vm2``, stopped, in place of the driver's own first one."""
    dep = f"{BASE}/svc/deployments/dep"
    web = endpoint("rdp", 3389, 3389) + endpoint("http", 80, 8080, lb_set="web")
    driver.done(
        "PUT",
        f"{dep}/roles/vm0",
        f"<PersistentVMRole {XMLNS}><ConfigurationSets>{network('')}</ConfigurationSets></PersistentVMRole>",
    )
    driver.done("POST", f"{dep}/roles", vm_role("vm", endpoints=web))
    driver.wait(600)
    driver.done("POST", f"{dep}/roles", vm_role("vm2"))
    driver.done("DELETE", f"{dep}/roles/vm0")
    driver.done("POST", f"{dep}/roles/vm/DataDisks", data_disk(0, DiskName="data0"))
    driver.wait(600)
    driver.done("POST", f"{dep}/roleinstances/vm2/Operations", operation("ShutdownRoleOperation"))
    driver.wait(600)


@pytest.mark.parametrize("vector", _vectors(), ids=str)
def test_the_local_service_takes_the_request(vector: Vector, stocked: Driver) -> None:
    target = vector.target.partition(f"/{SUBSCRIPTION}")[2].removeprefix("/")
    if vector.operation == "GetOperationStatus":
        request_id = stocked.create_service("another")
        target = f"operations/{request_id}"
    if vector.operation == "UnregisterResourceProvider":
        stocked.ok("PUT", "services?service=website&action=register", status=200)
    response = stocked.service.handle(
        RawRequest(
            cast("Method", vector.method),
            f"/{SUBSCRIPTION}/{target}".rstrip("/"),
            {"x-ms-version": "2015-04-01", "content-type": vector.content_type},
            vector.body,
        ),
        stocked.peer,
        stocked.now,
    )
    said = response.body.decode()
    if vector.local_service:
        status, _, text = vector.local_service.partition(" ")
        assert (response.status, text in said) == (int(status), True), said
        return
    success = next(answer for answer in vector.answers if answer.gives)
    assert response.status == success.status, said
    if success.status == 202:
        assert "Succeeded" in stocked.finish(response.headers["x-ms-request-id"])
    root = re.search(rb"<(\w+)[ />]", success.body.removeprefix(b'<?xml version="1.0" encoding="utf-8"?>'))
    if root and vector.dialect == "ga":
        assert f"<{root[1].decode()}" in said
