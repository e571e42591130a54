"""No secret a caller gives, or the service answers with, is in a log, repr, traceback, event, token or file.

Frames are looked at with their locals, as tools that report crashes collect them; those of this package, for
what a caller keeps in its own is its own.
"""

from __future__ import annotations

import base64
import logging
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

import azure_iaas
from azure_iaas import (
    AzureError,
    ManagementCertificate,
    OperationFailedError,
    ProvisioningError,
    ServiceManagementClient,
    watched,
)
from azure_iaas.accounts import Accounts, find_settings
from azure_iaas.callback import Response, ServiceManagementService, createServiceManagementService
from azure_iaas.emulator import LocalService
from azure_iaas.provisioning import Plan, Provisioner
from azure_iaas.wire.messages import RawRequest, RawResponse
from tests import provisioning_fleets as fleets

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = str(Path(azure_iaas.__file__).parent)
PASSWORD = "Canary1-Password!"
CUSTOM_DATA = base64.b64encode(b"canary-custom-data").decode()
CERTIFICATE_PASSWORD = "canary-certificate-password"
PROXY_PASSWORD = "canary-proxy-password"
STORAGE_KEY = base64.b64encode(b"canary-storage-key-0123456789").decode()
CANARIES = (
    PASSWORD,
    base64.b64encode(PASSWORD.encode()).decode(),
    CUSTOM_DATA,
    "canary-custom-data",
    CERTIFICATE_PASSWORD,
    PROXY_PASSWORD,
    STORAGE_KEY,
)
XML = {"content-type": "application/xml", "x-ms-request-id": "ab" * 16}
MEDIA = "https://account1.blob.core.windows.net/vhds/web1.vhd"


def role(configuration: str = "LinuxProvisioningConfiguration", **more: Any) -> dict[str, Any]:
    return {
        "RoleName": "web1",
        "OSDisk": {"MediaLink": MEDIA, "SourceImageName": "image"},
        configuration: {
            "HostName": "web1",
            "UserName": "azureuser",
            "UserPassword": PASSWORD,
            "CustomData": CUSTOM_DATA,
            "DisableSshPasswordAuthentication": False,
            **more,
        },
    }


class Found:
    """Looks for canaries in all it is shown."""

    def __init__(self, more: tuple[str, ...] = ()) -> None:
        self.canaries = CANARIES + more
        self.where: list[str] = []
        self.looked_at = 0

    def look(self, text: str, place: str) -> None:
        self.looked_at += 1
        self.where += [f"{place}: {canary[:12]}..." for canary in self.canaries if canary in text]

    def look_at_error(self, error: BaseException, place: str) -> None:
        self.look(repr(error), f"{place}: repr")
        self.look(str(vars(error)).replace(repr(getattr(error, "body", b"")), ""), f"{place}: attributes")
        self._look_at_frames(traceback.TracebackException.from_exception(error, capture_locals=True), place)

    def _look_at_frames(self, told: traceback.TracebackException, place: str) -> None:
        self.look("".join(told.format_exception_only()), f"{place}: text")
        for frame in told.stack:
            if frame.filename.startswith(PACKAGE):
                file = frame.filename.removeprefix(PACKAGE)
                for name, value in (frame.locals or {}).items():
                    self.look(value, f"{place}: {file}:{frame.lineno} {frame.name} local {name}")
        for inner in (told.__cause__, told.__context__):
            if inner is not None:
                self._look_at_frames(inner, place)


CALLS: dict[str, Callable[[ServiceManagementClient], Any]] = {
    "create_deployment": lambda client: client.create_deployment("svc", "dep", role()),
    "add_role": lambda client: client.add_role("svc", "dep", role()),
    "add_role with an element nobody knows": lambda client: client.add_role(
        "svc", "dep", role("ProvisioningConfiguration")
    ),
    "modify_role": lambda client: client.modify_role(
        "svc", "dep", "web1", {"RoleName": "web1", "RoleSize": "Small"}
    ),
    "add_service_certificate": lambda client: client.add_service_certificate(
        "svc", CUSTOM_DATA, "pfx", CERTIFICATE_PASSWORD
    ),
    "get_storage_account_keys": lambda client: client.get_storage_account_keys("account1"),
    "regenerate_storage_account_keys": lambda client: client.regenerate_storage_account_keys(
        "account1", "Primary"
    ),
    "wrong: an unknown name": lambda client: client.add_role("svc", "dep", role(UserPasswort=PASSWORD)),
    "wrong: a character XML can't carry": lambda client: client.add_role(
        "svc", "dep", role(UserPassword=PASSWORD + "\x01")
    ),
    "wrong: too many arguments": lambda client: client.add_role("svc", "dep", role(), PASSWORD),  # type: ignore[call-arg]
    "wrong: not a role": lambda client: client.add_role("svc", "dep", [role()]),  # type: ignore[arg-type]
}

KEYS = (
    f"<StorageService><StorageServiceKeys><Primary>{STORAGE_KEY}</Primary>"
    f"<Secondary>{STORAGE_KEY}</Secondary></StorageServiceKeys></StorageService>"
).encode()


@dataclass(frozen=True)
class Echo:
    """An error, or an operation that failed, whose text repeats the secrets of the request."""

    status: int

    def answer(self, request: RawRequest) -> RawResponse:
        sent = [canary for canary in CANARIES if canary.encode() in request.body]
        text = f"The values {' '.join(sent)} of AdminPassword &amp; others are wrong."
        body = f"<Error><Code>BadRequest</Code><Message>{text}</Message></Error>".encode()
        return RawResponse(self.status, XML, body)


ANSWERS: dict[str, RawResponse | Exception | Echo] = {
    "lost": azure_iaas.ConnectionLostError("reset"),
    "400 repeats it": Echo(400),
    "500 repeats it": Echo(500),
    "keys": RawResponse(200, XML, KEYS),
    "keys cut off": RawResponse(200, XML, KEYS[:-10]),
    "keys in another root": RawResponse(200, XML, KEYS.replace(b"StorageService>", b"Other>")),
    "keys not UTF-8": RawResponse(200, XML, KEYS + b"\xff"),
    "keys, JSON, broken": RawResponse(
        200, {**XML, "content-type": "application/json"}, b'{"Primary": "' + STORAGE_KEY.encode() + b'"'
    ),
    "a page": RawResponse(200, XML, f"<html>{STORAGE_KEY}</html>".encode()),
    "accepted": RawResponse(202, XML),
}


class Always:
    def __init__(self, answer: RawResponse | Exception | Echo) -> None:
        self.answer = answer

    async def send(self, request: RawRequest) -> RawResponse:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer.answer(request) if isinstance(self.answer, Echo) else self.answer


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


async def run(client: ServiceManagementClient, found: Found, calls: Any, place: str) -> int:
    failed = 0
    found.look(repr(client), f"{place}: client")
    found.look(str(vars(client)), f"{place}: client's attributes")
    for name, call in calls.items():
        try:
            result = await call(client)
        except (AzureError, TypeError) as error:
            failed += 1
            found.look_at_error(error, f"{place}: {name}")
        else:
            found.look(f"{result!r}{result}{getattr(result, 'token', '')}", f"{place}: {name}: result")
    return failed


def read(path: Any) -> str:
    return Path(path).read_text("utf-8")


def look_at_files(found: Found, folder: Path) -> None:
    """Look at all files but the private keys themselves."""
    for file in folder.rglob("*"):
        if file.is_file() and "PRIVATE KEY" not in (text := file.read_bytes().decode("latin-1")):
            found.look(text, f"file {file.name}")


@pytest.mark.anyio
@pytest.mark.parametrize("answer", ANSWERS)
async def test_no_secret_whatever_is_answered(answer: str, log: pytest.LogCaptureFixture) -> None:
    found = Found()
    client = ServiceManagementClient(
        "sub",
        transport=Always(ANSWERS[answer]),
        proxy_url=f"http://user:{PROXY_PASSWORD}@proxy:3128",
        random=lambda: 0.0,
    )
    with watched(lambda event: found.look(repr(event), "event")):
        assert await run(client, found, CALLS, answer)
    found.look(log.text, "log")
    assert not found.where, "\n".join(found.where)


@pytest.mark.anyio
async def test_no_secret_over_tls_with_failures(
    log: pytest.LogCaptureFixture, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    async with LocalService(tmp_path) as service:
        key = read(service.key_file)
        found = Found((key.splitlines()[5],))
        found.look(repr(ManagementCertificate(key, read(service.cert_file))), "certificate")
        async with service.client() as client:
            with watched(lambda event: found.look(repr(event), "event")):
                await client.create_hosted_service("svc", {"Location": "West US"})
                failed = await run(client, found, CALLS, "local service")
                with azure_iaas.deadline(0.001):
                    failed += await run(client, found, CALLS, "out of time")
        async with service.client(
            proxy_url=f"http://user:{PROXY_PASSWORD}@127.0.0.1:{service.port}", fail_fast=False
        ) as client:
            failed += await run(client, found, CALLS, "no proxy")
    found.look(log.text, "log")
    look_at_files(found, tmp_path)
    tell(
        f"{len(found.canaries)} canaries in {found.looked_at} texts of {failed} failures: {len(found.where)}"
    )
    assert failed > 20
    assert not found.where, "\n".join(found.where)


@pytest.mark.anyio
async def test_the_reason_of_an_operation_that_failed_repeats_no_password() -> None:
    reason = f"The password {PASSWORD} is too weak, so is {CUSTOM_DATA}."
    failed = (
        "<Operation><ID>x</ID><Status>Failed</Status><HttpStatusCode>400</HttpStatusCode><Error>"
        f"<Code>BadRequest</Code><Message>{reason}</Message></Error></Operation>"
    ).encode()

    class Failing:
        async def send(self, request: RawRequest) -> RawResponse:
            return RawResponse(202, XML) if request.method == "POST" else RawResponse(200, XML, failed)

    found = Found()
    client = ServiceManagementClient("sub", transport=Failing())
    accepted = await client.create_deployment("svc", "dep", role())
    with pytest.raises(OperationFailedError, match="too weak") as caught:
        await client.wait_for_operation(accepted)
    found.look_at_error(caught.value, "failed")
    assert not found.where


REFUSED: dict[str, Callable[[ServiceManagementClient, str], object]] = {
    "an unknown key": lambda client, key: ServiceManagementClient(
        "sub", {"keyvalue": key, "certvalue": "no"}
    ),
    "a key as a path": lambda client, key: ServiceManagementClient("sub", key),
    "a key alone": lambda client, key: ManagementCertificate(key, key),
    "a key and an option": lambda client, key: ServiceManagementClient(
        "sub", {"keyvalue": key, "certvalue": key}, prxy_url=f"http://user:{PROXY_PASSWORD}@proxy"
    ),
    "a wrong proxy": lambda client, key: ServiceManagementClient(
        "sub", transport=Always(ANSWERS["lost"]), proxy_url=f"ftp://user:{PROXY_PASSWORD}@proxy"
    ),
    "a wrong proxy later": lambda client, key: client.set_proxy_url(f"ftp://user:{PROXY_PASSWORD}@proxy"),
    "PKCS#12": lambda client, key: ManagementCertificate.from_pkcs12(key.encode(), PASSWORD),
    "a file that isn't there": lambda client, key: ManagementCertificate.from_file("/no", PASSWORD),
    "a profile": lambda client, key: Accounts("/no").import_file("/no", passphrase=PASSWORD),
    "a profile of a key": lambda client, key: Accounts("/no").import_file(key, passphrase=PASSWORD),
    "settings of a profile": lambda client, key: find_settings("no", passphrase=PASSWORD),
    "a client of a profile": lambda client, key: ServiceManagementClient.from_profile(
        "no", passphrase=PASSWORD, prxy_url=f"http://user:{PROXY_PASSWORD}@proxy"
    ),
    "a callback service": lambda client, key: createServiceManagementService("sub", {"keyvalue": key}),
    "its own options": lambda client, key: ServiceManagementService(
        "sub", {"keyvalue": key}, drain_timeout_seconds=0
    ),
    "its proxy": lambda client, key: ServiceManagementService.bind(client).SetProxyUrl(
        f"ftp://user:{PROXY_PASSWORD}@proxy"
    ),
    "a plan": lambda client, key: Plan.of(plan(UserPasswort=PASSWORD)),
    "a plan's run": lambda client, key: Provisioner(client, plan(), max_parallel=0),
    "an operation's table": lambda client, key: type(client).add_role.operation.build(
        client, "svc", "dep", role(UserPassword=PASSWORD + "\x01")
    ),
    "by name": lambda client, key: type(client).add_role.operation.build_from(
        client,
        {"service_name": "svc", "deployment_name": "dep", "role": role(UserPassword=PASSWORD + "\x01")},
    ),
}
"""What is refused before a call: settings, keys, plans."""


def plan(**more: Any) -> dict[str, Any]:
    machine = {
        "name": "web",
        "image": "image",
        "provisioning": role(**more)["LinuxProvisioningConfiguration"],
    }
    return {"services": [{"name": "svc", "deployments": [{"roles": [machine]}]}]}


@pytest.mark.parametrize("name", REFUSED)
def test_no_secret_in_what_was_refused(name: str, log: pytest.LogCaptureFixture) -> None:
    with LocalService() as service:
        key = read(service.key_file)
    found = Found((key.splitlines()[5],))
    client = ServiceManagementClient("sub", transport=Always(ANSWERS["lost"]))
    with pytest.raises((AzureError, ValueError, TypeError)) as caught:
        REFUSED[name](client, key)
    found.look_at_error(caught.value, name)
    found.look(log.text, "log")
    assert found.looked_at > 2
    assert not found.where, "\n".join(found.where)


CALLBACKS: dict[str, Callable[[Any], object]] = {
    "no callback": lambda iaas: iaas.AddRole("svc", "dep", role()),
    "a wrong callback": lambda iaas: iaas.AddRole("svc", "dep", role(), lambda: None),
    "an async one": lambda iaas: iaas.AddRole("svc", "dep", role(), anyio.sleep),
    "a character XML can't carry": lambda iaas: iaas.AddRole(
        "svc", "dep", role(UserPassword=PASSWORD + "\x01"), print
    ),
    "too many arguments": lambda iaas: iaas.AddRole("svc", "dep", role(), print, PASSWORD),
    "an argument nobody knows": lambda iaas: iaas.AddRole("svc", "dep", role(), print, password=PASSWORD),
    "an empty name": lambda iaas: iaas.AddServiceCertificate("", CUSTOM_DATA, "pfx", PASSWORD, print),
    "a wrong format": lambda iaas: iaas.AddServiceCertificate("svc", CUSTOM_DATA, PASSWORD, "x", print),
    "not open": lambda iaas: iaas.AddRole("svc", "dep", role(), print),
}


@pytest.mark.parametrize("name", CALLBACKS)
def test_no_secret_in_the_frames_of_a_callback_method(name: str, log: pytest.LogCaptureFixture) -> None:
    found = Found()
    closed = ServiceManagementService("sub", transport=Always(ANSWERS["lost"]))
    closed.close()
    bound = ServiceManagementService.bind(ServiceManagementClient("sub", transport=Always(ANSWERS["lost"])))
    for iaas in (closed, bound):
        with pytest.raises((AzureError, TypeError, RuntimeError)) as caught:
            CALLBACKS[name](iaas)
        found.look_at_error(caught.value, name)
    found.look(log.text, "log")
    assert not found.where, "\n".join(found.where)


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_secret_in_the_response_or_report_of_a_callback(
    answer: str, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Found()
    reported: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: reported.append(error))

    def callback(rsp: Response) -> None:
        rsp.body = ""  # it is what the service sent
        found.look(f"{rsp!r}{rsp.error}", "response")
        raise KeyError("the callback's own")

    with ServiceManagementService("sub", transport=Always(ANSWERS[answer])) as iaas:
        iaas.CreateDeployment("svc", "dep", role(), callback)
        iaas.AddServiceCertificate("svc", CUSTOM_DATA, "pfx", CERTIFICATE_PASSWORD, callback)
        iaas.GetStorageAccountKeys("account1", callback)
    assert len(reported) == 3
    for error in reported:
        found.look_at_error(error, "report")
    found.look(log.text, "log")
    assert not found.where, "\n".join(found.where)


def test_no_secret_in_what_a_provisioning_run_writes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found = Found((fleets.PASSWORD,))

    class Repeating:
        """Answers every second creation of a machine with an error that repeats its password."""

        def __init__(self, sender: Any) -> None:
            self.sender = sender
            self.creations = 0

        async def send(self, request: RawRequest) -> RawResponse:
            if fleets.is_create(request):
                self.creations += 1
                assert fleets.PASSWORD.encode() in request.body
                if self.creations % 2 == 0:
                    text = (
                        f"<Error><Code>BadRequest</Code><Message>{fleets.PASSWORD} is weak</Message></Error>"
                    )
                    return RawResponse(400, XML, text.encode())
            answer: RawResponse = await self.sender.send(request)
            return answer

    async def main(scene: fleets.Scene) -> None:
        client = ServiceManagementClient(scene.client.subscription_id, transport=Repeating(scene.line))
        run_of = Provisioner(
            client,
            fleets.fleet(2, 3),
            clock=scene.time,
            journal=tmp_path / "fleet.journal",
            wait_until_ready=False,
            on_event=lambda event: found.look(repr(event), "event"),
        )
        with pytest.raises(ProvisioningError, match="is weak") as caught:
            await run_of.run()
        found.look_at_error(caught.value, "provisioning")
        report = caught.value.report
        assert "is weak" in str(report.as_dict())
        found.look(f"{report!r}{report.summary()}{report.as_dict()}", "report")
        found.look(repr(run_of), "provisioner")

    fleets.play(main)
    found.look(caplog.text, "log")
    look_at_files(found, tmp_path)
    assert not found.where, "\n".join(found.where)
