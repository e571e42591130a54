"""When to ask again: with few questions, late by a few percent, at any scale."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.operations.pace import (
    FIRST_SECONDS,
    LONGEST_PAUSE_SECONDS,
    MET_MIDWAY,
    RECORDED_SECONDS,
    SHORTEST_PAUSE_SECONDS,
    UNHURRIED,
    Pace,
)
from benchmarks import waiting
from tests.conftest import CORPUS

KINDS = [*RECORDED_SECONDS, "NeverHeardOf"]


def follow(pace: Pace, kind: str, duration: float, **more: float) -> tuple[int, float]:
    """Ask as the pace says until the end; gives the questions asked and the seconds it was noticed late."""
    now = last = 0.0
    questions = 0
    while True:
        now = pace.next_question(kind, last, **more)
        questions += 1
        if now >= duration:
            pace.observe(kind, now, last_seen_running=last)
            return questions, now - duration
        last = now


@pytest.mark.corpus
def test_recorded_operations_cost_few_questions_with_nothing_learnt() -> None:
    if not CORPUS.is_dir():
        pytest.skip(f"no recorded exchanges at {CORPUS}")
    measured = waiting.asked(waiting.drawn(CORPUS, random.Random(1)), waiting.fresh())
    assert measured.questions <= 9
    assert statistics.mean(measured.delays) <= 1.2
    assert measured.late <= 0.1


def test_the_pace_is_better_than_a_growing_pause_on_documented_durations() -> None:
    runs = list(waiting.documented(random.Random(1)))
    ours = waiting.asked(runs, waiting.learning())
    growing = waiting.asked(runs, lambda _, seconds: waiting.follow(waiting.growing(), seconds))
    assert ours.questions < growing.questions
    assert statistics.mean(ours.delays) < statistics.mean(growing.delays) / 2


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
def test_with_experience_few_questions_find_the_end_in_time(scale: float) -> None:
    dice, pace = random.Random(1), Pace()
    durations = [dice.uniform(30.0, 40.0) * scale for _ in range(300)]
    answers = [follow(pace, "AddRole", duration) for duration in durations]
    later = answers[50:]
    late = sum(seconds for _, seconds in later) / sum(durations[50:])
    assert late < 0.04
    assert sum(questions for questions, _ in later) / len(later) < 10.0


def test_a_slow_one_does_not_make_the_next_ones_seem_slow() -> None:
    pace = Pace()
    pace.observe("AddRole", 700.0)
    assert pace.next_question("AddRole") <= LONGEST_PAUSE_SECONDS
    for _ in range(12):
        follow(pace, "AddRole", 30.0)
    assert follow(pace, "AddRole", 30.0)[1] < 6.0


def test_what_has_failed_early_is_noticed_at_once() -> None:
    assert follow(Pace(), "AddRole", 0.05) == (1, FIRST_SECONDS - 0.05)


def test_a_service_that_is_faster_is_so_for_all_kinds() -> None:
    pace = Pace()
    for _ in range(3):
        follow(pace, "CreateDeployment", 0.3)
    assert follow(pace, "AddDataDisk", 0.3)[1] < 0.3
    for _ in range(40):
        follow(pace, "CreateDeployment", 33.0)
    assert pace.next_question("AddRole", 2.0) > 10.0


def test_kinds_never_seen_begin_as_recorded() -> None:
    for kind in RECORDED_SECONDS:
        assert Pace().next_question(kind) == FIRST_SECONDS
    assert 15.0 < Pace().next_question("CreateDeployment", FIRST_SECONDS) < 30.0
    assert 5.0 < Pace().next_question("NeverHeardOf", FIRST_SECONDS) < 30.0


def test_what_is_not_ours_is_asked_about_rarely() -> None:
    dice, pace = random.Random(2), Pace()
    questions = [follow(pace, MET_MIDWAY, dice.uniform(5.0, 60.0), worth=UNHURRIED)[0] for _ in range(200)]
    assert sum(questions) / 200 < 3.0


@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0.0, 1e6), st.floats(0.0, 1.0))),
    st.floats(0.0, 1e6),
    st.floats(0.001, 1.0),
)
def test_pauses_are_never_hammering_nor_endless(
    kind: str, seen: list[tuple[str, float, float]], running_at: float, worth: float
) -> None:
    pace = Pace()
    for other, seconds, part in seen:
        pace.observe(other, seconds, last_seen_running=seconds * part)
    pause = pace.next_question(kind, running_at, worth=worth) - running_at
    rounding = 1e-9 * running_at
    assert (
        SHORTEST_PAUSE_SECONDS - rounding <= pause <= max(LONGEST_PAUSE_SECONDS, running_at / 10) + rounding
    )
