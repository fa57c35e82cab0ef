"""What running trials report over HTTP: stored in one step, and told to the stopping rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dowse.domain.annotations import Annotation, AnnotationKind
from dowse.domain.events import Noted
from dowse.domain.metrics import Measurement
from dowse.domain.trial import AttemptRef, Trial
from dowse.errors import InvalidInput, Problem
from dowse.ports import Clock, Store, StoredMeasurement
from dowse.service.running.arrivals import Arrivals

MAX_SAID = 10_000
"""Notes that are remembered so that none is repeated."""


def said(
    kind: AnnotationKind, values: Mapping[str, str | None], *, holder: str = "", fixed: bool = False
) -> list[Annotation]:
    """Raises InvalidInput for a key or a value that is too long, naming it."""
    found = []
    for key, value in values.items():
        try:
            found.append(Annotation(kind=kind, key=key, value=value, holder=holder, fixed=fixed))
        except ValueError as error:
            raise InvalidInput([Problem(path=kind.value, message=str(error))]) from None
    return found


class Reports:
    """Writing is Refused once the trial has ended or its attempt was replaced.

    The number of the job is compared as well as its name, which a later job may have taken: what
    is of a deleted job is NotFound, or Refused where another job has its name.
    """

    def __init__(self, *, store: Store, arrivals: Arrivals, clock: Clock) -> None:
        self._store = store
        self._arrivals = arrivals
        self._clock = clock
        self._objectives: dict[int, str] = {}
        self._said: dict[tuple[AttemptRef, str], None] = {}

    def now(self) -> float:
        return self._clock.now()

    def record(
        self,
        job_id: int,
        attempt: AttemptRef,
        measurements: Sequence[Measurement] = (),
        *,
        source: str,
        annotations: Sequence[Annotation] = (),
    ) -> int:
        """Store all of it or nothing; how many measurements were new."""
        new = self._store.record(
            attempt, measurements, source=source, annotations=annotations, live_in=job_id
        )
        if new:
            self._announce(job_id, attempt, measurements, new)
        return new

    def record_soon(
        self,
        job_id: int,
        attempt: AttemptRef,
        measurements: Sequence[Measurement],
        *,
        source: str,
        done: Callable[[int | BaseException], None],
    ) -> None:
        """As `record`, but `done` gets the number or the error, on another thread."""

        def announce(result: int | BaseException) -> None:
            try:
                if isinstance(result, int) and result:
                    self._announce(job_id, attempt, measurements, result)
            finally:
                done(result)

        self._store.record_soon(attempt, measurements, source=source, job_id=job_id, done=announce)

    def _announce(
        self, job_id: int, attempt: AttemptRef, measurements: Sequence[Measurement], new: int
    ) -> None:
        if job_id not in self._objectives:
            self._objectives[job_id] = self._store.spec(job_id).objective.metric
        objective = self._objectives[job_id]
        count = sum(one.metric == objective for one in measurements)
        self._arrivals.add(attempt, min(count, new))

    def clear(self, job_id: int, attempt: AttemptRef, metric: str, *, source: str) -> int:
        """Remove what the program reported of a metric, as it asks for; how many reports."""
        removed = self._store.clear(attempt, metric, source=source, job_id=job_id)
        if removed:
            note = (
                f"the program cleared its metric {metric!r}, of which {removed} reports were kept"
            )
            self._store.append_event(job_id, Noted(message=note, trial=attempt.trial))
        return removed

    def note(self, job_id: int, attempt: AttemptRef, message: str) -> None:
        """Tell people of something, once."""
        if (attempt, message) in self._said:
            return
        self._said[attempt, message] = None
        while len(self._said) > MAX_SAID:
            self._said.pop(next(iter(self._said)))
        self._store.append_event(job_id, Noted(message=message, trial=attempt.trial))

    def trial(self, job_id: int, attempt: AttemptRef) -> Trial:
        return self._store.trial(job_id, attempt.trial)

    def annotations(self, job_id: int, attempt: AttemptRef) -> tuple[Annotation, ...]:
        self.trial(job_id, attempt)
        return self._store.annotations(attempt)

    def reported_by(
        self, job_id: int, attempt: AttemptRef, source: str
    ) -> tuple[StoredMeasurement, ...]:
        self.trial(job_id, attempt)
        return self._store.reported_by(attempt, source)

    def newest_by(
        self, job_id: int, attempt: AttemptRef, source: str
    ) -> tuple[StoredMeasurement, ...]:
        self.trial(job_id, attempt)
        return self._store.newest_by(attempt, source)
