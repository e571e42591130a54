"""The pytest plugin for users' tests, used as they use it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import azure_iaas

ROOT = Path(azure_iaas.__file__).parents[1]

TEST = """
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


def test_a_users_test_gets_a_service_on_each_runtime(tmp_path: Path) -> None:
    # The options of this run, which its coverage needs, aren't a user's.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["azure_iaas.emulator.pytest_plugin"]\n')
    (tmp_path / "test_mine.py").write_text(TEST)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", tmp_path],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
