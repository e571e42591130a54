"""A pytest plugin for tests of programs that use the service.

In ``conftest.py``::

    pytest_plugins = ["azure_iaas.emulator.pytest_plugin"]

In a test::

    @pytest.mark.anyio
    async def test_my_program(local_service, local_client):
        accepted = await local_client.create_hosted_service("web")
        local_service.jump_clock(3600)
        assert [each.operation for each in local_service.requests] == ["CreateHostedService"]

To start it otherwise, override ``local_service_options`` in a module or ``conftest.py``::

    @pytest.fixture
    def local_service_options():
        return {"speed": 100, "strict": True}

The fixture runs on anyio's pytest plugin, which comes with anyio: on asyncio, and on trio where installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.emulator.local_service import LocalService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from azure_iaas.client import ServiceManagementClient


@pytest.fixture
def local_service_options() -> dict[str, Any]:
    """Give the arguments `local_service` is started with: operations at 1,000 times their speed."""
    return {"speed": 1000.0}


@pytest.fixture
async def local_service(
    anyio_backend: object, local_service_options: dict[str, Any]
) -> AsyncIterator[LocalService]:
    """Start a `LocalService` for one test: a free port, a throw-away folder, nothing left afterwards."""
    async with LocalService(**local_service_options) as service:
        yield service


@pytest.fixture
async def local_client(local_service: LocalService) -> AsyncIterator[ServiceManagementClient]:
    """Give a client of `local_service`, open for one test."""
    async with local_service.client() as client:
        yield client
