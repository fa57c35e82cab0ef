"""From what attempts report into the store, each report once."""

from __future__ import annotations

from collections.abc import Sequence

from dowse.domain.events import Noted
from dowse.domain.metrics import Measurement
from dowse.domain.spec import JobSpec
from dowse.domain.trial import AttemptRef, Trial
from dowse.ports import Ended, Store
from dowse.runtime.collectors.source import Batch
from dowse.service.curves import attempts_of, reports_of
from dowse.service.histories import earlier_failures
from dowse.service.running.arrivals import Arrivals
from dowse.service.running.settling import Settlement, settle
from dowse.service.running.workplace import Workplace


class Readings:
    """Reads attempts through the workplace, from wherever the store says reading ended.

    `arrivals` are the reports that come over HTTP and are stored by whoever receives them.
    """

    def __init__(
        self, store: Store, workplace: Workplace, arrivals: Arrivals | None = None
    ) -> None:
        self._store = store
        self._workplace = workplace
        self._arrivals = arrivals or Arrivals()
        self._watched: set[AttemptRef] = set()
        self._heard: set[AttemptRef] = set()

    def read(self, spec: JobSpec, trial: Trial, *, final: bool = False) -> int:
        """Store what is new of a trial's attempt; at most how many reports of the objective are."""
        ref, metric = trial.ref, spec.objective.metric
        if ref not in self._watched:
            self._workplace.watch(spec, trial, self._store.offsets(ref))
            self._watched.add(ref)
        arrived = self._arrivals.take(ref)
        if arrived is not None:
            self._heard.add(ref)
        found = arrived or 0
        try:
            for batch in self._workplace.collect(ref, final=final):
                new = self._keep(trial, batch)
                found += min(new, sum(one.metric == metric for one in batch.measurements))
        except BaseException:
            # A batch counts as read once it is handed out: read again from what is stored.
            self._watched.discard(ref)
            raise
        return found

    def _keep(self, trial: Trial, batch: Batch) -> int:
        new = self._store.record(
            trial.ref, batch.measurements, source=batch.source, offset=batch.offset
        )
        if new:
            self._heard.add(trial.ref)
        for note in batch.notes:
            self._store.append_event(trial.job_id, Noted(message=note, trial=trial.number))
        return new

    def heard(self, ref: AttemptRef) -> bool:
        """Whether an attempt has reported anything, of whatever metric, since the last call."""
        heard = ref in self._heard
        self._heard.discard(ref)
        return heard

    def reports(self, spec: JobSpec, trial: Trial) -> list[Measurement]:
        """All stored reports of the objective by a trial."""
        return reports_of(self._store, spec, trial, spec.objective.metric)

    def attempts(self, spec: JobSpec, trial: Trial) -> list[Sequence[Measurement]]:
        """The same attempt by attempt, as far as they are part of its curve."""
        return attempts_of(self._store, spec, trial, spec.objective.metric)

    def settlement(self, spec: JobSpec, trial: Trial, ended: Ended) -> Settlement:
        """Where a trial goes, by everything that its attempt has left."""
        return settle(
            trial,
            ended,
            spec,
            reports={
                name: reports_of(self._store, spec, trial, name) for name in spec.targets.metrics
            },
            names=self._store.metric_names(trial.ref),
            last_line=self._workplace.last_line(trial.ref),
            earlier=earlier_failures(self._store, trial),
        )

    def forget(self, ref: AttemptRef) -> None:
        """Reading has ended."""
        self._watched.discard(ref)
        self._heard.discard(ref)
        self._workplace.forget(ref)
