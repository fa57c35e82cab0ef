"""Successive halving, worked out by hand."""

import math
from typing import Any

import pytest

from dowse.domain.metrics import Goal
from dowse.errors import InvalidInput
from dowse.stopping.halving import HalvingRule, asha, hyperband
from dowse.stopping.protocol import Curve, Promotion, Standing, Verdict

MAXIMIZE, MINIMIZE = Goal.MAXIMIZE, Goal.MINIMIZE
PAUSED, RUNNING = Standing.PAUSED, Standing.RUNNING


def decide(
    rule: HalvingRule, own: list[float], *others: list[float], goal: Goal = MINIMIZE, trial: int = 9
) -> Verdict:
    curves = [Curve(trial=n, values=tuple(one)) for n, one in enumerate(others, 1)]
    return rule.decide(Curve(trial=trial, values=tuple(own)), curves, goal)


def promote(
    rule: HalvingRule, *curves: list[float], running: tuple[int, ...] = (), goal: Goal = MINIMIZE
) -> Promotion | None:
    """The curves are those of trials 1, 2, ..., which are paused unless they are running."""
    return rule.promote(
        [
            Curve(trial=n, values=tuple(one), standing=RUNNING if n in running else PAUSED)
            for n, one in enumerate(curves, 1)
        ],
        goal,
    )


def test_only_the_best_third_of_those_on_a_rung_goes_on() -> None:
    others = ([0.1], [0.2], [0.4], [0.5], [0.6])
    assert not decide(asha(), [0.15], *others).stop
    verdict = decide(asha(), [0.3], *others)
    assert (verdict.stop, verdict.pause) == (True, False)
    assert verdict.reason == "at rung 1 (1 report) 0.3 is 3rd of 6, 2 are let go on"
    assert verdict.numbers == {
        "rung": 1,
        "value": 0.3,
        "rank": 3,
        "compared": 6,
        "allowed": 2,
        "reached": 1,
    }


def test_the_best_of_the_first_few_goes_on_where_nothing_can_be_promoted_later() -> None:
    assert not decide(asha(), [0.3]).stop
    assert not decide(asha(), [0.3], [0.4]).stop
    assert decide(asha(), [0.3], [0.2]).stop


def test_trials_are_compared_on_rungs_only_by_what_they_reported_there() -> None:
    others = ([0.9, 0.9, 0.1], [0.9, 0.9, 0.2], [0.0, 0.0])
    assert not decide(asha(), [0.0, 0.9], *others).stop
    verdict = decide(asha(), [0.0, 0.0, 0.3], *others)
    assert verdict.reason == "at rung 2 (3 reports) 0.3 is 3rd of 3, 1 is let go on"


def test_rungs_begin_at_the_least_and_end_below_the_most_resource() -> None:
    worst = [[0.0] * 30] * 5
    stops = {k for k in range(1, 31) if decide(asha(min_resource=2), [1.0] * k, *worst).stop}
    assert stops == {2, 6, 18}
    rule = asha(min_resource=2, max_resource=18)
    stops = {k for k in range(1, 31) if decide(rule, [1.0] * k, *worst).stop}
    assert stops == {2, 6}
    rule = asha(reduction_factor=4)
    stops = {k for k in range(1, 31) if decide(rule, [1.0] * k, *worst).stop}
    assert stops == {1, 4, 16}


def test_of_equal_values_the_older_trial_is_ahead() -> None:
    assert not decide(asha(), [0.5], [0.5], [0.5], trial=0).stop
    assert decide(asha(), [0.5], [0.5], [0.5], trial=9).stop


def test_maximising_is_the_mirror_image() -> None:
    others = ([0.1], [0.2], [0.4], [0.5], [0.6])
    for own in (0.05, 0.15, 0.3, 0.7):
        mirrored = decide(asha(), [-own], *([-v for v in one] for one in others), goal=MAXIMIZE)
        assert mirrored.stop is decide(asha(), [own], *others).stop


@pytest.mark.parametrize(("goal", "worst"), [(MINIMIZE, math.inf), (MAXIMIZE, -math.inf)])
def test_a_trial_that_diverged_is_never_let_go_on(goal: Goal, worst: float) -> None:
    verdict = decide(asha(), [worst], goal=goal)
    assert verdict.reason.startswith("at rung 1 (1 report) a value that is no finite number is 1st")
    assert verdict.numbers["value"] is None
    assert decide(asha(resume=True), [worst], [worst], [worst], goal=goal, trial=0).pause
    assert promote(asha(resume=True), [worst], [worst], [worst], goal=goal) is None


def test_a_program_that_can_continue_is_paused_until_enough_others_have_come() -> None:
    rule = asha(resume=True)
    verdict = decide(rule, [0.3])
    assert (verdict.stop, verdict.pause) == (True, True)
    assert verdict.reason == "waits at rung 1 (1 report): 0.3 is 1st of 1, 0 are promoted"
    verdict = decide(rule, [0.3], [0.1], [0.2], [0.4], [0.5])
    assert verdict.reason == "waits at rung 1 (1 report): 0.3 is 3rd of 5, 1 is promoted"
    assert not decide(rule, [0.3], [0.4], [0.5]).stop  # It need not wait at all.


def test_the_best_of_a_rung_is_promoted_once_its_third_has_room() -> None:
    rule = asha(resume=True)
    assert promote(rule, [0.3], [0.2]) is None
    promotion = promote(rule, [0.3], [0.2], [0.4])
    assert promotion == Promotion(
        trial=2,
        reason="promoted from rung 1 (1 report): 0.2 is 1st of 3, 1 is promoted",
        numbers={
            "rung": 1,
            "value": 0.2,
            "rank": 1,
            "compared": 3,
            "allowed": 1,
            "reached": 1,
        },
    )


def test_a_trial_that_was_promoted_keeps_its_place_on_the_rungs_below() -> None:
    rule = asha(resume=True)
    curves = [[0.3], [0.2, 0.1], [0.4], [0.5], [0.6]]
    assert promote(rule, *curves, running=(2,)) is None
    found = promote(rule, *curves, [0.7], running=(2,))
    assert found is not None
    assert found.trial == 1


def test_whoever_waits_on_the_highest_rung_goes_first() -> None:
    rule = asha(resume=True)
    first = [[0.5], [0.5], [0.1], *([0.3, 0.3, 0.3 + n / 10] for n in range(3))]
    found = promote(rule, *first)
    assert found is not None
    assert (found.trial, found.numbers["rung"]) == (4, 2)


def test_nothing_is_promoted_where_programs_cannot_continue() -> None:
    assert promote(asha(), [0.1], [0.2], [0.3]) is None


def test_a_report_beyond_a_rung_puts_the_trial_on_it_once() -> None:
    rule = asha(resource="step", min_resource=10)

    def at(*steps: int) -> bool:
        own = Curve(trial=9, values=(1.0,) * len(steps), steps=steps)
        others = [Curve(trial=n, values=(0.0,) * 100, steps=tuple(range(100))) for n in range(1, 4)]
        return rule.decide(own, others, MINIMIZE).stop

    assert not at(5)
    assert at(5, 12)
    assert not at(5, 12, 25)
    assert at(5, 12, 25, 35)
    assert at(95)  # Three rungs at once.
    assert not at(0, 0, 0)


def test_a_value_at_a_step_is_the_first_one_reported_at_or_after_it() -> None:
    rule = asha(resource="step", min_resource=10)
    others = [Curve(trial=n, values=(9.0, 0.2, 9.0), steps=(5, 11, 20)) for n in (1, 2)]
    own = Curve(trial=9, values=(9.0, 0.1), steps=(8, 16))
    assert not rule.decide(own, others, MINIMIZE).stop
    verdict = rule.decide(Curve(trial=9, values=(0.0, 0.3), steps=(8, 16)), others, MINIMIZE)
    assert verdict.reason == "at rung 1 (step 10) 0.3 is 3rd of 3, 1 is let go on"


def test_trials_of_a_bracket_are_compared_with_each_other_from_a_later_rung_on() -> None:
    rule = hyperband(max_resource=9)
    assert rule.brackets == 3
    brackets = {n: rule._bracket(Curve(trial=n, values=())) for n in range(1, 18)}
    hard = next(n for n, bracket in brackets.items() if bracket == 0)
    soft = next(n for n, bracket in brackets.items() if bracket == 1)
    rivals = [Curve(trial=n, values=(0.0,) * 9) for n in brackets if brackets[n] == 0 and n != hard]
    verdict = rule.decide(Curve(trial=hard, values=(1.0,)), rivals, MINIMIZE)
    assert verdict.reason == (
        f"at rung 1 (1 report) 1 is {len(rivals) + 1}th of {len(rivals) + 1}, "
        f"{(len(rivals) + 1) // 3} are let go on in bracket 1"
    )
    for values in ((1.0,), (1.0,) * 3):
        assert not rule.decide(Curve(trial=soft, values=values), rivals, MINIMIZE).stop
    free = next(n for n, bracket in brackets.items() if bracket == 2)
    curves = [Curve(trial=n, values=(0.0,) * 9) for n in brackets if n != free]
    for k in range(1, 10):
        assert not rule.decide(Curve(trial=free, values=(1.0,) * k), curves, MINIMIZE).stop


def words_of(make: Any, **options: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        make(**options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("make", "options", "words"),
    [
        (asha, {"min_resource": 0}, "min_resource: must be a whole number of 1 or more, got 0"),
        (
            asha,
            {"reduction_factor": 1},
            "reduction_factor: must be a whole number of 2 or more, got 1",
        ),
        (
            asha,
            {"reduction_factor": 2.5},
            "reduction_factor: must be a whole number of 2 or more, got 2.5",
        ),
        (
            asha,
            {"min_resource": 9, "max_resource": 9},
            "max_resource: must be a whole number of 10 or more, got 9",
        ),
        (asha, {"resource": "epochs"}, "resource: must be one of reports, step, got 'epochs'"),
        (asha, {"resume": "yes"}, "resume: must be true or false, got 'yes'"),
        (
            hyperband,
            {"max_resource": 9, "brackets": 4},
            "brackets: must be a whole number from 1 to 3 "
            "(one for each rung, and one without), got 4",
        ),
        (hyperband, {"brackets": 11}, "brackets: must be a whole number from 1 to 10, got 11"),
        (hyperband, {"brackets": True}, "brackets: must be a whole number from 1 to 10, got True"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(
    make: Any, options: dict[str, object], words: str
) -> None:
    assert words_of(make, **options) == f"early_stopping.{words}"


def test_every_option_that_makes_no_sense_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        asha(min_resource=0, reduction_factor=1, resource="x", resume=None)  # type: ignore[arg-type]
    assert [problem.path for problem in caught.value.problems] == [
        f"early_stopping.{name}"
        for name in ("min_resource", "reduction_factor", "resource", "resume")
    ]


def test_hyperband_must_know_how_long_a_trial_is_or_how_many_brackets_there_are() -> None:
    assert words_of(hyperband) == (
        "early_stopping: hyperband needs max_resource, the length of a whole trial, or brackets"
    )
    assert hyperband(brackets=2).brackets == 2
    assert hyperband(max_resource=81).brackets == 5
    assert hyperband(max_resource=80).brackets == 5
    assert hyperband(max_resource=2).brackets == 2
