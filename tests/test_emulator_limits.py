"""The local service: limits of requests, each at its edge and beyond it (protocol.md chapters 10 and 14)."""

from __future__ import annotations

from base64 import b64encode

import pytest

from azure_iaas.emulator.limits import (
    COMPUTER_NAME_CHARACTERS,
    CUSTOM_DATA_BYTES,
    DESCRIPTION_CHARACTERS,
    DISK_GIGABYTES,
    HOST_NAME_CHARACTERS,
    LABEL_CHARACTERS,
    PASSWORD_CHARACTERS,
    PROPERTIES,
    PROPERTY_VALUE_CHARACTERS,
    USER_NAME_CHARACTERS,
)
from tests.emulator_driver import (
    LINUX_IMAGE,
    PASSWORD,
    WINDOWS_IMAGE,
    XMLNS,
    Driver,
    data_disk,
    deployment,
    vm_role,
)

SERVICES = "services/hostedservices"
DEPLOYMENTS = f"{SERVICES}/svc/deployments"


def _linux(host: str = "guest", user: str = "someone", password: str = PASSWORD, custom: str = "") -> str:
    data = f"<CustomData>{custom}</CustomData>" if custom else ""
    return (
        '<ConfigurationSet i:type="LinuxProvisioningConfigurationSet">'
        f"<ConfigurationSetType>LinuxProvisioningConfiguration</ConfigurationSetType><HostName>{host}</HostName>"
        f"<UserName>{user}</UserName><UserPassword>{password}</UserPassword>{data}</ConfigurationSet>"
    )


def _windows(
    computer: str = "guest", user: str = "someone", password: str = PASSWORD, custom: str = ""
) -> str:
    data = f"<CustomData>{custom}</CustomData>" if custom else ""
    return (
        '<ConfigurationSet i:type="WindowsProvisioningConfigurationSet">'
        "<ConfigurationSetType>WindowsProvisioningConfiguration</ConfigurationSetType>"
        f"<ComputerName>{computer}</ComputerName><AdminPassword>{password}</AdminPassword>"
        f"<AdminUsername>{user}</AdminUsername>{data}</ConfigurationSet>"
    )


def _role(provisioning: str, os_disk: str = "") -> str:
    image = WINDOWS_IMAGE if "Windows" in provisioning else LINUX_IMAGE
    source = f"<SourceImageName>{image}</SourceImageName>{os_disk}"
    return deployment("dep", vm_role("vm0", root="Role", provisioning=provisioning, os_disk=source))


def _service(label: str = "l", description: str = "", properties: int = 0, value: str = "v") -> str:
    pairs = "".join(
        f"<ExtendedProperty><Name>n{number}</Name><Value>{value}</Value></ExtendedProperty>"
        for number in range(properties)
    )
    return (
        f"<CreateHostedService {XMLNS}><ServiceName>other</ServiceName>"
        f"<Label>{b64encode(label.encode()).decode()}</Label><Description>{description}</Description>"
        f"<Location>West US</Location><ExtendedProperties>{pairs}</ExtendedProperties></CreateHostedService>"
    )


def _bytes(count: int) -> str:
    return b64encode(b"#" * count).decode()


PASSWORDS = {length: "aA1" + "x" * (length - 3) for length in (*PASSWORD_CHARACTERS, 5, 73)}
SHORTEST, LONGEST = PASSWORD_CHARACTERS
LIMITS = {
    "label": (SERVICES, _service("l" * LABEL_CHARACTERS), _service("l" * (LABEL_CHARACTERS + 1))),
    "description": (
        SERVICES,
        _service(description="d" * DESCRIPTION_CHARACTERS),
        _service(description="d" * (DESCRIPTION_CHARACTERS + 1)),
    ),
    "properties": (SERVICES, _service(properties=PROPERTIES), _service(properties=PROPERTIES + 1)),
    "property value": (
        SERVICES,
        _service(properties=1, value="v" * PROPERTY_VALUE_CHARACTERS),
        _service(properties=1, value="v" * (PROPERTY_VALUE_CHARACTERS + 1)),
    ),
    "computer name": (
        DEPLOYMENTS,
        _role(_windows("c" * COMPUTER_NAME_CHARACTERS)),
        _role(_windows("c" * (COMPUTER_NAME_CHARACTERS + 1))),
    ),
    "host name": (
        DEPLOYMENTS,
        _role(_linux("h" * HOST_NAME_CHARACTERS)),
        _role(_linux("h" * (HOST_NAME_CHARACTERS + 1))),
    ),
    "Linux user": (
        DEPLOYMENTS,
        _role(_linux(user="u" * USER_NAME_CHARACTERS["Linux"])),
        _role(_linux(user="u" * (USER_NAME_CHARACTERS["Linux"] + 1))),
    ),
    "Windows user": (
        DEPLOYMENTS,
        _role(_windows(user="u" * USER_NAME_CHARACTERS["Windows"])),
        _role(_windows(user="u" * (USER_NAME_CHARACTERS["Windows"] + 1))),
    ),
    "longest password": (
        DEPLOYMENTS,
        _role(_linux(password=PASSWORDS[LONGEST])),
        _role(_linux(password=PASSWORDS[LONGEST + 1])),
    ),
    "shortest password": (
        DEPLOYMENTS,
        _role(_windows(password=PASSWORDS[SHORTEST])),
        _role(_windows(password=PASSWORDS[SHORTEST - 1])),
    ),
    "custom data of Linux": (
        DEPLOYMENTS,
        _role(_linux(custom=_bytes(CUSTOM_DATA_BYTES))),
        _role(_linux(custom=_bytes(CUSTOM_DATA_BYTES + 1))),
    ),
    "custom data of Windows": (
        DEPLOYMENTS,
        _role(_windows(custom=_bytes(CUSTOM_DATA_BYTES))),
        _role(_windows(custom=_bytes(CUSTOM_DATA_BYTES + 1))),
    ),
    "OS disk": (
        DEPLOYMENTS,
        _role(_linux(), f"<ResizedSizeInGB>{DISK_GIGABYTES[1]}</ResizedSizeInGB>"),
        _role(_linux(), f"<ResizedSizeInGB>{DISK_GIGABYTES[1] + 1}</ResizedSizeInGB>"),
    ),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_request_at_a_limit_is_taken_and_one_beyond_it_is_refused(limit: str) -> None:
    path, edge, beyond = LIMITS[limit]
    driver = Driver()
    driver.create_service()
    status, code, message = driver.refused("POST", path, beyond)
    assert (status, code) == (400, "BadRequest")
    assert "strict" not in message
    assert driver.send("POST", path, edge).status in {201, 202}


def test_data_disks_have_limits_too() -> None:
    driver = Driver()
    driver.create_service()
    driver.create_deployment()
    disks = f"{DEPLOYMENTS}/dep/roles/vm0/DataDisks"
    smallest, largest = DISK_GIGABYTES
    for size in (smallest - 1, largest + 1):
        assert driver.refused("POST", disks, data_disk(0, size)) == (
            400,
            "BadRequest",
            (
                f"Value '{size}' specified for parameter 'DataVirtualHardDisk.LogicalDiskSizeInGB' is "
                "invalid. Allowed values are 'a number between 1 to 1023'."
            ),
        )
    driver.done("POST", disks, data_disk(0, largest))
    driver.done("POST", disks, data_disk(1, smallest))


@pytest.mark.parametrize("custom", ["#!/bin/sh\necho hi", "abc", "é"])
def test_custom_data_is_base64(custom: str) -> None:
    driver = Driver()
    driver.create_service()
    message = "The custom data must be base64 encoded and at most 65535 bytes long."
    refused = driver.refused("POST", DEPLOYMENTS, _role(_linux(custom=custom)))
    assert refused == (400, "BadRequest", message)


@pytest.mark.parametrize("provisioning", [_linux, _windows])
@pytest.mark.parametrize("user", ["root", "Administrator"])
def test_user_names_of_the_guest_are_refused(provisioning: object, user: str) -> None:
    driver = Driver()
    driver.create_service()
    assert callable(provisioning)
    refused = driver.refused("POST", DEPLOYMENTS, _role(provisioning(user=user)))
    assert refused == (400, "BadRequest", f"The user name {user} is not allowed.")


@pytest.mark.parametrize(
    ("provisioning", "image", "message"),
    [
        (
            _linux(),
            WINDOWS_IMAGE,
            "A Linux provisioning configuration cannot be used with a Windows disk or image.",
        ),
        (
            _windows(),
            LINUX_IMAGE,
            "A Windows provisioning configuration cannot be used with a Linux disk or image.",
        ),
    ],
)
def test_a_set_for_another_system_is_refused(provisioning: str, image: str, message: str) -> None:
    driver = Driver()
    driver.create_service()
    source = f"<SourceImageName>{image}</SourceImageName>"
    body = deployment("dep", vm_role("vm0", root="Role", provisioning=provisioning, os_disk=source))
    assert driver.refused("POST", DEPLOYMENTS, body) == (400, "BadRequest", message)


def test_an_image_without_a_provisioning_set_is_taken() -> None:
    driver = Driver()
    driver.create_service()
    body = deployment("dep", vm_role("vm0", root="Role", provisioning=""))
    assert "Succeeded" in driver.done("POST", DEPLOYMENTS, body)


def test_updates_do_not_add_properties_beyond_the_limit() -> None:
    driver = Driver()
    driver.ok("POST", SERVICES, _service(properties=PROPERTIES), status=201)
    pair = "<ExtendedProperty><Name>{}</Name><Value>new</Value></ExtendedProperty>"
    body = (
        f"<UpdateHostedService {XMLNS}><Label>bA==</Label><ExtendedProperties>{pair}</ExtendedProperties>"
        "</UpdateHostedService>"
    )
    assert driver.refused("PUT", f"{SERVICES}/other", body.format("more"))[:2] == (400, "BadRequest")
    driver.ok("PUT", f"{SERVICES}/other", body.format("n0"), status=200)
    assert driver.get(f"{SERVICES}/other").count("<ExtendedProperty>") == PROPERTIES
