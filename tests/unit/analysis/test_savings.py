import math
from typing import Any

import pytest

from dowse.analysis.savings import Basis, Run, audit, exact_interval, expected_length, savings
from dowse.domain.metrics import Goal


def run(trial: int, reports: int, **fields: Any) -> Run:
    given: dict[str, Any] = {"step": 10 * reports, "seconds": 2.0 * reports, **fields}
    return Run(trial=trial, reports=reports, attempt_s=given["seconds"], **given)


def whole(trial: int, value: float, reports: int = 50) -> Run:
    return run(trial, reports, completed=True, value=value)


def stopped(trial: int, reports: int, rule: str = "median") -> Run:
    return run(trial, reports, rule=rule, condemned_at=reports, value=0.9)


def control(trial: int, value: float | None, **fields: Any) -> Run:
    given: dict[str, Any] = {"completed": value is not None, "value": value, **fields}
    return run(trial, 50, rule="auto", condemned_at=10, is_control=True, **given)


# ---------------------------------------------------------------------- full lengths


def test_trials_that_all_ran_equally_long_say_how_long_a_stopped_one_would_have_been() -> None:
    found = expected_length(stopped(3, 10), [whole(1, 0.1), whole(2, 0.2), stopped(3, 10)])
    assert (found.reports, found.step, found.basis, found.trials) == (50.0, 500.0, Basis.EQUAL, 2)


def test_a_trial_that_was_stopped_at_its_last_report_is_not_in_the_account() -> None:
    runs = [whole(1, 0.1), stopped(2, 50), stopped(3, 49)]
    found = savings(runs, Goal.MINIMIZE)
    assert expected_length(runs[1], runs).reports == runs[1].reports
    assert [entry.trial for entry in found.entries] == [3]
    assert found.totals[0].stopped == 1


def test_of_different_lengths_the_median_counts() -> None:
    runs = [whole(1, 0.1, 20), whole(2, 0.2, 40), whole(3, 0.3, 50), stopped(4, 10)]
    found = expected_length(runs[3], runs)
    assert (found.reports, found.basis) == (40.0, Basis.MEDIAN)


def test_a_trial_that_went_further_than_all_others_has_an_unknown_length() -> None:
    runs = [whole(1, 0.1, 20), stopped(2, 30), stopped(3, 60)]
    longest = expected_length(runs[1], runs)
    assert (longest.reports, longest.basis) == (60.0, Basis.LONGEST)
    assert expected_length(runs[2], runs).basis is Basis.UNKNOWN


# ---------------------------------------------------------------------- savings


def test_a_stopped_trial_saves_the_rest_at_its_own_pace() -> None:
    slow = run(2, 10, rule="median", condemned_at=10, seconds=100.0)
    found = savings([whole(1, 0.1), slow, stopped(3, 25, "bandit")], Goal.MINIMIZE)
    first, second = found.entries
    assert (first.saved_reports, first.saved_steps, first.saved_seconds) == (40.0, 400.0, 400.0)
    assert (second.saved_reports, second.saved_seconds) == (25.0, 50.0)
    assert [(each.rule, each.stopped, each.reports) for each in found.totals] == [
        ("bandit", 1, 25.0),
        ("median", 1, 40.0),
    ]
    assert (found.spent_reports, found.spent_seconds) == (85, 250.0)
    assert found.share == pytest.approx(65 / 150)


def test_programs_that_number_no_steps_save_no_steps() -> None:
    finished = run(1, 50, step=0, completed=True, value=0.1)
    (entry,) = savings(
        [finished, run(2, 10, step=0, rule="median", condemned_at=10)], Goal.MINIMIZE
    ).entries
    assert (entry.saved_reports, entry.saved_steps) == (40.0, None)


def test_what_is_not_known_is_not_counted_as_saved() -> None:
    found = savings([stopped(1, 10)], Goal.MINIMIZE)
    assert found.entries[0].saved_reports is None
    assert (found.totals[0].reports, found.totals[0].unknown, found.share) == (0.0, 1, None)


def test_a_job_that_stopped_nothing_has_saved_nothing() -> None:
    found = savings([whole(1, 0.1)], Goal.MINIMIZE)
    assert (found.entries, found.totals, found.share) == ((), (), None)
    assert found.audit.message == (
        "no condemned trial ran on as a control: how often stopping was wrong is not known"
    )


# ---------------------------------------------------------------------- controls


@pytest.mark.parametrize("goal", list(Goal))
def test_a_control_was_wrongly_condemned_when_it_beats_every_other_trial(goal: Goal) -> None:
    sign = 1.0 if goal is Goal.MINIMIZE else -1.0
    others = [whole(1, sign * 0.3), whole(2, sign * 0.5), stopped(3, 10)]
    lucky, unlucky, equal = (
        control(4, sign * 0.2),
        control(5, sign * 0.4),
        control(6, sign * 0.3),
    )
    found = audit([*others[:2], lucky, unlucky, equal], goal)
    assert (found.controls, found.judged, found.wrong, found.rate) == (3, 3, 1, 1 / 3)


def test_controls_are_not_compared_with_each_other() -> None:
    found = audit([whole(1, 0.3), control(2, 0.1), control(3, 0.2)], Goal.MINIMIZE)
    assert found.wrong == 2


def test_controls_without_a_result_are_named_and_not_judged() -> None:
    runs = [whole(1, 0.3), control(2, None, is_over=False), control(3, None), control(4, 0.4)]
    found = audit(runs, Goal.MINIMIZE)
    assert (found.controls, found.judged, found.open, found.failed) == (3, 1, 1, 1)
    assert (found.reports, found.seconds) == (3 * 40, 3 * 80.0)
    assert found.message == (
        "0 of 1 controls beat the best of the other trials: stopping was wrong in 0 % of cases, "
        "with 95% confidence in 0 to 97.5 %; so few controls say little"
    )


def test_without_a_judged_control_anything_may_be_true() -> None:
    found = audit([whole(1, 0.3), control(2, None, is_over=False)], Goal.MINIMIZE)
    assert (found.rate, found.low, found.high) == (None, 0.0, 1.0)
    assert found.message == "no control has ended with a result yet"


@pytest.mark.parametrize(
    ("hits", "draws", "low", "high"),
    # Clopper and Pearson's tables, as R's binom.test has them.
    [(0, 10, 0.0, 0.3085), (1, 20, 0.00127, 0.2487), (5, 10, 0.1871, 0.8129), (10, 10, 0.6915, 1)],
)
def test_the_interval_is_the_exact_one(hits: int, draws: int, low: float, high: float) -> None:
    found = exact_interval(hits, draws)
    assert found == pytest.approx((low, high), abs=1e-4)


def test_the_exact_interval_holds_the_truth_as_often_as_it_says() -> None:
    for draws, truth in [(5, 0.05), (20, 0.1), (40, 0.3)]:
        covered = 0.0
        for hits in range(draws + 1):
            chance = math.comb(draws, hits) * truth**hits * (1 - truth) ** (draws - hits)
            low, high = exact_interval(hits, draws)
            covered += chance if low <= truth <= high else 0.0
        assert covered >= 0.95
