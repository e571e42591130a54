"""Credentials: every documented source, and every way they are wrong."""

from __future__ import annotations

import os
import ssl
import sys
import textwrap
import traceback
from base64 import b64encode
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from azure_iaas import ServiceManagementClient
from azure_iaas.callback import createServiceManagementService
from azure_iaas.callback.service import ServiceManagementService
from azure_iaas.cli.main import main
from azure_iaas.credentials import ManagementCertificate, resolve
from azure_iaas.errors import ConfigurationError, quoted
from azure_iaas.provisioning import Plan
from azure_iaas.provisioning.progress.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable

CA = trustme.CA()
LEAF = CA.issue_cert("management@example.org", key_type=trustme.KeyType.RSA)
OTHER = CA.issue_cert("other@example.org", key_type=trustme.KeyType.RSA)
EC = CA.issue_cert("ec@example.org", key_type=trustme.KeyType.ECDSA)
KEY = LEAF.private_key_pem.bytes().decode()
CERT = LEAF.cert_chain_pems[0].bytes().decode()
OTHER_KEY = OTHER.private_key_pem.bytes().decode()
SECRET_LINE = KEY.splitlines()[1]
LOADED = load_pem_private_key(KEY.encode(), None)
assert isinstance(LOADED, rsa.RSAPrivateKey)


def encrypted(form: PrivateFormat) -> str:
    assert isinstance(LOADED, rsa.RSAPrivateKey)
    return LOADED.private_bytes(Encoding.PEM, form, BestAvailableEncryption(b"pw")).decode()


def everything_said(error: BaseException) -> str:
    """All a program or a log could show of an error, its causes included."""
    said = "".join(traceback.format_exception(error))
    while error.__context__ is not None or error.__cause__ is not None:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
        said += repr(error)
    return f"{said} {error!r} {vars(error)}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "key.pem").write_text(KEY)
    (tmp_path / "cert.pem").write_text(CERT)
    (tmp_path / "both.pem").write_text(CERT + KEY)
    return tmp_path


# Sources


def test_values() -> None:
    found = resolve({"keyvalue": KEY, "certvalue": CERT}, {})
    assert (found.key_pem.split(), found.certificate_pem.split()) == (KEY.split(), CERT.split())
    assert (found.key_source, found.certificate_source) == ("auth.keyvalue", "auth.certvalue")


def test_files_values_and_environment_mix(folder: Path) -> None:
    keys: list[dict[str, Any]] = [
        {"keyvalue": KEY},
        {"keyfile": folder / "key.pem"},
        {"keyvalue": KEY, "keyfile": "nowhere.pem"},
        {"keyvalue": KEY.encode()},
    ]
    for key in keys:
        for cert in ({"certvalue": CERT}, {"certfile": str(folder / "cert.pem")}):
            auth: dict[str, Any] = {**key, **cert}
            assert resolve(auth, {}).key_pem.split() == KEY.split()
    environ = {"CLIENT_AUTH_CERTFILE": str(folder / "cert.pem")}
    assert resolve({"keyvalue": KEY}, environ).certificate_source.startswith(
        "environment variable CLIENT_AUTH_CERTFILE"
    )


def test_environment_alone(folder: Path) -> None:
    environ = {
        "CLIENT_AUTH_KEYFILE": str(folder / "key.pem"),
        "CLIENT_AUTH_CERTFILE": str(folder / "cert.pem"),
    }
    nothing: tuple[Any, ...] = (None, {})
    for auth in nothing:
        assert resolve(auth, environ).key_pem.split() == KEY.split()


def test_default_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "priv.pem").write_text(KEY)
    (folder / "pub.pem").write_text(CERT)
    assert resolve(None, {}, folder).key_source == f"default file '{folder / 'priv.pem'}'"
    monkeypatch.chdir(folder)
    assert resolve(None, {}).certificate_pem.split() == CERT.split()


def test_one_file_with_both(folder: Path) -> None:
    both = folder / "both.pem"
    for found in (
        resolve(both, {}),
        resolve(str(both), {}),
        resolve({"keyfile": both, "certfile": both}, {}),
        ManagementCertificate.from_pem_file(both),
    ):
        assert (found.key_pem.split(), found.certificate_pem.split()) == (KEY.split(), CERT.split())
    assert resolve(found) is found


def test_attributes_around_the_blocks_windows_line_ends_and_a_byte_order_mark(folder: Path) -> None:
    text = f"Bag Attributes\n  name: x\n{KEY}\nBag Attributes\n{CERT}".replace("\n", "\r\n")
    (folder / "odd.pem").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert resolve(folder / "odd.pem", {}).certificate_pem.split() == CERT.split()


def test_elliptic_curve_key() -> None:
    key, cert = EC.private_key_pem.bytes().decode(), EC.cert_chain_pems[0].bytes().decode()
    assert resolve({"keyvalue": key, "certvalue": cert}, {}).key_pem.split() == key.split()


# What is wrong

DER_KEY = LOADED.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
DAMAGED = "\n".join(line[::-1] if "-----" not in line else line for line in KEY.splitlines())
DAMAGED_CERT = "\n".join(line[::-1] if "-----" not in line else line for line in CERT.splitlines())
PUBLIC = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"


@pytest.mark.parametrize(
    ("auth", "text"),
    [
        ({"keyvalue": ""}, "auth.keyvalue: empty"),
        ({"keyvalue": " \n"}, "auth.keyvalue: empty"),
        ({"keyvalue": 5}, "auth.keyvalue: PEM text is needed, not int"),
        ({"keyvalue": "garbage"}, "auth.keyvalue: not PEM"),
        ({"keyvalue": KEY[:400]}, "auth.keyvalue: its PEM is cut off"),
        ({"keyvalue": DAMAGED}, "auth.keyvalue: the private key is damaged"),
        ({"keyvalue": CERT}, "auth.keyvalue: holds a certificate, not a private key"),
        ({"keyvalue": PUBLIC}, "auth.keyvalue: holds a public key, not a private key"),
        ({"keyvalue": DER_KEY}, "auth.keyvalue: DER or PKCS#12, not PEM"),
        ({"keyvalue": KEY.encode("utf-16")}, "auth.keyvalue: UTF-16 or binary, not PEM text"),
        ({"keyvalue": b"\xff\xfe\x00"}, "auth.keyvalue: UTF-16 or binary, not PEM text"),
        ({"keyvalue": KEY.encode("utf-16-le").decode("latin-1")}, "auth.keyvalue: not PEM"),
        ({"keyvalue": KEY.replace("\n", "\r")}, "auth.keyvalue: its lines end with CR alone"),
        ({"keyvalue": KEY.replace("\n", "\\n")}, "auth.keyvalue: its line ends are the two characters"),
        ({"keyvalue": KEY.replace("\n", " ")}, "auth.keyvalue: its line ends are missing"),
        ({"keyvalue": textwrap.indent(KEY, "  ")}, "auth.keyvalue: its lines are indented"),
        (
            {"keyvalue": "keys/priv.pem"},
            "auth.keyvalue: a path was given where PEM text is needed; use keyfile",
        ),
        ({"keyvalue": Path("priv")}, "auth.keyvalue: a path was given where PEM text is needed; use keyfile"),
        ({"keyfile": KEY}, "auth.keyfile (text of 1"),
        ({"certfile": CERT, "certvalue": None}, "auth.certfile (text of "),
        (
            {"keyvalue": CERT, "certvalue": KEY},
            "auth.keyvalue: holds a certificate, not a private key; auth.certvalue holds a",
        ),
        (
            {"keyvalue": encrypted(PrivateFormat.PKCS8), "passphrase": "no"},
            "auth.keyvalue: the passphrase is wrong",
        ),
        (
            {"keyvalue": encrypted(PrivateFormat.PKCS8), "passphrase": 5},
            "auth.keyvalue: the passphrase has to be text or bytes",
        ),
        ({"keyvalue": encrypted(PrivateFormat.PKCS8)}, "auth.keyvalue: the private key is encrypted"),
        (
            {"keyvalue": encrypted(PrivateFormat.TraditionalOpenSSL)},
            "auth.keyvalue: the private key is encrypted",
        ),
        (
            {"keyvalue": OTHER_KEY},
            "the private key (auth.keyvalue) doesn't belong to the certificate (auth.c",
        ),
        ({"keyvalue": EC.private_key_pem.bytes()}, "the private key (auth.keyvalue) doesn't belong"),
        ({"keyfile": ""}, "auth.keyfile: a path is needed"),
        ({"keyfile": "no/such.pem"}, "auth.keyfile 'no/such.pem': can't be read: No such file"),
        ({"keyfile": "a\0b"}, "auth.keyfile (text of 3 characters): can't be read: not a path"),
        ({"keyfile": "/"}, "auth.keyfile '/': can't be read: Is a directory"),
        ({"certvalue": ""}, "auth.certvalue: empty"),
        ({"certvalue": KEY}, "auth.certvalue: holds a"),
        ({"certvalue": DAMAGED_CERT}, "auth.certvalue: the certificate is damaged"),
        ({"keyvaleu": KEY}, "auth: unknown 'keyvaleu'; known are keyfile, keyvalue, certfile, certvalue"),
    ],
)
def test_unusable_credentials_name_source_and_problem(auth: dict[str, Any], text: str) -> None:
    given = {"certvalue": CERT, **auth}
    if not {"keyvalue", "keyfile"} & given.keys():
        given["keyvalue"] = KEY
    with pytest.raises(ConfigurationError) as caught:
        resolve(given, {})
    assert str(caught.value).startswith(text)
    assert SECRET_LINE not in everything_said(caught.value)


@pytest.mark.parametrize("place", ["keyfile", "certfile"])
def test_pem_text_where_a_path_belongs_is_told_so(place: str) -> None:
    variables = {"keyfile": "CLIENT_AUTH_KEYFILE", "certfile": "CLIENT_AUTH_CERTFILE"}
    value = place.replace("file", "value")
    for auth, environ in (({place: KEY}, {}), ({}, {variables[place]: KEY})):
        with pytest.raises(
            ConfigurationError, match=f"PEM text was given where a path is needed; use {value}"
        ) as caught:
            resolve({"keyvalue": KEY, **auth} if place == "certfile" else auth, environ)
        assert SECRET_LINE not in everything_said(caught.value)


def set_proxy_url(url: str) -> None:
    ServiceManagementClient("sub", {"keyvalue": KEY, "certvalue": CERT}).set_proxy_url(url)


CANARIES = {
    "the key": KEY,
    "the key on one line": KEY.replace("\n", ""),
    "the key with escaped line ends": KEY.replace("\n", "\\n"),
    "a part of the key": f"{SECRET_LINE}+",  # what ends in a slash may be a host
}
OPTIONS = ("host", "ca", "proxy_url", "apiversion", "serializetype", "dialect", "redirect_hosts", "port")
NUMBERS = ("timeout_seconds", "connect_timeout_seconds", "max_connections")
ARGUMENTS = ("keyfile", "certfile", "keyvalue", "certvalue", "auth", "subscription_id", "an unknown name")
VARIABLES = (
    *("CLIENT_AUTH_KEYFILE", "CLIENT_AUTH_CERTFILE", "AZURE_IAAS_HOST", "AZURE_IAAS_CA"),
    *("AZURE_IAAS_SUBSCRIPTION_ID", "HTTPS_PROXY"),
)


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("place", [*OPTIONS, *NUMBERS, *ARGUMENTS, *VARIABLES])
def test_a_key_put_in_the_wrong_place_is_never_repeated(
    place: str, canary: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    secret = CANARIES[canary]
    auth: Any = {"keyvalue": KEY, "certvalue": CERT}
    options: dict[str, Any] = {}
    subscription: str | None = "sub"
    if place in VARIABLES:
        monkeypatch.setenv(place, f"{secret}+" if "SUBSCRIPTION" in place else secret)
        if "AUTH_KEY" in place:
            del auth["keyvalue"]
        elif "AUTH" in place:
            del auth["certvalue"]
        elif "SUBSCRIPTION" in place:
            subscription = None
    elif place == "subscription_id":
        subscription = f"{secret}+"  # a part of a key alone could be one
    elif place == "auth":
        auth = secret
    elif place == "an unknown name":
        options[secret] = 1
    elif place in ARGUMENTS:
        auth = {name: value for name, value in auth.items() if name[:3] != place[:3]} | {place: secret}
        if place == "keyvalue":
            auth["certvalue"] = "missing"  # a whole key is right there
    else:
        options[place] = [secret] if place == "redirect_hosts" else secret
    for make in (ServiceManagementClient, createServiceManagementService):
        with pytest.raises(ConfigurationError) as caught:
            make(subscription, auth, options)
        said = everything_said(caught.value)
        assert SECRET_LINE not in said
        assert SECRET_LINE[:48] not in str(caught.value)


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize(
    "option", ["--key", "--cert", "--host", "--ca", "--subscription", "--max-parallel", "plan", "--nonsense"]
)
def test_a_key_on_the_command_line_is_never_repeated(
    option: str, canary: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"services": []}')
    (tmp_path / "key.pem").write_text(KEY)
    (tmp_path / "cert.pem").write_text(CERT)
    given = {
        "plan": str(plan),
        "--subscription": "sub",
        "--key": str(tmp_path / "key.pem"),
        "--cert": str(tmp_path / "cert.pem"),
    }
    given[option] = CANARIES[canary]
    words = [given.pop("plan"), *(f"{name}={value}" for name, value in given.items())]
    assert main(["provision", *words]) == 2
    said = capsys.readouterr()
    assert SECRET_LINE[:40] not in said.out + said.err
    assert said.err


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize(
    "read",
    [
        ManagementCertificate.from_file,
        ManagementCertificate.from_pem_file,
        ManagementCertificate.from_publish_settings,
        ManagementCertificate.from_pkcs12,
        Plan.load,
        partial(Journal, plan="", subscription_id="sub"),
        set_proxy_url,
    ],
)
def test_a_key_where_a_path_belongs_is_never_repeated(
    read: Callable[[str], object], canary: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        read(f"missing/{CANARIES[canary]}")
    assert SECRET_LINE[:48] not in everything_said(caught.value)


def test_a_client_that_could_not_be_made_can_be_shown() -> None:
    for kind in (ServiceManagementClient, ServiceManagementService):
        client = kind.__new__(kind)
        with pytest.raises(ConfigurationError):
            kind.__init__(client, "sub", None, hots=1)  # type: ignore[arg-type]
        assert repr(client) == f"<{kind.__name__} that couldn't be made>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("short", "'short'"),
        (Path("a/b.pem"), "'a/b.pem'"),
        (5, "5"),
        (None, "None"),
        ({}, "(dict)"),
        (b"ab", "(bytes, 2 of them)"),
        ("two\nlines", "(text of 9 characters)"),
        ("x " * 81, "(text of 162 characters)"),
        ("-----BEGIN x", "(text of 12 characters)"),
    ],
)
def test_what_is_quoted(value: object, shown: str) -> None:
    assert quoted(value) == shown


def _openssl_takes(text: str, folder: Path) -> bool:
    file = folder / "odd.pem"
    file.write_bytes(text.encode("latin-1"))
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(file, password="")
    except ssl.SSLError:
        return False
    return True


BLANKS = st.sampled_from(["", "", " ", "\t", "  \r", "\r", "\x0c"])
AROUND = st.sampled_from(
    ["", "# a comment\n", "\n\n", "Bag Attributes\n    name: \xe9\n", "-----BEGIN\n", " "]
)


@settings(deadline=None)
@given(data=st.data())
def test_what_openssl_takes_is_taken(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    parts = data.draw(st.permutations([KEY, CERT]))
    lines = "".join(data.draw(AROUND) + part for part in parts).split("\n")
    text = "\n".join(line + data.draw(BLANKS) for line in lines)
    folder = tmp_path_factory.getbasetemp()
    if not _openssl_takes(text, folder):
        return
    found = resolve(folder / "odd.pem", {})
    assert found.key_pem.split() == KEY.split()


def test_blanks_at_line_ends() -> None:
    key = "".join(f"{line}  \n" for line in KEY.splitlines())
    assert resolve({"keyvalue": key, "certvalue": CERT}, {}).key_pem.split() == KEY.split()


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_encrypted_keys(form: PrivateFormat, folder: Path) -> None:
    asked: list[None] = []

    def ask() -> str:
        asked.append(None)
        return "pw"

    for passphrase in ("pw", b"pw", ask):
        found = resolve({"keyvalue": encrypted(form), "certvalue": CERT, "passphrase": passphrase}, {})
        assert found.ssl_context()
        assert "pw" not in repr(found)
    assert len(asked) == 1
    assert resolve({"keyvalue": KEY, "certvalue": CERT, "passphrase": ask}, {})
    assert len(asked) == 1
    (folder / "both.pem").write_text(encrypted(form) + CERT)
    assert resolve(folder / "both.pem", {"AZURE_IAAS_PASSPHRASE": "pw"}).key_pem
    assert resolve({"keyvalue": encrypted(form), "certvalue": CERT}, {"AZURE_IAAS_PASSPHRASE": "pw"})
    assert ManagementCertificate.from_pem_file(folder / "both.pem", "pw").key_pem


def test_nothing_given_says_what_could_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        resolve(None, {}, tmp_path)
    for word in ("priv.pem", "auth.keyvalue", "auth.keyfile", "CLIENT_AUTH_KEYFILE"):
        assert word in str(caught.value)
    with pytest.raises(ConfigurationError, match=r"^auth: a mapping or a path is needed, not int"):
        resolve(5)  # type: ignore[arg-type]


def test_a_bad_environment_file_names_the_variable(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    with pytest.raises(
        ConfigurationError, match=r"^environment variable CLIENT_AUTH_KEYFILE '.*empty.pem': empty"
    ):
        resolve({"certvalue": CERT}, {"CLIENT_AUTH_KEYFILE": str(tmp_path / "empty.pem")})


def test_an_unreadable_file(folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    (folder / "key.pem").chmod(0)
    with pytest.raises(ConfigurationError, match="can't be read: Permission denied"):
        resolve({"keyfile": folder / "key.pem", "certvalue": CERT}, {})


def test_a_huge_file(folder: Path) -> None:
    (folder / "huge.pem").write_bytes(b" " * (1024 * 1024 + 1))
    with pytest.raises(ConfigurationError, match="larger than 1 MiB"):
        resolve(folder / "huge.pem", {})


def test_the_key_is_not_shown() -> None:
    found = resolve({"keyvalue": KEY, "certvalue": CERT}, {})
    assert SECRET_LINE not in f"{found!r} {found}"
    assert "auth.keyvalue" in repr(found)


# SSL context


def test_the_context_verifies_and_allows_authentication_after_the_handshake() -> None:
    context = resolve({"keyvalue": KEY, "certvalue": CERT}, {}).ssl_context(CA.cert_pem.bytes().decode())
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.post_handshake_auth
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert len(context.get_ca_certs()) == 1


def test_a_damaged_ca_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"^ca: "):
        resolve({"keyvalue": KEY, "certvalue": CERT}, {}).ssl_context(DAMAGED_CERT)


@pytest.mark.parametrize("memory", [True, False])
def test_no_file_is_left_behind(memory: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    modes: list[int] = []
    if not memory:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    load = ssl.SSLContext.load_cert_chain

    def watched(context: ssl.SSLContext, path: str, **more: Any) -> None:
        modes.extend(file.stat().st_mode & 0o777 for file in tmp_path.iterdir())
        load(context, path, **more)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watched)
    before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    resolve({"keyvalue": KEY, "certvalue": CERT}, {})
    assert list(tmp_path.iterdir()) == []
    assert modes == ([] if memory and hasattr(os, "memfd_create") else [0o600])
    if sys.platform == "linux":
        assert len(os.listdir("/proc/self/fd")) == before


# PKCS#12 and publish settings


def bundle(leaf: trustme.LeafCert = LEAF, password: bytes | None = None) -> bytes:
    key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    cert = x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())
    how = NoEncryption() if password is None else BestAvailableEncryption(password)
    return pkcs12.serialize_key_and_certificates(b"name", key, cert, None, how)


def test_pkcs12() -> None:
    assert ManagementCertificate.from_pkcs12(bundle()).certificate_pem.split() == CERT.split()
    assert ManagementCertificate.from_pkcs12(bundle(password=b"pw"), "pw").key_pem
    for data, password, text in (
        (b"garbage", None, "not a PKCS#12 bundle"),
        (bundle(password=b"pw"), None, r"its password is needed \(or AZURE_IAAS_PASSPHRASE\)"),
        (bundle(password=b"pw"), "no", "the password is wrong"),
    ):
        with pytest.raises(ConfigurationError, match=text):
            ManagementCertificate.from_pkcs12(data, password)


def test_a_bundle_s_password_is_asked_for_when_it_has_one() -> None:
    asked: list[str] = []

    def ask() -> str:
        asked.append("once")
        return "pw"

    assert ManagementCertificate.from_pkcs12(bundle(), ask).key_pem
    assert asked == []
    assert ManagementCertificate.from_pkcs12(bundle(password=b"pw"), ask).key_pem
    assert asked == ["once"]


def test_as_pem_keeps_a_passphrase() -> None:
    open_, locked = (
        ManagementCertificate.from_pkcs12(bundle(password=password), "pw").as_pem()
        for password in (None, b"pw")
    )
    assert "ENCRYPTED" not in open_
    assert "BEGIN ENCRYPTED PRIVATE KEY" in locked
    assert ManagementCertificate(open_, CERT).as_pem().split() == open_.split()
    assert ManagementCertificate(locked, locked, passphrase="pw").certificate_pem.split() == CERT.split()
    encrypted_pem = encrypted(PrivateFormat.TraditionalOpenSSL)
    kept = ManagementCertificate(encrypted_pem, CERT, passphrase="pw").as_pem()
    assert kept.split() == (encrypted_pem + CERT).split()
    with pytest.raises(ConfigurationError, match="passphrase is wrong"):
        ManagementCertificate(locked, locked, passphrase="other")


def test_the_thumbprint_is_the_one_the_service_lists() -> None:
    loaded = x509.load_pem_x509_certificate(CERT.encode())
    expected = loaded.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - the service's own
    assert ManagementCertificate(KEY, CERT).thumbprint == expected


def test_pkcs12_as_bytes_text_and_path(tmp_path: Path) -> None:
    data = bundle(password=b"pw")
    file = tmp_path / "my.anything"
    file.write_bytes(data)
    text = b64encode(data).decode()
    wrapped = "\n".join(textwrap.wrap(text, 64))
    for form in (data, text, wrapped, text.encode(), file, str(file)):
        for password in ("pw", b"pw", lambda: "pw"):
            found = ManagementCertificate.from_pkcs12(form, password)
            assert found.certificate_pem.split() == CERT.split()
    with pytest.raises(ConfigurationError, match="PEM text was given where a path is needed") as caught:
        ManagementCertificate.from_pkcs12(KEY)
    assert SECRET_LINE not in everything_said(caught.value)


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    pfx, locked, pem = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    pfx.write_bytes(bundle())
    locked.write_bytes(bundle(password=b"pw"))
    pem.write_text(KEY + CERT)
    text = b64encode(bundle()).decode()
    published = settings_file(
        tmp_path,
        f'<PublishProfile ManagementCertificate="{text}"><Subscription Id="a1"/><Subscription Id="b2"/>'
        "</PublishProfile>",
    )
    for file in (pfx, pem, published, str(published)):
        assert resolve(file, {}, subscription_id="a1").certificate_pem.split() == CERT.split()
    for file in (pfx, published):
        assert resolve({"keyfile": file}, {}, subscription_id="a1").key_pem
        assert resolve(None, {"CLIENT_AUTH_KEYFILE": str(file)}, subscription_id="a1").key_pem
    assert resolve({"keyfile": locked, "passphrase": "pw"}, {}).key_pem
    assert resolve(locked, {"AZURE_IAAS_PASSPHRASE": "pw"}).key_pem
    assert ManagementCertificate.from_file(locked, "pw").key_pem
    with pytest.raises(ConfigurationError, match="isn't in it"):
        ServiceManagementClient("c3", published)


def test_pkcs12_without_cryptography_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.serialization", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'azure-iaas\[accounts\]'"):
        ManagementCertificate.from_pkcs12(b"")


def settings_file(folder: Path, text: str) -> Path:
    file = folder / "my.publishsettings"
    file.write_text(f'<?xml version="1.0" encoding="utf-8"?><PublishData>{text}</PublishData>')
    return file


def test_publish_settings_of_the_first_format(tmp_path: Path) -> None:
    file = settings_file(
        tmp_path,
        f'<PublishProfile PublishMethod="AzureServiceManagementAPI" Url="https://management.core.windows.net/"'
        f' ManagementCertificate="{b64encode(bundle()).decode()}">'
        '<Subscription Id="A1" Name="one"/><Subscription Id="b2" Name="two"/></PublishProfile>',
    )
    for subscription in (None, "a1", "B2"):
        for form in (file, str(file), file.read_text()):
            found = ManagementCertificate.from_publish_settings(form, subscription)
            assert found.certificate_pem.split() == CERT.split()
    with pytest.raises(ConfigurationError, match="subscription 'c3' isn't in it; it has A1, b2"):
        ManagementCertificate.from_publish_settings(file, "c3")


def test_publish_settings_of_the_second_format(tmp_path: Path) -> None:
    subscriptions = "".join(
        f'<Subscription ServiceManagementUrl="https://management.core.windows.net" Id="{name}" Name="x"'
        f' ManagementCertificate="{b64encode(bundle(leaf)).decode()}"/>'
        for name, leaf in (("one", OTHER), ("two", LEAF))
    )
    file = settings_file(tmp_path, f'<PublishProfile SchemaVersion="2.0">{subscriptions}</PublishProfile>')
    found = ManagementCertificate.from_publish_settings(file, "two")
    assert found.certificate_pem.split() == CERT.split()
    with pytest.raises(ConfigurationError, match="say which subscription: one, two"):
        ManagementCertificate.from_publish_settings(file)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<PublishProfile/>",
        "<publishProfile/>",
        "<unclosed>",
        '<PublishProfile ManagementCertificate="!"><Subscription Id="a"/></PublishProfile>',
    ],
)
def test_unusable_publish_settings(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"my\.publishsettings"):
        ManagementCertificate.from_publish_settings(settings_file(tmp_path, text))


def test_key_and_certificate_in_each_other_s_place_are_told_so() -> None:
    with pytest.raises(
        ConfigurationError, match=r"not a private key; .* holds an RSA private key: are they swapped\?"
    ) as caught:
        resolve({"keyvalue": CERT, "certvalue": KEY}, subscription_id="sub")
    assert SECRET_LINE not in everything_said(caught.value)
