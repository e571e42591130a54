"""A machine as the command line says it: files of every kind, and options."""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import click
import pytest
import trustme
import xmltodict

from azure_iaas.cli.main import main
from azure_iaas.cli.role_documents import endpoint, read_role, thumbprint
from azure_iaas.models import VMRole

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "Canary-4711-Secret"

# As Export-AzureVM of the old PowerShell module wrote it.
EXPORTED = """<?xml version="1.0" encoding="utf-8"?>
<PersistentVM xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <ConfigurationSets>
    <ConfigurationSet xsi:type="NetworkConfigurationSet">
      <ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>
      <InputEndpoints>
        <InputEndpoint>
          <LocalPort>3389</LocalPort><Name>RDP</Name><Port>53389</Port><Protocol>tcp</Protocol>
        </InputEndpoint>
      </InputEndpoints>
      <SubnetNames><SubnetName>one</SubnetName></SubnetNames>
    </ConfigurationSet>
  </ConfigurationSets>
  <DataVirtualHardDisks>
    <DataVirtualHardDisk><DiskName>data</DiskName><Lun>0</Lun></DataVirtualHardDisk>
  </DataVirtualHardDisks>
  <OSVirtualHardDisk><HostCaching>ReadWrite</HostCaching><DiskName>system</DiskName><OS>Windows</OS></OSVirtualHardDisk>
  <RoleName>old1</RoleName>
  <RoleSize>Large</RoleSize>
  <RoleType>PersistentVMRole</RoleType>
  <NoRDPEndpoint>false</NoRDPEndpoint>
</PersistentVM>
"""
YAML = "RoleName: web1\nRoleSize: Small\nOSDisk:\n  DiskName: system\n"


@pytest.fixture
def sent(capsys: pytest.CaptureFixture[str]) -> Any:
    """What a dry run of role create would send, as a tree."""

    def sent(*words: str) -> dict[str, Any]:
        command = ["role", "create", "shop", "web", *words, "--dry-run", "--subscription", "s", "-o", "json"]
        code = main(command)
        out, err = capsys.readouterr()
        assert code == 0, err
        body = json.loads(out)["Body"]
        tree = xmltodict.parse(body)["PersistentVMRole"]
        assert isinstance(tree, dict)
        return tree

    return sent


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Any:
    """What is said of a role that can't be made."""

    def refused(*words: str) -> str:
        command = ["role", "create", "shop", "web", *words, "--dry-run", "--subscription", "s"]
        assert main(command) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "Traceback" not in err
        return err

    return refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_old_tools_exported(sent: Any, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "old.xml"
    file.write_bytes(EXPORTED.replace("utf-8", encoding.removesuffix("-sig")).encode(encoding))
    tree = sent("--file", str(file))
    assert (tree["RoleName"], tree["RoleSize"]) == ("old1", "Large")
    assert tree["OSVirtualHardDisk"]["DiskName"] == "system"
    assert tree["DataVirtualHardDisks"]["DataVirtualHardDisk"]["DiskName"] == "data"
    network = tree["ConfigurationSets"]["ConfigurationSet"]
    assert network["InputEndpoints"]["InputEndpoint"]["Port"] == "53389"
    assert network["SubnetNames"]["SubnetName"] == "one"
    assert sent("renamed", "--file", str(file))["RoleName"] == "renamed"


@pytest.mark.parametrize(
    "text",
    [YAML, json.dumps({"role_name": "web1", "role_size": "Small", "os_disk": {"disk_name": "system"}})],
)
def test_yaml_and_json_in_either_spelling(sent: Any, tmp_path: Path, text: str) -> None:
    file = tmp_path / "role"
    file.write_text(text)
    for name, words in (("web1", []), ("web2", ["web2"])):
        tree = sent(*words, "--file", str(file))
        assert (tree["RoleName"], tree["RoleSize"]) == (name, "Small")
        assert tree["OSVirtualHardDisk"] == {"DiskName": "system"}


def test_what_role_show_prints_can_be_given_back(tmp_path: Path) -> None:
    role = VMRole.model_validate({"RoleName": "web1", "OSDisk": {"DiskName": "system"}})
    from azure_iaas.cli.output import plain  # noqa: PLC0415

    assert read_role(json.dumps(plain(role)).encode()) == {
        "RoleName": "web1",
        "OSDisk": {"DiskName": "system"},
    }


def test_standard_input_is_a_file(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(YAML.encode())))
    assert sent("--file", "-")["RoleName"] == "web1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"a: [{CANARY}", "line 1: not YAML"),
        (f"- {CANARY}", "no machine"),
        (CANARY, "no machine"),
        ("", "no machine"),
        (f'{{"a": "{CANARY}"', "neither YAML, JSON nor XML"),
        (f"<Deployment><Name>{CANARY}</Name></Deployment>", "the root element is 'Deployment'"),
        (f"<Role><RoleName>{CANARY}", "isn't XML"),
        (f"<Role><DataDisks><Stray>{CANARY}</Stray></DataDisks></Role>", "can't be read: data_disks"),
        (f"RoleName: web1\nOSDisk: {{DiskName: d}}\nRoleSise: {CANARY}", "'RoleSize' is meant?"),
        ("OSDisk: {DiskName: d}", "role_name"),
        (f"RoleName: w\nOSDisk: {{DiskName: d}}\nDataDisks: [{{LUN: {CANARY}}}]", "lun"),
    ],
)
def test_what_is_no_machine_is_said_without_its_values(
    refused: Any, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "role"
    file.write_text(text)
    told = refused("--file", str(file))
    assert said in told
    assert CANARY not in told


def test_a_linux_machine_by_password(sent: Any, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{CANARY}\n")
    (tmp_path / "data").write_bytes(b"#!/bin/sh\n")
    tree = sent(
        *("web1", "--image", "some", "--size", "Large", "--user", "meme"),
        *("--password-file", str(tmp_path / "password"), "--custom-data", str(tmp_path / "data")),
        *(
            "--endpoint",
            "22022:22",
            "--endpoint",
            "dns=53/udp",
            "--subnet",
            "one",
            "--availability-set",
            "set",
        ),
    )
    set_up, network = tree["ConfigurationSets"]["ConfigurationSet"]
    assert (set_up["UserName"], set_up["HostName"]) == ("meme", "web1")
    assert set_up["DisableSshPasswordAuthentication"] == "false"
    assert set_up["UserPassword"] == set_up["CustomData"] == "**********"
    assert network["InputEndpoints"]["InputEndpoint"] == [
        {"LocalPort": "22", "Name": "SSH", "Port": "22022", "Protocol": "tcp"},
        {"LocalPort": "53", "Name": "dns", "Port": "53", "Protocol": "udp"},
    ]
    assert network["SubnetNames"]["SubnetName"] == "one"
    assert (tree["AvailabilitySetName"], tree["RoleSize"]) == ("set", "Large")
    assert tree["OSVirtualHardDisk"] == {"SourceImageName": "some"}


def test_a_linux_machine_by_key_needs_no_password(sent: Any, tmp_path: Path) -> None:
    certificate = trustme.CA().issue_cert("me").cert_chain_pems[0].bytes()
    (tmp_path / "me.pem").write_bytes(certificate)
    tree = sent("web1", "--image", "some", "--user", "meme", "--ssh-key", str(tmp_path / "me.pem"))
    set_up = tree["ConfigurationSets"]["ConfigurationSet"]
    assert set_up["DisableSshPasswordAuthentication"] == "true"
    assert "UserPassword" not in set_up
    key = set_up["SSH"]["PublicKeys"]["PublicKey"]
    assert re.fullmatch("[0-9A-F]{40}", key["Fingerprint"])
    assert key["Path"] == "/home/meme/.ssh/authorized_keys"
    assert thumbprint(key["Fingerprint"].lower()) == key["Fingerprint"]


def test_a_windows_machine(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_IAAS_PASSWORD", CANARY)
    words = ["--image", "some", "--os", "windows", "--user", "meme", "--computer-name", "WEB"]
    set_up = sent("web1", *words)["ConfigurationSets"]["ConfigurationSet"]
    assert (set_up["AdminUsername"], set_up["ComputerName"]) == ("meme", "WEB")
    assert set_up["AdminPassword"] == "**********"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["web1"], "says what the machine is made from"),
        (["web1", "--image", "i", "--custom-data", __file__], "--user says for whom"),
        (["web1", "--image", "i", "--os", "windows", "--user", "u", "--ssh-key", "x"], "for Linux machines"),
        (["web1", "--image", "i", "--user", "u"], "AZURE_IAAS_PASSWORD, or a terminal"),
        (["web1", "--image", "i", "--user", "u", "--ssh-key", "absent.pem"], "No such file"),
        (["web1", "--image", "i", "--user", "u", "--ssh-key", __file__], "openssl req -x509"),
        (["--image", "i"], "role_name"),
        (["web1", "--image", "i", "--file", __file__], "--file says the whole machine"),
    ],
)
def test_what_options_do_not_say(
    refused: Any, words: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_IAAS_PASSWORD", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert said in refused(*words)


@pytest.mark.parametrize(
    "text", ["", "a", "0", "70000", "22:", ":22", "22:0", "a=22:99999", "22/icmp", "=22"]
)
def test_what_is_no_endpoint(text: str) -> None:
    with pytest.raises(click.UsageError, match="--endpoint: "):
        endpoint(text)


def test_an_unnamed_endpoint_has_the_name_of_its_kind() -> None:
    assert [endpoint(text)["Name"] for text in ("3389", "50001:22", "8080", "9/udp", "a b=1")] == [
        *("RemoteDesktop", "SSH", "tcp-8080", "udp-9", "a b")
    ]


def test_what_is_masked_is_not_in_the_request_in_another_form(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "data").write_bytes(CANARY.encode())
    (tmp_path / "password").write_text(f"{CANARY}<&>")
    words = ["role", "create", "s", "d", "web1", "--image", "i", "--user", "meme", "--subscription", "s"]
    words += [
        "--password-file",
        str(tmp_path / "password"),
        "--custom-data",
        str(tmp_path / "data"),
        "--dry-run",
    ]
    for form in ("table", "json", "yaml", "tsv"):
        assert main([*words, "-o", form]) == 0
        out = capsys.readouterr().out
        assert CANARY not in out
        assert base64.b64encode(CANARY.encode()).decode() not in out
