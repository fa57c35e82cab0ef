import math
from collections.abc import Sequence
from dataclasses import replace

from dowse.domain.metrics import Goal, Measurement
from dowse.domain.trial import Trial, TrialState
from dowse.service.judging import Judge, curve_of
from dowse.stopping.halving import asha
from dowse.stopping.protocol import GO_ON, Curve, Standing, Verdict
from tests.unit.service.values import a_report, a_trial, good


class StopsAtSecond:
    """A rule that stops at the second report exactly, and remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[float, ...]] = []
        self.others: list[tuple[int, Standing]] = []

    def decide(self, curve: Curve, others: Sequence[Curve], goal: Goal) -> Verdict:
        self.shown.append(curve.values)
        self.others = [(other.trial, other.standing) for other in others]
        if len(curve.values) != 2:
            return GO_ON
        return Verdict(stop=True, reason="it is the second", numbers={"k": 2})


RUNNING = a_trial(9, TrialState.RUNNING, attempt=2)


def judged(rule: StopsAtSecond, *batches: Sequence[float]) -> list[bool]:
    """Whether the trial is stopped after each batch of reports."""
    judge = Judge(rule, name="second", goal=Goal.MINIMIZE)
    arrived: list[Measurement] = []

    def reports(trial: Trial) -> list[list[Measurement]]:
        return [arrived]

    found = []
    for batch in batches:
        arrived.extend(a_report(value) for value in batch)
        decided = judge.verdict(RUNNING, [RUNNING], reports, new=len(batch))
        found.append(decided is not None)
    return found


def test_each_report_is_judged_once_and_in_order() -> None:
    rule = StopsAtSecond()
    assert judged(rule, [1.0], [2.0]) == [False, True]
    assert rule.shown == [(1.0,), (1.0, 2.0)]


def test_reports_that_come_together_are_judged_as_if_they_had_come_alone() -> None:
    rule = StopsAtSecond()
    assert judged(rule, [1.0, 2.0, 3.0]) == [True]
    assert rule.shown == [(1.0,), (1.0, 2.0)]


def test_repeated_deliveries_are_not_judged_again() -> None:
    rule = StopsAtSecond()
    judge = Judge(rule, name="second", goal=Goal.MINIMIZE)
    reports = [a_report(1.0)]
    for _ in range(3):
        judge.verdict(RUNNING, [], lambda trial: [reports], new=1)
    assert rule.shown == [(1.0,)]


def test_what_an_earlier_owner_has_judged_is_not_judged_by_the_next() -> None:
    rule = StopsAtSecond()
    judge = Judge(rule, name="second", goal=Goal.MINIMIZE)
    reports = [a_report(value) for value in (1.0, 2.0, 3.0)]
    assert judge.verdict(RUNNING, [], lambda trial: [reports], new=1) is None
    assert rule.shown == [(1.0, 2.0, 3.0)]


def test_a_verdict_names_the_rule_the_attempt_and_its_numbers() -> None:
    judge = Judge(StopsAtSecond(), name="second", goal=Goal.MINIMIZE)
    reports = [a_report(1.0), a_report(2.0)]
    decided = judge.verdict(RUNNING, [], lambda trial: [reports], new=1)
    assert decided is not None
    assert (decided.trial, decided.attempt, decided.rule) == (9, 2, "second")
    assert (decided.message, decided.numbers) == ("it is the second", {"k": 2})


def test_every_started_trial_is_compared_with_and_each_is_read_once_in_every_standing() -> None:
    rule = StopsAtSecond()
    judge = Judge(rule, name="second", goal=Goal.MINIMIZE)
    read: list[int] = []
    counts = {9: 1, 5: 0}

    def reports(trial: Trial) -> list[list[Measurement]]:
        read.append(trial.number)
        return [[a_report(0.5)] * counts.get(trial.number, 3)]

    sibling = a_trial(4, TrialState.RUNNING)
    others = [good(1), a_trial(2, TrialState.STOPPED), a_trial(3, TrialState.QUEUED), sibling]
    others += [a_trial(5, TrialState.FAILED), RUNNING]
    for _ in range(2):
        judge.verdict(RUNNING, others, reports, new=1)
    assert rule.others == [
        (1, Standing.COMPLETED),
        (2, Standing.ENDED),
        (4, Standing.RUNNING),
    ]
    assert sorted(set(read)) == [1, 2, 4, 5, 9]
    assert [read.count(number) for number in (1, 2, 4, 5)] == [1, 1, 1, 1]
    counts[9] = 2
    done = [replace(one, state=TrialState.SUCCEEDED) if one is sibling else one for one in others]
    for _ in range(2):
        judge.verdict(RUNNING, done, reports, new=1)
    assert rule.others == [(1, Standing.COMPLETED), (2, Standing.ENDED), (4, Standing.COMPLETED)]
    assert [read.count(number) for number in (1, 2, 4, 5)] == [1, 1, 2, 1]


def test_a_curve_holds_the_finite_values_only() -> None:
    reports = [a_report(value) for value in (0.5, math.nan, math.inf, 0.25)]
    curve = Curve(trial=1, values=(0.5, 0.25), standing=Standing.COMPLETED, steps=(0, 0))
    assert curve_of(good(1), reports) == curve
    assert curve_of(RUNNING, reports).standing is Standing.RUNNING
    diverged = curve_of(RUNNING, reports, worst=math.inf)
    assert diverged.values == (0.5, math.inf, math.inf, 0.25)


class Attempts:
    """Reports of attempts by trial, as (step, value)."""

    def __init__(self, found: dict[int, list[list[tuple[int, float]]]]) -> None:
        self.found = found

    def __call__(self, trial: Trial) -> list[list[Measurement]]:
        attempts = self.found[trial.number][: trial.attempt]
        return [[a_report(value, step) for step, value in one] for one in attempts]


def climbing() -> Judge:
    return Judge(asha(resume=True), name="asha", goal=Goal.MINIMIZE)


def test_a_rule_that_pauses_says_so_and_what_it_had_seen() -> None:
    reports = Attempts({1: [[(1, 0.1)]], 2: [[(1, 0.2), (2, 0.2)]], 3: [[(1, 0.3)]]})
    waiting = a_trial(1, TrialState.PAUSED)
    over, trial = a_trial(2, TrialState.STOPPED), a_trial(3, TrialState.RUNNING)
    decided = climbing().verdict(trial, [waiting, over, trial], reports, new=1)
    assert decided is not None
    assert (decided.pause, decided.report, decided.seen) == (True, 1, {1: 1})
    assert decided.expected is None
    assert decided.message == "waits at rung 1 (1 report): 0.3 is 3rd of 3, 1 is promoted"


def test_the_best_paused_trial_is_promoted_with_what_was_known_of_the_others() -> None:
    reports = Attempts({1: [[(1, 0.2)]], 2: [[(1, 0.1)]], 3: [[(1, 0.3), (2, 0.3)]], 4: [[]]})
    trials = [a_trial(number, TrialState.PAUSED) for number in (1, 2)]
    trials += [a_trial(3, TrialState.RUNNING), a_trial(4)]
    decided = climbing().promotion(trials, reports)
    assert decided is not None
    assert (decided.trial, decided.attempt, decided.rule) == (2, 1, "asha")
    assert decided.message == "promoted from rung 1 (1 report): 0.1 is 1st of 3, 1 is promoted"
    assert decided.seen == {1: 1, 2: 1, 3: 2}


def test_of_a_trial_that_began_again_the_reports_of_its_present_attempt_are_seen() -> None:
    reports = Attempts({1: [[(1, 0.1), (2, 0.1)], [(1, 0.1)]], 2: [[(1, 0.2)]]})
    again = a_trial(1, TrialState.RUNNING, attempt=2)
    trial = a_trial(2, TrialState.RUNNING)
    decided = climbing().verdict(trial, [again, trial], reports, new=1)
    assert decided is not None
    assert decided.seen == {1: 1}


def test_a_promotion_is_found_as_soon_as_the_last_trial_for_it_has_come() -> None:
    reports = Attempts({1: [[(1, 0.2)]], 2: [[(1, 0.1)]], 3: [[(1, 0.3)]]})
    judge, trials = climbing(), [a_trial(number, TrialState.PAUSED) for number in (1, 2)]
    for _ in range(2):
        assert judge.promotion(trials, reports) is None
    decided = judge.promotion([*trials, a_trial(3, TrialState.PAUSED)], reports)
    assert decided is not None
    assert decided.trial == 2


def test_a_promoted_trial_that_waits_for_its_slot_keeps_its_place() -> None:
    reports = Attempts({1: [[(1, 0.2)]], 2: [[(1, 0.1)], []], 3: [[(1, 0.3)]], 4: [[(1, 0.4)]]})
    trials = [a_trial(number, TrialState.PAUSED) for number in (1, 3, 4)]
    promoted = a_trial(2, TrialState.QUEUED, attempt=2)
    assert climbing().promotion([*trials, promoted], reports) is None


def test_rules_that_pause_nothing_promote_nothing() -> None:
    judge = Judge(asha(), name="asha", goal=Goal.MINIMIZE)
    trials = [a_trial(number, TrialState.PAUSED) for number in (1, 2, 3)]
    assert judge.promotion(trials, lambda trial: [[a_report(trial.number / 10)]]) is None
    judge = Judge(StopsAtSecond(), name="second", goal=Goal.MINIMIZE)
    assert judge.promotion(trials, lambda trial: [[a_report(trial.number / 10)]]) is None


def test_what_a_program_repeats_after_its_promotion_is_not_judged_again() -> None:
    """It would be paused on the rung that it was just promoted from, again and again."""
    others = {n: [[(step, 0.0) for step in range(1, 10)]] for n in (1, 2, 3)}
    for again in (range(3, 10), range(1, 10)):  # From a checkpoint, and from the beginning.
        reports = Attempts({**others, 4: [[(1, 1.0), (2, 1.0), (3, 1.0)], []]})
        trial = a_trial(4, TrialState.RUNNING, attempt=2)
        trials = [*(a_trial(n, TrialState.STOPPED) for n in others), trial]
        judge = climbing()
        for step in again:
            reports.found[4][1].append((step, 1.0))
            decided = judge.verdict(trial, trials, reports, new=1)
            assert (decided is not None) is (step == 9)


def test_what_a_stopped_trial_would_have_ended_with_is_predicted_for_every_rule() -> None:
    judge = Judge(StopsAtSecond(), name="second", goal=Goal.MINIMIZE)
    curves = {1: [1.0, 0.5, 0.4], 2: [2.0, 1.5, 1.4], 3: [3.0, 2.5, 2.4], 9: [5.0, 4.0]}

    def reports(trial: Trial) -> list[list[Measurement]]:
        return [[a_report(value) for value in curves[trial.number]]]

    decided = judge.verdict(RUNNING, [good(1), good(2), good(3)], reports, new=1)
    assert decided is not None
    assert decided.expected is not None
    assert 2.4 < decided.expected.value < 4.5
    fresh = Judge(StopsAtSecond(), name="second", goal=Goal.MINIMIZE)
    alone = fresh.verdict(RUNNING, [good(1)], reports, new=1)
    assert alone is not None
    assert alone.expected is None


def test_no_verdict_is_given_at_the_report_with_which_every_completed_trial_ended() -> None:
    def stops(*lengths: int) -> bool:
        judge = Judge(StopsAtSecond(), name="second", goal=Goal.MINIMIZE)
        made = dict(enumerate(lengths, start=1))

        def reports(trial: Trial) -> list[list[Measurement]]:
            return [[a_report(0.5)] * made.get(trial.number, 2)]

        trials = [*map(good, made), a_trial(7, TrialState.STOPPED)]
        return judge.verdict(RUNNING, trials, reports, new=1) is not None

    assert not stops(2)
    assert not stops(2, 2)
    assert stops()
    assert stops(1)
    assert stops(3, 3)
    assert stops(2, 3)
