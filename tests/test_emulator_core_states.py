"""Any sequence of requests, at any times: a documented answer each time, and the rules hold throughout."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from azure_iaas.emulator.routes import ROUTES
from azure_iaas.emulator.world import Quotas
from tests import soak
from tests.emulator_driver import (
    XMLNS,
    Driver,
    data_disk,
    deployment,
    element,
    endpoint,
    hosted_service,
    linux,
    network,
    operation,
    vm_role,
)

SERVICES = st.sampled_from(["alpha", "alpha", "Beta"])
ROLES = st.sampled_from(["vm0", "vm0", "vm1", "VM2"])
SLOTS = st.sampled_from(["Production", "Production", "staging"])
Aim = tuple[str, str, str, int]
AIMS: st.SearchStrategy[Aim] = st.tuples(SERVICES, SLOTS, ROLES, st.integers(0, 6))
RARELY = st.integers(0, 5).map(lambda number: number == 5)
LUNS = st.sampled_from([1, 0, 15, 16, -1])

INSTANCE_STATES = {
    "RoleStateUnknown",
    "CreatingVM",
    "StartingVM",
    "Provisioning",
    "ReadyRole",
    "StoppingVM",
    "StoppedVM",
    "StoppedDeallocated",
    "RestartingRole",
    "DeletingVM",
}
POWER_OF = {
    "ReadyRole": {"Started"},
    "Provisioning": {"Started"},
    "CreatingVM": {"Starting"},
    "StartingVM": {"Starting"},
    "StoppedVM": {"Stopped"},
    "StoppedDeallocated": {"Stopped"},
    "RoleStateUnknown": {"Starting", "Started"},
}
CODES = {
    400: {"BadRequest", "InvalidXmlRequest", "MissingOrInvalidRequiredQueryParameter"},
    404: {"ResourceNotFound"},
    409: {"ConflictError"},
}


class CoreMachine(RuleBasedStateMachine):
    """Two hosted services under random requests."""

    def __init__(self) -> None:
        super().__init__()
        self.driver = Driver(quotas=Quotas(cores=9, roles_per_service=3))
        self.accepted: list[tuple[str, str]] = []
        self.ended: dict[str, str] = {}
        self.patient = 0

    def write(self, method: str, path: str, body: str = "", service: str = "") -> None:
        response = self.driver.send(method, path, body)
        if response.status < 300:
            assert response.status in {200, 201, 202}
            if response.status == 202:
                assert response.body == b""
                self.accepted.append((response.headers["x-ms-request-id"], service.lower()))
                # Half of all runs let each write end, and so reach deep states.
                if self.patient:
                    self.driver.wait(self.patient)
            return
        text = response.body.decode()
        assert element(text, "Code") in CODES[response.status], text
        assert element(text, "Message"), text

    @initialize(name=SERVICES)
    def first_service(self, name: str) -> None:
        self.create_service(name)

    @initialize(service=SERVICES, roles=st.integers(0, 2), patient=st.sampled_from([0, 125]))
    def first_roles(self, service: str, roles: int, patient: int) -> None:
        self.patient = patient
        self.create_service(service)
        for number, name in enumerate(("vm0", "vm1", "VM2")[: roles + 1]):
            if number:
                self.add_role((service, "Production", "", 0), name, None)
            else:
                self.create_deployment(service, name, "Production", 22, clash=False)
            self.driver.wait(60)

    @rule(name=SERVICES)
    def create_service(self, name: str) -> None:
        self.write("POST", "services/hostedservices", hosted_service(name))

    @rule(name=SERVICES, media=st.booleans(), sure=RARELY)
    def delete_service(self, name: str, media: bool, sure: bool) -> None:
        if not sure:
            return
        self.write(
            "DELETE", f"services/hostedservices/{name}" + ("?comp=media" if media else ""), service=name
        )

    @rule(service=SERVICES, role=ROLES, slot=SLOTS, port=st.sampled_from([22, 23]), clash=st.booleans())
    def create_deployment(self, service: str, role: str, slot: str, port: int, clash: bool) -> None:
        endpoints = endpoint("a", port) + (endpoint("b", port) if clash else "")
        body = deployment(f"dep-{slot}", vm_role(role, root="Role", endpoints=endpoints), slot=slot)
        self.write("POST", f"services/hostedservices/{service}/deployments", body, service)

    @rule(service=SERVICES, slot=SLOTS, media=st.booleans(), sure=RARELY)
    def delete_deployment(self, service: str, slot: str, media: bool, sure: bool) -> None:
        if not sure:
            return
        path = f"services/hostedservices/{service}/deploymentslots/{slot}"
        self.write("DELETE", path + ("?comp=media" if media else ""), service=service)

    def aim_lun(self, below: str, role: str, at: Aim, lun: int) -> int:
        """The LUN of a data disk the role has, mostly, else the given one."""
        text = self.driver.send("GET", f"{below}/roles/{role}").body.decode()
        there = re.findall(r"<DataVirtualHardDisk>.*?</DataVirtualHardDisk>", text)
        return int(element(there[0], "Lun") or 0) if there and at[3] else lun

    def aim(self, at: Aim) -> tuple[str, str, str]:
        """Service, path of a deployment, and role: mostly ones that exist."""
        service, slot, role, choice = at
        world: Any = self.driver.service._world
        there = [
            (holder.name, each.name.removeprefix("dep-"), machine.name)
            for subscription in world.subscriptions.values()
            for holder in subscription.hosted_services.values()
            for each in holder.deployments.values()
            for machine in each.roles.values()
        ]
        if choice and there:
            service, slot, role = there[choice % len(there)]
        return service, f"services/hostedservices/{service}/deployments/dep-{slot}", role

    @rule(at=AIMS, role=ROLES, port=st.sampled_from([22, 23, None]))
    def add_role(self, at: Aim, role: str, port: int | None) -> None:
        service, path, _ = self.aim(at)
        body = vm_role(role, endpoints=endpoint("a", port))
        self.write("POST", f"{path}/roles", body, service)

    @rule(at=AIMS, size=st.sampled_from(["", "Small", "Large", "Huge"]))
    def update_role(self, at: Aim, size: str) -> None:
        service, below, role = self.aim(at)
        body = vm_role(role, provisioning=network(endpoint("a", None)), os_disk="", size=size)
        self.write("PUT", f"{below}/roles/{role}", body, service)

    @rule(at=AIMS)
    def delete_role(self, at: Aim) -> None:
        service, below, role = self.aim(at)
        self.write("DELETE", f"{below}/roles/{role}", service=service)

    @rule(at=AIMS, lun=LUNS, size=st.sampled_from([None, 0, 10]))
    def add_data_disk(self, at: Aim, lun: int, size: int | None) -> None:
        service, below, role = self.aim(at)
        path = f"{below}/roles/{role}/DataDisks"
        self.write("POST", path, data_disk(lun, size), service)

    @rule(at=AIMS, lun=LUNS, new=LUNS)
    def update_data_disk(self, at: Aim, lun: int, new: int) -> None:
        service, below, role = self.aim(at)
        lun = self.aim_lun(below, role, at, lun)
        path = f"{below}/roles/{role}/DataDisks/{lun}"
        self.write("PUT", path, data_disk(new, None, HostCaching="ReadWrite"), service)

    @rule(at=AIMS, lun=LUNS, media=st.booleans())
    def delete_data_disk(self, at: Aim, lun: int, media: bool) -> None:
        service, below, role = self.aim(at)
        lun = self.aim_lun(below, role, at, lun)
        path = f"{below}/roles/{role}/DataDisks/{lun}"
        self.write("DELETE", path + ("?comp=media" if media else ""), service=service)

    @rule(
        at=AIMS,
        name=st.sampled_from(["ShutdownRole", "ShutdownRole", "StartRole", "RestartRole", "CaptureRole"]),
        action=st.sampled_from(["Stopped", "StoppedDeallocated", "Delete", "Reprovision", ""]),
    )
    def operate(self, at: Aim, name: str, action: str) -> None:
        service, below, role = self.aim(at)
        inner = ""
        if name == "ShutdownRole" and action:
            inner = f"<PostShutdownAction>{action}</PostShutdownAction>"
        elif name == "CaptureRole":
            provisioning = linux().replace("ConfigurationSet ", "ProvisioningConfiguration ", 1)
            provisioning = provisioning.removesuffix("</ConfigurationSet>") + "</ProvisioningConfiguration>"
            inner = (
                f"<PostCaptureAction>{action}</PostCaptureAction>{provisioning}"
                f"<TargetImageLabel>x</TargetImageLabel><TargetImageName>img-{role}</TargetImageName>"
            )
        path = f"{below}/roleinstances/{role}/Operations"
        self.write("POST", path, operation(f"{name}Operation", inner), service)

    @rule(garbage=st.binary(max_size=30) | st.text(max_size=30).map(str.encode))
    def garbage_body(self, garbage: bytes) -> None:
        self.write("POST", "services/hostedservices", garbage.decode("latin-1"))

    @rule(failed=st.sampled_from([400, 409, 500]))
    def fail_next(self, failed: int) -> None:
        self.driver.service.fail_next_write(failed, "InternalError", "made to fail")

    @rule(service=SERVICES, seconds=st.integers(0, 60))
    def foreign_writer(self, service: str, seconds: int) -> None:
        if self.driver.send("GET", f"services/hostedservices/{service}").status == 200:
            self.driver.service.hold_lock(service, seconds, self.driver.now)

    @rule(seconds=st.sampled_from([0.1, 1.0, 10.0, 30.0, 60.0, 600.0]))
    def wait(self, seconds: float) -> None:
        self.driver.wait(seconds)

    @invariant()
    def operations_end_and_hold_one_lock_each(self) -> None:
        running: dict[str, str] = {}
        for request_id, service in self.accepted:
            status = element(self.driver.get(f"operations/{request_id}"), "Status")
            if request_id in self.ended:
                assert status == self.ended[request_id]
            elif status != "InProgress":
                self.ended[request_id] = status
            else:
                assert service not in running, "two writes at a time on one hosted service"
                running[service] = request_id

    @invariant()
    def deployments_are_consistent(self) -> None:
        cores = 0
        for service in ("alpha", "beta"):
            answer = self.driver.send("GET", f"services/hostedservices/{service}?embed-detail=true")
            if answer.status == 404:
                continue
            text = answer.body.decode()
            for shown in re.findall(r"<Deployment>.*?</Deployment>", text):
                cores += self.check_deployment(shown)
        assert cores <= 9

    def check_deployment(self, text: str) -> int:
        roles = re.findall(r"<Role i:type=.*?</Role>", text)
        instances = re.findall(r"<RoleInstance>.*?</RoleInstance>", text)
        if element(text, "Status") == "Deploying" and not instances:
            # Roles are listed some seconds before their instances.
            assert "<VirtualIPs/>" in text
            return 0
        assert len(roles) == len(instances)
        assert {element(each, "RoleName") for each in roles} == {
            element(each, "RoleName") for each in instances
        }
        states = [(element(each, "InstanceStatus"), element(each, "PowerState")) for each in instances]
        for status, power in states:
            assert status in INSTANCE_STATES
            assert power in POWER_OF.get(status, {"Starting", "Started", "Stopping", "Stopped"})
        deallocated = [status == "StoppedDeallocated" for status, _ in states]
        if element(text, "Status") == "Suspended":
            assert all(deallocated)
            assert "<VirtualIPs/>" in text
        elif element(text, "Status") == "Running":
            assert not all(deallocated)
        ports = re.findall(r"<PublicPort>(\d+)</PublicPort>", text)
        assert len(ports) == len(set(ports))
        for each in roles:
            luns = [
                element(disk, "Lun")
                for disk in re.findall(r"<DataVirtualHardDisk>.*?</DataVirtualHardDisk>", each)
            ]
            assert len(luns) == len(set(luns)) <= 8
        return sum(not each for each in deallocated)

    @invariant()
    def disks_of_roles_are_registered_and_attached(self) -> None:
        listed = re.findall(r"<Disk>.*?</Disk>", self.driver.get("services/disks"))
        attached = {element(disk, "Name"): "<AttachedTo>" in disk for disk in listed}
        assert len(attached) == len(listed)
        for service in ("alpha", "beta"):
            answer = self.driver.send("GET", f"services/hostedservices/{service}?embed-detail=true")
            for name in re.findall(r"<DiskName>(.*?)</DiskName>", answer.body.decode()):
                assert attached[name]

    def teardown(self) -> None:
        self.driver.wait(3600)
        for request_id, _ in self.accepted:
            assert element(self.driver.get(f"operations/{request_id}"), "Status") in {"Succeeded", "Failed"}
        world: Any = self.driver.service._world
        assert not world.effects
        subscription = next(iter(world.subscriptions.values()))
        used = sum(
            {"Small": 1, "Large": 4}[role.size]
            for service in subscription.hosted_services.values()
            for each in service.deployments.values()
            for role in each.roles.values()
            if not role.deallocated(self.driver.now.timestamp())
        )
        assert subscription.cores_in_use == used


# Single requests, of any shape

WORDS = [segment for route in ROUTES for segment in route.template.split("/") if not segment.startswith("{")]
SEGMENTS = st.sampled_from([*WORDS, "svc", "dep", "vm0", "Production", "0", "..", "%2e%2e", "%00", "%", "é"])
ROOTS = st.sampled_from(
    [
        "Deployment",
        "PersistentVMRole",
        "Role",
        "DataVirtualHardDisk",
        "DataDisk",
        "OSImage",
        "Disk",
        "VMImage",
        "CaptureRoleOperation",
        "ShutdownRoleOperation",
        "CreateStorageServiceInput",
        "LoadBalancedEndpointList",
        "RoleInstances",
        "NetworkConfiguration",
        "CertificateFile",
    ]
)
MEMBERS = st.sampled_from(
    [
        "Name",
        "RoleName",
        "DeploymentSlot",
        "Label",
        "RoleList",
        "Role",
        "ConfigurationSets",
        "ConfigurationSet",
        "ConfigurationSetType",
        "OSVirtualHardDisk",
        "OSDisk",
        "Lun",
        "MediaLink",
        "InputEndpoints",
        "InputEndpoint",
        "Port",
        "PostCaptureAction",
    ]
)
TEXTS = st.sampled_from(
    ["", "svc", "1", "-1", "99999999999999999999", "true", "Linux", "http://", "http://[", "é"]
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=4),
    max_leaves=12,
)


def _xml(name: str, inner: Any) -> str:
    content = inner if isinstance(inner, str) else "".join(_xml(child, below) for child, below in inner)
    return f"<{name}>{content}</{name}>"


TREES = st.recursive(TEXTS, lambda inner: st.lists(st.tuples(MEMBERS, inner), max_size=4), max_leaves=12)
BODIES = (
    st.binary(max_size=40)
    | JSON_VALUES.map(lambda value: json.dumps(value).encode())
    | st.tuples(ROOTS, TREES).map(
        lambda pair: _xml(pair[0], pair[1]).replace(pair[0], f"{pair[0]} {XMLNS}", 1).encode()
    )
)


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]),
    segments=st.lists(SEGMENTS, max_size=8),
    query=st.sampled_from(
        ["", "comp=media", "comp=", "comp=status", "action=regenerate", "&&=", "%", "StartTime=x"]
    ),
    body=BODIES,
    content_type=st.sampled_from(["application/xml", "application/json", "text/plain", ""]),
    version=st.sampled_from(["2009-10-01", "2012-03-01", "2015-04-01", "9999-12-31", "x"]),
    strict=st.booleans(),
)
@settings(max_examples=soak.number(100, 600))
def test_any_single_request_gets_a_documented_answer(
    method: str,
    segments: list[str],
    query: str,
    body: bytes,
    content_type: str,
    version: str,
    strict: bool,
) -> None:
    driver = Driver(strict=strict)
    driver.create_service()
    driver.create_deployment()
    target = "/".join(segments) + (f"?{query}" if query else "")
    response = driver.send(method, target, body, content_type=content_type, x_ms_version=version)
    assert response.status in {200, 201, 202, 400, 404, 409}
    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-ms-request-id"])
    if response.status >= 400:
        assert b"Code" in response.body
        assert b"Message" in response.body
    elif response.status == 202:
        assert response.body == b""


TestCore = CoreMachine.TestCase
TestCore.settings = settings(max_examples=soak.number(15, 80), stateful_step_count=40)
