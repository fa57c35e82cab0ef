import math
from dataclasses import replace
from typing import Any

import pytest

from dowse.domain.job import Intent, JobState
from dowse.domain.reasons import Reason
from dowse.domain.spec import FailurePolicy
from dowse.domain.trial import Trial, TrialState
from dowse.service.running.endings import Ending, ending
from tests.unit.service.values import a_job, a_spec, a_trial, failed, good

AUTOMATIC, IGNORE, STRICT = FailurePolicy.AUTOMATIC, FailurePolicy.IGNORE, FailurePolicy.STRICT


def end_of(
    *trials: Trial,
    exhausted: bool = False,
    now: float = 1.0,
    job: Any = None,
    fault: str | None = None,
    promotes: bool = False,
    **spec: Any,
) -> Ending | None:
    return ending(
        job or a_job(),
        a_spec(**spec),
        trials,
        exhausted=exhausted,
        now=now,
        fault=fault,
        promotes=promotes,
    )


def failure(*trials: Trial, **given: Any) -> tuple[Reason, str] | None:
    end = end_of(*trials, **given)
    if end is None or end.state is not JobState.FAILED:
        return None
    assert end.at_once
    return end.reason, end.message


def no_metric(number: int) -> Trial:
    return failed(number, Reason.NO_METRIC)


def timed_out(number: int, objective: float | None = None) -> Trial:
    return a_trial(
        number,
        TrialState.CANCELLED,
        reason=Reason.TIMEOUT,
        message="the trial's time limit of 5 s was reached",
        objective=objective,
    )


# ---------------------------------------------------------------------- the first trial (G35)


@pytest.mark.parametrize("reason", [Reason.NONZERO_EXIT, Reason.START_ERROR, Reason.LOST])
def test_the_first_trial_that_fails_ends_the_job_at_once(reason: Reason) -> None:
    assert failure(failed(1, reason), a_trial(2, TrialState.RUNNING)) == (
        Reason.FIRST_TRIAL_FAILED,
        "the first trial failed, so the others probably would too: because of 1",
    )


def test_the_first_trial_is_number_one_and_not_the_first_that_ends() -> None:
    assert failure(a_trial(1, TrialState.RUNNING), failed(2)) is None
    assert failure(good(1), failed(2)) is None


@pytest.mark.parametrize("reason", [Reason.NO_METRIC, Reason.INFEASIBLE])
def test_a_first_trial_that_ran_to_its_end_does_not_end_the_job(reason: Reason) -> None:
    assert failure(failed(1, reason), a_trial(2, TrialState.RUNNING)) is None


def test_an_explicit_limit_replaces_the_rule_of_the_first_trial() -> None:
    assert failure(failed(1), failed=2) is None


# ---------------------------------------------------------------------- too many (G34, G36)


def test_an_explicit_limit_ends_the_job_when_so_many_have_failed() -> None:
    assert failure(good(1), failed(2), failed(3), failed=3) is None
    assert failure(good(1), failed(2), failed(3), no_metric(4), failed=3) == (
        Reason.TOO_MANY_FAILURES,
        "3 trials failed, which is the limit; the last one: trial 4, because of 4",
    )


def test_more_than_five_and_more_than_half_must_have_failed() -> None:
    five = [failed(n) for n in range(2, 7)]
    assert failure(good(1), *five) is None
    assert failure(good(1), *five, failed(7)) == (
        Reason.TOO_MANY_FAILURES,
        "6 of 7 trials failed; the last one: trial 7, because of 7",
    )
    half = [good(n) for n in range(10, 15)]
    assert failure(good(1), *five, failed(7), *half, trials=20) is None


def test_running_trials_are_not_among_the_ended_ones() -> None:
    running = [a_trial(n, TrialState.RUNNING) for n in range(20, 40)]
    six = [failed(n) for n in range(2, 8)]
    assert failure(good(1), *six, *running, trials=50) is not None


def test_a_missing_metric_counts_in_no_automatic_rule() -> None:
    assert failure(good(1), *[no_metric(n) for n in range(2, 10)], trials=20) is None


def test_both_numbers_of_the_automatic_rule_are_settings() -> None:
    two = (failed(2), failed(3))
    assert failure(good(1), *two) is None
    assert failure(good(1), *two, failed_at_least=1) is not None
    assert failure(good(1), *two, failed_at_least=1, failed_share=0.7) is None


@pytest.mark.parametrize("state", [TrialState.CANCELLED, TrialState.STOPPED])
def test_timeouts_and_stops_are_no_failures(state: TrialState) -> None:
    trials = [a_trial(n, state, reason=Reason.TIMEOUT) for n in range(1, 9)]
    assert failure(*trials, failed=1, trials=20) is None


# ---------------------------------------------------------------------- the other policies


def test_the_strict_policy_ends_the_job_with_the_first_failure() -> None:
    assert failure(good(1), failed(2), failures=STRICT) == (
        Reason.TOO_MANY_FAILURES,
        "trial 2 failed: because of 2",
    )
    assert failure(good(1), no_metric(2), failures=STRICT) == (
        Reason.NO_METRIC,
        "trial 2: because of 2",
    )


def test_the_ignoring_policy_fails_only_a_job_whose_every_trial_failed() -> None:
    three = (failed(1), failed(2), failed(3))
    assert failure(*three, failures=IGNORE) is None
    assert failure(*three, failures=IGNORE, trials=3) == (
        Reason.TOO_MANY_FAILURES,
        "every trial failed; the last one: because of 3",
    )
    assert failure(*three, good(4), failures=IGNORE, trials=4) is None


def test_a_value_reported_before_the_failure_does_not_save_the_job() -> None:
    reported = a_trial(1, TrialState.FAILED, reason=Reason.NONZERO_EXIT, objective=0.5)
    assert failure(reported, failures=IGNORE, trials=1) is not None


def test_an_explicit_limit_counts_in_the_ignoring_policy_too() -> None:
    assert failure(good(1), failed(2), failures=IGNORE, failed=1) is not None


# ---------------------------------------------------------------------- nothing measured (G31)


def test_a_job_in_which_no_trial_reported_the_metric_fails_for_that_reason() -> None:
    assert failure(no_metric(1), no_metric(2), trials=2) == (
        Reason.NO_METRIC,
        "no trial reported 'loss': because of 2",
    )
    assert failure(timed_out(1), trials=1) == (
        Reason.NO_METRIC,
        "no trial reported 'loss': the trial's time limit of 5 s was reached",
    )


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_job_in_which_nothing_finite_was_reported_fails(value: float) -> None:
    diverged = a_trial(
        1, TrialState.FAILED, reason=Reason.INFEASIBLE, message="only nan", objective=value
    )
    assert failure(diverged, trials=1) == (
        Reason.NO_METRIC,
        "no trial reported a finite 'loss': only nan",
    )


def test_one_value_is_enough_and_one_trial_without_it_does_no_harm() -> None:
    end = end_of(no_metric(1), good(2), trials=2)
    assert end is not None
    assert end.state is JobState.SUCCEEDED
    end = end_of(no_metric(1), timed_out(2, objective=0.5), trials=2)
    assert end is not None
    assert end.state is JobState.SUCCEEDED


# ---------------------------------------------------------------------- completion (16)


def test_every_trial_counts_towards_the_maximum_whatever_its_end() -> None:
    end = end_of(good(1), failed(2), timed_out(3), trials=3)
    assert end == Ending(
        state=JobState.SUCCEEDED,
        reason=Reason.TRIALS_DONE,
        message="all 3 trials are done",
        at_once=False,
    )


@pytest.mark.parametrize("state", [TrialState.QUEUED, TrialState.RUNNING, TrialState.STOPPING])
def test_a_job_is_not_complete_before_its_last_trial_is_over(state: TrialState) -> None:
    assert end_of(good(1), a_trial(2, state), trials=2) is None
    assert end_of(good(1), a_trial(2, state), trials=9, exhausted=True) is None


def test_a_job_is_complete_when_nobody_is_left_to_promote_the_paused_trials() -> None:
    waiting = replace(a_trial(2, TrialState.PAUSED), objective=0.5)
    assert end_of(good(1), waiting, a_trial(3, TrialState.RUNNING), trials=3) is None
    assert end_of(good(1), waiting, trials=3) is None
    assert end_of(good(1), waiting, trials=2, promotes=True) is None
    end = end_of(good(1), waiting, trials=2)
    assert end is not None
    assert (end.state, end.reason, end.at_once) == (
        JobState.SUCCEEDED,
        Reason.TRIALS_DONE,
        False,
    )
    assert end_of(waiting, trials=1) == end_of(replace(good(1), objective=0.5), trials=1)


def test_an_exhausted_space_completes_a_job_with_its_own_reason() -> None:
    end = end_of(good(1), good(2), trials=None, exhausted=True)
    assert end is not None
    assert (end.state, end.reason, end.message) == (
        JobState.SUCCEEDED,
        Reason.SEARCH_SPACE_EXHAUSTED,
        "every configuration was tried after 2 trials",
    )


def test_a_job_without_limits_goes_on() -> None:
    assert end_of(*[good(n) for n in range(1, 50)], trials=None) is None


# ---------------------------------------------------------------------- requests and limits


def test_a_request_to_cancel_goes_before_everything_else() -> None:
    job = a_job(intent=Intent.CANCEL)
    end = end_of(failed(1), job=job, fault="a fault")
    assert end is not None
    assert (end.state, end.reason) == (JobState.CANCELLED, Reason.USER)


@pytest.mark.parametrize(("now", "is_over"), [(59.9, False), (60.0, True)])
def test_the_time_limit_cancels_a_job_to_the_second(now: float, is_over: bool) -> None:
    end = end_of(a_trial(1, TrialState.RUNNING), timeout_s=60.0, now=now)
    assert (end is not None) is is_over
    if end is not None:
        assert (end.state, end.reason, end.at_once) == (JobState.CANCELLED, Reason.TIMEOUT, True)


def test_a_fault_of_dowse_fails_the_job() -> None:
    assert failure(good(1), fault="words") == (Reason.SYSTEM_ERROR, "words")
