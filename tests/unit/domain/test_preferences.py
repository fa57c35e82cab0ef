from __future__ import annotations

from typing import Any

import pytest

from dowse import Categorical, Double, Integer, SearchSpace
from dowse.domain.preferences import End, Preference, problems, rank
from dowse.domain.trial import Trial

SPACE = SearchSpace(
    [
        Integer("hidden", 1, 64),
        Double("dropout", 0.0, 1.0),
        Categorical("optimizer", ["sgd", "adam", "lamb"]),
        Categorical("fused", [True, False]),
    ]
)


def trial(times: tuple[float, float] | None = None, **parameters: Any) -> Trial:
    started, ended = times or (None, None)
    return Trial(
        job_id=1,
        job="j",
        number=1,
        parameters=parameters,
        created_at=0.0,
        started_at=started,
        ended_at=ended,
    )


def test_the_wanted_end_of_a_number_comes_first() -> None:
    low, high = Preference("hidden", End.LOW), Preference("hidden", End.HIGH)
    assert rank(trial(hidden=8), [low]) < rank(trial(hidden=20), [low])
    assert rank(trial(hidden=20), [high]) < rank(trial(hidden=8), [high])


def test_labels_come_in_the_order_in_which_they_are_listed_and_the_others_last() -> None:
    order = [Preference("optimizer", ("adam", "sgd"))]
    ranks = [rank(trial(optimizer=name), order) for name in ("adam", "sgd", "lamb")]
    assert ranks == [(0.0,), (1.0,), (2.0,)]
    assert rank(trial(fused=True), [Preference("fused", (False, True))]) == (1.0,)


def test_the_first_preference_that_differs_decides() -> None:
    both = [Preference("dropout", End.HIGH), Preference("hidden", End.LOW)]
    assert rank(trial(dropout=0.5, hidden=9), both) < rank(trial(dropout=0.1, hidden=1), both)
    assert rank(trial(dropout=0.5, hidden=1), both) < rank(trial(dropout=0.5, hidden=9), both)


@pytest.mark.parametrize("end", End)
def test_a_parameter_that_takes_no_part_is_the_simplest(end: End) -> None:
    wanted = [Preference("dropout", end)]
    assert rank(trial(), wanted) < rank(trial(dropout=0.0), wanted)


@pytest.mark.parametrize("end", End)
def test_time_is_that_of_the_present_attempt_and_unknown_comes_last(end: End) -> None:
    wanted = [Preference("time", end)]
    assert rank(trial((5.0, 15.0)), wanted) == ((10.0,) if end is End.LOW else (-10.0,))
    assert rank(trial((5.0, 15.0)), wanted) < rank(trial(), wanted)


def test_preferences_are_of_the_space_and_make_sense_there() -> None:
    given = [
        Preference("hiden", End.LOW),
        Preference("optimizer", End.LOW),
        Preference("optimizer", ("adagrad",)),
        Preference("time", (1, 2)),
        Preference("hidden", (8, 65)),
    ]
    assert [str(problem) for problem in problems(given, SPACE)] == [
        "prefer.hiden: is neither a parameter nor time; there are hidden, dropout, optimizer, "
        "fused",
        "prefer.optimizer: has no order: list its values, the best first, got low for sgd, adam, "
        "lamb",
        "prefer.optimizer: 'adagrad' is no value of it: one of 'sgd', 'adam', 'lamb'",
        "prefer.time: must be low or high, got a list",
        "prefer.hidden: 65 is no value of it: a whole number from 1 to 64",
    ]
    assert problems([Preference("time", End.LOW), Preference("hidden", (8, 9))], SPACE) == []
