"""The local service's core: envelope, life cycle, locks, refusals, dialects, strictness."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest

from azure_iaas.emulator.routes import ROUTES
from azure_iaas.emulator.service import Service
from azure_iaas.emulator.world import Quotas
from azure_iaas.endpoint.backend import Peer
from azure_iaas.wire.messages import RawRequest
from tests.emulator_driver import (
    BOTH,
    CERTIFICATE,
    LINUX_IMAGE,
    PASSWORD,
    PUBLIC_KEY,
    SUBSCRIPTION,
    THUMBPRINT,
    WINDOWS_IMAGE,
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
    windows,
)

DEP = "services/hostedservices/svc/deployments/dep"
PRODUCTION = "services/hostedservices/svc/deploymentslots/Production"


@pytest.fixture
def driver() -> Driver:
    return Driver()


@pytest.fixture
def running(driver: Driver) -> Driver:
    """One service with one ready virtual machine."""
    driver.create_service()
    driver.create_deployment()
    return driver


# The envelope


def test_every_answer_has_the_recorded_headers(driver: Driver) -> None:
    empty = driver.send("POST", "services/hostedservices", hosted_service("svc"))
    assert empty.status == 201
    assert empty.body == b""
    assert set(empty.headers) == {
        "cache-control",
        "content-length",
        "date",
        "location",
        "server",
        "x-ms-request-id",
        "x-ms-servedbyregion",
    }
    assert empty.headers["location"] == (
        f"https://management.core.windows.net/subscriptions/{SUBSCRIPTION}/compute/svc"
    )
    assert re.fullmatch(r"[0-9a-f]{32}", empty.headers["x-ms-request-id"])
    full = driver.send("GET", "services/hostedservices")
    assert full.headers["content-type"] == "application/xml; charset=utf-8"
    assert full.headers["content-length"] == str(len(full.body))
    assert full.headers["date"] == "Fri, 01 Apr 2016 21:43:13 GMT"


@pytest.mark.parametrize("version", ["", "2012-3-1", "latest", "2012-13-01", "2012-03-01T00:00:00Z"])
def test_a_missing_or_malformed_version_is_refused_before_anything_else(version: str) -> None:
    driver = Driver(thumbprints=["AA" * 20])
    driver.version = version
    status, code, _ = driver.refused("GET", "nowhere", subscription="unknown")
    assert (status, code) == (400, "MissingOrIncorrectVersionHeader")


def test_a_version_older_than_the_operation_is_refused(driver: Driver) -> None:
    status, code, _ = driver.refused("GET", "services/images", x_ms_version="2011-12-01")
    assert (status, code) == (400, "MissingOrIncorrectVersionHeader")


@pytest.mark.parametrize(
    ("shown", "subscription"),
    [(None, SUBSCRIPTION), ("BB" * 20, SUBSCRIPTION), ("AA" * 20, "00000000-0000-0000-0000-000000000000")],
)
def test_a_foreign_certificate_or_subscription_is_forbidden(shown: str | None, subscription: str) -> None:
    driver = Driver(thumbprints=["aa:" * 19 + "aa"])
    driver.peer = Peer(shown)
    assert driver.refused("GET", "locations", subscription=subscription) == (
        403,
        "ForbiddenError",
        (
            "The server failed to authenticate the request. Verify that the certificate is valid and is "
            "associated with this subscription."
        ),
    )
    driver.peer = Peer("AA" * 20)
    assert driver.send("GET", "locations", subscription=SUBSCRIPTION.upper()).status == 200


def test_a_management_certificate_added_by_the_api_is_admitted() -> None:
    driver = Driver(thumbprints=["AA" * 20])
    driver.peer = Peer("aa" * 20)
    body = (
        f"<SubscriptionCertificate {XMLNS}><SubscriptionCertificatePublicKey>{PUBLIC_KEY}"
        "</SubscriptionCertificatePublicKey>"
        f"<SubscriptionCertificateThumbprint>{THUMBPRINT}</SubscriptionCertificateThumbprint>"
        f"<SubscriptionCertificateData>{CERTIFICATE}</SubscriptionCertificateData></SubscriptionCertificate>"
    )
    driver.ok("POST", "certificates", body, status=200)
    assert THUMBPRINT in driver.get("certificates")
    driver.peer = Peer(THUMBPRINT.lower())
    assert "<SubscriptionCertificateData>" in driver.get(f"certificates/{THUMBPRINT.lower()}")
    driver.ok("DELETE", f"certificates/{THUMBPRINT}", status=200)
    assert driver.refused("GET", "certificates")[0] == 403


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "nowhere", (404, "ResourceNotFound")),
        ("GET", "services/hostedservices/a/b/c/d/e/f", (404, "ResourceNotFound")),
        ("PUT", "locations", (400, "InvalidHttpVerb")),
        ("PATCH", "services/images", (400, "InvalidHttpVerb")),
        (
            "POST",
            "services/hostedservices/svc/deployments/dep",
            (400, "MissingOrInvalidRequiredQueryParameter"),
        ),
        ("GET", "operations", (400, "MissingOrInvalidRequiredQueryParameter")),
        ("GET", f"operations/{'0' * 32}", (404, "ResourceNotFound")),
    ],
)
def test_what_is_unknown_is_refused(
    driver: Driver, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert driver.refused(method, path)[:2] == expected


def test_path_segments_and_names_are_compared_without_case(running: Driver) -> None:
    assert "<Name>dep</Name>" in running.get("Services/HostedServices/SVC/DeploymentSlots/production")
    assert "<RoleName>vm0</RoleName>" in running.get("services/hostedservices/Svc/deployments/DEP/Roles/VM0")
    assert "<Deployments>" in running.get("services/hostedservices/svc?Embed-Detail=True")
    assert "<Name>dep</Name>" in running.get(DEP + "/")


def test_answers_have_no_declaration_both_namespaces_and_no_blanks(driver: Driver) -> None:
    assert driver.get("services/hostedservices") == f"<HostedServices {BOTH}/>"


# The documented sample


def test_the_documented_sample_in_the_preview_dialect_passes_the_recorded_states(driver: Driver) -> None:
    driver.ok("POST", "services/hostedservices", hosted_service("sampleService2"), status=201)
    role = (
        "<Role><RoleName>sampleRole</RoleName><RoleType>PersistentVMRole</RoleType><ConfigurationSets>"
        "<ConfigurationSet><ConfigurationSetType>ProvisioningConfiguration</ConfigurationSetType>"
        "<AdminPassword>myAdminPwd1</AdminPassword><MachineName>sampleMach1</MachineName></ConfigurationSet>"
        "<ConfigurationSet><ConfigurationSetType>NetworkConfiguration</ConfigurationSetType><InputEndpoints>"
        "<ExternalEndpoint><LocalPort>3395</LocalPort><Name>endpname1</Name><Port>59919</Port>"
        "<Protocol>tcp</Protocol></ExternalEndpoint></InputEndpoints></ConfigurationSet></ConfigurationSets>"
        f"<OSDisk><SourceImageName>{WINDOWS_IMAGE}</SourceImageName></OSDisk>"
        "<DataDisks><DataDisk><LUN>0</LUN><LogicalDiskSizeInGB>10</LogicalDiskSizeInGB></DataDisk>"
        "</DataDisks>"
        "<RoleSize>Small</RoleSize></Role>"
    )
    body = deployment("sampleDeployment", role, slot="Staging", label="Deployment Label")
    request_id = driver.ok("POST", "services/hostedservices/sampleService2/deployments", body)

    seen: list[tuple[str, str]] = []
    operations: list[str] = []
    ended = 0
    for second in range(600):
        text = driver.get("services/hostedservices/sampleService2/deploymentslots/staging")
        status = element(driver.get(f"operations/{request_id}"), "Status")
        state = (element(text, "Status"), element(text, "InstanceStatus") + "/" + element(text, "PowerState"))
        if not seen or seen[-1] != state:
            seen.append(state)
        if not operations or operations[-1] != status:
            operations.append(status)
            ended = second
        driver.wait(1)
    assert seen == [
        ("Deploying", "/"),
        ("Deploying", "StoppedVM/Stopped"),
        ("Running", "RoleStateUnknown/Starting"),
        ("Running", "CreatingVM/Starting"),
        ("Running", "StartingVM/Starting"),
        ("Running", "RoleStateUnknown/Started"),
        ("Running", "Provisioning/Started"),
        ("Running", "RoleStateUnknown/Started"),
        ("Running", "ReadyRole/Started"),
    ]
    assert operations == ["InProgress", "Succeeded"]
    assert 20 <= ended <= 46
    assert "<HostName>sampleMach1</HostName>" in text


def test_first_and_last_shape_of_a_deployment(driver: Driver) -> None:
    driver.create_service()
    driver.ok(
        "POST", "services/hostedservices/svc/deployments", deployment("dep", vm_role("vm0", root="Role"))
    )
    first = driver.get(PRODUCTION)
    assert "<RoleInstanceList/><RoleList/><SdkVersion/><Locked>true</Locked>" in first
    assert "<VirtualIPs/><LoadBalancers/></Deployment>" in first
    assert "<Url>" not in first
    assert "<Configuration>" not in first
    driver.wait(600)
    last = driver.get(PRODUCTION)
    assert "<Url>http://svc.cloudapp.net/</Url><Configuration>" in last
    assert '<RoleList><Role i:type="PersistentVMRole"><RoleName>vm0</RoleName><OsVersion/>' in last
    assert '<ConfigurationSet i:type="NetworkConfigurationSet">' in last
    assert "<DataVirtualHardDisks/><OSVirtualHardDisk><HostCaching>ReadWrite</HostCaching>" in last
    assert "<Locked>false</Locked><RollbackAllowed>false</RollbackAllowed>" in last
    configuration = base64.b64decode(element(last, "Configuration")).decode()
    assert '<Role name="vm0">\r\n    <Instances count="1" />' in configuration


def test_generated_names_are_as_recorded(running: Driver) -> None:
    text = running.get(f"{DEP}/roles/vm0")
    assert re.fullmatch(r"dep-vm0-0-20160401214313\d{4}", element(text, "DiskName"))
    assert re.fullmatch(
        r"https://portalvhds[0-9a-f]+\.blob\.core\.windows\.net/vhds/dep-vm0-0-\d{18}\.vhd",
        element(text, "MediaLink"),
    )
    assert re.fullmatch(r"[0-9a-f]{32}", element(running.get(DEP), "PrivateID"))


# Operations


def test_operation_documents(driver: Driver) -> None:
    driver.create_service()
    request_id = driver.ok(
        "POST", "services/hostedservices/svc/deployments", deployment("dep", vm_role("vm0", root="Role"))
    )
    dashed = re.sub(r"(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5", request_id)
    assert driver.get(f"operations/{request_id}") == (
        f"<Operation {BOTH}><ID>{dashed}</ID><Status>InProgress</Status></Operation>"
    )
    assert driver.finish(dashed) == (
        f"<Operation {BOTH}><ID>{dashed}</ID><Status>Succeeded</Status><HttpStatusCode>200</HttpStatusCode>"
        "</Operation>"
    )


def test_ids_of_writes_done_at_once_can_be_polled(driver: Driver) -> None:
    for request_id in (
        driver.create_service(),
        driver.ok("DELETE", "services/hostedservices/svc", status=200),
    ):
        assert "<Status>Succeeded</Status><HttpStatusCode>200</HttpStatusCode>" in driver.get(
            f"operations/{request_id}"
        )


def test_an_operation_is_known_to_its_subscription_only() -> None:
    other = "00000000-0000-0000-0000-000000000001"
    driver = Driver(subscriptions=[SUBSCRIPTION, other])
    request_id = driver.create_service()
    assert driver.send("GET", f"operations/{request_id}", subscription=other).status == 404


def test_a_failed_operation_answers_200_and_leaves_no_deployment(driver: Driver) -> None:
    driver.create_service()
    both = endpoint("a", 22) + endpoint("b", 22)
    document = driver.done(
        "POST",
        "services/hostedservices/svc/deployments",
        deployment("dep", vm_role("vm0", root="Role", endpoints=both)),
    )
    assert document.endswith(
        "<Status>Failed</Status><HttpStatusCode>400</HttpStatusCode><Error><Code>BadRequest</Code><Message>"
        "Port 22 is already in use by one of the endpoints in this deployment. Ensure that the port "
        "numbers are "
        "unique across endpoints within a deployment.</Message></Error></Operation>"
    )
    assert driver.refused("GET", PRODUCTION) == (404, "ResourceNotFound", "No deployments were found.")
    assert driver.get("services/disks") == f"<Disks {BOTH}/>"


def test_a_port_clash_between_roles_and_what_load_balancing_allows(running: Driver) -> None:
    def add(name: str, **options: Any) -> str:
        return running.done("POST", f"{DEP}/roles", vm_role(name, endpoints=endpoint("web", 80, **options)))

    assert "Succeeded" in add("vm1", lb_set="web")
    assert "Port 80 is already in use" in add("vm2")
    assert running.send("GET", f"{DEP}/roles/vm2").status == 404
    assert "Succeeded" in add("vm2", lb_set="web")
    assert "Succeeded" in add("vm3", protocol="udp")


def test_the_next_write_can_be_made_to_fail_without_effect(running: Driver) -> None:
    running.service.fail_next_write(500, "InternalError", "Out of luck.")
    document = running.done("POST", f"{DEP}/roles", vm_role("vm1"))
    assert (
        "<Status>Failed</Status><HttpStatusCode>500</HttpStatusCode><Error><Code>InternalError</Code>"
        in document
    )
    assert set(running.states()) == {"vm0"}
    running.service.fail_next_write(500, "InternalError", "Out of luck.")
    running.done("DELETE", DEP)
    assert running.states() == {"vm0": ("ReadyRole", "Started")}


# Locks


def test_one_write_at_a_time_on_a_deployment(running: Driver) -> None:
    holder = running.ok("POST", f"{DEP}/roles", vm_role("vm1"))
    busy = (
        409,
        "ConflictError",
        (
            f"Windows Azure is currently performing an operation with x-ms-requestid {holder} on this "
            "deployment "
            "that requires exclusive access."
        ),
    )
    service_busy = (
        409,
        "ConflictError",
        (
            "Windows Azure is currently performing an operation on this hosted service that requires "
            "exclusive access."
        ),
    )
    instance = f"{DEP}/roleinstances/vm0/Operations"
    assert running.refused("POST", f"{DEP}/roles", vm_role("vm2")) == busy
    assert running.refused("PUT", f"{DEP}/roles/vm0", vm_role("vm0", provisioning="")) == busy
    assert running.refused("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(0)) == busy
    assert running.refused("POST", instance, operation("RestartRoleOperation")) == busy
    assert running.refused("DELETE", DEP) == busy
    assert running.refused("DELETE", PRODUCTION) == busy
    assert running.refused("DELETE", "services/hostedservices/svc") == service_busy
    document = deployment("other", vm_role("vm0", root="Role"), slot="Staging")
    assert running.refused("POST", "services/hostedservices/svc/deployments", document) == service_busy
    assert "<Name>dep</Name>" in running.get(DEP)
    running.finish(holder)
    running.ok("POST", f"{DEP}/roles", vm_role("vm2"))


def test_services_do_not_block_each_other(running: Driver) -> None:
    running.create_service("other")
    running.ok("POST", f"{DEP}/roles", vm_role("vm1"))
    running.ok(
        "POST", "services/hostedservices/other/deployments", deployment("dep", vm_role("vm0", root="Role"))
    )


def test_the_lock_ends_with_the_operation_long_before_the_machine_is_ready(driver: Driver) -> None:
    driver.create_service()
    driver.create_deployment(ready=False)
    assert driver.states()["vm0"] == ("RoleStateUnknown", "Starting")
    driver.ok("POST", f"{DEP}/roles", vm_role("vm1"))


def test_a_foreign_writer_can_hold_the_lock(running: Driver) -> None:
    holder = running.service.hold_lock("SVC", 45, running.now)
    status, code, message = running.refused("POST", f"{DEP}/roles", vm_role("vm1"))
    assert (status, code) == (409, "ConflictError")
    assert holder in message
    assert "InProgress" in running.get(f"operations/{holder}")
    running.wait(45)
    assert "Succeeded" in running.get(f"operations/{holder}")
    running.ok("POST", f"{DEP}/roles", vm_role("vm1"))
    with pytest.raises(LookupError):
        running.service.hold_lock("absent", 1, running.now)


# Refusals


def test_names_are_unique_in_the_cloud_without_regard_to_case() -> None:
    other = "00000000-0000-0000-0000-000000000001"
    driver = Driver(subscriptions=[SUBSCRIPTION, other])
    driver.create_service("Svc")
    taken = (409, "ConflictError", "The specified DNS name is already taken.")
    assert driver.refused("POST", "services/hostedservices", hosted_service("sVC")) == taken
    response = driver.send("POST", "services/hostedservices", hosted_service("svc"), subscription=other)
    assert response.status == 409
    check = "services/hostedservices/operations/isavailable"
    assert "<Result>false</Result><Reason>A hosted service with" in driver.get(f"{check}/SVC")
    assert '<Result>true</Result><Reason i:nil="true"/>' in driver.get(f"{check}/svc2")
    driver.ok("DELETE", "services/hostedservices/svc", status=200)
    driver.create_service("svc")


@pytest.mark.parametrize("name", ["test1@1", "cloud-server-test_91", "1a", "a-", "a" * 64])
def test_bad_service_names(driver: Driver, name: str) -> None:
    assert driver.refused("POST", "services/hostedservices", hosted_service(name)) == (
        400,
        "BadRequest",
        "The hosted service name is invalid.",
    )


def test_texts_of_what_is_not_there(driver: Driver) -> None:
    missing = (404, "ResourceNotFound")
    none = "The hosted service does not exist."
    assert driver.refused("GET", "services/hostedservices/svc") == (*missing, none)
    assert driver.refused("GET", DEP) == (*missing, none)
    assert driver.refused("GET", PRODUCTION) == (*missing, "No deployments were found.")
    driver.create_service()
    assert driver.refused("GET", PRODUCTION) == (*missing, "No deployments were found.")
    assert driver.refused("GET", DEP) == (*missing, "The deployment name 'dep' does not exist.")
    assert driver.refused("GET", "services/images/x") == (
        *missing,
        "The image with the specified name does not exist.",
    )
    assert driver.refused("GET", "services/disks/x") == (
        *missing,
        "The disk with the specified name does not exist.",
    )
    assert driver.refused("GET", "services/storageservices/x/keys") == (
        *missing,
        "The requested storage account 'x' was not found.",
    )
    assert driver.refused("DELETE", "services/storageservices/x") == (
        *missing,
        "The storage account 'x' was not found.",
    )
    assert driver.refused("GET", "affinitygroups/x") == (*missing, "The affinity group does not exist.")


@pytest.mark.parametrize(
    ("role", "message"),
    [
        (
            {"endpoints": endpoint("a", 80, 166535)},
            (
                "Value '166535' specified for parameter 'InputEndpoint.LocalPort' is invalid. Allowed values "
                "are 'a "
                "number between 1 to 65535'."
            ),
        ),
        (
            {"provisioning": windows("MSServerInstnce01")},
            (
                "The computer name cannot be more than 15 characters long, be entirely numeric, or contain "
                "the "
                ""
                "following characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . ' \" , < > / ?."
            ),
        ),
        (
            {"provisioning": windows("12345")},
            (
                "The computer name cannot be more than 15 characters long, be entirely numeric, or contain "
                "the "
                ""
                "following characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . ' \" , < > / ?."
            ),
        ),
        (
            {"provisioning": linux("short")},
            "The supplied password must be 6-72 characters long and meet password complexity requirements.",
        ),
        (
            {"provisioning": windows(password="")},
            "The supplied password must be 6-72 characters long and meet password complexity requirements.",
        ),
        (
            {"os_disk": "<SourceImageName>none</SourceImageName>"},
            "The virtual machine image source is not valid.",
        ),
        (
            {"os_disk": f"<SourceImageName>{LINUX_IMAGE}</SourceImageName><IOType>Standard</IOType>"},
            (
                "IOType is implicitly determined from the MediaLink. This should not be explicitly specified "
                "in "
                "the "
                "request."
            ),
        ),
        ({"os_disk": "<HostCaching>ReadWrite</HostCaching>"}, "A parameter was incorrect"),
        ({"os_disk": "<MediaLink>ftp://a/b</MediaLink>"}, "A parameter was incorrect"),
    ],
)
def test_what_create_deployment_refuses_at_once(driver: Driver, role: dict[str, str], message: str) -> None:
    driver.create_service()
    document = deployment("dep", vm_role("vm0", root="Role", **role))
    assert driver.refused("POST", "services/hostedservices/svc/deployments", document) == (
        400,
        "BadRequest",
        message,
    )
    assert driver.send("GET", PRODUCTION).status == 404


def test_slot_occupied_and_deployment_names(running: Driver) -> None:
    path = "services/hostedservices/svc/deployments"
    role = vm_role("vm0", root="Role")
    assert running.refused("POST", path, deployment("other", role)) == (
        409,
        "ConflictError",
        "The specified deployment slot Production is occupied.",
    )
    assert running.refused("POST", path, deployment("instance_B", role, slot="Staging")) == (
        400,
        "BadRequest",
        "The deployment name is invalid.",
    )
    assert running.refused("POST", path, deployment("dep", role, slot="Staging"))[0] == 409
    assert running.refused("POST", path, deployment("two", role + role, slot="Staging"))[0] == 400
    assert running.refused("POST", path, deployment("x", role, slot="Testing"))[0] == 400


def test_role_name_taken_last_role_and_role_limit(running: Driver) -> None:
    assert running.refused("POST", f"{DEP}/roles", vm_role("VM0"))[:2] == (409, "ConflictError")
    assert running.refused("DELETE", f"{DEP}/roles/vm0") == (
        400,
        "BadRequest",
        (
            "Role vm0 is the only role present in the deployment and so cannot be removed. Please delete the "
            "deployment or add another role before removing this role."
        ),
    )
    assert running.send("GET", f"{DEP}/roles/none").status == 404


def test_quotas() -> None:
    driver = Driver(quotas=Quotas(cores=3, hosted_services=2, roles_per_service=2))
    driver.create_service("one")
    driver.create_service("two")
    assert (
        "resource type 'hosted service count' was exceeded"
        in (driver.refused("POST", "services/hostedservices", hosted_service("three"))[2])
    )
    driver.create_deployment("one", size="Medium")
    path = "services/hostedservices/one/deployments/dep/roles"
    assert driver.refused("POST", path, vm_role("vm1", size="Medium"))[2] == (
        "The subscription policy limit for resource type 'cores count' was exceeded. The limit for "
        "resource type "
        "'cores count' is 3 per subscription, the current count is 2, and the requested increment is 2."
    )
    driver.done("POST", path, vm_role("vm1"))
    assert driver.refused("POST", path, vm_role("vm2"))[0] == 400
    stop = operation("ShutdownRoleOperation", "<PostShutdownAction>StoppedDeallocated</PostShutdownAction>")
    driver.done("POST", f"{path.removesuffix('/roles')}/roleinstances/vm0/Operations", stop)
    assert "<CurrentCoreCount>1</CurrentCoreCount>" in driver.get("")
    driver.done("DELETE", path.removesuffix("/roles"))
    assert "<CurrentCoreCount>0</CurrentCoreCount>" in driver.get("")


def test_cores_are_given_back_once() -> None:
    driver = Driver()
    driver.create_service()
    driver.create_deployment()
    driver.done("POST", f"{DEP}/roles", vm_role("vm1", size="Large"))
    driver.wait(600)
    _stop(driver, "vm1")
    assert "<CurrentCoreCount>1</CurrentCoreCount>" in driver.get("")
    path = f"{DEP}/roleinstances/vm1/Operations"
    driver.done("POST", path, _capture("Reprovision"))
    assert "<CurrentCoreCount>5</CurrentCoreCount>" in driver.get("")
    _stop(driver, "vm1")
    driver.done("DELETE", f"{DEP}/roles/vm1")
    assert "<CurrentCoreCount>1</CurrentCoreCount>" in driver.get("")


# Labels


def test_who_encodes_labels(driver: Driver) -> None:
    driver.create_service()
    assert "<Label>bGFiZWw=</Label>" in driver.get("services/hostedservices/svc")
    body = deployment("dep", vm_role("vm0", root="Role"), label="dGVzdGNsb3Vkc2VydmljZTIzMjF2")
    driver.ok("POST", "services/hostedservices/svc/deployments", body)
    assert "<Label>ZEdWemRHTnNiM1ZrYzJWeWRtbGpaVEl6TWpGMg==</Label>" in driver.get(PRODUCTION)


def test_line_breaks_in_base64_labels_are_taken(driver: Driver) -> None:
    body = hosted_service("svc").replace("bGFiZWw=", "bGFi\nZWw=\n")
    driver.ok("POST", "services/hostedservices", body, status=201)
    assert "<Label>bGFiZWw=</Label>" in driver.get("services/hostedservices/svc")


# Strictness


def test_unknown_and_misplaced_elements_are_skipped_as_the_service_did() -> None:
    driver = Driver(strict=False)
    body = (
        f"<CreateHostedService {XMLNS}><Extra/><ServiceName>svc</ServiceName><Label>bGFiZWw=</Label>"
        "<Location>West US</Location><Description>too late</Description></CreateHostedService>"
    )
    driver.ok("POST", "services/hostedservices", body, status=201)
    assert '<Description i:nil="true"/>' in driver.get("services/hostedservices/svc")


@pytest.mark.parametrize(
    ("inner", "element_path"),
    [
        ("<Extra/><ServiceName>svc</ServiceName><Label>bA==</Label>", "CreateHostedService/Extra"),
        ("<Label>bA==</Label><ServiceName>svc</ServiceName>", "CreateHostedService/ServiceName"),
        ("<ServiceName>svc</ServiceName><Label>a</Label><Label>b</Label>", "CreateHostedService/Label"),
        ("<ServiceName>svc</ServiceName>", "CreateHostedService/Label"),
        (
            '<ServiceName xmlns="http://example.com/">svc</ServiceName><Label>bA==</Label>',
            "CreateHostedService/ServiceName",
        ),
    ],
)
def test_strict_mode_names_the_element(driver: Driver, inner: str, element_path: str) -> None:
    body = f"<CreateHostedService {XMLNS}>{inner}</CreateHostedService>"
    status, code, message = driver.refused("POST", "services/hostedservices", body)
    assert (status, code) == (400, "BadRequest")
    assert f"'{element_path}'" in message


def test_strict_mode_reaches_into_roles(driver: Driver) -> None:
    driver.create_service()
    swapped = vm_role("vm0", root="Role").replace(
        "<RoleName>vm0</RoleName><RoleType>PersistentVMRole</RoleType>",
        "<RoleType>PersistentVMRole</RoleType><RoleName>vm0</RoleName>",
    )
    message = driver.refused("POST", "services/hostedservices/svc/deployments", deployment("dep", swapped))[2]
    assert message == "The element 'Deployment/RoleList/Role/RoleName' is out of order."


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"not xml",
        b"\xff\xfe\x00",
        b"<html><body>502</body></html>",
        f"<Deployment {XMLNS}/>".encode(),
        b"<CreateHostedService/>",
        f"<!DOCTYPE x [<!ENTITY a 'b'>]><CreateHostedService {XMLNS}>&a;</CreateHostedService>".encode(),
        f"<CreateHostedService {XMLNS}>".encode() + b"<a>" * 5000,
    ],
)
def test_bodies_that_are_no_document(driver: Driver, body: bytes) -> None:
    assert driver.refused("POST", "services/hostedservices", body)[:2] == (400, "InvalidXmlRequest")


# Dialects and JSON


def test_preview_answers() -> None:
    driver = Driver(dialect="preview")
    driver.version = "2012-03-01"
    driver.create_service()
    disk = (
        "<DataDisk><LUN>1</LUN><EnableWriteCache>true</EnableWriteCache>"
        "<LogicalDiskSizeInGB>5</LogicalDiskSizeInGB></DataDisk>"
    )
    role = (
        f"<Role><RoleName>vm0</RoleName><OSDisk><DisableWriteCache>true</DisableWriteCache><SourceImageName>"
        f"{WINDOWS_IMAGE}</SourceImageName></OSDisk><DataDisks>{disk}</DataDisks></Role>"
    )
    driver.done("POST", "services/hostedservices/svc/deployments", deployment("dep", role))
    text = driver.get(f"{DEP}/Roles/vm0")
    assert text.startswith(f"<Role {BOTH}><RoleName>vm0</RoleName><RoleType>PersistentVMRole</RoleType>")
    assert "<OSDisk><DisableWriteCache>true</DisableWriteCache><DiskName>" in text
    assert "<LUN>1</LUN><DisableReadCache>false</DisableReadCache>" in text
    assert "<EnableWriteCache>true</EnableWriteCache>" in text
    assert "<InstanceName>vm0_IN_0</InstanceName>" in driver.get(DEP)
    driver.wait(600)
    driver.done("POST", f"{DEP}/RoleInstances/vm0_IN_0/Operations", f"<ShutdownRoleOperation {XMLNS}/>")
    assert driver.states()["vm0"] == ("StoppedVM", "Stopped")
    assert "<Category>Public</Category>" in driver.get(f"images/{WINDOWS_IMAGE}")
    assert "<HasOperatingSystem>true</HasOperatingSystem>" in driver.get("disks")


def test_json_requests_and_answers(driver: Driver) -> None:
    asks = {"content_type": "application/json", "accept": "application/json"}
    created = driver.send(
        "POST",
        "services/hostedservices",
        json.dumps({"Location": "West US", "Label": "bGFiZWw=", "ServiceName": "svc"}),
        **asks,
    )
    assert created.status == 201, created.body
    listed = driver.send("GET", "services/hostedservices", **asks)
    assert listed.headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(listed.body)[0]["ServiceName"] == "svc"
    role = {
        "RoleName": "vm0",
        "OSDisk": {"SourceImageName": LINUX_IMAGE},
        "DataDisks": [{"LUN": 1, "LogicalDiskSizeInGB": "10"}],
        "ConfigurationSets": [
            {
                "ConfigurationSetType": "NetworkConfiguration",
                "InputEndpoints": [{"Name": "ssh", "Protocol": "tcp", "LocalPort": "22", "Port": 22}],
            }
        ],
    }
    document = {"Name": "dep", "DeploymentSlot": "Production", "Label": "lab", "RoleList": [role]}
    response = driver.send("POST", "services/hostedservices/svc/deployments", json.dumps(document), **asks)
    assert response.status == 202, response.body
    driver.wait(600)
    answer = json.loads(driver.get(DEP, accept="application/json"))
    assert answer["RoleInstanceList"][0]["InstanceStatus"] == "ReadyRole"
    assert answer["RoleList"][0]["DataDisks"][0]["LUN"] == 1
    assert answer["RoleList"][0]["OSDisk"]["SourceImageName"] == LINUX_IMAGE
    assert answer["Locked"] is False
    error = driver.send("GET", "services/images/none", **asks)
    assert json.loads(error.body)["Code"] == "ResourceNotFound"
    assert driver.send("POST", "services/hostedservices", "[1]", **asks).status == 400
    unknown = json.dumps({"ServiceName": "a", "Label": "b", "Extra": 1})
    assert b"Extra" in driver.send("POST", "services/hostedservices", unknown, **asks).body


def test_gets_with_json_content_type_answer_json(driver: Driver) -> None:
    assert json.loads(driver.get("locations", content_type="application/json"))[0]["Name"] == "West US"


@pytest.mark.parametrize("character", ["\\u0000", "\\ud800", "\\ufffe"])
def test_json_cannot_bring_in_what_xml_cannot_carry(driver: Driver, character: str) -> None:
    body = f'{{"ServiceName": "svc", "Label": "{character}", "Location": "West US"}}'
    assert driver.send("POST", "services/hostedservices", body, content_type="application/json").status == 400


def test_names_out_of_the_path_are_answered_as_valid_xml(driver: Driver) -> None:
    text = driver.send("GET", "services/hostedservices/svc/deploymentslots/%00").body
    driver.create_service()
    text += driver.send("GET", "services/hostedservices/svc/deployments/%00%1B%3C").body
    assert b"\x00" not in text
    assert "'\ufffd\ufffd&lt;'" in text.decode()


# Versions


def test_what_versions_see(running: Driver) -> None:
    old = running.get(DEP, x_ms_version="2012-03-01")
    for newer in (
        "VirtualIPs",
        "InternalDnsSuffix",
        "LoadBalancers",
        "IOType",
        "RemoteAccessCertificateThumbprint",
    ):
        assert f"<{newer}" not in old
        assert f"<{newer}" in running.get(DEP, x_ms_version="2014-10-01")
    assert "<VirtualIPs" not in running.get(DEP, x_ms_version="2011-12-01")
    assert running.get("services/hostedservices", x_ms_version="2011-12-01") == f"<HostedServices {BOTH}/>"
    assert "svc" in running.get("services/hostedservices", x_ms_version="2012-03-01")


# Stopping and starting


def _stop(driver: Driver, role: str, action: str = "StoppedDeallocated", dep: str = DEP) -> str:
    body = operation("ShutdownRoleOperation", f"<PostShutdownAction>{action}</PostShutdownAction>")
    return driver.done("POST", f"{dep}/roleinstances/{role}/Operations", body)


def test_stopped_keeps_host_and_address(running: Driver) -> None:
    vip = element(running.get(DEP), "Address")
    running.done("POST", f"{DEP}/roleinstances/vm0/operations", operation("ShutdownRoleOperation"))
    text = running.get(DEP)
    assert running.states() == {"vm0": ("StoppedVM", "Stopped")}
    assert "<Status>Running</Status>" in text
    assert element(text, "Address") == vip
    assert "<InstanceSize>Small</InstanceSize>" in text


def test_deallocated_drops_address_domains_and_size_and_suspends(running: Driver) -> None:
    running.done("POST", f"{DEP}/roles", vm_role("vm1", endpoints=endpoint("ssh", 22)))
    running.wait(600)
    _stop(running, "vm0")
    text = running.get(DEP)
    assert "<Status>Running</Status>" in text
    instance = re.findall(r"<RoleInstance>.*?</RoleInstance>", text)[-1]
    assert re.findall(r"<(\w+)>", instance) == [
        "RoleInstance",
        "RoleName",
        "InstanceName",
        "InstanceStatus",
        "PowerState",
        "RemoteAccessCertificateThumbprint",
    ]
    _stop(running, "vm1")
    text = running.get(DEP)
    assert "<Status>Suspended</Status>" in text
    assert "<VirtualIPs/>" in text
    assert "<Vip>" not in text
    assert running.refused("GET", PRODUCTION, x_ms_version="2012-03-01") == (
        404,
        "ResourceNotFound",
        "No deployments were found.",
    )


def test_start_from_deallocated(running: Driver) -> None:
    vip = element(running.get(DEP), "Address")
    _stop(running, "vm0")
    request_id = running.ok("POST", f"{DEP}/roleinstances/vm0/Operations", operation("StartRoleOperation"))
    text = running.get(DEP)
    assert "<Status>Running</Status>" in text
    assert running.states() == {"vm0": ("RoleStateUnknown", "Starting")}
    assert element(text, "Address") not in {"", vip}
    seen: list[tuple[str, str]] = []
    for _ in range(300):
        state = running.states()["vm0"]
        if state not in seen[-1:]:
            seen.append(state)
        running.wait(1)
    assert seen == [
        ("RoleStateUnknown", "Starting"),
        ("CreatingVM", "Starting"),
        ("StartingVM", "Starting"),
        ("RoleStateUnknown", "Started"),
        ("ReadyRole", "Started"),
    ]
    assert "Succeeded" in running.get(f"operations/{request_id}")


def test_versions_before_deallocation_always_stop(running: Driver) -> None:
    running.version = "2012-03-01"
    _stop(running, "vm0")
    running.version = "2015-04-01"
    assert running.states() == {"vm0": ("StoppedVM", "Stopped")}


def test_restart(running: Driver) -> None:
    body = operation("RestartRoleOperation")
    running.done("POST", f"{DEP}/roleinstances/vm0/Operations", body)
    assert running.states()["vm0"][0] != "ReadyRole"
    running.wait(120)
    assert running.states() == {"vm0": ("ReadyRole", "Started")}
    running.done("POST", f"{DEP}/roleinstances/vm0?comp=reboot")
    running.wait(120)
    _stop(running, "vm0", "Stopped")
    stopped = (400, "BadRequest", "The operation is not allowed on a role that is stopped.")
    assert running.refused("POST", f"{DEP}/roleinstances/vm0/Operations", body) == stopped
    assert running.refused("POST", f"{DEP}/roleinstances/vm0?comp=reboot") == stopped


def test_several_roles_at_once(running: Driver) -> None:
    running.done("POST", f"{DEP}/roles", vm_role("vm1"))
    running.wait(600)
    names = "<Roles><Name>vm0</Name><Name>vm1</Name></Roles>"
    action = "<PostShutdownAction>StoppedDeallocated</PostShutdownAction>"
    running.done("POST", f"{DEP}/Roles/Operations", operation("ShutdownRolesOperation", names + action))
    assert "<Status>Suspended</Status>" in running.get(DEP)
    running.done("POST", f"{DEP}/roles/operations", operation("StartRolesOperation", names))
    running.wait(300)
    assert running.states() == {"vm0": ("ReadyRole", "Started"), "vm1": ("ReadyRole", "Started")}
    absent = operation("StartRolesOperation", "<Roles><Name>none</Name></Roles>")
    assert running.refused("POST", f"{DEP}/roles/operations", absent)[0] == 404


# Roles and disks


def test_update_role_replaces_endpoints_and_keeps_the_rest(driver: Driver) -> None:
    driver.create_service()
    driver.create_deployment(endpoints=endpoint("ssh", 22) + endpoint("web", 80, 80))
    before = driver.get(f"{DEP}/roles/vm0")
    body = (
        "<PersistentVMRole "
        f"{BOTH}><ConfigurationSets>{network(endpoint('ssh', None) + endpoint('dns', 53, 53, 'UDP'))}"
        "</ConfigurationSets><OSVirtualHardDisk/></PersistentVMRole>"
    )
    driver.done("PUT", f"{DEP}/roles/vm0", body)
    after = driver.get(f"{DEP}/roles/vm0")
    assert re.findall(r"<Name>(\w+)</Name><Port>(\d+)</Port><Protocol>(\w+)<", after) == [
        ("ssh", "22", "tcp"),
        ("dns", "53", "udp"),
    ]
    assert element(before, "OSVirtualHardDisk") == element(after, "OSVirtualHardDisk")
    assert element(after, "RoleSize") == "Small"
    assert driver.states() == {"vm0": ("ReadyRole", "Started")}


def test_update_role_takes_the_other_root_and_resizes_with_a_restart(running: Driver) -> None:
    body = f"<Role {BOTH}><RoleName>vm0</RoleName><RoleSize>Large</RoleSize></Role>"
    running.done("PUT", f"{DEP}/roles/vm0", body)
    assert element(running.get(f"{DEP}/roles/vm0"), "RoleSize") == "Large"
    assert running.states()["vm0"][0] == "RestartingRole"
    assert "<CurrentCoreCount>4</CurrentCoreCount>" in running.get("")
    wrong = f"<Role {BOTH}><RoleName>other</RoleName></Role>"
    assert running.refused("PUT", f"{DEP}/roles/vm0", wrong)[0] == 400


def test_data_disks(running: Driver) -> None:
    path = f"{DEP}/roles/vm0/DataDisks"
    running.done("POST", path, data_disk(None, 100, HostCaching="ReadOnly"))
    assert running.states()["vm0"] == ("RoleStateUnknown", "Started")
    running.wait(60)
    assert running.states()["vm0"] == ("ReadyRole", "Started")
    text = running.get(f"{DEP}/roles/vm0")
    assert "<Lun>" not in text
    assert "<LogicalDiskSizeInGB>100</LogicalDiskSizeInGB>" in text
    assert running.refused("POST", path, data_disk(0))[0] == 400
    assert running.refused("POST", path, data_disk(16))[0] == 400
    assert running.refused("POST", path, data_disk(1, 0))[0] == 400
    running.done("POST", path, data_disk(3))
    # Small takes two.
    assert running.refused("POST", path, data_disk(4))[0] == 400
    assert "<Lun>3</Lun>" in running.get(f"{path}/3")
    running.done("PUT", f"{path}/3", data_disk(5, None, HostCaching="ReadWrite"))
    assert "<HostCaching>ReadWrite</HostCaching>" in running.get(f"{path}/5")
    assert running.refused("GET", f"{path}/3")[0] == 404
    name = element(running.get(f"{path}/5"), "DiskName")
    running.done("DELETE", f"{path}/5")
    assert "<AttachedTo>" not in running.get(f"services/disks/{name}")
    running.done("POST", path, data_disk(2, None, DiskName=name))
    running.done("DELETE", f"{path}/2?comp=media")
    assert running.refused("GET", f"services/disks/{name}")[0] == 404
    assert running.refused("DELETE", f"{path}/2")[0] == 404


def test_disks_stay_leased_for_a_while_after_their_machine(running: Driver) -> None:
    text = running.get("services/disks")
    name = element(text, "Name")
    assert (
        "<AttachedTo><DeploymentName>dep</DeploymentName><HostedServiceName>svc</HostedServiceName>" in text
    )
    in_use = (
        400,
        "BadRequest",
        (
            f"A disk with name {name} is currently in use by virtual machine vm0 running within hosted "
            "service svc, "
            "deployment dep."
        ),
    )
    assert running.refused("DELETE", f"services/disks/{name}") == in_use
    request_id = running.ok("DELETE", PRODUCTION)
    assert "<Status>Deleting</Status>" in running.get(PRODUCTION)
    assert running.refused("DELETE", f"services/disks/{name}")[:2] == (409, "ConflictError")
    running.finish(request_id)
    assert running.send("GET", PRODUCTION).status == 404
    assert running.refused("DELETE", f"services/disks/{name}") == in_use
    running.wait(61)
    running.ok("DELETE", f"services/disks/{name}", status=200)


def test_deleting_with_media_takes_the_disks_along(running: Driver) -> None:
    running.done("POST", f"{DEP}/roles", vm_role("vm1"))
    running.done("DELETE", f"{DEP}/roles/vm1?comp=media")
    assert running.get("services/disks").count("<Disk>") == 1
    running.done("DELETE", f"{DEP}?comp=media")
    assert running.get("services/disks") == f"<Disks {BOTH}/>"


def test_delete_service_with_a_deployment_inside(running: Driver) -> None:
    assert running.refused("DELETE", "services/hostedservices/svc")[0] == 400
    running.done("DELETE", "services/hostedservices/svc?comp=media")
    assert running.send("GET", "services/hostedservices/svc").status == 404
    assert running.get("services/disks") == f"<Disks {BOTH}/>"
    running.create_service()


def test_availability_sets_are_spread(driver: Driver) -> None:
    driver.create_service()
    driver.create_deployment(availability_set="set")
    driver.done("POST", f"{DEP}/roles", vm_role("vm1", availability_set="SET"))
    text = driver.get(DEP)
    assert re.findall(
        r"<InstanceUpgradeDomain>(\d)</InstanceUpgradeDomain><InstanceFaultDomain>(\d)", text
    ) == [
        ("0", "0"),
        ("1", "1"),
    ]
    assert "<UpgradeDomainCount>2</UpgradeDomainCount>" in text


# Capture


def _capture(action: str, image: str = "golden") -> str:
    configuration = ""
    if action == "Reprovision":
        configuration = linux().replace("ConfigurationSet ", "ProvisioningConfiguration ", 1)
        configuration = configuration.removesuffix("</ConfigurationSet>") + "</ProvisioningConfiguration>"
    return operation(
        "CaptureRoleOperation",
        f"<PostCaptureAction>{action}</PostCaptureAction>{configuration}"
        f"<TargetImageLabel>Golden</TargetImageLabel><TargetImageName>{image}</TargetImageName>",
    )


def test_capture_and_delete(running: Driver) -> None:
    running.done("POST", f"{DEP}/roles", vm_role("vm1"))
    running.wait(600)
    path = f"{DEP}/roleinstances/vm0/Operations"
    started = (400, "BadRequest", "The operation is not allowed on a role that is started.")
    assert running.refused("POST", path, _capture("Delete")) == started
    _stop(running, "vm0", "Stopped")
    assert running.refused("POST", path, _capture("Keep"))[0] == 400
    running.done("POST", path, _capture("Delete"))
    assert set(running.states()) == {"vm1"}
    image = running.get("services/images/golden")
    assert "<Category>User</Category><Label>Golden</Label><Location>West US</Location>" in image
    assert "<OS>Linux</OS>" in image
    from_image = vm_role("vm2", os_disk="<SourceImageName>golden</SourceImageName>")
    assert "Succeeded" in running.done("POST", f"{DEP}/roles", from_image)


def test_capture_of_the_only_role_takes_the_deployment_along(running: Driver) -> None:
    _stop(running, "vm0", "Stopped")
    running.done("POST", f"{DEP}/roleinstances/vm0/Operations", _capture("Delete"))
    assert running.send("GET", PRODUCTION).status == 404


def test_capture_and_reprovision(running: Driver) -> None:
    _stop(running, "vm0", "Stopped")
    path = f"{DEP}/roleinstances/vm0/Operations"
    missing = _capture("Delete").replace("Delete", "Reprovision")
    assert running.refused("POST", path, missing)[0] == 400
    running.done("POST", path, _capture("Reprovision"))
    assert running.states()["vm0"][0] in {"StoppedVM", "RoleStateUnknown"}
    running.wait(600)
    assert running.states() == {"vm0": ("ReadyRole", "Started")}
    assert "<SourceImageName>golden</SourceImageName>" in running.get(f"{DEP}/roles/vm0")
    _stop(running, "vm0", "Stopped")
    assert running.refused("POST", path, _capture("Delete"))[0] == 409


# Secrets


def test_passwords_are_neither_kept_nor_answered(running: Driver) -> None:
    everything = "".join(
        running.get(path)
        for path in (
            DEP,
            f"{DEP}/roles/vm0",
            "services/hostedservices/svc?embed-detail=true",
            "services/disks",
        )
    )
    assert PASSWORD not in everything
    assert "ProvisioningConfiguration" not in everything
    assert "UserPassword" not in everything
    for shelf in running.service._world.subscriptions[SUBSCRIPTION].shelves():
        for item in shelf.values():
            assert PASSWORD.encode() not in shelf.adapter.dump_json(item)


# Determinism, speed, construction


def test_the_same_requests_give_the_same_answers() -> None:
    def run(seed: int) -> list[str]:
        driver = Driver(seed=seed)
        driver.create_service()
        driver.create_deployment()
        return [driver.get(DEP), driver.get("services/disks"), driver.now.isoformat()]

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_duration_factor_scales_operations_and_states() -> None:
    driver = Driver(duration_factor=0.01)
    driver.create_service()
    request_id = driver.ok(
        "POST", "services/hostedservices/svc/deployments", deployment("dep", vm_role("vm0", root="Role"))
    )
    driver.wait(0.5)
    assert "Succeeded" in driver.get(f"operations/{request_id}")
    driver.wait(3)
    assert driver.states() == {"vm0": ("ReadyRole", "Started")}


def test_bad_construction() -> None:
    with pytest.raises(ValueError, match="subscription"):
        Service(subscriptions=[])
    with pytest.raises(ValueError, match="duration_factor"):
        Service(subscriptions=[SUBSCRIPTION], duration_factor=-1)


def test_every_route_answers_with_a_document_whatever_it_is_asked(driver: Driver) -> None:
    driver.create_service()
    for route in ROUTES:
        path = re.sub(r"\{(\w+)\}", "x", route.template)
        query = f"?comp={route.comp}" if route.comp else ""
        target = f"/{SUBSCRIPTION}/{path}{query}".rstrip("/")
        request = RawRequest(route.method, target, {"x-ms-version": "2015-04-01"}, b"")  # type: ignore[arg-type]
        response = driver.service.handle(request, Peer(), driver.now)
        assert response.status < 500, route
        assert response.status < 300 or b"<Code>" in response.body, route
