"""How an attempt that is over leaves its trial, as a pure function."""

from __future__ import annotations

import difflib
import math
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dowse.domain.lifecycle import Outcome
from dowse.domain.metrics import Measurement
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.ports import Ended, EndedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The state that a trial moves to, why, and what is known of its end."""

    to: TrialState
    reason: Reason | None
    message: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What else is known: the metrics that arrived, the last line, the failures before."""

    names: tuple[str, ...]
    last_line: str
    earlier: Mapping[Reason, int]


def settle(
    trial: Trial,
    ended: Ended,
    spec: JobSpec,
    *,
    reports: Mapping[str, Sequence[Measurement]],
    names: Sequence[str] = (),
    last_line: str = "",
    earlier: Mapping[Reason, int] = MappingProxyType({}),
) -> Settlement:
    """Where `trial` goes now that its attempt has ended.

    `reports` are all reports of each metric that is asked for, in order of arrival, `names` the
    metrics that did arrive, `last_line` the last line of the program's output, `earlier` after
    which failures the trial was tried again: further attempts after an interruption do not count
    as retries.
    """
    targets = spec.targets
    counted = targets.counted(reports)
    first = counted.get(spec.objective.metric)
    outcome = Outcome(
        exit_code=ended.exit_code,
        signal=ended.signal,
        objective=None if first is None else first.value,
        further={name: counted[name].value for name in targets.named if name in counted},
        step=None if first is None else first.step,
    )
    known = _Known(names=tuple(names), last_line=last_line, earlier=earlier)
    to, reason, message = _tried_again(
        trial, ended, spec, known, _verdict(trial, ended, spec, outcome, known)
    )
    if to is TrialState.QUEUED:
        outcome = Outcome()
    return Settlement(to=to, reason=reason, message=message, outcome=outcome)


def unsettled(ended: Ended, error: Exception) -> Settlement:
    """The end of a trial that Dowse itself fails to settle, however often it tries."""
    return Settlement(
        to=TrialState.FAILED,
        reason=Reason.SYSTEM_ERROR,
        message=f"Dowse itself failed to settle it: {type(error).__name__}: {error}",
        outcome=Outcome(exit_code=ended.exit_code, signal=ended.signal),
    )


_SIGNAL_CODES = 128
"""What a shell adds to the number of the signal that ended a program."""

_Verdict = tuple[TrialState, Reason | None, str]


def _verdict(
    trial: Trial, ended: Ended, spec: JobSpec, outcome: Outcome, known: _Known
) -> _Verdict:
    if trial.state is TrialState.STOPPING:
        return _stopped(trial, spec, outcome)
    match ended.ended_by:
        case EndedBy.TIMEOUT:
            limit = spec.limits.trial_timeout_s or 0.0
            message = f"the trial's time limit of {limit:g} s was reached"
            return TrialState.CANCELLED, Reason.TIMEOUT, message
        case EndedBy.START_ERROR:
            return TrialState.FAILED, Reason.START_ERROR, ended.message or "could not be started"
        case EndedBy.LOST | EndedBy.STOP:
            return _lost(trial, spec, ended, known)
        case EndedBy.EXIT:
            return _exited(ended, spec, outcome, known)


def _tried_again(
    trial: Trial, ended: Ended, spec: JobSpec, known: _Known, verdict: _Verdict
) -> _Verdict:
    """Another attempt instead of the end, where the job wants one after such a failure."""
    _, reason, message = verdict
    if trial.state is TrialState.STOPPING:
        return verdict
    code = ended.exit_code if ended.signal is None else _SIGNAL_CODES + ended.signal
    if not spec.limits.retry_on.left(reason, known.earlier, code):
        return verdict
    return TrialState.QUEUED, reason, f"attempt {trial.attempt} failed: {message}"


def _stopped(trial: Trial, spec: JobSpec, outcome: Outcome) -> _Verdict:
    """A requested end stays what was requested, however the program then left."""
    match trial.reason:
        case Reason.INTERRUPTED:
            return TrialState.QUEUED, Reason.INTERRUPTED, trial.message
        case Reason.AWAITS_PROMOTION:
            return TrialState.PAUSED, trial.reason, trial.message
        case Reason.JOB_ENDED | Reason.TIMEOUT | Reason.NO_PROGRESS:
            return TrialState.CANCELLED, trial.reason, trial.message
        case _:
            return TrialState.STOPPED, trial.reason, trial.message + _lacking(spec, outcome)


def _lacking(spec: JobSpec, outcome: Outcome) -> str:
    """Why the value of a trial that was stopped does not count; nothing where it does."""
    if outcome.objective is None:
        return ""
    lacking = [name for name, value in _values(spec, outcome).items() if value is None]
    if not lacking:
        return ""
    names = " and ".join(map(repr, lacking))
    return f"; it counts as failed, for it had not reported {names} by then"


def _lost(trial: Trial, spec: JobSpec, ended: Ended, known: _Known) -> _Verdict:
    how = ended.message or "its runner disappeared"
    if known.earlier.get(Reason.LOST, 0) < spec.limits.retries:
        return TrialState.QUEUED, Reason.LOST, f"attempt {trial.attempt} was lost: {how}"
    message = f"lost in attempt {trial.attempt}, and no retry is left: {how}"
    return TrialState.FAILED, Reason.LOST, message


def _exited(ended: Ended, spec: JobSpec, outcome: Outcome, known: _Known) -> _Verdict:
    if ended.exit_code != 0:
        end = _how_it_ended(ended)
        words = f"; its last words: {known.last_line}" if known.last_line else ""
        return TrialState.FAILED, Reason.NONZERO_EXIT, f"{end}{words}"
    for name, value in _values(spec, outcome).items():
        if value is None:
            return TrialState.FAILED, Reason.NO_METRIC, _no_metric(name, known.names)
    for name, value in _values(spec, outcome).items():
        if value is not None and not math.isfinite(value):
            message = f"reported no finite {name!r}, only {value}"
            return TrialState.FAILED, Reason.INFEASIBLE, message
    return TrialState.SUCCEEDED, None, ""


def _values(spec: JobSpec, outcome: Outcome) -> dict[str, float | None]:
    """Of everything that is asked for, the objective first."""
    first = spec.objective.metric
    return {
        name: outcome.objective if name == first else outcome.further.get(name)
        for name in spec.targets.metrics
    }


def _how_it_ended(ended: Ended) -> str:
    if ended.signal is not None:
        try:
            name = signal.Signals(ended.signal).name
        except ValueError:
            name = f"signal {ended.signal}"
        return f"ended by {name}"
    return f"exit code {ended.exit_code}"


def _no_metric(metric: str, names: Sequence[str]) -> str:
    if not names:
        return f"the program exited with 0 and never reported {metric!r}, nor any other metric"
    near = difflib.get_close_matches(metric, names, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    arrived = ", ".join(names[:10])
    return f"the program exited with 0 and never reported {metric!r}; it did report {arrived}{hint}"
