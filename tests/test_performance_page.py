"""``docs/performance.md`` is what the committed figures give."""

from __future__ import annotations

import itertools
import json
import random

import pytest

from benchmarks import page, waiting
from benchmarks.findings import exponent


def test_the_page_is_of_its_figures() -> None:
    assert page.PAGE.read_text() == page.written(json.loads(page.FIGURES.read_text())), (
        "run python -m benchmarks.page"
    )


def test_its_plots_are_there() -> None:
    for name in page.PLOTS:
        assert (page.FOLDER / f"{name}.svg").is_file()


def test_growth_is_the_power_of_the_size() -> None:
    assert exponent([(size, 7.0 * size**1.5) for size in (1, 10, 50, 400)]) == pytest.approx(1.5)
    assert exponent([(1, 2.0), (10, 20.0)]) is None


@pytest.mark.parametrize("price", [0.1, 2.0, 30.0])
def test_no_schedule_is_cheaper_than_the_best_by_hindsight(price: float) -> None:
    dice = random.Random(1)
    ends = sorted(dice.uniform(1.0, 60.0) for _ in range(7))

    def cost(schedule: tuple[float, ...]) -> float:
        followed = [waiting.follow(iter(schedule), seconds) for seconds in ends]
        return sum(
            questions * price + noticed - seconds
            for (questions, noticed, _), seconds in zip(followed, ends, strict=True)
        )

    schedules = ((*some, ends[-1]) for count in range(7) for some in itertools.combinations(ends[:-1], count))
    questions, delay = waiting.best_by_hindsight(ends, price)
    assert questions * price + delay == pytest.approx(min(map(cost, schedules)))
