"""Dowse's own line protocol: one JSON object a line (docs/reference/report-protocol.md)."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from dowse.domain.metrics import Measurement
from dowse.runtime.collectors.lines import Lines, Tail
from dowse.runtime.collectors.numbers import number_of, whole_or_number_of
from dowse.runtime.collectors.source import Batch, measured

SOURCE = "report"
MOST_METRICS = 10_000
"""In one line; more is a mistake."""


@dataclass(slots=True)
class Reports:
    """Reads report.jsonl."""

    tail: Tail

    def poll(self, now: float) -> tuple[Batch, ...]:
        new = self.tail.read()
        return () if new is None else (_batch(new, now),)

    def finish(self, now: float) -> tuple[Batch, ...]:
        if not self.tail.unfinished():
            return ()
        note = "the last line of the report file has no newline: it was not counted"
        return (Batch(source=SOURCE, offset=self.tail.offset, notes=(note,)),)


def _batch(new: Lines, now: float) -> Batch:
    measurements: list[Measurement] = []
    notes = list(new.notes)
    unreadable: list[bytes] = []
    for position, line in new.lines:
        report = parse(line)
        if report is None:
            unreadable.append(line)
            continue
        # The same position with other contents is another report: the file was written anew.
        key = f"{position}:{zlib.crc32(line):08x}"
        for measurement, note in _measurements(report, key, now):
            if measurement is not None:
                measurements.append(measurement)
            if note is not None:
                notes.append(note)
    if unreadable:
        example = unreadable[0][:80].decode("utf-8", "backslashreplace")
        notes.append(f"{len(unreadable)} report lines are no JSON object, the first: {example!r}")
    return Batch(
        source=SOURCE,
        offset=new.offset,
        measurements=tuple(measurements),
        notes=tuple(dict.fromkeys(notes)),
    )


def parse(line: bytes) -> dict[str, object] | None:
    """The JSON object of a line; None when it holds anything else."""
    try:
        report = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return report if isinstance(report, dict) else None


def _measurements(
    report: dict[str, object], key: str, now: float
) -> Iterator[tuple[Measurement | None, str | None]]:
    given_step = report.pop("step", None)
    step = whole_or_number_of(given_step)
    time = number_of(report.pop("time", None))
    if time is None or not math.isfinite(time):
        time = now
    if step is None and given_step is not None:
        yield None, f"step {given_step!r:.60} is no number: taken as 0"
    for index, (name, given) in enumerate(report.items()):
        if index == MOST_METRICS:
            yield None, f"a report has at most {MOST_METRICS} metrics: the rest was left out"
            return
        value = number_of(given)
        if value is None:
            yield None, f"{name[:80]}: {given!r:.60} is no number and was left out"
        else:
            yield measured(name, value, step=step, time=time, key=key)
