"""``docs/performance.md`` is what the committed figures give."""

from __future__ import annotations

import json

from benchmarks import page


def test_the_page_is_of_its_figures() -> None:
    assert page.PAGE.read_text() == page.written(json.loads(page.FIGURES.read_text())), (
        "run python -m benchmarks.page"
    )


def test_its_plots_are_there() -> None:
    for name in page.PLOTS:
        assert (page.FOLDER / f"{name}.svg").is_file()
