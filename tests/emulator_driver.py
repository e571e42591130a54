"""Drives the local service's core in virtual time, with documents written by hand."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from azure_iaas.emulator.service import Service
from azure_iaas.endpoint.backend import Peer
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from azure_iaas.wire.messages import Method

SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
XMLNS = 'xmlns="http://schemas.microsoft.com/windowsazure"'
BOTH = f'{XMLNS} xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
WINDOWS_IMAGE = "Win2K8SP1.110809-2000.201108-01.en.us.30GB.vhd"
LINUX_IMAGE = "b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-14_04-LTS-amd64-server-20140724-en-us-30GB"
PASSWORD = "S3cret-Passw0rd"
CERTIFICATE = (
    "MIIBDTCBtaADAgECAgEBMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBnNhbXBsZTAeFw0xMzAxMDEwMDAwMDBaFw00MzAxMDEw"
    "MDAwMDBaMBExDzANBgNVBAMMBnNhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJI6IsPIWE73/VgqQdls92gfSzpl"
    "Y4OLm1yY5dtm+AFA/tBdHz8Ws1m7uJkFfg4bMmGaD68Uyey8aDcihxzTmgUwCgYIKoZIzj0EAwIDRwAwRAIgFRLH3mSwG/OF"
    "2+JHPvkPZDUz3wwTZd7feZdeU+lRFFMCIGC2btZZkAx1N2HIJDlIF7daFzaZ6kPlkpTfAQhDttxf"
)
"""A certificate as base64 of its DER, and below its name and its public key."""
THUMBPRINT = "72DE32503F1EE8815C7AAAE2D6DD1690EB13B5B2"
PUBLIC_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEkjoiw8hYTvf9WCpB2Wz3aB9LOmVjg4ubXJjl22b4AUD+0F0fPxazWbu4mQV+"
    "DhsyYZoPrxTJ7LxoNyKHHNOaBQ=="
)


class Driver:
    """Sends requests to a service and moves its clock."""

    def __init__(self, service: Service | None = None, **options: Any) -> None:
        self.service = service or Service(**{"subscriptions": [SUBSCRIPTION], "strict": True, **options})
        self.now = datetime(2016, 4, 1, 21, 43, 13, tzinfo=UTC)
        self.version = "2015-04-01"
        self.peer = Peer()

    def send(
        self,
        method: str,
        path: str,
        body: str | bytes = b"",
        *,
        subscription: str = SUBSCRIPTION,
        **headers: str,
    ) -> RawResponse:
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        target = f"/{subscription}/{path}" if path else f"/{subscription}"
        all_headers = {"x-ms-version": self.version, **named}
        request = RawRequest(cast("Method", method), target, all_headers, raw)
        return self.service.handle(request, self.peer, self.now)

    def get(self, path: str, **headers: str) -> str:
        response = self.send("GET", path, **headers)
        assert response.status == 200, response.body
        return response.body.decode()

    def ok(self, method: str, path: str, body: str | bytes = b"", *, status: int = 202) -> str:
        """Send a write that is accepted; returns its request id."""
        response = self.send(method, path, body)
        assert response.status == status, response.body
        return response.headers["x-ms-request-id"]

    def done(self, method: str, path: str, body: str | bytes = b"") -> str:
        """Send a write that is accepted, and let it finish; returns the operation's document."""
        request_id = self.ok(method, path, body)
        return self.finish(request_id)

    def refused(
        self, method: str, path: str, body: str | bytes = b"", **headers: str
    ) -> tuple[int, str, str]:
        """Send a request that is refused; returns status, code and message."""
        response = self.send(method, path, body, **headers)
        text = response.body.decode()
        code, message = element(text, "Code"), element(text, "Message")
        assert response.status >= 400, text
        return response.status, code, unescape(message)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def finish(self, request_id: str) -> str:
        """Let time pass until the operation has ended; returns its document."""
        for _ in range(2000):
            document = self.get(f"operations/{request_id}")
            if "<Status>InProgress</Status>" not in document:
                return document
            self.wait(1.0)
        raise AssertionError(f"operation {request_id} doesn't end")

    # Documents

    def create_service(self, name: str = "svc", location: str = "West US") -> str:
        return self.ok("POST", "services/hostedservices", hosted_service(name, location), status=201)

    def create_deployment(
        self, service: str = "svc", name: str = "dep", *, ready: bool = True, **role: Any
    ) -> str:
        document = deployment(name, vm_role("vm0", root="Role", **role))
        result = self.done("POST", f"services/hostedservices/{service}/deployments", document)
        if ready:
            self.wait(600)
        return result

    def states(self, path: str = "services/hostedservices/svc/deployments/dep") -> dict[str, tuple[str, str]]:
        """InstanceStatus and PowerState by role name."""
        text = self.get(path)
        return {
            element(instance, "RoleName"): (
                element(instance, "InstanceStatus"),
                element(instance, "PowerState"),
            )
            for instance in re.findall(r"<RoleInstance>.*?</RoleInstance>", text)
        }


def element(text: str, name: str) -> str:
    """Content of the first element of this name, empty when there is none."""
    found = re.search(rf"<{name}(?: [^>]*)?>(.*?)</{name}>", text, re.DOTALL)
    return found[1] if found else ""


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def hosted_service(name: str, location: str = "West US") -> str:
    return (
        f"<CreateHostedService {XMLNS}><ServiceName>{name}</ServiceName><Label>bGFiZWw=</Label>"
        f"<Location>{location}</Location></CreateHostedService>"
    )


def deployment(name: str, role: str, slot: str = "Production", label: str = "lab", after: str = "") -> str:
    return (
        f"<Deployment {BOTH}><Name>{name}</Name><DeploymentSlot>{slot}</DeploymentSlot><Label>{label}</Label>"
        f"<RoleList>{role}</RoleList>{after}</Deployment>"
    )


def endpoint(name: str, port: int | None, local: int = 22, protocol: str = "tcp", lb_set: str = "") -> str:
    balanced = f"<LoadBalancedEndpointSetName>{lb_set}</LoadBalancedEndpointSetName>" if lb_set else ""
    public = "" if port is None else f"<Port>{port}</Port>"
    return (
        f"<InputEndpoint>{balanced}<LocalPort>{local}</LocalPort><Name>{name}</Name>{public}"
        f"<Protocol>{protocol}</Protocol></InputEndpoint>"
    )


def network(endpoints: str) -> str:
    return (
        "<ConfigurationSet><ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>"
        f"<InputEndpoints>{endpoints}</InputEndpoints></ConfigurationSet>"
    )


def linux(password: str = PASSWORD) -> str:
    return (
        '<ConfigurationSet i:type="LinuxProvisioningConfigurationSet">'
        "<ConfigurationSetType>LinuxProvisioningConfiguration</ConfigurationSetType><HostName>guest</HostName>"
        f"<UserName>someone</UserName><UserPassword>{password}</UserPassword>"
        "<DisableSshPasswordAuthentication>false</DisableSshPasswordAuthentication></ConfigurationSet>"
    )


def windows(computer: str = "guest", password: str = PASSWORD) -> str:
    return (
        '<ConfigurationSet i:type="WindowsProvisioningConfigurationSet">'
        "<ConfigurationSetType>WindowsProvisioningConfiguration</ConfigurationSetType>"
        f"<ComputerName>{computer}</ComputerName><AdminPassword>{password}</AdminPassword></ConfigurationSet>"
    )


def vm_role(
    name: str,
    *,
    root: str = "PersistentVMRole",
    endpoints: str = "",
    size: str = "Small",
    provisioning: str | None = None,
    data_disks: str = "",
    os_disk: str = f"<SourceImageName>{LINUX_IMAGE}</SourceImageName>",
    availability_set: str = "",
) -> str:
    declarations = f" {BOTH}" if root == "PersistentVMRole" else ""
    sets = (linux() if provisioning is None else provisioning) + (network(endpoints) if endpoints else "")
    grouped = f"<AvailabilitySetName>{availability_set}</AvailabilitySetName>" if availability_set else ""
    disks = f"<DataVirtualHardDisks>{data_disks}</DataVirtualHardDisks>" if data_disks else ""
    return (
        f"<{root}{declarations}><RoleName>{name}</RoleName><RoleType>PersistentVMRole</RoleType>"
        f"<ConfigurationSets>{sets}</ConfigurationSets>{grouped}{disks}"
        f"<OSVirtualHardDisk>{os_disk}</OSVirtualHardDisk><RoleSize>{size}</RoleSize></{root}>"
    )


def data_disk(
    lun: int | None = None, size: int | None = 10, *, root: str = "DataVirtualHardDisk", **more: str
) -> str:
    declarations = f" {BOTH}" if root == "DataVirtualHardDisk" and not more.pop("inner", "") else ""
    parts = {
        "HostCaching": more.get("HostCaching"),
        "DiskLabel": more.get("DiskLabel"),
        "DiskName": more.get("DiskName"),
        "Lun": lun,
        "LogicalDiskSizeInGB": size,
        "MediaLink": more.get("MediaLink"),
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value is not None)
    return f"<{root}{declarations}>{inner}</{root}>"


def operation(name: str, inner: str = "") -> str:
    return f"<{name} {BOTH}><OperationType>{name}</OperationType>{inner}</{name}>"
