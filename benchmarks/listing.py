"""What a long list costs on both sides: ``list_hosted_services`` of the local service, in memory.

Figures are CPU of the one process that asks, answers, writes the document and reads it into models.
"""

from __future__ import annotations

import asyncio
import gc
import time
from typing import TYPE_CHECKING, Final

from azure_iaas.emulator import LocalService
from benchmarks.findings import Findings, Goal, Series
from benchmarks.measuring import OURS, Rounds

if TYPE_CHECKING:
    from azure_iaas import ServiceManagementClient
    from benchmarks.measuring import Effort


WITHOUT_GC: Final = "azure_iaas, garbage collector off"


async def taken_ms(client: ServiceManagementClient, count: int) -> float:
    gc.collect()
    began = time.process_time()
    assert len(await client.list_hosted_services()) == count
    return (time.process_time() - began) * 1e3


async def in_turns(client: ServiceManagementClient, count: int, rounds: int) -> Rounds:
    took = Rounds({OURS: [], WITHOUT_GC: []})
    await taken_ms(client, count)  # what is made once is made
    for _ in range(rounds):
        took.taken[OURS].append(await taken_ms(client, count))
        gc.disable()
        took.taken[WITHOUT_GC].append(await taken_ms(client, count))
        gc.enable()
    return took


async def measured(sizes: tuple[int, ...], rounds: int) -> dict[int, Rounds]:
    took: dict[int, Rounds] = {}
    async with LocalService(sockets=False) as service, service.client() as client:
        for size in sizes:
            for number in range(max(took, default=0), size):
                await client.create_hosted_service(f"service{number}")
            took[size] = await in_turns(client, size, rounds)
    return took


def measure(effort: Effort) -> Findings:
    sizes = (1000,) if effort.quick else (100, 300, 1000, 2000)
    took = asyncio.run(measured(sizes, effort.number(5, 9)))
    what = "list_hosted_services of 1,000 services, CPU of both sides"
    return Findings(
        [Goal(what, "ms", 150, took[1000].median(OURS))],
        [
            Series(
                "CPU of list_hosted_services",
                peer,
                "services",
                "ms",
                [(size, each.median(peer)) for size, each in took.items()],
            )
            for peer in (OURS, WITHOUT_GC)
        ],
    )
