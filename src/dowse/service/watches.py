"""What live pages are told: which jobs changed, and the trials that changed of those they show.

A page cares what is, not what happened on the way: everything between two looks is told at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dowse.domain.job import Job
from dowse.errors import NotFound
from dowse.ports import JobHead, Store, Summary, TrialRow
from dowse.service.feeds import cursor_text, read_cursor
from dowse.service.sheets import Sheets
from dowse.wire.columns import Sheet

Known = tuple[TrialRow, tuple[Summary, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """News since the last look. `resync` are jobs that must be read anew, None is everything.

    `jobs` are those that changed, each with the number of its last event.
    """

    cursor: str
    resync: tuple[str | None, ...] = ()
    deleted: tuple[str, ...] = ()
    jobs: tuple[tuple[Job, int], ...] = ()
    sheets: tuple[Sheet, ...] = ()


@dataclass(slots=True)
class _News:
    resync: list[str | None] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    jobs: list[tuple[Job, int]] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)


class Watch:
    """Looks at all jobs, and at the trials of those in `follow`; it begins now, or at a cursor.

    Raises InvalidInput for a cursor that is none.
    """

    def __init__(
        self, store: Store, sheets: Sheets, *, follow: Sequence[str], cursor: str | None
    ) -> None:
        self._store = store
        self._sheets = sheets
        self._follow = frozenset(follow)
        self._names: dict[int, str] = {}
        self._told: dict[int, dict[int, Known]] = {}
        self._begins = cursor is None
        self._above, self._known = (0, {}) if cursor is None else read_cursor(cursor)
        self._missing = set(self._follow)

    def look(self) -> Bulletin:
        news = _News()
        if self._begins:
            self._begin()
            news.resync.append(None)
        self._find_followed(news)
        heads = self._store.heads(above=self._above, ids=tuple(self._known))
        for gone in set(self._known) - {head.id for head in heads}:
            self._forget(gone, news)
        for head in heads:
            self._look_at(head, news)
        return Bulletin(
            cursor=cursor_text(self._above, self._known),
            resync=tuple(news.resync),
            deleted=tuple(news.deleted),
            jobs=tuple(news.jobs),
            sheets=tuple(news.sheets),
        )

    def _begin(self) -> None:
        self._begins = False
        for head in self._store.heads(above=0):
            self._above = max(self._above, head.id)
            if not head.state.is_final:
                self._known[head.id] = head.last_event

    def _find_followed(self, news: _News) -> None:
        """Take in jobs that are over: only of those that are not are all heads looked at."""
        for name in sorted(self._missing):
            try:
                job = self._store.job(name)
            except NotFound:
                news.deleted.append(name)
            else:
                if job.id <= self._above and job.id not in self._known:
                    self._known[job.id] = self._store.last_event(job.id)
                    if None not in news.resync:
                        news.resync.append(name)
        self._missing = set()

    def _forget(self, job_id: int, news: _News) -> None:
        del self._known[job_id]
        self._told.pop(job_id, None)
        if name := self._names.pop(job_id, None):
            news.deleted.append(name)
        else:
            # It was deleted while nobody listened: its name is not known any more.
            news.resync.append(None)

    def _look_at(self, head: JobHead, news: _News) -> None:
        self._above = max(self._above, head.id)
        self._names[head.id] = head.name
        before = self._known.setdefault(head.id, 0)
        if head.last_event > before:
            try:
                news.jobs.append((self._store.job(head.name), head.last_event))
            except NotFound:
                return  # It is gone since: the next look says so.
        if head.name in self._follow:
            self._look_into(head, before, news)
        self._known[head.id] = head.last_event
        if head.state.is_final and head.name not in self._follow:
            del self._known[head.id]
            del self._names[head.id]

    def _look_into(self, head: JobHead, before: int, news: _News) -> None:
        try:
            sheet = self._sheets.sheet(head.name, since=f"{head.id}.{before}")
        except NotFound:
            return
        if sheet.is_full:
            news.resync.append(head.name)
            return
        of_trial: dict[int, list[Summary]] = {}
        for summary in sheet.summaries:
            of_trial.setdefault(summary.trial, []).append(summary)
        found: dict[int, Known] = {
            row.number: (row, tuple(of_trial.get(row.number, ()))) for row in sheet.rows
        }
        told = self._told.get(head.id, {})
        new = {number for number, known in found.items() if told.get(number) != known}
        # What is not in this sheet has ended and was told: it comes back only when it changes.
        self._told[head.id] = found
        if new or sheet.removed:
            news.sheets.append(
                replace(
                    sheet,
                    rows=[row for row in sheet.rows if row.number in new],
                    summaries=[one for one in sheet.summaries if one.trial in new],
                )
            )
