"""The local service's certificates: made once, private, complete, and checked."""

from __future__ import annotations

import os
import ssl
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from azure_iaas.endpoint import certificates
from azure_iaas.endpoint.certificates import ensure_certificates, make_certificates, thumbprint
from azure_iaas.errors import ConfigurationError

NAMES = {"ca.pem", "server.pem", "server-key.pem", "pub.pem", "priv.pem", "client.pem", "expired.pem"}
PRIVATE = {"server-key.pem", "priv.pem", "client.pem"}


@pytest.fixture(scope="module")
def other_set() -> dict[str, bytes]:
    return make_certificates()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ensure_certificates(tmp_path / "data", reuse=True)
    return tmp_path / "data"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


def test_makes_the_documented_files_once(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    first = ensure_certificates(folder)
    made = contents(folder)
    assert set(made) == NAMES
    assert made["client.pem"] == made["priv.pem"] + made["pub.pem"]
    assert ensure_certificates(folder) == first
    assert contents(folder) == made
    assert first.thumbprint == thumbprint(x509.load_pem_x509_certificate(made["pub.pem"]))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_private_files_are_the_owners_alone_even_without_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        ensure_certificates(tmp_path / "data", reuse=True)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert {name for name in NAMES if modes[name] == 0o600} == PRIVATE
    assert {name for name in NAMES if modes[name] == 0o644} == NAMES - PRIVATE


def test_the_certificates_are_what_clients_need(other_set: dict[str, bytes]) -> None:
    server = x509.load_pem_x509_certificate(other_set["server.pem"])
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    server.verify_directly_issued_by(x509.load_pem_x509_certificate(other_set["ca.pem"]))
    management = x509.load_pem_x509_certificate(other_set["pub.pem"])
    assert management.issuer == management.subject
    for name in ("server.pem", "pub.pem"):
        key = x509.load_pem_x509_certificate(other_set[name]).public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        assert key.key_size == 2048
    private_key = serialization.load_pem_private_key(other_set["priv.pem"], None)
    assert private_key.public_key() == management.public_key()


def test_strict_verification_takes_them(folder: Path) -> None:
    server, client = (
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        ssl.create_default_context(cafile=folder / "ca.pem"),
    )
    server.load_cert_chain(folder / "server.pem", folder / "server-key.pem")
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    peers = [
        server.wrap_bio(to_server, to_client, server_side=True),
        client.wrap_bio(to_client, to_server, server_hostname="::1"),
    ]
    done: set[int] = set()
    for _ in range(10):
        for number, peer in enumerate(peers):
            try:
                peer.do_handshake()
                done.add(number)
            except ssl.SSLWantReadError:
                pass
    assert done == {0, 1}


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from azure_iaas.endpoint.certificates import *;"
        "print(ensure_certificates(Path(sys.argv[1])).thumbprint)"
    )
    root = Path(certificates.__file__).parents[2]
    started = [
        subprocess.Popen([sys.executable, "-c", program, tmp_path / "data"], stdout=subprocess.PIPE, cwd=root)
        for _ in range(4)
    ]
    thumbprints = {process.communicate(timeout=60)[0] for process in started}
    assert {process.returncode for process in started} == {0}
    assert len(thumbprints) == 1
    assert set(contents(tmp_path / "data")) == NAMES


@pytest.mark.parametrize("published", [0, 3, 6])
def test_finishes_what_a_killed_process_began(
    tmp_path: Path, other_set: dict[str, bytes], published: int
) -> None:
    staging = tmp_path / ".certificates"
    staging.mkdir()
    for number, (name, pem) in enumerate(other_set.items()):
        ((tmp_path if number < published else staging) / name).write_bytes(pem)
    ensure_certificates(tmp_path)
    assert contents(tmp_path) == other_set


def test_begins_again_after_a_process_killed_while_it_wrote(tmp_path: Path) -> None:
    partial = tmp_path / ".certificates.partial"
    partial.mkdir()
    (partial / "ca.pem").write_bytes(b"half")
    ensure_certificates(tmp_path, reuse=True)
    assert set(contents(tmp_path)) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES - {"expired.pem"}))
def test_says_which_file_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    before = contents(folder)
    with pytest.raises(ConfigurationError, match=rf"{name} is missing.*start again"):
        ensure_certificates(folder)
    assert contents(folder) == before


@pytest.mark.parametrize("name", sorted(NAMES))
@pytest.mark.parametrize("damage", [b"", b"not PEM", b"\xff\x00"])
def test_says_which_file_is_damaged(folder: Path, name: str, damage: bytes) -> None:
    (folder / name).write_bytes(damage)
    with pytest.raises(ConfigurationError, match=rf"{name} is damaged"):
        ensure_certificates(folder)
    assert (folder / name).read_bytes() == damage


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("server-key.pem", "is not the key of server.pem"),
        ("priv.pem", "is not the key of pub.pem"),
        ("client.pem", "is not the key of pub.pem"),
        ("ca.pem", "server.pem was not signed by ca.pem"),
    ],
)
def test_says_which_file_does_not_fit(
    folder: Path, other_set: dict[str, bytes], name: str, what: str
) -> None:
    (folder / name).write_bytes(other_set[name])
    with pytest.raises(ConfigurationError, match=what):
        ensure_certificates(folder)


def test_says_what_expired_and_what_is_not_valid_yet(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    ensure_certificates(tmp_path)
    with pytest.raises(ConfigurationError, match=r"ca.pem expired on \d{4}-\d\d-\d\d"):
        ensure_certificates(tmp_path, now=now + timedelta(days=3651))
    with pytest.raises(ConfigurationError, match=r"ca\.pem is valid only from"):
        ensure_certificates(tmp_path, now=now - timedelta(days=2))


def test_no_error_holds_a_key(folder: Path, other_set: dict[str, bytes]) -> None:
    (folder / "priv.pem").write_bytes(other_set["priv.pem"])
    with pytest.raises(ConfigurationError) as caught:
        ensure_certificates(folder)
    assert "PRIVATE KEY" not in str(caught.value) + repr(caught.value)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="certificates can't be kept in"):
        ensure_certificates(tmp_path / "file" / "data")


def test_folders_of_before_have_no_expired_certificate_and_go_on(tmp_path: Path) -> None:
    first = ensure_certificates(tmp_path, reuse=True)
    first.expired_cert_file.unlink()
    again = ensure_certificates(tmp_path, reuse=True)
    assert again == first
    assert not again.expired_cert_file.exists()


def test_a_damaged_expired_certificate_is_said(tmp_path: Path, other_set: dict[str, bytes]) -> None:
    files = ensure_certificates(tmp_path, reuse=True)
    for content, what in (
        (b"rubbish", "expired.pem is damaged"),
        (other_set["expired.pem"], "not the key of expired.pem"),
    ):
        files.expired_cert_file.write_bytes(content)
        with pytest.raises(ConfigurationError, match=what):
            ensure_certificates(tmp_path)
