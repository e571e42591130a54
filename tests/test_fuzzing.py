"""Hostile answers, requests and journals: typed errors only, whatever the bytes."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests import soak
from tools.fuzz.harnesses import HARNESSES, seeds
from tools.fuzz.mutation import mutations

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT = soak.number(2_000, 100_000)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", HARNESSES)
def test_whatever_comes_only_documented_errors_leave(name: str, tell: Callable[[str], None]) -> None:
    harness = HARNESSES[name]()
    longest = 0.0
    for data in mutations(seeds(name), Random(2012), COUNT):
        began = time.perf_counter()
        try:
            harness(data)
        except Exception as error:
            raise AssertionError(data) from error
        longest = max(longest, time.perf_counter() - began)
    # Told, not asserted: it is the machine's as much as the program's.
    tell(f"{COUNT} {name} fuzzed: the longest took {longest * 1000:.0f} ms")
