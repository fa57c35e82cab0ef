"""The curve rule: what it predicts, when it stops, and that its numbers lead to its verdict."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from dowse.domain.metrics import Goal
from dowse.errors import InvalidInput
from dowse.stopping.curve import CurveRule
from dowse.stopping.forecast import chance, expected_end, forecast, ranked
from dowse.stopping.protocol import Curve, Standing, Verdict
from dowse.stopping.recount import leads_to_stop

T = 30
MINIMIZE, MAXIMIZE = Goal.MINIMIZE, Goal.MAXIMIZE
Values = Sequence[float]


def training(floor: float, *, seed: int = 0, reports: int = T, noise: float = 0.005) -> list[float]:
    """A loss that falls to its floor as a power law."""
    t = np.arange(1, reports + 1)
    shaken = np.random.default_rng(seed).normal(0.0, noise, reports)
    return list(map(float, floor + 0.8 * t**-0.8 + shaken))


def curve(trial: int, values: Values, standing: Standing = Standing.RUNNING) -> Curve:
    return Curve(trial=trial, values=tuple(values), standing=standing)


def completed(floors: Values) -> list[Curve]:
    return [
        curve(number, training(floor, seed=number), Standing.COMPLETED)
        for number, floor in enumerate(floors, start=1)
    ]


FEW = completed([0.1, 0.3, 0.5])
MANY = completed([0.1 + 0.04 * k for k in range(12)])


def first_stop(
    values: Values, others: list[Curve], rule: CurveRule | None = None, goal: Goal = MINIMIZE
) -> int | None:
    """The report at which a trial is stopped."""
    rule = rule or CurveRule()
    for k in range(1, len(values) + 1):
        if rule.decide(curve(99, values[:k]), others, goal).stop:
            return k
    return None


def stop(values: Values, others: list[Curve]) -> Verdict:
    k = first_stop(values, others)
    assert k is not None
    return CurveRule().decide(curve(99, values[:k]), others, MINIMIZE)


@pytest.mark.parametrize("others", [FEW, MANY])
def test_a_hopeless_trial_is_stopped_early_and_a_better_one_never(others: list[Curve]) -> None:
    found = first_stop(training(0.9, seed=50), others)
    assert found is not None
    assert found <= T // 3
    assert first_stop(training(0.05, seed=51), others) is None


def test_more_trials_make_a_verdict_surer_and_earlier() -> None:
    near = training(0.2, seed=52)
    of_few, of_many = (first_stop(near, others) or T for others in (FEW, MANY))
    assert of_many < of_few


def test_the_prediction_lies_near_the_end_and_nearer_the_more_is_known() -> None:
    misses: dict[int, list[float]] = {3: [], 10: [], 20: []}
    for seed in range(20):
        values = training(0.1 + 0.02 * seed, seed=100 + seed)
        for k, missed in misses.items():
            found = forecast(curve(99, values[:k]), MANY, MINIMIZE)
            assert found is not None
            missed.append(abs(values[-1] - found.expected.value))
            assert missed[-1] < 3.0 * found.expected.sd
    means = [float(np.mean(missed)) for missed in misses.values()]
    assert means == sorted(means, reverse=True)
    assert means[1] < 0.03


def test_maximising_is_the_mirror_image() -> None:
    mirrored = [replace(one, values=tuple(-v for v in one.values)) for one in MANY]
    for floor in (0.05, 0.2, 0.4, 0.9):
        values = training(floor, seed=53)
        turned = [-value for value in values]
        assert first_stop(values, MANY) == first_stop(turned, mirrored, goal=MAXIMIZE)
    words = CurveRule().decide(curve(99, [-9.0] * 5), mirrored, MAXIMIZE).reason
    assert "the chance that it ends above -0.1" in words


def test_one_training_that_diverged_does_not_blur_the_others() -> None:
    wild = curve(40, [10.0 ** min(k, 18) for k in range(T)], Standing.COMPLETED)
    lost = curve(41, [1.0] * 5 + [math.inf] * (T - 5), Standing.COMPLETED)
    for floor in (0.05, 0.3, 0.9):
        values = training(floor, seed=54)
        plain, beside = first_stop(values, MANY), first_stop(values, [*MANY, wild, lost])
        assert (plain is None) is (beside is None)
        assert abs((plain or 0) - (beside or 0)) <= 3


def test_a_training_that_is_lost_is_stopped_at_the_third_report_without_a_number() -> None:
    for worst, goal in ((math.inf, MINIMIZE), (-math.inf, MAXIMIZE)):
        values = [0.5, 0.4, worst, worst, 0.3, worst, worst, worst, worst]
        assert first_stop(values, [], goal=goal) == 8
    verdict = CurveRule().decide(curve(9, [0.5, *[math.inf] * 3]), [], MINIMIZE)
    assert verdict.reason == "after 4 reports the last 3 are no finite numbers"
    assert (verdict.numbers["lost"], verdict.expected) == (3, None)
    assert leads_to_stop(verdict.numbers, MINIMIZE)
    assert not leads_to_stop({**verdict.numbers, "lost": 2}, MINIMIZE)


def test_an_overflow_that_passes_is_forgiven() -> None:
    values = training(0.05, seed=55)
    values[6] = values[7] = math.inf
    assert first_stop(values, MANY) is None


def test_nothing_is_predicted_of_too_few_or_too_short_trials() -> None:
    bad = [9.0] * T
    assert first_stop(bad, FEW[:2]) is None
    assert first_stop(bad, FEW, CurveRule(min_trials=4)) is None
    assert forecast(curve(99, [0.5] * T), MANY, MINIMIZE) is None
    assert forecast(curve(99, []), MANY, MINIMIZE) is None


@pytest.mark.parametrize("standing", [Standing.RUNNING, Standing.ENDED])
def test_until_trials_complete_the_rank_among_ten_decides(standing: Standing) -> None:
    others = [replace(one, standing=standing) for one in MANY]
    assert first_stop([9.0] * T, others) == 3
    assert first_stop(training(0.12, seed=59), others) is None
    assert first_stop([9.0] * T, others[:8]) is None
    verdict = CurveRule().decide(curve(99, [9.0] * 5), others, MINIMIZE)
    assert "after 5 reports 96.2 % of 13 trials are ahead of it; the chance" in verdict.reason
    assert verdict.expected is None
    assert leads_to_stop(verdict.numbers, MINIMIZE)
    assert not leads_to_stop({**verdict.numbers, "rank": 0.1}, MINIMIZE)


def test_side_by_side_a_trial_is_ranked_at_the_latest_report_that_ten_have() -> None:
    rule, bad = CurveRule(), [9.0] * 9
    others = [replace(one.upto(5), standing=Standing.RUNNING) for one in MANY]
    verdict = rule.decide(curve(99, bad[:7]), others, MINIMIZE)
    assert "after 7 reports 96.2 % of 13 trials are ahead of it at report 5;" in verdict.reason
    assert (verdict.numbers["report"], verdict.numbers["ranked_at"]) == (7, 5)
    assert verdict.numbers["ranked_value"] == 9.0
    assert leads_to_stop(verdict.numbers, MINIMIZE)
    overflow = [*bad[:4], math.inf, *bad[5:]]
    assert not rule.decide(curve(99, overflow[:7]), others, MINIMIZE).stop
    # How it was doing in the first half of its way says too little of it.
    brief = [one.upto(4) for one in others]
    assert [rule.decide(curve(99, bad[:k]), brief, MINIMIZE).stop for k in (8, 9)] == [True, False]


def test_the_same_rank_says_more_the_later_it_is_taken() -> None:
    others = [replace(one, standing=Standing.RUNNING) for one in MANY]
    middling = training(0.22, seed=61)
    at = first_stop(middling, others)
    assert at is not None
    assert 3 < at < T
    verdict = CurveRule().decide(curve(99, middling[:at]), others, MINIMIZE)
    assert leads_to_stop(verdict.numbers, MINIMIZE)
    assert not leads_to_stop({**verdict.numbers, "ranked_at": 3}, MINIMIZE)


def test_by_rank_a_great_chance_stops_more_but_never_who_is_first_or_equal_to_the_first() -> None:
    others = [replace(one, standing=Standing.RUNNING) for one in MANY]
    near = training(0.12, seed=59)
    assert first_stop(near, others) is None
    assert first_stop(near, others, CurveRule(min_chance=0.12)) is not None
    loosest = CurveRule(min_chance=0.9)
    assert first_stop(training(0.0, seed=60), others[:9], loosest) is None
    equal = [curve(k, [0.5] * T) for k in range(1, 12)]
    assert first_stop([0.5] * T, equal, loosest) is None
    assert first_stop([0.6] * T, equal, loosest) == 3


def test_a_trial_that_has_been_as_good_as_the_best_is_let_run() -> None:
    dip = [0.05, *[2.0] * 10]
    assert first_stop(dip, MANY) is None
    assert first_stop([2.0] * 11, MANY) is not None


def test_delay_and_interval_say_which_reports_are_judged_and_a_long_delay_stops_nothing() -> None:
    bad = training(2.0, seed=56)
    assert first_stop(bad, MANY, CurveRule(delay_evaluation=12)) == 12
    assert first_stop(bad, MANY, CurveRule(delay_evaluation=12, evaluation_interval=5)) == 15
    assert first_stop(bad, MANY, CurveRule(delay_evaluation=T + 1)) is None


def test_a_smaller_chance_stops_later() -> None:
    values = training(0.2, seed=57)
    stops = [first_stop(values, MANY, CurveRule(min_chance=p)) or T for p in (0.001, 0.015, 0.3)]
    assert stops == sorted(stops, reverse=True)
    assert stops[0] > stops[-1]


def test_constant_and_equal_metrics_stop_nothing() -> None:
    flat = [curve(k, [0.5] * T, Standing.COMPLETED) for k in range(1, 6)]
    assert first_stop([0.5] * T, flat) is None


def test_the_rank_counts_those_that_were_stopped_before_as_worse_and_equal_ones_half() -> None:
    others = [curve(1, [1.0, 0.2]), curve(2, [1.0, 0.5]), curve(3, [1.0, 0.9])]
    others += [curve(4, [9.0], Standing.ENDED), curve(5, [0.1])]
    assert ranked(curve(9, [1.0, 0.5]), others, MINIMIZE) == (2.0 / 5.0, 5)
    assert ranked(curve(9, [1.0, 0.5]), others, MAXIMIZE) == (2.0 / 5.0, 5)
    assert ranked(curve(9, [0.3]), [], MINIMIZE) == (0.5, 1)


def test_a_verdict_explains_itself_and_its_numbers_lead_to_it() -> None:
    verdict = stop(training(0.6, seed=58), MANY)
    numbers = verdict.numbers
    assert verdict.expected is not None
    assert numbers["expected"] == verdict.expected.value
    assert numbers["expected_sd"] == verdict.expected.sd
    best = min(one.values[-1] for one in MANY)
    assert "report" in verdict.reason
    assert f"the chance that it ends below {best:.6g}, the best of 12 completed" in verdict.reason
    assert verdict.reason.endswith("less than 1.5 %")
    again = chance(numbers["mean"], numbers["spread"], numbers["degrees"], numbers["rank"])
    assert again == numbers["chance"] < numbers["threshold"] == 0.015
    assert numbers["leading"] == best
    on_scale = math.asinh((numbers["expected"] - numbers["leading"]) / numbers["unit"])
    assert on_scale == pytest.approx(numbers["mean"])
    assert leads_to_stop(numbers, MINIMIZE)
    assert not leads_to_stop({**numbers, "threshold": numbers["chance"] / 2}, MINIMIZE)


def test_every_wrong_option_is_named_with_its_value() -> None:
    with pytest.raises(InvalidInput) as caught:
        CurveRule(evaluation_interval=-1, min_trials=2)
    assert str(caught.value).splitlines() == [
        "early_stopping.evaluation_interval: must be a whole number of 0 or more, got -1",
        "early_stopping.min_trials: must be a whole number of 3 or more, got 2",
    ]
    for wrong in (0, 1.0, math.nan, True, "0.1"):
        with pytest.raises(InvalidInput, match="min_chance: must be a number between 0 and 1, got"):
            CurveRule(min_chance=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("lost", [math.nan, math.inf, -math.inf])
def test_nothing_is_expected_of_a_training_that_diverged(lost: float) -> None:
    values = training(0.2)[:10]
    assert expected_end(curve(99, values), MANY, MINIMIZE) is not None
    assert expected_end(curve(99, [*values, lost]), MANY, MINIMIZE) is None
    assert expected_end(curve(99, []), MANY, MINIMIZE) is None
