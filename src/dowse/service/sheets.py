"""All trials of a job at once, and what of them is new since the last look."""

from __future__ import annotations

import re

from dowse.errors import InvalidInput, Problem
from dowse.ports import Store
from dowse.service.queries import LIVE, Queries
from dowse.wire.columns import Sheet

_CURSOR = re.compile(r"(\d{1,18})\.(\d{1,18})", re.ASCII)
MAX_EVENTS_BACK = 20_000
"""Further back, reading everything anew costs less than finding out what changed."""


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
        total = sum(self._store.trial_counts(job.id).values())
        changed = None
        if known is not None and known[0] == job.id:
            changed = self._changed(job.id, known[1], last_event, total)
        rows = self._store.trial_rows(job.id, numbers=changed)
        return Sheet(
            job=name,
            spec=self._queries.spec_of(job),
            cursor=f"{job.id}.{last_event}",
            last_event=last_event,
            is_full=changed is None,
            total=total,
            rows=rows,
            summaries=self._store.summaries(job.id, trials=changed),
            removed=() if changed is None else sorted(changed - {row.number for row in rows}),
        )

    def _changed(self, job_id: int, after: int, last_event: int, total: int) -> set[int] | None:
        """The numbers of the trials that may have changed; None when that is as good as all."""
        if not 0 <= last_event - after <= MAX_EVENTS_BACK:
            return None
        changed = set(self._store.changed_trials(job_id, after=after))
        changed |= {trial.number for trial in self._store.trials(job_id, states=LIVE)}
        return None if len(changed) > total else changed


def _read(cursor: str) -> tuple[int, int]:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        message = f"must be the cursor of an earlier answer, got {cursor[:100]!r}"
        raise InvalidInput([Problem(path="since", message=message)])
    return int(found[1]), int(found[2])
