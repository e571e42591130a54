"""The mistakes of docs/mistakes.md, each made here: what is raised is what the page says, to the letter.

A function below makes one mistake, and is called as the page's row is. What differs from run to run, folders,
ports and request ids, is a word in angle brackets on the page.
"""

from __future__ import annotations

import os
import pickle
import re
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from pydantic import ValidationError

from azure_iaas import ManagementCertificate, ServiceManagementClient
from azure_iaas.accounts import Accounts
from azure_iaas.callback import createServiceManagementService
from azure_iaas.emulator import LocalService
from azure_iaas.emulator.world import Quotas
from azure_iaas.endpoint.injected_faults import ExpiredServerCertificate, FaultPlan, Rule
from azure_iaas.models import DataDisk, VMRole
from azure_iaas.provisioning import Plan, Provisioner

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from azure_iaas.accounts import Profile

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "mistakes.md"
ROW: Final = re.compile(r"^\| (?P<title>[^|]+) \| `(?P<said>[^`]+)` \|", re.MULTILINE)
SUBSCRIPTION: Final = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
IMAGE: Final = "bd507d3a70934695bc2128e3e5a255ba__RightImage-CentOS-6.2-x64-v5.8.8"
CA = trustme.CA()
ONE, TWO = (CA.issue_cert(name, key_type=trustme.KeyType.RSA) for name in ("one.example", "two.example"))
KEY, CERT = ONE.private_key_pem.bytes().decode(), ONE.cert_chain_pems[0].bytes().decode()
OTHER_KEY = TWO.private_key_pem.bytes().decode()
PAIR: Final = {"keyvalue": KEY, "certvalue": CERT}


class Kit:
    """What a mistake is made with: a client, a service with ``shop`` in it, a folder."""

    def __init__(self, service: LocalService, client: ServiceManagementClient, folder: Path) -> None:
        self.service, self.client, self.folder = service, client, folder

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    async def deployed(self) -> dict[str, Any]:
        """Put a deployment ``web`` with the role ``web1`` into ``shop``; gives the role."""
        role = await self.role()
        await (await self.client.create_deployment("shop", "web", role)).wait()
        return role

    async def role(self, name: str = "web1", **more: Any) -> dict[str, Any]:
        image = (await self.client.list_os_images())[0].name
        return {
            "RoleName": name,
            "OSDisk": {"SourceImageName": image, "MediaLink": f"http://acme.example/vhds/{name}.vhd"},
            **more,
        }


ROWS: Final = dict(ROW.findall(PAGE.read_text(encoding="utf-8"))) if PAGE.exists() else {}
MISTAKES: dict[str, Callable[[Kit], Awaitable[object]]] = {}


def mistake(title: str) -> Callable[[Callable[[Kit], Awaitable[object]]], Callable[[Kit], Awaitable[object]]]:
    def take(make: Callable[[Kit], Awaitable[object]]) -> Callable[[Kit], Awaitable[object]]:
        assert title not in MISTAKES
        MISTAKES[title] = make
        return make

    return take


# The client


@mistake("`with` instead of `async with`")
async def _(kit: Kit) -> object:
    client: Any = ServiceManagementClient(SUBSCRIPTION, PAIR)
    with client:
        return None


@mistake("The client isn't opened")
async def _(kit: Kit) -> object:
    return await ServiceManagementClient(SUBSCRIPTION, PAIR).list_locations()


@mistake("The client is used after its block")
async def _(kit: Kit) -> object:
    async with ServiceManagementClient(SUBSCRIPTION, PAIR) as client:
        pass
    return await client.list_locations()


@mistake("The client is opened twice")
async def _(kit: Kit) -> object:
    async with ServiceManagementClient(SUBSCRIPTION, PAIR) as client:
        return await client.open()


@mistake("The client is used from another event loop or thread")
async def _(kit: Kit) -> object:
    async def elsewhere(client: ServiceManagementClient) -> object:
        return await client.list_locations()

    async with ServiceManagementClient(SUBSCRIPTION, PAIR) as client:
        return await anyio.to_thread.run_sync(lambda: anyio.run(elsewhere, client))


@mistake("A client is handed to another process")
async def _(kit: Kit) -> object:
    return pickle.dumps(kit.client)


@mistake("A write isn't awaited before it is waited for")
async def _(kit: Kit) -> object:
    accepted = kit.client.delete_deployment("shop", "web")
    try:
        return await kit.client.wait_for_operation(accepted)  # type: ignore[arg-type]
    finally:
        accepted.close()


@mistake("What isn't an operation is waited for")
async def _(kit: Kit) -> object:
    service = await kit.client.get_hosted_service("shop")
    return await kit.client.wait_for_operation(service)  # type: ignore[arg-type]


@mistake("A text that isn't a token is waited for")
async def _(kit: Kit) -> object:
    return await kit.client.wait_for_operation("shop web")


@mistake("A request id nobody knows is waited for")
async def _(kit: Kit) -> object:
    return await kit.client.wait_for_operation("00000000000000000000000000000000")


@mistake("`on_progress` isn't a function")
async def _(kit: Kit) -> object:
    return await kit.client.wait_for_operation("0" * 32, on_progress=5)  # type: ignore[arg-type]


@mistake("`interval` is 0")
async def _(kit: Kit) -> object:
    return await kit.client.wait_for_operation("0" * 32, interval=0)


@mistake("A bound of no seconds")
async def _(kit: Kit) -> object:
    return kit.client.within(0)


# Options


@mistake("Misspelt option")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, PAIR, {"hots": "localhost"})


@mistake("`timeout` instead of `timeout_seconds`")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, PAIR, timeout=5)


@mistake("`verify=False`")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, PAIR, verify=False)


@mistake("Option given twice")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, PAIR, {"host": "a"}, host="b")


@mistake("`http://` in `host`")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, PAIR, host="http://localhost:8443")


@mistake("A path in `host`")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, PAIR, host="localhost/services")


@mistake("Another form of API version")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, PAIR, api_version="2014.10")


@mistake("`ca` that isn't there")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, PAIR, ca=kit.folder / "ca.pem")


@mistake("`ca` that holds no certificate")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, PAIR, ca=kit.file("ca.pem", KEY))


@mistake("No subscription")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(None, PAIR)


@mistake("Subscription and `auth` swapped")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(PAIR, SUBSCRIPTION)  # type: ignore[arg-type]


# Key and certificate


@mistake("No key anywhere")
async def _(kit: Kit) -> object:
    os.chdir(kit.folder)
    return ServiceManagementClient(SUBSCRIPTION)


@mistake("Key and certificate swapped")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, {"keyvalue": CERT, "certvalue": KEY})


@mistake("The key of another certificate")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, {"keyvalue": OTHER_KEY, "certvalue": CERT})


@mistake("A path as `keyvalue`")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, {"keyvalue": "priv.pem", "certvalue": CERT})


@mistake("PEM text as `keyfile`")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, {"keyfile": KEY, "certvalue": CERT})


@mistake("PEM text without its line ends")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, {"keyvalue": KEY.replace("\n", "\\n"), "certvalue": CERT})


@mistake("Misspelt part of `auth`")
async def _(kit: Kit) -> object:
    return ServiceManagementClient(SUBSCRIPTION, {"keyFile": "priv.pem"})


@mistake("An encrypted key without its passphrase")
async def _(kit: Kit) -> object:
    return ManagementCertificate(encrypted(), CERT)


@mistake("The wrong passphrase")
async def _(kit: Kit) -> object:
    return ManagementCertificate(encrypted(), CERT, passphrase="guess")


@mistake("The wrong password of a `.pfx`")
async def _(kit: Kit) -> object:
    path = kit.folder / "my.pfx"
    path.write_bytes(bundle(b"secret"))
    return ManagementCertificate.from_file(path, "guess")


@mistake("Publish settings of several subscriptions, none named")
async def _(kit: Kit) -> object:
    return ManagementCertificate.from_publish_settings(published())


@mistake("A subscription that isn't in the publish settings")
async def _(kit: Kit) -> object:
    return ServiceManagementClient("another-one", kit.file("my.publishsettings", published()))


# Profiles


@mistake("No profile yet")
async def _(kit: Kit) -> object:
    return Accounts(kit.folder, {}).get()


@mistake("Misspelt profile")
async def _(kit: Kit) -> object:
    imported(kit)
    return Accounts(kit.folder, {}).get("wrok")


@mistake("A key that others can read")
async def _(kit: Kit) -> object:
    profile = imported(kit)
    (kit.folder / profile.certificate_file).chmod(0o644)
    return Accounts(kit.folder, {}).certificate(profile)


@mistake("A profile's name for another subscription")
async def _(kit: Kit) -> object:
    imported(kit)
    return Accounts(kit.folder, {}).import_file(kit.folder / "both.pem", name="work", subscription_id="sub2")


# Connections


@mistake("Nobody listens there")
async def _(kit: Kit) -> object:
    async with ServiceManagementClient(SUBSCRIPTION, PAIR, host="127.0.0.1:1") as client:
        return await client.list_locations()


@mistake("The server's CA isn't known (`ca` missing)")
async def _(kit: Kit) -> object:
    async with LocalService() as service, client_of(service, PAIR, ca=None) as client:
        return await client.list_locations()


@mistake("Another name than the server's certificate has")
async def _(kit: Kit) -> object:
    async with LocalService(host="0.0.0.0") as service:  # noqa: S104 - 127.0.0.2 is this machine too
        async with client_of(service, host=f"127.0.0.2:{service.port}") as client:
            return await client.list_locations()


@mistake("The server's certificate has expired")
async def _(kit: Kit) -> object:
    faults = FaultPlan(Rule(ExpiredServerCertificate(), times=None))
    async with LocalService(faults=faults) as service, client_of(service) as client:
        return await client.list_locations()


@mistake("A certificate the service doesn't know")
async def _(kit: Kit) -> object:
    async with LocalService() as service, client_of(service, PAIR) as client:
        return await client.list_locations()


@mistake("A subscription the service doesn't know")
async def _(kit: Kit) -> object:
    async with LocalService() as service, client_of(service, None, "another-one") as client:
        return await client.list_locations()


# What isn't there, and what is there already


@mistake("Unknown service")
async def _(kit: Kit) -> object:
    return await kit.client.get_hosted_service("shpo")


@mistake("Unknown deployment")
async def _(kit: Kit) -> object:
    return await kit.client.get_deployment("shop", "web")


@mistake("Unknown role")
async def _(kit: Kit) -> object:
    await kit.deployed()
    return await kit.client.get_role("shop", "web", "web2")


@mistake("Unknown image")
async def _(kit: Kit) -> object:
    role = await kit.role()
    role["OSDisk"]["SourceImageName"] = "Ubuntu-24"
    return await kit.client.create_deployment("shop", "web", role)


@mistake("Unknown location")
async def _(kit: Kit) -> object:
    return await kit.client.create_hosted_service("shop2", {"Location": "Mars"})


@mistake("Unknown virtual network")
async def _(kit: Kit) -> object:
    return await kit.client.create_deployment("shop", "web", await kit.role(), {"VirtualNetworkName": "net"})


@mistake("The name is taken")
async def _(kit: Kit) -> object:
    return await kit.client.create_hosted_service("shop")


@mistake("The slot is occupied: a second deployment")
async def _(kit: Kit) -> object:
    await kit.deployed()
    return await kit.client.create_deployment("shop", "web2", await kit.role("web2"))


@mistake("The role's name is taken")
async def _(kit: Kit) -> object:
    await kit.deployed()
    return await kit.client.add_role("shop", "web", await kit.role())


@mistake("The blob is another disk's")
async def _(kit: Kit) -> object:
    role = await kit.deployed()
    return await kit.client.add_role("shop", "web", {**role, "RoleName": "web2"})


@mistake("A service that isn't empty is deleted")
async def _(kit: Kit) -> object:
    await kit.deployed()
    return await kit.client.delete_hosted_service("shop")


@mistake("The last role of a deployment is deleted")
async def _(kit: Kit) -> object:
    await kit.deployed()
    return await kit.client.delete_role("shop", "web", "web1")


@mistake("A disk in use is deleted")
async def _(kit: Kit) -> object:
    await kit.deployed()
    disk = (await kit.client.list_disks())[0]
    return await kit.client.delete_disk(disk.name or "")


@mistake("More cores than the subscription may have")
async def _(kit: Kit) -> object:
    kit.service.service._world.quotas = Quotas(cores=20)
    await (await kit.client.create_deployment("shop", "web", await kit.role(RoleSize="ExtraLarge"))).wait()
    for number in range(2, 9):
        role = await kit.role(f"web{number}", RoleSize="ExtraLarge")
        await (await kit.client.add_role("shop", "web", role)).wait()
    return None


# Arguments


@mistake("A service's name with an underscore")
async def _(kit: Kit) -> object:
    return await kit.client.create_hosted_service("my_service")


@mistake("Location and affinity group")
async def _(kit: Kit) -> object:
    options = {"Location": "West US", "AffinityGroup": "group"}
    return await kit.client.create_hosted_service("shop2", options)


@mistake("The options as a text")
async def _(kit: Kit) -> object:
    return await kit.client.create_hosted_service("shop2", "West US")  # type: ignore[arg-type]


@mistake("Too many arguments")
async def _(kit: Kit) -> object:
    return await kit.client.delete_hosted_service("shop", "now")  # type: ignore[call-arg, arg-type]


@mistake("`RoleName` is missing")
async def _(kit: Kit) -> object:
    role = await kit.role()
    del role["RoleName"]
    return await kit.client.create_deployment("shop", "web", role)


@mistake("Misspelt name in a mapping")
async def _(kit: Kit) -> object:
    return await kit.client.create_deployment("shop", "web", {"RoleNmae": "web1"})


@mistake("Misspelt name of a data object")
async def _(kit: Kit) -> object:
    return VMRole.model_validate({"role_nme": "web1"})


@mistake("A list where one role belongs")
async def _(kit: Kit) -> object:
    return await kit.client.create_deployment("shop", "web", [await kit.role()])  # type: ignore[arg-type]


@mistake("No disk")
async def _(kit: Kit) -> object:
    return await kit.client.create_deployment("shop", "web", {"RoleName": "web1"})


@mistake("Unknown size")
async def _(kit: Kit) -> object:
    return await kit.client.create_deployment("shop", "web", await kit.role(RoleSize="Huge"))


@mistake("LUN out of range")
async def _(kit: Kit) -> object:
    await kit.deployed()
    disk = DataDisk(lun=99, logical_disk_size_in_gb=10)
    return await kit.client.add_data_disk("shop", "web", "web1", disk)


@mistake("More data disks than the size may have")
async def _(kit: Kit) -> object:
    disks = [{"LUN": lun, "LogicalDiskSizeInGB": 10} for lun in range(3)]
    return await kit.client.create_deployment(
        "shop", "web", await kit.role(RoleSize="Small", DataDisks=disks)
    )


@mistake("A LUN that is a word")
async def _(kit: Kit) -> object:
    return await kit.client.get_data_disk("shop", "web", "web1", "first")


@mistake("A size with its unit")
async def _(kit: Kit) -> object:
    return await kit.client.add_data_disk("shop", "web", "web1", {"LogicalDiskSizeInGB": "10GB"})


@mistake("Two disks at one LUN")
async def _(kit: Kit) -> object:
    disk = {"LUN": 0, "LogicalDiskSizeInGB": 10}
    role = await kit.role(DataDisks=[disk, disk])
    return await kit.client.create_deployment("shop", "web", role)


@mistake("A password that is too weak")
async def _(kit: Kit) -> object:
    return await kit.client.create_deployment(
        "shop", "web", await kit.role(**windows(AdminPassword="secret"))
    )


@mistake("A port that is a word")
async def _(kit: Kit) -> object:
    return await kit.client.create_deployment("shop", "web", await kit.role(**endpoint(LocalPort="ssh")))


@mistake("Two endpoints at one public port")
async def _(kit: Kit) -> object:
    role = await kit.role(**endpoint({"Name": "b", "Protocol": "tcp", "Port": 22, "LocalPort": 23}))
    return await kit.client.create_deployment("shop", "web", role)


@mistake("JSON in which secrets are masked is read back")
async def _(kit: Kit) -> object:
    role = VMRole.model_validate(await kit.role(**windows()))
    again = VMRole.model_validate_json(role.model_dump_json())
    return await kit.client.create_deployment("shop", "web", again)


# Callbacks


@mistake("No callback")
async def _(kit: Kit) -> object:
    with old_service() as service:
        return service.CreateHostedService("shop")


@mistake("A callback of two parameters")
async def _(kit: Kit) -> object:
    with old_service() as service:
        return service.CreateHostedService("shop", lambda error, rsp: None)


@mistake("An `async def` as callback")
async def _(kit: Kit) -> object:
    async def done(rsp: Any) -> None: ...

    with old_service() as service:
        return service.CreateHostedService("shop", done)


@mistake("A required argument left out before the callback")
async def _(kit: Kit) -> object:
    with old_service() as service:
        return service.GetRole("shop", "web", lambda rsp: None)


# Plans


@mistake("Wrong indentation in a plan")
async def _(kit: Kit) -> object:
    return Plan.load(kit.file("plan.yaml", "services:\n  - name: shop\n   location: West US\n"))


@mistake("A tab in a plan")
async def _(kit: Kit) -> object:
    return Plan.load(kit.file("plan.yaml", "services:\n\t- name: shop\n"))


@mistake("Misspelt key in a plan")
async def _(kit: Kit) -> object:
    return Plan.load(kit.file("plan.yaml", PLAN.replace("image:", "imgae:")))


@mistake("A plan that isn't there")
async def _(kit: Kit) -> object:
    return Plan.load(kit.folder / "plan.yaml")


@mistake("One name for two roles of a plan")
async def _(kit: Kit) -> object:
    text = PLAN + PLAN[PLAN.index("          - name") :]
    return await Provisioner(kit.client, Plan.load(kit.file("plan.yaml", text))).run()


@mistake("An unknown image in a plan")
async def _(kit: Kit) -> object:
    plan = Plan.load(kit.file("plan.yaml", PLAN))
    return await Provisioner(kit.client, plan).run()


@mistake("A variable of a plan that isn't set")
async def _(kit: Kit) -> object:
    text = PLAN + "            provisioning: {HostName: web1, UserName: me, UserPassword: '${NOWHERE_SET}'}\n"
    return Plan.load(kit.file("plan.yaml", text))


@mistake("A journal of another plan")
async def _(kit: Kit) -> object:
    text = PLAN.replace("IMAGE", (await kit.role())["OSDisk"]["SourceImageName"])
    journal = kit.folder / "journal"
    first = Plan.load(kit.file("plan.yaml", text))
    await Provisioner(kit.client, first, journal=journal, wait_until_ready=False).run()
    second = Plan.load(kit.file("plan.yaml", text.replace("web1", "web2")))
    return await Provisioner(kit.client, second, journal=journal).run()


# What the mistakes are made of

PLAN: Final = """\
services:
  - name: fleet
    location: West US
    deployments:
      - roles:
          - name: web1
            image: IMAGE
"""


def windows(**changes: str) -> dict[str, Any]:
    given = {
        "ConfigurationSetType": "WindowsProvisioningConfiguration",
        "ComputerName": "web1",
        "AdminPassword": "myAdminPwd1",
        "AdminUsername": "someone",
        **changes,
    }
    return {"ConfigurationSets": [given]}


def endpoint(*others: dict[str, Any], **changes: Any) -> dict[str, Any]:
    first = {"Name": "a", "Protocol": "tcp", "Port": 22, "LocalPort": 22, **changes}
    given = {"ConfigurationSetType": "NetworkConfiguration", "InputEndpoints": [first, *others]}
    return {"ConfigurationSets": [given]}


def encrypted() -> str:
    how = BestAvailableEncryption(b"secret")
    key = load_pem_private_key(KEY.encode(), None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode()


def bundle(password: bytes | None = None) -> bytes:
    key = load_pem_private_key(KEY.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    how = NoEncryption() if password is None else BestAvailableEncryption(password)
    cert = x509.load_pem_x509_certificate(CERT.encode())
    return pkcs12.serialize_key_and_certificates(b"name", key, cert, None, how)


def published() -> str:
    listed = "".join(
        f'<Subscription Id="sub{number}" ManagementCertificate="{b64encode(bundle()).decode()}"/>'
        for number in (1, 2)
    )
    return f'<PublishData><PublishProfile SchemaVersion="2.0">{listed}</PublishProfile></PublishData>'


def old_service() -> Any:  # so that checkers let the mistakes pass
    return createServiceManagementService(SUBSCRIPTION, PAIR)


def imported(kit: Kit) -> Profile:
    kit.folder.chmod(0o700)
    accounts = Accounts(kit.folder, {})
    (profile,) = accounts.import_file(kit.file("both.pem", KEY + CERT), name="work", subscription_id="sub1")
    return profile


def client_of(
    service: LocalService, auth: Any = None, subscription_id: str = SUBSCRIPTION, **options: Any
) -> ServiceManagementClient:
    folder = service.data_dir
    given = {"host": f"127.0.0.1:{service.port}", "ca": folder / "ca.pem", **options}
    own = {"keyfile": folder / "priv.pem", "certfile": folder / "pub.pem"}
    return ServiceManagementClient(subscription_id, auth or own, given)


# The page


def said_by(error: BaseException, kit: Kit) -> str:
    """What a user reads of an error; what differs from run to run is a word in angle brackets."""
    said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
    text = f"{type(error).__name__}: {said}"
    text = text.replace(str(kit.folder), "<folder>").replace(str(Path.cwd()), "<folder>")
    text = re.sub(r"(127\.0\.0\.\d|localhost):\d{4,5}", r"\1:<port>", text)
    text = re.sub(r"text of \d+ characters", "text of <n> characters", text)
    return re.sub(
        r"\b[0-9a-f]{32}\b",
        "<request id>",
        re.sub(r"(work|web1-0)-[0-9A-F]{12,}\b", r"\1-<thumbprint>", text),
    )


@pytest.mark.anyio
@pytest.mark.parametrize("title", MISTAKES)
async def test_a_mistake_is_answered_as_the_page_says(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("SUBSCRIPTION_ID", "HOST", "CA", "PASSPHRASE", "PROFILE"):
        monkeypatch.delenv(f"AZURE_IAAS_{variable}", raising=False)
    async with LocalService(sockets=False, speed=1e6) as service, service.client() as client:
        await client.create_hosted_service("shop")
        kit = Kit(service, client, tmp_path)
        with pytest.raises(Exception) as caught:
            await MISTAKES[title](kit)
    assert said_by(caught.value, kit) == ROWS[title]


def test_the_calls_the_page_names_are_there() -> None:
    calls = set(re.findall(r"`(?:await client\.)?([a-z_]+)\(", PAGE.read_text(encoding="utf-8")))
    missing = {name for name in calls if not hasattr(ServiceManagementClient, name)}
    assert len(calls) > 10
    assert missing == {"model_dump_json"}  # a data object's


def test_the_page_has_each_mistake_once() -> None:
    assert list(ROWS) == list(MISTAKES)
    assert len(ROWS) >= 40
