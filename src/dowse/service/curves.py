"""The curve of a trial, which is that of its present attempt unless the trial was paused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dowse import catalog
from dowse.domain.attempts import joined
from dowse.domain.metrics import Measurement
from dowse.domain.spec import JobSpec
from dowse.domain.trial import AttemptRef, Trial
from dowse.ports import Store
from dowse.stopping.protocol import PausingRule


def pauses(spec: JobSpec) -> bool:
    """Whether trials of a job are paused and go on, so that their attempts make one curve."""
    if spec.stopping is None:
        return False
    rule = catalog.stopping_rule(spec.stopping)
    return isinstance(rule, PausingRule) and rule.resume


def reports_of(store: Store, spec: JobSpec, trial: Trial, metric: str) -> list[Measurement]:
    """All reports of a metric by a trial, in order."""
    return joined(attempts_of(store, spec, trial, metric))


def attempts_of(
    store: Store, spec: JobSpec, trial: Trial, metric: str
) -> list[Sequence[Measurement]]:
    """What each attempt reported that is part of the curve of a trial, the present one last."""

    def reported(ref: AttemptRef) -> list[Measurement]:
        return [one.measurement for one in store.curve(ref, metric)]

    return parts_of(spec, trial, reported)


def parts_of(
    spec: JobSpec, trial: Trial, reported: Callable[[AttemptRef], Sequence[Measurement]]
) -> list[Sequence[Measurement]]:
    """The same of what attempts have `reported`."""
    first = 1 if trial.attempt > 1 and pauses(spec) else trial.attempt
    attempts = range(first, trial.attempt + 1)
    return [reported(replace(trial, attempt=attempt).ref) for attempt in attempts]
