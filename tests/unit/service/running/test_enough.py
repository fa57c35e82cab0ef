import math
from dataclasses import replace
from typing import Any

import pytest

from dowse.domain.job import JobState
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Goal, Objective
from dowse.domain.prices import Price
from dowse.domain.reasons import Reason
from dowse.domain.trial import Trial, TrialState
from dowse.service.running import enough
from dowse.service.running.endings import Ending, ending
from tests.unit.service.values import a_job, a_spec, a_trial, failed, good

ONE_A_SECOND = Price(per_hour=3600.0)


def ended(number: int, loss: float | None, **fields: Any) -> Trial:
    given = {"started_at": 0.0, "ended_at": float(number), "objective": loss} | fields
    return a_trial(number, TrialState.SUCCEEDED, **given)


def end_of(
    *trials: Trial, now: float = 0.0, converged: str | None = None, **limits: Any
) -> Ending | None:
    return ending(
        a_job(),
        a_spec(**limits),
        trials,
        exhausted=False,
        now=now,
        price=ONE_A_SECOND,
        converged=converged,
    )


# ---------------------------------------------------------------------- target


@pytest.mark.parametrize("loss", [0.1, 0.05])
def test_a_result_of_the_target_or_better_ends_the_job_and_what_runs(loss: float) -> None:
    end = end_of(ended(1, 0.5), ended(2, loss), a_trial(3, TrialState.RUNNING), target=0.1)
    assert end is not None
    assert (end.state, end.reason, end.at_once) == (
        JobState.SUCCEEDED,
        Reason.TARGET_REACHED,
        True,
    )
    assert end.message == f"trial 2 reached loss {loss}, and the target is 0.1"


def test_a_value_that_is_no_result_reaches_no_target() -> None:
    reported = a_trial(2, TrialState.RUNNING, objective=0.0)
    unlucky = a_trial(3, TrialState.FAILED, objective=0.0, reason=Reason.NONZERO_EXIT)
    assert end_of(ended(1, 0.5), ended(4, math.nan), reported, unlucky, target=0.1) is None


# ---------------------------------------------------------------------- patience


def test_patience_ends_when_so_many_trials_in_a_row_were_no_better() -> None:
    trials = [ended(1, 0.5), ended(2, 0.3), ended(3, 0.4), failed_at(4), ended(5, 0.3)]
    end = end_of(*trials, patience=3)
    assert end is not None
    assert (end.reason, end.at_once) == (Reason.NO_IMPROVEMENT, False)
    assert end.message == "3 trials ended without a better result than that of trial 2, loss 0.3"
    assert end_of(*trials, patience=4) is None
    assert end_of(*trials, ended(6, 0.29), patience=3) is None


def failed_at(number: int) -> Trial:
    fields = {"started_at": 0.0, "ended_at": float(number), "reason": Reason.NONZERO_EXIT}
    return a_trial(number, TrialState.FAILED, **fields)


def test_patience_counts_in_the_order_of_ends_and_not_of_numbers() -> None:
    late = ended(1, 0.1, ended_at=9.0)
    assert end_of(late, ended(2, 0.5), ended(3, 0.6), ended(4, 0.7), patience=2) is None


def test_patience_waits_for_a_first_result_and_ignores_what_never_ran() -> None:
    assert end_of(failed_at(2), failed_at(3), patience=1) is None
    dropped = a_trial(2, TrialState.CANCELLED, reason=Reason.JOB_ENDED, ended_at=2.0)
    assert end_of(ended(1, 0.5), dropped, patience=1) is None


# ---------------------------------------------------------------------- convergence and cost


def test_a_converged_job_lets_its_running_trials_end() -> None:
    end = end_of(ended(1, 0.5), converged="nothing better is expected")
    assert end is not None
    assert (end.reason, end.message, end.at_once) == (
        Reason.CONVERGED,
        "nothing better is expected",
        False,
    )


def test_the_cost_of_all_attempts_and_of_what_runs_counts_and_waiting_does_not() -> None:
    done = ended(1, 0.5, active_s=60.0)
    running = a_trial(2, TrialState.RUNNING, started_at=100.0, active_s=20.0)
    waiting = a_trial(3, started_at=None)
    assert end_of(done, running, waiting, now=119.0, cost=100.0) is None
    end = end_of(done, running, waiting, now=120.0, cost=100.0)
    assert end is not None
    assert (end.state, end.reason, end.at_once) == (
        JobState.SUCCEEDED,
        Reason.COST_LIMIT,
        True,
    )
    assert end.message == "the job's cost limit of 100 was reached"


def test_a_job_that_spent_everything_without_a_result_has_not_succeeded() -> None:
    running = a_trial(1, TrialState.RUNNING, started_at=0.0)
    end = end_of(running, now=10.0, cost=1.0)
    assert end is not None
    assert end.state is JobState.CANCELLED


def test_what_fails_comes_before_what_is_enough() -> None:
    end = end_of(failed(1), ended(2, 0.0), target=0.1)
    assert end is not None
    assert end.reason is Reason.FIRST_TRIAL_FAILED


LATENCY = MetricLimit(metric="latency", at_most=5.0)


def timed(number: int, loss: float, latency: float) -> Trial:
    one = replace(good(number, loss), started_at=0.0, ended_at=float(number))
    return replace(one, further={"latency": latency})


def test_only_a_trial_within_the_limits_reaches_the_target_or_is_better() -> None:
    spec = replace(a_spec(target=0.2, patience=2), metric_limits=(LATENCY,))
    trials = [timed(1, 0.5, 4.0), timed(2, 0.1, 9.0), timed(3, 0.1, 9.0)]
    assert enough.reached(spec, trials) is None
    assert enough.out_of_patience(spec, trials) == (
        "2 trials ended without a better result than that of trial 1, loss 0.5"
    )
    assert enough.reached(spec, [timed(1, 0.2, 5.0)]) is not None


def test_patience_with_several_objectives_counts_trials_without_a_place_on_the_front() -> None:
    latency = Objective(metric="latency", goal=Goal.MINIMIZE)
    spec = replace(a_spec(patience=2), objectives=(a_spec().objective, latency))
    front = [timed(1, 0.5, 4.0), timed(2, 0.1, 9.0)]
    assert enough.out_of_patience(spec, [*front, timed(3, 0.5, 4.0)]) is None
    assert enough.out_of_patience(spec, [*front, timed(3, 0.5, 4.0), timed(4, 0.6, 8.0)]) == (
        "2 trials ended without a place on the front, which has 2 trials; the last that found one "
        "was trial 2"
    )
    again = [*front, timed(3, 0.5, 4.0), timed(4, 0.05, 20.0)]
    assert enough.out_of_patience(spec, again) is None
