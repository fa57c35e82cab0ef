"""Everything that happens, in order and from any point on: what live pages are fed with.

A cursor is a short text that says how far a reader has come. It is given out with every item and
taken back after any pause, also by the next owner: nothing is lost or told twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dowse.domain.events import Event
from dowse.domain.trial import AttemptRef
from dowse.errors import InvalidInput, NotFound, Problem
from dowse.ports import Store, StoredMeasurement

MAX_ITEMS = 500
"""Of one job at once, so that a long history of one does not hold up the others."""
MAX_CURSOR = 100_000
_CURSOR = re.compile(r"(\d{1,18})(?:~((?:\d{1,18}:\d{1,18})(?:,\d{1,18}:\d{1,18})*))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event of a job; None for a job that was deleted. `cursor` is the place after it."""

    job: str
    number: int
    time: float | None
    event: Event | None
    cursor: str


class JobFeed:
    """The events of one job. `cursor` is the number of the last one that is known."""

    def __init__(self, store: Store, job_id: int, name: str, *, cursor: str) -> None:
        self._store = store
        self._job_id = job_id
        self._name = name
        if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
            raise _bad_cursor(cursor)
        self._last = int(cursor)
        self._told: dict[AttemptRef, int] = {}
        self._is_over = False

    def poll(self) -> list[Happening]:
        """What is new; once the job is deleted, that alone and then nothing any more."""
        if self._is_over:
            return []
        try:
            if self._store.last_event(self._job_id) <= self._last:
                return []
        except NotFound:
            self._is_over = True
            return [_gone(self._name, str(self._last))]
        found = self._store.events(self._job_id, after=self._last, limit=MAX_ITEMS)
        if found:
            self._last = found[-1][0]
        return [
            Happening(job=self._name, number=number, time=time, event=event, cursor=str(number))
            for number, time, event in found
        ]

    @property
    def is_over(self) -> bool:
        return self._is_over

    def reports(self, metric: str) -> list[tuple[AttemptRef, StoredMeasurement]]:
        """The last report of every attempt that has reported since the last call."""
        if self._is_over:
            return []
        try:
            latest = self._store.latest(self._job_id, metric)
        except NotFound:
            return []
        new = [(ref, one) for ref, one in latest.items() if self._told.get(ref, 0) < one.seq]
        self._told |= {ref: one.seq for ref, one in new}
        return new


class StoreFeed:
    """The events of all jobs. Without a cursor it begins now.

    A cursor names the newest job, and for each job that was not over its last known event.
    """

    def __init__(self, store: Store, *, cursor: str | None) -> None:
        self._store = store
        self._names: dict[int, str] = {}
        self._above, self._known = (0, {}) if cursor is None else read_cursor(cursor)
        if cursor is None:
            for head in store.heads(above=0):
                self._above = max(self._above, head.id)
                if not head.state.is_final:
                    self._known[head.id] = head.last_event
                    self._names[head.id] = head.name

    @property
    def cursor(self) -> str:
        return cursor_text(self._above, self._known)

    def poll(self) -> list[Happening]:
        heads = self._store.heads(above=self._above, ids=tuple(self._known))
        found: list[Happening] = []
        for gone in set(self._known) - {head.id for head in heads}:
            del self._known[gone]
            found.append(_gone(self._names.pop(gone, ""), self.cursor))
        for head in heads:
            self._above = max(self._above, head.id)
            self._known.setdefault(head.id, 0)
            self._names[head.id] = head.name
            found.extend(self._of_job(head.id, head.name, upto=head.last_event))
            if head.state.is_final and self._known[head.id] >= head.last_event:
                del self._known[head.id]
                del self._names[head.id]
        return found

    def _of_job(self, job_id: int, name: str, *, upto: int) -> Iterator[Happening]:
        if self._known[job_id] >= upto:
            return
        events = self._store.events(job_id, after=self._known[job_id], limit=MAX_ITEMS)
        for number, time, event in events:
            self._known[job_id] = number
            yield Happening(job=name, number=number, time=time, event=event, cursor=self.cursor)


def _gone(name: str, cursor: str) -> Happening:
    return Happening(job=name, number=0, time=None, event=None, cursor=cursor)


def cursor_text(above: int, known: Mapping[int, int]) -> str:
    """Of the number of the newest job and, by job, the number of its last known event."""
    events = ",".join(f"{job_id}:{number}" for job_id, number in sorted(known.items()))
    return f"{above}~{events}" if events else str(above)


def read_cursor(cursor: str) -> tuple[int, dict[int, int]]:
    """The inverse of `cursor_text`. Raises InvalidInput."""
    found = _CURSOR.fullmatch(cursor) if len(cursor) <= MAX_CURSOR else None
    if found is None:
        raise _bad_cursor(cursor)
    pairs = (pair.split(":") for pair in (found[2] or "").split(",") if pair)
    return int(found[1]), {int(job_id): int(number) for job_id, number in pairs}


def _bad_cursor(cursor: str) -> InvalidInput:
    message = f"must be the id of an event of this stream, got {cursor[:100]!r}"
    return InvalidInput([Problem(path="Last-Event-ID", message=message)])
