"""When a job is over, and why, as pure functions of its trials."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dowse.domain import confirmation
from dowse.domain.job import Intent, Job, JobState
from dowse.domain.prices import Price
from dowse.domain.reasons import Reason
from dowse.domain.spec import FailurePolicy, JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.service.running import enough

ON_REQUEST = "cancelled on request"
"""What a job says that somebody cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The end that a job is heading for. With `at_once`, running trials are ended for it."""

    state: JobState
    reason: Reason
    message: str
    at_once: bool


def ending(
    job: Job,
    spec: JobSpec,
    trials: Sequence[Trial],
    *,
    exhausted: bool,
    now: float,
    promotes: bool = False,
    fault: str | None = None,
    converged: str | None = None,
    price: Price | None = None,
) -> Ending | None:
    """The end that the facts demand now, or None while the job may go on.

    `promotes` says that one of the paused trials is about to go on. `converged` is the sentence
    that says that no better result is expected, `price` that of the machines of the trials.
    """
    return (
        _asked_for(job, spec, now)
        or (None if fault is None else _failed(Reason.SYSTEM_ERROR, fault))
        or _failure(spec, trials)
        or _enough(spec, trials, converged=converged, price=price, now=now)
        or _completion(spec, trials, exhausted=exhausted, promotes=promotes)
    )


def _enough(
    spec: JobSpec,
    trials: Sequence[Trial],
    *,
    converged: str | None,
    price: Price | None,
    now: float,
) -> Ending | None:
    """A job that has what it is for, or may spend no more, needs no further trial."""
    spent = enough.overspent(spec, trials, price, now)
    if spent is not None:
        measured = any(_is_result(trial) for trial in trials)
        state = JobState.SUCCEEDED if measured else JobState.CANCELLED
        return Ending(state=state, reason=Reason.COST_LIMIT, message=spent, at_once=True)
    if (reached := enough.reached(spec, trials)) is not None:
        reason = Reason.TARGET_REACHED
        return Ending(state=JobState.SUCCEEDED, reason=reason, message=reached, at_once=True)
    if (tired := enough.out_of_patience(spec, trials)) is not None:
        return _succeeded(Reason.NO_IMPROVEMENT, tired)
    return None if converged is None else _succeeded(Reason.CONVERGED, converged)


def _asked_for(job: Job, spec: JobSpec, now: float) -> Ending | None:
    if job.intent is Intent.CANCEL:
        return Ending(
            state=JobState.CANCELLED,
            reason=job.intent_reason or Reason.USER,
            message=ON_REQUEST,
            at_once=True,
        )
    timeout = spec.limits.timeout_s
    if timeout is not None and job.running_time_s(now) >= timeout:
        return Ending(
            state=JobState.CANCELLED,
            reason=Reason.TIMEOUT,
            message=f"the job's time limit of {timeout:g} s was reached",
            at_once=True,
        )
    return None


def _failure(spec: JobSpec, trials: Sequence[Trial]) -> Ending | None:
    failed = [trial for trial in trials if trial.state is TrialState.FAILED]
    if not failed:
        return None
    if spec.failures is FailurePolicy.STRICT:
        return _strict(failed[0])
    if spec.limits.failed is not None:
        if len(failed) < spec.limits.failed:
            return None
        return _failed(
            Reason.TOO_MANY_FAILURES,
            f"{len(failed)} trials failed, which is the limit; the last one: "
            f"trial {failed[-1].number}, {failed[-1].message}",
        )
    if spec.failures is FailurePolicy.IGNORE:
        return None
    return _automatic(spec, trials, failed)


def _strict(trial: Trial) -> Ending:
    if trial.reason is Reason.NO_METRIC:
        return _failed(Reason.NO_METRIC, f"trial {trial.number}: {trial.message}")
    return _failed(Reason.TOO_MANY_FAILURES, f"trial {trial.number} failed: {trial.message}")


_RAN_WELL = (Reason.NO_METRIC, Reason.INFEASIBLE)


def _automatic(spec: JobSpec, trials: Sequence[Trial], failed: Sequence[Trial]) -> Ending | None:
    # A program that ran to its end says nothing against the code, whatever it reported.
    broken = [trial for trial in failed if trial.reason not in _RAN_WELL]
    if any(trial.number == 1 for trial in broken):
        return _failed(
            Reason.FIRST_TRIAL_FAILED,
            f"the first trial failed, so the others probably would too: {broken[0].message}",
        )
    ended = sum(1 for trial in trials if trial.state.is_final)
    limits = spec.limits
    if len(broken) > limits.failed_at_least and len(broken) > limits.failed_share * ended:
        return _failed(
            Reason.TOO_MANY_FAILURES,
            f"{len(broken)} of {ended} trials failed; the last one: "
            f"trial {broken[-1].number}, {broken[-1].message}",
        )
    return None


def _failed(reason: Reason, message: str) -> Ending:
    return Ending(state=JobState.FAILED, reason=reason, message=message, at_once=True)


def _completion(
    spec: JobSpec, trials: Sequence[Trial], *, exhausted: bool, promotes: bool
) -> Ending | None:
    done = spec.limits.trials is not None and len(trials) >= spec.limits.trials
    if not done and not exhausted:
        return None
    if promotes or any(_goes_on(trial) for trial in trials):
        return None
    if trials and not any(_is_result(trial) for trial in trials):
        return _nothing_measured(spec, trials)
    if done:
        return _succeeded(Reason.TRIALS_DONE, _all_done(len(trials)))
    if spec.algorithm.name == confirmation.ALGORITHM:
        message = f"the race was over after {len(trials)} of at most {spec.limits.trials} runs"
        return _succeeded(Reason.TRIALS_DONE, message)
    return _succeeded(
        Reason.SEARCH_SPACE_EXHAUSTED,
        f"every configuration was tried after {len(trials)} trials",
    )


def _goes_on(trial: Trial) -> bool:
    """Whether more is to come of a trial. Paused ones wait for others: when none is left, nothing
    promotes them any more.
    """
    return not trial.state.is_final and trial.state is not TrialState.PAUSED


def _is_result(trial: Trial) -> bool:
    """Whether a trial gave a number to go by; one cut short by its time limit may have."""
    value = trial.objective
    return trial.state is not TrialState.FAILED and value is not None and math.isfinite(value)


def _nothing_measured(spec: JobSpec, trials: Sequence[Trial]) -> Ending:
    last = trials[-1]
    if any(trial.reason in (*_RAN_WELL, Reason.TIMEOUT) for trial in trials):
        what = _never_reported(spec, trials)
        return _failed(Reason.NO_METRIC, f"no trial reported {what}: {last.message}")
    return _failed(Reason.TOO_MANY_FAILURES, f"every trial failed; the last one: {last.message}")


def _never_reported(spec: JobSpec, trials: Sequence[Trial]) -> str:
    first, *others = spec.targets.metrics
    if not any(trial.objective is not None for trial in trials):
        return repr(first)
    for name in others:
        if not any(name in trial.further for trial in trials):
            return repr(name)
    if not others:
        return f"a finite {first!r}"
    return f"finite values of all of {', '.join(spec.targets.metrics)}"


def _all_done(count: int) -> str:
    return "the one trial is done" if count == 1 else f"all {count} trials are done"


def _succeeded(reason: Reason, message: str) -> Ending:
    return Ending(state=JobState.SUCCEEDED, reason=reason, message=message, at_once=False)
