"""What the stored past of a job says: to a suggester, and about retries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dowse.domain.events import TrialChanged
from dowse.domain.history import History
from dowse.domain.lineage import NOTHING, Lineage
from dowse.domain.reasons import Reason
from dowse.domain.targets import Targets
from dowse.domain.trial import Trial, TrialState
from dowse.errors import InvalidInput, Problem
from dowse.ports import Store


def history_of(trials: Sequence[Trial], targets: Targets, *, upto: int | None = None) -> History:
    """All finished and paused trials as observations, all others as pending.

    With `upto` the trials after that number are pending, whatever their state. A trial that was
    cancelled before it measured anything says nothing about its configuration; it is remembered
    as failed so that it is not suggested again.
    """
    observations = []
    pending = []
    for trial in sorted(trials, key=lambda trial: trial.number):
        is_known = upto is None or trial.number <= upto
        if not is_known or not (trial.state.is_final or trial.state is TrialState.PAUSED):
            pending.append(trial.parameters)
            continue
        observations.append(targets.observed(trial))
    # Not the count: a trial that is deleted must not make randomness repeat itself.
    index = max((trial.number for trial in trials), default=0)
    return History(observations=tuple(observations), pending=tuple(pending), index=index)


def told_by(history: History, targets: Targets, metric: str) -> History:
    """The same trials with the values of another metric that the job asks for. Raises InvalidInput
    for one that it does not.
    """
    if metric not in targets.metrics:
        known = ", ".join(targets.metrics)
        message = f"must be a metric that the job asks for ({known}), got {metric!r}"
        raise InvalidInput([Problem(path="metric", message=message)])
    told = (
        replace(each, value=each.metrics.get(metric), expected=None)
        for each in history.observations
    )
    return replace(history, observations=tuple(told))


def continued(lineage: Lineage, history: History) -> History:
    """The history of a job with the trials of the jobs that it goes on with, which come first."""
    if lineage == NOTHING:
        return history
    return replace(
        history,
        observations=(*lineage.observations, *history.observations),
        index=lineage.index + history.index,
    )


def attributed(lineage: Lineage, why: Mapping[str, Any]) -> Mapping[str, Any]:
    """A suggester's account in which trials of earlier jobs have the names of their jobs."""
    known = {each.observation.number: each for each in lineage.inherited}
    if not known or not why.get("neighbours"):
        return why
    neighbours = [
        {**each, "trial": known[each["trial"]].trial, "job": known[each["trial"]].job}
        if each["trial"] in known
        else each
        for each in why["neighbours"]
    ]
    return {**why, "neighbours": neighbours}


def earlier_failures(store: Store, trial: Trial) -> Counter[Reason]:
    """After which failures a trial was tried again, and how often."""
    last = 0
    found: Counter[Reason] = Counter()
    if trial.attempt == 1:
        return found
    while page := store.events(trial.job_id, after=last):
        found.update(
            event.reason
            for _, _, event in page
            if isinstance(event, TrialChanged)
            and event.trial == trial.number
            and event.after is TrialState.QUEUED
            and event.reason is not None
        )
        last = page[-1][0]
    return found
