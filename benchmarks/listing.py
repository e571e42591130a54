"""What a long list costs on both sides: ``list_hosted_services`` of the local service, in memory.

Figures are CPU of the one process that asks, answers, writes the document and reads it into models.
"""

from __future__ import annotations

import asyncio
import gc
import time
from typing import TYPE_CHECKING

from azure_iaas.emulator import LocalService
from benchmarks.findings import Findings, Goal, Series
from benchmarks.measuring import OURS, Rounds

if TYPE_CHECKING:
    from azure_iaas import ServiceManagementClient
    from benchmarks.measuring import Effort


async def taken_ms(client: ServiceManagementClient, count: int) -> float:
    gc.collect()
    began = time.process_time()
    assert len(await client.list_hosted_services()) == count
    return (time.process_time() - began) * 1e3


async def measured(sizes: tuple[int, ...], rounds: int) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    async with LocalService(sockets=False) as service, service.client() as client:
        made = 0
        for size in sizes:
            for number in range(made, size):
                await client.create_hosted_service(f"service{number}")
            made = size
            took = Rounds({OURS: [await taken_ms(client, size) for _ in range(rounds + 1)][1:]})
            points.append((size, took.median(OURS)))
    return points


def measure(effort: Effort) -> Findings:
    sizes = (1000,) if effort.quick else (100, 300, 1000, 2000)
    points = asyncio.run(measured(sizes, effort.number(5, 11)))
    goal = Goal("list_hosted_services of 1,000 services, CPU of both sides", "ms", 150, dict(points)[1000])
    return Findings([goal], [Series("CPU of list_hosted_services", OURS, "services", "ms", points)])
