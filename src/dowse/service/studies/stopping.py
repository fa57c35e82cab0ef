"""The early-stopping rules of studies. Each is kept with what it has seen, so that a question reads
what is new since the last one and not all curves again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dowse import catalog
from dowse.domain.events import StopDecided
from dowse.domain.metrics import Measurement
from dowse.domain.spec import JobSpec, StoppingSpec
from dowse.domain.trial import AttemptRef, Trial, TrialState
from dowse.ports import Store, StoredMeasurement, Summary
from dowse.service.judging import Judge

_KEPT = 8
"""Studies that are asked about at the same time; the next one's curves are read again."""


class StudyStopping:
    """One caller at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: dict[int, _Seen] = {}

    def verdict(self, spec: JobSpec, trial: Trial) -> StopDecided | None:
        """The decision to stop a running trial, by its reports and all others as they are now."""
        if spec.stopping is None:
            return None
        seen = self._seen.pop(trial.job_id, None)
        if seen is None or not seen.catch_up(self._store):
            seen = _Seen.of(self._store, trial.job_id, spec, spec.stopping)
        self._seen[trial.job_id] = seen
        while len(self._seen) > _KEPT:
            self._seen.pop(next(iter(self._seen)))
        return seen.verdict(self._store, trial)


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What the rule of one study knows: `event` is the last one that it knew, `grown` what the
    trials that may report more had reported, `unread` the curves that were read for all at once.
    """

    job_id: int
    metric: str
    judge: Judge
    event: int
    trials: dict[int, Trial]
    grown: dict[int, Summary] = field(default_factory=dict)
    unread: dict[AttemptRef, tuple[StoredMeasurement, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, job_id: int, spec: JobSpec, stopping: StoppingSpec) -> _Seen:
        objective = spec.objective
        rule = catalog.stopping_rule(stopping)
        # First the event, then the facts: what happens in between is read again, never missed.
        event = store.last_event(job_id)
        seen = cls(
            job_id=job_id,
            metric=objective.metric,
            judge=Judge(rule, name=stopping.rule, goal=objective.goal),
            event=event,
            trials={trial.number: trial for trial in store.trials(job_id)},
        )
        seen._look_for_reports(store)
        seen.unread = dict(store.curves(job_id, objective.metric))
        return seen

    def catch_up(self, store: Store) -> bool:
        """Read what is new; False where a trial was deleted, whose curve cannot be unlearned."""
        event = store.last_event(self.job_id)
        if event != self.event:
            changed = store.changed_trials(self.job_id, after=self.event)
            fresh = {one.number: one for one in store.trials(self.job_id, numbers=changed)}
            if not self.trials.keys() & set(changed) <= fresh.keys():
                return False
            self.trials |= fresh
            self.event = event
        self._look_for_reports(store)
        return True

    def _look_for_reports(self, store: Store) -> None:
        """Reports leave no events: which curves have grown is asked of the store."""
        growing = [number for number, one in self.trials.items() if _may_report(one)]
        found = {
            summary.trial: summary
            for summary in store.summaries(self.job_id, trials=growing)
            if summary.metric == self.metric
        }
        for number in growing:
            if found.get(number) != self.grown.get(number):
                self.judge.forget(self.trials[number])
        self.grown = found

    def verdict(self, store: Store, trial: Trial) -> StopDecided | None:
        def reports(one: Trial) -> list[list[Measurement]]:
            stored = self.unread.get(one.ref) if self.unread else store.curve(one.ref, self.metric)
            return [[each.measurement for each in stored or ()]]

        decided = self.judge.look(trial, self.trials.values(), reports)
        self.unread = {}
        return decided


def _may_report(trial: Trial) -> bool:
    return trial.state is not TrialState.QUEUED and not trial.state.is_final
