"""What all measurements share: interleaved rounds, child processes, medians, and the machine.

Rules:

1. What is compared is measured in turns within one run, so that a machine that gets busy does so for all.
2. A ratio is the median of the rounds' ratios; a figure is the median of the rounds.
3. CPU is user and system time of the process that is measured, and of no other.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import ssl
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
OURS: Final = "azure_iaas"
LIBRARIES: Final = (
    *("httpx", "anyio", "h11", "pydantic", "trio"),
    *("aiohttp", "azure-core", "xmltodict", "azure-servicemanagement-legacy", "cryptography"),
)


@dataclass(frozen=True)
class Effort:
    """How much is measured.

    Attributes:
        quick: a few seconds for each topic; what needs more is left out.
    """

    quick: bool = False

    def number(self, quick: int, full: int) -> int:
        return quick if self.quick else full


@dataclass(frozen=True)
class Rounds:
    """What each peer took in each round."""

    taken: dict[str, list[float]]

    def median(self, peer: str) -> float:
        return statistics.median(self.taken[peer])

    def ratio(self, one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(self.taken[one], self.taken[other], strict=True))


def interleaved(peers: Mapping[str, Callable[[], float]], rounds: int) -> Rounds:
    """Measure all peers in turns, each round beginning with another one."""
    names = list(peers)
    taken: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            taken[name].append(peers[name]())
    return Rounds(taken)


def cpu_ms(work: Callable[[], object], times: int) -> float:
    """CPU time of one call, in milliseconds, from so many."""
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times * 1e3


# Child processes


def command(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", module, *arguments]


def process_cpu_ms(arguments: Sequence[str]) -> float:
    """CPU time of a process from its start to its end, in milliseconds."""
    process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return (used.ru_utime + used.ru_stime) * 1e3


class Peer:
    """A process of a topic's module that measures when it is asked to, and keeps open what it has opened.

    On its side are `turns` and `tell`.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, **turn: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(turn) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def peer(module: str, *arguments: str) -> Iterator[Peer]:
    """Start a peer; it ends with the block."""
    with subprocess.Popen(
        command(module, *arguments), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Peer(process)
        assert process.stdin is not None
        process.stdin.close()


def turns() -> Iterator[dict[str, Any]]:
    for line in sys.stdin:
        yield json.loads(line)


def tell(figures: Any) -> None:
    print(json.dumps(figures), flush=True)


def in_child(module: str, *arguments: str) -> Any:
    """What a process of a topic's module told last."""
    done = subprocess.run(
        command(module, *arguments), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# The machine


def machine() -> dict[str, str]:
    """What it ran on."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "OpenSSL": ssl.OPENSSL_VERSION.removeprefix("OpenSSL ").partition(" ")[0],
        "expat": expat.EXPAT_VERSION.removeprefix("expat_"),
        **{name: version for name in LIBRARIES if (version := _version(name))},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None
