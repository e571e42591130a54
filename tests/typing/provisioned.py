"""Provisioning and the local service as type checkers see them. Never run; see `async_client`."""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_type

from azure_iaas import AzureError, ProvisioningError, ServiceManagementClient
from azure_iaas.emulator import LocalService
from azure_iaas.provisioning import (
    Event,
    EventKind,
    Plan,
    Problem,
    Provisioner,
    Report,
    RoleId,
    deprovision,
    provision,
)


async def provisioned(client: ServiceManagementClient, plan: Plan) -> None:
    assert_type(await provision(client, plan), Report)
    assert_type(await deprovision(client, plan), Report)
    provisioner = Provisioner(client, plan, max_parallel=4)
    assert_type(await provisioner.check(), list[Problem])
    async with provisioner.events() as events:
        async for event in events:
            assert_type(event, Event)
            assert_type(event.kind, EventKind)

    try:
        await provision(client, plan)
    except ProvisioningError as error:
        assert_type(error.report, Report)
        assert_type(error.report.summary(), str)
        assert_type(error.not_ready, Mapping[RoleId, AzureError])

    await provision(plan, client)  # type: ignore[arg-type]
    Provisioner(client, plan, max_parallel="4")  # type: ignore[arg-type]
    Provisioner(client)  # type: ignore[call-arg]


async def served() -> None:
    async with LocalService(speed=100, sockets=False) as service, service.client() as client:
        assert_type(client, ServiceManagementClient)
        assert_type(service.url, str | None)
        assert_type([each.operation for each in service.requests], list[str])
        service.jump_clock(3600)

    LocalService(speed="fast")  # type: ignore[arg-type]
    LocalService(dialect="latest")  # type: ignore[arg-type]
    LocalService(fast=True)  # type: ignore[call-arg]
