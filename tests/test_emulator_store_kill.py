"""Services killed with ``kill -9`` in a stream of writes: what was answered is there, whatever the moment."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from azure_iaas.emulator.store import FILE_NAME, Store
from tests import soak
from tests.emulator_driver import Driver

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal")

KILLS: Final = soak.number(5, 100)

# Each line is one write that was answered; every third service goes again.
_VICTIM = """
import sys
from azure_iaas.emulator.store import Store
from tests.emulator_driver import Driver
driver = Driver(store=Store(sys.argv[1]))
number = 0
while True:
    number += 1
    name = f"svc{sys.argv[2]}-{number}"
    print("+", name, driver.create_service(name), flush=True)
    if number % 3 == 0:
        path = f"services/hostedservices/{name}"
        print("-", name, driver.ok("DELETE", path, status=200), flush=True)
"""


@pytest.mark.timeout(1200)
def test_nothing_answered_is_lost(tmp_path: Path, tell: Callable[[str], None]) -> None:
    path = tmp_path / FILE_NAME
    rng = random.Random(8)
    there: set[str] = set()
    operations: set[str] = set()
    writes = unanswered = 0
    for kill in range(KILLS):
        victim = subprocess.Popen(
            [sys.executable, "-c", _VICTIM, os.fspath(path), str(kill)],
            cwd=Path(__file__).parents[1],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert victim.stdout is not None
        with victim.stdout as lines:
            answered = [lines.readline() for _ in range(rng.randrange(1, 60))]
            victim.send_signal(signal.SIGKILL)
            answered += lines.readlines()  # what it said before it died
        victim.wait(timeout=60)
        for line in answered:
            sign, name, request_id = line.split()
            assert request_id not in operations
            operations.add(request_id)
            if sign == "+":
                there.add(name)
            else:
                there.remove(name)
        writes += len(answered)
        with closing(Store(path)) as store:
            driver = Driver(store=store)
            found = set(re.findall("<ServiceName>(.*?)</ServiceName>", driver.get("services/hostedservices")))
            # The write that was under way may be there or not.
            assert len(found ^ there) <= 1
            unanswered += len(found ^ there)
            for line in answered:
                assert "<Status>Succeeded</Status>" in driver.get(f"operations/{line.split()[2]}")
            for name in sorted(found):
                driver.ok("DELETE", f"services/hostedservices/{name}", status=200)
        there.clear()
    tell(f"kill -9: {KILLS} services killed, {writes} writes answered, none lost, {unanswered} unsaid")
