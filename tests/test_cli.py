"""The groups of commands against the local service: what is sent, printed and asked, and the exit codes."""

from __future__ import annotations

import base64
import json
import re
import shlex
import signal
import ssl
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import trustme
import yaml

from azure_iaas.cli.certificate_files import thumbprint_of
from azure_iaas.cli.commands import COMMANDS
from azure_iaas.cli.exit_codes import ExitCode
from azure_iaas.cli.failures import CALLS, LOOKS, look_command
from azure_iaas.cli.main import main
from azure_iaas.cli.output import MASKED
from azure_iaas.cli.root import ROOT
from azure_iaas.emulator import (
    DropAfterHandler,
    FailOperation,
    FaultPlan,
    HTMLPage,
    LocalService,
    Replace,
    Requests,
    Rule,
    Stall,
)
from azure_iaas.operations import pace
from azure_iaas.operations.hints import HINTS
from azure_iaas.operations.operation import REGISTRY
from azure_iaas.wire.messages import RawResponse
from tests.command_line_driver import Commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IMAGE = "Win2K8SP1.110809-2000.201108-01.en.us.30GB.vhd"
PASSWORD = "Canary-Pass-4711"
FORMATS = ("table", "json", "yaml", "tsv")


class Clock:
    """Time that runs by ten minutes each time somebody looks, or stands still; it begins two months ago."""

    def __init__(self) -> None:
        self.set_back()

    def set_back(self) -> None:
        self.runs = True
        self._now = datetime.now(UTC) - timedelta(days=60)

    def __call__(self) -> datetime:
        if self.runs:
            self._now += timedelta(minutes=10)
        return self._now


CLOCK = Clock()


@pytest.fixture(scope="module")
def service() -> Iterator[LocalService]:
    with LocalService(clock=CLOCK) as service:
        yield service


@pytest.fixture
def command(service: LocalService, capsys: pytest.CaptureFixture[str]) -> Iterator[Commands]:
    CLOCK.set_back()
    with service.checkpoint():
        yield Commands(service, capsys)


@pytest.fixture
def standing(command: Commands) -> None:
    """The service's time stands: what it has accepted never ends."""
    CLOCK.runs = False


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask sooner than the real service's operations ended."""
    monkeypatch.setattr(pace, "FIRST_SECONDS", 0.01)
    monkeypatch.setattr(pace, "SHORTEST_PAUSE_SECONDS", 0.01)


@pytest.fixture
def password_file(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    return str(file)


@pytest.fixture
def machine(command: Commands, password_file: str) -> list[str]:
    """A deployment with one machine; gives what leads to it."""
    assert command("service", "create", "shop").code == 0
    options = ["--image", IMAGE, "--os", "windows", "--user", "me", "--password-file", password_file]
    done = command("deployment", "create", "shop", "web", "--role", "web1", *options, "--endpoint", "3389")
    assert done.code == 0, done.err
    return ["shop", "web", "web1"]


def parsed(form: str, text: str) -> Any:
    match form:
        case "json":
            return json.loads(text)
        case "yaml":
            return yaml.safe_load(text)
        case "tsv":
            return dict(line.split("\t") for line in text.splitlines())
        case _:
            return dict(line.rstrip().split(None, 1) for line in text.splitlines())


# --- a machine's life -----------------------------------------------------------------------------------


def test_a_machine_from_its_making_to_its_end(command: Commands, machine: list[str], tmp_path: Path) -> None:
    service, deployment, _ = machine
    ready = command("deployment", "wait", service, deployment, "-o", "json")
    assert json.loads(ready.out)["RoleInstanceList"][0]["InstanceStatus"] == "ReadyRole"
    instances = command("instance", "list", service, deployment, "-o", "tsv").out
    assert instances.startswith("web1\tReadyRole\tStarted\tSmall\t")
    assert "full address" in command("instance", "rdp", *machine).out
    for verb in ("restart", "stop", "start"):
        assert command("instance", verb, *machine).code == 0, verb
    assert command("disk", "attach", *machine, "--size", "10", "--lun", "2").code == 0
    assert "LogicalDiskSizeInGB  10" in command("disk", "attached", *machine, "2").out
    assert "web1" in command("disk", "list").out
    assert command("disk", "detach", *machine, "2", "--yes").code == 0

    document = json.loads(command("role", "show", *machine, "-o", "json").out)
    document["RoleSize"] = "Large"
    (tmp_path / "role.json").write_text(json.dumps(document))
    assert command("role", "update", *machine, "--file", str(tmp_path / "role.json")).code == 0
    assert command("role", "show", *machine, "--query", "RoleSize", "-o", "tsv").out == "Large\n"

    assert command("role", "create", service, deployment, "web2", "--image", IMAGE).code == 0
    names = command("role", "list", service, deployment, "--query", "[].RoleName", "-o", "tsv").out
    assert names == "web1\nweb2\n"
    assert command("role", "delete", service, deployment, "web2", "--yes", "--delete-media").code == 0
    assert command("instance", "stop", *machine, "--deallocate").code == 0
    assert command("instance", "capture", *machine, "mine", "--yes").code == 0
    assert json.loads(command("image", "show", "mine", "-o", "json").out)["Label"] == "mine"
    assert command("image", "delete", "mine", "--yes").code == 0
    assert command("service", "delete", service, "--yes").code == 0
    operations = command(
        "operation", "list", "--hours", "2000", "--query", "[].OperationName", "-o", "json"
    ).out
    assert "CreateDeployment" in json.loads(operations)


def test_what_else_there_is(command: Commands, tmp_path: Path) -> None:
    assert "West US" in command("location", "list").out
    assert command("role", "sizes", "--query", "[?Name=='Large'].Cores", "-o", "tsv").out == "4\n"
    assert command("service", "create", "shop", "--location", "East US", "--label", "Shop").code == 0
    shown = json.loads(command("service", "show", "shop", "-o", "json").out)
    assert shown["HostedServiceProperties"]["Location"] == "East US"
    assert command("service", "check-name", "shop", "--query", "Result", "-o", "tsv").out == "false\n"
    assert command("deployment", "list", "shop", "-o", "tsv").out == ""
    assert command("service", "add-certificate", "shop", str(command.service.cert_file)).code == 0
    assert command("service", "certificates", "shop", "-o", "tsv").out.count("\tsha1\t") == 1

    assert command("storage", "create", "mystore", "--type", "Standard_LRS").code == 0
    assert "Standard_LRS" in command("storage", "list").out
    assert command("storage", "show", "mystore").code == 0
    assert command("storage", "check-name", "mystore").code == 0
    blob = "https://mystore.blob.core.windows.net/vhds/a.vhd"
    assert command("image", "create", "mine", blob, "--os", "Linux").code == 0
    assert "mine" in command("image", "list").out
    assert command("image", "list", "--vm").code == 0
    assert command("storage", "delete", "mystore", "--yes").code in (0, 1)

    network = tmp_path / "network.xml"
    assert command("network", "show").code == ExitCode.FAILED
    network.write_text(NETWORK)
    assert command("network", "set", str(network), "--yes").code == 0
    assert "here" in command("network", "list").out
    assert "AddressPrefix" in command("network", "show").out
    assert command("network", "reserve", "front", "--location", "West US").code == 0
    assert "front" in command("network", "addresses").out
    assert command("network", "release", "front", "--yes").code == 0


def test_affinity_groups(command: Commands) -> None:
    assert (
        command("affinity-group", "create", "near", "--location", "West US", "--description", "d").code == 0
    )
    assert command("service", "create", "shop", "--affinity-group", "near").code == 0
    shown = json.loads(command("affinity-group", "show", "near", "-o", "json").out)
    assert (shown["Label"], shown["Description"]) == ("near", "d")
    assert [each["ServiceName"] for each in shown["HostedServices"]] == ["shop"]
    assert command("affinity-group", "delete", "near").code == ExitCode.USAGE
    assert command("affinity-group", "delete", "near", "--yes").code == ExitCode.FAILED, "it is in use"
    assert command("service", "delete", "shop", "--yes").code == 0
    assert command("affinity-group", "delete", "near", "--yes").code == 0
    assert command("affinity-group", "list", "-o", "tsv").out == ""


def test_a_cloud_service_is_changed(command: Commands) -> None:
    assert command("service", "create", "shop", "--location", "West US", "--label", "Shop").code == 0
    assert command("service", "update", "shop").code == ExitCode.USAGE
    assert command("service", "update", "shop", "--description", "sells").code == 0
    query = "HostedServiceProperties.[Label, Description]"
    assert json.loads(command("service", "show", "shop", "-o", "json", "--query", query).out) == [
        "Shop",
        "sells",
    ]


def test_certificates_come_and_go(command: Commands, tmp_path: Path) -> None:
    file = tmp_path / "new.pem"
    issued = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert("me", key_type=trustme.KeyType.RSA)
    file.write_bytes(issued.private_key_pem.bytes() + issued.cert_chain_pems[0].bytes())
    name = thumbprint_of(ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode()))
    for group, service in (("account", []), ("service", ["shop"])):
        if service:
            assert command("service", "create", *service, "--location", "West US").code == 0
        assert command(group, "add-certificate", *service, str(file)).code == 0
        assert name in command(group, "certificates", *service).out
        assert command(group, "delete-certificate", *service, name).code == ExitCode.USAGE
        assert command(group, "delete-certificate", *service, name, "--yes").code == 0
        assert name not in command(group, "certificates", *service).out


def test_a_management_certificate_has_an_rsa_key(command: Commands, tmp_path: Path) -> None:
    file = tmp_path / "new.pem"
    ca = trustme.CA(key_type=trustme.KeyType.ECDSA)
    file.write_bytes(ca.cert_pem.bytes())
    done = command("account", "add-certificate", str(file))
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert "of an RSA key" in done.err


def test_a_snapshot_keeps_the_machine(command: Commands, machine: list[str]) -> None:
    assert command("instance", "snapshot", *machine, "web1-then").code == 0
    assert command("role", "show", *machine).code == 0
    listed = command("image", "list", "--vm").out.splitlines()
    assert listed[0].split().count("OS") == 1
    assert "web1-then" in listed[1]
    assert command("image", "delete", "web1-then", "--vm", "--yes").code == 0
    assert command("image", "list", "--vm", "-o", "tsv").out == ""


NETWORK = """<?xml version="1.0" encoding="utf-8"?>
<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">
  <VirtualNetworkConfiguration>
    <VirtualNetworkSites>
      <VirtualNetworkSite name="here" Location="West US">
        <AddressSpace><AddressPrefix>10.0.0.0/16</AddressPrefix></AddressSpace>
        <Subnets><Subnet name="one"><AddressPrefix>10.0.1.0/24</AddressPrefix></Subnet></Subnets>
      </VirtualNetworkSite>
    </VirtualNetworkSites>
  </VirtualNetworkConfiguration>
</NetworkConfiguration>
"""


# --- forms of output ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_a_token_is_in_every_form_and_goes_on(command: Commands, form: str) -> None:
    assert command("service", "create", "shop").code == 0
    done = command("storage", "create", "mystore", "--no-wait", "-o", form)
    assert (done.code, done.err) == (0, "")
    values = parsed(form, done.out)
    assert values["Operation"] == "CreateStorageAccount"
    assert values["Status"] == "InProgress"
    waited = command("operation", "wait", values["Token"].strip(), "-o", form)
    assert (waited.code, waited.err) == (0, "")
    assert parsed(form, waited.out)["Status"].strip() == "Succeeded"
    by_id = command("operation", "wait", values["RequestId"].strip())
    assert by_id.code == 0
    assert "Succeeded" in command("operation", "show", values["RequestId"].strip()).out


@pytest.mark.parametrize("flag", ["--wait", "--no-wait", "--progress", "--no-progress", "--dry-run"])
def test_json_is_json_whatever_else_is_asked_for(command: Commands, flag: str) -> None:
    done = command("storage", "create", "mystore", flag, "-o", "json")
    assert done.code == 0
    assert json.loads(done.out)["Operation"] == "CreateStorageAccount"


def test_progress_is_said_on_standard_error_when_asked_for(command: Commands) -> None:
    done = command("storage", "create", "mystore", "--progress")
    assert "CreateStorageAccount: Succeeded\n" in done.err
    assert "CreateStorageAccount: " not in done.out


# --- what is sent, and what is asked --------------------------------------------------------------------


def test_a_dry_run_sends_nothing_and_shows_no_secret(command: Commands, password_file: str) -> None:
    before = len(command.service.requests)
    options = ["--image", IMAGE, "--user", "me", "--password-file", password_file]
    for form in FORMATS:
        done = command(
            "deployment", "create", "shop", "web", "--role", "web1", *options, "--dry-run", "-o", form
        )
        assert done.code == 0
        assert f"/{command.service.subscription_id}/services/hostedservices/shop/deployments" in done.out
        assert "POST" in done.out
        assert "2014-10-01" in done.out
        assert MASKED in done.out
        assert PASSWORD not in done.out + done.err
        assert base64.b64encode(PASSWORD.encode()).decode() not in done.out
    assert len(command.service.requests) == before


def test_a_dry_run_needs_no_certificate(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["service", "delete", "shop", "--dry-run", "--subscription", "s", "-o", "json"]
    assert main([*words, "--key", str(tmp_path / "absent.pem"), "--cert", str(tmp_path / "absent.pem")]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["Method"], shown["Path"]) == ("DELETE", "/s/services/hostedservices/shop")


def test_what_destroys_needs_yes_where_nobody_can_be_asked(command: Commands, machine: list[str]) -> None:
    service, deployment, _ = machine
    for words in (
        ["service", "delete", service],
        ["deployment", "delete", service, deployment],
        ["role", "delete", *machine],
        ["instance", "capture", *machine, "mine"],
        ["disk", "delete", "some"],
        ["disk", "detach", *machine, "0"],
        ["image", "delete", "some"],
        ["storage", "delete", "some"],
        ["storage", "renew-key", "some", "Primary"],
        ["network", "release", "some"],
    ):
        before = len(command.service.requests)
        done = command(*words)
        assert done.code == ExitCode.USAGE, words
        assert "--yes" in done.err
        assert len(command.service.requests) == before


def test_keys_are_masked_unless_asked_for(command: Commands) -> None:
    assert command("storage", "create", "mystore").code == 0
    done = command("storage", "keys", "mystore", "-o", "json")
    assert json.loads(done.out) == {"Primary": MASKED, "Secondary": MASKED}
    keys = json.loads(command("storage", "keys", "mystore", "--reveal", "-o", "json").out)
    assert all(len(base64.b64decode(key)) == 64 for key in keys.values())
    renewed = command("storage", "renew-key", "mystore", "primary", "--yes", "-o", "json")
    assert renewed.code == 0
    now = json.loads(command("storage", "keys", "mystore", "--reveal", "-o", "json").out)
    assert (now["Primary"] != keys["Primary"], now["Secondary"]) == (True, keys["Secondary"])
    assert now["Primary"] not in renewed.out


def test_no_output_has_a_secret(command: Commands, machine: list[str], password_file: str) -> None:
    said = ""
    options = ["--image", IMAGE, "--os", "windows", "--user", "me", "--password-file", password_file]
    for words in (
        ["role", "create", "shop", "web", "web2", *options],
        ["role", "create", "shop", "web", "web2", *options],  # it is there: the service refuses
        ["role", "create", "shop", "web", "web 3", *options],
        ["operation", "list"],
        ["deployment", "show", "shop", "web"],
        ["role", "show", *machine],
    ):
        for form in FORMATS:
            done = command(*words, "-o", form)
            said += done.out + done.err
    assert "web2" in said
    assert PASSWORD not in said


# --- exit codes -----------------------------------------------------------------------------------------


def test_failed(command: Commands) -> None:
    done = command("service", "show", "absent")
    assert (done.code, done.out) == (ExitCode.FAILED, "")
    assert done.err.startswith("azure-iaas: GetHostedService: HTTP 404 ResourceNotFound")
    assert done.err.count("\n") == 1


def test_an_operation_that_failed(command: Commands) -> None:
    command.service.faults = FaultPlan(Rule(FailOperation(), when=Requests(operation="CreateStorageAccount")))
    done = command("storage", "create", "mystore")
    assert (done.code, done.out) == (ExitCode.FAILED, "")
    assert "CreateStorageAccount failed" in done.err


def test_nobody_is_there(capsys: pytest.CaptureFixture[str], service: LocalService) -> None:
    words = ["location", "list", "--subscription", "s", "--host", "127.0.0.1:1"]
    assert main([*words, "--key", str(service.key_file), "--cert", str(service.cert_file)]) == ExitCode.FAILED
    assert "see --host and --ca" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["service", "create", "a b"], "'a b' is no such name"),
        (["service", "list", "--query", "[["], "--query"),
        (["service", "list", "-o", "xml"], "'xml' is not one of"),
        (["operation", "wait", "nonsense"], "a request id is needed"),
        (["role", "create", "shop", "web", "web1"], "says what the machine is made from"),
        (["role", "create", "shop", "web", "web1", "--image", IMAGE, "--user", "me"], "a password is needed"),
        (["role", "create", "s", "w", "w", "--image", IMAGE, "--ssh-key", "x"], "--user says for whom"),
        (["role", "create", "s", "w", "w", "--image", IMAGE, "--endpoint", "x"], "--endpoint: 'x'"),
        (["service"], "Commands:"),
        (["service", "destroy"], "No such command 'destroy'"),
    ],
)
def test_usage(command: Commands, words: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_IAAS_PASSWORD", raising=False)
    if words == ["service"]:
        command.options.clear()
    done = command(*words)
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert said in done.err
    assert len(command.service.requests) == 0


@pytest.mark.usefixtures("standing")
def test_still_running(command: Commands) -> None:
    done = command("storage", "create", "mystore", "--wait-seconds", "0.05")
    assert (done.code, done.out) == (ExitCode.STILL_RUNNING, "")
    (line,) = [line for line in done.err.splitlines() if line.startswith("go on with: ")]
    words = shlex.split(line.removeprefix("go on with: "))
    assert words[:3] == ["azure-iaas", "operation", "wait"]
    CLOCK.runs = True
    assert main(words[1:]) == ExitCode.DONE


def test_not_authorised(service: LocalService, capsys: pytest.CaptureFixture[str]) -> None:
    command = Commands(service, capsys)
    command.options[1] = "another-subscription"
    done = command("location", "list")
    assert (done.code, done.out) == (ExitCode.NOT_AUTHORISED, "")
    assert "see --subscription, --key, --cert" in done.err


def test_outcome_unknown(command: Commands) -> None:
    command.service.faults = FaultPlan(
        Rule(DropAfterHandler(), when=Requests(operation="CreateHostedService"))
    )
    done = command("service", "create", "shop")
    assert (done.code, done.out) == (ExitCode.OUTCOME_UNKNOWN, "")
    assert "hosted service 'shop'" in done.err
    (line,) = [line for line in done.err.splitlines() if line.startswith("look with: ")]
    words = shlex.split(line.removeprefix("look with: "))
    assert words[:4] == ["azure-iaas", "service", "show", "shop"]
    assert main(words[1:]) == ExitCode.DONE


# --- at a terminal --------------------------------------------------------------------------------------

at_terminal = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")


@at_terminal
@pytest.mark.usefixtures("standing")
def test_ctrl_c_says_how_to_go_on(command: Commands) -> None:
    with command.at_terminal("storage", "create", "mystore") as terminal:
        terminal.wait_for("CreateStorageAccount: InProgress")
        terminal.type("\x03")
        assert terminal.ended() == ExitCode.INTERRUPTED
        line = terminal.shown.partition("go on with: ")[2].splitlines()[0]
    assert "Traceback" not in terminal.shown
    CLOCK.runs = True
    assert main(shlex.split(line)[1:]) == ExitCode.DONE


@at_terminal
def test_a_person_is_asked(command: Commands) -> None:
    assert command("service", "create", "shop").code == 0
    with command.at_terminal("service", "delete", "shop") as terminal:
        terminal.wait_for("Delete cloud service shop? [y/N]")
        terminal.type("n\n")
        assert terminal.ended() == ExitCode.FAILED
        assert "nothing was sent" in terminal.shown
    with command.at_terminal("service", "delete", "shop") as terminal:
        terminal.wait_for("[y/N]")
        terminal.type("y\n")
        assert terminal.ended() == ExitCode.DONE
        assert "Succeeded" in terminal.shown
    assert command("service", "show", "shop").code == ExitCode.FAILED


@at_terminal
def test_a_password_is_asked_for_and_not_shown(command: Commands) -> None:
    words = ["deployment", "create", "shop", "web", "--role", "web1", "--image", IMAGE, "--user", "me"]
    with command.at_terminal(*words, "--dry-run", "-o", "json") as terminal:
        terminal.wait_for("Password of me: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.wait_for("confirm")
        terminal.type(f"{PASSWORD}\n")
        assert terminal.ended() == ExitCode.DONE
    assert MASKED in terminal.shown
    assert PASSWORD not in terminal.shown


@at_terminal
@pytest.mark.parametrize("form", FORMATS)
def test_each_form_at_a_terminal(command: Commands, form: str) -> None:
    with command.at_terminal("location", "list", "-o", form) as terminal:
        assert terminal.ended() == ExitCode.DONE
    assert "West US" in terminal.shown
    if form == "json":
        assert json.loads(terminal.shown)[0]["Name"] == "West US"
    assert ("\x1b[1m" in terminal.shown) is (form == "table")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.usefixtures("standing")
def test_an_interrupt_without_a_terminal(command: Commands) -> None:
    with command.process("storage", "create", "mystore", "--progress") as process:
        assert process.stderr is not None
        assert "InProgress" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (ExitCode.INTERRUPTED, "")
    assert "go on with: azure-iaas operation wait" in err


# --- the whole ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    import click  # noqa: PLC0415

    context = click.Context(ROOT)
    command = ROOT.get_command(context, name)
    assert command is not None
    for words in [[], *([verb] for verb in getattr(command, "commands", []))]:
        assert main([name, *words, "--help"]) == 0
        out = capsys.readouterr().out
        assert "Traceback" not in out
        assert len(out.splitlines()[2].strip()) > 10, out


def test_no_option_takes_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["role", "create", "a", "b", "c", "--password", PASSWORD]) == ExitCode.USAGE
    assert PASSWORD not in capsys.readouterr().err


def test_the_commands_that_errors_advise_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    for words, _ in LOOKS.values():
        assert main([*words.split(), "--help"]) == 0
    reads = {each.shown_by.read for each in REGISTRY.values() if each.shown_by}
    assert LOOKS.keys() == reads


def test_hints_name_commands(command: Commands, capsys: pytest.CaptureFixture[str]) -> None:
    for words in CALLS.values():
        assert main([*words.split(), "--help"]) == 0
    named = {call for each in HINTS for call in re.findall(r"\w+\(\)", each.advice)}
    assert named == CALLS.keys()
    assert "('azure-iaas service list' shows which there are)" in command("service", "show", "nope").err


@pytest.mark.parametrize(
    ("look_with", "command"),
    [
        ("get_role('shop', 'web', 'a b')", "azure-iaas role show shop web 'a b' --host h"),
        ("list_vm_images()", "azure-iaas image list --vm --host h"),
        ("get_data_disk('shop', 'web', 'web1', lun)", None),
        ("get_subscription()", None),
        ("get_deployment_by_slot('shop', 'Production')", "azure-iaas deployment list shop --host h"),
        ("get_reserved_ip('front')", "azure-iaas network addresses --host h"),
        (None, None),
    ],
)
def test_a_read_as_a_command(look_with: str | None, command: str | None) -> None:
    assert look_command(look_with, ["--host", "h"]) == command


def test_what_a_query_cannot_print_of_a_write_is_told(command: Commands) -> None:
    done = command("storage", "create", "mystore", "--no-wait", "--query", "length(`1`)")
    assert (done.code, done.out) == (ExitCode.FAILED, "")
    assert "request_id" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_what_is_no_time_to_wait_is_refused_before_anything_is_sent(command: Commands, seconds: str) -> None:
    done = command("storage", "create", "mystore", "--wait-seconds", seconds)
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert "--wait-seconds" in done.err
    assert len(command.service.requests) == 0


def test_a_wait_that_can_ask_no_more_is_no_failure(command: Commands) -> None:
    asked = Rule(HTMLPage(), when=Requests(operation="GetOperationStatus"), times=None)
    command.service.faults = FaultPlan(asked)
    done = command("storage", "create", "mystore", "--wait-seconds", "0.2")
    assert (done.code, done.out) == (ExitCode.STILL_RUNNING, "")
    assert "go on with: azure-iaas operation wait" in done.err


def test_a_wait_for_a_machine_that_takes_too_long(command: Commands, machine: list[str]) -> None:
    assert command("instance", "stop", *machine).code == 0
    done = command("deployment", "wait", *machine[:2], "--wait-seconds", "0.1", "--progress")
    assert (done.code, done.out) == (ExitCode.STILL_RUNNING, "")
    assert "shop/web: web1 StoppedVM" in done.err
    assert "the same command waits again" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_before_the_answer_says_what_is_unknown(command: Commands) -> None:
    command.service.faults = FaultPlan(
        Rule(Stall(seconds=30), when=Requests(operation="CreateHostedService"))
    )
    with command.process("service", "create", "shop") as process:
        while not len(command.service.requests):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (ExitCode.INTERRUPTED, "")
    assert "CreateHostedService was sent, and may have been carried out" in err
    assert "look with: azure-iaas service show shop" in err


def test_a_key_beside_a_certificate_stays_here(command: Commands, tmp_path: Path) -> None:
    assert command("service", "create", "shop").code == 0
    both = tmp_path / "both.pem"
    key = command.service.key_file.read_text()
    both.write_text(key + command.service.cert_file.read_text())
    done = command("service", "add-certificate", "shop", str(both), "--dry-run", "-o", "json")
    assert done.code == 0
    assert command("service", "add-certificate", "shop", str(both)).code == 0
    both.write_text(key)
    done = command("service", "add-certificate", "shop", str(both))
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert "no certificate in it" in done.err


def test_what_the_service_says_moves_no_cursor(command: Commands) -> None:
    refusal = RawResponse(400, {"content-type": "application/xml"}, ERROR.encode())
    command.service.faults = FaultPlan(Rule(Replace(refusal), when=Requests(operation="ListLocations")))
    done = command("location", "list")
    assert (done.code, done.out) == (ExitCode.FAILED, "")
    assert not {"\x9b", "\x1b"} & set(done.err)
    assert r"\x9b2J" in done.err


ERROR = (
    '<Error xmlns="http://schemas.microsoft.com/windowsazure"><Code>BadRequest</Code>'
    "<Message>no &#x9b;2J</Message></Error>"
)
