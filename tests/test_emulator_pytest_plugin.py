"""The pytest plugin for users' tests, used as they use it: by a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import azure_iaas
from tests.test_code_blocks import blocks_of

ROOT = Path(azure_iaas.__file__).parents[1]
ASYNCIO = ("-p", "no:trio", "-o", "asyncio_default_fixture_loop_scope=function")


def run_pytest(folder: Path, *options: str, **files: str) -> str:
    """Run tests in a process of their own; warnings are errors. Gives what it printed, last line last."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    # The options of this run, which its coverage needs, aren't a user's.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-W",
                "error",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:xdist",
            ),
            *options,
            folder,
        ],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


BODY = """
    accepted = await azure_iaas_client.create_storage_account("account")
    assert (await azure_iaas_client.get_operation_status(accepted.request_id)).status == "InProgress"
    azure_iaas_service.advance(3600)
    await azure_iaas_client.wait_for_operation(accepted)
    async with azure_iaas_service.client() as over_tls:
        assert [each.service_name for each in await over_tls.list_storage_accounts()] == ["account"]
    assert azure_iaas_service.requests[0].operation == "CreateStorageAccount"
"""
OPTIONS = """
import pytest

@pytest.fixture
def azure_iaas_options():
    return {"speed": 1}
"""


@pytest.mark.parametrize("mode", ["auto", "strict"])
@pytest.mark.parametrize("scope", ["function", "session"])
def test_with_pytest_asyncio(tmp_path: Path, mode: str, scope: str) -> None:
    test = f"""{OPTIONS}
import pytest_asyncio
from azure_iaas.emulator import LocalService

pytestmark = pytest.mark.asyncio(loop_scope="{scope}")

@pytest_asyncio.fixture(loop_scope="{scope}")
async def mine():
    async with LocalService() as service:
        yield service

async def test_one(azure_iaas_service, azure_iaas_client):{BODY}

async def test_another_begins_anew(azure_iaas_service, azure_iaas_client):{BODY}

async def test_with_a_service_of_its_own_loop(mine):
    async with mine.client() as client:
        await client.create_hosted_service("web")
"""
    assert "3 passed" in run_pytest(
        tmp_path, "-p", "asyncio", "-o", f"asyncio_mode={mode}", *ASYNCIO, test_mine=test
    )


def test_with_the_plugin_of_anyio(tmp_path: Path) -> None:
    test = f"""{OPTIONS}
pytestmark = pytest.mark.anyio

@pytest.fixture
async def mine(azure_iaas_service):
    async with azure_iaas_service.client() as client:
        yield client

async def test_one(azure_iaas_service, azure_iaas_client):{BODY}

async def test_with_a_fixture_of_its_own(mine, azure_iaas_client):
    await mine.create_hosted_service("web")
    assert (await azure_iaas_client.get_hosted_service("web")).service_name == "web"
"""
    printed = run_pytest(tmp_path, "-p", "no:asyncio", test_mine=test)
    assert "4 passed" in printed  # asyncio and trio


def test_in_plain_functions(tmp_path: Path) -> None:
    test = f"""{OPTIONS}
import asyncio, os, subprocess, sys

PROGRAM = '''
import asyncio
from azure_iaas import ServiceManagementClient

async def main():
    async with ServiceManagementClient() as client:
        await client.create_hosted_service("web")

asyncio.run(main())
'''

def test_one(azure_iaas_service, azure_iaas_client):
    async def main():{BODY.replace(chr(10), chr(10) + "    ")}
    asyncio.run(main())

def test_a_program(azure_iaas_service):
    environment = {{**os.environ, **azure_iaas_service.environment()}}
    subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=True)
    assert [each.operation for each in azure_iaas_service.requests] == ["CreateHostedService"]
"""
    assert "2 passed" in run_pytest(tmp_path, "-p", "no:asyncio", test_mine=test)


def test_a_state_and_faults(tmp_path: Path) -> None:
    conftest = """
import pytest
from azure_iaas.emulator import FaultPlan, Refuse, Requests, Rule

@pytest.fixture
def azure_iaas_state():
    async def fill(client):
        await client.create_hosted_service("web")
    return fill

@pytest.fixture
def azure_iaas_options():
    return {"sockets": False, "faults": FaultPlan(Rule(Refuse(503), when=Requests(operation="AddRole")))}
"""
    test = """
import asyncio
import pytest
from azure_iaas.emulator import LocalService

def names(client):
    return [each.service_name for each in asyncio.run(client.list_hosted_services())]

def test_by_python(azure_iaas_service, azure_iaas_client):
    assert list(azure_iaas_service.requests) == []
    assert names(azure_iaas_client) == ["web"]

@pytest.fixture
def from_a_file(tmp_path):
    with LocalService(tmp_path / "origin", sockets=False) as origin:
        origin.populate(lambda client: client.create_hosted_service("kept"))
    return tmp_path / "origin" / "state.sqlite3"

class TestFile:
    @pytest.fixture
    def azure_iaas_state(self, from_a_file):
        return from_a_file

    def test_by_a_file(self, azure_iaas_client):
        assert names(azure_iaas_client) == ["kept"]

@pytest.fixture(scope="module")
def shared():
    with LocalService(sockets=False) as service:
        yield service

class TestShared:
    @pytest.fixture
    def azure_iaas_service(self, shared):
        with shared.checkpoint():
            yield shared

    @pytest.mark.parametrize("turn", [1, 2])
    def test_each_finds_it_as_it_was(self, azure_iaas_client, turn):
        assert names(azure_iaas_client) == []
        asyncio.run(azure_iaas_client.create_hosted_service("mine"))
"""
    assert "4 passed" in run_pytest(tmp_path, "-p", "no:asyncio", conftest=conftest, test_mine=test)


OLDER = """
import pytest

pytestmark = pytest.mark.anyio

@pytest.fixture
def local_service_options():
    return {"speed": 500, "subscriptions": ["mine"]}

async def test_my_program(local_service, anyio_backend):
    async with local_service.client() as client:
        await client.create_hosted_service("mine")
        assert [each.service_name for each in await client.list_hosted_services()] == ["mine"]
    assert local_service.subscription_id == "mine"

async def test_with_its_client_and_its_clock(local_service, local_client):
    before = local_service.now()
    await local_client.create_hosted_service("mine")
    local_service.jump_clock(3600)
    assert (local_service.now() - before).total_seconds() >= 3600
    assert [each.operation for each in local_service.requests] == ["CreateHostedService"]
"""


def test_the_names_and_the_way_of_before(tmp_path: Path) -> None:
    conftest = 'pytest_plugins = ["azure_iaas.emulator.pytest_plugin"]\n'
    printed = run_pytest(tmp_path, "-p", "no:asyncio", conftest=conftest, test_mine=OLDER)
    assert "4 passed" in printed


def test_pytest_finds_it_itself_and_pays_nothing_for_it(tmp_path: Path) -> None:
    assert [each.value for each in entry_points(group="pytest11", name="azure_iaas")] == ["pytest_azure_iaas"]
    test = """
import sys

def test_nothing_is_imported(pytestconfig):
    assert pytestconfig.pluginmanager.hasplugin("azure_iaas")
    assert not {"azure_iaas", "httpx", "pydantic", "cryptography"} & set(sys.modules)
"""
    # respx, another plugin, imports httpx.
    assert "1 passed" in run_pytest(tmp_path, "-p", "no:asyncio", "-p", "no:respx", test_mine=test)


def test_what_is_missing_is_said_by_the_test_that_needs_it(tmp_path: Path) -> None:
    conftest = "import sys\nsys.modules['OpenSSL'] = None\n"
    test = """
import pytest

@pytest.mark.xfail(strict=True, raises=Exception)
def test_sockets(azure_iaas_service): ...

def test_in_memory(request):
    from azure_iaas import ConfigurationError
    with pytest.raises(ConfigurationError, match="pip install 'azure-iaas"):
        request.getfixturevalue("azure_iaas_service")
"""
    printed = run_pytest(tmp_path, "-p", "no:asyncio", conftest=conftest, test_mine=test)
    assert "1 passed, 1 xfailed" in printed


def test_the_page_on_testing(tmp_path: Path) -> None:
    blocks = blocks_of((ROOT / "docs" / "testing.md").read_text(encoding="utf-8"))
    files = {each.file.removesuffix(".py"): each.code for each in blocks if each.file is not None}
    assert len(files) == len(blocks)
    printed = run_pytest(tmp_path, "-p", "asyncio", "-o", "asyncio_mode=strict", *ASYNCIO, **files)
    assert "19 passed" in printed
