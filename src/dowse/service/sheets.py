"""All trials of a job at once, what of them is new since the last look, and their curves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dowse.domain.job import Job
from dowse.errors import InvalidInput, Problem
from dowse.ports import Point, Store
from dowse.service.curves import pauses, reports_of
from dowse.service.queries import LIVE, Queries
from dowse.service.thinning import thinned
from dowse.wire.columns import Sheet
from dowse.wire.curves import Curve

_CURSOR = re.compile(r"(\d{1,18})\.(\d{1,18})", re.ASCII)
MAX_EVENTS_BACK = 20_000
"""Further back, reading everything anew costs less than finding out what changed."""


MAX_CURVES = 2_000
"""A chart of more is one stain."""
AT_ONCE = 100
"""Curves may be long: so many are held as they were reported, the others thinned out."""
_LISTED = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)


class Sheets:
    def __init__(self, *, store: Store, queries: Queries) -> None:
        self._store = store
        self._queries = queries

    def sheet(self, name: str, *, since: str | None = None) -> Sheet:
        """Those that changed since an earlier sheet's `cursor`; all when too much has, or when the
        cursor is of an earlier job of this name.

        Trials that run are always told again: reports leave no events. Raises InvalidInput for a
        cursor that is none.
        """
        job = self._store.job(name)
        known = None if since is None else _read(since)
        # First the event, then the facts: what happens in between is told again, never missed.
        last_event = self._store.last_event(job.id)
        changed = None
        if known is not None and known[0] == job.id:
            changed = self._changed(job.id, known[1], last_event)
        rows = self._store.trial_rows(job.id, numbers=changed)
        return Sheet(
            job=name,
            spec=self._queries.spec_of(job),
            cursor=f"{job.id}.{last_event}",
            last_event=last_event,
            is_full=changed is None,
            rows=rows,
            summaries=self._store.summaries(job.id, trials=changed),
            removed=() if changed is None else sorted(changed - {row.number for row in rows}),
        )

    def version(self, name: str) -> str | None:
        """Names what a full sheet says for as long as it says the same; None while trials run."""
        job = self._store.job(name)
        last_event = self._store.last_event(job.id)
        if any(self._store.trial_counts(job.id).get(state) for state in LIVE):
            return None
        return f"{job.id}.{last_event}"

    def curves(
        self, name: str, *, metric: str | None, trials: str | None, points: int
    ) -> tuple[str, Iterator[Curve]]:
        """The metric, by default the objective, and its curves with at most so many points each.

        `trials` lists numbers and ranges of them, as in `1,4,10-20`; None is all. Raises
        InvalidInput for another text, and for more than MAX_CURVES trials.
        """
        job = self._store.job(name)
        chosen = self._queries.spec_of(job).objective.metric if metric is None else metric
        numbers = self._chosen(job.id, trials)
        return chosen, self._curves(job, chosen, numbers, points)

    def _curves(
        self, job: Job, metric: str, numbers: Sequence[int], points: int
    ) -> Iterator[Curve]:
        for begin in range(0, len(numbers), AT_ONCE):
            some = numbers[begin : begin + AT_ONCE]
            found = self._store.points(job.id, metric, trials=some)
            joined = dict(self._gone_on(job, metric, some))
            for number, curve in {**found, **joined}.items():
                yield Curve(number, len(curve), thinned(curve, points))

    def _gone_on(
        self, job: Job, metric: str, numbers: Sequence[int]
    ) -> Iterator[tuple[int, Sequence[Point]]]:
        """The curves of those of the trials that were paused and went on."""
        spec = self._queries.spec_of(job)
        if not pauses(spec):
            return
        for row in self._store.trial_rows(job.id, numbers=numbers):
            if row.attempt > 1:
                trial = self._store.trial(job.id, row.number)
                reports = reports_of(self._store, spec, trial, metric)
                yield row.number, [Point(one.step, one.time, one.value) for one in reports]

    def _chosen(self, job_id: int, trials: str | None) -> Sequence[int]:
        if trials is not None:
            return _listed(trials)
        count = sum(self._store.trial_counts(job_id).values())
        if count > MAX_CURVES:
            raise _too_many(count)
        return [row.number for row in self._store.trial_rows(job_id)]

    def _changed(self, job_id: int, after: int, last_event: int) -> set[int] | None:
        """The numbers of the trials that may have changed; None when it takes too long to say."""
        if not 0 <= last_event - after <= MAX_EVENTS_BACK:
            return None
        changed = set(self._store.changed_trials(job_id, after=after))
        return changed | {trial.number for trial in self._store.trials(job_id, states=LIVE)}


def _read(cursor: str) -> tuple[int, int]:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        message = f"must be the cursor of an earlier answer, got {cursor[:100]!r}"
        raise InvalidInput([Problem(path="since", message=message)])
    return int(found[1]), int(found[2])


def _listed(text: str) -> list[int]:
    numbers: dict[int, None] = {}
    for part in text.split(","):
        found = _LISTED.fullmatch(part.strip())
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if last < first:
            message = f"must list trials, such as 1,4,10-20, got {part.strip()[:100]!r}"
            raise InvalidInput([Problem(path="trials", message=message)])
        if last - first >= MAX_CURVES:
            raise _too_many(last - first + 1)
        numbers |= dict.fromkeys(range(first, last + 1))
    if len(numbers) > MAX_CURVES:
        raise _too_many(len(numbers))
    return sorted(numbers)


def _too_many(count: int) -> InvalidInput:
    message = (
        f"{count} trials, and {MAX_CURVES} curves are told at once; list fewer, as in 1,4,10-20"
    )
    return InvalidInput([Problem(path="trials", message=message)])
