"""When a job has had enough, as pure functions of its trials: what it has, what it has spent.

Each answers with the sentence that says so, or None while it is not so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from dowse.analysis.best import losses_of, qualifies
from dowse.domain.metrics import better
from dowse.domain.pareto import Losses, dominates
from dowse.domain.phrases import short
from dowse.domain.prices import Price, running_time_s
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial

_CUT_OFF = (Reason.JOB_ENDED, Reason.INTERRUPTED)


def overspent(
    spec: JobSpec, trials: Sequence[Trial], price: Price | None, now: float
) -> str | None:
    """Whether everything that ran so far, what runs now included, costs what is allowed."""
    limit = spec.limits.cost
    if limit is None or price is None:
        return None
    spent = price.of(running_time_s(trials, now)).amount
    return f"the job's cost limit of {limit:g} was reached" if spent >= limit else None


def reached(spec: JobSpec, trials: Sequence[Trial]) -> str | None:
    """Whether a trial that has ended is as good as the target; what still runs may fall again."""
    target, objective = spec.limits.target, spec.objective
    if target is None:
        return None
    for trial in trials:
        value = _result(spec, trial)
        if value is not None and not better(target, value, objective.goal):
            return (
                f"trial {trial.number} reached {objective.metric} {short(value)}, "
                f"and the target is {short(target)}"
            )
    return None


def out_of_patience(spec: JobSpec, trials: Sequence[Trial]) -> str | None:
    """Whether so many trials have ended, in order of their ends, without a better result."""
    patience, objective = spec.limits.patience, spec.objective
    if patience is None:
        return None
    if spec.targets.is_several:
        return _front_at_rest(spec, trials, patience)
    champion: Trial | None = None
    best, since = math.nan, 0
    for trial in sorted(filter(_has_run, trials), key=_by_end):
        since += 1
        value = _result(spec, trial)
        if value is not None and better(value, best, objective.goal):
            champion, best, since = trial, value, 0
    if champion is None or since < patience:
        return None
    return (
        f"{_trials(since)} ended without a better result than that of trial {champion.number}, "
        f"{objective.metric} {short(best)}"
    )


def _front_at_rest(spec: JobSpec, trials: Sequence[Trial], patience: int) -> str | None:
    """Whether so many trials have ended of which none was on the front when it ended."""
    front: list[Losses] = []
    newest: Trial | None = None
    since = 0
    for trial in sorted(filter(_has_run, trials), key=_by_end):
        since += 1
        if not qualifies(trial, spec.targets):
            continue
        point = losses_of(trial, spec.targets)
        if not any(other == point or dominates(other, point) for other in front):
            front = [other for other in front if not dominates(point, other)] + [point]
            newest, since = trial, 0
    if newest is None or since < patience:
        return None
    return (
        f"{_trials(since)} ended without a place on the front, which has {_trials(len(front))}; "
        f"the last that found one was trial {newest.number}"
    )


def _has_run(trial: Trial) -> bool:
    """Ended by itself or by a rule: what was cut off with its job had no chance to be better."""
    return trial.state.is_final and trial.started_at is not None and trial.reason not in _CUT_OFF


def _by_end(trial: Trial) -> tuple[float, int]:
    return trial.ended_at or 0.0, trial.number


def _result(spec: JobSpec, trial: Trial) -> float | None:
    return trial.objective if qualifies(trial, spec.targets) else None


def _trials(count: int) -> str:
    return "1 trial" if count == 1 else f"{count} trials"
