"""The curve of a trial, which is that of its present attempt unless the trial was paused."""

from __future__ import annotations

from dataclasses import replace

from dowse import catalog
from dowse.domain.attempts import joined
from dowse.domain.metrics import Measurement
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial
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
    first = 1 if trial.attempt > 1 and pauses(spec) else trial.attempt
    attempts = [
        [one.measurement for one in store.curve(replace(trial, attempt=attempt).ref, metric)]
        for attempt in range(first, trial.attempt + 1)
    ]
    return joined(attempts)
