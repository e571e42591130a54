"""Credentials: every documented source, and every way they are wrong."""

from __future__ import annotations

import os
import ssl
import sys
from base64 import b64encode
from typing import TYPE_CHECKING, Any

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

from azure_iaas.credentials import ManagementCertificate, resolve
from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

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
        ({"keyvalue": b"\xff\xfe\x00"}, "auth.keyvalue: not PEM text"),
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
        ({"keyfile": "a\0b"}, "auth.keyfile 'a\0b': can't be read: not a path"),
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
    assert SECRET_LINE not in f"{caught.value!r} {vars(caught.value)} {caught.value.__cause__!r}"


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
    for data, password in (
        (b"garbage", None),
        (bundle(password=b"pw"), None),
        (bundle(password=b"pw"), "no"),
    ):
        with pytest.raises(ConfigurationError, match="password is wrong"):
            ManagementCertificate.from_pkcs12(data, password)


def test_pkcs12_without_cryptography_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.serialization", None)
    with pytest.raises(ConfigurationError, match="pip install cryptography"):
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
        found = ManagementCertificate.from_publish_settings(file, subscription)
        assert found.certificate_pem.split() == CERT.split()
    with pytest.raises(ConfigurationError, match="subscription 'c3' isn't in it; it has a1, b2"):
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
