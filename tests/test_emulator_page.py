"""The page of the local service: what it shows, to whom, and how it looks in a browser."""

from __future__ import annotations

import http.client
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from azure_iaas.emulator import FaultPlan, LocalService, Refuse, Requests, Rule
from azure_iaas.emulator.page.overview import OPERATIONS_LIMIT
from azure_iaas.errors import ConfigurationError, ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.client import ServiceManagementClient

PASSWORD = "Canary-Passw0rd"
PICTURES = os.environ.get("AZURE_IAAS_PICTURES", "")
"""A folder: the browser's test leaves its pictures there."""


def ask(url: str, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def state(service: LocalService) -> dict[str, Any]:
    response, body = ask(str(service.ui_url), "/state")
    assert response.status == 200
    document = json.loads(body)
    assert isinstance(document, dict)
    return document


async def fill(client: ServiceManagementClient) -> None:
    await client.create_hosted_service("shop")
    await client.create_hosted_service("mail")
    image = (await client.list_os_images())[0]
    role = {
        "RoleName": "web1",
        "OSDisk": {"SourceImageName": image.name},
        "ConfigurationSets": [
            {
                "ConfigurationSetType": "WindowsProvisioningConfiguration",
                "ComputerName": "web1",
                "AdminPassword": PASSWORD,
                "AdminUsername": "keeper",
            }
        ],
    }
    await client.create_deployment("shop", "web", role)


@pytest.fixture
def service() -> Iterator[LocalService]:
    with LocalService(speed=1, sockets=False, ui=True) as running:
        running.populate(fill)
        yield running


def test_there_is_none_unless_asked_for() -> None:
    with LocalService(sockets=False) as service:
        assert service.ui_url is None
        assert "ui_url" not in service.connection_info()
    with pytest.raises(ConfigurationError, match="ui: 65536 isn't a port"):
        LocalService(ui=65536)


def test_what_is_there(service: LocalService) -> None:
    assert service.connection_info()["ui_url"] == service.ui_url
    (subscription,) = state(service)["subscriptions"]
    shop, mail = subscription["services"]
    assert (shop["name"], shop["place"], mail["deployments"]) == ("shop", "West US", [])
    (deployment,) = shop["deployments"]
    assert (deployment["name"], deployment["slot"], deployment["status"]) == (
        "web",
        "Production",
        "Deploying",
    )
    assert shop["locked_by"] == subscription["operations"][0]["id"]
    assert shop["locked_seconds"] > 0
    running = subscription["operations"][0]
    assert (running["name"], running["status"], running["error"]) == ("CreateDeployment", "InProgress", "")
    assert running["seconds"] < running["takes_seconds"]


def test_states_change_without_a_request(service: LocalService) -> None:
    total = state(service)["total_requests"]
    service.advance(3600)
    now = state(service)
    (subscription,) = now["subscriptions"]
    (deployment,) = subscription["services"][0]["deployments"]
    assert [(role["name"], role["state"]) for role in deployment["roles"]] == [("web1", "ReadyRole")]
    assert subscription["operations"][0]["status"] == "Succeeded"
    assert [disk["attached_to"] for disk in subscription["disks"]] == ["web / shop / web1"]
    assert now["total_requests"] == total


def test_requests_with_what_was_wrong(service: LocalService) -> None:
    service.faults = FaultPlan(Rule(Refuse(503), when=Requests(operation="ListDisks")))

    async def work(client: ServiceManagementClient) -> None:
        await client.list_disks()
        with pytest.raises(ConflictError):
            await client.create_hosted_service("shop")

    service.populate(work)
    *_, refused, repeated, conflict = state(service)["requests"]
    assert (refused["status"], refused["fault"]) == (503, "Refuse")
    assert (repeated["status"], repeated["fault"]) == (200, "")
    assert (conflict["status"], conflict["code"]) == (409, "ConflictError")


def test_no_more_is_shown_than_can_be_read(service: LocalService) -> None:
    async def work(client: ServiceManagementClient) -> None:
        for number in range(OPERATIONS_LIMIT + 5):
            await client.create_hosted_service(f"shop{number}")

    service.populate(work)
    (subscription,) = state(service)["subscriptions"]
    running, *ended = subscription["operations"]
    assert running["status"] == "InProgress"
    assert len(ended) == OPERATIONS_LIMIT


def test_nothing_secret_is_shown(service: LocalService) -> None:
    service.advance(3600)
    _, body = ask(str(service.ui_url), "/state")
    assert PASSWORD.encode() not in body


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/state", "GET", {}, 200),
        ("/", "GET", {"Sec_Fetch_Site": "none"}, 200),
        ("/page.js", "GET", {"Sec_Fetch_Site": "same-origin"}, 200),
        ("/state", "HEAD", {}, 200),
        ("/state", "POST", {}, 405),
        ("/state", "GET", {"Sec_Fetch_Site": "cross-site"}, 403),
        ("/state", "GET", {"Sec_Fetch_Site": "same-site"}, 403),
        ("/state", "GET", {"Host": "attacker.example"}, 403),
        ("/../pyproject.toml", "GET", {}, 404),
        ("/server.py", "GET", {}, 404),
    ],
)
def test_who_may_read_what(
    service: LocalService, path: str, method: str, headers: dict[str, str], status: int
) -> None:
    response, body = ask(str(service.ui_url), path, method, **headers)
    assert response.status == status
    assert bool(body) == (method != "HEAD")


def test_the_page_loads_nothing_from_elsewhere(service: LocalService) -> None:
    for path in ("/", "/page.css", "/page.js"):
        response, body = ask(str(service.ui_url), path)
        assert "default-src 'none'" in response.getheader("content-security-policy", "")
        assert b"//" not in body.replace(b"// ", b"")
        assert b"innerHTML" not in body


def test_in_a_browser(service: LocalService) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="the extra 'browser' isn't installed")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no Chromium on this machine")
    url = str(service.ui_url)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 900}, color_scheme="light")
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto(url)
        page.get_by_text("live", exact=True).wait_for()
        page.get_by_text("shop · West US · 0 of 0 roles ready").wait_for()
        # The operation ends, and the machine comes up, while somebody looks on.
        service.advance(3600)
        page.get_by_role("cell", name="ReadyRole").wait_for()
        page.get_by_text("shop · West US · 1 of 1 roles ready").wait_for()
        service.populate(restart)
        page.get_by_role("cell", name="RestartRole", exact=True).wait_for()
        picture(page, "page-light.png")

        # By keyboard alone: to the filter, to the button, to a service that closes.
        page.locator("body").press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the services"
        page.keyboard.press("Tab")
        page.keyboard.type("shop")
        page.get_by_text("mail · West US").wait_for(state="detached")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.press("Delete")
        page.get_by_text("mail · West US").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.get_by_text("paused", exact=True).wait_for()
        page.keyboard.press("Space")
        page.get_by_text("live", exact=True).wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("cell", name="ReadyRole").wait_for(state="hidden")
        closed = page.locator("details.service").first
        assert closed.get_attribute("open") is None
        before = state(service)["total_requests"]
        service.populate(look)
        page.get_by_text(f"{before + 1} requests").wait_for()
        assert closed.get_attribute("open") is None  # what comes in changes no choice of the user's
        page.keyboard.press("Enter")

        page.emulate_media(color_scheme="dark")
        picture(page, "page-dark.png")
        page.set_viewport_size({"width": 420, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= 420")
        assert problems == []
        service.stop()  # the browser has its own words for it, in its console
        page.get_by_text("not reachable").wait_for()
        browser.close()


async def restart(client: ServiceManagementClient) -> None:
    await client.restart_role_instance("shop", "web", "web1")


async def look(client: ServiceManagementClient) -> None:
    await client.list_hosted_services()


def picture(page: Any, name: str) -> None:
    image = page.screenshot(full_page=True)
    assert image.startswith(b"\x89PNG")
    if PICTURES:
        Path(PICTURES, name).write_bytes(image)
