"""The local service: certificates of hosted services, and the roles that name them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from tests.emulator_driver import (
    BOTH,
    CERTIFICATE,
    PASSWORD,
    THUMBPRINT,
    WINDOWS_IMAGE,
    XMLNS,
    Driver,
    deployment,
    element,
    operation,
    vm_role,
)

CERTIFICATES = "services/hostedservices/svc/certificates"
DEPLOYMENTS = "services/hostedservices/svc/deployments"
INVALID = (400, "BadRequest", "The certificate data is not valid, or its password is not correct.")


def _key_and_certificate() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "guest")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2014, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2034, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


KEY, GUEST = _key_and_certificate()
GUEST_THUMBPRINT = GUEST.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a name


def _pfx(encryption: KeySerializationEncryption) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"guest", KEY, GUEST, None, encryption)


def _file(data: bytes | str, kind: str = "cer", password: str = "") -> str:
    text = data if isinstance(data, str) else b64encode(data).decode()
    return (
        f"<CertificateFile {XMLNS}><Data>{text}</Data><CertificateFormat>{kind}</CertificateFormat>"
        f"<Password>{password}</Password></CertificateFile>"
    )


@pytest.fixture
def driver() -> Driver:
    driver = Driver()
    driver.create_service()
    return driver


def test_a_certificate_is_added_listed_and_removed(driver: Driver) -> None:
    request_id = driver.ok("POST", CERTIFICATES, _file(CERTIFICATE))
    assert driver.get(CERTIFICATES) == f"<Certificates {BOTH}/>"
    assert driver.refused("DELETE", "services/hostedservices/svc")[0] == 409
    driver.finish(request_id)
    assert (
        f"<Thumbprint>{THUMBPRINT}</Thumbprint><ThumbprintAlgorithm>sha1</ThumbprintAlgorithm>"
        in driver.get(CERTIFICATES)
    )
    assert element(driver.get(f"{CERTIFICATES}/sha1-{THUMBPRINT}"), "Data") == CERTIFICATE
    assert driver.refused("GET", f"{CERTIFICATES}/sha256-{THUMBPRINT}")[0] == 404
    driver.done("DELETE", f"{CERTIFICATES}/SHA1-{THUMBPRINT.lower()}")
    assert driver.refused("GET", f"{CERTIFICATES}/sha1-{THUMBPRINT}")[0] == 404


@pytest.mark.parametrize(
    ("data", "kind", "password"),
    [
        pytest.param(GUEST.public_bytes(Encoding.DER), "cer", "", id="DER"),
        pytest.param(GUEST.public_bytes(Encoding.PEM), "cer", "", id="PEM"),
        pytest.param(GUEST.public_bytes(Encoding.PEM), " CER ", "", id="blanks around the format"),
        pytest.param(_pfx(BestAvailableEncryption(b"s3cret")), "pfx", "s3cret", id="pfx"),
        pytest.param(_pfx(NoEncryption()), "pfx", "", id="pfx without a password"),
    ],
)
def test_the_thumbprint_is_the_certificates_own(
    driver: Driver, data: bytes, kind: str, password: str
) -> None:
    driver.done("POST", CERTIFICATES, _file(data, kind, password))
    listed = driver.get(CERTIFICATES)
    assert element(listed, "Thumbprint") == GUEST_THUMBPRINT
    assert b64decode(element(listed, "Data")) == GUEST.public_bytes(Encoding.DER)
    # The same once more, in another form, is still one.
    driver.done("POST", CERTIFICATES, _file(GUEST.public_bytes(Encoding.DER)))
    assert driver.get(CERTIFICATES).count("<Certificate>") == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(_file(b"0\x82 pretend"), id="no certificate"),
        pytest.param(_file(b"-----BEGIN CERTIFICATE-----\nAA\n"), id="cut off PEM"),
        pytest.param(_file(_pfx(BestAvailableEncryption(b"s3cret")), "pfx", "other"), id="wrong password"),
        pytest.param(_file(_pfx(BestAvailableEncryption(b"s3cret")), "pfx"), id="no password"),
        pytest.param(_file(GUEST.public_bytes(Encoding.DER), "pfx"), id="no pfx"),
        pytest.param(_file(_pfx(NoEncryption()), "cer"), id="no cer"),
    ],
)
def test_what_is_no_certificate_is_refused_at_once(driver: Driver, body: str) -> None:
    assert driver.refused("POST", CERTIFICATES, body) == INVALID
    assert driver.get(CERTIFICATES) == f"<Certificates {BOTH}/>"


def test_a_pfx_without_a_certificate_is_refused(driver: Driver) -> None:
    bundle = pkcs12.serialize_key_and_certificates(b"guest", KEY, None, None, NoEncryption())
    assert driver.refused("POST", CERTIFICATES, _file(bundle, "pfx")) == INVALID


@pytest.mark.parametrize(("data", "kind"), [("%%%", "cer"), (CERTIFICATE, "pem")])
def test_data_is_base64_and_the_format_known(driver: Driver, data: str, kind: str) -> None:
    assert driver.refused("POST", CERTIFICATES, _file(data, kind))[:2] == (400, "BadRequest")


# Roles that name one


def _linux(ssh: str) -> str:
    return (
        '<ConfigurationSet i:type="LinuxProvisioningConfigurationSet">'
        "<ConfigurationSetType>LinuxProvisioningConfiguration</ConfigurationSetType><HostName>guest</HostName>"
        f"<UserName>someone</UserName><SSH>{ssh}</SSH></ConfigurationSet>"
    )


def _windows(more: str) -> str:
    return (
        '<ConfigurationSet i:type="WindowsProvisioningConfigurationSet">'
        "<ConfigurationSetType>WindowsProvisioningConfiguration</ConfigurationSetType>"
        f"<ComputerName>guest</ComputerName><AdminPassword>{PASSWORD}</AdminPassword>{more}</ConfigurationSet>"
    )


def _keys(plural: str, singular: str) -> str:
    path = "<Path>/home/someone/.ssh/authorized_keys</Path>"
    return f"<{plural}><{singular}><Fingerprint>{{}}</Fingerprint>{path}</{singular}></{plural}>"


NAMING = {
    "public key": _linux(_keys("PublicKeys", "PublicKey")),
    "key pair": _linux(_keys("KeyPairs", "KeyPair")),
    "stored certificate": _windows(
        "<StoredCertificateSettings><CertificateSetting><StoreLocation>LocalMachine</StoreLocation>"
        "<StoreName>My</StoreName><Thumbprint>{}</Thumbprint></CertificateSetting></StoredCertificateSettings>"
    ),
    "listener": _windows(
        "<WinRM><Listeners><Listener><CertificateThumbprint>{}</CertificateThumbprint><Protocol>Https</Protocol>"
        "</Listener></Listeners></WinRM>"
    ),
}
WINDOWS = f"<SourceImageName>{WINDOWS_IMAGE}</SourceImageName>"


@pytest.mark.parametrize("way", NAMING)
def test_a_role_names_certificates_its_service_has(driver: Driver, way: str) -> None:
    more = {} if "Linux" in NAMING[way] else {"os_disk": WINDOWS}
    unknown, known = (
        deployment("dep", vm_role("vm0", root="Role", provisioning=NAMING[way].format(name), **more))
        for name in ("AB" * 20, THUMBPRINT.lower())
    )
    assert driver.refused("POST", DEPLOYMENTS, unknown) == (
        400,
        "BadRequest",
        f"The certificate with thumbprint {'AB' * 20} was not found.",
    )
    assert driver.refused("POST", DEPLOYMENTS, known)[2].startswith("The certificate with thumbprint")
    driver.done("POST", CERTIFICATES, _file(CERTIFICATE))
    assert "Succeeded" in driver.done("POST", DEPLOYMENTS, known)


def test_a_listener_without_a_certificate_has_one_made(driver: Driver) -> None:
    listener = "<WinRM><Listeners><Listener><Protocol>Https</Protocol></Listener></Listeners></WinRM>"
    role = vm_role("vm0", root="Role", provisioning=_windows(listener), os_disk=WINDOWS)
    driver.done("POST", DEPLOYMENTS, deployment("dep", role))
    assert len(element(driver.get(f"{DEPLOYMENTS}/dep"), "DefaultWinRmCertificateThumbprint")) == 40


def test_the_certificate_of_the_secure_listener_is_the_roles(driver: Driver) -> None:
    driver.done("POST", CERTIFICATES, _file(CERTIFICATE))
    listeners = (
        "<WinRM><Listeners><Listener><Protocol>Http</Protocol></Listener><Listener><CertificateThumbprint>"
        f"{THUMBPRINT}</CertificateThumbprint><Protocol> HTTPS </Protocol></Listener></Listeners></WinRM>"
    )
    role = vm_role("vm0", root="Role", provisioning=_windows(listeners), os_disk=WINDOWS)
    driver.done("POST", DEPLOYMENTS, deployment("dep", role))
    assert element(driver.get(f"{DEPLOYMENTS}/dep"), "DefaultWinRmCertificateThumbprint") == THUMBPRINT


def test_a_reprovisioned_role_names_certificates_its_service_has(driver: Driver) -> None:
    driver.create_deployment()
    driver.done("POST", f"{DEPLOYMENTS}/dep/roleinstances/vm0/Operations", operation("ShutdownRoleOperation"))
    inner = NAMING["public key"].partition(">")[2].removesuffix("</ConfigurationSet>").format("AB" * 20)
    capture = operation(
        "CaptureRoleOperation",
        "<PostCaptureAction>Reprovision</PostCaptureAction>"
        f"<ProvisioningConfiguration>{inner}</ProvisioningConfiguration>"
        "<TargetImageLabel>Golden</TargetImageLabel><TargetImageName>golden</TargetImageName>",
    )
    path = f"{DEPLOYMENTS}/dep/roleinstances/vm0/Operations"
    assert "was not found" in driver.refused("POST", path, capture)[2]
