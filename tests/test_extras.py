"""What is missing without an extra is said with the line that installs it; the rest works without."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
{program}
"""
ALL = {"cryptography", "OpenSSL", "platformdirs", "yaml", "click", "rich", "jmespath", "opentelemetry"}
LOCAL = "from azure_iaas.emulator import LocalService\nLocalService().start()"


def run_without(absent: set[str], program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT.format(absent=sorted(absent), program=program)],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        env={"PYTHONPATH": str(ROOT), "HOME": str(folder)},
    )


@pytest.mark.parametrize(
    ("absent", "program", "extra"),
    [
        ("cryptography", LOCAL, "emulator"),
        ("OpenSSL", LOCAL, "emulator"),
        (
            "cryptography",
            "from azure_iaas import ManagementCertificate\nManagementCertificate.from_pkcs12(b'0\\x82')",
            "accounts",
        ),
        ("platformdirs", "from azure_iaas.accounts import Accounts\nAccounts()", "accounts"),
        (
            "platformdirs",
            "from azure_iaas import ServiceManagementClient\nServiceManagementClient.from_profile()",
            "accounts",
        ),
        ("yaml", "from azure_iaas.provisioning import Plan\nPlan.load('plan.yaml')", "cli"),
        ("opentelemetry", "import azure_iaas.telemetry", "otel"),
        ("click", "from azure_iaas.cli.main import main\nsys.exit(main(['emulator']))", "cli"),
    ],
)
def test_what_is_missing_is_said(absent: str, program: str, extra: str, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("services: []\n")
    ended = run_without({absent}, program, tmp_path)
    assert ended.returncode != 0
    said = ended.stderr.strip().splitlines()[-1]
    assert f"pip install 'azure-iaas[{extra}]'" in said


def test_without_any_extra_a_client_works(tmp_path: Path) -> None:
    program = """
import asyncio, azure_iaas, azure_iaas.callback
from azure_iaas.emulator import LocalService
from azure_iaas.provisioning import Plan

async def main():
    async with LocalService(sockets=False) as service, service.client() as client:
        await client.create_hosted_service("shop")
        print(azure_iaas.__version__, (await client.get_hosted_service("shop")).service_name)

asyncio.run(main())
"""
    ended = run_without(ALL, program, tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.split()[1] == "shop"


def test_a_command_without_profiles_needs_no_platformdirs(tmp_path: Path) -> None:
    program = "from azure_iaas.accounts import find_settings\nfind_settings(profile_needed=False, environ={})"
    ended = run_without({"platformdirs"}, program, tmp_path)
    assert "subscription_id: not given" in ended.stderr


def test_every_extra_that_is_named_is_there() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    pages = [*ROOT.glob("azure_iaas/**/*.py"), *ROOT.glob("docs/**/*.md"), ROOT / "README.md"]
    named = {
        extra
        for page in pages
        for listed in re.findall(r"(?:azure-iaas|'\.)\[([\w,]+)\]", page.read_text("utf-8"))
        for extra in listed.split(",")
    }
    assert named >= {"emulator", "accounts", "cli", "otel"}
    assert named <= extras.keys()
