"""The page of frictions names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "friction.md"


def test_the_tests_it_names_are_there() -> None:
    file, named = "", 0
    for given, test in re.findall(r"`(test_\w+\.py)?::(test_\w+)`", PAGE.read_text(encoding="utf-8")):
        file = given or file
        text = (TESTS / file).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {test}\(", text, re.MULTILINE), f"{file}::{test}"
        named += 1
    assert named > 40


def test_every_friction_is_there_once() -> None:
    rows = re.findall(r"^\| N(\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [str(number) for number in range(1, 21)]
