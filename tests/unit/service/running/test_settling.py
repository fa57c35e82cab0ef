import math
from dataclasses import replace
from typing import Any

import pytest

from dowse.domain.lifecycle import TRIAL_TRANSITIONS, Outcome
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Use
from dowse.domain.reasons import Reason
from dowse.domain.retries import ExitRetries, RetryOn
from dowse.domain.spec import JobSpec
from dowse.domain.trial import TrialState
from dowse.ports import Ended, EndedBy
from dowse.service.running.settling import Settlement, settle
from tests.unit.service.values import a_report, a_spec, a_trial

RUNNING = a_trial(3, TrialState.RUNNING, started_at=1.0, output_dir="/out")
REPORTS = (a_report(0.9, step=1), a_report(0.4, step=2), a_report(0.6, step=3))


def stopping(reason: Reason, **fields: Any) -> Any:
    return a_trial(3, TrialState.STOPPING, reason=reason, message="as asked", **fields)


def ended(how: EndedBy = EndedBy.EXIT, **fields: Any) -> Ended:
    code = {"exit_code": 0} if how is EndedBy.EXIT and "signal" not in fields else {}
    return Ended(attempt=RUNNING.ref, ended_by=how, **{**code, **fields})


def settled(
    end: Ended, trial: Any = RUNNING, *, reports: Any = REPORTS, spec: Any = None, **known: Any
) -> Settlement:
    asked = spec or a_spec(trial_timeout_s=5.0)
    told = reports if isinstance(reports, dict) else {asked.objective.metric: reports}
    return settle(trial, end, asked, reports=told, **known)


def short(settlement: Settlement) -> tuple[TrialState, Reason | None, str]:
    return settlement.to, settlement.reason, settlement.message


@pytest.mark.parametrize("how", list(EndedBy))
@pytest.mark.parametrize(
    "trial",
    [RUNNING, *(stopping(r) for r in (Reason.INTERRUPTED, Reason.JOB_ENDED, Reason.STOPPED_EARLY))],
    ids=lambda trial: f"{trial.state.value}-{trial.reason and trial.reason.value}",
)
@pytest.mark.parametrize("reports", [(), REPORTS], ids=["silent", "reported"])
def test_every_end_in_every_state_is_a_legal_change(how: EndedBy, trial: Any, reports: Any) -> None:
    settlement = settled(ended(how), trial, reports=reports)
    assert settlement.to in TRIAL_TRANSITIONS[trial.state]


# ---------------------------------------------------------------------- by itself


def test_a_program_that_exits_with_0_and_the_metric_has_succeeded() -> None:
    settlement = settled(ended())
    assert short(settlement) == (TrialState.SUCCEEDED, None, "")
    assert settlement.outcome == Outcome(exit_code=0, signal=None, objective=0.6, step=3)


def test_which_report_counts_is_the_objectives_choice() -> None:
    outcome = settled(ended(), spec=a_spec(use=Use.BEST)).outcome
    assert (outcome.objective, outcome.step) == (0.4, 2)


def test_an_exit_code_makes_a_failed_trial_and_quotes_its_last_words() -> None:
    settlement = settled(ended(exit_code=3), last_line="KeyError: 'x'")
    assert short(settlement) == (
        TrialState.FAILED,
        Reason.NONZERO_EXIT,
        "exit code 3; its last words: KeyError: 'x'",
    )
    assert settlement.outcome.objective == 0.6


@pytest.mark.parametrize(("number", "name"), [(9, "SIGKILL"), (11, "SIGSEGV"), (200, "signal 200")])
def test_a_signal_is_named(number: int, name: str) -> None:
    assert settled(ended(signal=number)).message == f"ended by {name}"


def test_an_exit_with_0_without_any_metric_is_a_failure_that_says_so() -> None:
    assert short(settled(ended(), reports=())) == (
        TrialState.FAILED,
        Reason.NO_METRIC,
        "the program exited with 0 and never reported 'loss', nor any other metric",
    )


def test_the_metrics_that_did_arrive_are_named_with_the_nearest() -> None:
    settlement = settled(ended(), reports=(), names=("val_loss", "accuracy"))
    assert settlement.message == (
        "the program exited with 0 and never reported 'loss'; it did report val_loss, accuracy; "
        "did you mean 'val_loss'?"
    )
    plain = settled(ended(), reports=(), names=("accuracy",))
    assert plain.message.endswith("it did report accuracy")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_program_that_reported_nothing_finite_is_infeasible(value: float) -> None:
    settlement = settled(ended(), reports=[a_report(value)])
    assert short(settlement) == (
        TrialState.FAILED,
        Reason.INFEASIBLE,
        f"reported no finite 'loss', only {value}",
    )


def test_a_nan_at_the_end_does_not_hide_what_was_finite() -> None:
    settlement = settled(ended(), reports=[a_report(0.7, step=4), a_report(math.nan, step=5)])
    assert settlement.to is TrialState.SUCCEEDED
    assert (settlement.outcome.objective, settlement.outcome.step) == (0.7, 4)


# ---------------------------------------------------------------------- limits and losses


def test_the_time_limit_cancels_and_keeps_what_was_measured() -> None:
    settlement = settled(ended(EndedBy.TIMEOUT, signal=15))
    assert short(settlement) == (
        TrialState.CANCELLED,
        Reason.TIMEOUT,
        "the trial's time limit of 5 s was reached",
    )
    assert settlement.outcome == Outcome(signal=15, objective=0.6, step=3)


def test_a_command_that_cannot_be_started_fails_with_the_systems_words() -> None:
    settlement = settled(ended(EndedBy.START_ERROR, message="no such file: './train'"), reports=())
    assert short(settlement) == (
        TrialState.FAILED,
        Reason.START_ERROR,
        "no such file: './train'",
    )


@pytest.mark.parametrize("how", [EndedBy.LOST, EndedBy.STOP])
def test_a_lost_attempt_runs_again_and_leaves_no_value(how: EndedBy) -> None:
    settlement = settled(ended(how, message="its runner vanished"))
    assert short(settlement) == (
        TrialState.QUEUED,
        Reason.LOST,
        "attempt 1 was lost: its runner vanished",
    )
    assert settlement.outcome == Outcome()


def test_without_a_retry_left_a_lost_trial_has_failed() -> None:
    again = a_trial(3, TrialState.RUNNING, attempt=2)
    assert short(settled(ended(EndedBy.LOST, message="gone"), again, earlier={Reason.LOST: 1})) == (
        TrialState.FAILED,
        Reason.LOST,
        "lost in attempt 2, and no retry is left: gone",
    )
    none = a_spec(retries=0)
    assert settled(ended(EndedBy.LOST), spec=none).to is TrialState.FAILED


def test_an_interruption_uses_up_no_retry() -> None:
    interrupted_before = a_trial(3, TrialState.RUNNING, attempt=4)
    assert (
        settled(ended(EndedBy.LOST), interrupted_before, earlier={Reason.INTERRUPTED: 3}).to
        is TrialState.QUEUED
    )


def retried(**classes: Any) -> JobSpec:
    return a_spec(retry_on=RetryOn(**classes))


def test_a_failure_of_a_class_with_attempts_left_runs_again() -> None:
    spec = retried(timeout=1, start_error=1, no_metric=1)
    assert short(settled(ended(EndedBy.START_ERROR, message="no such file"), spec=spec)) == (
        TrialState.QUEUED,
        Reason.START_ERROR,
        "attempt 1 failed: no such file",
    )
    assert settled(ended(EndedBy.EXIT, exit_code=0), spec=spec, reports=()).to is TrialState.QUEUED
    late = settled(ended(EndedBy.TIMEOUT), spec=spec)
    assert (late.to, late.reason, late.outcome) == (TrialState.QUEUED, Reason.TIMEOUT, Outcome())
    used = {Reason.TIMEOUT: 1, Reason.LOST: 4}
    assert settled(ended(EndedBy.TIMEOUT), spec=spec, earlier=used).to is TrialState.CANCELLED
    assert settled(ended(EndedBy.EXIT, exit_code=3), spec=spec).to is TrialState.FAILED


def test_only_the_exit_codes_that_are_named_run_again_a_signal_counting_as_in_a_shell() -> None:
    killed = retried(exit=ExitRetries(times=2, codes=(137,)))
    oom = ended(EndedBy.EXIT, exit_code=None, signal=9)
    assert settled(oom, spec=killed).to is TrialState.QUEUED
    assert settled(ended(EndedBy.EXIT, exit_code=137), spec=killed).to is TrialState.QUEUED
    assert settled(ended(EndedBy.EXIT, exit_code=1), spec=killed).to is TrialState.FAILED
    twice = {Reason.NONZERO_EXIT: 2}
    assert settled(oom, spec=killed, earlier=twice).to is TrialState.FAILED
    every = retried(exit=ExitRetries(times=1))
    assert settled(ended(EndedBy.EXIT, exit_code=1), spec=every).to is TrialState.QUEUED


def test_who_asked_for_the_end_of_a_trial_gets_it_whatever_would_be_tried_again() -> None:
    spec = retried(exit=ExitRetries(times=5))
    stopping = a_trial(3, TrialState.STOPPING, reason=Reason.USER)
    assert settled(ended(EndedBy.EXIT, exit_code=1), stopping, spec=spec).to is TrialState.STOPPED


# ---------------------------------------------------------------------- on request


@pytest.mark.parametrize("how", list(EndedBy))
@pytest.mark.parametrize(
    ("reason", "to"),
    [
        (Reason.STOPPED_EARLY, TrialState.STOPPED),
        (Reason.USER, TrialState.STOPPED),
        (Reason.JOB_ENDED, TrialState.CANCELLED),
        (Reason.TIMEOUT, TrialState.CANCELLED),
        (Reason.INTERRUPTED, TrialState.QUEUED),
        (Reason.AWAITS_PROMOTION, TrialState.PAUSED),
    ],
)
def test_a_requested_end_stays_what_was_requested(
    how: EndedBy, reason: Reason, to: TrialState
) -> None:
    settlement = settled(ended(how), stopping(reason))
    assert short(settlement) == (to, reason, "as asked")
    assert settlement.outcome.objective == (None if to is TrialState.QUEUED else 0.6)


# ---------------------------------------------------------------------- further metrics


def limited(**fields: Any) -> JobSpec:
    kept = (MetricLimit(metric="latency", at_most=5.0),)
    return replace(a_spec(**fields), metric_limits=kept)


def test_the_values_of_everything_that_is_asked_for_are_kept() -> None:
    told = {"loss": REPORTS, "latency": (a_report(9.0), a_report(7.0))}
    settlement = settled(ended(), reports=told, spec=limited())
    assert settlement.to is TrialState.SUCCEEDED  # Beyond the limit, it has succeeded all the same.
    assert (settlement.outcome.objective, settlement.outcome.further) == (0.6, {"latency": 7.0})


def test_a_trial_without_a_metric_that_has_a_limit_has_failed_and_says_which() -> None:
    settlement = settled(ended(), spec=limited(), names=["latency_ms", "loss"])
    assert short(settlement) == (
        TrialState.FAILED,
        Reason.NO_METRIC,
        "the program exited with 0 and never reported 'latency'; it did report latency_ms, loss; "
        "did you mean 'latency_ms'?",
    )
    odd = settled(
        ended(), reports={"loss": REPORTS, "latency": (a_report(math.nan),)}, spec=limited()
    )
    assert short(odd)[1:] == (Reason.INFEASIBLE, "reported no finite 'latency', only nan")


def test_a_stopped_trial_says_why_its_value_does_not_count() -> None:
    settlement = settled(ended(), stopping(Reason.STOPPED_EARLY), spec=limited())
    assert settlement.message == (
        "as asked; it counts as failed, for it had not reported 'latency' by then"
    )
    whole = {"loss": REPORTS, "latency": (a_report(1.0),)}
    assert (
        settled(ended(), stopping(Reason.STOPPED_EARLY), reports=whole, spec=limited()).message
        == "as asked"
    )
