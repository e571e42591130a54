"""When to ask again: late by a few percent, with few questions, at any scale."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.operations.pace import (
    LATEST_FIRST_SECONDS,
    SHARE,
    SHORTEST_PAUSE_SECONDS,
    Pace,
)


def follow(pace: Pace, kind: str, duration: float) -> tuple[int, float]:
    """Ask as the pace says until the end; gives the questions asked and the seconds it was noticed late."""
    elapsed = last = 0.0
    questions = 0
    while True:
        elapsed += pace.pause_seconds(kind, elapsed)
        questions += 1
        if elapsed >= duration:
            pace.observe(kind, elapsed, last_seen_running=last)
            return questions, elapsed - duration
        last = elapsed


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
def test_with_experience_few_questions_find_the_end_in_time(scale: float) -> None:
    dice, pace = random.Random(1), Pace()
    durations = [dice.uniform(30.0, 40.0) * scale for _ in range(300)]
    answers = [follow(pace, "AddRole", duration) for duration in durations]
    later = answers[50:]
    late = sum(seconds for _, seconds in later) / sum(durations[50:])
    assert late < 0.04
    if scale < 5.0:
        assert sum(questions for questions, _ in later) / len(later) < 5.0


def test_a_slow_one_does_not_make_the_next_ones_seem_slow() -> None:
    pace = Pace()
    pace.observe("AddRole", 700.0)
    assert pace.first_seconds("AddRole") <= LATEST_FIRST_SECONDS
    for _ in range(12):
        follow(pace, "AddRole", 30.0)
    assert follow(pace, "AddRole", 30.0)[1] < 6.0


def test_without_experience_fast_and_slow_services_are_both_found_out() -> None:
    assert follow(Pace(), "AddRole", 0.05)[1] < 0.3
    questions, late = follow(Pace(), "AddRole", 35.0)
    assert questions < 25
    assert late < 0.09 * 35.0


def test_another_kind_is_a_first_guess() -> None:
    pace = Pace()
    pace.observe("CreateDeployment", 40.0, last_seen_running=38.0)
    assert 20.0 < pace.pause_seconds("AddRole", 0.0) < 39.0
    assert not pace.known("AddRole")


def test_what_is_not_ours_is_asked_about_rarely() -> None:
    dice, pace, questions = random.Random(2), Pace(), 0
    for _ in range(200):
        duration, elapsed, last = dice.uniform(5.0, 60.0), 0.0, 0.0
        while True:
            elapsed += pace.unhurried_pause_seconds("foreign", elapsed)
            questions += 1
            if elapsed >= duration:
                pace.observe("foreign", elapsed, last_seen_running=max(last, elapsed / 2))
                break
            last = elapsed
    assert questions / 200 < 2.5


@given(st.lists(st.floats(0.0, 1e6)), st.floats(0.0, 1e6), st.floats(0.01, 1.0))
def test_pauses_are_never_hammering_nor_endless(seen: list[float], elapsed: float, share: float) -> None:
    pace = Pace()
    for seconds in seen:
        pace.observe("AddRole", seconds)
    for pause in (
        pace.pause_seconds("AddRole", elapsed, share=share),
        pace.pause_seconds("AddDataDisk", elapsed, share=share),
    ):
        assert SHORTEST_PAUSE_SECONDS <= pause <= max(LATEST_FIRST_SECONDS, elapsed, share * elapsed, 1.0)
    assert pace.pause_seconds("AddRole", elapsed) >= min(SHARE * elapsed, SHORTEST_PAUSE_SECONDS)
