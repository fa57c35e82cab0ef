from __future__ import annotations

import numpy as np
import pytest

from dowse import Integer, SearchSpace
from dowse.analysis.confirm import ConfirmReport, confirm_report
from dowse.domain.confirmation import Confirmation, Entrant
from dowse.domain.history import Ending, History, Observation
from dowse.domain.metrics import Goal

SPACE = SearchSpace([Integer("n", 0, 99)])


def wanted(searched: list[float], seeds: int = 10) -> Confirmation:
    entrants = tuple(
        Entrant(trial=10 + i, parameters={"n": i}, value=value) for i, value in enumerate(searched)
    )
    return Confirmation(job="search", entrants=entrants, seeds=seeds)


def history(runs: list[list[float | None]]) -> History:
    """Values of each configuration by seed, seed by seed; None is a failure."""
    found = []
    for j in range(max(len(row) for row in runs)):
        for n, row in enumerate(runs):
            if j < len(row):
                value = row[j]
                ending = Ending.FAILED if value is None else Ending.MEASURED
                found.append(({"n": n}, ending, value))
    observations = tuple(
        Observation(number=i + 1, parameters=p, ending=ending, value=value)
        for i, (p, ending, value) in enumerate(found)
    )
    return History(observations=observations, index=len(observations))


def report(
    searched: list[float], runs: list[list[float | None]], goal: Goal = Goal.MINIMIZE
) -> ConfirmReport:
    return confirm_report(SPACE, wanted(searched), history(runs), goal)


def noisy(mean: float, seeds: int, seed: int, noise: float = 0.1) -> list[float | None]:
    return [float(v) for v in mean + noise * np.random.default_rng(seed).standard_normal(seeds)]


@pytest.mark.parametrize(("goal", "sign"), [(Goal.MINIMIZE, 1.0), (Goal.MAXIMIZE, -1.0)])
def test_the_lucky_one_loses_to_the_one_that_is_better(goal: Goal, sign: float) -> None:
    runs = [noisy(sign * 1.0, 10, 1), noisy(sign * 0.5, 10, 2), noisy(sign * 5.0, 3, 3)]
    found = report([sign * 0.4, sign * 0.45, sign * 0.48], runs, goal)
    assert (found.best, found.decided) == (11, True)
    assert [each.trial for each in found.entrants] == [11, 10, 12]
    first, second, last = found.entrants
    assert first.chance > 0.95
    assert first.low is not None
    assert first.high is not None
    assert first.low < sign * 0.5 < first.high
    assert second.behind == pytest.approx(0.5, abs=0.2)
    assert second.p is not None
    assert second.p < 0.001
    assert (last.dropped, last.runs) == (3, 3)
    assert "trial 11 is the best of 3" in found.message


def test_the_searched_value_was_too_good_by_the_curse() -> None:
    found = report([0.2, 0.3], [noisy(0.5, 10, 4), noisy(2.0, 3, 5)])
    assert found.estimate == pytest.approx(0.5, abs=0.1)
    assert found.curse == pytest.approx(0.3, abs=0.1)
    assert "0.28 worse than the 0.2 that the search saw" in found.message


@pytest.mark.parametrize(("goal", "sign"), [(Goal.MINIMIZE, 1.0), (Goal.MAXIMIZE, -1.0)])
def test_what_came_out_better_than_the_search_saw_is_said_to_be_better(
    goal: Goal, sign: float
) -> None:
    runs = [noisy(sign * 0.5, 10, 4), noisy(sign * 2.0, 3, 5)]
    found = report([sign * 0.9, sign * 2.0], runs, goal)
    assert found.curse == pytest.approx(-0.4, abs=0.1)
    assert " better than the " in found.message
    assert f"than the {sign * 0.9:.4g} that the search saw" in found.message


def test_what_is_too_close_is_not_decided_and_says_so() -> None:
    runs = [noisy(1.0, 10, 8), noisy(1.0, 10, 9)]
    found = report([0.9, 0.9], runs)
    assert not found.decided
    assert "is probably the best of 2" in found.message
    assert "may be as good" in found.message
    assert sum(each.chance for each in found.entrants) == pytest.approx(1.0)


def test_failures_are_counted_and_do_not_count_as_values() -> None:
    found = report([1.0, 1.0], [[None, 1.0, 1.1, 0.9], [None, None, 1.0]])
    by_trial = {each.trial: each for each in found.entrants}
    assert (by_trial[10].runs, by_trial[10].failed) == (4, 1)
    assert by_trial[10].mean == pytest.approx(1.0)
    assert by_trial[11].dropped == 2
    assert found.best == 10


def test_before_any_result_nothing_is_said_of_any() -> None:
    assert report([1.0, 2.0], [[None], [None]]).message == "no run gave a result"
    empty = confirm_report(SPACE, wanted([1.0, 2.0]), History(), Goal.MINIMIZE, over=False)
    assert (empty.message, empty.best, empty.entrants) == (
        "no run has given a result yet",
        None,
        (),
    )


def test_p_is_corrected_for_all_comparisons() -> None:
    runs = [noisy(0.0, 4, 1), *(noisy(0.15, 4, 2 + i) for i in range(4))]
    found = report([0.0] * 5, runs)
    values = [each.p for each in found.entrants[1:] if each.p is not None]
    assert len(values) == 4
    assert max(values) <= 1.0
