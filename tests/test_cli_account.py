"""The account commands, and the profile that other commands use."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.accounts import Accounts
from azure_iaas.cli.exit_codes import ExitCode
from azure_iaas.cli.main import main
from azure_iaas.emulator import LocalService
from tests.test_accounts import CERT, KEY, ONE, TWO, bundle, encrypted_key, settings_1_0

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AZURE_IAAS_CONFIG_DIR", str(tmp_path / "profiles"))
    for variable in ("SUBSCRIPTION_ID", "HOST", "CA", "PASSPHRASE", "PROFILE"):
        monkeypatch.delenv(f"AZURE_IAAS_{variable}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder: Path, name: str, data: str | bytes) -> str:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    path.chmod(0o600)
    return str(path)


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main(["account", *(words or ("list",)), "-o", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_publish_settings(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(folder, "my.publishsettings", settings_1_0((ONE, "First One"), (TWO, "second")))
    assert main(["account", "import", file]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert [line.split()[0] for line in out.splitlines()] == ["Current", "true", "false"]
    row = {
        "Current": True,
        "Name": "first-one",
        "SubscriptionId": ONE,
        "SubscriptionName": "First One",
        "Host": "management.core.windows.net",
    }
    second = {**row, "Current": False, "Name": "second", "SubscriptionId": TWO, "SubscriptionName": "second"}
    assert listed(capsys) == [row, second]
    assert main(["account", "use", "second"]) == 0
    assert capsys.readouterr() == ("", f"current: second, subscription {TWO} at {row['Host']}\n")
    monkeypatch.setenv("AZURE_IAAS_PROFILE", "first-one")
    assert main(["account", "use", "second"]) == 0
    assert "but AZURE_IAAS_PROFILE says first-one, and stands above it" in capsys.readouterr().err
    monkeypatch.delenv("AZURE_IAAS_PROFILE")
    shown = listed(capsys, "show")
    assert shown == {
        **second,
        "Current": True,
        "Thumbprint": Accounts().get("second").thumbprint,
        "CertificateFile": str(Accounts().folder / Accounts().get("second").certificate_file),
        "CA": None,
    }
    assert main(["account", "remove", "second"]) == ExitCode.USAGE
    assert "Say so with --yes" in capsys.readouterr().err
    assert main(["account", "remove", "second", "--yes"]) == 0
    assert [each["Name"] for each in listed(capsys)] == ["first-one"]
    assert main(["account", "show"]) == ExitCode.USAGE
    assert "no profile is current" in capsys.readouterr().err


def test_a_pem_of_another_cloud(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, cert = put(folder, "key.pem", KEY), put(folder, "cert.pem", CERT)
    words = ["account", "import", key, "--cert", cert, "--host", "AzureChinaCloud"]
    assert main([*words]) == ExitCode.USAGE
    assert "AZURE_IAAS_SUBSCRIPTION_ID" in capsys.readouterr().err
    for name in ("a", "b"):
        assert main([*words, "--subscription", ONE, "--name", name, "--use"]) == 0
    assert listed(capsys)[1] == {
        "Current": True,
        "Name": "b",
        "SubscriptionId": ONE,
        "SubscriptionName": "",
        "Host": "management.core.chinacloudapi.cn",
    }


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_a_file_that_others_read_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = put(folder, "both.pem", KEY + CERT)
    (folder / "both.pem").chmod(0o644)
    assert main(["account", "import", file, "--subscription", ONE]) == 0
    assert capsys.readouterr().err == (
        f"{file} can be read by others, and holds a key: delete it or chmod go-rwx\n"
    )


def test_a_password_by_standard_input_and_by_variable(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(folder, "my.pfx", bundle(password=b"secret word"))
    words = ["account", "import", file, "--subscription", ONE, "--name", "work"]
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(words) == ExitCode.USAGE
    assert "its password is needed (or AZURE_IAAS_PASSPHRASE)" in capsys.readouterr().err
    for given, code in (("guess\n", ExitCode.USAGE), ("secret word\n", 0), ("secret word", 0)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        assert main([*words, "--passphrase-stdin"]) == code
    monkeypatch.setenv("AZURE_IAAS_PASSPHRASE", "secret word")
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert "secret word" not in out + err
    assert "ENCRYPTED" in (Accounts().folder / Accounts().get().certificate_file).read_text()


def test_names_are_completed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.shell_completion import ShellComplete  # noqa: PLC0415

    from azure_iaas.cli.root import ROOT  # noqa: PLC0415

    for name in ("work", "home"):
        put(folder, "both.pem", KEY + CERT)
        Accounts().import_file(folder / "both.pem", subscription_id=ONE, name=name)
    complete = ShellComplete(ROOT, {}, "azure-iaas", "_AZURE_IAAS_COMPLETE")
    for command in ("use", "show", "remove"):
        assert [item.value for item in complete.get_completions(["account", command], "w")] == ["work"]
    (Accounts().folder / "profiles.json").write_text("damaged")
    assert complete.get_completions(["account", "use"], "w") == []


# Which profile a command uses, against a service that knows one certificate


@pytest.fixture(scope="module")
def service() -> Iterator[LocalService]:
    with LocalService(subscriptions=[ONE, TWO]) as running:
        yield running


@pytest.fixture
def profiles(service: LocalService) -> None:
    accounts = Accounts()
    for name, subscription in (("one", ONE), ("two", TWO), ("nowhere", "nowhere")):
        accounts.import_file(
            service.data_dir / "client.pem",
            name=name,
            subscription_id=subscription,
            host=f"localhost:{service.port}",
            ca=service.data_dir / "ca.pem",
        )


@pytest.mark.usefixtures("profiles")
def test_the_profile_commands_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*words: str) -> int:
        code = main(["location", "list", *words, "-o", "tsv"])
        out, err = capsys.readouterr()
        assert bool(out) is (code == 0), err
        return code

    assert asked() == 0
    assert asked("--profile", "two") == 0
    assert asked("--profile", "nowhere") == ExitCode.NOT_AUTHORISED
    assert asked("--profile", "noone") == ExitCode.USAGE
    monkeypatch.setenv("AZURE_IAAS_PROFILE", "nowhere")
    assert asked() == ExitCode.NOT_AUTHORISED
    assert asked("--profile", "one") == 0
    assert asked("--subscription", ONE) == 0
    monkeypatch.setenv("AZURE_IAAS_SUBSCRIPTION_ID", TWO)
    assert asked() == 0, "the environment stands above a profile that isn't named"
    assert asked("--profile", "nowhere") == ExitCode.NOT_AUTHORISED
    assert asked("--host", "127.0.0.1:1") == ExitCode.FAILED


# At a terminal

PROGRAM = "import sys; from azure_iaas.cli.main import main; sys.exit(main(sys.argv[1:]))"


def at_a_terminal(words: list[str], typed: str) -> tuple[int, str]:
    """Run the program with a terminal of its own, and type a line when it asks for a passphrase."""
    import pty  # noqa: PLC0415 - not on every system

    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.executable, [sys.executable, "-c", PROGRAM, *words])  # noqa: S606
    shown, answered = b"", False
    while True:
        try:
            data = os.read(terminal, 4096)
        except OSError:  # Linux's way to say that the other side is closed
            data = b""
        if not data:
            break
        shown += data
        if not answered and b"Passphrase of" in shown and shown.endswith(b": "):
            answered = True
            os.write(terminal, f"{typed}\n".encode())
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_passphrase_is_asked_for_at_a_terminal(folder: Path, service: LocalService) -> None:
    file = put(folder, "my.pfx", bundle(password=b"secret word"))
    words = ["account", "import", file, "--subscription", ONE, "--name", "work"]
    code, shown = at_a_terminal(words, "secret word")
    assert code == 0, shown
    assert "Passphrase of my.pfx: " in shown
    assert "secret word" not in shown
    code, shown = at_a_terminal(words, "guess")
    assert (code, "the password is wrong" in shown) == (ExitCode.USAGE, True)
    ca = service.data_dir / "ca.pem"
    there = ["location", "list", "--host", f"localhost:{service.port}", "--ca", str(ca)]
    code, shown = at_a_terminal(there, "secret word")
    assert code == ExitCode.NOT_AUTHORISED, "the key was opened, and its certificate isn't known there"
    assert "Passphrase of the private key: " in shown
    assert "secret word" not in shown


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_nothing_is_asked_when_it_needn_t_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put(folder, "both.pem", KEY + CERT)
    code, shown = at_a_terminal(["account", "import", file, "--subscription", ONE, "--name", "a"], "")
    assert (code, "Passphrase" in shown) == (0, False)
    locked = put(folder, "locked.pem", encrypted_key(b"secret") + CERT)
    monkeypatch.setenv("AZURE_IAAS_PASSPHRASE", "secret")
    code, shown = at_a_terminal(["account", "import", locked, "--subscription", ONE, "--name", "b"], "")
    assert (code, "Passphrase" in shown) == (0, False)
