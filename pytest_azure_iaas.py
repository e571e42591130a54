"""Fixtures for tests of programs that use the service. Installed with azure_iaas, pytest finds them itself.

=========================  ==============================================================================
``azure_iaas_service``     a `LocalService` for one test: a free port, a throw-away folder, nothing left
``azure_iaas_client``      a client of it, in memory: nothing to open or to close
``azure_iaas_options``     override it: the arguments `azure_iaas_service` is started with
``azure_iaas_state``       override it: what is there at first; a state file, or an async function that is
                           called with a client
=========================  ==============================================================================

They are plain fixtures, so they work with pytest-asyncio in all its modes, with anyio's plugin, and in tests
that aren't async: the service lives on a thread of its own.

This module imports neither azure_iaas nor anything else until a fixture is used: it is part of every pytest
run where azure_iaas is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.emulator import LocalService

    State = str | Path | Callable[[ServiceManagementClient], Awaitable[object]] | None


@pytest.fixture
def local_service_options() -> dict[str, Any]:
    """Give the arguments of the service; the name of before for `azure_iaas_options`."""
    return {"speed": 1000.0}


@pytest.fixture
def azure_iaas_options(local_service_options: dict[str, Any]) -> dict[str, Any]:
    """Give the arguments of `LocalService`: operations take a thousandth of their time."""
    return local_service_options


@pytest.fixture
def azure_iaas_state() -> State:
    """Give what is there at first: nothing, a state file, or an async function called with a client."""
    return None


@pytest.fixture
def azure_iaas_service(azure_iaas_options: dict[str, Any], azure_iaas_state: State) -> Iterator[LocalService]:
    """Start a `LocalService` on a thread of its own for one test."""
    from azure_iaas.emulator import LocalService  # noqa: PLC0415 - see above

    options = dict(azure_iaas_options)
    if azure_iaas_state is not None and not callable(azure_iaas_state):
        options["state"] = azure_iaas_state
    with LocalService(**options) as service:
        if callable(azure_iaas_state):
            service.populate(azure_iaas_state)
            service.requests.clear()
        yield service


@pytest.fixture
def azure_iaas_client(azure_iaas_service: LocalService) -> ServiceManagementClient:
    """Give a client that talks to the service in memory, from any event loop.

    ``async with azure_iaas_service.client()`` gives one that talks to it over TLS.
    """
    return azure_iaas_service.client_in_memory()


@pytest.fixture
def local_service(azure_iaas_service: LocalService) -> LocalService:
    """Give `azure_iaas_service`, by its name of before."""
    return azure_iaas_service


@pytest.fixture
def local_client(azure_iaas_client: ServiceManagementClient) -> ServiceManagementClient:
    """Give `azure_iaas_client`, by its name of before."""
    return azure_iaas_client
