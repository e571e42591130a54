"""The local service beside recorded traffic of the real one: what it reads and what it answers."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from tests.emulator_driver import (
    LINUX_IMAGE,
    WINDOWS_IMAGE,
    Driver,
    data_disk,
    deployment,
    endpoint,
    vm_role,
    windows,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.corpus

Exchange = dict[str, Any]
DEP = "services/hostedservices/svc/deployments/dep"


@pytest.fixture(scope="module")
def recorded(corpus: list[Exchange]) -> list[Exchange]:
    return [each for each in corpus if each["kind"] == "recorded" and not each.get("hand_edited")]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _followers(bodies: list[str]) -> dict[str, dict[str, set[str]]]:
    """For each element name, which child was ever seen after which."""
    after: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for body in bodies:
        try:
            root = ET.fromstring(body)  # noqa: S314 - our own files
        except ET.ParseError:
            continue
        for element in root.iter():
            names = [_local(child.tag) for child in element]
            for position, name in enumerate(names):
                after[_local(element.tag)][name].update(names[position + 1 :])
    return after


def test_answers_have_recorded_elements_in_recorded_order(
    recorded: list[Exchange], record_property: Callable[[str, object], None]
) -> None:
    seen = _followers(
        [each["response_body"] for each in recorded if (each["response_body"] or "").startswith("<")]
    )
    driver = Driver()
    driver.create_service()
    driver.create_deployment(
        endpoints=endpoint("ssh", 22) + endpoint("web", 80, 80, lb_set="web"),
        availability_set="set",
        provisioning=windows(),
        os_disk=f"<SourceImageName>{WINDOWS_IMAGE}</SourceImageName>",
    )
    driver.done("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(1))
    image = (
        '<OSImage xmlns="http://schemas.microsoft.com/windowsazure"><Label>l</Label>'
        "<MediaLink>http://a.blob.core.windows.net/v/a.vhd</MediaLink><Name>mine</Name><OS>Linux</OS></OSImage>"
    )
    driver.ok("POST", "services/images", image, status=200)
    driver.refused("GET", "services/images/none")
    paths = [
        DEP,
        f"{DEP}/roles/vm0",
        "services/hostedservices",
        "services/hostedservices/svc?embed-detail=true",
        "services/images",
        "services/images/mine",
        "services/disks",
        "services/storageservices",
        "locations",
        "operations/" + driver.create_service("other"),
    ]
    checked = 0
    for path in paths:
        root = ET.fromstring(driver.get(path))  # noqa: S314 - our own answer
        for element in root.iter():
            name = _local(element.tag)
            children = [_local(child.tag) for child in element]
            for position, child in enumerate(children):
                assert child in seen[name] or child in _NEVER_RECORDED.get(name, ()), (path, name, child)
                for later in children[position + 1 :]:
                    if later != child and child in seen[name].get(later, ()):
                        assert later in seen[name][child], (path, name, child, later)
                checked += 1
    record_property("elements compared", checked)
    assert checked > 1000


# Recorded under another parent: AvailabilitySetName in a deployment's Role.
_NEVER_RECORDED: dict[str, tuple[str, ...]] = {"PersistentVMRole": ("AvailabilitySetName",)}


def _requests(recorded: list[Exchange], operations: set[str]) -> list[Exchange]:
    return [
        each
        for each in recorded
        if each["operation"] in operations
        and each["request_body"]
        and each["status"] in {200, 201, 202, 400, 409}
    ]


def test_recorded_requests_get_the_recorded_status(
    recorded: list[Exchange], record_property: Callable[[str, object], None]
) -> None:
    compared = 0
    for each in _requests(recorded, {"deployment.create", "hostedservice.create", "storageaccount.create"}):
        driver = Driver(strict=False)
        path = each["path"].split("/", 2)[2]
        if each["operation"] == "deployment.create":
            name = path.split("/")[2]
            driver.create_service(name, "Southeast Asia")
            if each["status"] == 409:
                role = vm_role("vm0", root="Role")
                driver.done("POST", f"services/hostedservices/{name}/deployments", deployment("other", role))
        group = re.search("<AffinityGroup>(.*?)</AffinityGroup>", each["request_body"])
        if group and each["status"] == 202:
            driver.ok(
                "POST",
                "affinitygroups",
                '<CreateAffinityGroup xmlns="http://schemas.microsoft.com/windowsazure">'
                f"<Name>{group[1]}</Name><Label>bA==</Label><Location>West US</Location>"
                "</CreateAffinityGroup>",
                status=201,
            )
        response = driver.send(each["method"], path, each["request_body"])
        assert response.status == each["status"], (each["id"], response.body, each["response_body"])
        if response.status >= 400:
            assert response.body.decode() == each["response_body"], each["id"]
        compared += 1
    record_property("recorded requests compared", compared)
    assert compared >= 20


def test_recorded_bodies_of_one_role_are_taken(
    recorded: list[Exchange], record_property: Callable[[str, object], None]
) -> None:
    compared = 0
    for each in _requests(recorded, {"role.add", "role.update", "datadisk.add", "roleinstance.operation"}):
        driver = Driver(strict=False)
        segments = each["path"].split("/")
        service, name = segments[4], segments[6]
        driver.create_service(service)
        driver.done(
            "POST",
            f"services/hostedservices/{service}/deployments",
            deployment(name, vm_role("first", root="Role")),
        )
        if each["operation"] != "role.add":
            base = f"services/hostedservices/{service}/deployments/{name}"
            driver.done("POST", f"{base}/roles", vm_role(segments[8]))
        driver.wait(600)
        response = driver.send(each["method"], "/".join(segments[2:]), each["request_body"])
        assert response.status == each["status"], (each["id"], response.body)
        assert "Succeeded" in driver.finish(response.headers["x-ms-request-id"]), each["id"]
        compared += 1
    record_property("recorded requests compared", compared)
    assert compared >= 4


def test_header_names_are_the_recorded_ones(recorded: list[Exchange]) -> None:
    names = {name for each in recorded for name in each["response_headers"]}
    driver = Driver()
    for response in (driver.send("GET", "locations"), driver.send("GET", "services/images/none")):
        assert set(response.headers) <= names
        assert {"cache-control", "content-length", "server", "date", "x-ms-request-id"} <= set(
            response.headers
        )


def test_recorded_image_names_are_in_the_catalogue(recorded: list[Exchange]) -> None:
    driver = Driver()
    listed = driver.get("services/images")
    assert LINUX_IMAGE in listed
    used: set[str] = set()
    for each in recorded:
        if each["operation"] == "deployment.create" and each["request_body"]:
            used.update(re.findall("<SourceImageName>(.*?)</SourceImageName>", each["request_body"]))
    assert used
    for name in used:
        assert f"<Name>{name}</Name>" in listed
