"""Accounts: profiles from every kind of file, kept whole and private, and what stands above what."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import threading
from base64 import b64encode
from pathlib import Path
from typing import Any

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

from azure_iaas import ServiceManagementClient
from azure_iaas.accounts import Accounts, Profile, find_settings, profiles_folder
from azure_iaas.accounts.private_folder import PrivateFolder
from azure_iaas.config import CLOUD_HOSTS, ClientOptions
from azure_iaas.credentials import ManagementCertificate
from azure_iaas.errors import ConfigurationError

CA = trustme.CA()
LEAF = CA.issue_cert("one@example.org", key_type=trustme.KeyType.RSA)
OTHER = CA.issue_cert("two@example.org", key_type=trustme.KeyType.RSA)
KEY = LEAF.private_key_pem.bytes().decode()
CERT = LEAF.cert_chain_pems[0].bytes().decode()
ONE, TWO = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
PUBLIC = "management.core.windows.net"
posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")


def bundle(leaf: trustme.LeafCert = LEAF, password: bytes | None = None) -> bytes:
    key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    cert = x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())
    how = NoEncryption() if password is None else BestAvailableEncryption(password)
    return pkcs12.serialize_key_and_certificates(b"name", key, cert, None, how)


def encrypted_key(password: bytes) -> str:
    key = load_pem_private_key(KEY.encode(), None)
    how = BestAvailableEncryption(password)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode()


def settings_1_0(*subscriptions: tuple[str, str], url: str = f"https://{PUBLIC}/") -> str:
    listed = "".join(f'<Subscription Id="{identity}" Name="{name}"/>' for identity, name in subscriptions)
    return (
        '<?xml version="1.0" encoding="utf-8"?><PublishData><PublishProfile'
        f' PublishMethod="AzureServiceManagementAPI" Url="{url}"'
        f' ManagementCertificate="{b64encode(bundle()).decode()}">{listed}</PublishProfile></PublishData>'
    )


def settings_2_0(*subscriptions: tuple[str, str, str, trustme.LeafCert]) -> str:
    listed = "".join(
        f'<Subscription ServiceManagementUrl="https://{host}" Id="{identity}" Name="{name}"'
        f' ManagementCertificate="{b64encode(bundle(leaf)).decode()}"/>'
        for identity, name, host, leaf in subscriptions
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><PublishData><PublishProfile SchemaVersion="2.0"'
        f' PublishMethod="AzureServiceManagementAPI">{listed}</PublishProfile></PublishData>'
    )


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path / "profiles", {})


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    path = tmp_path / "both.pem"
    path.write_text(KEY + CERT)
    return path


def file_of(folder: Path, text: str | bytes, name: str = "my.file") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def same(profile: Profile, accounts: Accounts, leaf: trustme.LeafCert, passphrase: str | None = None) -> bool:
    found = accounts.certificate(profile, passphrase)
    return found.certificate_pem.split() == leaf.cert_chain_pems[0].bytes().decode().split()


# Import


def test_publish_settings_of_the_first_format(accounts: Accounts, tmp_path: Path) -> None:
    file = file_of(tmp_path, settings_1_0((ONE, "Happy Subscription"), (TWO, "Öl & Gas 2".replace("&", ""))))
    made = accounts.import_file(file)
    assert [(p.name, p.subscription_id, p.subscription_name, p.host) for p in made] == [
        ("happy-subscription", ONE, "Happy Subscription", PUBLIC),
        ("l-gas-2", TWO, "Öl  Gas 2", PUBLIC),
    ]
    assert accounts.profiles == tuple(made)
    assert accounts.current == "happy-subscription"
    assert all(same(profile, accounts, LEAF) for profile in made)


def test_publish_settings_of_the_second_format(accounts: Accounts, tmp_path: Path) -> None:
    china = CLOUD_HOSTS["AzureChinaCloud"]
    file = file_of(tmp_path, settings_2_0((ONE, "a", PUBLIC, LEAF), (TWO, "b", f"{china}/", OTHER)))
    first, second = accounts.import_file(file)
    assert (first.host, second.host) == (PUBLIC, china)
    assert same(first, accounts, LEAF)
    assert same(second, accounts, OTHER)
    assert first.thumbprint != second.thumbprint
    only = accounts.import_file(file, name="only", subscription_id=TWO.upper())
    assert [(p.name, p.subscription_id) for p in only] == [("only", TWO)]
    with pytest.raises(ConfigurationError, match="say which subscription is meant"):
        accounts.import_file(file, name="which")
    with pytest.raises(ConfigurationError, match="isn't in it; it has"):
        accounts.import_file(file, subscription_id="third")


def test_names_that_several_subscriptions_have(accounts: Accounts, tmp_path: Path) -> None:
    file = file_of(tmp_path, settings_1_0((ONE, "Pay-As-You-Go"), (TWO, "Pay-As-You-Go"), ("c3", "ü")))
    names = ["pay-as-you-go", "pay-as-you-go-22222222", "c3"]
    assert [profile.name for profile in accounts.import_file(file)] == names
    assert [profile.name for profile in accounts.import_file(file)] == names, "again: the same profiles"
    assert len(accounts.profiles) == 3
    alike = [(f"{ONE[:8]}-{number}", "Pay-As-You-Go") for number in (1, 2)]
    names = ["pay-as-you-go-11111111", f"{ONE[:8]}-2"]
    assert [
        profile.name for profile in accounts.import_file(file_of(tmp_path, settings_1_0(*alike)))
    ] == names
    assert [profile.subscription_id for profile in accounts.profiles].count(ONE) == 1


def test_publish_settings_that_can_t_be_profiles(accounts: Accounts, tmp_path: Path, pem: Path) -> None:
    with pytest.raises(ConfigurationError, match="subscription_id: 1 to 128 letters"):
        accounts.import_file(file_of(tmp_path, settings_1_0(("a b", "odd"))))
    file = file_of(tmp_path, settings_1_0((ONE, "one"), url="ftp://elsewhere"))
    with pytest.raises(ConfigurationError, match="only https is spoken"):
        accounts.import_file(file)
    with pytest.raises(ConfigurationError, match="have certificates of their own"):
        accounts.import_file(file, certificate_file=pem)
    assert accounts.profiles == ()


@pytest.mark.parametrize("password", [None, b"pw"])
def test_pkcs12(password: bytes | None, accounts: Accounts, tmp_path: Path) -> None:
    file = file_of(tmp_path, bundle(password=password), "my.pfx")
    (made,) = accounts.import_file(file, subscription_id=ONE, passphrase=password)
    assert (made.name, made.subscription_id, made.host) == (ONE, ONE, PUBLIC)
    kept = (accounts.folder / made.certificate_file).read_text()
    assert ("ENCRYPTED" in kept) is bool(password), "what came under a password stays under it"
    assert same(made, accounts, LEAF, "pw")
    if password:
        with pytest.raises(ConfigurationError, match="give its passphrase, or AZURE_IAAS_PASSPHRASE"):
            accounts.certificate(made)
        from_environment = Accounts(accounts.folder, {"AZURE_IAAS_PASSPHRASE": "pw"})
        assert same(made, from_environment, LEAF)
        with pytest.raises(ConfigurationError, match="the password is wrong"):
            accounts.import_file(file, subscription_id=ONE, passphrase="no")


def test_pem_in_one_file_and_in_two(accounts: Accounts, tmp_path: Path, pem: Path) -> None:
    (one,) = accounts.import_file(pem, subscription_id=ONE, name="one")
    key, cert = file_of(tmp_path, KEY, "k"), file_of(tmp_path, CERT, "c")
    (two,) = accounts.import_file(key, certificate_file=cert, subscription_id=TWO, name="two")
    locked = file_of(tmp_path, encrypted_key(b"pw") + CERT, "locked")
    asked: list[int] = []

    def ask() -> str:
        asked.append(1)
        return "pw"

    (three,) = accounts.import_file(locked, subscription_id="s3", name="three", passphrase=ask)
    assert asked == [1]
    assert same(one, accounts, LEAF)
    assert same(two, accounts, LEAF)
    assert same(three, accounts, LEAF, "pw")
    assert "ENCRYPTED" in (accounts.folder / three.certificate_file).read_text()
    assert one.thumbprint == ManagementCertificate(KEY, CERT).thumbprint


def test_hosts_and_certificate_authorities(accounts: Accounts, tmp_path: Path, pem: Path) -> None:
    ca = tmp_path / "ca.pem"
    CA.cert_pem.write_to_path(str(ca))
    host = {"AzureGermanCloud": CLOUD_HOSTS["AzureGermanCloud"], "azurecloud": PUBLIC, "x:8443": "x:8443"}
    for given, kept in host.items():
        (made,) = accounts.import_file(pem, subscription_id=ONE, name="n", host=given, ca=ca)
        assert (made.host, made.ca) == (kept, ca)
    for wrong in ({"host": "ftp://x"}, {"ca": tmp_path / "none.pem"}, {"name": "a/b"}, {"name": "-a"}):
        with pytest.raises(ConfigurationError):
            accounts.import_file(pem, subscription_id=TWO, **wrong)
    with pytest.raises(ConfigurationError, match="AZURE_IAAS_SUBSCRIPTION_ID"):
        accounts.import_file(pem)
    assert [profile.subscription_id for profile in accounts.profiles] == [ONE]


def test_every_cloud_has_its_host() -> None:
    for name, host in CLOUD_HOSTS.items():
        for spelt in (name, name.lower()):
            assert ClientOptions.resolve({"host": spelt}, {}).host == host
            assert ClientOptions.resolve({}, {"AZURE_IAAS_HOST": spelt}).host == host


def test_a_profile_of_another_subscription_isn_t_replaced(accounts: Accounts, pem: Path) -> None:
    accounts.import_file(pem, subscription_id=ONE, name="work")
    with pytest.raises(ConfigurationError, match=f"is of subscription {ONE}; give another name, or remove"):
        accounts.import_file(pem, subscription_id=TWO, name="work")
    assert accounts.get("work").subscription_id == ONE


def test_a_new_certificate_takes_the_place_of_the_old(accounts: Accounts, tmp_path: Path, pem: Path) -> None:
    accounts.import_file(pem, subscription_id=ONE, name="work")
    (new,) = accounts.import_file(file_of(tmp_path, bundle(OTHER)), subscription_id=ONE, name="work")
    assert same(new, accounts, OTHER)
    assert [path.name for path in accounts.folder.glob("*.pem")] == [str(new.certificate_file)]


# Choose and remove


def test_use_and_remove(accounts: Accounts, pem: Path) -> None:
    for name in ("a", "b"):
        accounts.import_file(pem, subscription_id=ONE, name=name)
    assert accounts.current == "a"
    assert accounts.get().name == "a"
    assert accounts.use("b").name == accounts.current == "b"
    accounts.remove("a")
    assert accounts.current == "b"
    accounts.remove("b")
    assert accounts.current is None
    assert list(accounts.folder.glob("*.pem")) == []
    with pytest.raises(ConfigurationError, match="no profile is current: 'azure-iaas account import FILE'"):
        accounts.get()


def test_an_unknown_name_is_answered_with_the_near_one(accounts: Accounts, pem: Path) -> None:
    with pytest.raises(ConfigurationError, match="no profile 'work'; there are none"):
        accounts.use("work")
    accounts.import_file(pem, subscription_id=ONE, name="work")
    for change in (accounts.use, accounts.remove, accounts.get):
        with pytest.raises(ConfigurationError, match="no profile 'wrok'; did you mean 'work'"):
            change("wrok")
    other = Accounts(accounts.folder, {"AZURE_IAAS_PROFILE": "home"})
    with pytest.raises(ConfigurationError, match="variable AZURE_IAAS_PROFILE: no profile 'home'; there are"):
        other.get()


def test_a_certificate_elsewhere_isn_t_deleted(accounts: Accounts, pem: Path) -> None:
    accounts.import_file(pem, subscription_id=ONE, name="work")
    document = accounts.folder / "profiles.json"
    content = json.loads(document.read_text())
    content["profiles"][0]["certificate_file"] = str(pem)
    pem.chmod(0o600)
    document.write_text(json.dumps(content))
    assert same(accounts.get("work"), accounts, LEAF)
    accounts.remove("work")
    assert pem.exists()


# Files


@posix
def test_files_are_their_owner_s_alone(accounts: Accounts, pem: Path) -> None:
    before = os.umask(0)
    try:
        accounts.import_file(pem, subscription_id=ONE, name="work")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in accounts.folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 3  # document, key, lock
    assert stat.S_IMODE(accounts.folder.stat().st_mode) == 0o700


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_read_is_refused(mode: int, accounts: Accounts, pem: Path) -> None:
    (profile,) = accounts.import_file(pem, subscription_id=ONE, name="work")
    key = accounts.folder / profile.certificate_file
    key.chmod(mode)
    with pytest.raises(ConfigurationError, match=f"can be read by others .mode {mode:o}.: chmod go-rwx"):
        accounts.certificate(profile)
    key.chmod(0o400)
    assert accounts.certificate(profile)
    (accounts.folder / "profiles.json").chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod go-rwx"):
        accounts.get()


@posix
def test_a_folder_that_others_write_is_refused(accounts: Accounts, pem: Path) -> None:
    accounts.import_file(pem, subscription_id=ONE, name="work")
    accounts.folder.chmod(0o770)
    with pytest.raises(ConfigurationError, match="can be changed by others"):
        accounts.get()
    accounts.folder.chmod(0o755)
    assert accounts.get().name == "work"


@posix
def test_a_file_of_another_user_is_refused(
    accounts: Accounts, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.import_file(pem, subscription_id=ONE, name="work")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(ConfigurationError, match="belongs to another user"):
        accounts.get()


# Three files are written: two keys and the document; after each, the folder is synced too.
@pytest.mark.parametrize(
    ("failing", "failure", "fails"),
    [
        *(("replace", number, True) for number in (1, 2, 3)),
        *(("fsync", number, number % 2 == 1) for number in range(1, 7)),
    ],
)
def test_a_write_that_fails_changes_nothing(
    failing: str,
    failure: int,
    fails: bool,
    accounts: Accounts,
    tmp_path: Path,
    pem: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (before,) = accounts.import_file(pem, subscription_id="other", name="work")
    files = sorted(accounts.folder.iterdir())
    source = file_of(tmp_path, settings_1_0((ONE, "one"), (TWO, "two")))
    real, calls = getattr(os, failing), 0

    def failing_once(*args: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == failure:
            raise OSError(28, "No space left on device")
        real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(os, failing, failing_once)
        if fails:
            with pytest.raises(ConfigurationError, match="can't be written: No space left on device"):
                accounts.import_file(source)
        else:
            accounts.import_file(source)
    assert calls >= failure
    if fails:
        assert (accounts.profiles, sorted(accounts.folder.iterdir())) == ((before,), files)
    else:
        assert [same(profile, accounts, LEAF) for profile in accounts.profiles] == [True] * 3


@posix
def test_who_changes_waits_for_who_is_changing(
    accounts: Accounts, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl  # noqa: PLC0415 - not on every system

    writing, second, go_on = threading.Event(), threading.Event(), threading.Event()
    write, lock = PrivateFolder.replace, fcntl.flock

    def slow_write(folder: PrivateFolder, name: str, text: str) -> None:
        if threading.current_thread() is first:
            writing.set()
            assert go_on.wait(60)
        write(folder, name, text)

    def told_lock(descriptor: int, operation: int) -> None:
        if threading.current_thread() is not first:
            second.set()
        lock(descriptor, operation)

    def import_second() -> None:
        accounts.import_file(pem, subscription_id=TWO, name="second")
        second.set()

    monkeypatch.setattr(PrivateFolder, "replace", slow_write)
    monkeypatch.setattr(fcntl, "flock", told_lock)
    first = threading.Thread(target=lambda: accounts.import_file(pem, subscription_id=ONE, name="first"))
    other = threading.Thread(target=import_second)
    first.start()
    assert writing.wait(60)  # it has read the document, and writes what it makes of it
    other.start()
    assert second.wait(60)  # it waits for the lock now, or has lost what it wrote
    go_on.set()
    first.join()
    other.join()
    assert [profile.name for profile in accounts.profiles] == ["first", "second"]


WRITER = """
import sys
from azure_iaas.accounts import Accounts
folder, pem, mark = sys.argv[1:]
accounts = Accounts(folder, {})
print("ready", flush=True)
sys.stdin.readline()
for number in range(12):
    accounts.import_file(pem, name=f"{mark}{number}", subscription_id=f"{mark}{number}")
    if number % 3 == 2:
        accounts.remove(f"{mark}{number - 1}")
"""


def test_two_processes_that_write_at_once_lose_nothing(accounts: Accounts, pem: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(accounts.folder), str(pem)]
    writers = [
        subprocess.Popen([*command, mark], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for mark in "ab"
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.communicate("go\n")
    assert [writer.returncode for writer in writers] == [0, 0]
    expected = sorted(f"{mark}{number}" for mark in "ab" for number in range(12) if number % 3 != 1)
    assert [profile.name for profile in accounts.profiles] == expected
    assert len(list(accounts.folder.glob("*.pem"))) == len(expected)


def test_who_reads_while_others_write_sees_a_whole_document(accounts: Accounts, pem: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(accounts.folder), str(pem), "a"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
        while writer.poll() is None:
            names = [profile.name for profile in accounts.profiles]
            assert names == sorted(names)
    assert len(accounts.profiles) == 8


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"format": 1,\n', r"isn't JSON \(line 2\); mend it, or delete it"),
        ('{"format": 2}', "a newer version of this program wrote it"),
        ("[]", "document: "),
        ('{"profiles": [{}]}', r"profiles\.0\.name: Field required"),
        ('{"format": 1, "curent": null}', "curent: Extra inputs"),
    ],
)
def test_a_document_that_can_t_be_understood_is_left_alone(
    text: str, said: str, accounts: Accounts, pem: Path
) -> None:
    accounts.folder.mkdir(mode=0o700)
    document = accounts.folder / "profiles.json"
    document.touch(mode=0o600)
    document.write_text(text)
    for use in (lambda: accounts.profiles, lambda: accounts.import_file(pem, subscription_id=ONE)):
        with pytest.raises(ConfigurationError, match=f"{re.escape(str(document))}.: {said}"):
            use()
    assert document.read_text() == text
    assert list(accounts.folder.glob("*.pem")) == []


def test_a_folder_that_can_t_be_made(pem: Path) -> None:
    accounts = Accounts(pem / "below-a-file", {})
    with pytest.raises(ConfigurationError, match="can't be written"):
        accounts.import_file(pem, subscription_id=ONE)


def test_a_text_that_isn_t_text(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "x").touch(mode=0o600)
    (tmp_path / "x").write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="isn't UTF-8"):
        PrivateFolder(tmp_path).read("x")


def test_a_key_that_is_gone_is_named(accounts: Accounts, pem: Path) -> None:
    (profile,) = accounts.import_file(pem, subscription_id=ONE, name="work")
    (accounts.folder / profile.certificate_file).unlink()
    with pytest.raises(ConfigurationError, match=r"profile 'work': .*\.pem': can't be read: No such file"):
        accounts.certificate(profile)


def test_no_key_is_shown(accounts: Accounts, pem: Path) -> None:
    line = KEY.splitlines()[5]
    (profile,) = accounts.import_file(pem, subscription_id=ONE, name="work")
    settings = find_settings("work", accounts=accounts, environ={})
    document = (accounts.folder / "profiles.json").read_text()
    assert line in (accounts.folder / profile.certificate_file).read_text()
    for shown in (repr(profile), repr(accounts), repr(settings), document, profile.model_dump_json()):
        assert line not in shown


# The folder


def test_where_the_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert profiles_folder({"AZURE_IAAS_CONFIG_DIR": "/a/b"}) == Path("/a/b")
    assert profiles_folder({"AZURE_IAAS_CONFIG_DIR": "~/b"}) == tmp_path / "b"
    if sys.platform == "linux":
        assert profiles_folder({}) == tmp_path / ".config" / "azure-iaas"


def test_without_platformdirs_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    with pytest.raises(
        ConfigurationError, match=r"AZURE_IAAS_CONFIG_DIR: pip install 'azure-iaas\[accounts\]'"
    ):
        profiles_folder({})
    assert profiles_folder({"AZURE_IAAS_CONFIG_DIR": "/a"}) == Path("/a")


# Which settings stand above which


@pytest.fixture
def everywhere(
    accounts: Accounts, tmp_path: Path, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """Settings in every place there is: profiles, environment, default files; each says where it is from."""
    ca = tmp_path / "ca.pem"
    CA.cert_pem.write_to_path(str(ca))
    for name in ("current", "variable", "named"):
        accounts.import_file(pem, subscription_id=f"of-{name}", name=name, host=f"{name}.example", ca=ca)
    for name in ("priv.pem", "pub.pem"):
        (tmp_path / name).write_text(KEY + CERT)
    monkeypatch.chdir(tmp_path)
    return {"AZURE_IAAS_CONFIG_DIR": str(accounts.folder)}


FROM_ENVIRONMENT = {"AZURE_IAAS_SUBSCRIPTION_ID": "of-environment", "AZURE_IAAS_HOST": "environment.example"}


@pytest.mark.parametrize(
    ("name", "more_environ", "arguments", "expected"),
    [
        (None, {}, {}, ("of-current", "current.example")),
        (None, {"AZURE_IAAS_PROFILE": "variable"}, {}, ("of-variable", "variable.example")),
        (None, FROM_ENVIRONMENT, {}, ("of-environment", "environment.example")),
        (
            None,
            {**FROM_ENVIRONMENT, "AZURE_IAAS_PROFILE": "variable"},
            {},
            ("of-environment", "environment.example"),
        ),
        (None, {"AZURE_IAAS_HOST": "environment.example"}, {}, ("of-current", "environment.example")),
        ("named", FROM_ENVIRONMENT, {}, ("of-named", "named.example")),
        ("named", {"AZURE_IAAS_PROFILE": "variable"}, {}, ("of-named", "named.example")),
        (
            "named",
            FROM_ENVIRONMENT,
            {"subscription_id": "of-argument", "options": {"HOST": "argument.example"}},
            ("of-argument", "argument.example"),
        ),
        (None, FROM_ENVIRONMENT, {"subscription_id": "of-argument"}, ("of-argument", "environment.example")),
    ],
)
def test_precedence(
    name: str | None,
    more_environ: dict[str, str],
    arguments: dict[str, Any],
    expected: tuple[str, str],
    everywhere: dict[str, str],
) -> None:
    found = find_settings(name, environ={**everywhere, **more_environ}, **arguments)
    assert (found.subscription_id, found.options.host) == expected


def test_precedence_of_certificates(everywhere: dict[str, str], accounts: Accounts, tmp_path: Path) -> None:
    file = file_of(tmp_path, OTHER.private_key_and_cert_chain_pem.bytes())
    variables = {"CLIENT_AUTH_KEYFILE": str(file), "CLIENT_AUTH_CERTFILE": str(file)}
    argument = ManagementCertificate(KEY, CERT, "argument", "argument")
    kept = str(accounts.folder / accounts.get("named").certificate_file)

    def source(name: str | None, environ: dict[str, str], **arguments: Any) -> str:
        found = find_settings(name, environ={**everywhere, **environ}, **arguments).certificate
        assert found is not None
        return found.key_source

    assert kept in source("named", variables)
    assert source(None, variables).startswith("environment variable CLIENT_AUTH_KEYFILE")
    assert source("named", variables, auth=argument) == "argument"
    assert str(accounts.folder) in source(None, {})
    accounts.remove("current")
    assert source(None, {"AZURE_IAAS_SUBSCRIPTION_ID": "x"}, profile_needed=False).startswith("default file")
    with pytest.raises(ConfigurationError, match="no profile is current"):
        source(None, {"AZURE_IAAS_SUBSCRIPTION_ID": "x"})


def test_precedence_of_certificate_authorities(accounts: Accounts, tmp_path: Path, pem: Path) -> None:
    own, other = tmp_path / "own.pem", tmp_path / "other.pem"
    CA.cert_pem.write_to_path(str(own))
    trustme.CA().cert_pem.write_to_path(str(other))
    accounts.import_file(pem, subscription_id=ONE, name="with", ca=own)
    accounts.import_file(pem, subscription_id=ONE, name="without")
    environ = {"AZURE_IAAS_CA": str(other)}

    def ca(name: str | None, environ: dict[str, str], **arguments: Any) -> str | None:
        return find_settings(name, environ=environ, accounts=accounts, **arguments).options.ca

    assert ca("with", environ) == own.read_text()
    assert ca("without", environ) is None, "a named profile stands above the environment in all it says"
    assert ca(None, environ) == other.read_text()
    assert ca(None, {}) == own.read_text()
    assert ca("with", environ, options={"ca": other}) == other.read_text()


def test_a_client_of_a_profile(everywhere: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in {**everywhere, **FROM_ENVIRONMENT}.items():
        monkeypatch.setenv(variable, value)
    named = ServiceManagementClient.from_profile("named", timeout_seconds=7)
    assert (named.subscription_id, named.options.host, named.options.timeout_seconds) == (
        "of-named",
        "named.example",
        7,
    )
    unnamed = ServiceManagementClient.from_profile(options={"host": "argument.example"})
    assert (unnamed.subscription_id, unnamed.options.host) == ("of-environment", "argument.example")
    with pytest.raises(ConfigurationError, match="did you mean 'timeout_seconds'"):
        ServiceManagementClient.from_profile("named", timeout=5)
    with pytest.raises(ConfigurationError, match="given twice"):
        ServiceManagementClient.from_profile("named", {"host": "a"}, host="b")


def test_no_other_client_reads_profiles(everywhere: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in {**everywhere, "AZURE_IAAS_PROFILE": "variable"}.items():
        monkeypatch.setenv(variable, value)
    client = ServiceManagementClient("mine")
    assert (client.subscription_id, client.options.host, client.options.ca) == ("mine", PUBLIC, None)
    with pytest.raises(ConfigurationError, match="subscription_id: not given"):
        ServiceManagementClient()
