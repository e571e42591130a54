"""How soon the local service is ready: with new certificates, with those there are, with a kept state.

Figures are seconds of ``async with LocalService(...)`` until clients can connect, in a process that has been
through it once, so that imports are done; beside them the command, from its start to the line that says where
it listens.
"""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from azure_iaas.emulator import LocalService
from benchmarks.findings import Findings, Goal, Series
from benchmarks.measuring import command, interleaved

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measuring import Effort

NEW = "new certificates"
WARM = "warm"
THROW_AWAY = "throw-away folder"


async def opened(folder: Path | None) -> float:
    service = LocalService(data_dir=folder)
    began = time.perf_counter()
    async with service:
        return time.perf_counter() - began


def with_new_certificates() -> float:
    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(opened(Path(name)))


def with_those_of(folder: Path | None) -> float:
    return asyncio.run(opened(folder))


def command_ready(folder: Path) -> float:
    arguments = command("azure_iaas.emulator", "--port", "0", "--json", "--data-dir", str(folder))
    began = time.perf_counter()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline()
            return time.perf_counter() - began
        finally:
            server.terminate()


async def fill(folder: Path, services: int) -> None:
    async with LocalService(data_dir=folder) as service, service.client_in_memory() as client:
        for number in range(services):
            await client.create_hosted_service(f"service{number}")


def measure(effort: Effort) -> Findings:
    sizes = (100,) if effort.quick else (100, 300, 1000)
    rounds = effort.number(5, 11)
    found = Findings()
    with tempfile.TemporaryDirectory() as name:
        folders = {size: Path(name) / str(size) for size in (0, *sizes)}
        for size, folder in folders.items():
            asyncio.run(fill(folder, size))
        ways: dict[str, Callable[[], float]] = {
            NEW: with_new_certificates,
            WARM: partial(with_those_of, folders[0]),
            THROW_AWAY: partial(with_those_of, None),
            **{str(size): partial(with_those_of, folders[size]) for size in sizes},
            "the command, warm": partial(command_ready, folders[0]),
        }
        took = interleaved(ways, rounds)
    found.goals = [
        Goal("the local service, ready: warm", "s", 0.1, took.median(WARM)),
        Goal("the local service, ready: with new certificates", "s", 0.3, took.median(NEW)),
    ]
    found.series = [
        Series("ready", way, "", "s", [(1, took.median(way))])
        for way in (WARM, THROW_AWAY, NEW, "the command, warm")
    ]
    kept = [(size, took.median(str(size))) for size in sizes]
    found.series.append(Series("ready with a kept state", WARM, "services", "s", kept))
    return found
