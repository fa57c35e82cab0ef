"""Jobs side by side, as the table that made Google's case for early stopping and resuming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dowse.analysis.best import counts
from dowse.domain.job import Job
from dowse.domain.lineage import NOTHING, Lineage
from dowse.domain.metrics import Goal, better
from dowse.domain.prices import Cost
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One job of the comparison; `cost` is None where nobody knows a price."""

    job: Job
    spec: JobSpec
    trials: int
    seconds: float
    cost: Cost | None
    best: Trial | None
    worst: Trial | None
    comment: str


def column(
    job: Job,
    spec: JobSpec,
    trials: Sequence[Trial],
    *,
    leading: Sequence[Trial],
    seconds: float,
    cost: Cost | None,
    lineage: Lineage = NOTHING,
) -> Column:
    """`leading` is the best trial; of several objectives, the Pareto front: then there is neither a
    best nor a worst one.
    """
    several = spec.targets.is_several
    said = comment(spec, trials, lineage)
    return Column(
        job=job,
        spec=spec,
        trials=sum(trial.started_at is not None for trial in trials),
        seconds=seconds,
        cost=cost,
        best=None if several else next(iter(leading), None),
        worst=None if several else worst_trial(trials, spec.objective.goal),
        comment=f"{said}, {_on_front(leading)}" if several else said,
    )


def _on_front(leading: Sequence[Trial]) -> str:
    return f"{len(leading)} {'trial' if len(leading) == 1 else 'trials'} on the front"


def worst_trial(trials: Sequence[Trial], goal: Goal) -> Trial | None:
    """Of those that count; the earliest of equals."""
    found: Trial | None = None
    for trial in trials:
        if not counts(trial):
            continue
        if found is None or better(found.objective or 0.0, trial.objective or 0.0, goal):
            found = trial
    return found


def comment(spec: JobSpec, trials: Sequence[Trial], lineage: Lineage = NOTHING) -> str:
    """What its author said of the job, else how it searched, what it had from the jobs before it,
    and what became of its trials.
    """
    if spec.description:
        return spec.description
    rule = "" if spec.stopping is None else f", early stopping {spec.stopping.rule}"
    tallies = (
        ("stopped early", sum(trial.reason is Reason.STOPPED_EARLY for trial in trials)),
        ("failed", sum(trial.state is TrialState.FAILED for trial in trials)),
    )
    ends = "".join(f", {count} {how}" for how, count in tallies if count)
    before = "" if lineage.parent is None else f", goes on with {lineage.parent}"
    if lineage.sources:
        before += f", learns from {' and '.join(one.source.name for one in lineage.sources)}"
    return f"{spec.algorithm.name}{rule}{before}{ends}"
