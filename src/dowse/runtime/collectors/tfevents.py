"""TensorFlow event files in the directories of a trial, however deep and whenever they appear.

A file whose first record is older than the attempt was left by somebody else, and is not read.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dowse.domain.metrics import Measurement
from dowse.runtime import layout
from dowse.runtime.collectors.event_protobuf import Event, parse_event
from dowse.runtime.collectors.event_records import Flaw, Record, records
from dowse.runtime.collectors.event_runs import Run, Runs
from dowse.runtime.collectors.source import Batch, measured

PREFIX = "tfevents:"
MOST_FILES = 1_000
AT_ONCE = 1 << 18
"""Bytes of one file that are read in one go: about a tenth of a second's work."""
_SCAN_COST_S = 5e-5
"""A pause of this length for every entry that a scan looked at keeps scanning below one percent."""
_OLDER_S = 5.0
"""Clocks are set back by small amounts."""


@dataclass(slots=True, eq=False)
class _File:
    path: str
    source: str
    run: Run
    offset: int = 0
    seen: int = -1  # its size when it was read
    is_foreign: bool | None = None
    has_scalars: bool = False
    scalars: dict[str, bool] = field(default_factory=dict)  # tag → whether its plugin is scalars
    is_lost: bool = False


@dataclass(slots=True)
class EventFiles:
    """`roots` are directories under short names; `since` is when the attempt was started."""

    roots: Mapping[str, Path]
    since: float
    offsets: Mapping[str, int]
    _files: dict[tuple[int, int], _File] = field(default_factory=dict)
    _runs: Runs = field(default_factory=Runs)
    _next_scan: float = -math.inf
    _is_full: bool = False

    def poll(self, now: float) -> tuple[Batch, ...]:
        if now >= self._next_scan:
            self._next_scan = now + self._scan() * _SCAN_COST_S
        return tuple(self._read_all(now, is_complete=False))

    def finish(self, now: float) -> tuple[Batch, ...]:
        self._scan()
        batches: list[Batch] = []
        for file in self._files.values():
            file.seen = -1  # What waited for more to come does so no longer.
        while new := list(self._read_all(now, is_complete=True)):
            batches += new
        for file in self._files.values():
            with contextlib.suppress(FileNotFoundError):
                batches += [*self._plain_names(file, now), *_left_over(file)]
        if self._is_full:
            note = f"more than {MOST_FILES} event files: the rest was not read"
            batches.append(Batch(source=PREFIX, offset=0, notes=(note,)))
        return tuple(batches)

    def _scan(self) -> int:
        """Take in new files; returns how many entries were looked at."""
        looked_at = 0
        for label, root in self.roots.items():
            for folder, names in _walk(str(root)):
                looked_at += len(names) + 1
                for name in names:
                    if ".tfevents." in name:
                        self._add(label, str(root), folder, name)
        return looked_at

    def _add(self, label: str, root: str, folder: str, name: str) -> None:
        path = os.path.join(folder, name)
        try:
            status = os.stat(path)
        except OSError:
            return
        key = (status.st_dev, status.st_ino)
        if key in self._files or not os.access(path, os.R_OK):
            return
        if len(self._files) >= MOST_FILES:
            self._is_full = True
            return
        inside = os.path.relpath(folder, root)
        inside = "" if inside == "." else inside
        parent, _, last = f"{label}/{inside}".rstrip("/").rpartition("/")
        run = self._runs.at(parent, last if inside else "")
        source = f"{PREFIX}{label}/{os.path.join(inside, name)}"
        file = self._files[key] = _File(path, source, run)
        with contextlib.suppress(FileNotFoundError):
            self._reread(file, self.offsets.get(source, 0))

    def _reread(self, file: _File, offset: int) -> None:
        """Learn again what an earlier owner knew of a file when it had read so far."""
        if not offset:
            return
        with open(file.path, "rb") as opened:
            if os.fstat(opened.fileno()).st_size < offset:
                return
            for record in records(opened, 0):
                if record.end > offset:
                    break
                if (event := _event(record)) is not None:
                    self._learn(file, event)
        file.offset = offset

    def _read_all(self, now: float, *, is_complete: bool) -> Iterator[Batch]:
        # Everything is read before anything is named: a tag may be in two files.
        read: list[tuple[_File, int, list[Event], list[str]]] = []
        for file in self._files.values():
            before = file.offset
            # A file that is removed in this moment has nothing more to say.
            with contextlib.suppress(FileNotFoundError):
                if _has_changed(file):
                    read.append((file, before, *self._read(file, is_complete=is_complete)))
        for file, before, events, notes in read:
            if (file.offset != before or notes) and not file.is_foreign:
                yield self._batch(file, events, notes, now)

    def _read(self, file: _File, *, is_complete: bool) -> tuple[list[Event], list[str]]:
        """Move the file's position on; of a foreign file nothing is given."""
        events: list[Event] = []
        notes: list[str] = []
        start = file.offset
        with open(file.path, "rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            if size < start:
                notes.append(f"{file.path} became shorter: it is read from its start")
                start = file.offset = 0
            file.is_lost = False
            for record in records(opened, start, is_complete=is_complete):
                file.is_lost = record.flaw is Flaw.LOST
                if record.flaw is Flaw.CORRUPT:
                    notes.append(f"{file.path}: a damaged record was left out")
                file.offset = record.end
                if (event := _event(record)) is not None and not self._learn(file, event):
                    events.append(event)
                if record.end - start > AT_ONCE or file.is_foreign:
                    break
            else:
                file.seen = size
        return events, notes

    def _learn(self, file: _File, event: Event) -> bool:
        """Take in what names and times say; returns whether the file is not this trial's."""
        if file.is_foreign is None:
            file.is_foreign = event.time < self.since - _OLDER_S
        if file.is_foreign:
            return True
        for value in event.values:
            if value.is_scalar is not None:
                file.scalars[value.tag] = value.is_scalar
            if value.number is not None and file.scalars.get(value.tag, False):
                file.run.tags.add(value.tag)
                if not file.has_scalars:  # The first record's time is in whole seconds.
                    file.has_scalars = True
                    file.run.started = max(file.run.started, event.time)
        return False

    def _batch(self, file: _File, events: list[Event], notes: list[str], now: float) -> Batch:
        found: list[Measurement] = []
        for event, tag, number in _scalars(file, events):
            name = self._runs.metric_name(file.run, tag)
            measurement, note = _measured(name, number, event, now)
            if measurement is not None:
                found.append(measurement)
            if note is not None:
                notes.append(note)
        return Batch(
            source=file.source,
            offset=file.offset,
            measurements=tuple(found),
            notes=tuple(dict.fromkeys(notes)),
        )

    def _plain_names(self, file: _File, now: float) -> Iterator[Batch]:
        """Give tags of a training folder their plain names if the folder beside it had none."""
        if file.is_foreign:
            return
        owned = {
            tag
            for tag in file.run.tags
            if self._runs.metric_name(file.run, tag) != tag
            and self._runs.is_without_equal(file.run, tag)
        }
        if not owned:
            return
        with open(file.path, "rb") as opened:
            events = [
                event
                for record in records(opened, 0, is_complete=True)
                if (event := _event(record)) is not None
            ]
        pairs = [
            _measured(tag, number, event, now)[0]
            for event, tag, number in _scalars(file, events)
            if tag in owned
        ]
        found = tuple(measurement for measurement in pairs if measurement is not None)
        yield Batch(source=file.source, offset=file.offset, measurements=found)


def _walk(root: str) -> Iterator[tuple[str, list[str]]]:
    """Folders and the names of the files in them; links are not followed.

    Logged files are left out: an event file among them is the copy of one that is read anyway.
    """
    stack = [root]
    while stack:
        folder = stack.pop()
        names = []
        try:
            with os.scandir(folder) as items:
                for item in items:
                    if item.is_dir(follow_symlinks=False):
                        if item.name != layout.ARTIFACTS:
                            stack.append(item.path)
                    elif item.is_file(follow_symlinks=False):
                        names.append(item.name)
        except OSError:
            continue
        yield folder, names


def _has_changed(file: _File) -> bool:
    return not file.is_foreign and os.stat(file.path).st_size != file.seen


def _event(record: Record) -> Event | None:
    if record.flaw is not None:
        return None
    try:
        return parse_event(record.data)
    except ValueError:  # A sound record of something that is no event.
        return None


def _scalars(file: _File, events: list[Event]) -> Iterator[tuple[Event, str, float]]:
    for event in events:
        for value in event.values:
            if value.number is not None and file.scalars.get(value.tag, False):
                yield event, value.tag, value.number


def _measured(
    name: str, number: float, event: Event, now: float
) -> tuple[Measurement | None, str | None]:
    time = event.time if math.isfinite(event.time) else now
    key = f"{event.time!r}:{event.step}:{number!r}"
    return measured(name, number, step=event.step, time=time, key=key)


def _left_over(file: _File) -> Iterator[Batch]:
    """Bytes behind the last whole record, once nothing more will come."""
    left = os.stat(file.path).st_size - file.offset
    if left <= 0 or file.is_foreign:
        return
    why = "its next record is damaged" if file.is_lost else "its last record was cut"
    note = f"{left} bytes of {file.path} could not be read: {why}"
    yield Batch(source=file.source, offset=file.offset, notes=(note,))
